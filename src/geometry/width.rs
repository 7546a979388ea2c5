//! How narrow a polygon is: the least distance between two parallel lines that hold it.
//!
//! This is the width of its convex hull, so a notch or a bend does not make a plot narrower; how much of it is open ground is
//! what [`super::inscribed`] and [`super::rectangle`] say.

use geo::ConvexHull;
use geo_types::{Coord, MultiPoint};

use super::scale::Metric;
use super::shape::{Kind, Part, Shape};

/// The width of a polygon's hull.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width {
    /// Reported metres.
    pub width_m: f64,
    /// Unit vector along the two lines, on the shared plane.
    pub along: [f64; 2],
}

/// The least width of a polygon; of several parts that of the widest, since a building stands on one. `None` for points and
/// lines, and where all vertices lie on one line.
pub fn least_width(shape: &Shape<'_>, metric: Metric) -> Option<Width> {
    if shape.kind() != Kind::Polygon {
        return None;
    }
    let ground = metric.ground_per_plane(shape.bounds().centre());
    let widths = shape.parts().filter_map(|part| hull_width(&part));
    let widest = widths.reduce(|widest, next| if next.width_m > widest.width_m { next } else { widest })?;
    Some(Width { width_m: ground * widest.width_m, ..widest })
}

fn hull_width(part: &Part<'_>) -> Option<Width> {
    let outer = part.rings().next()?;
    let [x, y] = *outer.first()?;
    // Around the first vertex: products of small numbers keep their last digits.
    let points: MultiPoint<f64> = outer.iter().map(|p| geo_types::Point::new(p[0] - x, p[1] - y)).collect();
    let hull = points.convex_hull();
    calipers(&hull.exterior().0)
}

/// Rotating calipers (Shamos 1978): the least width has one line along an edge of the hull, and the vertex farthest from the
/// edge moves one way round as the edges turn. `hull` is closed and counter-clockwise.
fn calipers(hull: &[Coord<f64>]) -> Option<Width> {
    let corners = hull.len().saturating_sub(1);
    let mut far = 0;
    let mut least: Option<Width> = None;
    for pair in hull.windows(2) {
        let along = pair[1] - pair[0];
        let length = along.x.hypot(along.y);
        if length == 0.0 {
            continue;
        }
        let height = |corner: usize| {
            let from = hull[corner % corners] - pair[0];
            (along.x * from.y - along.y * from.x) / length
        };
        let mut steps = 0;
        while height(far + 1) >= height(far) && steps < corners {
            far = (far + 1) % corners;
            steps += 1;
        }
        if least.is_none_or(|least| height(far) < least.width_m) {
            least = Some(Width { width_m: height(far), along: [along.x / length, along.y / length] });
        }
    }
    least.filter(|least| least.width_m > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::footprint::samples::{Dice, star};
    use crate::geometry::shape::Shapes;
    use geo_types::{Geometry, MultiPolygon, Polygon, line_string, polygon};

    fn width(geometry: &Geometry<f64>) -> Option<Width> {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(geometry));
        least_width(&shapes.get(0), Metric::Plane)
    }

    #[test]
    fn widths_known_by_hand() {
        let near = |geometry: Geometry<f64>, expected: f64| {
            let found = width(&geometry).unwrap().width_m;
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        };
        near(polygon![(x: 0., y: 0.), (x: 300., y: 0.), (x: 300., y: 80.), (x: 0., y: 80.)].into(), 80.0);
        // Of a triangle the least height: 300 * 400 / 500.
        near(polygon![(x: 0., y: 0.), (x: 300., y: 0.), (x: 0., y: 400.)].into(), 240.0);
        // A notch does not count.
        let notched = polygon![(x: 0., y: 0.), (x: 90., y: 0.), (x: 90., y: 90.), (x: 50., y: 90.), (x: 45., y: 5.), (x: 40., y: 90.), (x: 0., y: 90.)];
        near(notched.clone().into(), 90.0);
        // Of two parts the wider, not the hull of both.
        let far = polygon![(x: 900., y: 0.), (x: 1_000., y: 0.), (x: 1_000., y: 100.), (x: 900., y: 100.)];
        near(MultiPolygon(vec![notched, far]).into(), 100.0);
    }

    #[test]
    fn nothing_without_a_surface() {
        assert_eq!(width(&line_string![(x: 0., y: 0.), (x: 5., y: 5.)].into()), None);
        assert_eq!(width(&polygon![(x: 0., y: 0.), (x: 5., y: 5.), (x: 9., y: 9.)].into()), None);
    }

    #[test]
    fn no_direction_is_narrower() {
        let mut dice = Dice(29);
        for _ in 0..500 {
            let corners = 3 + (dice.roll() * 40.0) as usize;
            let ring = star(&mut dice, [700_000.0, 6_600_000.0], 150.0, corners);
            let found = width(&Polygon::new(ring.clone(), vec![]).into()).unwrap();
            let across = |angle: f64| {
                let heights = || ring.0.iter().map(move |c| (c.x - 7e5) * angle.cos() + (c.y - 6.6e6) * angle.sin());
                heights().fold(f64::MIN, f64::max) - heights().fold(f64::MAX, f64::min)
            };
            let least = (0..3_600).map(|step| across(f64::from(step) * std::f64::consts::PI / 3_600.0)).fold(f64::MAX, f64::min);
            assert!(found.width_m <= least + 1e-6 && found.width_m > 0.998 * least, "{found:?} {least}");
            let normal = found.along[0].atan2(-found.along[1]);
            assert!((across(normal) - found.width_m).abs() < 1e-6);
        }
    }
}
