//! From the files of a snapshot to layers in memory, each file read once and held against its hash on the way.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use fallible_streaming_iterator::FallibleStreamingIterator;
use flatgeobuf::{FeatureProperties, FgbReader};
use geozero::error::Result as GeozeroResult;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use rayon::prelude::*;

use super::Layer;
use super::texts::Texts;
use crate::geometry::shape::{Kind, Shapes};
use crate::geometry::territory::Frame;
use crate::layer::definition::{FieldType, LayerDefinition};
use crate::layer::value::{Value, Values, ValuesBuilder};
use crate::snapshot::Snapshot;
use crate::snapshot::manifest::{DataFile, LayerEntry};

/// A snapshot that could not be read into memory.
#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{} is damaged: {reason}; ingest the sources again", path.display())]
    Damaged { path: PathBuf, reason: String },
}

/// Every layer of a snapshot, in parallel.
pub(super) fn layers(snapshot: &Snapshot) -> Result<Vec<Layer>, AtlasError> {
    snapshot.manifest.layers.par_iter().map(|entry| layer(snapshot, entry)).collect()
}

fn layer(snapshot: &Snapshot, entry: &LayerEntry) -> Result<Layer, AtlasError> {
    let mut rows = Rows::new(&entry.definition);
    for file in &entry.files {
        read_file(&snapshot.path(file), file, &mut rows)?;
    }
    rows.ids.shrink();
    rows.shapes.shrink();
    let columns: Vec<Values> = rows.columns.into_iter().map(ValuesBuilder::finish).collect();
    Ok(Layer::new(entry.clone(), rows.ids, columns, rows.shapes))
}

fn read_file(path: &Path, file: &DataFile, rows: &mut Rows) -> Result<(), AtlasError> {
    let damaged = |reason: String| AtlasError::Damaged { path: path.to_owned(), reason };
    let unreadable = |error| AtlasError::Unreadable { path: path.to_owned(), error };
    let hash = Arc::new(Mutex::new(blake3::Hasher::new()));
    let mut bytes =
        BufReader::with_capacity(1 << 18, Hashing { file: File::open(path).map_err(unreadable)?, hash: hash.clone() });
    let before = rows.ids.len();
    read_features(&mut bytes, file, rows).map_err(damaged)?;
    std::io::copy(&mut bytes, &mut std::io::sink()).map_err(unreadable)?;
    let found = hash.lock().map_or_else(|poisoned| poisoned.into_inner().finalize(), |hash| hash.finalize()).to_hex();
    if found.as_str() != file.blake3 {
        return Err(damaged("its content does not match the hash in the manifest".to_owned()));
    }
    let features = (rows.ids.len() - before) as u64;
    if features != file.features {
        return Err(damaged(format!("{features} features instead of {}", file.features)));
    }
    Ok(())
}

fn read_features(bytes: &mut impl Read, file: &DataFile, rows: &mut Rows) -> Result<(), String> {
    let words = |error: flatgeobuf::Error| error.to_string();
    let reader = FgbReader::open(bytes).map_err(words)?;
    let names: Vec<&str> = reader.header().columns().iter().flatten().map(|column| column.name()).collect();
    if !names.iter().copied().eq(rows.names.iter().map(String::as_str)) {
        return Err(format!("its columns are {} instead of {}", names.join(", "), rows.names.join(", ")));
    }
    rows.offset = file.territory.as_deref().and_then(Frame::by_key).map_or(0.0, Frame::offset);
    let mut features = reader.select_all_seq().map_err(words)?;
    while let Some(feature) = features.next().map_err(words)? {
        rows.cells.fill(Value::Unknown);
        rows.id.clear();
        feature.process_properties(rows).map_err(|error| error.to_string())?;
        rows.kind = Kind::Empty;
        // A feature without geometry is written with an empty one, of unknown type.
        let has_vertices = feature.fbs_feature().geometry().is_some_and(|geometry| {
            geometry.xy().is_some_and(|xy| !xy.is_empty()) || geometry.parts().is_some_and(|parts| !parts.is_empty())
        });
        if has_vertices {
            feature.process_geom(rows).map_err(|error| error.to_string())?;
        }
        rows.end();
    }
    Ok(())
}

