//! `emprise catchment`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, grouped, print, print_json, table};
use crate::commuting::catchment::answer::Commune;
use crate::commuting::catchment::{Catchment, Question, Site, USUAL_JOBS, USUAL_KM, catchment, describe};
use crate::commuting::workers::Workers;
use crate::commuting::{Commuting, Filter};
use crate::geometry::projection::{from_lon_lat, to_lon_lat};
use crate::geometry::territory::{Frame, LonLat};
use crate::layer::language::Language;
use crate::snapshot;
use crate::territory::accessibility::decay::Decay;
use crate::territory::geography::point_in;
use crate::writing::csv;

/// Say who could come to work at a place: residents within a distance, commuters who already arrive, and what other jobs leave of them.
#[derive(Debug, Args)]
#[command(after_help = "\
PLACE is longitude,latitude, or a feature as layer/id. A commune counts wholly or not at all, by one point of it.

Examples:
  emprise catchment 4.08,44.13
  emprise catchment business-plots/Z-12 --within 30 --decay exponential:10km
  emprise catchment 4.08,44.13 --jobs 300 --occupation 'manual workers' --geojson > pool.geojson")]
pub struct Arguments {
    #[arg(value_name = "PLACE", allow_hyphen_values = true)]
    place: String,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// How far, in kilometres.
    #[arg(long, value_name = "KM", default_value_t = USUAL_KM)]
    within: f64,
    /// What distance does: step, exponential:10km, gaussian:10km.
    #[arg(long, value_name = "DECAY", default_value = "step")]
    decay: Decay,
    /// Jobs that the site offers.
    #[arg(long, value_name = "JOBS", default_value_t = USUAL_JOBS)]
    jobs: f64,
    /// Only those who go by this mode of transport.
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// Only those of this occupation.
    #[arg(long, value_name = "OCCUPATION")]
    occupation: Option<String>,
    /// Communes that the table shows.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Language of the table: `fr` or `en`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,
    /// Print the whole answer as JSON.
    #[arg(long, conflicts_with_all = ["csv", "geojson"])]
    json: bool,
    /// Print the communes as CSV.
    #[arg(long, conflicts_with = "geojson")]
    csv: bool,
    /// Print the communes as a GeoJSON map.
    #[arg(long)]
    geojson: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let view = atlas.view(&Rights::All);
    let book = Commuting::of(view)?;
    let question = Question {
        site: site(view, &arguments.place)?,
        within_m: 1000.0 * arguments.within,
        decay: arguments.decay,
        jobs: arguments.jobs,
        filter: Filter { mode: arguments.mode, occupation: arguments.occupation },
    };
    let found = catchment(&book, &question)?;
    match () {
        () if arguments.json => print_json(&found)?,
        () if arguments.csv => print(&csv::table(&found.table()))?,
        () if arguments.geojson => print(&(describe::geojson(&found, view).to_string() + "\n"))?,
        () => print(&shown(&found, arguments.limit, arguments.lang))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn site(view: View<'_>, written: &str) -> anyhow::Result<Site> {
    if let Some((layer, id)) = written.split_once('/') {
        let found = view.layer(layer).with_context(|| format!("there is no layer `{layer}`"))?;
        let row = found.row_of(id).with_context(|| format!("layer `{layer}` has no feature `{id}`"))?;
        let at = point_in(found, row).with_context(|| format!("`{written}` has no place on the ground"))?;
        let LonLat { lon, lat } = to_lon_lat(at);
        return Ok(Site { at, lon, lat, site: Some(written.to_owned()) });
    }
    let numbers = written.split_once(',').and_then(|(lon, lat)| Some((lon.trim().parse().ok()?, lat.trim().parse().ok()?)));
    let Some((lon, lat)) = numbers else { bail!("`{written}` is no place; write longitude,latitude or layer/id") };
    let frame = Frame::holding(LonLat { lon, lat }).with_context(|| format!("`{written}` lies in no territory known here"))?;
    Ok(Site { at: from_lon_lat(frame, LonLat { lon, lat }), lon, lat, site: None })
}

fn count(workers: Workers) -> String {
    grouped(workers.rounded().max(0) as u64)
}

fn shown(found: &Catchment, limit: usize, language: Language) -> String {
    let (paint, asked) = (Paint::of_stdout(), &found.parameters);
    let site = &found.site;
    let place = site.site.clone().unwrap_or_else(|| format!("{:.5}, {:.5}", site.lon, site.lat));
    let mut text = format!("{}, {} km, {}\n", paint.bold(&place), asked.within_km, asked.decay);
    text += &format!("{}, {} {}\n\n", found.source.publisher, found.source.layer, found.source.vintage);
    let say = |fr, en| language.of(fr, en);
    let lines = [
        (say("actifs occupés résidents", "residents at work"), count(found.residents_at_work)),
        (say("navetteurs déjà entrants", "commuters who already arrive"), count(found.commuters_arriving)),
        (say("emplois", "jobs"), count(found.jobs)),
        (say("vivier pondéré", "pool by distance"), grouped(found.pool.round() as u64)),
        (
            say("actifs par emploi, concurrence comprise", "workers a job, with competition"),
            format!("{:.2}", found.competition.workers_per_job),
        ),
        (say("de même, en deux étapes", "the same, two-step"), format!("{:.2}", found.competition.two_step_workers_per_job)),
        (
            say("pour les emplois offerts", "for the jobs offered"),
            format!("{:.0} / {:.0}", found.competition.share_of_the_site, asked.jobs),
        ),
    ];
    text += &lines.iter().map(|(name, value)| format!("{name:<42}{value:>12}\n")).collect::<String>();
    for one in found.occupations.iter().flatten() {
        text += &format!("  {:<40}{:>12}\n", one.occupation, count(one.residents_at_work));
    }
    let heading = [
        say("commune", "commune"),
        "code",
        "km",
        say("résidents", "residents"),
        say("entrants", "arriving"),
        say("emplois", "jobs"),
    ];
    let row = |commune: &Commune| {
        let name = commune.name.clone() + if commune.caution { " ~" } else { "" };
        let [residents, arriving, jobs] = [commune.residents_at_work, commune.commuters_arriving, commune.jobs].map(count);
        vec![name, commune.code.clone(), format!("{:.1}", commune.distance_km), residents, arriving, jobs]
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(heading.map(str::to_owned).into()).chain(found.communes.iter().take(limit).map(row)).collect();
    text += &format!("\n{}", table(&rows, paint));
    text + "\n" + &found.notes.iter().map(|note| format!("{}\n", note.in_language(language))).collect::<String>()
}
