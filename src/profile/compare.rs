//! Two to five territories side by side.

use serde::Serialize;

use super::ProfileError;
use super::answer::{Provenance, profile};
use super::book::{Book, Question};
use crate::atlas::View;
use crate::layer::definition::Text;
use crate::layer::indicator::Theme;
use crate::profile::numbers::Source;
use crate::territory::Territory;
use crate::territory::indicators::{Figure, Standing};
use crate::territory::specificity::answer::About;

#[derive(Debug, Serialize)]
pub struct Comparison {
    pub snapshot: String,
    pub program: &'static str,
    /// In the order asked.
    pub territories: Vec<About>,
    pub sections: Vec<Section>,
    pub sources: Vec<Provenance>,
    pub geography: String,
    pub notes: Vec<Text>,
}

#[derive(Debug, Serialize)]
pub struct Section {
    pub theme: Theme,
    pub title: Text,
    pub rows: Vec<Row>,
}

/// One indicator.
#[derive(Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub title: Text,
    pub unit: Option<&'static str>,
    /// One for each territory, in their order.
    pub figures: Vec<Cell>,
    pub source: Source,
}

#[derive(Debug, Serialize)]
pub struct Cell {
    #[serde(flatten)]
    pub figure: Figure,
    /// Among the areas of its own level.
    pub rank: Option<Standing>,
}

/// Territories as they are written, with semicolons between them.
///
/// # Errors
/// `HowMany`, `Unreadable`, `Territory`.
pub fn territories(book: &Book, written: &str) -> Result<Vec<Territory>, ProfileError> {
    let parts: Vec<&str> = written.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    if !(2..=5).contains(&parts.len()) {
        return Err(ProfileError::HowMany { found: parts.len() });
    }
    parts.into_iter().map(|part| book.territory(part)).collect()
}

/// # Errors
/// As [`profile`].
pub fn compare(book: &Book, view: View<'_>, territories: Vec<Territory>) -> Result<Comparison, ProfileError> {
    let profiles = territories.into_iter().map(|territory| profile(book, view, &Question::of(territory)));
    let profiles = profiles.collect::<Result<Vec<_>, _>>()?;
    let Some(first) = profiles.first() else { return Err(ProfileError::HowMany { found: 0 }) };
    // Every profile of a book has the same numbers in the same order.
    let row = |section: usize, place: usize| {
        let number = &first.sections[section].numbers[place];
        let of = |one: &super::Profile| {
            let own = one.sections.get(section).and_then(|section| section.numbers.get(place));
            own.map_or(Cell { figure: Figure::default(), rank: None }, |own| Cell { figure: own.figure, rank: own.rank })
        };
        Row {
            id: number.id.clone(),
            title: number.title.clone(),
            unit: number.unit,
            figures: profiles.iter().map(of).collect(),
            source: number.source.clone(),
        }
    };
    let sections = first.sections.iter().enumerate().map(|(place, section)| Section {
        theme: section.theme,
        title: section.title.clone(),
        rows: (0..section.numbers.len()).map(|number| row(place, number)).collect(),
    });
    Ok(Comparison {
        snapshot: first.snapshot.clone(),
        program: first.program,
        territories: profiles.iter().map(|profile| profile.territory.clone()).collect(),
        sections: sections.collect(),
        sources: first.sources.clone(),
        geography: first.geography.clone(),
        notes: first.notes.clone(),
    })
}
