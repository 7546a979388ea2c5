//! A profile, or a comparison, as one self-contained page to read, print and file, in French or English.
//!
//! What [`crate::paper`] promises holds: no script, nothing fetched, every text of the data escaped, exact numbers beside their shown
//! form. Nothing is computed here: the page carries the numbers of the [`Profile`].
//!
//! In reading order: [`cover`] with its map, [`figures`], [`around`], [`flows`], [`projects`], [`sources`]; [`side_by_side`].

mod around;
mod cover;
mod figures;
mod flows;
mod projects;
mod side_by_side;
mod sources;

pub use side_by_side::write as write_comparison;

use super::Profile;
use crate::atlas::View;
use crate::layer::definition::Text;
use crate::layer::language::Language;
use crate::paper::{bars, markup, page};
use crate::territory::{Geography, Territory};

/// The page. `territory`, `geography` and `view` are those that the profile was made with. Equal arguments give equal bytes.
pub fn write(profile: &Profile, view: View<'_>, geography: &Geography, territory: &Territory, language: Language) -> String {
    let dossier = Dossier { profile, language };
    let sections = [
        bars::HATCH.to_owned(),
        cover::section(&dossier),
        cover::map(&dossier, view, geography, territory),
        figures::sections(&dossier),
        around::section(&dossier),
        around::specific(&dossier),
        flows::section(&dossier),
        projects::section(&dossier),
        sources::section(&dossier.profile.sources, &dossier.profile.notes, language),
    ];
    let title = format!("{} {}", dossier.of("Portrait de", "Portrait of"), markup::escape(&profile.territory.name));
    page::page(&title, profile.program, language, &page::main(&sections.concat()))
}

/// What every section writes from.
struct Dossier<'a> {
    profile: &'a Profile,
    language: Language,
}

impl Dossier<'_> {
    /// One of two writings, by the dossier's language.
    fn of<T>(&self, fr: T, en: T) -> T {
        self.language.of(fr, en)
    }

    /// A text of the data, as markup.
    fn say(&self, text: &Text) -> String {
        markup::name(text.in_language(self.language))
    }

    /// The level of a territory, as markup.
    fn level(&self, level: crate::territory::Level) -> String {
        markup::escape(level.title().in_language(self.language))
    }
}
