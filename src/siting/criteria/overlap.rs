//! `overlap`: how much of the candidate lies inside the features of a layer.

use geo_types::MultiPolygon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::area::perimeter;
use super::targets::{Layers, Targets};
use crate::atlas::Reach;
use crate::geometry::overlap::{area_m2, union};
use crate::geometry::scale::Metric;
use crate::geometry::shape::Kind;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site, Witness};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Share or area of the candidate inside the features; where features overlap each other the ground counts once. Quantities
/// in `%` or `ratio` ask for the share, in `m2`, `ha` or `km2` for the area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    pub with: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// Less common ground than this, in m², is the rounding of coordinates along a shared border, and taken as none.
const SLIVER_M2: f64 = 1e-4;

#[derive(Debug)]
pub struct Covered<'v> {
    targets: Targets<'v>,
    in_m2: bool,
}

impl Overlap {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Covered<'v>, ResolveError> {
        let targets = Targets::resolve(context, &self.with, self.filter.as_deref())?;
        Ok(Covered { targets, in_m2: context.in_m2 })
    }
}

impl<'v> Covered<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        match site.layer.shape(site.row).kind() {
            Kind::Empty => return Measured::unknown(Reason::NoGeometry),
            Kind::Point | Kind::Line => return Measured::unknown(Reason::NoSurface),
            Kind::Polygon if !self.targets.cover(site) => return Measured::unknown(Reason::NoData),
            Kind::Polygon => {}
        }
        let (covered_m2, witness) = self.covered(site, metric);
        let tolerance_m2 = self.tolerance_m2(site, metric);
        if self.in_m2 {
            return Measured { reading: Reading::exact(covered_m2), witness, tolerance: tolerance_m2 };
        }
        let whole_m2 = metric.area_m2(&site.layer.shape(site.row));
        let share = Reading::exact((covered_m2 / whole_m2).min(1.0));
        Measured { reading: share, witness, tolerance: tolerance_m2 / whole_m2 }
    }

    /// Common ground in m², and the feature with most of it.
    fn covered(&self, site: &Site<'_>, metric: Metric) -> (f64, Option<Witness>) {
        let mut pieces: Vec<MultiPolygon<f64>> = Vec::new();
        let mut most: Option<(f64, Witness)> = None;
        for (target, found) in self.targets.iter() {
            found.layer.overlaps(
                &site.footprint(),
                |row| found.keeps(row),
                |row, common| {
                    let area = area_m2(&common, metric);
                    if area > SLIVER_M2 && most.is_none_or(|(best, _)| area > best) {
                        most = Some((area, Witness { target, row, way: None }));
                    }
                    pieces.push(common);
                },
            );
        }
        let covered_m2 = match &pieces[..] {
            [] => 0.0,
            [alone] => area_m2(alone, metric),
            _ => area_m2(&union(&pieces), metric),
        };
        let covered_m2 = if covered_m2 > SLIVER_M2 { covered_m2 } else { 0.0 };
        (covered_m2, most.map(|(_, witness)| witness))
    }

    /// A border off by the precision, all along the candidate's edge; nothing where no feature is that near.
    fn tolerance_m2(&self, site: &Site<'_>, metric: Metric) -> f64 {
        let precision_m = self.targets.tolerance(site);
        let near = |(_, target): (u16, &super::targets::Target<'v>)| {
            target.layer.nearest(&site.footprint(), Reach { metric, limit_m: precision_m }, |row| target.keeps(row)).is_some()
        };
        if self.targets.iter().any(near) { precision_m * perimeter(site) } else { 0.0 }
    }

    pub fn scale(&self) -> Scale {
        if self.in_m2 { Scale::area() } else { Scale::share() }
    }

    pub fn targets(&self) -> &Targets<'v> {
        &self.targets
    }
}
