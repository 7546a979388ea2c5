//! Tiles as an independent reader sees them, against what went in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use emprise::atlas::Layer;
use emprise::geometry::projection::to_lon_lat;
use emprise::geometry::shape::Shapes;
use emprise::geometry::territory::LonLat;
use emprise::http::tilejson::tiled;
use emprise::layer::definition::FieldType;
use emprise::layer::value::{Value, Values, ValuesBuilder};
use emprise::tiles::address::Address;
use emprise::tiles::attributes::{self, Attributes};
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::{Drawing, draw};
use emprise::tiles::grid::Grid;
use emprise::tiles::pyramid::Pyramid;
use emprise::tiles::source::labels_of;
use emprise::tiles::tilejson::tilejson;
use emprise::tiles::world::World;
use emprise::tiles::{Source, tile};
use fast_mvt::{MvtReaderRef, MvtValue};
use geo::{Area, BooleanOps, Validation};
use geo_types::{Coord, Geometry, LineString, Polygon, polygon};
use proptest::prelude::*;

mod coverage;
mod format;
mod read_back;

use crate::harness::{Dice, entry, layer_of, repository, shared, with_cells};
use coverage::{communes, from_lon_lat};

/// Half the side of the world in EPSG:3857 metres.
const HALF_SIDE: f64 = 20_037_508.342_789_244;

/// A drawing board: coordinates in units of one tile, `ZOOM`/`COLUMN`/`ROW`, from its corner.
const ZOOM: u64 = 9;
const COLUMN: u64 = 259;
const ROW: u64 = 176;

fn tile_at(column: i64, row: i64) -> Address {
    Address::new(ZOOM, (COLUMN as i64 + column) as u64, (ROW as i64 + row) as u64).unwrap()
}

fn board_to_mercator([x, y]: [f64; 2]) -> [f64; 2] {
    let unit = 2.0 * HALF_SIDE / 2f64.powi(ZOOM as i32) / 4096.0;
    [(x + COLUMN as f64 * 4096.0) * unit - HALF_SIDE, HALF_SIDE - (y + ROW as f64 * 4096.0) * unit]
}

fn world(geometries: impl IntoIterator<Item = Geometry>, project: impl Fn([f64; 2]) -> [f64; 2] + Sync) -> World {
    let mut shapes = Shapes::default();
    for geometry in geometries {
        shapes.push_geometry(Some(&geometry));
    }
    World::build(shapes.len() as u32, |row| shapes.get(row), project)
}

/// The bytes of a tile of every feature of a world, each with its number as its id.
fn bytes(world: &World, address: Address, drawing: &Drawing) -> Vec<u8> {
    let rows: Vec<u32> = (0..world.len()).collect();
    let ids: Vec<String> = rows.iter().map(u32::to_string).collect();
    let attributes = Attributes { id: &|row| &ids[row as usize], columns: vec![] };
    let mut tile = Vec::new();
    attributes::write("board", drawing.extent, &draw(world, &rows, address, drawing), &attributes, &mut tile);
    tile
}

/// A feature read back: its row, and its rings (not closed) or lines as they were written.
type Read = BTreeMap<u64, Vec<Vec<[i64; 2]>>>;

fn read(bytes: &[u8]) -> Read {
    let reader = MvtReaderRef::new(bytes).unwrap();
    let features = reader.layers().flat_map(|layer| layer.features()).map(|feature| {
        feature.geometry().expect("an independent reader reads it");
        (feature.id().unwrap() - 1, follow(feature.geometry_commands()))
    });
    features.collect()
}

/// Follows the commands of a geometry as §4.3.3 of the specification tells.
fn follow(commands: &[u32]) -> Vec<Vec<[i64; 2]>> {
    let (mut lines, mut cursor, mut at): (Vec<Vec<[i64; 2]>>, [i64; 2], usize) = (Vec::new(), [0, 0], 0);
    while at < commands.len() {
        let (command, count) = (commands[at] & 7, commands[at] >> 3);
        at += 1;
        if command == 7 {
            continue;
        }
        for _ in 0..count {
            let step = |raw: u32| i64::from((raw >> 1) as i32 ^ -((raw & 1) as i32));
            cursor = [cursor[0] + step(commands[at]), cursor[1] + step(commands[at + 1])];
            at += 2;
            if command == 1 {
                lines.push(Vec::new());
            }
            lines.last_mut().unwrap().push(cursor);
        }
    }
    lines
}

