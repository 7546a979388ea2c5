//! What a client asked for in its headers: an encoding, or only news.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

use crate::tiles::compress::Encoding;

/// The encoding that the client likes best (RFC 9110 §12.5.3), of several alike the one with the smallest bodies. Without the header
/// any may be sent; identity is the safe one, and it is sent too where nothing that is offered is taken.
pub fn encoding(headers: &HeaderMap) -> Encoding {
    let offers: Vec<(String, f32)> = list(headers, ACCEPT_ENCODING).map(weighed).collect();
    let weight = |encoding: Encoding| -> Option<f32> {
        let token = encoding.token().unwrap_or("identity");
        let named = |offer: &&(String, f32)| offer.0 == token || (token == "gzip" && offer.0 == "x-gzip");
        let any = || offers.iter().find(|(coding, _)| coding == "*").filter(|_| encoding != Encoding::Identity);
        offers.iter().find(named).or_else(any).map(|(_, weight)| *weight)
    };
    let liked = |encoding: Encoding| Some((encoding, weight(encoding).filter(|&weight| weight > 0.0)?));
    // Of equals `max_by` gives the last.
    Encoding::ALL.into_iter().filter_map(liked).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(Encoding::Identity, |(best, _)| best)
}

/// Whether the client takes gzip, for what is there in no other encoding.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut wildcard = false;
    for (coding, weight) in list(headers, ACCEPT_ENCODING).map(weighed) {
        match coding.as_str() {
            "gzip" | "x-gzip" => return weight > 0.0,
            "*" => wildcard = weight > 0.0,
            _ => {}
        }
    }
    wildcard
}

/// A coding in small letters and its weight; 1 where it has none that can be read.
fn weighed(offer: &str) -> (String, f32) {
    let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
    let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(1.0);
    (coding.trim().to_ascii_lowercase(), weight)
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
    fn the_best_liked_encoding_is_sent() {
        use Encoding::{Brotli, Gzip, Identity, Zstd};
        for (header, expected) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, zstd", Zstd),
            ("br;q=0.5, gzip", Gzip),
            ("gzip;q=0.2, br;q=0.1", Gzip),
            ("br;q=0, *", Zstd),
            ("*", Brotli),
            ("*;q=0", Identity),
            ("identity, gzip;q=0.5", Identity),
            ("deflate", Identity),
            ("", Identity),
        ] {
            assert_eq!(encoding(&headers(ACCEPT_ENCODING, header)), expected, "{header}");
        }
        assert_eq!(encoding(&HeaderMap::new()), Identity);
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
