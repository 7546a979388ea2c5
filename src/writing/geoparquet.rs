//! GeoParquet 1.1: geometry as WKB in longitude and latitude, typed columns, a group of rows at a time.

use std::io::Write;
use std::sync::Arc;

use geo_types::Geometry;
use geozero::{CoordDimensions, ToWkb};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::json;

use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::writing::column::distinct_names;
use crate::writing::{Column, WriteError};

/// Rows held before they are written.
const GROUP: usize = 4096;
const GEOMETRY: &str = "geometry";

pub struct GeoParquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    kinds: Vec<FieldType>,
    /// By column, the cells of the rows that wait.
    cells: Vec<Vec<Value>>,
    geometries: Vec<Option<Vec<u8>>>,
}

impl<W: Write + Send> GeoParquet<W> {
    /// `metadata` are entries beside that of the standard.
    ///
    /// # Errors
    /// What `output` does not take.
    pub fn new(output: W, columns: &[Column], metadata: Vec<(String, String)>) -> Result<GeoParquet<W>, WriteError> {
        let geo = json!({
            "version": "1.1.0",
            "primary_column": GEOMETRY,
            "columns": { GEOMETRY: { "encoding": "WKB", "geometry_types": [], "orientation": "counterclockwise" } },
        });
        let entries = std::iter::once(("geo".to_owned(), geo.to_string())).chain(metadata);
        let entries = entries.map(|(key, value)| KeyValue { key, value: Some(value) }).collect();
        let properties =
            WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(entries)).build();
        let writer = SerializedFileWriter::new(output, schema(columns)?, Arc::new(properties)).map_err(words)?;
        let kinds: Vec<FieldType> = columns.iter().map(|column| column.kind).collect();
        Ok(GeoParquet { writer, cells: vec![Vec::new(); kinds.len()], kinds, geometries: Vec::new() })
    }

    /// # Errors
    /// What the output does not take.
    pub fn add(&mut self, geometry: Option<&Geometry<f64>>, cells: Vec<Value>) -> Result<(), WriteError> {
        self.cells.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        let blob = geometry.map(|geometry| geometry.to_wkb(CoordDimensions::xy())).transpose();
        self.geometries.push(blob.map_err(|error| WriteError::GeoParquet(error.to_string()))?);
        if self.geometries.len() == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        if self.geometries.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(words)?;
        for (kind, cells) in self.kinds.iter().zip(&mut self.cells) {
            column(&mut group, *kind, &std::mem::take(cells)).map_err(words)?;
        }
        let blobs = std::mem::take(&mut self.geometries);
        put::<ByteArrayType, _>(&mut group, &blobs, |blob| blob.as_ref().map(|blob| ByteArray::from(blob.clone())))
            .map_err(words)?;
        group.close().map_err(words)?;
        Ok(())
    }

    /// # Errors
    /// What the output does not take.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.flush()?;
        self.writer.close().map_err(words)?;
        Ok(())
    }
}

fn schema(columns: &[Column]) -> Result<TypePtr, WriteError> {
    let names = distinct_names(columns, &[GEOMETRY]);
    let declared = columns.iter().zip(&names).map(|(column, name)| {
        let (physical, logical) = match column.kind {
            FieldType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            FieldType::Number => (Physical::DOUBLE, None),
            FieldType::Integer => (Physical::INT64, None),
            FieldType::Boolean => (Physical::BOOLEAN, None),
            FieldType::Date => (Physical::INT32, Some(LogicalType::Date)),
        };
        Type::primitive_type_builder(name, physical).with_logical_type(logical)
    });
    let geometry = Type::primitive_type_builder(GEOMETRY, Physical::BYTE_ARRAY);
    let fields = declared.chain([geometry]).map(|field| field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(words)?;
    Type::group_type_builder("features").with_fields(fields).build().map(Arc::new).map_err(words)
}

type Group<'g, W> = SerializedRowGroupWriter<'g, W>;

fn column<W: Write + Send>(group: &mut Group<'_, W>, kind: FieldType, cells: &[Value]) -> parquet::errors::Result<()> {
    match kind {
        FieldType::Text => put::<ByteArrayType, _>(group, cells, |cell| match cell {
            Value::Text(text) => Some(text.as_str().into()),
            _ => None,
        }),
        FieldType::Number => put::<DoubleType, _>(group, cells, |cell| match cell {
            Value::Number(number) => Some(*number),
            _ => None,
        }),
        FieldType::Integer => put::<Int64Type, _>(group, cells, |cell| match cell {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }),
        FieldType::Boolean => put::<BoolType, _>(group, cells, |cell| match cell {
            Value::Boolean(boolean) => Some(*boolean),
            _ => None,
        }),
        FieldType::Date => put::<Int32Type, _>(group, cells, |cell| match cell {
            // Days since 1970-01-01.
            Value::Date(date) => Some((*date - jiff::civil::date(1970, 1, 1)).get_days()),
            _ => None,
        }),
    }
}

/// One column of a group: the known values, and for each row whether it is known.
fn put<T: DataType, C>(
    group: &mut Group<'_, impl Write + Send>,
    cells: &[C],
    value: impl Fn(&C) -> Option<T::T>,
) -> parquet::errors::Result<()> {
    let found: Vec<Option<T::T>> = cells.iter().map(value).collect();
    let known: Vec<i16> = found.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = found.into_iter().flatten().collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(&values, Some(&known), None)?;
        column.close()?;
    }
    Ok(())
}

fn words(error: parquet::errors::ParquetError) -> WriteError {
    WriteError::GeoParquet(error.to_string())
}
