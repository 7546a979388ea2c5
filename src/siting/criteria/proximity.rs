//! `proximity`: how far the nearest feature of a layer is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::targets::{Layers, Targets};
use crate::atlas::Reach;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site, Witness};
use crate::siting::resolve::ResolveError;

/// Distance from the candidate to the nearest feature, edge to edge; 0 where they meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proximity {
    pub to: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

impl Proximity {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Targets<'v>, ResolveError> {
        Targets::resolve(context, &self.to, self.filter.as_deref())
    }
}

/// The distance in m to the nearest of the targets, or "beyond" where none is within `reach_m`.
pub fn of(targets: &Targets<'_>, site: &Site<'_>, metric: Metric, reach_m: f64) -> Measured {
    let footprint = site.footprint();
    if footprint.shape().is_empty() {
        return Measured::unknown(Reason::NoGeometry);
    }
    if !targets.cover(site) {
        return Measured::unknown(Reason::NoData);
    }
    let mut nearest = Measured::plain(Reading::beyond(reach_m));
    let mut limit_m = reach_m;
    for (target, found) in targets.iter() {
        let Some(near) = found.layer.nearest(&footprint, Reach { metric, limit_m }, |row| found.keeps(row)) else { continue };
        // At one distance the first layer by id is named, as within a layer the first feature.
        if nearest.witness.is_none() || near.distance_m < limit_m {
            limit_m = near.distance_m;
            let witness = Witness { target, row: near.row, way: Some([near.from, near.to]) };
            nearest = Measured { reading: Reading::exact(near.distance_m), witness: Some(witness), tolerance: 0.0 };
        }
    }
    Measured { tolerance: targets.tolerance(site), ..nearest }
}
