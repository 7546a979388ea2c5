//! `GET /collections/{layer}/queryables` (Part 3) and `GET /collections/{layer}/schema` (Part 5): the columns as JSON Schema.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::atlas::Layer;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::page::language;
use crate::layer::definition::{FieldType, GeometryType};
use crate::layer::language::Language;

type LayerPath = Result<Path<String>, PathRejection>;

/// No parameter is taken.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `GET /collections/{layer}/queryables`
pub async fn queryables(
    caller: Caller,
    address: Address,
    path: LayerPath,
    none: Result<Query<Nothing>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(Nothing {})) = (path?, none?);
    answer(&caller, &address, &id, &headers, "queryables")
}

/// `GET /collections/{layer}/schema`
pub async fn schema(
    caller: Caller,
    address: Address,
    path: LayerPath,
    none: Result<Query<Nothing>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(Nothing {})) = (path?, none?);
    answer(&caller, &address, &id, &headers, "schema")
}

fn answer(caller: &Caller, address: &Address, id: &str, headers: &HeaderMap, what: &str) -> Result<Response, HttpError> {
    let layer = caller.layer(id)?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    let own = format!("{}/collections/{id}/{what}", address.0);
    let written = describe(layer, &own, language(headers), what == "schema");
    let kept = [(CONTENT_TYPE, "application/schema+json")];
    let vary = [(VARY, HeaderValue::from_static(VARIES_WITH)), (VARY, HeaderValue::from_static("Accept-Language"))];
    Ok(caching.mark((axum::response::AppendHeaders(vary), kept, written.to_string()).into_response()))
}

/// `whole` adds what cannot be asked about: the id.
fn describe(layer: &Layer, id: &str, language: Language, whole: bool) -> Value {
    let definition = layer.definition();
    let mut properties: Map<String, Value> = Map::new();
    if whole {
        properties.insert("id".to_owned(), json!({ "type": "string", "x-ogc-role": "id" }));
    }
    for (place, (name, column)) in definition.columns.iter().enumerate() {
        let mut json = match column.kind {
            FieldType::Text => json!({ "type": "string" }),
            FieldType::Number => json!({ "type": "number" }),
            FieldType::Integer => json!({ "type": "integer" }),
            FieldType::Boolean => json!({ "type": "boolean" }),
            FieldType::Date => json!({ "type": "string", "format": "date" }),
        };
        json["title"] = column.title.as_ref().map_or(name.as_str(), |title| title.in_language(language)).into();
        json["x-ogc-propertySeq"] = (place + 1).into();
        if let Some(unit) = column.unit {
            json["x-ogc-unit"] = unit.symbol().into();
        }
        properties.insert(name.clone(), json);
    }
    let format = match definition.geometry {
        GeometryType::Point => Some("geometry-point-or-multipoint"),
        GeometryType::Line => Some("geometry-linestring-or-multilinestring"),
        // A feature of a lower dimension is kept as it is.
        GeometryType::Polygon => Some("geometry-any"),
        GeometryType::None => None,
    };
    if let Some(format) = format {
        properties.insert("geometry".to_owned(), json!({ "format": format, "x-ogc-role": "primary-geometry" }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "type": "object",
        "title": definition.title.in_language(language),
        "properties": properties,
        "additionalProperties": false,
    })
}
