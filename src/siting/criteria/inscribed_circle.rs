//! `inscribed-circle`: how large a round the candidate has room for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ground::{Ground, Of};
use crate::geometry::inscribed;
use crate::geometry::scale::Metric;
use crate::siting::measure::{Measured, Site};

/// Diameter of the largest circle that fits inside the candidate, holes and parts respected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InscribedCircle {
    #[serde(default, skip_serializing_if = "Of::is_plot")]
    pub of: Of,
}

/// The diameter, in m: that of a circle that fits. Borders off by the precision on both sides, and what the search leaves open,
/// may move it.
pub fn of(ground: &Ground<'_>, site: &Site<'_>, metric: Metric) -> Measured {
    ground.measure(site, metric, |polygon, precision_m| {
        let circle = inscribed::inscribed_circle(polygon, metric)?;
        Some((2.0 * circle.radius_m, 2.0 * (precision_m + circle.upper_m - circle.radius_m)))
    })
}
