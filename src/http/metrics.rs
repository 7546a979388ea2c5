//! What the server counts, and how it is told: the text format of Prometheus, version 0.0.4.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::http::state::App;

#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the first digit of their status, 1 to 5.
    answers: [AtomicU64; 5],
    overloaded: AtomicU64,
    panics: AtomicU64,
    connections: AtomicU64,
    turned_away: AtomicU64,
    tiles_from_memory: AtomicU64,
    tiles_drawn: AtomicU64,
    tiles_left: AtomicU64,
    analyses: AtomicU64,
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Metrics {
    pub fn answered(&self, status: u16) {
        if let Some(counter) = self.answers.get(usize::from(status / 100).wrapping_sub(1)) {
            add(counter);
        }
        if status == 429 {
            add(&self.overloaded);
        }
    }

    pub fn panicked(&self) {
        add(&self.panics);
    }

    pub fn connected(&self) {
        add(&self.connections);
    }

    pub fn turned_away(&self) {
        add(&self.turned_away);
    }

    pub fn tile_from_memory(&self) {
        add(&self.tiles_from_memory);
    }

    pub fn tile_drawn(&self) {
        add(&self.tiles_drawn);
    }

    pub fn tile_left(&self) {
        add(&self.tiles_left);
    }

    pub fn analysed(&self) {
        add(&self.analyses);
    }
}

/// `GET /metrics`
pub fn text(app: &App) -> String {
    let metrics = app.metrics();
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let mut text =
        String::from("# HELP emprise_answers_total Answers by class of status.\n# TYPE emprise_answers_total counter\n");
    for (place, counter) in metrics.answers.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "emprise_answers_total{{status=\"{}xx\"}} {}", place + 1, read(counter));
    }
    let opened = app.opened();
    let (bodies, answers) = opened.as_ref().map_or((0, 0), |opened| (opened.bodies.bytes(), opened.answers.bytes()));
    let pools = app.pools();
    let lines = [
        ("overloaded_total", "counter", "Requests told to come again later.", read(&metrics.overloaded)),
        ("panics_total", "counter", "Answers that failed on a fault of the program.", read(&metrics.panics)),
        ("connections_total", "counter", "Connections taken.", read(&metrics.connections)),
        ("connections_turned_away_total", "counter", "Connections beyond those of one address.", read(&metrics.turned_away)),
        ("tiles_from_memory_total", "counter", "Tiles that were in memory.", read(&metrics.tiles_from_memory)),
        ("tiles_drawn_total", "counter", "Tiles drawn.", read(&metrics.tiles_drawn)),
        ("tiles_left_total", "counter", "Tiles whose client left before they were drawn.", read(&metrics.tiles_left)),
        ("analyses_total", "counter", "Analyses begun for somebody who waits.", read(&metrics.analyses)),
        ("tile_cache_bytes", "gauge", "Encoded tiles in memory.", bodies as u64),
        ("answer_cache_bytes", "gauge", "Written answers in memory.", answers as u64),
        ("tiles_running", "gauge", "Places of the tiles' pool that are taken.", pools.tiles.running() as u64),
        ("analyses_running", "gauge", "Places of the analyses' pool that are taken.", pools.analyses.running() as u64),
        ("ready", "gauge", "1 when everything can be answered.", u64::from(app.is_ready())),
    ];
    for (name, kind, help, value) in lines {
        let _ = write!(text, "# HELP emprise_{name} {help}\n# TYPE emprise_{name} {kind}\nemprise_{name} {value}\n");
    }
    text
}
