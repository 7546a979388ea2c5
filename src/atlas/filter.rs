//! A filter bound to the columns of a layer: nothing left that can fail, and fast on each row.

mod error;
mod leaf;
mod pattern;

use std::collections::BTreeMap;

use geo::MapCoords;
use jiff::civil::Date;

use super::Layer;
use super::relation::Placed;
use crate::geometry::reference::Reference;
use crate::layer::catalogue::nearest;
use crate::layer::definition::{Column, FieldType};
use crate::layer::filter::{Filter, Literal, Name, Relation};
use crate::layer::value::Values;

pub use error::BindError;
use leaf::{Accepted, leaf, words};
use pattern::matches;

/// What a column that the layer does not have is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    Error,
    /// A column of unknown cells: for one filter over several layers, each with columns of its own.
    Unknown,
}

/// A filter ready to test rows.
#[derive(Debug)]
pub struct Bound<'l>(Test<'l>);

#[derive(Debug)]
enum Test<'l> {
    Constant(Option<bool>),
    All(Vec<Test<'l>>),
    Any(Vec<Test<'l>>),
    Not(Box<Test<'l>>),
    Null(&'l Values),
    /// The answer for each word of a text column.
    Words {
        values: &'l Values,
        accepted: Vec<bool>,
    },
    Numbers {
        values: &'l Values,
        accepted: Accepted<f64>,
    },
    Booleans {
        values: &'l [Option<bool>],
        accepted: Accepted<bool>,
    },
    Dates {
        values: &'l [Option<Date>],
        accepted: Accepted<Date>,
    },
    Place {
        layer: &'l Layer,
        relation: Relation,
        placed: Placed,
    },
    Placeless(&'l Layer),
}

/// Binds a filter to a layer, given as its declared columns and their cells. A declared column without cells is unknown
/// throughout.
///
/// # Errors
/// A column that the layer does not declare (unless `absent` says otherwise) or a constant of another type than its column.
pub fn bind<'l>(
    filter: &Filter,
    columns: &BTreeMap<String, Column>,
    values: impl Fn(&str) -> Option<&'l Values>,
    absent: Absent,
) -> Result<Bound<'l>, BindError> {
    Binder { columns, values, absent, places: None }.test(filter).map(Bound)
}

/// The name by which filters ask about a row's geometry.
pub const GEOMETRY: &str = "geometry";

/// Binds a filter to a layer, its geometry included. The filter's own geometries are in `system`, in the order of its axes.
///
/// # Errors
/// As [`bind`].
pub fn bind_layer<'l>(filter: &Filter, layer: &'l Layer, system: Reference, absent: Absent) -> Result<Bound<'l>, BindError> {
    let (columns, values) = (&layer.definition().columns, |name: &str| layer.values(name));
    Binder { columns, values, absent, places: Some((layer, system)) }.test(filter).map(Bound)
}

impl Bound<'_> {
    /// Whether the filter is true for a row: unknown does not keep it.
    pub fn keeps(&self, row: u32) -> bool {
        self.0.row(row) == Some(true)
    }

    /// True, false, or unknown.
    pub fn answer(&self, row: u32) -> Option<bool> {
        self.0.row(row)
    }
}

impl Test<'_> {
    /// Kleene's three-valued logic, as in SQL.
    fn row(&self, row: u32) -> Option<bool> {
        match self {
            Test::Constant(constant) => *constant,
            Test::All(members) => every(members.iter().map(|member| member.row(row)), true),
            Test::Any(members) => every(members.iter().map(|member| member.row(row)), false),
            Test::Not(inner) => inner.row(row).map(|answer| !answer),
            Test::Null(values) => Some(values.get(row).is_unknown()),
            Test::Words { values, accepted } => match values {
                Values::Text { codes, .. } => accepted.get(codes[row as usize] as usize).copied(),
                _ => None,
            },
            Test::Numbers { values, accepted } => values.number(row).map(|cell| accepted.holds(&cell)),
            Test::Booleans { values, accepted } => values[row as usize].map(|cell| accepted.holds(&cell)),
            Test::Place { layer, relation, placed } => placed.holds(*relation, layer, row),
            Test::Placeless(layer) => Some(layer.bounds(row).is_empty()),
            Test::Dates { values, accepted } => values[row as usize].map(|cell| accepted.holds(&cell)),
        }
    }
}

