//! Confidence factors: how often a site is first under the weights that favour it, over draws of what is unknown.

use crate::siting::ranking::random::{mix, unit};
use crate::siting::ranking::smaa::{Contest, at};

impl Contest {
    /// How often a site is first under the given weights, over draws of what is unknown.
    pub(super) fn confidence(&self, place: usize, weights: &[f64]) -> f64 {
        let field = Field::new(self, weights);
        let own = field.span(place);
        let mut rivals: Vec<usize> = (0..self.sites.len())
            .filter(|&other| other != place && beats((field.span(other)[1], other), (own[0], place)))
            .collect();
        if rivals.is_empty() {
            return 1.0;
        }
        if rivals.iter().any(|&other| beats((field.span(other)[0], other), (own[1], place))) {
            return 0.0;
        }
        let end = |other: usize| field.span(other)[1];
        let middle = |other: usize| field.span(other)[0] + field.span(other)[1];
        // A rival that is ahead ends the search: the likeliest are asked first. Then all, until none can reach as high.
        rivals.sort_by(|&a, &b| middle(b).total_cmp(&middle(a)));
        let likely: Vec<usize> = rivals.iter().copied().take(32).collect();
        rivals.sort_by(|&a, &b| end(b).total_cmp(&end(a)));
        let draws = confidence_draws(self.ask.draws);
        let first = (0..draws).filter(|&draw| {
            let key = self.key(draw);
            let own = (field.score(place, key), place);
            let ahead = |&&other: &&usize| beats((field.score(other, key), other), own);
            let in_reach = || rivals.iter().take_while(|&&other| end(other) >= own.0);
            likely.iter().chain(in_reach()).find(ahead).is_none()
        });
        first.count() as f64 / f64::from(draws)
    }
}

/// Confidence factors are drawn a tenth as often, but at least a thousand times.
fn confidence_draws(draws: u32) -> u32 {
    draws.min((draws / 10).max(1_000))
}

/// Whether one score with its place comes before another.
fn beats(one: (f64, usize), other: (f64, usize)) -> bool {
    one.0 > other.0 || (one.0 == other.0 && one.1 < other.1)
}

/// Scores of the sites under one set of weights: what is known summed once, what is open left to be drawn.
struct Field {
    /// Of each site: its score with all that is open at its least, and the end of its part of `open`.
    sites: Vec<(f64, usize)>,
    /// By how much a worth may add to the score, and its key.
    open: Vec<(f64, u64)>,
}

impl Field {
    fn new(contest: &Contest, weights: &[f64]) -> Field {
        let mut open = contest.open.iter().peekable();
        let mut field = Field { sites: Vec::with_capacity(contest.sites.len()), open: Vec::with_capacity(contest.open.len()) };
        for place in 0..contest.sites.len() {
            let mut sum = 0.0;
            for (criterion, weight) in weights.iter().enumerate() {
                let at = at(place, criterion, contest.criteria);
                if let Some(open) = open.next_if(|open| open.at == at) {
                    sum += weight * open.low;
                    field.open.push((weight * (open.high - open.low), open.key));
                } else {
                    sum += weight * contest.tiles[at];
                }
            }
            field.sites.push((sum, field.open.len()));
        }
        field
    }

    fn open(&self, place: usize) -> &[(f64, u64)] {
        let from = place.checked_sub(1).map_or(0, |before| self.sites[before].1);
        &self.open[from..self.sites[place].1]
    }

    /// Least and greatest score.
    fn span(&self, place: usize) -> [f64; 2] {
        let low = self.sites[place].0;
        [low, self.open(place).iter().fold(low, |sum, &(more, _)| sum + more)]
    }

    fn score(&self, place: usize, draw_key: u64) -> f64 {
        let drawn = |sum, &(more, key): &(f64, u64)| sum + more * unit(mix(draw_key.wrapping_add(key)));
        self.open(place).iter().fold(self.sites[place].0, drawn)
    }
}
