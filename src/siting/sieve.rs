//! Candidates through the requirements, one after the other; later measures are made only of those that are left.

use std::sync::Arc;

use rayon::prelude::*;

use crate::siting::candidates::{Candidates, Place};
use crate::siting::measure::Site;
use crate::siting::measures::{Judge, Judged, Measures};
use crate::siting::memo::Memo;
use crate::siting::resolve::Resolved;
use crate::siting::rule::Outcome;
use crate::siting::work::{Stopped, Work};

/// What the requirements did to the candidates. Every criterion is measured of those that are left.
#[derive(Debug)]
pub struct Sifted {
    pub candidates: Arc<Candidates>,
    /// In the order of evaluation.
    pub steps: Vec<Step>,
    /// Candidates that fail nothing, in their order.
    pub left: Vec<Left>,
    /// By number of candidate: the place of the requirement that removed it, or [`LEFT`].
    pub removed_by: Vec<u8>,
}

/// A candidate that failed nothing so far.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    pub place: Place,
    /// Its number among the candidates.
    number: u32,
    /// Nothing about it is unknown so far.
    pub passes: bool,
    /// It met something by less than the sources' precision.
    pub borderline: bool,
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
    let removed_by = vec![LEFT; candidates.places.len()];
    let mut sifted = Sifted { candidates, steps: Vec::new(), left: Vec::new(), removed_by };
    for requirement in order(resolved, measures, &sifted.candidates, memo, work)? {
        sifted.pass_through(resolved, measures, requirement, work)?;
    }
    if sifted.steps.is_empty() {
        sifted.left = all(0, &sifted.candidates.places).collect();
    }
    for (place, _) in resolved.criteria.iter().enumerate().filter(|(_, criterion)| criterion.rule.is_none()) {
        measures.fill(resolved, resolved.need(place), sifted.left.iter().map(|left| left.place), work)?;
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
        of.iter().try_for_each(|&of| measures.fill(resolved, resolved.need(of), sample.iter().copied(), work))?;
        let judge = Judge::new(resolved, measures, place);
        let fails = sample.iter().map(|&place| judge.judge(place).outcome == Outcome::Fail);
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
    let key = format!("cost of {} for {}", criterion.definition, resolved.chosen);
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

/// What a requirement makes of some of the candidates that reached it.
struct Sieved {
    left: Vec<Left>,
    /// By number.
    removed: Vec<u32>,
    step: Step,
}

/// Candidates that one thread judges in one go.
const CHUNK: usize = 8192;

impl Sieved {
    fn of(judge: &Judge<'_, '_>, requirement: usize, reached: impl ExactSizeIterator<Item = Left>) -> Sieved {
        let step = Step { requirement, tested: reached.len(), failed: 0, unknown: 0, borderline: 0 };
        let mut sieved = Sieved { left: Vec::new(), removed: Vec::new(), step };
        for mut left in reached {
            let Judged { outcome, borderline } = judge.judge(left.place);
            sieved.step.borderline += usize::from(borderline);
            sieved.step.unknown += usize::from(outcome == Outcome::Unknown);
            left.borderline |= borderline;
            left.passes &= outcome == Outcome::Pass;
            match outcome {
                Outcome::Fail => sieved.removed.push(left.number),
                _ => sieved.left.push(left),
            }
        }
        sieved.step.failed = sieved.removed.len();
        sieved
    }
}

impl Sifted {
    /// Puts a requirement to the candidates that are left and takes out those that fail it.
    fn pass_through(
        &mut self,
        resolved: &Resolved<'_>,
        measures: &mut Measures,
        place: usize,
        work: &Work,
    ) -> Result<(), Stopped> {
        let of = resolved.requirements[place].node.criteria();
        let sieved: Vec<Sieved> = if self.steps.is_empty() {
            let places = &self.candidates.places;
            of.iter().try_for_each(|&of| measures.fill(resolved, resolved.need(of), places.iter().copied(), work))?;
            let judge = Judge::new(resolved, measures, place);
            let chunks = places.par_chunks(CHUNK).enumerate();
            chunks.map(|(chunk, places)| Sieved::of(&judge, place, all(chunk * CHUNK, places))).collect()
        } else {
            let places = self.left.iter().map(|left| left.place);
            of.iter().try_for_each(|&of| measures.fill(resolved, resolved.need(of), places.clone(), work))?;
            let judge = Judge::new(resolved, measures, place);
            self.left.par_chunks(CHUNK).map(|left| Sieved::of(&judge, place, left.iter().copied())).collect()
        };
        self.take(place, sieved);
        Ok(())
    }

    fn take(&mut self, place: usize, sieved: Vec<Sieved>) {
        let mut step = Step { requirement: place, tested: 0, failed: 0, unknown: 0, borderline: 0 };
        self.left.clear();
        for part in sieved {
            step.tested += part.step.tested;
            step.failed += part.step.failed;
            step.unknown += part.step.unknown;
            step.borderline += part.step.borderline;
            part.removed.iter().for_each(|&number| self.removed_by[number as usize] = place as u8);
            self.left.extend(part.left);
        }
        self.steps.push(step);
    }
}

/// Candidates of which nothing has been asked, the first by its number.
fn all(first: usize, places: &[Place]) -> impl ExactSizeIterator<Item = Left> {
    let stands =
        move |(at, &place): (usize, &Place)| Left { place, number: (first + at) as u32, passes: true, borderline: false };
    places.iter().enumerate().map(stands)
}
