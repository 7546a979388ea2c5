//! CPU time of tiles on the synthetic national layers, as `cargo bench --bench tiles -- FOLDER [TILES.json]`.
//!
//! `FOLDER` holds the FlatGeobuf files in EPSG:2154; `TILES.json` lists the addresses by zoom. Time is the CPU time of the thread, so that
//! a busy machine does not show.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

use std::collections::BTreeMap;
use std::path::Path;

use emprise::atlas::Layer;
use emprise::geometry::shape::Shapes;
use emprise::layer::catalogue;
use emprise::layer::definition::FieldType;
use emprise::layer::value::{Value, ValuesBuilder};
use emprise::snapshot::manifest::{Counts, LayerEntry};
use emprise::tiles::address::Address;
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::Drawing;
use emprise::tiles::pyramid::Pyramid;
use emprise::tiles::{Source, tile};
use fallible_streaming_iterator::FallibleStreamingIterator;
use flatgeobuf::{FeatureProperties, FgbReader};
use geozero::ToGeo;

/// The layers and the columns their tiles carry, numbers told by `#`. Columns in the order of their names, as a layer keeps them.
const LAYERS: [(&str, &[&str]); 4] = [
    ("zones", &["#area_ha", "kind", "name", "#occupancy"]),
    ("brownfields", &["#area_ha", "name", "status"]),
    ("natura", &["code", "kind", "name"]),
    ("communes", &["code", "name", "#population", "#workforce"]),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, list] = &arguments[..] else { return println!("usage: cargo bench --bench tiles -- FOLDER TILES.json") };
    let layers = LAYERS.map(|(name, columns)| load(Path::new(folder), name, columns));
    let pyramid = Pyramid::default();
    for layer in &layers {
        let (wall, cpu) = (std::time::Instant::now(), process_seconds());
        pyramid.world(layer);
        let (cpu, wall) = (process_seconds() - cpu, wall.elapsed().as_secs_f64());
        let (name, vertices) = (&layer.definition().id, layer.shapes().vertices());
        println!("{name}: {} features, {vertices} vertices, simplified in {cpu:.2} s CPU, {wall:.2} s", layer.len());
    }
    let addresses: BTreeMap<u8, Vec<[u64; 3]>> = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    println!("zoom  zones + brownfields + natura, then with communes");
    for (zoom, tiles) in addresses {
        println!("{zoom:4}  {}", run(&layers[..3], &pyramid, &tiles));
        println!("      {}", run(&layers, &pyramid, &tiles));
    }
}

fn load(folder: &Path, name: &str, columns: &[&str]) -> Layer {
    let mut file = std::io::BufReader::new(std::fs::File::open(folder.join(name).with_extension("fgb")).unwrap());
    let mut features = FgbReader::open(&mut file).unwrap().select_all_seq().unwrap();
    let (mut shapes, mut ids) = (Shapes::default(), Vec::new());
    let kind = |column: &str| if column.starts_with('#') { FieldType::Number } else { FieldType::Text };
    let mut builders: Vec<ValuesBuilder> = columns.iter().map(|column| ValuesBuilder::new(kind(column))).collect();
    while let Some(feature) = features.next().unwrap() {
        shapes.push_geometry(Some(&feature.to_geo().unwrap()));
        let properties = feature.properties().unwrap();
        ids.push(properties["id"].clone());
        for (column, builder) in columns.iter().zip(&mut builders) {
            let text = &properties[column.trim_start_matches('#')];
            builder.push(match kind(column) {
                FieldType::Number => text.parse().map_or(Value::Unknown, Value::Number),
                _ => Value::Text(text.clone()),
            });
        }
    }
    let columns = builders.into_iter().map(ValuesBuilder::finish).collect();
    Layer::new(entry(name, LAYERS.iter().find(|layer| layer.0 == name).unwrap().1), ids.iter().collect(), columns, shapes)
}

fn entry(name: &str, columns: &[&str]) -> LayerEntry {
    let bare = columns.iter().map(|column| column.trim_start_matches('#'));
    let shown: Vec<String> = bare.clone().map(|column| format!("\"{column}\"")).collect();
    let declared: String = columns
        .iter()
        .zip(bare)
        .map(|(column, bare)| {
            let kind = if column.starts_with('#') { "number" } else { "text" };
            format!("columns.{bare} = {{ from = [\"{bare}\"], type = \"{kind}\" }}\n")
        })
        .collect();
    let text = format!(
        r#"
        id = "{name}"
        title = {{ fr = "{name}", en = "{name}" }}
        role = "constraint"
        visibility = "public"
        geometry = "polygon"
        precision_m = 1.0
        files = []
        source = {{ publisher = "Synthetic", licence = "None", address = "https://example.org", vintage = "2026", refresh = "never" }}
        tiles = {{ min_zoom = 0, max_zoom = 14, shown = [{}] }}
        {declared}
        "#,
        shown.join(", ")
    );
    let definition = catalogue::parse(&text, name).unwrap();
    LayerEntry { definition, files: vec![], counts: Counts::default(), problems: vec![], sources: vec![], extent_lonlat: None }
}

/// CPU milliseconds, bytes and bytes compressed of the distinct tiles of a list: mean and largest.
fn run(layers: &[Layer], pyramid: &Pyramid, tiles: &[[u64; 3]]) -> String {
    let mut tiles = tiles.to_vec();
    tiles.sort_unstable();
    tiles.dedup();
    let sources: Vec<Source> = layers.iter().map(Source::of).collect();
    let (mut times, mut sizes, mut zipped) = (Vec::new(), Vec::new(), Vec::new());
    for &[z, x, y] in &tiles {
        let address = Address::new(z, x, y).unwrap();
        // The kernel counts in ticks of some milliseconds: repeated until they do not matter.
        let (wall, start, mut repeats) = (std::time::Instant::now(), thread_milliseconds(), 0.0);
        let mut body = Vec::new();
        while wall.elapsed().as_millis() < 60 {
            body = tile(&sources, address, &Drawing::default(), pyramid);
            repeats += 1.0;
        }
        times.push((thread_milliseconds() - start) / repeats);
        sizes.push(body.len() as f64 / 1024.0);
        zipped.push(compress(body, Encoding::Gzip).len() as f64 / 1024.0);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    format!(
        "{:3} tiles {:7.3} ms (max {:7.3}) {:7.1} kB, gzip {:6.1} (max {:6.1})",
        tiles.len(),
        mean(&times),
        largest(&times),
        mean(&sizes),
        mean(&zipped),
        largest(&zipped)
    )
}

fn thread_milliseconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn process_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split(' ').collect();
    (fields[12].parse::<f64>().unwrap() + fields[13].parse::<f64>().unwrap()) / 100.0
}
