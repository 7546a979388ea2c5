//! A check as one self-contained page to read, print and file, in French or English.
//!
//! What [`crate::paper`] promises holds: no script, nothing fetched, every text of the data escaped, exact numbers beside their
//! shown form. Nothing is computed here: the page carries the numbers of the [`Check`].
//!
//! In reading order: [`cover`], [`map`], [`findings`], [`themes`], [`unknown`], [`around`], [`sources`], one file a section; [`words`].

mod around;
mod cover;
mod findings;
mod map;
mod sources;
mod themes;
mod unknown;
mod words;

use crate::atlas::View;
use crate::geometry::footprint::Footprint;
use crate::layer::language::Language;
use crate::paper::{markup, page};
use crate::zoning::Check;
use crate::zoning::plot::DRAWING;

/// The page. `plot` and `view` are those that the check was made with. Equal arguments give equal bytes.
pub fn write(check: &Check<'_>, plot: &Footprint<'_>, view: View<'_>, language: Language) -> String {
    let dossier = Dossier { check, plot, view, language };
    let sections = [
        cover::section(&dossier),
        map::section(&dossier),
        findings::section(&dossier),
        findings::meanings(&dossier),
        themes::section(&dossier),
        unknown::section(&dossier),
        around::section(&dossier),
        sources::section(&dossier),
    ];
    page::page(&dossier.title(), check.program, language, &page::main(&sections.concat()))
}

/// What every section writes from.
struct Dossier<'a> {
    check: &'a Check<'a>,
    plot: &'a Footprint<'a>,
    view: View<'a>,
    language: Language,
}

impl Dossier<'_> {
    /// One of two writings, by the dossier's language.
    fn of<T>(&self, fr: T, en: T) -> T {
        self.language.of(fr, en)
    }

    /// Whether the plot has no name of its own.
    fn is_drawn(&self) -> bool {
        self.check.plot.label == DRAWING
    }

    /// The title, as markup.
    fn title(&self) -> String {
        if self.is_drawn() {
            return self.of("Examen d’un terrain dessiné", "Check of a drawn plot").to_owned();
        }
        format!("{} {}", self.of("Examen du terrain", "Check of plot"), markup::escape(&self.check.plot.label))
    }

    /// The title of a layer, as markup; its id where it is not in the snapshot.
    fn layer_title(&self, id: &str) -> String {
        let title = self.view.layer(id).map(|layer| layer.definition().title.in_language(self.language));
        markup::name(title.unwrap_or(id))
    }

    /// The title of a theme, as markup.
    fn theme_title(&self, id: &str) -> String {
        let found = self.check.themes.iter().find(|theme| theme.theme == id);
        markup::name(found.map_or(id, |theme| theme.title.in_language(self.language)))
    }

    /// The letter of a finding, on the map and in the table: the first 26 have one.
    fn letter(&self, place: usize) -> Option<char> {
        (place < 26).then(|| char::from(b'A' + place as u8))
    }
}
