//! Archives served as layers beside those of the snapshot: `emprise serve --archive FILE`. An archive's id is its file's name
//! without the extension, and its tiles and TileJSON have the addresses that any layer's have. Everyone sees them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::Json;
use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::address::{Address as Root, VARIES_WITH};
use crate::http::caching::Caching;
use crate::http::error::HttpError;
use crate::http::negotiate::takes_gzip;
use crate::http::state::App;
use crate::http::tilejson::escape;
use crate::layer::tiles::Tiles;
use crate::tiles::address::Address;
use crate::tiles::archive::{Archive, ArchiveError, is_gzip, plain};

/// One archive and the tag of its bytes.
pub struct Archived {
    id: String,
    archive: Archive,
    pub edition: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ArchivedError {
    #[error("{path} cannot be served: {error}")]
    Open { path: PathBuf, error: ArchiveError },
    #[error(
        "{path} cannot be served: its name without the extension is the id of its layer, of letters, digits, `-` and `_`, at most 64"
    )]
    Name { path: PathBuf },
    #[error("two archives are named `{0}`")]
    Twice(String),
}

/// Opens archives by id.
///
/// # Errors
/// A file that is no archive of vector tiles, or whose name is no id or another's.
pub fn open_all(paths: &[PathBuf]) -> Result<BTreeMap<String, Archived>, ArchivedError> {
    let mut all = BTreeMap::new();
    for path in paths {
        let archived = Archived::open(path)?;
        if let Some(same) = all.insert(archived.id.clone(), archived) {
            return Err(ArchivedError::Twice(same.id));
        }
    }
    Ok(all)
}

impl Archived {
    fn open(path: &PathBuf) -> Result<Archived, ArchivedError> {
        let failed = |error: ArchiveError| ArchivedError::Open { path: path.clone(), error };
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let is_id =
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_id {
            return Err(ArchivedError::Name { path: path.clone() });
        }
        let archive = Archive::open(path).map_err(failed)?;
        // An archive is written once: its size and time tell it from the one that takes its place.
        let file = std::fs::metadata(path).map_err(|error| failed(error.into()))?;
        let tag = format!("{} {} {:?}", path.display(), file.len(), file.modified().ok());
        Ok(Archived { id: id.to_owned(), archive, edition: blake3::hash(tag.as_bytes()).to_hex()[..16].to_owned() })
    }

    /// The tile as a client takes it. Reads a file: keep it off the network threads.
    ///
    /// # Errors
    /// A file that is damaged there.
    fn tile(&self, address: Address, headers: &HeaderMap) -> Result<Response, HttpError> {
        let damaged = |error: ArchiveError| HttpError::Archive { id: self.id.clone(), why: error.to_string() };
        let Some(stored) = self.archive.tile(address).map_err(damaged)?.filter(|stored| !stored.is_empty()) else {
            return Ok(StatusCode::NO_CONTENT.into_response());
        };
        let sent_packed = is_gzip(&stored) && takes_gzip(headers);
        let body = if sent_packed { stored } else { plain(stored).map_err(damaged)? };
        let mut response = ([(CONTENT_TYPE, "application/vnd.mapbox-vector-tile")], Bytes::from(body)).into_response();
        if sent_packed {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Ok(response)
    }

    /// Its TileJSON, or that the client has it already.
    pub fn document(&self, address: &Root, headers: &HeaderMap) -> Response {
        let caching = Caching::document(&self.edition);
        caching.not_modified(headers).unwrap_or_else(|| {
            let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
            caching.mark((varies, Json(self.tilejson(&address.0))).into_response())
        })
    }

    /// TileJSON 3.0.0, with the tiles at `root`.
    fn tilejson(&self, root: &str) -> Value {
        let about = self.archive.description();
        let [west, south, east, north] = about.bounds;
        json!({
            "tilejson": "3.0.0",
            "name": about.name.as_deref().unwrap_or(&self.id),
            "scheme": "xyz",
            "tiles": [format!("{root}/tiles/{}/{{z}}/{{x}}/{{y}}.mvt?edition={}", self.id, self.edition)],
            "minzoom": about.zooms[0],
            "maxzoom": about.zooms[1],
            "bounds": about.bounds,
            "center": [(west + east) / 2.0, (south + north) / 2.0, about.zooms[0]],
            // Map clients put it into the page as HTML, and the file may be anybody's.
            "attribution": escape(about.attribution.as_deref().unwrap_or_default()),
            "vector_layers": about.vector_layers,
        })
    }
}

/// A tile of the archive `id`, where there is one.
///
/// # Errors
/// A file that is damaged there; too many requests.
pub async fn tile(
    app: &App,
    id: String,
    (address, asked): (Address, Option<String>),
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let edition = app.archive(&id).map(|archived| archived.edition.clone()).unwrap_or_default();
    let caching = Caching::tile(&edition, asked.as_deref(), Tiles::CACHE_S);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let own = app.clone();
    let read = move || match own.archive(&id) {
        Some(archived) => archived.tile(address, &headers),
        None => Err(HttpError::UnknownLayer { id, nearest: None }),
    };
    Ok(caching.mark(app.pools().tiles.run(read).await??))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tiles::archive::writer::{About, Writer};

    #[test]
    fn a_file_that_is_no_archive_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            open_all(&[path]).err().unwrap().to_string()
        };
        assert!(
            refused("a.pmtiles", b"<html>")
                .ends_with("a.pmtiles cannot be served: the file is no PMTiles archive: it does not begin with `PMTiles`")
        );
        assert!(refused("a.zip", b"PK").ends_with("its name ends neither in .pmtiles nor in .mbtiles"));
        assert!(refused("a b.mbtiles", b"").contains("its name without the extension is the id of its layer"));
        assert!(refused("a.mbtiles", &[7; 4096]).contains("no MBTiles database"));
    }

    #[test]
    fn what_a_file_says_of_itself_is_no_html() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.pmtiles");
        let mut writer = Writer::begin(&path, &[1; 32]).unwrap();
        writer.add(0, b"tile").unwrap();
        let metadata = json!({ "attribution": "<script>x</script>", "vector_layers": "none" });
        writer.finish(&About { zooms: [0, 3], bounds: [-5.0, 41.0, 9.0, 51.0], metadata }).unwrap();
        let all = open_all(std::slice::from_ref(&path)).unwrap();
        let json = all["plan"].tilejson("http://h");
        assert_eq!(json["attribution"], "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!((&json["name"], &json["vector_layers"], &json["maxzoom"]), (&json!("plan"), &json!([]), &json!(3)));
        assert!(matches!(open_all(&[path.clone(), path]), Err(ArchivedError::Twice(id)) if id == "plan"));
    }
}
