//! Small files of every format, written by the libraries of the field and read back equal.

use emprise::ingest::read::{Cell, SourceCrs};
use emprise::layer::definition::{GeometryColumns, Read};
use geo_types::{Geometry, Point};

use super::read_bytes;

fn xy(x: &str, y: &str) -> Read {
    let geometry = Some(GeometryColumns::Xy { x: vec![x.to_owned()], y: vec![y.to_owned()] });
    Read { geometry, ..Read::default() }
}

fn point(x: f64, y: f64) -> Option<Geometry<f64>> {
    Some(Point::new(x, y).into())
}

#[test]
fn csv_in_every_dress() {
    let plain = "nom;lon;lat\r\nÉpône;1.5;48.9\r\n\"a;b\r\n\"\"c\"\"\";2;3\r\n";
    let windows: Vec<u8> = encoding_rs::WINDOWS_1252.encode(plain).0.into_owned();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let bom = format!("\u{feff}{plain}").into_bytes();
    let tabs = plain.replace("a;b", "a\u{1}b").replace(';', "\t").replace('\u{1}', ";").into_bytes();
    let cases =
        [(plain.as_bytes().to_vec(), "UTF-8"), (windows, "windows-1252"), (utf16, "UTF-16LE"), (bom, "UTF-8"), (tabs, "UTF-8")];
    for (bytes, encoding) in cases {
        let table = read_bytes("a.csv", &bytes, &xy("lon", "lat")).unwrap();
        assert_eq!(table.encoding, encoding);
        assert_eq!(table.columns, ["nom", "lon", "lat"], "{encoding}");
        assert_eq!(table.text(0, "nom"), "Épône", "{encoding}");
        assert_eq!(table.text(1, "nom"), "a;b\r\n\"c\"", "{encoding}");
        assert_eq!(table.rows[0].geometry, point(1.5, 48.9));
        assert_eq!(table.rows[1].geometry, point(2.0, 3.0));
    }
}

#[test]
fn csv_with_a_quote_and_a_delimiter_of_its_own() {
    let read = Read { quote: Some('\''), delimiter: Some('|'), decimal: Some(','), ..xy("X", "y") };
    let table = read_bytes("a.txt", b"name|x|y\n'it''s|here'|1,5|2\n", &read).unwrap();
    assert_eq!(table.text(0, "name"), "it's|here");
    assert_eq!(table.rows[0].geometry, point(1.5, 2.0), "columns are found without regard to case");
}

#[test]
fn csv_headers_and_rows_that_do_not_fit() {
    let table = read_bytes("a.csv", b"a,,a\n1,2,3\n4,5\n\n6,,7\n", &Read::default()).unwrap();
    assert_eq!(table.columns, ["a", "column_2", "a_2"]);
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows[1].cells, [Cell::text("6"), Cell::Null, Cell::text("7")]);
    assert_eq!(table.rows[1].number, 3);
    let error = &table.rejected[0];
    assert_eq!((error.number, error.value.as_str()), (2, "4 | 5"));
    assert_eq!(error.reason, "2 cells where the header has 3 (line 3)");
}

#[test]
fn csv_geometry_in_one_column() {
    let one = |kind: fn(Vec<String>) -> GeometryColumns, cell: &str| {
        let read = Read { geometry: Some(kind(vec!["g".to_owned()])), nulls: vec!["NA".to_owned()], ..Read::default() };
        read_bytes("a.csv", format!("id;g\n1;{cell}\n2;NA\n3;\n4;bad\n").as_bytes(), &read).unwrap()
    };
    let cases = [
        one(|column| GeometryColumns::LonLatText { column }, "[1.5, -2]"),
        one(|column| GeometryColumns::Wkt { column }, "POINT (1.5 -2)"),
        one(|column| GeometryColumns::Wkb { column }, "0101000000000000000000F83F00000000000000C0"),
        one(|column| GeometryColumns::GeoJson { column }, "\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[1.5,-2]}\""),
    ];
    for table in cases {
        assert_eq!(table.rows[0].geometry, point(1.5, -2.0));
        assert_eq!((table.rows.len(), table.placed()), (3, 1));
        let error = &table.rejected[0];
        assert_eq!((error.number, error.column.as_deref(), error.value.as_str()), (4, Some("g"), "bad"));
    }
    let srid = one(|column| GeometryColumns::Wkt { column }, "\"SRID=2154;POINT (1 2)\"");
    assert_eq!(srid.crs, SourceCrs::Epsg(2154));
}

