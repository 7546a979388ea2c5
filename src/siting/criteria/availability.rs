//! `availability`: the earliest date at which the candidate can be built on.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::{Delay, Delays};
use super::lead::{Lead, Leads, Span};
use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::layer::value::{Value, Values};
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::{ResolveError, ScaleError};
use crate::siting::scale::{NEVER_DAYS, Scale, days};

/// The date of the request plus the months that the land still takes, by what its inventory says in these columns: `stage` (of
/// sale) plus `servicing`, or `turnkey` in its place; for brownfields `status`. Sold is never; a stage that nobody wrote down
/// is unknown. The stages and their order are those of the national standards; the months are published figures or defaults,
/// which `months` replaces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// The date of the request, such as `2026-11-22`: written, so that one specification has one answer.
    pub asked: String,
    /// Months in place of the defaults, by the words of the inventories: `{ not serviced: 30, reserved: never }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<String, Lead>,
    /// What takes months more near certain features, such as an assessment near Natura 2000. Several add up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<Delay>,
}

#[derive(Debug)]
pub struct Waits<'v> {
    asked: Date,
    leads: Leads,
    sources: Vec<Source<'v>>,
    delays: Delays<'v>,
}

/// The columns of a candidate layer.
#[derive(Debug)]
struct Source<'v> {
    layer: &'v Layer,
    stage: Option<&'v Values>,
    servicing: Option<&'v Values>,
    turnkey: Option<&'v Values>,
    status: Option<&'v Values>,
}

impl Availability {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Waits<'v>, ResolveError> {
        let asked = self.asked.trim().parse();
        let asked: Date = asked.map_err(|_| context.scale("asked", ScaleError::Date(self.asked.clone())))?;
        let source = |&layer: &&'v Layer| {
            let [stage, servicing, turnkey, status] =
                ["stage", "servicing", "turnkey", "status"].map(|column| layer.values(column));
            Source { layer, stage, servicing, turnkey, status }
        };
        let sources: Vec<Source<'v>> = context.candidates.iter().map(source).collect();
        if !sources.iter().any(|source| source.says_stage() || source.status.is_some()) {
            return Err(ResolveError::NoStage { place: context.place(), layers: context.candidate_ids() });
        }
        let leads = Leads::new(context, &self.months)?;
        Ok(Waits { asked, leads, sources, delays: Delays::resolve(context, &self.delays)? })
    }
}

impl<'v> Waits<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        let source = self.sources.iter().find(|source| std::ptr::eq(source.layer, site.layer));
        let wait = source.map_or(Err(Reason::NoColumn), |source| source.wait(&self.leads, site.row));
        let wait = match wait {
            Ok(wait) if wait.is_never() => return Measured::plain(Reading::exact(NEVER_DAYS)),
            Ok(_) if site.layer.shape(site.row).is_empty() && !self.delays.is_empty() => Err(Reason::NoGeometry),
            other => other,
        };
        match wait {
            Err(reason) => Measured::unknown(reason),
            Ok(wait) => {
                let delayed = self.delays.of(site, metric);
                let wait = wait.plus(delayed.span);
                let high = if wait.high == f64::INFINITY { f64::INFINITY } else { self.day(wait.high) };
                let reading = Reading::Number { low: self.day(wait.low), high };
                // In days, as the reading is.
                let tolerance = delayed.unsure_months * DAYS_A_MONTH;
                Measured { reading, witness: delayed.witness, tolerance }
            }
        }
    }

    /// So many calendar months after the request, in days since 1970.
    fn day(&self, months: f64) -> f64 {
        self.asked.checked_add((months as i64).months()).map_or(NEVER_DAYS, days)
    }

    pub fn scale(&self) -> Scale {
        Scale::Date
    }

    /// The layers that delay, as witnesses number them.
    pub fn layers(&self) -> Vec<&'v Layer> {
        self.delays.layers().collect()
    }

    pub fn cost(&self) -> f64 {
        100.0 + self.delays.cost()
    }
}

const DAYS_A_MONTH: f64 = 365.2425 / 12.0;

impl Source<'_> {
    fn says_stage(&self) -> bool {
        self.stage.is_some() || self.servicing.is_some()
    }

    fn wait(&self, leads: &Leads, row: u32) -> Result<Span, Reason> {
        match self.status {
            _ if self.says_stage() => {
                let (sale, readiness) = (word(leads, self.stage, row), self.readiness(leads, row));
                // What cannot be had at any stage needs no other word.
                let never = [sale, readiness].into_iter().flatten().find(|span| span.is_never());
                never.map_or_else(|| Ok(sale?.plus(readiness?)), Ok)
            }
            Some(_) => word(leads, self.status, row),
            None => Err(Reason::NoColumn),
        }
    }

    /// The label or the stage of servicing; between the two where nobody wrote down whether the plot has the label.
    fn readiness(&self, leads: &Leads, row: u32) -> Result<Span, Reason> {
        let serviced = word(leads, self.servicing, row);
        let turnkey = leads.span("turnkey").ok_or(Reason::EmptyCell);
        match (self.turnkey.map(|values| values.get(row)), serviced) {
            (_, Ok(serviced)) if serviced.is_never() => Ok(serviced),
            (Some(Value::Boolean(true)), _) => turnkey,
            (Some(Value::Unknown), Ok(serviced)) => Ok(Span { low: turnkey?.low.min(serviced.low), ..serviced }),
            (_, serviced) => serviced,
        }
    }
}

/// What the word in a cell means.
fn word(leads: &Leads, values: Option<&Values>, row: u32) -> Result<Span, Reason> {
    let values = values.ok_or(Reason::NoColumn)?;
    leads.span(values.text(row).ok_or(Reason::EmptyCell)?).ok_or(Reason::UnsureStage)
}
