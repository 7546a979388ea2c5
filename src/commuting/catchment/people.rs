//! Who lives and who works in each commune, as the flows tell.

use crate::commuting::matrix::{Matrix, Pair};
use crate::commuting::workers::Workers;

/// By commune.
#[derive(Debug, Clone)]
pub struct People {
    /// Residents at work, wherever they work.
    pub residents: Vec<Workers>,
    /// Those who work here, wherever they live.
    pub jobs: Vec<Workers>,
    /// Of these, those who come from another place.
    pub arriving: Vec<Workers>,
}

impl People {
    /// Of the workers that `keep` keeps.
    pub fn of(matrix: &Matrix, communes: usize, keep: impl Fn(&Pair) -> bool) -> People {
        let none = vec![Workers::default(); communes];
        let mut people = People { residents: none.clone(), jobs: none.clone(), arriving: none };
        for pair in matrix.pairs().filter(keep) {
            let add = |sums: &mut Vec<Workers>, place: u32| {
                if let Some(sum) = sums.get_mut(place as usize) {
                    *sum += pair.workers;
                }
            };
            add(&mut people.residents, pair.from);
            add(&mut people.jobs, pair.to);
            if pair.from != pair.to {
                add(&mut people.arriving, pair.to);
            }
        }
        people
    }
}

/// As plain numbers.
pub fn counts(workers: &[Workers]) -> Vec<f64> {
    workers.iter().map(|workers| workers.count()).collect()
}
