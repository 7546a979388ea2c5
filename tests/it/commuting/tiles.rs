//! Flow tiles, read back by an independent decoder.

use emprise::commuting::drawn::bake::{Around, Direction};
use emprise::commuting::drawn::describe::{Told, describe};
use emprise::commuting::drawn::{level_at, tile};
use emprise::commuting::{Commuting, Filter};
use emprise::geometry::projection::to_lon_lat;
use emprise::territory::Level;
use emprise::tiles::address::Address;
use emprise::tiles::draw::Drawing;
use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValue};
use geo::{Area, BoundingRect, Validation};
use serde_json::{Value, json};

use super::{book, made};

struct Feature {
    geometry: MvtGeometry,
    properties: Value,
}

fn layer(bytes: &[u8], name: &str) -> Vec<Feature> {
    let tile = MvtReaderRef::new(bytes).unwrap().to_tile().unwrap();
    let json = |value: MvtValue| match value {
        MvtValue::String(text) => json!(text),
        MvtValue::Float(number) => json!(number),
        MvtValue::Double(number) => json!(number),
        MvtValue::Int(number) | MvtValue::SInt(number) => json!(number),
        MvtValue::UInt(number) => json!(number),
        MvtValue::Bool(truth) => json!(truth),
        MvtValue::Null => Value::Null,
    };
    let features = tile.layers.into_iter().filter(|layer| layer.name == name).flat_map(|layer| layer.features);
    let feature = |feature: fast_mvt::MvtFeature| Feature {
        properties: feature.properties.into_iter().map(|(key, value)| (key, json(value))).collect(),
        geometry: feature.geometry,
    };
    features.map(feature).collect()
}

