//! What is around a candidate: every feature no farther than a radius, or of the area that holds the candidate.

use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::areas::Areas;
use super::targets::{Layers, Targets};
use crate::atlas::texts::Texts;
use crate::atlas::{Layer, Reach};
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shapes};
use crate::geometry::territory::{FARTHEST_M, Frame};
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::measure::{Reason, Site};
use crate::siting::memo::Memo;
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// To which part of a feature a distance is measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`at` is `edge`, `centre` or `{ x: column, y: column }`")]
pub enum At {
    /// Its nearest edge; 0 where they meet.
    #[default]
    Edge,
    /// Its centroid.
    Centre,
    /// The point whose coordinates two number columns hold, in metres of the territory's CRS.
    #[serde(untagged)]
    Columns(Columns),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub x: String,
    pub y: String,
}

impl At {
    pub fn is_edge(&self) -> bool {
        *self == At::Edge
    }
}

/// What a `count` or a `sum` says about where: a radius or an area.
pub struct Around<'w> {
    pub of: &'w Layers,
    pub radius: Option<&'w str>,
    /// A layer of areas.
    pub area: Option<&'w str>,
    pub at: &'w At,
    pub filter: Option<&'w str>,
}

/// The features around a site.
#[derive(Debug)]
pub struct Disc<'v> {
    targets: Targets<'v>,
    radius_m: f64,
    /// For each target, a layer of the same rows, each a point. Empty: distances are to the features themselves.
    points: Vec<Arc<Layer>>,
    /// In place of the radius.
    areas: Option<Areas<'v>>,
}

impl Around<'_> {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Disc<'v>, ResolveError> {
        let targets = Targets::resolve(context, self.of, self.filter)?;
        let radius = match (self.radius, self.area) {
            (Some(radius), None) => radius,
            (None, Some(area)) if self.at.is_edge() => {
                let areas = Some(Areas::resolve(context, area, &targets)?);
                return Ok(Disc { targets, radius_m: 0.0, points: Vec::new(), areas });
            }
            (None, Some(_)) => return Err(ResolveError::At { place: context.place() }),
            _ => return Err(ResolveError::Where { place: context.place() }),
        };
        let (radius_m, _) = Scale::length().read(radius).map_err(|problem| context.scale("radius", problem))?;
        if !(0.0..=FARTHEST_M).contains(&radius_m) {
            return Err(ResolveError::Radius { place: context.place(), radius: radius.to_owned() });
        }
        let points = match self.at {
            At::Edge => Vec::new(),
            At::Centre => targets.iter().map(|(_, target)| centroids(context.memo, target.layer)).collect(),
            At::Columns(columns) => {
                targets.iter().map(|(_, target)| columns.points(context, target.layer)).collect::<Result<_, _>>()?
            }
        };
        Ok(Disc { targets, radius_m, points, areas: None })
    }
}

