//! A number of a territory with what is known of it, and its place among its peers.

use serde::Serialize;

/// A number, in the unit of its series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figure {
    /// `None`: not available.
    pub value: Option<f64>,
    /// Part of what it adds up is unknown or secret: the true number is this, or more.
    pub at_least: bool,
    /// Of the smallest areas that the table tells of and that the territory touches, how many are wholly known; and how many there are.
    pub known: u32,
    pub of: u32,
}

impl Figure {
    /// Whether nothing of it is unknown.
    pub fn is_whole(&self) -> bool {
        self.value.is_some() && !self.at_least
    }
}

/// A place in the order of a level's areas, the largest number first. Only numbers of which nothing is unknown are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// From 1; areas of the same number share the best place.
    pub rank: u32,
    /// How many areas are in the order.
    pub among: u32,
}

impl Standing {
    /// `ordered` holds the numbers of the level, the smallest first.
    fn of(value: f64, ordered: &[f64]) -> Standing {
        let larger = ordered.len() - ordered.partition_point(|other| other.total_cmp(&value).is_le());
        Standing { rank: larger as u32 + 1, among: ordered.len() as u32 }
    }
}

/// The figures of a level's areas, and the order of those of which nothing is unknown.
#[derive(Debug)]
pub struct Ordered {
    pub figures: Vec<Figure>,
    /// The smallest first.
    whole: Vec<f64>,
}

impl Ordered {
    pub fn of(figures: Vec<Figure>) -> Ordered {
        let mut whole: Vec<f64> = figures.iter().filter(|one| one.is_whole()).filter_map(|one| one.value).collect();
        whole.sort_unstable_by(f64::total_cmp);
        Ordered { figures, whole }
    }

    /// Where a number stands; `None` where part of it is unknown.
    pub fn standing(&self, figure: Figure) -> Option<Standing> {
        figure.value.filter(|_| figure.is_whole()).map(|value| Standing::of(value, &self.whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_share_the_best_place() {
        let ordered = [1.0, 3.0, 3.0, 7.0];
        let rank = |value| Standing::of(value, &ordered).rank;
        assert_eq!([7.0, 3.0, 1.0].map(rank), [1, 2, 4]);
        assert_eq!(Standing::of(3.0, &ordered).among, 4);
    }
}
