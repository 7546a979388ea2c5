//! Which sites no other surely beats on every count, whatever the weights.

use rayon::prelude::*;

use crate::siting::ranking::Span;
use crate::siting::ranking::worths::Worths;

/// For each of the first `listed` sites, whether no site surely dominates it: is worth at least as much on every criterion and
/// more on one, whatever is still unknown of both. Sites and scores stand in the order of the ranking, best first.
///
/// A site that dominates another never scores less: contributions, closeness, and their rounding to billionths rise with each
/// worth. So only sites with at least its score are looked at, and of a long list only its head is needed: `worths` may end
/// with the last site that scores as much as the last one listed.
pub fn undominated(worths: &Worths, scores: &[Span], listed: usize) -> Vec<bool> {
    let dominates = |other: usize, site: usize| worths.surely_covers(other, site) && surely_better(worths, other, site);
    let stands = |site: usize| {
        let as_good = scores.partition_point(|other| other.low >= scores[site].low).min(worths.len());
        !(0..as_good).any(|other| dominates(other, site))
    };
    (0..listed.min(worths.len())).into_par_iter().map(stands).collect()
}

fn surely_better(worths: &Worths, site: usize, other: usize) -> bool {
    worths.row(site).iter().zip(worths.row(other)).any(|(own, others)| own[0] > others[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::ranking::Points;
    use crate::siting::ranking::random::Sequence;
    use crate::siting::ranking::worths::tests::{exact, table};

    fn scores(worths: &Worths) -> Vec<Span> {
        let points = |row: &[[f64; 2]], end: usize| {
            let shares = worths.criteria().iter().map(|criterion| criterion.share.0 as f64);
            Points(shares.zip(row).map(|(share, worth)| (share * worth[end]).round() as i64).sum())
        };
        worths.rows().map(|row| Span { low: points(row, 0), high: points(row, 1) }).collect()
    }

    fn needed(scores: &[Span], listed: usize) -> usize {
        let last = scores[listed - 1].low;
        scores.partition_point(|other| other.low >= last)
    }

    #[test]
    fn by_eye() {
        // b is dominated by a; c excels at one thing; d equals a; e may yet be anything; f may be as good as a.
        let worths = table(
            &[600, 400],
            &[
                &exact([0.8, 0.8]),
                &exact([0.8, 0.8]),
                &exact([0.1, 0.9]),
                &exact([0.8, 0.5]),
                &[[0.5, 0.8], [0.5, 0.7]],
                &[[0.2, 1.0], [0.1, 0.1]],
            ],
        );
        let mut scores = scores(&worths);
        scores.sort_by_key(|score| std::cmp::Reverse(score.low));
        assert_eq!(undominated(&worths, &scores, 6), [true, true, true, false, false, true]);
    }

    #[test]
    fn the_head_of_the_list_tells_as_much_as_all_pairs() {
        let mut dice = Sequence::new(7);
        for round in 0..60 {
            let sites = 3 + (dice.draw() % 60) as usize;
            let mut cell = || {
                let low = (dice.draw() % 5) as f64 / 4.0;
                if dice.draw().is_multiple_of(6) { [low, 1.0] } else { [low; 2] }
            };
            let rows: Vec<[[f64; 2]; 3]> = (0..sites).map(|_| [cell(), cell(), cell()]).collect();
            let unordered = table(&[500, 499, 1], &rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
            let unordered = scores(&unordered);
            let mut ranking: Vec<usize> = (0..sites).collect();
            ranking.sort_by_key(|&place| std::cmp::Reverse(unordered[place].low));
            let ranked: Vec<&[[f64; 2]]> = ranking.iter().map(|&place| &rows[place][..]).collect();
            let worths = table(&[500, 499, 1], &ranked);
            let scores = scores(&worths);
            let dominates = |a: &[[f64; 2]], b: &[[f64; 2]]| {
                a.iter().zip(b).all(|(a, b)| a[0] >= b[1]) && a.iter().zip(b).any(|(a, b)| a[0] > b[1])
            };
            let plain: Vec<bool> = ranked.iter().map(|site| !ranked.iter().any(|other| dominates(other, site))).collect();
            assert_eq!(undominated(&worths, &scores, sites), plain, "round {round}");
            let listed = sites.div_ceil(3);
            let head = table(&[500, 499, 1], &ranked[..needed(&scores, listed)]);
            assert_eq!(undominated(&head, &scores, listed), plain[..listed], "round {round}, the head alone");
        }
    }
}
