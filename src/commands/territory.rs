//! `emprise territory`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, print, print_json, table};
use crate::layer::language::Language;
use crate::paper::numbers::{decimal, plain};
use crate::profile::dossier::{write, write_comparison};
use crate::profile::near::Around;
use crate::profile::{Book, Comparison, Profile, Question, compare, profile};
use crate::snapshot;
use crate::territory::indicators::{Figure, Standing};
use crate::territory::{Level, Territory};
use crate::zoning::{Asked, Plot};

/// Tell a territory in numbers: accessibility, land, labour, flows, charging, projects, each with its rank and its surroundings.
#[derive(Debug, Args)]
#[command(after_help = "\
Levels: commune, epci, industry-territory, labour-zone, departement, region, country (FR), custom (codes of communes with commas between
them), and drawn: in place of a code, the path of a file with a GeoJSON geometry, or a plot as `emprise check` takes it. A drawn polygon
stands for the communes that it holds at least half of. A number that lacks a part says so with >=.

Examples:
  emprise territory epci 200066918
  emprise territory epci 200066918 --dossier portrait.html --lang fr
  emprise territory epci 200066918 --with departement/30 --with region/76
  emprise territory custom 30007,30133 --projects \"theme = 'skills' AND start >= DATE('2024-01-01')\"
  emprise territory drawn valley.geojson --json")]
pub struct Arguments {
    #[arg(value_name = "LEVEL")]
    level: String,
    #[arg(value_name = "CODE")]
    code: String,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Another territory to put beside it, as LEVEL/CODE; up to four.
    #[arg(long, value_name = "TERRITORY", conflicts_with = "projects")]
    with: Vec<String>,
    /// Of the programmes' projects, only those that this filter keeps, in CQL2 text.
    #[arg(long, value_name = "FILTER")]
    projects: Option<String>,
    /// Write the dossier to print, one HTML page.
    #[arg(long, value_name = "FILE")]
    dossier: Option<PathBuf>,
    /// Language of the table and of the dossier: `fr` or `en`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,
    /// Print the whole answer as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let view = atlas.view(&Rights::All);
    let book = Book::of(view)?;
    let question = asked(&arguments, &book, view)?;
    let shown = Shown { language: arguments.lang, paint: Paint::of_stdout() };
    if arguments.with.is_empty() {
        let told = profile(&book, view, &question)?;
        let page = || write(&told, view, &book.geography, &question.territory, arguments.lang);
        return hand_over(&arguments, &told, page, || shown.profile(&told));
    }
    let others = arguments.with.iter().map(|written| book.territory(written)).collect::<Result<Vec<_>, _>>()?;
    let territories: Vec<Territory> = std::iter::once(question.territory).chain(others).collect();
    anyhow::ensure!(territories.len() <= 5, "{} territories to compare; five are the most that a page holds", territories.len());
    let told = compare(&book, view, territories)?;
    hand_over(&arguments, &told, || write_comparison(&told, arguments.lang), || shown.comparison(&told))
}

fn asked(arguments: &Arguments, book: &Book, view: View<'_>) -> anyhow::Result<Question> {
    let question = if arguments.level == "drawn" {
        let plot = Plot::of(&polygon(&arguments.code)?, view)?;
        let (territory, cuts) = Territory::drawn(&book.geography, view, &plot.footprint())?;
        Question { cuts, ..Question::of(territory) }
    } else {
        Question::of(book.geography.territory(arguments.level.parse::<Level>()?, &arguments.code)?)
    };
    Ok(question.with_projects(arguments.projects.as_deref())?)
}

/// A file with GeoJSON, or a plot as a person writes it.
fn polygon(written: &str) -> anyhow::Result<Asked> {
    if !std::path::Path::new(written).is_file() {
        return Ok(Asked::from_text(written, Default::default(), None)?);
    }
    let text = std::fs::read(written).with_context(|| format!("cannot read {written}"))?;
    let json = serde_json::from_slice(&text).with_context(|| format!("{written} is no JSON"))?;
    Ok(Asked::from_json(&json)?)
}

