//! Floor 0: metres, hectares, coordinates, and what two shapes are to each other.
//!
//! Everything here is total: given finite coordinates it returns a number, never an error. Coordinates are metres on the
//! shared plane of [`territory`] unless a type says otherwise ([`territory::LonLat`]).

pub mod bounds;
pub mod buildable;
pub mod compactness;
mod deepest;
pub mod disc;
pub mod distance;
pub mod drawn;
pub mod footprint;
pub mod forest;
pub mod frontage;
pub mod inscribed;
pub mod overlap;
pub mod packed;
pub mod projection;
pub mod rectangle;
pub mod reference;
pub mod scale;
pub mod segments;
mod setback;
pub mod shape;
pub mod territory;
pub mod units;
pub mod validity;
pub mod width;
pub mod wkt;
