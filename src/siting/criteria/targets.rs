//! The features that a criterion measures against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::atlas::Layer;
use crate::atlas::filter::Bound;
use crate::geometry::territory::Frame;
use crate::siting::context::Context;
use crate::siting::measure::Site;
use crate::siting::resolve::ResolveError;

/// One layer id, or several whose features count alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "write the id of a layer, or a list of them")]
pub enum Layers {
    One(String),
    Many(Vec<String>),
}

impl Layers {
    pub fn ids(&self) -> &[String] {
        match self {
            Layers::One(id) => std::slice::from_ref(id),
            Layers::Many(ids) => ids,
        }
    }
}

/// Layers with their filters, in the order of their ids.
#[derive(Debug)]
pub struct Targets<'v>(Vec<Target<'v>>);

/// One layer, and which of its rows count.
#[derive(Debug)]
pub struct Target<'v> {
    pub layer: &'v Layer,
    filter: Option<Bound<'v>>,
}

impl<'v> Targets<'v> {
    pub fn resolve(context: &Context<'_, 'v>, layers: &Layers, filter: Option<&str>) -> Result<Targets<'v>, ResolveError> {
        let found = context.layers(layers.ids())?;
        let filters = context.filters(&found, filter)?;
        let target = |(layer, filter)| Target { layer, filter };
        Ok(Targets(found.into_iter().zip(filters).map(target).collect()))
    }

    pub fn iter(&self) -> impl Iterator<Item = (u16, &Target<'v>)> {
        (0..).zip(&self.0)
    }

    pub fn layers(&self) -> Vec<&'v Layer> {
        self.0.iter().map(|target| target.layer).collect()
    }

    pub fn get(&self, target: u16) -> Option<&Target<'v>> {
        self.0.get(usize::from(target))
    }

    /// Whether any of the layers holds anything in the site's territory.
    pub fn cover(&self, site: &Site<'_>) -> bool {
        let frame = Frame::of_x(site.layer.bounds(site.row).centre()[0]);
        self.0.iter().any(|target| target.layer.frames().contains(&frame))
    }

    /// Whether each of the layers holds anything in the site's territory.
    pub fn each_covers(&self, site: &Site<'_>) -> bool {
        let frame = Frame::of_x(site.layer.bounds(site.row).centre()[0]);
        self.0.iter().all(|target| target.layer.frames().contains(&frame))
    }

    /// How much the sources' precisions together may move a distance: independent errors add up as squares.
    pub fn tolerance(&self, site: &Site<'_>) -> f64 {
        let coarsest = self.0.iter().map(|target| target.layer.definition().precision_m).fold(0.0, f64::max);
        coarsest.hypot(site.layer.definition().precision_m)
    }

    /// The same for any of these candidate layers.
    pub fn greatest_tolerance(&self, candidates: &[&Layer]) -> f64 {
        let coarsest =
            |layers: &mut dyn Iterator<Item = &Layer>| layers.map(|layer| layer.definition().precision_m).fold(0.0, f64::max);
        coarsest(&mut self.0.iter().map(|target| target.layer)).hypot(coarsest(&mut candidates.iter().copied()))
    }

    /// By how much a question about these features is dearer than about points: it grows with the depth of the tree over
    /// their edges.
    pub fn roughness(&self) -> f64 {
        let vertices: usize = self.0.iter().map(|target| target.layer.shapes().vertices()).sum();
        let features: usize = self.0.iter().map(|target| target.layer.len()).sum();
        1.0 + 0.5 * (vertices as f64 / features.max(1) as f64).max(1.0).ln()
    }
}

impl Target<'_> {
    /// Whether every row counts.
    pub fn is_whole(&self) -> bool {
        self.filter.is_none()
    }

    pub fn keeps(&self, row: u32) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.keeps(row))
    }
}
