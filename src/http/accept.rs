//! The accept loop. axum's own sets no timer at all: a client that opens a connection and says nothing would keep it for ever.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::http::idle::WriteTimeout;
use crate::http::limits::Limits;

/// Serves until `stop` resolves; then accepts nothing more, lets requests in hand end within the limit, and returns.
pub async fn accept(listener: TcpListener, router: Router, limits: &Limits, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
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
                (Ok(place), Ok((stream, _))) => {
                    let connection = Connection { stream, router: router.clone(), limits: limits.clone(), stopped: stopped.clone() };
                    tokio::spawn(connection.serve(place));
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
    router: Router,
    limits: Limits,
    stopped: watch::Receiver<bool>,
}

impl Connection {
    /// Every error here is the client's (it left, it was too slow, it spoke no HTTP), and has nobody to be told to.
    async fn serve(mut self, _place: OwnedSemaphorePermit) {
        let _ = self.stream.set_nodelay(true);
        let stream = TokioIo::new(WriteTimeout::new(self.stream, self.limits.write_idle));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.header);
        http.max_headers(self.limits.headers).max_buf_size(self.limits.head_bytes);
        let mut connection = pin!(http.serve_connection(stream, TowerToHyperService::new(self.router)));
        tokio::select! {
            _ = &mut connection => return,
            _ = self.stopped.wait_for(|stopped| *stopped) => {}
            () = tokio::time::sleep(self.limits.connection_age) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = tokio::time::timeout(self.limits.stop + self.limits.body, connection).await;
    }
}
