//! The binary formats: there and back, in archives, truncated, and with every byte wrong in turn.

use std::path::{Path, PathBuf};

use emprise::ingest::read::{Cell, SourceCrs, list, open};
use emprise::layer::definition::Read;
use tempfile::TempDir;

use super::hostile::{gzip, zip};
use super::{Whole, make, read_bytes, refusal, try_read};

fn written(name: &str, write: impl Fn(&Path)) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    write(&path);
    (folder, path)
}

fn bytes(name: &str, write: impl Fn(&Path)) -> Vec<u8> {
    std::fs::read(written(name, write).1).unwrap()
}

fn places() -> Read {
    Read { table: Some("pla*".to_owned()), ..Read::default() }
}

/// The two rows of [`make`].
fn check(table: &Whole, kind: &str) {
    assert!(table.ended.is_none() && table.rejected.is_empty(), "{kind}: {:?} {:?}", table.ended, table.rejected);
    assert_eq!((table.rows.len(), table.total), (2, Some(2)), "{kind}");
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(table.columns[..3], ["fid", "name", "area"], "{kind}");
    assert_eq!(table.rows[0].cells[..3], [Cell::Integer(1), Cell::text("Épône"), Cell::Number(2.5)], "{kind}");
    assert_eq!(table.rows[1].cells[..3], [Cell::Integer(2), Cell::Null, Cell::Null], "{kind}");
    assert_eq!(table.rows[0].geometry, Some(make::square()), "{kind}");
}

#[test]
fn geopackage() {
    let (_folder, path) = written("a b#é%20.gpkg", make::geopackage);
    let table = try_read(&path, &places()).unwrap();
    check(&table, "geopackage");
    assert_eq!(table.crs, SourceCrs::Epsg(2154));
    assert_eq!(table.cell(0, "open"), &Cell::Boolean(true));
    assert_eq!(table.rows[1].geometry, None);
    let of = |table: &str| try_read(&path, &Read { table: Some(table.to_owned()), ..Read::default() });
    let notes = of("notes").unwrap();
    assert_eq!((notes.rows.len(), notes.text(199, "note")), (200, "note 200".to_owned()), "more than one page");
    assert_eq!(of("own").unwrap().crs, SourceCrs::Wkt("LOCAL_CS[\"own\"]".to_owned()));
    let told = |table: Option<&str>| {
        let read = Read { table: table.map(str::to_owned), ..Read::default() };
        try_read(&path, &read).err().unwrap().to_string()
    };
    assert!(told(Some("note")).ends_with("has no table `note`; did you mean `notes`?"), "{}", told(Some("note")));
    assert!(told(None).contains("has several tables (`own` or `pla\"ces`)"), "{}", told(None));
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing was written beside it");
}

#[test]
fn a_database_that_is_no_geopackage() {
    let plain = |path: &Path| drop(rusqlite::Connection::open(path).unwrap().execute_batch("CREATE TABLE t (a)"));
    let told = refusal("a.gpkg", &bytes("a.gpkg", plain));
    assert!(told.ends_with("is damaged: it is an SQLite database without the tables of a GeoPackage"), "{told}");
}

#[test]
fn flatgeobuf() {
    let (_folder, path) = written("a.fgb", make::flatgeobuf);
    let table = try_read(&path, &Read::default()).unwrap();
    check(&table, "flatgeobuf");
    assert_eq!(table.crs, SourceCrs::Epsg(2154));
}

