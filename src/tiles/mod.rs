//! Floor 4: vector tiles.
