//! `clearance`: how much room there is between the candidate and what must be kept away from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::proximity::{Proximity, Search};
use super::targets::Layers;
use crate::siting::context::Context;
use crate::siting::resolve::ResolveError;

/// Distance from the candidate to the nearest feature, edge to edge; 0 where they meet, so that room of more than 0 m means
/// outside. It is measured as a proximity is; it asks for far where a proximity asks for near.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clearance {
    pub from: Layers,
    /// Only features for which this filter (CQL2 text) is true.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

impl Clearance {
    /// The proximity that measures the same.
    pub fn as_proximity(&self) -> Proximity {
        Proximity::plain(self.from.clone(), self.filter.clone())
    }

    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Search<'v>, ResolveError> {
        self.as_proximity().resolve(context)
    }
}
