//! One cell, and a column of them.

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;

use super::definition::FieldType;

/// A cell. Missing is a value of its own and never zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Unknown,
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
    Date(Date),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => Ok(()),
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
            Value::Integer(integer) => write!(f, "{integer}"),
            Value::Boolean(boolean) => write!(f, "{boolean}"),
            Value::Date(date) => write!(f, "{date}"),
        }
    }
}

impl Value {
    pub fn is_unknown(&self) -> bool {
        *self == Value::Unknown
    }

    /// The cell as JSON: unknown is `null`, a date its ISO 8601 form.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Unknown => serde_json::Value::Null,
            Value::Text(text) => text.as_str().into(),
            Value::Number(number) => (*number).into(),
            Value::Integer(integer) => (*integer).into(),
            Value::Boolean(boolean) => (*boolean).into(),
            Value::Date(date) => date.to_string().into(),
        }
    }
}

/// A column in memory. Texts are kept once each.
#[derive(Debug)]
pub enum Values {
    Text {
        words: Vec<Box<str>>,
        codes: Vec<u32>,
    },
    /// Unknown is NaN: a stored number is always finite.
    Number(Vec<f64>),
    Integer(Vec<Option<i64>>),
    Boolean(Vec<Option<bool>>),
    Date(Vec<Option<Date>>),
}

/// The code of an unknown text.
pub const NO_WORD: u32 = u32::MAX;

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Values::Text { codes, .. } => codes.len(),
            Values::Number(numbers) => numbers.len(),
            Values::Integer(integers) => integers.len(),
            Values::Boolean(booleans) => booleans.len(),
            Values::Date(dates) => dates.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, row: u32) -> Value {
        let row = row as usize;
        match self {
            Values::Text { words, codes } => {
                words.get(codes[row] as usize).map_or(Value::Unknown, |word| Value::Text(word.to_string()))
            }
            Values::Number(numbers) if numbers[row].is_nan() => Value::Unknown,
            Values::Number(numbers) => Value::Number(numbers[row]),
            Values::Integer(integers) => integers[row].map_or(Value::Unknown, Value::Integer),
            Values::Boolean(booleans) => booleans[row].map_or(Value::Unknown, Value::Boolean),
            Values::Date(dates) => dates[row].map_or(Value::Unknown, Value::Date),
        }
    }

    /// The text of a row, borrowed; `None` when unknown or not a text column.
    pub fn text(&self, row: u32) -> Option<&str> {
        match self {
            Values::Text { words, codes } => words.get(codes[row as usize] as usize).map(|word| &**word),
            _ => None,
        }
    }

    /// The number of a row, of a number or integer column; `None` when unknown or not a number.
    pub fn number(&self, row: u32) -> Option<f64> {
        match self {
            Values::Number(numbers) => Some(numbers[row as usize]).filter(|number| !number.is_nan()),
            Values::Integer(integers) => integers[row as usize].map(|integer| integer as f64),
            _ => None,
        }
    }
}

/// Collects a column cell by cell.
#[derive(Debug)]
pub struct ValuesBuilder {
    values: Values,
    codes: HashMap<Box<str>, u32>,
}

impl ValuesBuilder {
    pub fn new(kind: FieldType) -> ValuesBuilder {
        let values = match kind {
            FieldType::Text => Values::Text { words: Vec::new(), codes: Vec::new() },
            FieldType::Number => Values::Number(Vec::new()),
            FieldType::Integer => Values::Integer(Vec::new()),
            FieldType::Boolean => Values::Boolean(Vec::new()),
            FieldType::Date => Values::Date(Vec::new()),
        };
        ValuesBuilder { values, codes: HashMap::new() }
    }

    /// Appends a cell; one of another type than the column's counts as unknown.
    pub fn push(&mut self, value: Value) {
        match (&mut self.values, value) {
            (Values::Text { .. }, Value::Text(text)) => self.push_text(Some(&text)),
            (Values::Text { .. }, _) => self.push_text(None),
            (Values::Number(numbers), Value::Number(number)) if number.is_finite() => numbers.push(number),
            (Values::Number(numbers), Value::Integer(integer)) => numbers.push(integer as f64),
            (Values::Number(numbers), _) => numbers.push(f64::NAN),
            (Values::Integer(integers), Value::Integer(integer)) => integers.push(Some(integer)),
            (Values::Integer(integers), _) => integers.push(None),
            (Values::Boolean(booleans), Value::Boolean(boolean)) => booleans.push(Some(boolean)),
            (Values::Boolean(booleans), _) => booleans.push(None),
            (Values::Date(dates), Value::Date(date)) => dates.push(Some(date)),
            (Values::Date(dates), _) => dates.push(None),
        }
    }

    /// Appends a text without owning it first. Only for text columns; elsewhere the cell is unknown.
    pub fn push_text(&mut self, text: Option<&str>) {
        let Values::Text { words, codes } = &mut self.values else {
            return self.push(Value::Unknown);
        };
        let code = match text {
            None => NO_WORD,
            Some(text) => self.codes.get(text).copied().unwrap_or_else(|| {
                let code = words.len() as u32;
                words.push(text.into());
                self.codes.insert(text.into(), code);
                code
            }),
        };
        codes.push(code);
    }

    pub fn finish(self) -> Values {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_kept_apart_from_zero_and_empty() {
        let mut texts = ValuesBuilder::new(FieldType::Text);
        for value in [Value::Text("a".into()), Value::Unknown, Value::Text(String::new()), Value::Text("a".into())] {
            texts.push(value);
        }
        let texts = texts.finish();
        assert_eq!((texts.text(0), texts.text(1), texts.text(2), texts.text(3)), (Some("a"), None, Some(""), Some("a")));

        let mut numbers = ValuesBuilder::new(FieldType::Number);
        for value in [Value::Number(0.0), Value::Unknown, Value::Number(f64::INFINITY), Value::Integer(3)] {
            numbers.push(value);
        }
        let numbers = numbers.finish();
        assert_eq!([0, 1, 2, 3].map(|row| numbers.number(row)), [Some(0.0), None, None, Some(3.0)]);
    }
}
