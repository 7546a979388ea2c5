//! Candidates through the requirements, one after the other; later measures are made only of those that are left.

use std::sync::Arc;

use rayon::prelude::*;

use crate::siting::candidates::{Candidates, Place};
use crate::siting::measure::Site;
use crate::siting::measures::{Measures, Reader};
use crate::siting::memo::Memo;
use crate::siting::requirement::Requirement;
use crate::siting::resolve::Resolved;
use crate::siting::rule::Outcome;
use crate::siting::work::{Stopped, Work};

/// What the requirements did to the candidates. Every criterion is measured of those that are left.
#[derive(Debug)]
pub struct Sifted {
    pub candidates: Arc<Candidates>,
    /// In the order of evaluation.
    pub steps: Vec<Step>,
    /// Numbers of candidates that fail nothing, in increasing order.
    pub left: Vec<u32>,
    /// By number of candidate: the place of the requirement that removed it, or [`LEFT`].
    pub removed_by: Vec<u8>,
}

/// Not removed.
pub const LEFT: u8 = u8::MAX;

/// What one requirement did to the candidates that reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its place among the requirements.
    pub requirement: usize,
    pub tested: usize,
    pub failed: usize,
    /// Neither passed nor failed; they go on, but never pass.
    pub unknown: usize,
    /// Passed or failed by less than the sources' precision.
    pub borderline: usize,
}

/// Candidates tried to see which requirement removes most for its cost.
const SAMPLE: usize = 128;

/// Puts the candidates through the requirements.
///
/// # Errors
/// The work was stopped.
pub fn sieve(resolved: &Resolved<'_>, measures: &mut Measures, memo: &Memo, work: &Work) -> Result<Sifted, Stopped> {
    let candidates = resolved.choose(memo);
    let left = (0..candidates.places.len() as u32).collect();
    let removed_by = vec![LEFT; candidates.places.len()];
    let mut sifted = Sifted { candidates, steps: Vec::new(), left, removed_by };
    for requirement in order(resolved, measures, &sifted.candidates, memo, work)? {
        sifted.pass_through(resolved, measures, requirement, work)?;
    }
    let places: Vec<Place> = sifted.places(&sifted.left).collect();
    for (place, _) in resolved.criteria.iter().enumerate().filter(|(_, criterion)| criterion.rule.is_none()) {
        measures.fill(resolved, resolved.need(place), &places, work)?;
    }
    Ok(sifted)
}

/// Places of the requirements, each the one that removes most for its cost of what the ones before it leave, tried on a sample.
/// The order depends on the data and the names alone: not on the machine, nor on the order of writing.
fn order(
    resolved: &Resolved<'_>,
    measures: &mut Measures,
    candidates: &Candidates,
    memo: &Memo,
    work: &Work,
) -> Result<Vec<usize>, Stopped> {
    let step = candidates.places.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<Place> = candidates.places.iter().step_by(step).copied().collect();
    let mut trials: Vec<Trial> = Vec::new();
    for (place, requirement) in resolved.requirements.iter().enumerate() {
        let of = requirement.node.criteria();
        of.iter().try_for_each(|&of| measures.fill(resolved, resolved.need(of), &sample, work))?;
        let fails = judge(resolved, measures, requirement, &sample).into_iter().map(|judged| judged.outcome == Outcome::Fail);
        let cost = of.iter().map(|&of| cost(resolved, of, &sample, memo)).sum();
        trials.push(Trial { place, name: &requirement.name, cost, fails: fails.collect() });
    }
    let mut left = vec![true; sample.len()];
    let mut order = Vec::with_capacity(trials.len());
    while let Some(next) = (0..trials.len()).min_by(|&a, &b| trials[a].compare(&trials[b], &left)) {
        let trial = trials.swap_remove(next);
        left.iter_mut().zip(&trial.fails).for_each(|(left, fails)| *left &= !fails);
        order.push(trial.place);
    }
    Ok(order)
}

/// What one site of a criterion costs, estimated once for a choice of candidates.
fn cost(resolved: &Resolved<'_>, criterion: usize, sample: &[Place], memo: &Memo) -> f64 {
    let criterion = &resolved.criteria[criterion];
    let key = format!("cost of {} for {}", criterion.definition, resolved.choice);
    *memo.get(
        &key,
        |_| size_of::<f64>(),
        || {
            let sites: Vec<Site<'_>> = sample.iter().map(|&place| resolved.site(place)).collect();
            criterion.measure.cost(&sites, resolved.metric)
        },
    )
}

/// A requirement tried on the sample.
struct Trial<'r> {
    place: usize,
    name: &'r str,
    cost: f64,
    fails: Vec<bool>,
}

impl Trial<'_> {
    /// Nanoseconds spent for each site removed of those left. One imaginary failure in a hundred keeps it finite.
    fn price(&self, left: &[bool]) -> f64 {
        let failed = self.fails.iter().zip(left).filter(|(fails, left)| **fails && **left).count();
        self.cost / (failed as f64 + 0.01 * left.len() as f64)
    }

    fn compare(&self, other: &Trial<'_>, left: &[bool]) -> std::cmp::Ordering {
        self.price(left).total_cmp(&other.price(left)).then_with(|| self.name.cmp(other.name))
    }
}

/// What a requirement says of a site.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    pub outcome: Outcome,
    pub borderline: bool,
}

/// Judges sites that were measured.
pub fn judge(resolved: &Resolved<'_>, measures: &Measures, requirement: &Requirement, places: &[Place]) -> Vec<Judged> {
    let of = requirement.node.criteria();
    let readers: Vec<Reader<'_, '_>> = of.iter().map(|&criterion| measures.read(resolved, criterion)).collect();
    let reader = |criterion: usize| of.iter().position(|&of| of == criterion).map(|place| &readers[place]);
    let judge = |&place: &Place| Judged {
        outcome: requirement.node.judge(&|criterion| reader(criterion).map_or(Outcome::Unknown, |reader| reader.outcome(place))),
        borderline: readers.iter().any(|reader| reader.is_borderline(place)),
    };
    places.par_iter().with_min_len(2048).map(judge).collect()
}

impl Sifted {
    /// Where candidates are, by their numbers.
    pub fn places<'s>(&'s self, numbers: &'s [u32]) -> impl Iterator<Item = Place> + 's {
        numbers.iter().map(|&number| self.candidates.places[number as usize])
    }

    /// Puts a requirement to the candidates that are left and takes out those that fail it.
    fn pass_through(
        &mut self,
        resolved: &Resolved<'_>,
        measures: &mut Measures,
        place: usize,
        work: &Work,
    ) -> Result<(), Stopped> {
        let requirement = &resolved.requirements[place];
        let places: Vec<Place> = self.places(&self.left).collect();
        for of in requirement.node.criteria() {
            measures.fill(resolved, resolved.need(of), &places, work)?;
        }
        let judged = judge(resolved, measures, requirement, &places);
        let count = |outcome: Outcome| judged.iter().filter(|judged| judged.outcome == outcome).count();
        self.steps.push(Step {
            requirement: place,
            tested: judged.len(),
            failed: count(Outcome::Fail),
            unknown: count(Outcome::Unknown),
            borderline: judged.iter().filter(|judged| judged.borderline).count(),
        });
        let mut judged = judged.iter();
        let removed_by = &mut self.removed_by;
        self.left.retain(|&number| {
            let stays = judged.next().is_some_and(|judged| judged.outcome != Outcome::Fail);
            if !stays {
                removed_by[number as usize] = place as u8;
            }
            stays
        });
        Ok(())
    }
}
