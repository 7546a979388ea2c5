//! `emprise charging`, `emprise carpool`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use crate::atlas::{Atlas, Rights};
use crate::commands::output::{Paint, grouped, print, print_json, table};
use crate::commuting::carpool::{self, carpool};
use crate::commuting::charging::answer::{Answer, By, Row};
use crate::commuting::charging::chargers::Chargers;
use crate::commuting::charging::corridor::Road;
use crate::commuting::charging::fleet::Fleet;
use crate::commuting::charging::need::Need;
use crate::commuting::charging::{Question, Supply, Where, charging};
use crate::commuting::given::given;
use crate::commuting::{Commuting, CommutingError};
use crate::layer::definition::Text;
use crate::layer::language::Language;
use crate::snapshot;
use crate::territory::indicators::Indicators;
use crate::territory::{Geography, Level, Territory};
use crate::writing::csv;

/// What both commands take.
#[derive(Debug, Args)]
pub struct Common {
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Only what is in, or touches, this territory: LEVEL/CODE.
    #[arg(long, value_name = "TERRITORY")]
    territory: Option<String>,
    /// An assumption in place of the usual one, as often as needed.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Lines that the table shows.
    #[arg(long, value_name = "N", default_value_t = 20)]
    lines: usize,
    /// Language of the table: `fr` or `en`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,
    /// Print the whole answer as JSON.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print the list as CSV.
    #[arg(long)]
    csv: bool,
}

impl Common {
    fn written(&self) -> anyhow::Result<Vec<(String, String)>> {
        let pair = |text: &String| match text.split_once('=') {
            Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
            None => bail!("`{text}` is no assumption; write NAME=VALUE"),
        };
        self.set.iter().map(pair).collect()
    }

    fn territory(&self, book: &Commuting) -> Result<Option<Territory>, CommutingError> {
        let read = |written: &String| {
            let (level, code) = written.split_once('/').ok_or_else(|| CommutingError::Unreadable(written.clone()))?;
            Ok(book.geography.territory(level.parse()?, code)?)
        };
        self.territory.as_ref().map(read).transpose()
    }
}

/// Say where chargers are missing: the regulatory floor and the need by energy, less what is installed.
#[derive(Debug, Args)]
#[command(after_help = "\
Both needs are always shown: they may differ threefold. Every assumption is repeated in the JSON answer and can be set by its name.

Examples:
  emprise charging --level epci --territory departement/30
  emprise charging --road A75 --within 5 --json
  emprise charging --by energy --set utilisation=0.15 --set power_kw=50 --csv > needs.csv")]
pub struct ChargingArguments {
    /// Level of the areas.
    #[arg(long, value_name = "LEVEL", default_value = "epci")]
    level: Level,
    /// A road by its number, in place of areas.
    #[arg(long, value_name = "NUMBER", conflicts_with = "territory")]
    road: Option<String>,
    /// How far from the road, in kilometres.
    #[arg(long, value_name = "KM", default_value_t = 5.0, requires = "road")]
    within: f64,
    /// Which need ranks: `afir` or `energy`.
    #[arg(long, value_name = "NEED", default_value = "afir", value_parser = ["afir", "energy"])]
    by: String,
    #[command(flatten)]
    common: Common,
}

