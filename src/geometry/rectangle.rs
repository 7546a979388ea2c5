//! The largest rectangle of a given proportion that fits inside a polygon, however it is turned.
//!
//! 1. For one direction, turn the polygon and divide its long axis by the proportion: the rectangle becomes a square, and the
//!    largest one is around the point that is deepest in the greatest-coordinate norm ([`super::deepest`]).
//! 2. A rectangle of width w holds one of the same middle turned by d of width w / (cos d + r sin d). So what fits in one
//!    direction bounds what fits in those beside it, and directions are tried where the bounds are highest (Piyavskii 1972)
//!    until none is 0.5 % above the best rectangle found.

use std::collections::BinaryHeap;
use std::f64::consts::PI;

use super::deepest::{Chebyshev, Edge, Goal, deepest};
use super::footprint::Footprint;
use super::inscribed::local_edges;
use super::scale::Metric;
use super::shape::Kind;
use super::width::least_width;

/// A rectangle inside a polygon. None of the same proportion that is wider than `upper_width_m` fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// On the shared plane, counter-clockwise.
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

/// How much of [`RELATIVE`] the search in one direction may use up.
const ONE_WAY: f64 = 1e-3;

/// Taken off around the rectangle, in metres, so that its rounded corners lie inside.
const MARGIN_M: f64 = 1e-6;

/// The largest rectangle whose length is `proportion` (1 or more) times its width, holes and parts respected, to 0.5 % or 1 cm,
/// whichever is more. `None` for points and lines, and where not even one of 2 µm fits.
pub fn largest_rectangle(polygon: &Footprint<'_>, proportion: f64, metric: Metric) -> Option<Rectangle> {
    if polygon.kind() != Kind::Polygon {
        return None;
    }
    let origin = polygon.bounds().centre();
    let mut search = Search {
        polygon,
        origin,
        edges: local_edges(polygon, origin),
        proportion: proportion.max(1.0),
        best: Pose { angle: 0.0, centre: [0.0; 2], half: 0.0 },
    };
    let upper = search.run();
    let Pose { half, .. } = search.best;
    (half > MARGIN_M).then(|| {
        let ground = metric.ground_per_plane(origin);
        let width_m = 2.0 * (half - MARGIN_M) * ground;
        Rectangle {
            corners: search.corners(half - MARGIN_M),
            width_m,
            length_m: width_m * search.proportion,
            upper_width_m: 2.0 * upper * ground,
        }
    })
}

/// A rectangle around a point (from the origin), its long side along `angle`, `half` of its width from the middle.
#[derive(Debug, Clone, Copy)]
struct Pose {
    angle: f64,
    centre: [f64; 2],
    half: f64,
}

struct Search<'p> {
    polygon: &'p Footprint<'p>,
    origin: [f64; 2],
    edges: Vec<Edge>,
    proportion: f64,
    best: Pose,
}

/// A direction, and half a width that no rectangle along it exceeds.
#[derive(Debug, Clone, Copy)]
struct Tried {
    angle: f64,
    upper: f64,
}

/// Directions between two that were tried: the next one to try, and what none of them exceeds.
#[derive(Debug, Clone, Copy)]
struct Gap {
    from: Tried,
    to: Tried,
    next: f64,
    upper: f64,
}

