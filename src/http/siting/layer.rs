//! The answer as a layer: `/siting/{id}/tiles/{z}/{x}/{y}.mvt`, `/siting/{id}/tiles.json`, `/siting/{id}/style.json`.
//!
//! The candidates' geometry is that of the snapshot's own tiles, made once; verdict, rank, score and reason are joined to it when
//! a tile is drawn. Another threshold is another id, and draws the same geometry with other columns.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};

use crate::atlas::{Layer, View};
use crate::http::address::{Address, VARIES_WITH};
use crate::http::analysis::{analyse, within};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::siting::question::Question;
use crate::http::siting::style;
use crate::http::state::App;
use crate::http::styles::template::Look;
use crate::http::tilejson::{escape, tiled};
use crate::http::{tile_address, tile_body};
use crate::layer::value::Values;
use crate::siting::paint::Painted;
use crate::siting::work::Work;
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::tilejson::tilejson as describe;
use crate::tiles::{Source, tile_while};

/// What an answer says of each candidate layer.
#[derive(Debug)]
pub struct Paint {
    pub layers: Vec<Painted>,
    /// The candidate layers that were made for the question, and their simplified geometry: gone when nobody asks any more.
    assembled: Vec<Arc<Layer>>,
    pyramid: Pyramid,
}

impl Paint {
    /// The layers that the caller sees, and those that were made.
    pub fn view<'p>(&'p self, question: &'p Question) -> View<'p> {
        question.caller.view().beside(&self.assembled)
    }

    /// What holds the geometry of these layers, simplified.
    fn pyramid<'p>(&'p self, question: &'p Question) -> &'p Pyramid {
        if self.assembled.is_empty() { &question.caller.opened().pyramid } else { &self.pyramid }
    }

    /// About what columns hold: a row costs its flag, two codes of words, a rank and a score. Made layers are counted where they are made.
    fn bytes(&self) -> usize {
        self.layers.iter().map(|painted| painted.is_candidate.len() * (1 + 2 * 4 + 2 * 16)).sum()
    }
}

type TilePath = Result<Path<(String, String, String, String)>, PathRejection>;

/// `GET /siting/{id}/tiles/{z}/{x}/{y}.mvt`
pub async fn tile(State(app): State<App>, caller: Caller, path: TilePath, headers: HeaderMap) -> Result<Response, HttpError> {
    let Path((id, z, x, y)) = path?;
    let address = tile_address::tile(&z, &x, &y)?;
    let question = Question::find(&app, caller, &id).await?;
    let caching = question.caller.caching(Kept::AnswerTile { tag: format!("{id}-tile") });
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    // The id says the edition and the specification, and with them all that the tile depends on.
    let content = format!("siting/{id}");
    if let Some(kept) = tile_body::kept(&app, &question.caller, (&content, address), &headers) {
        return Ok(caching.mark(kept));
    }
    let paint = paint(&app, &question).await?;
    let caller = question.caller.clone();
    let draw = move |go_on: &dyn Fn() -> bool| {
        let keeps = keeps(&paint);
        let sources = sources(&question, &paint, &keeps);
        Ok(tile_while(&sources, address, &Drawing::default(), paint.pyramid(&question), go_on))
    };
    Ok(caching.mark(tile_body::answer(&app, &caller, (content, address), &headers, draw).await?))
}

/// `GET /siting/{id}/tiles.json`
pub async fn tilejson(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let question = Question::find(&app, caller, &id).await?;
    let caching = question.caching("tilejson");
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let paint = paint(&app, &question).await?;
    let template = format!("{}/siting/{id}/tiles/{{z}}/{{x}}/{{y}}.mvt", address.0);
    let described = move || {
        let keeps = keeps(&paint);
        let tiled = tiled(paint.pyramid(&question), &sources(&question, &paint, &keeps));
        describe(question.spec.title.as_deref().unwrap_or("siting"), &tiled, &template)
    };
    let mut json = app.pools().tiles.run(described).await?;
    if let Some(attribution) = json["attribution"].as_str() {
        json["attribution"] = escape(attribution).into();
    }
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(json)).into_response()))
}

/// `GET /siting/{id}/style.json?lang=&scheme=&for=`
pub async fn style(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    path: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Look>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(look)) = (path?, parameters?);
    let question = Question::find(&app, caller, &id).await?;
    let caching = question.caching("style");
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let paint = paint(&app, &question).await?;
    let style = style::style(&question, &paint, &address, look);
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(style)).into_response()))
}

/// The answer's columns, made by the first who asks.
async fn paint(app: &App, question: &Question) -> Result<Arc<Paint>, HttpError> {
    let make = async {
        let question = question.clone();
        let paint = move |work: &Work| {
            let land = question.land(work)?;
            let layers = question.study(&land, work)?.paint();
            Ok(Arc::new(Paint { layers, assembled: land.assembled().to_vec(), pyramid: Pyramid::default() }))
        };
        analyse(app, paint).await
    };
    within(app, question.caller.opened().painted.get_or_make(&question.id, |paint| paint.bytes(), make)).await
}

type Keep<'a> = Box<dyn Fn(u32) -> bool + Sync + 'a>;

/// Candidates alone are drawn.
fn keeps(paint: &Paint) -> Vec<Keep<'_>> {
    paint.layers.iter().map(|painted| Box::new(|row: u32| painted.is_candidate[row as usize]) as Keep<'_>).collect()
}

/// The candidate layers that are drawn, each with the answer's columns.
fn sources<'a>(question: &'a Question, paint: &'a Paint, keeps: &'a [Keep<'a>]) -> Vec<Source<'a>> {
    let view = paint.view(question);
    let source = |(painted, keep): (&'a Painted, &'a Keep<'a>)| {
        let layer = view.layer(&painted.layer)?;
        layer.definition().tiles.as_ref()?;
        let extra: Vec<(&str, &Values)> = painted.columns.iter().map(|(name, values)| (*name, values)).collect();
        Some(Source { extra, keep: Some(&**keep), key: format!("siting/{}", question.id), ..Source::of(layer) })
    };
    paint.layers.iter().zip(keeps).filter_map(source).collect()
}
