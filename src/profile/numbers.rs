//! One number of a profile.

use serde::Serialize;

use super::book::Book;
use crate::layer::definition::Text;
use crate::layer::indicator::Theme;
use crate::territory::indicators::placing::Taken;
use crate::territory::indicators::{Figure, Series, Standing};
use crate::territory::{Indicators, Level, Territory};

/// A number with all that a reader needs to judge it.
#[derive(Debug, Clone, Serialize)]
pub struct Number {
    pub id: String,
    pub title: Text,
    pub unit: Option<&'static str>,
    #[serde(flatten)]
    pub figure: Figure,
    /// Among the areas of the same level, the largest number first; `null` for a list of communes, and where part of it is unknown.
    pub rank: Option<Standing>,
    /// The same number of what surrounds the territory.
    pub surroundings: Option<Figure>,
    pub rule: &'static str,
    pub source: Source,
    #[serde(skip)]
    pub theme: Theme,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    pub layer: String,
    pub publisher: String,
    pub vintage: String,
    /// Rows that no area is known of: they are in no sum.
    pub not_mapped: u64,
}

/// The territories that numbers are told of.
pub struct Told<'t> {
    pub territory: &'t Territory,
    pub surroundings: Option<&'t Territory>,
}

impl Source {
    fn of(taken: &Taken) -> Source {
        let Taken { layer, publisher, vintage, not_mapped, .. } = taken;
        Source { layer: layer.clone(), publisher: publisher.clone(), vintage: vintage.clone(), not_mapped: *not_mapped }
    }
}

/// All numbers of the indicators and of the flows, by theme.
pub fn numbers(book: &Book, told: &Told<'_>, projects: Option<&Indicators>) -> Vec<Number> {
    let own = book.indicators.series().iter().filter(|series| projects.is_none() || series.indicator.theme != Theme::Projects);
    let own = own.map(|series| number(&book.indicators, series, told));
    let narrowed =
        projects.into_iter().flat_map(|narrowed| narrowed.series().iter().map(move |series| number(narrowed, series, told)));
    let mut all: Vec<Number> = own.chain(narrowed).collect();
    all.extend(book.flows.iter().flat_map(|flows| flows.numbers(told)));
    all.sort_by_key(|number| number.theme);
    all
}

fn number(indicators: &Indicators, series: &Series, told: &Told<'_>) -> Number {
    Number {
        id: series.id.clone(),
        title: series.indicator.title.clone(),
        unit: series.unit.map(crate::geometry::units::Unit::symbol),
        figure: indicators.figure(series, told.territory),
        // A country has no peer here.
        rank: (told.territory.level != Level::Country).then(|| indicators.standing(series, told.territory)).flatten(),
        surroundings: told.surroundings.map(|around| indicators.figure(series, around)),
        rule: series.indicator.rule.word(),
        source: Source::of(&series.taken),
        theme: series.indicator.theme,
    }
}
