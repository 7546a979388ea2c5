//! What bears on each of 200 plots against the national layers, on one thread: processor time a plot, and the slowest.
//!
//! The answers are written beside those of the other tools, in their shape, so that their script compares them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

mod national;

use std::time::Instant;

use emprise::atlas::{Atlas, Rights};
use emprise::geometry::drawn::{Crs, Drawn};
use emprise::geometry::scale::Metric;
use emprise::ingest::read;
use emprise::layer::definition::Read;
use emprise::snapshot;
use emprise::zoning::{Check, Plot, Rules, Terms, check};
use serde_json::{Map, Value, json};

const PASSES: usize = 5;

fn main() {
    let Some(folder) = national::data_folder() else { return };
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let rules = Rules::of_folder(&national::repository("benches/rules")).unwrap();
    let public = Rights::public();
    let rulebook = rules.resolve(atlas.view(&public)).unwrap();
    let plots = plots();
    for metric in [Metric::Plane, Metric::Ellipsoid] {
        let terms = Terms { metric, ..Terms::default() };
        let mut clock = Vec::new();
        let processor = thread_seconds();
        for _ in 0..PASSES {
            for plot in &plots {
                let start = Instant::now();
                std::hint::black_box(check(plot, &rulebook, &terms));
                clock.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        let each = (thread_seconds() - processor) * 1e3 / clock.len() as f64;
        clock.sort_by(f64::total_cmp);
        let at = |share: f64| clock[((clock.len() - 1) as f64 * share) as usize];
        println!(
            "{metric:?}: {each:.4} ms of processor a plot; by the clock median {:.4} ms, 99th percentile {:.4} ms, most {:.4} ms",
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
    let terms = Terms { metric: Metric::Plane, ..Terms::default() };
    let answers: Map<String, Value> =
        plots.iter().map(|plot| (plot.label.clone(), in_their_shape(&check(plot, &rulebook, &terms)))).collect();
    let folder = national::work().join("results/answers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("emprise_q2.json"), Value::from(answers).to_string()).unwrap();
}

fn plots() -> Vec<Plot<'static>> {
    let files = read::list(&[national::work().join("data/q2_polys.parquet")]).unwrap();
    let table = read::open(&files[0], &Read::default()).unwrap();
    let number = table.columns.iter().position(|column| column == "id").unwrap();
    let plot = |row: read::Row| {
        let drawn = Drawn::from_geometry(row.geometry.unwrap(), Crs::named("EPSG:2154").unwrap()).unwrap();
        Plot::drawn(drawn, row.cells[number].written()).unwrap()
    };
    table.rows.map(|row| plot(row.unwrap())).collect()
}

fn in_their_shape(answer: &Check<'_>) -> Value {
    let number = |id: &str| id.parse::<u64>().unwrap();
    let of_theme = |theme: &'static str| answer.findings.iter().filter(move |finding| finding.theme == theme);
    let natura = of_theme("natura").map(|finding| {
        json!({ "id": number(finding.id), "d": finding.distance_m, "ov": finding.overlap_m2, "share": finding.overlap_share })
    });
    let near =
        answer.nearby.iter().map(|near| (near.feature.layer.to_owned(), json!([number(near.feature.id), near.distance_m])));
    let mut zones: Vec<(u64, f64)> = of_theme("zones")
        .filter(|finding| finding.distance_m == 0.0)
        .map(|finding| (number(finding.id), finding.overlap_m2))
        .collect();
    zones.sort_by_key(|zone| zone.0);
    json!({ "natura": natura.collect::<Vec<_>>(), "near": near.collect::<Map<_, _>>(), "zones": zones })
}

/// Processor seconds of this thread, to the nanosecond.
fn thread_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
