//! One territory's flows: who leaves it, who comes, by the areas of a level.

use std::collections::BTreeMap;

use super::book::Commuting;
use super::matrix::{Matrix, Pair};
use super::workers::Workers;
use crate::territory::Territory;

/// Sums by partner. Partners are slots of a level: its areas, then what they leave over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Star {
    /// Who live and work in the territory.
    pub internal: Workers,
    /// Who live in it and work elsewhere, by where.
    pub outgoing: Vec<(u32, Workers)>,
    /// Who work in it and live elsewhere, by where.
    pub incoming: Vec<(u32, Workers)>,
}

impl Star {
    /// `slots` names the partner of each place.
    pub fn of(matrix: &Matrix, territory: &Territory, slots: &[u32]) -> Star {
        let mut internal = Workers::default();
        let (mut outgoing, mut incoming) = (BTreeMap::new(), BTreeMap::new());
        for &commune in &territory.communes {
            for pair in matrix.leaving(commune) {
                if territory.holds(pair.to) {
                    internal += pair.workers;
                } else {
                    *outgoing.entry(slots[pair.to as usize]).or_insert(Workers::default()) += pair.workers;
                }
            }
            for pair in matrix.arriving(commune).filter(|pair| !territory.holds(pair.from)) {
                *incoming.entry(slots[pair.from as usize]).or_insert(Workers::default()) += pair.workers;
            }
        }
        Star { internal, outgoing: outgoing.into_iter().collect(), incoming: incoming.into_iter().collect() }
    }

    pub fn leaving(&self) -> Workers {
        self.outgoing.iter().map(|partner| partner.1).sum()
    }

    pub fn arriving(&self) -> Workers {
        self.incoming.iter().map(|partner| partner.1).sum()
    }
}

/// All pairs of those who live in a territory, or of those who work in it; its internal ones are in both.
pub fn pairs<'m>(matrix: &'m Matrix, territory: &'m Territory, live: bool) -> impl Iterator<Item = Pair> + 'm {
    territory.communes.iter().flat_map(move |&commune| {
        let (leaving, arriving) =
            if live { (Some(matrix.leaving(commune)), None) } else { (None, Some(matrix.arriving(commune))) };
        leaving.into_iter().flatten().chain(arriving.into_iter().flatten())
    })
}

/// The commune that counts most, by who live or work there: where a territory's node stands.
pub fn heaviest(book: &Commuting, matrix: &Matrix, communes: impl IntoIterator<Item = u32>) -> Option<u32> {
    let placed = communes.into_iter().filter(|&commune| book.geography.point(commune).is_some());
    let weight = |commune: u32| -> Workers {
        let pairs = matrix.leaving(commune).map(|pair| pair.workers).sum::<Workers>();
        pairs + matrix.arriving(commune).map(|pair| pair.workers).sum()
    };
    placed.max_by_key(|&commune| (weight(commune), std::cmp::Reverse(commune)))
}
