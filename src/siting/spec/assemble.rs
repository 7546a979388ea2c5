//! Contiguous plots put together until an area is reached.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The candidates are what contiguous features of the candidate layers can be put together to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assemble {
    /// Area to reach, such as `8 ha`.
    pub area: String,
    /// Plots this far from each other still adjoin, such as `6 m` for a path between them. Absent: they must touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// Most plots of a site.
    #[serde(default = "default_plots")]
    #[schemars(range(min = 1, max = MAX_PLOTS))]
    pub plots: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owners: Option<Owners>,
}

/// A cap on the number of owners of a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Owners {
    /// Column of the plots that says who owns them.
    pub by: String,
    /// Most distinct owners. A plot whose owner is unknown counts as one owner more.
    #[schemars(range(min = 1))]
    pub at_most: u32,
}

/// More plots than this nobody negotiates for.
pub const MAX_PLOTS: u32 = 100;

fn default_plots() -> u32 {
    20
}
