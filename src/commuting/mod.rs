//! Floor 5: who works where.
//!
//! In: what a caller sees of an atlas. Out: a [`Commuting`], made once for an opened snapshot, which answers for any territory
//! ([`portrait`]) and draws any level ([`drawn`]).
//!
//! What holds:
//! - A count is added up exactly, in whatever order ([`workers`]): what is shown and what is hidden are the total, at every level.
//! - A place that the geography does not know is a place all the same: its workers are in every sum, under "abroad" or "not mapped".
//! - A threshold is held against the flow between the areas that are shown, never against the rows it was added up from.
//! - Distances are from point to point within communes, as the crow flies, on the ellipsoid; within one commune they are not measured.
//!
//! In reading order: [`workers`], [`matrix`], [`places`], [`read`], [`words`], [`aggregate`] (the table); [`book`] (what is kept);
//! [`star`], [`distances`], [`portrait`] (one territory); [`catchment`] (who could come to a place); [`charging`],
//! [`carpool`] (where something is missing); [`drawn`] (tiles).

pub mod aggregate;
pub mod book;
pub mod carpool;
pub mod catchment;
pub mod charging;
pub mod distances;
pub mod drawn;
pub mod given;
pub mod matrix;
pub mod places;
pub mod portrait;
pub mod read;
pub mod star;
pub mod words;
pub mod workers;

pub use book::Commuting;
pub use portrait::{Portrait, Question, portrait};
pub use words::Filter;

use crate::layer::catalogue::suggestion;
use crate::territory::TerritoryError;
use crate::territory::accessibility::decay::DecayError;

/// Flows under this are never shown.
pub const FLOOR: u32 = 50;

/// Flows under this are shown only to those who ask.
pub const USUAL: u32 = 400;

/// A count under this is to be used with caution (INSEE).
pub const CAUTION: u32 = 200;

/// What can be wrong with a snapshot's flows, or with what is asked of them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CommutingError {
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    #[error("there are no commuting flows here: no layer `commuting-flows`")]
    NoFlows,
    #[error("there are no flows by mode or occupation here: no layer `commuting-by-mode`")]
    NoDetail,
    #[error("there is no {what} `{word}`{}", suggestion(nearest))]
    UnknownWord { what: &'static str, word: String, nearest: Option<String> },
    #[error("the threshold is {0}, but flows under {FLOOR} workers are not shown")]
    Threshold(u32),
    #[error("`{0}` is no direction; write in, out or both")]
    Direction(String),
    #[error("a catchment of {km} km cannot be measured; write more than 0 km and at most {most} km")]
    Within { km: f64, most: f64 },
    #[error("{0} jobs cannot be offered; write a number from 0 to 1,000,000")]
    Jobs(f64),
    #[error("`{name}` is {value}; it lies from {least} to {most}")]
    Parameter { name: &'static str, value: f64, least: f64, most: f64 },
    #[error("there is no assumption `{name}`{}", suggestion(nearest))]
    UnknownParameter { name: String, nearest: Option<String> },
    #[error("`{name}` cannot be `{text}`")]
    Unwritten { name: String, text: String },
    #[error("there are no charging points here: no layer `charging-points`")]
    NoChargers,
    #[error(
        "nothing here says how many cars are charged from the grid: no layer declares `electric-cars`, `plug-in-cars` and `electric-cars-share`"
    )]
    NoCars,
    #[error("there are no carpool places here: no layer `carpool-places`")]
    NoPlaces,
    #[error("there are no roads here: no layer `roads` with numbers")]
    NoRoads,
    #[error("there is no road `{number}`{}", suggestion(nearest))]
    UnknownRoad { number: String, nearest: Option<String> },
    #[error(transparent)]
    Decay(#[from] DecayError),
    #[error("`{0}` is no territory; write its level and its code, such as epci/200066918")]
    Unreadable(String),
}
