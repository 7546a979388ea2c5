//! The plot, what of it each constraint takes, what is left to build on, and the shortest way to what is near.

use geo::InteriorPoint;
use geo_types::MultiPolygon;

use super::Dossier;
use crate::atlas::backdrop::{lines, territories};
use crate::geometry::bounds::Bounds;
use crate::geometry::shape::{Kind, Shapes};
use crate::paper::markup;
use crate::paper::sheet::{Label, Sheet};
use crate::paper::ways::way_marks;
use crate::zoning::effect::Weight;

const WIDTH: f64 = 640.0;
const LEAST_M: f64 = 300.0;
/// Beyond it the end of a way is not drawn: the plot would shrink to a dot. The way runs off the paper.
const FARTHEST_M: f64 = 1_500.0;

pub fn section(dossier: &Dossier<'_>) -> String {
    let plot = *dossier.plot.bounds();
    let ways = ways(dossier);
    let ends =
        ways.iter().map(|(_, way)| way[1]).filter(|&end| plot.distance_squared(&Bounds::of(&[end])) < FARTHEST_M * FARTHEST_M);
    let shown = ends.fold(plot, Bounds::with);
    let margin = 0.15 * shown.width().max(shown.height()).max(LEAST_M);
    let sheet = Sheet::new(shown.grown(margin), WIDTH, [0.5, 0.7], LEAST_M);
    let [land, names] = territories(&sheet, dossier.view);
    let content = [
        land,
        lines(&sheet, dossier.view),
        features(dossier, &sheet),
        format!("<path class=\"outline\" d=\"{}\"/>", sheet.path(dossier.plot.shape())),
        path(&sheet, "net", &dossier.check.buildable.ground.0),
        overlaps(dossier, &sheet),
        format!("<path class=\"outline edge\" d=\"{}\"/>", sheet.path(dossier.plot.shape())),
        names,
        way_marks(&sheet, &ways),
        marks(dossier, &sheet),
    ];
    let title = match dossier.is_drawn() {
        true => dossier.of("Plan du terrain dessiné", "Map of the drawn plot").to_owned(),
        false => format!("{} {}", dossier.of("Plan du terrain", "Map of plot"), markup::escape(&dossier.check.plot.label)),
    };
    let about = dossier.of(
        "Le terrain, la part que chaque contrainte en touche, et le plus court chemin vers celles qui sont proches ; le tableau qui suit dit les mêmes choses.",
        "The plot, the part of it that each constraint touches, and the shortest way to those that are near; the table below says the same.",
    );
    let caption = dossier.of(
        "Lettres : les contraintes du tableau. Hachures serrées : interdit ; larges : à obtenir, à étudier ou à vérifier ; aplat vert : rien de connu n’interdit d’y bâtir. Tirets : le plus court chemin vers une contrainte proche.",
        "Letters: the constraints of the table. Close hatching: forbidden; wide: to be obtained, studied or checked; flat green: nothing known forbids building there. Dashes: the shortest way to a constraint that is near.",
    );
    let label = Label { id: "plot-map", title: &title, about };
    format!(
        "{HATCHES}<section class=\"plan\">\n<h2>{}</h2>\n<figure>{}<figcaption>{caption}</figcaption></figure>\n</section>\n",
        dossier.of("Le plan", "The map"),
        sheet.svg(&label, &content.concat(), dossier.language)
    )
}

/// Hatching tells apart on paper without colour what colour tells apart on a screen.
const HATCHES: &str = "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
    <pattern id=\"close\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <path d=\"M0 0V4\" class=\"forbids\"/></pattern>\
    <pattern id=\"wide\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">\
    <path d=\"M0 0V9\" class=\"delays\"/></pattern></defs></svg>\n";

fn path(sheet: &Sheet, class: &str, polygons: &MultiPolygon<f64>) -> String {
    if polygons.0.is_empty() {
        return String::new();
    }
    let mut shapes = Shapes::default();
    shapes.push_geometry(Some(&polygons.clone().into()));
    format!("<path class=\"{class}\" d=\"{}\"/>", sheet.path(&shapes.get(0)))
}

/// The features themselves, as far as they lie in the window.
fn features(dossier: &Dossier<'_>, sheet: &Sheet) -> String {
    let drawn = dossier.check.findings.iter().filter_map(|finding| {
        let layer = dossier.view.layer(finding.layer)?;
        let shape = layer.shape(finding.row);
        Some(match shape.kind() {
            Kind::Empty => String::new(),
            Kind::Point => sheet.points(shape.vertices(), "witness", 4.0),
            Kind::Line => format!("<path class=\"witness line\" d=\"{}\"/>", sheet.path(&shape)),
            Kind::Polygon => format!("<path class=\"feature\" d=\"{}\"/>", sheet.path(&shape)),
        })
    });
    drawn.collect()
}

/// Common parts, the mildest first, so that the strictest lies on top.
fn overlaps(dossier: &Dossier<'_>, sheet: &Sheet) -> String {
    let class = |weight: Weight| match weight {
        Weight::Block => "common block",
        Weight::Delay | Weight::Unknown | Weight::None => "common",
    };
    dossier.check.findings.iter().rev().map(|finding| path(sheet, class(finding.weight), &finding.overlap.0)).collect()
}

fn ways(dossier: &Dossier<'_>) -> Vec<(char, [[f64; 2]; 2])> {
    let found = dossier.check.findings.iter().enumerate();
    found.filter_map(|(place, finding)| Some((dossier.letter(place)?, finding.way?.0))).collect()
}

/// The letters of what lies on the plot, each somewhere in its common part.
fn marks(dossier: &Dossier<'_>, sheet: &Sheet) -> String {
    let mut taken: Vec<[f64; 2]> = Vec::new();
    let marks = dossier.check.findings.iter().enumerate().filter_map(|(place, finding)| {
        let letter = dossier.letter(place)?;
        let point = finding.overlap.0.interior_point()?;
        let mut at = sheet.at([point.x(), point.y()]);
        // Several may lie over each other: their letters stand side by side.
        while taken.iter().any(|other| (other[0] - at[0]).hypot(other[1] - at[1]) < 16.0) && at[0] < sheet.width - 26.0 {
            at[0] += 17.0;
        }
        taken.push(at);
        let [x, y] = at;
        Some(format!(
            "<g class=\"letter\" transform=\"translate({x:.1} {y:.1})\"><circle r=\"8\"/><text y=\"3.6\">{letter}</text></g>"
        ))
    });
    marks.collect()
}
