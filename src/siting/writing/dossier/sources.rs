//! Which data the dossier rests on, each with its publisher, terms, date and precision.

use super::Dossier;
use crate::paper::markup;
use crate::paper::numbers::plain;
use crate::siting::answer::Provenance;

pub fn section(dossier: &Dossier<'_>) -> String {
    let titles = dossier.of(
        ["Couche", "Éditeur", "Licence", "Millésime", "#Précision"],
        ["Layer", "Publisher", "Licence", "Vintage", "#Precision"],
    );
    let rows: String = dossier.answer.sources.iter().map(|source| row(dossier, source)).collect();
    format!(
        "<section class=\"sources\">\n<h2>{}</h2>\n<table>{}<tbody>{rows}</tbody></table>\n</section>\n",
        dossier.of("Les sources", "The sources"),
        markup::headings(&titles)
    )
}

fn row(dossier: &Dossier<'_>, source: &Provenance) -> String {
    format!(
        "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
        markup::name(source.title.in_language(dossier.language)),
        markup::link(&source.address),
        markup::name(&source.publisher),
        markup::name(&source.licence),
        markup::name(&source.vintage),
        markup::data(source.precision_m, &format!("{}\u{202f}m", plain(source.precision_m, dossier.language)))
    )
}
