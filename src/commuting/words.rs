//! Modes of transport and occupations: the words that a detailed table tells workers apart by.

use serde::Serialize;

use super::CommutingError;
use crate::atlas::Layer;
use crate::layer::catalogue::nearest;
use crate::layer::value::{NO_WORD, Values};

/// The words of a detailed table, in the order of their first rows. A class is a mode and an occupation.
#[derive(Debug, Default)]
pub struct Words {
    pub modes: Vec<String>,
    pub occupations: Vec<String>,
}

/// Which workers: `None` is all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Filter {
    pub mode: Option<String>,
    pub occupation: Option<String>,
}

impl Filter {
    pub fn is_all(&self) -> bool {
        *self == Filter::default()
    }
}

/// More words than this are no list of modes.
const MOST: usize = 255;

impl Words {
    pub fn of(layer: &Layer) -> Words {
        let words = |column: &str| match layer.values(column) {
            Some(Values::Text { words, .. }) => words.iter().take(MOST).map(|word| word.to_string()).collect(),
            _ => Vec::new(),
        };
        Words { modes: words("mode"), occupations: words("occupation") }
    }

    /// The class of a row; `None` where a word is missing.
    pub fn class(&self, layer: &Layer, row: u32) -> Option<u16> {
        let code = |column: &str, words: &[String]| match layer.values(column) {
            Some(Values::Text { codes, .. }) => {
                Some(codes[row as usize]).filter(|&code| code != NO_WORD && (code as usize) < words.len())
            }
            _ => Some(0),
        };
        Some((code("mode", &self.modes)? << 8 | code("occupation", &self.occupations)?) as u16)
    }

    pub fn mode(&self, class: u16) -> &str {
        self.modes.get(usize::from(class >> 8)).map_or("", String::as_str)
    }

    /// The classes of a filter.
    ///
    /// # Errors
    /// `UnknownWord`.
    pub fn kept(&self, filter: &Filter) -> Result<impl Fn(u16) -> bool + use<>, CommutingError> {
        let mode = place("mode", &self.modes, filter.mode.as_deref())?;
        let occupation = place("occupation", &self.occupations, filter.occupation.as_deref())?;
        Ok(move |class: u16| mode.is_none_or(|mode| class >> 8 == mode) && occupation.is_none_or(|own| class & 255 == own))
    }
}

fn place(what: &'static str, words: &[String], wanted: Option<&str>) -> Result<Option<u16>, CommutingError> {
    let Some(word) = wanted else { return Ok(None) };
    let found = words.iter().position(|known| known == word);
    let unknown = || CommutingError::UnknownWord { what, word: word.to_owned(), nearest: nearest(word, words.iter()) };
    found.map(|place| Some(place as u16)).ok_or_else(unknown)
}
