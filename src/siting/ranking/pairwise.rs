//! Weights from comparisons of each two: the analytic hierarchy process (Saaty 1980).
//!
//! The judgements fill a reciprocal matrix; the weights are its principal eigenvector. Judgements that contradict each other
//! raise the greatest eigenvalue above n: consistency index (λ − n) / (n − 1), divided by what random judgements give on average.
//! A ratio above 0.10 is refused, with the three judgements that disagree most.

use std::collections::BTreeMap;
use std::fmt;

use crate::siting::spec::weights::{Judgement, MOST};

/// The first criterion, and the one it is compared with.
pub type Pair = (String, String);

/// Mean consistency index of random reciprocal matrices of order 0, 1, 2, … (Saaty 1980).
const RANDOM_INDEX: [f64; 16] = [0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];
const GREATEST_RATIO: f64 = 0.10;

/// How well comparisons agree.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Consistency {
    /// The greatest eigenvalue: the number of criteria where all agree.
    pub lambda: f64,
    /// 0 where all agree; up to 0.10 is accepted.
    pub ratio: f64,
}

/// Weights that add up to 1, by name.
///
/// # Errors
/// More than 15 criteria, a pair not compared, compared twice or with itself, judgements too much at odds.
pub fn weights(
    judgements: &BTreeMap<Pair, Judgement>,
    names: &[&str],
) -> Result<(BTreeMap<String, f64>, Consistency), PairwiseError> {
    // By name, so that the order of writing moves no last digit.
    let mut names = names.to_vec();
    names.sort_unstable();
    let matrix = matrix(judgements, &names)?;
    let (vector, lambda) = principal(&matrix);
    let ratio = match names.len() {
        0..=2 => 0.0,
        n => (lambda - n as f64).max(0.0) / (n as f64 - 1.0) / RANDOM_INDEX[n],
    };
    if ratio > GREATEST_RATIO {
        return Err(PairwiseError::Inconsistent { ratio, triad: worst(&matrix, &names) });
    }
    let weights = names.iter().map(|&name| name.to_owned()).zip(vector).collect();
    Ok((weights, Consistency { lambda, ratio }))
}

fn matrix(judgements: &BTreeMap<Pair, Judgement>, names: &[&str]) -> Result<Vec<Vec<f64>>, PairwiseError> {
    if names.len() >= RANDOM_INDEX.len() {
        return Err(PairwiseError::Many(names.len()));
    }
    let given = |a: &str, b: &str| judgements.get(&(a.to_owned(), b.to_owned())).map(|judgement| judgement.0);
    let mut matrix = vec![vec![1.0; names.len()]; names.len()];
    let mut missing = Vec::new();
    for (row, a) in names.iter().enumerate() {
        if given(a, a).is_some() {
            return Err(PairwiseError::Itself((*a).to_owned()));
        }
        for (column, b) in names.iter().enumerate().skip(row + 1) {
            match (given(a, b), given(b, a)) {
                (Some(forth), None) => (matrix[row][column], matrix[column][row]) = (forth, 1.0 / forth),
                (None, Some(back)) => (matrix[row][column], matrix[column][row]) = (1.0 / back, back),
                (None, None) => missing.push([*a, *b].map(str::to_owned)),
                (Some(_), Some(_)) => return Err(PairwiseError::Twice([*a, *b].map(str::to_owned))),
            }
        }
    }
    if missing.is_empty() { Ok(matrix) } else { Err(PairwiseError::Missing(missing)) }
}

/// The principal eigenvector, adding up to 1, and its eigenvalue, by power iteration: the matrix is positive, so that the
/// iteration converges (Perron).
fn principal(matrix: &[Vec<f64>]) -> (Vec<f64>, f64) {
    let all = matrix.len();
    let mut vector = vec![1.0 / all as f64; all];
    let mut lambda = all as f64;
    for _ in 0..10_000 {
        let image: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, x)| a * x).sum()).collect();
        lambda = image.iter().sum();
        let next: Vec<f64> = image.iter().map(|x| x / lambda).collect();
        let moved = next.iter().zip(&vector).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        vector = next;
        if moved < 1e-15 {
            break;
        }
    }
    (vector, lambda)
}

/// Three comparisons: the first with the second, the second with the third, the first with the third.
#[derive(Debug, Clone, PartialEq)]
pub struct Triad {
    pub names: [String; 3],
    pub judgements: [Judgement; 3],
}

/// The triad whose product is farthest from what it should be.
fn worst(matrix: &[Vec<f64>], names: &[&str]) -> Triad {
    let mut worst = (0.0, [0, 0, 0]);
    for a in 0..names.len() {
        for b in a + 1..names.len() {
            for c in b + 1..names.len() {
                let off = matrix[a][b] * matrix[b][c] / matrix[a][c];
                let off = off.max(1.0 / off);
                if off > worst.0 {
                    worst = (off, [a, b, c]);
                }
            }
        }
    }
    let [a, b, c] = worst.1;
    Triad {
        names: worst.1.map(|place| names[place].to_owned()),
        judgements: [matrix[a][b], matrix[b][c], matrix[a][c]].map(Judgement),
    }
}

impl Triad {
    /// What each judgement would have to be for the three to agree while the other two stay.
    fn repairs(&self) -> [Judgement; 3] {
        let [ab, bc, ac] = self.judgements.map(|judgement| judgement.0);
        [ac / bc, ac / ab, ab * bc].map(Judgement)
    }
}

