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

/// The reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// All rows of the table: the location quotient (e_ij / e_j) / (e_i / e).
    #[default]
    Whole,
    /// All rows but those around the candidate: the "indice de spécificité" of the Observatoire des territoires,
    /// (e_ij / e_j) / ((e_i − e_ij) / (e − e_j)).
    Rest,
}

/// Below this many jobs of the sector a quotient is shown with care.
const FEW: f64 = 20.0;

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
        match quotient([own, own_all], [self.sector.total, self.all.total], self.against) {
            None => Measured::unknown(Reason::NoTotal),
            Some(quotient) => Measured {
                reading: Reading::exact(quotient),
                witness: None,
                tolerance: tolerance(quotient, own, own_all, [self.sector.total, self.all.total]),
            },
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

/// Of the sector and of all, around the candidate and in the whole table; `None` where a share has nothing to be a share of.
fn quotient([own, own_all]: [f64; 2], [sector, all]: [f64; 2], against: Against) -> Option<f64> {
    let (sector, all) = match against {
        Against::Whole => (sector, all),
        Against::Rest => (sector - own, all - own_all),
    };
    let defined = own_all > 0.0 && all > 0.0 && sector > 0.0;
    defined.then(|| (own / own_all) / (sector / all))
}

/// The 95 % factor of a Poisson count, for few jobs; of none at all, what one job would make.
fn tolerance(quotient: f64, own: f64, own_all: f64, [sector, all]: [f64; 2]) -> f64 {
    match own {
        own if own >= FEW => 0.0,
        own if own > 0.0 => quotient * ((1.96 / own.sqrt()).exp() - 1.0),
        _ => (1.0 / own_all) / (sector / all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the manual of REAT::locq (R); the second by hand.
    #[test]
    fn both_definitions_on_the_published_example() {
        let of = |against| quotient([1_714.0, 79_006.0], [879_213.0, 15_593_224.0], against).unwrap();
        assert!((of(Against::Whole) - 0.384_762_3).abs() < 5e-8, "{}", of(Against::Whole));
        assert!((of(Against::Rest) - 0.383_560_6).abs() < 5e-8, "{}", of(Against::Rest));
        assert_eq!(quotient([0.0, 0.0], [5.0, 9.0], Against::Whole), None);
        assert_eq!(quotient([5.0, 6.0], [5.0, 9.0], Against::Rest), None, "nobody else works in it");
    }

    #[test]
    fn few_jobs_are_unsure() {
        let factor = |jobs: f64| 1.0 + tolerance(1.0, jobs, 100.0, [1.0, 1.0]);
        assert!((factor(5.0) - 2.4).abs() < 0.01, "{}", factor(5.0));
        assert!((factor(19.99) - 1.55).abs() < 0.01, "{}", factor(19.99));
        assert_eq!(factor(20.0), 1.0);
        assert!((tolerance(0.0, 0.0, 50.0, [10.0, 100.0]) - 0.2).abs() < 1e-12);
    }
}
