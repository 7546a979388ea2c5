//! Pages for people who read the data or the interface in a browser: small, without script, without a request elsewhere.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use crate::layer::language::Language;

pub const MEDIA_TYPE: &str = "text/html; charset=utf-8";

/// The page may show itself and nothing else; its style stands inside it.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

const STYLE: &str = include_str!("page.css");

/// The first of the two languages that the reader's browser asks for (RFC 9110 §12.5.4), English where it asks for neither.
pub fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let weighed = asked.split(',').filter_map(|range| {
        let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
        let language = tag.trim().get(..2)?.to_ascii_lowercase().parse::<Language>().ok()?;
        (weight > 0.0).then_some((language, weight))
    });
    // Of equal weights the first.
    weighed.fold((Language::En, 0.0), |best, one| if one.1 > best.1 { one } else { best }).0
}

/// A page around a body that is markup already.
pub fn page(language: Language, title: &str, body: &str) -> String {
    let (tag, title) = (language.tag(), escape(title));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} · Emprise</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_s_language_is_taken() {
        let of = |value: &str| language(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, value.parse().unwrap())]));
        for french in ["fr", "fr-FR,en;q=0.8", "de, en;q=0.3, fr;q=0.5", "FR"] {
            assert_eq!(of(french), Language::Fr, "{french}");
        }
        for english in ["", "en-GB", "de", "fr;q=0, de", "en, fr", "*"] {
            assert_eq!(of(english), Language::En, "{english}");
        }
    }
}
