//! An answer as a GeoPackage (OGC 12-128r18, version 1.3.1): the listed sites in the table `sites`, longitude and latitude, best
//! first. Its metadata (§F.8) holds the specification, and the rest of the answer with its sources.

use geo::BoundingRect;
use geo_types::Geometry;
use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, MAIN_DB, params, params_from_iter};

use crate::atlas::View;
use crate::geometry::bounds::Bounds;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::siting::answer::Answer;
use crate::siting::spec::Spec;
use crate::siting::writing::WriteError;
use crate::siting::writing::columns::{Column, cells, columns, distinct_names, geometry, listed};
use crate::siting::writing::geojson::about;

const TABLES: &str = include_str!("geopackage.sql");
const SRS: i32 = 4326;

/// The bytes of a file, made in memory. `spec` and `view` are those that the answer was made with; the same answer gives the same
/// bytes.
///
/// # Errors
/// What SQLite refuses: memory that is not there.
pub fn write(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, WriteError> {
    encode(answer, spec, view).map_err(|error| WriteError::GeoPackage(error.to_string()))
}

fn encode(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, rusqlite::Error> {
    let mut connection = Connection::open_in_memory()?;
    // All at once: it is a new file or none.
    connection.execute_batch(TABLES)?;
    let transaction = connection.transaction()?;
    let columns = columns(answer);
    create(&transaction, &columns)?;
    let extent = fill(&transaction, &columns, answer, view)?;
    register(&transaction, answer, extent)?;
    describe(&transaction, answer, spec)?;
    transaction.commit()?;
    Ok(connection.serialize(MAIN_DB)?.to_vec())
}

fn create(connection: &Connection, columns: &[Column]) -> rusqlite::Result<()> {
    let names = distinct_names(columns);
    let declared = names.iter().zip(columns).map(|(name, column)| format!(", {} {}", quoted(name), sql_type(column.kind)));
    let declared: String = declared.collect();
    // The standard leaves the place of `fid` and `geom` free, and no column of ours bears these names: those of criteria hold a dot.
    connection
        .execute_batch(&format!("CREATE TABLE sites (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY{declared})"))
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

/// Writes the sites and returns where they are.
fn fill(connection: &Connection, columns: &[Column], answer: &Answer, view: View<'_>) -> rusqlite::Result<Bounds> {
    let marks = ", ?".repeat(columns.len());
    let mut insert = connection.prepare(&format!("INSERT INTO sites VALUES (NULL, ?{marks})"))?;
    let mut extent = Bounds::EMPTY;
    for (site, verdict) in listed(answer) {
        let geometry = geometry(site, view);
        if let Some(rect) = geometry.as_ref().and_then(|geometry| geometry.bounding_rect()) {
            extent = extent.union(Bounds::new(rect.min().into(), rect.max().into()));
        }
        let shape = geometry.as_ref().map(blob).transpose()?;
        let shape = shape.map_or(rusqlite::types::Value::Null, rusqlite::types::Value::Blob);
        let values = cells(columns, site, verdict).into_iter().map(stored);
        insert.execute(params_from_iter(std::iter::once(shape).chain(values)))?;
    }
    Ok(extent)
}

/// A geometry in the standard's binary form (§2.1.3): a header with its bounds, then WKB.
fn blob(geometry: &Geometry<f64>) -> rusqlite::Result<Vec<u8>> {
    let bounds = geometry.bounding_rect();
    let envelope = bounds.map_or_else(Vec::new, |rect| vec![rect.min().x, rect.max().x, rect.min().y, rect.max().y]);
    let written = geometry.to_gpkg_wkb(CoordDimensions::xy(), Some(SRS), envelope);
    written.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn stored(value: Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Sql;
    match value {
        Value::Unknown => Sql::Null,
        Value::Text(text) => Sql::Text(text),
        Value::Number(number) => Sql::Real(number),
        Value::Integer(integer) => Sql::Integer(integer),
        Value::Boolean(boolean) => Sql::Integer(boolean.into()),
        Value::Date(date) => Sql::Text(date.to_string()),
    }
}

/// Enters the table of sites among the contents, as the standard asks.
fn register(connection: &Connection, answer: &Answer, extent: Bounds) -> rusqlite::Result<()> {
    let [min, max] = [extent.min, extent.max].map(|corner| corner.map(|degrees| degrees.is_finite().then_some(degrees)));
    connection.execute(
        "INSERT INTO gpkg_contents VALUES ('sites', 'features', 'sites', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![answer.title, last_change(answer), min[0], min[1], max[0], max[1], SRS],
    )?;
    connection.execute("INSERT INTO gpkg_geometry_columns VALUES ('sites', 'geom', 'GEOMETRY', ?1, 0, 0)", [SRS])?;
    Ok(())
}

/// When the content last changed: the latest vintage of its sources. The clock is not asked, so that an answer has one file.
fn last_change(answer: &Answer) -> String {
    let latest = answer.sources.iter().map(|source| source.vintage.as_str()).max().unwrap_or_default();
    let day = ["", "-01", "-01-01"].iter().find_map(|rest| format!("{latest}{rest}").parse::<jiff::civil::Date>().ok());
    format!("{}T00:00:00.000Z", day.unwrap_or(jiff::civil::date(1970, 1, 1)))
}

fn describe(connection: &Connection, answer: &Answer, spec: &Spec) -> rusqlite::Result<()> {
    let documents = [("urn:emprise:specification:1", spec.normal()), ("urn:emprise:answer:1", about(answer))];
    for (place, (standard, document)) in documents.iter().enumerate() {
        let id = place as i64 + 1;
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?1, 'dataset', ?2, 'application/json', ?3)",
            params![id, standard, ToSqlOutput::from(document.to_string())],
        )?;
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', 'sites', NULL, NULL, ?1, ?2, NULL)",
            params![last_change(answer), id],
        )?;
    }
    Ok(())
}