#[test]
fn geoparquet() {
    let (_folder, path) = written("a.parquet", |path| make::parquet(path, Some(make::GEO)));
    let table = try_read(&path, &Read::default()).unwrap();
    check(&table, "geoparquet");
    assert_eq!((table.crs, table.columns.len()), (SourceCrs::Epsg(2154), 3), "the covering box is no column");
    let with = |geo: &str| {
        let (_folder, path) = written("a.parquet", |path| make::parquet(path, Some(geo)));
        try_read(&path, &Read::default())
    };
    let no_crs = make::GEO.replace(r#""crs":{"id":{"authority":"EPSG","code":2154}},"#, "");
    assert_eq!(with(&no_crs).unwrap().crs, SourceCrs::Epsg(4326));
    let null_crs = make::GEO.replace(r#"{"id":{"authority":"EPSG","code":2154}}"#, "null");
    assert_eq!(with(&null_crs).unwrap().crs, SourceCrs::Unstated);
    let told = with(&make::GEO.replace("WKB", "multipolygon")).err().unwrap().to_string();
    assert!(told.ends_with("is refused: its geometry is encoded as `multipolygon`; only WKB is read"), "{told}");
    let told = with("{").err().unwrap().to_string();
    assert!(told.contains("is damaged: its `geo` metadata"), "{told}");
    let (_folder, path) = written("a.parquet", |path| make::parquet(path, None));
    assert_eq!(try_read(&path, &Read::default()).unwrap().placed(), 0, "bytes without metadata are no geometry");
}

#[test]
fn shapefile() {
    for (encoding, cpg) in
        [(encoding_rs::UTF_8, Some("UTF-8")), (encoding_rs::WINDOWS_1252, Some("1252")), (encoding_rs::WINDOWS_1252, None)]
    {
        let folder = tempfile::tempdir().unwrap();
        make::shapefile(folder.path(), encoding);
        let beside = |extension: &str| folder.path().join("places").with_extension(extension);
        // Extensions in any case, no .shx, and the header's own mark erased so that the .cpg alone can tell.
        std::fs::remove_file(beside("shx")).unwrap();
        let mut dbf = std::fs::read(beside("dbf")).unwrap();
        dbf[29] = 0;
        std::fs::remove_file(beside("dbf")).unwrap();
        std::fs::write(beside("DBF"), &dbf).unwrap();
        std::fs::write(beside("prj"), "PROJCS[\"x\",AUTHORITY[\"EPSG\",\"2154\"]]").unwrap();
        if let Some(cpg) = cpg {
            std::fs::write(beside("cpg"), cpg).unwrap();
        }
        let table = try_read(folder.path(), &Read::default()).unwrap();
        check(&table, "shapefile");
        assert_eq!((table.encoding, table.crs.clone()), (encoding.name(), SourceCrs::Epsg(2154)));
        assert_eq!((table.text(0, "day").as_str(), table.cell(0, "open")), ("2024-12-31", &Cell::Boolean(true)));
        assert_eq!(list(&[folder.path().to_owned()]).unwrap()[0].parts().len(), 3 + usize::from(cpg.is_some()));
    }
}

#[test]
fn a_deleted_row_takes_its_shape_along() {
    let folder = tempfile::tempdir().unwrap();
    make::shapefile(folder.path(), encoding_rs::UTF_8);
    let path = folder.path().join("places.dbf");
    let mut dbf = std::fs::read(&path).unwrap();
    let first = usize::from(u16::from_le_bytes([dbf[8], dbf[9]]));
    dbf[first] = b'*';
    std::fs::write(&path, dbf).unwrap();
    let table = try_read(folder.path(), &Read::default()).unwrap();
    assert_eq!(table.rows.iter().map(|row| (row.number, row.cells[0].clone())).collect::<Vec<_>>(), [(2, Cell::Integer(2))]);
}

#[test]
fn in_gzip_and_in_zip() {
    let gpkg = bytes("a.gpkg", make::geopackage);
    let fgb = bytes("a.fgb", make::flatgeobuf);
    let parquet = bytes("a.parquet", |path| make::parquet(path, Some(make::GEO)));
    for (name, bytes) in [("a.gpkg", &gpkg), ("a.fgb", &fgb), ("a.parquet", &parquet)] {
        check(&read_bytes(&format!("{name}.gz"), &gzip(bytes), &places()).unwrap(), name);
        check(&read_bytes("a.zip", &zip(&[(name, bytes)]), &places()).unwrap(), name);
        check(&read_bytes("a.zip", &zip(&[(&format!("x/{name}.gz"), &gzip(bytes))]), &places()).unwrap(), name);
    }
    let folder = tempfile::tempdir().unwrap();
    make::shapefile(folder.path(), encoding_rs::WINDOWS_1252);
    let part = |extension: &str| std::fs::read(folder.path().join("places").with_extension(extension)).unwrap();
    let (shp, dbf) = (part("shp"), part("dbf"));
    let members: [(&str, &[u8]); 5] = [
        ("A/Places.SHP", &shp),
        ("A/places.Dbf", &dbf),
        ("A/places.cpg", b"1252"),
        ("b/places.dbf", &dbf),
        ("A/notes.txt", b"x"),
    ];
    let packed = folder.path().join("packed.zip");
    std::fs::write(&packed, zip(&members)).unwrap();
    let files = list(&[packed]).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["Places.SHP", "notes.txt", "places.dbf"], "a table of the same name elsewhere is its own");
    check(&Whole::of(open(&files[0], &Read::default()).unwrap()), "zipped shapefile");
    assert_eq!(Whole::of(open(&files[2], &Read::default()).unwrap()).text(0, "name"), "Épône");
}

#[test]
fn shapefiles_in_pieces() {
    let told = |spoil: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        make::shapefile(folder.path(), encoding_rs::UTF_8);
        spoil(folder.path());
        try_read(&folder.path().join("places.shp"), &Read::default()).err().map(|error| error.to_string()).unwrap()
    };
    let cut = |name: &'static str, keep: usize| {
        move |folder: &Path| {
            let path = folder.join(name);
            let whole = std::fs::read(&path).unwrap();
            std::fs::write(&path, &whole[..whole.len().min(keep)]).unwrap();
        }
    };
    let cases: [(String, &str); 5] = [
        (told(&cut("places.shp", 300)), "is damaged: it ends after 300 of"),
        (told(&cut("places.shp", 60)), "is damaged: it ends within its header"),
        (told(&cut("places.dbf", 250)), "is damaged: its .dbf ends before its last row"),
        (told(&cut("places.dbf", 20)), "is damaged: its .dbf ends within its header"),
        (told(&|folder| std::fs::remove_file(folder.join("places.dbf")).unwrap()), "lacks its .dbf file"),
    ];
    for (told, sentence) in cases {
        assert!(told.contains("places.shp: ") && told.contains(sentence), "{told}");
    }
}