impl fmt::Display for Triad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = &self.names;
        let [ab, bc, ac] = self.judgements;
        write!(f, "`{a}` over `{b}` = {ab}, `{b}` over `{c}` = {bc} and `{a}` over `{c}` = {ac}")?;
        let pairs = [(a, b), (b, c), (a, c)];
        let on_scale = |judgement: &Judgement| (1.0 / MOST - 1e-9..=MOST + 1e-9).contains(&judgement.0);
        let repairs = pairs.iter().zip(self.repairs()).filter(|(_, judgement)| on_scale(judgement));
        let repairs: Vec<String> = repairs.map(|((a, b), judgement)| format!("`{a}` over `{b}` = {judgement}")).collect();
        match repairs.is_empty() {
            true => write!(f, "; no single one of them can be mended within 1/9 to 9, so think two of them over"),
            false => write!(f, "; they would agree with {}", repairs.join(", or with ")),
        }
    }
}

/// Comparisons that give no weights.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PairwiseError {
    #[error("{0} criteria; the most that can be compared two by two is {most}", most = RANDOM_INDEX.len() - 1)]
    Many(usize),
    #[error("`{0}` is compared with itself")]
    Itself(String),
    #[error("`{}` and `{}` are compared twice; write one of the two, the other is its inverse", .0[0], .0[1])]
    Twice([String; 2]),
    #[error("{}", missing(.0))]
    Missing(Vec<[String; 2]>),
    #[error("the comparisons contradict each other (consistency ratio {ratio:.2}, at most 0.10); most at odds are {triad}")]
    Inconsistent { ratio: f64, triad: Triad },
}

fn missing(pairs: &[[String; 2]]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = pairs.iter().take(SHOWN).map(|[a, b]| format!("`{a}` and `{b}`")).collect();
    let more = pairs.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more pairs") } else { String::new() };
    format!("{}{more} are not compared; compare each two criteria once", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(list: &[(&str, &str, f64)]) -> BTreeMap<Pair, Judgement> {
        list.iter().map(|&(a, b, x)| ((a.to_owned(), b.to_owned()), Judgement(x))).collect()
    }

    #[test]
    fn the_published_vector() {
        let judgements = judged(&[("a", "b", 3.0), ("a", "c", 5.0), ("c", "b", 1.0 / 3.0)]);
        let (weights, consistency) = weights(&judgements, &["c", "a", "b"]).unwrap();
        for (name, expected) in [("a", 0.63699), ("b", 0.25828), ("c", 0.10473)] {
            assert!((weights[name] - expected).abs() < 5e-6, "{name}: {}", weights[name]);
        }
        assert!((consistency.lambda - 3.038511).abs() < 5e-7);
        assert!((consistency.ratio - 0.03320).abs() < 5e-6);
    }

    #[test]
    fn comparisons_that_agree_give_back_their_weights() {
        let truth = [("a", 0.5), ("b", 0.25), ("c", 0.15), ("d", 0.1)];
        let mut list = Vec::new();
        for (place, &(a, x)) in truth.iter().enumerate() {
            list.extend(truth[place + 1..].iter().map(|&(b, y)| (a, b, x / y)));
        }
        let (weights, consistency) = weights(&judged(&list), &["a", "b", "c", "d"]).unwrap();
        assert!(truth.iter().all(|&(name, weight)| (weights[name] - weight).abs() < 1e-12));
        assert!(consistency.ratio < 1e-14 && (consistency.lambda - 4.0).abs() < 1e-13);
    }

    #[test]
    fn two_always_agree_and_one_weighs_all() {
        let (two, consistency) = weights(&judged(&[("a", "b", 9.0)]), &["a", "b"]).unwrap();
        assert!((two["a"] - 0.9).abs() < 1e-12 && consistency.ratio == 0.0);
        assert_eq!(weights(&judged(&[]), &["a"]).unwrap().0["a"], 1.0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let says = |list: &[(&str, &str, f64)], names: &[&str]| weights(&judged(list), names).unwrap_err().to_string();
        assert!(says(&[("a", "b", 3.0)], &["a", "b", "c"]).contains("`a` and `c`, `b` and `c` are not compared"));
        assert!(says(&[("a", "b", 3.0), ("b", "a", 3.0)], &["a", "b"]).contains("compared twice"));
        assert!(says(&[("a", "a", 1.0)], &["a", "b"]).contains("with itself"));
        let names: Vec<String> = (0..16).map(|n| format!("c{n}")).collect();
        assert!(says(&[], &names.iter().map(String::as_str).collect::<Vec<_>>()).contains("16 criteria; the most"));
        assert!(says(&[], &["a", "b", "c", "d", "e"]).contains("and 4 more pairs"));
    }

    #[test]
    fn contradictions_are_refused_with_the_worst_three() {
        let circle =
            judged(&[("a", "b", 3.0), ("b", "c", 2.0), ("c", "a", 4.0), ("a", "d", 2.0), ("b", "d", 1.0), ("c", "d", 1.0)]);
        let said = weights(&circle, &["a", "b", "c", "d"]).unwrap_err().to_string();
        assert!(said.contains("consistency ratio 0.40"), "{said}");
        assert!(said.contains("`a` over `b` = 3, `b` over `c` = 2 and `a` over `c` = 1/4"), "{said}");
        assert!(said.contains("they would agree with `a` over `b` = 1/8, or with `a` over `c` = 6"), "{said}");
        let hopeless = judged(&[("a", "b", 9.0), ("b", "c", 9.0), ("c", "a", 9.0)]);
        let said = weights(&hopeless, &["a", "b", "c"]).unwrap_err().to_string();
        assert!(said.contains("think two of them over"), "{said}");
    }
}
