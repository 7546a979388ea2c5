//! The accept loop. axum's own sets no timer at all: a client that opens a connection and says nothing would keep it for ever.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::http::idle::WriteTimeout;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;

/// Serves until `stop` resolves; then accepts nothing more, lets requests in hand end within the limit, and returns.
pub async fn accept(
    listener: TcpListener,
    router: Router,
    (limits, metrics): (&Limits, &Metrics),
    stop: impl Future<Output = ()>,
) {
    let mut stop = pin!(stop);
    let callers = Callers::default();
    let (stopping, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            () = &mut stop => break,
            (place, accepted) = next => match (place, accepted) {
                (Ok(place), Ok((stream, peer))) => {
                    let Some(call) = callers.admit(peer.ip(), limits.connections_per_address) else {
                        metrics.turned_away();
                        continue;
                    };
                    metrics.connected();
                    let service = WithPeer { service: TowerToHyperService::new(router.clone()), peer: Peer(peer.ip()) };
                    let connection = Connection { stream, service, limits: limits.clone(), stopped: stopped.clone() };
                    tokio::spawn(connection.serve(place, call));
                }
                // Out of file descriptors, most likely: the next accept would fail at once too.
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    stopping.send_replace(true);
    let all_ended = places.acquire_many(limits.connections);
    let _ = tokio::time::timeout(limits.stop, all_ended).await;
}

struct Connection {
    stream: TcpStream,
    service: WithPeer,
    limits: Limits,
    stopped: watch::Receiver<bool>,
}

impl Connection {
    /// Every error here is the client's (it left, it was too slow, it spoke no HTTP), and has nobody to be told to.
    async fn serve(mut self, _place: OwnedSemaphorePermit, _call: Call) {
        let _ = self.stream.set_nodelay(true);
        let stream = TokioIo::new(WriteTimeout::new(self.stream, self.limits.write_idle));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.header);
        http.max_headers(self.limits.headers).max_buf_size(self.limits.head_bytes);
        let mut connection = pin!(http.serve_connection(stream, self.service));
        tokio::select! {
            _ = &mut connection => return,
            _ = self.stopped.wait_for(|stopped| *stopped) => {}
            () = tokio::time::sleep(self.limits.connection_age) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = tokio::time::timeout(self.limits.stop + self.limits.body, connection).await;
    }
}

/// The address at the other end of a request's connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The router, told whose connection a request came by.
struct WithPeer {
    service: TowerToHyperService<Router>,
    peer: Peer,
}

impl hyper::service::Service<Request<Incoming>> for WithPeer {
    type Response = <TowerToHyperService<Router> as hyper::service::Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as hyper::service::Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as hyper::service::Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.service.call(request)
    }
}

/// Connections by address.
#[derive(Debug, Clone, Default)]
struct Callers(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// One of them, until it is dropped.
struct Call {
    callers: Callers,
    address: IpAddr,
}

impl Callers {
    /// `None` where an address has as many as it may.
    fn admit(&self, address: IpAddr, limit: u32) -> Option<Call> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Call { callers: self.clone(), address })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut counts = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = counts.remove(&self.address),
        }
    }
}
