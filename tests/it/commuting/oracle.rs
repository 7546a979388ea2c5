//! The real flows of Île-de-France, against sums that numpy makes from the publishers' files.

use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use emprise::atlas::{Atlas, Rights};
use emprise::commuting::workers::Workers;
use emprise::commuting::{Commuting, Filter, Question, portrait};
use emprise::ingest::{Request, run};
use emprise::layer::shipped::shipped;
use emprise::snapshot;
use emprise::territory::Level;
use serde_json::Value;

use crate::harness::{repository, shared};

/// The decoded files and numpy's answer; `None`, said aloud, without one of them.
fn real() -> Option<(Commuting, Value)> {
    let python = std::env::var("EMPRISE_PYTHON").unwrap_or_else(|_| "python3".into());
    let mut oracle = Command::new(python);
    oracle.arg("-B").arg(repository("tests/oracle/commuting.py")).arg(shared("")).stderr(Stdio::null());
    let files = [
        "commuting/mobpro_idf_od.csv.gz",
        "commuting/mobpro_idf_mode_csp.csv.gz",
        "territories/communes_2026.parquet",
        "territories/regions_2025_lambert93.gpkg",
        "territories/territoires_industrie_2024.geojson",
        "territories/decoupage/communes.json.gz",
    ];
    let sources = files.map(|file| shared("data").join(file));
    let answer = oracle.output().ok().filter(|answer| answer.status.success());
    let Some(answer) = answer.filter(|_| sources.iter().all(|file| file.exists())) else {
        eprintln!("skipped: the real flows, or python3 with numpy, are not here");
        return None;
    };
    let data = tempfile::tempdir().unwrap();
    let layers = shipped().unwrap();
    let request = Request { data: data.path(), sources: &sources, layers: &layers, stop: &AtomicBool::new(false) };
    run(&request, &mut |_| {}).unwrap();
    let atlas = Atlas::open(&snapshot::open(data.path()).unwrap()).unwrap();
    Some((Commuting::of(atlas.view(&Rights::All)).unwrap(), serde_json::from_slice(&answer.stdout).unwrap()))
}

fn close(found: Workers, expected: &Value, what: &str) {
    let (found, expected) = (found.count(), expected.as_f64().unwrap());
    assert!((found - expected).abs() <= 1e-9 * expected.max(1.0), "{what}: {found} is not {expected}");
}

#[test]
fn the_flows_of_ile_de_france_are_those_of_the_files() {
    let Some((book, expected)) = real() else { return };
    close(book.flows.total(), &expected["total"], "all");
    let detail = book.detail.as_ref().unwrap();
    close(detail.matrix.total(), &expected["detail_total"], "in detail");
    assert_eq!(detail.matrix.total().rounded(), 5_323_745);
    assert_eq!((book.taken.not_mapped, book.taken.negative, book.taken.incomplete), (0, 0, 0), "{:?}", book.taken);
    assert!(book.taken.by_arrondissement > 10_000 && book.taken.by_merged_commune > 1_000, "{:?}", book.taken);
    let car = Filter { mode: Some("car".into()), occupation: None };
    let by_car = book.filtered(&car).unwrap().unwrap().total();
    for level in Level::PARTING.into_iter().filter(|level| *level != Level::LabourZone) {
        assert_eq!(book.between(level, &Filter::default()).unwrap().matrix.total(), book.flows.total(), "{level}");
        assert_eq!(book.between(level, &car).unwrap().matrix.total(), by_car, "{level}");
    }
    for level in [Level::Commune, Level::Epci, Level::Departement] {
        let areas = expected[level.word()].as_object().unwrap();
        assert!(areas.len() >= 8, "{level}");
        for (code, sums) in areas {
            let territory = book.geography.territory(level, code).unwrap();
            let answer = portrait(&book, &Question { territory, by: level, min: 400, filter: Filter::default() }).unwrap();
            let totals = &answer.totals;
            for (found, expected) in
                [totals.residents_at_work, totals.jobs_taken, totals.internal].into_iter().zip(sums.as_array().unwrap())
            {
                close(found, expected, &format!("{level} {code}"));
            }
            if level == Level::Departement {
                check_modes(&answer.modes.unwrap().split.residents, &expected["modes"][code]);
            }
        }
    }
    check_flows(&book, &expected["flows"]);
}

fn check_modes(modes: &[emprise::commuting::portrait::Mode], expected: &Value) {
    let words = [("VP", "car"), ("TC", "public transport"), ("NM", "walking and cycling"), ("DOMICILE", "works at home")];
    for (word, ours) in words {
        close(modes.iter().find(|mode| mode.mode == ours).unwrap().workers, &expected[word], word);
    }
}

/// Every flow of 400 and more between EPCI, and no other.
fn check_flows(book: &Commuting, expected: &Value) {
    let between = book.between(Level::Epci, &Filter::default()).unwrap();
    let areas = book.geography.areas(Level::Epci).unwrap();
    let expected = expected.as_object().unwrap();
    let known = areas.len() as u32;
    let pairs = between.matrix.pairs().filter(|pair| pair.from != pair.to && pair.from < known && pair.to < known);
    let mut found = 0;
    for pair in pairs.filter(|pair| pair.workers >= Workers::whole(400)) {
        let name = format!("{} {}", areas.code(pair.from), areas.code(pair.to));
        close(pair.workers, &expected[&name], &name);
        found += 1;
    }
    assert!(found == expected.len() && found > 100, "{found} of {}", expected.len());
}
