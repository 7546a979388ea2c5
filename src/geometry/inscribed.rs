//! The largest circle that fits inside a polygon, and so the point farthest from its boundary (its pole of inaccessibility).

use super::deepest::{Edge, Euclid, Goal, PATIENCE, deepest};
use super::footprint::Footprint;
use super::scale::Metric;
use super::shape::Kind;

/// A circle inside a polygon. None that is larger than `upper_m` fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InscribedCircle {
    /// On the shared plane.
    pub centre: [f64; 2],
    /// Reported metres.
    pub radius_m: f64,
    pub upper_m: f64,
}

/// By how much of the radius, or in metres, the bound may exceed it.
const RELATIVE: f64 = 1e-3;
const ABSOLUTE_M: f64 = 0.01;

/// The largest circle in a polygon, holes and parts respected, to 0.1 % or 1 cm, whichever is more. `None` for points and lines,
/// and for a polygon in which no circle of a centimetre fits.
pub fn inscribed_circle(polygon: &Footprint<'_>, metric: Metric) -> Option<InscribedCircle> {
    if polygon.kind() != Kind::Polygon {
        return None;
    }
    let origin = polygon.bounds().centre();
    let edges = local_edges(polygon, origin);
    let inside = |[x, y]: [f64; 2]| polygon.holds([x + origin[0], y + origin[1]]);
    let goal = Goal { relative: RELATIVE, absolute: ABSOLUTE_M, floor: 0.0, patience: PATIENCE };
    let found = deepest(&edges, &[Euclid], inside, goal);
    let (_, [x, y]) = found.place?;
    let centre = [x + origin[0], y + origin[1]];
    let ground = metric.ground_per_plane(centre);
    Some(InscribedCircle { centre, radius_m: ground * found.depth, upper_m: ground * found.upper })
}

/// The point where a name is best written: inside, and as far from the boundary as can be.
pub fn label_point(polygon: &Footprint<'_>) -> Option<[f64; 2]> {
    inscribed_circle(polygon, Metric::Plane).map(|circle| circle.centre)
}

