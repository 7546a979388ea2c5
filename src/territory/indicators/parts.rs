//! Which of the smallest areas that a table tells of make up each area of a level.

use crate::territory::geography::OUTSIDE;

use super::tally::Tally;

/// Pairs of an area and one of its parts, in order, each once.
#[derive(Debug)]
pub struct Parts {
    pairs: Vec<(u32, u32)>,
    /// By part: whether the border of an area runs through it.
    cut: Vec<bool>,
}

impl Parts {
    /// `part` and `area` of each commune.
    pub fn of(part: &[u32], area: &[u32], parts: usize) -> Parts {
        let mut pairs: Vec<(u32, u32)> = area.iter().copied().zip(part.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let (mut seen, mut cut) = (vec![false; parts], vec![false; parts]);
        for &(_, part) in pairs.iter().filter(|(_, part)| *part != OUTSIDE) {
            cut[part as usize] |= seen[part as usize];
            seen[part as usize] = true;
        }
        pairs.retain(|(area, _)| *area != OUTSIDE);
        Parts { pairs, cut }
    }

    /// What the parts of each of `areas` come to. A part that is cut is one of which nothing is known; `nowhere` is what communes stand
    /// for that are in no part.
    pub fn sum(&self, tallies: &[Tally], nowhere: Tally, areas: usize) -> Vec<Tally> {
        let mut sums = vec![Tally::default(); areas];
        for &(area, part) in &self.pairs {
            sums[area as usize] += match part {
                OUTSIDE => nowhere,
                part if self.cut[part as usize] => Tally::UNKNOWN,
                part => tallies[part as usize],
            };
        }
        sums
    }
}
