//! `/ready` and `/metrics`, on a listener of their own that nobody but this machine reaches.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::http::error::HttpError;
use crate::http::metrics;
use crate::http::state::App;

pub fn router(app: App) -> Router {
    Router::new()
        .route("/ready", get(ready))
        .route("/metrics", get(count))
        .fallback(|| async { HttpError::NoRoute("elsewhere than /ready and /metrics".to_owned()) })
        .with_state(app)
}

/// 200 while requests should be sent here: not before a snapshot is open, and no more once the server was asked to stop.
async fn ready(State(app): State<App>) -> Response {
    let (status, word) =
        if app.is_ready() { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") };
    (status, [(CACHE_CONTROL, "no-store")], word).into_response()
}

async fn count(State(app): State<App>) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], metrics::text(&app)).into_response()
}
