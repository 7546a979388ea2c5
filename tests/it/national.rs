//! The national question of the benchmark, answered as every other tool answers it: same sites, same order, same measures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::shape::Shapes;
use emprise::layer::catalogue;
use emprise::layer::definition::{FieldType, LayerDefinition};
use emprise::layer::value::{Value, ValuesBuilder};
use emprise::siting::answer::{Answer, Finding, RankedSite};
use emprise::siting::{site, spec};
use emprise::snapshot::manifest::{Counts, LayerEntry};
use fallible_streaming_iterator::FallibleStreamingIterator;
use flatgeobuf::{FeatureProperties, FgbReader};
use geozero::{ColumnValue, PropertyProcessor, ToGeo};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn bench_work() -> PathBuf {
    let temporary = || PathBuf::from(std::env::var_os("TMPDIR").unwrap_or("/var/tmp".into())).join("emprise-bench");
    std::env::var_os("BENCH_WORK").map_or_else(temporary, PathBuf::from)
}

/// The generated layers and the answer agreed on by the peers; `None`, said aloud, where they are not on this machine.
fn inputs(question: &str) -> Option<(PathBuf, serde_json::Value)> {
    let shared = std::env::var_os("EMPRISE_SHARED").map_or_else(|| repository("../shared"), PathBuf::from);
    let expected = shared.join("bench/expected").join(question);
    let data = bench_work().join("data");
    if !expected.exists() || !data.join("zones.fgb").exists() {
        eprintln!("skipped: the national benchmark needs {} and {}", expected.display(), data.display());
        return None;
    }
    Some((data, serde_json::from_str(&std::fs::read_to_string(expected).unwrap()).unwrap()))
}

/// Cells by their names in the source.
#[derive(Default)]
struct Cells(BTreeMap<String, Value>);

impl PropertyProcessor for Cells {
    fn property(&mut self, _: usize, name: &str, value: &ColumnValue) -> geozero::error::Result<bool> {
        let value = match value {
            ColumnValue::Long(integer) => Value::Integer(*integer),
            ColumnValue::Double(number) => Value::Number(*number),
            ColumnValue::String(text) => Value::Text((*text).to_owned()),
            _ => Value::Unknown,
        };
        self.0.insert(name.to_owned(), value);
        Ok(false)
    }
}

/// A generated FlatGeobuf, by its layer file.
fn read(data: &Path, definition: LayerDefinition) -> Layer {
    let file = std::fs::File::open(data.join(format!("{}.fgb", definition.id))).unwrap();
    let mut features = FgbReader::open(std::io::BufReader::new(file)).unwrap().select_all_seq().unwrap();
    let mut columns: Vec<(String, FieldType, ValuesBuilder)> = definition
        .columns
        .values()
        .map(|column| (column.from[0].clone(), column.kind, ValuesBuilder::new(column.kind)))
        .collect();
    let mut ids = Vec::new();
    let mut shapes = Shapes::default();
    while let Some(feature) = features.next().unwrap() {
        let mut cells = Cells::default();
        feature.process_properties(&mut cells).unwrap();
        ids.push(cells.0["id"].to_string());
        for (name, _, column) in &mut columns {
            column.push(cells.0.get(name).cloned().unwrap_or(Value::Unknown));
        }
        shapes.push_geometry(Some(&feature.to_geo().unwrap()));
    }
    let kept = ids.len() as u64;
    let counts = Counts { read: kept, kept, ..Counts::default() };
    let entry =
        LayerEntry { definition, files: Vec::new(), counts, problems: Vec::new(), sources: Vec::new(), extent_lonlat: None };
    Layer::new(entry, ids.iter().collect(), columns.into_iter().map(|(.., column)| column.finish()).collect(), shapes)
}

/// Processor seconds of this process, all threads.
fn processor_seconds() -> f64 {
    let ticks: f64 = std::fs::read_to_string("/proc/self/stat").map_or(0.0, |stat| {
        let after = stat.rsplit(')').next().unwrap_or_default().to_owned();
        after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum()
    });
    ticks / 100.0
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
    let Some((data, expected)) = inputs("q1.json") else { return };
    let layers = catalogue::read_folder(&repository("benches/layers")).unwrap();
    let wanted = layers.into_iter().filter(|layer| layer.id != "stations");
    let atlas = Atlas::from_layers("bench".into(), wanted.map(|definition| read(&data, definition)).collect());
    let spec = spec::read::read(&std::fs::read_to_string(repository("benches/specs/national.yaml")).unwrap()).unwrap();
    let (wall, processor) = (Instant::now(), processor_seconds());
    let answer = site(&spec, atlas.view(&Rights::public())).unwrap();
    eprintln!("national question: {:.3} s, {:.2} s of processor", wall.elapsed().as_secs_f64(), processor_seconds() - processor);
    for step in &answer.requirements {
        eprintln!("  {:<11} tested {:>6}  removed {:>6}  unknown {:>4}", step.criterion, step.tested, step.removed, step.unknown);
    }
    assert_same(&answer, &expected);
}
