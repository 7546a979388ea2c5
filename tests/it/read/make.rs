//! Small files of the binary formats, written by the libraries of the field.
//!
//! Each holds the same two rows: 1, `Épône`, 2.5, a square with a hole; 2, nothing, nothing, nothing.

use std::path::Path;
use std::sync::Arc;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo_types::{Geometry, LineString, Polygon};
use geozero::{ColumnValue, CoordDimensions, PropertyProcessor, ToWkb};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use shapefile::record::polygon::PolygonRing;

fn ring(x: f64, side: f64) -> LineString<f64> {
    LineString::from(vec![(x, x), (x, x + side), (x + side, x + side), (x + side, x), (x, x)])
}

pub fn square() -> Geometry<f64> {
    Polygon::new(ring(0.0, 9.0), vec![LineString::new(ring(2.0, 1.0).0.into_iter().rev().collect())]).into()
}

pub fn geopackage(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('L93', 2154, 'EPSG', 2154, ''), ('own', 90001, 'NONE', 90001, 'LOCAL_CS[\"own\"]');
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_contents VALUES ('pla\"ces', 'features', 2154), ('notes', 'attributes', NULL), ('own', 'features', 90001);
             INSERT INTO gpkg_geometry_columns VALUES ('pla\"ces', 'geom', 2154), ('own', 'geom', 90001);
             CREATE TABLE \"pla\"\"ces\" (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, area REAL, open BOOLEAN);
             CREATE TABLE own (fid INTEGER PRIMARY KEY, geom BLOB);
             CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO notes SELECT i, 'note ' || i FROM n;",
        )
        .unwrap();
    let blob = square().to_gpkg_wkb(CoordDimensions::xy(), Some(2154), vec![]).unwrap();
    connection
        .execute("INSERT INTO \"pla\"\"ces\" VALUES (1, ?1, 'Épône', 2.5, 1), (2, NULL, NULL, NULL, NULL)", [blob])
        .unwrap();
}

pub fn flatgeobuf(path: &Path) {
    let options =
        FgbWriterOptions { crs: FgbCrs { code: 2154, ..FgbCrs::default() }, write_index: false, ..FgbWriterOptions::default() };
    let mut writer = FgbWriter::create_with_options("places", GeometryType::Polygon, options).unwrap();
    writer.add_column("fid", ColumnType::Long, |_, _| {});
    writer.add_column("name", ColumnType::String, |_, _| {});
    writer.add_column("area", ColumnType::Double, |_, _| {});
    writer
        .add_feature_geom(square(), |feature| {
            feature.property(0, "fid", &ColumnValue::Long(1)).unwrap();
            feature.property(1, "name", &ColumnValue::String("Épône")).unwrap();
            feature.property(2, "area", &ColumnValue::Double(2.5)).unwrap();
        })
        .unwrap();
    writer
        .add_feature_geom(Geometry::from(Polygon::new(LineString::new(vec![]), vec![])), |feature| {
            feature.property(0, "fid", &ColumnValue::Long(2)).unwrap();
        })
        .unwrap();
    writer.write(std::fs::File::create(path).unwrap()).unwrap();
}

pub const GEO: &str = r#"{"version":"1.1.0","primary_column":"geom","columns":{"geom":{"encoding":"WKB","geometry_types":[],
    "crs":{"id":{"authority":"EPSG","code":2154}},"covering":{"bbox":{"xmin":["box","xmin"],"ymin":["box","ymin"],"xmax":["box","xmax"],"ymax":["box","ymax"]}}}}}"#;

/// Two row groups of one row each.
pub fn parquet(path: &Path, geo: Option<&str>) {
    let schema = "message schema {
        OPTIONAL INT64 fid; OPTIONAL BYTE_ARRAY geom; OPTIONAL BYTE_ARRAY name (UTF8); OPTIONAL DOUBLE area;
        OPTIONAL group box { REQUIRED DOUBLE xmin; }
    }";
    let metadata = geo.map(|geo| vec![KeyValue::new("geo".to_owned(), geo.to_owned())]);
    let properties = WriterProperties::builder().set_key_value_metadata(metadata).build();
    let file = std::fs::File::create(path).unwrap();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    let wkb = square().to_wkb(CoordDimensions::xy()).unwrap();
    for full in [true, false] {
        let level: &[i16] = if full { &[1] } else { &[0] };
        let some = |bytes: &[u8]| if full { vec![ByteArray::from(bytes.to_vec())] } else { vec![] };
        let number = |number: f64| if full { vec![number] } else { vec![] };
        let mut group = writer.next_row_group().unwrap();
        let mut index = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            match index {
                0 => drop(column.typed::<Int64Type>().write_batch(&[if full { 1 } else { 2 }], Some(&[1]), None).unwrap()),
                1 => drop(column.typed::<ByteArrayType>().write_batch(&some(&wkb), Some(level), None).unwrap()),
                2 => drop(column.typed::<ByteArrayType>().write_batch(&some("Épône".as_bytes()), Some(level), None).unwrap()),
                3 => drop(column.typed::<DoubleType>().write_batch(&number(2.5), Some(level), None).unwrap()),
                _ => drop(column.typed::<DoubleType>().write_batch(&number(0.0), Some(level), None).unwrap()),
            }
            column.close().unwrap();
            index += 1;
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

/// `places.shp`, `.shx`, `.dbf` in a folder, text in the encoding that `mark` names.
pub fn shapefile(folder: &Path, encoding: &'static encoding_rs::Encoding) {
    let name = |text: &str| dbase::FieldName::try_from(text).unwrap();
    let table = dbase::TableWriterBuilder::with_encoding(dbase::encoding::EncodingRs::from(encoding))
        .add_numeric_field(name("fid"), 10, 0)
        .add_character_field(name("name"), 20)
        .add_numeric_field(name("area"), 10, 2)
        .add_date_field(name("day"))
        .add_logical_field(name("open"));
    let path = folder.join("places.shp");
    let mut writer = shapefile::Writer::from_path(&path, table).unwrap();
    let Geometry::Polygon(square) = square() else { unreachable!() };
    let points = |ring: &LineString<f64>| ring.0.iter().map(|c| shapefile::Point::new(c.x, c.y)).collect::<Vec<_>>();
    let rings = vec![PolygonRing::Outer(points(square.exterior())), PolygonRing::Inner(points(&square.interiors()[0]))];
    let shape = shapefile::Polygon::with_rings(rings);
    let mut record = dbase::Record::default();
    record.insert("fid".to_owned(), dbase::FieldValue::Numeric(Some(1.0)));
    record.insert("name".to_owned(), dbase::FieldValue::Character(Some("Épône".to_owned())));
    record.insert("area".to_owned(), dbase::FieldValue::Numeric(Some(2.5)));
    record.insert("day".to_owned(), dbase::FieldValue::Date(Some(dbase::Date::new(31, 12, 2024).unwrap())));
    record.insert("open".to_owned(), dbase::FieldValue::Logical(Some(true)));
    writer.write_shape_and_record(&shape, &record).unwrap();
    let mut empty = dbase::Record::default();
    empty.insert("fid".to_owned(), dbase::FieldValue::Numeric(Some(2.0)));
    empty.insert("name".to_owned(), dbase::FieldValue::Character(None));
    empty.insert("area".to_owned(), dbase::FieldValue::Numeric(None));
    empty.insert("day".to_owned(), dbase::FieldValue::Date(None));
    empty.insert("open".to_owned(), dbase::FieldValue::Logical(None));
    writer.write_shape_and_record(&shape, &empty).unwrap();
}
