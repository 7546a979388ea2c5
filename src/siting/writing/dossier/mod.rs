//! The dossier: an answer as one self-contained page to read, print and file, in French or English.
//!
//! No script, no address that a browser would fetch, no `style` attribute: it shows under [`page::POLICY`]. Every text of
//! the data goes through `markup::escape`. Exact numbers stand in `<data value>`, beside their shown form.
//!
//! In reading order: `cover`, `funnel`, `overview`, `ranking`, `firmness`, `site_sheet`, `sources`, `method`, one file a section; then
//! what they draw with: `curve`, `bars`, `local_map` and [`crate::paper`]; and what they write with: `words`.

mod bars;
mod cover;
mod curve;
mod firmness;
mod funnel;
mod local_map;
mod method;
mod overview;
mod ranking;
mod site_sheet;
mod sources;
mod words;

use serde_json::Value;

use crate::atlas::View;
use crate::layer::language::Language;
use crate::paper::{markup, numbers, page};
use crate::siting::answer::{Answer, RankedSite};
use crate::siting::spec::Spec;

/// Sites that get a sheet of their own: the best ones, passing sites before undecided ones.
const SHEETS: usize = 10;

/// The page. `spec` and `view` are those that the answer was made with. Equal arguments give equal bytes.
pub fn write(answer: &Answer, spec: &Spec, view: View<'_>, language: Language) -> String {
    let dossier = Dossier { answer, written: spec.normal(), view, language };
    let sections = [
        cover::section(&dossier),
        funnel::section(&dossier),
        overview::section(&dossier),
        ranking::section(&dossier),
        firmness::section(&dossier),
        site_sheet::sections(&dossier),
        sources::section(&dossier),
        method::section(&dossier),
    ];
    page::page(
        &dossier.title(),
        answer.program,
        language,
        &(crate::paper::bars::HATCH.to_owned() + &page::main(&sections.concat())),
    )
}

/// What every section writes from.
struct Dossier<'a> {
    answer: &'a Answer,
    /// The specification in its normal writing.
    written: Value,
    view: View<'a>,
    language: Language,
}

impl Dossier<'_> {
    /// One of two writings, by the dossier's language.
    fn of<T>(&self, fr: T, en: T) -> T {
        self.language.of(fr, en)
    }

    /// The title, as markup.
    fn title(&self) -> String {
        let untitled = || self.of("Recherche de sites", "Siting study").to_owned();
        self.answer.title.as_deref().map_or_else(untitled, markup::escape)
    }

    /// A criterion as written; one in a group is named after the group and a `/`.
    fn criterion(&self, name: &str) -> Option<&Value> {
        fn find<'w>(criteria: &'w Value, name: &str) -> Option<&'w Value> {
            let criteria = criteria.as_object()?;
            let within = |(group, written): (&String, &'w Value)| {
                find(written.get("criteria")?, name.strip_prefix(group.as_str())?.strip_prefix('/')?)
            };
            criteria.get(name).or_else(|| criteria.iter().find_map(within))
        }
        find(self.written.get("criteria")?, name)
    }

    /// The title of a layer, as markup; its id where it is not in the snapshot.
    fn layer_title(&self, id: &str) -> String {
        let title = self.view.layer(id).map(|layer| layer.definition().title.in_language(self.language));
        markup::name(title.unwrap_or(id))
    }

    /// Sites with a sheet, each with whether it passes.
    fn sheets(&self) -> impl Iterator<Item = (&RankedSite, bool)> {
        let passing = self.answer.sites.iter().map(|site| (site, true));
        passing.chain(self.answer.undecided_sites.iter().map(|site| (site, false))).take(SHEETS)
    }
}

/// The name of a site as people say it, as markup: its own, else its number in its layer.
fn site_name(site: &RankedSite) -> String {
    markup::name(site.name.as_deref().unwrap_or(&site.id))
}

/// The mark of a site on maps and sheets: its rank, in brackets where it is undecided.
fn mark(site: &RankedSite, passes: bool) -> String {
    if passes { site.rank.to_string() } else { format!("({})", site.rank) }
}

/// Where its sheet begins.
fn anchor(site: &RankedSite, passes: bool) -> String {
    format!("{}-{}", if passes { "site" } else { "undecided" }, site.rank)
}
