//! The first page: which territory, its first numbers, and where it lies.

use super::Dossier;
use super::figures::shown;
use crate::atlas::View;
use crate::geometry::bounds::Bounds;
use crate::paper::markup;
use crate::paper::numbers::count;
use crate::paper::sheet::{Label, Sheet};
use crate::profile::numbers::Number;
use crate::territory::{Geography, Territory};

/// Numbers of the cover, by their indicators; those of which nothing is known are passed over.
const FIRST: [&str; 8] = [
    "population",
    "jobs",
    "commuting-jobs",
    "unemployment-rate",
    "self-containment-residents",
    "plots-available-area",
    "charging-points",
    "funded-projects",
];

pub fn section(dossier: &Dossier<'_>) -> String {
    let (profile, territory) = (dossier.profile, &dossier.profile.territory);
    let around = profile.surroundings.as_ref().map_or_else(String::new, |around| {
        format!("<p class=\"among\">{} {}</p>\n", dossier.of("Comparé à :", "Beside:"), markup::name(&around.name))
    });
    format!(
        "<header class=\"cover\">\n<p class=\"kicker\">Emprise · {}</p>\n<h1>{}</h1>\n<p class=\"reserve\">{} {} · {}</p>\n{around}{}\
         <dl class=\"identity\"><div><dt>{}</dt><dd><code>{}</code></dd></div><div><dt>{}</dt><dd>{}</dd></div>\
         <div><dt>{}</dt><dd>Emprise {}</dd></div></dl>\n</header>\n",
        dossier.of("Portrait de territoire", "Portrait of a territory"),
        markup::name(&territory.name),
        dossier.level(territory.level),
        markup::escape(&short(&territory.code)),
        communes(dossier, territory.communes),
        figures(dossier),
        dossier.of("Instantané des données", "Snapshot of the data"),
        markup::escape(&profile.snapshot),
        dossier.of("Géographie", "Geography"),
        markup::name(&profile.geography),
        dossier.of("Programme", "Program"),
        markup::escape(profile.program),
    )
}

/// A list of many codes is named by the first.
fn short(code: &str) -> String {
    let all: Vec<&str> = code.split(',').collect();
    if all.len() > 4 { format!("{}, …", all[..4].join(", ")) } else { all.join(", ") }
}

fn communes(dossier: &Dossier<'_>, communes: usize) -> String {
    let plural = if communes > 1 { "s" } else { "" };
    format!("{} commune{plural}", count(communes, dossier.language))
}

fn figures(dossier: &Dossier<'_>) -> String {
    let all = || dossier.profile.sections.iter().flat_map(|section| &section.numbers);
    let known = FIRST.iter().filter_map(|id| all().find(|number| number.id == *id && number.figure.value.is_some()));
    // The title says what is counted.
    let unit = |number: &Number| number.unit.filter(|unit| ["%", "ha", "km", "kW"].contains(unit));
    let value = |number: &Number| shown(number.figure, unit(number), dossier.language);
    let figure = |number: &Number| format!("<p><strong>{}</strong> {}</p>", value(number), dossier.say(&number.title));
    format!("<div class=\"figures\">{}</div>\n", known.take(4).map(figure).collect::<String>())
}

/// The territory's communes among those around it.
pub fn map(dossier: &Dossier<'_>, view: View<'_>, geography: &Geography, territory: &Territory) -> String {
    let Some(layer) = view.layer("communes") else { return String::new() };
    // A country is no shape to find one's way by.
    if territory.communes.len() * 2 > geography.len() && geography.len() > 200 {
        return String::new();
    }
    let placed = territory.communes.iter().map(|&commune| layer.bounds(commune)).filter(|bounds| !bounds.is_empty());
    let Some(window) = placed.reduce(|all, one| all.union(one)) else { return String::new() };
    let margin = 0.15 * window.width().max(window.height());
    let sheet = Sheet::new(window.grown(margin), 692.0, [0.45, 0.9], 2_000.0);
    let mut drawn = String::new();
    layer.rows_in(&Bounds::new(sheet.window.min, sheet.window.max), |row| {
        let class = if territory.holds(row) { "plot" } else { "neighbour" };
        drawn += &format!("<path class=\"{class}\" d=\"{}\"/>", sheet.path(&layer.shape(row)));
    });
    let title = markup::escape(&dossier.profile.territory.name);
    let about =
        dossier.of("Les communes du territoire parmi leurs voisines.", "The territory's communes among their neighbours.");
    let label = Label { id: "territory", title: &title, about };
    format!("<section>\n<figure>{}</figure>\n</section>\n", sheet.svg(&label, &drawn, dossier.language))
}
