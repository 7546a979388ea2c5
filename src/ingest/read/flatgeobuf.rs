//! FlatGeobuf, in the order of the file.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use ::flatgeobuf::packed_r_tree::PackedRTree;
use ::flatgeobuf::{ColumnType, FeatureIter, FgbFeature, FgbReader, Geometry as Encoded, GeometryType, Header};
use fallible_streaming_iterator::FallibleStreamingIterator;

use super::archive::Plain;
use super::error::Cause;
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{crs, header, shape};

type Features = FeatureIter<BufReader<File>, ::flatgeobuf::reader_trait::NotSeekable>;

pub(super) fn open(plain: Plain) -> Result<Table, Cause> {
    let reader = FgbReader::open(BufReader::new(File::open(&plain.path)?)).map_err(damaged)?;
    let header = reader.header();
    let total = check_features(&plain.path, &header)?;
    let crs = header.crs().map_or(Ok(SourceCrs::Unstated), |stated| match (stated.org(), stated.code(), stated.wkt()) {
        (_, 0, Some(wkt)) => Ok(crs::of_wkt(wkt)),
        (_, 0, None) => stated.code_string().map_or(Ok(SourceCrs::Unstated), crs::named),
        (org, code, _) => crs::named(&format!("{}:{code}", org.unwrap_or("EPSG"))),
    })?;
    let kinds: Vec<ColumnType> = header.columns().iter().flatten().map(|column| column.type_()).collect();
    let columns = header::unique(header.columns().iter().flatten().map(|column| column.name().to_owned()));
    let kind = header.geometry_type();
    let features = reader.select_all_seq().map_err(damaged)?;
    let mut rows = Rows { features, kinds, columns: columns.clone(), kind, number: 0, _plain: plain };
    Ok(Table { columns, crs, encoding: "UTF-8", spatial: true, rows: table::rows(move || rows.next()), total: Some(total) })
}

fn damaged(error: ::flatgeobuf::Error) -> Cause {
    Cause::Damaged(error.to_string())
}

/// Walks over the features by their lengths: the reader trusts each with memory before it reads on.
fn check_features(path: &Path, header: &Header) -> Result<u64, Cause> {
    let mut from = BufReader::new(File::open(path)?);
    let length = from.get_ref().metadata()?.len();
    let mut size = [0; 4];
    from.seek_relative(8)?;
    from.read_exact(&mut size)?;
    let count = header.features_count();
    let index = match (count, header.index_node_size()) {
        (0, _) | (_, 0) => 0,
        // The smallest index holds 40 bytes a feature; checked before the exact size, which is computed without care.
        (_, 1) => return Err(Cause::Damaged("its index makes no sense".to_owned())),
        (count, _) if count > length / 40 => return Err(Cause::Damaged(format!("it ends before its {count} features"))),
        (count, width) => PackedRTree::index_size(count as usize, width) as u64,
    };
    let mut position = 12 + u64::from(u32::from_le_bytes(size)) + index;
    let mut features = 0;
    while position < length {
        from.seek(std::io::SeekFrom::Start(position))?;
        let whole = from.read_exact(&mut size).is_ok();
        position += 4 + u64::from(u32::from_le_bytes(size));
        if !whole || position > length {
            return Err(Cause::Damaged(format!("it ends within feature {}", features + 1)));
        }
        features += 1;
    }
    if position > length || (count > 0 && count != features) {
        return Err(Cause::Damaged(format!("it holds {features} of {count} features")));
    }
    Ok(features)
}

struct Rows {
    features: Features,
    kinds: Vec<ColumnType>,
    columns: Vec<String>,
    kind: GeometryType,
    number: u64,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        self.number += 1;
        match self.features.next() {
            Ok(Some(feature)) => Ok(Some(row(feature, self.number, self.kind, &self.kinds, &self.columns))),
            Ok(None) => Ok(None),
            Err(error) => Err(Cause::Damaged(format!("feature {}: {error}", self.number))),
        }
    }
}