#[test]
fn lengths_that_the_file_does_not_back() {
    let mut fgb = bytes("a.fgb", make::flatgeobuf);
    let header = 12 + u32::from_le_bytes([fgb[8], fgb[9], fgb[10], fgb[11]]) as usize;
    let told = refusal("a.fgb", &fgb[..fgb.len() - 10]);
    assert!(told.contains("is damaged: it ends within feature 2"), "{told}");
    fgb[header..header + 4].fill(0xFF);
    let told = refusal("a.fgb", &fgb);
    assert!(told.contains("is damaged: it ends within feature 1"), "{told}");
    let mut parquet = bytes("a.parquet", |path| make::parquet(path, Some(make::GEO)));
    let told = refusal("a.parquet", &parquet[..parquet.len() / 2]);
    assert!(told.contains("a.parquet: is damaged: "), "{told}");
    let footer = parquet.len() - 8;
    parquet[footer..footer + 4].fill(0x7F);
    let told = refusal("a.parquet", &parquet);
    assert!(told.contains("a.parquet: is damaged: "), "{told}");
    let gpkg = bytes("a.gpkg", make::geopackage);
    let told = refusal("a.gpkg", &gpkg[..gpkg.len() / 2]);
    assert!(told.contains("a.gpkg: is damaged: "), "{told}");
}

/// No byte can make reading panic or run away: each is turned over (of the longer files, some), and the file cut there.
#[test]
fn every_byte_wrong_in_turn() {
    let shapefile = || {
        let folder = tempfile::tempdir().unwrap();
        make::shapefile(folder.path(), encoding_rs::UTF_8);
        let part = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        (part("places.shp"), part("places.dbf"))
    };
    let (shp, dbf) = shapefile();
    let parquet = bytes("a.parquet", |path| make::parquet(path, Some(make::GEO)));
    for (name, whole, step) in [
        ("a.fgb", bytes("a.fgb", make::flatgeobuf), 1),
        ("a.parquet", parquet, 3),
        ("a.gpkg", bytes("a.gpkg", make::geopackage), 61),
        ("places.shp", shp.clone(), 1),
        ("places.dbf", dbf.clone(), 1),
        ("a.geojson", br#"{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","properties":{"a":"\u00e9"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#.to_vec(), 1),
        ("a.csv.gz", gzip(b"a;b\n1;2\n"), 1),
        ("a.zip", zip(&[("a.csv", b"a;b\n1;2\n")]), 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("places.shp"), &shp).unwrap();
        std::fs::write(folder.path().join("places.dbf"), &dbf).unwrap();
        let path = folder.path().join(name);
        let opened = if name == "places.dbf" { folder.path().join("places.shp") } else { path.clone() };
        let mut read = 0;
        for at in (0..whole.len()).step_by(step) {
            for value in [!whole[at], 0, 0x7F] {
                let mut wrong = whole.clone();
                wrong[at] = value;
                std::fs::write(&path, &wrong).unwrap();
                read += usize::from(try_read(&opened, &places()).is_ok());
            }
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(try_read(&opened, &places()).map_or(true, |table| table.rows.len() <= 200));
        }
        eprintln!("{name}: {read} of {} still read", 3 * whole.len().div_ceil(step));
    }
}
