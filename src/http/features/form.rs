//! The forms in which items are sent.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page of GeoJSON, with links.
    Page,
    Html,
    /// A GeoJSON file of all that is selected.
    GeoJson,
    Csv,
    FlatGeobuf,
    GeoPackage,
    GeoParquet,
}

impl Form {
    /// To add a form: a variant, a line in each match.
    pub const ALL: [Form; 7] =
        [Form::Page, Form::Html, Form::GeoJson, Form::Csv, Form::FlatGeobuf, Form::GeoPackage, Form::GeoParquet];

    /// The word of the parameter `f`.
    pub fn word(self) -> &'static str {
        match self {
            Form::Page => "json",
            Form::Html => "html",
            Form::GeoJson => "geojson",
            Form::Csv => "csv",
            Form::FlatGeobuf => "fgb",
            Form::GeoPackage => "gpkg",
            Form::GeoParquet => "parquet",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Form::Page | Form::GeoJson => "application/geo+json",
            Form::Html => "text/html; charset=utf-8",
            Form::Csv => "text/csv; charset=utf-8; header=present",
            Form::FlatGeobuf => "application/flatgeobuf",
            Form::GeoPackage => "application/geopackage+sqlite3",
            Form::GeoParquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether it holds all that is selected where no `limit` is asked.
    pub fn is_file(self) -> bool {
        !matches!(self, Form::Page | Form::Html)
    }

    pub fn named(word: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.word() == word)
    }

    /// The first of the accepted media types that there is a form of; a page of GeoJSON where none is named.
    pub fn accepted(headers: &HeaderMap) -> Form {
        let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        let named = accepted.flat_map(|value| value.split(',')).find_map(|range| {
            let essence = range.split(';').next().unwrap_or(range).trim().to_ascii_lowercase();
            if essence == "application/json" {
                return Some(Form::Page);
            }
            Form::ALL.into_iter().find(|form| form.media_type().split(';').next() == Some(&essence))
        });
        named.unwrap_or(Form::Page)
    }
}
