//! Which rows are asked for, and in which order.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;

use crate::atlas::Layer;
use crate::atlas::filter::{Absent, bind_layer};
use crate::http::error::HttpError;
use crate::http::features::asked::Asked;
use crate::layer::value::{Value, Values};

/// The selected rows.
#[derive(Debug, Clone)]
pub enum Selection {
    /// All of them, in the layer's own order.
    All(usize),
    Rows(Arc<[u32]>),
}

impl Selection {
    pub fn len(&self) -> usize {
        match self {
            Selection::All(len) => *len,
            Selection::Rows(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows from one position on.
    pub fn rows(&self, from: usize, count: usize) -> impl Iterator<Item = u32> + '_ {
        let end = from.saturating_add(count).min(self.len());
        (from.min(end)..end).map(move |at| match self {
            Selection::All(_) => at as u32,
            Selection::Rows(rows) => rows[at],
        })
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        match self {
            Selection::All(_) => 0,
            Selection::Rows(rows) => rows.len() * size_of::<u32>(),
        }
    }
}

/// # Errors
/// `Parameters`: a filter that does not fit the layer.
pub fn select(asked: &Asked, layer: &Layer) -> Result<Selection, HttpError> {
    let filter = asked.filter.as_ref();
    let bound = filter.map(|filter| bind_layer(filter, layer, asked.filter_system, Absent::Error)).transpose();
    let bound = bound.map_err(|error| HttpError::Parameters(format!("the filter does not fit the layer: {error}")))?;
    if asked.window.is_none() && bound.is_none() && asked.interval.is_none() && asked.order.is_empty() {
        return Ok(Selection::All(layer.len()));
    }
    let dates: Vec<&[Option<Date>]> = dates(layer);
    let keeps = |row: &u32| {
        bound.as_ref().is_none_or(|bound| bound.keeps(*row))
            && asked.interval.is_none_or(|interval| is_dated(&dates, *row, interval))
    };
    let mut rows: Vec<u32> = match &asked.window {
        Some(window) => window.rows(layer).into_iter().filter(keeps).collect(),
        None => layer.rows().filter(keeps).collect(),
    };
    sort(&mut rows, &asked.order, layer);
    Ok(Selection::Rows(rows.into()))
}

fn dates(layer: &Layer) -> Vec<&[Option<Date>]> {
    let columns = layer.columns().filter_map(|(_, values)| match values {
        Values::Date(dates) => Some(dates.as_slice()),
        _ => None,
    });
    columns.collect()
}

/// Whether any date of a row lies in an interval, ends included (Part 1 §7.15.4 leaves open which of several counts).
fn is_dated(columns: &[&[Option<Date>]], row: u32, [from, to]: [Option<Date>; 2]) -> bool {
    let inside = |date: Date| from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to);
    columns.iter().filter_map(|dates| dates[row as usize]).any(inside)
}

/// Unknown cells stand last, whichever way the others go; equal rows stay in the layer's order.
fn sort(rows: &mut [u32], order: &[(String, bool)], layer: &Layer) {
    let columns: Vec<(&Values, bool)> =
        order.iter().filter_map(|(name, descending)| Some((layer.values(name)?, *descending))).collect();
    if columns.is_empty() {
        return;
    }
    rows.sort_by(|&a, &b| {
        let by_column = |(values, descending): &(&Values, bool)| compare(&values.get(a), &values.get(b), *descending);
        columns.iter().map(by_column).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

fn compare(a: &Value, b: &Value, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Value::Unknown, Value::Unknown) => return Ordering::Equal,
        (Value::Unknown, _) => return Ordering::Greater,
        (_, Value::Unknown) => return Ordering::Less,
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}