pub fn run_charging(arguments: ChargingArguments) -> anyhow::Result<ExitCode> {
    let ChargingArguments { level, road, within, by, common } = arguments;
    let atlas = Atlas::open(&snapshot::open(&common.data)?)?;
    let view = atlas.view(&Rights::All);
    let book = Commuting::of(view)?;
    let indicators = Indicators::of(view, Arc::new(Geography::of(view)?))?;
    let supply = Supply { chargers: Chargers::of(view, &book.geography)?, fleet: Fleet::of(&indicators)? };
    let place = match road {
        Some(number) => Where::Along(Road { number, within_m: 1000.0 * within }),
        None => Where::Areas(level, common.territory(&book)?),
    };
    let by = if by == "energy" { By::Energy } else { By::Afir };
    let question = Question { place, by, mode: "car".to_owned(), given: given(&common.written()?)? };
    let answer = charging(&book, &supply, view, &question)?;
    match () {
        () if common.json => print_json(&answer)?,
        () if common.csv => print(&csv::table(&answer.table()))?,
        () => print(&shown(&answer, &common))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn notes(notes: &[Text], language: Language) -> String {
    notes.iter().map(|note| format!("{}\n", note.in_language(language))).collect()
}

fn shown(answer: &Answer, common: &Common) -> String {
    let say = |fr: &'static str, en: &'static str| common.lang.of(fr, en).to_owned();
    let kw = |need: Option<Need>, of: fn(Need) -> f64| {
        need.map_or_else(|| "-".to_owned(), |need| format!("{}{:.0}", if need.at_least { "≥ " } else { "" }, of(need)))
    };
    let line = |row: &Row| {
        let cars = row.battery_cars.zip(row.plug_in_cars).map(|(battery, plug_in)| battery + plug_in);
        vec![
            row.name.chars().take(36).collect(),
            row.code.clone(),
            row.points.to_string(),
            format!("{:.0}", row.kw),
            cars.map_or_else(|| "-".to_owned(), |cars| format!("{cars:.0}")),
            kw(row.afir, |need| need.need_kw),
            kw(row.afir, |need| need.deficit_kw),
            kw(row.energy, |need| need.need_kw),
            kw(row.energy, |need| need.deficit_kw),
        ]
    };
    let heading = vec![
        say("territoire", "territory"),
        "code".to_owned(),
        "points".to_owned(),
        "kW".to_owned(),
        say("véhicules", "cars"),
        say("AFIR kW", "AFIR kW"),
        say("déficit", "deficit"),
        say("énergie kW", "energy kW"),
        say("déficit", "deficit"),
    ];
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(answer.rows.iter().take(common.lines).map(line)).collect();
    let mut text = table(&rows, Paint::of_stdout());
    if let Some(road) = &answer.corridor {
        text += &format!(
            "{}: {:.1} km, {} points, {:.0} kW, {} ≥ 150 kW; {} × {:.0} kW = {:.0} kW\n",
            road.road,
            road.length_km,
            road.points,
            road.kw,
            road.fast_points,
            road.need_pools,
            answer.parameters.pool_kw,
            road.need_kw
        );
    }
    text + "\n" + &notes(&answer.notes, common.lang)
}

/// Say where a carpool place is missing: long flows by car with none near their way.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  emprise carpool
  emprise carpool --territory epci/200066918 --set min_km=20 --set near_km=5 --csv > carpool.csv")]
pub struct CarpoolArguments {
    #[command(flatten)]
    common: Common,
}

pub fn run_carpool(arguments: CarpoolArguments) -> anyhow::Result<ExitCode> {
    let common = arguments.common;
    let atlas = Atlas::open(&snapshot::open(&common.data)?)?;
    let view = atlas.view(&Rights::All);
    let book = Commuting::of(view)?;
    let question = carpool::Question { territory: common.territory(&book)?, given: given(&common.written()?)? };
    let answer = carpool(&book, view, &question)?;
    match () {
        () if common.json => print_json(&answer)?,
        () if common.csv => print(&csv::table(&answer.table()))?,
        () => print(&flows(&answer, &common))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn flows(answer: &carpool::Answer, common: &Common) -> String {
    let say = |fr: &'static str, en: &'static str| common.lang.of(fr, en).to_owned();
    let heading = vec![
        say("domicile", "home"),
        say("travail", "work"),
        say("actifs", "workers"),
        "km".to_owned(),
        say("km par jour", "km a day"),
        say("lieu le plus proche", "nearest place"),
    ];
    let line = |flow: &carpool::answer::Flow| {
        vec![
            flow.home_name.clone() + if flow.caution { " ~" } else { "" },
            flow.workplace_name.clone(),
            grouped(flow.workers.rounded().max(0) as u64),
            format!("{:.1}", flow.distance_km),
            grouped(flow.km_a_day.round() as u64),
            flow.nearest.as_ref().map_or_else(|| "-".to_owned(), |near| format!("{:.1} km", near.distance_km)),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(answer.flows.iter().take(common.lines).map(line)).collect();
    let of =
        |sum: &carpool::answer::Sum| format!("{} ({})", grouped(sum.flows as u64), grouped(sum.workers.rounded().max(0) as u64));
    let sums = format!("{} = {} + {}\n", of(&answer.long), of(&answer.served), of(&answer.without));
    let meaning = say("flux longs (actifs) = avec un lieu + sans\n", "long flows (workers) = with a place + without\n");
    table(&rows, Paint::of_stdout()) + "\n" + &sums + &meaning + "\n" + &notes(&answer.notes, common.lang)
}
