//! What is made here more than elsewhere.
//!
//! In: a territory, a reference, a level of the nomenclature of activities, employees or establishments. Out: a line a class: both
//! shares, their ratio by both definitions with its interval, whether jobs enough stand behind it, and a shrunk one for ranking.
//!
//! In reading order: [`quotient`] (the formula), [`reliability`] (its interval and what it is worth), [`activities`] (classes and their
//! groups), [`staff`] (the table), [`answer`].

pub mod activities;
pub mod answer;
pub mod quotient;
pub mod reliability;
pub mod staff;

use crate::atlas::View;
use crate::layer::catalogue::suggestion;
use crate::territory::{Geography, Level, Territory, TerritoryError};
use activities::{Activities, Classes};
use staff::{Counted, Staff};

/// The layers that answers are made of.
pub const LAYERS: [&str; 8] =
    ["communes", "departements", "epci", "establishments", "former-communes", "industry-territories", "labour-zones", "regions"];

/// The table of a snapshot over its geography, made once.
#[derive(Debug)]
pub struct Fabric {
    pub geography: Geography,
    pub activities: Activities,
    pub staff: Staff,
}

impl Fabric {
    /// # Errors
    /// `NoTable`, or no communes to place its rows in.
    pub fn of(view: View<'_>) -> Result<Fabric, SpecificityError> {
        let layer = view.layer("establishments").ok_or(SpecificityError::NoTable)?;
        let geography = Geography::of(view)?;
        let staff = Staff::read(layer, &geography);
        Ok(Fabric { geography, activities: Activities::shipped(), staff })
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub territory: Territory,
    pub reference: Territory,
    pub classes: Classes,
    pub counted: Counted,
    /// What `shrunk` adds to both sides.
    pub kappa: f64,
}

/// What can be wrong with a snapshot's establishments, or with what is asked of them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpecificityError {
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    #[error("there are no establishments by activity here: no layer `establishments`")]
    NoTable,
    #[error("`{0}` is no level of activities; write 17, 38, 88 or 732")]
    Classes(String),
    #[error("`{word}` cannot be counted{}", suggestion(nearest))]
    Counted { word: String, nearest: Option<String> },
    #[error("`{0}` is no reference; write a level and a code, such as region/84, or FR for all")]
    Reference(String),
    #[error("kappa is {0}; it is a number of jobs above 0, at most 1,000,000")]
    Kappa(f64),
}

impl std::str::FromStr for Counted {
    type Err = SpecificityError;

    fn from_str(word: &str) -> Result<Counted, SpecificityError> {
        match word {
            "employees" => Ok(Counted::Employees),
            "establishments" => Ok(Counted::Establishments),
            _ => {
                let nearest = crate::layer::catalogue::nearest(word, ["employees", "establishments"]);
                Err(SpecificityError::Counted { word: word.to_owned(), nearest })
            }
        }
    }
}

impl Fabric {
    /// A reference as it is written: `level/code`, or `FR`.
    ///
    /// # Errors
    /// `Reference`, `Territory`.
    pub fn reference(&self, written: &str) -> Result<Territory, SpecificityError> {
        if written == "FR" {
            return Ok(self.geography.territory(Level::Country, written)?);
        }
        let (level, code) = written.split_once('/').ok_or_else(|| SpecificityError::Reference(written.to_owned()))?;
        Ok(self.geography.territory(level.parse()?, code)?)
    }
}