fn twice_area(ring: &[[i64; 2]]) -> i64 {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

/// A star with its corners at given distances from its centre; any such ring is simple.
fn star([x, y]: [f64; 2], radii: &[f64], share: f64) -> LineString {
    let corner = |place: usize| {
        let (sin, cos) = (place as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
        Coord { x: x + share * radii[place % radii.len()] * cos, y: y + share * radii[place % radii.len()] * sin }
    };
    LineString((0..=radii.len()).map(|place| corner(place % radii.len())).collect())
}

/// Where corners are drawn: anywhere, or on the sides of a tile, of its buffer, or halfway between two units.
fn snapped(ring: &LineString, snap: u8) -> LineString {
    let lines = [-64.0, 0.0, 4096.0, 4160.0, 8192.0];
    let near = |value: f64| lines.iter().copied().find(|line| (line - value).abs() < 200.0);
    let snap = |value: f64| match snap {
        0 => value,
        1 => near(value).unwrap_or(value),
        _ => value.floor() + 0.5,
    };
    LineString(ring.0.iter().map(|corner| Coord { x: snap(corner.x), y: snap(corner.y) }).collect())
}

prop_compose! {
    /// Spiky stars of any size from a fiftieth of a unit to two tiles, with or without a hole.
    fn stars()(
        centre in [-100.0..8300.0f64, -100.0..8300.0f64],
        size in prop_oneof![0.02..2.0f64, 2.0..100.0, 100.0..6000.0],
        radii in prop::collection::vec(prop_oneof![0.001..0.02f64, 0.2..1.0], 3..60),
        hole in prop::option::of(0.1..0.95f64),
        flat in prop_oneof![Just(1.0), 0.0001..0.01f64],
        snap in 0..3u8,
    ) -> Polygon {
        let radii: Vec<f64> = radii.iter().map(|radius| radius * size).collect();
        let flatten = |ring: LineString| LineString(ring.0.iter().map(|c| Coord { x: c.x, y: centre[1] + (c.y - centre[1]) * flat }).collect());
        let holes = hole.map(|share| snapped(&flatten(star(centre, &radii, share)), snap));
        Polygon::new(snapped(&flatten(star(centre, &radii, 1.0)), snap), holes.into_iter().collect())
    }
}

fn length(polygon: &Polygon) -> f64 {
    std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .flat_map(LineString::lines)
        .map(|line| (line.dx()).hypot(line.dy()))
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Coordinates inside the buffer, exteriors positive and holes after them negative, nothing repeated, nothing without area.
    #[test]
    fn polygons_are_well_formed(stars in prop::collection::vec(stars(), 1..6), buffer in prop_oneof![Just(64u32), Just(0), Just(200)]) {
        let world = world(stars.into_iter().map(Geometry::Polygon), board_to_mercator);
        let drawing = Drawing { buffer, ..Drawing::default() };
        for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            for rings in read(&bytes(&world, tile_at(column, row), &drawing)).values() {
                prop_assert!(twice_area(&rings[0]) > 0, "the first ring is an exterior");
                for ring in rings {
                    prop_assert!(ring.len() >= 3 && twice_area(ring) != 0);
                    prop_assert!((0..ring.len()).all(|i| ring[i] != ring[(i + 1) % ring.len()]), "{:?}", ring);
                    let within = |at: i64| -i64::from(buffer) <= at && at <= 4096 + i64::from(buffer);
                    prop_assert!(ring.iter().all(|&[x, y]| within(x) && within(y)), "{:?}", ring);
                }
            }
        }
    }

    /// Without a buffer, the tiles of a polygon add up to it: to one unit along its outline and its cuts, and never to nothing.
    #[test]
    fn tiles_add_up(star in stars()) {
        // Snapping may push a hole through its shell. No snapshot holds such a polygon, and what it covers nobody can say.
        let star = if star.is_valid() { star } else { Polygon::new(star.exterior().clone(), Vec::new()) };
        // Nor may snapping fold the shell over itself.
        prop_assume!(star.is_valid());
        let world = world([Geometry::Polygon(star.clone())], board_to_mercator);
        let drawing = Drawing { buffer: 0, ..Drawing::default() };
        let addresses: Vec<Address> = (-2..4).flat_map(|column| (-2..4).map(move |row| tile_at(column, row))).collect();
        let drawn: Vec<Read> = addresses.iter().map(|&address| read(&bytes(&world, address, &drawing))).collect();
        let twice: i64 = drawn.iter().flat_map(Read::values).flatten().map(|ring| twice_area(ring)).sum();
        prop_assert!(twice > 0, "something is drawn");
        let error = (twice as f64 / 2.0 - star.unsigned_area()).abs();
        prop_assert!(error <= 1.3 * length(&star) + 3.0, "{} of {}", error, star.unsigned_area());
    }

    /// Lines stay inside, in pieces that go as far as the line does.
    #[test]
    fn lines_are_split(points in prop::collection::vec([-3000.0..7000.0f64, -3000.0..7000.0f64], 2..40)) {
        let line = LineString(points.iter().map(|&[x, y]| Coord { x, y }).collect());
        let world = world([Geometry::LineString(line.clone())], board_to_mercator);
        let pieces: Vec<_> = read(&bytes(&world, tile_at(0, 0), &Drawing::default())).into_values().flatten().collect();
        let window = polygon![(x: -64., y: -64.), (x: 4160., y: -64.), (x: 4160., y: 4160.), (x: -64., y: 4160.)];
        let inside = window.clip(&geo_types::MultiLineString(vec![line]), false);
        let expected: f64 = inside.iter().flat_map(LineString::lines).map(|line| line.dx().hypot(line.dy())).sum();
        let got: f64 = pieces.iter().flat_map(|piece| piece.windows(2)).map(|e| ((e[1][0] - e[0][0]) as f64).hypot((e[1][1] - e[0][1]) as f64)).sum();
        prop_assert!((got - expected).abs() <= 3.0 * (points.len() + 1) as f64, "{} of {}", got, expected);
        prop_assert!(pieces.iter().flatten().flatten().all(|at| (-64..=4160).contains(at)));
    }

    /// Of small features none is lost: in each cell of 4 by 4 units the largest stands for all, and without thinning all are there.
    #[test]
    fn small_features_stay(places in prop::collection::vec((0u32..60, 0u32..60, 1u32..9), 1..200)) {
        let square = |&(x, y, side): &(u32, u32, u32)| {
            let ([x, y], side) = ([x, y].map(|at| f64::from(at) / 2.0 + 0.25), f64::from(side) / 100.0);
            Geometry::Polygon(polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)])
        };
        let world = world(places.iter().map(square), board_to_mercator);
        let cell = |row: u64| [places[row as usize].0 / 8, places[row as usize].1 / 8];
        let mut largest: HashMap<[u32; 2], u32> = HashMap::new();
        for (row, place) in places.iter().enumerate() {
            let side = largest.entry(cell(row as u64)).or_default();
            *side = place.2.max(*side);
        }
        let drawn = read(&bytes(&world, tile_at(0, 0), &Drawing::default()));
        prop_assert_eq!(drawn.keys().map(|&row| cell(row)).collect::<BTreeSet<_>>().len(), drawn.len(), "one a cell");
        prop_assert_eq!(drawn.len(), largest.len());
        for (&row, rings) in &drawn {
            prop_assert_eq!(places[row as usize].2, largest[&cell(row)]);
            prop_assert_eq!(rings.iter().map(|ring| twice_area(ring)).collect::<Vec<_>>(), vec![2]);
        }
        let all = read(&bytes(&world, tile_at(0, 0), &Drawing { thin: false, ..Drawing::default() }));
        prop_assert_eq!(all.len(), places.len());
    }
}

