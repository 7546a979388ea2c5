//! What the readings of a measure are, and how quantities on that scale are read from text.

use jiff::civil::{Date, date};

use crate::geometry::units::{Dimension, Quantity, Unit};
use crate::layer::definition::{Column, FieldType};
use crate::siting::resolve::ScaleError;

/// The kind of a measure's readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Numbers of a unit, read in its dimension's base unit; of none for plain numbers.
    Number(Option<Unit>),
    /// Days since 1970-01-01.
    Date,
    /// 1 for true, 0 for false.
    Truth,
    Words,
}

/// Later than every date that can be written: never.
pub const NEVER_DAYS: f64 = 2_932_897.0;

const EPOCH: Date = date(1970, 1, 1);

impl Scale {
    pub fn length() -> Scale {
        Scale::Number(Some(Unit::metre()))
    }

    pub fn area() -> Scale {
        Scale::Number(Some(Unit::square_metre()))
    }

    pub fn share() -> Scale {
        Scale::Number(Some(Unit::ratio()))
    }

    pub fn of_column(column: &Column) -> Scale {
        match column.kind {
            FieldType::Text => Scale::Words,
            FieldType::Boolean => Scale::Truth,
            FieldType::Date => Scale::Date,
            FieldType::Number | FieldType::Integer => Scale::Number(column.unit),
        }
    }

    /// What is written, in base units, with the unit of its writing.
    pub fn read(self, text: &str) -> Result<(f64, Option<Unit>), ScaleError> {
        match self {
            Scale::Number(unit) => number(text, unit),
            Scale::Date => {
                let parsed: Option<Date> = text.trim().parse().ok();
                parsed.map(|date| (days(date), None)).ok_or_else(|| ScaleError::Date(text.to_owned()))
            }
            Scale::Truth => match text.trim().to_ascii_lowercase().as_str() {
                "true" => Ok((1.0, None)),
                "false" => Ok((0.0, None)),
                _ => Err(ScaleError::Truth(text.to_owned())),
            },
            Scale::Words => Err(ScaleError::Words(text.to_owned())),
        }
    }
}

fn number(text: &str, unit: Option<Unit>) -> Result<(f64, Option<Unit>), ScaleError> {
    let quantity: Quantity = text.parse().map_err(ScaleError::Quantity)?;
    let countable = |unit: Unit| unit.dimension() == Dimension::Count;
    match (quantity.unit, unit) {
        (Some(written), Some(unit)) if written.dimension() == unit.dimension() => {
            Ok((written.to_base(quantity.value), Some(written)))
        }
        (Some(written), None) if countable(written) => Ok((quantity.value, Some(written))),
        (Some(written), Some(unit)) => Err(ScaleError::Dimension { text: text.to_owned(), written, unit }),
        (Some(_), None) => Err(ScaleError::Unitless(text.to_owned())),
        (None, None) => Ok((quantity.value, None)),
        (None, Some(unit)) if countable(unit) => Ok((quantity.value, Some(unit))),
        (None, Some(unit)) => Err(ScaleError::NoUnit { text: text.to_owned(), unit }),
    }
}

/// Days from 1970-01-01 to a date.
pub fn days(date: Date) -> f64 {
    f64::from(date.duration_since(EPOCH).as_hours() as i32) / 24.0
}

/// The date so many days after 1970-01-01; `None` beyond year 9999: never.
pub fn date_of(days: f64) -> Option<Date> {
    EPOCH.checked_add(jiff::SignedDuration::from_hours(days as i64 * 24)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_in_base_units() {
        assert_eq!(Scale::area().read("8 ha").unwrap().0, 80_000.0);
        assert_eq!(Scale::share().read("60 %").unwrap().0, 0.6);
        assert_eq!(Scale::Number(None).read("20").unwrap(), (20.0, None));
        assert_eq!(Scale::Number(None).read("20 points").unwrap().0, 20.0);
        assert_eq!(Scale::Truth.read("true").unwrap().0, 1.0);
        let day = Scale::Date.read("2024-02-29").unwrap().0;
        assert_eq!(date_of(day).unwrap().to_string(), "2024-02-29");
        assert_eq!(Scale::Date.read("1969-12-31").unwrap().0, -1.0);
        assert_eq!(date_of(NEVER_DAYS - 1.0).unwrap().to_string(), "9999-12-31");
        assert_eq!(date_of(NEVER_DAYS), None);
    }

    #[test]
    fn what_does_not_fit_the_scale_is_refused() {
        let says = |scale: Scale, text: &str| scale.read(text).unwrap_err().to_string();
        assert!(says(Scale::length(), "8 ha").contains("`8 ha` is not a length"));
        assert!(says(Scale::area(), "8").contains("write its unit"));
        assert!(says(Scale::length(), "8 kms").contains("did you mean `km`"));
        assert!(says(Scale::Number(None), "8 ha").contains("without a unit"));
        assert!(says(Scale::Date, "31/01/2024").contains("is not a date"));
        assert!(says(Scale::Truth, "yes").contains("true or false"));
    }
}
