//! Floor 5: a number of territories as a coloured map.
//!
//! In: an indicator, a level, how classes are made, what the number is divided by. Out: a [`Choropleth`]: for each row of the level's layer a
//! value, a class and whether it is known, to be joined to the layer's own geometry when a tile is drawn; and the legend. Classes are
//! made here, once: the same at every zoom and in both languages.
//!
//! What holds:
//! - What is not known is no class: it is hatched. What is at least its value has the class of that value, and a hatch upon it.
//! - Classes are made of the numbers of which nothing is unknown.
//! - Only what adds up is divided: a share by area is nothing.
//!
//! In reading order: [`breaks`], [`jenks`], [`colours`] (pure), [`map`], [`legend`].

pub mod breaks;
pub mod colours;
pub mod jenks;
pub mod legend;
pub mod map;

use std::str::FromStr;

use serde::Serialize;

use crate::layer::catalogue::{nearest, suggestion};
use crate::territory::{Level, TerritoryError};
use breaks::Method;
use colours::Ramp;

pub use map::{Choropleth, choropleth};

/// More classes cannot be told apart by all (see [`colours`]).
pub const MOST_CLASSES: usize = 5;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// An indicator, by its id.
    pub indicator: String,
    pub level: Level,
    pub method: Method,
    /// 2 to 5.
    pub classes: usize,
    pub normalise: Option<Normalise>,
    pub ramp: Ramp,
}

/// What a number is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalise {
    /// By square kilometre on the ground.
    Area,
    /// By 1,000 residents.
    Population,
}

/// What can be wrong with what is asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChoroplethError {
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    #[error("nothing here draws the areas of the level {0}")]
    NoShapes(Level),
    #[error("`{word}` is no way to make classes{}", suggestion(nearest))]
    Method { word: String, nearest: Option<String> },
    #[error("`{0}` are no breaks; write `method=manual` and up to four rising numbers, such as `breaks=10,50,100`")]
    Breaks(String),
    #[error("{0} classes cannot be told apart; write 2 to {MOST_CLASSES}")]
    Classes(usize),
    #[error("`{word}` is no ramp of colours{}", suggestion(nearest))]
    Ramp { word: String, nearest: Option<String> },
    #[error("`{word}` divides nothing{}", suggestion(nearest))]
    Normalise { word: String, nearest: Option<String> },
    #[error("`{0}` is a ratio or a mean already: it is not divided by area or population")]
    NotAdditive(String),
    #[error("there is no number of residents here to divide by: no indicator `population`")]
    NoPopulation,
}

impl FromStr for Normalise {
    type Err = ChoroplethError;

    fn from_str(word: &str) -> Result<Normalise, ChoroplethError> {
        match word {
            "area" => Ok(Normalise::Area),
            "population" => Ok(Normalise::Population),
            _ => Err(ChoroplethError::Normalise { word: word.to_owned(), nearest: nearest(word, ["area", "population"]) }),
        }
    }
}
