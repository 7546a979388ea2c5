//! `POST /zoning`: a plot in, what bears on it out.
//!
//! A plot is JSON, or a file as it is: the file's project then stands in the address.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::geometry::drawn::Drawn;
use crate::geometry::scale::Metric;
use crate::http::analysis::analyse;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::ingest::polygons;
use crate::layer::language::Language;
use crate::paper::page;
use crate::siting::work::Work;
use crate::zoning::project::Icpe;
use crate::zoning::{Asked, Check, Plot, Project, Terms, check_while, csv, dossier, geojson};

/// Media types of files, and the extension that each is read as.
const FILES: [(&str, &str); 6] = [
    ("application/geopackage+sqlite3", "gpkg"),
    ("application/flatgeobuf", "fgb"),
    ("application/vnd.apache.parquet", "parquet"),
    ("application/zip", "zip"),
    ("text/csv", "csv"),
    ("application/geo+json-seq", "geojsonl"),
];
/// A file of this type needs a name in the address, whose extension tells what it is.
const ANY_FILE: &str = "application/octet-stream";

/// A zipped file unpacks to up to 200 times its size.
const MOST_ZIPPED: usize = 1 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    f: Extension,
    lang: Option<Language>,
    /// The name of a file that is sent.
    file: Option<String>,
    activity: Option<String>,
    #[serde(rename = "use")]
    use_code: Option<String>,
    icpe: Option<Icpe>,
    built_m2: Option<f64>,
    date: Option<Date>,
    metric: Option<Metric>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Extension {
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
            Form::Csv => "text/csv; charset=utf-8; header=present",
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
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Query(parameters) = parameters?;
    let form = match parameters.f {
        Extension::Json => Form::Json,
        Extension::GeoJson => Form::GeoJson,
        Extension::Csv => Form::Csv,
        Extension::Html => Form::Page(parameters.lang.unwrap_or_default()),
    };
    let sent = sent(&app, parameters, &headers, body).await?;
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

/// The body, as what its media type says.
async fn sent(app: &App, parameters: Parameters, headers: &HeaderMap, body: Body) -> Result<Sent, HttpError> {
    let mut taken = vec!["application/json", "application/geo+json", ANY_FILE];
    taken.extend(FILES.map(|(media_type, _)| media_type));
    body::check_media_type(headers, &taken, "application/json, application/geo+json, or a file of polygons")?;
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let named = parameters.file.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_lowercase());
    let by_type = FILES.iter().find(|(media_type, _)| *media_type == essence).map(|(_, extension)| (*extension).to_owned());
    let extension = match (by_type, essence == ANY_FILE || parameters.file.is_some()) {
        (Some(extension), _) => Some(extension),
        (None, true) => Some(named.ok_or_else(|| HttpError::Plot("name the file in the address: ?file=plots.gpkg".to_owned()))?),
        (None, false) => None,
    };
    let limit = if extension.as_deref() == Some("zip") { MOST_ZIPPED } else { app.limits().plot_bytes };
    let bytes = body::read(headers, body, limit, app.limits()).await?;
    Ok(match extension {
        None => Sent::Json(bytes),
        Some(extension) => Sent::File { bytes, extension, terms: parameters.terms() },
    })
}

impl Parameters {
    fn terms(self) -> Terms {
        let Parameters { activity, use_code, icpe, built_m2, date, .. } = self;
        Terms { project: Project { activity, use_code, icpe, built_m2, date }, metric: self.metric.unwrap_or_default() }
    }
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
            let plot = Plot::drawn(file(bytes, extension)?, format!("file.{extension}"));
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

/// The polygons of a file as one; it is laid down in a folder of its own, which goes with it.
fn file(bytes: &[u8], extension: &str) -> Result<Drawn, HttpError> {
    let unread = |why: String| HttpError::Plot(format!("the file is not read: {why}"));
    if extension.is_empty() || !extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) || extension == "gz" {
        return Err(unread("it is not of a format that is read".to_owned()));
    }
    let folder = tempfile::tempdir().map_err(|error| unread(error.to_string()))?;
    let path = folder.path().join(format!("file.{extension}"));
    std::fs::write(&path, bytes).map_err(|error| unread(error.to_string()))?;
    // What is wrong with it is told without the folder that nobody but this server knows.
    let place = format!("{}/", folder.path().display());
    polygons::as_one(&path).map_err(|error| unread(error.to_string().replace(&place, "")))
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
