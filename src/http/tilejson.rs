//! `GET /tiles/{layers}.json`: TileJSON 3.0.0 of one or several layers, with absolute addresses.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::tile_address;
use crate::tiles::tilejson::{TiledLayer, tilejson as describe};

pub async fn tilejson(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    file: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path(file) = file?;
    let list = file.strip_suffix(".json").ok_or_else(|| HttpError::NoRoute(format!("/tiles/{file}")))?;
    if let Some(archived) = app.archive(list) {
        return Ok(archived.document(&address, &headers));
    }
    let layers = tile_address::layers(&caller, list, app.limits().layers_per_tile)?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    // The address names the edition: its tiles never change, and may be kept for ever.
    let template = format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}.mvt?edition={}", address.0, layers.join(","), caller.edition);
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(describe_for(&caller, &layers, &template))).into_response()))
}

fn describe_for(caller: &Caller, layers: &[String], template: &str) -> Value {
    let view = caller.view();
    let found = layers.iter().filter_map(|id| view.layer(id));
    let tiled: Vec<TiledLayer> = found
        .map(|layer| TiledLayer {
            name: &layer.definition().id,
            definition: layer.definition(),
            extent_lonlat: layer.entry().extent_lonlat,
            shown: layer.definition().tiles.iter().flat_map(|tiles| tiles.shown.iter().map(String::as_str)).collect(),
            extra: Vec::new(),
        })
        .collect();
    let mut json = describe(&layers.join(","), &tiled, template);
    if let Some(attribution) = json["attribution"].as_str() {
        // Map clients put it into the page as HTML.
        json["attribution"] = escape(attribution).into();
    }
    json
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
