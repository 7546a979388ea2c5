//! The place to which candidates are confined, and the point that stands for a candidate.

use geo::InteriorPoint;

use crate::atlas::{Layer, View};
use crate::geometry::bounds::Bounds;
use crate::geometry::drawn::{Crs, Drawn, DrawnError};
use crate::geometry::footprint::Footprint;
use crate::geometry::shape::{Kind, Shapes};
use crate::layer::catalogue::{nearest, suggestion};
use crate::siting::spec::Within;

/// A polygon of a layer, or one that was drawn.
#[derive(Debug)]
pub enum Place<'v> {
    Feature(&'v Layer, u32),
    Drawn(Drawn),
}

impl Place<'_> {
    pub fn footprint(&self) -> Footprint<'_> {
        match self {
            Place::Feature(layer, row) => layer.footprint(*row),
            Place::Drawn(drawn) => drawn.footprint(),
        }
    }

    pub fn bounds(&self) -> Bounds {
        *self.footprint().bounds()
    }

    /// Whether a feature belongs here: its representative point does, so that two neighbours never both own it.
    pub fn owns(&self, layer: &Layer, row: u32) -> bool {
        self.bounds().intersects(&layer.bounds(row))
            && representative(layer, row).is_some_and(|point| self.footprint().holds(point))
    }
}

/// A point of a feature on the shared plane, inside where it is a polygon; `None` without geometry.
pub fn representative(layer: &Layer, row: u32) -> Option<[f64; 2]> {
    let shape = layer.shape(row);
    let middle = layer.bounds(row).centre();
    if shape.kind() == Kind::Polygon && layer.footprint(row).holds(middle) {
        return Some(middle);
    }
    // Around the middle, coordinates are small and keep their millimetres.
    let [x, y] = middle;
    let local = geo::MapCoords::map_coords(&shape.to_geo()?, |c| geo_types::Coord { x: c.x - x, y: c.y - y });
    local.interior_point().map(|point| [x + point.x(), y + point.y()])
}

/// The feature of a layer that holds a point; of several the first.
pub fn holder(layer: &Layer, point: [f64; 2]) -> Option<u32> {
    let mut holding = None;
    layer.rows_in(&Bounds::new(point, point), |row| {
        if holding.is_none() && layer.footprint(row).holds(point) {
            holding = Some(row);
        }
    });
    holding
}

/// Finds or checks the place.
///
/// # Errors
/// An unknown territory, with the nearest known; a geometry that is not a valid polygon of one French territory.
pub fn place<'v>(within: &Within, view: View<'v>) -> Result<Place<'v>, PlaceError> {
    match within {
        Within::Feature(text) => feature(text, view),
        Within::Polygon(geometry) => Ok(Place::Drawn(Drawn::from_geojson(geometry, Crs::LonLat)?)),
    }
}

fn feature<'v>(text: &str, view: View<'v>) -> Result<Place<'v>, PlaceError> {
    let (layer_id, id) = text.split_once('/').ok_or_else(|| PlaceError::Form(text.to_owned()))?;
    let layer = view.layer(layer_id).ok_or_else(|| PlaceError::Layer {
        id: layer_id.to_owned(),
        nearest: nearest(layer_id, view.layers().map(|layer| &layer.definition().id)),
    })?;
    let row = layer.row_of(id).ok_or_else(|| PlaceError::Feature {
        layer: layer_id.to_owned(),
        id: id.to_owned(),
        nearest: nearest(id, layer.rows().map(|row| layer.id(row))),
    })?;
    match layer.shape(row).kind() {
        Kind::Polygon => Ok(Place::Feature(layer, row)),
        _ => Err(PlaceError::Surface(text.to_owned())),
    }
}

/// The shapes of a place that was drawn.
///
/// # Errors
/// As [`place`]; a place that was not drawn.
pub fn drawn_shapes(within: &Within) -> Result<Shapes, PlaceError> {
    match within {
        Within::Feature(text) => Err(PlaceError::Surface(text.clone())),
        Within::Polygon(geometry) => Ok(Drawn::from_geojson(geometry, Crs::LonLat)?.into_shapes()),
    }
}

/// A place that cannot be found or is none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlaceError {
    #[error("`{0}` is not a place; write layer/id, such as `epci/200040459`, or a GeoJSON polygon")]
    Form(String),
    #[error("there is no layer `{id}`{}", suggestion(nearest))]
    Layer { id: String, nearest: Option<String> },
    #[error("layer `{layer}` has no feature `{id}`{}", suggestion(nearest))]
    Feature { layer: String, id: String, nearest: Option<String> },
    #[error("`{0}` is not a polygon")]
    Surface(String),
    #[error(transparent)]
    Drawn(#[from] DrawnError),
}
