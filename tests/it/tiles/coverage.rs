//! The communes of France simplified: still one coverage, and nowhere farther than half a unit from where it was.

use std::collections::HashMap;

use emprise::geometry::projection::{mercator_of, to_mercator};
use emprise::geometry::territory::LonLat;
use emprise::ingest::read::{list, open};
use emprise::layer::definition::{GeometryColumns, Read};
use emprise::tiles::world::{Role, World};
use geo::Area;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::world;
use crate::harness::shared;

/// The 35,357 communes of 2018 in full detail, or `None` where the shared data is absent.
pub fn communes() -> Option<Vec<Geometry>> {
    let path = shared("data/territories/communes_2018_detailed.geojson.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: no {}", path.display());
        return None;
    };
    let reader = geojson::FeatureReader::from_reader(std::io::BufReader::new(flate2::read::GzDecoder::new(file)));
    Some(reader.features().filter_map(|feature| feature.unwrap().geometry?.try_into().ok()).collect())
}

pub fn from_lon_lat([lon, lat]: [f64; 2]) -> [f64; 2] {
    mercator_of(LonLat { lon, lat })
}

type Edge = [[i64; 2]; 2];

fn undirected(a: [i64; 2], b: [i64; 2]) -> Edge {
    if a < b { [a, b] } else { [b, a] }
}

/// Whole rings of a world at a zoom, on the world grid: an extent so fine that nothing is rounded, a buffer so wide that nothing is cut.
fn rings_at(world: &World, zoom: u8) -> Vec<Vec<Vec<[u32; 2]>>> {
    (0..world.len())
        .map(|row| {
            let rings = world.rings_of(row);
            rings.map(|(range, _)| world.kept(range, zoom, 4096)).collect()
        })
        .collect()
}

/// At each zoom, every stretch of border that two communes share is drawn by both with the same vertices.
#[test]
fn neighbours_never_part() {
    let Some(communes) = communes() else { return };
    let world = world(communes, from_lon_lat);
    let wide = |[x, y]: [u32; 2]| [i64::from(x), i64::from(y)];
    let edges = |rings: &[Vec<Vec<[u32; 2]>>]| {
        let mut edges: HashMap<Edge, u32> = HashMap::new();
        for ring in rings.iter().flatten() {
            for place in 0..ring.len() {
                let (a, b) = (wide(ring[place]), wide(ring[(place + 1) % ring.len()]));
                *edges.entry(undirected(a, b)).or_default() += u32::from(a != b);
            }
        }
        edges
    };
    let full = rings_at(&world, 30);
    let sharing = edges(&full);
    let shared = sharing.values().filter(|&&count| count == 2).count();
    assert!(shared > 1_000_000, "{shared} shared edges");
    for zoom in 4..=10 {
        let simplified = rings_at(&world, zoom);
        let drawn = edges(&simplified);
        let (mut vertices, mut checked) = (0, 0);
        for (full, simplified) in full.iter().flatten().zip(simplified.iter().flatten()) {
            vertices += simplified.len();
            let mut place = 0;
            for corner in 0..simplified.len() {
                let (a, b) = (simplified[corner], simplified[(corner + 1) % simplified.len()]);
                while full[place % full.len()] != a {
                    place += 1;
                }
                let next = full[(place + 1) % full.len()];
                let sharers = sharing[&undirected(wide(a), wide(next))];
                assert!(drawn[&undirected(wide(a), wide(b))] >= sharers, "zoom {zoom}: {a:?} to {b:?} is drawn on one side only");
                checked += u32::from(sharers == 2);
            }
        }
        eprintln!("zoom {zoom}: {vertices} vertices, {checked} sides of shared stretches, all drawn alike");
    }
}

/// What is drawn at a zoom, in units of its tiles.
fn drawn(world: &World, zoom: u8) -> Vec<MultiPolygon> {
    let scale = f64::from(zoom).exp2() * 4096.0 / 2f64.powi(32);
    let ring = |range| -> LineString {
        let kept = world.kept(range, zoom, 4096);
        kept.into_iter().map(|[x, y]| Coord { x: f64::from(x) * scale, y: f64::from(y) * scale }).collect()
    };
    let polygons = |row| {
        let mut polygons: Vec<Polygon> = Vec::new();
        for (range, role) in world.rings_of(row) {
            match polygons.last_mut() {
                Some(polygon) if role == Role::Hole => polygon.interiors_push(ring(range)),
                _ => polygons.push(Polygon::new(ring(range), Vec::new())),
            }
        }
        MultiPolygon(polygons)
    };
    (0..world.len()).map(polygons).collect()
}

