//! Where a place to meet for a shared ride is missing: long flows by car with none near their way.
//!
//! The rule: the way of a flow is the straight line between the points of its communes (see [`crate::territory::geography`]); a place is near
//! that lies no farther from it than is asked, on the ground. Places that are closed do not count. Flows are ranked by what they drive:
//! workers × kilometres. Every assumption is a parameter, and the answer repeats it.
//!
//! By hand: 120 who drive 30 km each way are 120 × 30 × 2 = 7,200 km a day.

pub mod answer;
pub mod ways;

use serde::{Deserialize, Serialize};

use crate::commuting::{CommutingError, FLOOR};
use crate::territory::Territory;

pub use answer::{Answer, carpool};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Only flows that begin or end there.
    pub territory: Option<Territory>,
    pub given: Parameters,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The least flow, in workers a day.
    pub min: u32,
    /// A flow is long from here.
    pub min_km: f64,
    /// Beyond it nobody drives every day.
    pub max_km: f64,
    /// A place is near the way up to here.
    pub near_km: f64,
    /// The word of the mode of transport that is the car.
    pub mode: String,
    /// Flows that are listed.
    pub limit: usize,
}

impl Default for Parameters {
    fn default() -> Parameters {
        Parameters { min: FLOOR, min_km: 15.0, max_km: 100.0, near_km: 3.0, mode: "car".to_owned(), limit: 100 }
    }
}

impl Parameters {
    /// # Errors
    /// `Threshold`, `Parameter`.
    pub fn check(&self) -> Result<(), CommutingError> {
        if self.min < FLOOR {
            return Err(CommutingError::Threshold(self.min));
        }
        let ranges = [
            ("min_km", self.min_km, 0.0, 500.0),
            ("max_km", self.max_km, self.min_km, 500.0),
            ("near_km", self.near_km, 0.0, 50.0),
            ("limit", self.limit as f64, 1.0, 10_000.0),
        ];
        match ranges.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value)) {
            None => Ok(()),
            Some((name, value, least, most)) => Err(CommutingError::Parameter { name, value, least, most }),
        }
    }
}
