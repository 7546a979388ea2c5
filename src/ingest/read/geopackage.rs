//! GeoPackage: one table of it, with or without geometry.

use std::collections::VecDeque;
use std::fmt::Write;
use std::path::Path;

use globset::GlobBuilder;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::layer::catalogue::nearest;

use super::archive::Plain;
use super::error::Cause;
use super::table::{Cell, Fault, Notes, Row, RowError, SourceCrs, Table};
use super::{crs, header, shape};

/// Rows fetched at once: a statement cannot be kept beside the connection that it borrows.
const PAGE: usize = 64;

pub(super) fn open(plain: Plain, wanted: Option<&str>) -> Result<Table, Cause> {
    let connection = connect(&plain.path).map_err(damaged)?;
    let layer = choose(layers(&connection)?, wanted)?;
    let crs = match layer.srs {
        Some(srs) => stated_crs(&connection, srs).map_err(damaged)?,
        None => SourceCrs::Unstated,
    };
    let names = column_names(&connection, &layer.table).map_err(damaged)?;
    let shown: Vec<_> = names.iter().filter(|(name, _)| Some(name) != layer.geometry.as_ref()).collect();
    let columns = header::unique(shown.iter().map(|(name, _)| name));
    let total: Option<u64> = connection
        .query_row(&format!("SELECT count(*) FROM {}", quoted(&layer.table)), [], |row| row.get(0))
        .map(Some)
        .map_err(damaged)?;
    let spatial = layer.geometry.is_some();
    let listed: Vec<String> = shown.iter().map(|(name, _)| name).chain(&layer.geometry).map(|name| quoted(name)).collect();
    let query =
        format!("SELECT rowid, {} FROM {} WHERE rowid > ?1 ORDER BY rowid LIMIT {PAGE}", listed.join(", "), quoted(&layer.table));
    let truths = shown.iter().map(|(_, kind)| kind.eq_ignore_ascii_case("BOOLEAN")).collect();
    let page = Page { query, columns: columns.clone(), truths, spatial };
    let rows = Rows { connection, page, ready: VecDeque::new(), after: i64::MIN, number: 0, ended: false, _plain: plain };
    Ok(Table { columns, crs, encoding: "UTF-8", spatial, rows: Box::new(rows), total })
}

/// Read-only and immutable: SQLite then leaves no file beside the source, and needs none that is there.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = "file:".to_owned();
    for byte in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            // Writing to a string cannot fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(connection)
}

fn damaged(error: rusqlite::Error) -> Cause {
    Cause::Damaged(error.to_string())
}

struct Layer {
    table: String,
    geometry: Option<String>,
    srs: Option<i64>,
}

fn layers(connection: &Connection) -> Result<Vec<Layer>, Cause> {
    if !has_table(connection, "gpkg_contents").map_err(damaged)? {
        return Err(Cause::Damaged("it is an SQLite database without the tables of a GeoPackage".to_owned()));
    }
    // A GeoPackage of attributes alone need not have the table of geometry columns.
    let query = match has_table(connection, "gpkg_geometry_columns").map_err(damaged)? {
        true => {
            "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c \
             LEFT JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name) \
             WHERE c.data_type IN ('features', 'attributes', 'aspatial') ORDER BY c.table_name"
        }
        false => "SELECT table_name, NULL, NULL FROM gpkg_contents WHERE data_type IN ('attributes', 'aspatial') ORDER BY 1",
    };
    let layer = |row: &rusqlite::Row| Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? });
    let layers: rusqlite::Result<Vec<Layer>> =
        connection.prepare(query).and_then(|mut statement| statement.query_map([], layer)?.collect());
    layers.map_err(damaged)
}

fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    connection
        .query_row("SELECT count(*) FROM sqlite_master WHERE lower(name) = ?1", [name], |row| row.get::<_, u64>(0))
        .map(|n| n > 0)
}

