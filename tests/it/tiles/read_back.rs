//! Tiles of the fixtures as other programs read them, against the snapshot they were drawn from, and as they were the last time
//! somebody looked at them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use emprise::atlas::{Atlas, Rights};
use emprise::geometry::projection::to_lon_lat;
use emprise::snapshot;
use emprise::tiles::verify::verify;
use fast_mvt::{MvtReaderRef, MvtValue};
use serde_json::{Map, Value, json};

use super::follow;
use crate::harness::repository;

/// Tiles over the drawn territory, from the whole of it to a street.
const TILES: [(&str, &str); 4] = [
    ("communes,brownfields,business-zones,business-plots", "7/65/45"),
    ("communes-labels,communes", "9/260/181"),
    ("brownfields,business-zones,natura2000-habitats,motorway-junctions,railway-lines", "9/260/181"),
    ("business-plots,risk-plans,zoning-plans", "11/1045/723"),
];

/// A feature as any reader gives it: points in one list, rings without their first point again.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    layer: String,
    id: u64,
    kind: u64,
    properties: Map<String, Value>,
    places: Vec<Vec<[i64; 2]>>,
}

struct Drawn {
    name: String,
    address: &'static str,
    file: PathBuf,
}

/// The fixtures' tiles as files.
fn drawn(folder: &Path) -> Vec<Drawn> {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let data = folder.join("data").to_string_lossy().into_owned();
    run(&["ingest", "--out", &data, &repository("fixtures/data").to_string_lossy()]);
    let tiles = TILES.iter().enumerate().map(|(number, (layers, address))| {
        let file = folder.join(format!("{number}.mvt"));
        run(&["tile", &data, layers, address, "--out", &file.to_string_lossy()]);
        Drawn { name: format!("{address} of {layers}"), address, file }
    });
    tiles.collect()
}

/// What `fast-mvt` reads, its commands followed here.
fn read(file: &Path) -> Vec<Read> {
    let bytes = std::fs::read(file).unwrap();
    let reader = MvtReaderRef::new(&bytes).unwrap();
    let tile = reader.to_tile().unwrap();
    let mut all = Vec::new();
    for (layer, owned) in reader.layers().zip(&tile.layers) {
        for (feature, owned) in layer.features().zip(&owned.features) {
            let mut places = follow(feature.geometry_commands());
            let kind = feature.geom_type().unwrap() as u64;
            if kind == 1 {
                places = vec![places.concat()];
            }
            let properties = owned.properties.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
            all.push(Read { layer: layer.name().to_owned(), id: feature.id().unwrap(), kind, properties, places });
        }
    }
    all
}

fn plain(value: &MvtValue) -> Value {
    match value {
        MvtValue::String(text) => json!(text),
        MvtValue::Float(number) => json!(f64::from(*number)),
        MvtValue::Double(number) => json!(number),
        MvtValue::Int(number) | MvtValue::SInt(number) => json!(*number as f64),
        MvtValue::UInt(number) => json!(*number as f64),
        MvtValue::Bool(truth) => json!(truth),
        other => panic!("{other:?}"),
    }
}

/// Numbers as f64, whichever kind a reader has for them.
fn as_numbers(properties: &Value) -> Map<String, Value> {
    let number = |value: &Value| value.as_f64().map_or(value.clone(), |number| json!(number));
    properties.as_object().unwrap().iter().map(|(key, value)| (key.clone(), number(value))).collect()
}

#[test]
fn other_readers_agree() {
    let folder = tempfile::tempdir().unwrap();
    for Drawn { name, file, .. } in drawn(folder.path()) {
        let own = read(&file);
        assert!(own.len() > 10, "{name} has {} features", own.len());
        assert_eq!(verify(&std::fs::read(&file).unwrap()), Ok(()), "{name}");
        match in_node(&file) {
            Some([mapbox, openlayers]) => {
                assert_eq!(mapbox, own, "{name}: @mapbox/vector-tile");
                assert_eq!(openlayers, own, "{name}: OpenLayers");
            }
            None => eprintln!("skipped: node with the packages of web/ is needed to read tiles in JavaScript"),
        }
        match in_gdal(&file) {
            Some(theirs) => assert_eq!(theirs, for_gdal(&own), "{name}: GDAL"),
            None => eprintln!("skipped: ogr2ogr is needed to read tiles with GDAL"),
        }
    }
}

