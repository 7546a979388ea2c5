//! The command line: see `emprise --help`.

use std::env;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use clap::Parser;

use emprise::commands::{Cli, Paint};

fn main() -> ExitCode {
    settle_proj();
    let outcome = Cli::parse().run();
    outcome.unwrap_or_else(|error| {
        let words = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        // Where even standard error is gone, the exit status remains.
        let _ = writeln!(std::io::stderr(), "{} {words}", Paint::of_stderr().red("error:"));
        ExitCode::FAILURE
    })
}

/// PROJ carries its own database, and `PROJ_DATA` or `PROJ_LIB` would have it look into another one, of another version, where
/// it finds nothing; and it writes to standard error beside the error it returns. Both are ruled by the environment, and to
/// change that of a running process is not safe: the program starts itself anew, once.
fn settle_proj() {
    const FOREIGN: [&str; 2] = ["PROJ_DATA", "PROJ_LIB"];
    const QUIET: &str = "PROJ_DEBUG";
    if FOREIGN.iter().all(|name| env::var_os(name).is_none()) && env::var_os(QUIET).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut again = Command::new(program);
    again.args(env::args_os().skip(1)).env(QUIET, env::var_os(QUIET).unwrap_or_else(|| "0".into()));
    for name in FOREIGN {
        again.env_remove(name);
    }
    // Returns only where it fails, and then what PROJ says of its database is clear enough.
    let _ = again.exec();
}
