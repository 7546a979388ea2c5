//! How compact a polygon is.

use super::scale::Metric;
use super::shape::{Kind, Shape};

/// 4πA/P² (Polsby and Popper 1991): 1 for a disc, 0.785 for a square, near 0 for a ribbon. Holes and further parts lengthen P.
/// `None` for points and lines, and for a polygon without area.
///
/// The plane is conformal, so what it enlarges cancels out: the share is that of the ground.
pub fn compactness(shape: &Shape<'_>) -> Option<f64> {
    if shape.kind() != Kind::Polygon {
        return None;
    }
    let share = 4.0 * std::f64::consts::PI * Metric::Plane.area_m2(shape) / perimeter(shape).powi(2);
    (share > 0.0).then(|| share.min(1.0))
}

/// Planar length of all rings, in metres.
pub fn perimeter(shape: &Shape<'_>) -> f64 {
    // Squares of metres neither overflow nor vanish: no need of the slower `hypot`.
    let length = |edge: &[[f64; 2]]| ((edge[1][0] - edge[0][0]).powi(2) + (edge[1][1] - edge[0][1]).powi(2)).sqrt();
    shape.rings().flat_map(|ring| ring.windows(2)).map(length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::shape::Shapes;
    use geo_types::{Geometry, polygon};
    use std::f64::consts::PI;

    fn of(geometry: Geometry<f64>) -> Option<f64> {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&geometry));
        compactness(&shapes.get(0))
    }

    #[test]
    fn shapes_known_by_hand() {
        let square = of(polygon![(x: 0., y: 0.), (x: 50., y: 0.), (x: 50., y: 50.), (x: 0., y: 50.)].into());
        assert!((square.unwrap() - PI / 4.0).abs() < 1e-12);
        let ribbon = of(polygon![(x: 0., y: 0.), (x: 90., y: 0.), (x: 90., y: 1.), (x: 0., y: 1.)].into());
        assert!((ribbon.unwrap() - 4.0 * PI * 90.0 / (182.0 * 182.0)).abs() < 1e-12);
        let corner = |i: u32| (f64::from(i) * PI / 500.0).sin_cos();
        let disc = geo_types::Polygon::new((0..=1_000).map(corner).collect(), vec![]);
        assert!(of(disc.into()).unwrap() > 0.99999);
        let holed = polygon!(exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
            interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 2.)]]);
        assert!((of(holed.into()).unwrap() - 4.0 * PI * 15.0 / 400.0).abs() < 1e-12);
        assert_eq!(of(polygon![(x: 0., y: 0.), (x: 5., y: 5.), (x: 9., y: 9.)].into()), None);
        assert_eq!(of(geo_types::point!(x: 1., y: 2.).into()), None);
    }
}
