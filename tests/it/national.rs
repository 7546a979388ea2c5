//! The national question of the benchmark, answered as every other tool answers it: same sites, same order, same measures.

use emprise::atlas::{Atlas, Rights};
use emprise::siting::answer::{Answer, Finding, RankedSite};
use emprise::siting::{site, spec};
use emprise::snapshot;

use crate::harness::shared;

#[path = "../../benches/national/mod.rs"]
pub mod layers;

/// The answer that the other tools agree on; `None`, said aloud, where it is not on this machine.
fn expected() -> Option<serde_json::Value> {
    let path = shared("bench/expected/q1.json");
    let text = std::fs::read_to_string(&path).map_err(|error| eprintln!("skipped: {}: {error}", path.display()));
    Some(serde_json::from_str(&text.ok()?).unwrap())
}

fn finding<'s>(site: &'s RankedSite, criterion: &str) -> &'s Finding {
    site.findings.iter().find(|finding| finding.criterion == criterion).unwrap()
}

/// The value in base units (m, m², pieces).
fn base(finding: &Finding) -> f64 {
    let factor = finding.unit.map_or(1.0, |unit| unit.parse::<emprise::geometry::units::Unit>().unwrap().to_base(1.0));
    finding.value.as_f64().unwrap() * factor
}

fn assert_same(answer: &Answer, expected: &serde_json::Value) {
    assert_eq!(answer.passing as u64, expected["n"].as_u64().unwrap());
    let rows = expected["rows"].as_array().unwrap();
    let ids = |ids: &mut dyn Iterator<Item = String>| ids.collect::<Vec<_>>();
    assert_eq!(ids(&mut answer.sites.iter().map(|site| site.id.clone())), ids(&mut rows.iter().map(|row| row["id"].to_string())));
    for (site, row) in answer.sites.iter().zip(rows) {
        let number = |key: &str| row[key].as_f64().unwrap();
        let near = |criterion: &str, key: &str, tolerance: f64| {
            let (found, expected) = (base(finding(site, criterion)), number(key));
            assert!((found - expected).abs() <= tolerance, "{} {criterion}: {found} instead of {expected}", site.id);
        };
        near("area", "area", 1.0);
        for (criterion, key) in [("junction", "dj"), ("siding", "dr"), ("substation", "ds"), ("freight", "df"), ("nature", "dn")]
        {
            near(criterion, key, 1e-3);
            // Several junctions stand at one place: the lowest id is named, the others named any of them.
            let witness: u64 = finding(site, criterion).witness.as_ref().unwrap().id.parse().unwrap();
            let named = row[format!("{key}_id")].as_u64().unwrap();
            let tied = (base(finding(site, criterion)) - number(key)).abs() < 1e-6;
            assert!(witness == named || witness < named && tied, "{} {criterion}: {witness} instead of {named}", site.id);
        }
        near("chargers", "nc", 0.0);
        near("labour", "lab", 0.0);
        assert!((site.score - number("score")).abs() < 5e-9, "{}: {} instead of {}", site.id, site.score, number("score"));
    }
}

#[test]
fn the_national_question_has_the_agreed_answer() {
    let (Some(expected), Some(folder)) = (expected(), layers::data_folder()) else { return };
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let text = std::fs::read_to_string(layers::repository("benches/specs/national.yaml")).unwrap();
    let answer = site(&spec::read::read(&text).unwrap(), atlas.view(&Rights::public())).unwrap();
    assert_same(&answer, &expected);
}