/// A sliver that crosses tiles and rounds to nothing in each of them is still seen once.
#[test]
fn a_sliver_is_seen() {
    let sliver = polygon![(x: 100., y: 100.4), (x: 9000., y: 100.4), (x: 9000., y: 100.402), (x: 100., y: 100.402)];
    let world = world([Geometry::Polygon(sliver)], board_to_mercator);
    let drawn = [0, 1, 2].map(|column| read(&bytes(&world, tile_at(column, 0), &Drawing::default())).len());
    assert_eq!(drawn, [1, 0, 0]);
}

#[test]
fn points_and_attributes_come_back() {
    let points = [[0.0, 0.0], [4096.0, 10.0], [4160.0, 10.0], [4161.0, 10.0], [-64.0, -64.0]];
    let world = world(points.map(|[x, y]| Geometry::Point((x, y).into())), board_to_mercator);
    let texts = ["a", "b", "a", "c", "d"].map(|text| Value::Text(text.to_owned()));
    let columns: [(&str, Values); 5] = [
        ("word", column(FieldType::Text, texts.to_vec())),
        (
            "size",
            column(
                FieldType::Number,
                vec![Value::Number(0.1), Value::Number(0.5), Value::Unknown, Value::Unknown, Value::Unknown],
            ),
        ),
        ("rank", column(FieldType::Integer, [-3, 5, i64::MAX, 0, 0].map(Value::Integer).to_vec())),
        ("open", column(FieldType::Boolean, vec![Value::Boolean(true); 5])),
        ("since", column(FieldType::Date, vec![Value::Date("2024-10-31".parse().unwrap()); 5])),
    ];
    let ids = ["x/1", "x/2", "a", "x/4", "x/5"];
    let columns = columns.iter().map(|(name, values)| (*name, values)).collect();
    let attributes = Attributes { id: &|row| ids[row as usize], columns };
    let mut tile = Vec::new();
    let drawn = draw(&world, &[0, 1, 2, 3, 4], tile_at(0, 0), &Drawing::default());
    attributes::write("places", 4096, &drawn, &attributes, &mut tile);
    attributes::write("empty", 4096, &draw(&world, &[], tile_at(0, 0), &Drawing::default()), &attributes, &mut tile);

    let reader = MvtReaderRef::new(&tile).unwrap();
    let tile = reader.to_tile().unwrap();
    assert_eq!(tile.layers.len(), 1, "a layer without features is left out");
    let layer = &tile.layers[0];
    assert_eq!((layer.name.as_str(), layer.extent.get(), layer.features.len()), ("places", 4096, 4));
    assert_eq!(layer.features.iter().map(|feature| feature.id).collect::<Vec<_>>(), [Some(1), Some(2), Some(3), Some(5)]);
    let text = |text: &str| MvtValue::String(text.to_owned());
    let properties = |place: usize| {
        layer.features[place].properties.iter().map(|(key, value)| (key.as_str(), value.clone())).collect::<Vec<_>>()
    };
    let expected = vec![
        ("id", text("x/1")),
        ("word", text("a")),
        ("size", MvtValue::Double(0.1)),
        ("rank", MvtValue::SInt(-3)),
        ("open", MvtValue::Bool(true)),
        ("since", text("2024-10-31")),
    ];
    assert_eq!(properties(0), expected);
    assert_eq!(properties(1)[2], ("size", MvtValue::Float(0.5)));
    let expected = vec![
        ("id", text("a")),
        ("word", text("a")),
        ("rank", MvtValue::UInt(i64::MAX as u64)),
        ("open", MvtValue::Bool(true)),
        ("since", text("2024-10-31")),
    ];
    assert_eq!(properties(2), expected, "an unknown value is no tag");
    let first = reader.layers().next().unwrap();
    let values: Vec<_> = first.values().map(|value| format!("{value:?}")).collect();
    assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len(), "each value once");
}

