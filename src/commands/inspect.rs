//! `emprise inspect`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use crate::commands::output::{Paint, grouped, print, print_json, size, table};
use crate::layer::definition::Visibility;
use crate::snapshot::manifest::{LayerEntry, Problem};
use crate::snapshot::{Snapshot, open};

/// Show what is in a snapshot: layers, counts, extents, vintage, licence, visibility, problems.
#[derive(Debug, Args)]
#[command(after_help = "\
Restricted layers are shown too: who can read the folder can read them.

Examples:
  emprise inspect data
  emprise inspect data --json | jq '.layers[].id'")]
pub struct Arguments {
    /// The data folder, or the folder of one snapshot.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let snapshot = open(&arguments.data)?;
    if arguments.json {
        print_json(&describe(&snapshot))?
    } else {
        print(&show(&snapshot))?
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(snapshot: &Snapshot) -> Value {
    let layers: Vec<Value> = snapshot.manifest.layers.iter().map(describe_layer).collect();
    json!({
        "snapshot": snapshot.id,
        "folder": snapshot.folder,
        "created": snapshot.manifest.created,
        "program": snapshot.manifest.program,
        "layers": layers,
    })
}

fn describe_layer(entry: &LayerEntry) -> Value {
    let definition = &entry.definition;
    json!({
        "id": definition.id,
        "title": definition.title,
        "role": definition.role,
        "visibility": definition.visibility,
        "geometry": definition.geometry,
        "precision_m": definition.precision_m,
        "source": definition.source,
        "features": entry.counts.features(),
        "counts": entry.counts,
        "extent_lonlat": entry.extent_lonlat,
        "files": entry.files,
        "sources": entry.sources,
        "problems": entry.problems,
    })
}

fn show(snapshot: &Snapshot) -> String {
    let paint = Paint::of_stdout();
    let manifest = &snapshot.manifest;
    let bytes: u64 = manifest.files().map(|file| file.bytes).sum();
    let head = format!("snapshot {} of {}, {}, {}\n\n", snapshot.id, manifest.created, manifest.program, size(bytes));
    let heading = ["layer", "features", "rejected", "repaired", "vintage", "licence", "visibility", "west south east north"];
    let rows = std::iter::once(heading.map(str::to_owned).to_vec()).chain(manifest.layers.iter().map(row));
    let mut text = head + &table(&rows.collect::<Vec<_>>(), paint);
    for entry in manifest.layers.iter().filter(|entry| !entry.problems.is_empty()) {
        text += &format!("\n{}\n{}", paint.bold(&entry.definition.id), show_problems(&entry.problems, paint));
    }
    text
}

fn row(entry: &LayerEntry) -> Vec<String> {
    let definition = &entry.definition;
    let visibility = match definition.visibility {
        Visibility::Public => "public",
        Visibility::Restricted => "restricted",
    };
    let extent = entry.extent_lonlat.map(|extent| extent.map(|degrees| format!("{degrees:.2}")).join(" "));
    vec![
        definition.id.clone(),
        grouped(entry.counts.features()),
        grouped(entry.counts.rejected),
        grouped(entry.counts.repaired),
        definition.source.vintage.clone(),
        definition.source.licence.clone(),
        visibility.to_owned(),
        extent.unwrap_or_else(|| "no geometry".to_owned()),
    ]
}

/// One line a problem: how many, what, in which column, for example where.
pub fn show_problems(problems: &[Problem], paint: Paint) -> String {
    let width = problems.iter().map(|problem| grouped(problem.count).len()).max().unwrap_or(0);
    let line = |problem: &Problem| {
        let count = format!("{:>width$}", grouped(problem.count));
        let column = problem.column.as_ref().map(|column| format!(", `{column}`")).unwrap_or_default();
        let example = problem.example.as_ref().map(|example| format!("; e.g. {example}")).unwrap_or_default();
        let words = problem.kind.words();
        let (words, fate) = if problem.kind.rejects() { (paint.yellow(words), " (rejected)") } else { (words.to_owned(), "") };
        format!("  {count}  {words}{column}{fate}{example}\n")
    };
    problems.iter().map(line).collect()
}
