//! The API at a glance.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use crate::http::accept::Peer;
use crate::http::attempts::origin;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::{
    api, assets, carpool, catchment, charging, choropleth, commuting, features, fonts, health, landing, limits, processes,
    provenance, search, siting, specificity, sprites, styles, territories, tile_matrix_sets, tilejson, tiles, tilesets, zoning,
};

/// Every address of the server. `GET` answers `HEAD` too; any other method gets 405 with `Allow`.
fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/", get(assets::page)),
        ("/assets/{name}", get(assets::asset)),
        ("/api", get(api::api)),
        ("/health", get(health::health)),
        ("/limits", get(limits::limits)),
        ("/provenance", get(provenance::provenance)),
        ("/search", get(search::search)),
        ("/collections", get(features::collections::list)),
        ("/collections/{layer}", get(features::collections::one)),
        ("/collections/{layer}/queryables", get(features::queryables::queryables)),
        ("/collections/{layer}/schema", get(features::queryables::schema)),
        ("/collections/{layer}/items", get(features::items::items)),
        ("/collections/{layer}/items/{feature}", get(features::items::item)),
        ("/collections/{layer}/tiles", get(tilesets::list)),
        ("/collections/{layer}/tiles/{grid}", get(tilesets::one)),
        ("/collections/{layer}/tiles/{grid}/{z}/{row}/{column}", get(tilesets::tile)),
        ("/tileMatrixSets", get(tile_matrix_sets::list)),
        ("/tileMatrixSets/{grid}", get(tile_matrix_sets::one)),
        ("/tiles", get(tilesets::all)),
        ("/tiles/{layers}", get(tilejson::tilejson)),
        ("/tiles/{layers}/{z}/{x}/{y}", get(tiles::tile)),
        ("/tiles/commuting.json", get(commuting::tilejson)),
        ("/tiles/commuting/{z}/{x}/{y}", get(commuting::tile)),
        ("/commuting/{level}/{code}", get(commuting::portrait)),
        ("/catchment", get(catchment::answer)),
        ("/needs/charging", get(charging::answer)),
        ("/needs/carpool", get(carpool::answer)),
        ("/choropleth", get(choropleth::legend::list)),
        ("/choropleth/{indicator}/{level}", get(choropleth::legend::legend)),
        ("/choropleth/{indicator}/{level}/tiles.json", get(choropleth::tile::tilejson)),
        ("/choropleth/{indicator}/{level}/tiles/{z}/{x}/{y}", get(choropleth::tile::tile)),
        ("/choropleth/{indicator}/{level}/style.json", get(choropleth::style::style)),
        ("/territories", get(territories::levels).post(territories::drawn)),
        ("/territories/compare", get(territories::side_by_side)),
        ("/territories/{level}", get(territories::areas)),
        ("/territories/{level}/{code}", get(territories::one)),
        ("/territories/{level}/{code}/specificity", get(specificity::specificity)),
        ("/styles", get(styles::list)),
        ("/styles/{style}", get(styles::style)),
        ("/sprites/{file}", get(sprites::sprite)),
        ("/fonts/{stack}/{range}", get(fonts::glyphs)),
        ("/siting", post(siting::siting)),
        ("/siting/example", get(siting::templates::example)),
        ("/siting/specifications", get(siting::templates::list)),
        ("/siting/specifications/{name}", get(siting::templates::one)),
        ("/siting/{id}", get(siting::answer)),
        ("/siting/{id}/sites/{layer}/{site}", get(siting::decide::site)),
        ("/siting/{id}/relax", get(siting::decide::relax)),
        ("/siting/{id}/spread", get(siting::decide::spread)),
        ("/siting/{id}/compare", get(siting::decide::compare)),
        ("/siting/{id}/tiles.json", get(siting::layer::tilejson)),
        ("/siting/{id}/tiles/{z}/{x}/{y}", get(siting::layer::tile)),
        ("/siting/{id}/style.json", get(siting::layer::style)),
        ("/siting/{id}/why", post(siting::decide::drawn)),
        ("/zoning", post(zoning::zoning)),
        ("/zoning/plots", post(zoning::many::many)),
        ("/zoning/zones/{zone}", get(zoning::zone::zone)),
        ("/conformance", get(landing::conformance)),
        ("/processes", get(processes::describe::list)),
        ("/processes/{process}", get(processes::describe::one)),
        ("/processes/{process}/execution", post(processes::execute::execution)),
        ("/jobs", get(processes::jobs::list)),
        ("/jobs/{job}", get(processes::jobs::one).delete(processes::jobs::dismiss)),
        ("/jobs/{job}/results", get(processes::jobs::outcome)),
        ("/sites/{layer}/{site}/specifications", get(siting::templates::standings)),
    ]
}

