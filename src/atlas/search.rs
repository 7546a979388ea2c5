//! The three questions about a place: what is within a distance, what is nearest, what overlaps. Exact, edge to edge.

use super::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::distance::{Approach, approach};
use crate::geometry::footprint::Footprint;
use crate::geometry::overlap::intersection;
use crate::geometry::packed::Step;
use crate::geometry::scale::Metric;
use crate::geometry::shape::Kind;
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

/// Corners of the asking shape that are tried before its edges.
const CORNERS: usize = 32;

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
        self.tree.nearest_first(from.bounds(), scale.squared_reach(limit_m), |row, _| {
            if keep(row)
                && let Some(Approach { distance_m, from, to }) = approach(from, &self.footprint(row), &scale, limit_m)
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
        let Some(&anchor) = from.vertices().first() else { return };
        let scale = reach.metric.around(from.bounds());
        let radius_m = reach.limit_m.min(FARTHEST_M);
        let planar = scale.squared_reach(radius_m);
        // Whatever lies in a box is no farther from the anchor than the box's farthest corner.
        let sure = scale.squared_sure_reach(radius_m);
        let surely = |bounds: &Bounds| bounds.farthest_squared(anchor) <= sure;
        let decide = |bounds: &Bounds| match bounds.distance_squared(from.bounds()) > planar {
            true => Step::Skip,
            false if surely(bounds) => Step::TakeAll,
            false => Step::Descend,
        };
        self.tree.walk(decide, |rows, whole| {
            for row in rows {
                // Another corner often settles it without a look at the edges.
                let corners = from.vertices().iter().take(CORNERS);
                let near = || match whole {
                    true => !self.some_unplaced || self.shape(row).kind() != Kind::Empty,
                    false if corners.clone().any(|&corner| self.bounds(row).farthest_squared(corner) <= sure) => true,
                    false => approach(from, &self.footprint(row), &scale, radius_m).is_some(),
                };
                if keep(row) && near() {
                    visit(row);
                }
            }
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