/// What two neighbouring tiles both see, they see at the same place, and an outline that crosses from one to the other does not jump.
#[test]
fn no_crack_between_tiles() {
    let Some(communes) = communes() else { return };
    let world = world(communes, from_lon_lat);
    for zoom in [5u64, 7, 9, 11] {
        let address = |column: u64| Address::new(zoom, (259 << zoom >> 9) - 1 + column, 176 << zoom >> 9).unwrap();
        let [west, east] = [0, 1].map(|column| read(&bytes(&world, address(column), &Drawing::default())));
        let (mut both, mut widest) = (0, 0.0f64);
        for (row, rings) in &west {
            let Some(others) = east.get(row) else { continue };
            let strip = |rings: &[Vec<[i64; 2]>], shift: i64| -> BTreeSet<[i64; 2]> {
                let seen = rings.iter().flatten().map(|&[x, y]| [x + shift, y]);
                seen.filter(|&[x, y]| (4060..4132).contains(&x) && (-32..4128).contains(&y)).collect()
            };
            let (here, there) = (strip(rings, 0), strip(others, 4096));
            assert_eq!(here, there, "zoom {zoom}, row {row}");
            both += here.len();
            let (here, there) = (crossings(rings, 4096.0), crossings(others, 0.0));
            assert_eq!(here.len(), there.len(), "zoom {zoom}, row {row}");
            widest = here.iter().zip(&there).map(|(a, b)| (a - b).abs()).fold(widest, f64::max);
        }
        eprintln!("zoom {zoom}: {both} vertices seen by both tiles, widest jump at the border {widest:.3} units");
        assert!(both > 20 && widest <= 1.0);
    }
}

/// Where the outlines of rings cross a north-south line, from north to south.
fn crossings(rings: &[Vec<[i64; 2]>], x: f64) -> Vec<f64> {
    let edges = rings
        .iter()
        .flat_map(|ring| (0..ring.len()).map(|i| [ring[i], ring[(i + 1) % ring.len()]].map(|p| p.map(|at| at as f64))));
    let mut ys: Vec<f64> = edges
        .filter(|[a, b]| (a[0] < x) != (b[0] < x))
        .map(|[a, b]| a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]))
        .filter(|y| (0.0..4096.0).contains(y))
        .collect();
    ys.sort_by(f64::total_cmp);
    ys
}

/// Four squares of 2 km: Paris, Cayenne, Saint-Denis de La Réunion, and one without a place.
fn far_apart(tiles: &str) -> Layer {
    use emprise::geometry::projection::from_lon_lat;
    use emprise::geometry::territory::Frame;
    let square = |(lon, lat): (f64, f64)| {
        let position = LonLat { lon, lat };
        let [x, y] = from_lon_lat(Frame::holding(position).unwrap(), position);
        Geometry::Polygon(polygon![(x: x, y: y), (x: x + 2e3, y: y), (x: x + 2e3, y: y + 2e3), (x: x, y: y + 2e3)])
    };
    let places = [(2.35, 48.86), (-52.33, 4.94), (55.45, -20.88)];
    let mut shapes = Shapes::default();
    for place in places {
        shapes.push_geometry(Some(&square(place)));
    }
    shapes.push_geometry(None);
    let columns = format!(
        "tiles = {tiles}\ncolumns.name = {{ from = [\"n\"], type = \"text\" }}\ncolumns.rank = {{ from = [\"r\"], type = \"integer\" }}"
    );
    let names =
        column(FieldType::Text, ["Paris", "Cayenne", "Saint-Denis", "?"].map(|name| Value::Text(name.to_owned())).to_vec());
    let ranks = column(FieldType::Integer, [1, 2, 3, 4].map(Value::Integer).to_vec());
    Layer::new(entry("squares", &columns, 4), ["p", "c", "d", "x"].into_iter().collect(), vec![names, ranks], shapes)
}

fn column(kind: FieldType, values: Vec<Value>) -> Values {
    let mut builder = ValuesBuilder::new(kind);
    values.into_iter().for_each(|value| builder.push(value));
    builder.finish()
}

fn texts(bytes: &[u8], key: &str) -> Vec<String> {
    let reader = MvtReaderRef::new(bytes).unwrap();
    let tile = reader.to_tile().unwrap();
    let properties = tile.layers.iter().flat_map(|layer| &layer.features).flat_map(|feature| &feature.properties);
    properties.filter(|(name, _)| name == key).map(|(_, value)| format!("{value:?}")).collect()
}

/// One tile can show several territories; columns can be joined and rows left out when it is drawn.
#[test]
fn layers_of_an_atlas_are_drawn() {
    let layer = far_apart("{ min_zoom = 0, max_zoom = 12, shown = [\"name\", \"rank\"] }");
    let (pyramid, drawing) = (Pyramid::default(), Drawing::default());
    let draw = |source: &Source, address: &str| tile(std::slice::from_ref(source), address.parse().unwrap(), &drawing, &pyramid);
    let mut source = Source::of(&layer);
    assert_eq!(texts(&draw(&source, "0/0/0"), "id"), ["String(\"p\")", "String(\"c\")", "String(\"d\")"]);
    assert_eq!(texts(&draw(&source, "10/518/352"), "name"), ["String(\"Paris\")"]);
    assert!(draw(&source, "10/0/0").is_empty());
    assert_eq!(draw(&source, "10/518/352"), draw(&source, "10/518/352"));

    let scores = column(FieldType::Number, [0.5, 0.25, 0.125, 0.0].map(Value::Number).to_vec());
    let better = column(FieldType::Integer, [9, 8, 7, 6].map(Value::Integer).to_vec());
    source.extra = vec![("score", &scores), ("rank", &better)];
    let keep = |row: u32| row != 1;
    source.keep = Some(&keep);
    source.name = "answer";
    let drawn = draw(&source, "0/0/0");
    assert_eq!(texts(&drawn, "score"), ["Float(0.5)", "Float(0.125)"]);
    assert_eq!(texts(&drawn, "rank"), ["UInt(9)", "UInt(7)"], "a joined column hides the layer's own");
    assert_eq!(MvtReaderRef::new(&drawn).unwrap().layers().next().unwrap().keys(), ["id", "score", "rank", "name"]);

    let two = tile(&[Source::of(&layer), source.clone()], "0/0/0".parse().unwrap(), &drawing, &pyramid);
    assert_eq!(MvtReaderRef::new(&two).unwrap().layers().map(|layer| layer.name()).collect::<Vec<_>>(), ["squares", "answer"]);
    let json = tilejson("both", &[Source::of(&layer).tiled(), source.tiled()], "/tiles/{z}/{x}/{y}.mvt");
    assert_eq!(json["vector_layers"][0]["fields"], serde_json::json!({ "id": "String", "name": "String", "rank": "Number" }));
    assert_eq!(json["vector_layers"][1]["fields"]["score"], "Number");
}

