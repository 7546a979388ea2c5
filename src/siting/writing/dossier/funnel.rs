//! How the candidates became few: what each requirement removed.

use super::numbers::count;
use super::words::{asked, requirement};
use super::{Dossier, bars, markup};

pub fn section(dossier: &Dossier<'_>) -> String {
    let answer = dossier.answer;
    let number = |value: usize| markup::data(value as f64, &count(value, dossier.language));
    let titles = dossier.of(
        ["Exigence", "Restants", "#Examinés", "#Écartés", "#Inconnus", "#À la limite"],
        ["Requirement", "Left", "#Tested", "#Removed", "#Unknown", "#On the edge"],
    );
    let row = |step: &crate::siting::answer::Removal| {
        let left = step.tested - step.removed;
        let written = dossier.criterion(&step.criterion).map(|written| asked(written, dossier.language));
        format!(
            "<tr><th scope=\"row\">{}<small>{}</small></th><td class=\"graph\">{}<span>{}</span></td>\
             <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            markup::name(&step.criterion),
            written.unwrap_or_else(|| requirement(&step.required, dossier.language)),
            bars::left(left, step.unknown, answer.candidates.considered),
            number(left),
            number(step.tested),
            number(step.removed),
            number(step.unknown),
            number(step.borderline)
        )
    };
    let rows: String = answer.requirements.iter().map(row).collect();
    let table = match answer.requirements.is_empty() {
        true => format!(
            "<p>{}</p>\n",
            dossier.of("Rien n’est exigé : tous les terrains passent.", "Nothing is required: every plot passes.")
        ),
        false => format!("<table class=\"funnel\">{}<tbody>{rows}</tbody></table>\n", markup::headings(&titles)),
    };
    format!(
        "<section class=\"funnel\">\n<h2>{}</h2>\n<p>{}</p>\n{table}<p class=\"note\">{}</p>\n</section>\n",
        dossier.of("De tous les terrains à quelques-uns", "From all the plots to a few"),
        starting(dossier),
        dossier.of(
            "Chaque exigence est posée aux terrains que les précédentes ont laissés ; l’ordre est celui de l’évaluation. Un inconnu \
             reste, mais ne compte jamais comme rempli. À la limite : la mesure est plus près du seuil que la précision des sources.",
            "Each requirement is put to the plots that the ones above it left, in the order of evaluation. An unknown stays, but \
             never counts as met. On the edge: the measure is nearer to its threshold than the sources are precise."
        )
    )
}

/// The features of the layers, and those that were never candidates.
fn starting(dossier: &Dossier<'_>) -> String {
    let counts = &dossier.answer.candidates;
    let number = |value: usize| format!("<strong>{}</strong>", count(value, dossier.language));
    let left_out = [
        (counts.elsewhere, dossier.of("hors du lieu demandé", "outside the place asked for")),
        (counts.filtered, dossier.of("écartés par le filtre", "left out by the filter")),
        (counts.filter_unknown, dossier.of("dont le filtre ne peut rien dire", "of which the filter cannot tell")),
    ];
    let left_out: Vec<String> =
        left_out.iter().filter(|(value, _)| *value > 0).map(|(value, words)| format!("{} {words}", number(*value))).collect();
    let plots = dossier.answer.plots.as_ref().map_or_else(String::new, |plots| match dossier.of(true, false) {
        true => format!("{} parcelles sur {} pouvaient être réunies. ", number(plots.considered), number(plots.features)),
        false => format!("{} parcels of {} could be put together. ", number(plots.considered), number(plots.features)),
    });
    let opening = format!("{} {}", number(counts.features), dossier.of("terrains dans les données", "plots in the data"));
    let rest = if left_out.is_empty() { String::new() } else { format!(" ; {}", left_out.join(", ")) };
    let rest = if dossier.of(true, false) { rest } else { rest.replace(" ; ", "; ") };
    format!(
        "{plots}{opening}{rest}{} {} {}.",
        dossier.of(" ;", ";"),
        number(counts.considered),
        dossier.of("examinés", "examined")
    )
}
