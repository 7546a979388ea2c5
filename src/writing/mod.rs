//! Floor 4: rows to files that others read. What comes in: typed columns, cells, geometries. What goes out: bytes, in order, so
//! that a file of any length needs little memory.
//!
//! In reading order: [`column`], what a row is; [`place`], the geometry of a row in a reference system; the writings
//! [`csv`], [`geojson`], [`flatgeobuf`], [`geopackage`], [`geoparquet`]; and [`system`], how files name a reference system.

pub mod column;
pub mod csv;
pub mod flatgeobuf;
pub mod geojson;
pub mod geopackage;
pub mod geoparquet;
pub mod place;
pub mod system;

pub use column::Column;

/// A file that could not be made: memory, the disk or the temporary folder ran out, or who reads it has left.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot write FlatGeobuf: {0}")]
    FlatGeobuf(String),
    #[error("cannot write a GeoPackage: {0}")]
    GeoPackage(String),
    #[error("cannot write GeoParquet: {0}")]
    GeoParquet(String),
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}
