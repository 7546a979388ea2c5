//! The nearest feature of each kind that an indicator measures the distance to.

use serde::Serialize;

use super::book::Book;
use super::flows::Pool;
use crate::atlas::View;
use crate::geometry::footprint::Footprint;
use crate::layer::definition::Text;
use crate::layer::indicator::Rule;
use crate::territory::Territory;
use crate::territory::indicators::measured::{REACH, point_at};
use crate::territory::indicators::tally::bound;

#[derive(Debug, Clone, Serialize)]
pub struct Nearest {
    /// The indicator that says which features count.
    pub indicator: String,
    pub title: Text,
    pub layer: String,
    pub id: String,
    pub name: Option<String>,
    /// From a point inside the commune to the feature's edge, on the ground, as the crow flies.
    pub distance_m: f64,
    pub precision_m: f64,
}

/// The commune from which the nearest is told: the most populous, the first by code where nobody says.
#[derive(Debug, Clone, Serialize)]
pub struct From {
    pub code: String,
    pub name: String,
}

/// What is near a territory, and from where.
#[derive(Debug, Clone, Serialize)]
pub struct Around {
    pub from: From,
    pub nearest: Vec<Nearest>,
    /// Who could come to work there; `None` without flows.
    pub labour_pool: Option<Pool>,
}

/// `None` for a territory of communes without any position.
pub fn around(view: View<'_>, book: &Book, territory: &Territory) -> Option<Around> {
    let Book { geography, indicators, flows, .. } = book;
    let residents = view.layer("communes").and_then(|layer| layer.values("population"));
    let people = |commune: u32| residents.and_then(|values| values.number(commune)).unwrap_or(-1.0);
    let placed = territory.communes.iter().copied().filter(|&commune| geography.point(commune).is_some());
    let main = placed.max_by(|&a, &b| people(a).total_cmp(&people(b)).then_with(|| geography.code(b).cmp(geography.code(a))))?;
    let at = geography.point(main)?;
    let shapes = point_at(at);
    let point = Footprint::new(shapes.get(0), None);
    let measured = indicators.series().iter().filter(|series| series.indicator.rule == Rule::Nearest);
    let nearest = measured.filter_map(|series| {
        let layer = view.layer(&series.taken.layer)?;
        let only = bound(layer, &series.indicator).ok()?;
        let near = layer.nearest(&point, REACH, |row| only.as_ref().is_none_or(|only| only.keeps(row)))?;
        Some(Nearest {
            indicator: series.id.clone(),
            title: layer.definition().title.clone(),
            layer: layer.definition().id.clone(),
            id: layer.id(near.row).to_owned(),
            name: layer.name(near.row).map(str::to_owned),
            distance_m: near.distance_m,
            precision_m: layer.definition().precision_m,
        })
    });
    let from = From { code: geography.code(main).to_owned(), name: geography.name(main).to_owned() };
    Some(Around { from, nearest: nearest.collect(), labour_pool: flows.as_ref().map(|flows| flows.pool(at)) })
}