/// The tile of a zoom that holds a point of the plane.
pub fn tile_at(zoom: u8, xy: [f64; 2]) -> Address {
    let at = to_lon_lat(xy);
    let side = f64::from(zoom).exp2();
    let x = (at.lon + 180.0) / 360.0 * side;
    let y = (1.0 - at.lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side;
    Address::new(u64::from(zoom), x as u64, y as u64).unwrap()
}

fn drawn(book: &Commuting, address: Address) -> Vec<u8> {
    let baked = book.baked(level_at(book, address.zoom()), &Filter::default()).unwrap();
    tile::tile(&baked, address, &Drawing::default())
}

const MIDDLE: [f64; 2] = [615_000.0, 6_605_000.0];

#[test]
fn flows_arrows_and_nodes_of_the_level_of_the_zoom() {
    let book = book();
    let levels = [0, 5, 6, 7, 8, 9, 10, 14].map(|zoom| level_at(&book, zoom));
    use Level::{Commune, Departement, Epci, Region};
    assert_eq!(levels, [Region, Region, Departement, Departement, Epci, Epci, Commune, Commune]);
    let bytes = drawn(&book, tile_at(8, MIDDLE));
    let flows = layer(&bytes, "flows");
    assert!(!flows.is_empty() && flows.iter().all(|flow| flow.properties["level"] == "epci"));
    let arrows = layer(&bytes, "arrows");
    for arrow in &arrows {
        let geometry = geo_types::Geometry::<f64>::from(polygon(&arrow.geometry));
        assert!(geometry.is_valid(), "{geometry:?}");
        assert!(geometry.unsigned_area() > 0.0);
    }
    let node = layer(&bytes, "nodes").into_iter().find(|node| node.properties["id"] == "200000001").unwrap();
    let counted = ["in", "out", "internal", "net", "members"].map(|key| node.properties[key].as_i64().unwrap());
    // 60 and 3.5 come, 800.125 and 107 go; 1000.25 stay.
    assert_eq!(counted, [75, 907, 1000, -833, 2]);
}

fn polygon(geometry: &MvtGeometry) -> geo_types::Polygon<f64> {
    use geo::MapCoords;
    let MvtGeometry::Polygon(polygon) = geometry else { panic!("{geometry:?}") };
    polygon.map_coords(|at| geo_types::Coord { x: f64::from(at.x), y: f64::from(at.y) })
}

#[test]
fn the_biggest_is_last_and_a_count_is_never_rounded_up() {
    let book = made(&["01001 02002 399.99", "01001 01002 50", "01002 01001 49.99", "02002 01001 4000"], Vec::new());
    let bytes = drawn(&book, tile_at(10, MIDDLE));
    let flows: Vec<_> = layer(&bytes, "flows").into_iter().map(|flow| flow.properties).collect();
    let of = |key: &str| flows.iter().map(|flow| flow[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("count"), [json!(50), json!(399), json!(4000)], "down to the floor, which is included");
    assert_eq!(of("rank"), [json!(3), json!(2), json!(1)]);
    assert_eq!(of("class").last(), Some(&json!(4)));
    assert_eq!(of("caution"), [json!(true), json!(false), json!(false)]);
    let width = flows[1]["width"].as_f64().unwrap();
    assert!((width - (399.99_f64 / 4000.0).sqrt()).abs() < 1e-3, "{width}");
}

#[test]
fn a_curve_bows_to_the_right_and_an_arrow_ends_before_its_node() {
    let book = made(&["01001 01002 500", "01002 01001 300"], Vec::new());
    let address = tile_at(11, MIDDLE);
    let bytes = drawn(&book, address);
    let middle = |from: &str, name: &str| {
        let flow = layer(&bytes, name).into_iter().find(|flow| flow.properties["from"] == from).unwrap();
        let bounds = match &flow.geometry {
            MvtGeometry::LineString(line) => line.bounding_rect().unwrap(),
            MvtGeometry::Polygon(polygon) => polygon.bounding_rect().unwrap(),
            other => panic!("{other:?}"),
        };
        (f64::from(bounds.min().y) + f64::from(bounds.max().y)) / 2.0
    };
    let node = layer(&bytes, "nodes").into_iter().next().unwrap();
    let MvtGeometry::Point(at) = node.geometry else { panic!() };
    // 01002 lies east of 01001: who goes there passes to the south, where y grows, who comes back to the north.
    assert!(middle("01001", "flows") > f64::from(at.y()) && middle("01002", "flows") < f64::from(at.y()));
    assert!(middle("01001", "arrows") > f64::from(at.y()) && middle("01002", "arrows") < f64::from(at.y()));
}

#[test]
fn neighbours_show_the_same_flow() {
    let book = book();
    let address = tile_at(10, MIDDLE);
    let beside = Address::new(10, u64::from(address.column()) + 1, u64::from(address.row())).unwrap();
    let names = |address| {
        let mut names: Vec<String> = layer(&drawn(&book, address), "flows")
            .iter()
            .map(|flow| format!("{} {}", flow.properties["from"], flow.properties["to"]))
            .collect();
        names.sort();
        names
    };
    let (one, other) = (names(address), names(beside));
    assert!(one.iter().any(|flow| other.contains(flow)), "{one:?} {other:?}");
}

#[test]
fn all_that_arrive_in_one_place() {
    let book = book();
    let around = |code: &str, direction| Around { territory: book.geography.territory(Level::Commune, code).unwrap(), direction };
    let ends = |level, around: &Around| -> Vec<(String, String, i64)> {
        let baked = book.star(level, &Filter::default(), around).unwrap();
        let code = |node: u32| baked.nodes[node as usize].code.clone();
        baked.flows.iter().map(|flow| (code(flow.from), code(flow.to), flow.workers.floor())).collect()
    };
    let paris = around("75056", Direction::In);
    assert_eq!(ends(Level::Commune, &paris), [("02002".to_owned(), "75056".to_owned(), 500)]);
    assert_eq!(ends(Level::Region, &paris), [("84".to_owned(), "75056".to_owned(), 500)]);
    assert_eq!(ends(Level::Region, &around("75056", Direction::Out)), []);
    // Of its own region, what lies outside it.
    let own = ends(Level::Region, &around("01001", Direction::Both));
    assert_eq!(own, [("01001".to_owned(), "84".to_owned(), 600), ("84".to_owned(), "01001".to_owned(), 60)]);
}

#[test]
fn a_legend_says_what_is_hidden() {
    let book = book();
    let told = Told { address: "http://h/{z}/{x}/{y}", bounds: [1.0, 46.0, 3.0, 47.0], attribution: "INSEE".into() };
    let json = describe(&book, &Filter::default(), &told).unwrap();
    assert_eq!(
        json["vector_layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["flows", "arrows", "nodes"]
    );
    let levels = json["commuting"]["levels"].as_array().unwrap();
    assert_eq!(levels.iter().map(|level| level["minzoom"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 6, 8, 10]);
    for level in levels {
        assert_eq!(level["workers"], levels[0]["workers"], "the same at every level");
        let step = level["thresholds"].as_array().unwrap().iter().find(|step| step["min"] == 400).unwrap();
        assert!(step["hidden"]["flows"].as_u64().unwrap() > 0 && step["hidden"]["workers"].as_f64().unwrap() > 0.0);
    }
    assert!(json["commuting"]["legend"]["fr"].as_str().unwrap().contains("précaution"));
}
