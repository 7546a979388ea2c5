//! `POST /zoning`: a plot in, what bears on it out. [`many`]: each plot of a file by itself; [`zone`]: a business zone, plot by plot.
//!
//! A plot is JSON, or a file as it is ([`sent`]): the file's project then stands in the address.

pub mod many;
mod sent;
pub mod zone;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::geometry::scale::Metric;
use crate::http::analysis::analyse;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::ingest::polygons;
use crate::layer::language::Language;
use crate::paper::page;
use crate::siting::work::Work;
use crate::zoning::{Asked, Check, Plot, Project, Terms, check_while, csv, dossier, geojson};
use sent::{LaidDown, Parameters, receive};

pub const CSV: &str = "text/csv; charset=utf-8; header=present";

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extension {
    #[default]
    Json,
    GeoJson,
    Csv,
    Html,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    GeoJson,
    Csv,
    Page(Language),
}

impl Form {
    fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::GeoJson => "application/geo+json",
            Form::Csv => CSV,
            Form::Page(_) => "text/html; charset=utf-8",
        }
    }
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

/// A plot and its terms, as far as they can be told without the data.
pub enum Sent {
    /// GeoJSON, or `{"plot": ..., "project": {...}, "metric": ...}`.
    Json(Bytes),
    /// A file whose polygons are one plot.
    File { bytes: Bytes, extension: String, terms: Terms },
}

/// `POST /zoning?f=&lang=`
pub async fn zoning(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Parameters<Extension>>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Query(parameters) = parameters?;
    parameters.without(&["name"])?;
    let form = match parameters.f {
        Extension::Json => Form::Json,
        Extension::GeoJson => Form::GeoJson,
        Extension::Csv => Form::Csv,
        Extension::Html => Form::Page(parameters.lang.unwrap_or_default()),
    };
    let sent = match receive(&app, parameters.file.as_deref(), &headers, body).await? {
        (bytes, None) => Sent::Json(bytes),
        (bytes, Some(extension)) => Sent::File { bytes, extension, terms: parameters.terms() },
    };
    let written = {
        let app = app.clone();
        move |work: &Work| answer(&app, &caller, &sent, form, work)
    };
    let written = analyse(&app, written).await?;
    let kept = [(CONTENT_TYPE, form.media_type()), (CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")];
    let mut response = (kept, written).into_response();
    if matches!(form, Form::Page(_)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::POLICY));
    }
    Ok(response)
}

/// The answer as it is sent: it borrows from the caller's snapshot, and is written while that is at hand.
///
/// # Errors
/// A question that cannot be read, a plot that is not there, or the wish to stop.
pub fn answer(app: &App, caller: &Caller, sent: &Sent, form: Form, work: &Work) -> Result<Vec<u8>, HttpError> {
    let view = caller.view();
    let rulebook = app.rules().resolve(view).map_err(|error| HttpError::Rules(error.to_string()))?;
    let (plot, terms) = match sent {
        Sent::Json(text) => {
            let Question { plot, project, metric } = question(text)?;
            let plot = Asked::from_json(&plot).and_then(|asked| Plot::of(&asked, view));
            (plot.map_err(|error| HttpError::Plot(error.to_string()))?, Terms { project, metric })
        }
        Sent::File { bytes, extension, terms } => {
            let plot = Plot::drawn(LaidDown::of(bytes, extension)?.read(polygons::as_one)?, format!("file.{extension}"));
            (plot.map_err(|error| HttpError::Plot(error.to_string()))?, terms.clone())
        }
    };
    let answer: Option<Check<'_>> = check_while(&plot, &rulebook, &terms, &|| work.go_on().is_ok());
    let mut answer = answer.ok_or(HttpError::Stopped)?;
    // The snapshot's own name is a hash over all its layers, those that this caller may not see included.
    answer.snapshot = caller.edition.to_string();
    let written = match form {
        Form::Json => serde_json::to_vec(&answer).ok(),
        Form::GeoJson => serde_json::to_vec(&geojson::write(&answer, &plot.footprint())).ok(),
        Form::Csv => csv::one(&answer).ok(),
        Form::Page(language) => Some(dossier::write(&answer, &plot.footprint(), view, language).into()),
    };
    written.ok_or(HttpError::Panicked)
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
