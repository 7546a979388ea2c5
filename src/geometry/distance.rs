//! How far two shapes are apart, edge to edge, exactly, and between which points.

use geo::kernels::Orientation;

use super::bounds::Bounds;
use super::footprint::{Footprint, orientation};
use super::scale::LocalScale;
use super::shape::Kind;

/// The shortest way between two shapes. `distance_m` is a reported length; 0 with a common point where they meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approach {
    pub distance_m: f64,
    pub from: [f64; 2],
    pub to: [f64; 2],
}

impl Approach {
    /// No way to go: both hold this point.
    pub(super) fn meeting(common: [f64; 2]) -> Approach {
        Approach { distance_m: 0.0, from: common, to: common }
    }

    /// The same way, gone back.
    fn back(self) -> Approach {
        Approach { distance_m: self.distance_m, from: self.to, to: self.from }
    }
}

/// The shortest way from `a` to `b` if it is not longer than `limit_m`; `scale` is that around `a`. `None` beyond the limit, or
/// when either is empty.
pub fn approach(a: &Footprint<'_>, b: &Footprint<'_>, scale: &LocalScale, limit_m: f64) -> Option<Approach> {
    if a.vertices().is_empty() || b.vertices().is_empty() {
        return None;
    }
    if let [point] = *b.vertices() {
        return approach_point(a, point, scale, limit_m);
    }
    if let [point] = *a.vertices() {
        return approach_point(b, point, scale, limit_m).map(Approach::back);
    }
    if let Some(common) = vertex_inside(a, b) {
        return Some(Approach::meeting(common));
    }
    // Edges of the one with fewer vertices ask the tree of the other.
    if a.vertices().len() <= b.vertices().len() {
        between_edges(a, b, scale, limit_m)
    } else {
        between_edges(b, a, scale, limit_m).map(Approach::back)
    }
}

/// As [`approach`], to one point.
pub fn approach_point(a: &Footprint<'_>, point: [f64; 2], scale: &LocalScale, limit_m: f64) -> Option<Approach> {
    if a.vertices().is_empty() {
        return None;
    }
    if a.holds(point) {
        return Some(Approach::meeting(point));
    }
    let mut shortest = Shortest::new(scale, limit_m);
    let place = Bounds::new(point, point);
    a.nearest_runs(&place, shortest.reach, |run| {
        for edge in edges(run) {
            if squared_to_line(edge, point) <= shortest.reach {
                shortest.try_way(way(nearest_on(edge, point), point));
            }
        }
        shortest.reach
    });
    shortest.found
}

/// A vertex of one that lies in the other, if one holds a whole part of the other. One vertex a part is enough: a part that is
/// neither inside nor outside has an edge that meets the boundary.
pub(super) fn vertex_inside(a: &Footprint<'_>, b: &Footprint<'_>) -> Option<[f64; 2]> {
    if !a.bounds().intersects(b.bounds()) {
        return None;
    }
    let held = |parts: &Footprint<'_>, by: &Footprint<'_>| {
        let mut starts = parts.shape().parts().filter_map(|part| part.rings().next()?.first().copied());
        if by.kind() == Kind::Polygon { starts.find(|&start| by.holds(start)) } else { None }
    };
    held(a, b).or_else(|| held(b, a))
}

fn between_edges(few: &Footprint<'_>, many: &Footprint<'_>, scale: &LocalScale, limit_m: f64) -> Option<Approach> {
    let mut shortest = Shortest::new(scale, limit_m);
    for_each_lot(few, |lot| shortest.through_lot(lot, many));
    shortest.found
}

/// The shortest way found so far.
pub(super) struct Shortest<'l> {
    scale: &'l LocalScale,
    limit_m: f64,
    /// Squared planar length beyond which no way is within the limit.
    reach: f64,
    found: Option<Approach>,
}

