//! The atlas: its three questions against a scan of every feature, on random shapes, and the rights of a view.

use emprise::atlas::{Atlas, Layer, Reach, Rights};
use emprise::geometry::distance::approach;
use emprise::geometry::footprint::{EdgeTrees, Footprint};
use emprise::geometry::scale::Metric;
use emprise::geometry::shape::{Kind, Shapes};
use geo::{BooleanOps, Distance, Euclidean, Geodesic, Intersects};
use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon};

use crate::harness::{Dice, layer_of};

/// A point, a line or a polygon of few or many corners, somewhere in a square of 20 km near Lille.
fn shape(dice: &mut Dice) -> Geometry<f64> {
    let centre = [700_000.0 + 20_000.0 * dice.roll(), 7_060_000.0 + 20_000.0 * dice.roll()];
    let radius = 30.0 + 1_500.0 * dice.roll() * dice.roll();
    let corners = if dice.roll() < 0.7 { 9 } else { 400 };
    let corner = |i: usize| {
        let turn = std::f64::consts::TAU * (i as f64) / (corners as f64);
        let far = radius * (0.7 + 0.3 * (turn * 7.0 + radius).sin());
        (centre[0] + far * turn.cos(), centre[1] + far * turn.sin())
    };
    let mut ring: Vec<(f64, f64)> = (0..corners).map(corner).collect();
    match (dice.roll() * 3.0) as u32 {
        0 => Point::new(centre[0], centre[1]).into(),
        1 => LineString::from(ring).into(),
        _ => {
            ring.push(ring[0]);
            Polygon::new(ring.into(), vec![]).into()
        }
    }
}

fn polygon_of(geometry: &Geometry<f64>) -> MultiPolygon<f64> {
    match geometry {
        Geometry::Polygon(polygon) => polygon.clone().into(),
        _ => MultiPolygon(Vec::new()),
    }
}

struct Sample {
    geometries: Vec<Option<Geometry<f64>>>,
    layer: Layer,
}

fn sample(dice: &mut Dice, count: usize) -> Sample {
    let mut geometries: Vec<Option<Geometry<f64>>> = (0..count).map(|_| Some(shape(dice))).collect();
    // Two features at one place, and some without a geometry.
    geometries.extend([geometries[0].clone(), None, None]);
    let ids = (0..geometries.len()).rev().map(|i| (i * 7).to_string());
    let layer = layer_of("things", ids.zip(geometries.iter().cloned()).collect());
    Sample { geometries, layer }
}

fn distance(a: &Geometry<f64>, b: &Geometry<f64>) -> f64 {
    if a.intersects(b) { 0.0 } else { Euclidean.distance(a, b) }
}

#[test]
fn nearest_and_within_agree_with_a_scan_in_the_plane() {
    let mut dice = Dice(41);
    let Sample { geometries, layer } = sample(&mut dice, 500);
    for _ in 0..120 {
        let probe = shape(&mut dice);
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&probe));
        let trees = EdgeTrees::of(&shapes);
        let from = Footprint::new(shapes.get(0), trees.get(0));
        let keep = |row: u32| row % 3 != 1;
        let scan: Vec<(u32, f64)> = (0..geometries.len() as u32)
            .filter(|&row| keep(row))
            .filter_map(|row| Some((row, distance(&probe, geometries[row as usize].as_ref()?))))
            .collect();

        let least = scan.iter().map(|pair| pair.1).fold(f64::INFINITY, f64::min);
        let found = layer.nearest(&from, Reach { metric: Metric::Plane, limit_m: f64::INFINITY }, keep).unwrap();
        assert!((found.distance_m - least).abs() < 1e-8);
        let lowest = scan.iter().filter(|pair| pair.1 < least + 1e-9).min_by(|a, b| layer.compare_ids(a.0, b.0)).unwrap();
        assert_eq!(found.row, lowest.0, "of several at one distance, the lowest id");
        let short = Reach { metric: Metric::Plane, limit_m: least * 0.999 };
        assert_eq!(layer.nearest(&from, short, keep).is_none(), least > 0.0);

        for limit_m in [0.0, 300.0, 2_500.0, 9_000.0, 60_000.0] {
            let mut rows = Vec::new();
            layer.within(&from, Reach { metric: Metric::Plane, limit_m }, keep, |row| rows.push(row));
            let truth: Vec<u32> = scan.iter().filter(|pair| pair.1 <= limit_m).map(|pair| pair.0).collect();
            assert_eq!(rows, truth, "{limit_m} m");
        }
    }
}

