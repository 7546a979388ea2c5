//! `GET /` for programs, and `GET /conformance`: where things are, and which standards they keep to.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::address::{Address, VARIES_WITH};
use crate::http::processes::link;

/// Classes of OGC API Processes, Part 1 (OGC 18-062r2, annex A) that this server meets; a class is named when all of it is.
const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
];

/// Whether a client asks for JSON rather than for a page: browsers name HTML, programs JSON.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accepted.contains("application/json") && !accepted.contains("text/html")
}

/// `GET /`
pub fn landing(address: &Address) -> Response {
    let to = |path: &str, rel: &str| link(format!("{}{path}", address.0), rel, "application/json");
    let links = [
        to("/", "self"),
        link(format!("{}/", address.0), "alternate", "text/html"),
        to("/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"),
        to("/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes"),
        to("/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list"),
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
    Json(json!({ "conformsTo": CONFORMS_TO })).into_response()
}
