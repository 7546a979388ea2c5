//! Where the plot is: its territories, and the nearest of each kind of infrastructure.

use super::Dossier;
use super::words::length;
use crate::paper::markup;
use crate::paper::numbers::{percent, plain};

pub fn section(dossier: &Dossier<'_>) -> String {
    let (check, language) = (dossier.check, dossier.language);
    let member = |own: &crate::zoning::answer::Membership<'_>| {
        let part = if own.share > 0.9995 { String::new() } else { format!(" ({})", percent(own.share, language)) };
        let place = own.territory;
        format!(
            "<div><dt>{}</dt><dd>{}{part} <small>{}</small></dd></div>",
            dossier.layer_title(place.layer),
            markup::name(place.name.unwrap_or(place.id)),
            markup::name(place.id)
        )
    };
    let members: String = check.territories.iter().map(member).collect();
    let near = |near: &crate::zoning::answer::Nearby<'_>| {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}<small>{}</small></td><td class=\"number\">{}<small>±\u{202f}{}\u{202f}m</small></td></tr>",
            markup::name(near.title.in_language(language)),
            markup::name(near.feature.name.unwrap_or(near.feature.id)),
            markup::name(near.feature.id),
            length(near.distance_m, language),
            plain(near.precision_m, language)
        )
    };
    let rows: String = check.nearby.iter().map(near).collect();
    let titles = dossier.of(["Équipement", "Le plus proche", "#De bord à bord"], ["Infrastructure", "Nearest", "#Edge to edge"]);
    let table = match rows.is_empty() {
        true => String::new(),
        false => format!("<table>{}<tbody>{rows}</tbody></table>\n", markup::headings(&titles)),
    };
    let members = if members.is_empty() { members } else { format!("<dl class=\"facts\">{members}</dl>\n") };
    if members.is_empty() && table.is_empty() {
        return String::new();
    }
    format!("<section>\n<h2>{}</h2>\n{members}{table}</section>\n", dossier.of("Autour", "Around"))
}