#[test]
fn reported_answers_agree_with_a_scan_on_the_ellipsoid() {
    let mut dice = Dice(43);
    let Sample { layer, .. } = sample(&mut dice, 300);
    let metric = Metric::Ellipsoid;
    for _ in 0..60 {
        let probe = shape(&mut dice);
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&probe));
        let from = Footprint::new(shapes.get(0), None);
        let scale = metric.around(from.bounds());
        let ways = layer.rows().filter_map(|row| Some((row, approach(&from, &layer.footprint(row), &scale, f64::INFINITY)?)));
        let scan: Vec<(u32, f64)> = ways.map(|(row, way)| (row, way.distance_m)).collect();
        let least = scan.iter().map(|pair| pair.1).fold(f64::INFINITY, f64::min);
        let found = layer.nearest(&from, Reach { metric, limit_m: f64::INFINITY }, |_| true).unwrap();
        assert_eq!(found.distance_m, least);
        if least > 0.0 {
            let ends = [found.from, found.to].map(emprise::geometry::projection::to_lon_lat);
            let geodesic = Geodesic.distance(Point::new(ends[0].lon, ends[0].lat), Point::new(ends[1].lon, ends[1].lat));
            assert!((geodesic - least).abs() < 1e-4 + 1e-7 * least, "{geodesic} {least}");
        }
        for limit_m in [100.0, 3_000.0, 12_000.0] {
            let mut rows = Vec::new();
            layer.within(&from, Reach { metric, limit_m }, |_| true, |row| rows.push(row));
            let truth: Vec<u32> = scan.iter().filter(|pair| pair.1 <= limit_m).map(|pair| pair.0).collect();
            assert_eq!(rows, truth, "{limit_m} m");
        }
    }
}

#[test]
fn overlaps_agree_with_a_whole_overlay() {
    let mut dice = Dice(47);
    let Sample { geometries, layer } = sample(&mut dice, 400);
    let mut met = 0;
    for row in layer.rows().filter(|&row| layer.shape(row).kind() == Kind::Polygon) {
        let of = polygon_of(geometries[row as usize].as_ref().unwrap());
        let mut found = std::collections::BTreeMap::new();
        layer.overlaps(
            &layer.footprint(row),
            |_| true,
            |other, common| {
                found.insert(other, emprise::geometry::overlap::area_m2(&common, Metric::Plane));
            },
        );
        for other in layer.rows() {
            let Some(geometry) = &geometries[other as usize] else { continue };
            let truth = geo::Area::unsigned_area(&of.intersection(&polygon_of(geometry)));
            let ours = found.get(&other).copied().unwrap_or(0.0);
            assert!((ours - truth).abs() < 0.05, "{row} {other}: {ours} {truth}");
            met += u32::from(truth > 1.0);
        }
    }
    assert!(met > 150, "the samples overlap often enough to mean something: {met}");
}

#[test]
fn territories_never_meet() {
    use emprise::geometry::projection::from_lon_lat;
    use emprise::geometry::territory::{Frame, LonLat};
    let place = |lon, lat| {
        let position = LonLat { lon, lat };
        let [x, y] = from_lon_lat(Frame::holding(position).unwrap(), position);
        Some(Point::new(x, y).into())
    };
    let layer =
        layer_of("places", vec![("lille".to_owned(), place(3.06, 50.63)), ("saint-denis".to_owned(), place(55.45, -20.88))]);
    let from = layer_of(
        "probe",
        vec![("saint-pierre".to_owned(), place(55.48, -21.34)), ("mamoudzou".to_owned(), place(45.23, -12.78))],
    );
    let everywhere = Reach { metric: Metric::Ellipsoid, limit_m: f64::INFINITY };
    let near = layer.nearest(&from.footprint(0), everywhere, |_| true).unwrap();
    assert_eq!(layer.id(near.row), "saint-denis");
    let geodesic = Geodesic.distance(Point::new(55.48, -21.34), Point::new(55.45, -20.88));
    assert!((near.distance_m - geodesic).abs() < 0.01, "{} {geodesic}", near.distance_m);
    assert_eq!(layer.nearest(&from.footprint(1), everywhere, |_| true), None, "Mayotte has no neighbour in another territory");
}

#[test]
fn a_view_shows_what_its_caller_may_see() {
    let mut secret = layer_of("secret", vec![("1".to_owned(), Some(Point::new(700_000.0, 6_600_000.0).into()))]).entry().clone();
    secret.definition.visibility = emprise::layer::definition::Visibility::Restricted;
    let rebuilt = Layer::new(secret, ["1"].into_iter().collect(), vec![], {
        let mut shapes = Shapes::default();
        shapes.push_geometry(None);
        shapes
    });
    let atlas = Atlas::from_layers("test".to_owned(), vec![rebuilt, layer_of("open", vec![])]);
    let ids = |rights: &Rights| atlas.view(rights).layers().map(|layer| layer.definition().id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&Rights::public()), ["open"]);
    assert_eq!(ids(&Rights::All), ["open", "secret"]);
    assert_eq!(ids(&Rights::Granted(["secret".to_owned()].into())), ["open", "secret"]);
    assert!(atlas.view(&Rights::public()).layer("secret").is_none());
    assert!(atlas.view(&Rights::public()).is_public() && !atlas.view(&Rights::All).is_public());
}
