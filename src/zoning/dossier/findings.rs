//! Every constraint, the strictest first; and what the rules say of them, each once, with its legal source.

use super::Dossier;
use super::words::{area, doubt, effect, length};
use crate::paper::markup;
use crate::paper::numbers::{percent, plain};
use crate::zoning::answer::{Finding, Relation};
use crate::zoning::judge::Applied;

pub fn section(dossier: &Dossier<'_>) -> String {
    let heading = dossier.of("Les contraintes", "The constraints");
    if dossier.check.findings.is_empty() {
        let nothing = dossier.of(
            "Les données ne relèvent rien sur ce terrain ni assez près ; lire ce qu’elles ne contiennent pas.",
            "The data finds nothing on this plot nor near enough; read what it does not hold.",
        );
        return format!("<section>\n<h2>{heading}</h2>\n<p class=\"note\">{nothing}</p>\n</section>\n");
    }
    let titles = dossier.of(
        ["Contrainte", "Effet", "Régime", "#En commun", "#Distance"],
        ["Constraint", "Effect", "Regime", "#In common", "#Distance"],
    );
    let rows: String = dossier.check.findings.iter().enumerate().map(|(place, finding)| row(dossier, place, finding)).collect();
    format!(
        "<section>\n<h2>{heading}</h2>\n<table class=\"findings\">{}<tbody>{rows}</tbody></table>\n</section>\n",
        markup::headings(&titles)
    )
}

fn row(dossier: &Dossier<'_>, place: usize, finding: &Finding<'_>) -> String {
    let language = dossier.language;
    let tag = dossier.letter(place).map(|letter| format!("<span class=\"tag\">{letter}</span> ")).unwrap_or_default();
    let sheet = finding.sheet.map(|address| format!("<small>{}</small>", markup::link(address))).unwrap_or_default();
    let so = finding.rules.first().and_then(|rule| rule.if_so);
    let so =
        so.map(|so| format!("<small>{} {}</small>", dossier.of("si oui,", "if so,"), effect(so, language))).unwrap_or_default();
    let edge =
        if finding.borderline { format!("<small>{}</small>", dossier.of("à la limite", "borderline")) } else { String::new() };
    let regime = finding.regime.map_or_else(
        || "—".to_owned(),
        |regime| format!("{}<small>{}</small>", markup::name(regime.code), markup::name(language.of(regime.fr, regime.en))),
    );
    let common = match finding.overlap_m2 > 0.0 {
        true => format!(
            "{}<small>{}</small>",
            area(finding.overlap_m2, language),
            markup::data(finding.overlap_share, &percent(finding.overlap_share, language))
        ),
        false => "—".to_owned(),
    };
    let distance = match finding.relation {
        Relation::Inside => dossier.of("dedans", "inside").to_owned(),
        Relation::Near => length(finding.distance_m, language),
    };
    let precision = format!("±\u{202f}{}\u{202f}m", plain(finding.precision_m, language));
    format!(
        "<tr><th scope=\"row\">{tag}{}<small>{} · {} · {} · {precision}</small>{sheet}</th><td>{}{so}{edge}</td><td>{regime}</td>\
         <td class=\"number\">{common}</td><td class=\"number\">{distance}</td></tr>",
        markup::name(finding.name.unwrap_or(finding.id)),
        dossier.layer_title(finding.layer),
        markup::name(finding.id),
        markup::name(finding.vintage),
        effect(finding.effect, language)
    )
}

/// Each rule that spoke, once, the strictest first.
pub fn meanings(dossier: &Dossier<'_>) -> String {
    let of_findings = dossier.check.findings.iter().flat_map(|finding| finding.rules.iter().map(|rule| (finding.theme, rule)));
    let all = dossier.check.duties.iter().map(|duty| (duty.theme, &duty.rule)).chain(of_findings);
    let mut seen: Vec<(&str, &Applied<'_>)> = Vec::new();
    for (theme, rule) in all {
        let same = |other: &(&str, &Applied<'_>)| other.0 == theme && other.1.rule == rule.rule && other.1.effect == rule.effect;
        if !seen.iter().any(same) {
            seen.push((theme, rule));
        }
    }
    if seen.is_empty() {
        return String::new();
    }
    seen.sort_by_key(|(_, rule)| rule.effect);
    let items: String = seen.iter().map(|(theme, rule)| meaning(dossier, theme, rule)).collect();
    format!(
        "<section>\n<h2>{}</h2>\n<dl class=\"rules\">{items}</dl>\n</section>\n",
        dossier.of("Ce que disent les règles", "What the rules say")
    )
}

fn meaning(dossier: &Dossier<'_>, theme: &str, rule: &Applied<'_>) -> String {
    let language = dossier.language;
    let so = rule.if_so.map(|so| format!(" ({} {})", dossier.of("si oui,", "if so,"), effect(so, language))).unwrap_or_default();
    let doubts: Vec<&str> = rule.doubts.iter().map(|one| doubt(*one, language)).collect();
    let doubts = if doubts.is_empty() {
        String::new()
    } else {
        format!("<small>{} {}</small>", dossier.of("Doute :", "Doubt:"), doubts.join(" ; "))
    };
    let address = rule.law.address.as_deref().map(|address| format!(" · {}", markup::link(address))).unwrap_or_default();
    format!(
        "<div><dt><strong>{}</strong>{so} · {}</dt><dd>{}{doubts}<small>{}{address}</small></dd></div>",
        effect(rule.effect, language),
        dossier.theme_title(theme),
        markup::name(rule.sentence.in_language(language)),
        markup::name(&rule.law.reference)
    )
}
