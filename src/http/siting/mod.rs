//! `POST /siting`: a specification in, ranked and explained sites out. `GET /siting/{id}` with its forms: that answer again.
//!
//! An answer's id is made of the specification and of the asker's edition of the data, so an id never changes its answer. The
//! server keeps the specification of an id ([`kept`]); what it answers is made again, or was kept, for whoever may see all that
//! the asker saw ([`question`]). To anybody else the id does not exist.
//!
//! In reading order: [`question`], [`kept`], [`form`]; what else an answer can be asked: [`decide`]; the answer as a
//! [`layer`] with its [`style`]; [`templates`].

pub mod decide;
pub mod form;
pub mod kept;
pub mod layer;
pub mod question;
pub mod style;
pub mod templates;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LINK, LOCATION, VARY,
};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::address::Address;
use crate::http::analysis;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::siting::form::{Form, written};
use crate::http::siting::question::Question;
use crate::http::state::App;
use crate::layer::language::Language;
use crate::paper::page;
use crate::siting::spec::Spec;
use crate::siting::spec::read::read;

/// Media types of a specification.
const TAKEN: [&str; 5] = ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    lang: Option<Language>,
}

/// `POST /siting`
pub async fn siting(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    body::check_media_type(&headers, &TAKEN, "application/yaml or application/json")?;
    let text = body::read(&headers, body, app.limits().specification_bytes, app.limits()).await?;
    let spec = analysis::analyse(&app, move |_| specification(&text)).await?;
    let question = Question::new(spec, caller);
    let bytes = written(&app, &question, Form::Json).await?;
    question.keep(&app).await?;
    let mut response = ([(CONTENT_TYPE, Form::Json.media_type())], bytes).into_response();
    for (name, value) in addresses(&address, &question.id) {
        // Hexadecimal digits behind an address that was checked: always a header.
        response.headers_mut().extend(HeaderValue::from_str(&value).map(|value| (name, value)));
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(VARY, HeaderValue::from_static("Authorization"));
    Ok(response)
}

/// `GET /siting/{id}`, with the extension of one of its forms or none.
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(file), Query(parameters)) = (path?, parameters?);
    let (id, extension) = file.split_once('.').unwrap_or((&file, "json"));
    let question = Question::find(&app, caller, id).await?;
    let form = Form::of(extension, parameters.lang).ok_or_else(|| HttpError::NoRoute(format!("/siting/{file}")))?;
    let caching = question.caching(&form.name());
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let bytes = written(&app, &question, form).await?;
    let mut response = ([(CONTENT_TYPE, form.media_type())], bytes).into_response();
    if matches!(form, Form::Page(_)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::POLICY));
    }
    Ok(caching.mark(response))
}

/// # Errors
/// What is wrong with the text, in one sentence.
pub fn specification(text: &[u8]) -> Result<Spec, HttpError> {
    let text =
        std::str::from_utf8(text).map_err(|error| HttpError::Specification(format!("the specification is no UTF-8: {error}")))?;
    read(text).map_err(|error| HttpError::Specification(error.to_string()))
}

/// Where the answer stays, and its other forms (RFC 8288).
fn addresses(address: &Address, id: &str) -> Vec<(HeaderName, String)> {
    let own = format!("{}/siting/{id}", address.0);
    let link = |form: &Form| format!("<{own}.{}>; rel=\"alternate\"; type=\"{}\"", form.extension(), form.media_type());
    let links: Vec<String> = Form::ALL.iter().filter(|form| **form != Form::Json).map(link).collect();
    vec![(CONTENT_LOCATION, own.clone()), (LOCATION, own), (LINK, links.join(", "))]
}
