//! What the server accepts and how long it waits; the same numbers are answered at `/limits`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Serialize, Serializer};

use crate::http::state::App;

/// Every limit of the server. Sizes in bytes, durations answered in seconds.
#[derive(Debug, Clone, Serialize)]
pub struct Limits {
    /// Connections held open at once; beyond it, new ones wait in the system's own queue.
    pub connections: u32,
    /// Of them, those of one address; beyond it, new ones are closed.
    pub connections_per_address: u32,
    /// Wrong tokens that one address may send in a minute; beyond it the answer is 429.
    pub wrong_tokens: u32,
    /// How long the server goes on answering once it was asked to stop, and says at `/ready` that it is not ready.
    #[serde(rename = "drain_s", serialize_with = "seconds")]
    pub drain: Duration,
    /// From the opening of a connection, or the end of a request, to the last byte of the next request's headers.
    #[serde(rename = "header_s", serialize_with = "seconds")]
    pub header: Duration,
    /// From the end of the headers to the last byte of the body.
    #[serde(rename = "body_s", serialize_with = "seconds")]
    pub body: Duration,
    /// How long a client may leave a ready answer unread.
    #[serde(rename = "write_idle_s", serialize_with = "seconds")]
    pub write_idle: Duration,
    /// After it a connection ends with the request in hand.
    #[serde(rename = "connection_age_s", serialize_with = "seconds")]
    pub connection_age: Duration,
    /// How long requests in hand may take once the server was asked to stop.
    #[serde(rename = "stop_s", serialize_with = "seconds")]
    pub stop: Duration,
    /// Request line and headers together.
    pub head_bytes: usize,
    pub headers: usize,
    pub specification_bytes: usize,
    /// A plot to check, with its project.
    pub plot_bytes: usize,
    pub layers_per_tile: usize,
    pub tiles_at_once: usize,
    pub analyses_at_once: usize,
    pub jobs_at_once: usize,
    /// Lists and files of features that are being sent.
    pub downloads_at_once: usize,
    /// Jobs kept, those that wait or run included; beyond it the answer is 429.
    pub jobs: usize,
    /// How long a job is kept after its end.
    #[serde(rename = "jobs_kept_s", serialize_with = "seconds")]
    pub jobs_kept: Duration,
    /// Requests that may wait for a place in each pool.
    pub queue: usize,
    /// How long they may wait before the answer is 429.
    #[serde(rename = "queue_s", serialize_with = "seconds")]
    pub queue_wait: Duration,
    /// How long one analysis may take.
    #[serde(rename = "siting_s", serialize_with = "seconds")]
    pub siting: Duration,
    /// Encoded tiles kept in memory.
    pub tile_cache_bytes: usize,
    /// Measures kept in memory.
    pub measures_bytes: usize,
    /// Written answers kept in memory.
    pub answers_bytes: usize,
    /// Rows that were selected of collections, kept in memory for their next pages.
    pub selections_bytes: usize,
    /// Answers as columns of their layers, kept in memory for their tiles.
    pub painted_bytes: usize,
    /// Specifications kept for the ids of their answers, in memory and on disk.
    pub specifications: usize,
    /// Those in memory.
    pub specifications_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Limits {
            connections: 1024,
            connections_per_address: 512,
            wrong_tokens: 30,
            drain: Duration::from_secs(3),
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write_idle: Duration::from_secs(30),
            connection_age: Duration::from_secs(300),
            stop: Duration::from_secs(10),
            head_bytes: 16 << 10,
            headers: 100,
            specification_bytes: 1 << 20,
            plot_bytes: 10 << 20,
            layers_per_tile: 16,
            tiles_at_once: 2 * cores,
            analyses_at_once: cores,
            jobs_at_once: (cores / 2).max(1),
            downloads_at_once: 32,
            jobs: 64,
            jobs_kept: Duration::from_secs(3600),
            queue: 64,
            queue_wait: Duration::from_secs(2),
            siting: Duration::from_secs(30),
            tile_cache_bytes: 256_000_000,
            measures_bytes: 640 << 20,
            answers_bytes: 128 << 20,
            selections_bytes: 64 << 20,
            painted_bytes: 128 << 20,
            specifications: 10_000,
            specifications_bytes: 32 << 20,
        }
    }
}

/// `GET /limits`
pub async fn limits(State(app): State<App>) -> Json<Limits> {
    Json(app.limits().clone())
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
