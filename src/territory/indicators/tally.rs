//! Sums of rows, place by place, with what is missing in them.

use std::ops::AddAssign;

use jiff::civil::Date;

use super::Figure;
use super::placing::Placed;
use crate::atlas::Layer;
use crate::atlas::filter::{Absent as Columns, BindError, Bound, bind};
use crate::geometry::units::Unit;
use crate::layer::filter;
use crate::layer::indicator::{Absent, Indicator, Rule};
use crate::layer::value::Values;
use crate::territory::geography::OUTSIDE;

/// What is known of some places, for one indicator. Adding two is how a territory is made of its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// What is summed, or divided; and what by.
    top: f64,
    bottom: f64,
    /// Places where part of it is unknown.
    top_missing: u32,
    bottom_missing: u32,
    /// Places of which anything is known, of which all is, and all places.
    some: u32,
    known: u32,
    of: u32,
}

impl Tally {
    /// One place of which nothing is known.
    pub const UNKNOWN: Tally = Tally { top: 0.0, bottom: 0.0, top_missing: 1, bottom_missing: 1, some: 0, known: 0, of: 1 };

    /// One place of which it is known that there is nothing.
    pub const NOTHING: Tally = Tally { top: 0.0, bottom: 0.0, top_missing: 0, bottom_missing: 0, some: 1, known: 1, of: 1 };

    /// A place where something is `top` of `bottom`, as far as either is known.
    pub fn measured(top: Option<f64>, bottom: Option<f64>) -> Tally {
        Tally {
            top: top.unwrap_or_default(),
            bottom: bottom.unwrap_or_default(),
            top_missing: top.is_none().into(),
            bottom_missing: bottom.is_none().into(),
            some: top.is_some().into(),
            known: (top.is_some() && bottom.is_some()).into(),
            of: 1,
        }
    }

    /// The number that it comes to: the rules are those of the folder's front page.
    pub fn figure(&self, rule: &Rule, unit: Option<Unit>) -> Figure {
        let value = match rule {
            Rule::Count | Rule::Sum(_) => Some(self.top),
            Rule::WeightedMean { .. } => self.divided(),
            Rule::Nearest => self.divided().and_then(|metres| Unit::metre().convert(metres, unit?)),
            Rule::Ratio { .. } | Rule::Cover => {
                self.divided().map(|ratio| unit.and_then(|unit| Unit::ratio().convert(ratio, unit)).unwrap_or(ratio))
            }
        };
        let value = value.filter(|_| self.some > 0);
        Figure { value, at_least: value.is_some() && self.top_missing > 0, known: self.known, of: self.of }
    }

    fn divided(&self) -> Option<f64> {
        (self.bottom_missing == 0 && self.bottom > 0.0).then(|| self.top / self.bottom)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.top += other.top;
        self.bottom += other.bottom;
        self.top_missing += other.top_missing;
        self.bottom_missing += other.bottom_missing;
        self.some += other.some;
        self.known += other.known;
        self.of += other.of;
    }
}

/// What rows of one place come to.
#[derive(Clone, Copy, Default)]
struct Heap {
    /// Whether the table says anything of the place.
    told: bool,
    top: Part,
    bottom: Part,
}

/// A sum of cells.
#[derive(Clone, Copy, Default)]
struct Part {
    sum: f64,
    some: bool,
    missing: bool,
}

impl Part {
    const MISSING: Part = Part { sum: 0.0, some: false, missing: true };

    fn of(cell: Option<f64>) -> Part {
        cell.map_or(Part::MISSING, |sum| Part { sum, some: true, missing: false })
    }
}

impl AddAssign for Part {
    fn add_assign(&mut self, other: Part) {
        self.sum += other.sum;
        self.some |= other.some;
        self.missing |= other.missing;
    }
}

/// The tally of each of `areas` places, and the number of cells below zero.
///
/// # Errors
/// A filter that compares a column with a constant of another type.
pub fn tallies(layer: &Layer, indicator: &Indicator, placed: &Placed, areas: usize) -> Result<(Vec<Tally>, u64), BindError> {
    let cells = Cells::of(layer, &indicator.rule);
    let only = bound(layer, indicator)?;
    let newest = indicator.latest.as_ref().and_then(|column| layer.values(column)).map(|dates| Newest::of(dates, placed, areas));
    let mut heaps = vec![Heap::default(); areas];
    let mut negative = 0;
    for row in layer.rows() {
        let area = placed.area[row as usize];
        if area == OUTSIDE {
            continue;
        }
        let heap = &mut heaps[area as usize];
        heap.told = true;
        if newest.as_ref().is_some_and(|newest| !newest.is(row, area)) {
            continue;
        }
        match only.as_ref().map_or(Some(true), |only| only.answer(row)) {
            Some(false) => {}
            None => {
                heap.top += Part::MISSING;
                heap.bottom += Part::MISSING;
            }
            Some(true) => {
                let (top, bottom) = cells.row(row, &mut negative);
                heap.top += top;
                heap.bottom += bottom;
            }
        }
    }
    let tally = |heap: &Heap| heap.tally(indicator);
    Ok((heaps.iter().map(tally).collect(), negative))
}

