//! `catchment`: who could come to work at the candidate, as a table of flows tells, by distance and with competition.

use std::sync::Arc;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{Absent, Joined, Joining};
use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::geometry::territory::{FARTHEST_M, Frame};
use crate::geometry::units::Unit;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;
use crate::territory::accessibility::decay::Decay;
use crate::territory::accessibility::points::Points;
use crate::territory::geography::point_in;

/// Workers who live within a distance of the candidate, each weighed by the distance: those of a feature, such as a commune, at one
/// point of it. With `workplace`, they are first shared with the jobs within their reach, and the reading is workers a job.
///
/// The point of a feature, and of the candidate, is its centroid, or the point farthest from its border where the centroid lies
/// outside. A feature that does not know its number makes a lower bound; with competition it makes the reading unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catchment {
    /// The layer whose features the table names, such as `communes`.
    pub of: String,
    /// A table of flows, such as `commuting-flows`.
    pub table: String,
    /// Its column of codes of where workers live.
    pub home: String,
    /// Its column of codes of where they work: those jobs compete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workplace: Option<String>,
    /// Its column of numbers, such as `workers`.
    pub field: String,
    /// Only rows of the table for which this filter (CQL2 text) is true: `occupation = 'manual workers'`.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Such as `20 km`.
    pub within: String,
    #[serde(default, skip_serializing_if = "Weighing::is_step")]
    pub decay: Weighing,
}

/// What distance does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`decay` is `step`, `{ exponential: 10 km }` or `{ gaussian: 10 km }`")]
pub enum Weighing {
    /// Nothing, within.
    #[default]
    Step,
    /// exp(−d / this).
    Exponential(String),
    /// exp(−d² / 2 this²).
    Gaussian(String),
}

impl Weighing {
    pub fn is_step(&self) -> bool {
        *self == Weighing::Step
    }
}

#[derive(Debug)]
pub struct Pool<'v> {
    features: &'v Layer,
    table: &'v Layer,
    points: Arc<Points>,
    workers: Arc<Joined>,
    /// With competition, for each feature the jobs within reach of its workers; `None` where some are unknown.
    demand: Option<Arc<Vec<Option<f64>>>>,
    within_m: f64,
    decay: Decay,
    unit: Option<Unit>,
}

impl Catchment {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Pool<'v>, ResolveError> {
        let features = context.layers(std::slice::from_ref(&self.of))?[0];
        let length = |key, text: &str| Scale::length().read(text).map(|read| read.0).map_err(|why| context.scale(key, why));
        let within_m = length("within", &self.within)?;
        if !(0.0..=FARTHEST_M).contains(&within_m) {
            return Err(ResolveError::Radius { place: context.place(), radius: self.within.clone() });
        }
        let decay = match &self.decay {
            Weighing::Step => Decay::Step,
            Weighing::Exponential(text) => Decay::Exponential { scale_m: length("exponential", text)?.max(1.0) },
            Weighing::Gaussian(text) => Decay::Gaussian { sigma_m: length("gaussian", text)?.max(1.0) },
        };
        let joining =
            |key| Joining { table: &self.table, key, field: &self.field, filter: self.filter.as_deref(), elsewhere: None };
        let (table, workers) = joining(&self.home).resolve(context, features)?;
        let jobs = self.workplace.as_ref().map(|key| joining(key).resolve(context, features)).transpose()?;
        let id = &features.definition().id;
        let points = context.memo.get(
            &format!("inner points of {id}"),
            |points: &Points| points.len() * 64,
            || Points::new(features.rows().into_par_iter().map(|row| point_in(features, row)).collect()),
        );
        let metric = context.metric;
        let demand = jobs.map(|(_, jobs)| {
            let key = format!("demand on {id} {} {metric:?}", serde_json::to_string(self).unwrap_or_default());
            let make = || demand(&points, &jobs, (within_m, decay), metric);
            context.memo.get(&key, |demand: &Vec<Option<f64>>| demand.len() * 16, make)
        });
        let unit = table.definition().column(&self.field).and_then(|column| column.unit).filter(|_| demand.is_none());
        Ok(Pool { features, table, points, workers, demand, within_m, decay, unit })
    }
}

/// For each place, the jobs within reach of those who live there, each by its weight.
fn demand(points: &Points, jobs: &Joined, (within_m, decay): (f64, Decay), metric: Metric) -> Vec<Option<f64>> {
    let of = |place: u32| {
        let (mut sum, mut complete) = (0.0, true);
        points.within(points.get(place)?, within_m, metric, |employer, distance| match jobs.of(employer, Absent::Zero) {
            Some((number, true)) => sum += number * decay.weight(distance),
            _ => complete = false,
        });
        complete.then_some(sum)
    };
    (0..points.len() as u32).into_par_iter().map(of).collect()
}

impl<'v> Pool<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        let Some(at) = point_in(site.layer, site.row) else { return Measured::unknown(Reason::NoGeometry) };
        if !self.features.frames().contains(&Frame::of_x(at[0])) {
            return Measured::unknown(Reason::NoData);
        }
        let mut near = Vec::new();
        self.points.within(at, self.within_m, metric, |place, distance| near.push((place, distance)));
        // One order, whatever the tree's: sums of decimals are then the same everywhere.
        near.sort_unstable_by_key(|near| near.0);
        let (mut sum, mut complete) = (0.0, true);
        for (place, distance) in near {
            let weight = self.decay.weight(distance);
            let (workers, whole) = self.workers.of(place, Absent::Zero).unwrap_or((0.0, false));
            complete &= whole;
            match self.demand.as_ref().map(|demand| demand[place as usize]) {
                None => sum += workers * weight,
                Some(Some(demand)) if demand > 0.0 => sum += workers * weight / demand,
                Some(Some(_)) => {}
                Some(None) => complete = false,
            }
        }
        let sum = self.unit.map_or(sum, |unit| unit.to_base(sum));
        match complete {
            true => Measured::plain(Reading::exact(sum)),
            false if self.demand.is_none() && !self.workers.some_negative => Measured::plain(Reading::at_least(sum)),
            false => Measured::unknown(Reason::MissingPart),
        }
    }

    /// People, or with competition workers a job.
    pub fn scale(&self) -> Scale {
        Scale::Number(self.unit)
    }

    pub fn layers(&self) -> Vec<&'v Layer> {
        vec![self.features, self.table]
    }

    pub fn not_mapped(&self) -> u64 {
        self.workers.not_mapped
    }

    /// About what one site costs, in nanoseconds.
    pub fn cost(&self) -> f64 {
        let extent = self.features.extent();
        let share = (std::f64::consts::PI * self.within_m.powi(2) / (extent.width() * extent.height()).max(1.0)).min(1.0);
        2_000.0 + 120.0 * share * self.features.len() as f64
    }
}
