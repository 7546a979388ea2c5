//! The listed sites in order, bars before numbers.

use super::{Dossier, anchor, bars, site_name};
use crate::paper::markup;
use crate::paper::numbers::{count, decimal, quantity};
use crate::siting::answer::RankedSite;

pub fn section(dossier: &Dossier<'_>) -> String {
    let answer = dossier.answer;
    let none = dossier.of("Aucun terrain ne remplit toutes les exigences.", "No plot meets every requirement.");
    let passing = match answer.sites.is_empty() {
        true => format!("<p>{none}</p>\n"),
        false => table(dossier, &answer.sites, true),
    };
    let undecided = match answer.undecided_sites.is_empty() {
        true => String::new(),
        false => format!(
            "<h3>{}</h3>\n{}",
            dossier.of("Sites dont on sait trop peu pour décider", "Sites of which too little is known to decide"),
            table(dossier, &answer.undecided_sites, false)
        ),
    };
    format!(
        "<section class=\"ranking\">\n<h2>{}</h2>\n{}<p class=\"note\">{}</p>\n{passing}{undecided}</section>\n",
        dossier.of("Le classement", "The ranking"),
        shown(dossier),
        dossier.of(
            "Chaque segment d’une barre est l’apport d’un critère, dans l’ordre du cahier des charges ; hachuré, ce que l’inconnu \
             pourrait encore apporter. L’intervalle de rang tient compte de tout ce qui est inconnu.",
            "Each segment of a bar is what one criterion adds, in the order of the specification; hatched, what the unknown might \
             still add. The interval of ranks accounts for all that is unknown."
        )
    )
}

/// Said only where not all are listed.
fn shown(dossier: &Dossier<'_>) -> String {
    let (listed, all) = (dossier.answer.sites.len(), dossier.answer.passing);
    if listed == all {
        return String::new();
    }
    let [listed, all] = [listed, all].map(|number| count(number, dossier.language));
    format!(
        "<p>{}</p>\n",
        dossier.of(format!("Les {listed} premiers de {all} sites."), format!("The first {listed} of {all} sites."))
    )
}

fn table(dossier: &Dossier<'_>, sites: &[RankedSite], passes: bool) -> String {
    let titles = dossier.of(["#Rang", "Site", "#Surface", "Score"], ["#Rank", "Site", "#Area", "Score"]);
    let sheets = dossier.sheets().filter(|(_, sheet_passes)| *sheet_passes == passes).count();
    let rows = sites.iter().enumerate().map(|(place, site)| row(dossier, site, (place < sheets).then(|| anchor(site, passes))));
    format!("<table class=\"ranks\">{}<tbody>{}</tbody></table>\n", markup::headings(&titles), rows.collect::<String>())
}

fn row(dossier: &Dossier<'_>, site: &RankedSite, sheet: Option<String>) -> String {
    let language = dossier.language;
    let name = site_name(site);
    let name = sheet.map_or_else(|| name.clone(), |sheet| format!("<a href=\"#{sheet}\">{name}</a>"));
    let [best, worst] = site.rank_interval;
    let interval = if best == worst { String::new() } else { format!("<small>{best}–{worst}</small>") };
    let area = site.area_m2.map(|area| markup::data(area, &quantity(area / 10_000.0, Some("ha"), language)));
    format!(
        "<tr><td class=\"number rank\">{}{interval}</td><th scope=\"row\">{name}<small>{}</small></th><td class=\"number\">{}</td>\
         <td class=\"graph\">{}<span>{}</span></td></tr>",
        site.rank,
        place(site),
        area.unwrap_or_else(|| "—".to_owned()),
        bars::score(site),
        markup::data(site.score, &decimal(site.score, 3, language))
    )
}

/// Commune, and the site's own number where its name is not that.
pub fn place(site: &RankedSite) -> String {
    let commune = site.commune.as_ref().map(|commune| commune.name.as_ref().unwrap_or(&commune.code));
    let id = site.name.as_ref().map(|_| &site.id);
    let parts: Vec<String> = commune.into_iter().chain(id).map(|part| markup::name(part)).collect();
    parts.join(" · ")
}
