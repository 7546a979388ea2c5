//! A specification as it is written: typed, complete, and knowing no layer.
//!
//! YAML and JSON carry the same thing, described by one JSON Schema ([`json_schema`]). Criteria keep the order in which they
//! are written, for display alone: it changes no score and no rank.

pub mod assemble;
pub mod buildable;
pub mod criterion;
pub mod method;
pub mod read;
pub mod required;
pub mod shipped;
pub mod value;
pub mod weights;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::scale::Metric;
use assemble::Assemble;
use buildable::Buildable;
use criterion::{Criterion, Measured};
use method::{Method, Robustness};
use weights::Weights;

/// An industrial specification (cahier des charges).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Version of this format: 1.
    pub emprise: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub candidates: Candidates,
    /// Most sites listed in the answer; all are counted.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    pub limit: u32,
    #[serde(default)]
    pub metric: Metric,
    #[serde(default, skip_serializing_if = "Method::is_additive")]
    pub method: Method,
    /// How the weights of the criteria come about; absent: each criterion has its own `weight`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
    /// What may not be built on: what is left is measured by criteria `of: buildable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buildable: Option<Buildable>,
    pub criteria: Criteria,
}

/// Most sites that an answer lists, and most criteria that a specification holds.
pub const MAX_LIMIT: u32 = 10_000;
pub const MAX_CRITERIA: usize = 64;

fn default_limit() -> u32 {
    50
}

/// The version of the format, of which there is one so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Version;

impl TryFrom<u64> for Version {
    type Error = String;

    fn try_from(version: u64) -> Result<Version, String> {
        if version == 1 {
            Ok(Version)
        } else {
            Err(format!("`emprise: {version}` is not a version of this format; write `emprise: 1`"))
        }
    }
}

impl From<Version> for u64 {
    fn from(_: Version) -> u64 {
        1
    }
}

impl JsonSchema for Version {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": 1 })
    }
}

/// The land to choose among.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// Ids of the layers whose features are candidates; each must hold polygons.
    #[schemars(length(min = 1))]
    pub layers: Vec<String>,
    /// Only candidates whose representative point lies here. Absent: everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// Only candidates for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Choose among what these features can be put together to. Absent: among the features themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assemble: Option<Assemble>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`within` is a territory such as `epci/200040459`, or a GeoJSON polygon")]
pub enum Within {
    /// A feature of a layer, as `layer/id`: `epci/200040459`.
    Feature(String),
    /// A GeoJSON Polygon or MultiPolygon in longitude and latitude (RFC 7946).
    Polygon(serde_json::Map<String, serde_json::Value>),
}

/// Criteria by name, in written order.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria(pub Vec<(String, Criterion)>);

impl Serialize for Criteria {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, criterion)| (name, criterion)))
    }
}

impl JsonSchema for Criteria {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Criteria".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let criterion = generator.subschema_for::<Criterion>();
        schemars::json_schema!({
            "type": "object",
            "description": "Criteria by names of the writer's choosing.",
            "minProperties": 1,
            "maxProperties": MAX_CRITERIA,
            "additionalProperties": criterion,
        })
    }
}

impl Criteria {
    /// All that is measured, those in groups after their group's name and a `/`, in written order.
    pub fn measured(&self) -> Vec<(String, &Measured)> {
        let mut found = Vec::new();
        self.collect("", &mut found);
        found
    }

    fn collect<'c>(&'c self, prefix: &str, found: &mut Vec<(String, &'c Measured)>) {
        for (name, criterion) in &self.0 {
            match criterion {
                Criterion::Measured(measured) => found.push((format!("{prefix}{name}"), measured)),
                Criterion::Group(group) => group.criteria.collect(&format!("{prefix}{name}/"), found),
            }
        }
    }
}

/// The JSON Schema (2020-12) of a specification.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Spec).to_value()
}

impl Spec {
    /// The specification in one normal writing: defaults left out, requirements and numbers in one form.
    pub fn normal(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// First 16 hexadecimal digits of BLAKE3 over the normal writing.
    pub fn hash(&self) -> String {
        let hash = blake3::hash(self.normal().to_string().as_bytes());
        hash.to_hex()[..16].to_owned()
    }
}
