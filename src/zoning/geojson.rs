//! A check as a GeoJSON FeatureCollection (RFC 7946): the plot, its net buildable ground, the common parts, and the ways to what is near.

use geo_types::{Coord, LineString, MultiPolygon};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::geometry::footprint::Footprint;
use crate::geometry::projection::to_lon_lat;
use crate::zoning::answer::{Check, Finding};
use crate::zoning::place::polygons;

/// A geometry in degrees, to the centimetre.
#[derive(Serialize)]
#[serde(tag = "type", content = "coordinates")]
pub enum Shape {
    LineString(Vec<[f64; 2]>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

/// The plot first, its net buildable ground, then the findings in their order. The rest of the answer is the collection's member `zoning`.
pub fn write(check: &Check<'_>, plot: &Footprint<'_>) -> Value {
    let outline = json!({
        "type": "Feature",
        "id": "plot",
        "geometry": surface(&polygons(plot.shape().to_geo())),
        "properties": { "kind": "plot", "label": check.plot.label, "area_m2": check.plot.area_m2, "strictest": check.strictest },
    });
    let net = json!({
        "type": "Feature",
        "id": "buildable",
        "geometry": (!check.buildable.ground.is_empty()).then(|| surface(&check.buildable.ground.0)),
        "properties": {
            "kind": "buildable",
            "area_m2": check.buildable.area_m2,
            "at_least_m2": check.buildable.at_least_m2,
            "largest_m2": check.buildable.largest_m2,
        },
    });
    let features: Vec<Value> = [outline, net].into_iter().chain(check.findings.iter().map(feature)).collect();
    let mut zoning = serde_json::to_value(check).unwrap_or_default();
    if let Some(members) = zoning.as_object_mut() {
        members.shift_remove("findings");
        if let Some(net) = members.get_mut("buildable").and_then(Value::as_object_mut) {
            net.shift_remove("ground");
        }
    }
    json!({ "type": "FeatureCollection", "zoning": zoning, "features": features })
}

fn feature(finding: &Finding<'_>) -> Value {
    let geometry = match &finding.way {
        Some(way) => Some(line(&way.0)),
        None => (!finding.overlap.is_empty()).then(|| surface(&finding.overlap.0)),
    };
    let properties = match serde_json::to_value(finding) {
        Ok(Value::Object(mut members)) => {
            members.shift_remove("overlap");
            members.shift_remove("way");
            members
        }
        _ => Map::new(),
    };
    json!({
        "type": "Feature",
        "id": format!("{}/{}", finding.layer, finding.id),
        "geometry": geometry,
        "properties": properties,
    })
}

/// Polygons of the shared plane; outer rings counter-clockwise (§3.1.6).
pub fn surface(polygons: &MultiPolygon<f64>) -> Shape {
    let ring = |ring: &LineString<f64>, counter_clockwise: bool| {
        let mut positions: Vec<[f64; 2]> = ring.0.iter().map(|&c| position(c)).collect();
        if is_counter_clockwise(ring) != counter_clockwise {
            positions.reverse();
        }
        positions
    };
    let parts = polygons.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(|hole| ring(hole, false));
        std::iter::once(ring(polygon.exterior(), true)).chain(holes).collect()
    });
    Shape::MultiPolygon(parts.collect())
}

pub fn line(ends: &[[f64; 2]; 2]) -> Shape {
    Shape::LineString(ends.iter().map(|&[x, y]| position(Coord { x, y })).collect())
}

fn position(c: Coord<f64>) -> [f64; 2] {
    let degrees = to_lon_lat([c.x, c.y]);
    [degrees.lon, degrees.lat].map(|value| (value * 1e7).round() / 1e7)
}

fn is_counter_clockwise(ring: &LineString<f64>) -> bool {
    let Some(&origin) = ring.0.first() else { return true };
    let cross = |pair: &[Coord<f64>]| {
        let [a, b] = [pair[0] - origin, pair[1] - origin];
        a.x * b.y - a.y * b.x
    };
    ring.0.windows(2).map(cross).sum::<f64>() >= 0.0
}
