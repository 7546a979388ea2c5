//! Measures before anybody asks: those of the offered specifications and the numbers of territories, made in the background; and
//! measures that were made before, kept beside the snapshot as `measures/<snapshot>.bin`.
//!
//! Nothing waits for either. What cannot be read or written is said, and measured again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atlas::{Rights, View};
use crate::http::caller::Caller;
use crate::http::opened::{Opened, program};
use crate::http::siting::templates::Template;
use crate::http::state::App;
use crate::http::territories::book;
use crate::siting::land::Land;
use crate::siting::measures::Need;
use crate::siting::memo::Memo;
use crate::siting::spec::Spec;
use crate::siting::stored::{self, Origin};
use crate::siting::work::Work;
use crate::siting::{SitingError, study};

/// Begins to measure what the offered specifications ask, on one thread beside those that answer, and stores it.
pub fn warm(app: &App) {
    let own = app.clone();
    let begun = std::thread::Builder::new().name("warming".to_owned()).spawn(move || {
        // Its own pool: a question that waits for a column never waits for a thread that fills it.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        pool.map(|pool| pool.install(|| measure_all(&own))).is_ok()
    });
    if begun.is_err() {
        (app.options().say)("nothing is measured beforehand: the system gives no more threads");
    }
}

fn measure_all(app: &App) {
    let (Some(opened), templates, work) = (app.opened(), app.templates(), app.warming()) else { return };
    for (place, template) in templates.all().iter().enumerate() {
        let told = measured(template, &opened, &work);
        (app.options().say)(&format!("measuring {} of {}: {told}", place + 1, templates.all().len()));
    }
    save(app, &opened);
    let began = std::time::Instant::now();
    match book(&Caller::new(opened, Rights::public())) {
        Ok(_) => (app.options().say)(&format!("the numbers of territories are made, in {:.1} s", began.elapsed().as_secs_f64())),
        Err(error) => (app.options().say)(&format!("no numbers of territories: {error}")),
    }
}

/// Measures what a specification asks of all its candidates; returns what to tell the operator.
fn measured(template: &Template, opened: &Opened, work: &Work) -> String {
    let (name, before, began) = (&template.name, work.progress().0, std::time::Instant::now());
    match fill(template.spec(None), opened.view(&Rights::All), &opened.memo, work) {
        Ok(()) => format!("`{name}` has {} measures more, in {:.1} s", work.progress().0 - before, began.elapsed().as_secs_f64()),
        Err(error) => format!("`{name}` is left out: {error}"),
    }
}

fn fill(spec: &Spec, view: View<'_>, memo: &Memo, work: &Work) -> Result<(), SitingError> {
    let land = Land::prepare(spec, view, memo, work)?;
    let mut study = study(&land, memo, work)?;
    for criterion in 0..study.resolved.criteria.len() {
        let need: Need = study.resolved.need(criterion);
        let candidates = study.sifted.candidates.places.iter().copied();
        study.measures.fill(&study.resolved, need, candidates, work)?;
    }
    Ok(())
}

/// Reads what was measured before, and forgets what belongs to snapshots that are gone.
pub fn load(app: &App, opened: &Opened) {
    let Some(folder) = folder(&app.options().data) else { return };
    forget(&folder);
    let view = opened.view(&Rights::All);
    let Ok(bytes) = std::fs::read(folder.join(file_name(view.snapshot_id()))) else { return };
    match stored::load(&bytes, &opened.memo, view, origin(view)) {
        Ok(_) => opened.remember(),
        Err(error) => (app.options().say)(&format!("the stored measures are not used: {error}")),
    }
}

/// Stores what is measured, unless nothing is new.
pub fn save(app: &App, opened: &Arc<Opened>) {
    let Some(folder) = folder(&app.options().data).filter(|_| opened.has_news()) else { return };
    let view = opened.view(&Rights::All);
    let bytes = stored::save(&opened.memo, view, origin(view));
    match write(&folder, &file_name(view.snapshot_id()), &bytes) {
        Ok(()) => opened.remember(),
        Err(error) => (app.options().say)(&format!("the measures cannot be stored in {}: {error}", folder.display())),
    }
}

fn origin<'v>(view: View<'v>) -> Origin<'v> {
    Origin { program: program(), snapshot: view.snapshot_id() }
}

/// Beside the snapshots of a data folder; a snapshot's own folder stays as it is.
fn folder(data: &Path) -> Option<PathBuf> {
    data.join("current").is_symlink().then(|| data.join("measures"))
}

fn file_name(snapshot: &str) -> String {
    format!("{snapshot}.bin")
}

/// A reader sees the whole file or none.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Removes the measures of snapshots that are no more.
fn forget(folder: &Path) {
    let snapshots = folder.with_file_name("snapshots");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_ours = path.extension().is_some_and(|extension| extension == "bin");
        let is_gone = path.file_stem().is_some_and(|snapshot| !snapshots.join(snapshot).exists());
        if is_ours && is_gone {
            // What cannot be removed is in nobody's way.
            let _ = std::fs::remove_file(path);
        }
    }
}
