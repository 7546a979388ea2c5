//! Numbers of the commuting flows: they do not add up from communes, since who leaves a commune may stay in the EPCI.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

use super::numbers::{Number, Source, Told};
use crate::commuting::catchment::USUAL_KM;
use crate::commuting::catchment::competition::{near, points};
use crate::commuting::catchment::people::People;
use crate::commuting::portrait::Portrait;
use crate::commuting::star::Star;
use crate::commuting::workers::Workers;
use crate::commuting::{Commuting, CommutingError, Filter, Question, USUAL, portrait};
use crate::layer::definition::Text;
use crate::layer::indicator::Theme;
use crate::territory::accessibility::points::Points;
use crate::territory::geography::OUTSIDE;
use crate::territory::indicators::{Figure, Ordered};
use crate::territory::{Level, Territory};

/// The flows, and the numbers of every area of the levels that were asked about.
#[derive(Debug)]
pub struct Flows {
    pub commuting: Arc<Commuting>,
    levels: [OnceLock<Option<[Ordered; COUNTED.len()]>>; Level::ALL.len()],
    /// Who lives and works in each commune, and where communes are.
    people: OnceLock<(People, Points)>,
    /// Portraits of areas that are larger than communes, which are soon made: as many as there are such areas at most.
    portraits: Mutex<HashMap<(Level, String), Arc<Portrait>>>,
}

/// The labour pool of a place: residents at work within a distance as the crow flies, wherever they work, and those who already
/// arrive there from another commune.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pool {
    pub within_km: f64,
    pub communes: usize,
    pub residents_at_work: Workers,
    pub commuters_arriving: Workers,
}

/// Who live and work somewhere.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    residents: Workers,
    jobs: Workers,
    internal: Workers,
}

/// What is told of them: id, titles, unit, and the number.
struct Counted {
    id: &'static str,
    title: [&'static str; 2],
    unit: &'static str,
    of: fn(&Sums) -> Option<f64>,
}

const COUNTED: [Counted; 6] = [
    Counted {
        id: "commuting-residents",
        title: ["Actifs occupés qui résident ici (flux)", "Residents at work (flows)"],
        unit: "persons",
        of: |sums| Some(sums.residents.count()),
    },
    Counted {
        id: "commuting-jobs",
        title: ["Actifs qui travaillent ici (flux)", "Who work here (flows)"],
        unit: "persons",
        of: |sums| Some(sums.jobs.count()),
    },
    Counted {
        id: "commuting-internal",
        title: ["Vivent et travaillent ici", "Live and work here"],
        unit: "persons",
        of: |sums| Some(sums.internal.count()),
    },
    Counted {
        id: "commuting-net",
        title: ["Solde : entrants moins sortants", "Net: come less go"],
        unit: "persons",
        of: |sums| Some((sums.jobs - sums.residents).count()),
    },
    Counted {
        id: "self-containment-residents",
        title: ["Part des résidents qui travaillent ici", "Of residents at work, work here"],
        unit: "%",
        of: |sums| sums.internal.share_of(sums.residents).map(|share| 100.0 * share),
    },
    Counted {
        id: "self-containment-jobs",
        title: ["Part des emplois tenus par des résidents", "Of who work here, live here"],
        unit: "%",
        of: |sums| sums.internal.share_of(sums.jobs).map(|share| 100.0 * share),
    },
];

impl Flows {
    pub fn of(commuting: Arc<Commuting>) -> Flows {
        Flows { commuting, levels: Default::default(), people: OnceLock::new(), portraits: Mutex::default() }
    }

    /// Who commutes from where to where: partners are areas of the territory's own level, communes of a list, régions of the country.
    ///
    /// # Errors
    /// `Commuting`.
    pub fn portrait(&self, territory: &Territory) -> Result<Arc<Portrait>, CommutingError> {
        let key = (territory.level, territory.code.clone());
        let kept = || self.portraits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&key) {
            return Ok(Arc::clone(known));
        }
        let by = match territory.level {
            Level::Country => Level::Region,
            Level::Custom => Level::Commune,
            own => own,
        };
        let by = if self.commuting.geography.areas(by).is_ok() { by } else { Level::Commune };
        let question = Question { territory: territory.clone(), by, min: USUAL, filter: Filter::default() };
        let made = Arc::new(portrait(&self.commuting, &question)?);
        if !matches!(territory.level, Level::Commune | Level::Custom) {
            kept().insert(key, Arc::clone(&made));
        }
        Ok(made)
    }

