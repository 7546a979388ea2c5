//! `area`: how large the candidate is.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ground::no_surface;
use super::net::NetLand;
use crate::geometry::compactness;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;

/// Area of the candidate's geometry, whatever its attributes say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    #[serde(default, skip_serializing_if = "Of::is_plot")]
    pub of: Of,
}

/// Of which ground.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// The candidate's geometry.
    #[default]
    Plot,
    /// The largest piece that the block `buildable` leaves of it.
    Buildable,
    /// All that the block `buildable` leaves of it.
    BuildableTotal,
}

impl Of {
    fn is_plot(&self) -> bool {
        *self == Of::Plot
    }
}

/// The ground with its layers found.
#[derive(Debug)]
pub enum Extent<'v> {
    Plot,
    Largest(Arc<NetLand<'v>>),
    Total(Arc<NetLand<'v>>),
}

impl Area {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Extent<'v>, ResolveError> {
        Ok(match self.of {
            Of::Plot => Extent::Plot,
            Of::Buildable => Extent::Largest(context.net_land()?),
            Of::BuildableTotal => Extent::Total(context.net_land()?),
        })
    }
}

impl Extent<'_> {
    /// The area, in m². A border that is off by the sources' precision all around moves it by perimeter times precision.
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        if let Some(reason) = no_surface(site) {
            return Measured::unknown(reason);
        }
        let (area_m2, tolerance) = match self {
            Extent::Plot => {
                let shape = site.layer.shape(site.row);
                (metric.area_m2(&shape), perimeter(site) * site.layer.definition().precision_m)
            }
            Extent::Largest(land) | Extent::Total(land) if !land.is_known(site) => return Measured::unknown(Reason::NoData),
            Extent::Largest(land) => {
                let net = land.of(site, metric);
                (net.largest_m2, compactness::perimeter(net.largest().shape()) * land.precision_m(site))
            }
            Extent::Total(land) => {
                let net = land.of(site, metric);
                (net.total_m2, net.total_perimeter_m * land.precision_m(site))
            }
        };
        Measured { reading: Reading::exact(area_m2), witness: None, tolerance }
    }

    pub fn net(&self) -> Option<&NetLand<'_>> {
        match self {
            Extent::Plot => None,
            Extent::Largest(land) | Extent::Total(land) => Some(land),
        }
    }
}

/// Planar length of all rings, in metres.
pub fn perimeter(site: &Site<'_>) -> f64 {
    compactness::perimeter(&site.layer.shape(site.row))
}
