//! Specificity and maps of territories on the national communes, as `cargo bench --bench territories`: 88 classes for all areas, a map's
//! classes, and cold tiles. The communes are those that `cargo bench --bench commuting` wrote; staff is drawn by lot.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

#[path = "national/communes.rs"]
mod communes;
mod national;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use communes::{addresses, head, ingested, quantiles, text};
use emprise::atlas::{Atlas, Rights, View};
use emprise::choropleth::breaks::Method;
use emprise::choropleth::colours::Ramp;
use emprise::choropleth::map::heaviest;
use emprise::choropleth::{Normalise, Question, choropleth};
use emprise::territory::indicators::Indicators;
use emprise::territory::specificity::Fabric;
use emprise::territory::specificity::activities::Classes;
use emprise::territory::specificity::quotient::{Part, expected, quotient};
use emprise::territory::specificity::reliability::{KAPPA, interval, shrunk};
use emprise::territory::specificity::staff::Counted;
use emprise::territory::{Geography, Level};
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::Drawing;
use emprise::tiles::pyramid::Pyramid;
use emprise::tiles::{Source, thinning, tile};

fn main() {
    let folder = national::work().join("commuting");
    if !folder.join("communes.fgb").exists() {
        return eprintln!(
            "skipped: there are no national communes in {}; run `cargo bench --bench commuting` first",
            folder.display()
        );
    }
    let atlas = opened(&folder);
    let view = atlas.view(&Rights::All);
    specificity(view);
    maps(view);
}

/// Both shares, the quotient, its interval and the shrunk one: each class of each area, against the country.
fn specificity(view: View<'_>) {
    let start = Instant::now();
    let fabric = Fabric::of(view).unwrap();
    println!("{} rows of staff read in {:.0} ms", fabric.staff.taken.rows, milliseconds(start));
    for level in [Level::Epci, Level::Commune] {
        let areas = fabric.geography.areas(level).unwrap();
        let mut spent: Vec<f64> = (0..15)
            .map(|_| {
                let start = Instant::now();
                let grouping = fabric.staff.grouping(&fabric.activities, Classes::A88);
                let own = fabric.staff.sums_by_area(areas.of_commune(), areas.len(), &grouping, Counted::Employees);
                let whole = fabric.staff.sums(0..fabric.geography.len() as u32, &grouping, Counted::Employees);
                let mut quotients = 0_u64;
                for (own, class) in own.iter().flat_map(|own| (0..grouping.codes.len()).map(move |class| (own, class))) {
                    let part = Part { of_it: own.by_class[class], of_all: own.total };
                    let there = Part { of_it: whole.by_class[class], of_all: whole.total };
                    if let (Some(quotient), Some(expected)) = (quotient(part, there), expected(part, there)) {
                        let found = (interval(quotient, part.of_it, expected), shrunk(part.of_it, expected, KAPPA));
                        quotients += u64::from(std::hint::black_box(found).1 > 0.0);
                    }
                }
                assert!(quotients > 1_000);
                milliseconds(start)
            })
            .collect();
        println!("88 classes of {} areas of level {level}: {} ms wall", areas.len(), quantiles(&mut spent));
    }
}

fn maps(view: View<'_>) {
    let indicators = Indicators::of(view, Arc::new(Geography::of(view).unwrap())).unwrap();
    let pyramid = Pyramid::default();
    for method in [Method::Quantile, Method::Jenks] {
        let normalise = Some(Normalise::Area);
        let question =
            Question { indicator: "employees".into(), level: Level::Commune, method, classes: 5, normalise, ramp: Ramp::Blue };
        let start = Instant::now();
        let map = choropleth(view, &indicators, &question).unwrap();
        println!(
            "{:?} of {} communes made in {:.1} ms",
            map.question.method,
            map.counts.iter().sum::<usize>(),
            milliseconds(start)
        );
        if map.question.method == Method::Jenks {
            continue;
        }
        let layer = view.layer("communes").unwrap();
        let start = Instant::now();
        pyramid.world(layer);
        println!("geometry made ready, once for all maps, in {:.0} ms", milliseconds(start));
        let worst = heaviest(layer.len());
        let source =
            |columns| Source { extra: columns, shown: vec!["name"], asked: true, key: "map".to_owned(), ..Source::of(layer) };
        for zoom in 4..=12_u8 {
            let start = Instant::now();
            thinning(
                &[source(worst.iter().map(|(name, values)| (*name, values)).collect())],
                addresses(zoom)[0],
                &pyramid,
                &|| true,
            );
            println!("zoom {zoom}: how far it is thinned, once for all maps, found in {:.0} ms", milliseconds(start));
            let (mut spent, mut sizes) = (Vec::new(), Vec::new());
            for address in addresses(zoom) {
                let source = source(map.columns.iter().map(|(name, values)| (*name, values)).collect());
                let start = Instant::now();
                let body = compress(tile(&[source], address, &Drawing::default(), &pyramid), Encoding::Gzip);
                spent.push(milliseconds(start));
                sizes.push(body.len() as f64 / 1024.0);
            }
            println!("zoom {zoom}: {} tiles, wall {} ms; kB {}", spent.len(), quantiles(&mut spent), quantiles(&mut sizes));
        }
    }
}

/// Communes as they are, and for each about 35 classes with some staff.
fn opened(folder: &Path) -> Atlas {
    let number = |name: &str, kind: &str| format!("columns.{name} = {{ from = [\"{name}\"], type = \"{kind}\" }}\n");
    let staff = head("establishments", "table", "none", "staff.csv")
        + &text("commune", "commune")
        + &text("activity", "activity")
        + &number("employees", "number")
        + &number("establishments", "integer")
        + "[indicators.employees]\ntitle = { fr = \"x\", en = \"x\" }\ntheme = \"economy\"\nrule = { sum = [\"employees\"] }\nabsent = \"zero\"\n";
    let file = folder.join("staff.csv");
    if !file.exists() {
        std::fs::write(&file, drawn_by_lot(folder)).unwrap();
    }
    ingested(&folder.join("territories"), ("establishments", &staff), &[folder.join("communes.fgb"), file])
}

fn drawn_by_lot(folder: &Path) -> String {
    let flows = std::fs::read_to_string(folder.join("od.csv")).unwrap();
    let mut communes: Vec<&str> = flows.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    communes.sort_unstable();
    communes.dedup();
    let divisions: Vec<u32> = (1..=99).filter(|n| ![4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89].contains(n)).collect();
    let mut seed = 11_u64;
    let mut roll = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let mut text = String::from("commune,activity,employees,establishments\n");
    for commune in communes {
        for _ in 0..35 {
            let (division, class) = (divisions[roll(divisions.len() as u64) as usize], roll(8));
            let employees = 1 + roll(40) * roll(10);
            writeln!(text, "{commune},{division:02}{class}0Z,{employees},{}", 1 + roll(5)).unwrap();
        }
    }
    text
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
