//! What can be measured of a candidate: one file a kind, one variant in each of the two enums.
//!
//! [`Kind`] is what a specification says; [`Measure`] is the same with its layers, filters and lengths found, and cannot fail.
//! A measure knows no threshold, no weight and no value function.

pub mod area;
pub mod areas;
pub mod attribute;
pub mod availability;
pub mod catchment;
pub mod clearance;
pub mod compactness;
pub mod count;
pub mod delay;
pub mod ground;
pub mod inscribed_circle;
pub mod layer;
pub mod lead;
pub mod net;
pub mod overlap;
pub mod pieces;
pub mod proximity;
pub mod radius;
pub mod rectangle;
pub mod specificity;
pub mod sum;
pub mod table;
pub mod targets;
pub mod totals;
mod uses;
pub mod width;
pub mod zoning;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;
use ground::Ground;
use net::NetLand;

/// A kind of criterion, as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    Attribute(attribute::Attribute),
    Area(area::Area),
    InscribedCircle(inscribed_circle::InscribedCircle),
    Width(width::Width),
    Rectangle(rectangle::Rectangle),
    Compactness(compactness::Compactness),
    Proximity(proximity::Proximity),
    Clearance(clearance::Clearance),
    Overlap(overlap::Overlap),
    Count(count::Count),
    Sum(sum::Sum),
    Availability(availability::Availability),
    Layer(layer::Origin),
    Zoning(zoning::Zoning),
    Specificity(specificity::Specificity),
    Catchment(catchment::Catchment),
}

impl Kind {
    pub const NAMES: [&str; 16] = [
        "attribute",
        "area",
        "inscribed-circle",
        "width",
        "rectangle",
        "compactness",
        "proximity",
        "clearance",
        "overlap",
        "count",
        "sum",
        "availability",
        "layer",
        "zoning",
        "specificity",
        "catchment",
    ];

    pub fn name(&self) -> &'static str {
        match self {
            Kind::Attribute(_) => "attribute",
            Kind::Area(_) => "area",
            Kind::InscribedCircle(_) => "inscribed-circle",
            Kind::Width(_) => "width",
            Kind::Rectangle(_) => "rectangle",
            Kind::Compactness(_) => "compactness",
            Kind::Proximity(_) => "proximity",
            Kind::Clearance(_) => "clearance",
            Kind::Overlap(_) => "overlap",
            Kind::Count(_) => "count",
            Kind::Sum(_) => "sum",
            Kind::Availability(_) => "availability",
            Kind::Layer(_) => "layer",
            Kind::Zoning(_) => "zoning",
            Kind::Specificity(_) => "specificity",
            Kind::Catchment(_) => "catchment",
        }
    }

    /// All that the measure depends on besides the site, in one normal writing: the same for a proximity and a clearance, which
    /// measure one distance.
    pub fn definition(&self, in_m2: bool) -> String {
        let written = match self {
            Kind::Clearance(clearance) => serde_json::to_string(&Kind::Proximity(clearance.as_proximity())),
            _ => serde_json::to_string(self),
        };
        // Texts, numbers and maps with text keys: always JSON.
        let unit = if in_m2 && matches!(self, Kind::Overlap(_)) { " in m2" } else { "" };
        written.unwrap_or_default() + unit
    }

    /// Finds what is written among the layers that the caller may see.
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Measure<'v>, ResolveError> {
        Ok(match self {
            Kind::Attribute(written) => Measure::Attribute(written.resolve(context)?),
            Kind::Area(written) => Measure::Area(written.resolve(context)?),
            Kind::InscribedCircle(written) => Measure::InscribedCircle(written.of.resolve(context)?),
            Kind::Width(written) => Measure::Width(written.of.resolve(context)?),
            Kind::Rectangle(written) => Measure::Rectangle(written.resolve(context)?),
            Kind::Compactness(written) => Measure::Compactness(written.of.resolve(context)?),
            Kind::Proximity(written) => Measure::Nearest(written.resolve(context)?),
            Kind::Clearance(written) => Measure::Nearest(written.resolve(context)?),
            Kind::Overlap(written) => Measure::Overlap(written.resolve(context)?),
            Kind::Count(written) => Measure::Count(written.resolve(context)?),
            Kind::Sum(written) => Measure::Sum(written.resolve(context)?),
            Kind::Availability(written) => Measure::Availability(written.resolve(context)?),
            Kind::Layer(_) => Measure::Layer(layer::Origin::resolve(context)),
            Kind::Zoning(written) => Measure::Zoning(written.resolve(context)?),
            Kind::Specificity(written) => Measure::Specificity(written.resolve(context)?),
            Kind::Catchment(written) => Measure::Catchment(written.resolve(context)?),
        })
    }

    /// Whether a word may stand among the readings.
    ///
    /// # Errors
    /// A slip, with the nearest word.
    pub fn check_word(&self, context: &Context<'_, '_>, word: &str) -> Result<(), ResolveError> {
        match self {
            Kind::Attribute(written) => written.check_word(context, word),
            Kind::Layer(_) => layer::Origin::check_word(context, word),
            _ => Ok(()),
        }
    }
}

