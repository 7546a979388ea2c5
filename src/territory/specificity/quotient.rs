//! The location quotient (indice de spécificité): a ratio of two shares.
//!
//! By hand: 10 jobs of 100 here are 10 %, 50 of 1,000 in the reference are 5 %, and the quotient is 10 % / 5 % = 2.0. Were the
//! reference's share 20 %, it would be 0.5. Against the rest of the reference, the 100 jobs here are taken out of it first:
//! 10 % / (40 / 900) = 2.25.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// All rows of the table: the location quotient (e_ij / e_j) / (e_i / e).
    #[default]
    Whole,
    /// All rows but those around the candidate: the "indice de spécificité" of the Observatoire des territoires,
    /// (e_ij / e_j) / ((e_i − e_ij) / (e − e_j)).
    Rest,
}

/// Of an activity and of all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Part {
    pub of_it: f64,
    pub of_all: f64,
}

impl Part {
    /// `None` where there is nothing to be a share of.
    pub fn share(self) -> Option<f64> {
        (self.of_all > 0.0).then(|| self.of_it / self.of_all)
    }

    /// What remains of it without `other`.
    pub fn without(self, other: Part) -> Part {
        Part { of_it: self.of_it - other.of_it, of_all: self.of_all - other.of_all }
    }
}

impl Against {
    /// What a place that is part of the whole is compared with.
    pub fn reference(self, own: Part, whole: Part) -> Part {
        match self {
            Against::Whole => whole,
            Against::Rest => whole.without(own),
        }
    }
}

/// The share here by the share there; `None` where a share has nothing to be a share of, or nobody there works in it.
pub fn quotient(own: Part, there: Part) -> Option<f64> {
    let there = there.share().filter(|share| *share > 0.0)?;
    Some(own.share()? / there)
}

/// How many there would be here, were the share that of the reference.
pub fn expected(own: Part, there: Part) -> Option<f64> {
    Some(own.of_all * there.share()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(of_it: f64, of_all: f64) -> Part {
        Part { of_it, of_all }
    }

    /// The example of the manual of REAT::locq; the second by hand.
    #[test]
    fn both_definitions_on_the_published_example() {
        let (own, whole) = (part(1_714.0, 79_006.0), part(879_213.0, 15_593_224.0));
        let of = |against: Against| quotient(own, against.reference(own, whole)).unwrap();
        assert_eq!(format!("{:.7}", of(Against::Whole)), "0.3847623");
        assert_eq!(format!("{:.7}", of(Against::Rest)), "0.3835606");
    }

    #[test]
    fn it_is_a_ratio_of_shares() {
        assert_eq!(quotient(part(10.0, 100.0), part(50.0, 1_000.0)), Some(2.0));
        assert_eq!(quotient(part(10.0, 100.0), part(200.0, 1_000.0)), Some(0.5));
        let rest = Against::Rest.reference(part(10.0, 100.0), part(50.0, 1_000.0));
        assert!((quotient(part(10.0, 100.0), rest).unwrap() - 2.25).abs() < 1e-12);
        assert_eq!(expected(part(10.0, 100.0), part(50.0, 1_000.0)), Some(5.0));
    }

    #[test]
    fn without_a_denominator_there_is_none() {
        assert_eq!(quotient(part(0.0, 0.0), part(5.0, 9.0)), None, "nobody works here");
        assert_eq!(quotient(part(1.0, 2.0), part(0.0, 9.0)), None, "nobody there works in it");
        assert_eq!(quotient(part(1.0, 2.0), part(0.0, 0.0)), None, "nobody works there");
        let (own, whole) = (part(5.0, 6.0), part(5.0, 9.0));
        assert_eq!(quotient(own, Against::Rest.reference(own, whole)), None, "nobody else works in it");
        assert_eq!(quotient(part(0.0, 6.0), part(5.0, 9.0)), Some(0.0));
    }
}
