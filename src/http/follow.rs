//! A running server follows the data folder and the grants: what is published there is served within a second.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::http::siting::templates::files;
use crate::http::state::{App, StateError};
use crate::http::warm::warm;

/// What tells that something was published or granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    snapshot: Option<PathBuf>,
    grants: Option<(SystemTime, u64)>,
    specifications: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
}

impl Seen {
    pub fn now(app: &App) -> Seen {
        let options = app.options();
        let stamp = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        Seen {
            // Absent where the data folder is one snapshot's own: that never changes.
            snapshot: std::fs::read_link(options.data.join("current")).ok(),
            grants: options.grants.as_deref().and_then(stamp),
            specifications: options
                .specifications
                .iter()
                .flat_map(|folder| files(folder))
                .map(|path| (path.clone(), stamp(&path)))
                .collect(),
        }
    }
}

/// Looks once a second, for ever. What cannot be opened is said once, and what was served goes on.
pub async fn follow(app: App, mut seen: Seen) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    loop {
        second.tick().await;
        let now = Seen::now(&app);
        if now.grants != seen.grants {
            report(&app, "the grants", app.read_grants());
        }
        if now.specifications != seen.specifications {
            app.read_templates();
        }
        if now.snapshot != seen.snapshot && now.snapshot.is_some() {
            let opening = tokio::task::spawn_blocking({
                let app = app.clone();
                move || app.open()
            });
            match opening.await {
                Ok(opened) => {
                    let is_new = opened.is_ok();
                    report(&app, "the new snapshot", opened);
                    if is_new && app.options().warm {
                        warm(&app);
                    }
                }
                Err(_) => {
                    (app.options().say)("opening the new snapshot failed on a fault of this program; the old one is still served")
                }
            }
        }
        seen = now;
    }
}

fn report(app: &App, what: &str, outcome: Result<(), StateError>) {
    match outcome {
        Ok(()) => (app.options().say)(&format!("now serving {what}")),
        Err(error) => (app.options().say)(&format!("{what} cannot be served, so the old stays: {error}")),
    }
}
