//! `emprise check`

mod many;
mod show;
mod zone;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::civil::Date;
use serde_json::Value;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, print, print_json, tell};
use crate::geometry::drawn::Crs;
use crate::geometry::scale::Metric;
use crate::ingest::polygons;
use crate::layer::language::Language;
use crate::snapshot;
use crate::zoning::rules::rule::Metres;
use crate::zoning::{Asked, Plot, Project, Rules, Terms, check, csv, dossier, geojson};

/// Say what bears on a plot: every constraint inside or near it, with its effect and its legal source.
///
/// A plot is `layer/id`, the id of a parcel, well-known text, GeoJSON, a file of polygons, or `longitude,latitude` with --radius.
/// Several count as one plot; with --file, each polygon of the file is a plot of its own. What is not in the data is said to be
/// missing: nothing is ever said to be allowed.
#[derive(Debug, Args)]
#[command(after_help = "\
Restricted layers are used too: who can read the folder can read them. A folder given with --rules holds TOML files as `rules/`
does: one of a name that the program knows replaces it (`emprise schema rules` prints their JSON Schema).

Examples:
  emprise check business-plots/000960037_064_04 --icpe declaration --activity 52.10
  emprise check 960340000A0001 960340000A0002 --json
  emprise check 3.561,46.612 --radius '500 m' --dossier check.html --lang fr
  emprise check 'POLYGON((700000 6600000, ...))' --crs EPSG:2154
  emprise check --file plots.geojson --out findings.csv
  emprise check --zone 000960037_064 --out zone.csv --standard zone/")]
pub struct Arguments {
    /// The plot; several count as one.
    #[arg(value_name = "PLOT", required_unless_present_any = ["file", "zone"], conflicts_with_all = ["file", "zone"])]
    plots: Vec<String>,
    /// A file of plots, each checked by itself: GeoJSON, Shapefile, GeoPackage, FlatGeobuf, GeoParquet, CSV with WKT.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A business zone, plot by plot: vacancy, infill, brownfields and what bears on each, as article L318-8-2 of the planning code asks.
    #[arg(long, value_name = "ZONE", conflicts_with = "file")]
    zone: Option<String>,
    /// Folder for the zone and its plots in the columns of the national standard (CNIG Sites économiques).
    #[arg(long, value_name = "FOLDER", requires = "zone")]
    standard: Option<PathBuf>,
    /// Where the findings of --file or the table of --zone go, as CSV; default: standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "plots")]
    out: Option<PathBuf>,
    /// Column of --file that names the plots; default: id, code, idu, name or nom, else the row's number.
    #[arg(long, value_name = "COLUMN", requires = "file")]
    name: Option<String>,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Coordinate reference system of well-known text; default: longitude and latitude.
    #[arg(long, value_name = "CRS")]
    crs: Option<String>,
    /// The plot is what lies within this distance of a point: `500 m`, `2 km`.
    #[arg(long, value_name = "LENGTH")]
    radius: Option<String>,
    /// Folder of rule files that replace or add to those of the program.
    #[arg(long, value_name = "FOLDER")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    project: ProjectArguments,
    /// In which metres to measure: `ellipsoid` (of the ground) or `plane` (of the map projection).
    #[arg(long, value_name = "METRIC", default_value = "ellipsoid", value_parser = ["ellipsoid", "plane"])]
    metric: String,
    /// Print the whole answer as JSON.
    #[arg(long, group = "form", conflicts_with_all = ["file", "zone"])]
    json: bool,
    /// Print the plot, the common parts and the ways to what is near as GeoJSON.
    #[arg(long, group = "form", conflicts_with_all = ["file", "zone"])]
    geojson: bool,
    /// Write the dossier too: one self-contained page to read or to print.
    #[arg(long, value_name = "FILE.html", conflicts_with_all = ["file", "zone"])]
    dossier: Option<PathBuf>,
    /// The language of the dossier: `fr` or `en`.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Language,
    /// Print the findings as CSV.
    #[arg(long, group = "form", conflicts_with_all = ["file", "zone"])]
    csv: bool,
}

