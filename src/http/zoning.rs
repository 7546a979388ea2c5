//! `POST /zoning`: a plot in, what bears on it out.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::geometry::scale::Metric;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::zoning::{Asked, Check, Plot, Project, Terms, check, geojson};

const TAKEN: [&str; 2] = ["application/json", "application/geo+json"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    f: Form,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    #[default]
    Json,
    GeoJson,
}

/// A body that is not GeoJSON itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    plot: Value,
    #[serde(default)]
    project: Project,
    #[serde(default)]
    metric: Metric,
}

/// `POST /zoning?f=`: GeoJSON, or `{"plot": ..., "project": {...}, "metric": ...}`.
pub async fn zoning(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Query(Parameters { f: form }) = parameters?;
    body::check_media_type(&headers, &TAKEN, "application/json or application/geo+json")?;
    let text = body::read(&headers, body, app.limits().plot_bytes, app.limits()).await?;
    let work = {
        let app = app.clone();
        move || answer(&app, &caller, &text, form)
    };
    let written = app.pools().analyses.run(work).await??;
    let media_type = match form {
        Form::Json => "application/json",
        Form::GeoJson => "application/geo+json",
    };
    let kept = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")];
    Ok((kept, written).into_response())
}

/// The answer as it is sent: it borrows from the caller's snapshot, and is written while that is at hand.
///
/// # Errors
/// A question that cannot be read, or a plot that is not there.
pub fn answer(app: &App, caller: &Caller, text: &[u8], form: Form) -> Result<Vec<u8>, HttpError> {
    let Question { plot, project, metric } = question(text)?;
    let view = caller.view();
    let rulebook = app.rules().resolve(view).map_err(|error| HttpError::Rules(error.to_string()))?;
    let plot = Asked::from_json(&plot).and_then(|asked| Plot::of(&asked, view));
    let plot = plot.map_err(|error| HttpError::Plot(error.to_string()))?;
    let terms = Terms { project, metric };
    let mut answer: Check<'_> = check(&plot, &rulebook, &terms);
    // The snapshot's own name is a hash over all its layers, those that this caller may not see included.
    answer.snapshot = caller.edition.to_string();
    let written = match form {
        Form::Json => serde_json::to_vec(&answer),
        Form::GeoJson => serde_json::to_vec(&geojson::write(&answer, &plot.footprint())),
    };
    written.map_err(|_| HttpError::Panicked)
}

fn question(text: &[u8]) -> Result<Question, HttpError> {
    let unreadable = |error: serde_json::Error| HttpError::Plot(format!("the body is not read: {error}"));
    let value: Value = serde_json::from_slice(text).map_err(unreadable)?;
    // GeoJSON has a type, a question has none.
    match value.get("type") {
        Some(_) => Ok(Question { plot: value, project: Project::default(), metric: Metric::default() }),
        None => serde_json::from_value(value).map_err(unreadable),
    }
}
