//! From source files to a snapshot: every rule of the road, and what happens when the road is cut.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;

use emprise::ingest::report::Report;
use emprise::ingest::{IngestError, Request, run};
use emprise::layer::definition::LayerDefinition;
use emprise::layer::shipped::shipped;
use emprise::snapshot::manifest::ProblemKind;
use emprise::snapshot::staging::Staging;
use emprise::snapshot::{Snapshot, open, verify};
use fallible_streaming_iterator::FallibleStreamingIterator;
use flatgeobuf::{FeatureProperties, FgbReader};
use geozero::ToGeo;
use geozero::ToWkt;

use crate::harness::{definition, signal};

/// A layer of this geometry with these further lines.
fn layer(id: &str, geometry: &str, lines: &str) -> LayerDefinition {
    let head = format!(
        "role = \"infrastructure\"\nvisibility = \"public\"\ngeometry = \"{geometry}\"\nfiles = [\"{id}*.geojson\", \"{id}*.csv\"]"
    );
    definition(id, &format!("{head}\n{lines}"))
}

fn sheds(lines: &str) -> LayerDefinition {
    let columns = r#"
        [columns]
        code = { from = ["CODE"], type = "text", required = true }
        height = { from = ["H"], type = "number", unit = "m" }
        built = { from = ["BUILT"], type = "date" }
        count = { from = ["N"], type = "integer" }
        used = { from = ["USED"], type = "boolean" }
    "#;
    layer("sheds", "point", &format!("{lines}\nread = {{ geometry = {{ xy = {{ x = [\"x\"], y = [\"y\"] }} }} }}\n{columns}"))
}

const SHEDS: &str = "CODE,x,y,H,BUILT,N,USED\nb,2.35,48.86,12.5,2020-01-31,3,oui\na,55.45,-20.88,,,,\n";

/// A folder of sources and a data folder.
struct Road {
    folder: tempfile::TempDir,
}

impl Road {
    fn of(files: &[(&str, &str)]) -> Road {
        let road = Road { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(road.sources()).unwrap();
        files.iter().for_each(|(name, text)| road.put(name, text));
        road
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.sources().join(name), text).unwrap();
    }

