//! The forms that an answer is sent in, each written once and kept.

use axum::body::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::analysis::{analyse, within};
use crate::http::error::HttpError;
use crate::http::siting::question::Question;
use crate::http::state::App;
use crate::layer::language::Language;
use crate::siting::answer::Answer;
use crate::siting::work::Work;
use crate::siting::writing::{csv, dossier, flatgeobuf, geojson, geopackage};
use crate::writing::WriteError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    GeoJson,
    Csv,
    FlatGeobuf,
    GeoPackage,
    /// The dossier, a page to read or to print.
    Page(Language),
}

impl Form {
    /// To add a form: a variant, and a line in each match.
    pub const ALL: [Form; 6] =
        [Form::Json, Form::GeoJson, Form::Csv, Form::FlatGeobuf, Form::GeoPackage, Form::Page(Language::En)];

    /// The form of a file's extension; only a page has a language.
    pub fn of(extension: &str, language: Option<Language>) -> Option<Form> {
        match Form::ALL.into_iter().find(|form| form.extension() == extension)? {
            Form::Page(default) => Some(Form::Page(language.unwrap_or(default))),
            form => language.is_none().then_some(form),
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::GeoJson => "geojson",
            Form::Csv => "csv",
            Form::FlatGeobuf => "fgb",
            Form::GeoPackage => "gpkg",
            Form::Page(_) => "html",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::GeoJson => "application/geo+json",
            Form::Csv => "text/csv; charset=utf-8; header=present",
            Form::FlatGeobuf => "application/flatgeobuf",
            Form::GeoPackage => "application/geopackage+sqlite3",
            Form::Page(_) => "text/html; charset=utf-8",
        }
    }

    /// For keys and tags.
    pub fn name(self) -> String {
        match self {
            Form::Page(language) => format!("html-{}", language.tag()),
            form => form.extension().to_owned(),
        }
    }
}

/// An answer as JSON: what was found, what was asked, and where its other forms are.
#[derive(Serialize)]
struct Written<'a> {
    id: &'a str,
    #[serde(flatten)]
    answer: &'a Answer,
    /// The specification in its normal writing.
    asked: Value,
    /// Addresses from the server's root.
    forms: Map<String, Value>,
}

/// The answer in a form, as it was first made or from memory: the same bytes.
///
/// # Errors
/// What does not fit the snapshot; too much work.
pub async fn written(app: &App, question: &Question, form: Form) -> Result<Bytes, HttpError> {
    let key = key(question, form);
    let make = async {
        let question = question.clone();
        analyse(app, move |work| write(&question, form, work)).await
    };
    within(app, question.caller.opened().answers.get_or_make(&key, Bytes::len, make)).await
}

/// Under which an answer is kept.
pub fn key(question: &Question, form: Form) -> String {
    format!("{}.{}", question.id, form.name())
}

/// # Errors
/// As [`written`]; a stop.
pub fn write(question: &Question, form: Form, work: &Work) -> Result<Bytes, HttpError> {
    let land = question.land(work)?;
    let mut answer = question.study(&land, work)?.answer(work)?;
    // The snapshot's own name is a hash over all its layers, those that this caller may not see included.
    answer.snapshot = question.caller.edition.to_string();
    let view = land.view();
    Ok(match form {
        Form::Json => json(question, &answer)?.into(),
        Form::GeoJson => geojson::write(&answer, view).to_string().into(),
        Form::Csv => csv::write(&answer).into(),
        Form::FlatGeobuf => flatgeobuf::write(&answer, &question.spec, view)?.into(),
        Form::GeoPackage => geopackage::write(&answer, &question.spec, view)?.into(),
        Form::Page(language) => dossier::write(&answer, &question.spec, view, language).into(),
    })
}

impl From<WriteError> for HttpError {
    fn from(_: WriteError) -> HttpError {
        // Memory or the temporary folder ran out: no fault of the request.
        HttpError::Panicked
    }
}

fn json(question: &Question, answer: &Answer) -> Result<Vec<u8>, HttpError> {
    let id = &question.id;
    let forms = Form::ALL.iter().map(|form| (form.extension().to_owned(), format!("siting/{id}.{}", form.extension()).into()));
    let written = Written { id, answer, asked: question.spec.normal(), forms: forms.collect() };
    serde_json::to_vec(&written).map_err(|_| HttpError::Panicked)
}
