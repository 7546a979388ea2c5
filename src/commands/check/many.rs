//! Many plots in a file, findings out: streamed, in parallel, in the file's order.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::interrupt;
use crate::commands::output::{grouped, tell};
use crate::ingest::polygons::Polygons;
use crate::zoning::each::{EachError, Ended, each};
use crate::zoning::{Rulebook, Terms};

pub struct Job<'a> {
    pub file: &'a Path,
    pub out: Option<&'a Path>,
    pub name: Option<&'a str>,
}

/// Checks every plot of a file. A row that is no plot gets a line that says why.
///
/// A file that is asked for is there whole or, after Ctrl-C or a failure, not at all.
pub fn run(job: &Job<'_>, rulebook: &Rulebook<'_>, terms: &Terms) -> anyhow::Result<ExitCode> {
    let named = || job.file.display().to_string();
    let mut plots = Polygons::open(job.file, job.name).with_context(named)?;
    let stop = interrupt::flag()?;
    let bar = progress(plots.total());
    let mut out = Out::new(job.out)?;
    let ended = each(&mut plots, rulebook, terms, &mut out, &|done| {
        bar.set_position(done);
        !stop.load(Ordering::Relaxed)
    });
    bar.finish_and_clear();
    if let Err(EachError::Write(error)) = &ended
        && (job.out.is_none(), error.kind()) == (true, io::ErrorKind::BrokenPipe)
    {
        // Whoever read it has read enough.
        return Ok(ExitCode::SUCCESS);
    }
    match ended.with_context(named)? {
        Ended::Stopped(checked) => {
            tell(&format!("stopped after {} plots; nothing was written to a file", grouped(checked.plots)));
            Ok(ExitCode::from(130))
        }
        Ended::Whole(checked) => {
            out.finish()?;
            tell(&format!("{} plots checked, {} of them not readable", grouped(checked.plots), grouped(checked.unread)));
            Ok(ExitCode::SUCCESS)
        }
    }
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

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Standard => io::stdout().write(bytes),
            Out::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Standard => io::stdout().flush(),
            Out::File(file, _) => file.flush(),
        }
    }
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
