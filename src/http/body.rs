//! What a request carries: its media type and its bytes, within limits of size and time.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use crate::http::error::HttpError;
use crate::http::limits::Limits;

/// Whether a body is of one of these types. One without a type is taken for what it looks like; `words` are for the message.
///
/// # Errors
/// `MediaType`, or `ContentEncoding`: a small body could inflate to any size.
pub fn check_media_type(headers: &HeaderMap, taken: &[&str], words: &'static str) -> Result<(), HttpError> {
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(HttpError::ContentEncoding);
    }
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let value = value.to_str().unwrap_or_default();
    let essence = value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase();
    if taken.contains(&essence.as_str()) { Ok(()) } else { Err(HttpError::MediaType { found: essence, words }) }
}

/// The body. One that says beforehand that it is too long is not read at all.
///
/// # Errors
/// `TooLarge`, `SlowBody`, `BrokenBody`.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize, limits: &Limits) -> Result<Bytes, HttpError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(HttpError::TooLarge { limit });
    }
    let reading = tokio::time::timeout(limits.body, axum::body::to_bytes(body, limit)).await;
    let read = reading.map_err(|_| HttpError::SlowBody { seconds: limits.body.as_secs() })?;
    read.map_err(|error| {
        let source = std::error::Error::source(&error);
        let too_long = source.is_some_and(|source| source.to_string().contains("length limit"));
        if too_long { HttpError::TooLarge { limit } } else { HttpError::BrokenBody }
    })
}
