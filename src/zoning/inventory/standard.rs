//! The inventory in the columns of the national standard (CNIG Sites économiques): the classes SITE-ECO and TERRAIN-ECO, each a
//! CSV with its geometry as GeoJSON. The layers' own definitions say which column is called what: what was read from a standard
//! is written back in it.

use super::Inventory;
use crate::atlas::Layer;
use crate::layer::definition::{Column, GeometryColumns};
use crate::layer::value::Value;
use crate::zoning::geojson::surface;
use crate::zoning::place::polygons;

/// Columns of the zone that the inventory knows better than the source, where it knows.
const COUNTED: [&str; 3] = ["land-units", "vacant-units", "vacancy"];

/// The zone as SITE-ECO. Where how long units have been empty is not known, what the source declares stays.
///
/// # Errors
/// Memory ran out.
pub fn site(inventory: &Inventory<'_>) -> Result<Vec<u8>, csv::Error> {
    let figures = inventory.figures();
    let counted = |column: &str| match (column, figures.vacancy_percent) {
        ("land-units", Some(_)) => Some(Value::Integer(figures.units as i64)),
        ("vacant-units", Some(_)) if figures.perhaps_vacant == 0 => Some(Value::Integer(figures.vacant as i64)),
        ("vacancy", Some([rate, _])) if figures.perhaps_vacant == 0 => Some(Value::Number((rate * 100.0).round() / 100.0)),
        _ => None,
    };
    write(inventory.zone, &[inventory.zone_row], |column| counted(column).filter(|_| COUNTED.contains(&column)))
}

/// Its plots as TERRAIN-ECO.
///
/// # Errors
/// Memory ran out.
pub fn plots(inventory: &Inventory<'_>) -> Result<Vec<u8>, csv::Error> {
    let rows: Vec<u32> = inventory.units.iter().map(|unit| unit.row).collect();
    write(inventory.plots, &rows, |_| None)
}

fn write(layer: &Layer, rows: &[u32], instead: impl Fn(&str) -> Option<Value>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let columns = &layer.definition().columns;
    let geometry = match &layer.definition().read.geometry {
        Some(GeometryColumns::GeoJson { column }) => column.first(),
        _ => None,
    };
    let names = columns.values().filter_map(|column| column.from.first()).chain(geometry);
    writer.write_record(names)?;
    for &row in rows {
        let cells = columns.iter().filter(|(_, column)| !column.from.is_empty()).map(|(name, column)| {
            let value = instead(name).or_else(|| Some(layer.values(name)?.get(row)));
            written(column, &value.unwrap_or(Value::Unknown))
        });
        let shape = geometry.map(|_| serde_json::to_string(&surface(&polygons(layer.shape(row).to_geo()))).unwrap_or_default());
        writer.write_record(cells.chain(shape))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A value in the source's own words.
fn written(column: &Column, value: &Value) -> String {
    match value {
        Value::Boolean(true) => "oui".to_owned(),
        Value::Boolean(false) => "non".to_owned(),
        other => {
            let ours = other.to_string();
            // The longest of several words of one meaning is the standard's; short ones and older spellings stand beside it.
            let theirs = column.values.iter().filter(|(theirs, word)| **word == ours && !theirs.contains('*'));
            theirs.map(|(theirs, _)| theirs).max_by_key(|theirs| theirs.len()).cloned().unwrap_or(ours)
        }
    }
}
