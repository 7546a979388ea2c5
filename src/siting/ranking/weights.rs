//! How weights come about where they are not given: from an order, from swings, or from comparisons of each two.
//!
//! - An order: rank-order centroid weights (Barron and Barrett 1996), the mean of all weights that keep the order. The k-th of n
//!   weighs (1/k + … + 1/n) / n; criteria of equal importance share the mean of the places they fill.
//! - Swings: points given to the step from worst to best (Keeney and Raiffa 1976; von Winterfeldt and Edwards 1986).
//! - Comparisons: see [`super::pairwise`].

use std::collections::BTreeMap;

use crate::layer::catalogue::{nearest, suggestion};
use crate::siting::ranking::pairwise::{self, Consistency, Pair, PairwiseError};
use crate::siting::spec::weights::{Judgement, Tier, Weights};

/// A weight for each criterion with a value function, to twelve decimals, in the order asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    pub weights: Vec<f64>,
    /// How well the comparisons agree, where weights come from them.
    pub consistency: Option<Consistency>,
}

/// Weights from the block, for exactly the criteria that have a value function. They depend on names, not on the order of `valued`.
///
/// # Errors
/// A name that is none of them or stands twice, a criterion left out, no swing of 100, comparisons missing or at odds.
pub fn weigh(block: &Weights, valued: &[&str]) -> Result<Weighed, WeightsError> {
    let (weights, consistency) = match block {
        Weights::Order(tiers) => (rank_order_centroid(tiers, valued)?, None),
        Weights::Swing(points) => (swing(points, valued)?, None),
        Weights::Pairwise(judgements) => {
            let (weights, consistency) = pairwise::weights(&pairs(judgements, valued)?, valued)?;
            (weights, Some(consistency))
        }
    };
    // Digits behind the twelfth are noise: criteria judged equal shall weigh the same, and the last billionth of a share shall not
    // hang on the order of a sum.
    let rounded = |weight: &f64| (weight * 1e12).round() / 1e12;
    let weights = valued.iter().filter_map(|name| weights.get(*name).map(rounded)).collect();
    Ok(Weighed { weights, consistency })
}

fn rank_order_centroid(tiers: &[Tier], valued: &[&str]) -> Result<BTreeMap<String, f64>, WeightsError> {
    let named: Vec<&str> = tiers.iter().flat_map(Tier::names).map(String::as_str).collect();
    complete("order", &named, valued)?;
    let mut weights = BTreeMap::new();
    let mut ahead = 0;
    for names in tiers.iter().map(Tier::names).filter(|names| !names.is_empty()) {
        let places = ahead..ahead + names.len();
        let mean = places.clone().map(|place| centroid(place, named.len())).sum::<f64>() / names.len() as f64;
        weights.extend(names.iter().map(|name| (name.clone(), mean)));
        ahead = places.end;
    }
    Ok(weights)
}

/// Weight of the place (from 0) in an order of `all`, the smallest terms added first.
fn centroid(place: usize, all: usize) -> f64 {
    (place + 1..=all).rev().map(|k| 1.0 / k as f64).sum::<f64>() / all as f64
}

fn swing(points: &BTreeMap<String, f64>, valued: &[&str]) -> Result<BTreeMap<String, f64>, WeightsError> {
    complete("swing", &points.keys().map(String::as_str).collect::<Vec<_>>(), valued)?;
    match points.iter().max_by(|a, b| a.1.total_cmp(b.1)) {
        Some((name, &most)) if most != 100.0 => Err(WeightsError::NoFullSwing { name: name.clone(), most }),
        _ => Ok(points.clone()),
    }
}

fn pairs(
    judgements: &BTreeMap<String, BTreeMap<String, Judgement>>,
    valued: &[&str],
) -> Result<BTreeMap<Pair, Judgement>, WeightsError> {
    let mut pairs = BTreeMap::new();
    for (first, row) in judgements {
        for (second, &judgement) in row {
            for name in [first, second] {
                known("pairwise", name, valued)?;
            }
            pairs.insert((first.clone(), second.clone()), judgement);
        }
    }
    Ok(pairs)
}

