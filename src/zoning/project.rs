//! What is to be built, as far as it is known. Everything may be left out; a rule that depends on it then says so.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::scale::Metric;

/// The project that a plot is checked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Activity code of the national classification (NAF, APE): `25.11`, `5210B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Code of the use in zoning plans, where it is known better than the activity tells: `51` industry, `52` warehouse.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub use_code: Option<String>,
    /// Regime of installations classified for the protection of the environment (ICPE).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icpe: Option<Icpe>,
    /// Built area in m².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built_m2: Option<f64>,
    /// Day for which the rules are asked; without it, the rules in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
}

/// Regimes of classified installations, in French or in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Icpe {
    /// Not classified.
    #[serde(alias = "aucun", alias = "non classé")]
    None,
    #[serde(alias = "déclaration", alias = "D", alias = "DC")]
    Declaration,
    #[serde(alias = "enregistrement", alias = "E")]
    Registration,
    #[serde(alias = "autorisation", alias = "A")]
    Authorisation,
}

/// For what, and in which metres, a plot is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Terms {
    pub project: Project,
    pub metric: Metric,
}

impl Project {
    /// The activity without dots and spaces, in capitals: as rules write the beginnings of codes.
    pub fn activity_code(&self) -> Option<String> {
        let plain = |code: &String| code.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        self.activity.as_ref().map(plain).filter(|code| !code.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regimes_read_in_both_languages_and_unknown_keys_are_errors() {
        let icpe = |word: &str| serde_json::from_value::<Icpe>(word.into()).unwrap();
        assert_eq!(
            (icpe("autorisation"), icpe("registration"), icpe("DC")),
            (Icpe::Authorisation, Icpe::Registration, Icpe::Declaration)
        );
        let project: Project = serde_json::from_str(r#"{"activity": "52.10 b", "built_m2": 12000}"#).unwrap();
        assert_eq!(project.activity_code().as_deref(), Some("5210B"));
        assert!(serde_json::from_str::<Project>(r#"{"icpé": "A"}"#).is_err());
    }
}
