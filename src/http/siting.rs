//! `POST /siting`: a specification in, ranked and explained sites out. `GET /siting/example`: a specification to begin with.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
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

/// Media types of a specification.
const TAKEN: [&str; 5] = ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

/// `GET /siting/example?lang=`
pub async fn example(parameters: Result<Query<Parameters>, QueryRejection>) -> Result<Response, HttpError> {
    let Query(parameters) = parameters?;
    let text = if parameters.lang == Some(Language::Fr) { EXAMPLE_FR } else { EXAMPLE_EN };
    Ok(([(CONTENT_TYPE, "application/yaml"), (CACHE_CONTROL, "no-cache")], text).into_response())
}

/// `POST /siting`
pub async fn siting(State(app): State<App>, caller: Caller, headers: HeaderMap, body: Body) -> Result<Response, HttpError> {
    body::check_media_type(&headers, &TAKEN, "application/yaml or application/json")?;
    let text = body::read(&headers, body, app.limits().specification_bytes, app.limits()).await?;
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
