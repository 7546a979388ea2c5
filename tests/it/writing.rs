//! The written forms of an answer: each read back by another reader, all with the same numbers.

use std::collections::BTreeMap;
use std::process::Command;

use emprise::atlas::{Atlas, Layer, Rights, View};
use emprise::ingest::read::{self, Cell, SourceCrs};
use emprise::layer::definition::Read;
use emprise::layer::value::Value;
use emprise::siting::answer::Answer;
use emprise::siting::spec::Spec;
use emprise::siting::writing::columns::{cells, columns, listed};
use emprise::siting::writing::{flatgeobuf, geojson, geopackage};
use emprise::siting::{site, spec::read::read};
use geo::{Area, CoordsIter};
use geo_types::Geometry;

use crate::harness::drawn;

const HOSTILE: &str = "<script>alert(1)</script> \"L'Île\" & \u{202e}gnp.exe";

/// Four plots, one with a hostile name and one known by a point only, around a junction that has a name of its own.
fn layers() -> Vec<Layer> {
    let columns = "
        columns.name = { from = [\"n\"], type = \"text\" }
        columns.stage = { from = [\"s\"], type = \"text\" }
        columns.price = { from = [\"p\"], type = \"number\", unit = \"EUR/m2\" }
        columns.free-from = { from = [\"d\"], type = \"date\" }
        columns.turnkey = { from = [\"t\"], type = \"boolean\" }";
    let plots = "
        A A . . . B .
        A A . . . . .
        . . . . . . .
        . . C C . . .
        . . C C . . D";
    let text = format!(
        "A: name={HOSTILE}, stage=on sale, price=10.125, free-from=2026-01-01, turnkey=true
        B: name==1+1, stage=reserved, free-from=2027-06-01, turnkey=false
        C: stage=on sale, price=12.5, turnkey=true
        D: name=D, stage=on sale, price=40, free-from=2030-01-01"
    );
    let junctions =
        drawn("junctions", true, "columns.name = { from = [\"n\"], type = \"text\" }", ". . J . .", "J: name=A 7 <b>");
    let communes = "columns.name = { from = [\"n\"], type = \"text\" }";
    let ground = "x x x x y y y y\nx x x x y y y y\nx x x x y y y y\nx x x x y y y y\nx x x x y y y y";
    vec![
        drawn("plots", false, columns, plots, &text),
        junctions,
        drawn("communes", false, communes, ground, "x: name=Xanadu\ny: name=Ys"),
    ]
}

const SPEC: &str = "
emprise: 1
title: Plots & <b>co</b>
candidates: { layers: [plots] }
criteria:
  area: { kind: area, required: '>= 0.5 ha', value: { 0.5 ha: 0, 4 ha: 1 }, weight: 2 }
  junction: { kind: proximity, to: junctions, required: '<= 1 km', value: { 0 km: 1, 1 km: 0 } }
  price: { kind: attribute, column: price, value: { 0 EUR/m2: 1, 60 EUR/m2: 0 } }
  free: { kind: attribute, column: free-from, value: { 2026-01-01: 1, 2030-01-01: 0 } }
  turnkey: { kind: attribute, column: turnkey, required: '= true' }
  stage: { kind: attribute, column: stage, required: 'in [on sale, reserved]', value: { on sale: 1, reserved: 0.25 } }
";

fn asked(atlas: &Atlas) -> (Spec, Answer) {
    let spec = read(SPEC).unwrap();
    let answer = site(&spec, atlas.view(&Rights::All)).unwrap();
    assert_eq!((answer.passing, answer.undecided), (2, 1), "A and C pass, of D it is not known whether it is turnkey");
    (spec, answer)
}

fn atlas() -> Atlas {
    Atlas::from_layers("drawn".into(), layers())
}

/// What our own reader finds in a file of these bytes: rows by column name, and geometries.
type Rows = Vec<(BTreeMap<String, Cell>, Option<Geometry<f64>>)>;

fn reread(name: &str, bytes: &[u8]) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let files = read::list(&[folder.path().to_owned()]).unwrap();
    let table = read::open(&files[0], &Read::default()).unwrap();
    assert_eq!(table.crs, SourceCrs::Epsg(4326), "{name}");
    let columns = table.columns.clone();
    let row = |row: read::Row| (columns.iter().cloned().zip(row.cells).collect(), row.geometry);
    table.rows.map(|found| row(found.unwrap())).collect()
}

fn same(cell: &Cell, value: &Value) -> bool {
    match (cell, value) {
        (Cell::Null, Value::Unknown) => true,
        (Cell::Text(read), Value::Text(written)) => read == written,
        (Cell::Text(read), Value::Date(written)) => *read == written.to_string(),
        (Cell::Number(read), Value::Number(written)) => read == written,
        (Cell::Integer(read), Value::Integer(written)) => read == written,
        (Cell::Boolean(read), Value::Boolean(written)) => read == written,
        _ => false,
    }
}

fn check_rows(form: &str, rows: &Rows, answer: &Answer, view: View<'_>) {
    let columns = columns(answer);
    let features = geojson::write(answer, view)["features"].clone();
    assert_eq!(rows.len(), 3, "{form}");
    for (place, ((site, verdict), (row, shape))) in listed(answer).zip(rows).enumerate() {
        for (column, value) in columns.iter().zip(cells(&columns, site, verdict)) {
            assert!(same(&row[&column.name], &value), "{form}, {}: {:?} for {value:?}", column.name, row[&column.name]);
            assert_eq!(value.to_json(), features[place]["properties"][&column.name], "{form}, {}", column.name);
        }
        let shape = shape.as_ref().unwrap();
        let drawn: ::geojson::Geometry = serde_json::from_value(features[place]["geometry"].clone()).unwrap();
        assert_eq!(*shape, Geometry::<f64>::try_from(drawn).unwrap(), "{form}: the same vertices in the same order");
        assert!(shape.signed_area() > 0.0 && shape.coords_iter().all(|c| (c.x - 3.0).abs() < 0.1 && (c.y - 46.5).abs() < 0.1));
    }
}

#[test]
fn flatgeobuf_and_geopackage_are_read_back_as_they_were_written() {
    let atlas = atlas();
    let view = atlas.view(&Rights::All);
    let (spec, answer) = asked(&atlas);
    check_rows("FlatGeobuf", &reread("sites.fgb", &flatgeobuf::write(&answer, &spec, view).unwrap()), &answer, view);
    let package = geopackage::write(&answer, &spec, view).unwrap();
    check_rows("GeoPackage", &reread("sites.gpkg", &package), &answer, view);
    assert_eq!(package, geopackage::write(&answer, &spec, view).unwrap(), "an answer has one file");
}

#[test]
fn a_geopackage_explains_itself() {
    let atlas = atlas();
    let (spec, answer) = asked(&atlas);
    let file = tempfile::NamedTempFile::with_suffix(".gpkg").unwrap();
    std::fs::write(file.path(), geopackage::write(&answer, &spec, atlas.view(&Rights::All)).unwrap()).unwrap();
    let database = rusqlite::Connection::open(file.path()).unwrap();
    let text = |query: &str| database.query_row(query, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("SELECT printf('%x', application_id) FROM pragma_application_id"), "47504b47");
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(database.prepare("PRAGMA foreign_key_check").unwrap().query_map([], |_| Ok(())).unwrap().count(), 0);
    assert_eq!(text("SELECT last_change FROM gpkg_contents"), "2026-01-01T00:00:00.000Z", "the vintage of the sources");
    let kept = |standard: &str| -> serde_json::Value {
        let query = format!(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id \
             WHERE table_name = 'sites' AND md_standard_uri = '{standard}'"
        );
        serde_json::from_str(&text(&query)).unwrap()
    };
    assert_eq!(kept("urn:emprise:specification:1"), spec.normal(), "the specification travels with the sites");
    let about = kept("urn:emprise:answer:1");
    assert_eq!((&about["snapshot"], &about["sources"][0]["licence"]), (&"drawn".into(), &"None".into()));
}

/// The field's own reader, where there is one.
#[test]
fn gdal_reads_both() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no ogrinfo here");
    }
    let atlas = atlas();
    let (view, (spec, answer)) = (atlas.view(&Rights::All), asked(&atlas));
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("sites.fgb", flatgeobuf::write(&answer, &spec, view).unwrap()),
        ("sites.gpkg", geopackage::write(&answer, &spec, view).unwrap()),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let asked = Command::new("ogrinfo").args(["-ro", "-al"]).arg(&path).output().unwrap();
        let (said, complaints) = (String::from_utf8(asked.stdout).unwrap(), String::from_utf8_lossy(&asked.stderr).into_owned());
        assert!(asked.status.success() && complaints.is_empty(), "{name}: {complaints}");
        let score = format!("score (Real) = {}", answer.sites[0].score);
        let says = [
            "Feature Count: 3",
            "ID[\"EPSG\",4326]",
            "rank_worst: Integer",
            "price.value: Real",
            "turnkey.value: Integer(Boolean)",
            "free.value: Date",
            "name (String) = <script>alert(1)</script> \"L'Île\" & \u{202e}gnp.exe",
            "price.value (Real) = 10.125",
            "MULTIPOLYGON (((",
            &score,
        ];
        for words in says {
            assert!(said.contains(words), "{name}: `{words}` is not in\n{said}");
        }
    }
}
