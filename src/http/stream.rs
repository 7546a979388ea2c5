//! A body that is written while it is read: a writer on one thread, the client on another, a few pieces between them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Pieces that wait for the client, and the size of one in bytes.
const WAITING: usize = 4;
const PIECE: usize = 64 << 10;

/// Both ends. A client that leaves makes the writer fail; a writer that fails or panics breaks the body off, so that no client
/// takes a part for the whole.
pub fn stream() -> (Output, Body) {
    let (pieces, received) = channel(WAITING);
    (Output { pieces, buffer: Vec::with_capacity(PIECE) }, Body::new(Streamed { received, ended: false }))
}

pub struct Output {
    pieces: Sender<io::Result<Option<Bytes>>>,
    buffer: Vec<u8>,
}

impl Output {
    /// Says how it ended: the rest of the bytes, or that the body is broken off.
    pub fn end<E: std::fmt::Display>(mut self, outcome: Result<(), E>) {
        let last = match outcome {
            Ok(()) => io::Write::flush(&mut self).map(|()| None),
            Err(error) => Err(io::Error::other(error.to_string())),
        };
        // Nobody to tell when the client has left.
        let _ = self.pieces.blocking_send(last);
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE));
        self.pieces.blocking_send(Ok(Some(piece.into()))).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { self.send() }
    }
}

struct Streamed {
    received: Receiver<io::Result<Option<Bytes>>>,
    ended: bool,
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = match self.received.poll_recv(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(piece) => piece,
        };
        Poll::Ready(match piece {
            Some(Ok(Some(bytes))) => Some(Ok(Frame::data(bytes))),
            Some(Ok(None)) => {
                self.ended = true;
                None
            }
            Some(Err(error)) => Some(Err(error)),
            None => Some(Err(io::Error::other("the writer is gone"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}
