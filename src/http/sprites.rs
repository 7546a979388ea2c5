//! `GET /sprites/{file}`: the images of styles, made by `make web` from the drawings in `styles/sprites`.
//!
//! `emprise` has icons in their own colours, `emprise-sdf` as distance fields that a style colours; hatches are in both. `.json` says
//! where in `.png` each lies; `@2x` is for dense screens.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::http::assets::{find, share};
use crate::http::error::HttpError;

pub async fn sprite(uri: Uri, file: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Result<Response, HttpError> {
    let Path(file) = file?;
    let sprite = find(&format!("sprites/{file}")).ok_or_else(|| HttpError::NoRoute(uri.path().to_owned()))?;
    Ok(share(sprite, &headers))
}
