//! Floor 3: official files in, a snapshot out.
//!
//! In: files and folders in the formats of [`read`], and the layers to make of them. Out: a published snapshot and a
//! [`Report`]. Invariants: every row read is kept, repaired, rejected with its reason or filtered, and the report proves it;
//! equal input gives equal bytes; whatever fails or stops, the published snapshot is the previous one, untouched.
//!
//! Reading order, which is the order of the stages: [`assign`] (files to layers), [`read`], [`columns`] and [`normalise`]
//! (cells to values), [`clean`], [`place`], [`reproject`], [`repair`] (geometry), [`ids`], [`write`]; [`row`] and [`layer`] hold
//! them together, [`rejects`], [`tally`] and [`report`] tell of them. [`polygons`] reads one file that is no layer: somebody's drawing.

pub mod assign;
pub mod clean;
pub mod columns;
pub mod ids;
pub mod layer;
pub mod normalise;
pub mod place;
pub mod polygons;
pub mod read;
pub mod rejects;
pub mod repair;
pub mod report;
pub mod reproject;
pub mod row;
pub mod tally;
pub mod write;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use crate::layer::definition::LayerDefinition;
use crate::snapshot::manifest::{Counts, Manifest};
use crate::snapshot::staging::{Staging, WriteError};
use assign::{AssignError, Assigned, assign};
use layer::{Bench, ingest_layer};
use read::ReadError;
use report::{LayerReport, Report};
use write::WriteFailure;

/// What to ingest, and where to.
pub struct Request<'r> {
    /// The data folder.
    pub data: &'r Path,
    /// Files and folders.
    pub sources: &'r [PathBuf],
    pub layers: &'r [LayerDefinition],
    /// Set by whoever wants it to stop; nothing is published then.
    pub stop: &'r AtomicBool,
}

/// How far it is.
pub enum Step<'s> {
    Begin { layer: &'s LayerDefinition, place: usize, of: usize },
    Rows { read: u64, total: Option<u64> },
    End(&'s LayerReport),
    Publish,
}

/// Makes a snapshot of the sources and publishes it.
///
/// # Errors
/// See [`IngestError`]; the published snapshot is untouched then.
pub fn run(request: &Request, tell: &mut dyn FnMut(Step)) -> Result<Report, IngestError> {
    let start = Instant::now();
    let staging = Staging::begin(request.data)?;
    let files = read::list(request.sources)?;
    let assigned = assign(&files, request.layers)?;
    let (entries, reports) = make_layers(&assigned, &staging, request.stop, tell)?;
    tell(Step::Publish);
    let manifest = Manifest::new(jiff::Timestamp::now().to_string(), entries);
    let snapshot = staging.publish(&manifest)?;
    Ok(Report {
        snapshot: snapshot.id,
        layers: reports,
        unmatched: assigned.unmatched.iter().map(read::SourceFile::to_string).collect(),
        seconds: start.elapsed().as_secs_f64(),
    })
}

type Made = (Vec<crate::snapshot::manifest::LayerEntry>, Vec<LayerReport>);

fn make_layers(
    assigned: &Assigned,
    staging: &Staging,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(Step),
) -> Result<Made, IngestError> {
    let (mut entries, mut reports) = (Vec::new(), Vec::new());
    for (place, assignment) in assigned.layers.iter().enumerate() {
        tell(Step::Begin { layer: &assignment.definition, place, of: assigned.layers.len() });
        let progress = &mut |read, total| tell(Step::Rows { read, total });
        let (entry, report) = ingest_layer(assignment, &mut Bench { staging, stop, progress })?;
        tell(Step::End(&report));
        entries.push(entry);
        reports.push(report);
    }
    Ok((entries, reports))
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error(transparent)]
    Assign(#[from] AssignError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{file}, for layer `{layer}`: {reason}")]
    File { file: String, layer: String, reason: String },
    #[error(transparent)]
    Staging(#[from] WriteError),
    #[error(transparent)]
    Write(#[from] WriteFailure),
    #[error("cannot write the rejects of layer `{layer}`: {error}")]
    Rejects { layer: String, error: std::io::Error },
    #[error("stopped before the end; nothing was published")]
    Stopped,
    #[error(
        "layer `{layer}` does not add up ({} read, {} kept, {} repaired, {} rejected, {} filtered, {written} written): \
         this is a fault of the program, and nothing was published",
        counts.read, counts.kept, counts.repaired, counts.rejected, counts.filtered
    )]
    Unbalanced { layer: String, counts: Counts, written: u64 },
}
