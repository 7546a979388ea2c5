//! How a ranking came about and how firmly it stands: what an answer says besides scores and ranks.

use rayon::prelude::*;
use serde::Serialize;

use crate::layer::definition::Text;
use crate::siting::Study;
use crate::siting::candidates::Place;
use crate::siting::measures::Reader;
use crate::siting::ranking::pairwise::Consistency;
use crate::siting::ranking::smaa::{self, Draws};
use crate::siting::ranking::stability::stability;
use crate::siting::ranking::worths::{Weighted, Worths};
use crate::siting::ranking::{pareto, topsis};
use crate::siting::spec::method::Method;
use crate::siting::spec::weights::Weights;
use crate::siting::standing::Standing;
use crate::siting::work::{Stopped, Work};

/// How the sites were ranked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    pub method: Method,
    /// How the weights were given: `direct`, `order`, `swing` or `pairwise`.
    pub weights: &'static str,
    /// Of pairwise comparisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistency: Option<Consistency>,
    /// What one must know to read the scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Where the specification asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
}

/// The ranking put to the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Robustness {
    /// SMAA-2 (Lahdelma and Salminen 2001).
    pub method: &'static str,
    pub draws: u32,
    pub seed: u64,
    pub ranks: u32,
    /// How many of the passing sites were compared in the draws: the best by score.
    pub sites: usize,
    pub note: Text,
    /// One a criterion that has weight, by name; empty where one has all of it.
    pub stability: Vec<Stability>,
}

/// Between which shares of one criterion, the others keeping their proportions, the head of the ranking stays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stability {
    pub criterion: String,
    pub share: f64,
    /// The first site stays first.
    pub first: [f64; 2],
    /// The same ten sites are the first ten, in whatever order.
    pub first_ten: [f64; 2],
}

/// How one site fares over all draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acceptability {
    /// Share of the draws in which it has rank 1, 2, …
    pub ranks: Vec<f64>,
    /// Mean of the weights that make it first, by criterion; absent where none was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_weights: Option<serde_json::Map<String, serde_json::Value>>,
    /// Share of the draws of what is unknown in which it is first under its central weights; 0 or 1 where all is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

impl Acceptability {
    /// Share of the draws in which it is first.
    pub fn first(&self) -> f64 {
        self.ranks.first().copied().unwrap_or_default()
    }
}

/// Most sites compared in the draws.
const MOST_SITES: usize = 5_000;

const NOTE: [&str; 2] = [
    "Poids tirés uniformément parmi tous ceux dont la somme vaut 1, quels que soient les poids de la question ; les valeurs inconnues sont \
     tirées uniformément dans leur intervalle. La même graine donne les mêmes tirages.",
    "Weights drawn uniformly among all that add up to 1, whatever the weights of the question; unknown worths drawn uniformly in \
     their interval. The same seed gives the same draws.",
];

fn text([fr, en]: [&str; 2]) -> Text {
    Text { fr: fr.to_owned(), en: en.to_owned() }
}

/// What some sites are worth, a row a site in their order.
pub fn worths(readers: &[Reader<'_, '_>], places: &[Place]) -> Worths {
    let valued = readers.iter().filter(|reader| reader.criterion.value.is_some());
    let weighted = valued.map(|reader| Weighted { name: reader.criterion.name.clone(), share: reader.criterion.share });
    let mut worths = Worths::new(weighted.collect());
    let named = |weighted: &Weighted| readers.iter().find(|reader| reader.criterion.name == weighted.name);
    let columns: Vec<&Reader<'_, '_>> = worths.criteria().iter().filter_map(named).collect();
    let row = |&place: &Place| columns.iter().map(move |reader| reader.value(place).unwrap_or([0.0, 1.0]));
    let cells: Vec<[f64; 2]> = places.par_iter().with_min_len(512).flat_map_iter(row).collect();
    worths.extend(&cells);
    worths
}

