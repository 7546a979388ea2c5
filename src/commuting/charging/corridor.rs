//! A road and what is along it.
//!
//! The rule: a road is all stretches of the layer `roads` that bear its number, slip roads and roundabouts left out. A charging point is on it
//! that stands no farther from an axis than is asked; a commune is whose point (see [`crate::territory::geography`]) lies no farther. A
//! stretch of a single carriageway serves two directions, one of a motorway or a dual carriageway, drawn by carriageway, serves one.

use serde::Serialize;

use super::parameters::Parameters;
use crate::atlas::{Layer, Reach, View};
use crate::commuting::CommutingError;
use crate::geometry::footprint::Footprint;
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shapes};
use crate::layer::catalogue::nearest;
use crate::layer::value::Values;
use crate::territory::Geography;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Such as `A75`.
    pub number: String,
    pub within_m: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Corridor {
    pub road: String,
    pub within_km: f64,
    pub stretches: usize,
    /// Of all directions.
    pub length_km: f64,
    pub points: u32,
    pub kw: f64,
    /// Points of at least 150 kW: a pool on the core network has one.
    pub fast_points: u32,
    /// Pools that the length asks for, and their power.
    pub need_pools: f64,
    pub need_kw: f64,
    pub deficit_kw: f64,
    /// Rows of the communes along it.
    #[serde(skip)]
    pub communes: Vec<u32>,
}

const FAST_KW: f64 = 150.0;

/// # Errors
/// `NoRoads`, `UnknownRoad`, `NoChargers`.
pub fn corridor(view: View<'_>, geography: &Geography, road: &Road, given: &Parameters) -> Result<Corridor, CommutingError> {
    let roads = view.layer("roads").ok_or(CommutingError::NoRoads)?;
    let chargers = view.layer("charging-points").ok_or(CommutingError::NoChargers)?;
    let stretches = stretches(roads, &road.number)?;
    let reach = Reach { metric: Metric::Ellipsoid, limit_m: road.within_m };
    let mut along = vec![false; chargers.len()];
    for &row in &stretches {
        let keep = |charger: u32| !along[charger as usize];
        let mut found = Vec::new();
        chargers.within(&roads.footprint(row), reach, keep, |charger| found.push(charger));
        found.into_iter().for_each(|charger| along[charger as usize] = true);
    }
    let power = chargers.values("power");
    let powers = chargers.rows().filter(|&row| along[row as usize]).map(|row| power.and_then(|power| power.number(row)));
    let powers: Vec<f64> = powers.map(|power| power.unwrap_or(0.0)).collect();
    let length_km = stretches.iter().map(|&row| length_km(roads, row)).sum::<f64>();
    let need_pools = (length_km / given.pool_spacing_km).ceil();
    let kw: f64 = powers.iter().sum();
    Ok(Corridor {
        road: road.number.clone(),
        within_km: road.within_m / 1000.0,
        stretches: stretches.len(),
        length_km,
        points: powers.len() as u32,
        kw,
        fast_points: powers.iter().filter(|power| **power >= FAST_KW).count() as u32,
        need_pools,
        need_kw: need_pools * given.pool_kw,
        deficit_kw: need_pools * given.pool_kw - kw,
        communes: communes(roads, &stretches, geography, reach),
    })
}

fn is_axis(roads: &Layer, row: u32) -> bool {
    !roads.values("kind").and_then(|kinds| kinds.text(row)).is_some_and(|kind| ["slip road", "roundabout"].contains(&kind))
}

fn stretches(roads: &Layer, number: &str) -> Result<Vec<u32>, CommutingError> {
    let Some(Values::Text { words, codes }) = roads.values("name") else { return Err(CommutingError::NoRoads) };
    // Several may be on one stretch: "A75/E11".
    let bears = |word: &str| word == number || word.split(['/', ',', ' ']).any(|part| part == number);
    let named: Vec<bool> = words.iter().map(|word| bears(word)).collect();
    let is_named = |row: &u32| named.get(codes[*row as usize] as usize).copied().unwrap_or(false);
    let stretches: Vec<u32> = roads.rows().filter(|row| is_named(row) && is_axis(roads, *row)).collect();
    if stretches.is_empty() {
        let nearest = nearest(number, words.iter().map(|word| word.as_ref()));
        return Err(CommutingError::UnknownRoad { number: number.to_owned(), nearest });
    }
    Ok(stretches)
}

fn length_km(roads: &Layer, row: u32) -> f64 {
    let pieces = roads.shape(row).rings().flat_map(|line| line.windows(2)).map(|two| Metric::Ellipsoid.length_m(two[0], two[1]));
    let single = roads.values("kind").and_then(|kinds| kinds.text(row)) == Some("single carriageway");
    pieces.sum::<f64>() / 1000.0 * if single { 2.0 } else { 1.0 }
}

fn communes(roads: &Layer, stretches: &[u32], geography: &Geography, reach: Reach) -> Vec<u32> {
    let mut is_stretch = vec![false; roads.len()];
    stretches.iter().for_each(|&row| is_stretch[row as usize] = true);
    let near = |commune: &u32| {
        let Some(at) = geography.point(*commune) else { return false };
        let point = point(at);
        roads.nearest(&Footprint::new(point.get(0), None), reach, |row| is_stretch[row as usize]).is_some()
    };
    (0..geography.len() as u32).filter(near).collect()
}

/// A shape that is one point.
fn point(at: [f64; 2]) -> Shapes {
    let mut shapes = Shapes::default();
    shapes.push_vertex(at);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_feature(Kind::Point);
    shapes
}
