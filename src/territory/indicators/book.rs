//! What is made of a snapshot's indicators, once, and kept: the tallies, and on demand the figures of each level and their order.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::figure::Ordered;
use super::measured;
use super::parts::Parts;
use super::placing::{Placed, Taken, placed};
use super::tally::{Tally, tallies};
use super::{Figure, Standing};
use crate::atlas::{Layer, View};
use crate::geometry::units::Unit;
use crate::layer::catalogue::nearest;
use crate::layer::filter::Filter;
use crate::layer::indicator::{Absent, Indicator, Theme};
use crate::territory::geography::OUTSIDE;
use crate::territory::{Geography, Level, Territory, TerritoryError};

/// Every indicator that a caller's layers declare, over one geography.
#[derive(Debug)]
pub struct Indicators {
    pub geography: Arc<Geography>,
    /// By theme, those of the communes themselves first, then in the order of layers and ids.
    series: Vec<Series>,
    /// By the level of the parts, then by that of the areas.
    parts: [[OnceLock<Parts>; LEVELS]; LEVELS],
}

/// The layer of communes.
const PLACES: &str = "communes";

const LEVELS: usize = Level::ALL.len();

/// One indicator: a number for each area of each level.
#[derive(Debug)]
pub struct Series {
    pub id: String,
    pub indicator: Indicator,
    pub unit: Option<Unit>,
    /// The level of the smallest areas that its table tells of.
    pub base: Level,
    pub taken: Taken,
    tallies: Vec<Tally>,
    levels: [OnceLock<Ordered>; LEVELS],
}

impl Indicators {
    /// Reads the tables of all that declare any.
    ///
    /// # Errors
    /// `Twice`, `Filter`.
    pub fn of(view: View<'_>, geography: Arc<Geography>) -> Result<Indicators, TerritoryError> {
        Indicators::made(view, geography, |_| true, None)
    }

    /// Those of one theme, of the rows alone that a filter keeps too.
    ///
    /// # Errors
    /// `Filter`: it names a column that a layer of the theme does not have, or compares one with a constant of another type.
    pub fn narrowed(&self, view: View<'_>, theme: Theme, filter: &Filter) -> Result<Indicators, TerritoryError> {
        Indicators::made(view, Arc::clone(&self.geography), |indicator| indicator.theme == theme, Some(&filter.to_string()))
    }

    /// The same of one.
    ///
    /// # Errors
    /// As [`Indicators::narrowed`].
    pub fn narrowed_one(&self, view: View<'_>, series: &Series, filter: &Filter) -> Result<Indicators, TerritoryError> {
        Indicators::made(view, Arc::clone(&self.geography), |indicator| *indicator == series.indicator, Some(&filter.to_string()))
    }

    fn made(
        view: View<'_>,
        geography: Arc<Geography>,
        wanted: impl Fn(&Indicator) -> bool + Sync,
        only: Option<&str>,
    ) -> Result<Indicators, TerritoryError> {
        let asked = |layer: &&Layer| layer.definition().indicators.values().any(&wanted);
        let layers: Vec<&Layer> = view.layers().filter(asked).collect();
        let of_layer = |layer: &&Layer| {
            let all = layer.definition().indicators.iter().filter(|(_, indicator)| wanted(indicator));
            let narrowed: Vec<_> = all.map(|(id, indicator)| (id.clone(), indicator.narrowed(only))).collect();
            series(layer, &narrowed, view, &geography)
        };
        let read: Result<Vec<Vec<Series>>, TerritoryError> = layers.par_iter().map(of_layer).collect();
        let mut series: Vec<Series> = read?.into_iter().flatten().collect();
        series.sort_by_key(|series| (series.indicator.theme, series.taken.layer != PLACES));
        for (place, one) in series.iter().enumerate() {
            if let Some(other) = series[..place].iter().find(|other| other.id == one.id) {
                let layers = [other.taken.layer.clone(), one.taken.layer.clone()];
                return Err(TerritoryError::Twice { id: one.id.clone(), layers });
            }
        }
        Ok(Indicators { geography, series, parts: Default::default() })
    }

    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// # Errors
    /// `UnknownIndicator`.
    pub fn one(&self, id: &str) -> Result<&Series, TerritoryError> {
        let unknown = || {
            let nearest = nearest(id, self.series.iter().map(|series| &series.id));
            TerritoryError::UnknownIndicator { id: id.to_owned(), nearest }
        };
        self.series.iter().find(|series| series.id == id).ok_or_else(unknown)
    }

