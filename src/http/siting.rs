//! `POST /siting`: a specification in, ranked and explained sites out. `GET /siting/example`: a specification to begin with.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::limits::Limits;
use crate::http::state::App;
use crate::layer::language::Language;
use crate::siting::answer::Answer;
use crate::siting::site;
use crate::siting::spec::read::read;

const EXAMPLE_FR: &str = include_str!("../../specs/plateforme-logistique.yaml");
const EXAMPLE_EN: &str = include_str!("../../specs/logistics-platform.yaml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    lang: Option<Language>,
}

/// `GET /siting/example?lang=`
pub async fn example(parameters: Result<Query<Parameters>, QueryRejection>) -> Result<Response, HttpError> {
    let Query(parameters) = parameters?;
    let text = if parameters.lang == Some(Language::Fr) { EXAMPLE_FR } else { EXAMPLE_EN };
    Ok(([(CONTENT_TYPE, "application/yaml"), (CACHE_CONTROL, "no-cache")], text).into_response())
}

/// `POST /siting`
pub async fn siting(State(app): State<App>, caller: Caller, headers: HeaderMap, body: Body) -> Result<Response, HttpError> {
    check_media_type(&headers)?;
    let text = read_body(&headers, body, app.limits()).await?;
    let answer = app.pools().analyses.run(move || answer(&caller, &text)).await??;
    let kept = [(CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")];
    Ok((kept, Json(answer)).into_response())
}

fn answer(caller: &Caller, text: &[u8]) -> Result<Answer, HttpError> {
    let text =
        std::str::from_utf8(text).map_err(|error| HttpError::Specification(format!("the specification is no UTF-8: {error}")))?;
    let specification = read(text).map_err(|error| HttpError::Specification(error.to_string()))?;
    let mut answer = site(&specification, caller.view()).map_err(|error| HttpError::Specification(error.to_string()))?;
    // The snapshot's own name is a hash over all its layers, those that this caller may not see included.
    answer.snapshot = caller.edition.to_string();
    Ok(answer)
}

/// YAML or JSON. A body without a type is taken for what it looks like.
fn check_media_type(headers: &HeaderMap) -> Result<(), HttpError> {
    if headers.contains_key(CONTENT_ENCODING) {
        // A small body could inflate to any size.
        return Err(HttpError::ContentEncoding);
    }
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let value = value.to_str().unwrap_or_default();
    let essence = value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Ok(()),
        _ => Err(HttpError::MediaType(essence)),
    }
}

/// The body, within its limits of size and time. One that says beforehand that it is too long is not read at all.
async fn read_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Bytes, HttpError> {
    let limit = limits.specification_bytes;
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(HttpError::TooLarge { limit });
    }
    let reading = tokio::time::timeout(limits.body, axum::body::to_bytes(body, limit)).await;
    let read = reading.map_err(|_| HttpError::SlowBody { seconds: limits.body.as_secs() })?;
    read.map_err(|error| {
        let source = std::error::Error::source(&error);
        let too_long = source.is_some_and(|source| source.to_string().contains("length limit"));
        if too_long { HttpError::TooLarge { limit } } else { HttpError::BrokenBody }
    })
}
