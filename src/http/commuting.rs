//! Who works where: `GET /commuting/{level}/{code}`, `GET /tiles/commuting.json`, `GET /tiles/commuting/{z}/{x}/{y}.mvt`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::commuting::book::LAYERS;
use crate::commuting::drawn::bake::{Around, Direction};
use crate::commuting::drawn::describe::{Told, describe};
use crate::commuting::drawn::{self, level_at};
use crate::commuting::{Commuting, CommutingError, Filter, Question, USUAL, portrait as portrayed};
use crate::http::address::{Address, VARIES_WITH};
use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::made::Made;
use crate::http::state::App;
use crate::http::tilejson::escape;
use crate::http::{tile_address, tile_body};
use crate::layer::tiles::Tiles;
use crate::territory::Level;
use crate::tiles::address::Address as TileAddress;
use crate::tiles::draw::Drawing;

pub type Books = Made<Commuting, CommutingError>;

/// The flows that the caller sees.
pub fn book(caller: &Caller) -> Result<Arc<Commuting>, CommutingError> {
    caller.opened().books.of(caller.view(), &LAYERS, Commuting::of)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The least flow that is shown.
    min: Option<u32>,
    /// The level of the partners; that of the territory, or communes of a list.
    by: Option<String>,
    mode: Option<String>,
    occupation: Option<String>,
}

/// `GET /commuting/{level}/{code}?min=&by=&mode=&occupation=`
pub async fn portrait(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((level, code)), Query(asked)) = (path?, parameters?);
    let level: Level = level.parse().map_err(CommutingError::Territory)?;
    let caching = caller.caching(Kept::Document);
    let work = move || -> Result<_, HttpError> {
        let book = book(&caller)?;
        let by = asked.by.map_or(Ok(Question::partners_of(level)), |by| by.parse()).map_err(CommutingError::Territory)?;
        let territory = book.geography.territory(level, &code).map_err(CommutingError::Territory)?;
        let filter = Filter { mode: asked.mode, occupation: asked.occupation };
        let question = Question { territory, by, min: asked.min.unwrap_or(USUAL), filter };
        let written = serde_json::to_vec(&portrayed(&book, &question)?).map_err(|_| HttpError::Panicked)?;
        Ok(([(CONTENT_TYPE, "application/json")], written))
    };
    analysis::answer(&app, (&caching, &headers), work).await
}

/// What tiles are drawn of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The edition of the data that the client was told of. An address with the present one may be kept for ever.
    edition: Option<String>,
    /// `level/code`: only the flows of this territory.
    territory: Option<String>,
    /// `in`, `out`, or both where nobody says.
    direction: Option<String>,
    mode: Option<String>,
    occupation: Option<String>,
}

impl Shown {
    fn filter(&self) -> Filter {
        Filter { mode: self.mode.clone(), occupation: self.occupation.clone() }
    }

    fn around(&self, book: &Commuting) -> Result<Option<Around>, CommutingError> {
        let direction = self.direction.as_deref().map_or(Ok(Direction::default()), str::parse)?;
        let Some(text) = &self.territory else { return Ok(None) };
        let (level, code) = text.split_once('/').ok_or_else(|| CommutingError::Unreadable(text.clone()))?;
        Ok(Some(Around { territory: book.geography.territory(level.parse()?, code)?, direction }))
    }

    /// What is drawn, as the query of an address: each part once, in one order.
    fn query(&self) -> String {
        let parts = [
            ("territory", &self.territory),
            ("direction", &self.direction),
            ("mode", &self.mode),
            ("occupation", &self.occupation),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some(format!("&{name}={}", encoded(value.as_ref()?))));
        given.collect()
    }
}

/// A value as it stands in a query (RFC 3986 §2.1): what is not unreserved, a comma or a slash by its bytes.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,/".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// `GET /tiles/commuting.json?territory=&direction=&mode=&occupation=`
pub async fn tilejson(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    parameters: Result<Query<Shown>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(shown) = parameters?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let template = format!("{}/tiles/commuting/{{z}}/{{x}}/{{y}}.mvt?edition={}{}", address.0, caller.edition, shown.query());
    let work = move || -> Result<Value, HttpError> {
        let view = caller.view();
        let book = book(&caller)?;
        shown.around(&book)?;
        let communes = view.layer("communes").and_then(|layer| layer.extent_lonlat());
        let source = |id: &str| {
            let source = &view.layer(id)?.definition().source;
            Some(source.attribution.clone().unwrap_or_else(|| format!("{} ({})", source.publisher, source.licence)))
        };
        let attribution = ["commuting-flows", "communes"].into_iter().filter_map(source).collect::<Vec<_>>().join(" | ");
        let bounds = communes.unwrap_or([-180.0, -85.05, 180.0, 85.05]);
        let told = Told { address: &template, bounds, attribution: escape(&attribution) };
        Ok(describe(&book, &shown.filter(), &told)?)
    };
    let described = app.pools().tiles.run(work).await??;
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(described)).into_response()))
}

type Parts = (String, String, String);

/// `GET /tiles/commuting/{z}/{x}/{y}.mvt`, as tiles of layers are answered.
pub async fn tile(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<Parts>, PathRejection>,
    parameters: Result<Query<Shown>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((z, x, y)), Query(shown)) = (path?, parameters?);
    let address = tile_address::tile(&z, &x, &y)?;
    let caching = caller.caching(Kept::Tile { asked: shown.edition.as_deref(), seconds: Tiles::CACHE_S });
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    // No other list of layers has this name.
    let content = format!("{}/commuting?{}", caller.edition, shown.query());
    let drawer = caller.clone();
    let draw = move |_: &dyn Fn() -> bool| drawn_tile(&drawer, &shown, address).map(Some);
    Ok(caching.mark(tile_body::answer(&app, &caller, (content, address), &headers, draw).await?))
}

fn drawn_tile(caller: &Caller, shown: &Shown, address: TileAddress) -> Result<Vec<u8>, HttpError> {
    let book = book(caller)?;
    let (level, filter) = (level_at(&book, address.zoom()), shown.filter());
    let baked = match shown.around(&book)? {
        Some(around) => book.star(level, &filter, &around)?,
        None => book.baked(level, &filter)?,
    };
    Ok(drawn::tile::tile(&baked, address, &Drawing::default()))
}
