//! Territories in numbers: `GET /territories`, `GET /territories/{level}`, `GET /territories/{level}/{code}`, `GET /territories/compare`,
//! `POST /territories`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::analysis;
use crate::http::body::{check_media_type, read};
use crate::http::caller::{Caller, Kept};
use crate::http::choropleth;
use crate::http::commuting;
use crate::http::error::HttpError;
use crate::http::list::Form as ListForm;
use crate::http::made::Made;
use crate::http::specificity::fabric;
use crate::http::state::App;
use crate::layer::filter;
use crate::layer::language::Language;
use crate::layer::table::Table;
use crate::layer::value::Value as Cell;
use crate::paper::page;
use crate::profile::dossier::{write, write_comparison};
use crate::profile::{Book, ProfileError, Question, compare, profile};
use crate::territory::{Indicators, Level, Territory, TerritoryError};
use crate::zoning::{Asked as AskedPlot, Plot};

pub type Portraits = Made<Book, ProfileError>;

/// The numbers of the territories that the caller sees.
pub fn book(caller: &Caller) -> Result<Arc<Book>, HttpError> {
    let view = caller.view();
    let all: Vec<&str> = view.layers().map(|layer| layer.definition().id.as_str()).collect();
    let indicators = choropleth::indicators(caller)?;
    let made = |_| Ok(Book::with(indicators, commuting::book(caller).ok(), fabric(caller).ok()));
    Ok(caller.opened().portraits.of(view, &all, made)?)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    #[default]
    Json,
    Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    f: Form,
    #[serde(default)]
    lang: Language,
    /// Of the programmes' projects, only those that this filter keeps, in CQL2 text.
    projects: Option<String>,
}

/// `GET /territories/{level}/{code}?f=&lang=&projects=`
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((level, code)), Query(asked)) = (path?, parameters?);
    let level: Level = level.parse().map_err(ProfileError::Territory)?;
    let (caching, form) = (caller.caching(Kept::Document), asked.f);
    let work = move || {
        let book = book(&caller)?;
        let territory = book.geography.territory(level, &code).map_err(ProfileError::Territory)?;
        Ok(answered(form, written(&caller, &book, Question::of(territory), &asked)?))
    };
    analysis::answer(&app, (&caching, &headers), work).await
}

/// `POST /territories?f=&lang=&projects=`: a plot as `POST /zoning` takes them, in JSON; the territory is the communes that it holds half of.
pub async fn drawn(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Query(asked) = parameters?;
    check_media_type(&headers, &["application/json", "application/geo+json"], "application/json or application/geo+json")?;
    let bytes = read(&headers, body, app.options().limits.plot_bytes, &app.options().limits).await?;
    let sent: Value = serde_json::from_slice(&bytes).map_err(|error| HttpError::Plot(error.to_string()))?;
    let form = asked.f;
    let work = move || {
        let (view, book) = (caller.view(), book(&caller)?);
        let plot = AskedPlot::from_json(&sent).and_then(|asked| Plot::of(&asked, view));
        let plot = plot.map_err(|error| HttpError::Plot(error.to_string()))?;
        let drawn = Territory::drawn(&book.geography, view, &plot.footprint()).map_err(ProfileError::Territory)?;
        let question = Question { cuts: drawn.1, ..Question::of(drawn.0) };
        Ok(answered(form, written(&caller, &book, question, &asked)?))
    };
    let answer = analysis::analyse(&app, move |_| work()).await?;
    let kept = [(CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")];
    Ok((kept, answer).into_response())
}

fn written(caller: &Caller, book: &Book, question: Question, asked: &Asked) -> Result<Vec<u8>, HttpError> {
    let question = question.with_projects(asked.projects.as_deref())?;
    let mut told = profile(book, caller.view(), &question)?;
    // The snapshot's own name is a hash over all its layers, those that this caller may not see included.
    told.snapshot = caller.edition.to_string();
    match asked.f {
        Form::Json => json_of(&told),
        Form::Html => Ok(write(&told, caller.view(), &book.geography, &question.territory, asked.lang).into_bytes()),
    }
}

fn json_of(answer: &impl Serialize) -> Result<Vec<u8>, HttpError> {
    serde_json::to_vec(answer).map_err(|_| HttpError::Panicked)
}

fn answered(form: Form, written: Vec<u8>) -> Response {
    match form {
        Form::Json => ([(CONTENT_TYPE, "application/json")], written).into_response(),
        Form::Html => {
            let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], written).into_response();
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::POLICY));
            response
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    #[serde(default)]
    f: Form,
    #[serde(default)]
    lang: Language,
    /// Two to five, as `level/code`, with semicolons between them.
    territories: String,
}

