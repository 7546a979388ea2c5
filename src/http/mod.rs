//! Floor 6: the API.
