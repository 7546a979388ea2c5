//! Themes at a glance: how much of the plot each covers, nothing counted twice, and the strictest of what it says.

use geo_types::MultiPolygon;

use crate::geometry::bounds::Bounds;
use crate::geometry::overlap::{area_m2, union};
use crate::geometry::scale::Metric;
use crate::zoning::answer::{Finding, Gap, LayerFacts, RegimeArea, Relation, Standing, ThemeFacts};
use crate::zoning::bearing::{Ground, share};
use crate::zoning::effect::Effect;
use crate::zoning::rules::resolve::Subject;

/// The theme's own line, from its findings and what is missing.
pub fn facts<'v>(ground: &Ground<'_>, subject: &Subject<'v>, near_m: f64, findings: &[Finding<'v>]) -> ThemeFacts<'v> {
    let metric = ground.scale.metric();
    let covered = |of: &mut dyn Iterator<Item = &Finding<'v>>| covered_m2(&of.collect::<Vec<_>>(), metric);
    let layers = subject.layers.iter().map(|bearing| {
        let id = bearing.layer.definition().id.as_str();
        let own = || findings.iter().filter(|finding| finding.layer == id);
        let covered_m2 = covered(&mut own());
        LayerFacts { layer: id, findings: own().count(), covered_m2, covered_share: share(covered_m2, ground.area_m2) }
    });
    let layers: Vec<LayerFacts<'v>> = layers.collect();
    let covered_m2 = match &layers[..] {
        [only] => only.covered_m2,
        _ => covered(&mut findings.iter()),
    };
    ThemeFacts {
        theme: &subject.theme.id,
        title: &subject.theme.title,
        effect: findings.iter().map(|finding| finding.effect).min().unwrap_or(Effect::NotConcerned),
        relation: standing(findings),
        near_m,
        covered_m2,
        covered_share: share(covered_m2, ground.area_m2),
        layers,
        regimes: regimes(ground, findings),
    }
}

/// The line of a theme that does not exist in the plot's territory.
pub fn elsewhere<'v>(subject: &Subject<'v>) -> ThemeFacts<'v> {
    ThemeFacts {
        theme: &subject.theme.id,
        title: &subject.theme.title,
        effect: Effect::NotConcerned,
        relation: Standing::Elsewhere,
        near_m: 0.0,
        covered_m2: 0.0,
        covered_share: 0.0,
        layers: Vec::new(),
        regimes: Vec::new(),
    }
}

/// What is missing weighs on what is found: nothing found in no data is not available, not far.
pub fn weigh<'v>(facts: &mut ThemeFacts<'v>, gaps: &[Gap<'v>]) {
    if !gaps.is_empty() {
        facts.effect = facts.effect.min(Effect::NotAvailable);
        if facts.relation == Standing::Far {
            facts.relation = Standing::Unknown;
        }
    }
}

fn standing(findings: &[Finding<'_>]) -> Standing {
    let any = |relation: Relation| findings.iter().any(|finding| finding.relation == relation);
    match (any(Relation::Inside), any(Relation::Near)) {
        (true, _) => Standing::Inside,
        (false, true) => Standing::Near,
        (false, false) => Standing::Far,
    }
}

/// Area by regime, in the order of the codes.
fn regimes<'v>(ground: &Ground<'_>, findings: &[Finding<'v>]) -> Vec<RegimeArea<'v>> {
    let inside = || findings.iter().filter(|finding| finding.overlap_m2 > 0.0);
    let mut codes: Vec<_> = inside().filter_map(|finding| finding.regime).collect();
    codes.sort_by_key(|regime| regime.code);
    codes.dedup();
    let area = |regime: crate::zoning::answer::RegimeFacts<'v>| {
        let own: Vec<&Finding<'v>> = inside().filter(|finding| finding.regime == Some(regime)).collect();
        let covered_m2 = covered_m2(&own, ground.scale.metric());
        RegimeArea { regime, covered_m2, covered_share: share(covered_m2, ground.area_m2) }
    };
    codes.into_iter().map(area).collect()
}

/// Area in at least one of these findings, in m².
fn covered_m2(findings: &[&Finding<'_>], metric: Metric) -> f64 {
    let pieces: Vec<&Finding<'_>> = findings.iter().copied().filter(|finding| finding.overlap_m2 > 0.0).collect();
    if !some_meet(&pieces) {
        return pieces.iter().map(|finding| finding.overlap_m2).sum();
    }
    let pieces: Vec<MultiPolygon<f64>> = pieces.iter().map(|finding| finding.overlap.0.clone()).collect();
    area_m2(&union(&pieces), metric)
}

/// Whether the boxes of any two have area in common.
fn some_meet(pieces: &[&Finding<'_>]) -> bool {
    let boxes: Vec<Bounds> = pieces.iter().map(|finding| bounds(&finding.overlap.0)).collect();
    let apart = |a: &Bounds, b: &Bounds| (0..2).any(|axis| a.max[axis] <= b.min[axis] || b.max[axis] <= a.min[axis]);
    boxes.iter().enumerate().any(|(place, a)| boxes[place + 1..].iter().any(|b| !apart(a, b)))
}

fn bounds(of: &MultiPolygon<f64>) -> Bounds {
    let corners = of.iter().flat_map(|polygon| &polygon.exterior().0);
    corners.fold(Bounds::EMPTY, |bounds, c| bounds.with([c.x, c.y]))
}
