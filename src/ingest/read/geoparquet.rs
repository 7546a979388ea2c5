//! GeoParquet (WKB encoding), one row group at a time; a Parquet file without geometry is a table.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use parquet::basic::{ConvertedType, LogicalType};
use parquet::data_type::Decimal;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::{ReaderIter, TreeBuilder};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};
use serde_json::Value;

use super::archive::Plain;
use super::error::Cause;
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{crs, header, shape};

pub(super) fn open(plain: Plain) -> Result<Table, Cause> {
    let file = File::open(&plain.path)?;
    let reader = guarded(|| SerializedFileReader::new(file))?;
    let metadata = reader.metadata().file_metadata();
    let geo = geo_metadata(metadata.key_value_metadata())?;
    let root = metadata.schema_descr().root_schema();
    let geometry = match &geo {
        Some(geo) => Some(geo.primary.clone()),
        None => root.get_fields().iter().find(|field| is_geometry(field)).map(|field| field.name().to_owned()),
    };
    let hidden =
        |field: &Type| geo.as_ref().is_some_and(|geo| geo.hidden.iter().any(|name| name == field.name())) || is_box(field);
    let fields: Vec<_> = root.get_fields().iter().filter(|field| !hidden(field) && is_read(field)).cloned().collect();
    let place = match geometry {
        Some(name) => {
            let place = fields.iter().position(|field| field.name() == name);
            Some(place.ok_or_else(|| Cause::Damaged(format!("its geometry column `{name}` is not there")))?)
        }
        None => None,
    };
    let names = fields.iter().enumerate().filter(|(index, _)| Some(*index) != place).map(|(_, field)| field.name().to_owned());
    let columns = header::unique(names);
    let projection = Type::group_type_builder(root.name()).with_fields(fields).build();
    let projection = projection.map_err(|error| Cause::Damaged(error.to_string()))?;
    let schema = Arc::new(SchemaDescriptor::new(Arc::new(projection)));
    let total = Some(metadata.num_rows().max(0) as u64);
    let crs = geo.map_or(SourceCrs::Unstated, |geo| geo.crs);
    let mut rows = Rows { reader, schema, place, group: 0, open: None, number: 0, _plain: plain };
    Ok(Table { columns, crs, encoding: "UTF-8", spatial: place.is_some(), rows: table::rows(move || rows.next()), total })
}

/// What the `geo` metadata says (GeoParquet 1.1).
struct Geo {
    primary: String,
    crs: SourceCrs,
    /// Boxes that cover the geometry, and geometries that are not the primary one.
    hidden: Vec<String>,
}

fn geo_metadata(metadata: Option<&Vec<parquet::file::metadata::KeyValue>>) -> Result<Option<Geo>, Cause> {
    let entry = metadata.into_iter().flatten().find(|entry| entry.key == "geo");
    let Some(text) = entry.and_then(|entry| entry.value.as_ref()) else { return Ok(None) };
    let geo: Value = serde_json::from_str(text).map_err(|error| Cause::Damaged(format!("its `geo` metadata: {error}")))?;
    let primary = geo["primary_column"].as_str().unwrap_or("geometry").to_owned();
    let column = &geo["columns"][&primary];
    match column["encoding"].as_str() {
        Some(encoding) if encoding.eq_ignore_ascii_case("WKB") => {}
        Some(encoding) => return Err(Cause::Refused(format!("its geometry is encoded as `{encoding}`; only WKB is read"))),
        None => return Err(Cause::Damaged(format!("its `geo` metadata does not describe `{primary}`"))),
    }
    let crs = match column.get("crs") {
        None => SourceCrs::Epsg(4326),
        Some(stated) => crs::of_projjson(stated)?,
    };
    let others = geo["columns"].as_object().into_iter().flat_map(|columns| columns.keys()).filter(|name| **name != primary);
    let covering = column["covering"]["bbox"]["xmin"][0].as_str().map(str::to_owned);
    let hidden = others.cloned().chain(covering).collect();
    Ok(Some(Geo { primary, crs, hidden }))
}

/// A geometry by Parquet's own type.
fn is_geometry(field: &Type) -> bool {
    matches!(field.get_basic_info().logical_type_ref(), Some(LogicalType::Geometry { .. }))
}

/// `bbox` of files whose metadata does not declare it.
fn is_box(field: &Type) -> bool {
    field.is_group()
        && ["xmin", "ymin", "xmax", "ymax"].iter().all(|name| field.get_fields().iter().any(|part| part.name() == *name))
}

/// The row reader stops the program on an interval.
fn is_read(field: &Type) -> bool {
    if field.is_group() {
        return field.get_fields().iter().all(|part| is_read(part));
    }
    field.get_basic_info().converted_type() != ConvertedType::INTERVAL
}

