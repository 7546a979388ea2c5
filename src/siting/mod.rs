//! Floor 5: from a specification to ranked sites, explained.
//!
//! A [`spec::Spec`] is what a person wrote. [`resolve::resolve`] finds its layers, columns and units in a snapshot, or says in
//! one sentence what cannot be found; after that nothing fails. Candidates go through the requirements, dearest last, and what
//! is left is measured, valued and ranked. Measures know no threshold and rules know no data: [`criteria`] on one side,
//! [`rule`] on the other. A score is the sum of the contributions that explain it, and nothing else.
//!
//! In reading order: [`spec`], [`resolve`], [`context`], [`within`], [`criteria`], [`measure`], [`scale`], [`rule`], [`sieve`],
//! [`ranking`], [`explain`], [`answer`], and its writings [`geojson`] and [`csv`].

pub mod answer;
pub mod context;
pub mod criteria;
pub mod csv;
pub mod explain;
pub mod geojson;
pub mod measure;
pub mod ranking;
pub mod resolve;
pub mod rule;
pub mod scale;
pub mod sieve;
pub mod spec;
pub mod within;

use crate::atlas::View;
use answer::Answer;
use resolve::{ResolveError, resolve};
use spec::Spec;

/// Answers a specification with what the caller may see.
///
/// # Errors
/// What the specification names and the snapshot does not hold, in one sentence with the nearest name.
pub fn site(spec: &Spec, view: View<'_>) -> Result<Answer, ResolveError> {
    let resolved = resolve(spec, view)?;
    let sifted = sieve::sieve(&resolved);
    Ok(explain::answer(spec, view, &resolved, sifted))
}
