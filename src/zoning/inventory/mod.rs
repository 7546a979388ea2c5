//! A business zone, plot by plot: what is vacant, what could be built on between, what is a brownfield, and what bears on each.
//!
//! It is the inventory that article L318-8-2 of the planning code asks for, every six years. Vacancy is counted in land units,
//! as the law does: those that no taxed business has used for two years at the first of January, and that stayed empty. How long
//! is seldom in the data; what it does not say is unknown, and the rate is then between two figures. Owners are told by kind
//! alone, never by name.
//!
//! In reading order: [`vacancy`], [`table`] (as CSV), [`standard`] (in the columns of the national standard).

pub mod standard;
pub mod table;
pub mod vacancy;

use serde::Serialize;

use crate::atlas::layer::compare_ids;
use crate::atlas::{Layer, View};
use crate::geometry::overlap::{area_m2, intersection};
use crate::layer::catalogue::{nearest, suggestion};
use crate::zoning::{Asked, Check, Plot, PlotError, Rulebook, Terms, check};
use vacancy::{Known, Past};

pub const ZONES: &str = "business-zones";
pub const PLOTS: &str = "business-plots";
/// Layers whose features are brownfields.
const BROWNFIELDS: [&str; 2] = ["brownfields", "cartofriches"];

/// A zone and what its plots add up to.
#[derive(Debug)]
pub struct Inventory<'v> {
    pub zone: &'v Layer,
    pub zone_row: u32,
    pub plots: &'v Layer,
    /// The first of January of this year is the day that counts.
    pub year: i16,
    pub units: Vec<Unit<'v>>,
}

/// A land unit of the zone.
#[derive(Debug)]
pub struct Unit<'v> {
    pub row: u32,
    pub check: Check<'v>,
    pub vacant: Known,
    pub infill: Known,
    pub brownfield: Known,
    /// `layer/id` of the brownfields that it holds a part of.
    pub brownfields: Vec<String>,
}

/// The figures of the law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    pub units: usize,
    pub vacant: usize,
    /// Empty, for how long is not known.
    pub perhaps_vacant: usize,
    /// Vacant units in a hundred, the least and the most that may be.
    pub vacancy_percent: Option<[f64; 2]>,
    pub infill_m2: f64,
    pub brownfields: usize,
    pub brownfield_m2: f64,
}

/// Checks every plot of a zone.
///
/// # Errors
/// There is no such zone, with the nearest; the snapshot has no plots.
pub fn inventory<'v>(zone: &str, year: i16, rulebook: &Rulebook<'v>, terms: &'v Terms) -> Result<Inventory<'v>, PlotError> {
    let view = rulebook.view;
    let (zones, plots) = (layer(view, ZONES)?, layer(view, PLOTS)?);
    let id = zone.strip_prefix("business-zones/").unwrap_or(zone);
    let zone_row = zones.row_of(id).ok_or_else(|| PlotError::Feature {
        layer: ZONES.to_owned(),
        id: id.to_owned(),
        suggestion: suggestion(&nearest(id, zones.rows().map(|row| zones.id(row)))),
    })?;
    let of_zone = plots.values("zone");
    let mut rows: Vec<u32> = plots.rows().filter(|&row| of_zone.and_then(|zones| zones.text(row)) == Some(id)).collect();
    rows.retain(|&row| !plots.bounds(row).is_empty());
    rows.sort_by(|&a, &b| compare_ids(plots.id(a), plots.id(b)));
    let unit = |row: u32| {
        let plot = Plot::of(&Asked::Sites(vec![format!("{PLOTS}/{}", plots.id(row))]), view)?;
        Ok(unit(view, plots, row, year, check(&plot, rulebook, terms)))
    };
    let units = rows.into_iter().map(unit).collect::<Result<_, PlotError>>()?;
    Ok(Inventory { zone: zones, zone_row, plots, year, units })
}

fn layer<'v>(view: View<'v>, id: &str) -> Result<&'v Layer, PlotError> {
    let known = || suggestion(&nearest(id, view.layers().map(|layer| &layer.definition().id)));
    view.layer(id).ok_or_else(|| PlotError::Layer { id: id.to_owned(), suggestion: known() })
}

fn unit<'v>(view: View<'v>, plots: &Layer, row: u32, year: i16, check: Check<'v>) -> Unit<'v> {
    let text = |column: &str| plots.values(column).and_then(|values| values.text(row));
    let pasts = pasts(view, plots, row);
    let brownfields: Vec<String> = pasts.iter().map(|past| past.id.clone()).collect();
    let brownfield = match (text("occupation"), brownfields.is_empty()) {
        (Some("brownfield"), _) | (_, false) => Known::Yes,
        (Some(_), true) => Known::No,
        (None, true) => Known::Unknown,
    };
    Unit {
        row,
        vacant: vacancy::vacant(text("occupation"), &pasts, year),
        infill: vacancy::infill(text("occupation"), text("servicing"), text("use")),
        brownfield,
        brownfields,
        check,
    }
}

/// A brownfield covers at least this part of a plot that it counts for: outlines of several sources never match.
const LEAST_SHARE: f64 = 0.1;

/// The brownfields of which a plot holds a part.
fn pasts(view: View<'_>, plots: &Layer, row: u32) -> Vec<Past> {
    let plot = plots.footprint(row);
    let metric = crate::geometry::scale::Metric::Plane;
    let whole_m2 = metric.area_m2(plot.shape());
    let mut found = Vec::new();
    for layer in BROWNFIELDS.iter().filter_map(|id| view.layer(id)) {
        layer.rows_in(plot.bounds(), |other| {
            let feature = layer.footprint(other);
            let common_m2 = area_m2(&intersection(&plot, &feature), metric);
            let point = feature.vertices().len() == 1 && plot.holds(feature.vertices()[0]);
            if point || common_m2 > LEAST_SHARE * whole_m2 {
                let ended = layer.values("activity-end").and_then(|years| years.number(other));
                found.push(Past {
                    id: format!("{}/{}", layer.definition().id, layer.id(other)),
                    ended: ended.map(|year| year as i16),
                });
            }
        });
    }
    found
}

impl Inventory<'_> {
    pub fn figures(&self) -> Figures {
        let count = |of: &dyn Fn(&Unit<'_>) -> bool| self.units.iter().filter(|unit| of(unit)).count();
        let area = |of: &dyn Fn(&Unit<'_>) -> bool| {
            // The sum of none is -0.
            0.0 + self.units.iter().filter(|unit| of(unit)).map(|unit| unit.check.plot.area_m2).sum::<f64>()
        };
        let (units, vacant) = (self.units.len(), count(&|unit| unit.vacant == Known::Yes));
        let perhaps_vacant = count(&|unit| unit.vacant == Known::Unknown);
        let percent = |part: usize| 100.0 * part as f64 / units as f64;
        Figures {
            units,
            vacant,
            perhaps_vacant,
            vacancy_percent: (units > 0).then(|| [percent(vacant), percent(vacant + perhaps_vacant)]),
            infill_m2: area(&|unit| unit.infill == Known::Yes),
            brownfields: count(&|unit| unit.brownfield == Known::Yes),
            brownfield_m2: area(&|unit| unit.brownfield == Known::Yes),
        }
    }
}