/// `GET /territories/compare?territories=&f=&lang=`
pub async fn side_by_side(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Compared>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(asked) = parameters?;
    let (caching, form) = (caller.caching(Kept::Document), asked.f);
    let work = move || -> Result<Response, HttpError> {
        let book = book(&caller)?;
        let territories = crate::profile::compare::territories(&book, &asked.territories)?;
        let mut told = compare(&book, caller.view(), territories)?;
        told.snapshot = caller.edition.to_string();
        let written = match form {
            Form::Json => json_of(&told)?,
            Form::Html => write_comparison(&told, asked.lang).into_bytes(),
        };
        Ok(answered(form, written))
    };
    analysis::answer(&app, (&caching, &headers), work).await
}

/// `GET /territories`: the levels that the data tell of, and the indicators.
pub async fn levels(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, HttpError> {
    let caching = caller.caching(Kept::Document);
    let work = move || -> Result<Response, HttpError> {
        let book = book(&caller)?;
        let level = |level: Level| {
            let areas = book.geography.areas(level).ok()?;
            Some(json!({ "level": level, "title": level.title(), "areas": areas.len() }))
        };
        let indicators = book.indicators.series().iter().map(|series| {
            json!({
                "id": series.id, "title": series.indicator.title, "theme": series.indicator.theme, "unit": series.unit,
                "rule": series.indicator.rule.word(), "smallest": series.base, "source": series.taken,
            })
        });
        let written = json_of(&json!({
            "levels": Level::PARTING.into_iter().filter_map(level).collect::<Vec<_>>(),
            "indicators": indicators.collect::<Vec<_>>(),
            "geography": book.geography.vintage,
        }))?;
        Ok(answered(Form::Json, written))
    };
    analysis::answer(&app, (&caching, &headers), work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    #[serde(default)]
    f: ListForm,
    /// A number to tell of each area.
    indicator: Option<String>,
    /// Of its rows, only those that this filter keeps, in CQL2 text.
    #[serde(rename = "where")]
    only: Option<String>,
}

#[derive(Serialize)]
struct Area<'b> {
    code: &'b str,
    name: &'b str,
    #[serde(flatten)]
    figure: Option<crate::territory::Figure>,
}

/// `GET /territories/{level}?indicator=&where=&f=`
pub async fn areas(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Listed>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(level), Query(asked)) = (path?, parameters?);
    let level: Level = level.parse().map_err(ProfileError::Territory)?;
    let caching = caller.caching(Kept::Document);
    let work = move || -> Result<crate::http::list::Written, HttpError> {
        let book = book(&caller)?;
        listed(&caller, &book, level, &asked)
    };
    analysis::answer(&app, (&caching, &headers), work).await
}

fn listed(caller: &Caller, book: &Book, level: Level, asked: &Listed) -> Result<crate::http::list::Written, HttpError> {
    let territory = |error: TerritoryError| HttpError::Profile(error.into());
    let known = asked.indicator.as_deref().map(|id| book.indicators.one(id)).transpose().map_err(territory)?;
    let narrowed: Option<Indicators> = match (known, asked.only.as_deref()) {
        (Some(series), Some(text)) => {
            let only = filter::parse(text).map_err(ProfileError::Filter)?;
            Some(book.indicators.narrowed_one(caller.view(), series, &only).map_err(territory)?)
        }
        (None, Some(_)) => return Err(HttpError::Parameters("`where` needs an `indicator` whose rows it keeps".to_owned())),
        _ => None,
    };
    let indicators = narrowed.as_ref().unwrap_or(&book.indicators);
    let series = known.map(|series| indicators.one(&series.id)).transpose().map_err(territory)?;
    let figures = series.map(|series| indicators.figures(series, level)).transpose().map_err(territory)?;
    let areas = book.geography.areas(level).map_err(territory)?;
    let area = |area: u32| Area {
        code: areas.code(area),
        name: areas.name(area),
        figure: figures.map(|figures| figures[area as usize]),
    };
    let all: Vec<Area<'_>> = (0..areas.len() as u32).map(area).collect();
    let answer = json!({
        "level": level, "title": level.title(), "geography": book.geography.vintage,
        "indicator": series.map(|series| json!({
            "id": series.id, "title": series.indicator.title, "unit": series.unit, "source": series.taken,
        })),
        "areas": &all,
    });
    asked.f.write(&answer, || table(&all))
}

fn table(areas: &[Area<'_>]) -> Table {
    let mut names: Vec<String> = ["code", "name"].map(str::to_owned).into();
    if areas.iter().any(|area| area.figure.is_some()) {
        names.extend(["value", "at-least", "known", "of"].map(str::to_owned));
    }
    let row = |area: &Area<'_>| {
        let mut cells = vec![Cell::Text(area.code.to_owned()), Cell::Text(area.name.to_owned())];
        if let Some(figure) = area.figure {
            cells.push(figure.value.map_or(Cell::Unknown, Cell::Number));
            cells.extend([Cell::Boolean(figure.at_least), Cell::Integer(figure.known.into()), Cell::Integer(figure.of.into())]);
        }
        cells
    };
    Table { names, rows: areas.iter().map(row).collect() }
}