impl Shortest<'_> {
    pub(super) fn new(scale: &LocalScale, limit_m: f64) -> Shortest<'_> {
        Shortest { scale, limit_m, reach: with_rounding(scale.squared_reach(limit_m)), found: None }
    }

    #[inline]
    pub(super) fn reach(&self) -> f64 {
        self.reach
    }

    pub(super) fn limit_m(&self) -> f64 {
        self.limit_m
    }

    /// Ways longer than this are of no interest any more.
    pub(super) fn lower(&mut self, limit_m: f64) {
        self.limit_m = limit_m;
        self.reach = self.reach.min(with_rounding(self.scale.squared_reach(limit_m)));
    }

    /// There is a way within this squared planar length, though it is not yet known.
    #[inline]
    pub(super) fn surely_within(&mut self, squared: f64) {
        if squared < self.reach {
            let reported = self.scale.at_most(squared.sqrt());
            self.reach = self.reach.min(with_rounding(self.scale.squared_reach(reported)));
        }
    }

    /// Whether a way from an edge in lots into a box may be short enough.
    #[inline]
    pub(super) fn may_reach(&self, lots: &Lots, bounds: &Bounds) -> bool {
        lots.0.iter().any(|lot| {
            let near = lot.boxes[..lot.count].iter().map(|edge| edge.distance_squared(bounds)).fold(f64::INFINITY, f64::min);
            near <= self.reach
        })
    }

    /// The shortest way from edges in lots to a run, if it is not longer than the limit.
    pub(super) fn try_run(&mut self, lots: &Lots, run: &[[f64; 2]]) -> Option<Approach> {
        self.found = None;
        for edge in edges(run) {
            for lot in &lots.0 {
                lot.try_edge(edge, self);
            }
        }
        self.found
    }

    #[inline]
    fn try_way(&mut self, (squared, from, to): Way) {
        if squared > self.reach {
            return;
        }
        let distance_m = self.scale.metric().length_m(from, to);
        if distance_m < self.limit_m || (self.found.is_none() && distance_m <= self.limit_m) {
            self.found = Some(Approach { distance_m, from, to });
            self.lower(distance_m);
        }
    }

    fn through_lot(&mut self, lot: &Lot, many: &Footprint<'_>) {
        let over = |shortest: &Shortest<'_>| shortest.found.is_some_and(|found| found.distance_m == 0.0);
        if over(self) || lot.bounds.distance_squared(many.bounds()) > self.reach {
            return;
        }
        many.nearest_runs(&lot.bounds, self.reach, |run| {
            for edge in edges(run) {
                lot.try_edge(edge, self);
            }
            self.reach
        });
    }
}

/// Every edge of a shape, in lots.
pub(super) struct Lots(Vec<Lot>);

impl Lots {
    pub(super) fn of(shape: &Footprint<'_>) -> Lots {
        let mut lots = Vec::with_capacity(shape.vertices().len().div_ceil(LOT));
        for_each_lot(shape, |lot| lots.push(lot.clone()));
        Lots(lots)
    }
}

fn for_each_lot(shape: &Footprint<'_>, mut visit: impl FnMut(&Lot)) {
    let mut lot = Lot::default();
    for edge in shape.shape().rings().flat_map(edges) {
        if lot.is_full() {
            visit(&lot);
            lot = Lot::default();
        }
        lot.push(edge);
    }
    visit(&lot);
}

/// Ways end at rounded points: on the plane, whose coordinates have nine digits before the point, within some nanometres.
#[inline]
fn with_rounding(squared: f64) -> f64 {
    let reach = squared.sqrt() + 1e-8;
    reach * reach
}

/// Edges in a lot.
const LOT: usize = 16;

/// Some edges of a shape with their boxes, to be held against one edge after another.
#[derive(Clone)]
struct Lot {
    edges: [[[f64; 2]; 2]; LOT],
    boxes: [Bounds; LOT],
    count: usize,
    bounds: Bounds,
}

impl Default for Lot {
    fn default() -> Lot {
        Lot { edges: [[[0.0; 2]; 2]; LOT], boxes: [Bounds::EMPTY; LOT], count: 0, bounds: Bounds::EMPTY }
    }
}

