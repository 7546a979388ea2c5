//! `GET /tiles/{layers}.json`: TileJSON 3.0.0 of one or several layers, with absolute addresses that carry every parameter.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::mix::Mix;
use crate::http::state::App;
use crate::http::tile_query::{Chosen, Parameters};
use crate::tiles::address::Address as Tile;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::tilejson::{TiledLayer, tilejson as describe};
use crate::tiles::{Source, thinning};

pub async fn tilejson(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    file: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(file), Query(parameters)) = (file?, parameters?);
    let list = file.strip_suffix(".json").ok_or_else(|| HttpError::NoRoute(format!("/tiles/{file}")))?;
    let mix = Mix::find(&app, &caller, list)?;
    let caller = mix.asked_by(&app, caller);
    let chosen = Chosen::read(&parameters)?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    // The address names the edition: its tiles never change, and may be kept for ever.
    let query = [format!("edition={}", caller.edition), chosen.query()].join("&");
    let query = query.trim_end_matches('&');
    let template = format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}.mvt?{query}", address.0, mix.names.join(","));
    let owner = app.clone();
    let describe = move || {
        let own = described(&caller, &mix, &chosen, &template)?;
        Ok::<_, HttpError>(mix.describe(&owner, own))
    };
    let json = app.pools().tiles.run(describe).await??;
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(json)).into_response()))
}

fn described(caller: &Caller, mix: &Mix, chosen: &Chosen, template: &str) -> Result<Value, HttpError> {
    chosen.sources(caller, &mix.layers, |sources| {
        let mut json = describe(&mix.names.join(","), &tiled(&caller.opened().pyramid, sources), template);
        if let Some(attribution) = json["attribution"].as_str() {
            // Map clients put it into the page as HTML.
            json["attribution"] = escape(attribution).into();
        }
        json
    })
}

/// The layers of a tile set, and the zooms at which they are thinned.
pub fn tiled<'a>(pyramid: &Pyramid, sources: &[Source<'a>]) -> Vec<TiledLayer<'a>> {
    let mut tiled: Vec<TiledLayer> = sources.iter().map(Source::tiled).collect();
    let zooms = |tiled: &TiledLayer| tiled.definition.tiles.as_ref().map(|tiles| (tiles.min_zoom, tiles.max_zoom));
    let first = tiled.iter().filter_map(|one| Some(zooms(one)?.0)).min().unwrap_or(0);
    let last = tiled.iter().filter_map(|one| Some(zooms(one)?.1)).max().unwrap_or(0);
    for zoom in first..=last {
        let Ok(address) = Tile::new(u64::from(zoom), 0, 0) else { continue };
        let steps = thinning(sources, address, pyramid, &|| true).unwrap_or_default();
        let drawn = tiled.iter_mut().filter(|one| one.definition.tiles.as_ref().is_some_and(|tiles| tiles.min_zoom <= zoom));
        drawn.zip(steps).filter(|(_, step)| *step > 0).for_each(|(one, step)| one.thinned.push((zoom, step)));
    }
    tiled
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
