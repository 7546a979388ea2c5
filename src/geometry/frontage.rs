//! How much of their borders two polygons have beside each other.

use super::bounds::Bounds;
use super::footprint::Footprint;

/// Planar length of the border of `a` that is within `gap` of the border of `b`, in metres.
///
/// The points of an edge that are near another edge are those in a stadium around it, which is convex: one interval.
pub fn frontage(a: &Footprint<'_>, b: &Footprint<'_>, gap: f64) -> f64 {
    let window = b.bounds().grown(gap);
    let mut along = 0.0;
    a.for_each_run(|run, bounds| {
        if bounds.intersects(&window) {
            let edges = run.windows(2).filter(|edge| edge[0] != edge[1]);
            along += edges.map(|edge| near([edge[0], edge[1]], b, gap)).sum::<f64>();
        }
    });
    along
}

/// Length of the part of an edge within `gap` of a polygon's border.
fn near(edge: [[f64; 2]; 2], other: &Footprint<'_>, gap: f64) -> f64 {
    let mut spans: Vec<[f64; 2]> = Vec::new();
    let bounds = Bounds::of(&edge);
    other.nearest_runs(&bounds, gap * gap, |run| {
        let borders = run.windows(2).filter(|border| border[0] != border[1]);
        spans.extend(borders.filter_map(|border| span(edge, [border[0], border[1]], gap)));
        gap * gap
    });
    spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut covered = 0.0;
    let mut end = 0.0_f64;
    for [from, to] in spans {
        covered += (to - from.max(end)).max(0.0);
        end = end.max(to);
    }
    covered * (edge[1][0] - edge[0][0]).hypot(edge[1][1] - edge[0][1])
}

/// The shares of an edge between which it is within `gap` of another.
fn span(edge: [[f64; 2]; 2], border: [[f64; 2]; 2], gap: f64) -> Option<[f64; 2]> {
    let pieces = [in_box(edge, border, gap), in_disc(edge, border[0], gap), in_disc(edge, border[1], gap)];
    pieces.into_iter().flatten().reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
}

fn in_disc([from, to]: [[f64; 2]; 2], centre: [f64; 2], radius: f64) -> Option<[f64; 2]> {
    let along = [to[0] - from[0], to[1] - from[1]];
    let off = [from[0] - centre[0], from[1] - centre[1]];
    let a = along[0] * along[0] + along[1] * along[1];
    let b = along[0] * off[0] + along[1] * off[1];
    let c = off[0] * off[0] + off[1] * off[1] - radius * radius;
    let inner = b * b - a * c;
    let root = (inner > 0.0).then(|| inner.sqrt())?;
    within_edge((-b - root) / a, (-b + root) / a)
}

/// Beside the border: within `gap` of its line, between its ends.
fn in_box([from, to]: [[f64; 2]; 2], [start, end]: [[f64; 2]; 2], gap: f64) -> Option<[f64; 2]> {
    let length = (end[0] - start[0]).hypot(end[1] - start[1]);
    let ahead = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
    let forth = |p: [f64; 2]| (p[0] - start[0]) * ahead[0] + (p[1] - start[1]) * ahead[1];
    let aside = |p: [f64; 2]| (p[1] - start[1]) * ahead[0] - (p[0] - start[0]) * ahead[1];
    let [low, high] = between(forth(from), forth(to), [0.0, length])?;
    let [near, far] = between(aside(from), aside(to), [-gap, gap])?;
    within_edge(low.max(near), high.min(far))
}

/// The shares of the way from one value to another at which it is in a range.
fn between(from: f64, to: f64, [low, high]: [f64; 2]) -> Option<[f64; 2]> {
    if from == to {
        return (low <= from && from <= high).then_some([0.0, 1.0]);
    }
    let [a, b] = [(low - from) / (to - from), (high - from) / (to - from)];
    Some([a.min(b), a.max(b)])
}

/// `None` outside the edge.
fn within_edge(from: f64, to: f64) -> Option<[f64; 2]> {
    let [from, to] = [from.max(0.0), to.min(1.0)];
    (from < to).then_some([from, to])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::EdgeTrees;
    use crate::geometry::footprint::samples::{Dice, any};
    use crate::geometry::shape::Shapes;
    use geo::{Distance, Euclidean};
    use geo_types::{Geometry, MultiLineString, Point, polygon};

    fn along(a: &Geometry<f64>, b: &Geometry<f64>, gap: f64) -> f64 {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(a));
        shapes.push_geometry(Some(b));
        let trees = EdgeTrees::of(&shapes);
        let [a, b] = [0, 1].map(|row| Footprint::new(shapes.get(row), trees.get(row)));
        frontage(&a, &b, gap)
    }

    fn square(west: f64, south: f64) -> Geometry<f64> {
        polygon![(x: west, y: south), (x: west + 100., y: south), (x: west + 100., y: south + 100.), (x: west, y: south + 100.)]
            .into()
    }

    #[test]
    fn borders_known_by_hand() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        // A wall in common, and the first 5 m of the walls beside it.
        near(along(&square(0.0, 0.0), &square(100.0, 0.0), 5.0), 110.0);
        // A path of 4 m between: 3 m beyond the wall's end are within 5 m of the other's corner, but they are not of the border.
        near(along(&square(0.0, 0.0), &square(104.0, 0.0), 5.0), 100.0 + 2.0);
        near(along(&square(0.0, 0.0), &square(106.0, 0.0), 5.0), 0.0);
        // Half a wall, past whose end 5 m are still near, and the 5 m of one wall beside it.
        near(along(&square(0.0, 0.0), &square(100.0, 50.0), 5.0), 60.0);
        // A corner: 5 m of each wall.
        near(along(&square(0.0, 0.0), &square(100.0, 100.0), 5.0), 10.0);
    }

    #[test]
    fn as_many_points_of_the_border_are_near() {
        let mut dice = Dice(41);
        let mut met = 0;
        for _ in 0..400 {
            let (one, two) = (any(&mut dice), any(&mut dice));
            let (Geometry::Polygon(a), Geometry::Polygon(b)) = (&one, &two) else { continue };
            let gap = 30.0 * dice.roll();
            let found = along(&one, &two, gap);
            let ring = |p: &geo_types::Polygon<f64>| p.interiors().iter().chain([p.exterior()]).cloned().collect();
            let border: MultiLineString<f64> = MultiLineString(ring(b));
            let mut walked = 0.0;
            let rings: Vec<geo_types::LineString<f64>> = ring(a);
            for edge in rings.iter().flat_map(|ring| ring.lines()) {
                let length = (edge.end.x - edge.start.x).hypot(edge.end.y - edge.start.y);
                let steps = if length < 20.0 { 8 } else { 60 };
                let near = |step: i32| {
                    let t = (f64::from(step) + 0.5) / f64::from(steps);
                    Euclidean.distance(&border, &Point::from(edge.start + (edge.end - edge.start) * t)) <= gap
                };
                walked += length * (0..steps).filter(|&step| near(step)).count() as f64 / f64::from(steps);
            }
            assert!((found - walked).abs() < 20.0 + 0.02 * walked, "{found} {walked}");
            met += i32::from(walked > 0.0);
        }
        assert!(met > 5, "{met}");
    }
}
