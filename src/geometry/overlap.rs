//! What two polygons have in common.

use geo::BooleanOps;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::bounds::Bounds;
use super::footprint::Footprint;
use super::scale::Metric;
use super::shape::{Kind, Shapes};

/// The common part of two polygonal shapes, on the shared plane. Empty where they only touch, and for points and lines.
pub fn intersection(a: &Footprint<'_>, b: &Footprint<'_>) -> MultiPolygon<f64> {
    let nothing = MultiPolygon(Vec::new());
    if a.kind() != Kind::Polygon || b.kind() != Kind::Polygon || !a.bounds().intersects(b.bounds()) {
        return nothing;
    }
    // One without an edge in the other's box holds all of that box, or none of it.
    for (whole, by) in [(a, b), (b, a)] {
        if !by.has_edge_in(whole.bounds()) {
            return if by.holds(whole.vertices()[0]) { polygons(whole) } else { nothing };
        }
    }
    let window = common(a.bounds(), b.bounds()).grown(1.0);
    let [one, two] = [a, b].map(|footprint| clipped(footprint, &window));
    one.intersection(&two).map_about(window.centre())
}

/// The union of polygons that may overlap.
pub fn union(pieces: &[MultiPolygon<f64>]) -> MultiPolygon<f64> {
    match pieces {
        [] => MultiPolygon(Vec::new()),
        [only] => only.clone(),
        // Around their middle, where the overlay's grid is finest.
        [first, ..] => {
            let origin = first.0.first().and_then(|polygon| polygon.exterior().0.first()).map_or([0.0; 2], |c| [c.x, c.y]);
            let near: Vec<MultiPolygon<f64>> =
                pieces.iter().map(|piece| piece.clone().map_about([-origin[0], -origin[1]])).collect();
            // By the even-odd rule, whatever way the rings turn.
            let union = near.into_iter().reduce(|all, next| all.union(&next));
            union.unwrap_or_else(|| MultiPolygon(Vec::new())).map_about(origin)
        }
    }
}

/// What is left of a polygonal shape without some ground; nothing of points and lines.
pub fn difference(of: &Footprint<'_>, without: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let centre = of.bounds().centre();
    let back = [-centre[0], -centre[1]];
    match of.kind() {
        Kind::Polygon => polygons(of).map_about(back).difference(&without.clone().map_about(back)).map_about(centre),
        _ => MultiPolygon(Vec::new()),
    }
}

/// Reported area of polygons on the shared plane, in m².
pub fn area_m2(polygons: &MultiPolygon<f64>, metric: Metric) -> f64 {
    let mut shapes = Shapes::default();
    shapes.push_geometry(Some(&polygons.clone().into()));
    metric.area_m2(&shapes.get(0))
}

/// Reported area in m² of the part of `a` that lies in at least one of `others`: nothing is counted twice.
pub fn covered_area_m2<'f>(a: &Footprint<'_>, others: impl IntoIterator<Item = Footprint<'f>>, metric: Metric) -> f64 {
    let common = others.into_iter().map(|other| intersection(a, &other));
    let pieces: Vec<MultiPolygon<f64>> = common.filter(|piece| !piece.0.is_empty()).collect();
    area_m2(&union(&pieces), metric)
}

fn common(a: &Bounds, b: &Bounds) -> Bounds {
    let min = [a.min[0].max(b.min[0]), a.min[1].max(b.min[1])];
    let max = [a.max[0].min(b.max[0]), a.max[1].min(b.max[1])];
    Bounds::new(min, max)
}

fn polygons(of: &Footprint<'_>) -> MultiPolygon<f64> {
    match of.shape().to_geo() {
        Some(geo_types::Geometry::MultiPolygon(polygons)) => polygons,
        _ => MultiPolygon(Vec::new()),
    }
}

