//! An answer that is a list, as JSON, as CSV, or as GeoJSON where it has places: `?f=json|csv|geojson`.

use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::error::HttpError;
use crate::layer::table::Table;
use crate::writing::csv;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    #[default]
    Json,
    Csv,
    GeoJson,
}

/// An answer as it is sent.
pub struct Written {
    kind: &'static str,
    body: Vec<u8>,
}

impl Form {
    /// As it is written in an address; JSON where nobody says.
    ///
    /// # Errors
    /// `Parameters`.
    pub fn read(written: Option<&str>) -> Result<Form, HttpError> {
        match written {
            None | Some("json") => Ok(Form::Json),
            Some("csv") => Ok(Form::Csv),
            Some("geojson") => Ok(Form::GeoJson),
            Some(other) => Err(HttpError::Parameters(format!("`f` is `{other}`; write json or csv"))),
        }
    }

    /// # Errors
    /// `GeoJson`, of a list that has no places; else never, of what this program makes: its keys are texts and its numbers finite.
    pub fn write(self, answer: &impl Serialize, table: impl FnOnce() -> Table) -> Result<Written, HttpError> {
        Ok(match self {
            Form::Json => {
                Written { kind: "application/json", body: serde_json::to_vec(answer).map_err(|_| HttpError::Panicked)? }
            }
            Form::GeoJson => return Err(HttpError::Parameters("`f`: this list has no geometry; write json or csv".to_owned())),
            Form::Csv => Written { kind: "text/csv; charset=utf-8; header=present", body: csv::table(&table()).into_bytes() },
        })
    }
}

impl Written {
    /// # Errors
    /// As [`Form::write`].
    pub fn geojson(collection: &Value) -> Result<Written, HttpError> {
        let body = serde_json::to_vec(collection).map_err(|_| HttpError::Panicked)?;
        Ok(Written { kind: "application/geo+json", body })
    }
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let kind: (HeaderName, &str) = (CONTENT_TYPE, self.kind);
        ([kind], self.body).into_response()
    }
}
