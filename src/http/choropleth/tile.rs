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
use crate::atlas::Layer;
use crate::choropleth::Choropleth;
use crate::choropleth::map::heaviest;
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
use crate::tiles::{Source, thinning, tile_while};

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
    let question = asked.question(&indicator, &level)?;
    let caching = caller.caching(Kept::Tile { asked: asked.edition.as_deref(), seconds: Tiles::CACHE_S });
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let content = format!("{}/choropleth/{question:?}", caller.edition);
    if let Some(kept) = tile_body::kept(&app, &caller, (&content, address), &headers) {
        return Ok(caching.mark(kept));
    }
    let map = made(&app, &caller, question).await?;
    let drawer = caller.clone();
    let draw = move |go_on: &dyn Fn() -> bool| {
        let pyramid = &drawer.opened().pyramid;
        let heaviest = heaviest_of(&drawer, &map);
        // Measures by how much the zoom is thinned, the first time anybody asks for any map of the level.
        thinning(&sources(&drawer, &map, &heaviest), address, pyramid, go_on);
        Ok(tile_while(&sources(&drawer, &map, &map.columns), address, &Drawing::default(), pyramid, go_on))
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
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let map = made(&app, &caller, asked.question(&indicator, &level)?).await?;
    let own = format!("{}/choropleth/{indicator}/{}", address.0, map.question.level);
    let template = format!("{own}/tiles/{{z}}/{{x}}/{{y}}.mvt?edition={}{}", caller.edition, asked.query());
    let described = app.pools().tiles.run(move || described(&caller, &map, &template)).await?;
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(described)).into_response()))
}

fn described(caller: &Caller, map: &Arc<Choropleth>, template: &str) -> Value {
    let heaviest = heaviest_of(caller, map);
    let sources = sources(caller, map, &heaviest);
    let mut json = describe(&map.question.indicator, &tiled(&caller.opened().pyramid, &sources), template);
    if let Some(attribution) = json["attribution"].as_str() {
        let told = &map.source;
        json["attribution"] = escape(&format!("{attribution} | {} ({})", told.publisher, told.vintage)).into();
    }
    json["legend"] = serde_json::to_value(map.legend()).unwrap_or_default();
    json
}

type Columns = [(&'static str, Values)];

/// Columns as heavy as those of any map of this level.
fn heaviest_of(caller: &Caller, map: &Choropleth) -> Arc<Vec<(&'static str, Values)>> {
    let rows = caller.view().layer(&map.layer).map_or(0, Layer::len);
    let Ok(columns) = caller.opened().heaviest.of(caller.view(), &[&map.layer], |_| Ok(heaviest(rows)));
    columns
}

/// The level's layer with columns. All maps have one key: they are thinned alike, by what the heaviest of them could weigh.
fn sources<'a>(caller: &'a Caller, map: &'a Choropleth, columns: &'a Columns) -> Vec<Source<'a>> {
    let source = |layer: &'a Layer| {
        let extra: Vec<(&str, &Values)> = columns.iter().map(|(name, values)| (*name, values)).collect();
        Source { extra, shown: vec!["name"], asked: true, key: "choropleth".to_owned(), ..Source::of(layer) }
    };
    caller.view().layer(&map.layer).map(source).into_iter().collect()
}
