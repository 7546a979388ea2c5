//! `sum`: what a column of a layer adds up to within a radius.

use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::{Around, At, Disc, numbers};
use super::targets::Layers;
use super::totals::{Part, Totals};
use crate::geometry::scale::Metric;
use crate::geometry::units::Unit;
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Sum of a number over the features no farther than the radius from the candidate's edge. Where some of them do not know
/// theirs, the sum of the others is a lower bound and judged as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    pub of: Layers,
    /// A number column of the layer.
    pub field: String,
    /// Such as `20 km`.
    pub radius: String,
    #[serde(default, skip_serializing_if = "At::is_edge")]
    pub at: At,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

#[derive(Debug)]
pub struct Summed<'v> {
    disc: Disc<'v>,
    /// The column of each target; `None` where the snapshot holds no cell of it.
    fields: Vec<Option<&'v Values>>,
    /// Their running totals, made when the first site is measured.
    totals: OnceLock<Vec<Option<Totals>>>,
    unit: Option<Unit>,
    /// Whether a number below zero occurs: then a sum with a part missing bounds nothing. Asked only when one is missing.
    some_negative: OnceLock<bool>,
}

impl Sum {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Summed<'v>, ResolveError> {
        let around = Around { of: &self.of, radius: &self.radius, at: &self.at, filter: self.filter.as_deref() };
        let disc = around.resolve(context)?;
        let layers = || disc.targets().iter().map(|(_, target)| target.layer);
        let fields = layers().map(|layer| numbers(context, layer, &self.field)).collect::<Result<Vec<_>, _>>()?;
        let units: Vec<Option<Unit>> = layers().map(|layer| layer.definition().column(&self.field)?.unit).collect();
        if let Some(odd) = units.iter().position(|unit| *unit != units[0]) {
            let ids: Vec<String> = layers().map(|layer| layer.definition().id.clone()).collect();
            let layers = [ids[0].clone(), ids[odd].clone()];
            return Err(ResolveError::Types { place: context.place(), column: self.field.clone(), layers });
        }
        let unit = units.first().copied().flatten();
        Ok(Summed { disc, fields, totals: OnceLock::new(), unit, some_negative: OnceLock::new() })
    }
}

impl<'v> Summed<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        if site.layer.shape(site.row).is_empty() {
            return Measured::unknown(Reason::NoGeometry);
        }
        if !self.disc.targets().cover(site) {
            return Measured::unknown(Reason::NoData);
        }
        let (sum, unknown) = self.add_up(site, metric);
        let sum = self.unit.map_or(sum, |unit| unit.to_base(sum));
        match unknown {
            0 => Measured::plain(Reading::exact(sum)),
            _ if self.some_negative() => Measured::unknown(Reason::MissingPart),
            _ => Measured::plain(Reading::at_least(sum)),
        }
    }

    /// The sum of what is known, in the column's unit, and how many features do not know theirs.
    fn add_up(&self, site: &Site<'_>, metric: Metric) -> (f64, u32) {
        let totals = self.totals.get_or_init(|| self.fields.iter().map(|field| field.map(Totals::of)).collect());
        let (mut sum, mut unknown) = (0.0, 0);
        let mut close = |target: u16, part: Part| {
            sum += totals[usize::from(target)].as_ref().map_or(0.0, |totals| totals.number(part));
            unknown += part.unknown;
        };
        let (mut current, mut part) = (0, Part::default());
        self.disc.visit(site, metric, |target, rows| {
            if target != current {
                close(std::mem::replace(&mut current, target), std::mem::take(&mut part));
            }
            match &totals[usize::from(target)] {
                Some(totals) => totals.add(rows, &mut part),
                None => part.unknown += rows.len() as u32,
            }
        });
        close(current, part);
        (sum, unknown)
    }

    fn some_negative(&self) -> bool {
        let negative = |values: &&Values| (0..values.len() as u32).any(|row| values.number(row).is_some_and(|n| n < 0.0));
        *self.some_negative.get_or_init(|| self.fields.iter().flatten().any(negative))
    }

    pub fn scale(&self) -> Scale {
        Scale::Number(self.unit)
    }

    pub fn disc(&self) -> &Disc<'v> {
        &self.disc
    }
}
