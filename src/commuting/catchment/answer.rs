//! A catchment and what it is made of.

use serde::Serialize;

use super::competition::{near, points, workers_per_job};
use super::people::{People, counts};
use super::{FARTHEST_KM, Question, Site};
use crate::commuting::read::Taken;
use crate::commuting::words::Filter;
use crate::commuting::workers::Workers;
use crate::commuting::{CAUTION, Commuting, CommutingError};
use crate::layer::definition::Text;
use crate::layer::table::Table;
use crate::layer::value::Value;
use crate::territory::accessibility::decay::Decay;

#[derive(Debug, Serialize)]
pub struct Catchment {
    pub site: Site,
    pub parameters: Parameters,
    /// People at work who live within the distance.
    pub residents_at_work: Workers,
    /// People who work within the distance and live in another commune than they work in.
    pub commuters_arriving: Workers,
    /// Jobs taken within the distance.
    pub jobs: Workers,
    /// Residents, each by the weight of the distance (Hansen). With a step it is `residents_at_work`.
    pub pool: f64,
    /// `null` where the site offers no job and nobody else does.
    pub competition: Competition,
    /// By occupation, where a table tells; `null` without, and where only one occupation is asked about.
    pub occupations: Option<Vec<Occupation>>,
    /// Nearest first.
    pub communes: Vec<Commune>,
    pub source: Taken,
    /// Vintage of the communes that codes are those of.
    pub geography: String,
    pub notes: Vec<Text>,
}

/// What was asked, in full.
#[derive(Debug, Serialize)]
pub struct Parameters {
    pub within_km: f64,
    pub decay: Decay,
    pub jobs: f64,
    pub filter: Filter,
}

#[derive(Debug, Serialize)]
pub struct Competition {
    /// Shared with all jobs within reach, by the decay that is asked for (Shen).
    pub workers_per_job: f64,
    /// The same with a step (two-step floating catchment).
    pub two_step_workers_per_job: f64,
    /// What the jobs offered would get of the pool, were it shared evenly.
    pub share_of_the_site: f64,
}

#[derive(Debug, Serialize)]
pub struct Occupation {
    pub occupation: String,
    pub residents_at_work: Workers,
    pub commuters_arriving: Workers,
}

#[derive(Debug, Serialize)]
pub struct Commune {
    #[serde(skip)]
    pub row: u32,
    pub code: String,
    pub name: String,
    pub distance_km: f64,
    /// What the distance leaves of it.
    pub weight: f64,
    pub residents_at_work: Workers,
    pub commuters_arriving: Workers,
    pub jobs: Workers,
    pub caution: bool,
}

/// # Errors
/// A distance or a number of jobs that is none, an occupation or a mode that no table tells.
pub fn catchment(book: &Commuting, question: &Question) -> Result<Catchment, CommutingError> {
    let Question { site, within_m, decay, jobs, filter } = question;
    if !(*within_m > 0.0 && *within_m <= 1000.0 * FARTHEST_KM) {
        return Err(CommutingError::Within { km: within_m / 1000.0, most: FARTHEST_KM });
    }
    if !(0.0..=1e6).contains(jobs) {
        return Err(CommutingError::Jobs(*jobs));
    }
    let filtered = book.filtered(filter)?;
    let people = People::of(filtered.as_deref().unwrap_or(&book.flows), book.geography.len(), |_| true);
    let points = points(&book.places, book.geography.len());
    let near = near(&points, site.at, *within_m);
    let sum = |of: &[Workers]| near.iter().map(|(commune, _)| of[*commune as usize]).sum::<Workers>();
    let (workers, taken) = (counts(&people.residents), counts(&people.jobs));
    let shared = |decay| workers_per_job(&points, &near, (*within_m, decay), (&workers, &taken), *jobs);
    let workers_per_job = shared(*decay);
    let commune = |&(row, distance_m): &(u32, f64)| {
        let residents = people.residents[row as usize];
        Commune {
            row,
            code: book.geography.code(row).to_owned(),
            name: book.geography.name(row).to_owned(),
            distance_km: distance_m / 1000.0,
            weight: decay.weight(distance_m),
            residents_at_work: residents,
            commuters_arriving: people.arriving[row as usize],
            jobs: people.jobs[row as usize],
            caution: residents < Workers::whole(CAUTION),
        }
    };
    Ok(Catchment {
        site: site.clone(),
        parameters: Parameters { within_km: within_m / 1000.0, decay: *decay, jobs: *jobs, filter: filter.clone() },
        residents_at_work: sum(&people.residents),
        commuters_arriving: sum(&people.arriving),
        jobs: sum(&people.jobs),
        pool: near.iter().map(|(commune, distance)| workers[*commune as usize] * decay.weight(*distance)).sum(),
        competition: Competition {
            workers_per_job,
            two_step_workers_per_job: shared(Decay::Step),
            share_of_the_site: workers_per_job * jobs,
        },
        occupations: occupations(book, filter, &near),
        communes: near.iter().map(commune).collect(),
        source: book.source(filter)?.clone(),
        geography: book.geography.vintage.clone(),
        notes: notes(),
    })
}

/// Each occupation of the detailed table, by itself.
fn occupations(book: &Commuting, filter: &Filter, near: &[(u32, f64)]) -> Option<Vec<Occupation>> {
    let detail = book.detail.as_ref().filter(|_| filter.occupation.is_none())?;
    let kept = detail.words.kept(filter).ok()?;
    let of = |(place, word): (usize, &String)| {
        let is_it = |class: u16| usize::from(class & 255) == place && kept(class);
        let people = People::of(&detail.matrix, book.geography.len(), |pair| is_it(pair.class));
        let sum = |of: &[Workers]| near.iter().map(|(commune, _)| of[*commune as usize]).sum::<Workers>();
        Occupation {
            occupation: word.clone(),
            residents_at_work: sum(&people.residents),
            commuters_arriving: sum(&people.arriving),
        }
    };
    Some(detail.words.occupations.iter().enumerate().map(of).collect())
}

fn notes() -> Vec<Text> {
    vec![
        Text {
            fr: "Une commune compte entièrement ou pas du tout, par un point : son centroïde, ou le point le plus éloigné de son contour quand le centroïde est dehors. Distances à vol d'oiseau.".to_owned(),
            en: "A commune counts wholly or not at all, by one point: its centroid, or the point farthest from its border where the centroid lies outside. Distances are straight.".to_owned(),
        },
        Text {
            fr: "Le vivier brut flatte les sites métropolitains, où d'autres emplois puisent aux mêmes actifs : voir `competition`.".to_owned(),
            en: "The gross pool flatters metropolitan sites, where other jobs draw on the same workers: see `competition`.".to_owned(),
        },
    ]
}

impl Catchment {
    /// A row a commune.
    pub fn table(&self) -> Table {
        let names = ["code", "name", "distance_km", "weight", "residents_at_work", "commuters_arriving", "jobs", "caution"];
        let row = |commune: &Commune| {
            let workers = [commune.residents_at_work, commune.commuters_arriving, commune.jobs];
            let mut cells = vec![Value::Text(commune.code.clone()), Value::Text(commune.name.clone())];
            cells.extend([commune.distance_km, commune.weight].map(Value::Number));
            cells.extend(workers.map(|workers| Value::Number(workers.count())));
            cells.push(Value::Boolean(commune.caution));
            cells
        };
        Table { names: names.map(str::to_owned).into(), rows: self.communes.iter().map(row).collect() }
    }
}
