//! Numbers of territories: how a layer's rows become a figure of a commune, and of whatever communes make up.
//!
//! Rows are placed by the layer itself where it is that of a level (`communes`), else by the first of the columns `commune`,
//! `epci`, `industry-territory`, `labour-zone`, `departement`, `region` that it has, else by where they are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::catalogue::nearest;
use super::definition::{FieldType, GeometryType, LayerDefinition, Text};
use super::filter;
use crate::geometry::units::Unit;

/// One number of a territory: `[indicators.<id>]`, of the same letters as a layer's id, unique among all layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub title: Text,
    pub theme: Theme,
    pub rule: Rule,
    /// Unit of the figure. Default: that of the column summed or averaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Rows that count, in CQL2 text over the layer's columns; default: all.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// A column of dates: of each place, only the rows of its latest day count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    #[serde(default, skip_serializing_if = "Absent::is_unknown")]
    pub absent: Absent,
}

/// Where a profile shows an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    People,
    Accessibility,
    Land,
    Labour,
    Economy,
    Mobility,
    Charging,
    Projects,
}

impl Theme {
    pub const ALL: [Theme; 8] = [
        Theme::People,
        Theme::Accessibility,
        Theme::Land,
        Theme::Labour,
        Theme::Economy,
        Theme::Mobility,
        Theme::Charging,
        Theme::Projects,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Theme::People => "people",
            Theme::Accessibility => "accessibility",
            Theme::Land => "land",
            Theme::Labour => "labour",
            Theme::Economy => "economy",
            Theme::Mobility => "mobility",
            Theme::Charging => "charging",
            Theme::Projects => "projects",
        }
    }
}

/// How rows are put together: those of a place, and places into a larger one, by the same sums.
///
/// Several columns are added up in each row. Cells are counts and amounts: one below zero counts as unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// The number of rows.
    Count,
    /// The sum of columns.
    Sum(Vec<String>),
    /// The mean of a column, each row weighing as much as another column says.
    WeightedMean { of: String, weight: String },
    /// A sum divided by another: a share where the unit is one.
    Ratio { of: Vec<String>, to: Vec<String> },
    /// How far the nearest feature is from where people live: the mean over communes, each weighing as much as its residents, of the
    /// distance on the ground from a point inside the commune to the edge of the feature, as the crow flies.
    Nearest,
    /// The share of the ground that polygons cover, counted once where they overlap.
    Cover,
}

impl Rule {
    /// The columns it reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let (one, other): (&[String], &[String]) = match self {
            Rule::Count | Rule::Nearest | Rule::Cover => (&[], &[]),
            Rule::Sum(columns) => (columns, &[]),
            Rule::WeightedMean { of, weight } => (std::slice::from_ref(of), std::slice::from_ref(weight)),
            Rule::Ratio { of, to } => (of, to),
        };
        one.iter().chain(other).map(String::as_str)
    }

    /// As it is written.
    pub fn word(&self) -> &'static str {
        match self {
            Rule::Count => "count",
            Rule::Sum(_) => "sum",
            Rule::WeightedMean { .. } => "weighted-mean",
            Rule::Ratio { .. } => "ratio",
            Rule::Nearest => "nearest",
            Rule::Cover => "cover",
        }
    }

    /// Whether it measures features rather than adds up rows.
    pub fn measures(&self) -> bool {
        matches!(self, Rule::Nearest | Rule::Cover)
    }

    /// Whether figures of areas that part a larger one add up to its own.
    pub fn adds_up(&self) -> bool {
        matches!(self, Rule::Count | Rule::Sum(_))
    }
}

/// What a place without any row stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// The publisher says nothing of it.
    #[default]
    Unknown,
    /// The table lists all there is: where it lists nothing there is none.
    Zero,
}

impl Absent {
    fn is_unknown(&self) -> bool {
        *self == Absent::Unknown
    }
}

impl Indicator {
    /// The unit of its figures, as its layer's columns give it.
    pub fn unit_in(&self, layer: &LayerDefinition) -> Option<Unit> {
        let of_column = |name: &String| layer.column(name).and_then(|column| column.unit);
        self.unit.or_else(|| match &self.rule {
            Rule::Sum(columns) => columns.first().and_then(of_column),
            Rule::WeightedMean { of, .. } => of_column(of),
            Rule::Ratio { .. } => Some(Unit::ratio()),
            Rule::Nearest => Some(Unit::kilometre()),
            Rule::Cover => Some(Unit::percent()),
            Rule::Count => None,
        })
    }

    /// The same of the rows alone that a filter keeps too.
    pub fn narrowed(&self, filter: Option<&str>) -> Indicator {
        let Some(filter) = filter else { return self.clone() };
        let only = self.only.as_ref().map_or_else(|| filter.to_owned(), |own| format!("({own}) AND ({filter})"));
        Indicator { only: Some(only), ..self.clone() }
    }

    /// One sentence on what cannot be made so.
    pub(super) fn fault(&self, layer: &LayerDefinition) -> Option<String> {
        let unknown = |name: &str| {
            let nearest =
                nearest(name, layer.columns.keys()).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
            format!("`{name}` is not declared in [columns]{nearest}")
        };
        let kind = |name: &str| layer.column(name).map(|column| column.kind);
        for name in self.rule.columns() {
            match kind(name) {
                None => return Some(unknown(name)),
                Some(FieldType::Number | FieldType::Integer) => {}
                Some(_) => return Some(format!("`{name}` holds no numbers to add up")),
            }
        }
        let (needs, geometry) = (&self.rule, layer.geometry);
        if *needs == Rule::Nearest && geometry == GeometryType::None || *needs == Rule::Cover && geometry != GeometryType::Polygon
        {
            return Some(format!("`{}` needs features that are somewhere: polygons to cover ground", self.rule.word()));
        }
        if matches!(self.rule, Rule::Sum(_) | Rule::Ratio { .. }) && self.rule.columns().next().is_none() {
            return Some("the rule names no column".to_owned());
        }
        if let Some(name) = self.latest.as_deref().filter(|name| kind(name) != Some(FieldType::Date)) {
            return Some(format!("`latest` names `{name}`, which is no column of dates"));
        }
        let only = match self.only.as_deref().map(filter::parse) {
            None => return None,
            Some(Err(error)) => return Some(format!("`where`: {error}")),
            Some(Ok(only)) => only,
        };
        let mut fault = None;
        only.columns(&mut |name| {
            if kind(&name.text).is_none() {
                fault = Some(format!("`where`: {}", unknown(&name.text)));
            }
        });
        fault
    }
}
