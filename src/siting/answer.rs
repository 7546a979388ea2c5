//! The answer: what passed, in what order, why, on which data. Every writing of it carries these numbers.

use serde::Serialize;

use crate::geometry::scale::Metric;
use crate::layer::definition::Text;
use crate::siting::candidates::Counts;
use crate::siting::robustness::{Acceptability, Ranking};
use crate::siting::rule::Outcome;

/// What a specification found in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Hash of the specification in its normal writing.
    pub specification: String,
    pub snapshot: String,
    /// Version of the program.
    pub program: &'static str,
    pub metric: Metric,
    pub candidates: Counts,
    /// Where candidates are plots put together: the plots that could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plots: Option<Counts>,
    /// Candidates that meet every requirement.
    pub passing: usize,
    /// Of these, how many meet one by less than the sources' precision.
    pub borderline: usize,
    /// Candidates that fail no requirement and of which too little is known to pass.
    pub undecided: usize,
    pub ranking: Ranking,
    pub criteria: Vec<Head>,
    /// In the order of evaluation: each requirement was put to the candidates that the ones before it had left.
    pub requirements: Vec<Removal>,
    /// The best passing sites, best first.
    pub sites: Vec<RankedSite>,
    /// The best undecided ones, ranked among themselves.
    pub undecided_sites: Vec<RankedSite>,
    pub sources: Vec<Provenance>,
}

/// A criterion as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    pub name: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// Share of all weights; absent without a value function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Of a table joined by code: rows that count but whose code is that of no feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_mapped: Option<u64>,
}

/// What a requirement did to the candidates that reached it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Removal {
    pub criterion: String,
    pub required: String,
    pub tested: usize,
    pub removed: usize,
    pub unknown: usize,
    pub borderline: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedSite {
    pub rank: usize,
    /// Best and worst rank once what is unknown is known.
    pub rank_interval: [usize; 2],
    /// What is surely earned: the sum of the contributions.
    pub score: f64,
    /// From everything unknown being worth nothing to everything.
    pub score_interval: [f64; 2],
    pub layer: String,
    pub id: String,
    pub name: Option<String>,
    pub commune: Option<Commune>,
    pub area_m2: Option<f64>,
    /// A point inside, in degrees.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// The criterion on which it is worth least, of those of which something is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakest: Option<String>,
    /// No site of its list is surely at least as good on every criterion and better on one (Pareto); absent where it is not
    /// ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undominated: Option<bool>,
    /// Where the specification asks for `robustness`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptability: Option<Acceptability>,
    /// One per criterion, in written order.
    pub findings: Vec<Finding>,
    #[serde(skip)]
    pub row: u32,
}

/// A site by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteName {
    pub layer: String,
    pub id: String,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Commune {
    pub code: String,
    pub name: Option<String>,
}

/// One criterion of one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    pub criterion: String,
    /// A number in `unit`, a word, a date, true or false; `null` when unknown.
    pub value: serde_json::Value,
    /// The value is a lower bound.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Absent where nothing is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub borderline: bool,
    /// Between 0 and 1, the least that is sure; absent where it has no value function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<f64>,
    /// What it adds to the score; absent where it has no value function, or the score is no sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution_interval: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Found>,
    /// Why nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<&'static str>,
}

/// The feature that decided a measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    pub layer: String,
    pub id: String,
    pub name: Option<String>,
    /// The shortest way there, as two positions in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<[[f64; 2]; 2]>,
}

/// Where a layer comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    pub layer: String,
    pub title: Text,
    pub publisher: String,
    pub licence: String,
    pub vintage: String,
    pub address: String,
    pub precision_m: f64,
}

impl Finding {
    /// The value as a person reads it: `1.24 km`, `at least 20000`, `unknown`.
    pub fn text(&self) -> String {
        let value = match &self.value {
            serde_json::Value::Null => return "unknown".to_owned(),
            serde_json::Value::String(word) => word.clone(),
            serde_json::Value::Number(number) => rounded(number.as_f64().unwrap_or_default()),
            other => other.to_string(),
        };
        let bound = if self.at_least { "at least " } else { "" };
        self.unit.map_or_else(|| format!("{bound}{value}"), |unit| format!("{bound}{value} {unit}"))
    }
}

/// Whole numbers as they are, others with three significant digits at least.
fn rounded(number: f64) -> String {
    let decimals = match number.abs() {
        _ if number == number.trunc() => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{number:.decimals$}")
}