/// The area that more than one covers, and the area that none does within what all surround.
fn overlap_and_gap(polygons: &[MultiPolygon]) -> [f64; 3] {
    let all: Vec<Polygon> = polygons.iter().flatten().cloned().collect();
    let union: MultiPolygon = geo::unary_union(&all);
    let filled: f64 = union.iter().map(|polygon| Polygon::new(polygon.exterior().clone(), vec![]).unsigned_area()).sum();
    let sum: f64 = polygons.iter().map(Area::unsigned_area).sum();
    [sum, sum - union.unsigned_area(), filled - union.unsigned_area()]
}

/// All communes of France, at each zoom: gaps and overlaps against their own union, beside those that the source has.
#[test]
fn a_coverage_stays_a_coverage() {
    let Some(communes) = communes() else { return };
    let world = world(communes, from_lon_lat);
    let shares = |zoom: u8| {
        let [sum, overlap, gap] = overlap_and_gap(&drawn(&world, zoom));
        (sum, [overlap / sum, gap / sum])
    };
    let (_, source) = shares(30);
    eprintln!("source: overlap {:.2e}, gap {:.2e} of the area", source[0], source[1]);
    for zoom in 4..=10 {
        let clock = std::time::Instant::now();
        let (sum, drawn) = shares(zoom);
        let more = [0, 1].map(|kind| drawn[kind] - source[kind]);
        eprintln!(
            "zoom {zoom}: {sum:.0} square units, overlap {:.2e} and gap {:.2e} more than the source's, in {:.1} s",
            more[0],
            more[1],
            clock.elapsed().as_secs_f64()
        );
        assert!(more.iter().all(|more| more.abs() < 1e-4), "zoom {zoom}: {more:?}");
    }
}

/// By what simplification moves a world at a zoom, in units of a tile of 4096.
struct Moved {
    /// Vertices left out, and those of them that are beyond half a unit of what is drawn.
    dropped: usize,
    beyond: usize,
    farthest: f64,
    /// Rings of which nothing is drawn.
    vanished: usize,
}

fn moved(world: &World, zoom: u8) -> Moved {
    let unit = 2f64.powi(32) / (f64::from(zoom).exp2() * 4096.0);
    let mut moved = Moved { dropped: 0, beyond: 0, farthest: 0.0, vanished: 0 };
    for (range, _) in (0..world.len()).flat_map(|row| world.rings_of(row)) {
        let mut full = world.positions(range.clone()).to_vec();
        full.pop();
        let kept = world.kept(range, zoom, 4096);
        if kept.len() < 3 {
            moved.vanished += 1;
            continue;
        }
        let start = full.iter().position(|vertex| *vertex == kept[0]).unwrap();
        full.rotate_left(start);
        let mut corner = 0;
        for vertex in &full {
            if corner + 1 < kept.len() && *vertex == kept[corner + 1] {
                corner += 1;
                continue;
            }
            let off = distance(*vertex, kept[corner], kept[(corner + 1) % kept.len()]) / unit;
            moved.dropped += 1;
            moved.beyond += usize::from(off > 0.5);
            moved.farthest = moved.farthest.max(off);
        }
    }
    moved
}

fn tell(name: &str, zoom: u8, Moved { dropped, beyond, farthest, vanished }: &Moved) {
    eprintln!(
        "{name}, zoom {zoom}: {dropped} vertices left out, {beyond} beyond half a unit, the farthest {farthest:.3}; {vanished} rings vanish"
    );
}

#[test]
fn nothing_is_drawn_half_a_unit_off() {
    let Some(communes) = communes() else { return };
    let world = world(communes, from_lon_lat);
    for zoom in [4u8, 7, 10, 14] {
        let moved = moved(&world, zoom);
        tell("communes", zoom, &moved);
        assert!(moved.farthest <= if zoom == 14 { 0.5 } else { 1.0 } && moved.beyond * 10_000 <= moved.dropped);
    }
}

