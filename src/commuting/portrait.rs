//! What is said of one territory.

use serde::Serialize;

use super::book::{Commuting, Detail};
use super::distances::Distances;
use super::matrix::{Matrix, Pair};
use super::places::Rest;
use super::read::Taken;
use super::star::{Star, pairs};
use super::words::Filter;
use super::workers::Workers;
use super::{CAUTION, CommutingError, FLOOR, USUAL};
use crate::layer::definition::Text;
use crate::territory::{Areas, Level, Territory};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub territory: Territory,
    /// The level of the partners.
    pub by: Level,
    /// The least flow that is shown.
    pub min: u32,
    pub filter: Filter,
}

impl Question {
    /// The level at which a territory's partners are shown where nobody says.
    pub fn partners_of(level: Level) -> Level {
        match level {
            Level::Custom | Level::Country => Level::Commune,
            own => own,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Portrait {
    pub territory: About,
    pub filter: Filter,
    pub totals: Totals,
    pub threshold: Threshold,
    /// Where those who leave work, and where those who come live.
    pub outgoing: Partners,
    pub incoming: Partners,
    pub distances: Directions<Distances>,
    /// `null` where no table tells.
    pub modes: Option<Modes>,
    pub source: Taken,
    /// Vintage of the communes that codes are those of.
    pub geography: String,
    pub notes: Vec<Text>,
}

#[derive(Debug, Serialize)]
pub struct About {
    pub level: Level,
    pub code: String,
    pub name: String,
    pub communes: usize,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Who live here: internal and outgoing.
    pub residents_at_work: Workers,
    /// Who work here: internal and incoming.
    pub jobs_taken: Workers,
    pub internal: Workers,
    pub outgoing: Workers,
    pub incoming: Workers,
    /// Incoming less outgoing.
    pub net: Workers,
    /// Internal by residents at work; `null` where nobody who works lives here.
    pub self_containment_residents: Option<f64>,
    /// Internal by jobs taken; `null` where nobody works here.
    pub self_containment_jobs: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct Threshold {
    /// Flows of at least this many workers are shown, summed over the partner's communes and the territory's.
    pub min: u32,
    pub floor: u32,
    pub usual: u32,
    pub caution_below: u32,
}

#[derive(Debug, Serialize)]
pub struct Partners {
    pub by: Level,
    /// Biggest first.
    pub shown: Vec<Partner>,
    pub hidden: Hidden,
    pub total: Workers,
}

/// What the threshold leaves out: with what is shown it is the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Hidden {
    pub flows: usize,
    pub workers: Workers,
}

#[derive(Debug, Serialize)]
pub struct Partner {
    /// `null` for what no area of the level holds.
    pub code: Option<String>,
    pub name: Text,
    pub workers: Workers,
    /// Of all that leave, or come.
    pub share: Option<f64>,
    /// The count is to be used with caution.
    pub caution: bool,
}

#[derive(Debug, Serialize)]
pub struct Directions<T> {
    /// Of those who live here, wherever they work.
    pub residents: T,
    /// Of those who work here, wherever they live.
    pub jobs: T,
}

#[derive(Debug, Serialize)]
pub struct Modes {
    #[serde(flatten)]
    pub split: Directions<Vec<Mode>>,
    /// The table of modes; its sums may be those of another year.
    pub source: Taken,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Mode {
    pub mode: String,
    pub workers: Workers,
    pub share: Option<f64>,
}

/// # Errors
/// A threshold below the floor, a level that is not known here, a mode or an occupation that no table tells.
pub fn portrait(book: &Commuting, question: &Question) -> Result<Portrait, CommutingError> {
    let Question { territory, by, min, filter } = question;
    if *min < FLOOR {
        return Err(CommutingError::Threshold(*min));
    }
    let filtered = book.filtered(filter)?;
    let matrix = filtered.as_deref().unwrap_or(&book.flows);
    let (areas, slots) = (book.geography.areas(*by)?, book.places.slots(&book.geography, *by)?);
    let star = Star::of(matrix, territory, &slots);
    let side = |partners: &[(u32, Workers)]| side(partners, areas, *by, *min);
    let measured = |live: bool| Distances::of(pairs(matrix, territory, live), &book.places);
    Ok(Portrait {
        territory: About {
            level: territory.level,
            code: territory.code.clone(),
            name: territory.name.clone(),
            communes: territory.communes.len(),
        },
        filter: filter.clone(),
        totals: Totals::of(&star),
        threshold: Threshold { min: *min, floor: FLOOR, usual: USUAL, caution_below: CAUTION },
        outgoing: side(&star.outgoing),
        incoming: side(&star.incoming),
        distances: Directions { residents: measured(true), jobs: measured(false) },
        modes: book.detail.as_ref().map(|detail| modes(detail, territory, filter)).transpose()?,
        source: book.source(filter)?.clone(),
        geography: book.geography.vintage.clone(),
        notes: notes(*min),
    })
}

impl Totals {
    fn of(star: &Star) -> Totals {
        let (outgoing, incoming) = (star.leaving(), star.arriving());
        let (residents, jobs) = (star.internal + outgoing, star.internal + incoming);
        Totals {
            residents_at_work: residents,
            jobs_taken: jobs,
            internal: star.internal,
            outgoing,
            incoming,
            net: incoming - outgoing,
            self_containment_residents: star.internal.share_of(residents),
            self_containment_jobs: star.internal.share_of(jobs),
        }
    }
}

fn side(partners: &[(u32, Workers)], areas: &Areas, by: Level, min: u32) -> Partners {
    let total = partners.iter().map(|partner| partner.1).sum();
    let (mut shown, hidden): (Vec<_>, Vec<_>) = partners.iter().partition(|partner| partner.1 >= Workers::whole(min));
    shown.sort_by_key(|partner: &(u32, Workers)| (std::cmp::Reverse(partner.1), partner.0));
    let partner = |(slot, workers): (u32, Workers)| {
        let (code, name) = named(areas, slot);
        Partner { code, name, workers, share: workers.share_of(total), caution: workers < Workers::whole(CAUTION) }
    };
    let hidden = Hidden { flows: hidden.len(), workers: hidden.into_iter().map(|partner: (u32, Workers)| partner.1).sum() };
    Partners { by, shown: shown.into_iter().map(partner).collect(), hidden, total }
}

/// The code and the name of a slot of a level.
fn named(areas: &Areas, slot: u32) -> (Option<String>, Text) {
    let rest = (slot as usize).checked_sub(areas.len()).and_then(|rest| Rest::ALL.get(rest));
    let both = |fr: &str, en: &str| Text { fr: fr.to_owned(), en: en.to_owned() };
    match rest {
        None => (Some(areas.code(slot).to_owned()), both(areas.name(slot), areas.name(slot))),
        Some(Rest::Outside) => (None, both("hors de tout territoire de ce niveau", "in no area of this level")),
        Some(Rest::Abroad) => (None, both("à l'étranger", "abroad")),
        Some(Rest::NotMapped) => (None, both("commune inconnue", "commune not known here")),
    }
}

fn modes(detail: &Detail, territory: &Territory, filter: &Filter) -> Result<Modes, CommutingError> {
    let kept = detail.words.kept(filter)?;
    let split = |live: bool| by_mode(detail, pairs(&detail.matrix, territory, live).filter(|pair| kept(pair.class)));
    Ok(Modes { split: Directions { residents: split(true), jobs: split(false) }, source: detail.taken.clone() })
}

fn by_mode(detail: &Detail, pairs: impl Iterator<Item = Pair>) -> Vec<Mode> {
    let mut sums = vec![Workers::default(); detail.words.modes.len()];
    for pair in pairs {
        if let Some(sum) = sums.get_mut(usize::from(pair.class >> 8)) {
            *sum += pair.workers;
        }
    }
    let total: Workers = sums.iter().copied().sum();
    let mode = |(word, &workers): (&String, &Workers)| Mode { mode: word.clone(), workers, share: workers.share_of(total) };
    let mut modes: Vec<Mode> = detail.words.modes.iter().zip(&sums).map(mode).collect();
    modes.sort_by(|a, b| b.workers.cmp(&a.workers).then_with(|| a.mode.cmp(&b.mode)));
    modes
}

/// What a reader must know.
fn notes(min: u32) -> Vec<Text> {
    vec![
        Text {
            fr: format!("Les flux de moins de {min} actifs sont masqués ; le seuil porte sur le flux agrégé entre territoires."),
            en: format!("Flows of fewer than {min} workers are hidden; the threshold is held against the flow between territories."),
        },
        Text {
            fr: format!("Un effectif inférieur à {CAUTION} est à utiliser avec précaution (Insee)."),
            en: format!("Counts under {CAUTION} are to be used with caution (INSEE)."),
        },
        Text {
            fr: "Distances à vol d'oiseau entre un point de chaque commune ; à l'intérieur d'une commune elles ne sont pas mesurées."
                .to_owned(),
            en: "Distances are straight, from a point of one commune to a point of the other; within a commune they are not measured."
                .to_owned(),
        },
    ]
}

/// What a threshold leaves out of the flows between the areas of a level, both ends known or not; internal ones are no flow.
pub fn hidden(between: &Matrix, min: u32) -> Hidden {
    let small = between.pairs().filter(|pair| pair.from != pair.to && pair.workers < Workers::whole(min));
    small.fold(Hidden::default(), |sum, pair| Hidden { flows: sum.flows + 1, workers: sum.workers + pair.workers })
}
