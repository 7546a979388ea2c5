//! Units and quantities: a number never travels without the unit it was written in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a unit measures. Two quantities compare only within one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Length,
    Area,
    Share,
    Power,
    Voltage,
    Duration,
    Speed,
    Mass,
    Money,
    MoneyPerArea,
    Count,
}

/// A unit that layers declare and specifications write. The table [`UNITS`] is the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit(&'static Row);

#[derive(Debug, PartialEq)]
struct Row {
    symbol: &'static str,
    aliases: &'static [&'static str],
    dimension: Dimension,
    /// Size in the dimension's base unit (m, m², 1, kW, V, day, km/h, t, EUR, EUR/m²).
    factor: f64,
}

impl Eq for Row {}

const fn row(symbol: &'static str, aliases: &'static [&'static str], dimension: Dimension, factor: f64) -> Row {
    Row { symbol, aliases, dimension, factor }
}

/// Months and years are the Gregorian averages (365.2425 days a year).
const UNITS: &[Row] = &[
    row("m", &[], Dimension::Length, 1.0),
    row("km", &[], Dimension::Length, 1000.0),
    row("m2", &["m²"], Dimension::Area, 1.0),
    row("ha", &[], Dimension::Area, 10_000.0),
    row("km2", &["km²"], Dimension::Area, 1_000_000.0),
    row("ratio", &[], Dimension::Share, 1.0),
    row("%", &["percent"], Dimension::Share, 0.01),
    row("kW", &[], Dimension::Power, 1.0),
    row("MW", &[], Dimension::Power, 1000.0),
    row("V", &[], Dimension::Voltage, 1.0),
    row("kV", &[], Dimension::Voltage, 1000.0),
    row("min", &[], Dimension::Duration, 1.0 / 1440.0),
    row("h", &[], Dimension::Duration, 1.0 / 24.0),
    row("days", &["day"], Dimension::Duration, 1.0),
    row("months", &["month"], Dimension::Duration, 365.2425 / 12.0),
    row("years", &["year"], Dimension::Duration, 365.2425),
    row("km/h", &[], Dimension::Speed, 1.0),
    row("t", &[], Dimension::Mass, 1.0),
    row("EUR", &["€"], Dimension::Money, 1.0),
    row("EUR/m2", &["€/m²", "€/m2"], Dimension::MoneyPerArea, 1.0),
    row("persons", &["workers", "residents"], Dimension::Count, 1.0),
    row("jobs", &[], Dimension::Count, 1.0),
    row("vehicles", &[], Dimension::Count, 1.0),
    row("points", &[], Dimension::Count, 1.0),
];

impl Unit {
    pub fn metre() -> Unit {
        Unit(&UNITS[0])
    }

    pub fn kilometre() -> Unit {
        Unit(&UNITS[1])
    }

    pub fn square_metre() -> Unit {
        Unit(&UNITS[2])
    }

    pub fn ratio() -> Unit {
        Unit(&UNITS[5])
    }

    pub fn percent() -> Unit {
        Unit(&UNITS[6])
    }

    pub fn symbol(self) -> &'static str {
        self.0.symbol
    }

    pub fn dimension(self) -> Dimension {
        self.0.dimension
    }

    /// `value` of this unit, in the dimension's base unit.
    pub fn to_base(self, value: f64) -> f64 {
        value * self.0.factor
    }

    /// `value` of this unit, in `other`; `None` across dimensions.
    pub fn convert(self, value: f64, other: Unit) -> Option<f64> {
        (self.dimension() == other.dimension()).then(|| value * self.0.factor / other.0.factor)
    }

    /// Every symbol, for messages and schemas.
    pub fn symbols() -> impl Iterator<Item = &'static str> {
        UNITS.iter().map(|row| row.symbol)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// A unit or a quantity that could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnitError {
    #[error("`{text}` is not a unit; did you mean `{nearest}`? (units: {all})")]
    Unknown { text: String, nearest: &'static str, all: String },
    #[error("`{0}` is not a quantity; write a number and its unit, such as `8 ha`")]
    NotAQuantity(String),
}

impl FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Unit, UnitError> {
        let known = UNITS.iter().find(|row| row.symbol == text || row.aliases.contains(&text));
        known.map(Unit).ok_or_else(|| UnitError::Unknown {
            text: text.to_owned(),
            nearest: nearest_symbol(text),
            all: Unit::symbols().collect::<Vec<_>>().join(", "),
        })
    }
}

fn nearest_symbol(text: &str) -> &'static str {
    let distance = |symbol: &str| strsim::damerau_levenshtein(&symbol.to_lowercase(), &text.to_lowercase());
    UNITS.iter().map(|row| row.symbol).min_by_key(|symbol| distance(symbol)).unwrap_or("m")
}

/// A number as a person writes it: `8 ha`, `500 m`, `60 %`, `20000`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    pub value: f64,
    /// `None` for a bare number.
    pub unit: Option<Unit>,
}

impl FromStr for Quantity {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Quantity, UnitError> {
        let text = text.trim();
        let bad = || UnitError::NotAQuantity(text.to_owned());
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-' | '_')).unwrap_or(text.len());
        let value: f64 = text[..end].replace('_', "").parse().map_err(|_| bad())?;
        let unit = match text[end..].trim() {
            "" => None,
            symbol => Some(symbol.parse()?),
        };
        if value.is_finite() { Ok(Quantity { value, unit }) } else { Err(bad()) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Some(unit) => write!(f, "{} {unit}", self.value),
            None => write!(f, "{}", self.value),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unit, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Unit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Unit".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let all: Vec<&str> =
            UNITS.iter().flat_map(|row| std::iter::once(row.symbol).chain(row.aliases.iter().copied())).collect();
        schemars::json_schema!({ "type": "string", "enum": all })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_and_convert() {
        let eight: Quantity = "8 ha".parse().unwrap();
        assert_eq!(eight.unit.unwrap().to_base(eight.value), 80_000.0);
        assert_eq!("2.5km".parse::<Quantity>().unwrap().unit.unwrap().to_base(2.5), 2500.0);
        assert_eq!("20_000".parse::<Quantity>().unwrap(), Quantity { value: 20_000.0, unit: None });
        let km: Unit = "km".parse().unwrap();
        assert_eq!(km.convert(1.0, "ha".parse().unwrap()), None, "a length is no area");
    }

    #[test]
    fn a_wrong_unit_suggests_the_nearest() {
        let error = "5 kms".parse::<Quantity>().unwrap_err().to_string();
        assert!(error.contains("did you mean `km`"), "{error}");
        assert!("ha".parse::<Quantity>().is_err());
        assert!("NaN ha".parse::<Quantity>().is_err());
    }
}
