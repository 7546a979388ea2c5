//! The values of a level's areas beside the rows of its layer.

use crate::atlas::{Layer, View};
use crate::geometry::scale::Metric;
use crate::layer::definition::{FieldType, GeometryType, Text};
use crate::layer::value::{Value, Values, ValuesBuilder};
use crate::territory::indicators::{Figure, Indicators, Series};

use super::breaks::{bounds, class};
use super::{ChoroplethError, MOST_CLASSES, Normalise, Question};

/// A map, ready to be joined to tiles of a layer.
#[derive(Debug)]
pub struct Choropleth {
    pub question: Question,
    /// The layer whose rows it colours.
    pub layer: String,
    pub title: Text,
    /// Unit of the number before it is divided.
    pub unit: Option<&'static str>,
    /// The lower bound of each class, and the greatest number.
    pub bounds: Vec<f64>,
    /// Areas of each class, of which nothing is unknown or not.
    pub counts: Vec<usize>,
    /// Areas that are in a class by what is known of them; areas in none.
    pub at_least: usize,
    pub missing: usize,
    /// By row.
    pub columns: Vec<(&'static str, Values)>,
    pub source: Source,
    /// Vintage of the communes.
    pub geography: String,
}

#[derive(Debug, Clone, serde::Serialize)]
pub struct Source {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
}

/// The columns of a tile: the number, its class from 0, and `known`, `at-least` or `missing`.
pub const COLUMNS: [&str; 3] = ["value", "class", "state"];

/// What is known of a row's area.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    value: Option<f64>,
    at_least: bool,
}

/// # Errors
/// `Territory`: an indicator or a level that is not here; `NoShapes`, `Classes`, `NotAdditive`, `NoPopulation`.
pub fn choropleth(view: View<'_>, indicators: &Indicators, question: &Question) -> Result<Choropleth, ChoroplethError> {
    if !(2..=MOST_CLASSES).contains(&question.classes) {
        return Err(ChoroplethError::Classes(question.classes));
    }
    let series = indicators.one(&question.indicator)?;
    if question.normalise.is_some() && !series.indicator.rule.adds_up() {
        return Err(ChoroplethError::NotAdditive(question.indicator.clone()));
    }
    let layer = layer(view, question)?;
    let rows = rows(indicators, series, layer, question)?;
    let mut whole: Vec<f64> = rows.iter().filter(|row| !row.at_least).filter_map(|row| row.value).collect();
    whole.sort_unstable_by(f64::total_cmp);
    let bounds = bounds(&whole, &question.method, question.classes);
    let classes = bounds.len().saturating_sub(1);
    let class_of = |row: &Known| row.value.filter(|_| classes > 0).map(|value| class(&bounds, value));
    let mut counts = vec![0; classes];
    rows.iter().filter_map(class_of).for_each(|class| counts[class] += 1);
    let column = |kind, cell: &dyn Fn(&Known) -> Value| {
        let mut values = ValuesBuilder::new(kind);
        rows.iter().for_each(|row| values.push(cell(row)));
        values.finish()
    };
    let number = column(FieldType::Number, &|row| row.value.map_or(Value::Unknown, Value::Number));
    let classed = column(FieldType::Integer, &|row| class_of(row).map_or(Value::Unknown, |class| Value::Integer(class as i64)));
    let state = column(FieldType::Text, &|row| Value::Text(state(row, class_of(row)).to_owned()));
    let [a, b, c] = COLUMNS;
    let (taken, missing) = (&series.taken, rows.iter().filter(|row| class_of(row).is_none()).count());
    Ok(Choropleth {
        question: question.clone(),
        layer: layer.definition().id.clone(),
        title: series.indicator.title.clone(),
        unit: series.unit.map(|unit| unit.symbol()),
        counts,
        at_least: rows.iter().filter(|row| row.at_least && class_of(row).is_some()).count(),
        missing,
        columns: vec![(a, number), (b, classed), (c, state)],
        source: Source { layer: taken.layer.clone(), vintage: taken.vintage.clone(), publisher: taken.publisher.clone() },
        geography: indicators.geography.vintage.clone(),
        bounds,
    })
}

/// Columns that are as heavy in a tile as those of any map of so many rows: no two numbers alike, to the last digit.
///
/// How far a level is thinned is measured with them, so that it is measured once for all its maps, and all show the same areas.
pub fn heaviest(rows: usize) -> Vec<(&'static str, Values)> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let column = |kind, cell: &dyn Fn(usize) -> Value| {
        let mut values = ValuesBuilder::new(kind);
        (0..rows).for_each(|row| values.push(cell(row)));
        values.finish()
    };
    let number = column(FieldType::Number, &|row| Value::Number(1e4 * (row as f64 * GOLDEN).fract()));
    let class = column(FieldType::Integer, &|row| Value::Integer((row % MOST_CLASSES) as i64));
    let state = column(FieldType::Text, &|_| Value::Text("at-least".to_owned()));
    let [a, b, c] = COLUMNS;
    vec![(a, number), (b, class), (c, state)]
}

fn state(row: &Known, class: Option<usize>) -> &'static str {
    match class {
        None => "missing",
        Some(_) if row.at_least => "at-least",
        Some(_) => "known",
    }
}

/// The layer of a level's areas, where it is drawn.
fn layer<'v>(view: View<'v>, question: &Question) -> Result<&'v Layer, ChoroplethError> {
    let drawn = |layer: &&Layer| layer.definition().tiles.is_some() && layer.definition().geometry == GeometryType::Polygon;
    let layer = question.level.layer().and_then(|id| view.layer(id)).filter(drawn);
    layer.ok_or(ChoroplethError::NoShapes(question.level))
}

fn rows(indicators: &Indicators, series: &Series, layer: &Layer, question: &Question) -> Result<Vec<Known>, ChoroplethError> {
    let areas = indicators.geography.areas(question.level)?;
    let figures = indicators.figures(series, question.level)?;
    let residents = match question.normalise {
        Some(Normalise::Population) => {
            let population = indicators.one("population").map_err(|_| ChoroplethError::NoPopulation)?;
            Some(indicators.figures(population, question.level)?)
        }
        _ => None,
    };
    let row = |row: u32| {
        let Some(area) = areas.with_code(layer.id(row)).map(|area| area as usize) else { return Known::default() };
        let divisor = match question.normalise {
            None => Some(1.0),
            Some(Normalise::Area) => Some(Metric::Ellipsoid.area_m2(&layer.shape(row)) / 1e6),
            Some(Normalise::Population) => residents.and_then(|residents| thousands(&residents[area])),
        };
        let Figure { value, at_least, .. } = figures[area];
        Known { value: value.zip(divisor.filter(|divisor| *divisor > 0.0)).map(|(value, by)| value / by), at_least }
    };
    Ok(layer.rows().map(row).collect())
}

/// Thousands of residents, where nothing is unknown of them: what is divided by part of them is not at least anything.
fn thousands(residents: &Figure) -> Option<f64> {
    residents.value.filter(|_| residents.is_whole()).map(|value| value / 1000.0)
}
