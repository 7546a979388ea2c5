//! What is not known here. No data is not no constraint.

use super::Dossier;
use super::words::area;
use crate::paper::markup;
use crate::zoning::answer::Gap;

pub fn section(dossier: &Dossier<'_>) -> String {
    let gaps: String = dossier.check.not_available.iter().map(|gap| item(dossier, gap)).collect();
    let told = match gaps.is_empty() {
        true => format!(
            "<p class=\"note\">{}</p>\n",
            dossier.of(
                "Aucune lacune parmi les thèmes examinés. D’autres règles peuvent exister, que personne ne publie.",
                "No gap among the themes that were looked at. Other rules may exist that nobody publishes.",
            )
        ),
        false => format!("<ul class=\"remarks\">{gaps}</ul>\n"),
    };
    format!("<section>\n<h2>{}</h2>\n{told}</section>\n", dossier.of("Ce qu’on ne sait pas", "What is not known"))
}

fn item(dossier: &Dossier<'_>, gap: &Gap<'_>) -> String {
    let place = gap.territory.map(|place| format!(", {}", markup::name(place.name.unwrap_or(place.id)))).unwrap_or_default();
    let size = gap.area_m2.map(|size| format!(", {}", area(size, dossier.language))).unwrap_or_default();
    format!(
        "<li><strong>{}</strong>{place}{size}{} {}</li>",
        dossier.theme_title(gap.theme),
        dossier.of("&nbsp;:", ":"),
        markup::name(gap.sentence.in_language(dossier.language))
    )
}
