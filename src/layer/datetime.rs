//! The `datetime` of OGC APIs (OGC 17-069r4 §7.15.4): an instant or an interval, and what it selects of a layer.

use std::fmt;

use jiff::civil::Date;

use super::definition::{FieldType, LayerDefinition};
use super::filter::{Filter, Literal, Name, Operator};

/// Days from one to another, both included; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date or interval; write 2024-10-31, 2024-01-01/2024-12-31, ../2024-12-31 or 2024-01-01/..")]
pub struct DatetimeError(String);

impl Interval {
    /// Reads an instant or an interval of dates, or of times of which the day counts.
    ///
    /// # Errors
    /// What is neither, an interval open at both ends, and one that ends before it begins.
    pub fn parse(text: &str) -> Result<Interval, DatetimeError> {
        let wrong = || DatetimeError(text.to_owned());
        let day = |text: &str| -> Result<Option<Date>, DatetimeError> {
            let date = text.split(['T', 't']).next().unwrap_or(text);
            let open = text.is_empty() || text == "..";
            if open { Ok(None) } else { date.parse().map(Some).map_err(|_| wrong()) }
        };
        let (from, to) = match text.split_once('/') {
            Some((from, to)) => (day(from)?, day(to)?),
            None => (day(text)?, day(text)?),
        };
        let backwards = matches!((from, to), (Some(from), Some(to)) if from > to);
        if backwards || (from.is_none() && to.is_none()) { Err(wrong()) } else { Ok(Interval { from, to }) }
    }

    /// The rows of a layer whose date lies within. One whose date is not known is kept, and so is every row of a layer without
    /// dates: `None`.
    pub fn filter(self, layer: &LayerDefinition) -> Option<Filter> {
        let column = || time_column(layer).map(|name| Name { text: name.to_owned(), position: 1 });
        let compared = |operator, date| {
            let value = Literal::Date(date);
            column().map(|column| Filter::Compare { column, operator, value })
        };
        let ends = [
            self.from.and_then(|date| compared(Operator::GreaterOrEqual, date)),
            self.to.and_then(|date| compared(Operator::LessOrEqual, date)),
        ];
        let within = Filter::And(ends.into_iter().flatten().collect());
        Some(Filter::Or(vec![Filter::Null { column: column()? }, within]))
    }
}

/// The date of a layer's features: its column `updated`, or the only one of its dates.
pub fn time_column(layer: &LayerDefinition) -> Option<&str> {
    let mut dates = layer.columns.iter().filter(|(_, column)| column.kind == FieldType::Date).map(|(name, _)| name.as_str());
    if layer.columns.get("updated").is_some_and(|column| column.kind == FieldType::Date) {
        return Some("updated");
    }
    let only = dates.next()?;
    dates.next().is_none().then_some(only)
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |date: Option<Date>| date.map_or_else(|| "..".to_owned(), |date| date.to_string());
        if self.from == self.to { f.write_str(&end(self.from)) } else { write!(f, "{}/{}", end(self.from), end(self.to)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_intervals() {
        let normal = |text: &str| Interval::parse(text).map(|interval| interval.to_string());
        for (text, expected) in [
            ("2024-10-31", "2024-10-31"),
            ("2024-10-31T12:00:00Z", "2024-10-31"),
            ("2024-01-01/2024-12-31", "2024-01-01/2024-12-31"),
            ("2024-01-01/2024-01-01", "2024-01-01"),
            ("../2024-12-31", "../2024-12-31"),
            ("2024-01-01/", "2024-01-01/.."),
        ] {
            assert_eq!(normal(text).as_deref(), Ok(expected));
        }
        for wrong in ["", "..", "../..", "2024-13-01", "yesterday", "2024-12-31/2024-01-01", "2024-01-01/2/3"] {
            assert!(normal(wrong).unwrap_err().to_string().contains("no date"), "{wrong}");
        }
    }
}