impl Lot {
    fn is_full(&self) -> bool {
        self.count == LOT
    }

    fn push(&mut self, edge: [[f64; 2]; 2]) {
        let bounds = Bounds::of(&edge);
        (self.edges[self.count], self.boxes[self.count]) = (edge, bounds);
        self.bounds = self.bounds.union(bounds);
        self.count += 1;
    }

    #[inline]
    fn try_edge(&self, other: [[f64; 2]; 2], shortest: &mut Shortest<'_>) {
        let place = Bounds::of(&other);
        // Most edges of a run are farther from the whole lot than what was found.
        if place.distance_squared(&self.bounds) > shortest.reach {
            return;
        }
        for (&edge, bounds) in self.edges[..self.count].iter().zip(&self.boxes) {
            if bounds.distance_squared(&place) <= shortest.reach {
                shortest.try_way(between_segments(edge, other));
            }
        }
    }
}

fn squared(value: f64) -> f64 {
    value * value
}

/// Squared planar length of a way, and its two ends.
type Way = (f64, [f64; 2], [f64; 2]);

fn way(from: [f64; 2], to: [f64; 2]) -> Way {
    (squared(to[0] - from[0]) + squared(to[1] - from[1]), from, to)
}

/// The edges of a run; a run of one vertex is one edge from it to itself.
#[inline]
fn edges(run: &[[f64; 2]]) -> impl Iterator<Item = [[f64; 2]; 2]> {
    let last = run.len() - 1;
    (0..last.max(1)).map(move |i| [run[i], run[last.min(i + 1)]])
}