/// `neutral` when every answer is; its opposite when any is that; otherwise unknown.
fn every(answers: impl Iterator<Item = Option<bool>>, neutral: bool) -> Option<bool> {
    let mut all = Some(neutral);
    for answer in answers {
        match answer {
            Some(answer) if answer != neutral => return Some(answer),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

struct Binder<'c, 'l, V> {
    columns: &'c BTreeMap<String, Column>,
    values: V,
    absent: Absent,
    /// Whose geometry is asked about, and the system of the filter's own.
    places: Option<(&'l Layer, Reference)>,
}

impl<'l, V: Fn(&str) -> Option<&'l Values>> Binder<'_, 'l, V> {
    fn test(&self, filter: &Filter) -> Result<Test<'l>, BindError> {
        Ok(match filter {
            Filter::And(members) => Test::All(self.tests(members)?),
            Filter::Or(members) => Test::Any(self.tests(members)?),
            Filter::Not(inner) => Test::Not(Box::new(self.test(inner)?)),
            Filter::Constant(constant) => Test::Constant(Some(*constant)),
            Filter::Spatial { relation, column, geometry } => {
                let (layer, system) = self.place(column)?;
                let geometry = match system.northing_first() {
                    true => geometry.map_coords(|at| geo_types::Coord { x: at.y, y: at.x }),
                    false => (**geometry).clone(),
                };
                Test::Place { layer, relation: *relation, placed: Placed::of(&geometry, system) }
            }
            Filter::Null { column } if self.places.is_some() && column.text == GEOMETRY => Test::Placeless(self.place(column)?.0),
            Filter::Null { column } => {
                self.column(column)?;
                (self.values)(&column.text).map_or(Test::Constant(Some(true)), Test::Null)
            }
            Filter::Compare { column, operator, value } => {
                self.condition(column, &[value], |constants| Accepted::Compared(*operator, constants[0].clone()))?
            }
            Filter::In { column, values } => {
                self.condition(column, &values.iter().collect::<Vec<_>>(), |constants| Accepted::Listed(constants.to_vec()))?
            }
            Filter::Between { column, low, high } => {
                self.condition(column, &[low, high], |constants| Accepted::Between(constants[0].clone(), constants[1].clone()))?
            }
            Filter::Like { column, pattern } => self.like(column, pattern)?,
        })
    }

    fn tests(&self, members: &[Filter]) -> Result<Vec<Test<'l>>, BindError> {
        members.iter().map(|member| self.test(member)).collect()
    }

    /// The layer whose geometry is asked about.
    fn place(&self, name: &Name) -> Result<(&'l Layer, Reference), BindError> {
        match self.places {
            Some(places) if name.text == GEOMETRY => Ok(places),
            Some(_) => Err(BindError::Geometry { name: name.text.clone(), position: name.position }),
            None => Err(BindError::Placeless { position: name.position }),
        }
    }

    /// The declared column; `None` when it is absent and that means unknown.
    fn column(&self, name: &Name) -> Result<Option<&Column>, BindError> {
        match (self.columns.get(&name.text), self.absent) {
            (Some(column), _) => Ok(Some(column)),
            (None, Absent::Unknown) => Ok(None),
            (None, Absent::Error) => Err(BindError::Column {
                name: name.text.clone(),
                position: name.position,
                nearest: nearest(&name.text, self.columns.keys()),
            }),
        }
    }

    fn condition(
        &self,
        name: &Name,
        constants: &[&Literal],
        accepted: impl FnOnce(&[Literal]) -> Accepted<Literal>,
    ) -> Result<Test<'l>, BindError> {
        let Some(column) = self.column(name)? else { return Ok(Test::Constant(None)) };
        if let Some(constant) = constants.iter().find(|constant| !fits(column.kind, constant)) {
            return Err(BindError::mismatch(name, column.kind, constant));
        }
        let constants: Vec<Literal> = constants.iter().map(|&constant| constant.clone()).collect();
        let accepted = accepted(&constants);
        if column.kind == FieldType::Boolean && accepted.orders() {
            return Err(BindError::Ordered { name: name.text.clone(), position: name.position });
        }
        Ok((self.values)(&name.text).map_or(Test::Constant(None), |values| leaf(values, &accepted)))
    }

    fn like(&self, name: &Name, pattern: &str) -> Result<Test<'l>, BindError> {
        let Some(column) = self.column(name)? else { return Ok(Test::Constant(None)) };
        if column.kind != FieldType::Text {
            return Err(BindError::mismatch(name, column.kind, &Literal::Text(pattern.to_owned())));
        }
        let pattern: Vec<char> = pattern.chars().collect();
        Ok((self.values)(&name.text).map_or(Test::Constant(None), |values| words(values, |word| matches(word, &pattern))))
    }
}