    /// The figure of each area of a level, in the order of its areas; the first call makes them.
    ///
    /// # Errors
    /// `NoLevel`: of `custom`, and of those that nothing in the snapshot tells of.
    pub fn figures<'s>(&self, series: &'s Series, level: Level) -> Result<&'s [Figure], TerritoryError> {
        Ok(&self.ordered(series, level)?.figures)
    }

    /// The figure of a territory.
    pub fn figure(&self, series: &Series, territory: &Territory) -> Figure {
        let known = || {
            let area = self.geography.areas(territory.level).ok()?.with_code(&territory.code)?;
            self.figures(series, territory.level).ok()?.get(area as usize).copied()
        };
        known().unwrap_or_else(|| self.of_communes(series, territory))
    }

    /// Where a territory stands among the areas of its level; `None` for a list of communes, and where part of its number is unknown.
    pub fn standing(&self, series: &Series, territory: &Territory) -> Option<Standing> {
        let ordered = self.ordered(series, territory.level).ok()?;
        ordered.standing(self.figure(series, territory))
    }

    fn ordered<'s>(&self, series: &'s Series, level: Level) -> Result<&'s Ordered, TerritoryError> {
        let areas = self.geography.areas(level)?;
        let base = self.geography.areas(series.base)?;
        let make = || {
            let parts = &self.parts[series.base as usize][level as usize];
            let parts = parts.get_or_init(|| Parts::of(base.of_commune(), areas.of_commune(), base.len()));
            let sums = parts.sum(&series.tallies, series.nowhere(), areas.len());
            Ordered::of(sums.iter().map(|sum| series.figure(sum)).collect())
        };
        Ok(series.levels[level as usize].get_or_init(make))
    }

    fn of_communes(&self, series: &Series, territory: &Territory) -> Figure {
        let Ok(base) = self.geography.areas(series.base) else { return Figure::default() };
        if series.base == Level::Commune {
            let mut sum = Tally::default();
            territory.communes.iter().for_each(|&commune| sum += series.tallies[base.of_commune()[commune as usize] as usize]);
            return series.figure(&sum);
        }
        let mut area = vec![OUTSIDE; self.geography.len()];
        territory.communes.iter().for_each(|&commune| area[commune as usize] = 0);
        let sums = Parts::of(base.of_commune(), &area, base.len()).sum(&series.tallies, series.nowhere(), 1);
        series.figure(&sums[0])
    }
}

impl Series {
    /// What communes stand for that are in no area that the table could tell of.
    fn nowhere(&self) -> Tally {
        if self.indicator.absent == Absent::Zero { Tally::NOTHING } else { Tally::UNKNOWN }
    }

    fn figure(&self, sum: &Tally) -> Figure {
        sum.figure(&self.indicator.rule, self.unit)
    }
}

/// The indicators of one layer: rows are placed once for all that add them up. None of them where nothing tells where its rows are.
fn series(
    layer: &Layer,
    indicators: &[(String, Indicator)],
    view: View<'_>,
    geography: &Geography,
) -> Result<Vec<Series>, TerritoryError> {
    let definition = layer.definition();
    let (measured, summed): (Vec<_>, Vec<_>) = indicators.iter().partition(|(_, indicator)| indicator.rule.measures());
    let wrong =
        |id: &str, error| TerritoryError::Filter { layer: definition.id.clone(), id: id.to_owned(), error: Box::new(error) };
    let one = |id: &str, indicator: &Indicator, base, taken, tallies| Series {
        id: id.to_owned(),
        unit: indicator.unit_in(definition),
        indicator: indicator.clone(),
        base,
        taken,
        tallies,
        levels: Default::default(),
    };
    let mut all = Vec::with_capacity(indicators.len());
    for (id, indicator) in measured {
        let by_row = measured::tallies(layer, indicator, view, geography).map_err(|error| wrong(id, error))?;
        all.push(one(id, indicator, Level::Commune, Taken::of(layer), by_code(&by_row, geography)?));
    }
    let placed: Option<Placed> = if summed.is_empty() { None } else { placed(layer, view, geography) };
    let Some(placed) = placed else { return Ok(all) };
    let areas = geography.areas(placed.level)?.len();
    for (id, indicator) in summed {
        let (tallies, negative) = tallies(layer, indicator, &placed, areas).map_err(|error| wrong(id, error))?;
        all.push(one(id, indicator, placed.level, Taken { negative, ..placed.taken.clone() }, tallies));
    }
    Ok(all)
}

/// Tallies by the rows of the layer of communes, in the order of the communes' codes.
fn by_code(by_row: &[Tally], geography: &Geography) -> Result<Vec<Tally>, TerritoryError> {
    let areas = geography.areas(Level::Commune)?;
    let mut tallies = vec![Tally::UNKNOWN; areas.len()];
    areas.of_commune().iter().zip(by_row).for_each(|(&area, tally)| tallies[area as usize] = *tally);
    Ok(tallies)
}
