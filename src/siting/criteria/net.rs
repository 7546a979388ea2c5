//! The buildable ground of sites: what a specification's block `buildable` leaves of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::targets::Targets;
use crate::atlas::Reach;
use crate::geometry::buildable::{Constraint, buildable};
use crate::geometry::compactness::perimeter;
use crate::geometry::footprint::{EdgeTrees, Footprint};
use crate::geometry::scale::Metric;
use crate::geometry::shape::Shapes;
use crate::siting::context::Context;
use crate::siting::measure::Site;
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;
use crate::siting::spec::buildable::Buildable;

/// The block with its layers found. Several criteria read the same ground: a site's is made once.
#[derive(Debug)]
pub struct NetLand<'v> {
    minus: Vec<(Targets<'v>, f64)>,
    edge_m: f64,
    /// All that the ground depends on besides the site, for the memo.
    definition: String,
    made: Mutex<HashMap<String, HashMap<u32, Arc<Net>>>>,
}

/// What is left of a site.
#[derive(Debug)]
pub struct Net {
    pub total_m2: f64,
    /// Planar length of all borders of all that is left.
    pub total_perimeter_m: f64,
    pub largest_m2: f64,
    /// The largest piece that is in one; empty where nothing is left.
    largest: Shapes,
    edges: EdgeTrees,
}

impl Net {
    pub fn largest(&self) -> Footprint<'_> {
        Footprint::new(self.largest.get(0), self.edges.get(0))
    }
}

/// Widest setback: beyond it a criterion of proximity says what is meant.
const MOST_M: f64 = 10_000.0;

/// Grounds kept of a layer. With more candidates than this they are made again for each criterion.
const KEPT: usize = 100_000;

impl Buildable {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<NetLand<'v>, ResolveError> {
        let length = |key: &'static str, written: Option<&str>| {
            let Some(written) = written else { return Ok(0.0) };
            let (length_m, _) = Scale::length().read(written).map_err(|problem| context.scale(key, problem))?;
            let length = written.to_owned();
            (0.0..=MOST_M).contains(&length_m).then_some(length_m).ok_or(ResolveError::Setback { key, length })
        };
        let minus = self.minus.iter().map(|minus| {
            let targets = Targets::resolve(context, &minus.layers, minus.filter.as_deref())?;
            Ok::<_, ResolveError>((targets, length("setback", minus.setback.as_deref())?))
        });
        Ok(NetLand {
            minus: minus.collect::<Result<_, _>>()?,
            edge_m: length("edge", self.edge.as_deref())?,
            // Texts: always JSON.
            definition: serde_json::to_string(self).unwrap_or_default(),
            made: Mutex::default(),
        })
    }
}

impl<'v> NetLand<'v> {
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Whether each of the layers holds anything in the site's territory. Where one does not, nobody knows what it would take.
    pub fn is_known(&self, site: &Site<'_>) -> bool {
        self.minus.iter().all(|(targets, _)| targets.each_covers(site))
    }

    /// How much the sources' precisions together may move a border.
    pub fn precision_m(&self, site: &Site<'_>) -> f64 {
        let own = site.layer.definition().precision_m;
        self.minus.iter().map(|(targets, _)| targets.tolerance(site)).fold(own, f64::max)
    }

    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Arc<Net> {
        let layer = &site.layer.definition().id;
        if let Some(known) = self.lock().get(layer).and_then(|nets| nets.get(&site.row)) {
            return Arc::clone(known);
        }
        let net = Arc::new(self.make(site, metric));
        let mut made = self.lock();
        let nets = made.entry(layer.clone()).or_default();
        if nets.len() >= KEPT {
            nets.clear();
        }
        nets.insert(site.row, Arc::clone(&net));
        net
    }

    fn make(&self, site: &Site<'_>, metric: Metric) -> Net {
        let plot = site.footprint();
        let mut constraints = Vec::new();
        for (targets, setback_m) in &self.minus {
            let reach = Reach { metric, limit_m: *setback_m };
            for (_, target) in targets.iter() {
                let mut take = |row| {
                    let footprint = target.layer.footprint(row);
                    constraints.push(Constraint { footprint, setback_m: *setback_m });
                };
                target.layer.within(&plot, reach, |row| target.keeps(row), &mut take);
            }
        }
        let left = buildable(&plot, &constraints, self.edge_m, metric);
        let shapes = |polygons: geo_types::MultiPolygon<f64>| {
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&polygons.into()));
            shapes
        };
        let largest = shapes(left.largest);
        Net {
            total_m2: left.area_m2,
            total_perimeter_m: perimeter(&shapes(left.ground).get(0)),
            largest_m2: left.largest_m2,
            edges: EdgeTrees::of(&largest),
            largest,
        }
    }

    // What is inserted is whole: a panic elsewhere leaves nothing wrong.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, HashMap<u32, Arc<Net>>>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
