//! `GET /styles` and `GET /styles/{id}.json?lang=&scheme=&for=`: what a map client needs to draw the layers that its user may see.

pub mod plain;
pub mod template;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::router;
use crate::http::styles::template::{Look, fill};
use crate::layer::catalogue::nearest;
use crate::layer::definition::{LayerDefinition, Role};
use crate::tiles::source::labelled;

/// The styles in `styles/`: id and template.
pub const STYLES: [(&str, &str); 4] = [
    ("land-availability", include_str!("../../../styles/land-availability.json")),
    ("zoning-constraints", include_str!("../../../styles/zoning-constraints.json")),
    ("commuting-flows", include_str!("../../../styles/commuting-flows.json")),
    ("basemap", include_str!("../../../styles/basemap.json")),
];

/// `GET /styles`
pub async fn list(address: Address) -> Response {
    let named = |id: &str, template: &str| {
        let name = serde_json::from_str::<Value>(template).map(|style| style["name"].clone()).unwrap_or_default();
        json!({ "id": id, "title": name, "address": format!("{}/styles/{id}.json", address.0) })
    };
    let styles: Vec<_> = STYLES.iter().map(|(id, template)| named(id, template)).collect();
    ([(VARY, VARIES_WITH)], Json(json!({ "styles": styles }))).into_response()
}

/// `GET /styles/{id}.json`
pub async fn style(
    caller: Caller,
    address: Address,
    file: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Look>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(file), Query(look)) = (file?, parameters?);
    let id = file.strip_suffix(".json").unwrap_or(&file);
    let Some((_, template)) = STYLES.iter().find(|(known, _)| *known == id) else {
        let nearest = nearest(id, STYLES.iter().map(|(known, _)| *known));
        return Err(HttpError::UnknownStyle { id: id.to_owned(), nearest });
    };
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    // Flows are drawn from tables, where this server draws them.
    let has_flows = router::paths().contains(&"/tiles/commuting.json");
    let may_be_drawn = |definition: &LayerDefinition| definition.tiles.is_some() || (has_flows && definition.role == Role::Table);
    let of = |id: &str| caller.view().layer(labelled(id).unwrap_or(id));
    let seen = |id: &str| of(id).is_some_and(|layer| may_be_drawn(layer.definition()));
    let style = fill(template, &address.0, seen, look);
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(style)).into_response()))
}
