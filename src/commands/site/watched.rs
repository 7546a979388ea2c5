//! Work with its progress on standard error, ended by Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::interrupt;
use crate::siting::work::Work;

pub struct Watched {
    pub work: Arc<Work>,
    over: Arc<AtomicBool>,
    watcher: JoinHandle<()>,
}

/// Shorter work shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const GLANCE: Duration = Duration::from_millis(20);

impl Watched {
    pub fn new() -> anyhow::Result<Watched> {
        let stop = interrupt::flag()?;
        let (work, over) = (Arc::new(Work::default()), Arc::new(AtomicBool::new(false)));
        let (watched, ended) = (Arc::clone(&work), Arc::clone(&over));
        let watcher = std::thread::spawn(move || watch(&watched, &stop, &ended));
        Ok(Watched { work, over, watcher })
    }

    /// Takes the bar away.
    pub fn end(self) {
        self.over.store(true, Ordering::Relaxed);
        // A watcher that panicked showed its last.
        let _ = self.watcher.join();
    }
}

fn watch(work: &Work, stop: &AtomicBool, over: &AtomicBool) {
    let mut waited = Duration::ZERO;
    let mut bar: Option<ProgressBar> = None;
    while !over.load(Ordering::Relaxed) {
        if stop.load(Ordering::Relaxed) {
            work.stop();
        }
        std::thread::sleep(GLANCE);
        waited += GLANCE;
        if waited >= PATIENCE && std::io::stderr().is_terminal() {
            show(bar.get_or_insert_with(new_bar), work.progress());
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn new_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} measures");
    let bar = ProgressBar::new(0);
    style.into_iter().for_each(|style| bar.set_style(style));
    bar
}

fn show(bar: &ProgressBar, (done, total): (u64, u64)) {
    bar.set_length(total);
    bar.set_position(done);
}
