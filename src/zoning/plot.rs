//! The plot that a check is about, found or made from what was asked for.

use crate::atlas::{Layer, View};
use crate::geometry::drawn::{Drawn, DrawnError, MOST_RINGS};
use crate::geometry::footprint::Footprint;
use crate::geometry::shape::Kind;
use crate::layer::catalogue::{nearest, suggestion};
use crate::zoning::asked::{Asked, PARCELS};
use crate::zoning::drawing;
use crate::zoning::place::polygons;

/// A plot may not be wider or higher than this, in metres: beyond it the question is one about a territory.
pub const WIDEST_M: f64 = 100_000.0;

/// Layers of more features than this suggest no nearest id.
const COMPARED: usize = 20_000;

/// The label of a plot that was drawn: it has no name.
pub const DRAWING: &str = "drawing";

/// A polygon of one territory, with a name for people.
#[derive(Debug)]
pub struct Plot<'v> {
    shape: Outline<'v>,
    pub label: String,
    /// How exactly its outline is known, in metres; 0 for a drawing.
    pub precision_m: f64,
}

#[derive(Debug)]
enum Outline<'v> {
    Feature(&'v Layer, u32),
    Drawn(Drawn),
}

impl Plot<'_> {
    pub fn footprint(&self) -> Footprint<'_> {
        match &self.shape {
            Outline::Feature(layer, row) => layer.footprint(*row),
            Outline::Drawn(drawn) => drawn.footprint(),
        }
    }

    /// A plot that is drawn, or was read from a file.
    ///
    /// # Errors
    /// It is too wide.
    pub fn drawn(drawn: Drawn, label: String) -> Result<Plot<'static>, PlotError> {
        Plot { shape: Outline::Drawn(drawn), label, precision_m: 0.0 }.checked()
    }
}

impl<'v> Plot<'v> {
    /// Finds or makes the plot.
    ///
    /// # Errors
    /// An unknown layer, feature or parcel, with the nearest known; a drawing that is not a valid polygon of one territory; a
    /// plot that is too wide.
    pub fn of(asked: &Asked, view: View<'v>) -> Result<Plot<'v>, PlotError> {
        match asked {
            Asked::Sites(ids) => sites(ids, view),
            Asked::GeoJson(members) => Plot::sketched(drawing::of_geojson(members), DRAWING.to_owned(), view),
            Asked::Wkt { text, crs } => {
                let drawn = Drawn::from_wkt(text, *crs).map_err(PlotError::from);
                Plot::sketched(drawn, DRAWING.to_owned(), view)
            }
            Asked::Disc { centre, radius_m } => {
                let label = format!("{radius_m} m around {:.6}, {:.6}", centre.lon, centre.lat);
                Plot::sketched(drawing::disc(*centre, *radius_m), label, view)
            }
        }
    }

    fn sketched(drawn: Result<Drawn, PlotError>, label: String, view: View<'v>) -> Result<Plot<'v>, PlotError> {
        Plot::drawn(drawn.map_err(|error| drawing::named(error, view))?, label)
    }

    fn checked(self) -> Result<Plot<'v>, PlotError> {
        let bounds = *self.footprint().bounds();
        let widest = bounds.width().max(bounds.height());
        if widest > WIDEST_M { Err(PlotError::TooWide { km: (widest / 1000.0).ceil() }) } else { Ok(self) }
    }
}

fn sites<'v>(ids: &[String], view: View<'v>) -> Result<Plot<'v>, PlotError> {
    if ids.len() > MOST_RINGS {
        return Err(DrawnError::TooManyRings { count: ids.len() }.into());
    }
    let found: Vec<(&Layer, u32)> = ids.iter().map(|id| site(id, view)).collect::<Result<_, _>>()?;
    let label = match ids {
        [] => return Err(PlotError::NoGeometry),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    };
    let precision_m = found.iter().map(|(layer, _)| layer.definition().precision_m).fold(0.0, f64::max);
    let shape = match found[..] {
        [(layer, row)] => Outline::Feature(layer, row),
        _ => {
            let pieces: Vec<_> = found.iter().map(|(layer, row)| polygons(layer.shape(*row).to_geo())).collect();
            Outline::Drawn(Drawn::joined(&pieces)?)
        }
    };
    Plot { shape, label, precision_m }.checked()
}

fn site<'v>(text: &str, view: View<'v>) -> Result<(&'v Layer, u32), PlotError> {
    let (layer_id, id) = text.split_once('/').unwrap_or((PARCELS, text));
    let layer = view.layer(layer_id).ok_or_else(|| PlotError::Layer {
        id: layer_id.to_owned(),
        suggestion: suggestion(&nearest(layer_id, view.layers().map(|layer| &layer.definition().id))),
    })?;
    let row = layer.row_of(id).ok_or_else(|| PlotError::Feature {
        layer: layer_id.to_owned(),
        id: id.to_owned(),
        // Among very many, the nearest is dear to find and seldom the one that was meant.
        suggestion: match layer.len() <= COMPARED {
            true => suggestion(&nearest(id, layer.rows().map(|row| layer.id(row)))),
            false => String::new(),
        },
    })?;
    match layer.shape(row).kind() {
        Kind::Polygon => Ok((layer, row)),
        _ => Err(PlotError::Surface(text.to_owned())),
    }
}

/// Why there is no plot to check.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlotError {
    #[error(transparent)]
    Drawn(#[from] DrawnError),
    #[error(
        "the position {x}, {y} is outside every territory, but {y}, {x} is in {name}: the axes seem to be swapped; coordinates are longitude first, or easting first"
    )]
    Swapped { x: f64, y: f64, name: String },
    #[error("the plot is not read: {0}")]
    Json(String),
    #[error("the plot is none of the known forms: {0}")]
    Form(&'static str),
    #[error("unknown key `{key}`{suggestion}")]
    Key { key: String, suggestion: String },
    #[error("there is no geometry to check")]
    NoGeometry,
    #[error("{0}")]
    Radius(String),
    #[error("`{0}` is not a point; write longitude,latitude such as 3.561,46.612")]
    Point(String),
    #[error("there is no layer `{id}`{suggestion}")]
    Layer { id: String, suggestion: String },
    #[error("layer `{layer}` has no feature `{id}`{suggestion}")]
    Feature { layer: String, id: String, suggestion: String },
    #[error("`{0}` is not a polygon; ask about a point with a radius")]
    Surface(String),
    #[error("the plot is {km} km wide or high; at most {} km are taken", WIDEST_M / 1000.0)]
    TooWide { km: f64 },
}
