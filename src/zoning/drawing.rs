//! Polygons that are drawn for a check: out of GeoJSON of any kind, several as one, or a disc around a point.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value};

use crate::atlas::View;
use crate::geometry::drawn::{Crs, Drawn, DrawnError, MOST_RINGS};
use crate::geometry::footprint::{EdgeTrees, Footprint};
use crate::geometry::projection::from_lon_lat;
use crate::geometry::scale::Metric;
use crate::geometry::shape::Shapes;
use crate::geometry::territory::{Frame, LonLat};
use crate::layer::definition::Role;
use crate::zoning::plot::{PlotError, WIDEST_M};

/// Corners of a disc: with 128 its area is 0.04 % short of the circle's.
const CORNERS: u32 = 128;

/// Every polygon of a geometry, a feature or a collection as one.
///
/// # Errors
/// No polygon, or one that is not valid.
pub fn of_geojson(members: &Map<String, Value>) -> Result<Drawn, PlotError> {
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
            let pieces: Vec<MultiPolygon<f64>> = drawn.iter().map(Drawn::polygons).collect();
            Ok(Drawn::joined(&pieces)?)
        }
    }
}

/// What lies within a distance of a point, on the ground.
///
/// # Errors
/// A point outside every territory, a radius of nothing or too much.
pub fn disc(centre: LonLat, radius_m: f64) -> Result<Drawn, PlotError> {
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
    Ok(Drawn::of(MultiPolygon(vec![Polygon::new(ring, Vec::new())])))
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
pub fn named(error: PlotError, view: View<'_>) -> PlotError {
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
