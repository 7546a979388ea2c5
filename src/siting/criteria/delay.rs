//! What takes months more near certain features: Natura 2000 as a delay, not as a block.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lead::Span;
use super::targets::{Layers, Targets};
use crate::atlas::{Layer, Reach};
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Site, Witness};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Months more where any of these features is no farther than a distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    pub near: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Such as `500 m`; `0 m` where the candidate must meet the feature.
    pub within: String,
    pub months: u16,
}

#[derive(Debug)]
pub struct Delays<'v>(Vec<Found<'v>>);

#[derive(Debug)]
struct Found<'v> {
    near: Targets<'v>,
    within_m: f64,
    months: f64,
}

/// What the delays of a site come to.
pub struct Delayed {
    pub span: Span,
    /// Months that hang on a distance nearer to its limit than the sources' precision.
    pub unsure_months: f64,
    /// The nearest feature of the longest delay.
    pub witness: Option<Witness>,
}

impl<'v> Delays<'v> {
    pub fn resolve(context: &Context<'_, 'v>, written: &[Delay]) -> Result<Delays<'v>, ResolveError> {
        let found = written.iter().map(|delay| {
            let near = Targets::resolve(context, &delay.near, delay.filter.as_deref())?;
            let (within_m, _) = Scale::length().read(&delay.within).map_err(|problem| context.scale("within", problem))?;
            Ok(Found { near, within_m, months: f64::from(delay.months) })
        });
        found.collect::<Result<_, _>>().map(Delays)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Delayed {
        let mut all = Delayed { span: Span::exact(0.0), unsure_months: 0.0, witness: None };
        let mut longest = 0.0;
        let mut first = 0;
        for delay in &self.0 {
            if !delay.near.cover(site) {
                // Absence of data is not absence of things.
                all.span.high += delay.months;
            } else if let Some((distance_m, witness)) = delay.nearest(site, metric) {
                let months = if distance_m <= delay.within_m { delay.months } else { 0.0 };
                all.span = all.span.plus(Span::exact(months));
                if (distance_m - delay.within_m).abs() < delay.near.tolerance(site) {
                    all.unsure_months += delay.months;
                }
                if months > longest {
                    longest = months;
                    all.witness = Some(Witness { target: first + witness.target, ..witness });
                }
            }
            first += delay.near.iter().count() as u16;
        }
        all
    }

    pub fn layers(&self) -> impl Iterator<Item = &'v Layer> {
        self.0.iter().flat_map(|delay| delay.near.iter().map(|(_, target)| target.layer))
    }

    pub fn cost(&self) -> f64 {
        self.0.iter().map(|delay| 800.0 * delay.near.roughness()).sum()
    }
}

impl Found<'_> {
    /// The nearest feature as far as it may matter.
    fn nearest(&self, site: &Site<'_>, metric: Metric) -> Option<(f64, Witness)> {
        let limit_m = self.within_m + self.near.tolerance(site);
        let found = self.near.iter().filter_map(|(target, found)| {
            let near = found.layer.nearest(&site.footprint(), Reach { metric, limit_m }, |row| found.keeps(row))?;
            Some((near.distance_m, Witness { target, row: near.row, way: Some([near.from, near.to]) }))
        });
        found.min_by(|a, b| a.0.total_cmp(&b.0))
    }
}
