//! Floor 1: the vocabulary. What a layer is, what its columns are, what a cell holds, who may see it.

pub mod catalogue;
pub mod datetime;
pub mod definition;
pub mod filter;
pub mod indicator;
pub mod language;
pub mod shipped;
pub mod table;
pub mod tiles;
pub mod uses;
pub mod value;
