//! The largest rectangle of a given proportion that fits inside a polygon, however it is turned.
//!
//! 1. For one direction, a rectangle's half width is the depth of its middle in the norm whose unit ball it is; the widest is
//!    around the deepest point ([`super::deepest`]).
//! 2. A rectangle of width w holds one of the same middle turned by d of width w / (cos d + r sin d). So the norm of one direction
//!    bounds those beside it, and branch and bound splits directions together with places until none is 0.5 % better.

use std::f64::consts::PI;

use super::deepest::{Deepest, Edge, Goal, Norm, PATIENCE, deepest};
use super::footprint::Footprint;
use super::inscribed::local_edges;
use super::scale::Metric;
use super::shape::Kind;
use super::width::least_width;

/// A rectangle inside a polygon. None of the same proportion that is wider than `upper_width_m` fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// On the shared plane, counter-clockwise, a micrometre inside of it.
    pub corners: [[f64; 2]; 4],
    /// The short side, in reported metres.
    pub width_m: f64,
    /// The long side: the width times the proportion.
    pub length_m: f64,
    pub upper_width_m: f64,
}

/// By how much of the width, or in metres, the bound may exceed it.
const RELATIVE: f64 = 5e-3;
const ABSOLUTE_M: f64 = 0.01;

/// Taken off around the rectangle, in metres, so that its rounded corners lie inside.
const MARGIN_M: f64 = 1e-6;

/// Parts of a turn with which the search over all directions starts.
const SECTORS: u32 = 8;

/// The largest rectangle whose length is `proportion` (1 or more) times its width, holes and parts respected, to 0.5 % or 1 cm,
/// whichever is more. `None` for points and lines, and where not even one of 2 µm fits.
pub fn largest_rectangle(polygon: &Footprint<'_>, proportion: f64, metric: Metric) -> Option<Rectangle> {
    if polygon.kind() != Kind::Polygon {
        return None;
    }
    let origin = polygon.bounds().centre();
    let edges = local_edges(polygon, origin);
    let inside = |[x, y]: [f64; 2]| polygon.holds([x + origin[0], y + origin[1]]);
    let proportion = proportion.max(1.0);
    let Deepest { place, depth, upper } = widest(polygon, &edges, inside, proportion);
    let (turned, [x, y]) = place.filter(|_| depth > MARGIN_M)?;
    let centre = [x + origin[0], y + origin[1]];
    let ground = metric.ground_per_plane(centre);
    let width_m = 2.0 * depth * ground;
    Some(Rectangle {
        corners: turned.corners(centre, depth - MARGIN_M),
        width_m,
        length_m: width_m * proportion,
        upper_width_m: 2.0 * upper * ground,
    })
}

/// First along a few promising directions, then in all of them what can be wider.
fn widest(polygon: &Footprint<'_>, edges: &[Edge], inside: impl Fn([f64; 2]) -> bool, proportion: f64) -> Deepest<Turned> {
    // After so much of a turn a rectangle is itself again.
    let period = if proportion == 1.0 { 0.5 * PI } else { PI };
    let goal = Goal { relative: RELATIVE, absolute: 0.5 * ABSOLUTE_M, floor: 0.0, patience: PATIENCE };
    let seeds = promising(polygon, edges, period).into_iter().map(|angle| Turned::new(angle, 0.0, proportion));
    let finely = Goal { relative: 0.1 * RELATIVE, ..goal };
    let seeded = deepest(edges, &seeds.collect::<Vec<_>>(), &inside, finely);
    let reach = 0.5 * period / f64::from(SECTORS);
    let sector = |place: u32| Turned::new((2.0 * f64::from(place) + 1.0) * reach, reach, proportion);
    let all: Vec<Turned> = (0..SECTORS).map(sector).collect();
    let found = deepest(edges, &all, inside, Goal { floor: goal.closes_at(seeded.depth), ..goal });
    let best = if found.depth > seeded.depth { found } else { seeded };
    Deepest { upper: found.upper.max(best.depth), ..best }
}

/// Directions in which a large rectangle often lies: along the narrowest band, and along the longest edges.
fn promising(polygon: &Footprint<'_>, edges: &[Edge], period: f64) -> Vec<f64> {
    const LONGEST: usize = 16;
    const MOST: usize = 4;
    let angle = |[x, y]: [f64; 2]| y.atan2(x).rem_euclid(period);
    let along = |[a, b]: &Edge| [b[0] - a[0], b[1] - a[1]];
    let mut long: Vec<[f64; 2]> = edges.iter().map(along).collect();
    let longer = |a: &[f64; 2], b: &[f64; 2]| b[0].hypot(b[1]).total_cmp(&a[0].hypot(a[1]));
    if long.len() > LONGEST {
        long.select_nth_unstable_by(LONGEST, longer);
        long.truncate(LONGEST);
    }
    long.sort_by(longer);
    let band = least_width(polygon.shape(), Metric::Plane).map(|width| width.along);
    let mut angles: Vec<f64> = Vec::new();
    for angle in band.into_iter().chain(long).map(angle) {
        let apart = |known: &f64| {
            let between = (known - angle).abs();
            between.min(period - between) > 0.01
        };
        if angles.len() < MOST && angles.iter().all(apart) {
            angles.push(angle);
        }
    }
    angles
}

