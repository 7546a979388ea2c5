//! Rows of a layer, written in a form, a row at a time.

use std::io::Write;

use geo::MapCoords;
use geo_types::{Coord, Geometry};
use geozero::ToWkt;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::atlas::Layer;
use crate::geometry::reference::Reference;
use crate::http::features::form::Form;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::writing::flatgeobuf::{FlatGeobuf, Head};
use crate::writing::geopackage::{About, GeoPackage};
use crate::writing::geoparquet::GeoParquet;
use crate::writing::{Column, WriteError, csv, geojson, place};

/// What is written of a layer.
pub struct Sheet<'l> {
    pub layer: &'l Layer,
    /// Names of the columns to write.
    pub columns: Vec<Column>,
    pub system: Reference,
}

impl<'l> Sheet<'l> {
    /// Every column, or those of `names`.
    pub fn new(layer: &'l Layer, names: Option<&[String]>, system: Reference) -> Sheet<'l> {
        let declared = layer.definition().columns.iter();
        let wanted = declared.filter(|(name, _)| names.is_none_or(|names| names.contains(name)));
        let columns = wanted.map(|(name, column)| Column {
            name: name.clone(),
            kind: column.kind,
            unit: column.unit.map(|unit| unit.symbol()),
        });
        Sheet { layer, columns: columns.collect(), system }
    }

    fn cells(&self, row: u32) -> Vec<Value> {
        self.columns.iter().map(|column| self.layer.value(&column.name, row)).collect()
    }

    fn geometry(&self, row: u32) -> Option<Geometry<f64>> {
        place::geometry(&self.layer.shape(row), self.system)
    }

    /// A GeoJSON feature; its coordinates stand in the order of the system's own axes (Part 2 §7.4).
    pub fn feature(&self, row: u32) -> Json {
        let geometry = self.geometry(row).map(place::simple).map(|geometry| match self.system.northing_first() {
            true => geometry.map_coords(|at: Coord<f64>| Coord { x: at.y, y: at.x }),
            false => geometry,
        });
        geojson::feature(self.layer.id(row), geometry.as_ref(), &self.columns, &self.cells(row))
    }

    /// `id`, then the others: what forms without an id of their own hold.
    fn with_id(&self) -> Vec<Column> {
        let id = Column { name: "id".to_owned(), kind: FieldType::Text, unit: None };
        std::iter::once(id).chain(self.columns.iter().filter(|column| column.name != "id").cloned()).collect()
    }

    fn cells_with_id(&self, row: u32) -> Vec<Value> {
        let others = self.columns.iter().filter(|column| column.name != "id");
        let others = others.map(|column| self.layer.value(&column.name, row));
        std::iter::once(Value::Text(self.layer.id(row).to_owned())).chain(others).collect()
    }
}

/// Writes rows. `head` are the members of a GeoJSON collection beside its features.
///
/// # Errors
/// The client left, or the temporary folder is full.
pub fn write(
    sheet: &Sheet<'_>,
    form: Form,
    rows: impl Iterator<Item = u32>,
    head: &Json,
    mut output: impl Write + Send,
) -> Result<(), WriteError> {
    match form {
        Form::Page | Form::GeoJson | Form::Html => collection(sheet, rows, head, &mut output),
        Form::Csv => table(sheet, rows, &mut output),
        Form::FlatGeobuf => flatgeobuf(sheet, rows, output),
        Form::GeoPackage => geopackage(sheet, rows, output),
        Form::GeoParquet => {
            let columns = sheet.with_id();
            let about = vec![("emprise".to_owned(), about(sheet.layer).to_string())];
            let mut file = GeoParquet::new(output, &columns, about)?;
            for row in rows {
                file.add(sheet.geometry(row).as_ref(), sheet.cells_with_id(row))?;
            }
            file.finish()
        }
    }
}

fn collection(
    sheet: &Sheet<'_>,
    rows: impl Iterator<Item = u32>,
    head: &Json,
    output: &mut impl Write,
) -> Result<(), WriteError> {
    let head = head.to_string();
    let members = head.trim_start_matches('{').trim_end_matches('}');
    let separator = if members.is_empty() { "" } else { "," };
    write!(output, "{{\"type\":\"FeatureCollection\"{separator}{members},\"features\":[")?;
    for (place, row) in rows.enumerate() {
        write!(output, "{}{}", if place == 0 { "\n" } else { ",\n" }, sheet.feature(row))?;
    }
    Ok(output.write_all(b"\n]}\n")?)
}

/// The geometry stands in the last column, as well-known text, easting (longitude) first.
fn table(sheet: &Sheet<'_>, rows: impl Iterator<Item = u32>, output: &mut impl Write) -> Result<(), WriteError> {
    let geometry = Column { name: "geometry".to_owned(), kind: FieldType::Text, unit: None };
    let columns: Vec<Column> = sheet.with_id().into_iter().chain([geometry]).collect();
    output.write_all(csv::header(&columns).as_bytes())?;
    for row in rows {
        let wkt = sheet.geometry(row).map(place::simple).and_then(|geometry| geometry.to_wkt().ok());
        let mut cells = sheet.cells_with_id(row);
        cells.push(wkt.map_or(Value::Unknown, Value::Text));
        output.write_all(csv::row(&cells).as_bytes())?;
    }
    Ok(())
}

fn flatgeobuf(sheet: &Sheet<'_>, rows: impl Iterator<Item = u32>, output: impl Write) -> Result<(), WriteError> {
    let (columns, metadata) = (sheet.with_id(), about(sheet.layer).to_string());
    let definition = sheet.layer.definition();
    let head = Head {
        name: &definition.id,
        title: Some(&definition.title.en),
        metadata: Some(&metadata),
        system: sheet.system,
        // Rows without geometry have no place in an index; and an index would lose the order that was asked for.
        index: false,
    };
    let mut file = FlatGeobuf::new(&head, &columns)?;
    for row in rows {
        file.add(sheet.geometry(row), &sheet.cells_with_id(row))?;
    }
    file.finish(output)
}

/// SQLite writes where it likes: into a temporary file first.
fn geopackage(sheet: &Sheet<'_>, rows: impl Iterator<Item = u32>, mut output: impl Write) -> Result<(), WriteError> {
    let refused = |error: rusqlite::Error| WriteError::GeoPackage(error.to_string());
    let file = tempfile::NamedTempFile::new()?;
    let mut connection = Connection::open(file.path()).map_err(refused)?;
    // Nobody needs the file after a crash.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;").map_err(refused)?;
    let transaction = connection.transaction().map_err(refused)?;
    let (definition, columns) = (sheet.layer.definition(), sheet.with_id());
    let mut package = GeoPackage::new(&transaction, &definition.id, sheet.system, &columns)?;
    for row in rows {
        package.add(sheet.geometry(row).as_ref(), &sheet.cells_with_id(row))?;
    }
    let documents = [("urn:emprise:provenance:1", about(sheet.layer).to_string())];
    let title = Some(definition.title.en.as_str());
    package.finish(&About { title, changed: &definition.source.vintage, documents: &documents })?;
    transaction.commit().map_err(refused)?;
    connection.close().map_err(|(_, error)| refused(error))?;
    std::io::copy(&mut file.reopen()?, &mut output)?;
    Ok(())
}

/// Whose data it is, in files that hold a place for it.
fn about(layer: &Layer) -> Json {
    let (definition, source) = (layer.definition(), &layer.definition().source);
    json!({
        "title": definition.title, "publisher": source.publisher, "licence": source.licence, "licence_url": source.licence_url,
        "attribution": source.attribution, "address": source.address, "vintage": source.vintage,
    })
}