/// A measure of sites.
#[derive(Debug)]
pub enum Measure<'v> {
    Attribute(attribute::Cells<'v>),
    Area(area::Extent<'v>),
    InscribedCircle(Ground<'v>),
    Width(Ground<'v>),
    Rectangle(rectangle::Hall<'v>),
    Compactness(Ground<'v>),
    /// Proximity and clearance measure the same distance: they differ in what is asked of it.
    Nearest(proximity::Search<'v>),
    Overlap(overlap::Covered<'v>),
    Count(count::Counted<'v>),
    Sum(sum::Summed<'v>),
    Availability(availability::Waits<'v>),
    Layer(layer::Origins<'v>),
    Zoning(zoning::Zoned<'v>),
    Specificity(specificity::Quotient<'v>),
    Catchment(catchment::Pool<'v>),
}

impl<'v> Measure<'v> {
    /// Measures one site. `reach_m` is how far a search for the nearest need look: a feature beyond it reads as "beyond".
    pub fn of(&self, site: &Site<'v>, metric: Metric, reach_m: f64) -> Measured {
        match self {
            Measure::Attribute(cells) => cells.of(site),
            Measure::Area(extent) => extent.of(site, metric),
            Measure::InscribedCircle(ground) => inscribed_circle::of(ground, site, metric),
            Measure::Width(ground) => width::of(ground, site, metric),
            Measure::Rectangle(hall) => hall.of(site, metric),
            Measure::Compactness(ground) => compactness::of(ground, site, metric),
            Measure::Nearest(search) => search.of(site, metric, reach_m),
            Measure::Overlap(covered) => covered.of(site, metric),
            Measure::Count(counted) => counted.of(site, metric),
            Measure::Sum(summed) => summed.of(site, metric),
            Measure::Availability(waits) => waits.of(site, metric),
            Measure::Layer(origins) => origins.of(site),
            Measure::Zoning(zoned) => zoned.of(site, metric),
            Measure::Specificity(quotient) => quotient.of(site, metric),
            Measure::Catchment(pool) => pool.of(site, metric),
        }
    }

    /// Whether it looks for the nearest, and may stop before it finds any.
    pub fn is_search(&self) -> bool {
        matches!(self, Measure::Nearest(_))
    }

    /// Whether reading it again is as cheap as keeping it.
    pub fn is_plain(&self) -> bool {
        match self {
            Measure::Attribute(cells) => cells.layers().is_empty(),
            Measure::Layer(_) => true,
            _ => false,
        }
    }

    /// What the places of its words mean.
    pub fn words(&self) -> &[&'v str] {
        match self {
            Measure::Attribute(cells) => cells.words(),
            Measure::Layer(origins) => origins.words(),
            _ => &[],
        }
    }

    /// What its readings are, hence how thresholds on it are written.
    pub fn scale(&self) -> Scale {
        match self {
            Measure::Attribute(cells) => cells.scale(),
            Measure::Area(_) => Scale::area(),
            Measure::InscribedCircle(_) | Measure::Width(_) | Measure::Rectangle(_) => Scale::length(),
            Measure::Compactness(_) => Scale::Number(None),
            Measure::Nearest(_) => Scale::length(),
            Measure::Overlap(covered) => covered.scale(),
            Measure::Count(_) => Scale::Number(None),
            Measure::Sum(summed) => summed.scale(),
            Measure::Availability(waits) => waits.scale(),
            Measure::Layer(_) => Scale::Words,
            Measure::Zoning(zoned) => zoned.scale(),
            Measure::Specificity(quotient) => quotient.scale(),
            Measure::Catchment(pool) => pool.scale(),
        }
    }

    /// The buildable ground that it is measured of.
    pub fn net(&self) -> Option<&NetLand<'_>> {
        match self {
            Measure::Area(extent) => extent.net(),
            Measure::InscribedCircle(ground) | Measure::Width(ground) | Measure::Compactness(ground) => ground.net(),
            Measure::Rectangle(hall) => hall.ground.net(),
            _ => None,
        }
    }

    /// The layers it is measured against. A witness names its own by its place here.
    pub fn layers(&self) -> Vec<&'v Layer> {
        match self {
            Measure::Area(_)
            | Measure::InscribedCircle(_)
            | Measure::Width(_)
            | Measure::Rectangle(_)
            | Measure::Compactness(_)
            | Measure::Layer(_) => Vec::new(),
            Measure::Attribute(cells) => cells.layers(),
            Measure::Nearest(search) => search.targets().layers().into_iter().chain(search.network()).collect(),
            Measure::Overlap(covered) => covered.targets().layers(),
            Measure::Count(counted) => counted.around().layers(),
            Measure::Sum(summed) => summed.layers(),
            Measure::Availability(waits) => waits.layers(),
            Measure::Zoning(zoned) => zoned.layers(),
            Measure::Specificity(quotient) => quotient.layers(),
            Measure::Catchment(pool) => pool.layers(),
        }
    }

    /// Of a table joined by code: rows that count but whose code is that of no feature.
    pub fn not_mapped(&self) -> Option<u64> {
        match self {
            Measure::Sum(summed) => summed.not_mapped(),
            Measure::Specificity(quotient) => Some(quotient.not_mapped()),
            Measure::Catchment(pool) => Some(pool.not_mapped()),
            _ => None,
        }
    }

    /// About what one site costs, in nanoseconds. An estimate from the data alone, so that the order of evaluation, which the
    /// counts of removed sites depend on, is the same on every machine.
    pub fn cost(&self, sample: &[Site<'v>], metric: Metric) -> f64 {
        match self {
            Measure::Area(extent) => 300.0 + net_cost(extent.net()),
            Measure::InscribedCircle(ground) => 30_000.0 + net_cost(ground.net()),
            Measure::Width(ground) => 2_000.0 + net_cost(ground.net()),
            Measure::Rectangle(hall) => 3_000_000.0 + net_cost(hall.ground.net()),
            Measure::Compactness(ground) => 400.0 + net_cost(ground.net()),
            Measure::Layer(_) => 30.0,
            Measure::Attribute(cells) => 30.0 + 2_000.0 * cells.layers().len() as f64,
            Measure::Nearest(search) => search.cost(),
            Measure::Overlap(covered) => 4_000.0 * covered.targets().roughness(),
            Measure::Count(counted) => counted.around().cost(sample, metric),
            Measure::Sum(summed) => summed.around().cost(sample, metric),
            Measure::Availability(waits) => waits.cost(),
            Measure::Zoning(zoned) => zoned.cost(),
            Measure::Specificity(quotient) => quotient.around().cost(sample, metric),
            Measure::Catchment(pool) => pool.cost(),
        }
    }
}

/// What the ground costs, in nanoseconds, though the second to ask finds it made.
fn net_cost(net: Option<&NetLand<'_>>) -> f64 {
    if net.is_some() { 500_000.0 } else { 0.0 }
}
