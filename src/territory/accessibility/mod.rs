//! What can be reached from a place, and what of it once it is shared with all who reach it.
//!
//! Pure formulas over a sparse matrix of weights. In reading order: [`decay`] (what distance does), [`points`] (who is within), [`reach`]
//! (the matrix), [`hansen`] (gross), [`shen`] (with competition; with a step, the two-step floating catchment).

pub mod decay;
pub mod hansen;
pub mod points;
pub mod reach;
pub mod shen;
