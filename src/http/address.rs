//! The address under which a client knows this server, for the absolute addresses in TileJSON and styles.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;

/// Headers that the address depends on: an answer that carries it varies with them.
pub const VARIES_WITH: &str = "Host, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix";

/// `https://maps.example.org/emprise`, without a slash at the end. Made of `X-Forwarded-Proto`, `-Host` and `-Prefix` where a
/// proxy set them, else of `Host`. A part that is not plainly a host or a path is left out rather than repeated to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Address(pub String);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Address, Infallible> {
        Ok(Address::of(&parts.headers))
    }
}

impl Address {
    pub fn of(headers: &HeaderMap) -> Address {
        // A chain of proxies appends; the first entry is the one nearest to the client.
        let first = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.split(',').next().unwrap_or(value).trim().to_owned())
        };
        let scheme = first("x-forwarded-proto").filter(|scheme| scheme == "https").unwrap_or_else(|| "http".to_owned());
        let host =
            first("x-forwarded-host").filter(|host| is_host(host)).or_else(|| first(HOST.as_str()).filter(|host| is_host(host)));
        let prefix = first("x-forwarded-prefix").filter(|prefix| is_path(prefix)).unwrap_or_default();
        Address(format!("{scheme}://{}{}", host.unwrap_or_else(|| "localhost".to_owned()), prefix.trim_end_matches('/')))
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 255 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]_".contains(&b))
}

fn is_path(path: &str) -> bool {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/".contains(&b));
    plain && path.starts_with('/') && !path.starts_with("//") && path.len() <= 255
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(headers: &[(&'static str, &str)]) -> String {
        let headers = headers.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap()));
        Address::of(&headers.collect()).0
    }

    #[test]
    fn the_client_s_own_address_is_found() {
        assert_eq!(address(&[("host", "localhost:8080")]), "http://localhost:8080");
        assert_eq!(address(&[("host", "[::1]:80"), ("x-forwarded-proto", "https")]), "https://[::1]:80");
        let proxied = [
            ("host", "10.0.0.3:8080"),
            ("x-forwarded-host", "maps.example.org, inner"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/emprise/"),
        ];
        assert_eq!(address(&proxied), "https://maps.example.org/emprise");
    }

    #[test]
    fn what_is_no_host_is_not_repeated() {
        assert_eq!(address(&[("host", "a\"><script>")]), "http://localhost");
        assert_eq!(address(&[("host", "a.org"), ("x-forwarded-host", "b org/<x>")]), "http://a.org");
        assert_eq!(address(&[("host", "a.org"), ("x-forwarded-prefix", "//evil.org")]), "http://a.org");
        assert_eq!(address(&[("host", "a.org"), ("x-forwarded-proto", "javascript")]), "http://a.org");
    }
}
