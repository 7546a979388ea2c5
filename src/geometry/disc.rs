//! What lies within a radius of a shape: every point no farther from its edge.
//!
//! Nearly all boxes and points are decided by their distances to the shape's box and to its corners, with brackets that no
//! rounding and no local scale can cross; edges are looked at only for what is left in between.

use super::bounds::Bounds;
use super::distance::{approach, approach_point};
use super::footprint::Footprint;
use super::packed::Step;
use super::scale::{LocalScale, Metric};

/// Corners of the asking shape that are tried before its edges.
const CORNERS: usize = 64;

/// A shape with what is nearer to it than a radius.
pub struct Disc<'f, 's> {
    around: &'f Footprint<'s>,
    scale: LocalScale,
    radius_m: f64,
    /// Squared planar distance beyond which nothing is within the radius.
    outer: f64,
    /// Squared planar distance up to which everything is.
    inner: f64,
    anchor: [f64; 2],
    /// Squared planar distance from the anchor beyond which no point is within.
    far: f64,
    corners: &'s [[f64; 2]],
    /// By how much an edge may come nearer than its ends, on squared distances; infinite where not all corners are tried.
    sagitta: f64,
}

impl<'f, 's> Disc<'f, 's> {
    /// `None` around a shape without vertices.
    pub fn new(around: &'f Footprint<'s>, metric: Metric, radius_m: f64) -> Option<Disc<'f, 's>> {
        let vertices = around.vertices();
        let anchor = *vertices.first()?;
        let scale = metric.around(around.bounds());
        let corners = &vertices[..vertices.len().min(CORNERS)];
        let sagitta = if corners.len() == vertices.len() { quarter_of_longest(around) } else { f64::INFINITY };
        let (outer, inner) = (scale.squared_reach(radius_m), scale.squared_sure_reach(radius_m));
        let far = (outer.sqrt() + around.bounds().farthest_squared(anchor).sqrt()).powi(2) * (1.0 + 1e-12);
        Some(Disc { around, scale, radius_m, outer, inner, anchor, far, corners, sagitta })
    }

    /// What a search does with a box: nothing in it can be within, everything must be, or it has to look.
    #[inline]
    pub fn step(&self, bounds: &Bounds) -> Step {
        let apart = bounds.distance_squared(self.around.bounds()) > self.outer;
        let sure = bounds.farthest_squared(self.anchor) <= self.inner;
        // Without a branch.
        [Step::Descend, Step::TakeAll, Step::Skip, Step::Skip][usize::from(apart) * 2 + usize::from(sure)]
    }

    /// Whether a point is within.
    pub fn has(&self, point: [f64; 2]) -> bool {
        self.which(&[point]) != 0
    }

    /// Which of at most 32 points are within, a bit each, the first the lowest.
    #[inline]
    pub fn which(&self, points: &[[f64; 2]]) -> u32 {
        let (mut within, mut perhaps) = (0_u32, 0_u32);
        for (place, &point) in points.iter().enumerate() {
            let squared = squared_distance(self.anchor, point);
            within |= u32::from(squared <= self.inner) << place;
            perhaps |= u32::from(squared <= self.far) << place;
        }
        perhaps &= !within;
        while perhaps != 0 {
            let place = perhaps.trailing_zeros();
            perhaps &= perhaps - 1;
            within |= u32::from(self.has_between(points[place as usize])) << place;
        }
        within
    }

    fn has_between(&self, point: [f64; 2]) -> bool {
        let gap = self.around.bounds().distance_squared(&Bounds::new(point, point));
        if gap > self.outer {
            return false;
        }
        let nearest = self.corners.iter().map(|&corner| squared_distance(corner, point)).fold(f64::INFINITY, f64::min);
        if nearest <= self.inner {
            return true;
        }
        // By Pythagoras: the foot on an edge is at most half its length from the nearer end.
        if gap > 0.0 && nearest - self.sagitta > self.outer * (1.0 + 1e-12) {
            return false;
        }
        approach_point(self.around, point, &self.scale, self.radius_m).is_some()
    }

    /// Whether some of a shape is within.
    pub fn meets(&self, shape: &Footprint<'_>) -> bool {
        let bounds = shape.bounds();
        let surely = |&corner: &[f64; 2]| bounds.farthest_squared(corner) <= self.inner;
        self.corners.iter().any(surely) || approach(self.around, shape, &self.scale, self.radius_m).is_some()
    }
}

#[inline]
fn squared_distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    dx * dx + dy * dy
}

/// A quarter of the squared length of the longest edge. The way from one ring's end to the next one's start counts too: too
/// much is safe.
fn quarter_of_longest(of: &Footprint<'_>) -> f64 {
    let longest = of.vertices().windows(2).map(|pair| squared_distance(pair[0], pair[1])).fold(0.0, f64::max);
    0.25 * longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any};
    use crate::geometry::shape::Shapes;

    #[test]
    fn a_point_is_within_when_the_shortest_way_to_it_is() {
        let mut dice = Dice(23);
        let (mut within, mut beyond) = (0, 0);
        for round in 0..400 {
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&any(&mut dice)));
            let trees = EdgeTrees::of(&shapes);
            let around = Footprint::new(shapes.get(0), trees.get(0));
            let metric = if round % 2 == 0 { Metric::Plane } else { Metric::Ellipsoid };
            let radius_m = 400.0 * dice.roll();
            let disc = Disc::new(&around, metric, radius_m).unwrap();
            let scale = metric.around(around.bounds());
            for _ in 0..200 {
                // Near the rim, where it is hard to say.
                let somewhere = [700_000.0 + 1_200.0 * dice.roll(), 6_600_000.0 + 900.0 * dice.roll()];
                let way = approach_point(&around, somewhere, &scale, f64::INFINITY).unwrap();
                let [dx, dy] = [0, 1].map(|axis| way.to[axis] - way.from[axis]);
                let stretch = radius_m * (1.0 + 1e-6 * (dice.roll() - 0.5)) / way.distance_m.max(1.0);
                let rim = [way.from[0] + stretch * dx, way.from[1] + stretch * dy];
                for point in [somewhere, rim] {
                    let truth = approach_point(&around, point, &scale, radius_m).is_some();
                    assert_eq!(disc.has(point), truth, "{round} {point:?}");
                    *if truth { &mut within } else { &mut beyond } += 1;
                    let step = disc.step(&Bounds::new(point, point));
                    assert!(step == Step::Descend || (step == Step::TakeAll) == truth);
                }
            }
        }
        assert!(within > 10_000 && beyond > 10_000, "{within} {beyond}");
    }
}
