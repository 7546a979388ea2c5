//! `rectangle`: how large a hall the candidate has room for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ground::{Ground, Of};
use crate::geometry::rectangle::largest_rectangle;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Site};
use crate::siting::resolve::ResolveError;

/// Short side of the largest rectangle of a proportion that fits inside the candidate, however it is turned, holes and parts
/// respected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rectangle {
    /// Length to width: 1 for a square, 2 for a hall twice as long as wide.
    #[schemars(range(min = 1, max = MOST))]
    pub proportion: f64,
    #[serde(default, skip_serializing_if = "Of::is_plot")]
    pub of: Of,
}

/// The longest rectangle, as a multiple of its width.
const MOST: u32 = 20;

#[derive(Debug)]
pub struct Hall<'v> {
    proportion: f64,
    pub ground: Ground<'v>,
}

impl Rectangle {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Hall<'v>, ResolveError> {
        let proportion = self.proportion;
        if !(1.0..=f64::from(MOST)).contains(&proportion) {
            return Err(ResolveError::Proportion { place: context.place(), proportion, most: MOST });
        }
        Ok(Hall { proportion, ground: self.of.resolve(context)? })
    }
}

impl Hall<'_> {
    /// The short side, in m, of a rectangle that fits. Borders off by the precision on both sides, and what the search leaves
    /// open, may move it.
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        self.ground.measure(site, metric, |polygon, precision_m| {
            let found = largest_rectangle(polygon, self.proportion, metric)?;
            Some((found.width_m, 2.0 * precision_m + found.upper_width_m - found.width_m))
        })
    }
}
