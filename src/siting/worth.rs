//! What a measure is worth, from 0 to 1.

use crate::siting::measure::Reading;

/// What a measure is worth: straight between breakpoints, constant beyond the ends.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueFunction {
    /// Abscissae in base units, strictly increasing.
    Numbers(Vec<(f64, f64)>),
    /// The worth of each word of the vocabulary; of a word that is not listed nothing is known.
    Words(Vec<Option<f64>>),
}

impl ValueFunction {
    /// A function of words, for readings of this vocabulary.
    pub fn of_words(worths: &[(String, f64)], vocabulary: &[&str]) -> ValueFunction {
        let worth = |word: &&str| worths.iter().find(|(listed, _)| listed == word).map(|&(_, worth)| worth);
        ValueFunction::Words(vocabulary.iter().map(worth).collect())
    }

    /// Least and greatest worth that a reading allows. Nothing known allows 0 to 1.
    pub fn worth(&self, reading: &Reading) -> [f64; 2] {
        match (self, reading) {
            (ValueFunction::Numbers(points), &Reading::Number { low, high }) => range(points, low, high),
            (ValueFunction::Words(worths), Reading::Word(word)) => {
                worths.get(*word as usize).copied().flatten().map_or([0.0, 1.0], |worth| [worth; 2])
            }
            _ => [0.0, 1.0],
        }
    }

    /// The measure beyond which the worth is constant.
    pub fn last_breakpoint(&self) -> Option<f64> {
        match self {
            ValueFunction::Numbers(points) => points.last().map(|&(at, _)| at),
            ValueFunction::Words(_) => None,
        }
    }
}

fn range(points: &[(f64, f64)], low: f64, high: f64) -> [f64; 2] {
    let mut range = [at(points, low); 2];
    if low < high {
        let between = points.iter().filter(|&&(x, _)| low < x && x < high).map(|&(_, worth)| worth);
        for worth in between.chain([at(points, high)]) {
            range = [range[0].min(worth), range[1].max(worth)];
        }
    }
    range
}

fn at(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|&(breakpoint, _)| breakpoint <= x);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some(&(x0, v0)), Some(&(x1, v1))) => v0 + (v1 - v0) * ((x - x0) / (x1 - x0)),
        (Some(&(_, worth)), None) | (None, Some(&(_, worth))) => worth,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::measure::Reason;

    #[test]
    fn worth_is_straight_between_breakpoints_and_constant_beyond() {
        let function = ValueFunction::Numbers(vec![(0.0, 1.0), (10.0, 0.0), (20.0, 0.5)]);
        let between = |low: f64, high: f64| Reading::Number { low, high };
        let exact = |x: f64| function.worth(&between(x, x));
        assert_eq!([-5.0, 0.0, 2.5, 10.0, 15.0, 20.0, 99.0].map(|x| exact(x)[0]), [1.0, 1.0, 0.75, 0.0, 0.25, 0.5, 0.5]);
        assert_eq!(function.worth(&between(5.0, 15.0)), [0.0, 0.5]);
        assert_eq!(function.worth(&between(15.0, f64::INFINITY)), [0.25, 0.5]);
        assert_eq!(function.worth(&between(25.0, f64::INFINITY)), [0.5, 0.5]);
        assert_eq!(function.worth(&Reading::Unknown(Reason::NoGeometry)), [0.0, 1.0]);
    }
}
