//! The command line: see `emprise --help`.

use std::env;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use clap::Parser;

use emprise::commands::{Cli, Paint};

fn main() -> ExitCode {
    forget_foreign_proj_data();
    let outcome = Cli::parse().run();
    outcome.unwrap_or_else(|error| {
        let words = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        // Where even standard error is gone, the exit status remains.
        let _ = writeln!(std::io::stderr(), "{} {words}", Paint::of_stderr().red("error:"));
        ExitCode::FAILURE
    })
}

/// PROJ carries its own database, and these variables would have it look into another one, of another version, where it finds
/// nothing. The program starts itself anew without them: to change the environment of a running process is not safe.
fn forget_foreign_proj_data() {
    const FOREIGN: [&str; 2] = ["PROJ_DATA", "PROJ_LIB"];
    if FOREIGN.iter().all(|name| env::var_os(name).is_none()) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut again = Command::new(program);
    again.args(env::args_os().skip(1));
    for name in FOREIGN {
        again.env_remove(name);
    }
    // Returns only where it fails, and then what PROJ says of its database is clear enough.
    let _ = again.exec();
}