/// What `@mapbox/vector-tile` and OpenLayers read.
fn in_node(file: &Path) -> Option<[Vec<Read>; 2]> {
    if !repository("web/node_modules/ol").exists() {
        return None;
    }
    let output = Command::new("node").arg(repository("web/test/tile.mjs")).arg(file).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let feature = |feature: &Value| {
        let kind = feature["kind"].as_u64().unwrap();
        let mut places: Vec<Vec<[i64; 2]>> = serde_json::from_value(feature["lines"].clone()).unwrap();
        match kind {
            1 => places = vec![places.concat()],
            3 => places.iter_mut().for_each(|ring| assert_eq!(ring.pop(), Some(ring[0]), "a ring is closed")),
            _ => {}
        }
        let (layer, id) = (feature["layer"].as_str().unwrap().to_owned(), feature["id"].as_u64().unwrap());
        Read { layer, id, kind, properties: as_numbers(&feature["properties"]), places }
    };
    Some(["mapbox", "openlayers"].map(|library| said[library].as_array().unwrap().iter().map(feature).collect()))
}

/// A feature as GDAL can be asked for it: which ring is whose and which way it runs are its own choice, the points are not.
type ForGdal = BTreeMap<(String, u64), (Map<String, Value>, BTreeSet<[i64; 2]>)>;

fn for_gdal(own: &[Read]) -> ForGdal {
    let one = |Read { layer, id, properties, places, .. }: &Read| {
        ((layer.clone(), *id), (properties.clone(), places.iter().flatten().copied().collect()))
    };
    own.iter().map(one).collect()
}

fn in_gdal(file: &Path) -> Option<ForGdal> {
    let listed = Command::new("ogrinfo").args(["-ro", "-q"]).arg(file).output().ok()?;
    let text = String::from_utf8(listed.stdout).unwrap();
    let layers = text.lines().filter_map(|line| line.split_once(": ")?.1.split(' ').next());
    let mut found = ForGdal::new();
    for layer in layers {
        let options = ["-f", "GeoJSON", "/vsistdout/", "-oo", "CLIP=NO"];
        let output = Command::new("ogr2ogr").args(options).arg(file).arg(layer).output().ok()?;
        let collection: Value = serde_json::from_slice(&output.stdout).unwrap();
        for feature in collection["features"].as_array().unwrap() {
            let mut properties = as_numbers(&feature["properties"]);
            properties.retain(|_, value| !value.is_null());
            let id = properties.shift_remove("mvt_id").unwrap().as_f64().unwrap() as u64;
            let mut places = BTreeSet::new();
            places_of(&feature["geometry"]["coordinates"], &mut places);
            found.insert((layer.to_owned(), id), (properties, places));
        }
    }
    Some(found)
}

/// Every point of nested coordinates; GDAL counts northwards from the tile's lower side.
fn places_of(coordinates: &Value, places: &mut BTreeSet<[i64; 2]>) {
    match coordinates.as_array().map(Vec::as_slice) {
        Some([x, y]) if x.is_number() => {
            places.insert([x.as_f64().unwrap() as i64, 4096 - y.as_f64().unwrap() as i64]);
        }
        Some(inner) => inner.iter().for_each(|inner| places_of(inner, places)),
        None => {}
    }
}

