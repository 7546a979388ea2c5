//! `count`: how many features of a layer are within a radius, or in the candidate's area.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::{Around, At, Disc};
use super::targets::Layers;
use crate::geometry::scale::Metric;
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Site};
use crate::siting::resolve::ResolveError;

/// Number of features no farther than the radius from the candidate's edge, or of those whose representative point lies in the
/// area that holds the candidate's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    pub of: Layers,
    /// Such as `5 km`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<String>,
    /// In place of the radius, a layer of areas such as `epci`.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    #[serde(default, skip_serializing_if = "At::is_edge")]
    pub at: At,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// A text column: features that say the same in it count once. One that leaves it empty may be new or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<String>,
}

/// What is counted.
#[derive(Debug)]
pub struct Counted<'v> {
    around: Disc<'v>,
    /// The column of each target by which features are one; `None` where the snapshot holds no cell of it.
    distinct: Option<Vec<Option<&'v Values>>>,
}

impl Count {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Counted<'v>, ResolveError> {
        let (radius, area) = (self.radius.as_deref(), self.area.as_deref());
        let around = Around { of: &self.of, radius, area, at: &self.at, filter: self.filter.as_deref() }.resolve(context)?;
        let columns = |column: &String| {
            let layers = around.targets().iter().map(|(_, target)| target.layer);
            layers.map(|layer| context.texts(layer, column)).collect::<Result<_, _>>()
        };
        let distinct = self.distinct.as_ref().map(columns).transpose()?;
        Ok(Counted { around, distinct })
    }
}

impl<'v> Counted<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        if let Some(reason) = self.around.why_unknown(site) {
            return Measured::unknown(reason);
        }
        Measured::plain(match &self.distinct {
            None => {
                let mut count = 0;
                self.around.visit(site, metric, |_, rows| count += rows.len());
                Reading::exact(count as f64)
            }
            Some(columns) => self.distinct(columns, site, metric),
        })
    }

    fn distinct(&self, columns: &[Option<&'v Values>], site: &Site<'_>, metric: Metric) -> Reading {
        let mut said: HashSet<&str> = HashSet::new();
        let mut unsaid = 0_u32;
        self.around.visit(site, metric, |target, rows| {
            for row in rows {
                match columns[usize::from(target)].and_then(|values| values.text(row)) {
                    Some(text) => drop(said.insert(text)),
                    None => unsaid += 1,
                }
            }
        });
        let said = said.len() as f64;
        Reading::Number { low: said.max(f64::from(unsaid.min(1))), high: said + f64::from(unsaid) }
    }

    pub fn around(&self) -> &Disc<'v> {
        &self.around
    }
}
