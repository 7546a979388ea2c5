//! CPU time of tiles on the national layers, as `cargo bench --bench tiles [-- TILES.json]`.
//!
//! `TILES.json` lists the addresses by zoom, `{ "5": [[5, 16, 11], ...], ... }`; by default the list that the other servers' benchmarks
//! leave beside their results. Time is the CPU time of the thread, so that a busy machine does not show.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

mod national;

use std::collections::BTreeMap;
use std::path::PathBuf;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::snapshot;
use emprise::tiles::address::Address;
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::Drawing;
use emprise::tiles::pyramid::Pyramid;
use emprise::tiles::{Source, tile};

const LAYERS: [&str; 4] = ["zones", "brownfields", "natura", "communes"];

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let list = given.unwrap_or_else(|| national::work().join("results/tiles_list.json"));
    let Ok(addresses) = std::fs::read(&list) else {
        return eprintln!("skipped: there is no list of tiles in {}", list.display());
    };
    let Some(folder) = national::data_folder() else { return };
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let rights = Rights::public();
    let layers = LAYERS.map(|id| atlas.view(&rights).layer(id).unwrap());
    let pyramid = Pyramid::default();
    for layer in layers {
        let (wall, cpu) = (std::time::Instant::now(), process_seconds());
        pyramid.world(layer);
        let (cpu, wall) = (process_seconds() - cpu, wall.elapsed().as_secs_f64());
        let (name, vertices) = (&layer.definition().id, layer.shapes().vertices());
        println!("{name}: {} features, {vertices} vertices, simplified in {cpu:.2} s CPU, {wall:.2} s", layer.len());
    }
    let addresses: BTreeMap<u8, Vec<[u64; 3]>> = serde_json::from_slice(&addresses).unwrap();
    for (zoom, tiles) in addresses {
        // Everything drawn, as the other tools draw it; then as it is served, within its budget.
        for (layers, thin) in [(&layers[..3], false), (&layers[..], false), (&layers[..], true)] {
            println!("{zoom:4}  {:2} layers, thinning {:5}  {}", layers.len(), thin, run(layers, &pyramid, &tiles, thin));
        }
    }
}

/// CPU milliseconds, bytes and bytes compressed of the distinct tiles of a list: mean, 99th percentile and largest.
fn run(layers: &[&Layer], pyramid: &Pyramid, tiles: &[[u64; 3]], thin: bool) -> String {
    let mut tiles = tiles.to_vec();
    tiles.sort_unstable();
    tiles.dedup();
    let sources: Vec<Source> = layers.iter().map(|layer| Source::of(layer)).collect();
    let drawing = Drawing { thin, ..Drawing::default() };
    let (mut times, mut sizes, mut zipped) = (Vec::new(), Vec::new(), Vec::new());
    for &[z, x, y] in &tiles {
        let address = Address::new(z, x, y).unwrap();
        // What is made once a layer and zoom is no part of a tile.
        let mut body = tile(&sources, address, &drawing, pyramid);
        // The kernel counts in ticks of some milliseconds: repeated until they do not matter, however busy the machine is.
        let (start, mut repeats) = (thread_milliseconds(), 0.0);
        while thread_milliseconds() - start < 40.0 {
            for _ in 0..4 {
                body = tile(&sources, address, &drawing, pyramid);
            }
            repeats += 4.0;
        }
        times.push((thread_milliseconds() - start) / repeats);
        sizes.push(body.len() as f64 / 1000.0);
        zipped.push(compress(body, Encoding::Gzip).len() as f64 / 1000.0);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    times.sort_by(f64::total_cmp);
    format!(
        "{:3} tiles {:7.3} ms (p99 {:7.3}, max {:7.3}) {:7.1} kB, gzip {:6.1} (max {:6.1})",
        tiles.len(),
        mean(&times),
        times[(times.len() * 99).div_ceil(100) - 1],
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
