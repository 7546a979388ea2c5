//! How long an answer may be kept, by whom, and how it is recognised.

use std::borrow::Cow;

use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::negotiate;

/// What a cache may do with an answer made from one edition of the data.
pub struct Caching {
    /// `None` for answers that nobody may keep.
    etag: Option<String>,
    control: Cow<'static, str>,
    vary: &'static str,
}

/// An address that names its edition never changes its answer.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but shown only after asking whether it is still so.
const ASK_AGAIN: &str = "public, no-cache";
const NOWHERE: &str = "private, no-store";

impl Caching {
    /// For an answer of restricted layers: no cache keeps it.
    pub fn private() -> Caching {
        Caching { etag: None, control: NOWHERE.into(), vary: "Authorization" }
    }

    pub fn document(edition: &str) -> Caching {
        Caching { etag: Some(etag(edition)), control: ASK_AGAIN.into(), vary: "Authorization" }
    }

    /// `asked` is the edition that the address names, if it names one; otherwise it is kept for so many seconds.
    pub fn tile(edition: &str, asked: Option<&str>, seconds: u32) -> Caching {
        let control = if asked == Some(edition) { FOR_EVER.into() } else { format!("public, max-age={seconds}").into() };
        Caching { etag: Some(etag(edition)), control, vary: "Authorization, Accept-Encoding" }
    }

    /// For an answer that its address alone determines; `tag` tells it from the others.
    pub fn answer(tag: &str) -> Caching {
        Caching { etag: Some(etag(tag)), control: FOR_EVER.into(), vary: "Authorization" }
    }

    pub fn is_public(&self) -> bool {
        self.etag.is_some()
    }

    /// The whole answer, where the client already has it.
    pub fn not_modified(&self, headers: &HeaderMap) -> Option<Response> {
        let known = self.etag.as_ref().is_some_and(|etag| negotiate::has(headers, etag));
        known.then(|| self.mark(StatusCode::NOT_MODIFIED.into_response()))
    }

    /// Puts the headers on an answer. What anybody may keep, any site may read: it carries nobody's secret.
    pub fn mark(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        let control = HeaderValue::from_str(&self.control);
        headers.insert(CACHE_CONTROL, control.unwrap_or(HeaderValue::from_static(NOWHERE)));
        headers.append(VARY, HeaderValue::from_static(self.vary));
        if let Some(etag) = self.etag.as_ref().and_then(|etag| HeaderValue::from_str(etag).ok()) {
            headers.insert(ETAG, etag);
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        response
    }
}

/// Weak: one tag for the answer in every encoding (RFC 9110 §8.8.1).
fn etag(edition: &str) -> String {
    format!("W/\"{edition}\"")
}
