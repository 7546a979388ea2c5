//! Which data was looked at, each with its publisher, terms, date and precision; and how it was measured.

use super::Dossier;
use crate::paper::markup;
use crate::paper::numbers::plain;

pub fn section(dossier: &Dossier<'_>) -> String {
    let titles = dossier.of(
        ["Couche", "Éditeur", "Licence", "Millésime", "#Précision"],
        ["Layer", "Publisher", "Licence", "Vintage", "#Precision"],
    );
    let looked_at = dossier.check.themes.iter().flat_map(|theme| &theme.layers).map(|facts| facts.layer);
    let mut layers: Vec<&str> = looked_at.chain(dossier.check.nearby.iter().map(|near| near.feature.layer)).collect();
    layers.extend(dossier.check.territories.iter().map(|own| own.territory.layer));
    let mut seen = std::collections::BTreeSet::new();
    layers.retain(|layer| seen.insert(*layer));
    let rows: String = layers.iter().map(|id| row(dossier, id)).collect();
    let method = dossier.of(
        "Les surfaces et les distances sont mesurées de bord à bord dans les géométries publiées, sans arrondi ; les surfaces d’un thème \
         sont celles de la réunion de ses objets, rien n’y est compté deux fois. Une limite plus proche que la précision de sa source ne \
         décide rien. Le terrain net est le terrain moins ce qu’une règle interdit et moins les reculs qu’une règle demande.",
        "Areas and distances are measured edge to edge in the published geometries, unrounded; the areas of a theme are those of the \
         union of its features, nothing is counted twice. A boundary nearer than its source is precise decides nothing. Net ground is \
         the plot less what a rule forbids and less the setbacks that a rule asks for.",
    );
    let reserve = markup::name(dossier.check.reserve.in_language(dossier.language));
    format!(
        "<section class=\"sources\">\n<h2>{}</h2>\n<table>{}<tbody>{rows}</tbody></table>\n<p class=\"note\">{method}</p>\n</section>\n\
         <footer><p>{reserve}</p></footer>\n",
        dossier.of("Les sources", "The sources"),
        markup::headings(&titles)
    )
}

fn row(dossier: &Dossier<'_>, id: &str) -> String {
    let Some(layer) = dossier.view.layer(id) else { return String::new() };
    let (definition, source) = (layer.definition(), &layer.definition().source);
    format!(
        "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
        markup::name(definition.title.in_language(dossier.language)),
        markup::link(&source.address),
        markup::name(&source.publisher),
        markup::name(&source.licence),
        markup::name(&source.vintage),
        markup::data(definition.precision_m, &format!("{}\u{202f}m", plain(definition.precision_m, dossier.language)))
    )
}
