//! `GET /health`: 200 once tiles and siting can be answered.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::caller::Caller;
use crate::http::state::App;

pub async fn health(State(app): State<App>, headers: HeaderMap) -> Response {
    let (status, body) = match app.opened() {
        None => (StatusCode::SERVICE_UNAVAILABLE, json!({ "state": "opening" })),
        Some(opened) => {
            let caller = Caller::new(opened, app.rights(&headers));
            let layers = caller.view().layers().count();
            (StatusCode::OK, json!({ "state": "ready", "snapshot": &*caller.edition, "layers": layers }))
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
