//! `emprise commuting`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::atlas::{Atlas, Rights};
use crate::commands::output::{Paint, grouped, print, print_json, table};
use crate::commuting::distances::{Band, Distances};
use crate::commuting::portrait::{Mode, Partner, Partners, Totals};
use crate::commuting::workers::Workers;
use crate::commuting::{Commuting, Filter, Portrait, Question, portrait};
use crate::layer::language::Language;
use crate::snapshot;
use crate::territory::Level;

/// Say who works in a territory and where its residents work: totals, partners, distances, modes of transport.
#[derive(Debug, Args)]
#[command(after_help = "\
Levels: commune, epci, industry-territory, labour-zone, departement, region, country (FR), custom (codes of communes with commas between them).
A flow is summed over the territory and its partner before it is held against the threshold; what is hidden is counted.

Examples:
  emprise commuting commune 30007
  emprise commuting departement 75 --by commune --min 1000
  emprise commuting custom 30007,30133 --lang fr
  emprise commuting epci 200066918 --mode car --json")]
pub struct Arguments {
    #[arg(value_name = "LEVEL")]
    level: Level,
    #[arg(value_name = "CODE")]
    code: String,
    /// The data folder, or the folder of one snapshot.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Level of the partners; default: the territory's own, communes for a list or the country.
    #[arg(long, value_name = "LEVEL")]
    by: Option<Level>,
    /// The least flow that is shown, from 50.
    #[arg(long, value_name = "WORKERS", default_value_t = crate::commuting::USUAL)]
    min: u32,
    /// Only those who go by this mode of transport.
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// Only those of this occupation.
    #[arg(long, value_name = "OCCUPATION")]
    occupation: Option<String>,
    /// Language of the table: `fr` or `en`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,
    /// Print the whole answer as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let atlas = Atlas::open(&snapshot::open(&arguments.data)?)?;
    let book = Commuting::of(atlas.view(&Rights::All))?;
    let territory = book.geography.territory(arguments.level, &arguments.code)?;
    let by = arguments.by.unwrap_or_else(|| Question::partners_of(arguments.level));
    let filter = Filter { mode: arguments.mode, occupation: arguments.occupation };
    let answer = portrait(&book, &Question { territory, by, min: arguments.min, filter })?;
    if arguments.json {
        print_json(&answer)?;
    } else {
        print(&Shown { language: arguments.lang, paint: Paint::of_stdout() }.all(&answer))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How the answer is written.
struct Shown {
    language: Language,
    paint: Paint,
}

impl Shown {
    fn all(&self, answer: &Portrait) -> String {
        let about = &answer.territory;
        let members = self.say(format!("{} communes", about.communes), format!("{} communes", about.communes));
        let source = &answer.source;
        let mut text = format!("{} ({} {}), {members}\n", self.paint.bold(&about.name), about.level, about.code);
        text += &format!("{}, {} {}\n\n", source.publisher, source.layer, source.vintage);
        text += &self.totals(&answer.totals);
        text += &self.partners(&answer.incoming, self.say("Come from", "Viennent de"));
        text += &self.partners(&answer.outgoing, self.say("Go to", "Vont à"));
        text += &self.distances(&answer.distances.residents, &answer.distances.jobs);
        if let Some(modes) = &answer.modes {
            text += &self.modes(&modes.split.residents, &modes.split.jobs);
        }
        let notes = answer.notes.iter().map(|note| format!("{}\n", note.in_language(self.language)));
        text + "\n" + &notes.collect::<String>()
    }

    fn say<T>(&self, en: T, fr: T) -> T {
        self.language.of(fr, en)
    }

    fn totals(&self, totals: &Totals) -> String {
        let share = |share: Option<f64>| share.map_or_else(|| self.say("not available", "non disponible").to_owned(), percent);
        let rows = [
            (self.say("residents at work", "actifs occupés résidents"), count(totals.residents_at_work)),
            (self.say("work here", "travaillent ici"), count(totals.jobs_taken)),
            (self.say("live and work here", "vivent et travaillent ici"), count(totals.internal)),
            (self.say("go elsewhere", "partent travailler ailleurs"), count(totals.outgoing)),
            (self.say("come from elsewhere", "viennent d'ailleurs"), count(totals.incoming)),
            (self.say("net (come - go)", "solde (entrants - sortants)"), count(totals.net)),
            (self.say("of residents, work here", "part des résidents restant"), share(totals.self_containment_residents)),
            (self.say("of who work here, live here", "part des emplois tenus sur place"), share(totals.self_containment_jobs)),
        ];
        rows.iter().map(|(name, value)| format!("{name:<34}{value:>12}\n")).collect()
    }

    fn partners(&self, partners: &Partners, title: &str) -> String {
        let heading = vec![title.to_owned(), "code".into(), self.say("workers", "actifs").into(), "%".into()];
        let row = |partner: &Partner| {
            vec![
                partner.name.in_language(self.language).to_owned() + if partner.caution { " ~" } else { "" },
                partner.code.clone().unwrap_or_default(),
                count(partner.workers),
                partner.share.map_or_else(String::new, |share| format!("{:.1}", 100.0 * share)),
            ]
        };
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(partners.shown.iter().map(row)).collect();
        let (flows, workers) = (grouped(partners.hidden.flows as u64), count(partners.hidden.workers));
        let hidden = self.say(
            format!("hidden: {flows} flows, {workers} workers; total {}", count(partners.total)),
            format!("masqués : {flows} flux, {workers} actifs ; total {}", count(partners.total)),
        );
        format!("\n{}{hidden}\n", table(&rows, self.paint))
    }

    fn distances(&self, residents: &Distances, jobs: &Distances) -> String {
        let heading = [self.say("Distance", "Distance"), self.say("residents", "résidents"), self.say("work here", "emplois")];
        let name = |band: &Band| match (band.kind, band.from_km, band.to_km) {
            ("same-commune", ..) => self.say("same commune", "même commune").to_owned(),
            (_, Some(from), Some(to)) => format!("{from}-{to} km"),
            (_, Some(from), None) => format!("{from} km +"),
            _ => self.say("not measured", "non mesurée").to_owned(),
        };
        let row = |(one, other): (&Band, &Band)| vec![name(one), count(one.workers), count(other.workers)];
        let bands = residents.bands.iter().zip(&jobs.bands).map(row);
        let km = |km: Option<f64>| km.map_or_else(|| "-".to_owned(), |km| format!("{km:.1}"));
        let mean = vec![self.say("mean, km", "moyenne, km").to_owned(), km(residents.mean_km), km(jobs.mean_km)];
        let median = vec![self.say("median, km", "médiane, km").to_owned(), km(residents.median_km), km(jobs.median_km)];
        let rows: Vec<Vec<String>> =
            std::iter::once(heading.map(str::to_owned).to_vec()).chain(bands).chain([mean, median]).collect();
        format!("\n{}", table(&rows, self.paint))
    }

    fn modes(&self, residents: &[Mode], jobs: &[Mode]) -> String {
        let heading = ["Mode", self.say("residents", "résidents"), "%", self.say("work here", "emplois"), "%"];
        let share = |share: Option<f64>| share.map_or_else(String::new, |share| format!("{:.1}", 100.0 * share));
        let row = |mode: &Mode| {
            let other = jobs.iter().find(|other| other.mode == mode.mode);
            let (workers, part) = other.map_or((Workers::default(), None), |other| (other.workers, other.share));
            vec![mode.mode.clone(), count(mode.workers), share(mode.share), count(workers), share(part)]
        };
        let rows: Vec<Vec<String>> =
            std::iter::once(heading.map(str::to_owned).to_vec()).chain(residents.iter().map(row)).collect();
        format!("\n{}", table(&rows, self.paint))
    }
}

fn count(workers: Workers) -> String {
    let rounded = workers.rounded();
    format!("{}{}", if rounded < 0 { "-" } else { "" }, grouped(rounded.unsigned_abs()))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