/// The one that `wanted` names (`*` matches any run of characters); by default the only one with a geometry, else the only one.
fn choose(layers: Vec<Layer>, wanted: Option<&str>) -> Result<Layer, Cause> {
    let names: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
    let mut fitting: Vec<Layer> = match wanted {
        Some(wanted) => {
            let glob = GlobBuilder::new(wanted).case_insensitive(true).build();
            let glob = glob.map(|glob| glob.compile_matcher()).ok();
            let fits = |layer: &Layer| layer.table == wanted || glob.as_ref().is_some_and(|glob| glob.is_match(&layer.table));
            layers.into_iter().filter(fits).collect()
        }
        None if layers.iter().any(|layer| layer.geometry.is_some()) => {
            layers.into_iter().filter(|layer| layer.geometry.is_some()).collect()
        }
        None => layers,
    };
    match (fitting.pop(), fitting.len(), wanted) {
        (Some(layer), 0, _) => Ok(layer),
        (Some(layer), ..) => Err(Cause::Tables(fitting.into_iter().chain([layer]).map(|layer| layer.table).collect())),
        (None, _, Some(wanted)) => Err(Cause::Table { wanted: wanted.to_owned(), nearest: nearest(wanted, &names) }),
        (None, _, None) => Err(Cause::Damaged("it has no table of features or attributes".to_owned())),
    }
}

fn stated_crs(connection: &Connection, srs: i64) -> rusqlite::Result<SourceCrs> {
    // -1 and 0: undefined, by the standard's own words.
    if srs <= 0 {
        return Ok(SourceCrs::Unstated);
    }
    let query = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let row = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?, row.get::<_, String>(2)?));
    Ok(match connection.query_row(query, [srs], row).optional()? {
        Some((organisation, code, _)) if organisation.eq_ignore_ascii_case("EPSG") => SourceCrs::Epsg(code),
        Some((_, _, definition)) => crs::of_wkt(&definition),
        None => SourceCrs::Unstated,
    })
}

/// Names and declared types.
fn column_names(connection: &Connection, table: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT name, type FROM pragma_table_info(?1)")?;
    statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

struct Rows {
    connection: Connection,
    page: Page,
    ready: VecDeque<Result<Row, RowError>>,
    /// The last row id fetched.
    after: i64,
    number: u64,
    ended: bool,
    _plain: Plain,
}

impl Iterator for Rows {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && !self.ended
            && let Err(error) = self.fetch()
        {
            self.ended = true;
            return Some(Err(Fault::File(damaged(error))));
        }
        self.ready.pop_front().map(|row| row.map_err(Fault::Row))
    }
}

impl Rows {
    fn fetch(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached(&self.page.query)?;
        let mut rows = statement.query([self.after])?;
        while let Some(row) = rows.next()? {
            self.number += 1;
            self.after = row.get(0)?;
            self.ready.push_back(self.page.row(row, self.number)?);
        }
        self.ended = self.ready.len() < PAGE || self.after == i64::MAX;
        Ok(())
    }
}

struct Page {
    query: String,
    columns: Vec<String>,
    /// Columns declared BOOLEAN, which SQLite stores as 0 and 1.
    truths: Vec<bool>,
    spatial: bool,
}

impl Page {
    fn row(&self, row: &rusqlite::Row, number: u64) -> rusqlite::Result<Result<Row, RowError>> {
        let mut notes = Notes::default();
        let mut cells = Vec::with_capacity(self.columns.len());
        for (index, &truth) in self.truths.iter().enumerate() {
            cells.push(match row.get_ref(index + 1)? {
                ValueRef::Integer(number) if truth => Cell::Boolean(number != 0),
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(number) => Cell::number(number),
                ValueRef::Text(bytes) => {
                    let (text, recoded) = super::encoding::decode(bytes, encoding_rs::UTF_8);
                    notes.recoded |= recoded;
                    Cell::text(&text)
                }
                ValueRef::Null | ValueRef::Blob(_) => Cell::Null,
            });
        }
        let geometry = match self.spatial.then(|| row.get_ref(self.columns.len() + 1)).transpose()? {
            None | Some(ValueRef::Null) => Ok((None, Notes::default())),
            Some(ValueRef::Blob(bytes)) => shape::from_geopackage(bytes),
            Some(_) => Err("it is not a geometry blob".to_owned()),
        };
        Ok(match geometry {
            // The SRID of each blob repeats that of the table.
            Ok((geometry, seen)) => {
                Ok(Row { number, cells, geometry, notes: Notes { recoded: notes.recoded, srid: None, ..seen } })
            }
            Err(reason) => Err(RowError::new(number, Some("geometry"), "", reason)),
        })
    }
}