#[test]
fn zooms_of_a_layer_are_its_own() {
    let draw = |layer: &Layer, address: &str| {
        tile(&[Source::of(layer)], address.parse().unwrap(), &Drawing::default(), &Pyramid::default())
    };
    let late = far_apart("{ min_zoom = 9, max_zoom = 10 }");
    assert!(draw(&late, "8/129/88").is_empty() && !draw(&late, "9/259/176").is_empty());
    assert!(!draw(&late, "12/2074/1408").is_empty(), "deeper than its last zoom a layer is still drawn, and as finely");
}

/// The index finds every row that a tile could show, wherever the tile is, even by edges of 100 km, which are bent by 250 m.
#[test]
fn the_index_misses_nothing() {
    let mut dice = Dice(11);
    let mut features = Vec::new();
    for number in 0..3000 {
        let [x, y] = [100_000.0 + 1_100_000.0 * dice.roll(), 6_050_000.0 + 1_060_000.0 * dice.roll()];
        let side = 10f64.powf(1.0 + 4.0 * dice.roll());
        let square = polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side / 3.0), (x: x, y: y + side / 3.0)];
        features.push((number.to_string(), Some(Geometry::Polygon(square))));
    }
    let layer = layer_of("squares", features);
    let (pyramid, drawing) = (Pyramid::default(), Drawing { thin: false, ..Drawing::default() });
    let world = pyramid.world(&layer);
    let all: Vec<u32> = layer.rows().collect();
    let mut drawn_at_all = 0;
    for zoom in 4..15u64 {
        for _ in 0..40 {
            let share = [0.486 + 0.04 * dice.roll(), 0.343 + 0.031 * dice.roll()];
            let [column, row] = share.map(|share| (share * 2f64.powi(zoom as i32)) as u64);
            let address = Address::new(zoom, column, row).unwrap();
            let mut found = BTreeSet::new();
            address.plane_windows(drawing.margin()).iter().for_each(|window| {
                layer.rows_in(&window.grown(world.bend_m()), |row| {
                    found.insert(row);
                })
            });
            let drawn = draw(&world, &all, address, &drawing);
            drawn_at_all += drawn.features.len();
            assert!(drawn.features.iter().all(|feature| found.contains(&feature.row)), "{address}");
        }
    }
    assert!(drawn_at_all > 10_000, "{drawn_at_all}");
}

/// From official files to a tile, by the program: what it says is in the tile is what the snapshot holds.
#[test]
fn the_command_draws_and_counts() {
    let run = |arguments: &[&str]| std::process::Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let fixtures = &*repository("fixtures/data").to_string_lossy().into_owned();
    let ingested = run(&["ingest", "--out", &at("data"), fixtures]);
    assert!(ingested.status.success(), "{}", String::from_utf8_lossy(&ingested.stderr));

    let drawn = run(&["tile", &at("data"), "communes,brownfields", "7/65/45", "--out", &at("tile.mvt"), "--json"]);
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&drawn.stdout).unwrap();
    let bytes = std::fs::read(at("tile.mvt")).unwrap();
    assert_eq!(summary["bytes"], bytes.len());
    assert_eq!(summary["layers"][0]["name"], "communes");
    assert_eq!(summary["layers"][0]["polygons"], 59, "every commune of the drawn territory");
    let reader = MvtReaderRef::new(&bytes).unwrap();
    assert_eq!(reader.layers().next().unwrap().feature_count(), 59);

    let wrong = |layer: &str, address: &str| String::from_utf8(run(&["tile", &at("data"), layer, address]).stderr).unwrap();
    assert!(wrong("comunes", "7/65/45").contains("did you mean `communes`?"));
    assert!(wrong("commuting-flows", "7/65/45").contains("never drawn"));
    assert!(wrong("communes", "7/128/45").contains("columns of that zoom are 0 to 127"));
}

/// The communes of 2026 have eight rows without geometry: they are in the snapshot, and in no tile.
#[test]
fn rows_without_a_place_are_no_obstacle() {
    let file = shared("data/territories/communes_2026.parquet");
    if !file.exists() {
        eprintln!("skipped: no {}", file.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&std::ffi::OsStr]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap()
    };
    let data = folder.path().as_os_str();
    assert!(run(&["ingest".as_ref(), "--out".as_ref(), data, file.as_os_str()]).status.success());
    let drawn = run(&["tile".as_ref(), data, "communes".as_ref(), "0/0/0".as_ref(), "--json".as_ref()]);
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
}

/// A layer of squares of a given side in metres on a grid of them around Paris, with its TOML of tiles and columns.
fn many(side: f64, spacing: f64, across: usize, lines: &str) -> Layer {
    let features = (0..across * across).map(|number| {
        let (x, y) = (652_000.0 + spacing * (number % across) as f64, 6_862_000.0 + spacing * (number / across) as f64);
        let square = polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)];
        (number.to_string(), Some(Geometry::Polygon(square)))
    });
    with_cells("squares", lines, features.collect(), |id, column, _| match column {
        "rank" => Some(Value::Integer(id.parse().unwrap())),
        _ => Some(Value::Text(format!("square number {id} of the many"))),
    })
}

