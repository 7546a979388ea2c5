//! The FlatGeobuf files of a layer: one for each territory that has features, and one for features without geometry.
//!
//! A file explains itself: the CRS by its EPSG code, each column with its title and unit, the licence in the metadata.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType as FgbGeometry};
use geo::BoundingRect;
use geozero::{ColumnValue, FeatureProcessor, PropertyProcessor};

use crate::geometry::bounds::Bounds;
use crate::geometry::territory::Frame;
use crate::ingest::reproject::extent_lonlat;
use crate::ingest::row::Feature;
use crate::layer::definition::{FieldType, GeometryType, LayerDefinition};
use crate::layer::value::Value;
use crate::snapshot::manifest::DataFile;
use crate::snapshot::staging::{Staging, WriteError, seal};

/// Writes the features of one layer as they come.
pub struct LayerWriter<'l> {
    definition: &'l LayerDefinition,
    staging: &'l Staging,
    files: BTreeMap<Option<Frame>, Open>,
}

struct Open {
    fgb: FgbWriter<'static>,
    features: u64,
    bounds: Bounds,
}

impl<'l> LayerWriter<'l> {
    pub fn new(definition: &'l LayerDefinition, staging: &'l Staging) -> LayerWriter<'l> {
        LayerWriter { definition, staging, files: BTreeMap::new() }
    }

    pub fn write(&mut self, id: &str, feature: Feature) -> Result<(), WriteFailure> {
        let frame = feature.place.as_ref().map(|(frame, _)| *frame);
        let failed = |definition: &LayerDefinition, reason: String| WriteFailure::Format { layer: definition.id.clone(), reason };
        let open = match self.files.entry(frame) {
            std::collections::btree_map::Entry::Occupied(open) => open.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                let fgb = create(self.definition, frame).map_err(|error| failed(self.definition, error.to_string()))?;
                place.insert(Open { fgb, features: 0, bounds: Bounds::EMPTY })
            }
        };
        open.add(id, feature, self.definition).map_err(|error| failed(self.definition, error.to_string()))
    }

    /// Puts every file on the disk. A layer without features has no file.
    pub fn finish(self) -> Result<Vec<DataFile>, WriteFailure> {
        let (definition, staging) = (self.definition, self.staging);
        self.files.into_iter().map(|(frame, open)| open.finish(definition, frame, staging)).collect()
    }
}

impl Open {
    fn add(&mut self, id: &str, feature: Feature, definition: &LayerDefinition) -> geozero::error::Result<()> {
        if let Some((_, geometry)) = &feature.place {
            geozero::GeozeroGeometry::process_geom(geometry, &mut self.fgb)?;
            if let Some(rect) = geometry.bounding_rect() {
                let [min, max] = [rect.min(), rect.max()];
                self.bounds = self.bounds.with([min.x, min.y]).with([max.x, max.y]);
            }
        }
        self.fgb.property(0, "id", &ColumnValue::String(id))?;
        for (place, (name, value)) in definition.columns.keys().zip(&feature.values).enumerate() {
            write_value(&mut self.fgb, place + 1, name, value)?;
        }
        self.features += 1;
        self.fgb.feature_end(0)
    }

    fn finish(self, definition: &LayerDefinition, frame: Option<Frame>, staging: &Staging) -> Result<DataFile, WriteFailure> {
        let territory = frame.map(|frame| frame.territory().key.to_owned());
        let path = match &territory {
            Some(key) => format!("layers/{}.{key}.fgb", definition.id),
            None => format!("layers/{}.fgb", definition.id),
        };
        let place = staging.data_file(&path);
        write_out(self.fgb, &place).map_err(|reason| WriteFailure::File { path: place.clone(), reason })?;
        let (blake3, bytes) = seal(&place)?;
        let extent_lonlat = frame.map(|frame| extent_lonlat(frame, self.bounds));
        Ok(DataFile { path, territory, bytes, blake3, features: self.features, extent_lonlat })
    }
}

fn write_out(fgb: FgbWriter<'static>, place: &PathBuf) -> Result<(), String> {
    let mut out = BufWriter::new(File::create(place).map_err(|error| error.to_string())?);
    fgb.write(&mut out).map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())
}

/// Unknown is absent.
fn write_value(fgb: &mut FgbWriter<'static>, place: usize, name: &str, value: &Value) -> geozero::error::Result<bool> {
    match value {
        Value::Unknown => Ok(false),
        Value::Text(text) => fgb.property(place, name, &ColumnValue::String(text)),
        Value::Number(number) => fgb.property(place, name, &ColumnValue::Double(*number)),
        Value::Integer(integer) => fgb.property(place, name, &ColumnValue::Long(*integer)),
        Value::Boolean(boolean) => fgb.property(place, name, &ColumnValue::Bool(*boolean)),
        Value::Date(date) => fgb.property(place, name, &ColumnValue::DateTime(&date.to_string())),
    }
}

fn create(definition: &LayerDefinition, frame: Option<Frame>) -> flatgeobuf::Result<FgbWriter<'static>> {
    let metadata = serde_json::to_string(&definition.source).unwrap_or_default();
    let options = FgbWriterOptions {
        write_index: frame.is_some(),
        detect_type: false,
        promote_to_multi: true,
        crs: FgbCrs {
            org: frame.map(|_| "EPSG"),
            code: frame.map_or(0, |frame| frame.territory().epsg as i32),
            name: frame.map(|frame| frame.territory().name_en),
            ..FgbCrs::default()
        },
        title: Some(&definition.title.en),
        description: definition.description.as_ref().map(|text| text.en.as_str()),
        metadata: Some(&metadata),
        ..FgbWriterOptions::default()
    };
    // A polygon layer may hold a point where the outline is not known: its header promises no type.
    let promised = match (frame, definition.geometry) {
        (Some(_), GeometryType::Point) => FgbGeometry::MultiPoint,
        _ => FgbGeometry::Unknown,
    };
    let mut fgb = FgbWriter::create_with_options(&definition.id, promised, options)?;
    fgb.add_column("id", ColumnType::String, |_, column| column.nullable = false);
    for (name, column) in &definition.columns {
        fgb.add_column(name, column_type(column.kind), |buffer, args| {
            args.title = column.title.as_ref().map(|title| buffer.create_string(&title.en));
            args.description = column.unit.map(|unit| buffer.create_string(&format!("unit: {unit}")));
        });
    }
    Ok(fgb)
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

#[derive(Debug, thiserror::Error)]
pub enum WriteFailure {
    #[error("cannot write layer `{layer}`: {reason}")]
    Format { layer: String, reason: String },
    #[error("cannot write {}: {reason}", path.display())]
    File { path: PathBuf, reason: String },
    #[error(transparent)]
    Disk(#[from] WriteError),
}
