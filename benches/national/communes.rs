//! The national communes as a layer, and what the benchmarks that read them share.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use emprise::atlas::Atlas;
use emprise::ingest::{Request, run};
use emprise::layer::catalogue::parse;
use emprise::snapshot;
use emprise::tiles::address::Address;

/// The beginning of a layer's definition.
pub fn head(id: &str, role: &str, geometry: &str, file: &str) -> String {
    let source = r#"source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "synthetic", refresh = "never" }"#;
    format!(
        "id = \"{id}\"\ntitle = {{ fr = \"x\", en = \"x\" }}\nrole = \"{role}\"\nvisibility = \"public\"\ngeometry = \"{geometry}\"\nprecision_m = 0.0\nfiles = [\"{file}\"]\n{source}\n"
    )
}

/// A column of codes.
pub fn text(name: &str, from: &str) -> String {
    format!("columns.{name} = {{ from = [\"{from}\"], type = \"text\", pad = 5 }}\n")
}

/// The communes as `cargo bench --bench commuting` writes them.
pub fn communes() -> String {
    head("communes", "territory", "polygon", "communes.fgb")
        + "key = [\"code\"]\ntiles = { min_zoom = 4, max_zoom = 12, shown = [\"name\"] }\n"
        + "columns.code = { from = [\"code\"], type = \"text\", pad = 5, required = true }\n"
        + &text("name", "name")
        + &text("epci", "epci")
        + &text("department", "dep")
        + &text("region", "reg")
}

/// The communes and a table of this id, ingested from their files.
pub fn ingested(data: &Path, (id, table): (&str, &str), files: &[PathBuf]) -> Atlas {
    let layers = [parse(&communes(), "communes").unwrap(), parse(table, id).unwrap()];
    std::fs::create_dir_all(data).unwrap();
    run(&Request { data, sources: files, layers: &layers, stop: &AtomicBool::new(false) }, &mut |_| {}).unwrap();
    Atlas::open(&snapshot::open(data).unwrap()).unwrap()
}

/// Up to 400 tiles of a zoom over the country, evenly spread.
pub fn addresses(zoom: u8) -> Vec<Address> {
    let side = f64::from(zoom).exp2();
    let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u64;
    let y = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side) as u64;
    let all: Vec<(u64, u64)> = (x(-4.5)..=x(8.0)).flat_map(|x| (y(51.0)..=y(42.5)).map(move |y| (x, y))).collect();
    let step = all.len().div_ceil(400);
    all.iter().step_by(step).map(|&(x, y)| Address::new(u64::from(zoom), x, y).unwrap()).collect()
}

/// Sorts them.
pub fn quantiles(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() as f64 * share).ceil() as usize).clamp(1, values.len()) - 1];
    format!("p50 {:.2}, p99 {:.2}, largest {:.2}", at(0.5), at(0.99), values[values.len() - 1])
}
