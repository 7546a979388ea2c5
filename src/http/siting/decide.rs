//! What an answer can be asked: why this site or not that one, what to relax, how a few compare, what of a drawn polygon.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::http::analysis::analyse;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::siting::question::Question;
use crate::http::state::App;
use crate::siting::Study;
use crate::siting::compare::COMPARED;
use crate::siting::spread::Spread;
use crate::siting::why::{Explanation, Subject, WhyError, why};
use crate::siting::work::Work;

type SitePath = Result<Path<(String, String, String)>, PathRejection>;

/// `GET /siting/{id}/sites/{layer}/{site}`: the whole explanation, whether it passes or not; a `/` in the site's id is `%2F`.
pub async fn site(State(app): State<App>, caller: Caller, path: SitePath, headers: HeaderMap) -> Result<Response, HttpError> {
    let Path((id, layer, site)) = path?;
    let question = Question::find(&app, caller, &id).await?;
    let tag = format!("site-{}", hashed(&[&layer, &site]));
    answer(&app, question, &tag, &headers, move |study, work| held(study, &layer, &site, work)).await
}

fn held(study: &mut Study<'_>, layer: &str, site: &str, work: &Work) -> Result<Explanation, HttpError> {
    let text = format!("{layer}/{site}");
    let explanation = study.hold(study.find(&text)?, work)?;
    // A text is also looked for among the ids that hold a `/` themselves; an address says which layer it means.
    if explanation.site.layer != layer {
        return Err(HttpError::UnknownFeature { layer: layer.to_owned(), id: site.to_owned() });
    }
    Ok(explanation)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    n: Option<usize>,
}

/// Most sites that a relaxation may be asked to admit.
const MOST_WANTED: usize = 10_000;

/// `GET /siting/{id}/relax?n=`: the smallest changes that admit `n` more sites.
pub async fn relax(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(wanted)) = (path?, wanted?);
    let n = wanted.n.unwrap_or(1);
    if !(1..=MOST_WANTED).contains(&n) {
        return Err(HttpError::Parameters(format!("`n` is a number of sites from 1 to {MOST_WANTED}")));
    }
    let question = Question::find(&app, caller, &id).await?;
    answer(&app, question, &format!("relax-{n}"), &headers, move |study, work| Ok(study.relax(n, work)?)).await
}

/// `GET /siting/{id}/spread`: how each measure spreads over all candidates, for whoever is about to move a threshold.
pub async fn spread(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let question = Question::find(&app, caller, &id).await?;
    let run = |study: &mut Study<'_>, work: &Work| Ok(Measured { criteria: study.spread(work)? });
    answer(&app, question, "spread", &headers, run).await
}

#[derive(Serialize)]
struct Measured {
    criteria: Vec<Spread>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    sites: String,
}

/// `GET /siting/{id}/compare?sites=layer/a,layer/b`: two to five sites, criterion by criterion.
pub async fn compare(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    compared: Result<Query<Compared>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(Compared { sites })) = (path?, compared?);
    let sites: Vec<String> = sites.split(',').map(str::to_owned).collect();
    if !COMPARED.contains(&sites.len()) {
        let (least, most) = (COMPARED.start(), COMPARED.end());
        return Err(HttpError::Parameters(format!("`sites` names {least} to {most} sites, with commas between them")));
    }
    let question = Question::find(&app, caller, &id).await?;
    let names: Vec<&str> = sites.iter().map(String::as_str).collect();
    let tag = format!("compare-{}", hashed(&names));
    let run = move |study: &mut Study<'_>, work: &Work| {
        let places = sites.iter().map(|site| study.find(site)).collect::<Result<Vec<_>, _>>()?;
        Ok(study.compare(&places, work)?)
    };
    answer(&app, question, &tag, &headers, run).await
}

/// `POST /siting/{id}/why` with a GeoJSON polygon, or a feature that has one: the explanation of a site of that shape.
pub async fn drawn(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    body::check_media_type(&headers, &["application/geo+json", "application/json"], "application/geo+json")?;
    let text = body::read(&headers, body, app.limits().specification_bytes, app.limits()).await?;
    let question = Question::find(&app, caller, &id).await?;
    let run = move |work: &Work| {
        let subject = Subject::Drawn(polygon(&text)?);
        let explanation = why(&question.spec, question.caller.view(), &question.caller.opened().memo, &subject, work)?;
        written(&explanation)
    };
    let kept = [(CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")];
    Ok((kept, analyse(&app, run).await?).into_response())
}

fn polygon(text: &[u8]) -> Result<Map<String, Value>, HttpError> {
    let wrong = |why: &str| HttpError::Drawn(format!("the body is no GeoJSON polygon: {why}"));
    let mut value: Value = serde_json::from_slice(text).map_err(|error| wrong(&error.to_string()))?;
    if value["type"] == "Feature" {
        value = value["geometry"].take();
    }
    match value {
        Value::Object(geometry) => Ok(geometry),
        _ => Err(wrong("it is no object with a `type`")),
    }
}

/// What is read off an answer, with the answer's own terms of keeping.
async fn answer<T: Serialize>(
    app: &App,
    question: Question,
    tag: &str,
    headers: &HeaderMap,
    run: impl FnOnce(&mut Study<'_>, &Work) -> Result<T, HttpError> + Send + 'static,
) -> Result<Response, HttpError> {
    let caching = question.caching(tag);
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    let written = analyse(app, move |work| {
        let land = question.land(work)?;
        written(&run(&mut question.study(&land, work)?, work)?)
    })
    .await?;
    Ok(caching.mark(written.into_response()))
}

/// Written on the thread that made it: a long answer is no work for those of the network.
fn written(what: &impl Serialize) -> Result<Json<Box<serde_json::value::RawValue>>, HttpError> {
    serde_json::value::to_raw_value(what).map(Json).map_err(|_| HttpError::Panicked)
}

/// For tags, which hold neither commas nor quotes.
fn hashed(parts: &[&str]) -> String {
    blake3::hash(parts.join("\n").as_bytes()).to_hex()[..16].to_owned()
}

impl From<WhyError> for HttpError {
    fn from(error: WhyError) -> HttpError {
        match error {
            WhyError::Siting(error) => error.into(),
            WhyError::Drawn(error) => HttpError::Drawn(error.to_string()),
            WhyError::Unknown { .. } => HttpError::UnknownSite(error.to_string()),
            WhyError::Ambiguous { .. } => HttpError::Parameters(error.to_string()),
        }
    }
}
