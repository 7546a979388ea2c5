//! What may not be built on, for the criteria that are measured `of: buildable`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::siting::criteria::targets::Layers;

/// A candidate's buildable ground: the candidate less the features of these layers, each with a setback, and less a strip along
/// its own edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Buildable {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minus: Vec<Minus>,
    /// Setback from the candidate's own edge, such as `5 m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge: Option<String>,
}

/// Layers whose features may not be built on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Minus {
    pub layers: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Nothing is built nearer to them than this, such as `50 m`. Points and lines take ground by their setback alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setback: Option<String>,
}
