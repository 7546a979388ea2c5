//! Floor 2: the folder on disk and nothing else.
