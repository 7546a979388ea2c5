//! Text to words, each with its place.

use super::Operator;
use super::error::FilterError;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A name or a keyword: what it is depends on where it stands.
    Word(String),
    /// A name between double quotes: never a keyword.
    Quoted(String),
    Text(String),
    Number(f64),
    Operator(Operator),
    Open,
    Close,
    Comma,
}

/// A token and the place of its first character, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub token: Token,
    pub position: usize,
}

pub fn lex(text: &str) -> Result<Vec<Placed>, FilterError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if characters[at].is_whitespace() {
            at += 1;
            continue;
        }
        let (token, end) = token(&characters, at)?;
        tokens.push(Placed { token, position: at + 1 });
        at = end;
    }
    Ok(tokens)
}

fn token(characters: &[char], at: usize) -> Result<(Token, usize), FilterError> {
    let one = |token| Ok((token, at + 1));
    match characters[at] {
        '(' => one(Token::Open),
        ')' => one(Token::Close),
        ',' => one(Token::Comma),
        '\'' => quoted(characters, at).map(|(text, end)| (Token::Text(text), end)),
        '"' => quoted(characters, at).map(|(text, end)| (Token::Quoted(text), end)),
        '=' | '<' | '>' | '!' => operator(characters, at),
        '0'..='9' | '.' | '+' | '-' => number(characters, at),
        c if c.is_alphabetic() || c == '_' => {
            let end = run(characters, at, |c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'));
            Ok((Token::Word(characters[at..end].iter().collect()), end))
        }
        character => Err(FilterError::Character { character, position: at + 1 }),
    }
}

/// The text between two like quotes; a doubled quote inside stands for one.
fn quoted(characters: &[char], at: usize) -> Result<(String, usize), FilterError> {
    let quote = characters[at];
    let mut text = String::new();
    let mut next = at + 1;
    while let Some(&character) = characters.get(next) {
        if character != quote {
            text.push(character);
        } else if characters.get(next + 1) == Some(&quote) {
            text.push(quote);
            next += 1;
        } else {
            return Ok((text, next + 1));
        }
        next += 1;
    }
    Err(FilterError::Unclosed { quote, position: at + 1 })
}

fn operator(characters: &[char], at: usize) -> Result<(Token, usize), FilterError> {
    let end = run(characters, at, |c| matches!(c, '=' | '<' | '>' | '!'));
    let symbol: String = characters[at..end].iter().collect();
    let operator = match symbol.as_str() {
        "=" => Operator::Equal,
        "<>" => Operator::Different,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => return Err(FilterError::operator(symbol, at + 1)),
    };
    Ok((Token::Operator(operator), end))
}

fn number(characters: &[char], at: usize) -> Result<(Token, usize), FilterError> {
    let digits = run(characters, at + 1, |c| c.is_ascii_digit() || c == '.');
    let mut end = digits;
    if matches!(characters.get(digits), Some('e' | 'E')) {
        let sign = usize::from(matches!(characters.get(digits + 1), Some('+' | '-')));
        end = run(characters, digits + 1 + sign, |c| c.is_ascii_digit());
    }
    let text: String = characters[at..end].iter().collect();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((Token::Number(number), end)),
        _ => Err(FilterError::Number { text, position: at + 1 }),
    }
}

fn run(characters: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    characters[from.min(characters.len())..].iter().position(|&c| !belongs(c)).map_or(characters.len(), |length| from + length)
}
