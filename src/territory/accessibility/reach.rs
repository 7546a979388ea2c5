//! Who reaches whom, and with what weight: a sparse matrix from places of demand to places of supply.

use std::ops::Range;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reach {
    /// Where the links of each place of demand end.
    ends: Vec<u32>,
    /// The places of supply that it reaches, and how much they count for.
    links: Vec<(u32, f64)>,
    supplies: usize,
}

impl Reach {
    /// Of the links of each place of demand in turn; places of supply are numbered below `supplies`.
    pub fn new(supplies: usize, links: impl IntoIterator<Item = Vec<(u32, f64)>>) -> Reach {
        let mut reach = Reach { supplies, ..Reach::default() };
        for own in links {
            reach.links.extend(own);
            reach.ends.push(reach.links.len() as u32);
        }
        reach
    }

    /// From a table of distances, a row a place of demand: what is within is reached, and weighs as `weight` says.
    pub fn of_distances(distances: &[Vec<f64>], within: f64, weight: impl Fn(f64) -> f64) -> Reach {
        let supplies = distances.first().map_or(0, Vec::len);
        let row = |row: &Vec<f64>| -> Vec<(u32, f64)> {
            let near = row.iter().zip(0..).filter(|(distance, _)| **distance <= within);
            near.map(|(&distance, supply)| (supply, weight(distance))).collect()
        };
        Reach::new(supplies, distances.iter().map(row))
    }

    /// The number of places of demand.
    pub fn demands(&self) -> usize {
        self.ends.len()
    }

    pub fn supplies(&self) -> usize {
        self.supplies
    }

    /// What a place of demand reaches.
    pub fn of(&self, demand: usize) -> &[(u32, f64)] {
        let start = demand.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range: Range<usize> = start as usize..self.ends[demand] as usize;
        &self.links[range]
    }
}
