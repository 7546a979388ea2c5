//! What is required of a measure, as written: `>= 8 ha`, `in ['on sale', reserved]`, `>= 8 ha and <= 20 ha`.
//!
//! The grammar is read here; what the operands are (quantities, dates, words) is decided once the measure is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::layer::catalogue::nearest;
use crate::layer::filter::Operator;

/// Comparisons that must all hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Required(pub Vec<Comparison>);

#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    Compared(Operator, Operand),
    In { not: bool, operands: Vec<Operand> },
}

/// The right side of a comparison: the text without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand(pub String);

impl FromStr for Required {
    type Err = RequiredError;

    fn from_str(text: &str) -> Result<Required, RequiredError> {
        let whole = text.trim();
        let mut rest = whole;
        let mut comparisons = Vec::new();
        loop {
            let (comparison, after) = comparison(rest, whole)?;
            comparisons.push(comparison);
            if after.is_empty() {
                return Ok(Required(comparisons));
            }
            rest = after;
        }
    }
}

/// One comparison and what follows the `and` behind it.
fn comparison<'t>(text: &'t str, whole: &str) -> Result<(Comparison, &'t str), RequiredError> {
    let symbol: String = text.chars().take_while(|c| matches!(c, '<' | '>' | '=' | '!' | '~' | '≥' | '≤' | '≠')).collect();
    if !symbol.is_empty() {
        let operator = operator(&symbol).ok_or_else(|| unknown_operator(&symbol))?;
        let (operand, after) = operand(&text[symbol.len()..], whole)?;
        return Ok((Comparison::Compared(operator, operand), following(after, whole)?));
    }
    let words = ["not in", "in"].into_iter().find_map(|words| keyword(text, words).map(|after| (words == "not in", after)));
    let Some((not, list)) = words else {
        return Err(no_operator(text, whole));
    };
    let (operands, after) = list_of(list, whole)?;
    Ok((Comparison::In { not, operands }, following(after, whole)?))
}

fn operator(symbol: &str) -> Option<Operator> {
    Some(match symbol {
        "=" => Operator::Equal,
        "<>" => Operator::Different,
        "<" => Operator::Less,
        "<=" | "≤" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" | "≥" => Operator::GreaterOrEqual,
        _ => return None,
    })
}

fn unknown_operator(symbol: &str) -> RequiredError {
    let habit = match symbol {
        "==" => "=",
        "!=" | "≠" => "<>",
        "=<" => "<=",
        "=>" => ">=",
        _ => "=",
    };
    RequiredError::Operator { symbol: symbol.to_owned(), nearest: habit.to_owned() }
}

fn no_operator(text: &str, whole: &str) -> RequiredError {
    let word: String = text.chars().take_while(|c| !c.is_whitespace()).collect();
    if word.is_empty() {
        return RequiredError::Empty { whole: whole.to_owned() };
    }
    if word.chars().next().is_some_and(|c| c.is_alphabetic()) && text.len() > word.len() {
        let nearest = nearest(&word, ["in", "not in", "and"]).unwrap_or_default();
        return RequiredError::Operator { symbol: word, nearest };
    }
    RequiredError::NoOperator { whole: whole.to_owned() }
}

/// What follows the words, when the text starts with them as words.
fn keyword<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let mut rest = text.trim_start();
    for word in words.split(' ') {
        let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
        rest = &rest[head.len()..];
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        rest = rest.trim_start();
    }
    Some(rest)
}

/// One operand, in quotes or up to the next `and`, `,` or `]`.
fn operand<'t>(text: &'t str, whole: &str) -> Result<(Operand, &'t str), RequiredError> {
    let text = text.trim_start();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let end = text[1..].find(quote).ok_or_else(|| RequiredError::Unclosed { whole: whole.to_owned() })?;
        return Ok((Operand(text[1..=end].to_owned()), text[end + 2..].trim_start()));
    }
    let stop = |at: usize| text[at..].starts_with([',', ']']) || starts_with_and(&text[at..]);
    let end = text.char_indices().map(|(at, _)| at).find(|&at| stop(at)).unwrap_or(text.len());
    match text[..end].trim() {
        "" => Err(RequiredError::NoOperand { whole: whole.to_owned() }),
        bare => Ok((Operand(bare.to_owned()), text[end..].trim_start())),
    }
}

fn starts_with_and(text: &str) -> bool {
    text.starts_with(char::is_whitespace) && keyword(text, "and").is_some()
}

fn list_of<'t>(text: &'t str, whole: &str) -> Result<(Vec<Operand>, &'t str), RequiredError> {
    let unclosed = || RequiredError::List { whole: whole.to_owned() };
    let mut rest = text.strip_prefix('[').ok_or_else(unclosed)?;
    let mut operands = Vec::new();
    loop {
        let (one, after) = operand(rest, whole)?;
        operands.push(one);
        match after.chars().next() {
            Some(',') => rest = &after[1..],
            Some(']') => return Ok((operands, &after[1..])),
            _ => return Err(unclosed()),
        }
    }
}

