//! `emprise site`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, grouped, print, print_json, size, table, tell};
use crate::layer::language::Language;
use crate::siting::answer::{Answer, Finding, RankedSite};
use crate::siting::site;
use crate::siting::spec::{self, Spec};
use crate::siting::writing::{csv, dossier, flatgeobuf, geojson, geopackage};
use crate::snapshot;

/// Rank the sites that a specification asks for, and say why.
#[derive(Debug, Args)]
#[command(after_help = "\
A specification is YAML or JSON; `emprise schema spec` prints its JSON Schema, specs/ holds examples. Restricted layers are used
too: who can read the folder can read them.

Examples:
  emprise site specs/logistics-platform.yaml
  emprise site spec.yaml --data data --json | jq '.sites[0]'
  emprise site spec.yaml --geojson > sites.geojson
  emprise site spec.yaml --dossier dossier.html --lang fr")]
pub struct Arguments {
    /// The specification; `-` reads it from standard input.
    #[arg(value_name = "SPEC")]
    specification: PathBuf,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Print the whole answer as JSON.
    #[arg(long, group = "form")]
    json: bool,
    /// Print the listed sites as GeoJSON, with their geometry.
    #[arg(long, group = "form")]
    geojson: bool,
    /// Print the listed sites as CSV.
    #[arg(long, group = "form")]
    csv: bool,
    /// Write a dossier too: one page, to read in a browser or to print.
    #[arg(long, value_name = "FILE.html")]
    dossier: Option<PathBuf>,
    /// Write the listed sites as FlatGeobuf too.
    #[arg(long, value_name = "FILE.fgb")]
    flatgeobuf: Option<PathBuf>,
    /// Write the listed sites as a GeoPackage too.
    #[arg(long, value_name = "FILE.gpkg")]
    geopackage: Option<PathBuf>,
    /// The language of the dossier: `fr` or `en`.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Language,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let specification = read(&arguments.specification)?;
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let view = atlas.view(&Rights::All);
    let answer = site(&specification, view).with_context(|| arguments.specification.display().to_string())?;
    write_files(&arguments, &answer, &specification, view)?;
    match (arguments.json, arguments.geojson, arguments.csv) {
        (true, ..) => print_json(&answer)?,
        (_, true, _) => print_json(&geojson::write(&answer, view))?,
        (_, _, true) => print(&csv::write(&answer))?,
        _ => print(&show(&answer, Paint::of_stdout()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The files asked for, beside what is printed.
fn write_files(arguments: &Arguments, answer: &Answer, specification: &Spec, view: View<'_>) -> anyhow::Result<()> {
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        tell(&format!("wrote {} ({})", path.display(), size(bytes.len() as u64)));
        anyhow::Ok(())
    };
    if let Some(path) = &arguments.dossier {
        write(path, dossier::write(answer, specification, view, arguments.lang).as_bytes())?;
    }
    if let Some(path) = &arguments.flatgeobuf {
        write(path, &flatgeobuf::write(answer, specification, view)?)?;
    }
    if let Some(path) = &arguments.geopackage {
        write(path, &geopackage::write(answer, specification, view)?)?;
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Spec> {
    let text = match path.to_str() {
        Some("-") => std::io::read_to_string(std::io::stdin()),
        _ => std::fs::read_to_string(path),
    };
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    spec::read::read(&text).with_context(|| path.display().to_string())
}

fn show(answer: &Answer, paint: Paint) -> String {
    let mut text = answer.title.as_ref().map(|title| paint.bold(title) + "\n\n").unwrap_or_default();
    text += &funnel(answer, paint);
    text += &list("Sites that meet every requirement", answer.passing, &answer.sites, answer, paint);
    let title = "Sites of which too little is known to say";
    text += &list(title, answer.undecided, &answer.undecided_sites, answer, paint);
    text + &format!("\nsnapshot {}, specification {}, emprise {}\n", answer.snapshot, answer.specification, answer.program)
}

/// How many candidates there were, and how many each requirement removed.
fn funnel(answer: &Answer, paint: Paint) -> String {
    let number = |count: usize| grouped(count as u64);
    let counts = &answer.candidates;
    let left_out =
        [(counts.elsewhere, "elsewhere"), (counts.filtered, "filtered out"), (counts.filter_unknown, "unknown to the filter")];
    let left_out: Vec<String> =
        left_out.into_iter().filter(|&(count, _)| count > 0).map(|(count, why)| format!("{} {why}", number(count))).collect();
    let left_out = if left_out.is_empty() { String::new() } else { format!(" ({})", left_out.join(", ")) };
    let mut text = format!("{} candidates of {} features{left_out}\n\n", number(counts.considered), number(counts.features));
    if answer.requirements.is_empty() {
        return text;
    }
    let heading = ["requirement", "", "tested", "removed", "unknown", "borderline"].map(str::to_owned).to_vec();
    let row = |step: &crate::siting::answer::Removal| {
        let counts = [step.tested, step.removed, step.unknown, step.borderline].map(number);
        [step.criterion.clone(), step.required.clone()].into_iter().chain(counts).collect()
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(answer.requirements.iter().map(row)).collect();
    text += &table(&rows, paint);
    text + "Each requirement is put to the candidates that the ones above it left.\n"
}

fn list(title: &str, count: usize, sites: &[RankedSite], answer: &Answer, paint: Paint) -> String {
    if count == 0 {
        return format!("\n{title}: none\n");
    }
    let shown = if sites.len() < count { format!(", the best {}", sites.len()) } else { String::new() };
    let fixed = ["rank", "score", "site", "name", "commune", "area"].map(str::to_owned);
    let heading: Vec<String> = fixed.into_iter().chain(answer.criteria.iter().map(|criterion| criterion.name.clone())).collect();
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(sites.iter().map(row)).collect();
    format!("\n{}\n{}", paint.bold(&format!("{title}: {}{shown}", grouped(count as u64))), table(&rows, paint))
}

fn row(site: &RankedSite) -> Vec<String> {
    let commune = site.commune.as_ref().map(|commune| commune.name.as_ref().unwrap_or(&commune.code).clone());
    let area = site.area_m2.map(|area| format!("{:.2} ha", area / 10_000.0));
    let fixed = vec![
        site.rank.to_string(),
        format!("{:.6}", site.score),
        format!("{}/{}", site.layer, site.id),
        site.name.clone().unwrap_or_default(),
        commune.unwrap_or_default(),
        area.unwrap_or_default(),
    ];
    fixed.into_iter().chain(site.findings.iter().map(cell)).collect()
}

/// `1.24 km (A 42)`, with a mark where the measure is nearer to its threshold than the sources are precise.
fn cell(finding: &Finding) -> String {
    let mark = if finding.borderline { "~" } else { "" };
    let witness = finding.witness.as_ref().map(|found| format!(" ({})", found.name.as_ref().unwrap_or(&found.id)));
    format!("{mark}{}{}", finding.text(), witness.unwrap_or_default())
}
