//! Net land: what is left of a plot once what constrains it, and a setback around each constraint, is taken off.

use geo::orient::{Direction, Orient};
use geo::{BooleanOps, bool_ops::FillRule, bool_ops::OpType};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::bounds::Bounds;
use super::footprint::Footprint;
use super::overlap::{Moved, area_m2, intersection};
use super::scale::Metric;
use super::setback::{Margin, pieces};
use super::shape::Kind;

/// Ground that must not be built on, nor anything nearer to it than the setback. Points and lines have a setback alone.
#[derive(Clone)]
pub struct Constraint<'f> {
    pub footprint: Footprint<'f>,
    /// Reported metres.
    pub setback_m: f64,
}

/// What is left of a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Buildable {
    /// All of it, on the shared plane.
    pub ground: MultiPolygon<f64>,
    /// Reported square metres.
    pub area_m2: f64,
    /// The largest piece that is in one, empty where nothing is left.
    pub largest: MultiPolygon<f64>,
    pub largest_m2: f64,
}

/// Where a setback turns a corner its arc is drawn by tangents that leave it by this much at most, in metres.
pub const SAGITTA_M: f64 = 0.01;

/// Pieces smaller than this, in m², are rounding.
const SLIVER_M2: f64 = 1e-4;

/// The plot less the constraints with their setbacks, and less `edge_m` along its own edge.
///
/// All ground within a setback is taken off, and at most [`SAGITTA_M`] more where it turns a corner. The scale of the plane is
/// bracketed over the setback: 1 mm more at 100 m, 4 cm at 1 km. Pieces that only touch in a point are two.
pub fn buildable(plot: &Footprint<'_>, constraints: &[Constraint<'_>], edge_m: f64, metric: Metric) -> Buildable {
    let ground = remaining(plot, constraints, edge_m, metric, SAGITTA_M);
    let sized = |polygon: &Polygon<f64>| area_m2(&MultiPolygon(vec![polygon.clone()]), metric);
    let mut parts: Vec<(f64, Polygon<f64>)> = ground.0.into_iter().map(|part| (sized(&part), part)).collect();
    parts.retain(|(area_m2, _)| *area_m2 > SLIVER_M2);
    // Nothing sums to minus zero.
    let total = parts.iter().map(|(area_m2, _)| area_m2).fold(0.0, |all, area_m2| all + area_m2);
    let largest = parts.iter().reduce(|most, next| if next.0 > most.0 { next } else { most }).cloned();
    Buildable {
        area_m2: total,
        largest_m2: largest.as_ref().map_or(0.0, |(area_m2, _)| *area_m2),
        largest: MultiPolygon(largest.into_iter().map(|(_, part)| part).collect()),
        ground: MultiPolygon(parts.into_iter().map(|(_, part)| part).collect()),
    }
}

fn remaining(
    plot: &Footprint<'_>,
    constraints: &[Constraint<'_>],
    edge_m: f64,
    metric: Metric,
    sagitta: f64,
) -> MultiPolygon<f64> {
    let Some(geo_types::Geometry::MultiPolygon(whole)) = plot.shape().to_geo() else { return MultiPolygon(Vec::new()) };
    let origin = plot.bounds().centre();
    // Counter-clockwise, as all that is taken off: pieces may overlap, and what is wound around at all counts.
    let mut ground = whole.map_about([-origin[0], -origin[1]]).orient(Direction::Default);
    for constraint in constraints.iter().filter(|constraint| constraint.footprint.kind() == Kind::Polygon) {
        let inside = intersection(plot, &constraint.footprint).map_about([-origin[0], -origin[1]]);
        ground = without(ground, inside.orient(Direction::Default).0);
    }
    let scale = metric.around(plot.bounds());
    let own_edge = (plot, edge_m);
    let around = constraints.iter().map(|constraint| (&constraint.footprint, constraint.setback_m)).chain([own_edge]);
    for (footprint, setback_m) in around.filter(|(_, setback_m)| *setback_m > 0.0) {
        let margin = Margin { radius: scale.planar_reach(setback_m), sagitta };
        let window = plot.bounds().grown(1.0);
        // A few at a time, nearest first: together they would cross each other everywhere, and most of the later ones lie
        // where nothing is left.
        for few in pieces(footprint, margin, &window).chunks(AT_ONCE) {
            ground = without(ground, few.iter().map(|piece| local(piece, origin)).collect());
        }
    }
    ground.map_about(origin)
}

/// Pieces taken off in one overlay.
const AT_ONCE: usize = 24;

fn without(ground: MultiPolygon<f64>, mut taken: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
    let left = bounds(ground.iter());
    taken.retain(|piece| bounds(std::iter::once(piece)).intersects(&left));
    if taken.is_empty() {
        return ground;
    }
    let left = ground.boolean_op_with_fill_rule(&MultiPolygon(taken), OpType::Difference, FillRule::NonZero);
    // A hole that touches another ring can come out turning as its shell does, and would count as ground the next time.
    left.orient(Direction::Default)
}

fn bounds<'p>(polygons: impl Iterator<Item = &'p Polygon<f64>>) -> Bounds {
    let corners = polygons.flat_map(|polygon| &polygon.exterior().0);
    corners.fold(Bounds::EMPTY, |bounds, corner| bounds.with([corner.x, corner.y]))
}

