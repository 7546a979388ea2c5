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

use emprise::geometry::projection::to_mercator;
use emprise::geometry::shape::Shapes;
use emprise::layer::definition::FieldType;
use emprise::layer::value::{Value, Values, ValuesBuilder};
use emprise::tiles::address::Address;
use emprise::tiles::attributes::{self, Attributes};
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::{Drawing, draw};
use emprise::tiles::world::World;
use fallible_streaming_iterator::FallibleStreamingIterator;
use flatgeobuf::{FeatureProperties, FgbReader};
use geozero::ToGeo;

struct Loaded {
    name: &'static str,
    world: World,
    ids: Vec<String>,
    columns: Vec<(&'static str, Values)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, list] = &arguments[..] else { return println!("usage: cargo bench --bench tiles -- FOLDER TILES.json") };
    let attributes = [
        ("zones", &["name", "kind", "area_ha", "occupancy"][..]),
        ("brownfields", &["name", "status", "area_ha"]),
        ("natura", &["code", "name", "kind"]),
        ("communes", &["code", "name", "population", "workforce"]),
    ];
    let layers: Vec<Loaded> = attributes.map(|(name, columns)| load(Path::new(folder), name, columns)).into();
    let addresses: BTreeMap<u8, Vec<[u64; 3]>> = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    println!("zoom  zones+brownfields+natura               + communes");
    for (zoom, tiles) in addresses {
        let three = run(&layers[..3], &tiles);
        let four = run(&layers, &tiles);
        println!("{zoom:4}  {three}   {four}");
    }
}

fn load(folder: &Path, name: &'static str, columns: &[&'static str]) -> Loaded {
    let mut file = std::io::BufReader::new(std::fs::File::open(folder.join(name).with_extension("fgb")).unwrap());
    let mut features = FgbReader::open(&mut file).unwrap().select_all_seq().unwrap();
    let (mut shapes, mut ids) = (Shapes::default(), Vec::new());
    let mut builders: Vec<ValuesBuilder> = Vec::new();
    while let Some(feature) = features.next().unwrap() {
        shapes.push_geometry(Some(&feature.to_geo().unwrap()));
        let properties = feature.properties().unwrap();
        ids.push(properties["id"].clone());
        for (place, column) in columns.iter().enumerate() {
            let text = &properties[*column];
            let is_number = ["area_ha", "occupancy", "population", "workforce"].contains(column);
            if builders.len() <= place {
                builders.push(ValuesBuilder::new(if is_number { FieldType::Number } else { FieldType::Text }));
            }
            builders[place].push(if is_number {
                text.parse().map_or(Value::Unknown, Value::Number)
            } else {
                Value::Text(text.clone())
            });
        }
    }
    let (wall, cpu) = (std::time::Instant::now(), process_seconds());
    let world = World::build(shapes.len() as u32, |row| shapes.get(row), to_mercator);
    println!(
        "{name}: {} features, {} vertices, simplified in {:.2} s CPU, {:.2} s",
        shapes.len(),
        shapes.vertices(),
        process_seconds() - cpu,
        wall.elapsed().as_secs_f64()
    );
    let columns = columns.iter().copied().zip(builders.into_iter().map(ValuesBuilder::finish)).collect();
    Loaded { name, world, ids, columns }
}

/// CPU milliseconds a tile (mean, largest), features, bytes and bytes compressed (mean, largest), over distinct tiles.
fn run(layers: &[Loaded], tiles: &[[u64; 3]]) -> String {
    let mut tiles = tiles.to_vec();
    tiles.sort_unstable();
    tiles.dedup();
    let (mut times, mut sizes, mut zipped) = (Vec::new(), Vec::new(), Vec::new());
    for &[z, x, y] in &tiles {
        let address = Address::new(z, x, y).unwrap();
        let window = address.window(Drawing::default().margin());
        let rows: Vec<Vec<u32>> = layers
            .iter()
            .map(|layer| (0..layer.world.len()).filter(|&row| !window.is_beside(&layer.world.bounds(row))).collect())
            .collect();
        // The kernel counts in ticks of some milliseconds: repeated until they do not matter.
        let (wall, start, mut repeats) = (std::time::Instant::now(), thread_milliseconds(), 0.0);
        let mut tile = Vec::new();
        while wall.elapsed().as_millis() < 60 {
            tile = encode(layers, &rows, address);
            repeats += 1.0;
        }
        times.push((thread_milliseconds() - start) / repeats);
        sizes.push(tile.len() as f64 / 1024.0);
        zipped.push(compress(tile, Encoding::Gzip).len() as f64 / 1024.0);
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

fn encode(layers: &[Loaded], rows: &[Vec<u32>], address: Address) -> Vec<u8> {
    let mut tile = Vec::new();
    for (layer, rows) in layers.iter().zip(rows) {
        let columns = layer.columns.iter().map(|(name, values)| (*name, values)).collect();
        let attributes = Attributes { id: &|row| &layer.ids[row as usize], columns };
        let drawn = draw(&layer.world, rows, address, &Drawing::default());
        attributes::write(layer.name, 4096, &drawn, &attributes, &mut tile);
    }
    tile
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
