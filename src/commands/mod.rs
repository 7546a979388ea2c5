//! Floor 8: the command line. One file per command, with its arguments and one function.
//!
//! Exit status: 0 done, 1 failed, 2 wrong usage, 3 damage found (`verify`), 130 stopped by a signal.

mod catchment;
mod check;
mod commuting;
mod ingest;
mod inspect;
mod interrupt;
mod needs;
mod output;
mod publish;
mod run;
mod schema;
mod serve;
mod site;
mod specificity;
mod territory;
mod tile;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use output::Paint;

/// Emprise: a spatial engine for industrial land.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 120, after_help = AFTER)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
Exit status: 0 done, 1 failed, 2 wrong usage, 3 damage found (verify), 130 stopped by a signal.
Colours appear on a terminal only, and not where NO_COLOR is set.

Examples:
  emprise run --data data ~/official-files
  emprise ingest --out data ~/official-files
  emprise inspect data
  emprise verify data
  emprise serve data --port 9000
  emprise tile data communes 6/32/22
  emprise publish data published --zooms 4-12
  emprise site specs/logistics-platform.yaml
  emprise check parcels/96034000AB0012 --icpe declaration
  emprise commuting commune 30007 --data data
  emprise catchment business-plots/1 --within 30
  emprise charging --level epci
  emprise carpool --territory departement/30
  emprise specificity epci 200066918 --classes 38
  emprise territory epci 200066918 --dossier portrait.html
  emprise COMMAND --help";

/// To add a command: a file, and a line in each of the three lists of this file.
#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Ingest(ingest::Arguments),
    Inspect(inspect::Arguments),
    Verify(verify::Arguments),
    Serve(serve::Arguments),
    Site(site::Arguments),
    Check(check::Arguments),
    Commuting(commuting::Arguments),
    Catchment(catchment::Arguments),
    Charging(needs::ChargingArguments),
    Carpool(needs::CarpoolArguments),
    Specificity(specificity::Arguments),
    Territory(territory::Arguments),
    Tile(tile::Arguments),
    Publish(publish::Arguments),
    Schema(schema::Arguments),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// Whatever keeps it from being done, as sentences.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Run(arguments) => run::run(arguments),
            Command::Ingest(arguments) => ingest::run(arguments),
            Command::Inspect(arguments) => inspect::run(arguments),
            Command::Verify(arguments) => verify::run(arguments),
            Command::Serve(arguments) => serve::run(arguments),
            Command::Site(arguments) => site::run(arguments),
            Command::Check(arguments) => check::run(arguments),
            Command::Commuting(arguments) => commuting::run(arguments),
            Command::Catchment(arguments) => catchment::run(arguments),
            Command::Charging(arguments) => needs::run_charging(arguments),
            Command::Carpool(arguments) => needs::run_carpool(arguments),
            Command::Specificity(arguments) => specificity::run(arguments),
            Command::Territory(arguments) => territory::run(arguments),
            Command::Tile(arguments) => tile::run(arguments),
            Command::Publish(arguments) => publish::run(arguments),
            Command::Schema(arguments) => schema::run(arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_manual_is_whole() {
        super::Cli::command().debug_assert();
    }
}
