//! `emprise site`: one question, and what is asked of its answer.

mod further;
mod show;
mod watched;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use further::Further;
use serde::Serialize;
use serde_json::{Map, Value};
use watched::Watched;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, print, size, tell};
use crate::layer::language::Language;
use crate::siting::answer::Answer;
use crate::siting::compare::COMPARED;
use crate::siting::land::Land;
use crate::siting::memo::Memo;
use crate::siting::spec::{self, Spec};
use crate::siting::why::{self, Subject, WhyError, why};
use crate::siting::work::{Stopped, Work};
use crate::siting::writing::{csv, dossier, flatgeobuf, geojson, geopackage};
use crate::siting::{SitingError, study};
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
  emprise site spec.yaml --dossier dossier.html --lang fr
  emprise site spec.yaml --relax                     # what would have to give for one site more
  emprise site spec.yaml --explain parcels/93066000BC0042
  emprise site spec.yaml --explain drawn.geojson     # a polygon of one's own
  emprise site spec.yaml --compare plots/12 plots/31
  emprise site specs/*.yaml --explain plots/12       # which specifications does this site satisfy?")]
pub struct Arguments {
    /// The specification; `-` reads it from standard input. Several, with --explain, are each put to one site.
    #[arg(value_name = "SPEC", required = true)]
    specifications: Vec<PathBuf>,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Explain one site whether it passes or not: `layer/id`, or a file with a GeoJSON polygon.
    #[arg(long, value_name = "SITE")]
    explain: Option<String>,
    /// Say what to relax so that at least N sites more pass [default: 1].
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", value_parser = at_least_one)]
    relax: Option<usize>,
    /// Hold two to five sites side by side.
    #[arg(long, value_name = "SITE", num_args = *COMPARED.start()..=*COMPARED.end())]
    compare: Vec<String>,
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
    let specifications = arguments.specifications.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let subject = arguments.explain.as_deref().map(subject).transpose()?;
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let watched = Watched::new()?;
    let desk = Desk { view: atlas.view(&Rights::All), memo: &Memo::default(), work: &watched.work };
    let told = match &specifications[..] {
        [specification] => one(&arguments, specification, subject.as_ref(), desk),
        _ => several(&arguments, specifications, subject.as_ref(), desk),
    };
    let told = told.map_err(|error| error.context(arguments.specifications[0].display().to_string()));
    watched.end();
    match told {
        Err(error) if error.downcast_ref::<Stopped>().is_some() => {
            tell("stopped");
            Ok(ExitCode::from(130))
        }
        Err(error) => Err(error),
        Ok(text) => print(&text).map(|()| ExitCode::SUCCESS),
    }
}

/// Where questions are asked.
#[derive(Clone, Copy)]
struct Desk<'d> {
    view: View<'d>,
    memo: &'d Memo,
    work: &'d Work,
}

/// One question, and what is asked of its answer, as it is printed.
fn one(arguments: &Arguments, specification: &Spec, subject: Option<&Subject>, desk: Desk<'_>) -> anyhow::Result<String> {
    let Desk { view, memo, work } = desk;
    let land = Land::prepare(specification, view, memo, work).map_err(siting_error)?;
    let mut study = study(&land, memo, work).map_err(siting_error)?;
    let answer = study.answer(work)?;
    let explained = subject.map(|subject| why(specification, view, memo, subject, work)).transpose();
    let explanation = explained.map_err(|error| match error {
        WhyError::Siting(error) => siting_error(error),
        other => other.into(),
    })?;
    let relaxation = arguments.relax.map(|wanted| study.relax(wanted, work)).transpose()?;
    let places = arguments.compare.iter().map(|site| study.find(site)).collect::<Result<Vec<_>, _>>()?;
    let comparison = (!places.is_empty()).then(|| study.compare(&places, work)).transpose()?;
    let further = Further { explanation, relaxation, comparison };
    write_files(arguments, &answer, specification, land.view())?;
    let paint = Paint::of_stdout();
    match (arguments.json, arguments.geojson, arguments.csv) {
        (true, ..) => json(&further.beside(&answer)?),
        (_, true, _) => json(&geojson::write(&answer, land.view())),
        (_, _, true) => Ok(csv::write(&answer)),
        _ => Ok(show::show(&answer, paint) + &further.text(paint)),
    }
}

/// How one site stands to each of several specifications.
fn several(
    arguments: &Arguments,
    specifications: Vec<Spec>,
    subject: Option<&Subject>,
    desk: Desk<'_>,
) -> anyhow::Result<String> {
    let subject = subject.context("several specifications are put to one site: name it with --explain")?;
    anyhow::ensure!(
        !arguments.geojson && !arguments.csv && arguments.relax.is_none() && arguments.compare.is_empty(),
        "--relax, --compare, --geojson and --csv take one specification"
    );
    let names = arguments.specifications.iter().map(|path| path.display().to_string());
    let kept: Vec<(String, Spec)> = names.zip(specifications).collect();
    let standings = why::reverse(&kept, desk.view, desk.memo, subject, desk.work)?;
    match arguments.json {
        true => json(&standings),
        false => Ok(further::standings(&standings, Paint::of_stdout())),
    }
}

fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// A stop stays recognisable.
fn siting_error(error: SitingError) -> anyhow::Error {
    match error {
        SitingError::Stopped(stopped) => stopped.into(),
        other => other.into(),
    }
}

/// `layer/id`, or a file with a GeoJSON polygon.
fn subject(text: &str) -> anyhow::Result<Subject> {
    let path = Path::new(text);
    let is_file = path.extension().is_some_and(|extension| extension == "geojson" || extension == "json");
    if !is_file {
        return Ok(Subject::Site(text.to_owned()));
    }
    let read = std::fs::read_to_string(path).with_context(|| format!("cannot read {text}"))?;
    let json: Map<String, Value> = serde_json::from_str(&read).with_context(|| format!("{text} is not a GeoJSON object"))?;
    // A feature is asked about by its geometry.
    match json.get("geometry") {
        Some(Value::Object(geometry)) => Ok(Subject::Drawn(geometry.clone())),
        _ => Ok(Subject::Drawn(json)),
    }
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

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse::<usize>().ok().filter(|&n| n > 0).ok_or_else(|| "a whole number from 1 up".to_owned())
}