#[test]
fn csv_coordinates_that_are_none() {
    let table = read_bytes("a.csv", b"x,y\n1,\n,\nNaN,2\n1,east\n", &xy("x", "y")).unwrap();
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows[0].geometry, None);
    assert!(matches!(table.rows[1].geometry, Some(Geometry::Point(point)) if point.x().is_nan()), "NaN is not judged here");
    let told: Vec<_> = table.rejected.iter().map(|error| (error.column.as_deref().unwrap(), error.reason.as_str())).collect();
    assert_eq!(told, [("y", "one of the two coordinates is missing"), ("y", "it is not a number")]);
    let missing = read_bytes("a.csv", b"lonn,lat\n", &xy("lon", "lat")).err().unwrap().to_string();
    assert!(missing.ends_with("has no column `lon` for its geometry; did you mean `lonn`?"), "{missing}");
}

const FEATURES: &str = r#"
    {"type":"Feature","properties":{"a":1,"b":"é","n":{"x":[1]}},"geometry":{"type":"Point","coordinates":[1,2]}},
    {"type":"Feature","id":"f2","properties":{"c":true,"a":2.5},"geometry":null},
    {"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[1,2]]}},
    {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":["x"]}},
    {"type":"Nothing"}, 12, "}", [1,2],
    {"type":"Feature","properties":{"b":"]}\\\"{"},"geometry":{"type":"Point","coordinates":[3,4,5]}}"#;

#[test]
fn geojson_features_stand_and_fall_alone() {
    for (before, after) in [
        (r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"#, ""),
        ("", r#","crs":{"type":"name","properties":{"name":"EPSG:2154"}}"#),
    ] {
        let text = format!("\u{feff}{{\"type\":\"FeatureCollection\",{before}\"features\":[{FEATURES}]{after}}}");
        let table = read_bytes("a.geojson", text.as_bytes(), &Read::default()).unwrap();
        assert_eq!(table.crs, SourceCrs::Epsg(2154));
        assert_eq!(table.columns, ["a", "b", "n", "c", "id"]);
        assert_eq!(table.total, Some(9));
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 9]);
        assert_eq!(table.rejected.iter().map(|error| error.number).collect::<Vec<_>>(), [4, 5, 6, 7, 8]);
        assert_eq!(table.cell(0, "a"), &Cell::Integer(1));
        assert_eq!(table.cell(1, "a"), &Cell::Number(2.5));
        assert_eq!(table.cell(1, "c"), &Cell::Boolean(true));
        assert_eq!(table.text(0, "n"), r#"{"x":[1]}"#);
        assert_eq!(table.text(1, "id"), "f2");
        assert_eq!(table.text(3, "b"), r#"]}\"{"#);
        assert_eq!(table.rows[3].geometry, point(3.0, 4.0));
        assert!(table.rows[3].notes.z_dropped && !table.rows[0].notes.z_dropped);
    }
}

#[test]
fn geojson_one_feature_a_line_or_alone() {
    let lines = "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null}\n\u{1e}{\"type\":\"Feature\",\"properties\":{\"b\":2},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}\n";
    let table = read_bytes("a.ndjson", lines.as_bytes(), &Read::default()).unwrap();
    assert_eq!((table.columns.join(" "), table.rows.len(), table.placed()), ("a b".to_owned(), 2, 1));
    let alone = r#"{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}"#;
    assert_eq!(read_bytes("a.geojson", alone.as_bytes(), &Read::default()).unwrap().placed(), 1);
}

#[test]
fn json_arrays_are_tables() {
    let text = r#"[ {"code":"01","n":5,"list":[1,"a"]}, 7, {"nom":"Aisne","n":2e3,"code":null} ]"#;
    let table = read_bytes("a.json", text.as_bytes(), &Read::default()).unwrap();
    assert_eq!(table.columns, ["code", "n", "list", "nom"]);
    assert_eq!((table.rows.len(), table.rejected[0].number), (2, 2));
    assert_eq!(table.cell(0, "n"), &Cell::Integer(5));
    assert_eq!(table.cell(1, "n"), &Cell::Number(2000.0));
    assert_eq!(table.cell(1, "code"), &Cell::Null);
    assert_eq!(table.text(0, "list"), r#"[1,"a"]"#);
    assert_eq!(read_bytes("a.json", b"[]", &Read::default()).unwrap().rows.len(), 0);
}
