//! The places of a matrix: the communes, and after them every other code that a table of flows names.

use std::collections::HashMap;

use crate::geometry::scale::Metric;
use crate::geometry::territory::Frame;
use crate::territory::codes::Way;
use crate::territory::geography::OUTSIDE;
use crate::territory::{Geography, Level, Place, TerritoryError};

/// Places by number: communes by their row, then the others in the order in which they were first named.
#[derive(Debug)]
pub struct Places {
    points: Vec<Option<[f64; 2]>>,
    communes: u32,
    others: Vec<Other>,
    by_code: HashMap<String, u32>,
}

/// A place that is no commune of this geography.
#[derive(Debug)]
struct Other {
    abroad: bool,
}

/// What the areas of a level leave over, numbered after them: communes in none, places abroad, codes that lead nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    Outside,
    Abroad,
    NotMapped,
}

impl Rest {
    pub const ALL: [Rest; 3] = [Rest::Outside, Rest::Abroad, Rest::NotMapped];

    pub fn word(self) -> &'static str {
        match self {
            Rest::Outside => "outside",
            Rest::Abroad => "abroad",
            Rest::NotMapped => "not-mapped",
        }
    }
}

impl Places {
    pub fn new(geography: &Geography) -> Places {
        let communes = geography.len() as u32;
        let points = (0..communes).map(|commune| geography.point(commune)).collect();
        Places { points, communes, others: Vec::new(), by_code: HashMap::new() }
    }

    /// The place of a code, and by which way it is a commune.
    pub fn of(&mut self, geography: &Geography, code: &str) -> (u32, Option<Way>) {
        let abroad = match geography.codes.place(code) {
            Place::Commune(row, way) => return (row, Some(way)),
            Place::Abroad => true,
            Place::Unknown => false,
        };
        if let Some(&known) = self.by_code.get(code) {
            return (known, None);
        }
        let number = self.communes + self.others.len() as u32;
        self.others.push(Other { abroad });
        self.by_code.insert(code.to_owned(), number);
        (number, None)
    }

    pub fn len(&self) -> usize {
        self.communes as usize + self.others.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Codes that are no commune's: how many of places abroad, and how many unknown.
    pub fn others(&self) -> (usize, usize) {
        let abroad = self.others.iter().filter(|other| other.abroad).count();
        (abroad, self.others.len() - abroad)
    }

    /// The number of each place's area at a level: the areas, then [`Rest::ALL`].
    ///
    /// # Errors
    /// `NoLevel`.
    pub fn slots(&self, geography: &Geography, level: Level) -> Result<Vec<u32>, TerritoryError> {
        let areas = geography.areas(level)?;
        let count = areas.len() as u32;
        let commune = areas.of_commune().iter().map(|&area| if area == OUTSIDE { count } else { area });
        let other = self.others.iter().map(|other| count + if other.abroad { 1 } else { 2 });
        Ok(commune.chain(other).collect())
    }

    /// A point inside a commune, on the shared plane.
    pub fn point(&self, place: u32) -> Option<[f64; 2]> {
        self.points.get(place as usize).copied().flatten()
    }

    /// Metres on the ground from a point in one place to one in another; `None` within one place, to a place of no known position,
    /// and across an ocean.
    pub fn distance_m(&self, from: u32, to: u32) -> Option<f64> {
        let (a, b) = (self.point(from)?, self.point(to)?);
        (from != to && Frame::of_x(a[0]) == Frame::of_x(b[0])).then(|| Metric::Ellipsoid.length_m(a, b))
    }

    /// Whether a place is a commune.
    pub fn is_commune(&self, place: u32) -> bool {
        place < self.communes
    }

    /// Whether a place is one abroad.
    pub fn is_abroad(&self, place: u32) -> bool {
        place.checked_sub(self.communes).is_some_and(|other| self.others[other as usize].abroad)
    }
}
