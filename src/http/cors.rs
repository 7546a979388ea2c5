//! Which sites' pages may read the answers (the Fetch standard, §3.3). What only some may see, no site's page may but those named.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cors {
    /// Any site reads what everybody may see, and nothing else.
    Any,
    /// These alone, written as browsers do: `https://maps.example.org`. They read all that their users may see.
    Origins(Vec<String>),
}

impl Cors {
    /// Puts on an answer what the sender of `asked` may do with it.
    pub fn mark(&self, asked: &HeaderMap, response: &mut Response) {
        let Cors::Origins(origins) = self else { return };
        let headers = response.headers_mut();
        headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = asked.get(ORIGIN).filter(|origin| origins.iter().any(|known| known.as_bytes() == origin.as_bytes()))
        {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
    }

    /// The answer to a browser that asks beforehand; `None` for any other request.
    pub fn preflight(&self, method: &Method, asked: &HeaderMap) -> Option<Response> {
        let asks = method == Method::OPTIONS && asked.contains_key(ORIGIN) && asked.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let Cors::Origins(_) = self else { return None };
        asks.then(|| {
            let allowed = [
                (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE"),
                (ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Prefer"),
                (ACCESS_CONTROL_MAX_AGE, "600"),
            ];
            (StatusCode::NO_CONTENT, allowed).into_response()
        })
    }
}
