//! `compactness`: how near to a disc the candidate is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ground::{Ground, Of};
use crate::geometry::compactness::{compactness, perimeter};
use crate::geometry::scale::Metric;
use crate::siting::measure::{Measured, Site};

/// 4πA/P² of the candidate, a plain number: 1 for a disc, 0.785 for a square, near 0 for a ribbon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compactness {
    #[serde(default, skip_serializing_if = "Of::is_plot")]
    pub of: Of,
}

/// The compactness. A border off by the precision p all around moves the area by Pp, and 4πA/P² by 4πp/P.
pub fn of(ground: &Ground<'_>, site: &Site<'_>, metric: Metric) -> Measured {
    ground.measure(site, metric, |polygon, precision_m| {
        let share = compactness(polygon.shape())?;
        let moved = 4.0 * std::f64::consts::PI * precision_m / perimeter(polygon.shape());
        Some((share, moved.min(1.0)))
    })
}
