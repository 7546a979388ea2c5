//! Who passed, who is undecided, with what score, in what order.

use rayon::prelude::*;

use crate::atlas::layer::compare_ids;
use crate::siting::Study;
use crate::siting::candidates::Place;
use crate::siting::measures::{Measures, Reader};
use crate::siting::ranking::topsis::closeness;
use crate::siting::ranking::{Span, rank_intervals};
use crate::siting::resolve::Resolved;
use crate::siting::robustness::worths;
use crate::siting::sieve::Sifted;
use crate::siting::spec::method::Method;

/// The candidates that fail nothing.
#[derive(Debug)]
pub struct Standings {
    pub passing: Standing,
    pub undecided: Standing,
    /// Passing ones that meet something by less than the sources' precision.
    pub borderline: usize,
}

/// Sites ranked among each other.
#[derive(Debug, Default)]
pub struct Standing {
    pub places: Vec<Place>,
    /// One a site.
    pub scores: Vec<Span>,
}

pub fn standings(resolved: &Resolved<'_>, measures: &Measures, sifted: &Sifted) -> Standings {
    let readers = measures.read_all(resolved);
    let scores: Vec<Span> = sifted.left.par_iter().with_min_len(4096).map(|left| score(&readers, left.place)).collect();
    let mut standings = Standings { passing: Standing::default(), undecided: Standing::default(), borderline: 0 };
    for (left, score) in sifted.left.iter().zip(scores) {
        let standing = if left.passes { &mut standings.passing } else { &mut standings.undecided };
        standing.places.push(left.place);
        standing.scores.push(score);
        standings.borderline += usize::from(left.passes && left.borderline);
    }
    if resolved.method == Method::Topsis {
        for standing in [&mut standings.passing, &mut standings.undecided] {
            let table = worths(&readers, &standing.places);
            // Where nothing has a value, all score 0 by any method.
            if !table.is_empty() {
                standing.scores = closeness(&table);
            }
        }
    }
    standings
}

impl Study<'_> {
    /// The score that a site whose criteria are measured has, or would have, among the passing ones.
    pub fn score(&self, place: Place) -> Span {
        let readers = self.measures.read_all(&self.resolved);
        match self.resolved.method {
            Method::Additive => score(&readers, place),
            Method::Topsis => {
                let others = self.standings.passing.places.iter().copied().filter(|&other| other != place);
                let places: Vec<Place> = others.chain([place]).collect();
                closeness(&worths(&readers, &places)).pop().unwrap_or_default()
            }
        }
    }
}

/// The sum of what each criterion adds.
fn score(readers: &[Reader<'_, '_>], place: Place) -> Span {
    readers.iter().filter_map(|reader| reader.worth(place)).sum()
}

impl Standing {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The best `limit`, best first: by score (of the least that is known), then by the layer's id, then by the site's own.
    pub fn best(&self, resolved: &Resolved<'_>, limit: usize) -> Vec<usize> {
        let compare = |&a: &usize, &b: &usize| {
            let by_score = self.scores[b].low.cmp(&self.scores[a].low);
            // Candidate layers are in the order of their ids.
            let by_layer = self.places[a].layer.cmp(&self.places[b].layer);
            let [site_a, site_b] = [a, b].map(|place| resolved.site(self.places[place]));
            by_score.then(by_layer).then_with(|| compare_ids(site_a.id(), site_b.id())).then(site_a.row.cmp(&site_b.row))
        };
        let mut order: Vec<usize> = (0..self.len()).collect();
        if limit < order.len() {
            order.select_nth_unstable_by(limit, compare);
            order.truncate(limit);
        }
        order.sort_unstable_by(compare);
        order
    }

    /// Best and worst rank that each of some sites may have once what is unknown is known.
    pub fn rank_intervals(&self, of: &[usize]) -> Vec<[usize; 2]> {
        let asked: Vec<Span> = of.iter().map(|&place| self.scores[place]).collect();
        rank_intervals(&asked, &self.scores)
    }
}
