//! The smallest changes of one requirement, or of two, that admit enough of the near misses.

use std::collections::BinaryHeap;

use crate::siting::candidates::Place;
use crate::siting::shortfall::{GIVING_UP, Shift};

/// A candidate that fails one requirement or two.
#[derive(Debug, Clone)]
pub struct Near {
    pub place: Place,
    pub missing: Vec<Need>,
}

/// What a requirement would have to become.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    pub requirement: usize,
    pub side: Side,
}

/// One way to loosen a requirement: one of its thresholds moved, or the whole given up.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    Moved(Shift),
    GivenUp,
}

impl Side {
    pub fn effort(&self) -> f64 {
        match self {
            Side::Moved(shift) => shift.effort,
            Side::GivenUp => GIVING_UP,
        }
    }

    /// Which of the ways: along each the effort alone decides who is admitted.
    fn way(&self) -> Option<usize> {
        match self {
            Side::Moved(shift) => Some(shift.comparison),
            Side::GivenUp => None,
        }
    }
}

impl Near {
    pub fn effort(&self) -> f64 {
        self.missing.iter().map(|missing| missing.side.effort()).sum()
    }

    fn misses(&self, requirement: usize) -> Option<&Need> {
        self.missing.iter().find(|missing| missing.requirement == requirement)
    }
}

/// The least change of one requirement that admits `wanted` of those who miss it alone.
pub fn single(near: &[Near], requirement: usize, wanted: usize) -> Option<Need> {
    let alone = near.iter().filter(|near| near.missing.len() == 1).filter_map(|near| near.misses(requirement));
    let alone: Vec<&Need> = alone.collect();
    let least = |way: Option<usize>| -> Option<Need> {
        // Giving up admits those too whom a moved threshold would.
        let mut along: Vec<&Need> = alone.iter().copied().filter(|need| way.is_none() || need.side.way() == way).collect();
        if along.len() < wanted {
            return None;
        }
        along.sort_by(|a, b| a.side.effort().total_cmp(&b.side.effort()));
        Some(if way.is_some() { *along[wanted - 1] } else { Need { requirement, side: Side::GivenUp } })
    };
    best(ways(near, requirement).into_iter().filter_map(least).map(|need| [need])).map(|[need]| need)
}

/// The least changes of two requirements that admit `wanted` of those who miss one of them or both; `None` where one change does.
pub fn pair(near: &[Near], requirements: [usize; 2], wanted: usize) -> Option<[Need; 2]> {
    let concerned = |near: &&Near| near.missing.iter().all(|missing| requirements.contains(&missing.requirement));
    let concerned: Vec<&Near> = near.iter().filter(concerned).collect();
    let [first, second] = requirements.map(|requirement| ways(near, requirement));
    let combinations = first.iter().flat_map(|&a| second.iter().map(move |&b| [a, b]));
    best(combinations.filter_map(|ways| along(&concerned, requirements, ways, wanted)))
}

/// The ways in which a requirement is missed, and giving it up.
fn ways(near: &[Near], requirement: usize) -> Vec<Option<usize>> {
    let mut ways: Vec<Option<usize>> =
        near.iter().filter_map(|near| near.misses(requirement)).map(|need| need.side.way()).chain([None]).collect();
    ways.sort();
    ways.dedup();
    ways
}

fn best<const N: usize>(found: impl Iterator<Item = [Need; N]>) -> Option<[Need; N]> {
    let effort = |needs: &[Need; N]| -> f64 { needs.iter().map(|need| need.side.effort()).sum() };
    found.min_by(|a, b| effort(a).total_cmp(&effort(b)))
}

/// A near miss with what it needs of two requirements, as ranks of effort that a heap can hold.
struct Pair {
    needs: [Option<Need>; 2],
    efforts: [f64; 2],
}

/// The least sum of efforts along two ways: those who need least of the first, and among them those who need least of the second.
fn along(near: &[&Near], requirements: [usize; 2], ways: [Option<usize>; 2], wanted: usize) -> Option<[Need; 2]> {
    let mut pairs: Vec<Pair> = near.iter().filter_map(|near| needs(near, requirements, ways)).collect();
    pairs.sort_by(|a, b| a.efforts[0].total_cmp(&b.efforts[0]));
    // The `wanted` least efforts of the second requirement so far, the greatest on top.
    let mut kept: BinaryHeap<(u64, usize)> = BinaryHeap::new();
    let mut least: Option<(f64, [Need; 2])> = None;
    for (place, pair) in pairs.iter().enumerate() {
        // Efforts are not negative: their bits are in their order.
        kept.push((pair.efforts[1].to_bits(), place));
        if kept.len() > wanted {
            kept.pop();
        }
        let (Some(&(_, top)), true) = (kept.peek(), kept.len() == wanted) else { continue };
        let (Some(first), Some(second)) = (pair.needs[0], pairs[top].needs[1]) else { continue };
        let effort = pair.efforts[0] + pairs[top].efforts[1];
        if least.is_none_or(|(known, _)| effort < known) {
            least = Some((effort, [first, second]));
        }
    }
    least.map(|(_, needs)| needs)
}

fn needs(near: &Near, requirements: [usize; 2], ways: [Option<usize>; 2]) -> Option<Pair> {
    let mut pair = Pair { needs: [None; 2], efforts: [0.0; 2] };
    for place in 0..2 {
        let Some(need) = near.misses(requirements[place]) else { continue };
        let side = match ways[place] {
            None => Side::GivenUp,
            way if way == need.side.way() => need.side,
            _ => return None,
        };
        pair.needs[place] = Some(Need { side, ..*need });
        pair.efforts[place] = side.effort();
    }
    Some(pair)
}
