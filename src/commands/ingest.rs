//! `emprise ingest`

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::inspect::show_problems;
use crate::commands::interrupt;
use crate::commands::output::{Paint, grouped, print, print_json, table, tell};
use crate::ingest::report::{LayerReport, Report};
use crate::ingest::{IngestError, Request, Step, run as ingest};
use crate::layer::catalogue::read_folder;
use crate::layer::definition::LayerDefinition;
use crate::layer::shipped::shipped;

/// Make a snapshot of official files and publish it.
///
/// Each layer takes the files whose names fit its patterns, wherever they are in the sources: in folders, in zip archives,
/// gzipped. What no layer wants is listed. Rows that cannot be used go to DIR/rejects/, with the reason; the closing report
/// proves that every row read is kept, repaired, rejected or filtered. The snapshot is published with one rename at the end:
/// whatever fails before, the previous one stays as it was.
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: CSV and TSV, GeoJSON, Shapefile, GeoPackage, FlatGeobuf, GeoParquet, JSON tables; each also as .gz or in a .zip.

Examples:
  emprise ingest --out data ~/official-files
  emprise ingest --out data communes.parquet zones.zip
  emprise ingest --out data --layers my-layers --json ~/files > report.json")]
pub struct Arguments {
    /// Data folder that receives the snapshot; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of layer definitions (*.toml) to use instead of those that come with the program.
    #[arg(long, value_name = "FOLDER")]
    layers: Option<PathBuf>,
    /// Print the closing report as JSON.
    #[arg(long)]
    json: bool,
    /// Files and folders to read.
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let layers = match &arguments.layers {
        Some(folder) => read_folder(folder)?,
        None => shipped()?,
    };
    match execute(&arguments.out, &arguments.sources, &layers) {
        Ok(report) if arguments.json => print_json(&report)?,
        Ok(report) => print(&show(&report, &arguments.out))?,
        Err(error) if matches!(error.downcast_ref(), Some(IngestError::Stopped)) => {
            tell(&error.to_string());
            return Ok(ExitCode::from(130));
        }
        Err(error) => return Err(error),
    }
    Ok(ExitCode::SUCCESS)
}

/// Ingests with progress on standard error.
pub fn execute(out: &PathBuf, sources: &[PathBuf], layers: &[LayerDefinition]) -> anyhow::Result<Report> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    // Temporary files belong on the disk that is meant to hold the data; another library may have asked for a place before.
    let _ = tempfile::env::override_temp_dir(out);
    let stop = interrupt::flag()?;
    let mut progress = Progress::new();
    let request = Request { data: out, sources, layers, stop: &stop };
    Ok(ingest(&request, &mut |step| progress.show(step))?)
}

/// A bar a layer on a terminal, a line a layer elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    on_terminal: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { bar: None, on_terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, step: Step) {
        match step {
            Step::Begin { layer, place, of } if self.on_terminal => {
                let bar = ProgressBar::new_spinner().with_message(format!("{} ({} of {of})", layer.id, place + 1));
                bar.enable_steady_tick(Duration::from_millis(200));
                self.bar = Some(bar);
            }
            Step::Begin { layer, place, of } => tell(&format!("{} ({} of {of}) ...", layer.id, place + 1)),
            Step::Rows { read, total } => self.advance(read, total),
            Step::End(report) => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
                let line = format!("{}: {}, {:.1} s", report.layer, summary(report), report.seconds);
                tell(&line);
            }
            Step::Publish => tell("publishing ..."),
        }
    }

    fn advance(&self, read: u64, total: Option<u64>) {
        let Some(bar) = &self.bar else { return };
        if let Some(total) = total
            && let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len} rows, {eta} left")
        {
            bar.set_style(style);
            bar.set_length(total);
        } else if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} rows, {elapsed}") {
            bar.set_style(style);
        }
        bar.set_position(read);
    }
}

fn summary(report: &LayerReport) -> String {
    let counts = report.counts;
    let terms = [(counts.repaired, "repaired"), (counts.rejected, "rejected"), (counts.filtered, "filtered")];
    let rest = terms.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!(", {} {word}", grouped(*count)));
    format!("{} rows read, {} kept{}", grouped(counts.read), grouped(counts.kept), rest.collect::<String>())
}

pub fn show(report: &Report, out: &std::path::Path) -> String {
    let paint = Paint::of_stdout();
    let heading = ["layer", "read", "kept", "repaired", "rejected", "filtered", "seconds"].map(str::to_owned).to_vec();
    let rows = std::iter::once(heading).chain(report.layers.iter().map(row)).collect::<Vec<_>>();
    let mut text = format!("\n{}\nread = kept + repaired + rejected + filtered\n", table(&rows, paint));
    for layer in &report.layers {
        text += &show_layer(layer, paint);
    }
    if !report.unmatched.is_empty() {
        text += &format!("\n{}\n", paint.bold("files that no layer wants"));
        text += &report.unmatched.iter().map(|file| format!("  {file}\n")).collect::<String>();
    }
    let rejects = out.join("rejects").join(&report.snapshot);
    text + &format!(
        "\nsnapshot {} is published in {} after {:.1} s; rejects are in {}\n",
        report.snapshot,
        out.display(),
        report.seconds,
        rejects.display()
    )
}

fn row(layer: &LayerReport) -> Vec<String> {
    let counts = layer.counts;
    let numbers = [counts.read, counts.kept, counts.repaired, counts.rejected, counts.filtered].map(grouped);
    let mut row = vec![layer.layer.clone()];
    row.extend(numbers);
    row.push(format!("{:.1}", layer.seconds));
    row
}

fn show_layer(layer: &LayerReport, paint: Paint) -> String {
    let mut text = format!("\n{}: {}\n", paint.bold(&layer.layer), layer.title);
    for file in &layer.files {
        text += &format!("  from {}: {} rows, {}, {}\n", file.name, grouped(file.rows), file.crs, file.encoding);
    }
    for file in &layer.set_aside {
        text += &format!("  set aside {file}: a preferred file is there\n");
    }
    text + &show_problems(&layer.problems, paint)
}
