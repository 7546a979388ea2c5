//! What a constraint does to a project, in the words that planners use.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layer::definition::Text;

/// From the strictest to the mildest. There is no word for "allowed": no data can say so.
///
/// `NotAvailable` stands before `NotConcerned`, so that the strictest of several never says that a place is free of something
/// of which too little is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Forbidden,
    /// An assessment is due in any case.
    SubjectToAssessment,
    /// An authority decides, by the project.
    CaseByCase,
    /// Something is due first: an agreement, a study, a change of plan.
    ActionRequired,
    /// It bears on the place; whether on the project, the data does not say.
    ToBeChecked,
    /// No data is not no constraint.
    NotAvailable,
    NotConcerned,
}

/// What an effect means for a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    Block,
    Delay,
    Unknown,
    None,
}

impl Effect {
    pub const ALL: [Effect; 7] = [
        Effect::Forbidden,
        Effect::SubjectToAssessment,
        Effect::CaseByCase,
        Effect::ActionRequired,
        Effect::ToBeChecked,
        Effect::NotAvailable,
        Effect::NotConcerned,
    ];

    pub fn weight(self) -> Weight {
        match self {
            Effect::Forbidden => Weight::Block,
            Effect::SubjectToAssessment | Effect::CaseByCase | Effect::ActionRequired => Weight::Delay,
            Effect::ToBeChecked | Effect::NotAvailable => Weight::Unknown,
            Effect::NotConcerned => Weight::None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Effect::Forbidden => "forbidden",
            Effect::SubjectToAssessment => "subject-to-assessment",
            Effect::CaseByCase => "case-by-case",
            Effect::ActionRequired => "action-required",
            Effect::ToBeChecked => "to-be-checked",
            Effect::NotAvailable => "not-available",
            Effect::NotConcerned => "not-concerned",
        }
    }

    pub fn words(self) -> Text {
        let (fr, en) = match self {
            Effect::Forbidden => ("interdit", "forbidden"),
            Effect::SubjectToAssessment => ("soumis à évaluation", "subject to assessment"),
            Effect::CaseByCase => ("cas par cas", "case by case"),
            Effect::ActionRequired => ("action requise", "action required"),
            Effect::ToBeChecked => ("à vérifier", "to be checked"),
            Effect::NotAvailable => ("non disponible", "not available"),
            Effect::NotConcerned => ("non concerné", "not concerned"),
        };
        Text { fr: fr.to_owned(), en: en.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_comes_first_and_its_code_is_what_is_written() {
        assert!(Effect::ALL.is_sorted());
        for effect in Effect::ALL {
            assert_eq!(serde_json::to_value(effect).unwrap(), effect.code());
            assert!(!effect.words().en.contains("allowed"));
        }
    }
}
