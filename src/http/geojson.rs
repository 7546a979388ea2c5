//! Shapes of the shared plane as GeoJSON geometries (RFC 7946): degrees, longitude first, seven decimals (a centimetre).

use serde_json::{Value, json};

use crate::geometry::projection::to_lon_lat;
use crate::geometry::shape::{Kind, Part, Shape};

/// `null` for an empty shape. Of one part, the simple geometry; of several, the multiple one.
pub fn geometry(shape: &Shape<'_>) -> Value {
    let parts: Vec<Value> = shape.parts().map(|part| coordinates(shape.kind(), &part)).collect();
    let (single, multiple) = match shape.kind() {
        Kind::Empty => return Value::Null,
        Kind::Point => ("Point", "MultiPoint"),
        Kind::Line => ("LineString", "MultiLineString"),
        Kind::Polygon => ("Polygon", "MultiPolygon"),
    };
    match <[Value; 1]>::try_from(parts) {
        Ok([part]) => json!({ "type": single, "coordinates": part }),
        Err(parts) if parts.is_empty() => Value::Null,
        Err(parts) => json!({ "type": multiple, "coordinates": parts }),
    }
}

fn coordinates(kind: Kind, part: &Part<'_>) -> Value {
    let line = |ring: &[[f64; 2]]| ring.iter().map(|&xy| position(xy)).collect::<Vec<_>>();
    match kind {
        Kind::Point => part.rings().flatten().next().map_or(Value::Null, |&xy| position(xy)),
        Kind::Line => part.rings().next().map_or(Value::Null, |ring| line(ring).into()),
        Kind::Empty | Kind::Polygon => part.rings().map(line).collect::<Vec<_>>().into(),
    }
}

/// A place of the shared plane as `[longitude, latitude]`.
pub fn position(xy: [f64; 2]) -> Value {
    let degrees = to_lon_lat(xy);
    let rounded = |value: f64| (value * 1e7).round() / 1e7;
    json!([rounded(degrees.lon), rounded(degrees.lat)])
}
