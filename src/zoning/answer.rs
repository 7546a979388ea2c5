//! What a check answers. Everything but the numbers is borrowed from the snapshot and the rules.

use std::collections::BTreeMap;

use geo_types::MultiPolygon;
use serde::{Serialize, Serializer};

use crate::geometry::scale::Metric;
use crate::layer::definition::{Source, Text};
use crate::layer::value::Value;
use crate::zoning::effect::{Effect, Weight};
use crate::zoning::geojson;
use crate::zoning::judge::Applied;
use crate::zoning::project::Project;
use crate::zoning::uses::UseStatus;

/// What bears on a plot. Lists are ordered: the strictest first, then the largest in common, then the nearest.
#[derive(Debug, Serialize)]
pub struct Check<'v> {
    /// The snapshot that the answer came from.
    pub snapshot: String,
    pub program: &'static str,
    pub plot: PlotFacts,
    pub project: &'v Project,
    pub buildable: Net,
    /// Over findings, duties and what is not available. There is no word for "allowed".
    pub strictest: Effect,
    pub weight: Weight,
    pub findings: Vec<Finding<'v>>,
    /// What the project owes wherever it is.
    pub duties: Vec<Duty<'v>>,
    pub themes: Vec<ThemeFacts<'v>>,
    /// Where there is no data. No data is not no constraint.
    pub not_available: Vec<Gap<'v>>,
    pub territories: Vec<Membership<'v>>,
    /// The nearest of each kind of infrastructure.
    pub nearby: Vec<Nearby<'v>>,
    pub sources: BTreeMap<&'v str, &'v Source>,
    pub reserve: Text,
}

#[derive(Debug, Clone, Serialize)]
pub struct PlotFacts {
    pub label: String,
    pub area_m2: f64,
    pub metric: Metric,
    pub territory: &'static str,
    /// Longitude, latitude of a box around it: west, south, east, north.
    pub bounds: [f64; 4],
}

/// What is left of the plot once everything known to forbid building, and the ground to stay free around it, is taken off.
/// Not ground on which something is allowed.
#[derive(Debug, Clone, Serialize)]
pub struct Net {
    pub area_m2: f64,
    /// Of the plot's area.
    pub share: f64,
    /// The largest piece that is in one.
    pub largest_m2: f64,
    /// What would be left if everything that may forbid did: rules in doubt, and setbacks of rules that are to be checked.
    pub at_least_m2: f64,
    /// Longitude and latitude.
    pub ground: Surface,
}

/// One feature inside or near.
#[derive(Debug, Serialize)]
pub struct Finding<'v> {
    pub theme: &'v str,
    pub layer: &'v str,
    pub id: &'v str,
    #[serde(skip)]
    pub(super) row: u32,
    pub name: Option<&'v str>,
    /// That of the strictest rule that speaks of it.
    pub effect: Effect,
    pub weight: Weight,
    pub relation: Relation,
    pub overlap_m2: f64,
    /// Of the plot's area.
    pub overlap_share: f64,
    /// Edge to edge; 0 inside.
    pub distance_m: f64,
    /// The side of a boundary on which it lies is within the sources' imprecision.
    pub borderline: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regime: Option<RegimeFacts<'v>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<UseStatus<'v>>,
    /// Every rule that speaks of it, the strictest first. None: nothing is written for this case.
    pub rules: Vec<Applied<'v>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "values")]
    pub shown: BTreeMap<&'v str, Value>,
    /// The feature's sheet or regulation.
    pub sheet: Option<&'v str>,
    pub vintage: &'v str,
    pub licence: &'v str,
    pub precision_m: f64,
    /// The common part, longitude and latitude; absent outside.
    #[serde(skip_serializing_if = "Surface::is_empty")]
    pub overlap: Surface,
    /// The shortest way from the plot to it; absent inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    Inside,
    Near,
}

/// A regime's official code and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RegimeFacts<'v> {
    pub code: &'v str,
    pub fr: &'v str,
    pub en: &'v str,
}

/// A duty that follows from the project alone.
#[derive(Debug, Serialize)]
pub struct Duty<'v> {
    pub theme: &'v str,
    #[serde(flatten)]
    pub rule: Applied<'v>,
}

/// A theme at a glance; its findings have the whole.
#[derive(Debug, Serialize)]
pub struct ThemeFacts<'v> {
    pub theme: &'v str,
    pub title: &'v Text,
    pub effect: Effect,
    pub relation: Standing,
    /// Up to where a feature was looked for; 0: inside only.
    pub near_m: f64,
    /// Of the plot, in any feature of any of its layers: nothing is counted twice.
    pub covered_m2: f64,
    pub covered_share: f64,
    pub layers: Vec<LayerFacts<'v>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regimes: Vec<RegimeArea<'v>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Inside,
    Near,
    /// Nothing as far as was looked.
    Far,
    /// The theme does not exist in this territory.
    Elsewhere,
    Unknown,
}

#[derive(Debug, Serialize)]
pub struct LayerFacts<'v> {
    pub layer: &'v str,
    pub findings: usize,
    pub covered_m2: f64,
    pub covered_share: f64,
}

#[derive(Debug, Serialize)]
pub struct RegimeArea<'v> {
    #[serde(flatten)]
    pub regime: RegimeFacts<'v>,
    pub covered_m2: f64,
    pub covered_share: f64,
}

/// Data that is missing for the place.
#[derive(Debug, Serialize)]
pub struct Gap<'v> {
    pub theme: &'v str,
    pub reason: Reason,
    pub sentence: Text,
    /// The layer that there is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<Reference<'v>>,
    /// Area of the plot about which nothing is known, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_m2: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The snapshot has no such layer.
    NoLayer,
    /// The layer has nothing in this part of the world, or in this territory.
    NoData,
    /// Part of the plot lies in no feature of a layer that should leave no gap.
    Uncovered,
    /// The territories by which coverage is told are missing.
    NoTerritories,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Reference<'v> {
    pub layer: &'v str,
    pub id: &'v str,
    pub name: Option<&'v str>,
}

/// A territory that the plot lies in, wholly or in part.
#[derive(Debug, Serialize)]
pub struct Membership<'v> {
    #[serde(flatten)]
    pub territory: Reference<'v>,
    pub area_m2: f64,
    pub share: f64,
    #[serde(skip)]
    pub(super) row: u32,
}

#[derive(Debug, Serialize)]
pub struct Nearby<'v> {
    #[serde(flatten)]
    pub feature: Reference<'v>,
    pub title: &'v Text,
    pub distance_m: f64,
    pub precision_m: f64,
}

/// Polygons of the shared plane, written in longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface(pub MultiPolygon<f64>);

impl Surface {
    pub fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }
}

/// A straight line on the shared plane, written likewise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way(pub [[f64; 2]; 2]);

impl Serialize for Surface {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        geojson::surface(&self.0).serialize(serializer)
    }
}

impl Serialize for Way {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        geojson::line(&self.0).serialize(serializer)
    }
}

fn values<S: Serializer>(values: &BTreeMap<&str, Value>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value.to_json())))
}
