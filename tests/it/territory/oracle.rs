//! Twenty-six indicators over the real files of Île-de-France, declared here in the words of layer files, against pandas.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use emprise::atlas::{Atlas, Rights};
use emprise::ingest::{Request, run};
use emprise::layer::definition::LayerDefinition;
use emprise::layer::shipped::shipped;
use emprise::snapshot;
use emprise::territory::{Geography, Indicators, Level};
use serde_json::Value;

use crate::harness::{definition, repository, shared};

const FILES: [&str; 5] = [
    "commuting/mobpro_idf_od.csv.gz",
    "commuting/mobpro_idf_mode_csp.csv.gz",
    "territories/communes_2026.parquet",
    "territories/decoupage/communes.json.gz",
    "brownfields/cartofriches_2024.csv.gz",
];

fn indicator(id: &str, rule: &str, only: &str) -> String {
    let only = if only.is_empty() { String::new() } else { format!("where = \"{only}\"\n") };
    format!(
        "[indicators.{id}]\ntitle = {{ fr = \"T\", en = \"T\" }}\ntheme = \"labour\"\nrule = {rule}\nabsent = \"zero\"\n{only}"
    )
}

fn column(name: &str, from: &str, kind: &str) -> String {
    format!("columns.{name} = {{ from = [\"{from}\"], type = \"{kind}\" }}\n")
}

/// The detail of flows seen from one end.
fn side(id: &str, code: &str) -> LayerDefinition {
    let workers = "{ sum = [\"workers\"] }";
    let mut lines =
        "role = \"table\"\nvisibility = \"public\"\ngeometry = \"none\"\nfiles = [\"mobpro_idf_mode_csp.csv\"]\n".to_owned();
    lines += &column("commune", code, "text");
    lines += &(column("mode", "MODE", "text") + &column("class", "CSP", "integer") + &column("workers", "FLOW", "number"));
    lines += &indicator(&format!("{id}-all"), workers, "");
    lines += &indicator(&format!("{id}-rows"), "\"count\"", "");
    for (word, mode) in [("car", "VP"), ("transit", "TC"), ("walk", "NM"), ("home", "DOMICILE")] {
        lines += &indicator(&format!("{id}-{word}"), workers, &format!("mode = '{mode}'"));
    }
    lines += &indicator(&format!("{id}-class"), "{ weighted-mean = { of = \"class\", weight = \"workers\" } }", "");
    lines += &indicator(&format!("{id}-ratio"), "{ ratio = { of = [\"workers\"], to = [\"class\"] } }", "");
    if id == "homes" {
        (1..=6).for_each(|class| lines += &indicator(&format!("homes-class-{class}"), workers, &format!("class = {class}")));
    }
    definition(id, &lines)
}

fn layers() -> Vec<LayerDefinition> {
    let table = "role = \"table\"\nvisibility = \"public\"\ngeometry = \"none\"\n";
    let flows = format!("{table}files = [\"mobpro_idf_od.csv\"]\n")
        + &column("commune", "CODGEO", "text")
        + &column("workers", "NBFLUX_ACTOCC15P", "number")
        + &indicator("flows-all", "{ sum = [\"workers\"] }", "");
    let friches = format!(
        "{table}files = [\"cartofriches_2024.csv\"]\ncolumns.commune = {{ from = [\"comm_insee\"], type = \"text\", pad = 5 }}\n"
    ) + &column("area", "unite_fonciere_surface", "number")
        + &indicator("friches", "\"count\"", "")
        + &indicator("friches-area", "{ sum = [\"area\"] }", "");
    let own = [side("homes", "ORI"), side("works", "DES"), definition("flows", &flows), definition("friches", &friches)];
    let places = shipped().unwrap().into_iter().filter(|layer| ["communes", "former-communes"].contains(&layer.id.as_str()));
    places.chain(own).collect()
}

/// The indicators of the real files and pandas' answer; `None`, said aloud, without one of them.
fn real() -> Option<(Indicators, Value)> {
    let python = std::env::var("EMPRISE_PYTHON").unwrap_or_else(|_| "python3".into());
    let mut oracle = Command::new(python);
    oracle.arg("-B").arg(repository("tests/oracle/indicators.py")).arg(shared("")).stderr(Stdio::null());
    let sources = FILES.map(|file| shared("data").join(file));
    let answer = oracle.output().ok().filter(|answer| answer.status.success());
    let Some(answer) = answer.filter(|_| sources.iter().all(|file| file.exists())) else {
        eprintln!("skipped: the real files, or a python3 with pandas (EMPRISE_PYTHON), are not here");
        return None;
    };
    let data = tempfile::tempdir().unwrap();
    let request = Request { data: data.path(), sources: &sources, layers: &layers(), stop: &AtomicBool::new(false) };
    run(&request, &mut |_| {}).unwrap();
    let atlas = Atlas::open(&snapshot::open(data.path()).unwrap()).unwrap();
    let view = atlas.view(&Rights::All);
    let book = Indicators::of(view, Arc::new(Geography::of(view).unwrap())).unwrap();
    Some((book, serde_json::from_slice(&answer.stdout).unwrap()))
}

#[test]
fn the_numbers_of_ile_de_france_are_those_of_pandas() {
    let Some((book, expected)) = real() else { return };
    for (table, rows) in expected["not_mapped"].as_object().unwrap() {
        let series = book.series().iter().find(|series| series.taken.layer == *table).unwrap();
        assert_eq!(series.taken.not_mapped, rows.as_u64().unwrap(), "{table}");
    }
    let mut compared = 0;
    for level in [Level::Commune, Level::Epci, Level::Departement] {
        let areas = book.geography.areas(level).unwrap();
        for (code, numbers) in expected["values"][level.word()].as_object().unwrap() {
            let area = areas.with_code(code).unwrap_or_else(|| panic!("{level} {code}")) as usize;
            for (id, pair) in numbers.as_object().unwrap() {
                let id = if id == "people" { "population" } else { id };
                let figure = book.figures(book.one(id).unwrap(), level).unwrap()[area];
                let (value, whole) = (pair[0].as_f64(), pair[1].as_bool().unwrap());
                let same = match (figure.value, value) {
                    (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                    // Where every cell is missing pandas adds up to nothing; here nothing is known.
                    (None, Some(expected)) => !whole && expected == 0.0,
                    (found, expected) => found == expected,
                };
                assert!(same, "{level} {code} {id}: {figure:?} is not {value:?}");
                assert!(figure.value.is_none() || figure.at_least != whole, "{level} {code} {id}: {figure:?} {whole}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1266 * 26, "{compared}");
    eprintln!("{compared} numbers compared");
}
