//! `width`: how narrow the candidate is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ground::{Ground, Of};
use crate::geometry::scale::Metric;
use crate::geometry::width::least_width;
use crate::siting::measure::{Measured, Site};

/// Least distance between two parallel lines that hold the candidate between them: the width of its convex hull, of several
/// parts that of the widest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Width {
    #[serde(default, skip_serializing_if = "Of::is_plot")]
    pub of: Of,
}

/// The width, in m. Borders off by the precision on both sides may move it.
pub fn of(ground: &Ground<'_>, site: &Site<'_>, metric: Metric) -> Measured {
    ground.measure(site, metric, |polygon, precision_m| Some((least_width(polygon.shape(), metric)?.width_m, 2.0 * precision_m)))
}
