//! Long flows by car, with and without a place near their way.

use rayon::prelude::*;
use serde::Serialize;

use super::ways::{Near, nearest};
use super::{Parameters, Question};
use crate::atlas::{Layer, View};
use crate::commuting::matrix::Pair;
use crate::commuting::read::Taken;
use crate::commuting::words::Filter;
use crate::commuting::workers::Workers;
use crate::commuting::{CAUTION, Commuting, CommutingError};
use crate::layer::definition::Text;
use crate::layer::table::Table;
use crate::layer::value::Value;

#[derive(Debug, Serialize)]
pub struct Answer {
    /// `level/code`, where only flows of a territory are asked about.
    pub territory: Option<String>,
    pub parameters: Parameters,
    /// All that are long enough and big enough; those with a place near their way; those without: the first is the sum of the others.
    pub long: Sum,
    pub served: Sum,
    pub without: Sum,
    /// Without a place, those that drive most first.
    pub flows: Vec<Flow>,
    pub places: Places,
    pub source: Taken,
    pub geography: String,
    pub notes: Vec<Text>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Sum {
    pub flows: usize,
    pub workers: Workers,
    /// There and back.
    pub km_a_day: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    pub rank: usize,
    pub home: String,
    pub home_name: String,
    pub workplace: String,
    pub workplace_name: String,
    pub workers: Workers,
    pub caution: bool,
    pub distance_km: f64,
    pub km_a_day: f64,
    /// The nearest place up to ten times as far as is near; `null` where there is none.
    pub nearest: Option<Nearest>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nearest {
    pub id: String,
    pub name: Option<String>,
    pub distance_km: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Places {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
    pub places: usize,
}

/// A flow with its way.
struct Way {
    pair: Pair,
    distance_m: f64,
    near: Option<Near>,
}

impl Way {
    fn km_a_day(&self) -> f64 {
        2.0 * self.pair.workers.count() * self.distance_m / 1000.0
    }
}

/// # Errors
/// `Threshold`, `Parameter`, `NoDetail`, `UnknownWord`, `NoPlaces`.
pub fn carpool(book: &Commuting, view: View<'_>, question: &Question) -> Result<Answer, CommutingError> {
    let Question { territory, given } = question;
    given.check()?;
    let places = view.layer("carpool-places").ok_or(CommutingError::NoPlaces)?;
    let filter = Filter { mode: Some(given.mode.clone()), occupation: None };
    let cars = book.filtered(&filter)?.ok_or(CommutingError::NoDetail)?;
    let is_asked = |pair: &Pair| {
        territory.as_ref().is_none_or(|territory| territory.holds(pair.from) || territory.holds(pair.to))
            && pair.workers >= Workers::whole(given.min)
    };
    let pairs: Vec<Pair> = cars.pairs().filter(is_asked).collect();
    let mut ways: Vec<Way> = pairs.into_par_iter().filter_map(|pair| way(book, places, pair, given)).collect();
    ways.sort_by(|a, b| {
        b.km_a_day().total_cmp(&a.km_a_day()).then_with(|| (a.pair.from, a.pair.to).cmp(&(b.pair.from, b.pair.to)))
    });
    let is_served = |way: &Way| way.near.is_some_and(|near| near.distance_m <= 1000.0 * given.near_km);
    let (served, without): (Vec<&Way>, Vec<&Way>) = ways.iter().partition(|way| is_served(way));
    let source = &places.definition().source;
    Ok(Answer {
        territory: territory.as_ref().map(|territory| format!("{}/{}", territory.level, territory.code)),
        parameters: given.clone(),
        long: sum(ways.iter()),
        served: sum(served.into_iter()),
        without: sum(without.iter().copied()),
        flows: (1..).zip(without.iter().take(given.limit)).map(|(rank, way)| flow(book, places, rank, way)).collect(),
        places: Places {
            layer: places.definition().id.clone(),
            vintage: source.vintage.clone(),
            publisher: source.publisher.clone(),
            places: places.len(),
        },
        source: book.source(&filter)?.clone(),
        geography: book.geography.vintage.clone(),
        notes: notes(given),
    })
}

/// A flow that is long; `None` for one that is not, or whose way is not known.
fn way(book: &Commuting, places: &Layer, pair: Pair, given: &Parameters) -> Option<Way> {
    let distance_m = book.places.distance_m(pair.from, pair.to)?;
    let ends = [book.places.point(pair.from)?, book.places.point(pair.to)?];
    let is_long = (given.min_km..=given.max_km).contains(&(distance_m / 1000.0));
    let searched_m = 10_000.0 * given.near_km.max(0.1);
    is_long.then(|| Way { pair, distance_m, near: nearest(places, ends, searched_m) })
}

fn sum<'w>(ways: impl Iterator<Item = &'w Way>) -> Sum {
    ways.fold(Sum::default(), |sum, way| Sum {
        flows: sum.flows + 1,
        workers: sum.workers + way.pair.workers,
        km_a_day: sum.km_a_day + way.km_a_day(),
    })
}

fn flow(book: &Commuting, places: &Layer, rank: usize, way: &Way) -> Flow {
    let Pair { from, to, workers, .. } = way.pair;
    let [home, workplace] =
        [from, to].map(|place| (book.geography.code(place).to_owned(), book.geography.name(place).to_owned()));
    let nearest = |near: Near| Nearest {
        id: places.id(near.row).to_owned(),
        name: places.name(near.row).map(str::to_owned),
        distance_km: near.distance_m / 1000.0,
    };
    Flow {
        rank,
        home: home.0,
        home_name: home.1,
        workplace: workplace.0,
        workplace_name: workplace.1,
        workers,
        caution: workers < Workers::whole(CAUTION),
        distance_km: way.distance_m / 1000.0,
        km_a_day: way.km_a_day(),
        nearest: way.near.map(nearest),
    }
}

fn notes(given: &Parameters) -> Vec<Text> {
    let Parameters { min, min_km, max_km, near_km, .. } = given;
    vec![
        Text {
            fr: format!(
                "Flux d'au moins {min} actifs en voiture, de {min_km} à {max_km} km, sans lieu de covoiturage ouvert à {near_km} km ou moins de leur trajet."
            ),
            en: format!(
                "Flows of at least {min} workers by car, from {min_km} to {max_km} km, without an open carpool place within {near_km} km of their way."
            ),
        },
        Text {
            fr: "Le trajet est la droite entre un point de chaque commune ; les routes ne sont pas suivies.".to_owned(),
            en: "The way is the straight line between a point of each commune; roads are not followed.".to_owned(),
        },
    ]
}

impl Answer {
    /// A row a flow.
    pub fn table(&self) -> Table {
        let names = [
            "rank",
            "home",
            "home_name",
            "workplace",
            "workplace_name",
            "workers",
            "caution",
            "distance_km",
            "km_a_day",
            "nearest_place",
            "nearest_km",
        ];
        let row = |flow: &Flow| {
            let text = |text: &str| Value::Text(text.to_owned());
            vec![
                Value::Integer(flow.rank as i64),
                text(&flow.home),
                text(&flow.home_name),
                text(&flow.workplace),
                text(&flow.workplace_name),
                Value::Number(flow.workers.count()),
                Value::Boolean(flow.caution),
                Value::Number(flow.distance_km),
                Value::Number(flow.km_a_day),
                flow.nearest.as_ref().map_or(Value::Unknown, |nearest| text(&nearest.id)),
                flow.nearest.as_ref().map_or(Value::Unknown, |nearest| Value::Number(nearest.distance_km)),
            ]
        };
        Table { names: names.map(str::to_owned).into(), rows: self.flows.iter().map(row).collect() }
    }
}
