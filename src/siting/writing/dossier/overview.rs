//! Where the sites are: one map a territory, each site with its rank.

use std::collections::BTreeMap;

use super::{Dossier, mark};
use crate::atlas::backdrop::territories;
use crate::geometry::bounds::Bounds;
use crate::geometry::territory::Frame;
use crate::paper::sheet::{Label, Sheet};
use crate::siting::answer::RankedSite;

const WIDTH: f64 = 640.0;
/// A map of a few plots still shows where in the country they are.
const LEAST_M: f64 = 12_000.0;

/// A site on the plane.
struct Spot {
    mark: String,
    passes: bool,
    point: [f64; 2],
}

pub fn section(dossier: &Dossier<'_>) -> String {
    let answer = dossier.answer;
    let mut frames: BTreeMap<Frame, Vec<Spot>> = BTreeMap::new();
    let passing = answer.sites.iter().map(|site| (site, true));
    for (site, passes) in passing.chain(answer.undecided_sites.iter().map(|site| (site, false))) {
        if let Some(point) = point(dossier, site) {
            frames.entry(Frame::of_x(point[0])).or_default().push(Spot { mark: mark(site, passes), passes, point });
        }
    }
    if frames.is_empty() {
        return String::new();
    }
    let maps: String = frames.iter().map(|(frame, spots)| figure(dossier, *frame, spots)).collect();
    format!(
        "<section class=\"overview\">\n<h2>{}</h2>\n{maps}</section>\n",
        dossier.of("Où sont les sites", "Where the sites are")
    )
}

fn point(dossier: &Dossier<'_>, site: &RankedSite) -> Option<[f64; 2]> {
    let bounds = dossier.view.layer(&site.layer)?.bounds(site.row);
    (!bounds.is_empty()).then(|| bounds.centre())
}

fn figure(dossier: &Dossier<'_>, frame: Frame, spots: &[Spot]) -> String {
    let bounds = spots.iter().fold(Bounds::EMPTY, |bounds, spot| bounds.with(spot.point));
    let sheet = Sheet::new(bounds.grown(bounds.width().max(bounds.height()) * 0.08), WIDTH, [0.55, 1.05], LEAST_M);
    let territory = frame.territory();
    let (place, key) = (dossier.of(territory.name_fr, territory.name_en), territory.key);
    let title = format!("{} ({place})", dossier.of("Carte des sites", "Map of the sites"));
    let listed: Vec<&str> = spots.iter().map(|spot| spot.mark.as_str()).collect();
    let about = format!("{} {}", dossier.of("Sites de rang", "Sites of rank"), listed.join(", "));
    let label = Label { id: &format!("map-{key}"), title: &title, about: &about };
    let content = territories(&sheet, dossier.view).concat() + &markers(&sheet, spots);
    format!(
        "<figure>{}<figcaption>{}</figcaption></figure>\n",
        sheet.svg(&label, &content, dossier.language),
        dossier.of(
            "Les numéros sont les rangs ; entre parenthèses, les sites indécidables. Le nord et l’échelle sont vrais au milieu de la carte.",
            "Numbers are ranks; in brackets, undecidable sites. North and scale are true in the middle of the map."
        )
    )
}

/// Numbered marks that do not cover each other: each is moved off its point until it has room, and tied to it by a line.
fn markers(sheet: &Sheet, spots: &[Spot]) -> String {
    let mut taken: Vec<[f64; 2]> = Vec::new();
    let (mut lines, mut marks) = (String::new(), String::new());
    for spot in spots {
        let at = sheet.at(spot.point);
        let place = room(at, &taken, [sheet.width, sheet.height]);
        taken.push(place);
        let ([x, y], [to_x, to_y]) = (at, place);
        lines += &format!(
            "<path class=\"tie\" d=\"M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}\"/><circle class=\"spot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.8\"/>"
        );
        let class = if spot.passes { "mark" } else { "mark open" };
        marks += &format!(
            "<g class=\"{class}\" transform=\"translate({to_x:.1} {to_y:.1})\"><circle r=\"9\"/><text y=\"3.6\">{}</text></g>",
            spot.mark
        );
    }
    lines + &marks
}

/// The place nearest to a point that is a mark's width from every other and on the paper; the point itself where none is found.
fn room(at: [f64; 2], taken: &[[f64; 2]], paper: [f64; 2]) -> [f64; 2] {
    const APART: f64 = 18.5;
    let free = |place: &[f64; 2]| {
        let on_paper = (0..2).all(|axis| (10.0..=paper[axis] - 10.0).contains(&place[axis]));
        on_paper && taken.iter().all(|other| (other[0] - place[0]).hypot(other[1] - place[1]) >= APART)
    };
    let around = (0..10).flat_map(|circle| {
        let radius = 9.0 * f64::from(circle);
        let steps = if circle == 0 { 1 } else { 8 * circle };
        (0..steps).map(move |step| {
            let (sin, cos) = (std::f64::consts::TAU * f64::from(step) / f64::from(steps)).sin_cos();
            [at[0] + radius * sin, at[1] - radius * cos]
        })
    });
    around.into_iter().find(free).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_neighbours_stand_beside_each_other() {
        let mut taken: Vec<[f64; 2]> = Vec::new();
        for _ in 0..6 {
            let place = room([100.0, 100.0], &taken, [640.0, 400.0]);
            assert!(taken.iter().all(|other| (other[0] - place[0]).hypot(other[1] - place[1]) >= 18.5));
            assert!((place[0] - 100.0).hypot(place[1] - 100.0) <= 36.1);
            taken.push(place);
        }
        assert_eq!(taken[0], [100.0, 100.0]);
        assert!(room([0.0, 0.0], &[], [640.0, 400.0]).iter().all(|&c| c >= 10.0), "a mark stays on the paper");
    }
}
