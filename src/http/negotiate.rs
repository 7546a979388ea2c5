//! What a client asked for in its headers: an encoding, or only news.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

/// Whether the client takes gzip (RFC 9110 §12.5.3). Without the header any encoding may be sent; identity is the safe one.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut wildcard = false;
    for offer in list(headers, ACCEPT_ENCODING) {
        let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => return !refused,
            "*" => wildcard = !refused,
            _ => {}
        }
    }
    wildcard
}

/// Whether the client already has this answer: weak comparison of `If-None-Match` (RFC 9110 §13.1.2), where `*` is any.
pub fn has(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list(headers, IF_NONE_MATCH).any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// The members of a list header, over all its lines. Tags of ours hold no comma.
fn list(headers: &HeaderMap, name: axum::http::HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for yes in ["gzip", "br, gzip;q=0.5", "GZIP", "*", "*;q=0.1, br"] {
            assert!(takes_gzip(&headers(ACCEPT_ENCODING, yes)), "{yes}");
        }
        for no in ["", "br", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0"] {
            assert!(!takes_gzip(&headers(ACCEPT_ENCODING, no)), "{no}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn tags_compare_weakly() {
        for yes in ["W/\"a\"", "\"a\"", "\"b\", W/\"a\"", "*"] {
            assert!(has(&headers(IF_NONE_MATCH, yes), "W/\"a\""), "{yes}");
        }
        for no in ["", "a", "\"b\"", "W/\"ab\""] {
            assert!(!has(&headers(IF_NONE_MATCH, no), "W/\"a\""), "{no}");
        }
    }
}
