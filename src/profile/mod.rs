//! Floor 6: a territory, said in numbers.
//!
//! In: what a caller sees of an atlas. Out: a [`Book`], made once for an opened snapshot, which gives the [`Profile`] of any territory, and
//! several side by side ([`compare`]). Numbers are those of the layers' indicators and of the commuting flows; nothing here knows any one
//! of them by name, but for those of the flows.
//!
//! What holds:
//! - Each number has its unit, its vintage and its source, its rank among the areas of the same level, the largest first, and the value of
//!   what surrounds the territory: the région where one holds all of its communes, else the country.
//! - What is not known is `null`, with how much of it is; what lacks a part says *at least*.
//! - A drawn polygon stands for the communes that it holds at least half of, whole; the share of each commune that it touches is told.
//!
//! In reading order: [`book`], [`numbers`], [`flows`], [`near`], [`projects`], [`answer`], [`compare`], [`dossier`].

pub mod answer;
pub mod book;
pub mod compare;
pub mod dossier;
pub mod flows;
pub mod near;
pub mod numbers;
pub mod projects;

pub use answer::{Profile, profile};
pub use book::{Book, Question};
pub use compare::{Comparison, compare};

use crate::commuting::CommutingError;
use crate::layer::filter::FilterError;
use crate::territory::TerritoryError;
use crate::territory::specificity::SpecificityError;

/// What can be wrong with a snapshot's territories, or with what is asked of them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProfileError {
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    #[error(transparent)]
    Commuting(#[from] CommutingError),
    #[error(transparent)]
    Specificity(#[from] SpecificityError),
    #[error("`projects`: {0}")]
    Filter(#[from] FilterError),
    #[error("`{0}` is no territory; write its level and its code, such as epci/200066918")]
    Unreadable(String),
    #[error("{found} territories to compare; write two to five, such as epci/200066918;departement/30")]
    HowMany { found: usize },
}
