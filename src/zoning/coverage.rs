//! Where data is missing: a layer that is not there, a territory into which it does not reach, a part of the plot that lies in
//! no feature of a layer that should leave no gap. No data is not no constraint.

use std::sync::PoisonError;

use crate::atlas::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::footprint::Footprint;
use crate::geometry::overlap::intersection;
use crate::geometry::territory::Frame;
use crate::layer::definition::Text;
use crate::zoning::answer::{Gap, Membership, Reason};
use crate::zoning::bearing::Ground;
use crate::zoning::rules::Rulebook;
use crate::zoning::rules::resolve::Subject;

/// What is not known of a theme at this place. `uncovered_m2` is the part of the plot in none of its features.
pub fn gaps<'v>(
    ground: &Ground<'_>,
    rulebook: &Rulebook<'v>,
    number: usize,
    territories: &[Membership<'v>],
    uncovered_m2: f64,
) -> Vec<Gap<'v>> {
    let subject = &rulebook.subjects[number];
    let mut gaps: Vec<Gap<'v>> = subject.absent.iter().map(|&(layer, title)| no_layer(subject, layer, title)).collect();
    if subject.layers.is_empty() {
        return gaps;
    }
    if !subject.layers.iter().any(|bearing| has_any(bearing.layer, &ground.footprint)) {
        gaps.push(gap(subject, Reason::NoData, Text { fr: NOWHERE.0.to_owned(), en: NOWHERE.1.to_owned() }));
        return gaps;
    }
    let Some(coverage) = &subject.theme.coverage else { return gaps };
    let Some(by) = subject.covered_by else {
        gaps.push(gap(subject, Reason::NoTerritories, Text { fr: UNTOLD.0.to_owned(), en: UNTOLD.1.to_owned() }));
        return gaps;
    };
    let empty = territories.iter().filter(|own| own.territory.layer == by.definition().id);
    let empty = empty.filter(|own| !is_reached(rulebook, number, by, own.row));
    let before = gaps.len();
    gaps.extend(empty.map(|own| Gap {
        territory: Some(own.territory),
        area_m2: Some(own.area_m2),
        ..gap(subject, Reason::NoData, coverage.missing.clone())
    }));
    let tolerance_m2 = subject.layers.iter().map(|bearing| bearing.layer.definition().precision_m).fold(0.0, f64::max);
    let tolerance_m2 = tolerance_m2 * perimeter(&ground.footprint) + ROUNDING * ground.area_m2;
    if coverage.partition && gaps.len() == before && uncovered_m2 > tolerance_m2 {
        gaps.push(Gap { area_m2: Some(uncovered_m2), ..gap(subject, Reason::Uncovered, coverage.missing.clone()) });
    }
    gaps
}

/// Areas are sums of rounded pieces.
const ROUNDING: f64 = 1e-9;

const NOWHERE: (&str, &str) = (
    "Les données ne couvrent pas cette partie du monde ; l'absence de donnée n'est pas l'absence de contrainte.",
    "The data has nothing in this part of the world; no data is not no constraint.",
);
const UNTOLD: (&str, &str) = (
    "Sans les territoires, rien ne dit si les données existent ici ; l'absence de donnée n'est pas l'absence de contrainte.",
    "Without the territories nothing tells whether there is data here; no data is not no constraint.",
);

fn gap<'v>(subject: &Subject<'v>, reason: Reason, sentence: Text) -> Gap<'v> {
    Gap { theme: &subject.theme.id, reason, sentence, layer: None, territory: None, area_m2: None }
}

fn no_layer<'v>(subject: &Subject<'v>, layer: &'v str, title: &Text) -> Gap<'v> {
    let sentence = Text {
        fr: format!("Couche absente : {}. L'absence de donnée n'est pas l'absence de contrainte.", title.fr),
        en: format!("Missing layer: {}. No data is not no constraint.", title.en),
    };
    Gap { layer: Some(layer), ..gap(subject, Reason::NoLayer, sentence) }
}

/// Whether a layer has anything in the plot's territory.
fn has_any(layer: &Layer, plot: &Footprint<'_>) -> bool {
    let frame = Frame::of_x(plot.bounds().centre()[0]).bounds();
    layer.extent().intersects(&frame) && !layer.is_empty()
}

fn perimeter(of: &Footprint<'_>) -> f64 {
    let length = |pair: &[[f64; 2]]| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
    of.shape().rings().map(|ring| ring.windows(2).map(length).sum::<f64>()).sum()
}

/// Whether any feature of the theme reaches into a territory; looked at once.
fn is_reached(rulebook: &Rulebook<'_>, number: usize, territories: &Layer, row: u32) -> bool {
    let layers = rulebook.subjects[number].layers.iter().enumerate();
    let mut layers = layers.map(|(place, bearing)| ((number, place, row), bearing.layer));
    layers.any(|(key, layer)| {
        let known = rulebook.reached.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let answer = reaches(layer, territories, row);
            rulebook.reached.lock().unwrap_or_else(PoisonError::into_inner).insert(key, answer);
            answer
        })
    })
}

/// Whether a feature reaches into a territory by more than the territory's outline is precise: neighbours' data laps over.
fn reaches(layer: &Layer, territories: &Layer, row: u32) -> bool {
    let territory = territories.footprint(row);
    let depth_m = territories.definition().precision_m;
    let mut candidates = Vec::new();
    layer.rows_in(territory.bounds(), |candidate| candidates.push(candidate));
    let deep = |&at: &[f64; 2]| territory.holds(at) && !territory.has_edge_in(&Bounds::of(&[at]).grown(depth_m));
    candidates.into_iter().any(|candidate| {
        let feature = layer.footprint(candidate);
        // A feature larger than the territory has no corner in it.
        feature.vertices().iter().any(deep)
            || !feature.has_edge_in(territory.bounds()) && feature.holds(territory.vertices()[0])
            || intersection(&territory, &feature).iter().any(|part| middle(part).is_some_and(|at| deep(&at)))
    })
}

fn middle(of: &geo_types::Polygon<f64>) -> Option<[f64; 2]> {
    geo::BoundingRect::bounding_rect(of).map(|rect| [rect.center().x, rect.center().y])
}