const NAMED: &str = "columns.name = { from = [\"n\"], type = \"text\" }\ncolumns.rank = { from = [\"r\"], type = \"integer\" }\n";

fn gzipped(bytes: &[u8]) -> usize {
    compress(bytes.to_vec(), Encoding::Gzip).len()
}

/// Rows of a tile that are not cut by their number, with a place on the map of the whole zoom.
fn places(bytes: &[u8], address: Address) -> BTreeMap<u64, [i64; 2]> {
    let corner = [address.column(), address.row()].map(|at| i64::from(at) * 4096);
    let is_cut = |rings: &[Vec<[i64; 2]>]| rings.iter().flatten().flatten().any(|at| [-64, 4160].contains(at));
    let whole = read(bytes).into_iter().filter(|(_, rings)| !is_cut(rings));
    whole.map(|(row, rings)| (row, [rings[0][0][0] + corner[0], rings[0][0][1] + corner[1]])).collect()
}

/// A crowded zoom is thinned until its heaviest tile fits, in all its tiles alike: neighbours show the same features at their common
/// side, and a tile that would fit by itself is as thin as the crowded one beside it.
#[test]
fn a_budget_thins_a_whole_zoom_alike() {
    let layer = |budget: u32| {
        many(
            60.0,
            100.0,
            160,
            &format!("{NAMED}tiles = {{ min_zoom = 5, max_zoom = 12, shown = [\"name\"], budget_kb = {budget} }}"),
        )
    };
    let (loose, tight) = (layer(0), layer(30));
    let (loose_pyramid, pyramid) = (Pyramid::default(), Pyramid::default());
    let drawing = Drawing::default();
    let all = |zoom: u64| -> Vec<Address> {
        let near = Address::new(zoom, (518 << zoom) >> 10, (352 << zoom) >> 10).unwrap();
        let around = |at: u32| i64::from(at) - 2..=i64::from(at) + 2;
        around(near.column())
            .flat_map(|x| around(near.row()).map(move |y| Address::new(zoom, x as u64, y as u64).unwrap()))
            .collect()
    };
    for zoom in [9u64, 10, 11] {
        let draw = |layer: &Layer, pyramid: &Pyramid, address| tile(&[Source::of(layer)], address, &drawing, pyramid);
        let (mut seen, mut rows): (HashMap<u64, [i64; 2]>, BTreeSet<u64>) = Default::default();
        let (mut heaviest, mut unthinned, mut owned, mut told) = (0, 0, 0, 0);
        for address in all(zoom) {
            let bytes = draw(&tight, &pyramid, address);
            heaviest = heaviest.max(gzipped(&bytes));
            unthinned = unthinned.max(gzipped(&draw(&loose, &loose_pyramid, address)));
            for (row, place) in places(&bytes, address) {
                let known = seen.entry(row).or_insert(place);
                assert!((0..2).all(|axis| (known[axis] - place[axis]).abs() <= 1), "zoom {zoom}, row {row}: {known:?} {place:?}");
            }
            // Of the tile itself, its buffer left out.
            let own = read(&bytes).into_iter().filter(|(_, rings)| rings[0][0].iter().all(|at| (0..4096).contains(at)));
            let own: Vec<u64> = own.map(|(row, _)| row).collect();
            owned += own.len();
            rows.extend(own);
            told += note(&bytes).map_or(0, |note| note.strip_prefix("thinned: ").unwrap().parse::<usize>().unwrap());
        }
        eprintln!("zoom {zoom}: {unthinned} bytes thinned to {heaviest}, {} of 25600 shown, {told} stood for", rows.len());
        assert!((23_000..=30_000).contains(&heaviest), "zoom {zoom}: {heaviest}: not more, and not much less");
        assert_eq!(owned, rows.len(), "each feature in one tile");
        assert_eq!(rows.len() + told, 25_600, "what is not drawn is counted, once");
        assert!(unthinned > 60_000 && rows.len() > 300, "zoom {zoom}: {unthinned} {}", rows.len());
    }
    let source = Source::of(&tight);
    let steps =
        emprise::tiles::thinning(std::slice::from_ref(&source), "10/518/352".parse().unwrap(), &pyramid, &|| true).unwrap();
    assert!(steps[0] > 0);
    // Clients are told at which zooms, and below how many square units.
    let told = |source: Source, pyramid: &Pyramid| {
        tilejson("squares", &tiled(pyramid, &[source]), "/tiles")["vector_layers"][0]["thinned"].clone()
    };
    let thinned = told(Source::of(&tight), &pyramid);
    assert!((9..=11).all(|zoom| thinned[zoom.to_string()].as_f64().unwrap() > 1.0), "{thinned}");
    assert_eq!(told(Source::of(&loose), &loose_pyramid), serde_json::Value::Null);
    assert_eq!(emprise::tiles::tile_while(&[source], "10/518/352".parse().unwrap(), &drawing, &pyramid, &|| false), None);
}

