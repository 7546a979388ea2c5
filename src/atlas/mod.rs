//! Floor 3: one opened snapshot in memory.
