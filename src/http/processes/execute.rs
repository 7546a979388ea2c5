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
use crate::http::processes::task::Task;
use crate::http::siting::form::Form;
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
    let (task, wanted) = analyse(&app, move |_| asked(process, &text, caller)).await?;
    if prefers_async(&headers) {
        return Ok(created(&*Job::start(&app, process, &starter, task, wanted)?, &address));
    }
    results(task.now(&app, wanted.form).await?, wanted)
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

fn asked(process: Process, text: &[u8], caller: Caller) -> Result<(Task, Wanted), HttpError> {
    let request: Request =
        serde_json::from_slice(text).map_err(|error| HttpError::Execution(format!("the request cannot be read: {error}")))?;
    let wanted = Wanted { form: form(request.outputs.as_ref())?, mode: request.response };
    let task = match process {
        Process::Siting => Task::siting(&mut inputs(request.inputs, &["specification"])?, caller)?,
        Process::Zoning => Task::zoning(inputs(request.inputs, &["plot", "project", "metric"])?, caller),
    };
    Ok((task, wanted))
}

/// The inputs by value; the first of the known ones must be there.
fn inputs(written: Map<String, Value>, known: &[&str]) -> Result<Map<String, Value>, HttpError> {
    if let Some(unknown) = written.keys().find(|name| !known.contains(&name.as_str())) {
        let known = known.join("`, `");
        return Err(HttpError::Execution(format!("there is no input `{unknown}`; there are `{known}`")));
    }
    if let Some(missing) = known.first().filter(|name| !written.contains_key(**name)) {
        return Err(HttpError::Execution(format!("the input `{missing}` is missing")));
    }
    written.into_iter().map(|(name, input)| Ok((name, value(input)?))).collect()
}

/// An input as it is, or qualified as `{ "value": ... }`; one by reference is not fetched.
fn value(input: Value) -> Result<Value, HttpError> {
    let Value::Object(mut members) = input else { return Ok(input) };
    if members.contains_key("emprise") {
        return Ok(Value::Object(members));
    }
    if members.contains_key("href") {
        return Err(HttpError::Execution("inputs by reference are not fetched; send them by value".to_owned()));
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
