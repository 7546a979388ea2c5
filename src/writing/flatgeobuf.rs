//! FlatGeobuf: one typed column a property. Features are put together in a temporary file.

use std::io::Write;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo_types::{Geometry, MultiPoint};
use geozero::{ColumnValue, FeatureProcessor, GeozeroGeometry, PropertyProcessor};

use crate::geometry::reference::Reference;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::writing::{Column, WriteError};

/// What the header says.
pub struct Head<'a> {
    pub name: &'a str,
    pub title: Option<&'a str>,
    pub metadata: Option<&'a str>,
    pub system: Reference,
    /// A spatial index: it puts the features in the order of a curve through the plane, and has no place for one without
    /// geometry.
    pub index: bool,
}

pub struct FlatGeobuf<'a> {
    writer: FgbWriter<'a>,
    columns: &'a [Column],
}

impl<'a> FlatGeobuf<'a> {
    /// # Errors
    /// A temporary folder that is full or not there.
    pub fn new(head: &Head<'a>, columns: &'a [Column]) -> Result<FlatGeobuf<'a>, WriteError> {
        let options = FgbWriterOptions {
            write_index: head.index,
            detect_type: false,
            promote_to_multi: true,
            crs: FgbCrs {
                org: Some("EPSG"),
                code: head.system.code() as i32,
                name: Some(head.system.name()),
                ..FgbCrs::default()
            },
            title: head.title,
            metadata: head.metadata,
            ..FgbWriterOptions::default()
        };
        let mut writer = FgbWriter::create_with_options(head.name, GeometryType::Unknown, options).map_err(words)?;
        for column in columns {
            writer.add_column(&column.name, column_type(column.kind), |buffer, args| {
                args.description = column.unit.map(|unit| buffer.create_string(&format!("unit: {unit}")));
            });
        }
        Ok(FlatGeobuf { writer, columns })
    }

    /// # Errors
    /// A temporary folder that is full.
    pub fn add(&mut self, geometry: Option<Geometry<f64>>, cells: &[Value]) -> Result<(), WriteError> {
        self.put(geometry, cells).map_err(words)
    }

    fn put(&mut self, geometry: Option<Geometry<f64>>, cells: &[Value]) -> geozero::error::Result<()> {
        let fgb = &mut self.writer;
        // A feature must have a geometry of a known kind. One that nobody drew is empty, of the one kind that GDAL reads empty.
        geometry.unwrap_or_else(|| MultiPoint(Vec::new()).into()).process_geom(fgb)?;
        for (place, (column, value)) in self.columns.iter().zip(cells).enumerate() {
            let name = column.name.as_str();
            match value {
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

    /// # Errors
    /// What `output` does not take.
    pub fn finish(self, output: impl Write) -> Result<(), WriteError> {
        self.writer.write(output).map_err(words)
    }
}

fn words(error: impl std::fmt::Display) -> WriteError {
    WriteError::FlatGeobuf(error.to_string())
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
