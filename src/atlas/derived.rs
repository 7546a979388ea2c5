//! A layer of one feature that somebody drew: asked about like any other, and never part of the snapshot.

use super::Layer;
use super::texts::Texts;
use crate::geometry::shape::Shapes;
use crate::layer::definition::{Duplicates, GeometryType, Invalid, LayerDefinition, Read, Role, Source, Text, Visibility};
use crate::snapshot::manifest::{Counts, LayerEntry};

/// A polygon on the shared plane as a layer. Its id is made of its coordinates: two drawings never share one.
///
/// What a person draws has no precision of its own: 0 m.
pub fn drawn(shapes: Shapes) -> Layer {
    let mut hash = blake3::Hasher::new();
    for shape in shapes.iter() {
        for number in shape.vertices().iter().flatten() {
            hash.update(&number.to_le_bytes());
        }
    }
    let id = format!("drawn-{}", &hash.finalize().to_hex()[..16]);
    let rows = shapes.len();
    let ids: Texts = (0..rows).map(|row| format!("{}", row + 1)).collect();
    let entry = LayerEntry {
        definition: definition(id),
        files: Vec::new(),
        counts: Counts { read: rows as u64, kept: rows as u64, ..Counts::default() },
        problems: Vec::new(),
        sources: Vec::new(),
        extent_lonlat: None,
    };
    Layer::new(entry, ids, Vec::new(), shapes)
}

fn definition(id: String) -> LayerDefinition {
    LayerDefinition {
        id,
        title: Text { fr: "Tracé par le demandeur".into(), en: "Drawn by the asker".into() },
        description: None,
        role: Role::Candidate,
        visibility: Visibility::Public,
        geometry: GeometryType::Polygon,
        precision_m: 0.0,
        source: asker(),
        files: Vec::new(),
        alternatives: Vec::new(),
        many_files: false,
        read: Read::default(),
        key: Vec::new(),
        duplicates: Duplicates::default(),
        invalid: Invalid::default(),
        columns: Default::default(),
        indicators: Default::default(),
        tiles: None,
    }
}

fn asker() -> Source {
    Source {
        publisher: "drawn by the asker".into(),
        licence: "none".into(),
        licence_url: None,
        attribution: None,
        address: String::new(),
        schema: None,
        vintage: "as asked".into(),
        refresh: "never".into(),
    }
}