    /// Who could come to work at a point of the shared plane, by the rule of [`crate::commuting::catchment`].
    pub fn pool(&self, at: [f64; 2]) -> Pool {
        let communes = self.commuting.geography.len();
        let make = || (People::of(&self.commuting.flows, communes, |_| true), points(&self.commuting.places, communes));
        let (people, points) = self.people.get_or_init(make);
        let near = near(points, at, 1000.0 * USUAL_KM);
        let sum = |of: &[Workers]| near.iter().map(|(commune, _)| of[*commune as usize]).sum();
        Pool {
            within_km: USUAL_KM,
            communes: near.len(),
            residents_at_work: sum(&people.residents),
            commuters_arriving: sum(&people.arriving),
        }
    }

    /// The numbers of a territory.
    pub fn numbers(&self, told: &Told<'_>) -> Vec<Number> {
        let own = self.figures(told.territory);
        let around = told.surroundings.map(|around| self.figures(around));
        let ordered = self.level(told.territory.level).filter(|_| told.territory.level != Level::Country);
        let taken = &self.commuting.taken;
        let number = |(place, counted): (usize, &Counted)| Number {
            id: counted.id.to_owned(),
            title: Text { fr: counted.title[0].to_owned(), en: counted.title[1].to_owned() },
            unit: Some(counted.unit),
            figure: own[place],
            rank: ordered.and_then(|ordered| ordered[place].standing(own[place])),
            surroundings: around.map(|around| around[place]),
            rule: "flows",
            source: Source {
                layer: taken.layer.clone(),
                publisher: taken.publisher.clone(),
                vintage: taken.vintage.clone(),
                not_mapped: taken.not_mapped,
            },
            theme: Theme::Mobility,
        };
        COUNTED.iter().enumerate().map(number).collect()
    }

    fn figures(&self, territory: &Territory) -> [Figure; COUNTED.len()] {
        let geography = &self.commuting.geography;
        let area = geography.areas(territory.level).ok().and_then(|areas| areas.with_code(&territory.code));
        match self.level(territory.level).zip(area) {
            Some((level, area)) => std::array::from_fn(|place| level[place].figures[area as usize]),
            None => told(&self.sums(territory), territory.communes.len() as u32),
        }
    }

    /// The numbers of every area of a level; the first call makes them.
    fn level(&self, level: Level) -> Option<&[Ordered; COUNTED.len()]> {
        self.levels[level as usize].get_or_init(|| self.made(level)).as_ref()
    }

    fn made(&self, level: Level) -> Option<[Ordered; COUNTED.len()]> {
        let between = self.commuting.between(level, &Filter::default()).ok()?;
        let areas = self.commuting.geography.areas(level).ok()?;
        let mut sums = vec![Sums::default(); between.matrix.places()];
        for pair in between.matrix.pairs() {
            sums[pair.from as usize].residents += pair.workers;
            sums[pair.to as usize].jobs += pair.workers;
            if pair.from == pair.to {
                sums[pair.from as usize].internal += pair.workers;
            }
        }
        let mut communes = vec![0; areas.len()];
        for &area in areas.of_commune().iter().filter(|area| **area != OUTSIDE) {
            communes[area as usize] += 1;
        }
        let figures: Vec<_> = sums.iter().zip(&communes).map(|(sums, &count)| told(sums, count)).collect();
        Some(std::array::from_fn(|place| Ordered::of(figures.iter().map(|figures| figures[place]).collect())))
    }

    fn sums(&self, territory: &Territory) -> Sums {
        let slots = vec![0; self.commuting.places.len()];
        let star = Star::of(&self.commuting.flows, territory, &slots);
        Sums { residents: star.internal + star.leaving(), jobs: star.internal + star.arriving(), internal: star.internal }
    }
}

fn told(sums: &Sums, communes: u32) -> [Figure; COUNTED.len()] {
    std::array::from_fn(|place| Figure { value: (COUNTED[place].of)(sums), at_least: false, known: communes, of: communes })
}
