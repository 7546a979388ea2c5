//! Of which ground a shape is measured: the candidate as it is, or the largest buildable piece of it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::net::NetLand;
use crate::geometry::footprint::Footprint;
use crate::geometry::scale::Metric;
use crate::geometry::shape::Kind;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;

/// As written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// The candidate's geometry.
    #[default]
    Plot,
    /// The largest piece that the block `buildable` leaves of it.
    Buildable,
}

impl Of {
    pub fn is_plot(&self) -> bool {
        *self == Of::Plot
    }

    pub fn resolve<'v>(self, context: &Context<'_, 'v>) -> Result<Ground<'v>, ResolveError> {
        match self {
            Of::Plot => Ok(Ground::Plot),
            Of::Buildable => Ok(Ground::Buildable(context.net_land()?)),
        }
    }
}

#[derive(Debug)]
pub enum Ground<'v> {
    Plot,
    Buildable(Arc<NetLand<'v>>),
}

impl Ground<'_> {
    /// Reads the ground of a site: `read` gets it with the precision of its border in metres, and returns the reading with its
    /// tolerance. 0 where it returns nothing, and where nothing is left to build on.
    pub fn measure(
        &self,
        site: &Site<'_>,
        metric: Metric,
        read: impl FnOnce(&Footprint<'_>, f64) -> Option<(f64, f64)>,
    ) -> Measured {
        if let Some(reason) = no_surface(site) {
            return Measured::unknown(reason);
        }
        let (found, precision_m) = match self {
            Ground::Plot => {
                let precision_m = site.layer.definition().precision_m;
                (read(&site.footprint(), precision_m), precision_m)
            }
            Ground::Buildable(land) if !land.is_known(site) => return Measured::unknown(Reason::NoData),
            Ground::Buildable(land) => {
                let precision_m = land.precision_m(site);
                (read(&land.of(site, metric).largest(), precision_m), precision_m)
            }
        };
        let (reading, tolerance) = found.unwrap_or((0.0, precision_m));
        Measured { reading: Reading::exact(reading), witness: None, tolerance }
    }

    pub fn net(&self) -> Option<&NetLand<'_>> {
        match self {
            Ground::Plot => None,
            Ground::Buildable(land) => Some(land),
        }
    }
}

/// Why a site has no shape to measure.
pub fn no_surface(site: &Site<'_>) -> Option<Reason> {
    match site.layer.shape(site.row).kind() {
        Kind::Empty => Some(Reason::NoGeometry),
        Kind::Point | Kind::Line => Some(Reason::NoSurface),
        Kind::Polygon => None,
    }
}
