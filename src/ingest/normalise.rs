//! A cell as it is written, made what its column says it is.

use jiff::civil::Date;

use crate::ingest::columns::matches;
use crate::ingest::read::Cell;
use crate::layer::definition::{Column, FieldType, Read};
use crate::layer::value::Value;
use crate::snapshot::manifest::ProblemKind;

/// The value of a cell, and what was wrong with it. A cell that does not read as its type is unknown; its row is kept.
pub fn normalise(cell: &Cell, column: &Column, read: &Read) -> (Value, Option<ProblemKind>) {
    let written = cell.written();
    let text = written.trim();
    if text.is_empty() || read.nulls.iter().any(|null| null == text) {
        return (Value::Unknown, None);
    }
    if column.secret.iter().any(|word| word == text) {
        return (Value::Unknown, Some(ProblemKind::Secret));
    }
    let (text, listed) = translate(text, column);
    match column.kind {
        FieldType::Text => {
            let (text, padded) = pad(text, column.pad);
            let problem = if padded { Some(ProblemKind::PaddedCode) } else { (!listed).then_some(ProblemKind::UnlistedWord) };
            (Value::Text(text), problem)
        }
        kind => parse(text, kind, read).map_or((Value::Unknown, Some(ProblemKind::UnreadableCell)), |value| (value, None)),
    }
}

/// Our word for a source's, and whether the layer lists it. Our own words are listed.
fn translate<'t>(text: &'t str, column: &'t Column) -> (&'t str, bool) {
    if let Some(word) = column.values.get(text) {
        return (word, true);
    }
    match column.values.iter().find(|(pattern, _)| pattern.contains('*') && matches(pattern, text)) {
        Some((_, word)) => (word, true),
        None => (text, column.values.is_empty() || column.values.values().any(|word| word == text)),
    }
}

/// Codes are numbers to spreadsheets, which drop their leading zeros.
fn pad(text: &str, length: Option<u8>) -> (String, bool) {
    let length = usize::from(length.unwrap_or(0));
    let short = text.len() < length && text.starts_with(|c: char| c.is_ascii_digit());
    (if short { format!("{text:0>length$}") } else { text.to_owned() }, short)
}

fn parse(text: &str, kind: FieldType, read: &Read) -> Option<Value> {
    match kind {
        FieldType::Text => Some(Value::Text(text.to_owned())),
        FieldType::Number => parse_number(text, read.decimal).map(Value::Number),
        FieldType::Integer => parse_integer(text, read.decimal).map(Value::Integer),
        FieldType::Boolean => parse_boolean(text).map(Value::Boolean),
        FieldType::Date => parse_date(text, read.date.as_deref()).map(Value::Date),
    }
}

fn parse_number(text: &str, decimal: Option<char>) -> Option<f64> {
    // Only digits and what goes with them: `inf` and `NaN` are no numbers here.
    let plain = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let text = match decimal {
        Some(mark) if mark != '.' => text.replace(mark, "."),
        _ => text.to_owned(),
    };
    text.parse().ok().filter(|number: &f64| plain(&text) && number.is_finite())
}

fn parse_integer(text: &str, decimal: Option<char>) -> Option<i64> {
    /// Beyond it a float no longer tells whole numbers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    text.parse().ok().or_else(|| parse_number(text, decimal).filter(whole).map(|number| number as i64))
}

fn parse_boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "oui" | "o" | "vrai" => Some(true),
        "false" | "f" | "0" | "no" | "n" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// The layer's own format, else ISO 8601: extended, basic, or the day of a date and time.
