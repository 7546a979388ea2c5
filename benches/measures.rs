//! What each measure of the national question costs a site, nothing pruned, as `cargo bench --bench measures`.
//!
//! One thread, so that processor time is wall time without its waits. The checksum of a measure must not move when a kernel is
//! made faster. `MEASURES=nature,labour` runs some alone, for a profiler; `RUNS=1` runs them once.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

mod national;

use emprise::atlas::texts::Texts;
use emprise::atlas::{Atlas, Layer, Reach, Rights, View};
use emprise::geometry::scale::Metric;
use emprise::geometry::shape::{Kind, Shapes};
use emprise::snapshot;

fn main() {
    let Some(folder) = national::data_folder() else { return };
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let rights = Rights::public();
    let view = atlas.view(&rights);
    let sites = [view.layer("zones").unwrap(), view.layer("brownfields").unwrap()];
    let count: usize = sites.iter().map(|layer| layer.len()).sum();
    let runs: usize = std::env::var("RUNS").map_or(5, |runs| runs.parse().unwrap());
    let wanted = std::env::var("MEASURES").ok();
    let measures = measures(view);
    println!("{count} sites; µs of processor a site, the least of {runs} runs");
    println!("{:<22} {:>9} {:>9}   checksum", "measure", "plane", "ellipsoid");
    let mut totals = [0.0; 2];
    for Measure { name, counts, measure } in &measures {
        if wanted.as_ref().is_some_and(|wanted| !wanted.split(',').any(|wanted| wanted == *name)) {
            continue;
        }
        let figures = [Metric::Plane, Metric::Ellipsoid].map(|metric| {
            let run = |_| {
                let start = national::processor_seconds();
                let sum: f64 = sites.iter().flat_map(|layer| layer.rows().map(|row| measure(layer, row, metric))).sum();
                (1e6 * (national::processor_seconds() - start) / count as f64, sum)
            };
            (0..runs).map(run).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
        });
        let [plane, ellipsoid] = figures;
        println!("{name:<22} {:>9.2} {:>9.2}   {} {}", plane.0, ellipsoid.0, plane.1, ellipsoid.1);
        if *counts {
            totals = [totals[0] + plane.0, totals[1] + ellipsoid.0];
        }
    }
    println!("{:<22} {:>9.2} {:>9.2}", "the eight, uncapped", totals[0], totals[1]);
}

/// A measure of the row of a layer.
type OfSite<'v> = Box<dyn Fn(&Layer, u32, Metric) -> f64 + 'v>;

/// One measure of a row of a candidate layer.
struct Measure<'v> {
    name: &'static str,
    /// Whether it is one of the eight that are measured for every site, nothing pruned.
    counts: bool,
    measure: OfSite<'v>,
}

fn measures(view: View<'_>) -> Vec<Measure<'_>> {
    let layer = |id: &str| view.layer(id).unwrap();
    let mut measures =
        vec![Measure { name: "area", counts: true, measure: Box::new(|layer, row, metric| metric.area_m2(&layer.shape(row))) }];
    let proximities = [
        (["junction", "junction 5 km"], "junctions", 5e3),
        (["siding", "siding 10 km"], "sidings", 10e3),
        (["substation", "substation 4 km"], "substations", 4e3),
        (["freight", "freight 60 km"], "freight", 60e3),
        (["nature", "nature 500 m"], "natura", 500.0),
    ];
    for ([name, capped], id, reach_m) in proximities {
        measures.push(Measure { name, counts: true, measure: nearest(layer(id), f64::INFINITY) });
        measures.push(Measure { name: capped, counts: false, measure: nearest(layer(id), reach_m) });
    }
    let chargers = layer("charging");
    let count = move |from: &Layer, row, metric| {
        let mut count = 0.0;
        chargers.ranges_within(&from.footprint(row), Reach { metric, limit_m: 5e3 }, |rows| count += rows.len() as f64);
        count
    };
    measures.push(Measure { name: "chargers", counts: true, measure: Box::new(count) });
    let (communes, centres) = (layer("communes"), centres(layer("communes")));
    let workers = communes.values("residents-at-work").unwrap();
    let mut totals = vec![0_i64];
    totals.extend(communes.rows().scan(0, |total, row| {
        *total += workers.number(row).unwrap() as i64;
        Some(*total)
    }));
    let labour = move |from: &Layer, row, metric| {
        let mut sum = 0;
        centres.ranges_within(&from.footprint(row), Reach { metric, limit_m: 20e3 }, |rows| {
            sum += totals[rows.end as usize] - totals[rows.start as usize];
        });
        sum as f64
    };
    measures.push(Measure { name: "labour", counts: true, measure: Box::new(labour) });
    measures
}

fn nearest<'v>(to: &'v Layer, limit_m: f64) -> OfSite<'v> {
    Box::new(move |from, row, metric| {
        to.nearest(&from.footprint(row), Reach { metric, limit_m }, |_| true).map_or(0.0, |near| near.distance_m)
    })
}

/// The communes as points at their centres.
fn centres(communes: &Layer) -> Layer {
    let number = |column: &str, row| communes.values(column).unwrap().number(row).unwrap();
    let mut shapes = Shapes::default();
    for row in communes.rows() {
        shapes.push_vertex([number("centre-x", row), number("centre-y", row)]);
        shapes.end_ring();
        shapes.end_part();
        shapes.end_feature(Kind::Point);
    }
    Layer::new(communes.entry().clone(), Texts::default(), Vec::new(), shapes)
}