fn hand_over(
    arguments: &Arguments,
    told: &impl serde::Serialize,
    page: impl FnOnce() -> String,
    text: impl FnOnce() -> String,
) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.dossier {
        std::fs::write(path, page()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.json {
        print_json(told)?;
    } else if arguments.dossier.is_none() {
        print(&text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How the answer is written.
struct Shown {
    language: Language,
    paint: Paint,
}

impl Shown {
    fn say<T>(&self, en: T, fr: T) -> T {
        self.language.of(fr, en)
    }

    fn profile(&self, told: &Profile) -> String {
        let about = &told.territory;
        let mut text =
            format!("{} ({} {}), {} communes\n", self.paint.bold(&about.name), about.level, about.code, about.communes);
        for cut in &told.drawn {
            let taken = if cut.taken { self.say("in", "dedans") } else { self.say("out", "dehors") };
            text += &format!("  {} {}: {:.1} % ({taken})\n", cut.code, cut.name, 100.0 * cut.share);
        }
        let around = told.surroundings.as_ref().map_or_else(|| "-".to_owned(), |around| around.name.clone());
        for section in &told.sections {
            let heading = [
                section.title.in_language(self.language),
                self.say("value", "valeur"),
                self.say("rank", "rang"),
                &around,
                "vintage",
            ];
            let rows = section.numbers.iter().map(|number| {
                vec![
                    number.title.in_language(self.language).to_owned(),
                    self.figure(Some(number.figure), number.unit),
                    rank(number.rank),
                    self.figure(number.surroundings, number.unit),
                    format!("{} {}", number.source.publisher, number.source.vintage),
                ]
            });
            let rows: Vec<Vec<String>> = std::iter::once(heading.map(str::to_owned).to_vec()).chain(rows).collect();
            text += &format!("\n{}", table(&rows, self.paint));
        }
        text += &told.around.as_ref().map_or_else(String::new, |around| self.nearest(around));
        let counts = told.projects.iter().map(|layer| format!("{}: {}\n", layer.title.in_language(self.language), layer.count));
        text += &format!("\n{}", counts.collect::<String>());
        text + &told.notes.iter().map(|note| format!("{}\n", note.in_language(self.language))).collect::<String>()
    }

    fn nearest(&self, around: &Around) -> String {
        let heading =
            vec![format!("{} {}", self.say("Nearest to", "Au plus près de"), around.from.name), String::new(), "km".to_owned()];
        let row = |near: &crate::profile::near::Nearest| {
            vec![
                near.title.in_language(self.language).to_owned(),
                near.name.clone().unwrap_or_else(|| near.id.clone()),
                decimal(near.distance_m / 1000.0, 1, self.language),
            ]
        };
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(around.nearest.iter().map(row)).collect();
        format!("\n{}", table(&rows, self.paint))
    }

    fn comparison(&self, told: &Comparison) -> String {
        let mut text = String::new();
        for section in &told.sections {
            let names = told.territories.iter().map(|about| about.name.clone());
            let heading = std::iter::once(section.title.in_language(self.language).to_owned()).chain(names).collect();
            let rows = section.rows.iter().map(|row| {
                let title = row.title.in_language(self.language).to_owned();
                std::iter::once(title).chain(row.figures.iter().map(|cell| self.figure(Some(cell.figure), row.unit))).collect()
            });
            let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
            text += &format!("{}\n", table(&rows, self.paint));
        }
        text
    }

    fn figure(&self, figure: Option<Figure>, unit: Option<&str>) -> String {
        let Some(figure) = figure else { return String::new() };
        let Some(value) = figure.value else { return self.say("not available", "non disponible").to_owned() };
        let least = if figure.at_least { ">= " } else { "" };
        let written = match unit {
            Some("%" | "km") => decimal(value, 1, self.language),
            _ if value.abs() >= 10.0 => decimal(value, 0, self.language),
            _ => plain(value, self.language),
        };
        format!("{least}{written}{}", unit.map_or_else(String::new, |unit| format!(" {unit}")))
    }
}

fn rank(rank: Option<Standing>) -> String {
    rank.map_or_else(|| "-".to_owned(), |Standing { rank, among }| format!("{rank}/{among}"))
}