/// The norm whose unit ball is a rectangle of half width 1 with its long side along `angle`; with `reach`, those of all
/// directions up to so far from it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Turned {
    angle: f64,
    reach: f64,
    proportion: f64,
    /// Of the angle. The long axis is divided by the proportion.
    cos: f64,
    sin: f64,
    spread: f64,
}

impl Turned {
    fn new(angle: f64, reach: f64, proportion: f64) -> Turned {
        let (sin, cos) = angle.sin_cos();
        // cos d + r sin d is greatest at tan d = r.
        let (sideways, onwards) = reach.min(proportion.atan()).sin_cos();
        Turned { angle, reach, proportion, cos, sin, spread: onwards + proportion * sideways }
    }

    /// Along and across, in units in which the ball is a square.
    fn squared(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(self.cos * x + self.sin * y) / self.proportion, self.cos * y - self.sin * x]
    }

    fn corners(&self, [x, y]: [f64; 2], half: f64) -> [[f64; 2]; 4] {
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[along, across]| {
            let [a, b] = [along * half * self.proportion, across * half];
            [x + self.cos * a - self.sin * b, y + self.sin * a + self.cos * b]
        })
    }
}

impl Norm for Turned {
    fn length(&self, offset: [f64; 2]) -> f64 {
        let [x, y] = self.squared(offset);
        x.abs().max(y.abs())
    }

    /// The nearest point is an end, or where the edge meets one of the two diagonals of the ball.
    fn to_edge(&self, [a, b]: &Edge, point: [f64; 2]) -> f64 {
        let from = self.squared([a[0] - point[0], a[1] - point[1]]);
        let along = self.squared([b[0] - a[0], b[1] - a[1]]);
        // Not a number where the edge lies on a diagonal: then one of its ends, or where it meets the other diagonal.
        let at = |t: f64| {
            let t = if t > 0.0 { t.min(1.0) } else { 0.0 };
            (from[0] + t * along[0]).abs().max((from[1] + t * along[1]).abs())
        };
        let rising = at((from[1] - from[0]) / (along[0] - along[1]));
        let falling = at(-(from[0] + from[1]) / (along[0] + along[1]));
        at(0.0).min(at(1.0)).min(rising).min(falling)
    }

    fn spread(&self) -> f64 {
        self.spread
    }