impl Search<'_> {
    /// Returns half a width that no rectangle exceeds.
    fn run(&mut self) -> f64 {
        let mut tried: Vec<Tried> = Vec::new();
        for angle in self.seeds() {
            tried.push(self.try_along(angle, PI / 8.0));
        }
        tried.sort_by(|a, b| a.angle.total_cmp(&b.angle));
        let again = tried.first().map(|first| Tried { angle: first.angle + self.period(), ..*first });
        tried.extend(again);
        let mut gaps: BinaryHeap<Gap> = tried.windows(2).map(|pair| self.gap(pair[0], pair[1])).collect();
        let mut closed = self.best.half;
        while let Some(gap) = gaps.pop() {
            if gap.upper <= self.closes_at() {
                closed = closed.max(gap.upper);
                break;
            }
            let reach = (gap.next - gap.from.angle).max(gap.to.angle - gap.next);
            let middle = self.try_along(gap.next, reach);
            gaps.extend([self.gap(gap.from, middle), self.gap(middle, gap.to)]);
        }
        closed.max(self.best.half)
    }

    fn closes_at(&self) -> f64 {
        (self.best.half * (1.0 + RELATIVE)).max(self.best.half + 0.5 * ABSOLUTE_M)
    }

    /// After so much of a turn a rectangle is itself again.
    fn period(&self) -> f64 {
        if self.proportion == 1.0 { 0.5 * PI } else { PI }
    }

    /// Directions in which a large rectangle often lies: along the longest edges, and along the narrowest band.
    fn seeds(&self) -> Vec<f64> {
        let period = self.period();
        let angle = |[x, y]: [f64; 2]| y.atan2(x).rem_euclid(period);
        let mut edges: Vec<(f64, f64)> = self
            .edges
            .iter()
            .map(|[a, b]| {
                let along = [b[0] - a[0], b[1] - a[1]];
                (along[0].hypot(along[1]), angle(along))
            })
            .collect();
        let longest = 16.min(edges.len());
        if edges.len() > longest {
            edges.select_nth_unstable_by(longest, |a, b| b.0.total_cmp(&a.0));
            edges.truncate(longest);
        }
        edges.sort_by(|a, b| b.0.total_cmp(&a.0));
        let band = least_width(self.polygon.shape(), Metric::Plane).map(|width| angle(width.along));
        let mut seeds: Vec<f64> = Vec::new();
        for angle in band.into_iter().chain(edges.into_iter().map(|(_, angle)| angle)) {
            let apart = |seed: &f64| {
                let between = (seed - angle).abs();
                between.min(period - between) > 0.02
            };
            if seeds.len() < 4 && seeds.iter().all(apart) {
                seeds.push(angle);
            }
        }
        seeds
    }

    /// The largest rectangle along a direction, as exactly as is needed to bound directions within `reach` of it.
    fn try_along(&mut self, angle: f64, reach: f64) -> Tried {
        let (sin, cos) = angle.sin_cos();
        let r = self.proportion;
        let turned = |[x, y]: [f64; 2]| [(cos * x + sin * y) / r, cos * y - sin * x];
        let back = |[x, y]: [f64; 2]| [cos * r * x - sin * y, sin * r * x + cos * y];
        let edges: Vec<Edge> = self.edges.iter().map(|edge| edge.map(turned)).collect();
        let inside = |point: [f64; 2]| {
            let [x, y] = back(point);
            self.polygon.holds([x + self.origin[0], y + self.origin[1]])
        };
        let growth = self.growth(reach);
        let goal = Goal { relative: ONE_WAY, absolute: 0.25 * ABSOLUTE_M, floor: self.closes_at() / growth };
        let found = deepest(&edges, Chebyshev, inside, goal);
        if found.depth > self.best.half {
            self.best = Pose { angle, centre: back(found.centre), half: found.depth };
        }
        Tried { angle, upper: found.upper }
    }

    /// By how much a rectangle can be wider than one turned by up to `turn` from it: cos d + r sin d is greatest at tan d = r.
    fn growth(&self, turn: f64) -> f64 {
        let (sin, cos) = turn.min(self.proportion.atan()).sin_cos();
        cos + self.proportion * sin
    }

    /// The gap between two directions: both bounds grow away from their own, and the lower one holds.
    fn gap(&self, from: Tried, to: Tried) -> Gap {
        let across = to.angle - from.angle;
        let rising = |turn: f64| from.upper * self.growth(turn);
        let falling = |turn: f64| to.upper * self.growth(across - turn);
        let (mut low, mut high) = (0.0, across);
        for _ in 0..30 {
            let middle = 0.5 * (low + high);
            if rising(middle) < falling(middle) { low = middle } else { high = middle }
        }
        let upper = rising(high).min(falling(low));
        let next = from.angle + low.clamp(0.25 * across, 0.75 * across);
        Gap { from, to, next, upper }
    }

    fn corners(&self, half: f64) -> [[f64; 2]; 4] {
        let Pose { angle, centre, .. } = self.best;
        let (sin, cos) = angle.sin_cos();
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[along, across]| {
            let (x, y) = (along * half * self.proportion, across * half);
            [self.origin[0] + centre[0] + cos * x - sin * y, self.origin[1] + centre[1] + sin * x + cos * y]
        })
    }
}

impl Ord for Gap {
    fn cmp(&self, other: &Gap) -> std::cmp::Ordering {
        self.upper.total_cmp(&other.upper).then(other.next.total_cmp(&self.next))
    }
}

impl PartialOrd for Gap {
    fn partial_cmp(&self, other: &Gap) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Gap {
    fn eq(&self, other: &Gap) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Gap {}

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
            assert!(((b[0] - a[0]).hypot(b[1] - a[1]) - found.length_m).abs() < 1e-6);
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