fn parse_date(text: &str, format: Option<&str>) -> Option<Date> {
    let own = format.and_then(|format| Date::strptime(format, text).ok());
    own.or_else(|| {
        let day = text.get(..10).filter(|_| matches!(text.as_bytes().get(10), None | Some(b'T' | b' ')));
        let basic = || (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text);
        Date::strptime("%Y-%m-%d", day.unwrap_or_default())
            .or_else(|_| Date::strptime("%Y%m%d", basic().unwrap_or_default()))
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn column(toml: &str) -> Column {
        toml::from_str(&format!("from = [\"x\"]\n{toml}")).unwrap()
    }

    fn read(cell: &str, kind: &str) -> Value {
        normalise(&Cell::Text(cell.to_owned()), &column(&format!("type = \"{kind}\"")), &Read::default()).0
    }

    #[test]
    fn a_secret_is_unknown_and_said_to_be_one() {
        let column = column("type = \"integer\"\nsecret = [\"s\", \"*\"]");
        let read = |text: &str| normalise(&Cell::Text(text.into()), &column, &Read::default());
        assert_eq!(read("s"), (Value::Unknown, Some(ProblemKind::Secret)));
        assert_eq!(read(" * "), (Value::Unknown, Some(ProblemKind::Secret)));
        assert_eq!(read(""), (Value::Unknown, None));
        assert_eq!(read("S"), (Value::Unknown, Some(ProblemKind::UnreadableCell)), "compared exactly");
        assert_eq!(read("12"), (Value::Integer(12), None));
    }

    #[test]
    fn numbers() {
        for (text, number) in [("12", Some(12.0)), (" -1.5e3 ", Some(-1500.0)), ("1,5", None), ("NaN", None), ("inf", None)] {
            assert_eq!(read(text, "number"), number.map_or(Value::Unknown, Value::Number), "{text}");
        }
        let comma = Read { decimal: Some(','), ..Read::default() };
        let value = normalise(&Cell::Text("1,5".into()), &column("type = \"number\""), &comma).0;
        assert_eq!(value, Value::Number(1.5));
        for (text, integer) in
            [("7", Some(7)), ("7.0", Some(7)), ("7.5", None), ("1e30", None), ("9223372036854775807", Some(i64::MAX))]
        {
            assert_eq!(read(text, "integer"), integer.map_or(Value::Unknown, Value::Integer), "{text}");
        }
    }

    #[test]
    fn booleans_and_dates() {
        for (text, truth) in [("O", true), ("oui", true), ("TRUE", true), ("1", true), ("t", true)] {
            assert_eq!(read(text, "boolean"), Value::Boolean(truth));
        }
        for text in ["N", "non", "False", "0", "f"] {
            assert_eq!(read(text, "boolean"), Value::Boolean(false));
        }
        assert_eq!(read("maybe", "boolean"), Value::Unknown);
        for text in ["2024-02-29", "20240229", "2024-02-29T23:59:59Z", "2024-02-29 10:00"] {
            assert_eq!(read(text, "date"), Value::Date(date(2024, 2, 29)), "{text}");
        }
        for text in ["2023-02-29", "29/02/2024", "2024", "inconnu", "2024-02-29x", "été 2024, 1"] {
            assert_eq!(read(text, "date"), Value::Unknown, "{text}");
        }
        let french = Read { date: Some("%d/%m/%Y".into()), ..Read::default() };
        let dates = |text: &str| normalise(&Cell::Text(text.into()), &column("type = \"date\""), &french).0;
        assert_eq!((dates("29/02/2024"), dates("2024-02-29")), (Value::Date(date(2024, 2, 29)), Value::Date(date(2024, 2, 29))));
    }

    #[test]
    fn words_nulls_and_codes() {
        let states = column("type = \"text\"\nvalues = { Bon = \"good\", \"Bon (*\" = \"good\", Mauvais = \"bad\" }");
        let word = |text: &str| normalise(&Cell::Text(text.into()), &states, &Read::default());
        assert_eq!(word("Bon (partiel)"), (Value::Text("good".into()), None));
        assert_eq!(word("good"), (Value::Text("good".into()), None));
        assert_eq!(word("Neuf"), (Value::Text("Neuf".into()), Some(ProblemKind::UnlistedWord)));
        let code = column("type = \"text\"\npad = 5");
        let padded = |cell: Cell| normalise(&cell, &code, &Read::default());
        assert_eq!(padded(Cell::Integer(1004)), (Value::Text("01004".into()), Some(ProblemKind::PaddedCode)));
        assert_eq!(padded(Cell::Text("2A004".into())), (Value::Text("2A004".into()), None));
        let nulls = Read { nulls: vec!["NA".into()], ..Read::default() };
        assert_eq!(normalise(&Cell::Text("NA".into()), &states, &nulls), (Value::Unknown, None));
        assert_eq!(
            normalise(&Cell::Text("nan".into()), &column("type = \"number\""), &nulls).1,
            Some(ProblemKind::UnreadableCell)
        );
    }
}