/// Around the plot's middle: the overlay works on a grid that spans its input.
fn local(ring: &[[f64; 2]], [cx, cy]: [f64; 2]) -> Polygon<f64> {
    let corners: Vec<Coord<f64>> = ring.iter().map(|&[x, y]| Coord { x: x - cx, y: y - cy }).collect();
    Polygon::new(LineString(corners), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any, star};
    use crate::geometry::shape::Shapes;
    use geo::{Distance, Euclidean, Intersects, Translate};
    use geo_types::{Geometry, Point, line_string, point, polygon};

    /// What is left of the first geometry less the others, each with its setback.
    fn less(plot: &Geometry<f64>, others: &[(Geometry<f64>, f64)], edge_m: f64) -> Buildable {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(plot));
        others.iter().for_each(|(geometry, _)| {
            shapes.push_geometry(Some(geometry));
        });
        let trees = EdgeTrees::of(&shapes);
        let footprint = |row: u32| Footprint::new(shapes.get(row), trees.get(row));
        let constraint =
            |(row, (_, setback_m)): (u32, &(_, f64))| Constraint { footprint: footprint(row), setback_m: *setback_m };
        let constraints: Vec<Constraint<'_>> = (1..).zip(others).map(constraint).collect();
        buildable(&footprint(0), &constraints, edge_m, Metric::Plane)
    }

    fn square(west: f64, south: f64, side: f64) -> Geometry<f64> {
        let (east, north) = (west + side, south + side);
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)].into()
    }

    #[test]
    fn net_areas_known_by_hand() {
        let near = |found: f64, expected: f64, slack: f64| assert!((found - expected).abs() <= slack, "{found} {expected}");
        let plot = square(0.0, 0.0, 100.0);
        assert_eq!(less(&plot, &[], 0.0).area_m2, 10_000.0);
        near(less(&plot, &[], 10.0).area_m2, 6_400.0, 1e-3);
        assert_eq!(less(&plot, &[], 50.0).area_m2, 0.0);
        // A road through the middle with 10 m on each side leaves two halves of 40 m.
        let road: Geometry<f64> = line_string![(x: 50., y: -100.), (x: 50., y: 200.)].into();
        let halves = less(&plot, &[(road.clone(), 10.0)], 0.0);
        near(halves.area_m2, 8_000.0, 1e-3);
        near(halves.largest_m2, 4_000.0, 1e-3);
        assert_eq!((halves.ground.0.len(), halves.largest.0.len()), (2, 1));
        // Without a setback a line takes nothing off.
        assert_eq!(less(&plot, &[(road, 0.0)], 0.0).area_m2, 10_000.0);
        // A mast in the middle: a disc, of which tangents take off up to 1 cm more all around.
        let mast = less(&plot, &[(point!(x: 50., y: 50.).into(), 20.0)], 0.0);
        let disc = std::f64::consts::PI * 400.0;
        assert!(mast.area_m2 <= 10_000.0 - disc && mast.area_m2 > 10_000.0 - disc - 0.01 * 40.0 * std::f64::consts::PI);
        // A wood that overlaps a corner, twice, with and without a setback: a square of 30 m, two strips of 20 m, a quarter disc.
        let wood = square(70.0, 70.0, 100.0);
        near(less(&plot, &[(wood.clone(), 0.0), (wood.clone(), 0.0)], 0.0).area_m2, 9_100.0, 1e-3);
        let corner = 900.0 + 2.0 * 600.0 + disc / 4.0;
        near(less(&plot, &[(wood.clone(), 20.0), (wood, 0.0)], 0.0).area_m2, 10_000.0 - corner, 0.4);
        // One that holds it all, one far away.
        assert_eq!(less(&plot, &[(square(-50.0, -50.0, 500.0), 0.0)], 0.0).area_m2, 0.0);
        assert_eq!(less(&plot, &[(square(150.0, 0.0, 500.0), 49.0)], 0.0).area_m2, 10_000.0);
        assert_eq!(less(&point!(x: 1., y: 1.).into(), &[], 1.0).area_m2, 0.0);
    }

    #[test]
    fn every_point_is_on_the_right_side_of_the_setbacks() {
        let mut dice = Dice(37);
        let mut counts = [0; 3];
        for round in 0..250 {
            let corners = if round % 3 == 0 { 200 } else { 6 };
            let ring = star(&mut dice, [700_450.0, 6_600_450.0], 250.0, corners);
            let hole = star(&mut dice, [700_450.0, 6_600_450.0], 60.0, 9);
            let plot: Geometry<f64> = Polygon::new(ring, if round % 2 == 0 { vec![hole] } else { vec![] }).into();
            let setback = [0.0, 5.0, 40.0, 150.0];
            let others: Vec<_> = (0..3).map(|i| (any(&mut dice), setback[(round + i) % 4])).collect();
            let edge = [0.0, 8.0][round % 2];
            let left = less(&plot, &others, edge);
            let edges = geo_types::MultiLineString(match &plot {
                Geometry::Polygon(plot) => std::iter::once(plot.exterior()).chain(plot.interiors()).cloned().collect(),
                _ => vec![],
            });
            for _ in 0..200 {
                let at = Point::new(700_200.0 + 500.0 * dice.roll(), 6_600_200.0 + 500.0 * dice.roll());
                if !plot.intersects(&at) {
                    assert!(!left.ground.intersects(&at));
                    continue;
                }
                let distance = |other: &Geometry<f64>| if other.intersects(&at) { 0.0 } else { Euclidean.distance(other, &at) };
                // How far beyond every setback: an overlap without a setback is an overlap all the same.
                let beyond = others.iter().map(|(other, setback)| match (setback, other) {
                    (s, Geometry::Point(_) | Geometry::LineString(_)) if *s == 0.0 => f64::INFINITY,
                    _ => distance(other) - setback,
                });
                let beyond = beyond.fold(f64::INFINITY, f64::min).min(if edge > 0.0 {
                    Euclidean.distance(&edges, &at) - edge
                } else {
                    f64::INFINITY
                });
                let free = left.ground.intersects(&at);
                match beyond {
                    b if b <= -1e-5 || b == 0.0 => assert!(!free, "{round}: {at:?} is too near by {b}"),
                    b if b > SAGITTA_M + 1e-5 => assert!(free, "{round}: {at:?} is free by {b}"),
                    _ => counts[2] += 1,
                }
                counts[usize::from(free)] += 1;
            }
        }
        assert!(counts[0] > 3_000 && counts[1] > 3_000 && counts[2] < 50, "{counts:?}");
    }

    #[test]
    fn setbacks_are_reported_metres() {
        // At Lille 1,001.7 m of the plane are 1 km of the ground.
        let at = crate::geometry::projection::from_lon_lat(
            crate::geometry::territory::Frame::of_x(0.0),
            crate::geometry::territory::LonLat { lon: 3.06, lat: 50.65 },
        );
        let plot = square(0.0, 0.0, 1_000.0).translate(at[0], at[1]);
        let road = line_string![(x: 0., y: -9.), (x: 0., y: 1_009.)].translate(at[0], at[1]);
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&plot));
        shapes.push_geometry(Some(&road.into()));
        let [plot, road] = [0, 1].map(|row| Footprint::new(shapes.get(row), None));
        let left = buildable(&plot, &[Constraint { footprint: road, setback_m: 100.0 }], 0.0, Metric::Ellipsoid);
        let [whole, length] = [Metric::Ellipsoid.area_m2(plot.shape()), Metric::Ellipsoid.length_m(at, [at[0], at[1] + 1_000.0])];
        // 3 mm more for the bracket of the scale, along 1 km.
        let expected = whole - 100.0 * length;
        assert!(left.area_m2 < expected + 0.5 && left.area_m2 > expected - 5.0, "{} {expected}", left.area_m2);
        assert!((Metric::Plane.area_m2(plot.shape()) - 100_000.0 - left.area_m2).abs() > 1_000.0);
    }
}