fn row(feature: &FgbFeature, number: u64, kind: GeometryType, kinds: &[ColumnType], columns: &[String]) -> Result<Row, RowError> {
    let rejected = |column: &str, reason: String| RowError::new(number, Some(column), "", reason);
    let (geometry, notes) = match feature.geometry() {
        None => (None, Notes::default()),
        Some(encoded) if !is_sound(&encoded, kind) => {
            return Err(rejected("geometry", "its parts do not fit its coordinates".to_owned()));
        }
        Some(encoded) if is_empty(&encoded) => (None, Notes::default()),
        Some(_) => shape::collect(feature).map_err(|reason| rejected("geometry", reason))?,
    };
    let properties = feature.fbs_feature().properties();
    let mut cells = vec![Cell::Null; columns.len()];
    fill(&mut cells, kinds, properties.map_or(&[], |bytes| bytes.bytes())).map_err(|column| {
        let name = columns.get(column).map_or("properties", String::as_str);
        rejected(name, "its attributes are cut or have a column that the header has not".to_owned())
    })?;
    Ok(Row { number, cells, geometry, notes })
}

/// Whether there is no position in it, whatever its kind: some programs write a geometry that is not known so.
fn is_empty(encoded: &Encoded) -> bool {
    encoded.xy().is_none_or(|xy| xy.is_empty()) && encoded.parts().is_none_or(|parts| parts.is_empty())
}

/// Whether every index into the coordinates is within them; the reader does not look.
fn is_sound(encoded: &Encoded, kind: GeometryType) -> bool {
    let kind = if kind == GeometryType::Unknown { encoded.type_() } else { kind };
    let values = encoded.xy().map_or(0, |xy| xy.len());
    let positions = values / 2;
    let mut previous = 0;
    let ends_fit = encoded.ends().iter().flatten().all(|end| {
        let fits = previous <= end && end as usize <= positions;
        previous = end;
        fits
    });
    let full = |length: Option<usize>| length.is_none_or(|length| length >= positions);
    let point_fits = kind != GeometryType::Point || positions >= 1;
    let parts_kind = if kind == GeometryType::MultiPolygon { GeometryType::Polygon } else { GeometryType::Unknown };
    values.is_multiple_of(2)
        && ends_fit
        && point_fits
        && full(encoded.z().map(|z| z.len()))
        && full(encoded.m().map(|m| m.len()))
        && full(encoded.t().map(|t| t.len()))
        && full(encoded.tm().map(|tm| tm.len()))
        && encoded.parts().iter().flatten().all(|part| is_sound(&part, parts_kind))
}

/// Attributes are pairs of a column's number and a value; the error is the column at which they end too early.
fn fill(cells: &mut [Cell], kinds: &[ColumnType], mut bytes: &[u8]) -> Result<(), usize> {
    while let Some((column, rest)) = bytes.split_first_chunk() {
        let column = usize::from(u16::from_le_bytes(*column));
        let kind = *kinds.get(column).ok_or(column)?;
        bytes = rest;
        cells[column] = value(kind, &mut bytes).ok_or(column)?;
    }
    Ok(())
}

fn value(kind: ColumnType, bytes: &mut &[u8]) -> Option<Cell> {
    fn fixed<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
        let (value, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(*value)
    }
    Some(match kind {
        ColumnType::Bool => Cell::Boolean(fixed::<1>(bytes)? != [0]),
        ColumnType::Byte => Cell::Integer(i8::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::UByte => Cell::Integer(u8::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::Short => Cell::Integer(i16::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::UShort => Cell::Integer(u16::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::Int => Cell::Integer(i32::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::UInt => Cell::Integer(u32::from_le_bytes(fixed(bytes)?).into()),
        ColumnType::Long => Cell::Integer(i64::from_le_bytes(fixed(bytes)?)),
        ColumnType::ULong => Cell::unsigned(u64::from_le_bytes(fixed(bytes)?)),
        ColumnType::Float => Cell::float(f32::from_le_bytes(fixed(bytes)?)),
        ColumnType::Double => Cell::number(f64::from_le_bytes(fixed(bytes)?)),
        ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
            let length = u32::from_le_bytes(fixed(bytes)?) as usize;
            let text = bytes.get(..length)?;
            *bytes = &bytes[length..];
            if kind == ColumnType::Binary { Cell::Null } else { Cell::text(&String::from_utf8_lossy(text)) }
        }
        _ => return None,
    })
}
