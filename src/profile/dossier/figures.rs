//! The tables of numbers, one a theme.

use super::Dossier;
use crate::layer::language::Language;
use crate::paper::markup;
use crate::paper::numbers::{decimal, plain, with_unit};
use crate::profile::answer::Section;
use crate::profile::numbers::Number;
use crate::territory::indicators::{Figure, Standing};

pub fn sections(dossier: &Dossier<'_>) -> String {
    dossier.profile.sections.iter().map(|one| section(dossier, one)).collect()
}

fn section(dossier: &Dossier<'_>, section: &Section) -> String {
    let around = dossier.profile.surroundings.as_ref().map(|around| markup::escape(&around.name));
    let beside = format!("#{}", around.unwrap_or_else(|| dossier.of("Ensemble", "Surroundings").to_owned()));
    let titles = [dossier.of("Indicateur", "Indicator"), dossier.of("#Valeur", "#Value"), dossier.of("#Rang", "#Rank"), &beside];
    let rows: String = section.numbers.iter().map(|number| row(dossier, number)).collect();
    format!(
        "<section>\n<h2>{}</h2>\n<table>{}<tbody>{rows}</tbody></table>\n</section>\n",
        dossier.say(&section.title),
        markup::headings(&titles)
    )
}

fn row(dossier: &Dossier<'_>, number: &Number) -> String {
    format!(
        "<tr><th scope=\"row\">{}<small>{} · {}{}</small></th><td class=\"number\">{}</td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td></tr>",
        dossier.say(&number.title),
        markup::name(&number.source.publisher),
        markup::name(&number.source.vintage),
        known(number.figure, dossier.language),
        shown(number.figure, number.unit, dossier.language),
        rank(number.rank, dossier.language),
        number.surroundings.map_or_else(String::new, |figure| shown(figure, number.unit, dossier.language)),
    )
}

/// How much of a number is known, where not all is.
fn known(figure: Figure, language: Language) -> String {
    if figure.known == figure.of {
        return String::new();
    }
    let words = language.of("connus", "known");
    format!(" · {} / {} {words}", figure.known, figure.of)
}

/// A figure as markup: `≥` before one that is at least so much.
pub fn shown(figure: Figure, unit: Option<&str>, language: Language) -> String {
    let Some(value) = figure.value else { return language.of("non disponible", "not available").to_owned() };
    let least = if figure.at_least { "≥\u{202f}" } else { "" };
    markup::data(value, &format!("{least}{}", with_unit(&written(value, unit, language), unit, language)))
}

/// Counts weighted by a census are written whole, measures with the digits that they bear.
fn written(value: f64, unit: Option<&str>, language: Language) -> String {
    match unit {
        Some("%" | "km") => decimal(value, 1, language),
        _ if value.abs() >= 10.0 => decimal(value, 0, language),
        _ => plain(value, language),
    }
}

pub fn rank(rank: Option<Standing>, language: Language) -> String {
    let Some(Standing { rank, among }) = rank else { return "–".to_owned() };
    format!("{}\u{202f}/\u{202f}{}", plain(f64::from(rank), language), plain(f64::from(among), language))
}
