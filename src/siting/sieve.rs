//! Candidates through the requirements, one after the other; later measures are made only of those that are left.

use rayon::prelude::*;

use crate::siting::measure::{Measured, Site, column};
use crate::siting::resolve::{Criterion, Resolved};
use crate::siting::rule::Outcome;

/// What is left, with a column of measures for each criterion.
#[derive(Debug)]
pub struct Sifted<'v> {
    pub candidates: Counts,
    /// In the order of evaluation.
    pub steps: Vec<Step>,
    pub sites: Vec<Site<'v>>,
    /// Criterion by criterion, in written order; each as long as `sites`.
    pub columns: Vec<Vec<Measured>>,
}

/// The features of the candidate layers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// In the layers.
    pub features: usize,
    /// Of these, outside the place asked for.
    pub elsewhere: usize,
    /// Of the others, those for which the filter is false.
    pub filtered: usize,
    /// And those for which it is unknown.
    pub filter_unknown: usize,
    /// What is left: the candidates.
    pub considered: usize,
}

/// What one requirement did to the candidates that reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Place of the criterion in the specification.
    pub criterion: usize,
    pub tested: usize,
    pub failed: usize,
    /// Neither passed nor failed; they go on, but never pass.
    pub unknown: usize,
    /// Passed or failed by less than the sources' precision.
    pub borderline: usize,
}

/// Candidates tried to see which requirement removes most for its cost.
const SAMPLE: usize = 128;

pub fn sieve<'v>(resolved: &Resolved<'v>) -> Sifted<'v> {
    let (sites, candidates) = candidates(resolved);
    let mut sifted = Sifted { candidates, steps: Vec::new(), sites, columns: vec![Vec::new(); resolved.criteria.len()] };
    for criterion in order(resolved, &sifted.sites) {
        sifted.pass_through(resolved, criterion);
    }
    for (place, criterion) in resolved.criteria.iter().enumerate().filter(|(_, criterion)| criterion.rule.is_none()) {
        sifted.columns[place] = column(&criterion.measure, &sifted.sites, resolved.metric, criterion.reach_m);
    }
    sifted
}

fn candidates<'v>(resolved: &Resolved<'v>) -> (Vec<Site<'v>>, Counts) {
    let mut counts = Counts::default();
    let mut sites = Vec::new();
    for (layer, filter) in &resolved.candidates {
        counts.features += layer.len();
        let rows: Vec<u32> = match &resolved.within {
            None => layer.rows().collect(),
            Some(place) => {
                let mut near = Vec::new();
                layer.rows_in(&place.bounds(), |row| near.push(row));
                near.into_par_iter().filter(|&row| place.owns(layer, row)).collect()
            }
        };
        counts.elsewhere += layer.len() - rows.len();
        for row in rows {
            match filter.as_ref().map_or(Some(true), |filter| filter.answer(row)) {
                Some(true) => sites.push(Site { layer, row }),
                Some(false) => counts.filtered += 1,
                None => counts.filter_unknown += 1,
            }
        }
    }
    counts.considered = sites.len();
    (sites, counts)
}

/// Places of the requirements, each the one that removes most for its cost of what the ones before it leave, tried on a sample.
/// The order depends on the data and the names alone: not on the machine, nor on the order of writing.
fn order(resolved: &Resolved<'_>, sites: &[Site<'_>]) -> Vec<usize> {
    let step = sites.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<Site<'_>> = sites.iter().step_by(step).copied().collect();
    let mut trials: Vec<Trial> = Vec::new();
    for (place, criterion) in resolved.criteria.iter().enumerate().filter(|(_, criterion)| criterion.rule.is_some()) {
        let cells = column(&criterion.measure, &sample, resolved.metric, criterion.reach_m);
        let fails = cells.iter().map(|cell| judge(criterion, cell) == Outcome::Fail).collect();
        trials.push(Trial { place, name: &criterion.name, cost: criterion.measure.cost(&sample, resolved.metric), fails });
    }
    let mut left = vec![true; sample.len()];
    let mut order = Vec::with_capacity(trials.len());
    while let Some(next) = (0..trials.len()).min_by(|&a, &b| trials[a].compare(&trials[b], &left)) {
        let trial = trials.swap_remove(next);
        left.iter_mut().zip(&trial.fails).for_each(|(left, fails)| *left &= !fails);
        order.push(trial.place);
    }
    order
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

/// The answer of a criterion's requirement; `Pass` where it has none.
pub fn judge(criterion: &Criterion<'_>, cell: &Measured) -> Outcome {
    criterion.rule.as_ref().map_or(Outcome::Pass, |rule| rule.judge(&cell.reading))
}

/// Whether the requirement was met or missed by less than the sources' precision.
pub fn is_borderline(criterion: &Criterion<'_>, cell: &Measured) -> bool {
    criterion.rule.as_ref().is_some_and(|rule| rule.is_borderline(&cell.reading, cell.tolerance))
}

impl Sifted<'_> {
    /// Measures a criterion of the sites that are left and takes out those that fail it.
    fn pass_through(&mut self, resolved: &Resolved<'_>, place: usize) {
        let criterion = &resolved.criteria[place];
        let cells = column(&criterion.measure, &self.sites, resolved.metric, criterion.reach_m);
        let outcomes: Vec<Outcome> = cells.iter().map(|cell| judge(criterion, cell)).collect();
        let count = |outcome: Outcome| outcomes.iter().filter(|&&found| found == outcome).count();
        self.steps.push(Step {
            criterion: place,
            tested: outcomes.len(),
            failed: count(Outcome::Fail),
            unknown: count(Outcome::Unknown),
            borderline: cells.iter().filter(|cell| is_borderline(criterion, cell)).count(),
        });
        self.columns[place] = cells;
        let stays: Vec<bool> = outcomes.iter().map(|&outcome| outcome != Outcome::Fail).collect();
        keep(&mut self.sites, &stays);
        self.columns.iter_mut().filter(|column| !column.is_empty()).for_each(|column| keep(column, &stays));
    }
}

fn keep<T>(rows: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    rows.retain(|_| stays.next().copied().unwrap_or(false));
}
