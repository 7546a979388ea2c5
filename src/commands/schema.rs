//! `emprise schema`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::commands::output::print_json;
use crate::layer::catalogue;
use crate::siting::spec;
use crate::zoning::rules;

/// Print the JSON Schema (2020-12) of a file that people write.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  emprise schema layer > layer.schema.json\n  emprise schema spec > spec.schema.json")]
pub struct Arguments {
    /// Which file.
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A layer definition: `layers/*.toml`.
    Layer,
    /// A siting specification: `specs/*.yaml`.
    Spec,
    /// A theme of the planner's check: `rules/*.toml`.
    Rules,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.kind {
        Kind::Layer => print_json(&catalogue::json_schema())?,
        Kind::Spec => print_json(&spec::json_schema())?,
        Kind::Rules => print_json(&rules::read::json_schema())?,
    }
    Ok(ExitCode::SUCCESS)
}
