//! `area`: how large the candidate is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Area of the candidate's geometry, whatever its attributes say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {}

use crate::geometry::scale::Metric;
use crate::geometry::shape::Kind;
use crate::siting::measure::{Measured, Reading, Reason, Site};

/// The area, in m². A boundary that is off by the source's precision all around moves it by perimeter times precision.
pub fn of(site: &Site<'_>, metric: Metric) -> Measured {
    let shape = site.layer.shape(site.row);
    match shape.kind() {
        Kind::Empty => Measured::unknown(Reason::NoGeometry),
        Kind::Point | Kind::Line => Measured::unknown(Reason::NoSurface),
        Kind::Polygon => Measured {
            reading: Reading::exact(metric.area_m2(&shape)),
            witness: None,
            tolerance: perimeter(site) * site.layer.definition().precision_m,
        },
    }
}

/// Planar length of all rings, in metres.
pub fn perimeter(site: &Site<'_>) -> f64 {
    // Squares of metres neither overflow nor vanish: no need of the slower `hypot`.
    let length = |edge: &[[f64; 2]]| ((edge[1][0] - edge[0][0]).powi(2) + (edge[1][1] - edge[0][1]).powi(2)).sqrt();
    site.layer.shape(site.row).rings().flat_map(|ring| ring.windows(2)).map(length).sum()
}