/// The addresses of [`router`], for tests that go through all of them.
pub fn paths() -> Vec<&'static str> {
    routes().into_iter().map(|(path, _)| path).collect()
}

pub fn router(app: App) -> Router {
    let all = routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    all.fallback(|uri: Uri| async move { HttpError::NoRoute(uri.path().to_owned()) })
        .method_not_allowed_fallback(|| async { HttpError::Method })
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

const EVERYWHERE: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Around every handler: who guesses tokens is kept out, a panic becomes a 500 and the connection lives; every answer carries the
/// same protections and is counted.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let mut response = match refused(&app, &request) {
        Some(response) => response,
        None => caught(&app, request, next).await,
    };
    for (name, value) in EVERYWHERE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    app.options().cors.mark(&asked, &mut response);
    app.metrics().answered(response.status().as_u16());
    response
}

/// What is answered without asking any handler.
fn refused(app: &App, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if let Some(preflight) = app.options().cors.preflight(request.method(), headers) {
        return Some(preflight);
    }
    if !app.has_grants() || !headers.contains_key(AUTHORIZATION) {
        return None;
    }
    let origin = origin(request.extensions().get::<Peer>().map(|peer| peer.0), headers)?;
    if app.attempts().is_blocked(origin) {
        return Some(HttpError::TooManyTokens.into_response());
    }
    if app.holder(headers).is_none() {
        app.attempts().fail(origin);
    }
    None
}

async fn caught(app: &App, request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    let caught =
        std::future::poll_fn(|context| match std::panic::catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(response)) => Poll::Ready(response),
            Err(_) => {
                app.metrics().panicked();
                Poll::Ready(HttpError::Panicked.into_response())
            }
        });
    caught.await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;
    use crate::http::api::operations::operations;
    use crate::http::state::Options;

    #[tokio::test]
    async fn before_a_snapshot_is_open_the_server_says_so() {
        let options = Options::of("nowhere".into());
        let router = router(App::new(options).unwrap());
        let paths = paths().into_iter().map(|path| path.replace(['{', '}'], ""));
        let needless = [
            "/",
            "/api",
            "/conformance",
            "/processes",
            "/processes/process",
            "/processes/process/execution",
            "/limits",
            "/tileMatrixSets",
            "/tileMatrixSets/grid",
            "/styles",
            "/sprites/file",
            "/fonts/stack/range",
            "/siting",
            "/siting/example",
            "/siting/id/why",
            "/zoning",
            "/zoning/plots",
            "/assets/name",
        ];
        for path in paths.filter(|path| !needless.contains(&&**path)) {
            let response = router.clone().oneshot(Request::get(&path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), 503, "{path}");
        }
        let overloaded = HttpError::Overloaded.into_response();
        assert_eq!((overloaded.status().as_u16(), &overloaded.headers()["retry-after"]), (429, &HeaderValue::from_static("1")));
    }

    /// The methods of a route are those that it names to whoever asks with another.
    async fn methods(router: &Router, path: &str) -> BTreeSet<String> {
        let request = Request::builder().method("OPTIONS").uri(path.replace(['{', '}'], "")).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let allowed = response.headers()["allow"].to_str().unwrap().to_owned();
        allowed.split(',').filter(|method| *method != "HEAD").map(|method| format!("{method} {path}")).collect()
    }

    #[tokio::test]
    async fn every_route_is_described_and_nothing_else_is() {
        let router = router(App::new(Options::of("nowhere".into())).unwrap());
        let mut routed = BTreeSet::new();
        for path in paths() {
            routed.extend(methods(&router, path).await);
        }
        let described: BTreeSet<String> = operations().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
        let without: Vec<_> = routed.difference(&described).collect();
        assert!(without.is_empty(), "say what these do, in src/http/api/operations.rs: {without:?}");
        assert_eq!(described, routed, "described, but not routed");
    }

    #[tokio::test]
    async fn a_panic_in_a_handler_is_a_500() {
        let panics = get(|| async { assert_eq!(1, 2) });
        let app = App::new(Options::of("nowhere".into())).unwrap();
        let router = Router::new().route("/", panics).layer(middleware::from_fn_with_state(app, guard));
        for _ in 0..3 {
            let request = Request::get("/").body(Body::empty()).unwrap();
            let response: Response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 500);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        }
    }
}