/// The note of a tile's only layer: field 16 of the layer, which readers that do not know it pass by.
fn note(tile: &[u8]) -> Option<String> {
    let varint = |at: &mut usize, bytes: &[u8]| {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = bytes[*at];
            *at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    };
    let fields = |bytes: &[u8]| -> Vec<(u64, Vec<u8>)> {
        let (mut at, mut fields) = (0, Vec::new());
        while at < bytes.len() {
            let key = varint(&mut at, bytes);
            let length = varint(&mut at, bytes) as usize;
            if key & 7 == 2 {
                fields.push((key >> 3, bytes[at..at + length].to_vec()));
                at += length;
            }
        }
        fields
    };
    let (_, layer) = fields(tile).into_iter().next()?;
    let (_, text) = fields(&layer).into_iter().find(|(field, _)| *field == 16)?;
    Some(String::from_utf8(text).unwrap())
}

#[test]
fn a_layer_says_how_it_is_drawn() {
    let draw = |lines: &str, address: &str| {
        let layer = many(
            60.0,
            500.0,
            20,
            &format!("{NAMED}tiles = {{ min_zoom = 5, max_zoom = 12, shown = [\"name\", \"rank\"], {lines} }}"),
        );
        tile(&[Source::of(&layer)], address.parse().unwrap(), &Drawing::default(), &Pyramid::default())
    };
    let keys = |bytes: &[u8]| {
        MvtReaderRef::new(bytes).unwrap().layers().next().unwrap().keys().iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()
    };
    let late = "shown_from = { name = 11 }";
    assert_eq!(keys(&draw(late, "10/518/352")), ["id", "rank"]);
    assert_eq!(keys(&draw(late, "11/1037/704")), ["id", "name", "rank"]);
    let reader = |bytes: &[u8]| MvtReaderRef::new(bytes).unwrap().layers().next().unwrap().extent();
    assert_eq!(reader(&draw("extent = 512", "10/518/352")), 512);
    let ids = |lines: &str| texts(&draw(lines, "10/518/352"), "rank");
    let (by_row, by_rank) = (ids("buffer = 0"), ids("buffer = 0, order = { by = \"rank\", descending = true }"));
    assert!(by_row.len() > 30 && by_row.iter().rev().eq(&by_rank));
    // At zoom 6 a square of 60 m is small: it stands for its neighbours, is a point, or is left out, as its layer says.
    let kinds = |lines: &str, address: &str| {
        let bytes = draw(lines, address);
        let reader = MvtReaderRef::new(&bytes).unwrap();
        let kinds = reader.layers().flat_map(|layer| layer.features()).map(|feature| feature.geom_type().unwrap() as u8);
        kinds.collect::<Vec<u8>>()
    };
    let standing = kinds("buffer = 64", "6/32/22");
    assert!(!standing.is_empty() && standing.iter().all(|kind| *kind == 3));
    assert_eq!(kinds("min = { below = \"point\" }", "6/32/22"), vec![1; standing.len()]);
    assert_eq!(kinds("min = { below = \"leave\" }", "6/32/22").len(), 0);
    // At zoom 11 each has a shape, of some 350 square units; fewer than its layer asks for, and it is small.
    let shaped = kinds("buffer = 64", "11/1037/704").len();
    assert_eq!(kinds("min = { area = 200, below = \"leave\" }", "11/1037/704").len(), shaped);
    assert_eq!(kinds("min = { area = 2000, below = \"leave\" }", "11/1037/704").len(), 0);
    // At zoom 19 a tile is narrower than a square. Cut, it ends at the buffer; not cut, it is there as a whole.
    let corner = to_lon_lat([652_000.0, 6_862_000.0]);
    let across = 2f64.powi(19);
    let column = (across * (corner.lon / 360.0 + 0.5)) as u64;
    let row = (across * (0.5 - corner.lat.to_radians().tan().asinh() / std::f64::consts::TAU)) as u64;
    let widest = |lines: &str| {
        let places: Vec<[i64; 2]> = read(&draw(lines, &format!("19/{column}/{row}"))).into_values().flatten().flatten().collect();
        let side =
            |axis: usize| places.iter().map(|at| at[axis]).max().unwrap() - places.iter().map(|at| at[axis]).min().unwrap();
        (side(0).max(side(1)), places.iter().flatten().map(|at| at.abs()).max().unwrap())
    };
    let (cut, whole) = (widest("buffer = 64"), widest("clip = false"));
    assert!(cut.1 == 4160 || cut.1 <= 4160 && cut.0 < 4160 + 64, "{cut:?}");
    assert!(whole.0 > 4400 && whole.1 > 4160, "{whole:?}: 60 m of tiles of 50");
}

