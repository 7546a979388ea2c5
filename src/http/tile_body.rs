//! A tile's body: from memory, or drawn once for all who ask for it meanwhile, in the encoding that the client likes best.
//!
//! Who waits for another's tile holds no thread. Who leaves stops the work that was begun for him: if others wait for the same tile,
//! the first of them begins it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::negotiate::encoding;
use crate::http::state::{App, EmptyTile};
use crate::tiles::address::Address;
use crate::tiles::cache::{Body, Cache, Key};
use crate::tiles::compress::{Encoding, compress, decompress};

/// The tile of an address, encoded as `headers` like it, as an answer without word on how it may be kept.
///
/// `content` says all that the tile depends on besides its address. `draw` is asked on a thread of the tiles' pool; it asks now and
/// then whether to go on, and gives `None` once it need not.
///
/// # Errors
/// Those of `draw` and of the pool; `EmptyTile` where the server says so.
pub async fn answer(
    app: &App,
    caller: &Caller,
    (content, address): (String, Address),
    headers: &HeaderMap,
    draw: impl FnOnce(&dyn Fn() -> bool) -> Result<Option<Vec<u8>>, HttpError> + Send + 'static,
) -> Result<Response, HttpError> {
    let key = Key { content: content.into(), address, encoding: encoding(headers) };
    let opened = caller.opened();
    let body = match remembered(app, caller, &key) {
        Some(body) => body,
        None => {
            let _turn = opened.drawing.pass((Arc::clone(&key.content), address)).await;
            match opened.bodies.get(&key) {
                Some(body) => body,
                None => make(app, caller, key.clone(), draw).await?,
            }
        }
    };
    Ok(send(app, &body, key.encoding))
}

/// The same where it is in memory, for tiles that take work before they can be drawn.
pub fn kept(app: &App, caller: &Caller, (content, address): (&str, Address), headers: &HeaderMap) -> Option<Response> {
    let key = Key { content: content.into(), address, encoding: encoding(headers) };
    remembered(app, caller, &key).map(|body| send(app, &body, key.encoding))
}

fn remembered(app: &App, caller: &Caller, key: &Key) -> Option<Body> {
    let body = caller.opened().bodies.get(key)?;
    app.metrics().tile_from_memory();
    Some(body)
}

async fn make(
    app: &App,
    caller: &Caller,
    key: Key,
    draw: impl FnOnce(&dyn Fn() -> bool) -> Result<Option<Vec<u8>>, HttpError> + Send + 'static,
) -> Result<Body, HttpError> {
    let left = Left::default();
    let gone = Arc::clone(&left.0);
    let (app_of_work, opened) = (app.clone(), Arc::clone(caller.opened()));
    let work = move || {
        let go_on = || !gone.load(Ordering::Relaxed);
        let plain = match kept_otherwise(&opened.bodies, &key) {
            Some(plain) => Some(plain),
            None if go_on() => {
                app_of_work.metrics().tile_drawn();
                draw(&go_on)?
            }
            None => None,
        };
        let Some(plain) = plain.filter(|_| go_on()) else {
            app_of_work.metrics().tile_left();
            return Err(HttpError::Stopped);
        };
        // Nothing stays nothing: an empty body is how a tile without features is told.
        let body = Body::new(if plain.is_empty() { plain } else { compress(plain, key.encoding) });
        opened.bodies.put(&key, &body);
        Ok(body)
    };
    app.pools().tiles.run(work).await?
}

/// The tile, where it is kept in another encoding.
fn kept_otherwise(bodies: &Cache, key: &Key) -> Option<Vec<u8>> {
    let others = Encoding::ALL.into_iter().filter(|encoding| *encoding != key.encoding);
    others.filter_map(|encoding| Some((encoding, bodies.get(&Key { encoding, ..key.clone() })?))).find_map(|(encoding, body)| {
        if body.bytes.is_empty() { Some(Vec::new()) } else { decompress(&body.bytes, encoding).ok() }
    })
}

/// Dropped with the request: what was begun for it need not go on.
#[derive(Default)]
struct Left(Arc<AtomicBool>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// 204 for a tile without features (OGC 20-057 §7.1.6), which clients take for an empty one; 404 where the server was asked to.
fn send(app: &App, body: &Body, encoding: Encoding) -> Response {
    if body.bytes.is_empty() {
        return match app.options().empty_tile {
            EmptyTile::NoContent => StatusCode::NO_CONTENT.into_response(),
            EmptyTile::NotFound => HttpError::EmptyTile.into_response(),
        };
    }
    let bytes = Bytes::from_owner(Arc::clone(&body.bytes));
    let mut response = ([(CONTENT_TYPE, "application/vnd.mapbox-vector-tile")], bytes).into_response();
    if let Some(token) = encoding.token() {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    response
}
