//! What programmes pay for here.

use serde_json::Value;

use super::Dossier;
use crate::paper::markup;
use crate::paper::numbers::count;
use crate::profile::projects::{Project, Projects};

pub fn section(dossier: &Dossier<'_>) -> String {
    let filter = dossier.profile.projects_filter.as_ref().map_or_else(String::new, |filter| {
        format!("<p class=\"note\">{} <code>{}</code></p>\n", dossier.of("Filtre :", "Filter:"), markup::escape(filter))
    });
    let some = dossier.profile.projects.iter().filter(|layer| layer.count > 0);
    let layers: String = some.map(|layer| table(dossier, layer)).collect();
    if layers.is_empty() {
        return String::new();
    }
    format!("<section>\n<h2>{}</h2>\n{filter}{layers}</section>\n", dossier.of("Projets et actions", "Projects and actions"))
}

fn table(dossier: &Dossier<'_>, layer: &Projects) -> String {
    let titles = dossier.of(["Intitulé", "Thématique", "Statut", "Période"], ["Name", "Theme", "Status", "Period"]);
    let rows: String = layer.listed.iter().map(|project| row(project, dossier)).collect();
    format!(
        "<h3>{} · {}</h3>\n<table>{}<tbody>{rows}</tbody></table>\n",
        dossier.say(&layer.title),
        count(layer.count, dossier.language),
        markup::headings(&titles)
    )
}

fn row(project: &Project, dossier: &Dossier<'_>) -> String {
    let cell = |column: &str| match project.columns.get(column) {
        Some(Value::String(text)) => markup::name(text),
        _ => "–".to_owned(),
    };
    let contact = project.contact.as_ref().map_or_else(String::new, |contact| {
        let told: Vec<&str> = ["name", "mail", "phone"].iter().filter_map(|column| contact.get(*column)?.as_str()).collect();
        format!("<small>{} {}</small>", dossier.of("Contact :", "Contact:"), markup::name(&told.join(" · ")))
    });
    format!(
        "<tr><th scope=\"row\">{}{contact}</th><td>{}</td><td>{}</td><td>{} – {}</td></tr>",
        markup::name(project.name.as_deref().unwrap_or(&project.id)),
        cell("theme"),
        cell("status"),
        cell("start"),
        cell("end")
    )
}
