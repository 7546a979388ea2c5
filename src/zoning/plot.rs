//! The plot that a check is about, found or made from what was asked for.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value};

use crate::atlas::{Layer, View};
use crate::geometry::drawn::{Crs, Drawn, DrawnError, MOST_RINGS};
use crate::geometry::footprint::{EdgeTrees, Footprint};
use crate::geometry::overlap::union;
use crate::geometry::projection::from_lon_lat;
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shapes};
use crate::geometry::territory::{Frame, LonLat};
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::Role;
use crate::zoning::asked::{Asked, PARCELS};
use crate::zoning::place::polygons;

/// A plot may not be wider or higher than this, in metres: beyond it the question is one about a territory.
pub const WIDEST_M: f64 = 100_000.0;

/// Corners of a disc: with 128 its area is 0.04 % short of the circle's.
const CORNERS: u32 = 128;

/// Layers of more features than this suggest no nearest id.
const COMPARED: usize = 20_000;

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
            Asked::GeoJson(members) => {
                Plot::drawn(of_geojson(members).map_err(|error| named(error, view))?, "drawing".to_owned())
            }
            Asked::Wkt { text, crs } => {
                let drawn = Drawn::from_wkt(text, *crs).map_err(|error| named(error.into(), view))?;
                Plot::drawn(drawn, "drawing".to_owned())
            }
            Asked::Disc { centre, radius_m } => disc(*centre, *radius_m).map_err(|error| named(error, view)),
            Asked::Sites(ids) => sites(ids, view),
        }
    }

    fn checked(self) -> Result<Plot<'v>, PlotError> {
        let bounds = *self.footprint().bounds();
        let widest = bounds.width().max(bounds.height());
        if widest > WIDEST_M { Err(PlotError::TooWide { km: (widest / 1000.0).ceil() }) } else { Ok(self) }
    }
}

fn of_geojson(members: &Map<String, Value>) -> Result<Drawn, PlotError> {
    let crs = members.get("crs").map_or(Ok(Crs::LonLat), stated)?;
    let mut drawn = Vec::new();
    gather(members, crs, &mut drawn)?;
    one(drawn)
}

/// The `crs` member of GeoJSON 2008, which many programs still write.
fn stated(member: &Value) -> Result<Crs, PlotError> {
    match &member["properties"]["name"] {
        Value::String(name) => Ok(Crs::named(name)?),
        _ if member.is_null() => Ok(Crs::LonLat),
        other => Err(DrawnError::Crs(other.to_string()).into()),
    }
}

fn gather(members: &Map<String, Value>, crs: Crs, drawn: &mut Vec<Drawn>) -> Result<(), PlotError> {
    let object = |value: &'_ Value| value.as_object().cloned().ok_or(PlotError::NoGeometry);
    match members.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => {
            let features = members.get("features").and_then(Value::as_array).ok_or(PlotError::NoGeometry)?;
            if features.len() > MOST_RINGS {
                return Err(DrawnError::TooManyRings { count: features.len() }.into());
            }
            // A collection in a collection is no GeoJSON, and would be a way to nest for ever.
            let feature = |value| match object(value)? {
                feature if feature.get("type").and_then(Value::as_str) == Some("Feature") => Ok(feature),
                _ => Err(PlotError::NoGeometry),
            };
            features.iter().try_for_each(|value| gather(&feature(value)?, crs, drawn))
        }
        Some("Feature") => {
            drawn.push(Drawn::from_geojson(&object(members.get("geometry").unwrap_or(&Value::Null))?, crs)?);
            Ok(())
        }
        _ => {
            drawn.push(Drawn::from_geojson(members, crs)?);
            Ok(())
        }
    }
}

/// Several polygons as one: what they have in common counts once.
fn one(mut drawn: Vec<Drawn>) -> Result<Drawn, PlotError> {
    match (drawn.pop(), drawn.is_empty()) {
        (None, _) => Err(PlotError::NoGeometry),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            drawn.push(last);
            joined(drawn.iter().map(|one| polygons(one.footprint().shape().to_geo())).collect())
        }
    }
}

fn joined(pieces: Vec<MultiPolygon<f64>>) -> Result<Drawn, PlotError> {
    let frames = pieces.iter().flat_map(|piece| geo::CoordsIter::coords_iter(piece).next()).map(|c| Frame::of_x(c.x));
    let mut frames: Vec<Frame> = frames.collect();
    frames.dedup();
    if let [first, second, ..] = frames[..] {
        return Err(DrawnError::TwoTerritories(first.territory().name_en, second.territory().name_en).into());
    }
    Ok(Drawn::of(union(&pieces)))
}

fn disc(centre: LonLat, radius_m: f64) -> Result<Plot<'static>, PlotError> {
    if !(radius_m > 0.0 && 2.0 * radius_m <= WIDEST_M) {
        return Err(PlotError::Radius(format!("a radius of {radius_m} m is not between 0 and {} m", WIDEST_M / 2.0)));
    }
    let frame = Frame::holding(centre).ok_or_else(|| outside(centre))?;
    let [x, y] = from_lon_lat(frame, centre);
    let planar = radius_m / Metric::Ellipsoid.ground_per_plane([x, y]);
    let corner = |step: u32| {
        let angle = std::f64::consts::TAU * f64::from(step % CORNERS) / f64::from(CORNERS);
        Coord { x: x + planar * angle.cos(), y: y + planar * angle.sin() }
    };
    let ring = LineString((0..=CORNERS).map(corner).collect());
    let label = format!("{radius_m} m around {:.6}, {:.6}", centre.lon, centre.lat);
    Plot::drawn(Drawn::of(MultiPolygon(vec![Polygon::new(ring, Vec::new())])), label)
}

fn outside(at: LonLat) -> PlotError {
    let turned = LonLat { lon: at.lat, lat: at.lon };
    let error = match Frame::holding(turned) {
        Some(frame) => DrawnError::Swapped { x: at.lon, y: at.lat, would_be: turned, territory: frame.territory().name_en },
        None => DrawnError::Outside { x: at.lon, y: at.lat },
    };
    error.into()
}

/// A drawing whose axes seem to be swapped, with the name of the place where it would be.
fn named(error: PlotError, view: View<'_>) -> PlotError {
    let PlotError::Drawn(DrawnError::Swapped { x, y, would_be, .. }) = &error else { return error };
    let Some(frame) = Frame::holding(*would_be) else { return error };
    let mut shapes = Shapes::default();
    let [px, py] = from_lon_lat(frame, *would_be);
    shapes.push_geometry(Some(&geo_types::Point::new(px, py).into()));
    let trees = EdgeTrees::of(&shapes);
    let point = Footprint::new(shapes.get(0), trees.get(0));
    let territories = view.layers().filter(|layer| layer.definition().role == Role::Territory);
    // The smallest territory that holds it says most.
    let mut smallest: Option<(f64, &str)> = None;
    for layer in territories {
        layer.rows_in(point.bounds(), |row| {
            let bounds = layer.bounds(row);
            let size = bounds.width() * bounds.height();
            let smaller = smallest.is_none_or(|(least, _)| size < least);
            if let Some(name) = layer.name(row).filter(|_| smaller && layer.footprint(row).holds([px, py])) {
                smallest = Some((size, name));
            }
        });
    }
    match smallest {
        Some((_, name)) => PlotError::Swapped { x: *x, y: *y, name: name.to_owned() },
        None => error,
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
        _ => Outline::Drawn(joined(found.iter().map(|(layer, row)| polygons(layer.shape(*row).to_geo())).collect())?),
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
