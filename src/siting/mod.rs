//! Floor 5: from a specification to ranked sites, explained.
//!
//! A [`spec::Spec`] is what a person wrote. [`resolve::resolve`] finds its layers, columns and units in a snapshot, or says in
//! one sentence what cannot be found; after that nothing fails but by being stopped. Candidates go through the requirements,
//! dearest last, and what is left is measured, valued and ranked. Measures know no threshold and rules know no data:
//! [`criteria`] on one side, [`rule`] on the other. What is measured is kept in a [`memo::Memo`], so that the next question
//! reads it. A score is the sum of the contributions that explain it, and nothing else.
//!
//! In reading order: [`spec`], [`land`] (with [`assembly`], which makes candidates of plots), [`resolve`], [`context`],
//! [`within`], [`candidates`]; [`criteria`], [`measure`], [`scale`],
//! [`memo`], [`column`], [`cells`], [`measures`]; [`rule`], [`requirement`], [`sieve`]; [`ranking`], [`standing`],
//! [`robustness`], [`explain`], [`answer`], and its [`writing`] in files and pages; then what else a study can be asked:
//! [`relax`] (with what a site lacks, and the smallest changes), [`spread`], [`why`], [`compare`],
//! [`paint`]; beside them [`work`] and [`stored`].

pub mod answer;
pub mod assembly;
pub mod candidates;
mod cells;
pub mod column;
pub mod compare;
pub mod context;
pub mod criteria;
pub mod explain;
pub mod land;
mod loosen;
pub mod measure;
pub mod measures;
pub mod memo;
pub mod paint;
pub mod ranking;
pub mod relax;
pub mod requirement;
pub mod resolve;
pub mod robustness;
pub mod rule;
pub mod scale;
mod shortfall;
pub mod sieve;
pub mod spec;
pub mod spread;
pub mod standing;
pub mod stored;
pub mod why;
pub mod within;
pub mod work;
pub mod worth;
pub mod writing;

use crate::atlas::View;
use answer::Answer;
use land::Land;
use measures::Measures;
use memo::Memo;
use resolve::{ResolveError, Resolved, resolve};
use sieve::{Sifted, sieve};
use spec::Spec;
use standing::{Standings, standings};
use work::{Stopped, Work};

/// A specification put to a snapshot: who passed, who failed what, in what order. What it is asked afterwards reads the measures
/// that were made, or makes those that are missing.
#[derive(Debug)]
pub struct Study<'v> {
    pub land: &'v Land<'v>,
    pub resolved: Resolved<'v>,
    pub measures: Measures,
    pub sifted: Sifted,
    pub standings: Standings,
}

/// Puts a specification to its land. Not to be called from a task of the thread pool ([`column`] says why).
///
/// # Errors
/// What the specification names and the snapshot does not hold, in one sentence with the nearest name; or a stop.
pub fn study<'l>(land: &'l Land<'_>, memo: &Memo, work: &Work) -> Result<Study<'l>, SitingError> {
    let resolved = resolve(land, memo)?;
    let mut measures = Measures::new(&resolved, memo);
    let sifted = sieve(&resolved, &mut measures, memo, work)?;
    let standings = standings(&resolved, &measures, &sifted);
    Ok(Study { land, resolved, measures, sifted, standings })
}

/// Answers one specification, keeping nothing.
///
/// # Errors
/// As [`Land::prepare`].
pub fn site(spec: &Spec, view: View<'_>) -> Result<Answer, SitingError> {
    let (memo, work) = (Memo::default(), Work::default());
    let land = Land::prepare(spec, view, &memo, &work)?;
    Ok(study(&land, &memo, &work)?.answer(&work)?)
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SitingError {
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    #[error(transparent)]
    Stopped(#[from] Stopped),
}
