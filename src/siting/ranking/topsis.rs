//! TOPSIS (Hwang and Yoon 1981): how near a site is to the best and how far from the worst of what is on offer.
//!
//! Worths are divided by the root of their sum of squares over all sites, weighted, and compared with an ideal site (the best of
//! each criterion) and its opposite; the score is the distance to the opposite over both distances. It depends on the
//! candidates: one more site may change the order of two others. That is the method's nature, and each answer says so.
//!
//! Sums of squares are in whole numbers, so that neither the order of the sites nor that of the criteria moves a bit.

use rayon::prelude::*;

use crate::siting::ranking::worths::Worths;
use crate::siting::ranking::{Points, Span};

/// What an answer says about its scores, in French and in English.
pub const NOTE: [&str; 2] = [
    "TOPSIS : proximité relative à la meilleure et à la pire valeur de chaque critère parmi les sites retenus. Le score dépend de \
     l'ensemble des sites : en ajouter ou en retirer un peut changer l'ordre des autres. Une mesure inconnue vaut ici le moins \
     possible ; l'intervalle donne ce que vaudrait le site si ses propres inconnues étaient au mieux, les autres sites restant au moins.",
    "TOPSIS: relative closeness to the best and the worst of each criterion among the sites that pass. Scores depend on the set \
     of sites: one more or one fewer can change the order of others. An unknown measure counts as the least it can be; the \
     interval reaches up to what the site would score with its own unknowns at their best, the other sites staying at their least.",
];

/// Closeness of each site, in billionths, in the order of the table. `low` takes every unknown at its least; `high` takes the
/// site's own at their best while the others stay. Where all sites are alike, ideal and opposite are one and each scores 1.
pub fn closeness(worths: &Worths) -> Vec<Span> {
    let columns: Vec<Column> = (0..worths.criteria().len()).map(|place| Column::of(worths, place)).collect();
    let span = |site: usize| {
        let row = worths.row(site);
        let low = points(columns.iter().zip(row).map(|(column, worth)| column.distances(worth[0], worth[0])));
        let high = points(columns.iter().zip(row).map(|(column, worth)| column.distances(worth[0], worth[1])));
        // The best of one's own unknowns never takes one farther away; rounding might.
        Span { low, high: high.max(low) }
    };
    (0..worths.len()).into_par_iter().with_min_len(256).map(span).collect()
}

/// One criterion over all sites, at their least.
struct Column {
    weight: f64,
    /// Sum of squares of worths in billionths: whole, hence exact.
    squares: u128,
    /// The two greatest and the two least worths: leaving one site out leaves the second.
    greatest: [f64; 2],
    least: [f64; 2],
}

impl Column {
    fn of(worths: &Worths, place: usize) -> Column {
        let weight = worths.criteria()[place].share.to_f64();
        let mut column = Column { weight, squares: 0, greatest: [0.0; 2], least: [1.0; 2] };
        for worth in worths.rows().map(|row| row[place][0]) {
            column.squares += square(worth);
            if worth >= column.greatest[0] {
                column.greatest = [worth, column.greatest[0]];
            } else if worth > column.greatest[1] {
                column.greatest[1] = worth;
            }
            if worth <= column.least[0] {
                column.least = [worth, column.least[0]];
            } else if worth < column.least[1] {
                column.least[1] = worth;
            }
        }
        column
    }

    /// Weighted distances to the ideal and to its opposite, of a site that counts as `own` in the table but is worth `worth`.
    fn distances(&self, own: f64, worth: f64) -> [f64; 2] {
        let squares = self.squares - square(own) + square(worth);
        if squares == 0 {
            return [0.0; 2];
        }
        let without = |ends: [f64; 2]| if own == ends[0] { ends[1] } else { ends[0] };
        let greatest = without(self.greatest).max(worth);
        let least = without(self.least).min(worth);
        let scale = self.weight * 1e9 / (squares as f64).sqrt();
        [(greatest - worth) * scale, (worth - least) * scale]
    }
}

/// Of a worth in billionths.
fn square(worth: f64) -> u128 {
    let billionths = (worth * 1e9).round() as u128;
    billionths * billionths
}

