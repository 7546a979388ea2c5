//! The national question asked of parcels: how its cost grows with the number of candidates, as `cargo bench --bench parcels`.
//!
//! Ten thousand and a hundred thousand are every hundredth and every tenth of a million, so that they stand in the same country.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

#[path = "national/answers.rs"]
mod answers;
mod national;
#[path = "national/rerank.rs"]
mod rerank;

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::time::Instant;

use emprise::atlas::{Atlas, Rights};
use emprise::siting::{site, spec};
use emprise::snapshot;
use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader, FgbWriter, GeometryType};
use geozero::{ColumnValue, PropertyProcessor, ToGeo};

const RUNS: usize = 5;

fn main() {
    let text = std::fs::read_to_string(national::repository("benches/specs/national.yaml")).unwrap();
    let text = text.replace("[zones, brownfields]", "[parcels]");
    let spec = spec::read::read(&text).unwrap();
    for every in [100, 10, 1] {
        let Some(folder) = data_folder(every) else { return };
        let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
        let (rights, resident) = (Rights::public(), national::resident_mb("VmRSS"));
        let parcels = atlas.view(&rights).layer("parcels").unwrap().len();
        let mut runs: Vec<(f64, f64)> = Vec::new();
        let mut answer = None;
        for _ in 0..RUNS {
            let (wall, processor) = (Instant::now(), national::processor_seconds());
            answer = Some(site(&spec, atlas.view(&rights)).unwrap());
            runs.push((national::processor_seconds() - processor, wall.elapsed().as_secs_f64()));
        }
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (answer, median) = (answer.unwrap(), runs[RUNS / 2]);
        println!(
            "{parcels:>9} parcels: {:>6} pass; processor {:.3} s ({:.3} to {:.3}), {:.2} µs a parcel; {:.3} s by the clock; {} MB with the data, {} MB at most",
            answer.passing,
            median.0,
            runs[0].0,
            runs[RUNS - 1].0,
            1e6 * median.0 / parcels as f64,
            median.1,
            resident,
            national::resident_mb("VmHWM")
        );
        rerank::rerank(&text, &atlas);
        if every == 1 {
            answers::write("q3", &answer);
        }
    }
}

/// The national snapshot with every so manieth parcel.
fn data_folder(every: usize) -> Option<PathBuf> {
    let whole = national::source("parcels");
    if !whole.exists() {
        eprintln!("skipped: there are no parcels at {}", whole.display());
        return None;
    }
    let some = national::work().join(format!("parcels-{every}/parcels.fgb"));
    if every > 1 && !some.exists() {
        sample(&whole, &some, every);
    }
    national::ingested(&format!("emprise-parcels-{every}"), |layer| match layer {
        "parcels" if every > 1 => Some(some.clone()),
        "zones" | "brownfields" => None,
        other => Some(national::source(other)),
    })
}

fn sample(from: &Path, to: &Path, every: usize) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    let mut bytes = BufReader::new(File::open(from).unwrap());
    let mut features = FgbReader::open(&mut bytes).unwrap().select_all_seq().unwrap();
    let mut writer = FgbWriter::create("parcels", GeometryType::Polygon).unwrap();
    writer.add_column("id", flatgeobuf::ColumnType::Long, |_, _| {});
    writer.add_column("area_ha", flatgeobuf::ColumnType::Double, |_, _| {});
    let mut place = 0;
    while let Some(feature) = features.next().unwrap() {
        if place % every == 0 {
            let id: i64 = feature.property("id").unwrap();
            let area: f64 = feature.property("area_ha").unwrap();
            let written = writer.add_feature_geom(feature.to_geo().unwrap(), |row| {
                row.property(0, "id", &ColumnValue::Long(id)).unwrap();
                row.property(1, "area_ha", &ColumnValue::Double(area)).unwrap();
            });
            written.unwrap();
        }
        place += 1;
    }
    writer.write(BufWriter::new(File::create(to).unwrap())).unwrap();
}