fn fits(kind: FieldType, constant: &Literal) -> bool {
    match kind {
        FieldType::Text => matches!(constant, Literal::Text(_)),
        FieldType::Number | FieldType::Integer => matches!(constant, Literal::Number(_)),
        FieldType::Boolean => matches!(constant, Literal::Boolean(_)),
        FieldType::Date => matches!(constant, Literal::Date(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::filter::parse;
    use crate::layer::value::{Value, ValuesBuilder};

    struct Sample {
        columns: BTreeMap<String, Column>,
        values: BTreeMap<&'static str, Values>,
    }

    /// Four rows; in each column the last one is unknown.
    fn sample() -> Sample {
        let date = |text: &str| Value::Date(text.parse().unwrap());
        let text = |text: &str| Value::Text(text.into());
        let cells = [
            ("kind", FieldType::Text, [text("ZI"), text("ZAC 100%"), text(""), Value::Unknown]),
            ("area", FieldType::Number, [Value::Number(1.0), Value::Number(2.5), Value::Number(-3.0), Value::Unknown]),
            ("jobs", FieldType::Integer, [Value::Integer(0), Value::Integer(7), Value::Integer(9), Value::Unknown]),
            ("open", FieldType::Boolean, [Value::Boolean(true), Value::Boolean(false), Value::Boolean(true), Value::Unknown]),
            ("since", FieldType::Date, [date("2020-01-01"), date("2024-02-29"), date("2024-03-01"), Value::Unknown]),
        ];
        let mut sample = Sample { columns: BTreeMap::new(), values: BTreeMap::new() };
        for (name, kind, cells) in cells {
            let column = Column {
                from: vec![name.into()],
                kind,
                unit: None,
                title: None,
                required: false,
                values: BTreeMap::new(),
                pad: None,
                secret: Vec::new(),
            };
            sample.columns.insert(name.into(), column);
            let mut values = ValuesBuilder::new(kind);
            cells.into_iter().for_each(|cell| values.push(cell));
            sample.values.insert(name, values.finish());
        }
        sample
    }

    /// `T`, `F` or `?` for each of the four rows.
    fn answers(text: &str, absent: Absent) -> Result<String, BindError> {
        let sample = sample();
        let filter = parse(text).unwrap();
        let bound = bind(&filter, &sample.columns, |name| sample.values.get(name), absent)?;
        Ok((0..4).map(|row| bound.answer(row).map_or('?', |answer| if answer { 'T' } else { 'F' })).collect())
    }

    #[test]
    fn each_condition_on_each_type() {
        let cases = [
            ("kind = 'ZI'", "TFF?"),
            ("kind <> 'ZI'", "FTT?"),
            ("kind < 'ZI'", "FTT?"),
            ("kind IN ('', 'ZI')", "TFT?"),
            ("kind LIKE 'Z%'", "TTF?"),
            ("kind LIKE 'Z_'", "TFF?"),
            ("kind LIKE '%C%'", "FTF?"),
            ("kind NOT LIKE '%'", "FFF?"),
            ("area >= 1", "TTF?"),
            ("area BETWEEN -3 AND 1", "TFT?"),
            ("area NOT IN (1, 2.5)", "FFT?"),
            ("jobs > 6.5", "FTT?"),
            ("6.5 > jobs", "TFF?"),
            ("open = TRUE", "TFT?"),
            ("since >= DATE('2024-02-29')", "FTT?"),
            ("since IS NULL", "FFFT"),
            ("since IS NOT NULL AND TRUE", "TTTF"),
            ("open = TRUE AND jobs = 0", "TFF?"),
            ("open = TRUE OR kind IS NULL", "TFTT"),
            ("open = TRUE AND kind IS NOT NULL", "TFTF"),
            ("NOT (open = TRUE)", "FTF?"),
        ];
        for (text, expected) in cases {
            assert_eq!(answers(text, Absent::Error).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_column_that_a_layer_lacks_is_an_error_or_unknown() {
        let error = answers("aera > 1", Absent::Error).unwrap_err().to_string();
        assert_eq!(error, "at character 1, `aera` is not a column of the layer; did you mean `area`?");
        assert_eq!(answers("price > 1 OR open = TRUE", Absent::Unknown).unwrap(), "T?T?");
        assert_eq!(answers("price IS NULL", Absent::Unknown).unwrap(), "TTTT");
    }

    #[test]
    fn a_constant_of_another_type_is_refused() {
        let cases = [
            ("area = 'big'", "column `area` holds numbers and cannot be compared with 'big'; write a number"),
            ("kind = 3", "column `kind` holds text and cannot be compared with 3"),
            ("since > '2024-01-01'", "write a date, such as DATE('2024-01-31')"),
            ("open = 1", "holds TRUE or FALSE"),
            ("open < TRUE", "have no order"),
            ("jobs LIKE '1%'", "column `jobs` holds numbers"),
        ];
        for (text, message) in cases {
            let error = answers(text, Absent::Error).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