/// Squared planar distance of two segments and its two ends.
fn between_segments(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> Way {
    if let Some(common) = common_point(a, b) {
        return (0.0, common, common);
    }
    let candidates = [way(a[0], foot(a[0], b)), way(a[1], foot(a[1], b)), way(foot(b[0], a), b[0]), way(foot(b[1], a), b[1])];
    candidates.into_iter().reduce(|best, next| if next.0 < best.0 { next } else { best }).unwrap_or(candidates[0])
}

/// The point of a segment nearest to `point`: itself where it lies on the segment, decided exactly.
fn nearest_on(edge: [[f64; 2]; 2], point: [f64; 2]) -> [f64; 2] {
    let on_it = Bounds::of(&edge).contains(point) && orientation(edge[0], edge[1], point) == Orientation::Collinear;
    if on_it { point } else { foot(point, edge) }
}

/// Squared planar distance of a point from an edge, up to rounding.
#[inline]
fn squared_to_line([a, b]: [[f64; 2]; 2], point: [f64; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let to = [point[0] - a[0], point[1] - a[1]];
    let t = (to[0] * along[0] + to[1] * along[1]) / (squared(along[0]) + squared(along[1]));
    // An edge of no length has no t: its start is as good as any.
    let t = if t > 0.0 { t } else { 0.0 };
    let t = if t < 1.0 { t } else { 1.0 };
    squared(to[0] - t * along[0]) + squared(to[1] - t * along[1])
}

/// The point of a segment nearest to `point`.
fn foot(point: [f64; 2], [a, b]: [[f64; 2]; 2]) -> [f64; 2] {
    let along = [b[0] - a[0], b[1] - a[1]];
    let length = squared(along[0]) + squared(along[1]);
    if length == 0.0 {
        return a;
    }
    let t = ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / length;
    match t {
        t if t <= 0.0 => a,
        t if t >= 1.0 => b,
        t => [a[0] + t * along[0], a[1] + t * along[1]],
    }
}

/// A point that two segments share, decided exactly; its coordinates are rounded where they cross.
fn common_point(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> Option<[f64; 2]> {
    if !Bounds::of(&a).intersects(&Bounds::of(&b)) {
        return None;
    }
    let sides_b = b.map(|end| orientation(a[0], a[1], end));
    let sides_a = a.map(|end| orientation(b[0], b[1], end));
    let apart = |sides: [Orientation; 2]| sides[0] == sides[1] && sides[0] != Orientation::Collinear;
    if apart(sides_a) || apart(sides_b) {
        return None;
    }
    let touching = |ends: [[f64; 2]; 2], sides: [Orientation; 2], other: [[f64; 2]; 2]| {
        (0..2).find(|&i| sides[i] == Orientation::Collinear && Bounds::of(&other).contains(ends[i])).map(|i| ends[i])
    };
    touching(b, sides_b, a).or_else(|| touching(a, sides_a, b)).or_else(|| {
        let proper = sides_a[0] != sides_a[1] && sides_b[0] != sides_b[1];
        proper.then(|| cross(a, b))
    })
}

/// Where the lines of two segments that properly cross meet.
fn cross(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> [f64; 2] {
    let [u, v] = [a, b].map(|[from, to]| [to[0] - from[0], to[1] - from[1]]);
    let w = [b[0][0] - a[0][0], b[0][1] - a[0][1]];
    let t = ((w[0] * v[1] - w[1] * v[0]) / (u[0] * v[1] - u[1] * v[0])).clamp(0.0, 1.0);
    [a[0][0] + t * u[0], a[0][1] + t * u[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any};
    use crate::geometry::scale::Metric;
    use crate::geometry::shape::Shapes;
    use geo::{Distance, Euclidean, Intersects};
    use geo_types::Geometry;

    fn shapes(geometries: &[&Geometry<f64>]) -> (Shapes, EdgeTrees) {
        let mut shapes = Shapes::default();
        geometries.iter().for_each(|geometry| {
            shapes.push_geometry(Some(geometry));
        });
        let trees = EdgeTrees::of(&shapes);
        (shapes, trees)
    }

    #[test]
    fn planar_distances_agree_with_geo() {
        let mut dice = Dice(3);
        for round in 0..3_000 {
            let (one, two) = (any(&mut dice), any(&mut dice));
            let (shapes, trees) = shapes(&[&one, &two]);
            let [a, b] = [0, 1].map(|i| Footprint::new(shapes.get(i), trees.get(i)));
            let truth = if one.intersects(&two) { 0.0 } else { Euclidean.distance(&one, &two) };
            let found = approach(&a, &b, &Metric::Plane.around(a.bounds()), f64::INFINITY).unwrap();
            assert!((found.distance_m - truth).abs() < 1e-8, "round {round}: {} {truth} {one:?} {two:?}", found.distance_m);
            let ends = (found.to[0] - found.from[0]).hypot(found.to[1] - found.from[1]);
            assert!((ends - truth).abs() < 1e-8);
            let within = |limit| approach(&a, &b, &Metric::Plane.around(a.bounds()), limit);
            assert_eq!(within(found.distance_m), Some(found), "the limit itself counts");
            if found.distance_m > 0.0 {
                assert_eq!(within(found.distance_m * (1.0 - 1e-12)), None);
            }
        }
    }

    #[test]
    fn reported_distances_are_the_least_over_all_pairs() {
        let mut dice = Dice(5);
        for _ in 0..300 {
            let (one, two) = (any(&mut dice), any(&mut dice));
            let (shapes, trees) = shapes(&[&one, &two]);
            let [a, b] = [0, 1].map(|i| Footprint::new(shapes.get(i), trees.get(i)));
            let found = approach(&a, &b, &Metric::Ellipsoid.around(a.bounds()), f64::INFINITY).unwrap();
            if found.distance_m == 0.0 {
                assert!(one.intersects(&two));
                continue;
            }
            let rings = |i: u32| shapes.get(i).rings().flat_map(|ring| edges(ring).collect::<Vec<_>>()).collect::<Vec<_>>();
            let (first, second) = (rings(0), rings(1));
            let least = first.iter().flat_map(|&p| second.iter().map(move |&q| between_segments(p, q)));
            let least = least.map(|(_, from, to)| Metric::Ellipsoid.length_m(from, to)).fold(f64::INFINITY, f64::min);
            assert!((found.distance_m - least).abs() < 1e-9, "{} {least}", found.distance_m);
        }
    }
}
