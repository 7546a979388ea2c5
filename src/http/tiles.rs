//! `GET /tiles/{layers}/{z}/{x}/{y}.mvt`: one tile of one or several layers.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::archived;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::negotiate::takes_gzip;
use crate::http::state::App;
use crate::http::tile_address;
use crate::tiles::cache::{Body, Key};
use crate::tiles::compress::{Encoding, compress};
use crate::tiles::draw::Drawing;
use crate::tiles::{self, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The edition of the data that the client was told of. An address with the present one may be kept for ever.
    edition: Option<String>,
}

type Parts = (String, String, String, String);

/// In this order: is the address one of a tile, does the client have it already, is it in memory, and only then work.
pub async fn tile(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<Parts>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((list, z, x, y)), Query(parameters)) = (path?, parameters?);
    let address = tile_address::tile(&z, &x, &y)?;
    if app.archive(&list).is_some() {
        return archived::tile(&app, list, (address, parameters.edition), headers).await;
    }
    let layers = tile_address::layers(&caller, &list, app.limits().layers_per_tile)?;
    let caching = caller.caching(Kept::Tile { asked: parameters.edition.as_deref() });
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let encoding = if takes_gzip(&headers) { Encoding::Gzip } else { Encoding::Identity };
    // The edition is the caller's sight of the data: two callers share a body only if they see the same layers.
    let key = Key { content: format!("{}/{}", caller.edition, layers.join(",")).into(), address, encoding };
    let body = match caller.opened().bodies.get(&key) {
        Some(body) => body,
        None => app.pools().tiles.run(move || compute(&caller, &layers, &key)).await?,
    };
    Ok(caching.mark(send(&body, encoding)))
}

fn compute(caller: &Caller, layers: &[String], key: &Key) -> Body {
    let (view, opened) = (caller.view(), caller.opened());
    let sources: Vec<Source> = layers.iter().filter_map(|id| view.layer(id)).map(Source::of).collect();
    opened.bodies.get_or_compute(key, || {
        let tile = tiles::tile(&sources, key.address, &Drawing::default(), &opened.pyramid);
        // Nothing stays nothing: an empty body is how a tile without features is told.
        if tile.is_empty() { tile } else { compress(tile, key.encoding) }
    })
}

/// 204 for a tile without features (OGC 20-057 §7.1.6), which clients take for an empty one.
pub fn send(body: &Body, encoding: Encoding) -> Response {
    if body.bytes.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let bytes = Bytes::from_owner(Arc::clone(&body.bytes));
    let mut response = ([(CONTENT_TYPE, "application/vnd.mapbox-vector-tile")], bytes).into_response();
    if let Some(token) = encoding.token() {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    response
}
