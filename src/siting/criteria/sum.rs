//! `sum`: what a column of a layer, or of a table joined to it, adds up to within a radius or in the candidate's area.

use std::sync::{Arc, OnceLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::{Around, At, Disc, numbers};
use super::table::{Absent, Joined, Joining};
use super::targets::Layers;
use super::totals::{Part, Totals};
use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::geometry::units::Unit;
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Sum of a number over the features no farther than the radius from the candidate's edge, or over those of the area that holds
/// it. Where some of them do not know theirs, the sum of the others is a lower bound and judged as one.
///
/// With `table` and `key`, the number of a feature is what the table's rows with its id as their code add up to, and `where`
/// filters those rows. An empty cell in such a row makes a lower bound. A feature without any row has 0 of what is counted where
/// the table names other features of its territory, unless `absent: unknown` says that whole rows are kept back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    pub of: Layers,
    /// A table whose rows name the features by their ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The table's column of ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// A number column of the layer, or of the table.
    pub field: String,
    /// A second column of ids in the table: only rows in which it names another feature than the key does, such as commuters who
    /// live elsewhere than they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    #[serde(default, skip_serializing_if = "Absent::is_zero")]
    pub absent: Absent,
    /// Such as `20 km`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<String>,
    /// In place of the radius, a layer of areas such as `epci`.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    #[serde(default, skip_serializing_if = "At::is_edge")]
    pub at: At,
    /// Only features, or rows of the table, for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

#[derive(Debug)]
pub struct Summed<'v> {
    around: Disc<'v>,
    numbers: Numbers<'v>,
    unit: Option<Unit>,
    /// Whether a number below zero occurs: then a sum with a part missing bounds nothing. Asked only when one is missing.
    some_negative: OnceLock<bool>,
}

/// Where the numbers stand.
#[derive(Debug)]
enum Numbers<'v> {
    /// In a column of each target; `None` where the snapshot holds no cell of it. And their running totals, made when the first
    /// site is measured.
    Columns(Vec<Option<&'v Values>>, OnceLock<Vec<Option<Totals>>>),
    Table(&'v Layer, Arc<Joined>, Absent),
}

impl Sum {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Summed<'v>, ResolveError> {
        let (radius, area) = (self.radius.as_deref(), self.area.as_deref());
        let around = Around { of: &self.of, radius, area, at: &self.at, filter: None };
        match (&self.table, &self.key) {
            (Some(table), Some(key)) => {
                let around = around.resolve(context)?;
                let (filter, elsewhere) = (self.filter.as_deref(), self.elsewhere.as_deref());
                let joining = Joining { table, key, field: &self.field, filter, elsewhere };
                let (table, joined) = joining.resolve(context, around.only_layer(context)?)?;
                let unit = table.definition().column(&self.field).and_then(|column| column.unit);
                Ok(Summed { around, numbers: Numbers::Table(table, joined, self.absent), unit, some_negative: OnceLock::new() })
            }
            (None, None) if self.absent.is_zero() && self.elsewhere.is_none() => {
                self.of_columns(context, Around { filter: self.filter.as_deref(), ..around }.resolve(context)?)
            }
            _ => Err(ResolveError::Join { place: context.place() }),
        }
    }

    fn of_columns<'v>(&self, context: &Context<'_, 'v>, around: Disc<'v>) -> Result<Summed<'v>, ResolveError> {
        let layers = || around.targets().iter().map(|(_, target)| target.layer);
        let fields = layers().map(|layer| numbers(context, layer, &self.field)).collect::<Result<Vec<_>, _>>()?;
        let units: Vec<Option<Unit>> = layers().map(|layer| layer.definition().column(&self.field)?.unit).collect();
        if let Some(odd) = units.iter().position(|unit| *unit != units[0]) {
            let ids: Vec<String> = layers().map(|layer| layer.definition().id.clone()).collect();
            let layers = [ids[0].clone(), ids[odd].clone()];
            return Err(ResolveError::Types { place: context.place(), column: self.field.clone(), layers });
        }
        let unit = units.first().copied().flatten();
        Ok(Summed { around, numbers: Numbers::Columns(fields, OnceLock::new()), unit, some_negative: OnceLock::new() })
    }
}

impl<'v> Summed<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        if let Some(reason) = self.around.why_unknown(site) {
            return Measured::unknown(reason);
        }
        let (sum, unknown) = match &self.numbers {
            Numbers::Columns(columns, totals) => {
                let totals = totals.get_or_init(|| columns.iter().map(|column| column.map(Totals::of)).collect());
                self.of_columns(totals, site, metric)
            }
            Numbers::Table(_, joined, absent) => self.of_table(joined, *absent, site, metric),
        };
        let sum = self.unit.map_or(sum, |unit| unit.to_base(sum));
        match unknown {
            0 => Measured::plain(Reading::exact(sum)),
            _ if self.some_negative() => Measured::unknown(Reason::MissingPart),
            _ => Measured::plain(Reading::at_least(sum)),
        }
    }

    /// The sum of what is known, in the column's unit, and how many features do not know theirs.
    fn of_columns(&self, totals: &[Option<Totals>], site: &Site<'_>, metric: Metric) -> (f64, u32) {
        let (mut sum, mut unknown) = (0.0, 0);
        let mut close = |target: u16, part: Part| {
            sum += totals[usize::from(target)].as_ref().map_or(0.0, |totals| totals.number(part));
            unknown += part.unknown;
        };
        let (mut current, mut part) = (0, Part::default());
        self.around.visit(site, metric, |target, rows| {
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

    /// The same of a table, by feature.
    fn of_table(&self, joined: &Joined, absent: Absent, site: &Site<'_>, metric: Metric) -> (f64, u32) {
        let (mut sum, mut unknown) = (0.0, 0);
        self.around.visit(site, metric, |_, rows| {
            for row in rows {
                let (number, whole) = joined.of(row, absent).unwrap_or((0.0, false));
                sum += number;
                unknown += u32::from(!whole);
            }
        });
        (sum, unknown)
    }

    fn some_negative(&self) -> bool {
        *self.some_negative.get_or_init(|| self.numbers.some_negative())
    }

    pub fn scale(&self) -> Scale {
        Scale::Number(self.unit)
    }

    pub fn around(&self) -> &Disc<'v> {
        &self.around
    }

    pub fn layers(&self) -> Vec<&'v Layer> {
        let mut layers = self.around.layers();
        if let Numbers::Table(table, ..) = self.numbers {
            layers.push(table);
        }
        layers
    }

    /// Rows of the table whose code is that of no feature; `None` without a table.
    pub fn not_mapped(&self) -> Option<u64> {
        match &self.numbers {
            Numbers::Table(_, joined, _) => Some(joined.not_mapped),
            Numbers::Columns(..) => None,
        }
    }
}

impl Numbers<'_> {
    fn some_negative(&self) -> bool {
        let negative = |values: &&Values| (0..values.len() as u32).any(|row| values.number(row).is_some_and(|n| n < 0.0));
        match self {
            Numbers::Columns(columns, _) => columns.iter().flatten().any(negative),
            Numbers::Table(_, joined, _) => joined.some_negative,
        }
    }
}
