//! What is measured for each commune rather than read from a table: how far the nearest feature is, and how much ground features cover.
//! From communes upward it adds up as tables do.

use rayon::prelude::*;

use super::tally::{Tally, bound};
use crate::atlas::filter::{BindError, Bound};
use crate::atlas::{Layer, Reach, View};
use crate::geometry::footprint::Footprint;
use crate::geometry::overlap::covered_area_m2;
use crate::geometry::scale::Metric;
use crate::geometry::shape::Shapes;
use crate::geometry::territory::FARTHEST_M;
use crate::layer::indicator::{Indicator, Rule};
use crate::territory::Geography;

/// Everything within a territory, on the ground.
pub const REACH: Reach = Reach { metric: Metric::Ellipsoid, limit_m: FARTHEST_M };

/// The column of communes that tells how many live there.
const RESIDENTS: &str = "population";

/// The tally of each commune, by the rows of the layer of communes.
///
/// # Errors
/// A filter that compares a column with a constant of another type.
pub fn tallies(layer: &Layer, indicator: &Indicator, view: View<'_>, geography: &Geography) -> Result<Vec<Tally>, BindError> {
    let Some(communes) = view.layer("communes") else { return Ok(Vec::new()) };
    let only = bound(layer, indicator)?;
    let keeps = |row: u32| only.as_ref().is_none_or(|only: &Bound<'_>| only.keeps(row));
    let residents = communes.values(RESIDENTS);
    let nearest = |commune: u32| {
        let metres = geography.point(commune).and_then(|at| nearest_m(layer, at, keeps));
        let weight = residents.and_then(|values| values.number(commune));
        // Where nobody lives nothing is far from anybody.
        let weighed = if weight == Some(0.0) { Some(0.0) } else { metres.zip(weight).map(|(metres, weight)| metres * weight) };
        Tally::measured(weighed, weight)
    };
    let cover = |commune: u32| {
        let ground = communes.footprint(commune);
        let area = Some(Metric::Ellipsoid.area_m2(ground.shape())).filter(|area| *area > 0.0);
        Tally::measured(area.map(|_| covered_m2(layer, &ground, keeps)), area)
    };
    Ok(communes
        .rows()
        .into_par_iter()
        .map(|row| if indicator.rule == Rule::Nearest { nearest(row) } else { cover(row) })
        .collect())
}

fn nearest_m(layer: &Layer, at: [f64; 2], keeps: impl Fn(u32) -> bool) -> Option<f64> {
    let point = point_at(at);
    layer.nearest(&Footprint::new(point.get(0), None), REACH, keeps).map(|near| near.distance_m)
}

/// A point of the shared plane as a shape that questions can be asked from.
pub fn point_at(at: [f64; 2]) -> Shapes {
    let mut shapes = Shapes::default();
    shapes.push_geometry(Some(&geo_types::Point::from(at).into()));
    shapes
}

fn covered_m2(layer: &Layer, ground: &Footprint<'_>, keeps: impl Fn(u32) -> bool) -> f64 {
    let mut near = Vec::new();
    layer.rows_in(ground.bounds(), |row| {
        if keeps(row) {
            near.push(layer.footprint(row));
        }
    });
    covered_area_m2(ground, near, Metric::Ellipsoid)
}