/// Points in one cell of the world are one group in every tile that sees it, which counts, sums and bounds its members.
#[test]
fn points_are_grouped() {
    let mut dice = Dice(5);
    let points: Vec<[f64; 2]> =
        (0..2000).map(|_| [640_000.0 + 60_000.0 * dice.roll(), 6_840_000.0 + 60_000.0 * dice.roll()]).collect();
    let features =
        points.iter().enumerate().map(|(row, &[x, y])| (row.to_string(), Some(Geometry::Point((x, y).into())))).collect();
    let lines = format!(
        "{NAMED}tiles = {{ min_zoom = 5, max_zoom = 14, shown = [\"name\"], cluster = {{ max_zoom = 10, sum = [\"rank\"] }} }}"
    );
    let layer =
        with_cells("places", &lines, features, |id, column, _| (column == "rank").then(|| Value::Integer(id.parse().unwrap())));
    let pyramid = Pyramid::default();
    let number = |value: &MvtValue| match value {
        MvtValue::UInt(number) => *number as f64,
        MvtValue::Float(number) => f64::from(*number),
        MvtValue::Double(number) => *number,
        other => panic!("{other:?}"),
    };
    for zoom in [7u64, 9, 10] {
        let (mut count, mut sum, mut shared) = (0.0, 0.0, 0);
        let mut seen: HashMap<u64, (f64, f64)> = HashMap::new();
        let near = Address::new(zoom, (518 << zoom) >> 10, (352 << zoom) >> 10).unwrap();
        for (x, y) in (-2..=2).flat_map(|x| (-2..=2).map(move |y| (x, y))) {
            let address = Address::new(zoom, (i64::from(near.column()) + x) as u64, (i64::from(near.row()) + y) as u64).unwrap();
            let bytes = tile(&[Source::of(&layer)], address, &Drawing::default(), &pyramid);
            let Ok(read) = MvtReaderRef::new(&bytes) else { continue };
            for feature in read.to_tile().unwrap().layers.iter().flat_map(|layer| &layer.features) {
                let property =
                    |name: &str| feature.properties.iter().find(|(key, _)| key == name).map(|(_, value)| number(value));
                let row = feature.id.unwrap() - 1;
                let own = (property("count").unwrap_or(1.0), property("sum-rank").unwrap_or(row as f64));
                match seen.insert(row, own) {
                    Some(before) => {
                        shared += 1;
                        assert_eq!(before, own, "a group is the same in each tile");
                    }
                    None => {
                        count += own.0;
                        sum += own.1;
                    }
                }
                if own.0 > 1.0 {
                    let [west, south, east, north] = ["west", "south", "east", "north"].map(|edge| property(edge).unwrap());
                    let first = to_lon_lat(points[row as usize]);
                    assert!(
                        west <= first.lon + 1e-6
                            && first.lon <= east + 1e-6
                            && south <= first.lat + 1e-6
                            && first.lat <= north + 1e-6
                    );
                }
            }
        }
        eprintln!("zoom {zoom}: {} groups and points, {shared} seen by two tiles", seen.len());
        assert_eq!((count, sum), (2000.0, 1999.0 * 1000.0), "zoom {zoom}");
        assert!(seen.len() < 2000);
    }
    let alone = tile(&[Source::of(&layer)], "11/1037/704".parse().unwrap(), &Drawing::default(), &pyramid);
    assert!(texts(&alone, "count").is_empty(), "beyond its last zoom each point is itself");
}

/// Each surface has one label, in one tile, inside it.
#[test]
fn labels_are_one_a_feature() {
    let layer = many(4_000.0, 5_000.0, 12, &format!("{NAMED}tiles = {{ min_zoom = 5, max_zoom = 12, shown = [\"name\"] }}"));
    let (pyramid, name) = (Pyramid::default(), labels_of(&layer).unwrap());
    assert_eq!(name, "squares-labels");
    for zoom in [6u64, 9, 10, 12] {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let near = Address::new(zoom, (518 << zoom) >> 10, (352 << zoom) >> 10).unwrap();
        for (x, y) in (-20..=20).flat_map(|x| (-20..=20).map(move |y| (x, y))) {
            let address = Address::new(zoom, (i64::from(near.column()) + x) as u64, (i64::from(near.row()) + y) as u64).unwrap();
            let bytes = tile(&[Source::labels(&layer, &name)], address, &Drawing::default(), &pyramid);
            texts(&bytes, "id").into_iter().for_each(|id| *seen.entry(id).or_default() += 1);
        }
        assert_eq!((seen.len(), seen.values().sum::<usize>()), (144, 144), "zoom {zoom}");
    }
    for (row, point) in pyramid.label_points(&layer).iter().enumerate() {
        let bounds = layer.bounds(row as u32);
        assert_eq!(
            bounds.centre().map(|at| (at * 10.0).round()),
            point.unwrap().map(|at| (at * 10.0).round()),
            "the middle of a square"
        );
    }
}

/// Tiles of the Lambert-93 grid are cut in EPSG:2154: a square of the map is a square of the tile, to half a unit.
#[test]
fn the_lambert_grid_is_cut_in_its_own_metres() {
    let layer = many(60.0, 500.0, 20, &format!("{NAMED}tiles = {{ min_zoom = 5, max_zoom = 15, shown = [\"name\"] }}"));
    let pyramid = Pyramid::default();
    let zoom = 14u64;
    let side = Grid::Lambert93.cell_size(zoom as u8) * 256.0;
    let mut drawn = 0;
    for (x, y) in (0..3).flat_map(|x| (0..3).map(move |y| (x, y))) {
        let (column, row) = ((652_000.0 / side) as u64 + x, ((12_000_000.0 - 6_872_000.0) / side) as u64 + y);
        let address = Address::on(Grid::Lambert93, zoom, column, row).unwrap();
        for (id, rings) in read(&tile(&[Source::of(&layer)], address, &Drawing::default(), &pyramid)) {
            let origin = layer.bounds(id as u32);
            for &[x, y] in &rings[0] {
                let metres = [(column as f64 + x as f64 / 4096.0) * side, 12_000_000.0 - (row as f64 + y as f64 / 4096.0) * side];
                let edge = |axis: usize| (metres[axis] - origin.min[axis]).abs().min((metres[axis] - origin.max[axis]).abs());
                let at_cut = [x, y].iter().any(|at| [-64, 4160].contains(at));
                assert!(at_cut || (edge(0) <= 0.51 * side / 4096.0 && edge(1) <= 0.51 * side / 4096.0), "{metres:?} {origin:?}");
                drawn += 1;
            }
        }
    }
    assert!(drawn > 100, "{drawn}");
    assert!(Address::on(Grid::Lambert93, 22, 0, 0).is_err() && Address::on(Grid::Lambert93, 13, 197, 0).is_err());
}
