//! `specificity`: how much more of a sector there is around the candidate than elsewhere (location quotient).

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::{Around, At, Disc};
use super::table::{Absent, Joined, Joining};
use super::targets::Layers;
use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;
use crate::territory::specificity::quotient::{Against, Part, expected, quotient};
use crate::territory::specificity::reliability::{FEW, interval};

/// Share of a sector in the features around the candidate, divided by its share in the reference: 1 is as elsewhere, 2 twice as
/// much. A sector that has few jobs around is unsure: under 20 the quotient may be off by the factor exp(1.96/√jobs), in either
/// direction, and a requirement that this may turn is borderline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Specificity {
    /// The layer whose features the table names, such as `communes`.
    pub of: Layers,
    /// A table of numbers by feature and sector, such as `establishments`.
    pub table: String,
    /// Its column of codes, which are ids of the features.
    pub key: String,
    /// Its column of numbers, such as `employees`.
    pub field: String,
    /// The rows of the sector, as a filter (CQL2 text): `division = '10'`.
    pub sector: String,
    /// Features of the area of this layer that holds the candidate, such as `epci`.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Or features no farther than this, such as `20 km`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<String>,
    #[serde(default, skip_serializing_if = "At::is_edge")]
    pub at: At,
    #[serde(default)]
    pub against: Against,
}

#[derive(Debug)]
pub struct Quotient<'v> {
    around: Disc<'v>,
    table: &'v Layer,
    all: Arc<Joined>,
    sector: Arc<Joined>,
    against: Against,
}

impl Specificity {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Quotient<'v>, ResolveError> {
        let around =
            Around { of: &self.of, radius: self.radius.as_deref(), area: self.area.as_deref(), at: &self.at, filter: None };
        let around = around.resolve(context)?;
        let features = around.only_layer(context)?;
        let joining = |filter| Joining { table: &self.table, key: &self.key, field: &self.field, filter, elsewhere: None };
        let (table, all) = joining(None).resolve(context, features)?;
        let (_, sector) = joining(Some(&self.sector)).resolve(context, features)?;
        Ok(Quotient { around, table, all, sector, against: self.against })
    }
}

impl<'v> Quotient<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        if let Some(reason) = self.around.why_unknown(site) {
            return Measured::unknown(reason);
        }
        let (mut own, mut own_all, mut complete) = (0.0, 0.0, true);
        self.around.visit(site, metric, |_, rows| {
            for row in rows {
                // A ratio with a part missing above or below bounds nothing.
                match (self.sector.of(row, Absent::Zero), self.all.of(row, Absent::Zero)) {
                    (Some((sector, true)), Some((all, true))) => (own, own_all) = (own + sector, own_all + all),
                    _ => complete = false,
                }
            }
        });
        if !complete {
            return Measured::unknown(Reason::MissingPart);
        }
        let own = Part { of_it: own, of_all: own_all };
        let there = self.against.reference(own, Part { of_it: self.sector.total, of_all: self.all.total });
        match quotient(own, there) {
            None => Measured::unknown(Reason::NoTotal),
            Some(quotient) => {
                Measured { reading: Reading::exact(quotient), witness: None, tolerance: tolerance(quotient, own, there) }
            }
        }
    }

    pub fn scale(&self) -> Scale {
        Scale::Number(None)
    }

    pub fn layers(&self) -> Vec<&'v Layer> {
        self.around.layers().into_iter().chain([self.table]).collect()
    }

    /// Rows of the table whose code is that of no feature.
    pub fn not_mapped(&self) -> u64 {
        self.all.not_mapped
    }

    pub fn around(&self) -> &Disc<'v> {
        &self.around
    }
}

/// How far few jobs may move a quotient.
fn tolerance(quotient: f64, own: Part, there: Part) -> f64 {
    match expected(own, there) {
        Some(expected) if own.of_it < FEW => interval(quotient, own.of_it, expected).high - quotient,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_jobs_are_unsure() {
        let part = |of_it: f64, of_all: f64| Part { of_it, of_all };
        let factor = |jobs: f64| 1.0 + tolerance(1.0, part(jobs, 100.0), part(1.0, 1.0));
        assert!((factor(5.0) - 2.4).abs() < 0.01, "{}", factor(5.0));
        assert!((factor(19.99) - 1.55).abs() < 0.01, "{}", factor(19.99));
        assert_eq!(factor(20.0), 1.0);
        // Five were expected: of none found, up to three may have been missed.
        assert!((tolerance(0.0, part(0.0, 50.0), part(10.0, 100.0)) - 0.6).abs() < 1e-12);
    }
}
