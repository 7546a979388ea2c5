//! Floor 4: vector tiles.

pub mod address;
mod arcs;
pub mod attributes;
pub mod cache;
mod clip;
pub mod compress;
pub mod draw;
mod encode;
mod quantise;
mod simplify;
pub mod tilejson;
pub mod world;
