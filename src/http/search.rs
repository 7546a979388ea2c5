//! `GET /search?q=`: features by how a word of their name, or their id, begins, over all layers that the caller sees.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::atlas::Layer;
use crate::atlas::names::{Fit, Found, folded};
use crate::geometry::projection::to_lon_lat;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::features::asked::encoded;
use crate::layer::definition::Role;

const LIMIT: usize = 10;
const MOST: usize = 100;
/// Letters of a query that are looked at.
const LETTERS: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    q: String,
    limit: Option<usize>,
    /// Ids of the layers to look in, between commas.
    layers: Option<String>,
}

/// `GET /search`
pub async fn search(
    caller: Caller,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(Parameters { q, limit, layers }) = parameters?;
    let limit = limit.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(HttpError::Parameters(format!("`limit` is a number of results from 1 to {MOST}")));
    }
    let within: Vec<&Layer> = match &layers {
        Some(list) => list.split(',').map(|id| caller.layer(id)).collect::<Result<_, _>>()?,
        None => caller.view().layers().collect(),
    };
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let asked: String = q.trim().chars().take(LETTERS).collect();
    let results: Vec<Value> = find(&caller, &within, &asked, limit).into_iter().map(|(layer, row)| result(layer, row)).collect();
    Ok(caching.mark(Json(json!({ "q": asked, "results": results })).into_response()))
}

/// The best of all layers: whole names before beginnings, places that people belong to before others, then as the layers have them.
fn find<'l>(caller: &Caller, layers: &[&'l Layer], asked: &str, limit: usize) -> Vec<(&'l Layer, u32)> {
    let query = folded(asked);
    if query.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<(Fit, bool, usize, u32)> = Vec::new();
    for (place, layer) in layers.iter().enumerate() {
        let by_name = caller.opened().names(&layer.definition().id).map_or_else(Vec::new, |names| names.find(&query, limit));
        let by_id = layer
            .rows_by_id(asked, limit)
            .into_iter()
            .map(|row| Found { fit: if layer.id(row) == asked { Fit::Whole } else { Fit::Beginning }, row });
        let is_elsewhere = layer.definition().role != Role::Territory;
        all.extend(by_name.into_iter().chain(by_id).map(|found| (found.fit, is_elsewhere, place, found.row)));
    }
    all.sort_unstable();
    // A row found by its name and by its id stands where it fits best.
    let mut seen = std::collections::BTreeSet::new();
    all.into_iter()
        .filter(|(_, _, place, row)| seen.insert((*place, *row)))
        .take(limit)
        .map(|(_, _, place, row)| (layers[place], row))
        .collect()
}

fn result(layer: &Layer, row: u32) -> Value {
    let (definition, bounds) = (layer.definition(), layer.bounds(row));
    let position = (!bounds.is_empty()).then(|| to_lon_lat(bounds.centre()));
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    json!({
        "layer": definition.id,
        "title": definition.title,
        "id": layer.id(row),
        "name": layer.name(row),
        "commune": layer.value("commune", row).to_json(),
        "lon": position.map(|position| rounded(position.lon)),
        "lat": position.map(|position| rounded(position.lat)),
        "address": format!("collections/{}/items/{}", encoded(&definition.id), encoded(layer.id(row))),
    })
}
