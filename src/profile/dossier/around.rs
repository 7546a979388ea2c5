//! What is near, and what is made here more than elsewhere.

use super::Dossier;
use crate::commuting::workers::Workers;
use crate::paper::markup;
use crate::paper::numbers::{decimal, plain, with_unit};
use crate::profile::flows::Pool;
use crate::profile::near::Nearest;
use crate::territory::specificity::answer::Row;

pub fn section(dossier: &Dossier<'_>) -> String {
    let Some(around) = &dossier.profile.around else { return String::new() };
    let pool = around.labour_pool.as_ref().map_or_else(String::new, |pool| labour_pool(dossier, pool));
    if around.nearest.is_empty() && pool.is_empty() {
        return String::new();
    }
    let titles = dossier.of(["Le plus proche", "Nom", "#Distance"], ["The nearest", "Name", "#Distance"]);
    let row = |near: &Nearest| {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td></tr>",
            dossier.say(&near.title),
            markup::name(near.name.as_deref().unwrap_or(&near.id)),
            markup::data(
                near.distance_m,
                &with_unit(&decimal(near.distance_m / 1000.0, 1, dossier.language), Some("km"), dossier.language)
            )
        )
    };
    format!(
        "<section>\n<h2>{} {}</h2>\n<table>{}<tbody>{}</tbody></table>\n{pool}</section>\n",
        dossier.of("Au plus près de", "Nearest to"),
        markup::name(&around.from.name),
        markup::headings(&titles),
        around.nearest.iter().map(row).collect::<String>()
    )
}

/// Who could come to work there.
fn labour_pool(dossier: &Dossier<'_>, pool: &Pool) -> String {
    let count = |workers: Workers| markup::data(workers.count(), &plain(workers.count().round(), dossier.language));
    let km = plain(pool.within_km, dossier.language);
    let [live, come] = dossier.of(
        ["actifs occupés résident à moins de", "y viennent déjà travailler d’une autre commune"],
        ["people at work live within", "already come to work there from another commune"],
    );
    let (live_here, come_here) = (count(pool.residents_at_work), count(pool.commuters_arriving));
    format!("<p>{live_here} {live} {km} km ; {come_here} {come}.</p>\n")
}

pub fn specific(dossier: &Dossier<'_>) -> String {
    let Some(rows) = dossier.profile.specificity.as_ref().filter(|rows| !rows.is_empty()) else { return String::new() };
    let titles =
        dossier.of(["Activité", "#Effectifs", "#Indice de spécificité"], ["Activity", "#Employees", "#Location quotient"]);
    let row = |row: &Row| {
        let quotient = row.against_whole.map_or_else(
            || dossier.of("non disponible", "not available").to_owned(),
            |quotient| markup::data(quotient.quotient, &decimal(quotient.quotient, 2, dossier.language)),
        );
        let caution = if row.reliable { "" } else { " ~" };
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{quotient}{caution}</td></tr>",
            dossier.say(&row.name),
            markup::data(row.count, &plain(row.count, dossier.language))
        )
    };
    let note = dossier.of(
        "Rapport de deux parts : celle de l’activité dans l’emploi du territoire et dans celui du pays. 10 % ici pour 5 % là : 2. \
         ~ : trop peu d’emplois pour s’y fier.",
        "A ratio of two shares: that of the activity among the territory's jobs, and among the country's. 10% here for 5% there: 2. \
         ~: too few jobs to rely on.",
    );
    format!(
        "<section>\n<h2>{}</h2>\n<table>{}<tbody>{}</tbody></table>\n<p class=\"note\">{note}</p>\n</section>\n",
        dossier.of("Spécificités", "What is made here more than elsewhere"),
        markup::headings(&titles),
        rows.iter().map(row).collect::<String>()
    )
}
