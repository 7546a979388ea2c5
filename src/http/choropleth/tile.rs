//! `/choropleth/{indicator}/{level}/tiles/{z}/{x}/{y}.mvt` and `/choropleth/{indicator}/{level}/tiles.json`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Asked, made};
use crate::choropleth::Choropleth;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::tilejson::{escape, tiled};
use crate::http::{tile_address, tile_body};
use crate::layer::tiles::Tiles;
use crate::layer::value::Values;
use crate::tiles::draw::Drawing;
use crate::tiles::tilejson::tilejson as describe;
use crate::tiles::{Source, tile_while};

type TilePath = Result<Path<(String, String, String, String, String)>, PathRejection>;

/// `GET /choropleth/{indicator}/{level}/tiles/{z}/{x}/{y}.mvt`
pub async fn tile(
    State(app): State<App>,
    caller: Caller,
    path: TilePath,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((indicator, level, z, x, y)), Query(asked)) = (path?, parameters?);
    let address = tile_address::tile(&z, &x, &y)?;
    let map = made(&app, &caller, asked.question(&indicator, &level)?).await?;
    let caching = caller.caching(Kept::Tile { asked: asked.edition.as_deref(), seconds: Tiles::CACHE_S });
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let content = format!("{}/choropleth/{}", caller.edition, key(&map));
    let drawer = caller.clone();
    let draw = move |go_on: &dyn Fn() -> bool| {
        let sources: Vec<Source> = source(&drawer, &map).into_iter().collect();
        Ok(tile_while(&sources, address, &Drawing::default(), &drawer.opened().pyramid, go_on))
    };
    Ok(caching.mark(tile_body::answer(&app, &caller, (content, address), &headers, draw).await?))
}

/// `GET /choropleth/{indicator}/{level}/tiles.json`
pub async fn tilejson(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((indicator, level)), Query(asked)) = (path?, parameters?);
    let caching = caller.caching(Kept::Document);
    let map = made(&app, &caller, asked.question(&indicator, &level)?).await?;
    let own = format!("{}/choropleth/{indicator}/{}", address.0, map.question.level);
    let template = format!("{own}/tiles/{{z}}/{{x}}/{{y}}.mvt?edition={}{}", caller.edition, asked.query());
    let described = app.pools().tiles.run(move || described(&caller, &map, &template)).await?;
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.not_modified(&headers).unwrap_or_else(|| caching.mark((varies, Json(described)).into_response())))
}

fn described(caller: &Caller, map: &Arc<Choropleth>, template: &str) -> Value {
    let sources: Vec<Source> = source(caller, map).into_iter().collect();
    let mut json = describe(&map.question.indicator, &tiled(&caller.opened().pyramid, &sources), template);
    if let Some(attribution) = json["attribution"].as_str() {
        let told = &map.source;
        json["attribution"] = escape(&format!("{attribution} | {} ({})", told.publisher, told.vintage)).into();
    }
    json["legend"] = serde_json::to_value(map.legend()).unwrap_or_default();
    json
}

/// What a map's columns depend on.
fn key(map: &Choropleth) -> String {
    format!("choropleth {:?}", map.question)
}

/// The level's layer with the map's columns.
fn source<'a>(caller: &'a Caller, map: &'a Choropleth) -> Option<Source<'a>> {
    let layer = caller.view().layer(&map.layer)?;
    let extra: Vec<(&str, &Values)> = map.columns.iter().map(|(name, values)| (*name, values)).collect();
    Some(Source { extra, shown: vec!["name"], asked: true, key: key(map), ..Source::of(layer) })
}