impl Study<'_> {
    /// How the passing sites were ranked, and the acceptability of the listed ones, in their order.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn ranking(&self, listed: usize, work: &Work) -> Result<(Ranking, Vec<Acceptability>), Stopped> {
        let method = self.resolved.method;
        let ranking = Ranking {
            method,
            weights: match &self.land.spec.weights {
                None => "direct",
                Some(Weights::Order(_)) => "order",
                Some(Weights::Swing(_)) => "swing",
                Some(Weights::Pairwise(_)) => "pairwise",
            },
            consistency: self.resolved.consistency,
            note: (method == Method::Topsis).then(|| text(topsis::NOTE)),
            robustness: None,
        };
        let Some(asked) = self.land.spec.robustness else { return Ok((ranking, Vec::new())) };
        let passing = &self.standings.passing;
        let best = passing.best(&self.resolved, MOST_SITES.max(listed).min(passing.len()));
        let compared: Vec<Place> = best.iter().take(MOST_SITES).map(|&site| passing.places[site]).collect();
        // Read first, and let go: the draws take long, and other questions may be waiting to write.
        let (table, all) = {
            let readers = self.measures.read_all(&self.resolved);
            (worths(&readers, &compared), worths(&readers, &head_first(passing, &best)))
        };
        let draws = Draws { draws: asked.draws, seed: asked.seed, ranks: asked.ranks as usize };
        let drawn = smaa::acceptabilities(&table, |site| self.key(compared[site]), draws, listed, work)?;
        let robustness = Robustness {
            method: "SMAA-2",
            draws: asked.draws,
            seed: asked.seed,
            ranks: asked.ranks,
            sites: compared.len(),
            note: text(NOTE),
            stability: stabilities(&all),
        };
        let acceptability = drawn.into_iter().map(|site| acceptability(site, &table)).collect();
        Ok((Ranking { robustness: Some(robustness), ..ranking }, acceptability))
    }

    /// A number that stands for a site, whatever else is a candidate.
    fn key(&self, place: Place) -> u64 {
        let site = self.resolved.site(place);
        let hash = blake3::hash(format!("{}/{}", site.layer.definition().id, site.id()).as_bytes());
        hash.as_bytes().iter().take(8).fold(0, |key, &byte| key << 8 | u64::from(byte))
    }

    /// For each of the best sites of a standing, whether no other of it is surely better on every count.
    pub fn undominated(&self, standing: &Standing, best: &[usize]) -> Vec<bool> {
        let Some(least) = best.last().map(|&last| standing.scores[last].low) else { return Vec::new() };
        // Whoever dominates one of them has at least its score: the rest of those that share the last one's.
        let mut is_listed = vec![false; standing.len()];
        best.iter().for_each(|&site| is_listed[site] = true);
        let tied = (0..standing.len()).filter(|&site| standing.scores[site].low == least && !is_listed[site]);
        let head: Vec<usize> = best.iter().copied().chain(tied).collect();
        let places: Vec<Place> = head.iter().map(|&site| standing.places[site]).collect();
        let scores: Vec<_> = head.iter().map(|&site| standing.scores[site]).collect();
        pareto::undominated(&worths(&self.measures.read_all(&self.resolved), &places), &scores, best.len())
    }
}

/// The places of a standing, the best first.
fn head_first(standing: &Standing, best: &[usize]) -> Vec<Place> {
    let head = &best[..best.len().min(10)];
    let rest = (0..standing.len()).filter(|site| !head.contains(site));
    head.iter().copied().chain(rest).map(|site| standing.places[site]).collect()
}

fn stabilities(worths: &Worths) -> Vec<Stability> {
    let named = worths.criteria().iter().zip(stability(worths)).filter_map(|(criterion, found)| Some((criterion, found?)));
    let told = named.map(|(criterion, found)| Stability {
        criterion: criterion.name.clone(),
        share: criterion.share.to_f64(),
        first: found.first,
        first_ten: found.first_ten,
    });
    told.collect()
}

fn acceptability(found: smaa::Acceptability, worths: &Worths) -> Acceptability {
    let named = |weights: Vec<f64>| {
        let names = worths.criteria().iter().map(|criterion| criterion.name.clone());
        names.zip(weights.into_iter().map(serde_json::Value::from)).collect()
    };
    Acceptability { ranks: found.ranks, central_weights: found.central.map(named), confidence: found.confidence }
}
