//! The one filter language of the program: a subset of CQL2 text (OGC 21-065r2) over the columns of a layer.
//!
//! `stage IN ('on sale', 'reserved') AND "area-ha" >= 8 AND NOT (closed = TRUE OR opened > DATE('2024-01-01'))`
//!
//! A condition compares one column with constants. Columns are names of letters, digits, `_`, `-`, `.` and `:`, or anything
//! between double quotes; keywords and operators may be of either case. Logic is three-valued: a comparison with an unknown
//! cell is unknown, and only rows for which the whole filter is true are kept.
//!
//! `S_INTERSECTS(geometry, POLYGON(...))` and its seven kin ask about place.
//!
//! [`parse`] reads the text, [`parse_json`] the same as JSON; they know no layer. The atlas binds a filter to a layer's columns.

mod error;
mod json;
mod lex;
mod parse;
mod spatial;

use std::fmt;

use geo_types::Geometry;
use geozero::ToWkt;
use jiff::civil::Date;

pub use error::FilterError;
pub use json::parse_json;
pub use parse::parse;
pub use spatial::Relation;

/// A condition, as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Constant(bool),
    Compare {
        column: Name,
        operator: Operator,
        value: Literal,
    },
    In {
        column: Name,
        values: Vec<Literal>,
    },
    /// Ends included.
    Between {
        column: Name,
        low: Literal,
        high: Literal,
    },
    /// `%` stands for any run of characters, `_` for one; case counts.
    Like {
        column: Name,
        pattern: String,
    },
    Null {
        column: Name,
    },
    /// What the feature's geometry, which `column` names, is to another one, in the system that the filter is asked in.
    Spatial {
        relation: Relation,
        column: Name,
        geometry: Box<Geometry<f64>>,
    },
}

/// A column's name and the place where it is written, in characters from 1. Names are equal wherever they are written.
#[derive(Debug, Clone, Eq)]
pub struct Name {
    pub text: String,
    pub position: usize,
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Whether `ordering`, of the cell against the constant, makes the comparison true.
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Operator::Equal => ordering.is_eq(),
            Operator::Different => ordering.is_ne(),
            Operator::Less => ordering.is_lt(),
            Operator::LessOrEqual => ordering.is_le(),
            Operator::Greater => ordering.is_gt(),
            Operator::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// The operator with its sides exchanged.
    pub fn mirrored(self) -> Operator {
        match self {
            Operator::Equal | Operator::Different => self,
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::Different => "<>",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
        }
    }
}

/// A constant of a filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    Number(f64),
    Boolean(bool),
    Date(Date),
}

impl Filter {
    /// Calls `visit` with each column named, in written order.
    pub fn columns(&self, visit: &mut impl FnMut(&Name)) {
        match self {
            Filter::And(members) | Filter::Or(members) => members.iter().for_each(|member| member.columns(visit)),
            Filter::Not(inner) => inner.columns(visit),
            Filter::Constant(_) => {}
            Filter::Compare { column, .. }
            | Filter::In { column, .. }
            | Filter::Between { column, .. }
            | Filter::Like { column, .. }
            | Filter::Null { column }
            | Filter::Spatial { column, .. } => visit(column),
        }
    }
}

impl Filter {
    /// Calls `visit` with each text that a cell must equal or differ from, and its column.
    pub fn words(&self, visit: &mut impl FnMut(&Name, &str)) {
        match self {
            Filter::And(members) | Filter::Or(members) => members.iter().for_each(|member| member.words(visit)),
            Filter::Not(inner) => inner.words(visit),
            Filter::Compare { column, operator: Operator::Equal | Operator::Different, value: Literal::Text(word) } => {
                visit(column, word);
            }
            Filter::In { column, values } => values.iter().for_each(|value| {
                if let Literal::Text(word) = value {
                    visit(column, word);
                }
            }),
            _ => {}
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Literal::Number(number) => write!(f, "{number}"),
            Literal::Boolean(true) => f.write_str("TRUE"),
            Literal::Boolean(false) => f.write_str("FALSE"),
            Literal::Date(date) => write!(f, "DATE('{date}')"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.text.replace('"', "\"\""))
    }
}

/// The filter in one normal writing, which [`parse`] reads back as the same filter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::And(members) => joined(f, members, " AND "),
            Filter::Or(members) => joined(f, members, " OR "),
            Filter::Not(inner) => write!(f, "NOT ({inner})"),
            Filter::Constant(constant) => Literal::Boolean(*constant).fmt(f),
            Filter::Compare { column, operator, value } => write!(f, "{column} {} {value}", operator.symbol()),
            Filter::In { column, values } => {
                let values: Vec<String> = values.iter().map(Literal::to_string).collect();
                write!(f, "{column} IN ({})", values.join(", "))
            }
            Filter::Between { column, low, high } => write!(f, "{column} BETWEEN {low} AND {high}"),
            Filter::Like { column, pattern } => write!(f, "{column} LIKE {}", Literal::Text(pattern.clone())),
            Filter::Null { column } => write!(f, "{column} IS NULL"),
            Filter::Spatial { relation, column, geometry } => {
                let wkt = geometry.to_wkt().map_err(|_| fmt::Error)?;
                write!(f, "{}({column}, {wkt})", relation.name())
            }
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, members: &[Filter], word: &str) -> fmt::Result {
    let members: Vec<String> = members.iter().map(|member| format!("({member})")).collect();
    f.write_str(&members.join(word))
}
