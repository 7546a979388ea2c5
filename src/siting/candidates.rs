//! The features among which a specification chooses.

use std::sync::Arc;

use rayon::prelude::*;

use crate::siting::land::Choice;
use crate::siting::measure::Site;
use crate::siting::memo::Memo;
use crate::siting::resolve::Resolved;

/// Candidates in the order of their layers' ids and rows.
#[derive(Debug)]
pub struct Candidates {
    pub places: Vec<Place>,
    pub counts: Counts,
}

/// A candidate: its layer, by place among the candidate layers, and its row there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub layer: u16,
    pub row: u32,
}

/// The features of the candidate layers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// In the layers.
    pub features: usize,
    /// Of these, outside the place asked for.
    pub elsewhere: usize,
    /// Of the others, those for which the filter is false.
    pub filtered: usize,
    /// And those for which it is unknown.
    pub filter_unknown: usize,
    /// What is left: the candidates.
    pub considered: usize,
}

impl<'v> Resolved<'v> {
    pub fn site(&self, place: Place) -> Site<'v> {
        Site { layer: self.choice.layers[usize::from(place.layer)].0, row: place.row }
    }

    /// Chosen once for an atlas.
    pub fn choose(&self, memo: &Memo) -> Arc<Candidates> {
        memo.get(&format!("candidates {}", self.chosen), Candidates::bytes, || choose(&self.choice))
    }
}

impl Candidates {
    pub fn bytes(&self) -> usize {
        self.places.len() * size_of::<Place>()
    }
}

pub fn choose(choice: &Choice<'_>) -> Candidates {
    let mut counts = Counts::default();
    let mut places = Vec::new();
    for (place, (layer, filter)) in (0_u16..).zip(&choice.layers) {
        counts.features += layer.len();
        let rows: Vec<u32> = match &choice.within {
            None => layer.rows().collect(),
            Some(place) => {
                let mut near = Vec::new();
                layer.rows_in(&place.bounds(), |row| near.push(row));
                near.into_par_iter().filter(|&row| place.owns(layer, row)).collect()
            }
        };
        counts.elsewhere += layer.len() - rows.len();
        for row in rows {
            match filter.as_ref().map_or(Some(true), |filter| filter.answer(row)) {
                Some(true) => places.push(Place { layer: place, row }),
                Some(false) => counts.filtered += 1,
                None => counts.filter_unknown += 1,
            }
        }
    }
    counts.considered = places.len();
    Candidates { places, counts }
}
