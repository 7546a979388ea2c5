//! Themes at a glance: how much of the plot each covers, nothing counted twice, and by regime.

use super::Dossier;
use super::words::{area, effect, length, standing};
use crate::paper::markup;
use crate::paper::numbers::percent;
use crate::zoning::answer::{RegimeArea, ThemeFacts};

pub fn section(dossier: &Dossier<'_>) -> String {
    let titles = dossier.of(["Thème", "Où", "Effet", "#Couvert", "#Part"], ["Theme", "Where", "Effect", "#Covered", "#Share"]);
    let rows: String = dossier.check.themes.iter().map(|theme| row(dossier, theme)).collect();
    format!(
        "<section>\n<h2>{}</h2>\n<table>{}<tbody>{rows}</tbody></table>\n</section>\n",
        dossier.of("Par thème", "By theme"),
        markup::headings(&titles)
    )
}

fn row(dossier: &Dossier<'_>, theme: &ThemeFacts<'_>) -> String {
    let language = dossier.language;
    let near = match theme.near_m > 0.0 {
        true => format!("<small>{} {}</small>", dossier.of("regardé jusqu’à", "looked at up to"), length(theme.near_m, language)),
        false => String::new(),
    };
    let share = |share: f64| markup::data(share, &percent(share, language));
    let regime = |one: &RegimeArea<'_>| {
        let told = language.of(one.regime.fr, one.regime.en);
        format!(
            "<tr><td colspan=\"3\">{} {}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            markup::name(one.regime.code),
            if told == one.regime.code { String::new() } else { format!("<small>{}</small>", markup::name(told)) },
            area(one.covered_m2, language),
            share(one.covered_share)
        )
    };
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}{near}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>{}",
        markup::name(theme.title.in_language(language)),
        standing(theme.relation, language),
        effect(theme.effect, language),
        area(theme.covered_m2, language),
        share(theme.covered_share),
        theme.regimes.iter().map(regime).collect::<String>()
    )
}
