//! Lead times: how many months lie between asking for land and building on it, by what its inventory says of it.
//!
//! What is official is the words and their order: the stages of servicing and of sale in the national standard of business
//! zones (CNIG, sites économiques, v2024-10) and the states of its standard of brownfields (v2023-12). No standard says how
//! long a stage takes. Two figures are published: 9 months from the request to the first stone on a turnkey site where an
//! ordinary one takes 17 (Techniques de l'ingénieur), and 18 to 24 months where land has to be made ready (Le Moniteur). All
//! other months here are defaults, to be replaced by those of the place.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layer::catalogue::nearest;
use crate::siting::context::Context;
use crate::siting::resolve::ResolveError;

/// How long it takes: a number of months, or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a lead time is a whole number of months, `never`, `uncertain` or `unknown`")]
pub enum Lead {
    Months(u16),
    Word(Hope),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hope {
    /// It cannot be had.
    Never,
    /// Somebody else has the first word: at once, or never.
    Uncertain,
    /// Nothing can be said.
    Unknown,
}

/// Months from the least to the most; endless where it may be never.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub low: f64,
    pub high: f64,
}

const NEVER: Lead = Lead::Word(Hope::Never);
const UNCERTAIN: Lead = Lead::Word(Hope::Uncertain);
const UNKNOWN: Lead = Lead::Word(Hope::Unknown);

/// Stages of sale, which add to those of servicing. Each number is a default.
const SALE: &[(&str, Lead)] = &[
    ("on sale", Lead::Months(0)),
    ("on sale with constraints", Lead::Months(3)),
    ("not yet marketed", Lead::Months(6)),
    ("reserved", UNCERTAIN),
    ("sold", NEVER),
    ("not for sale", NEVER),
];

/// From the readiest to the least ready, in the order of the standard.
const READINESS: &[(&str, Lead)] = &[
    ("turnkey", Lead::Months(9)),
    ("serviced and developed", Lead::Months(17)),
    ("serviced", Lead::Months(17)),
    // The longer of 18 to 24.
    ("being serviced", Lead::Months(24)),
    // Default: an ordinary site's procedures, and as long again for the works.
    ("not serviced", Lead::Months(36)),
    ("not developable", NEVER),
];

/// Brownfields. Default: ground made ready, as above.
const BROWNFIELD: &[(&str, Lead)] = &[
    ("without project", Lead::Months(24)),
    ("with project", UNCERTAIN),
    ("converted", NEVER),
    // Nobody has verified yet that it is one.
    ("potential", UNKNOWN),
];

/// What every list of the standards allows beside its own words.
const BESIDE: &[(&str, Lead)] = &[("other", UNKNOWN), ("not applicable", UNKNOWN)];

/// The table with what a specification writes over it.
#[derive(Debug)]
pub struct Leads(BTreeMap<String, Lead>);

impl Leads {
    /// # Errors
    /// A word that no standard has, or stages whose order the months turn round.
    pub fn new(context: &Context<'_, '_>, written: &BTreeMap<String, Lead>) -> Result<Leads, ResolveError> {
        let known = || [SALE, READINESS, BROWNFIELD, BESIDE].into_iter().flatten();
        let mut leads: BTreeMap<String, Lead> = known().map(|&(word, lead)| (word.to_owned(), lead)).collect();
        for (word, &lead) in written {
            if leads.insert(word.clone(), lead).is_none() {
                let nearest = nearest(word, known().map(|(word, _)| *word));
                return Err(ResolveError::Stage { place: context.place(), word: word.clone(), nearest });
            }
        }
        let leads = Leads(leads);
        let most = |word: &str| leads.span(word).map_or(f64::NAN, |span| span.high);
        let stages: Vec<&str> = READINESS.iter().map(|(word, _)| *word).filter(|&word| written.contains_key(word)).collect();
        match stages.windows(2).find(|pair| most(pair[0]) > most(pair[1])) {
            Some(pair) => {
                let [later, earlier] = [pair[0], pair[1]].map(str::to_owned);
                Err(ResolveError::Stages { place: context.place(), earlier, later })
            }
            None => Ok(leads),
        }
    }

    /// What a word of an inventory means; `None` where nothing can be said.
    pub fn span(&self, word: &str) -> Option<Span> {
        match self.0.get(word)? {
            Lead::Months(months) => Some(Span::exact(f64::from(*months))),
            Lead::Word(Hope::Never) => Some(Span::exact(f64::INFINITY)),
            Lead::Word(Hope::Uncertain) => Some(Span { low: 0.0, high: f64::INFINITY }),
            Lead::Word(Hope::Unknown) => None,
        }
    }
}

impl Span {
    pub fn exact(months: f64) -> Span {
        Span { low: months, high: months }
    }

    pub fn is_never(self) -> bool {
        self.low == f64::INFINITY
    }

    pub fn plus(self, other: Span) -> Span {
        Span { low: self.low + other.low, high: self.high + other.high }
    }
}