pub fn bound<'l>(layer: &'l Layer, indicator: &Indicator) -> Result<Option<Bound<'l>>, BindError> {
    // That it reads was seen to when the layer was.
    let Some(only) = indicator.only.as_deref().and_then(|text| filter::parse(text).ok()) else { return Ok(None) };
    bind(&only, &layer.definition().columns, |name| layer.values(name), Columns::Error).map(Some)
}

impl Heap {
    fn tally(&self, indicator: &Indicator) -> Tally {
        if !self.told && indicator.absent == Absent::Unknown {
            return Tally::UNKNOWN;
        }
        let missing = self.top.missing || self.bottom.missing;
        // Rows of which none counts say that there is nothing.
        let some = self.top.some || !self.top.missing;
        Tally {
            top: self.top.sum,
            bottom: self.bottom.sum,
            top_missing: self.top.missing.into(),
            bottom_missing: self.bottom.missing.into(),
            some: some.into(),
            known: (!missing).into(),
            of: 1,
        }
    }
}

/// The cells that a rule reads.
enum Cells<'l> {
    Count,
    Sum(Vec<&'l Values>),
    Mean { of: Option<&'l Values>, weight: Option<&'l Values> },
    Ratio { of: Vec<&'l Values>, to: Vec<&'l Values> },
}

impl<'l> Cells<'l> {
    fn of(layer: &'l Layer, rule: &Rule) -> Cells<'l> {
        let all = |columns: &[String]| columns.iter().filter_map(|column| layer.values(column)).collect();
        match rule {
            // What is measured is not read from cells.
            Rule::Count | Rule::Nearest | Rule::Cover => Cells::Count,
            Rule::Sum(columns) => Cells::Sum(all(columns)),
            Rule::WeightedMean { of, weight } => Cells::Mean { of: layer.values(of), weight: layer.values(weight) },
            Rule::Ratio { of, to } => Cells::Ratio { of: all(of), to: all(to) },
        }
    }

    fn row(&self, row: u32, negative: &mut u64) -> (Part, Part) {
        let mut number = |values: &Values| {
            let number = values.number(row)?;
            *negative += u64::from(number < 0.0);
            (number >= 0.0).then_some(number)
        };
        let mut sum = |columns: &[&Values]| {
            let mut sum = Part::default();
            columns.iter().for_each(|values| sum += Part::of(number(values)));
            sum
        };
        match self {
            Cells::Count => (Part::of(Some(1.0)), Part::default()),
            Cells::Sum(columns) => (sum(columns), Part::default()),
            Cells::Ratio { of, to } => (sum(of), sum(to)),
            Cells::Mean { of, weight } => {
                let weight = weight.and_then(&mut number);
                let Some(weight) = weight else { return (Part::MISSING, Part::MISSING) };
                let weighed = if weight == 0.0 { Some(0.0) } else { of.and_then(&mut number).map(|cell| cell * weight) };
                (Part::of(weighed), Part::of(Some(weight)))
            }
        }
    }
}

/// The latest day of each place.
struct Newest<'l> {
    dates: &'l Values,
    of_area: Vec<Option<Date>>,
}

impl<'l> Newest<'l> {
    fn of(dates: &'l Values, placed: &Placed, areas: usize) -> Newest<'l> {
        let mut newest = Newest { dates, of_area: vec![None; areas] };
        for (row, &area) in placed.area.iter().enumerate().filter(|(_, area)| **area != OUTSIDE) {
            let latest = &mut newest.of_area[area as usize];
            *latest = (*latest).max(date(dates, row as u32));
        }
        newest
    }

    fn is(&self, row: u32, area: u32) -> bool {
        date(self.dates, row) == self.of_area[area as usize]
    }
}

fn date(values: &Values, row: u32) -> Option<Date> {
    match values {
        Values::Date(dates) => dates[row as usize],
        _ => None,
    }
}
