//! What an ingest did, for a person or a program to read.

use serde::Serialize;

use crate::snapshot::manifest::{Counts, LayerEntry, Problem};

/// The whole run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Id of the snapshot that was published.
    pub snapshot: String,
    pub layers: Vec<LayerReport>,
    /// Files that no layer wants.
    pub unmatched: Vec<String>,
    pub seconds: f64,
}

/// One layer of the run.
#[derive(Debug, Serialize)]
pub struct LayerReport {
    pub layer: String,
    pub title: String,
    pub files: Vec<FileReport>,
    pub counts: Counts,
    pub features: u64,
    pub problems: Vec<Problem>,
    /// Files that fit a less preferred pattern of the layer.
    pub set_aside: Vec<String>,
    pub seconds: f64,
}

#[derive(Debug, Serialize)]
pub struct FileReport {
    pub name: String,
    pub rows: u64,
    pub crs: String,
    pub encoding: String,
}

impl LayerReport {
    pub fn new(entry: &LayerEntry, files: Vec<FileReport>, set_aside: Vec<String>, seconds: f64) -> LayerReport {
        LayerReport {
            layer: entry.definition.id.clone(),
            title: entry.definition.title.en.clone(),
            files,
            counts: entry.counts,
            features: entry.counts.features(),
            problems: entry.problems.clone(),
            set_aside,
            seconds,
        }
    }
}
