//! The first page: what was asked, of which data, and what this paper is not.

use super::words::{key, kind, requirement};
use super::{Dossier, curve};
use crate::geometry::scale::Metric;
use crate::paper::markup;
use crate::paper::numbers::{count, percent};
use crate::siting::answer::Head;

pub fn section(dossier: &Dossier<'_>) -> String {
    let heading = dossier.of("Dossier d’implantation", "Siting dossier");
    let reserve = dossier.of(
        "Ce dossier est une information établie à partir de données publiées par des tiers. Il n’est pas un acte administratif : \
         il n’autorise rien et ne remplace ni certificat d’urbanisme, ni étude, ni visite du site.",
        "This dossier is information drawn from data that others publish. It is not an administrative act: it permits nothing \
         and replaces no planning certificate, no study and no visit of the site.",
    );
    format!(
        "<header class=\"cover\">\n<p class=\"kicker\">Emprise · {heading}</p>\n<h1>{}</h1>\n<p class=\"reserve\">{reserve}</p>\n{}{}</header>\n\
         <section class=\"question\">\n<h2>{}</h2>\n{}{}</section>\n",
        dossier.title(),
        figures(dossier),
        identity(dossier),
        dossier.of("Le cahier des charges", "The specification"),
        land(dossier),
        criteria(dossier)
    )
}

fn figures(dossier: &Dossier<'_>) -> String {
    let answer = dossier.answer;
    let figure = |number: usize, words: &str| {
        format!("<p><strong>{}</strong> {words}</p>", markup::data(number as f64, &count(number, dossier.language)))
    };
    let figures = [
        figure(answer.candidates.considered, dossier.of("terrains examinés", "plots examined")),
        figure(answer.passing, dossier.of("remplissent toutes les exigences", "meet every requirement")),
        figure(answer.borderline, dossier.of("d’entre eux à la limite", "of these on the edge")),
        figure(answer.undecided, dossier.of("indécidables faute de données", "undecidable for want of data")),
    ];
    format!("<div class=\"figures\">{}</div>\n", figures.concat())
}

fn identity(dossier: &Dossier<'_>) -> String {
    let answer = dossier.answer;
    let vintages = || answer.sources.iter().map(|source| source.vintage.as_str());
    let vintages = match (vintages().min(), vintages().max()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} {} {}", markup::escape(first), dossier.of("à", "to"), markup::escape(last))
        }
        (first, _) => markup::escape(first.unwrap_or("—")),
    };
    let metric = match answer.metric {
        Metric::Ellipsoid => dossier.of("mètres de l’ellipsoïde", "ellipsoidal metres"),
        Metric::Plane => dossier.of("mètres du plan", "metres of the plane"),
    };
    let entry = |term: &str, value: &str| format!("<div><dt>{term}</dt><dd>{value}</dd></div>");
    let entries = [
        entry(
            dossier.of("Cahier des charges", "Specification"),
            &format!("<code>{}</code>", markup::escape(&answer.specification)),
        ),
        entry(
            dossier.of("Instantané des données", "Snapshot of the data"),
            &format!("<code>{}</code>", markup::escape(&answer.snapshot)),
        ),
        entry(dossier.of("Millésimes", "Vintages"), &vintages),
        entry(dossier.of("Mesures", "Measures"), metric),
        entry(dossier.of("Programme", "Program"), &format!("Emprise {}", markup::escape(answer.program))),
    ];
    format!("<dl class=\"identity\">{}</dl>\n", entries.concat())
}

/// Among which land the question chooses.
fn land(dossier: &Dossier<'_>) -> String {
    let candidates = &dossier.written["candidates"];
    let layers: Vec<String> = candidates["layers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str())
        .map(|id| dossier.layer_title(id))
        .collect();
    let mut text = format!("{} {}", dossier.of("Parmi :", "Among:"), layers.join(", "));
    match &candidates["within"] {
        serde_json::Value::Null => {}
        serde_json::Value::String(place) => {
            text += &format!(" · {} {}", dossier.of("dans", "within"), place_name(dossier, place))
        }
        _ => text += dossier.of(" · dans un polygone dessiné", " · within a drawn polygon"),
    }
    if let Some(filter) = candidates["where"].as_str() {
        text += &format!(" · {} <code>{}</code>", key("where", dossier.language), markup::escape(filter));
    }
    format!("<p class=\"among\">{text}</p>\n")
}

/// A territory by its name, from `layer/id`.
fn place_name(dossier: &Dossier<'_>, place: &str) -> String {
    let found = place.split_once('/').and_then(|(layer, id)| {
        let layer = dossier.view.layer(layer)?;
        layer.name(layer.row_of(id)?)
    });
    markup::name(found.unwrap_or(place))
}

fn criteria(dossier: &Dossier<'_>) -> String {
    let titles = dossier
        .of(["Critère", "Exigence", "Valeur", "#Part du score"], ["Criterion", "Requirement", "Value", "#Share of the score"]);
    let widest = dossier.answer.criteria.iter().filter_map(|head| head.share).fold(0.0, f64::max);
    let rows: String = dossier.answer.criteria.iter().map(|head| row(dossier, head, widest)).collect();
    format!("<table class=\"criteria\">{}<tbody>{rows}</tbody></table>\n", markup::headings(&titles))
}

fn row(dossier: &Dossier<'_>, head: &Head, widest: f64) -> String {
    let written = dossier.criterion(&head.name);
    let required = head.required.as_ref().map_or_else(|| "—".to_owned(), |text| requirement(text, dossier.language));
    let value = written.and_then(|written| written.get("value")).map(|value| curve::curve(dossier, value));
    let share = head.share.map(|share| {
        format!("{}{}", crate::paper::bars::share(share, widest), markup::data(share, &percent(share, dossier.language)))
    });
    format!(
        "<tr><th scope=\"row\">{}<small>{}</small></th><td>{required}</td><td>{}</td><td class=\"number\">{}</td></tr>",
        markup::name(&head.name),
        subject(dossier, head, written),
        value.unwrap_or_else(|| "—".to_owned()),
        share.unwrap_or_else(|| "—".to_owned())
    )
}

/// What a criterion measures, from all that its writing says besides what is asked of the measure.
fn subject(dossier: &Dossier<'_>, head: &Head, written: Option<&serde_json::Value>) -> String {
    const ASKED: [&str; 4] = ["kind", "required", "value", "weight"];
    let members = written.and_then(|written| written.as_object()).into_iter().flatten();
    let told = members.filter(|(name, _)| !ASKED.contains(&name.as_str())).map(|(name, value)| {
        let shown = match (name.as_str(), value) {
            ("to" | "from" | "of" | "layers" | "with", serde_json::Value::String(id)) => dossier.layer_title(id),
            ("to" | "from" | "of" | "layers" | "with", serde_json::Value::Array(ids)) => {
                let titles: Vec<String> = ids.iter().filter_map(|id| id.as_str()).map(|id| dossier.layer_title(id)).collect();
                titles.join(", ")
            }
            (_, serde_json::Value::String(text)) => markup::name(text),
            (_, other) => markup::name(&other.to_string()),
        };
        format!("{}\u{a0}{shown}", markup::escape(key(name, dossier.language)))
    });
    std::iter::once(markup::escape(kind(head.kind, dossier.language))).chain(told).collect::<Vec<_>>().join(" · ")
}
