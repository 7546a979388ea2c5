//! Which data the numbers come from, and how they were made.

use crate::layer::definition::Text;
use crate::layer::language::Language;
use crate::paper::markup;
use crate::profile::answer::Provenance;

pub fn section(sources: &[Provenance], notes: &[Text], language: Language) -> String {
    let titles = language.of(["Couche", "Éditeur", "Licence", "Millésime"], ["Layer", "Publisher", "Licence", "Vintage"]);
    let row = |source: &Provenance| {
        format!(
            "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td><td>{}</td></tr>",
            markup::name(source.title.in_language(language)),
            markup::link(&source.address),
            markup::name(&source.publisher),
            markup::name(&source.licence),
            markup::name(&source.vintage)
        )
    };
    let note = |note: &Text| format!("<p class=\"note\">{}</p>\n", markup::escape(note.in_language(language)));
    format!(
        "<section class=\"sources\">\n<h2>{}</h2>\n<table>{}<tbody>{}</tbody></table>\n{}</section>\n",
        language.of("Les sources", "The sources"),
        markup::headings(&titles),
        sources.iter().map(row).collect::<String>(),
        notes.iter().map(note).collect::<String>()
    )
}
