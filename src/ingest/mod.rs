//! Floor 3: official files in, a snapshot out.

pub mod read;
