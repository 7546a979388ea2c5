//! From what was sifted to the answer: scores, ranks, and the explanation of each site that is listed.

use crate::atlas::{Layer, View};
use crate::geometry::projection::to_lon_lat;
use crate::geometry::shape::Kind;
use crate::geometry::territory::FARTHEST_M;
use crate::siting::answer::{Answer, Commune, Finding, Found, Head, Provenance, RankedSite, Removal};
use crate::siting::measure::{Measured, Reading, Site, Witness};
use crate::siting::ranking::{Points, Span, contribution, order, rank_intervals};
use crate::siting::resolve::{Criterion, Resolved};
use crate::siting::rule::Outcome;
use crate::siting::scale::{Scale, date_of};
use crate::siting::sieve::{Sifted, is_borderline, judge};
use crate::siting::spec::Spec;
use crate::siting::within::representative;

/// Scores what was sifted, ranks it, and explains the sites that are listed.
pub fn answer(spec: &Spec, view: View<'_>, resolved: &Resolved<'_>, sifted: Sifted<'_>) -> Answer {
    let passes = |place: &usize| {
        let outcome = |(criterion, column): (&Criterion<'_>, &Vec<Measured>)| judge(criterion, &column[*place]);
        resolved.criteria.iter().zip(&sifted.columns).map(outcome).all(|outcome| outcome == Outcome::Pass)
    };
    let (passing, undecided): (Vec<usize>, Vec<usize>) = (0..sifted.sites.len()).partition(passes);
    let on_the_edge = |place: &&usize| {
        resolved.criteria.iter().zip(&sifted.columns).any(|(criterion, column)| is_borderline(criterion, &column[**place]))
    };
    let list = |places: &[usize]| ranked(view, resolved, &sifted, places);
    Answer {
        title: spec.title.clone(),
        specification: spec.hash(),
        snapshot: view.snapshot_id().to_owned(),
        program: env!("CARGO_PKG_VERSION"),
        metric: resolved.metric,
        candidates: sifted.candidates,
        passing: passing.len(),
        borderline: passing.iter().filter(on_the_edge).count(),
        undecided: undecided.len(),
        criteria: heads(spec, resolved),
        requirements: removals(resolved, &sifted),
        sites: list(&passing),
        undecided_sites: list(&undecided),
        sources: sources(resolved),
    }
}

fn heads(spec: &Spec, resolved: &Resolved<'_>) -> Vec<Head> {
    let head = |(criterion, (_, written)): (&Criterion<'_>, &(String, crate::siting::spec::Criterion))| Head {
        name: criterion.name.clone(),
        kind: written.kind.name(),
        required: criterion.required.clone(),
        share: criterion.value.as_ref().map(|_| criterion.share.to_f64()),
        unit: criterion.unit.map(|unit| unit.symbol()),
    };
    resolved.criteria.iter().zip(&spec.criteria.0).map(head).collect()
}

fn removals(resolved: &Resolved<'_>, sifted: &Sifted<'_>) -> Vec<Removal> {
    let removal = |step: &crate::siting::sieve::Step| Removal {
        criterion: resolved.criteria[step.criterion].name.clone(),
        required: resolved.criteria[step.criterion].required.clone().unwrap_or_default(),
        tested: step.tested,
        removed: step.failed,
        unknown: step.unknown,
        borderline: step.borderline,
    };
    sifted.steps.iter().map(removal).collect()
}

/// The best of some of the sifted sites, explained.
fn ranked(view: View<'_>, resolved: &Resolved<'_>, sifted: &Sifted<'_>, places: &[usize]) -> Vec<RankedSite> {
    let score = |&place: &usize| {
        let worth = |(criterion, column): (&Criterion<'_>, &Vec<Measured>)| worth(criterion, &column[place]);
        resolved.criteria.iter().zip(&sifted.columns).filter_map(worth).sum()
    };
    let scores: Vec<Span> = places.iter().map(score).collect();
    let intervals = rank_intervals(&scores);
    let key = |place: usize| {
        let site = &sifted.sites[places[place]];
        (site.layer.definition().id.as_str(), site.id())
    };
    let best = order(&scores, key).into_iter().take(resolved.limit);
    let explained = |(rank, place): (usize, usize)| {
        let mut site = explain(view, resolved, &sifted.sites[places[place]]);
        (site.rank, site.rank_interval) = (rank + 1, intervals[place]);
        site
    };
    best.enumerate().map(explained).collect()
}

/// What a measure adds to the score; `None` for a criterion without a value function.
fn worth(criterion: &Criterion<'_>, cell: &Measured) -> Option<Span> {
    criterion.value.as_ref().map(|value| contribution(criterion.share, value, &cell.reading))
}

/// A site in full: each criterion measured to the end, without the limits within which sifting looks. No outcome and no
/// contribution changes by that.
fn explain(view: View<'_>, resolved: &Resolved<'_>, site: &Site<'_>) -> RankedSite {
    let cells = resolved.criteria.iter().map(|criterion| (criterion, criterion.measure.of(site, resolved.metric, FARTHEST_M)));
    let mut score = Span::default();
    let mut findings = Vec::with_capacity(resolved.criteria.len());
    for (criterion, cell) in cells {
        let worth = worth(criterion, &cell);
        score = [score, worth.unwrap_or_default()].into_iter().sum();
        findings.push(finding(criterion, &cell, worth));
    }
    let shape = site.layer.shape(site.row);
    let position = representative(site.layer, site.row).map(to_lon_lat);
    RankedSite {
        rank: 0,
        rank_interval: [0, 0],
        score: score.low.to_f64(),
        score_interval: [score.low, score.high].map(Points::to_f64),
        layer: site.layer.definition().id.clone(),
        id: site.id().to_owned(),
        name: site.layer.name(site.row).map(str::to_owned),
        commune: commune(view, site),
        area_m2: (shape.kind() == Kind::Polygon).then(|| resolved.metric.area_m2(&shape)),
        lon: position.map(|position| degrees(position.lon)),
        lat: position.map(|position| degrees(position.lat)),
        findings,
        row: site.row,
    }
}

/// Seven decimals: a centimetre.
fn degrees(angle: f64) -> f64 {
    (angle * 1e7).round() / 1e7
}

fn finding(criterion: &Criterion<'_>, cell: &Measured, worth: Option<Span>) -> Finding {
    let unknown = match &cell.reading {
        Reading::Unknown(reason) => Some(reason.sentence()),
        _ => None,
    };
    let uncertain = worth.filter(|span| span.low != span.high);
    Finding {
        criterion: criterion.name.clone(),
        value: shown(criterion, &cell.reading),
        at_least: matches!(cell.reading, Reading::Number { low, high } if low < high),
        unit: criterion.unit.filter(|_| unknown.is_none()).map(|unit| unit.symbol()),
        outcome: criterion.rule.as_ref().map(|rule| rule.judge(&cell.reading)),
        borderline: is_borderline(criterion, cell),
        contribution: worth.map(|span| span.low.to_f64()),
        contribution_interval: uncertain.map(|span| [span.low, span.high].map(Points::to_f64)),
        witness: cell.witness.and_then(|witness| found(criterion, &witness)),
        unknown,
    }
}

fn shown(criterion: &Criterion<'_>, reading: &Reading) -> serde_json::Value {
    match (reading, criterion.scale) {
        (Reading::Unknown(_), _) => serde_json::Value::Null,
        (Reading::Word(word), _) => (&**word).into(),
        (&Reading::Number { low, .. }, Scale::Truth) => (low != 0.0).into(),
        (&Reading::Number { low, .. }, Scale::Date) => date_of(low).map(|date| date.to_string()).into(),
        (&Reading::Number { low, .. }, _) => criterion.unit.map_or(low, |unit| low / unit.to_base(1.0)).into(),
    }
}

fn found(criterion: &Criterion<'_>, witness: &Witness) -> Option<Found> {
    let layer = criterion.measure.targets()?.get(witness.target)?.layer;
    let position = |point: [f64; 2]| {
        let position = to_lon_lat(point);
        [degrees(position.lon), degrees(position.lat)]
    };
    Some(Found {
        layer: layer.definition().id.clone(),
        id: layer.id(witness.row).to_owned(),
        name: layer.name(witness.row).map(str::to_owned),
        way: witness.way.map(|way| way.map(position)),
    })
}

/// By the layer's own column `commune`, else by where the site lies among the communes.
fn commune(view: View<'_>, site: &Site<'_>) -> Option<Commune> {
    let communes = view.layer("communes");
    let named = |layer: &Layer, row: u32| Commune { code: layer.id(row).to_owned(), name: layer.name(row).map(str::to_owned) };
    if let Some(code) = site.layer.values("commune").and_then(|values| values.text(site.row)) {
        let row = communes.and_then(|layer| Some((layer, layer.row_of(code)?)));
        return Some(row.map_or_else(|| Commune { code: code.to_owned(), name: None }, |(layer, row)| named(layer, row)));
    }
    let (layer, point) = (communes?, representative(site.layer, site.row)?);
    let mut holding = None;
    layer.rows_in(&crate::geometry::bounds::Bounds::new(point, point), |row| {
        if holding.is_none() && layer.footprint(row).holds(point) {
            holding = Some(row);
        }
    });
    holding.map(|row| named(layer, row))
}

fn sources(resolved: &Resolved<'_>) -> Vec<Provenance> {
    let targets = resolved.criteria.iter().filter_map(|criterion| criterion.measure.targets());
    let measured = targets.flat_map(|targets| targets.iter().map(|(_, target)| target.layer));
    let mut layers: Vec<&Layer> = resolved.candidates.iter().map(|(layer, _)| *layer).chain(measured).collect();
    layers.sort_by(|a, b| a.definition().id.cmp(&b.definition().id));
    layers.dedup_by_key(|layer| layer.definition().id.clone());
    let provenance = |layer: &Layer| {
        let definition = layer.definition();
        Provenance {
            layer: definition.id.clone(),
            title: definition.title.clone(),
            publisher: definition.source.publisher.clone(),
            licence: definition.source.licence.clone(),
            vintage: definition.source.vintage.clone(),
            address: definition.source.address.clone(),
            precision_m: definition.precision_m,
        }
    };
    layers.into_iter().map(provenance).collect()
}
