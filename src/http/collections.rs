//! `GET /collections/{layer}` and `GET /collections/{layer}/items/{feature}`: a layer, and one of its features with every attribute.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::atlas::Layer;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::{geojson, provenance};

/// `GET /collections/{layer}`
pub async fn collection(
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let layer = caller.layer(&id)?;
    let caching = caller.caching(Kept::Document);
    let known = caching.not_modified(&headers);
    Ok(known.unwrap_or_else(|| caching.mark(Json(provenance::layer_json(layer)).into_response())))
}

/// `GET /collections/{layer}/items/{feature}`; a `/` in the feature's id is written `%2F`.
pub async fn item(
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path((id, feature)) = path?;
    let layer = caller.layer(&id)?;
    let row = layer.row_of(&feature).ok_or_else(|| HttpError::UnknownFeature { layer: id.clone(), id: feature.clone() })?;
    let caching = caller.caching(Kept::Document);
    let known = caching.not_modified(&headers);
    let answer = || ([(CONTENT_TYPE, "application/geo+json")], Json(feature_json(layer, row))).into_response();
    Ok(known.unwrap_or_else(|| caching.mark(answer())))
}

/// A GeoJSON Feature; an unknown attribute is `null`.
fn feature_json(layer: &Layer, row: u32) -> Value {
    let value = |name: &String| layer.values(name).map_or(Value::Null, |values| values.get(row).to_json());
    let properties: Map<String, Value> = layer.definition().columns.keys().map(|name| (name.clone(), value(name))).collect();
    json!({
        "type": "Feature",
        "id": layer.id(row),
        "geometry": geojson::geometry(&layer.shape(row)),
        "properties": properties,
    })
}
