//! `emprise specificity`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::atlas::{Atlas, Rights};
use crate::commands::output::{Paint, grouped, print, print_json, table};
use crate::layer::language::Language;
use crate::snapshot;
use crate::territory::Level;
use crate::territory::specificity::activities::Classes;
use crate::territory::specificity::answer::{Answer, Quotient, Row, answer};
use crate::territory::specificity::reliability::KAPPA;
use crate::territory::specificity::staff::Counted;
use crate::territory::specificity::{Fabric, Question};
use crate::writing::csv;

/// Say what is made in a territory more than elsewhere: the ratio of two shares, class by class.
#[derive(Debug, Args)]
#[command(after_help = "\
10 % of the jobs here for 5 % in the reference is 2.0; 10 % for 20 % is 0.5. `whole` compares with all of the reference, `rest` with
the reference without the territory. Under 20 jobs in the activity, or 200 in all, a line is marked ~: read it with care.

Examples:
  emprise specificity epci 200066918
  emprise specificity departement 30 --reference region/76 --classes 38
  emprise specificity custom 30007,30133 --classes 732 --csv > alès.csv")]
pub struct Arguments {
    #[arg(value_name = "LEVEL")]
    level: Level,
    #[arg(value_name = "CODE")]
    code: String,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// How finely activities are told apart: 17, 38, 88 or 732.
    #[arg(long, value_name = "CLASSES", default_value = "88")]
    classes: Classes,
    /// What it is compared with: LEVEL/CODE, or FR.
    #[arg(long, value_name = "TERRITORY", default_value = "FR")]
    reference: String,
    /// What is counted: `employees` or `establishments`.
    #[arg(long, value_name = "MEASURE", default_value = "employees")]
    measure: Counted,
    /// Jobs that the shrunk quotient, which ranks, adds to both sides.
    #[arg(long, value_name = "JOBS", default_value_t = KAPPA)]
    kappa: f64,
    /// The most specific classes that the table shows.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Language of the table: `fr` or `en`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,
    /// Print the whole answer as JSON.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print all classes as CSV.
    #[arg(long)]
    csv: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let fabric = Fabric::of(atlas.view(&Rights::All))?;
    let question = Question {
        territory: fabric.geography.territory(arguments.level, &arguments.code)?,
        reference: fabric.reference(&arguments.reference)?,
        classes: arguments.classes,
        counted: arguments.measure,
        kappa: arguments.kappa,
    };
    let answer = answer(&fabric, &question)?;
    match () {
        () if arguments.json => print_json(&answer)?,
        () if arguments.csv => print(&csv::table(&answer.table()))?,
        () => print(&shown(&answer, arguments.limit, arguments.lang))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(answer: &Answer, limit: usize, language: Language) -> String {
    let paint = Paint::of_stdout();
    let Answer { territory, reference, source, .. } = answer;
    let mut text = format!("{} ({} {}) / {}\n", paint.bold(&territory.name), territory.level, territory.code, reference.name);
    text += &format!("{}, {} {}\n\n", source.publisher, source.layer, source.vintage);
    let counted = match answer.counted {
        Counted::Employees => language.of("salariés", "employees"),
        Counted::Establishments => language.of("établissements", "establishments"),
    };
    let heading =
        ["", "code", language.of("activité", "activity"), counted, "%", language.of("% réf.", "% ref."), "whole", "95 %", "rest"];
    let found = answer.rows.iter().filter(|row| row.count > 0.0 && row.rank.is_some());
    let lines = found.take(limit).map(|row| line(row, language));
    let rows: Vec<Vec<String>> = std::iter::once(heading.map(str::to_owned).into()).chain(lines).collect();
    text += &table(&rows, paint);
    let total = grouped(answer.total.round() as u64);
    text += &format!("{}\n\n", language.of(format!("total {total} {counted}"), format!("total {total} {counted}")));
    text + &answer.notes.iter().map(|note| format!("{}\n", note.in_language(language))).collect::<String>()
}

fn line(row: &Row, language: Language) -> Vec<String> {
    let percent = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.2}", 100.0 * share));
    let number = |of: Option<Quotient>| of.map_or_else(|| "-".to_owned(), |of| format!("{:.2}", of.quotient));
    let ends = |of: Quotient| format!("{:.2} - {:.2}", of.interval.low, of.interval.high);
    vec![
        if row.reliable { String::new() } else { "~".to_owned() },
        row.code.clone(),
        row.name.in_language(language).chars().take(48).collect(),
        grouped(row.count.round() as u64),
        percent(row.share),
        percent(row.reference_share),
        number(row.against_whole),
        row.against_whole.map_or_else(|| "-".to_owned(), ends),
        number(row.against_rest),
    ]
}