    fn halves(&self) -> Option<[Turned; 2]> {
        let half = 0.5 * self.reach;
        (self.reach > 0.0).then(|| [-half, half].map(|aside| Turned::new(self.angle + aside, half, self.proportion)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, star};
    use crate::geometry::shape::Shapes;
    use geo::{Contains, Relate, Rotate};
    use geo_types::{Geometry, MultiPolygon, Polygon, polygon};

    fn rectangle(geometry: &Geometry<f64>, proportion: f64) -> Option<Rectangle> {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(geometry));
        let trees = EdgeTrees::of(&shapes);
        largest_rectangle(&Footprint::new(shapes.get(0), trees.get(0)), proportion, Metric::Plane)
    }

    fn close(found: Rectangle, width: f64) {
        assert!(found.width_m <= width * (1.0 + 1e-9) && width <= found.upper_width_m * (1.0 + 1e-9), "{found:?} {width}");
        assert!(found.upper_width_m - found.width_m <= (5.001e-3 * width).max(0.0101), "{found:?}");
    }

    #[test]
    fn rectangles_known_by_hand() {
        let plot = polygon![(x: 0., y: 0.), (x: 500., y: 0.), (x: 500., y: 100.), (x: 0., y: 100.)];
        for turn in [0.0, 17.0, 45.0, 90.0] {
            let plot: Geometry<f64> = plot.rotate_around_point(turn, geo_types::point!(x: 30., y: 7.)).into();
            for (proportion, width) in [(1.0, 100.0), (2.0, 100.0), (5.0, 100.0), (10.0, 50.0)] {
                let found = rectangle(&plot, proportion).unwrap();
                close(found, width);
                assert_eq!(found.length_m, proportion * found.width_m);
            }
        }
        // In a right triangle of legs a and b with the rectangle in the corner: w of b and r w of a, w (1/b + r/a) = 1; the
        // other ways to lie are smaller here.
        let triangle: Geometry<f64> = polygon![(x: 0., y: 0.), (x: 400., y: 0.), (x: 0., y: 100.)].into();
        close(rectangle(&triangle, 2.0).unwrap(), 1.0 / (1.0 / 100.0 + 2.0 / 400.0));
        // In a disc the diagonal is the diameter.
        let corner = |i: u32| (f64::from(i) * PI / 1_000.0).sin_cos();
        let disc = Polygon::new((0..=2_000).map(corner).map(|(x, y)| (50.0 * x, 50.0 * y)).collect(), vec![]);
        let found = rectangle(&disc.into(), 3.0).unwrap();
        assert!((found.width_m * 10.0_f64.sqrt() / 100.0 - 1.0).abs() < 6e-3, "{found:?}");
    }

    #[test]
    fn a_hole_is_no_ground() {
        let holed = polygon!(exterior: [(x: 0., y: 0.), (x: 90., y: 0.), (x: 90., y: 90.), (x: 0., y: 90.)],
            interiors: [[(x: 30., y: 30.), (x: 60., y: 30.), (x: 60., y: 60.), (x: 30., y: 60.)]]);
        close(rectangle(&holed.into(), 3.0).unwrap(), 30.0);
    }

    #[test]
    fn nothing_without_a_surface() {
        assert_eq!(rectangle(&geo_types::point!(x: 1., y: 2.).into(), 2.0), None);
        assert_eq!(rectangle(&polygon![(x: 0., y: 0.), (x: 5., y: 5.), (x: 9., y: 9.)].into(), 2.0), None);
    }

    /// A star, often with a hole, sometimes with a second part; or a drawn plot with square corners.
    fn ground(dice: &mut Dice) -> MultiPolygon<f64> {
        let centre = [700_000.0, 6_600_000.0];
        let corners = 4 + (dice.roll() * 12.0) as usize;
        let outer = star(dice, centre, 100.0, corners);
        let hole = star(dice, [centre[0] + 10.0, centre[1]], 20.0, 5);
        let holes = if dice.roll() < 0.4 && corners > 6 { vec![hole] } else { vec![] };
        let far = star(dice, [centre[0] + 300.0, centre[1]], 90.0, 6);
        let parts = if dice.roll() < 0.3 { vec![Polygon::new(far, vec![])] } else { vec![] };
        MultiPolygon(std::iter::once(Polygon::new(outer, holes)).chain(parts).collect())
    }

    fn posed(centre: [f64; 2], angle: f64, width: f64, proportion: f64) -> Polygon<f64> {
        let (sin, cos) = angle.sin_cos();
        let corner = |along: f64, across: f64| {
            let (x, y) = (0.5 * along * width * proportion, 0.5 * across * width);
            (centre[0] + cos * x - sin * y, centre[1] + sin * x + cos * y)
        };
        polygon_of([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)])
    }

    fn polygon_of(corners: [(f64, f64); 4]) -> Polygon<f64> {
        Polygon::new(corners.to_vec().into(), vec![])
    }

    #[test]
    fn it_lies_inside_and_no_pose_tried_holds_a_wider_one() {
        let mut dice = Dice(31);
        for round in 0..60 {
            let ground = ground(&mut dice);
            let proportion = [1.0, 1.5, 2.0, 4.0][round % 4];
            let found = rectangle(&ground.clone().into(), proportion).unwrap();
            let drawn = polygon_of(found.corners.map(|[x, y]| (x, y)));
            assert!(ground.relate(&drawn).is_contains(), "{round}: {found:?} in {ground:?}");
            assert!(found.upper_width_m - found.width_m <= (5.001e-3 * found.width_m).max(0.0101), "{found:?}");
            let [a, b] = [found.corners[0], found.corners[1]];
            assert!(((b[0] - a[0]).hypot(b[1] - a[1]) - found.length_m).abs() < 1e-5);
            let wider = 1.0001 * found.upper_width_m;
            let middle = [0.5 * (found.corners[0][0] + found.corners[2][0]), 0.5 * (found.corners[0][1] + found.corners[2][1])];
            let best = (b[1] - a[1]).atan2(b[0] - a[0]);
            for trial in 0..4_000 {
                // Anywhere, and around the best.
                let reach = [100.0, 10.0, 1.0, 0.1][trial % 4];
                let off = [0, 1].map(|_| 2.0 * reach * (dice.roll() - 0.5));
                let from = if trial % 4 == 0 { [700_000.0, 6_600_000.0] } else { middle };
                let angle = best + if trial % 4 == 0 { PI } else { reach / 50.0 } * (dice.roll() - 0.5);
                let pose = posed([from[0] + off[0], from[1] + off[1]], angle, wider, proportion);
                let corners_inside = pose.exterior().coords().all(|&corner| ground.contains(&corner));
                assert!(!(corners_inside && ground.relate(&pose).is_contains()), "{round}: {pose:?} beats {found:?}");
            }
        }
    }
}
