//! `GET /` for programs, and `GET /conformance`: where things are, and which standards they keep to.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::http::address::{Address, VARIES_WITH};
use crate::http::api;
use crate::http::features;
use crate::http::processes::link;

/// The standards' classes that this server meets; a class is named when all of it is. OGC API Processes, Part 1 (OGC 18-062r2);
/// OGC API Tiles, Part 1 (OGC 20-057).
const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
];

/// Whether a client asks for a page: browsers name HTML; programs name JSON, or take anything.
pub fn wants_page(headers: &HeaderMap) -> bool {
    accepted(headers).contains("text/html")
}

fn accepted(headers: &HeaderMap) -> &str {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default()
}

/// The form of an answer that has two: what `f` says goes before what `Accept` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Json,
    Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    pub f: Option<Form>,
}

/// `GET /`
pub fn landing(address: &Address) -> Response {
    let to = |path: &str, rel: &str| link(format!("{}{path}", address.0), rel, "application/json");
    let links = [
        to("/", "self"),
        link(format!("{}/", address.0), "alternate", "text/html"),
        link(format!("{}/api?f=oas30", address.0), "service-desc", api::OLDER_MEDIA_TYPE),
        link(format!("{}/api?f=json", address.0), "service-desc", api::MEDIA_TYPE),
        link(format!("{}/api?f=html", address.0), "service-doc", "text/html"),
        to("/conformance", "conformance"),
        to("/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"),
        to("/collections", "data"),
        to("/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes"),
        to("/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list"),
        to("/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"),
        to("/tileMatrixSets", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"),
        to("/provenance", "describedby"),
        to("/siting/specifications", "item"),
    ];
    let landing = json!({
        "title": "Emprise",
        "description": "A spatial engine for industrial land: siting, zoning checks, tiles.",
        "links": links,
    });
    ([(VARY, format!("Accept, {VARIES_WITH}"))], Json(landing)).into_response()
}

/// `GET /conformance`
pub async fn conformance() -> Response {
    let all: Vec<&str> = CONFORMS_TO.iter().chain(features::CONFORMS_TO).copied().collect();
    Json(json!({ "conformsTo": all })).into_response()
}
