//! An answer as FlatGeobuf: the listed sites, longitude and latitude, one typed column a property.
//!
//! Without a spatial index: an index would put the sites in the order of a curve through the plane, and would have no place for
//! one without geometry. Here they stand best first. The header's metadata holds the specification and the rest of the answer.

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo_types::{Geometry, MultiPoint};
use geozero::{ColumnValue, FeatureProcessor, GeozeroGeometry, PropertyProcessor};
use serde_json::json;

use crate::atlas::View;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::siting::answer::Answer;
use crate::siting::spec::Spec;
use crate::siting::writing::WriteError;
use crate::siting::writing::columns::{cells, columns, geometry, listed};
use crate::siting::writing::geojson::about;

/// The bytes of a file. `spec` and `view` are those that the answer was made with.
///
/// # Errors
/// A temporary folder that is full or not there: features are put together on the disk.
pub fn write(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, WriteError> {
    encode(answer, spec, view).map_err(WriteError::FlatGeobuf)
}

fn encode(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, String> {
    let columns = columns(answer);
    let metadata = json!({ "specification": spec.normal(), "answer": about(answer) }).to_string();
    let options = FgbWriterOptions {
        write_index: false,
        detect_type: false,
        promote_to_multi: true,
        crs: FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() },
        title: answer.title.as_deref(),
        metadata: Some(&metadata),
        ..FgbWriterOptions::default()
    };
    let mut fgb = FgbWriter::create_with_options("sites", GeometryType::Unknown, options).map_err(|error| error.to_string())?;
    for column in &columns {
        fgb.add_column(&column.name, column_type(column.kind), |buffer, args| {
            args.description = column.unit.map(|unit| buffer.create_string(&format!("unit: {unit}")));
        });
    }
    for (site, verdict) in listed(answer) {
        let named = columns.iter().map(|column| column.name.as_str()).zip(cells(&columns, site, verdict));
        add(&mut fgb, geometry(site, view), named).map_err(|error| error.to_string())?;
    }
    let mut bytes = Vec::new();
    fgb.write(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn add<'n>(
    fgb: &mut FgbWriter<'_>,
    geometry: Option<Geometry<f64>>,
    cells: impl Iterator<Item = (&'n str, Value)>,
) -> geozero::error::Result<()> {
    // A feature must have a geometry of a known kind. That of a site that nobody drew is empty, of the one kind that GDAL reads empty.
    geometry.unwrap_or_else(|| MultiPoint(Vec::new()).into()).process_geom(fgb)?;
    for (place, (name, value)) in cells.enumerate() {
        match &value {
            // Unknown is absent.
            Value::Unknown => continue,
            Value::Text(text) => fgb.property(place, name, &ColumnValue::String(text))?,
            Value::Number(number) => fgb.property(place, name, &ColumnValue::Double(*number))?,
            Value::Integer(integer) => fgb.property(place, name, &ColumnValue::Long(*integer))?,
            Value::Boolean(boolean) => fgb.property(place, name, &ColumnValue::Bool(*boolean))?,
            Value::Date(date) => fgb.property(place, name, &ColumnValue::DateTime(&date.to_string()))?,
        };
    }
    fgb.feature_end(0)
}

fn column_type(kind: FieldType) -> ColumnType {
    match kind {
        FieldType::Text => ColumnType::String,
        FieldType::Number => ColumnType::Double,
        FieldType::Integer => ColumnType::Long,
        FieldType::Boolean => ColumnType::Bool,
        FieldType::Date => ColumnType::DateTime,
    }
}
