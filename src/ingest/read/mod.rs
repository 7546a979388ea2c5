//! Official files as they are published, row by row.
//!
//! In: files and folders. Out: for each file a [`Table`], whose rows are read one at a time, with what is wrong with a row as
//! an item of its own. Nothing here knows a layer's columns, reprojects or repairs: coordinates are those that are written.
//!
//! - Memory grows with one row (or one row group, for Parquet), never with the file.
//! - A compressed file is first poured into a temporary one under the limits of [`archive`]; no name found inside an archive
//!   ever becomes a path.
//! - Hostile or broken bytes end in a [`ReadError`] (this file is of no use) or a [`RowError`] (this row is not), never in a
//!   panic or in an allocation that the bytes on disk do not back.
//!
//! Reading order: `source` (what there is), `archive` and `sniff` (plain bytes of the right kind), `table` (what comes out),
//! then one file per format.

mod archive;
mod crs;
mod csv;
mod dbf;
mod encoding;
mod error;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod geoparquet;
mod header;
mod json;
mod places;
mod shape;
mod shapefile;
mod sniff;
mod source;
mod table;

use crate::layer::definition::Read;

pub use error::{Cause, ReadError};
pub use source::{Format, SourceFile, list};
pub use table::{Cell, Fault, Notes, Row, RowError, Rows, SourceCrs, Table};

/// Opens one listed file as a table, reading it as its layer says.
///
/// # Errors
/// A file that cannot be read, is damaged, or holds something else than its name says; a geometry column that is missing.
pub fn open(file: &SourceFile, read: &Read) -> Result<Table, ReadError> {
    open_as_is(file, read).map_err(|cause| ReadError::new(file, cause))
}

fn open_as_is(file: &SourceFile, read: &Read) -> Result<Table, Cause> {
    let format = file.format.ok_or(Cause::UnknownFormat)?;
    let plain = archive::pour(file)?;
    sniff::check(&plain.path, format)?;
    let table = match format {
        Format::Csv => csv::open(plain, read)?,
        Format::GeoJson => geojson::open(plain)?,
        Format::Json => json::open(plain)?,
        Format::Shapefile => shapefile::open(plain, read.encoding.as_deref())?,
        Format::Dbf => dbf::open(plain, read.encoding.as_deref())?,
        Format::GeoPackage => geopackage::open(plain, read.table.as_deref())?,
        Format::FlatGeobuf => flatgeobuf::open(plain)?,
        Format::GeoParquet => geoparquet::open(plain)?,
    };
    match &read.geometry {
        Some(columns) => places::attach(table, columns, read),
        None => Ok(table),
    }
}