/// The zones of two zoning plans, protected sites, and sites as intricate as those of Natura 2000 along rivers, at
/// every zoom of a map.
#[test]
fn zones_and_sites_are_not_drawn_half_a_unit_off() {
    let sets = [
        ("zones", read("data/planning/200011781_PLUi_20180101", "ZONE_URBA.shp")),
        ("older zones", read("data/planning/30014_PLU_20171013", "30014_ZONE_URBA_20171013.shp")),
        ("protected sites", read("data/planning", "AC2_ASSIETTE_SUP_S.csv")),
        ("rivers", Some(world(rivers(), |at| at))),
    ];
    for (name, world) in sets {
        let Some(world) = world else {
            eprintln!("skipped: the {name} of the shared data are not there");
            continue;
        };
        for zoom in 4..=14 {
            let moved = moved(&world, zoom);
            tell(name, zoom, &moved);
            assert!(moved.farthest <= 1.0 && moved.beyond * 1000 <= moved.dropped, "{name} at zoom {zoom}");
        }
    }
}

/// The polygons of a file of the shared data, in Lambert-93 or in degrees.
fn read(folder: &str, name: &str) -> Option<World> {
    let path = shared(folder);
    let file = list(&[path]).ok()?.into_iter().find(|file| file.name == name)?;
    let geometry = name.ends_with(".csv").then(|| GeometryColumns::Wkt { column: vec!["WKT".to_owned()] });
    let table = open(&file, &Read { geometry, ..Read::default() }).unwrap();
    let geometries: Vec<Geometry> = table.rows.filter_map(|row| row.unwrap().geometry).collect();
    assert!(!geometries.is_empty(), "{name}");
    Some(if name.ends_with(".csv") { world(geometries, from_lon_lat) } else { world(geometries, to_mercator) })
}

/// Bands a few metres to some hundreds wide along a course that bends at every scale, with islands, in EPSG:3857.
fn rivers() -> Vec<Geometry> {
    let course = |river: usize, step: usize| {
        let t = step as f64 / 400.0;
        let bends = (0..7).map(|octave| {
            let often = 2f64.powi(octave);
            9000.0 / often * (t * often * 2.1 + (river * 7 + octave as usize) as f64).sin()
        });
        [300_000.0 + river as f64 * 20_000.0 + bends.sum::<f64>(), 5_600_000.0 + t * 8_000.0]
    };
    let river = |river: usize| {
        let bank = |side: f64| {
            (0..4000).map(move |step| {
                let ([x, y], [next_x, next_y]) = (course(river, step), course(river, step + 1));
                let (dx, dy) = (next_x - x, next_y - y);
                let wide = side * (20.0 + 15.0 * (step as f64 / 90.0).sin()) / dx.hypot(dy);
                Coord { x: x - dy * wide, y: y + dx * wide }
            })
        };
        let mut ring: Vec<Coord> = bank(1.0).collect();
        ring.extend(bank(-1.0).collect::<Vec<_>>().into_iter().rev());
        ring.push(ring[0]);
        let islands = (1..40).map(|island| {
            let [x, y] = course(river, island * 100);
            let at = |angle: f64| Coord { x: x + 4.0 * angle.cos(), y: y + 4.0 * angle.sin() };
            LineString((0..=12).map(|turn| at(f64::from(turn % 12) / 6.0 * std::f64::consts::PI)).collect())
        });
        Geometry::Polygon(Polygon::new(LineString(ring), islands.collect()))
    };
    (0..5).map(river).collect()
}

fn distance(point: [u32; 2], a: [u32; 2], b: [u32; 2]) -> f64 {
    let [p, a, b] = [point, a, b].map(|at| at.map(f64::from));
    let (along, to) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let square = along[0] * along[0] + along[1] * along[1];
    let share = if square > 0.0 { ((along[0] * to[0] + along[1] * to[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
    (to[0] - share * along[0]).hypot(to[1] - share * along[1])
}