/// Edges of positive length, around an origin near them: small numbers keep their last digits.
pub(super) fn local_edges(polygon: &Footprint<'_>, origin: [f64; 2]) -> Vec<Edge> {
    let local = |[x, y]: [f64; 2]| [x - origin[0], y - origin[1]];
    let edges = polygon.shape().rings().flat_map(|ring| ring.windows(2)).map(|pair| [local(pair[0]), local(pair[1])]);
    edges.filter(|[a, b]| a != b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::bounds::Bounds;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any};
    use crate::geometry::shape::Shapes;
    use geo_types::{Geometry, MultiPolygon, line_string, polygon};

    fn circle(geometry: &Geometry<f64>) -> Option<InscribedCircle> {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(geometry));
        let trees = EdgeTrees::of(&shapes);
        inscribed_circle(&Footprint::new(shapes.get(0), trees.get(0)), Metric::Plane)
    }

    fn close(found: InscribedCircle, radius: f64) {
        assert!(found.radius_m <= radius * (1.0 + 1e-9) && radius <= found.upper_m * (1.0 + 1e-9), "{found:?} {radius}");
        assert!(found.upper_m - found.radius_m <= (1e-3 * radius).max(0.01), "{found:?}");
    }

    #[test]
    fn a_search_cut_short_still_tells_the_truth() {
        let mut dice = Dice(4);
        for patience in [0, 40, 400, 4_000] {
            for _ in 0..20 {
                let mut shapes = Shapes::default();
                shapes.push_geometry(Some(&any(&mut dice)));
                let trees = EdgeTrees::of(&shapes);
                let polygon = Footprint::new(shapes.get(0), trees.get(0));
                let Some(whole) = inscribed_circle(&polygon, Metric::Plane) else { continue };
                let origin = polygon.bounds().centre();
                let inside = |[x, y]: [f64; 2]| polygon.holds([x + origin[0], y + origin[1]]);
                let goal = Goal { relative: RELATIVE, absolute: ABSOLUTE_M, floor: 0.0, patience };
                let cut = deepest(&local_edges(&polygon, origin), &[Euclid], inside, goal);
                assert!(cut.depth <= whole.upper_m + 1e-9 && whole.radius_m <= cut.upper + 1e-9, "{patience} {cut:?} {whole:?}");
            }
        }
    }

    #[test]
    fn circles_known_by_hand() {
        let square = polygon![(x: 0., y: 0.), (x: 100., y: 0.), (x: 100., y: 100.), (x: 0., y: 100.)];
        close(circle(&square.into()).unwrap(), 50.0);
        // A street: every point of its middle line is as deep as the next.
        let street = polygon![(x: 0., y: 0.), (x: 3_000., y: 700.), (x: 2_990., y: 740.), (x: -10., y: 40.)];
        let across = (3_000.0 * 40.0 + 10.0 * 700.0) / 3_000.0_f64.hypot(700.0);
        close(circle(&street.into()).unwrap(), across / 2.0);
        // 3, 4, 5: the incircle of a right triangle has radius (3 + 4 - 5) / 2.
        close(circle(&polygon![(x: 0., y: 0.), (x: 300., y: 0.), (x: 0., y: 400.)].into()).unwrap(), 100.0);
        // A square hole in the middle of a square: the circle in a corner touches two sides and the hole's corner.
        let ring = polygon!(exterior: [(x: 0., y: 0.), (x: 100., y: 0.), (x: 100., y: 100.), (x: 0., y: 100.)],
            interiors: [[(x: 40., y: 40.), (x: 60., y: 40.), (x: 60., y: 60.), (x: 40., y: 60.)]]);
        let root2 = 2.0_f64.sqrt();
        close(circle(&ring.into()).unwrap(), 40.0 * root2 / (1.0 + root2));
    }

    #[test]
    fn the_largest_part_counts() {
        let small = polygon![(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 0., y: 10.)];
        let large = polygon![(x: 500., y: 0.), (x: 530., y: 0.), (x: 530., y: 30.), (x: 500., y: 30.)];
        let found = circle(&MultiPolygon(vec![small, large]).into()).unwrap();
        close(found, 15.0);
        assert!((found.centre[0] - 515.0).abs() < 0.1);
    }

    #[test]
    fn nothing_where_there_is_no_inside() {
        assert_eq!(circle(&geo_types::point!(x: 1., y: 2.).into()), None);
        assert_eq!(circle(&line_string![(x: 1., y: 2.), (x: 5., y: 2.)].into()), None);
        assert_eq!(circle(&polygon![(x: 0., y: 0.), (x: 9., y: 0.), (x: 4., y: 0.)].into()), None);
    }

    #[test]
    fn no_point_of_a_fine_grid_is_deeper() {
        let mut dice = Dice(23);
        let mut tried = 0;
        for _ in 0..400 {
            let geometry = any(&mut dice);
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&geometry));
            let trees = EdgeTrees::of(&shapes);
            let polygon = Footprint::new(shapes.get(0), trees.get(0));
            let Some(found) = inscribed_circle(&polygon, Metric::Plane) else {
                assert_ne!(polygon.kind(), Kind::Polygon);
                continue;
            };
            let edges = local_edges(&polygon, [0.0, 0.0]);
            let depth = |point| {
                let nearest = edges.iter().map(|edge| crate::geometry::deepest::Norm::to_edge(&Euclid, edge, point));
                nearest.fold(f64::INFINITY, f64::min)
            };
            assert!(polygon.holds(found.centre));
            assert!((depth(found.centre) - found.radius_m).abs() < 1e-6);
            assert!(found.upper_m - found.radius_m <= (1e-3 * found.radius_m).max(0.01) + 1e-9);
            let Bounds { min, max } = *polygon.bounds();
            for step in 0..40 * 40 {
                let at = |axis: usize, place: i32| min[axis] + (max[axis] - min[axis]) * (f64::from(place) + 0.5) / 40.0;
                let point = [at(0, step % 40), at(1, step / 40)];
                if depth(point) > found.upper_m {
                    assert!(!polygon.holds(point), "{point:?} is deeper than {found:?} in {geometry:?}");
                }
            }
            tried += 1;
        }
        assert!(tried > 100);
    }

    #[test]
    fn reported_in_ground_metres() {
        let square = polygon![(x: 700_000., y: 6_600_000.), (x: 700_100., y: 6_600_000.), (x: 700_100., y: 6_600_100.), (x: 700_000., y: 6_600_100.)];
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&square.into()));
        let polygon = Footprint::new(shapes.get(0), None);
        let [plane, ground] = [Metric::Plane, Metric::Ellipsoid].map(|metric| inscribed_circle(&polygon, metric).unwrap());
        assert_eq!(plane.centre, ground.centre);
        let expected = plane.radius_m * Metric::Ellipsoid.ground_per_plane(plane.centre);
        assert!((ground.radius_m - expected).abs() < 1e-9 && (ground.radius_m - plane.radius_m).abs() > 0.01);
    }
}
