//! The planner's question of the benchmark: what bears on each of 200 plots, as every other tool answers it.

use emprise::atlas::{Atlas, Rights};
use emprise::geometry::drawn::{Crs, Drawn};
use emprise::geometry::scale::Metric;
use emprise::ingest::read::{self, Cell};
use emprise::layer::definition::Read;
use emprise::snapshot;
use emprise::zoning::{Check, Plot, Rules, Terms, check};
use serde_json::Value;

use crate::harness::shared;
use crate::national::layers;

fn expected() -> Option<Value> {
    let path = shared("bench/expected/q2.json");
    let text = std::fs::read_to_string(&path).map_err(|error| eprintln!("skipped: {}: {error}", path.display()));
    Some(serde_json::from_str(&text.ok()?).unwrap())
}

/// The plots with their numbers, in the file's own metres.
fn plots() -> Vec<(String, Plot<'static>)> {
    let files = read::list(&[layers::work().join("data/q2_polys.parquet")]).unwrap();
    let table = read::open(&files[0], &Read::default()).unwrap();
    let number = table.columns.iter().position(|column| column == "id").unwrap();
    let rows = table.rows.map(|row| row.unwrap());
    rows.map(|row| {
        let Cell::Integer(id) = row.cells[number] else { panic!("{:?}", row.cells[number]) };
        let drawn = Drawn::from_geometry(row.geometry.unwrap(), Crs::named("EPSG:2154").unwrap()).unwrap();
        (id.to_string(), Plot::drawn(drawn, id.to_string()).unwrap())
    })
    .collect()
}

fn near(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

fn assert_same(plot: &str, answer: &Check<'_>, expected: &Value) {
    let of_theme = |theme: &'static str| answer.findings.iter().filter(move |finding| finding.theme == theme);
    let natura = expected["natura"].as_array().unwrap();
    let ids = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(
        ids(of_theme("natura").map(|finding| finding.id.to_owned()).collect()),
        ids(natura.iter().map(|site| site["id"].to_string()).collect()),
        "plot {plot}"
    );
    for site in natura {
        let finding = of_theme("natura").find(|finding| site["id"] == finding.id.parse::<u64>().unwrap()).unwrap();
        near(finding.distance_m, &site["d"], 1e-6, plot);
        near(finding.overlap_m2, &site["ov"], 1e-3 + 1e-6 * finding.overlap_m2, plot);
        near(finding.overlap_share, &site["share"], 1e-6, plot);
    }
    let zones = expected["zones"].as_array().unwrap();
    let mut found: Vec<_> = of_theme("zones").filter(|finding| finding.distance_m == 0.0).collect();
    found.sort_by_key(|finding| finding.id.parse::<u64>().unwrap());
    assert_eq!(found.len(), zones.len(), "plot {plot}");
    for (finding, zone) in found.iter().zip(zones) {
        assert_eq!(finding.id, zone[0].to_string(), "plot {plot}");
        near(finding.overlap_m2, &zone[1], 1e-3 + 1e-6 * finding.overlap_m2, plot);
    }
    for (layer, nearest) in expected["near"].as_object().unwrap() {
        let found = answer.nearby.iter().find(|near| near.feature.layer == layer).unwrap();
        near(found.distance_m, &nearest[1], 1e-6, plot);
        // Several stand at one place: the lowest id is named here, any of them there.
        let (id, named) = (found.feature.id.parse::<u64>().unwrap(), nearest[0].as_u64().unwrap());
        assert!(id <= named, "plot {plot}, {layer}: {id} instead of {named}");
    }
}

#[test]
fn what_bears_on_200_plots_is_what_the_other_tools_say() {
    let (Some(expected), Some(folder)) = (expected(), layers::data_folder()) else { return };
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let rules = Rules::of_folder(&layers::repository("benches/rules")).unwrap();
    let public = Rights::public();
    let rulebook = rules.resolve(atlas.view(&public)).unwrap();
    let terms = Terms { metric: Metric::Plane, ..Terms::default() };
    let plots = plots();
    assert_eq!(plots.len(), 200);
    for (id, plot) in &plots {
        assert_same(id, &check(plot, &rulebook, &terms), &expected[id]);
    }
}