    fn sources(&self) -> PathBuf {
        self.folder.path().join("sources")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn ingest(&self, layers: &[LayerDefinition]) -> Result<Report, IngestError> {
        let stop = AtomicBool::new(false);
        let sources = [self.sources()];
        run(&Request { data: &self.data(), sources: &sources, layers, stop: &stop }, &mut |_| ())
    }

    fn snapshot(&self) -> Snapshot {
        let snapshot = open(&self.data()).unwrap();
        verify(&snapshot).unwrap();
        snapshot
    }

    fn rejects(&self, layer: &str) -> String {
        fs::read_to_string(self.data().join("rejects").join(self.snapshot().id).join(format!("{layer}.csv"))).unwrap()
    }
}

/// The features of a file of the current snapshot by id: their properties, and their geometry as WKT.
fn features(snapshot: &Snapshot, file: &str) -> BTreeMap<String, (String, String)> {
    let bytes = fs::read(snapshot.folder.join("layers").join(file)).unwrap();
    let mut reader = FgbReader::open(std::io::Cursor::new(bytes)).unwrap().select_all_seq().unwrap();
    let mut features = BTreeMap::new();
    while let Some(feature) = reader.next().unwrap() {
        let mut properties = feature.properties().unwrap();
        let id = properties.remove("id").unwrap();
        let mut sorted: Vec<String> = properties.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        sorted.sort();
        let wkt = feature.to_geo().map(|geometry| geometry.to_wkt().unwrap()).unwrap_or_default();
        features.insert(id, (sorted.join(" "), wkt));
    }
    features
}

fn count(report: &Report, kind: ProblemKind) -> u64 {
    report.layers.iter().flat_map(|layer| &layer.problems).filter(|problem| problem.kind == kind).map(|one| one.count).sum()
}

#[test]
fn a_layer_comes_out_as_it_went_in() {
    let road = Road::of(&[("sheds.csv", SHEDS)]);
    let report = road.ingest(&[sheds("key = [\"code\"]")]).unwrap();
    assert_eq!((report.layers[0].counts.read, report.layers[0].counts.kept), (2, 2));
    let snapshot = road.snapshot();
    assert_eq!(snapshot.id, report.snapshot);
    let paris = &features(&snapshot, "sheds.metropole.fgb")["b"];
    assert_eq!(paris.0, "built=2020-01-31 code=b count=3 height=12.5 used=true");
    assert!(paris.1.starts_with("MULTIPOINT(652"), "{}", paris.1);
    assert_eq!(features(&snapshot, "sheds.reunion.fgb")["a"].0, "code=a", "unknown is absent");
    let entry = snapshot.manifest.layer("sheds").unwrap();
    let extent = entry.extent_lonlat.unwrap();
    for (found, expected) in extent.iter().zip([2.35, -20.88, 55.45, 48.86]) {
        assert!((found - expected).abs() < 1e-6, "{extent:?}");
    }
    assert_eq!((entry.sources[0].name.as_str(), entry.sources[0].crs.as_str()), ("sheds.csv", "EPSG:4326"));
}

#[test]
fn a_file_explains_itself() {
    let road = Road::of(&[("sheds.csv", SHEDS)]);
    road.ingest(&[sheds("key = [\"code\"]")]).unwrap();
    let bytes = fs::read(road.snapshot().folder.join("layers/sheds.reunion.fgb")).unwrap();
    let reader = FgbReader::open(std::io::Cursor::new(bytes)).unwrap();
    let header = reader.header();
    assert_eq!(header.crs().unwrap().code(), 2975);
    assert_eq!(header.title(), Some("Title sheds"));
    assert!(header.metadata().unwrap().contains("\"licence\":\"L\""));
    let columns = header.columns().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    assert_eq!(names, ["id", "built", "code", "count", "height", "used"]);
    assert_eq!(columns.get(4).description(), Some("unit: m"));
}

#[test]
fn equal_input_gives_equal_bytes_on_any_number_of_threads() {
    let mut text = String::from("CODE,x,y\n");
    for i in 0..20_000 {
        text += &format!("{i},{},{}\n", 1.0 + f64::from(i % 173) * 0.01, 45.0 + f64::from(i % 211) * 0.01);
    }
    let road = || Road::of(&[("sheds.csv", &text)]);
    let (one, many) = (road(), road());
    let layers = [sheds("key = [\"code\"]")];
    let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
    threads(1).install(|| one.ingest(&layers)).unwrap();
    threads(4).install(|| many.ingest(&layers)).unwrap();
    assert_eq!(one.snapshot().id, many.snapshot().id);
    let file = |road: &Road| fs::read(road.snapshot().folder.join("layers/sheds.metropole.fgb")).unwrap();
    assert_eq!(file(&one), file(&many));
    let first = one.snapshot().manifest.created;
    one.ingest(&layers).unwrap();
    assert_eq!(one.snapshot().manifest.created, first, "the snapshot that is there is kept");
}

/// One feature a line: (code, geometry).
fn collection(features: &[(&str, &str)]) -> String {
    let feature =
        |(code, geometry): &(&str, &str)| format!(r#"{{"type":"Feature","properties":{{"CODE":{code}}},"geometry":{geometry}}}"#);
    let features: Vec<String> = features.iter().map(feature).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

fn polygon(ring: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#)
}

#[test]
fn every_fault_of_a_geometry_is_counted_and_nothing_is_lost() {
    let square = polygon("[2,48],[2.01,48],[2.01,48.01],[2,48.01],[2,48]");
    let spiked = polygon("[2,48],[2.01,48],[2.01,48.005],[2.02,48.005],[2.01,48.005],[2.01,48.01],[2,48.01],[2,48]");
    let bow_tie = polygon("[2,48],[2.01,48.01],[2.01,48],[2,48.01],[2,48]");
    let repeated = polygon("[2,48],[2,48],[2.01,48],[2.01,48.01],[2,48.01],[2,48]");
    let deep = polygon("[2,48,7],[2.01,48,7],[2.01,48.01,7],[2,48]");
    let swapped = polygon("[48,2],[48,2.01],[48.01,2.01],[48,2]");
    let away = polygon("[100,2],[100,2.01],[100.01,2.01],[100,2]");
    let flat = polygon("[2,48],[2.01,48],[2,48]");
    let mixed = format!(r#"{{"type":"GeometryCollection","geometries":[{{"type":"Point","coordinates":[2,48]}},{square}]}}"#);
    let line = r#"{"type":"LineString","coordinates":[[2,48],[2.1,48]]}"#;
    let text = collection(&[
        ("\"good\"", &square),
        ("\"spiked\"", &spiked),
        ("\"bow-tie\"", &bow_tie),
        ("\"repeated\"", &repeated),
        ("\"deep\"", &deep),
        ("\"swapped\"", &swapped),
        ("\"away\"", &away),
        ("\"flat\"", &flat),
        ("\"mixed\"", &mixed),
        ("\"line\"", line),
        ("\"none\"", "null"),
        ("\"good\"", &square),
        ("null", &square),
        ("\"left out\"", &square),
    ]);
    let road = Road::of(&[("plots.geojson", &text)]);
    let plots = layer(
        "plots",
        "polygon",
        "key = [\"code\"]\nread = { except = { CODE = [\"left out\"] } }\n\
         [columns]\ncode = { from = [\"CODE\"], type = \"text\" }",
    );
    let report = road.ingest(std::slice::from_ref(&plots)).unwrap();
    let counts = report.layers[0].counts;
    assert!(counts.balanced());
    assert_eq!((counts.read, counts.kept, counts.repaired, counts.rejected, counts.filtered), (14, 7, 1, 5, 1));
    use ProblemKind as P;
    for (kind, expected) in [
        (P::Repaired, 1),
        (P::RepairTooLarge, 1),
        (P::RepeatedPoint, 1),
        (P::DroppedZ, 1),
        (P::AxisSwapped, 1),
        (P::OutsideEveryTerritory, 1),
        (P::TooFewPoints, 1),
        (P::ExplodedCollection, 1),
        (P::DroppedMember, 1),
        (P::MissingGeometry, 1),
        (P::DuplicateKey, 1),
        (P::MissingKey, 1),
    ] {
        assert_eq!(count(&report, kind), expected, "{kind:?}");
    }
    let found = features(&road.snapshot(), "plots.metropole.fgb");
    let ids: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(ids, ["#13", "deep", "good", "line", "mixed", "repeated", "spiked"]);
    let nowhere = features(&road.snapshot(), "plots.fgb");
    assert_eq!(nowhere.keys().collect::<Vec<_>>(), ["none"], "kept without geometry");
    let rejects = road.rejects("plots");
    assert!(rejects.starts_with("what,file,row,column,value,reason\n"), "{rejects}");
    assert!(rejects.contains("row,plots.geojson,6,,48 2,axis swapped? latitude before longitude"), "{rejects}");
    assert!(rejects.contains("repair,plots.geojson,2,"), "{rejects}");
    assert!(rejects.contains("row,plots.geojson,12,,good,key already taken"), "{rejects}");
    assert_eq!(rejects.lines().filter(|line| line.starts_with("row,")).count() as u64, counts.rejected);

    let strict = LayerDefinition { invalid: emprise::layer::definition::Invalid::Reject, ..plots };
    let counts = road.ingest(&[strict]).unwrap().layers[0].counts;
    assert_eq!((counts.repaired, counts.rejected), (0, 6), "a layer may refuse repairs");
}

#[test]
fn a_cell_that_does_not_read_is_unknown_and_its_row_stays() {
    let text = "CODE,x,y,H,BUILT,N,USED\na,2.35,48.86,tall,2020-13-01,1.5,perhaps\nb,2.35,north,1,,,\n";
    let road = Road::of(&[("sheds.csv", text)]);
    let report = road.ingest(&[sheds("key = [\"code\"]")]).unwrap();
    let counts = report.layers[0].counts;
    assert_eq!((counts.read, counts.kept, counts.rejected), (2, 1, 1));
    assert_eq!(count(&report, ProblemKind::UnreadableCell), 4);
    assert_eq!(features(&road.snapshot(), "sheds.metropole.fgb")["a"].0, "code=a");
    let rejects = road.rejects("sheds");
    assert!(rejects.contains("cell,sheds.csv,1,height,tall,cell that does not read as its type"), "{rejects}");
    assert!(rejects.lines().any(|line| line.starts_with("row,sheds.csv,2,y,north,")), "{rejects}");
}

#[test]
fn places_that_cannot_be_are_told() {
    let text = "CODE,x,y,commune\nsea,-7,49,29155\nmix,55.45,-20.88,75056\n";
    let columns = "read = { geometry = { xy = { x = [\"x\"], y = [\"y\"] } } }\n[columns]\n\
        commune = { from = [\"commune\"], type = \"text\" }";
    let mut towns = layer("towns", "point", columns);
    towns.role = emprise::layer::definition::Role::Territory;
    let road = Road::of(&[("towns.csv", text)]);
    let report = road.ingest(&[towns]).unwrap();
    assert_eq!(report.layers[0].counts.kept, 2);
    assert_eq!((count(&report, ProblemKind::ImplausiblePosition), count(&report, ProblemKind::ContradictedPosition)), (1, 1));
    assert_eq!(features(&road.snapshot(), "towns.fgb").len(), 1, "no one lives west of Ouessant: the place is unknown");
    assert!(road.rejects("towns").contains("in Réunion, while the code is of Metropolitan France"));
}

#[test]
fn each_territory_has_its_file_in_its_own_crs() {
    let text = "CODE,x,y\n1,2.35,48.86\n2,-61.73,16.0\n3,-52.33,4.94\n4,55.45,-20.88\n5,45.23,-12.78\n6,-56.18,46.78\n";
    let road = Road::of(&[("sheds.csv", text)]);
    road.ingest(&[sheds("")]).unwrap();
    let snapshot = road.snapshot();
    let territories: Vec<&str> = snapshot.manifest.files().map(|file| file.territory.as_deref().unwrap()).collect();
    let all = ["metropole", "antilles", "guyane", "reunion", "mayotte", "saint-pierre-et-miquelon"];
    assert_eq!(territories, all);
    for (row, key) in all.iter().enumerate() {
        assert!(features(&snapshot, &format!("sheds.{key}.fgb")).contains_key(&format!("#{}", row + 1)));
    }
}

#[test]
fn the_preferred_file_is_taken_and_the_rest_is_told() {
    let road = Road::of(&[("SHEDS-2024.CSV", SHEDS), ("readme.txt", "hello"), ("sketch.csv", SHEDS)]);
    let mut layer = sheds("key = [\"code\"]");
    layer.files = vec!["none*.csv".into(), "sheds*.csv".into(), "sketch*.csv".into()];
    let report = road.ingest(std::slice::from_ref(&layer)).unwrap();
    assert!(report.layers[0].files[0].name.ends_with("SHEDS-2024.CSV"));
    assert!(report.layers[0].set_aside[0].ends_with("sketch.csv"));
    assert!(report.unmatched.len() == 1 && report.unmatched[0].ends_with("readme.txt"));

    road.put("sheds-2025.csv", SHEDS);
    let message = road.ingest(std::slice::from_ref(&layer)).unwrap_err().to_string();
    assert!(message.contains("SHEDS-2024.CSV") && message.contains("sheds-2025.csv"), "{message}");
    layer.many_files = true;
    layer.duplicates = emprise::layer::definition::Duplicates::Keep;
    let report = road.ingest(&[layer]).unwrap();
    assert_eq!((report.layers[0].files.len(), report.layers[0].counts.kept), (3, 6));
    assert_eq!(count(&report, ProblemKind::KeptDuplicate), 4);
    assert!(features(&road.snapshot(), "sheds.metropole.fgb").contains_key("b~3"));
}

#[test]
fn an_alternative_brings_its_own_licence() {
    let road = Road::of(&[("sketch.csv", SHEDS)]);
    let mut layer = sheds("key = [\"code\"]\nalternatives = [{ files = [\"sketch*.csv\"], precision_m = 5000.0 }]");
    layer.alternatives[0].read = Some(layer.read.clone());
    road.ingest(&[layer]).unwrap();
    assert_eq!(road.snapshot().manifest.layers[0].definition.precision_m, 5000.0);
}

#[test]
fn what_cannot_be_read_is_named_and_the_previous_snapshot_stays() {
    let road = Road::of(&[("sheds.csv", SHEDS)]);
    let good = sheds("key = [\"code\"]");
    road.ingest(std::slice::from_ref(&good)).unwrap();
    let before = road.snapshot().id;
    let fails = |layer: &LayerDefinition, words: &[&str]| {
        let message = road.ingest(std::slice::from_ref(layer)).unwrap_err().to_string();
        assert!(words.iter().all(|word| message.contains(word)) && message.lines().count() == 1, "{message}");
        assert_eq!(road.snapshot().id, before);
        let left: Vec<_> = fs::read_dir(road.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("staging")), "{left:?}");
    };
    let mut unknown = good.clone();
    unknown.read.crs = Some(21544);
    fails(&unknown, &["sheds.csv", "`EPSG:21544` is not known", "did you mean `EPSG:2154`?"]);
    road.put("sheds.csv", &SHEDS.replacen("CODE", "CODES", 1));
    fails(&good, &["sheds.csv", "`sheds`", "has no column `CODE`", "did you mean `CODES`?"]);
    road.put("sheds.csv", "");
    fails(&good, &["sheds.csv", "empty"]);
    road.put("sheds.csv", "{\"type\":\"FeatureCollection\",\"features\":[]}");
    fails(&good, &["sheds.csv"]);
    fs::remove_file(road.sources().join("sheds.csv")).unwrap();
    road.put("something.csv", "a\n1\n");
    let message = road.ingest(&[good]).unwrap_err().to_string();
    assert!(message.contains("sheds: sheds*.geojson, sheds*.csv"), "{message}");
}

fn emprise(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emprise"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Sources, and a layer folder for the command line.
fn command_road() -> (Road, [String; 6]) {
    let road = Road::of(&[("sheds.csv", SHEDS)]);
    let layers = road.folder.path().join("layers");
    fs::create_dir(&layers).unwrap();
    fs::write(layers.join("sheds.toml"), toml::to_string(&sheds("key = [\"code\"]")).unwrap()).unwrap();
    let text = |path: PathBuf| path.display().to_string();
    let arguments = ["ingest".into(), "--out".into(), text(road.data()), "--layers".into(), text(layers), text(road.sources())];
    (road, arguments)
}

#[test]
fn the_command_tells_a_person_and_a_program() {
    let (road, arguments) = command_road();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // A foreign PROJ database is no concern of this program's.
    let foreign = emprise(&arguments).env("PROJ_DATA", "/nowhere").env("PROJ_LIB", "/nowhere").output().unwrap();
    let (status, out, err) = said(&foreign);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("read = kept + repaired + rejected + filtered") && !out.contains('\x1b'), "{out}");
    assert!(err.contains("sheds: 2 rows read, 2 kept"), "{err}");
    let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let (_, out, _) = said(&emprise(&with_json).output().unwrap());
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["layers"][0]["counts"]["kept"], 2);

    let data = road.data().display().to_string();
    let (status, out, _) = said(&emprise(&["inspect", &data, "--json"]).output().unwrap());
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &shown["layers"][0]["visibility"]), (0, &"public".into()));
    assert!(said(&emprise(&["inspect", &data]).output().unwrap()).1.contains("2.35 -20.88 55.45 48.86"));
    assert_eq!(said(&emprise(&["verify", &data]).output().unwrap()).0, 0);
    let file = road.snapshot().folder.join("layers/sheds.reunion.fgb");
    let mut bytes = fs::read(&file).unwrap();
    bytes[100] ^= 1;
    fs::write(&file, bytes).unwrap();
    let (status, out, _) = said(&emprise(&["verify", &data]).output().unwrap());
    assert!(status == 3 && out.contains("sheds.reunion.fgb differs from what was written"), "{out}");
}

