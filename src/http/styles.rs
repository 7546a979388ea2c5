//! `GET /styles` and `GET /styles/{id}.json?lang=&scheme=`: what a map client needs to draw the layers that its user may see.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::style_template::{self, Scheme};
use crate::layer::catalogue::nearest;
use crate::layer::language::Language;

/// The styles in `styles/`: id and template.
pub const STYLES: [(&str, &str); 1] = [("land-availability", include_str!("../../styles/land-availability.json"))];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    pub lang: Option<Language>,
    pub scheme: Option<Scheme>,
}

/// `GET /styles`
pub async fn list(address: Address) -> Response {
    let entry = |(id, _): &(&str, &str)| json!({ "id": id, "address": format!("{}/styles/{id}.json", address.0) });
    let styles: Vec<_> = STYLES.iter().map(entry).collect();
    ([(VARY, VARIES_WITH)], Json(json!({ "styles": styles }))).into_response()
}

/// `GET /styles/{id}.json`
pub async fn style(
    caller: Caller,
    address: Address,
    file: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(file), Query(parameters)) = (file?, parameters?);
    let id = file.strip_suffix(".json").unwrap_or(&file);
    let Some((_, template)) = STYLES.iter().find(|(known, _)| *known == id) else {
        let nearest = nearest(id, STYLES.iter().map(|(known, _)| *known));
        return Err(HttpError::UnknownStyle { id: id.to_owned(), nearest });
    };
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let seen = |id: &str| caller.view().layer(id).is_some_and(|layer| layer.definition().tiles.is_some());
    let (language, scheme) = (parameters.lang.unwrap_or_default(), parameters.scheme.unwrap_or_default());
    let style = style_template::fill(template, &address.0, seen, (language, scheme));
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(style)).into_response()))
}