/// The shape inside the window, around the window's middle: the overlay works on a grid that spans its input, so small numbers
/// keep it below a micrometre. Rings are given as they are, to be read by the even-odd rule.
fn clipped(footprint: &Footprint<'_>, window: &Bounds) -> MultiPolygon<f64> {
    let [cx, cy] = window.centre();
    let rings = footprint.rings_thinned_outside(window);
    let local = rings.iter().filter_map(|ring| {
        let ring = clip_ring(ring, window);
        let corners: Vec<Coord<f64>> = ring.into_iter().map(|[x, y]| Coord { x: x - cx, y: y - cy }).collect();
        (corners.len() >= 3).then(|| Polygon::new(LineString(corners), Vec::new()))
    });
    MultiPolygon(local.collect())
}

/// A ring cut by the four sides of a window, one after the other (Sutherland and Hodgman 1974). Pieces may stay joined by edges
/// along the window's border, which enclose nothing.
pub(super) fn clip_ring(ring: &[[f64; 2]], window: &Bounds) -> Vec<[f64; 2]> {
    let mut ring = ring.to_vec();
    for axis in [0, 1] {
        ring = clip_half(&ring, axis, |value| value - window.min[axis], window.min[axis]);
        ring = clip_half(&ring, axis, |value| window.max[axis] - value, window.max[axis]);
    }
    ring
}

fn clip_half(ring: &[[f64; 2]], axis: usize, depth: impl Fn(f64) -> f64, border: f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    for pair in ring.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let (inside, next_inside) = (depth(from[axis]) >= 0.0, depth(to[axis]) >= 0.0);
        if inside {
            kept.push(from);
        }
        if inside != next_inside {
            let t = (border - from[axis]) / (to[axis] - from[axis]);
            let other = 1 - axis;
            let mut cut = [border; 2];
            cut[other] = from[other] + t * (to[other] - from[other]);
            kept.push(cut);
        }
    }
    if let Some(&first) = kept.first() {
        kept.push(first);
    }
    kept
}

/// Moves polygons by an offset.
pub(super) trait Moved {
    fn map_about(self, offset: [f64; 2]) -> Self;
}

impl Moved for MultiPolygon<f64> {
    fn map_about(mut self, [dx, dy]: [f64; 2]) -> MultiPolygon<f64> {
        use geo::MapCoordsInPlace;
        self.map_coords_in_place(|Coord { x, y }| Coord { x: x + dx, y: y + dy });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any};
    use geo::{Area, Translate};
    use geo_types::Geometry;

    fn as_polygons(geometry: &Geometry<f64>) -> MultiPolygon<f64> {
        match geometry {
            Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
            Geometry::MultiPolygon(polygons) => polygons.clone(),
            _ => MultiPolygon(Vec::new()),
        }
    }

    #[test]
    fn common_areas_agree_with_a_whole_overlay() {
        let mut dice = Dice(17);
        let mut met = 0;
        for round in 0..1_500 {
            let (one, two) = (any(&mut dice), any(&mut dice));
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&one));
            shapes.push_geometry(Some(&two));
            let trees = EdgeTrees::of(&shapes);
            let [a, b] = [0, 1].map(|i| Footprint::new(shapes.get(i), trees.get(i)));
            let found = intersection(&a, &b);
            let [p, q] = [&one, &two].map(|geometry| as_polygons(geometry).translate(-700_000.0, -6_600_000.0));
            let truth = p.intersection(&q).unsigned_area();
            assert!((found.unsigned_area() - truth).abs() < 1e-3 + 1e-8 * truth, "{round}: {} {truth}", found.unsigned_area());
            met += u32::from(truth > 0.0);
            let other = covered_area_m2(&a, [b.clone(), b.clone()], Metric::Plane);
            assert!((other - truth).abs() < 1e-3 + 1e-7 * truth, "twice the same counts once: {other} {truth}");
        }
        assert!(met > 50, "the samples overlap often enough to mean something: {met}");
    }
}
