//! How far each weight can move before the first place, or the set of the first ten, changes.
//!
//! One share moves, the others keep their proportions. Scores are then straight lines in that share, and where two lines cross
//! is a division: no sampling.

use rayon::prelude::*;

use crate::siting::ranking::Points;
use crate::siting::ranking::worths::Worths;

/// Within which shares of one criterion the ranking's head holds: closed intervals that contain the criterion's own share. At
/// an end that is neither 0 nor 1, two sites score the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    pub first: [f64; 2],
    pub first_ten: [f64; 2],
}

/// The stability of each criterion's share, in the order of the table; `None` where one criterion has all the weight, for then
/// there is nothing to keep in proportion. The first ten sites of an additive ranking stand first, best first, the others behind
/// in any order; an unknown counts as the least it can be, as in the score.
pub fn stability(worths: &Worths) -> Vec<Option<Stability>> {
    let of = |place: usize| {
        let share = worths.criteria()[place].share;
        (share < Points::ONE && !worths.is_empty())
            .then(|| Stability { first: interval(worths, place, 1), first_ten: interval(worths, place, 10) })
    };
    (0..worths.criteria().len()).into_par_iter().map(of).collect()
}

/// The shares at which none of the sites after the first `head` overtakes one of these.
fn interval(worths: &Worths, place: usize, head: usize) -> [f64; 2] {
    let own = worths.criteria()[place].share.to_f64();
    let head = head.min(worths.len());
    let narrowed = |limits: [f64; 2], behind: usize| {
        (0..head).fold(limits, |[from, to], ahead| {
            // The lead of one over the other is `rest + share × (lead - rest)`, at least 0 at the criterion's own share.
            let [lead, rest] = leads(worths, place, ahead, behind);
            let crossing = (rest / (rest - lead)).clamp(0.0, 1.0);
            match lead - rest {
                slope if slope > 0.0 => [from.max(crossing.min(own)), to],
                slope if slope < 0.0 => [from, to.min(crossing.max(own))],
                _ => [from, to],
            }
        })
    };
    let both = |a: [f64; 2], b: [f64; 2]| [a[0].max(b[0]), a[1].min(b[1])];
    let limits = || [0.0, 1.0];
    (head..worths.len()).into_par_iter().with_min_len(1024).fold(limits, narrowed).reduce(limits, both)
}

/// By how much one site leads another on the criterion alone, and on the others alone in their proportions.
fn leads(worths: &Worths, place: usize, ahead: usize, behind: usize) -> [f64; 2] {
    let (mut alone, mut rest, mut weight) = (0.0, 0.0, 0.0);
    let rows = worths.row(ahead).iter().zip(worths.row(behind));
    for (at, (criterion, (better, worse))) in worths.criteria().iter().zip(rows).enumerate() {
        let lead = better[0] - worse[0];
        if at == place {
            alone = lead;
        } else {
            rest += criterion.share.to_f64() * lead;
            weight += criterion.share.to_f64();
        }
    }
    [alone, rest / weight]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::ranking::random::{Sequence, unit};
    use crate::siting::ranking::worths::tests::{exact, table};

    #[test]
    fn by_hand() {
        // a leads as long as the first share s keeps 0.9 s + 0.2 (1 - s) >= 0.3 s + 0.6 (1 - s): from 0.4 on.
        let worths = table(&[500_000_000, 500_000_000], &[&exact([0.9, 0.2]), &exact([0.3, 0.6])]);
        let found = stability(&worths);
        let first = |place: usize| found[place].clone().unwrap().first;
        assert!((first(0)[0] - 0.4).abs() < 1e-12 && first(0)[1] == 1.0);
        assert!((first(1)[1] - 0.6).abs() < 1e-12 && first(1)[0] == 0.0);
        assert_eq!(found[0].clone().unwrap().first_ten, [0.0, 1.0], "no site is outside the first ten");
        assert_eq!(stability(&table(&[1_000_000_000], &[&exact([0.9]), &exact([0.3])])), [None]);
        assert_eq!(stability(&table(&[500_000_000, 500_000_000], &[])), [None, None]);
    }

    #[test]
    fn equals_do_not_unsettle() {
        let worths = table(&[500_000_000, 500_000_000], &[&exact([0.7, 0.7]), &exact([0.7, 0.7])]);
        assert!(stability(&worths).iter().flatten().all(|found| found.first == [0.0, 1.0]));
    }

    #[test]
    fn a_sweep_over_the_shares_agrees() {
        let mut dice = Sequence::new(5);
        let shares = [400_000_000, 350_000_000, 250_000_000];
        let own = [0.4, 0.35, 0.25];
        for round in 0..20 {
            let mut rows: Vec<[f64; 3]> = (0..40).map(|_| [0; 3].map(|_| unit(dice.draw()))).collect();
            let score = |row: &[f64; 3], weights: &[f64; 3]| row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>();
            rows.sort_by(|a, b| score(b, &own).total_cmp(&score(a, &own)));
            let cells: Vec<[[f64; 2]; 3]> = rows.iter().map(|row| exact(*row)).collect();
            let found = stability(&table(&shares, &cells.iter().map(|row| &row[..]).collect::<Vec<_>>()));
            for (place, found) in found.iter().enumerate() {
                let found = found.as_ref().unwrap();
                for step in 0..=1000 {
                    let share = f64::from(step) / 1000.0;
                    let weights = [0, 1, 2].map(|c| if c == place { share } else { own[c] * (1.0 - share) / (1.0 - own[place]) });
                    let mut best: Vec<usize> = (0..rows.len()).collect();
                    best.sort_by(|&a, &b| score(&rows[b], &weights).total_cmp(&score(&rows[a], &weights)));
                    best.truncate(10);
                    let in_or_out = |[from, to]: [f64; 2]| match share {
                        _ if (share - from).abs() < 1e-9 || (share - to).abs() < 1e-9 => None,
                        _ => Some(from <= share && share <= to),
                    };
                    let says = |interval, holds: bool| in_or_out(interval).is_none_or(|inside| inside == holds);
                    assert!(says(found.first, best[0] == 0), "round {round}, share {share} of {place}: {found:?}");
                    assert!(says(found.first_ten, best.iter().all(|&site| site < 10)), "round {round}, {share} of {place}");
                }
            }
        }
    }
}
