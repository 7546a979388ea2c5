//! `proximity`: how far the nearest feature of a layer is, or the third nearest, or the nearest on the same connected piece.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pieces::Through;
use super::targets::{Layers, Targets};
use crate::atlas::{Near, Reach};
use crate::geometry::footprint::Footprint;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site, Witness};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Distance from the candidate to the nearest feature, edge to edge; 0 where they meet.
///
/// With `through` and `gap`, only features that stand on the same connected piece of that layer as the candidate: of a railway
/// network, the piece of the line nearest to it; of regions, the land it stands on. Parts of that layer no farther from each
/// other than the gap hang together, and a feature stands on the pieces no farther from it than the gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Proximity {
    pub to: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Distance to the k-th nearest. Where there are fewer features, it is beyond any distance.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1, max = MAX_K))]
    pub k: u32,
    /// The layer that must connect the candidate and the feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Of that layer, only features for which this filter (CQL2 text) is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through_where: Option<String>,
    /// Such as `50 m`: the widest gap that does not part two pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
}

/// Greatest `k`.
pub const MAX_K: u32 = 100;

fn one() -> u32 {
    1
}

fn is_one(k: &u32) -> bool {
    *k == 1
}

/// Looks for the k-th nearest of its targets.
#[derive(Debug)]
pub struct Search<'v> {
    targets: Targets<'v>,
    k: usize,
    through: Option<Through<'v>>,
}

impl Proximity {
    /// That to the nearest feature, whatever connects them.
    pub fn plain(to: Layers, filter: Option<String>) -> Proximity {
        Proximity { to, filter, k: 1, through: None, through_where: None, gap: None }
    }

    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Search<'v>, ResolveError> {
        let targets = Targets::resolve(context, &self.to, self.filter.as_deref())?;
        if !(1..=MAX_K).contains(&self.k) {
            return Err(ResolveError::K { place: context.place(), k: self.k });
        }
        let through = match (&self.through, &self.gap) {
            (None, None) if self.through_where.is_none() => None,
            (Some(layer), Some(gap)) => Some(self.through(context, layer, gap, &targets)?),
            _ => return Err(ResolveError::Gap { place: context.place() }),
        };
        Ok(Search { targets, k: self.k as usize, through })
    }

    fn through<'v>(
        &self,
        context: &Context<'_, 'v>,
        layer: &str,
        gap: &str,
        targets: &Targets<'v>,
    ) -> Result<Through<'v>, ResolveError> {
        let network = Targets::resolve(context, &Layers::One(layer.to_owned()), self.through_where.as_deref())?;
        let (gap_m, _) = Scale::length().read(gap).map_err(|problem| context.scale("gap", problem))?;
        let filter = self.through_where.as_deref().unwrap_or_default();
        // One id was resolved, so there is one target.
        let network = network.get(0).ok_or_else(|| ResolveError::NoLayer { place: context.place() })?;
        Ok(Through::new(context, network, filter, gap_m, targets.iter().map(|(_, target)| target.layer)))
    }
}

impl<'v> Search<'v> {
    /// The distance in m, or "beyond" where there are not enough targets within `reach_m`.
    pub fn of(&self, site: &Site<'_>, metric: Metric, reach_m: f64) -> Measured {
        let footprint = site.footprint();
        if footprint.shape().is_empty() {
            return Measured::unknown(Reason::NoGeometry);
        }
        if !self.targets.cover(site) {
            return Measured::unknown(Reason::NoData);
        }
        let pieces = match self.through.as_ref().map(|through| through.under(site)).transpose() {
            Ok(pieces) => pieces,
            Err(reason) => return Measured::unknown(reason),
        };
        let joins = |target, row| match (&self.through, &pieces) {
            (Some(through), Some(pieces)) => through.joins(pieces, target, row),
            _ => true,
        };
        let reach = Reach { metric, limit_m: reach_m };
        let mut nearer: Vec<(u16, u32)> = Vec::new();
        let found = loop {
            let next = self.nearest(&footprint, reach, |target, row| !nearer.contains(&(target, row)) && joins(target, row));
            match next {
                Some((target, near)) if nearer.len() + 1 < self.k => nearer.push((target, near.row)),
                found => break found,
            }
        };
        let tolerance = self.targets.tolerance(site);
        match found {
            None => Measured { tolerance, ..Measured::plain(Reading::beyond(reach_m)) },
            Some((target, near)) => {
                let witness = Some(Witness { target, row: near.row, way: Some([near.from, near.to]) });
                Measured { reading: Reading::exact(near.distance_m), witness, tolerance }
            }
        }
    }

    /// The nearest that `keep` accepts, with the place of its layer.
    fn nearest(&self, from: &Footprint<'_>, reach: Reach, keep: impl Fn(u16, u32) -> bool) -> Option<(u16, Near)> {
        let mut nearest: Option<(u16, Near)> = None;
        let mut limit_m = reach.limit_m;
        for (place, target) in self.targets.iter() {
            let keep = |row| target.keeps(row) && keep(place, row);
            let Some(near) = target.layer.nearest(from, Reach { limit_m, ..reach }, keep) else { continue };
            // At one distance the first layer by id is named, as within a layer the first feature.
            if nearest.is_none() || near.distance_m < limit_m {
                limit_m = near.distance_m;
                nearest = Some((place, near));
            }
        }
        nearest
    }

    pub fn targets(&self) -> &Targets<'v> {
        &self.targets
    }

    /// What must connect a site with its target.
    pub fn network(&self) -> Option<&'v crate::atlas::Layer> {
        self.through.as_ref().map(|through| through.layer)
    }

    /// About what one site costs, in nanoseconds.
    pub fn cost(&self) -> f64 {
        let search = 800.0 * self.targets.roughness() * self.k as f64;
        if self.through.is_some() { 2_000.0 + 4.0 * search } else { search }
    }
}
