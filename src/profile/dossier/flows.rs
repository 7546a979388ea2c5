//! Who comes to work, and where residents go.

use super::Dossier;
use crate::commuting::portrait::Partners;
use crate::paper::numbers::{count, percent};
use crate::paper::{bars, markup};

/// Partners shown on paper.
const MOST: usize = 8;

pub fn section(dossier: &Dossier<'_>) -> String {
    let Some(portrait) = &dossier.profile.commuting else { return String::new() };
    let notes: String = portrait.notes.iter().map(|note| format!("<p class=\"note\">{}</p>\n", dossier.say(note))).collect();
    format!(
        "<section>\n<h2>{}</h2>\n{}{}{notes}</section>\n",
        dossier.of("Flux domicile-travail", "Commuting"),
        side(
            dossier,
            dossier.of("D’où viennent ceux qui travaillent ici", "Where those who work here come from"),
            &portrait.incoming
        ),
        side(dossier, dossier.of("Où travaillent ceux qui partent", "Where those who leave work"), &portrait.outgoing),
    )
}

fn side(dossier: &Dossier<'_>, title: &str, partners: &Partners) -> String {
    let language = dossier.language;
    let rows: String = partners
        .shown
        .iter()
        .take(MOST)
        .map(|partner| {
            let share = partner.share.unwrap_or_default();
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
                dossier.say(&partner.name),
                markup::data(partner.workers.count(), &count(partner.workers.rounded().unsigned_abs() as usize, language)),
                percent(share, language),
                bars::share(share, 1.0)
            )
        })
        .collect();
    let number = |workers: crate::commuting::workers::Workers| count(workers.rounded().unsigned_abs() as usize, language);
    let beyond: crate::commuting::workers::Workers = partners.shown.iter().skip(MOST).map(|partner| partner.workers).sum();
    let rest = format!(
        "<p class=\"note\">{} {} · {} {} · {} {}</p>",
        dossier.of("Autres partenaires :", "Other partners:"),
        number(beyond),
        dossier.of("flux masqués :", "hidden flows:"),
        number(partners.hidden.workers),
        dossier.of("total :", "total:"),
        number(partners.total)
    );
    let titles = dossier.of(["Territoire", "#Actifs", "#Part", ""], ["Territory", "#Workers", "#Share", ""]);
    format!("<h3>{title}</h3>\n<table>{}<tbody>{rows}</tbody></table>\n{rest}\n", markup::headings(&titles))
}
