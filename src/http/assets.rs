//! The map application, inside the binary: made by `make web`, compressed once, under names that carry their hash.

use std::io::Read;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};

use crate::http::address::Address;
use crate::http::error::HttpError;
use crate::http::landing;
use crate::http::negotiate;
use crate::tiles::compress::Encoding;

/// One file, gzipped, and by Brotli where that is smaller; empty where it is not.
pub struct Asset {
    path: &'static str,
    gzip: &'static [u8],
    brotli: &'static [u8],
}

/// Written by `build.rs` from `web/dist`: `const ASSETS: &[Asset]`, empty when that folder was not there.
mod embedded {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Nothing but what this server itself sends: no inline script or style, no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const MISSING: &str = "The map application is not in this binary: run `make web`, then build again.\n";

/// `GET /`
pub async fn page(
    address: Address,
    pairs: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(pairs) = pairs?;
    let (asked, others): (Vec<_>, Vec<_>) = pairs.iter().partition(|(name, _)| name == "f");
    let is_page = match asked.first().map(|(_, form)| form.as_str()) {
        None => landing::wants_page(&headers),
        Some("html") => true,
        Some("json") => false,
        Some(form) => return Err(HttpError::Parameters(format!("`f` is `json` or `html`, not `{form}`"))),
    };
    if !is_page {
        return match others.first() {
            Some((name, _)) => Err(HttpError::Parameters(format!("`{name}` is no parameter here; there is `f`"))),
            None => Ok(landing::landing(&address)),
        };
    }
    // What else the address of the page says is the map application's own.
    let mut response = match find("index.html") {
        Some(page) => send(page, &headers, "no-cache"),
        None => MISSING.into_response(),
    };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// A part of maps: any site may use it. An hour after another program is started, its own are used everywhere.
pub fn share(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let mut response = send(asset, headers, "public, max-age=3600");
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// `GET /assets/{name}`
pub async fn asset(uri: Uri, name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Result<Response, HttpError> {
    let Path(name) = name?;
    let asset = find(&format!("assets/{name}")).ok_or_else(|| HttpError::NoRoute(uri.path().to_owned()))?;
    Ok(send(asset, &headers, "public, max-age=31536000, immutable"))
}

/// A file of `web/dist`, by its path there.
pub fn find(path: &str) -> Option<&'static Asset> {
    embedded::ASSETS.iter().find(|asset| asset.path == path)
}

/// The files below a folder of `web/dist`, not compressed.
pub fn under(folder: &str) -> Vec<(&'static str, Vec<u8>)> {
    embedded::ASSETS.iter().filter(|asset| asset.path.starts_with(folder)).map(|asset| (asset.path, plain(asset))).collect()
}

/// A file as its sender takes it, to be kept as `control` says.
pub fn send(asset: &'static Asset, headers: &HeaderMap, control: &'static str) -> Response {
    let etag = format!("W/\"{}\"", &blake3::hash(asset.gzip).to_hex()[..16]);
    let mut response = if negotiate::has(headers, &etag) {
        axum::http::StatusCode::NOT_MODIFIED.into_response()
    } else if !asset.brotli.is_empty() && negotiate::encoding(headers) == Encoding::Brotli {
        ([(CONTENT_ENCODING, "br")], asset.brotli).into_response()
    } else if negotiate::takes_gzip(headers) {
        ([(CONTENT_ENCODING, "gzip")], asset.gzip).into_response()
    } else {
        plain(asset).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(asset.path)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(control));
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// For the rare client that does not take gzip.
fn plain(asset: &Asset) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Compressed by our own build, so it cannot fail; a client of a broken build sees an empty file.
    let _ = flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut bytes);
    bytes
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("pbf") => "application/x-protobuf",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
