//! Rules as data: one TOML file a theme, in `rules/` or in a folder of the operator's.
//!
//! A theme names the layers that it is about, how near counts, what their codes mean, and rules in their words: where the rule
//! speaks (inside, near, anywhere), of which features, for which projects, with which effect and legal source. Unknown keys
//! are errors. A file of the operator's replaces the shipped one of the same name: distances differ by département.
//!
//! In reading order: [`rule`] (one rule), [`read`] (files), [`resolve`] (rules bound to the layers of a view).

pub mod read;
pub mod resolve;
pub mod rule;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layer::definition::Text;
pub use read::{RulesError, RulesProblem};
pub use resolve::Rulebook;
use rule::{Condition, Metres, Rule};

/// Every theme, in the order of their ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    pub themes: Vec<Theme>,
}

/// One theme: one TOML file of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Theme {
    /// `[a-z0-9-]{1,64}`, equal to the file's name without `.toml`.
    pub id: String,
    pub title: Text,
    /// Layers whose features bear on land.
    pub layers: Vec<String>,
    /// Which features of these layers it is about: a filter over their columns (CQL2). Default: all.
    #[serde(default)]
    pub about: Option<Condition>,
    /// Keys of the territories where the theme exists in law; empty: all of them.
    #[serde(default)]
    pub territories: Vec<String>,
    /// Edge-to-edge distance up to which a feature outside the plot is near.
    #[serde(default)]
    pub near: Option<Metres>,
    /// Distances of départements that set their own, by their code.
    #[serde(default)]
    pub local: BTreeMap<String, Local>,
    #[serde(default)]
    pub coverage: Option<Coverage>,
    #[serde(default)]
    pub regime: Option<Regime>,
    /// Columns that an answer repeats.
    #[serde(default)]
    pub shown: Vec<String>,
    /// Column with the address of a feature's sheet or regulation.
    #[serde(default = "url")]
    pub sheet: String,
    #[serde(default)]
    pub uses: Option<Uses>,
    pub rules: Vec<Rule>,
    /// The operator's: a column that its layer does not have is then an error.
    #[serde(skip)]
    pub own: bool,
}

fn url() -> String {
    "url".to_owned()
}

/// What a département decides for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Local {
    pub near: Metres,
}

/// Where the theme's data can be missing. Without this table, a layer that is there is taken to be whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Territory layer: a territory into which no feature reaches has no data.
    pub by: String,
    /// Features leave no gap where the theme is covered: a part of the plot that none covers has no data.
    #[serde(default)]
    pub partition: bool,
    /// What it means that there is none.
    pub missing: Text,
}

/// The column that says which regime a feature is under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    pub column: String,
    /// The column's words to their official code and meaning.
    #[serde(default)]
    pub words: BTreeMap<String, Meaning>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The official code; default: the word itself.
    #[serde(default)]
    pub code: Option<String>,
    pub fr: String,
    pub en: String,
}

/// Columns that list codes of uses, and the codes that a project may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uses {
    pub allowed: String,
    pub conditional: String,
    pub forbidden: String,
    pub codes: Vec<UseCode>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseCode {
    pub code: String,
    /// Code of the group that stands for all of its uses.
    #[serde(default)]
    pub group: Option<String>,
    pub title: Text,
    /// Beginnings of activity codes, without dots.
    #[serde(default)]
    pub activities: Vec<String>,
    /// Looked at when the project does not say.
    #[serde(default)]
    pub usual: bool,
}
