//! `emprise run`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::commands::ingest::{execute, show};
use crate::commands::output::tell;
use crate::commands::serve::Listen;
use crate::layer::shipped::shipped;
use crate::snapshot::{OpenError, open};

/// Ingest sources unless that was done before, then serve.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Files and folders to read when DIR holds no snapshot.
    #[arg(value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// Data folder of the snapshot.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Ingest the sources even where there is a snapshot.
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    listen: Listen,
}

pub fn run(Arguments { sources, data, fresh, listen }: Arguments) -> anyhow::Result<ExitCode> {
    // First the port: minutes of reading are not spent for a server that cannot start.
    let listener = listen.bind()?;
    if fresh || is_needed(&data) {
        anyhow::ensure!(
            !sources.is_empty(),
            "there is no snapshot in {}; name the files or folders to make one of",
            data.display()
        );
        let report = execute(&data, &sources, &shipped()?)?;
        tell(&show(&report, &data));
    }
    listen.serve(listener, &data)
}

/// Whether there is no snapshot, or one that another version of the program wrote. A damaged one is not replaced unasked.
fn is_needed(data: &Path) -> bool {
    matches!(open(data), Err(OpenError::Nothing(_) | OpenError::Format { .. }))
}
