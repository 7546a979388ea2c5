//! Places by a point each, and those within a distance.

use crate::geometry::bounds::Bounds;
use crate::geometry::packed::PackedTree;
use crate::geometry::scale::Metric;
use crate::geometry::territory::Frame;

/// Points on the shared plane; a place without any is within no distance.
#[derive(Debug)]
pub struct Points {
    points: Vec<Option<[f64; 2]>>,
    tree: PackedTree,
}

impl Points {
    pub fn new(points: Vec<Option<[f64; 2]>>) -> Points {
        let tree = PackedTree::new(points.iter().map(|point| point.map_or(Bounds::EMPTY, |point| Bounds::of(&[point]))));
        Points { points, tree }
    }

    pub fn len(&self) -> usize {
        self.points.len()
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    pub fn get(&self, place: u32) -> Option<[f64; 2]> {
        self.points.get(place as usize).copied().flatten()
    }

    /// Places no farther than `within_m` metres on the ground, with their distances; never across an ocean.
    pub fn within(&self, at: [f64; 2], within_m: f64, metric: Metric, mut visit: impl FnMut(u32, f64)) {
        let reach = metric.around(&Bounds::of(&[at])).planar_reach(within_m);
        let window = Bounds { min: [at[0] - reach, at[1] - reach], max: [at[0] + reach, at[1] + reach] };
        self.tree.meeting(&window, |place| {
            let Some(point) = self.get(place).filter(|point| Frame::of_x(point[0]) == Frame::of_x(at[0])) else { return };
            let distance = metric.length_m(at, point);
            if distance <= within_m {
                visit(place, distance);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn within_is_what_a_scan_finds(
            points in proptest::collection::vec(proptest::option::of((500_000.0..900_000.0_f64, 6_200_000.0..6_900_000.0_f64)), 60),
            within in 1_000.0..200_000.0_f64,
        ) {
            let points: Vec<Option<[f64; 2]>> = points.into_iter().map(|point| point.map(|(x, y)| [x, y])).collect();
            let at = [700_000.0, 6_600_000.0];
            let index = Points::new(points.clone());
            let mut found = Vec::new();
            index.within(at, within, Metric::Ellipsoid, |place, _| found.push(place));
            found.sort_unstable();
            let near = |point: &Option<[f64; 2]>| point.is_some_and(|point| Metric::Ellipsoid.length_m(at, point) <= within);
            let expected: Vec<u32> = points.iter().zip(0..).filter(|(point, _)| near(point)).map(|(_, place)| place).collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
