//! `count`: how many features of a layer are within a radius.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::{Around, At, Disc};
use super::targets::Layers;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;

/// Number of features no farther than the radius from the candidate's edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    pub of: Layers,
    /// Such as `5 km`.
    pub radius: String,
    #[serde(default, skip_serializing_if = "At::is_edge")]
    pub at: At,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

impl Count {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Disc<'v>, ResolveError> {
        Around { of: &self.of, radius: &self.radius, at: &self.at, filter: self.filter.as_deref() }.resolve(context)
    }
}

pub fn of(disc: &Disc<'_>, site: &Site<'_>, metric: Metric) -> Measured {
    if site.layer.shape(site.row).is_empty() {
        return Measured::unknown(Reason::NoGeometry);
    }
    if !disc.targets().cover(site) {
        return Measured::unknown(Reason::NoData);
    }
    let mut count = 0;
    disc.visit(site, metric, |_, rows| count += rows.len());
    Measured::plain(Reading::exact(count as f64))
}
