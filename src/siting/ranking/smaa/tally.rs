//! The best of each draw, and how often each site was among them.

use crate::siting::ranking::random::WHOLE;
use crate::siting::ranking::smaa::Contest;

/// The best of one draw, best first.
pub(super) struct Leaders {
    most: usize,
    best: Vec<(f64, usize)>,
    /// What a site must exceed to be among them.
    pub(super) least: f64,
}

impl Leaders {
    pub(super) fn new(most: usize) -> Leaders {
        Leaders { most, best: Vec::with_capacity(most + 1), least: f64::NEG_INFINITY }
    }

    /// Sites are offered in the order of the ranking, so that of equals the first stays ahead.
    pub(super) fn offer(&mut self, score: f64, place: usize) {
        if score <= self.least {
            return;
        }
        let rank = self.best.iter().rposition(|&(better, _)| better >= score).map_or(0, |before| before + 1);
        self.best.insert(rank, (score, place));
        self.best.truncate(self.most);
        if self.best.len() == self.most {
            self.least = self.best.last().map_or(f64::NEG_INFINITY, |&(score, _)| score);
        }
    }
}

/// What was counted.
pub(super) struct Tally {
    most: usize,
    criteria: usize,
    /// Draws, by site and rank.
    ranks: Vec<u32>,
    /// Sums of the weights (over [`WHOLE`]) of the draws in which a site was first.
    weights: Vec<u128>,
}

impl Tally {
    pub(super) fn new(contest: &Contest) -> Tally {
        let (sites, most, criteria) = (contest.sites.len(), contest.ask.ranks, contest.criteria);
        Tally { most, criteria, ranks: vec![0; sites * most], weights: vec![0; sites * criteria] }
    }

    pub(super) fn count(&mut self, leaders: &Leaders, gaps: &[u64]) {
        for (rank, &(_, place)) in leaders.best.iter().enumerate() {
            self.ranks[place * self.most + rank] += 1;
        }
        if let Some(&(_, first)) = leaders.best.first() {
            let sums = self.weights[first * self.criteria..].iter_mut();
            sums.zip(gaps).for_each(|(sum, &gap)| *sum += u128::from(gap));
        }
    }

    pub(super) fn with(mut self, other: Tally) -> Tally {
        self.ranks.iter_mut().zip(other.ranks).for_each(|(sum, count)| *sum += count);
        self.weights.iter_mut().zip(other.weights).for_each(|(sum, part)| *sum += part);
        self
    }

    pub(super) fn ranks(&self, place: usize) -> &[u32] {
        &self.ranks[place * self.most..(place + 1) * self.most]
    }

    pub(super) fn central(&self, place: usize) -> Option<Vec<f64>> {
        let firsts = self.ranks(place).first().copied().filter(|&firsts| firsts > 0)?;
        let whole = f64::from(firsts) * WHOLE as f64;
        let sums = &self.weights[place * self.criteria..(place + 1) * self.criteria];
        Some(sums.iter().map(|&sum| sum as f64 / whole).collect())
    }
}
