//! What several stages' tests share.

use emprise::atlas::Layer;
use emprise::geometry::shape::Shapes;
use emprise::layer::catalogue;
use emprise::snapshot::manifest::{Counts, LayerEntry};
use geo_types::Geometry;

/// A reproducible sequence in [0, 1).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A public layer without columns, of features given by id and geometry on the shared plane.
pub fn layer_of(id: &str, features: Vec<(String, Option<Geometry<f64>>)>) -> Layer {
    let mut shapes = Shapes::default();
    features.iter().for_each(|(_, geometry)| {
        shapes.push_geometry(geometry.as_ref());
    });
    Layer::new(entry(id, "", features.len()), features.iter().map(|(id, _)| id).collect(), Vec::new(), shapes)
}

/// The manifest entry of a layer made by a test, with the TOML of its columns.
pub fn entry(id: &str, columns: &str, features: usize) -> LayerEntry {
    let text = format!(
        r#"
        id = "{id}"
        title = {{ fr = "{id}", en = "{id}" }}
        role = "infrastructure"
        visibility = "public"
        geometry = "polygon"
        precision_m = 1.0
        files = []
        source = {{ publisher = "Test", licence = "None", address = "https://example.org", vintage = "2026", refresh = "never" }}
        {columns}
        "#
    );
    let kept = features as u64;
    LayerEntry {
        definition: catalogue::parse(&text, id).unwrap(),
        files: Vec::new(),
        counts: Counts { read: kept, kept, ..Counts::default() },
        problems: Vec::new(),
        sources: Vec::new(),
        extent_lonlat: None,
    }
}
