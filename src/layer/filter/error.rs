//! What is wrong with a filter, in one sentence.

use super::parse::{MAX_CHARACTERS, MAX_DEPTH, MAX_NODES};
use crate::layer::catalogue::nearest;

/// A text that is no filter.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilterError {
    #[error("at character {position}, `{character}` does not belong in a filter")]
    Character { character: char, position: usize },
    #[error("the {quote} opened at character {position} is never closed")]
    Unclosed { quote: char, position: usize },
    #[error("at character {position}, `{text}` is not a number")]
    Number { text: String, position: usize },
    #[error("at character {position}, '{text}' is not a date; write it as DATE('2024-01-31')")]
    Date { text: String, position: usize },
    #[error("at character {position}, `{symbol}` is not an operator; did you mean `{nearest}`?")]
    Operator { symbol: String, position: usize, nearest: String },
    #[error("at character {position}, {found} where {expected} was expected")]
    Unexpected { found: String, position: usize, expected: &'static str },
    #[error("at character {position}, the filter is nested deeper than {MAX_DEPTH} levels")]
    Deep { position: usize },
    #[error("the filter has more than {MAX_NODES} conditions and constants")]
    Large,
    #[error("the filter has {0} characters; the most is {MAX_CHARACTERS}")]
    Long(usize),
    #[error("at character {position}, the geometry cannot be read: {reason}")]
    Geometry { reason: String, position: usize },
    #[error("the filter is not CQL2 in JSON: {0}")]
    Json(String),
}

impl FilterError {
    /// The error for a symbol or word that stands where an operator should.
    pub(super) fn operator(symbol: String, position: usize) -> FilterError {
        let habit = match symbol.as_str() {
            "==" | "===" => Some("="),
            "!=" | "!==" | "><" => Some("<>"),
            "=<" => Some("<="),
            "=>" => Some(">="),
            _ => None,
        };
        let known = ["=", "<>", "<=", ">=", "IN", "LIKE", "BETWEEN", "IS NULL", "NOT IN"];
        let nearest = habit.map(str::to_owned).or_else(|| nearest(&symbol, known)).unwrap_or_default();
        FilterError::Operator { symbol, position, nearest }
    }
}
