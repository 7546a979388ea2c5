//! Bytes that are broken or mean harm: one sentence that names file and cause.

use std::io::{Cursor, Write};

use emprise::ingest::read::list;
use emprise::layer::definition::Read;
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{read_bytes, refusal};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const COLLECTION: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}"#;

#[test]
fn another_kind_under_a_known_name() {
    let html = b"\n<!DOCTYPE html><html><body>Not found</body></html>";
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let cases: [(&str, &[u8], &str); 14] = [
        ("a.geojson", html, "is an HTML page, not GeoJSON"),
        ("a.csv", html, "is an HTML page, not a CSV file"),
        ("a.csv", png, "is a PNG image, not a CSV file"),
        ("a.csv", b"a\0b", "is binary data, not a CSV file"),
        ("a.csv", b"{\"error\": 404}", "is JSON, not a CSV file"),
        ("a.gpkg", b"id;name\n1;x\n", "is text, not a GeoPackage"),
        ("a.shp", b"PAR1....", "is a Parquet file, not a Shapefile"),
        ("a.parquet", b"fgb\x03fgb\0", "is a FlatGeobuf file, not a Parquet file"),
        ("a.fgb", b"%PDF-1.7", "is a PDF document, not a FlatGeobuf file"),
        ("a.geojson", &gzip(b"{}"), "is a gzip file without .gz in its name, not GeoJSON"),
        ("a.csv.gz", &gzip(png), "is a PNG image, not a CSV file"),
        ("a.csv", b"", "is empty"),
        ("a.csv.gz", &gzip(b""), "is empty"),
        ("a.osm.pbf", b"\0\0", "is in no format that is known here"),
    ];
    for (name, bytes, sentence) in cases {
        let told = refusal(name, bytes);
        assert!(told.contains(name) && told.contains(sentence), "{told}");
    }
}

#[test]
fn truncated_archives() {
    let text = "a;b\n".repeat(50_000);
    let packed = gzip(text.as_bytes());
    let told = refusal("a.csv.gz", &packed[..packed.len() / 2]);
    assert!(told.contains("is damaged: it does not decompress"), "{told}");
    let mut flipped = packed.clone();
    let last = flipped.len() - 6;
    flipped[last] ^= 1;
    assert!(refusal("a.csv.gz", &flipped).contains("does not decompress"), "the checksum is looked at");
    let whole = zip(&[("a.csv", text.as_bytes())]);
    let told = refusal("a.zip", &whole[..whole.len() / 2]);
    assert!(told.contains("a.zip: is damaged: it is not a whole zip archive"), "{told}");
    let mut flipped = whole.clone();
    flipped[60] ^= 0xFF;
    let told = refusal("a.zip", &flipped);
    assert!(told.contains("a.csv in ") && told.contains("does not decompress"), "{told}");
}

#[test]
fn bombs() {
    let bomb = gzip(&vec![b' '; 100 << 20]);
    let told = refusal("a.csv.gz", &bomb);
    assert!(told.ends_with("is refused: it decompresses beyond the limits of 16 GiB and 200 times its size"), "{told}");
    let bomb = zip(&[("a.csv", &vec![b' '; 100 << 20])]);
    assert!(refusal("a.zip", &bomb).contains("beyond the limits"));
    let names: Vec<String> = (0..10_001).map(|number| number.to_string()).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let told = refusal("a.zip", &zip(&members));
    assert!(told.contains("10001 files in one archive, more than 10000"), "{told}");
}

#[test]
fn no_name_in_an_archive_becomes_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in").join("a.zip");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    let names = ["../../out.csv", "/etc/out.csv", "..\\out.csv", "x/../../../out.csv"];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"a;b\n1;2\n"[..])).collect();
    std::fs::write(&path, zip(&members)).unwrap();
    let files = list(&[folder.path().to_owned()]).unwrap();
    assert_eq!(files.len(), 4);
    for file in files {
        assert_eq!(file.name, "out.csv");
        let table = emprise::ingest::read::open(&file, &Read::default()).unwrap();
        assert_eq!(table.rows.count(), 1);
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing was written beside the archive's folder");
}

#[test]
fn broken_json() {
    let cut = &COLLECTION[..COLLECTION.len() - 4];
    let cases = [
        (cut, "its JSON ends in the middle"),
        (r#"{"type":"FeatureCollection","features":{}}"#, "`{` where `[` belongs"),
        (r#"{"type":"FeatureCollection","features":[] "a":1}"#, "belongs"),
        (r#"{"hello":"world"}"#, "it holds no GeoJSON feature"),
        (
            r#"{"type":"FeatureCollection","crs":{"properties":{"name":"urn:x:y"}},"features":[]}"#,
            "`urn:x:y`, which is not known",
        ),
        ("{", "ends in the middle"),
        (r#"{"type":"FeatureCollection","features":[{"a":"#, "ends in the middle"),
    ];
    for (text, sentence) in cases {
        let told = refusal("a.geojson", text.as_bytes());
        assert!(told.contains("a.geojson: ") && told.contains(sentence), "{told}");
    }
    let deep = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        "[".repeat(100_000) + &"]".repeat(100_000),
        &COLLECTION[40..COLLECTION.len() - 2]
    );
    let table = read_bytes("a.geojson", deep.as_bytes(), &Read::default()).unwrap();
    assert_eq!((table.rows.len(), table.rejected.len()), (1, 1), "depth rejects one row");
}

#[test]
fn a_quote_that_never_closes() {
    let mut text = b"a;b\n1;2\n3;\"".to_vec();
    text.extend(b"x;y\n".repeat(20 << 20));
    let told = refusal("a.csv", &text);
    assert!(told.contains("one row is longer than 64 MiB; a quote may be unclosed"), "{told}");
}
