//! The communes of France simplified: still one coverage, and nowhere farther than half a unit from where it was.

use std::collections::HashMap;

use emprise::geometry::projection::mercator_of;
use emprise::geometry::territory::LonLat;
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

/// No vertex that a zoom leaves out lies farther than half a unit from the line that is drawn instead; but of the few rings that are
/// held open by a triangle, where it may be a whole one.
#[test]
fn nothing_is_drawn_half_a_unit_off() {
    let Some(communes) = communes() else { return };
    let world = world(communes, from_lon_lat);
    for zoom in [4u8, 7, 10, 14] {
        let unit = 2f64.powi(32) / (f64::from(zoom).exp2() * 4096.0);
        let (mut farthest, mut dropped, mut beyond, mut small) = (0.0f64, 0usize, 0usize, 0);
        for (range, _) in (0..world.len()).flat_map(|row| world.rings_of(row)) {
            let mut full = world.positions(range.clone()).to_vec();
            full.pop();
            let kept = world.kept(range, zoom, 4096);
            if kept.len() < 3 {
                small += 1;
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
                dropped += 1;
                beyond += usize::from(off > 0.5);
                farthest = farthest.max(off);
            }
        }
        eprintln!(
            "zoom {zoom}: {dropped} vertices left out, {beyond} of them beyond half a unit, the farthest {farthest:.3}; {small} rings vanish"
        );
        assert!(farthest <= if zoom == 14 { 0.5 } else { 1.0 } && beyond * 10_000 <= dropped);
    }
}

fn distance(point: [u32; 2], a: [u32; 2], b: [u32; 2]) -> f64 {
    let [p, a, b] = [point, a, b].map(|at| at.map(f64::from));
    let (along, to) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let square = along[0] * along[0] + along[1] * along[1];
    let share = if square > 0.0 { ((along[0] * to[0] + along[1] * to[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
    (to[0] - share * along[0]).hypot(to[1] - share * along[1])
}
