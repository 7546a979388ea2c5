//! The first page: which plot, for which project, the strictest of what was found, and what this paper is not.

use super::Dossier;
use super::words::{area, effect, icpe};
use crate::geometry::scale::Metric;
use crate::paper::markup;
use crate::paper::numbers::{count, date};

pub fn section(dossier: &Dossier<'_>) -> String {
    let check = dossier.check;
    let reserve = dossier.of(
        "Cet examen est une information tirée de données que d’autres publient. Il n’est pas un acte administratif : il n’autorise \
         rien et ne remplace ni certificat d’urbanisme, ni lecture des règlements, ni étude, ni visite du terrain. Ce que les données \
         n’interdisent pas n’est pas pour autant permis.",
        "This check is information drawn from data that others publish. It is not an administrative act: it permits nothing and \
         replaces no planning certificate, no reading of the regulations, no study and no visit of the plot. What the data does not \
         forbid is not thereby permitted.",
    );
    let strictest = dossier.of("Le plus strict de ce qui pèse sur le terrain :", "The strictest of what bears on the plot:");
    format!(
        "<header class=\"cover\">\n<p class=\"kicker\">Emprise · {}</p>\n<h1>{}</h1>\n<p class=\"verdict\">{strictest} <strong>{}</strong></p>\n\
         <p class=\"reserve\">{reserve}</p>\n{}{}</header>\n",
        dossier.of("Ce qui pèse sur un terrain", "What bears on a plot"),
        if dossier.is_drawn() {
            dossier.of("Terrain dessiné", "Drawn plot").to_owned()
        } else {
            markup::name(&check.plot.label)
        },
        effect(check.strictest, dossier.language),
        figures(dossier),
        identity(dossier)
    )
}

fn figures(dossier: &Dossier<'_>) -> String {
    let (check, language) = (dossier.check, dossier.language);
    let number = |number: usize| markup::data(number as f64, &count(number, language));
    let net = &check.buildable;
    let least = if net.at_least_m2 < net.area_m2 {
        format!("{} {}", dossier.of("\u{202f}; au moins", "; at least"), area(net.at_least_m2, language))
    } else {
        String::new()
    };
    let figures = [
        (area(check.plot.area_m2, language), dossier.of("de terrain", "of ground").to_owned()),
        (
            area(net.area_m2, language),
            format!("{}{least}", dossier.of("où rien de connu n’interdit de bâtir", "where nothing known forbids building")),
        ),
        (number(check.findings.len()), dossier.of("contraintes relevées", "constraints found").to_owned()),
        (number(check.not_available.len()), dossier.of("lacunes des données", "gaps in the data").to_owned()),
    ];
    let figure = |(number, words): &(String, String)| format!("<p><strong>{number}</strong> {words}</p>");
    format!("<div class=\"figures\">{}</div>\n", figures.iter().map(figure).collect::<String>())
}

fn identity(dossier: &Dossier<'_>) -> String {
    let (check, language) = (dossier.check, dossier.language);
    let entry = |term: &str, value: &str| format!("<div><dt>{term}</dt><dd>{value}</dd></div>");
    let metric = match check.plot.metric {
        Metric::Ellipsoid => dossier.of("mètres de l’ellipsoïde", "ellipsoidal metres"),
        Metric::Plane => dossier.of("mètres du plan", "metres of the plane"),
    };
    let mut entries = vec![entry(dossier.of("Projet", "Project"), &project(dossier))];
    if let Some(day) = check.project.date {
        entries.push(entry(dossier.of("Règles au", "Rules as of"), &date(day, language)));
    }
    entries.extend([
        entry(
            dossier.of("Instantané des données", "Snapshot of the data"),
            &format!("<code>{}</code>", markup::escape(&check.snapshot)),
        ),
        entry(dossier.of("Mesures", "Measures"), metric),
        entry(dossier.of("Programme", "Program"), &format!("Emprise {}", markup::escape(check.program))),
    ]);
    format!("<dl class=\"identity\">{}</dl>\n", entries.concat())
}

/// What is known of the project, as markup.
fn project(dossier: &Dossier<'_>) -> String {
    let (project, language) = (dossier.check.project, dossier.language);
    let told = [
        project.activity.as_ref().map(|code| format!("{} {}", dossier.of("activité", "activity"), markup::name(code))),
        project.use_code.as_ref().map(|code| format!("{} {}", dossier.of("destination", "use"), markup::name(code))),
        project.icpe.map(|regime| format!("{} {}", dossier.of("ICPE :", "classified installation:"), icpe(regime, language))),
        project.built_m2.map(|built| format!("{} {}", area(built, language), dossier.of("bâtis", "built"))),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if told.is_empty() { dossier.of("non précisé", "not said").to_owned() } else { told.join(" · ") }
}