/// Every valued criterion once, and nothing else.
fn complete(form: &'static str, named: &[&str], valued: &[&str]) -> Result<(), WeightsError> {
    for (place, name) in named.iter().enumerate() {
        known(form, name, valued)?;
        if named[..place].contains(name) {
            return Err(WeightsError::Twice { form, name: (*name).to_owned() });
        }
    }
    match valued.iter().find(|name| !named.contains(name)) {
        Some(missing) => Err(WeightsError::LeftOut { form, name: (*missing).to_owned() }),
        None => Ok(()),
    }
}

fn known(form: &'static str, name: &str, valued: &[&str]) -> Result<(), WeightsError> {
    match valued.contains(&name) {
        true => Ok(()),
        false => Err(WeightsError::Unknown { form, name: name.to_owned(), nearest: nearest(name, valued) }),
    }
}

/// A block of weights that gives none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    #[error("weights, {form}: `{name}` is not a criterion with a value function{}", suggestion(nearest))]
    Unknown { form: &'static str, name: String, nearest: Option<String> },
    #[error("weights, {form}: `{name}` is named twice")]
    Twice { form: &'static str, name: String },
    #[error("weights, {form}: criterion `{name}` has a value function and is left out; name every such criterion")]
    LeftOut { form: &'static str, name: String },
    #[error("weights, swing: the most is {most} for `{name}`; give 100 to the step from worst to best that matters most")]
    NoFullSwing { name: String, most: f64 },
    #[error("weights, pairwise: {0}")]
    Pairwise(#[from] PairwiseError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(json: &str) -> Weights {
        serde_json::from_str(json).unwrap()
    }

    fn weights(json: &str, valued: &[&str]) -> Vec<f64> {
        weigh(&block(json), valued).unwrap().weights
    }

    fn close(found: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(found.len(), expected.len());
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
        assert!(found.iter().zip(expected).all(near), "{found:?} instead of {expected:?}");
    }

    #[test]
    fn an_order_gives_rank_order_centroids() {
        close(&weights(r#"{"order":["a","b","c","d"]}"#, &["a", "b", "c", "d"]), &[0.5208, 0.2708, 0.1458, 0.0625], 5e-5);
        close(&weights(r#"{"order":["b","a"]}"#, &["a", "b"]), &[0.25, 0.75], 1e-12);
        close(&weights(r#"{"order":["a"]}"#, &["a"]), &[1.0], 0.0);
        let tied = weights(r#"{"order":["a",["c","b"],"d"]}"#, &["a", "b", "c", "d"]);
        close(&tied, &[25.0 / 48.0, 10.0 / 48.0, 10.0 / 48.0, 3.0 / 48.0], 1e-12);
        close(&weights(r#"{"order":[["a","b","c"]]}"#, &["c", "b", "a"]), &[1.0 / 3.0; 3], 1e-12);
        let all: Vec<String> = (0..64).map(|n| format!("c{n}")).collect();
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        let many = weigh(&Weights::Order(all.iter().cloned().map(Tier::One).collect()), &names).unwrap().weights;
        assert!((many.iter().sum::<f64>() - 1.0).abs() < 1e-10);
        assert!(many.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn swings_keep_their_proportions() {
        close(&weights(r#"{"swing":{"a":50,"b":100,"c":0}}"#, &["a", "b", "c"]), &[50.0, 100.0, 0.0], 0.0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let says = |json: &str| weigh(&block(json), &["junction", "labour"]).unwrap_err().to_string();
        let cases = [
            (r#"{"order":["junction","labor"]}"#, "`labor` is not a criterion with a value function; did you mean `labour`?"),
            (r#"{"order":["junction"]}"#, "order: criterion `labour` has a value function and is left out"),
            (r#"{"order":["junction","junction"]}"#, "`junction` is named twice"),
            (r#"{"order":[]}"#, "left out"),
            (r#"{"swing":{"junction":80,"labour":60}}"#, "the most is 80 for `junction`; give 100"),
            (r#"{"swing":{"junction":100}}"#, "swing: criterion `labour`"),
            (r#"{"pairwise":{"junction":{"labor":3}}}"#, "pairwise: `labor` is not"),
            (r#"{"pairwise":{}}"#, "`junction` and `labour` are not compared"),
        ];
        for (json, message) in cases {
            assert!(says(json).contains(message), "{json}: {}", says(json));
        }
    }
}