/// Closeness from the distances along each criterion. Squares add up to at most 1 (distances are at most the weights): in
/// units of 2^-62 they are whole numbers that add up in any order.
fn points(distances: impl Iterator<Item = [f64; 2]>) -> Points {
    const UNIT: f64 = (1u64 << 62) as f64;
    let mut sums = [0u64; 2];
    for distance in distances {
        for (sum, part) in sums.iter_mut().zip(distance) {
            *sum += (part * part * UNIT) as u64;
        }
    }
    let [ideal, opposite] = sums.map(|sum| (sum as f64).sqrt());
    match ideal + opposite {
        0.0 => Points::ONE,
        both => Points((opposite / both * Points::ONE.0 as f64).round() as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::ranking::random::{Sequence, unit};
    use crate::siting::ranking::worths::tests::{exact, table};

    /// From the definition, in plain floating point.
    fn plain(weights: &[f64], rows: &[Vec<f64>]) -> Vec<f64> {
        let columns = 0..weights.len();
        let norm = |c: usize| rows.iter().map(|row| row[c] * row[c]).sum::<f64>().sqrt();
        let weighted: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| columns.clone().map(|c| if norm(c) > 0.0 { weights[c] * row[c] / norm(c) } else { 0.0 }).collect())
            .collect();
        let end = |c: usize, pick: fn(f64, f64) -> f64| weighted.iter().map(|row| row[c]).reduce(pick).unwrap();
        let away =
            |row: &[f64], pick: fn(f64, f64) -> f64| columns.clone().map(|c| (row[c] - end(c, pick)).powi(2)).sum::<f64>().sqrt();
        weighted.iter().map(|row| away(row, f64::min) / (away(row, f64::min) + away(row, f64::max))).collect()
    }

    #[test]
    fn closeness_is_what_the_definition_says() {
        let mut dice = Sequence::new(3);
        for _ in 0..30 {
            let rows: Vec<Vec<f64>> = (0..12).map(|_| (0..4).map(|_| unit(dice.draw())).collect()).collect();
            let shares = [400_000_000, 300_000_000, 200_000_000, 100_000_000];
            let cells: Vec<[[f64; 2]; 4]> = rows.iter().map(|row| exact([row[0], row[1], row[2], row[3]])).collect();
            let worths = table(&shares, &cells.iter().map(|row| &row[..]).collect::<Vec<_>>());
            let expected = plain(&[0.4, 0.3, 0.2, 0.1], &rows);
            for (span, expected) in closeness(&worths).iter().zip(expected) {
                assert!(span.low == span.high && (span.low.to_f64() - expected).abs() < 3e-9, "{span:?} {expected}");
            }
        }
    }

    #[test]
    fn an_unknown_reaches_up_to_what_it_would_be_if_known_at_its_best() {
        let shares = [500_000_000, 500_000_000];
        let others = [exact([0.3, 0.9]), exact([0.6, 0.2]), exact([0.9, 0.1])];
        let with = |cell: [f64; 2]| {
            let rows = [&others[0][..], &others[1], &others[2], &[cell, [0.4, 0.4]]];
            closeness(&table(&shares, &rows))[3]
        };
        for best in [0.35, 0.95, 1.0] {
            let open = with([0.1, best]);
            assert_eq!((open.low, open.high), (with([0.1; 2]).low, with([best; 2]).low));
            assert!(open.low < open.high);
        }
    }

    #[test]
    fn ends() {
        let ideal = closeness(&table(&[600, 400], &[&exact([1.0, 1.0]), &exact([0.0, 0.0]), &exact([1.0, 0.0])]));
        assert_eq!((ideal[0].low, ideal[1].low), (Points::ONE, Points(0)));
        let alike = closeness(&table(&[600, 400], &[&exact([0.0, 0.5]), &exact([0.0, 0.5])]));
        assert!(alike.iter().all(|span| span.low == Points::ONE));
        assert!(closeness(&table(&[600, 400], &[])).is_empty());
    }

    #[test]
    fn the_order_of_sites_and_criteria_is_all_one() {
        let mut dice = Sequence::new(11);
        let rows: Vec<[[f64; 2]; 3]> = (0..40).map(|_| exact([0; 3].map(|_| unit(dice.draw())))).collect();
        let base = closeness(&table(&[500, 300, 200], &rows.iter().map(|row| &row[..]).collect::<Vec<_>>()));
        let turned: Vec<[[f64; 2]; 3]> = rows.iter().rev().map(|[a, b, c]| [*c, *b, *a]).collect();
        let mut other = closeness(&table(&[200, 300, 500], &turned.iter().map(|row| &row[..]).collect::<Vec<_>>()));
        other.reverse();
        assert_eq!(base, other);
    }
}
