//! Contributions to scores, scores to ranks.
//!
//! An additive value model (Keeney and Raiffa 1976): each weight's share of all weights times what the measure is worth. All
//! of it in whole billionths, so that the score is exactly the sum of its contributions on any machine, in any order.
//!
//! Beside it: how weights come about ([`weights`], [`pairwise`]), another method ([`topsis`]), and how firmly a ranking stands
//! ([`pareto`], [`smaa`], [`stability`]). These look at a table of [`worths`] and know neither layers nor measures.
//!
//! In reading order: [`worths`], [`weights`], [`pairwise`], [`topsis`], [`pareto`], [`stability`], [`smaa`], [`random`].

pub mod pairwise;
pub mod pareto;
pub mod random;
pub mod smaa;
pub mod stability;
pub mod topsis;
pub mod weights;
pub mod worths;

use crate::siting::measure::Reading;
use crate::siting::worth::ValueFunction;

/// Billionths of a score: [`Points::ONE`] is the best possible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub i64);

impl Points {
    pub const ONE: Points = Points(1_000_000_000);

    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Points::ONE.0 as f64
    }
}

/// Least and greatest points that what is known allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub low: Points,
    pub high: Points,
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        let add = |a: Points, b: Points| Points(a.0 + b.0);
        spans.fold(Span::default(), |sum, span| Span { low: add(sum.low, span.low), high: add(sum.high, span.high) })
    }
}

/// Each weight's share of all, in billionths that add up to exactly one (largest remainders). Shares depend on the weights and
/// names alone, not on the order of writing.
pub fn shares(weights: &[(&str, f64)]) -> Vec<Points> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| weights[b].1.total_cmp(&weights[a].1).then_with(|| weights[a].0.cmp(weights[b].0)));
    let total: f64 = order.iter().map(|&place| weights[place].1).sum();
    let exact = |place: usize| weights[place].1 / total * Points::ONE.0 as f64;
    let mut shares: Vec<Points> = (0..weights.len()).map(|place| Points(exact(place).floor() as i64)).collect();
    order.sort_by(|&a, &b| (exact(b) - exact(b).floor()).total_cmp(&(exact(a) - exact(a).floor())));
    let left = Points::ONE.0 - shares.iter().map(|share| share.0).sum::<i64>();
    for &place in order.iter().filter(|&&place| weights[place].1 > 0.0).take(left.max(0) as usize) {
        shares[place].0 += 1;
    }
    shares
}

/// What a reading adds to the score.
pub fn contribution(share: Points, function: &ValueFunction, reading: &Reading) -> Span {
    let [low, high] = function.worth(reading).map(|worth| Points((share.0 as f64 * worth).round() as i64));
    Span { low, high }
}

/// Best and worst rank, from 1, that each asked score may have among all of them once what is unknown is known.
pub fn rank_intervals(asked: &[Span], scores: &[Span]) -> Vec<[usize; 2]> {
    let sorted = |end: fn(&Span) -> Points| {
        let mut ends: Vec<Points> = scores.iter().map(end).collect();
        ends.sort_unstable();
        ends
    };
    let (lows, highs) = (sorted(|span| span.low), sorted(|span| span.high));
    let all = scores.len();
    let interval = |span: &Span| {
        let surely_better = all - lows.partition_point(|&low| low <= span.high);
        let surely_worse = highs.partition_point(|&high| high < span.low);
        [1 + surely_better, (all - surely_worse).max(1)]
    };
    asked.iter().map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_one_whatever_the_order_and_the_scale() {
        let weights = [("a", 1.0), ("b", 1.0), ("c", 1.0)];
        let split = shares(&weights);
        assert_eq!(split, [Points(333_333_334), Points(333_333_333), Points(333_333_333)]);
        let back: Vec<(&str, f64)> = weights.iter().rev().copied().collect();
        assert_eq!(shares(&back), split.iter().rev().copied().collect::<Vec<_>>());
        let uneven = [("x", 0.3), ("y", 0.2), ("z", 0.2), ("u", 0.1), ("v", 0.1), ("w", 0.1), ("none", 0.0)];
        let scaled = uneven.map(|(name, weight)| (name, weight * 10.0));
        assert_eq!(shares(&uneven), shares(&scaled));
        assert_eq!(shares(&uneven).iter().map(|share| share.0).sum::<i64>(), Points::ONE.0);
        assert_eq!(shares(&uneven)[6], Points(0));
    }

    #[test]
    fn ranks_widen_with_what_is_unknown() {
        let span = |low, high| Span { low: Points(low), high: Points(high) };
        let scores = [span(5, 5), span(3, 7), span(1, 2), span(1, 1)];
        assert_eq!(rank_intervals(&scores, &scores), [[1, 2], [1, 2], [3, 4], [3, 4]]);
    }
}
