//! `GET /tiles/{layers}/{z}/{x}/{y}.mvt`: one tile of one or several layers.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::mix::Mix;
use crate::http::state::App;
use crate::http::tile_query::{Chosen, Parameters};
use crate::http::{tile_address, tile_body};
use crate::layer::tiles::Tiles;
use crate::tiles::address::Address;
use crate::tiles::draw::Drawing;
use crate::tiles::{Source, tile_while};

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
    let mix = Mix::find(&app, &caller, &list)?;
    answer(&app, caller, (mix, address), &parameters, &headers).await
}

/// In this order: does the client have it already, is it in memory, and only then work.
///
/// # Errors
/// Parameters that cannot be read or do not fit the layers; those of the pool.
pub async fn answer(
    app: &App,
    caller: Caller,
    (mix, address): (Mix, Address),
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let chosen = Chosen::read(parameters)?;
    let caller = mix.asked_by(app, caller);
    let caching = caller.caching(Kept::Tile { asked: parameters.edition.as_deref(), seconds: seconds(&caller, &mix.layers) });
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    // The edition is the caller's sight of the data: two callers share a body only if they see the same layers.
    let content = format!("{}/{}?{}", caller.edition, mix.names.join(","), chosen.query());
    let (drawer, owner) = (caller.clone(), app.clone());
    let draw = move |go_on: &dyn Fn() -> bool| {
        let pyramid = &drawer.opened().pyramid;
        let own = |sources: &[Source]| tile_while(sources, address, &Drawing::default(), pyramid, go_on);
        match chosen.sources(&drawer, &mix.layers, own)? {
            Some(tile) => mix.complete(&owner, address, tile).map(Some),
            None => Ok(None),
        }
    };
    Ok(caching.mark(tile_body::answer(app, &caller, (content, address), headers, draw).await?))
}

/// How long a tile may be kept whose address names no edition: as long as each of its layers says.
fn seconds(caller: &Caller, layers: &[String]) -> u32 {
    let own = |name: &String| tile_address::find(caller, name).ok()?.layer.definition().tiles.as_ref()?.cache_s;
    layers.iter().map(|name| own(name).unwrap_or(Tiles::CACHE_S)).min().unwrap_or(Tiles::CACHE_S)
}
