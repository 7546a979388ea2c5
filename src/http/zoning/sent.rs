//! What is sent to be checked: JSON, or a file of polygons as it is.

use std::path::{Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use jiff::civil::Date;
use serde::Deserialize;
use tempfile::TempDir;

use crate::geometry::scale::Metric;
use crate::http::body;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::ingest::polygons::PolygonsError;
use crate::layer::language::Language;
use crate::zoning::project::Icpe;
use crate::zoning::{Project, Terms};

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

/// What an address of the check may say; `F` is the form of the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, bound = "F: Default + Deserialize<'de>")]
pub struct Parameters<F> {
    #[serde(default)]
    pub f: F,
    pub lang: Option<Language>,
    /// The name of a file that is sent.
    pub file: Option<String>,
    /// The column that names its plots.
    pub name: Option<String>,
    activity: Option<String>,
    #[serde(rename = "use")]
    use_code: Option<String>,
    icpe: Option<Icpe>,
    built_m2: Option<f64>,
    date: Option<Date>,
    metric: Option<Metric>,
}

impl<F> Parameters<F> {
    /// The project and how to measure, where the body has no place for them.
    pub fn terms(self) -> Terms {
        let Parameters { activity, use_code, icpe, built_m2, date, metric, .. } = self;
        Terms { project: Project { activity, use_code, icpe, built_m2, date }, metric: metric.unwrap_or_default() }
    }

    /// # Errors
    /// Something is said that means nothing here.
    pub fn without(&self, meaningless: &[&str]) -> Result<(), HttpError> {
        let said = [("lang", self.lang.is_some()), ("file", self.file.is_some()), ("name", self.name.is_some())];
        match said.into_iter().find(|(name, said)| *said && meaningless.contains(name)) {
            Some((name, _)) => Err(HttpError::Parameters(format!("`{name}` means nothing here"))),
            None => Ok(()),
        }
    }
}

/// The body, and the extension of the file that it is; none for JSON.
///
/// # Errors
/// A body of another type, too long or too slow; a file of which nothing tells the format.
pub async fn receive(
    app: &App,
    name: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Option<String>), HttpError> {
    let mut taken = vec!["application/json", "application/geo+json", ANY_FILE];
    taken.extend(FILES.map(|(media_type, _)| media_type));
    body::check_media_type(headers, &taken, "application/json, application/geo+json, or a file of polygons")?;
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let named = name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_lowercase());
    let by_type = FILES.iter().find(|(media_type, _)| *media_type == essence).map(|(_, extension)| (*extension).to_owned());
    let extension = match (by_type, essence == ANY_FILE || name.is_some()) {
        (Some(extension), _) => Some(extension),
        (None, true) => Some(named.ok_or_else(|| HttpError::Plot("name the file in the address: ?file=plots.gpkg".to_owned()))?),
        (None, false) => None,
    };
    let limit = if extension.as_deref() == Some("zip") { MOST_ZIPPED } else { app.limits().plot_bytes };
    Ok((body::read(headers, body, limit, app.limits()).await?, extension))
}

/// A file that was sent, in a folder of its own, which goes with it.
pub struct LaidDown {
    pub path: PathBuf,
    folder: TempDir,
}

impl LaidDown {
    /// # Errors
    /// An extension of no format that is read; the disk is full.
    pub fn of(bytes: &[u8], extension: &str) -> Result<LaidDown, HttpError> {
        if extension.is_empty() || !extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) || extension == "gz" {
            return Err(unread("it is not of a format that is read"));
        }
        let folder = tempfile::tempdir().map_err(|error| unread(&error.to_string()))?;
        let path = folder.path().join(format!("file.{extension}"));
        std::fs::write(&path, bytes).map_err(|error| unread(&error.to_string()))?;
        Ok(LaidDown { path, folder })
    }

    /// What `read` makes of it; what is wrong is told without the folder, which nobody but this server knows.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read<T>(&self, read: impl FnOnce(&Path) -> Result<T, PolygonsError>) -> Result<T, HttpError> {
        let place = format!("{}/", self.folder.path().display());
        read(&self.path).map_err(|error| unread(&error.to_string().replace(&place, "")))
    }
}

fn unread(why: &str) -> HttpError {
    HttpError::Plot(format!("the file is not read: {why}"))
}
