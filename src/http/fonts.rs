//! `GET /fonts/{stack}/{range}.pbf`: the glyphs of labels, made by `make web` from Noto Sans (SIL Open Font Licence 1.1).

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use crate::http::assets::{find, share};
use crate::http::error::HttpError;

/// Of the fonts of a stack, commas between them, the first that is here is sent. Characters that it does not have are no error: a
/// map client that asks for them draws the others.
pub async fn glyphs(
    uri: Uri,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path((stack, file)) = path?;
    let missing = || HttpError::NoRoute(uri.path().to_owned());
    let range = file.strip_suffix(".pbf").filter(|range| is_range(range)).ok_or_else(missing)?;
    let font = stack.split(',').map(str::trim).find(|font| has(font)).ok_or_else(missing)?;
    Ok(match find(&format!("fonts/{font}/{range}.pbf")) {
        Some(glyphs) => share(glyphs, &headers),
        None => ([(CONTENT_TYPE, "application/x-protobuf")], nothing_of(font, range)).into_response(),
    })
}

/// Every font has the letters of English.
fn has(font: &str) -> bool {
    find(&format!("fonts/{font}/0-255.pbf")).is_some()
}

/// 256 characters from a multiple of 256, in plain digits.
fn is_range(range: &str) -> bool {
    let Some((Ok(first), Ok(last))) = range.split_once('-').map(|(first, last)| (first.parse::<u32>(), last.parse::<u32>()))
    else {
        return false;
    };
    first.is_multiple_of(256) && first < 65_536 && last == first + 255 && range == format!("{first}-{last}")
}

/// A stack without glyphs: field 1 of the file, with its name (1) and range (2).
fn nothing_of(font: &str, range: &str) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| [&[number << 3 | 2, bytes.len() as u8], bytes].concat();
    field(1, &[field(1, font.as_bytes()), field(2, range.as_bytes())].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_one_spelling() {
        assert!(["0-255", "256-511", "65280-65535"].iter().all(|range| is_range(range)));
        for wrong in ["", "0", "0-256", "1-256", "00-255", "+0-255", "65536-65791", "../x", "0-255-511", "-255"] {
            assert!(!is_range(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_empty_range_is_a_whole_message() {
        assert_eq!(nothing_of("A", "0-255"), b"\x0a\x0a\x0a\x01A\x12\x050-255");
    }
}
