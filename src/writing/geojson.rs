//! GeoJSON features (RFC 7946).

use geo_types::Geometry;
use serde_json::{Map, Value as Json, json};

use crate::layer::value::Value;
use crate::writing::Column;

/// A feature; an unknown cell is `null`, and so is a geometry that nobody drew. Coordinates are written as they come.
pub fn feature(id: &str, geometry: Option<&Geometry<f64>>, columns: &[Column], cells: &[Value]) -> Json {
    let named = columns.iter().map(|column| column.name.clone());
    let properties: Map<String, Json> = named.zip(cells.iter().map(Value::to_json)).collect();
    json!({
        "type": "Feature",
        "id": id,
        "geometry": geometry.map(|geometry| geojson::Geometry::new(geometry.into())),
        "properties": properties,
    })
}