/// Attributes are those of the row that the id names, and every point is a vertex of it, rounded twice (to 9 mm, then to the tile), or
/// lies on the cut.
#[test]
fn what_is_read_is_what_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let tiles = drawn(folder.path());
    let atlas = Atlas::open(&snapshot::open(&folder.path().join("data")).unwrap()).unwrap();
    let rights = Rights::public();
    let (mut checked, mut farthest) = (0, 0.0f64);
    for Drawn { name, address, file } in tiles {
        for feature in read(&file) {
            let is_label = feature.layer.ends_with("-labels");
            let layer = atlas.view(&rights).layer(feature.layer.trim_end_matches("-labels")).unwrap();
            let row = (feature.id - 1) as u32;
            for (key, value) in &feature.properties {
                let expected = match layer.values(key) {
                    None => json!(layer.id(row)),
                    Some(values) => match values.number(row) {
                        Some(number) => json!(number),
                        None => json!(values.get(row).to_string()),
                    },
                };
                let as_text = Value::String(value.to_string());
                let is_same = [value, &as_text].contains(&&expected);
                assert!(is_same, "{name} {}/{}: {key} is {value}, not {expected}", feature.layer, feature.id);
            }
            if is_label {
                continue;
            }
            let vertices: Vec<[f64; 2]> = layer.shape(row).vertices().iter().map(|&at| unit_of(at, address)).collect();
            for &place in feature.places.iter().flatten() {
                let off = vertices.iter().map(|vertex| off(place, *vertex)).fold(f64::INFINITY, f64::min);
                let is_cut = place.iter().any(|at| [-64, 4160].contains(at));
                let is_square = feature.places.len() == 1 && feature.places[0].len() == 4 && off <= 1.0;
                assert!(
                    off <= 0.501 || is_cut || is_square,
                    "{name} {}/{}: {place:?} is {off} units off",
                    feature.layer,
                    feature.id
                );
                if !is_cut && !is_square {
                    farthest = farthest.max(off);
                    checked += 1;
                }
            }
        }
    }
    eprintln!("{checked} points, the farthest {farthest:.3} units from where it is, along an axis");
    assert!(checked > 5000);
}

fn off(place: [i64; 2], vertex: [f64; 2]) -> f64 {
    (place[0] as f64 - vertex[0]).abs().max((place[1] as f64 - vertex[1]).abs())
}

/// Where a point of the plane lies in a tile of 4096 units, by the formula of OGC Two Dimensional Tile Matrix Set, annex D.
fn unit_of(at: [f64; 2], address: &str) -> [f64; 2] {
    let [zoom, column, row]: [f64; 3] =
        address.split('/').map(|part| part.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
    let position = to_lon_lat(at);
    let x = position.lon / 360.0 + 0.5;
    let y = 0.5 - position.lat.to_radians().tan().asinh() / std::f64::consts::TAU;
    [(x * zoom.exp2() - column) * 4096.0, (y * zoom.exp2() - row) * 4096.0]
}

/// `EMPRISE_GOLDEN=write` writes them anew: look at what changed before you keep it.
#[test]
fn tiles_of_the_fixtures_are_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let kept = repository("tests/golden/tiles.txt");
    let mut text = String::new();
    for Drawn { name, file, .. } in drawn(folder.path()) {
        text += &format!("{name}\n");
        for Read { layer, id, kind, properties, places } in read(&file) {
            text +=
                &format!("  {layer} {id} {} {}\n", ["?", "point", "line", "polygon"][kind as usize], Value::Object(properties));
            places.iter().for_each(|line| text += &format!("    {line:?}\n"));
        }
    }
    if std::env::var_os("EMPRISE_GOLDEN").is_some_and(|word| word == "write") {
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        std::fs::write(&kept, &text).unwrap();
    }
    let before = std::fs::read_to_string(&kept).unwrap();
    for (number, (now, before)) in text.lines().zip(before.lines()).enumerate() {
        assert_eq!(now, before, "line {} of {}", number + 1, kept.display());
    }
    assert_eq!(text.lines().count(), before.lines().count());
}
