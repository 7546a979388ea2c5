//! `GET /tiles/{layers}/{z}/{x}/{y}.mvt`: one tile of one or several layers.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::archived;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::tile_query::{Chosen, Parameters};
use crate::http::{tile_address, tile_body};
use crate::layer::tiles::Tiles;
use crate::tiles::address::Address;
use crate::tiles::draw::Drawing;
use crate::tiles::tile_while;

type Parts = (String, String, String, String);

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
    answer(&app, caller, (layers, address), &parameters, &headers).await
}

/// In this order: does the client have it already, is it in memory, and only then work.
///
/// # Errors
/// Parameters that cannot be read or do not fit the layers; those of the pool.
pub async fn answer(
    app: &App,
    caller: Caller,
    (layers, address): (Vec<String>, Address),
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let chosen = Chosen::read(parameters)?;
    let caching = caller.caching(Kept::Tile { asked: parameters.edition.as_deref(), seconds: seconds(&caller, &layers) });
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    // The edition is the caller's sight of the data: two callers share a body only if they see the same layers.
    let content = format!("{}/{}?{}", caller.edition, layers.join(","), chosen.query());
    let drawer = caller.clone();
    let draw = move |go_on: &dyn Fn() -> bool| {
        let pyramid = &drawer.opened().pyramid;
        chosen.sources(&drawer, &layers, |sources| tile_while(sources, address, &Drawing::default(), pyramid, go_on))
    };
    Ok(caching.mark(tile_body::answer(app, &caller, (content, address), headers, draw).await?))
}

/// How long a tile may be kept whose address names no edition: as long as each of its layers says.
fn seconds(caller: &Caller, layers: &[String]) -> u32 {
    let own = |name: &String| tile_address::find(caller, name).ok()?.layer.definition().tiles.as_ref()?.cache_s;
    layers.iter().map(|name| own(name).unwrap_or(Tiles::CACHE_S)).min().unwrap_or(Tiles::CACHE_S)
}
