//! How sites are ranked, and how the ranking is put to the test, as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How scores come from worths and weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The sum of each worth times its share of the weights. A site's score depends on nothing but the site.
    #[default]
    Additive,
    /// Closeness to the best and distance from the worst of what passes: depends on all sites that pass.
    Topsis,
}

impl Method {
    pub fn is_additive(&self) -> bool {
        *self == Method::Additive
    }

    pub fn name(self) -> &'static str {
        match self {
            Method::Additive => "additive",
            Method::Topsis => "topsis",
        }
    }
}

/// Puts the ranking to the test: how often each listed site reaches each rank when the weights are drawn at random (SMAA-2),
/// and how far each weight can move before the first place or the first ten change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Robustness {
    /// How many times all weights are drawn.
    #[schemars(range(min = 1, max = MAX_DRAWS))]
    pub draws: u32,
    /// The same seed gives the same draws, anywhere.
    pub seed: u64,
    /// How many ranks are told apart, from the first on.
    #[schemars(range(min = 1, max = MAX_RANKS))]
    pub ranks: u32,
}

pub const MAX_DRAWS: u32 = 100_000;
pub const MAX_RANKS: u32 = 50;

impl Default for Robustness {
    fn default() -> Robustness {
        Robustness { draws: 10_000, seed: 1, ranks: 10 }
    }
}

impl Robustness {
    /// What cannot be done, in one sentence.
    pub fn problem(&self) -> Option<String> {
        let outside = |name: &str, number: u32, most: u32| {
            (!(1..=most).contains(&number)).then(|| format!("robustness: {name} is {number}; it lies between 1 and {most}"))
        };
        outside("draws", self.draws, MAX_DRAWS).or_else(|| outside("ranks", self.ranks, MAX_RANKS))
    }
}
