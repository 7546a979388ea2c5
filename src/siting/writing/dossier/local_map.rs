//! A site and what decided its measures: the plot, the witnesses near it, and the shortest way to each, by letter.

use super::Dossier;
use crate::atlas::Layer;
use crate::atlas::backdrop::{lines, paths, territories};
use crate::geometry::bounds::Bounds;
use crate::geometry::projection::from_lon_lat;
use crate::geometry::shape::Kind;
use crate::geometry::territory::{Frame, LonLat};
use crate::paper::markup;
use crate::paper::sheet::{Label, Sheet};
use crate::paper::ways::way_marks;
use crate::siting::answer::RankedSite;

const WIDTH: f64 = 640.0;
const LEAST_M: f64 = 700.0;
/// Beyond it the end of a way is not drawn: the plot would shrink to a dot. The way runs off the paper.
const FARTHEST_M: f64 = 4_000.0;

/// The letter of a finding among those of its site that have a way: its mark on the map and in the table.
pub fn letter(site: &RankedSite, finding: usize) -> Option<char> {
    let has_way = |place: usize| site.findings[place].witness.as_ref().is_some_and(|found| found.way.is_some());
    let before = (0..finding).filter(|&place| has_way(place)).count();
    has_way(finding).then(|| char::from_u32('A' as u32 + before as u32)).flatten().filter(char::is_ascii_uppercase)
}

/// The map of a site; nothing where it has no geometry. `id` is its own on the page.
pub fn figure(dossier: &Dossier<'_>, site: &RankedSite, id: &str) -> String {
    let Some(layer) = dossier.view.layer(&site.layer) else { return String::new() };
    let plot = layer.bounds(site.row);
    if plot.is_empty() {
        return String::new();
    }
    let ways = ways(site, Frame::of_x(plot.centre()[0]));
    let ends =
        ways.iter().map(|(_, way)| way[1]).filter(|&end| plot.distance_squared(&Bounds::of(&[end])) < FARTHEST_M * FARTHEST_M);
    let shown = ends.fold(plot, Bounds::with);
    let margin = 0.12 * shown.width().max(shown.height()).max(LEAST_M);
    let sheet = Sheet::new(shown.grown(margin), WIDTH, [0.5, 0.56], LEAST_M);
    let [land, names] = territories(&sheet, dossier.view);
    let drawn: String = [
        land,
        lines(&sheet, dossier.view),
        neighbours(&sheet, layer, site.row),
        witnesses(dossier, &sheet, site),
        outline(&sheet, layer, site.row),
        names,
        way_marks(&sheet, &ways),
    ]
    .concat();
    let title =
        format!("{} {}", dossier.of("Plan du site", "Map of the site"), markup::escape(site.name.as_deref().unwrap_or(&site.id)));
    let about = dossier.of(
        "Le terrain et, par lettres, le plus court chemin vers ce qui a décidé chaque mesure ; le tableau qui suit dit les mêmes choses.",
        "The plot and, by letters, the shortest way to what decided each measure; the table below says the same.",
    );
    let caption = dossier.of(
        "Lettres : le plus court chemin, de bord à bord, vers l’objet qui a décidé la mesure (tableau).",
        "Letters: the shortest way, edge to edge, to the feature that decided the measure (table).",
    );
    format!(
        "<figure>{}<figcaption>{caption}</figcaption></figure>\n",
        sheet.svg(&Label { id, title: &title, about }, &drawn, dossier.language)
    )
}

/// Each way on the plane, from the plot, with its letter.
fn ways(site: &RankedSite, frame: Frame) -> Vec<(char, [[f64; 2]; 2])> {
    let on_plane = |[lon, lat]: [f64; 2]| from_lon_lat(frame, LonLat { lon, lat });
    let way = |place: usize| {
        let found = site.findings[place].witness.as_ref()?;
        Some((letter(site, place)?, found.way?.map(on_plane)))
    };
    (0..site.findings.len()).filter_map(way).collect()
}

fn outline(sheet: &Sheet, layer: &Layer, row: u32) -> String {
    let shape = layer.shape(row);
    match shape.kind() {
        Kind::Point => sheet.points(shape.vertices(), "plot", 7.0),
        _ => format!("<path class=\"plot\" d=\"{}\"/>", sheet.path(&shape)),
    }
}

/// The other features of the site's layer.
fn neighbours(sheet: &Sheet, layer: &Layer, own: u32) -> String {
    format!("<path class=\"neighbour\" d=\"{}\"/>", paths(sheet, layer, |row| row != own))
}

/// What decided the measures, each once, as far as it lies in the window.
fn witnesses(dossier: &Dossier<'_>, sheet: &Sheet, site: &RankedSite) -> String {
    let mut seen = std::collections::BTreeSet::new();
    let mut drawn = String::new();
    for found in site.findings.iter().filter_map(|finding| finding.witness.as_ref()).filter(|found| found.way.is_some()) {
        if !seen.insert((&found.layer, &found.id)) {
            continue;
        }
        let Some((layer, row)) = dossier.view.layer(&found.layer).and_then(|layer| Some((layer, layer.row_of(&found.id)?)))
        else {
            continue;
        };
        let shape = layer.shape(row);
        drawn += &match shape.kind() {
            Kind::Empty => String::new(),
            Kind::Point => sheet.points(shape.vertices(), "witness", 4.0),
            Kind::Line => format!("<path class=\"witness line\" d=\"{}\"/>", sheet.path(&shape)),
            Kind::Polygon => format!("<path class=\"witness area\" d=\"{}\"/>", sheet.path(&shape)),
        };
    }
    drawn
}