/// What is to be built, as far as it is known.
#[derive(Debug, Args)]
struct ProjectArguments {
    /// Activity code (NAF, APE) of the project.
    #[arg(long, value_name = "CODE")]
    activity: Option<String>,
    /// Its use in zoning plans: 51 industry, 52 warehouse, 53 offices.
    #[arg(long = "use", value_name = "CODE")]
    use_code: Option<String>,
    /// Its regime as a classified installation: none, declaration, registration, authorisation.
    #[arg(long, value_name = "REGIME")]
    icpe: Option<String>,
    /// Built area in m².
    #[arg(long, value_name = "M2")]
    built: Option<f64>,
    /// Day for which the rules are asked: YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let terms = terms(&arguments)?;
    let rules = rules(arguments.rules.as_deref())?;
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let view = atlas.view(&Rights::All);
    let rulebook = rules.resolve(view)?;
    if let Some(file) = &arguments.file {
        let job = many::Job { file, out: arguments.out.as_deref(), name: arguments.name.as_deref() };
        return many::run(&job, &rulebook, &terms);
    }
    if let Some(zone) = &arguments.zone {
        let job = zone::Job { zone, out: arguments.out.as_deref(), standard: arguments.standard.as_deref() };
        return zone::run(&job, &rulebook, &terms);
    }
    let plot = plot(&arguments, view)?;
    let answer = check(&plot, &rulebook, &terms);
    if let Some(path) = &arguments.dossier {
        let page = dossier::write(&answer, &plot.footprint(), view, arguments.lang);
        std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
        tell(&format!("wrote {}", path.display()));
    }
    match (arguments.json, arguments.geojson, arguments.csv) {
        (true, ..) => print_json(&answer)?,
        (_, true, _) => print_json(&geojson::write(&answer, &plot.footprint()))?,
        (_, _, true) => print(&String::from_utf8_lossy(&csv::one(&answer)?))?,
        _ => print(&show::show(&answer, Paint::of_stdout()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules that come with the program, and those of a folder.
pub fn rules(folder: Option<&Path>) -> anyhow::Result<Rules> {
    let shipped = Rules::shipped()?;
    Ok(match folder {
        Some(folder) => shipped.with_folder(folder)?,
        None => shipped,
    })
}

fn terms(arguments: &Arguments) -> anyhow::Result<Terms> {
    let ProjectArguments { activity, use_code, icpe, built, date } = &arguments.project;
    let regime = |word: &String| {
        serde_json::from_value(Value::from(word.as_str()))
            .with_context(|| format!("`{word}` is no regime; write none, declaration, registration or authorisation"))
    };
    let project = Project {
        activity: activity.clone(),
        use_code: use_code.clone(),
        icpe: icpe.as_ref().map(regime).transpose()?,
        built_m2: *built,
        date: *date,
    };
    let metric = if arguments.metric == "plane" { Metric::Plane } else { Metric::Ellipsoid };
    Ok(Terms { project, metric })
}

fn plot<'v>(arguments: &Arguments, view: View<'v>) -> anyhow::Result<Plot<'v>> {
    let radius = arguments.radius.as_ref().map(|radius| Metres::parse(radius)).transpose();
    let radius_m = radius.map_err(anyhow::Error::msg)?.map(|radius| radius.0);
    let crs = arguments.crs.as_ref().map(|crs| Crs::named(crs)).transpose()?.unwrap_or_default();
    let [only] = &arguments.plots[..] else {
        ensure!(radius_m.is_none(), "--radius is for one point");
        return Ok(Plot::of(&Asked::Sites(arguments.plots.clone()), view)?);
    };
    if only == "-" {
        let text = std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?;
        return Ok(Plot::of(&Asked::from_text(&text, crs, None)?, view)?);
    }
    let path = Path::new(only);
    if path.is_file() {
        let drawn = polygons::as_one(path).with_context(|| only.clone())?;
        return Ok(Plot::drawn(drawn, only.clone())?);
    }
    if path.extension().is_some_and(|extension| extension == "geojson") {
        bail!("there is no file {only}");
    }
    Ok(Plot::of(&Asked::from_text(only, crs, radius_m)?, view)?)
}