/// Nothing, or what stands behind `and`.
fn following<'t>(text: &'t str, whole: &str) -> Result<&'t str, RequiredError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok("");
    }
    match keyword(text, "and") {
        Some(after) if !after.is_empty() => Ok(after),
        _ => Err(RequiredError::Trailing { rest: text.to_owned(), whole: whole.to_owned() }),
    }
}

/// A text that states no requirement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RequiredError {
    #[error("`{symbol}` is not an operator; did you mean `{nearest}`? (operators: =, <>, <, <=, >, >=, in [...], not in [...])")]
    Operator { symbol: String, nearest: String },
    #[error("`{whole}` does not start with an operator; write one before the value, such as `>= 8 ha` or `= true`")]
    NoOperator { whole: String },
    #[error("nothing is required in `{whole}`; write an operator and a value, such as `>= 8 ha`")]
    Empty { whole: String },
    #[error("an operator without a value in `{whole}`; write both, such as `>= 8 ha`")]
    NoOperand { whole: String },
    #[error("a quote is never closed in `{whole}`")]
    Unclosed { whole: String },
    #[error("the list in `{whole}` must stand between `[` and `]`, separated by `,`")]
    List { whole: String },
    #[error("`{rest}` is left over in `{whole}`; join requirements by `and`")]
    Trailing { rest: String, whole: String },
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '%' | '+' | '²' | '€');
        let one_word = |text: &str| !text.is_empty() && text.chars().all(plain) && !text.eq_ignore_ascii_case("and");
        match self.0.split(' ').all(one_word) {
            true => f.write_str(&self.0),
            false if self.0.contains('\'') => write!(f, "\"{}\"", self.0),
            false => write!(f, "'{}'", self.0),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Comparison::Compared(operator, operand) => write!(f, "{} {operand}", operator.symbol()),
            Comparison::In { not, operands } => {
                let operands: Vec<String> = operands.iter().map(Operand::to_string).collect();
                write!(f, "{}in [{}]", if *not { "not " } else { "" }, operands.join(", "))
            }
        }
    }
}

impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparisons: Vec<String> = self.0.iter().map(Comparison::to_string).collect();
        f.write_str(&comparisons.join(" and "))
    }
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Required, D::Error> {
        let custom = |message: String| <D::Error as serde::de::Error>::custom(message);
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map_err(|error: RequiredError| custom(format!("required: {error}"))),
            serde_json::Value::Bool(boolean) => {
                Ok(Required(vec![Comparison::Compared(Operator::Equal, Operand(boolean.to_string()))]))
            }
            other => {
                Err(custom(format!("required: `{other}` has no operator; write it as a text, such as `required: \">= 8 ha\"`")))
            }
        }
    }
}

impl schemars::JsonSchema for Required {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Required".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Comparisons joined by `and`, each an operator (=, <>, <, <=, >, >=) and a value with its unit, or `in [..]`, `not in [..]`. A plain true or false stands for `= true`, `= false`.",
            "type": ["string", "boolean"],
            "examples": [">= 8 ha", "<= 5 km", "= 0 %", "in ['on sale', reserved]", ">= 2024-01-01", ">= 8 ha and <= 20 ha"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_in_one_form() {
        let cases = [
            (">= 8 ha", ">= 8 ha"),
            (">=8ha", ">= 8ha"),
            ("≤ 5 km", "<= 5 km"),
            (">= 8 ha AND < 20 ha", ">= 8 ha and < 20 ha"),
            ("in [on sale, 'x, y', \"d'or\"]", "in [on sale, 'x, y', \"d'or\"]"),
            ("not in ['on sale']", "not in [on sale]"),
            ("= 'sand and gravel'", "= 'sand and gravel'"),
            ("= sandy", "= sandy"),
            (">= 2024-01-01", ">= 2024-01-01"),
            ("= 0 %", "= 0 %"),
        ];
        for (text, normal) in cases {
            let read: Required = text.parse().unwrap();
            assert_eq!(read.to_string(), normal, "{text}");
            assert_eq!(normal.parse::<Required>().unwrap(), read, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("8 ha", "does not start with an operator"),
            ("", "nothing is required"),
            (">=", "an operator without a value"),
            ("== 3", "`==` is not an operator; did you mean `=`?"),
            ("!= 3", "did you mean `<>`?"),
            ("~ 3", "`~` is not an operator"),
            ("im [a]", "`im` is not an operator; did you mean `in`?"),
            ("in a, b", "must stand between `[` and `]`"),
            ("in [a, b", "must stand between"),
            ("= 'a", "never closed"),
            (">= 8 ha or <= 3 ha", "8 ha or"),
            ("= 'a' 'b'", "`'b'` is left over"),
            (">= 8 ha and ", "`and` is left over"),
        ];
        for (text, message) in cases {
            match text.parse::<Required>() {
                Err(error) => assert!(error.to_string().contains(message), "{text}: {error}"),
                // Without quotes, what a quantity holds is judged with its unit.
                Ok(required) => assert!(required.to_string().contains(message), "{text}: {required}"),
            }
        }
    }
}
