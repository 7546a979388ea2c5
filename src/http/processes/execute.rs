//! `POST /processes/{process}/execution`: at once, or with `Prefer: respond-async` as a job.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::http::address::Address;
use crate::http::analysis::analyse;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::processes::Process;
use crate::http::processes::jobs::Job;
use crate::http::siting::form::{Form, written};
use crate::http::siting::question::Question;
use crate::http::siting::specification;
use crate::http::state::App;

/// The body of a request for execution (§7.11.2). What this server does not do (`subscriber`) is refused by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    inputs: Map<String, Value>,
    #[serde(default)]
    outputs: Option<Map<String, Value>>,
    #[serde(default)]
    response: Mode,
}

/// How results are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The one output as it is.
    #[default]
    Raw,
    /// A JSON object of the outputs.
    Document,
}

/// One output, of a form, to be sent in a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub form: Form,
    pub mode: Mode,
}

/// `POST /processes/{process}/execution`
pub async fn execution(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let process = Process::of(&id)?;
    body::check_media_type(&headers, &["application/json"], "application/json")?;
    let text = body::read(&headers, body, app.limits().specification_bytes, app.limits()).await?;
    let starter = caller.clone();
    let (question, wanted) = analyse(&app, move |_| match process {
        Process::Siting => siting(&text, caller),
    })
    .await?;
    if prefers_async(&headers) {
        return Ok(created(&*Job::start(&app, process, &starter, question, wanted)?, &address));
    }
    let bytes = written(&app, &question, wanted.form).await?;
    question.keep(&app).await?;
    results(bytes, wanted)
}

fn created(job: &Job, address: &Address) -> Response {
    let mut response = (StatusCode::CREATED, Json(job.status(address))).into_response();
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&job.address(address)).map(|value| (LOCATION, value)));
    headers.insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static("respond-async"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(VARY, HeaderValue::from_static("Authorization, Prefer"));
    response
}

/// Whether `Prefer` (RFC 7240) asks not to wait.
fn prefers_async(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("prefer").into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|token| {
        let name = token.split(';').next().unwrap_or(token);
        name.trim().eq_ignore_ascii_case("respond-async")
    })
}

/// Results as they were asked for; the same at `/jobs/{job}/results`.
///
/// # Errors
/// A fault of the program.
pub fn results(bytes: Bytes, wanted: Wanted) -> Result<Response, HttpError> {
    let (media_type, body) = match wanted.mode {
        Mode::Raw => (wanted.form.media_type(), bytes),
        Mode::Document => ("application/json", document(&bytes, wanted.form)?),
    };
    let kept = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "private, no-store"), (VARY, "Authorization, Prefer")];
    Ok((kept, body).into_response())
}

/// An object among results is a qualified value (§7.13.2).
fn document(bytes: &Bytes, form: Form) -> Result<Bytes, HttpError> {
    let value: &RawValue = serde_json::from_slice(bytes).map_err(|_| HttpError::Panicked)?;
    let media_type = form.media_type();
    Ok(format!("{{\"answer\":{{\"value\":{value},\"mediaType\":\"{media_type}\"}}}}").into())
}

fn siting(text: &[u8], caller: Caller) -> Result<(Question, Wanted), HttpError> {
    let request: Request =
        serde_json::from_slice(text).map_err(|error| HttpError::Execution(format!("the request cannot be read: {error}")))?;
    let wanted = Wanted { form: form(request.outputs.as_ref())?, mode: request.response };
    let mut inputs = request.inputs;
    let missing = || HttpError::Execution("the input `specification` is missing".to_owned());
    let input = inputs.remove("specification").ok_or_else(missing)?;
    if let Some((unknown, _)) = inputs.iter().next() {
        return Err(HttpError::Execution(format!("there is no input `{unknown}`; the one input is `specification`")));
    }
    let text = match value(input)? {
        Value::String(text) => text,
        object @ Value::Object(_) => object.to_string(),
        _ => return Err(HttpError::Execution("the input `specification` is an object, or a text in YAML or JSON".to_owned())),
    };
    Ok((Question::new(specification(text.as_bytes())?, caller), wanted))
}

/// An input as it is, or qualified as `{ "value": ... }`; one by reference is not fetched.
fn value(input: Value) -> Result<Value, HttpError> {
    let Value::Object(mut members) = input else { return Ok(input) };
    if members.contains_key("emprise") {
        return Ok(Value::Object(members));
    }
    if members.contains_key("href") {
        return Err(HttpError::Execution("inputs by reference are not fetched; send the specification by value".to_owned()));
    }
    Ok(members.remove("value").unwrap_or(Value::Object(members)))
}

/// The form of the one output; JSON where nothing is said.
fn form(outputs: Option<&Map<String, Value>>) -> Result<Form, HttpError> {
    let Some(outputs) = outputs else { return Ok(Form::Json) };
    if let Some(unknown) = outputs.keys().find(|name| *name != "answer") {
        return Err(HttpError::Execution(format!("there is no output `{unknown}`; the one output is `answer`")));
    }
    let answer = outputs.get("answer").cloned().unwrap_or_else(|| json!({}));
    if answer.get("transmissionMode").is_some_and(|mode| mode != "value") {
        return Err(HttpError::Execution("outputs are sent by value; leave `transmissionMode` out or write `value`".to_owned()));
    }
    match answer["format"]["mediaType"].as_str() {
        None | Some("application/json") => Ok(Form::Json),
        Some("application/geo+json") => Ok(Form::GeoJson),
        Some(other) => Err(HttpError::Execution(format!(
            "`answer` is not sent as `{other}` but as application/json or application/geo+json"
        ))),
    }
}
