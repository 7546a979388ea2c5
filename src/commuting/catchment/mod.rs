//! Who could come to work at a place: its catchment.
//!
//! In: a point, a distance, a decay, how many jobs are offered there. Out: the residents at work within the distance, the commuters who
//! already come to work within it, by occupation; the labour pool weighed by distance; the same shared with the jobs that are there
//! already; and the communes that make it up.
//!
//! The rule: a commune counts wholly or not at all, by one point of it: its centroid, or the point farthest from its border where the
//! centroid lies outside. Distances are straight, on the ellipsoid. Residents are those of the flows, wherever they work.
//!
//! In reading order: [`people`], [`competition`], [`answer`], [`describe`].

pub mod answer;
pub mod competition;
pub mod describe;
pub mod people;

use serde::Serialize;

use crate::commuting::words::Filter;
use crate::territory::accessibility::decay::Decay;

pub use answer::{Catchment, catchment};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub site: Site,
    pub within_m: f64,
    pub decay: Decay,
    /// Jobs that the site offers, which compete with those that are there.
    pub jobs: f64,
    pub filter: Filter,
}

/// Where jobs are offered.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// On the shared plane.
    #[serde(skip)]
    pub at: [f64; 2],
    pub lon: f64,
    pub lat: f64,
    /// A candidate as `layer/id`, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// A catchment reaches no farther: who goes farther than this every day is no pool.
pub const FARTHEST_KM: f64 = 100.0;

/// Where nobody says.
pub const USUAL_KM: f64 = 20.0;
pub const USUAL_JOBS: f64 = 100.0;
