//! What several stages' tests share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use emprise::atlas::Layer;
use emprise::geometry::shape::Shapes;
use emprise::layer::catalogue;
use emprise::layer::definition::{FieldType, LayerDefinition};
use emprise::layer::value::{Value, ValuesBuilder};
use emprise::snapshot::manifest::{Counts, LayerEntry};
use geo::{BooleanOps, Centroid};
use geo_types::{Geometry, MultiPolygon, Rect};

/// A file of the repository whose tests run: Cargo runs them in its folder. Not fixed when they are compiled, since clones that share
/// a target folder share the compiled tests too.
pub fn repository(path: &str) -> PathBuf {
    std::env::current_dir().unwrap().join(path)
}

/// A file or folder of open data that is not part of the repository: `EMPRISE_SHARED`, or the folder `shared` beside the repository.
pub fn shared(path: &str) -> PathBuf {
    std::env::var_os("EMPRISE_SHARED").map_or_else(|| repository("../shared"), PathBuf::from).join(path)
}

/// How long a test waits for what is to come: many times what a slow and busy machine takes, since only what never comes may fail.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// What `look` finds, once it is there; `what` is told of what never comes.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a signal to a program that was started here, by the shell's own `kill`.
pub fn signal(name: &str, child: &Child) {
    assert!(Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().unwrap().success());
}

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
    with_cells(id, "", features, |_, _, _| None)
}

/// North-west corner of what is drawn, in EPSG:2154.
pub const ORIGIN: [f64; 2] = [700_000.0, 6_600_000.0];

/// A layer drawn in text: each letter is a feature, on a grid of 100 m whose first line is the northernmost. `cells` gives the
/// columns, one feature a line: `A: stage=on sale, price=12`; what is not given is unknown.
pub fn drawn(id: &str, points: bool, columns: &str, map: &str, cells: &str) -> Layer {
    let mut squares: BTreeMap<char, Vec<Rect<f64>>> = BTreeMap::new();
    for (line, text) in map.lines().map(str::trim).filter(|text| !text.is_empty()).enumerate() {
        for (place, letter) in text.split_whitespace().flat_map(str::chars).enumerate().filter(|(_, letter)| *letter != '.') {
            let west = ORIGIN[0] + 100.0 * place as f64;
            let north = ORIGIN[1] - 100.0 * line as f64;
            squares.entry(letter).or_default().push(Rect::new((west, north - 100.0), (west + 100.0, north)));
        }
    }
    let geometry = |squares: &[Rect<f64>]| -> Geometry<f64> {
        if points {
            return squares[0].centroid().into();
        }
        let empty = MultiPolygon::<f64>(Vec::new());
        squares.iter().fold(empty, |joined, square| joined.union(&square.to_polygon())).into()
    };
    let features = squares.iter().map(|(letter, squares)| (letter.to_string(), Some(geometry(squares)))).collect();
    with_cells(id, columns, features, |id, column, kind| {
        let line = cells.lines().find_map(|line| line.trim().strip_prefix(&format!("{id}:")))?;
        let cell = line.split(',').find_map(|cell| cell.trim().strip_prefix(&format!("{column}=")))?;
        Some(typed(kind, cell))
    })
}

fn typed(kind: FieldType, cell: &str) -> Value {
    match kind {
        FieldType::Text => Value::Text(cell.to_owned()),
        FieldType::Number => Value::Number(cell.parse().unwrap()),
        FieldType::Integer => Value::Integer(cell.parse().unwrap()),
        FieldType::Boolean => Value::Boolean(cell.parse().unwrap()),
        FieldType::Date => Value::Date(cell.parse().unwrap()),
    }
}

/// A public layer with the TOML of its columns, and a cell for each feature and column; `None` is unknown.
pub fn with_cells(
    id: &str,
    columns: &str,
    features: Vec<(String, Option<Geometry<f64>>)>,
    cell: impl Fn(&str, &str, FieldType) -> Option<Value>,
) -> Layer {
    filled(entry(id, columns, features.len()), features, cell)
}

/// The same with an entry of the test's own.
pub fn filled(
    entry: LayerEntry,
    features: Vec<(String, Option<Geometry<f64>>)>,
    cell: impl Fn(&str, &str, FieldType) -> Option<Value>,
) -> Layer {
    let mut shapes = Shapes::default();
    features.iter().for_each(|(_, geometry)| {
        shapes.push_geometry(geometry.as_ref());
    });
    let values = entry.definition.columns.iter().map(|(name, column)| {
        let mut values = ValuesBuilder::new(column.kind);
        features.iter().for_each(|(id, _)| values.push(cell(id, name, column.kind).unwrap_or(Value::Unknown)));
        values.finish()
    });
    let values = values.collect();
    Layer::new(entry, features.iter().map(|(id, _)| id).collect(), values, shapes)
}

/// The manifest entry of a public layer of polygons made by a test, with the TOML of its columns.
pub fn entry(id: &str, columns: &str, features: usize) -> LayerEntry {
    let lines = "role = \"infrastructure\"\nvisibility = \"public\"\ngeometry = \"polygon\"\nfiles = []";
    let kept = features as u64;
    LayerEntry {
        definition: definition(id, &format!("{lines}\n{columns}")),
        files: Vec::new(),
        counts: Counts { read: kept, kept, ..Counts::default() },
        problems: Vec::new(),
        sources: Vec::new(),
        extent_lonlat: None,
    }
}

/// A layer's definition: what a test says of it, with titles, precision and a source that no test cares for.
pub fn definition(id: &str, lines: &str) -> LayerDefinition {
    let text = format!(
        r#"
        id = "{id}"
        title = {{ fr = "Titre {id}", en = "Title {id}" }}
        precision_m = 1.0
        source = {{ publisher = "P <{id}>", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }}
        {lines}
        "#
    );
    catalogue::parse(&text, id).unwrap_or_else(|error| panic!("{error}"))
}