/// Passes bytes on and hashes them.
struct Hashing {
    file: File,
    hash: Arc<Mutex<blake3::Hasher>>,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        if let Ok(mut hash) = self.hash.lock() {
            hash.update(&buffer[..count]);
        }
        Ok(count)
    }
}

/// The rows read so far, and the one being read.
struct Rows {
    /// `id`, then the declared columns.
    names: Vec<String>,
    kinds: Vec<FieldType>,
    ids: Texts,
    columns: Vec<ValuesBuilder>,
    shapes: Shapes,
    id: String,
    cells: Vec<Value>,
    kind: Kind,
    in_points: bool,
    in_polygon: bool,
    /// Added to eastings: the territory's place on the shared plane.
    offset: f64,
}

impl Rows {
    fn new(definition: &LayerDefinition) -> Rows {
        let kinds: Vec<FieldType> = definition.columns.values().map(|column| column.kind).collect();
        Rows {
            names: std::iter::once("id".to_owned()).chain(definition.columns.keys().cloned()).collect(),
            ids: Texts::default(),
            columns: kinds.iter().map(|&kind| ValuesBuilder::new(kind)).collect(),
            shapes: Shapes::default(),
            id: String::new(),
            cells: vec![Value::Unknown; kinds.len()],
            kinds,
            kind: Kind::Empty,
            in_points: false,
            in_polygon: false,
            offset: 0.0,
        }
    }

    fn end(&mut self) {
        self.ids.push(&self.id);
        for (column, cell) in self.columns.iter_mut().zip(&mut self.cells) {
            column.push(std::mem::replace(cell, Value::Unknown));
        }
        self.shapes.end_feature(self.kind);
    }

    fn end_part_of(&mut self, kind: Kind) {
        self.shapes.end_part();
        self.kind = kind;
    }
}

impl PropertyProcessor for Rows {
    fn property(&mut self, index: usize, _: &str, value: &ColumnValue) -> GeozeroResult<bool> {
        let Some(place) = index.checked_sub(1) else {
            if let ColumnValue::String(id) = value {
                self.id.push_str(id);
            }
            return Ok(false);
        };
        self.cells[place] = match (self.kinds[place], value) {
            (FieldType::Text, ColumnValue::String(text)) => Value::Text((*text).to_owned()),
            (FieldType::Number, ColumnValue::Double(number)) => Value::Number(*number),
            (FieldType::Integer, ColumnValue::Long(integer)) => Value::Integer(*integer),
            (FieldType::Boolean, ColumnValue::Bool(boolean)) => Value::Boolean(*boolean),
            (FieldType::Date, ColumnValue::DateTime(date)) => date.parse().map_or(Value::Unknown, Value::Date),
            _ => Value::Unknown,
        };
        Ok(false)
    }
}

impl GeomProcessor for Rows {
    fn xy(&mut self, x: f64, y: f64, _: usize) -> GeozeroResult<()> {
        self.shapes.push_vertex([x + self.offset, y]);
        if self.in_points {
            self.shapes.end_ring();
            self.end_part_of(Kind::Point);
        }
        Ok(())
    }

    fn point_begin(&mut self, _: usize) -> GeozeroResult<()> {
        self.in_points = true;
        Ok(())
    }

    fn point_end(&mut self, _: usize) -> GeozeroResult<()> {
        self.in_points = false;
        Ok(())
    }

    fn multipoint_begin(&mut self, _: usize, _: usize) -> GeozeroResult<()> {
        self.in_points = true;
        Ok(())
    }

    fn multipoint_end(&mut self, _: usize) -> GeozeroResult<()> {
        self.in_points = false;
        Ok(())
    }

    fn linestring_end(&mut self, _: bool, _: usize) -> GeozeroResult<()> {
        self.shapes.end_ring();
        if !self.in_polygon {
            self.end_part_of(Kind::Line);
        }
        Ok(())
    }

    fn polygon_begin(&mut self, _: bool, _: usize, _: usize) -> GeozeroResult<()> {
        self.in_polygon = true;
        Ok(())
    }

    fn polygon_end(&mut self, _: bool, _: usize) -> GeozeroResult<()> {
        self.in_polygon = false;
        self.end_part_of(Kind::Polygon);
        Ok(())
    }
}
