//! `emprise verify`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::commands::output::{Paint, grouped, print, print_json, size};
use crate::snapshot::{OpenError, open, verify};

/// Read every byte of a snapshot and name each file that is not as it was written.
#[derive(Debug, Args)]
#[command(after_help = "\
Every file is compared with the hash in the manifest, and the manifest with its own.
Exit status: 0 whole, 3 damaged, 1 there is no snapshot or it cannot be read.

Examples:
  emprise verify data
  emprise verify data/snapshots/0123456789abcdef --json")]
pub struct Arguments {
    /// The data folder, or the folder of one snapshot.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// Print JSON: `snapshot`, `whole`, `files`, `bytes`, `damages`.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let snapshot = match open(&arguments.data) {
        Ok(snapshot) => snapshot,
        Err(error @ (OpenError::Manifest { .. } | OpenError::Missing(_) | OpenError::Length { .. })) => {
            return tell_damage(&arguments, None, &[error.to_string()]);
        }
        Err(error) => return Err(error.into()),
    };
    let verified = match verify(&snapshot) {
        Ok(verified) => verified,
        Err(error) => {
            let damages: Vec<String> = error.damages.iter().map(ToString::to_string).collect();
            return tell_damage(&arguments, Some(&snapshot.id), &damages);
        }
    };
    if arguments.json {
        print_json(&json!({
            "snapshot": snapshot.id, "whole": true, "files": verified.files, "bytes": verified.bytes, "damages": [],
        }))?;
    } else {
        let files = grouped(verified.files as u64);
        print(&format!("snapshot {} is whole: {files} files, {}\n", snapshot.id, size(verified.bytes)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_damage(arguments: &Arguments, id: Option<&str>, damages: &[String]) -> anyhow::Result<ExitCode> {
    if arguments.json {
        print_json(&json!({ "snapshot": id, "whole": false, "damages": damages }))?;
    } else {
        let paint = Paint::of_stdout();
        let lines: String = damages.iter().map(|damage| format!("{} {damage}\n", paint.red("damaged:"))).collect();
        print(&lines)?;
    }
    Ok(ExitCode::from(3))
}
