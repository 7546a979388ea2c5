//! The three questions about a place: what is within a distance, what is nearest, what overlaps. Exact, edge to edge.

use std::ops::Range;

use super::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::disc::Disc;
use crate::geometry::distance::{Approach, approach, approach_point};
use crate::geometry::footprint::Footprint;
use crate::geometry::forest::Forest;
use crate::geometry::overlap::intersection;
use crate::geometry::scale::Metric;
use crate::geometry::territory::FARTHEST_M;

/// The feature nearest to a place, and the shortest way to it: 0 and a common point where they meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub row: u32,
    pub distance_m: f64,
    pub from: [f64; 2],
    pub to: [f64; 2],
}

/// How far a question looks, in reported metres; the limit itself counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    pub metric: Metric,
    pub limit_m: f64,
}

/// Vertices up to which a shape asks all features of a layer at once: each edge is then held against each run that is near.
const FEW: usize = 128;

impl Layer {
    /// Rows whose bounds meet a window of the shared plane, in increasing order.
    pub fn rows_in(&self, window: &Bounds, visit: impl FnMut(u32)) {
        self.tree.meeting(window, visit);
    }

    /// The nearest row that `keep` accepts, within reach and never in another territory. Of several at the same
    /// distance, the one with the lowest id.
    pub fn nearest(&self, from: &Footprint<'_>, reach: Reach, keep: impl Fn(u32) -> bool) -> Option<Near> {
        let scale = reach.metric.around(from.bounds());
        let mut limit_m = reach.limit_m.min(FARTHEST_M);
        let mut best: Option<Near> = None;
        if !self.edges.is_empty() && from.vertices().len() <= FEW {
            let shape = |row| keep(row).then(|| self.footprint(row));
            let before = |row, other| self.compare_ids(row, other).is_lt();
            let found = Forest { tree: &self.tree, shape }.nearest(from, &scale, limit_m, before);
            return found.map(|(row, Approach { distance_m, from, to })| Near { row, distance_m, from, to });
        }
        let points = self.points();
        let to_row = |row: u32, limit_m: f64| match points {
            Some(points) => approach_point(from, points[row as usize], &scale, limit_m),
            None => approach(from, &self.footprint(row), &scale, limit_m),
        };
        self.tree.nearest_first(from.bounds(), scale.squared_reach(limit_m), |row, _| {
            if keep(row)
                && let Some(Approach { distance_m, from, to }) = to_row(row, limit_m)
                && best.is_none_or(|best| distance_m < best.distance_m || self.compare_ids(row, best.row).is_lt())
            {
                best = Some(Near { row, distance_m, from, to });
                limit_m = distance_m;
            }
            scale.squared_reach(limit_m)
        });
        best
    }

    /// Every row that `keep` accepts within reach, in increasing order.
    pub fn within(&self, from: &Footprint<'_>, reach: Reach, keep: impl Fn(u32) -> bool, mut visit: impl FnMut(u32)) {
        self.reached(from, reach, &keep, |rows, whole| rows.filter(|&row| !whole || keep(row)).for_each(&mut visit));
    }

    /// Every row within reach, as ranges in increasing order: what is far from the edge of the reach comes as long ranges, found
    /// without a look at each row, so that counts are sums of lengths, and sums differences of running totals.
    pub fn ranges_within(&self, from: &Footprint<'_>, reach: Reach, mut visit: impl FnMut(Range<u32>)) {
        self.reached(from, reach, |_| true, |rows, _| visit(rows));
    }

    /// Ranges within reach; of those that are not whole, each one row, `keep` was asked already, before their edges were looked at.
    fn reached(&self, from: &Footprint<'_>, reach: Reach, keep: impl Fn(u32) -> bool, mut take: impl FnMut(Range<u32>, bool)) {
        let Some(disc) = Disc::new(from, reach.metric, reach.limit_m.min(FARTHEST_M)) else { return };
        let step = |bounds: &Bounds| disc.step(bounds);
        if let Some(points) = self.points() {
            return self.tree.walk_blocks(step, |rows, whole| match whole {
                true => take(rows, true),
                false => {
                    let which = disc.which(&points[rows.start as usize..rows.end as usize]);
                    runs_of_ones(which, |run| take(rows.start + run.start..rows.start + run.end, true));
                }
            });
        }
        self.tree.walk(step, |rows, whole| match whole {
            true if !self.some_unplaced => take(rows, true),
            // A row without geometry is nowhere, whatever the box of its neighbours.
            true => rows.filter(|&row| !self.bounds(row).is_empty()).for_each(|row| take(row..row + 1, true)),
            false => rows.filter(|&row| keep(row) && disc.meets(&self.footprint(row))).for_each(|row| take(row..row + 1, false)),
        });
    }

    /// Every row that `keep` accepts and that shares area with a polygon, with the common part on the shared plane.
    pub fn overlaps(
        &self,
        of: &Footprint<'_>,
        keep: impl Fn(u32) -> bool,
        mut visit: impl FnMut(u32, geo_types::MultiPolygon<f64>),
    ) {
        self.rows_in(of.bounds(), |row| {
            if keep(row) {
                let common = intersection(of, &self.footprint(row));
                if !common.0.is_empty() {
                    visit(row, common);
                }
            }
        });
    }
}

/// Runs of consecutive bits that are set, from the lowest.
#[inline]
fn runs_of_ones(mut bits: u32, mut visit: impl FnMut(Range<u32>)) {
    let mut passed = 0;
    while bits != 0 {
        let zeros = bits.trailing_zeros();
        bits >>= zeros;
        let ones = bits.trailing_ones();
        visit(passed + zeros..passed + zeros + ones);
        passed += zeros + ones;
        bits = bits.checked_shr(ones).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_wherever_they_are() {
        for bits in [0, 1, 0b1011_0110, u32::MAX, 0x8000_0000, 0x8000_0001, 0xF0F0_F0F0] {
            let mut found = 0;
            let mut ends = Vec::new();
            runs_of_ones(bits, |run| {
                ends.push(run.start);
                ends.push(run.end);
                run.for_each(|bit| found |= 1 << bit);
            });
            assert_eq!(found, bits);
            assert!(ends.windows(2).all(|pair| pair[0] < pair[1]), "apart and in order: {ends:?}");
        }
    }
}
