//! A site and what decided its measures: the plot, the witnesses near it, and the shortest way to each, by letter.

use super::map::{Label, Sheet, between, ground};
use super::{Dossier, markup};
use crate::atlas::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::projection::from_lon_lat;
use crate::geometry::shape::Kind;
use crate::geometry::territory::{Frame, LonLat};
use crate::siting::answer::RankedSite;

const WIDTH: f64 = 640.0;
const LEAST_M: f64 = 700.0;
/// Beyond it the end of a way is not drawn: the plot would shrink to a dot. The way runs off the paper.
const FARTHEST_M: f64 = 4_000.0;
/// Most vertices of lines and neighbours that a map of this size bears.
const MOST: usize = 4_000;

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
    let [land, names] = ground(&sheet, dossier.view);
    let drawn: String = [
        land,
        lines(dossier, &sheet),
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
        Kind::Point => points(sheet, shape.vertices(), "plot", 7.0),
        _ => format!("<path class=\"plot\" d=\"{}\"/>", sheet.path(&shape)),
    }
}

fn points(sheet: &Sheet, vertices: &[[f64; 2]], class: &str, radius: f64) -> String {
    let dot = |&vertex: &[f64; 2]| {
        let [x, y] = sheet.at(vertex);
        format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>")
    };
    vertices.iter().filter(|vertex| sheet.window.contains(**vertex)).map(dot).collect()
}

/// Roads, railways, whatever lines the snapshot holds, to find one's way by; none where they would blacken the paper.
fn lines(dossier: &Dossier<'_>, sheet: &Sheet) -> String {
    use crate::layer::definition::GeometryType;
    let mut drawn = String::new();
    for layer in dossier.view.layers().filter(|layer| layer.definition().geometry == GeometryType::Line) {
        let path = paths(sheet, layer, |_| true);
        if !path.is_empty() {
            drawn += &format!("<path class=\"line\" d=\"{path}\"/>");
        }
    }
    drawn
}

/// The other features of the site's layer.
fn neighbours(sheet: &Sheet, layer: &Layer, own: u32) -> String {
    format!("<path class=\"neighbour\" d=\"{}\"/>", paths(sheet, layer, |row| row != own))
}

fn paths(sheet: &Sheet, layer: &Layer, keep: impl Fn(u32) -> bool) -> String {
    let mut rows = Vec::new();
    layer.rows_in(&sheet.window, |row| rows.push(row));
    rows.sort_unstable();
    let drawn = rows.into_iter().filter(|&row| keep(row) && layer.shape(row).kind() != Kind::Point);
    let path: String = drawn.map(|row| sheet.path(&layer.shape(row))).collect();
    if path.matches(['M', 'L']).count() > MOST { String::new() } else { path }
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
            Kind::Point => points(sheet, shape.vertices(), "witness", 4.0),
            Kind::Line => format!("<path class=\"witness line\" d=\"{}\"/>", sheet.path(&shape)),
            Kind::Polygon => format!("<path class=\"witness area\" d=\"{}\"/>", sheet.path(&shape)),
        };
    }
    drawn
}

/// The ways, then their letters above everything; of a way that leaves the paper, where it leaves it.
fn way_marks(sheet: &Sheet, ways: &[(char, [[f64; 2]; 2])]) -> String {
    let (mut lines, mut marks) = (String::new(), String::new());
    let mut taken: Vec<[f64; 2]> = Vec::new();
    for (letter, way) in ways {
        let [from, to] = way.map(|point| sheet.at(point));
        lines += &format!("<path class=\"way\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", from[0], from[1], to[0], to[1]);
        let mut place = inside(from, to, [sheet.width, sheet.height]);
        // Several ways may end at one thing: their letters stand side by side.
        while taken.iter().any(|other| (other[0] - place[0]).hypot(other[1] - place[1]) < 16.0) && place[0] < sheet.width - 26.0 {
            place[0] += 17.0;
        }
        taken.push(place);
        marks += &format!(
            "<g class=\"letter\" transform=\"translate({:.1} {:.1})\"><circle r=\"8\"/><text y=\"3.6\">{letter}</text></g>",
            place[0], place[1]
        );
    }
    lines + &marks
}

/// The last point of a segment on its way out that is a mark's width inside the paper.
fn inside(from: [f64; 2], to: [f64; 2], paper: [f64; 2]) -> [f64; 2] {
    const EDGE: f64 = 11.0;
    let mut part: f64 = 1.0;
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        let limit = if step > 0.0 { paper[axis] - EDGE } else { EDGE };
        if (to[axis] - limit) * step > 0.0 {
            part = part.min((limit - from[axis]) / step);
        }
    }
    between(from, to, part.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_leaves_the_paper_is_marked_where_it_leaves() {
        let paper = [640.0, 400.0];
        assert_eq!(inside([100.0, 100.0], [200.0, 100.0], paper), [200.0, 100.0]);
        assert_eq!(inside([320.0, 200.0], [5_000.0, 200.0], paper), [629.0, 200.0]);
        assert_eq!(inside([320.0, 200.0], [320.0, -900.0], paper), [320.0, 11.0]);
    }
}