#[test]
fn the_exit_status_says_what_happened() {
    let (road, arguments) = command_road();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(said(&emprise(&["ingest"]).output().unwrap()).0, 2, "no --out");
    let nothing = road.folder.path().display().to_string();
    let (status, _, err) = said(&emprise(&["inspect", &nothing]).output().unwrap());
    assert!(status == 1 && err.starts_with("error: there is no snapshot in"), "{err}");
    let held = Staging::begin(&road.data()).unwrap();
    let (status, _, err) = said(&emprise(&arguments).output().unwrap());
    assert!(status == 1 && err.contains("another ingest is writing to"), "{err}");
    drop(held);
    assert_eq!(said(&emprise(&arguments).output().unwrap()).0, 0);
    let (status, out, _) = said(&emprise(&["schema", "layer"]).output().unwrap());
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(status == 0 && schema["properties"]["visibility"].is_object());
}

#[test]
fn a_signal_stops_it_and_nothing_is_published() {
    // A machine may be done before the signal comes: then with twice as many rows.
    assert!((0..5).any(|doubled| is_stopped_in_the_middle(200_000 << doubled)), "it was never stopped in the middle");
}

/// Whether the signal came before the end; what is left behind is looked at in any case.
fn is_stopped_in_the_middle(rows: usize) -> bool {
    let (road, arguments) = command_road();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(said(&emprise(&arguments).output().unwrap()).0, 0);
    let before = road.snapshot().id;
    let many: String = (0..rows).map(|i| format!("{i},2.35,48.86,1,2020-01-31,3,oui\n")).collect();
    road.put("sheds.csv", &format!("CODE,x,y,H,BUILT,N,USED\n{many}"));
    let mut child = emprise(&arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    let mut errors = std::io::BufReader::new(child.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut errors, &mut first).unwrap();
    signal("TERM", &child);
    assert!(first.contains("sheds (1 of 1)"), "{first}");
    // Whoever stops reading would end it too.
    std::io::copy(&mut errors, &mut std::io::sink()).unwrap();
    let status = child.wait().unwrap().code();
    assert!(!fs::read_dir(road.data()).unwrap().any(|entry| entry.unwrap().path().to_string_lossy().contains("staging")));
    match status {
        Some(130) => assert_eq!(road.snapshot().id, before),
        Some(0) => assert_ne!(road.snapshot().id, before, "done before the signal came"),
        other => panic!("{other:?}"),
    }
    status == Some(130)
}

/// Whether strace is here and may change what a program's calls do: in some containers it may not.
fn strace_works() -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-o", "/dev/null", "-e", "trace=getppid", "-e", "inject=getppid:error=EIO", "true"]);
    strace.output().is_ok_and(|tried| tried.status.success())
}