thread_local! {
    /// This thread is inside [`guarded`]: its panics are answered there and need no message of their own.
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// The decoders check most of what they are given, not all of it: of 7,800 small files with one wrong byte, 40 make them
/// panic. That is the file's fault and stays the file's.
fn guarded<T>(read: impl FnOnce() -> parquet::errors::Result<T>) -> Result<T, Cause> {
    static HUSH: Once = Once::new();
    HUSH.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                told(panic)
            }
        }));
    });
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    match result {
        Ok(result) => result.map_err(|error| Cause::Damaged(error.to_string())),
        Err(_) => Err(Cause::Damaged("its Parquet pages contradict themselves".to_owned())),
    }
}

struct Rows {
    reader: SerializedFileReader<File>,
    schema: SchemaDescPtr,
    /// Where among the fields the geometry is.
    place: Option<usize>,
    /// The next row group.
    group: usize,
    open: Option<ReaderIter>,
    number: u64,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let Some(fields) = self.fields()? else { return Ok(None) };
        self.number += 1;
        Ok(Some(self.row(fields)))
    }

    fn fields(&mut self) -> Result<Option<Vec<(String, Field)>>, Cause> {
        loop {
            if let Some(open) = &mut self.open
                && let Some(row) = guarded(|| open.next().transpose())?
            {
                return Ok(Some(row.into_columns()));
            }
            if self.group >= self.reader.num_row_groups() {
                return Ok(None);
            }
            let (reader, schema, group) = (&self.reader, self.schema.clone(), self.group);
            // Small batches: a geometry can weigh megabytes.
            let tree = TreeBuilder::new().with_batch_size(64);
            self.open = Some(guarded(|| tree.as_iter(schema, &*reader.get_row_group(group)?))?);
            self.group += 1;
        }
    }

    fn row(&self, fields: Vec<(String, Field)>) -> Result<Row, RowError> {
        let (mut geometry, mut notes) = (None, Notes::default());
        let mut cells = Vec::with_capacity(fields.len());
        for (index, (name, field)) in fields.into_iter().enumerate() {
            match field {
                Field::Null if Some(index) == self.place => {}
                Field::Bytes(bytes) if Some(index) == self.place => {
                    let rejected = |reason: String| RowError::new(self.number, Some(&name), "", reason);
                    (geometry, notes) = shape::from_wkb(bytes.data()).map_err(rejected)?;
                }
                _ if Some(index) == self.place => {
                    return Err(RowError::new(self.number, Some(&name), "", "it is not a WKB geometry"));
                }
                field => cells.push(cell(field)),
            }
        }
        Ok(Row { number: self.number, cells, geometry, notes })
    }
}

fn cell(field: Field) -> Cell {
    match field {
        Field::Null | Field::Bytes(_) => Cell::Null,
        Field::Bool(truth) => Cell::Boolean(truth),
        Field::Byte(number) => Cell::Integer(number.into()),
        Field::Short(number) => Cell::Integer(number.into()),
        Field::Int(number) => Cell::Integer(number.into()),
        Field::Long(number) => Cell::Integer(number),
        Field::UByte(number) => Cell::Integer(number.into()),
        Field::UShort(number) => Cell::Integer(number.into()),
        Field::UInt(number) => Cell::Integer(number.into()),
        Field::ULong(number) => Cell::unsigned(number),
        Field::Float16(number) => Cell::number(number.to_f64()),
        Field::Float(number) => Cell::float(number),
        Field::Double(number) => Cell::number(number),
        Field::Decimal(decimal) => number_of(&decimal),
        Field::Str(text) => {
            if text.is_empty() {
                Cell::Null
            } else {
                Cell::Text(text)
            }
        }
        Field::Date(days) => date(days),
        Field::TimestampMillis(millis) => instant(jiff::Timestamp::from_millisecond(millis)),
        Field::TimestampMicros(micros) => instant(jiff::Timestamp::from_microsecond(micros)),
        Field::TimeMillis(millis) => Cell::Integer(millis.into()),
        Field::TimeMicros(micros) => Cell::Integer(micros),
        nested @ (Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_)) => Cell::Text(nested.to_string()),
    }
}

fn date(days: i32) -> Cell {
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = epoch.checked_add(jiff::Span::new().try_days(days).unwrap_or_default());
    date.map_or(Cell::Null, |date| Cell::Text(date.to_string()))
}

fn instant(instant: Result<jiff::Timestamp, jiff::Error>) -> Cell {
    instant.map_or(Cell::Null, |instant| Cell::Text(instant.to_string()))
}

/// Big-endian two's complement, divided by a power of ten.
fn number_of(decimal: &Decimal) -> Cell {
    let bytes = decimal.data();
    if bytes.is_empty() || bytes.len() > 16 {
        return Cell::Null;
    }
    let sign = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
    let unscaled = bytes.iter().fold(sign, |value: i128, byte| value << 8 | i128::from(*byte));
    Cell::number(unscaled as f64 / 10f64.powi(decimal.scale()))
}
