//! Many plots in a file, findings out: streamed, in parallel, in the file's order.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::commands::interrupt;
use crate::commands::output::{grouped, print, tell};
use crate::ingest::polygons::{Maker, Polygon, Polygons};
use crate::ingest::read::Row;
use crate::zoning::{Plot, Rulebook, Terms, check, csv};

/// Rows that are read, checked and written together: memory grows with this, never with the file.
const BATCH: usize = 1024;

pub struct Job<'a> {
    pub file: &'a Path,
    pub out: Option<&'a Path>,
    pub name: Option<&'a str>,
}

/// Checks every plot of a file. A row that is no plot gets a line that says why.
///
/// A file that is asked for is there whole or, after Ctrl-C or a failure, not at all.
pub fn run(job: &Job<'_>, rulebook: &Rulebook<'_>, terms: &Terms) -> anyhow::Result<ExitCode> {
    let mut plots = Polygons::open(job.file, job.name).with_context(|| job.file.display().to_string())?;
    let stop = interrupt::flag()?;
    let bar = progress(plots.total());
    let mut out = Out::new(job.out)?;
    out.write(&header()?)?;
    let (mut done, mut unread) = (0u64, 0u64);
    loop {
        let batch = batch(&mut plots).with_context(|| job.file.display().to_string())?;
        if batch.is_empty() {
            break;
        }
        let maker = plots.maker();
        let texts: Vec<(Vec<u8>, bool)> =
            batch.into_par_iter().map(|row| rows(row, maker, rulebook, terms)).collect::<Result<_, _>>()?;
        done += texts.len() as u64;
        unread += texts.iter().filter(|(_, read)| !read).count() as u64;
        for (text, _) in texts {
            out.write(&text)?;
        }
        bar.set_position(done);
        if stop.load(Ordering::Relaxed) {
            bar.finish_and_clear();
            tell(&format!("stopped after {} plots; nothing was written to a file", grouped(done)));
            return Ok(ExitCode::from(130));
        }
    }
    bar.finish_and_clear();
    out.finish()?;
    tell(&format!("{} plots checked, {} of them not readable", grouped(done), grouped(unread)));
    Ok(ExitCode::SUCCESS)
}

fn header() -> anyhow::Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(csv::HEADER)?;
    Ok(writer.into_inner()?)
}

fn batch(plots: &mut Polygons) -> anyhow::Result<Vec<Result<Row, Polygon>>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH
        && let Some(row) = plots.next_row()?
    {
        batch.push(row);
    }
    Ok(batch)
}

/// The lines of one plot, and whether it could be read.
fn rows(row: Result<Row, Polygon>, maker: Maker<'_>, rulebook: &Rulebook<'_>, terms: &Terms) -> anyhow::Result<(Vec<u8>, bool)> {
    let Polygon { label, drawn } = row.map_or_else(|unread| unread, |row| maker.polygon(row));
    let plot = drawn.and_then(|drawn| Plot::drawn(drawn, label.clone()).map_err(|error| error.to_string()));
    let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
    let readable = match &plot {
        Ok(plot) => {
            csv::write(&mut writer, &check(plot, rulebook, terms))?;
            true
        }
        Err(reason) => {
            csv::write_unread(&mut writer, &label, reason)?;
            false
        }
    };
    Ok((writer.into_inner()?, readable))
}

fn progress(total: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = match total {
        Some(_) => "{wide_bar} {human_pos} of {human_len} plots, {eta} left",
        None => "{spinner} {human_pos} plots, {elapsed}",
    };
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Standard output, or a file that appears when it is whole.
enum Out<'a> {
    Standard,
    File(std::io::BufWriter<tempfile::NamedTempFile>, &'a Path),
}

impl<'a> Out<'a> {
    fn new(path: Option<&'a Path>) -> anyhow::Result<Out<'a>> {
        let Some(path) = path else { return Ok(Out::Standard) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::NamedTempFile::new_in(folder).with_context(|| format!("cannot write in {}", folder.display()))?;
        Ok(Out::File(std::io::BufWriter::new(file), path))
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Out::Standard => print(&String::from_utf8_lossy(bytes)),
            Out::File(file, path) => file.write_all(bytes).with_context(|| path.display().to_string()),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        let Out::File(file, path) = self else { return Ok(()) };
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(|| path.display().to_string())?;
        // A temporary file is its owner's alone; what was asked for is a file like any other.
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        file.as_file().set_permissions(readable).with_context(|| path.display().to_string())?;
        file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }
}
