//! A GeoPackage (OGC 12-128r18, version 1.3.1) of one table of features.

use geo::BoundingRect;
use geo_types::Geometry;
use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, params, params_from_iter};

use crate::geometry::bounds::Bounds;
use crate::geometry::reference::Reference;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::writing::column::distinct_names;
use crate::writing::system::wkt;
use crate::writing::{Column, WriteError};

const TABLES: &str = include_str!("geopackage.sql");

/// Its one table. The standard leaves the place of `fid` and `geom` free.
pub struct GeoPackage<'c> {
    connection: &'c Connection,
    table: String,
    system: Reference,
    insert: String,
    extent: Bounds,
}

/// What is said of the table when it is full.
pub struct About<'a> {
    pub title: Option<&'a str>,
    /// Year, month or day on which the content last changed. The clock is not asked, so that equal content has one file.
    pub changed: &'a str,
    /// Documents in the file's metadata (§F.8): the address of their standard, and JSON.
    pub documents: &'a [(&'a str, String)],
}

impl<'c> GeoPackage<'c> {
    /// Makes the tables in an empty database.
    ///
    /// # Errors
    /// What SQLite refuses: memory or a disk that is not there.
    pub fn new(
        connection: &'c Connection,
        table: &str,
        system: Reference,
        columns: &[Column],
    ) -> Result<GeoPackage<'c>, WriteError> {
        GeoPackage::create(connection, table, system, columns).map_err(words)
    }

    fn create(
        connection: &'c Connection,
        table: &str,
        system: Reference,
        columns: &[Column],
    ) -> rusqlite::Result<GeoPackage<'c>> {
        // All at once: it is a new file or none.
        connection.execute_batch(TABLES)?;
        let code = system.code();
        if code != 4326 {
            connection.execute(
                "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)",
                params![system.name(), code, wkt(system)],
            )?;
        }
        let names = distinct_names(columns, &["fid", "geom"]);
        let declared = names.iter().zip(columns).map(|(name, column)| format!(", {} {}", quoted(name), sql_type(column.kind)));
        let declared: String = declared.collect();
        let name = quoted(table);
        connection.execute_batch(&format!(
            "CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY{declared})"
        ))?;
        let insert = format!("INSERT INTO {name} VALUES (NULL, ?{})", ", ?".repeat(columns.len()));
        Ok(GeoPackage { connection, table: table.to_owned(), system, insert, extent: Bounds::EMPTY })
    }

    /// # Errors
    /// What SQLite refuses.
    pub fn add(&mut self, geometry: Option<&Geometry<f64>>, cells: &[Value]) -> Result<(), WriteError> {
        self.put(geometry, cells).map_err(words)
    }

    fn put(&mut self, geometry: Option<&Geometry<f64>>, cells: &[Value]) -> rusqlite::Result<()> {
        if let Some(rect) = geometry.and_then(|geometry| geometry.bounding_rect()) {
            self.extent = self.extent.union(Bounds::new(rect.min().into(), rect.max().into()));
        }
        let shape = geometry.map(|geometry| self.blob(geometry)).transpose()?.map_or(Sql::Null, Sql::Blob);
        let cells = cells.iter().cloned().map(stored);
        self.connection.prepare_cached(&self.insert)?.execute(params_from_iter(std::iter::once(shape).chain(cells)))?;
        Ok(())
    }

    /// A geometry in the standard's binary form (§2.1.3): a header with its bounds, then WKB.
    fn blob(&self, geometry: &Geometry<f64>) -> rusqlite::Result<Vec<u8>> {
        let bounds = geometry.bounding_rect();
        let envelope = bounds.map_or_else(Vec::new, |rect| vec![rect.min().x, rect.max().x, rect.min().y, rect.max().y]);
        let written = geometry.to_gpkg_wkb(CoordDimensions::xy(), Some(self.system.code() as i32), envelope);
        written.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }

    /// Enters the table among the contents, as the standard asks, and the documents beside it.
    ///
    /// # Errors
    /// What SQLite refuses.
    pub fn finish(self, about: &About<'_>) -> Result<(), WriteError> {
        self.register(about).map_err(words)
    }

    fn register(self, about: &About<'_>) -> rusqlite::Result<()> {
        let (connection, table, code) = (self.connection, &self.table, self.system.code());
        let [min, max] = [self.extent.min, self.extent.max].map(|corner| corner.map(|at| at.is_finite().then_some(at)));
        let changed = timestamp(about.changed);
        connection.execute(
            "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![table, about.title, changed, min[0], min[1], max[0], max[1], code],
        )?;
        connection
            .execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'GEOMETRY', ?2, 0, 0)", params![table, code])?;
        for (place, (standard, document)) in about.documents.iter().enumerate() {
            let id = place as i64 + 1;
            connection.execute(
                "INSERT INTO gpkg_metadata VALUES (?1, 'dataset', ?2, 'application/json', ?3)",
                params![id, standard, ToSqlOutput::from(document.as_str())],
            )?;
            connection.execute(
                "INSERT INTO gpkg_metadata_reference VALUES ('table', ?1, NULL, NULL, ?2, ?3, NULL)",
                params![table, changed, id],
            )?;
        }
        Ok(())
    }
}

/// The first moment of a year, a month or a day.
fn timestamp(changed: &str) -> String {
    let day = ["", "-01", "-01-01"].iter().find_map(|rest| format!("{changed}{rest}").parse::<jiff::civil::Date>().ok());
    format!("{}T00:00:00.000Z", day.unwrap_or(jiff::civil::date(1970, 1, 1)))
}

fn words(error: rusqlite::Error) -> WriteError {
    WriteError::GeoPackage(error.to_string())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn sql_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "TEXT",
        FieldType::Number => "DOUBLE",
        FieldType::Integer => "INTEGER",
        FieldType::Boolean => "BOOLEAN",
        FieldType::Date => "DATE",
    }
}

fn stored(value: Value) -> Sql {
    match value {
        Value::Unknown => Sql::Null,
        Value::Text(text) => Sql::Text(text),
        Value::Number(number) => Sql::Real(number),
        Value::Integer(integer) => Sql::Integer(integer),
        Value::Boolean(boolean) => Sql::Integer(boolean.into()),
        Value::Date(date) => Sql::Text(date.to_string()),
    }
}
