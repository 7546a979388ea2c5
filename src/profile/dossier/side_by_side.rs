//! A comparison on paper: each number with a bar, as long as the largest of its line.

use super::figures::{rank, shown};
use super::sources;
use crate::layer::language::Language;
use crate::paper::{bars, markup, page};
use crate::profile::Comparison;
use crate::profile::compare::{Cell, Row, Section};
use crate::territory::specificity::answer::About;

/// The page. Equal arguments give equal bytes.
pub fn write(comparison: &Comparison, language: Language) -> String {
    let names: Vec<String> = comparison.territories.iter().map(|territory| markup::name(&territory.name)).collect();
    let kicker = language.of("Territoires côte à côte", "Territories side by side");
    let level = |about: &About| {
        format!(
            "<div><dt>{}</dt><dd>{}</dd></div>",
            markup::escape(about.level.title().in_language(language)),
            markup::name(&about.name)
        )
    };
    let cover = format!(
        "{}<header class=\"cover\">\n<p class=\"kicker\">Emprise · {kicker}</p>\n<h1>{}</h1>\n<dl class=\"identity\">{}</dl>\n</header>\n",
        bars::HATCH,
        names.join(" · "),
        comparison.territories.iter().map(level).collect::<String>()
    );
    let sections: String = comparison.sections.iter().map(|one| section(one, &names, language)).collect();
    let end = sources::section(&comparison.sources, &comparison.notes, language);
    page::page(kicker, comparison.program, language, &page::main(&[cover, sections, end].concat()))
}

fn section(section: &Section, names: &[String], language: Language) -> String {
    let heads: String = names.iter().map(|name| format!("<th scope=\"col\" class=\"number\">{name}</th>")).collect();
    let rows: String = section.rows.iter().map(|one| row(one, language)).collect();
    format!(
        "<section>\n<h2>{}</h2>\n<table><thead><tr><th scope=\"col\">{}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>\n</section>\n",
        markup::name(section.title.in_language(language)),
        language.of("Indicateur", "Indicator")
    )
}

fn row(row: &Row, language: Language) -> String {
    let largest =
        row.figures.iter().filter_map(|cell| cell.figure.value).fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let cell = |cell: &Cell| {
        let bar = match cell.figure.value {
            None => String::new(),
            Some(value) if cell.figure.at_least => bars::at_least(value.abs(), largest),
            Some(value) => bars::share(value.abs(), largest),
        };
        let place = cell.rank.map_or_else(String::new, |_| format!("<small>{}</small>", rank(cell.rank, language)));
        format!("<td class=\"number\">{}{bar}{place}</td>", shown(cell.figure, row.unit, language))
    };
    format!(
        "<tr><th scope=\"row\">{}<small>{} · {}</small></th>{}</tr>",
        markup::name(row.title.in_language(language)),
        markup::name(&row.source.publisher),
        markup::name(&row.source.vintage),
        row.figures.iter().map(cell).collect::<String>()
    )
}
