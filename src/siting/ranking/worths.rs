//! What everything is worth, as one table: all that ranking methods and their tests of robustness look at.

use crate::siting::ranking::Points;

/// Worths of sites: a row a site, a column a criterion that weighs something.
#[derive(Debug, Clone, Default)]
pub struct Worths {
    criteria: Vec<Weighted>,
    /// Row by row: least and greatest worth, each between 0 and 1; equal where the measure is known.
    cells: Vec<[f64; 2]>,
}

/// A criterion that has a value function and a share of the weight above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    pub name: String,
    pub share: Points,
}

impl Worths {
    /// A table without sites. Criteria go by name, so that nothing computed from the table depends on the order of writing: the
    /// cells of each row come in the order of [`Worths::criteria`].
    pub fn new(mut criteria: Vec<Weighted>) -> Worths {
        criteria.retain(|criterion| criterion.share.0 > 0);
        criteria.sort_by(|a, b| a.name.cmp(&b.name));
        Worths { criteria, cells: Vec::new() }
    }

    pub fn criteria(&self) -> &[Weighted] {
        &self.criteria
    }

    /// Adds sites, row by row the worth of each criterion.
    pub fn extend(&mut self, cells: &[[f64; 2]]) {
        let width = self.criteria.len().max(1);
        self.cells.extend(&cells[..cells.len() / width * width]);
    }

    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.criteria.len()).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn row(&self, site: usize) -> &[[f64; 2]] {
        let width = self.criteria.len();
        &self.cells[site * width..(site + 1) * width]
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[[f64; 2]]> {
        self.cells.chunks_exact(self.criteria.len().max(1))
    }

    /// Whether a site is worth at least as much as another on every criterion, whatever is still unknown of either.
    pub fn surely_covers(&self, site: usize, other: usize) -> bool {
        self.row(site).iter().zip(self.row(other)).all(|(own, others)| own[0] >= others[1])
    }

    /// The criterion on which a site is worth least, by what is surely known; equals by name. Criteria of which nothing is known
    /// are passed over: nobody knows whether they are weak.
    pub fn weakest(&self, site: usize) -> Option<usize> {
        let known = self.row(site).iter().enumerate().filter(|(_, worth)| **worth != [0.0, 1.0]);
        known.min_by(|(_, a), (_, b)| a[0].total_cmp(&b[0])).map(|(place, _)| place)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A table of equal shares, or of those given, under names `a`, `b`, …
    pub fn table(shares: &[i64], rows: &[&[[f64; 2]]]) -> Worths {
        let criteria = shares.iter().zip('a'..).map(|(&share, name)| Weighted { name: name.into(), share: Points(share) });
        let mut worths = Worths::new(criteria.collect());
        rows.iter().for_each(|row| worths.extend(row));
        worths
    }

    /// Known worths.
    pub fn exact<const N: usize>(row: [f64; N]) -> [[f64; 2]; N] {
        row.map(|worth| [worth; 2])
    }

    #[test]
    fn the_weakest_is_known_and_least() {
        let worths = table(
            &[1, 1, 1],
            &[
                &exact([0.5, 0.2, 0.2]),
                &[[0.0, 1.0], [0.3, 0.3], [0.4, 1.0]],
                &[[0.0, 1.0]; 3],
                &[[0.0, 0.5], [0.1, 0.1], [1.0, 1.0]],
            ],
        );
        let weakest: Vec<_> = (0..4).map(|site| worths.weakest(site)).collect();
        assert_eq!(weakest, [Some(1), Some(1), None, Some(0)]);
        assert_eq!((worths.len(), Worths::default().len()), (4, 0));
    }

    #[test]
    fn criteria_that_weigh_nothing_are_left_out_and_the_rest_go_by_name() {
        let named = |name: &str, share| Weighted { name: name.into(), share: Points(share) };
        let worths = Worths::new(vec![named("z", 3), named("m", 0), named("a", 7)]);
        assert_eq!(worths.criteria(), [named("a", 7), named("z", 3)]);
    }
}