impl<'v> Disc<'v> {
    pub fn targets(&self) -> &Targets<'v> {
        &self.targets
    }

    /// The layers that are looked at, as witnesses number them.
    pub fn layers(&self) -> Vec<&'v Layer> {
        self.targets.layers().into_iter().chain(self.areas.as_ref().map(|areas| areas.layer)).collect()
    }

    /// The one layer whose features are around, where their ids are to be codes of a table.
    pub fn only_layer(&self, context: &Context<'_, 'v>) -> Result<&'v Layer, ResolveError> {
        match &self.targets.layers()[..] {
            [layer] => Ok(layer),
            _ => Err(ResolveError::OneLayer { place: context.place() }),
        }
    }

    /// Why nothing is known of what is around a site; `None` where something is.
    pub fn why_unknown(&self, site: &Site<'_>) -> Option<Reason> {
        if site.layer.shape(site.row).is_empty() {
            return Some(Reason::NoGeometry);
        }
        if !self.targets.cover(site) {
            return Some(Reason::NoData);
        }
        let nowhere = self.areas.as_ref().is_some_and(|areas| areas.of(site).is_none());
        nowhere.then_some(Reason::NoArea)
    }

    /// Calls `visit` with the features around the site, as the place of their layer and ranges of its rows in increasing order.
    pub fn visit(&self, site: &Site<'_>, metric: Metric, mut visit: impl FnMut(u16, Range<u32>)) {
        if let Some(areas) = &self.areas {
            return areas.visit(site, &self.targets, visit);
        }
        let footprint = site.footprint();
        for (place, target) in self.targets.iter() {
            let layer = self.points.get(usize::from(place)).map_or(target.layer, |points| &**points);
            let reach = Reach { metric, limit_m: self.radius_m };
            match target.is_whole() {
                true => layer.ranges_within(&footprint, reach, |rows| visit(place, rows)),
                false => layer.within(&footprint, reach, |row| target.keeps(row), |row| visit(place, row..row + 1)),
            }
        }
    }

    /// About what one site costs, in nanoseconds, by the number of features around some of a sample.
    pub fn cost(&self, sample: &[Site<'_>], metric: Metric) -> f64 {
        let step = sample.len().div_ceil(16).max(1);
        let (mut features, mut sites) = (0, 0);
        for site in sample.iter().step_by(step) {
            sites += 1;
            self.visit(site, metric, |_, rows| features += rows.len());
        }
        let roughness = if self.points.is_empty() { self.targets.roughness() } else { 1.0 };
        1_500.0 + 8.0 * roughness * features as f64 / f64::from(sites.max(1))
    }
}

fn centroids(memo: &Memo, layer: &Layer) -> Arc<Layer> {
    use geo::Centroid;
    let key = format!("centroids of {}", layer.definition().id);
    points(memo, &key, layer, |row| {
        let shape = layer.shape(row);
        // Around the middle of its box, a shape's coordinates are small and its centroid keeps its millimetres.
        let [x, y] = shape.bounds().centre();
        let local = geo::MapCoords::map_coords(&shape.to_geo()?, |c| geo_types::Coord { x: c.x - x, y: c.y - y });
        local.centroid().map(|centre| [x + centre.x(), y + centre.y()])
    })
}

impl Columns {
    fn points(&self, context: &Context<'_, '_>, layer: &Layer) -> Result<Arc<Layer>, ResolveError> {
        let (x, y) = (numbers(context, layer, &self.x)?, numbers(context, layer, &self.y)?);
        let key = format!("points `{}`, `{}` of {}", self.x, self.y, layer.definition().id);
        Ok(points(context.memo, &key, layer, |row| {
            let offset = Frame::of_x(layer.bounds(row).centre()[0]).offset();
            Some([x?.number(row)? + offset, y?.number(row)?])
        }))
    }
}

/// A number column of a layer; `None` where the snapshot holds no cell of it.
pub fn numbers<'l>(context: &Context<'_, '_>, layer: &'l Layer, column: &str) -> Result<Option<&'l Values>, ResolveError> {
    let definition = layer.definition();
    match definition.column(column).map(Scale::of_column) {
        Some(Scale::Number(_)) => Ok(layer.values(column)),
        Some(_) => {
            Err(ResolveError::NotANumber { place: context.place(), column: column.to_owned(), layer: definition.id.clone() })
        }
        None => Err(context.no_column(layer, column)),
    }
}

/// A layer of the same rows, each a point or nothing; made once an atlas.
fn points(memo: &Memo, key: &str, layer: &Layer, point: impl Fn(u32) -> Option<[f64; 2]>) -> Arc<Layer> {
    let bytes = |points: &Layer| points.rows().len() * size_of::<[f64; 16]>();
    memo.get(key, bytes, || {
        let mut shapes = Shapes::default();
        for row in layer.rows() {
            match point(row) {
                Some(point) => {
                    shapes.push_vertex(point);
                    shapes.end_ring();
                    shapes.end_part();
                    shapes.end_feature(Kind::Point)
                }
                None => shapes.end_feature(Kind::Empty),
            };
        }
        Layer::new(layer.entry().clone(), Texts::default(), Vec::new(), shapes)
    })
}