/// Runs an ingest whose calls of `call` meet `fate` when it is their turn (`3`: the third, `3+`: from then on).
fn cut(arguments: &[&str], call: &str, fate: &str, when: &str) -> Output {
    let inject = format!("inject={call}:{fate}:when={when}");
    let strace = ["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject, env!("CARGO_BIN_EXE_emprise")];
    // Already without what makes the program start itself anew: that would count calls twice.
    let mut command = Command::new("strace");
    command.args(strace).args(arguments).env("PROJ_DEBUG", "0").env_remove("PROJ_DATA").env_remove("PROJ_LIB");
    command.env("RAYON_NUM_THREADS", "1").stdin(Stdio::null()).output().unwrap()
}

/// A published snapshot, and sources that have changed since.
fn changed_road() -> (Road, [String; 6], String) {
    let (road, arguments) = command_road();
    assert_eq!(said(&emprise(&arguments.each_ref().map(String::as_str)).output().unwrap()).0, 0);
    let old = road.snapshot().id;
    road.put("sheds.csv", &(SHEDS.to_owned() + "c,2.4,48.9,1,,,\n"));
    (road, arguments, old)
}

fn leftovers(road: &Road) -> Vec<String> {
    let names = fs::read_dir(road.data()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| !["current", "lock", "rejects", "snapshots"].contains(&name.as_str())).collect()
}

#[test]
fn killed_at_any_step_the_old_or_the_new_snapshot_is_whole() {
    if !strace_works() {
        return eprintln!("skipped: strace is needed to kill at each step");
    }
    let (mut kills_before, mut kills_after) = (0, 0);
    for call in ["fsync", "rename", "symlink", "mkdir", "unlink", "unlinkat", "rmdir", "write"] {
        let (road, arguments, old) = changed_road();
        let arguments = arguments.each_ref().map(String::as_str);
        for n in 1.. {
            let output = cut(&arguments, call, "signal=KILL", &n.to_string());
            let id = road.snapshot().id;
            if output.status.success() {
                assert!(id != old);
                assert_eq!(leftovers(&road), [""; 0], "nothing is left of the killed ones");
                break;
            }
            *(if id == old { &mut kills_before } else { &mut kills_after }) += 1;
            assert!(n < 200, "{call}: the ingest never came to its end");
        }
    }
    assert!(kills_before > 25 && kills_after > 3, "{kills_before} before the swap and {kills_after} after it");
}

#[test]
fn a_disk_that_fails_or_is_full_leaves_the_old_snapshot() {
    if !strace_works() {
        return eprintln!("skipped: strace is needed to make the disk fail");
    }
    for (call, fate, from_then_on) in [("fsync", "error=EIO", ""), ("write", "error=ENOSPC", "+"), ("rename", "error=ENOSPC", "")]
    {
        let (road, arguments, old) = changed_road();
        let arguments = arguments.each_ref().map(String::as_str);
        let mut failures = 0;
        for n in 1..200 {
            let output = cut(&arguments, call, fate, &format!("{n}{from_then_on}"));
            assert_eq!(leftovers(&road), [""; 0]);
            let published = road.snapshot().id != old;
            let (status, _, error) = said(&output);
            assert!(published || status == 1, "{call} {n}: {error}");
            failures += u32::from(!published);
            if published {
                break;
            }
        }
        assert!(failures > 2, "{call} failed {failures} times only");
    }
}

pub fn shared() -> Option<PathBuf> {
    let data = crate::harness::shared("data");
    if !data.is_dir() {
        eprintln!("skipped: no folder of official files at {}", data.display());
        return None;
    }
    Some(data)
}

#[test]
fn the_known_faults_of_official_files_are_reported() {
    let Some(data) = shared() else { return };
    let road = Road::of(&[]);
    let stop = AtomicBool::new(false);
    let (layers, sources) = (shipped().unwrap(), [data]);
    let request = Request { data: &road.data(), sources: &sources, layers: &layers, stop: &stop };
    let report = run(&request, &mut |_| ()).unwrap();
    let layer = |id: &str| report.layers.iter().find(|layer| layer.layer == id).unwrap();
    let problem = |id: &str, kind: ProblemKind| {
        layer(id).problems.iter().filter(|problem| problem.kind == kind).map(|problem| problem.count).sum::<u64>()
    };
    use ProblemKind as P;
    assert!(report.layers.iter().all(|layer| layer.counts.balanced()));
    // Of the 15 lines that strict readers stumble on, 14 have no point at all.
    assert_eq!((problem("railway-lines", P::TooFewPoints), problem("railway-lines", P::MissingGeometry)), (1, 14));
    assert_eq!(problem("communes", P::MissingGeometry), 8);
    assert!(problem("polluted-sites", P::PaddedCode) > 0);
    assert_eq!(layer("carpool-places").counts.kept, 2473);
    assert_eq!(problem("charging-stations", P::OutsideEveryTerritory), 1);
    assert_eq!(layer("cartofriches").counts.read, 23_878);
    verify(&road.snapshot()).unwrap();
}
