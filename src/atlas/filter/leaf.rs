//! A condition on the cells of one column.

use std::cmp::Ordering;

use crate::atlas::filter::Test;
use crate::layer::filter::{Literal, Operator};
use crate::layer::value::Values;

/// Which cells of an ordered column make a condition true.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Accepted<T> {
    Compared(Operator, T),
    Listed(Vec<T>),
    Between(T, T),
}

impl<T> Accepted<T> {
    /// Whether the condition asks which of two values comes first.
    pub(super) fn orders(&self) -> bool {
        match self {
            Accepted::Compared(operator, _) => !matches!(operator, Operator::Equal | Operator::Different),
            Accepted::Listed(_) => false,
            Accepted::Between(..) => true,
        }
    }
}

impl<T: PartialOrd> Accepted<T> {
    pub(super) fn holds(&self, cell: &T) -> bool {
        let order = |constant: &T| cell.partial_cmp(constant).unwrap_or(Ordering::Equal);
        match self {
            Accepted::Compared(operator, constant) => operator.accepts(order(constant)),
            Accepted::Listed(constants) => constants.contains(cell),
            Accepted::Between(low, high) => order(low).is_ge() && order(high).is_le(),
        }
    }
}

/// The condition on the cells of a column; each constant is of the column's type.
pub(super) fn leaf<'l>(values: &'l Values, accepted: &Accepted<Literal>) -> Test<'l> {
    match values {
        Values::Text { .. } => {
            let accepted = accepted.of(|constant| match constant {
                Literal::Text(text) => Some(text.as_str()),
                _ => None,
            });
            words(values, |word| accepted.as_ref().is_some_and(|accepted| accepted.holds(&word)))
        }
        Values::Number(_) | Values::Integer(_) => unknown_or(
            accepted.of(|constant| if let Literal::Number(number) = constant { Some(*number) } else { None }),
            |accepted| Test::Numbers { values, accepted },
        ),
        Values::Boolean(values) => unknown_or(
            accepted.of(|constant| if let Literal::Boolean(boolean) = constant { Some(*boolean) } else { None }),
            |accepted| Test::Booleans { values, accepted },
        ),
        Values::Date(values) => {
            unknown_or(accepted.of(|constant| if let Literal::Date(date) = constant { Some(*date) } else { None }), |accepted| {
                Test::Dates { values, accepted }
            })
        }
    }
}

fn unknown_or<'l, T>(accepted: Option<Accepted<T>>, test: impl FnOnce(Accepted<T>) -> Test<'l>) -> Test<'l> {
    accepted.map_or(Test::Constant(None), test)
}

impl Accepted<Literal> {
    /// The same condition on plain values; `None` where a constant is of another type.
    fn of<'a, T>(&'a self, plain: impl Fn(&'a Literal) -> Option<T>) -> Option<Accepted<T>> {
        Some(match self {
            Accepted::Compared(operator, constant) => Accepted::Compared(*operator, plain(constant)?),
            Accepted::Listed(constants) => Accepted::Listed(constants.iter().map(plain).collect::<Option<_>>()?),
            Accepted::Between(low, high) => Accepted::Between(plain(low)?, plain(high)?),
        })
    }
}

pub(super) fn words(values: &Values, accepts: impl Fn(&str) -> bool) -> Test<'_> {
    let accepted = match values {
        Values::Text { words, .. } => words.iter().map(|word| accepts(word)).collect(),
        _ => Vec::new(),
    };
    Test::Words { values, accepted }
}
