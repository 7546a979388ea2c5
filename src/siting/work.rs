//! How far long work has come, and the wish that it stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared between the one who works and those who watch. A default one is never stopped.
#[derive(Debug, Default)]
pub struct Work {
    stopped: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

/// The work was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped before the end")]
pub struct Stopped;

impl Work {
    /// Asks for an end; the work in hand ends within milliseconds.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// The wish that the work end.
    pub fn go_on(&self) -> Result<(), Stopped> {
        if self.stopped.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }

    /// More to do: measures of sites.
    pub fn plan(&self, measures: usize) {
        self.total.fetch_add(measures as u64, Ordering::Relaxed);
    }

    pub fn did(&self, measures: usize) {
        self.done.fetch_add(measures as u64, Ordering::Relaxed);
    }

    /// Measures made, and measures known to be needed so far.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}
