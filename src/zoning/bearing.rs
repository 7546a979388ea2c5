//! Every feature of a theme that is inside or near a plot, as findings.

use std::collections::BTreeMap;

use crate::atlas::layer::compare_ids;
use crate::geometry::footprint::Footprint;
use crate::geometry::scale::LocalScale;
use crate::layer::value::Value;
use crate::zoning::answer::{Finding, RegimeFacts, Relation, Surface, Way};
use crate::zoning::effect::Effect;
use crate::zoning::judge::{Applied, Case, Doubt, judge, uses};
use crate::zoning::place::{Place, Situation, locate};
use crate::zoning::project::Project;
use crate::zoning::rules::resolve::{Bearing, Subject};

/// The plot, measured once for all themes.
pub struct Ground<'p> {
    pub footprint: Footprint<'p>,
    pub scale: LocalScale,
    pub area_m2: f64,
    pub precision_m: f64,
    /// Whether anyone still waits for the answer.
    pub go_on: &'p dyn Fn() -> bool,
}

/// The findings of a theme, in no order. `near_m` is how near counts here.
pub fn findings<'v>(ground: &Ground<'_>, subject: &Subject<'v>, near_m: f64, project: &Project) -> Vec<Finding<'v>> {
    let mut found = Vec::new();
    for bearing in &subject.layers {
        // Independent errors add up as squares.
        let precision_m = bearing.layer.definition().precision_m.hypot(ground.precision_m);
        let reach_m = subject.reach_m(near_m) + precision_m;
        let window = ground.footprint.bounds().grown(ground.scale.planar_reach(reach_m));
        bearing.layer.rows_in(&window, |row| {
            if !(ground.go_on)() || !bearing.may_be_about(row) {
                return;
            }
            let situation = locate(&ground.footprint, &bearing.layer.footprint(row), &ground.scale, reach_m, precision_m);
            if let Some(situation) = situation {
                let case = Case { subject, bearing, row, place: situation.place, near_m, precision_m };
                found.extend(finding(ground, &case, situation, project));
            }
        });
    }
    found
}

/// `None` for a feature that is outside and of which no rule speaks.
fn finding<'v>(ground: &Ground<'_>, case: &Case<'_, 'v>, situation: Situation, project: &Project) -> Option<Finding<'v>> {
    let (theme, bearing, row) = (case.subject.theme, case.bearing, case.row);
    let uses = uses(case.subject, bearing, row, project);
    let rules = judge(case, &uses, project);
    let relation = match situation.place {
        Place::Inside | Place::Sliver => Relation::Inside,
        Place::Outside(distance_m) if distance_m <= case.near_m || !rules.is_empty() => Relation::Near,
        Place::Outside(_) => return None,
    };
    let effect = effect(&rules, relation);
    let definition = bearing.layer.definition();
    Some(Finding {
        theme: &theme.id,
        layer: &definition.id,
        id: bearing.layer.id(row),
        row,
        name: bearing.layer.name(row),
        effect,
        weight: effect.weight(),
        relation,
        overlap_m2: situation.overlap_m2,
        overlap_share: share(situation.overlap_m2, ground.area_m2),
        distance_m: situation.distance_m,
        borderline: is_borderline(case, &rules),
        regime: regime(case.subject, bearing, row),
        uses,
        rules,
        shown: shown(bearing, row),
        sheet: bearing.sheet.and_then(|sheet| sheet.text(row)),
        vintage: &definition.source.vintage,
        licence: &definition.source.licence,
        precision_m: definition.precision_m,
        overlap: Surface(situation.overlap),
        way: situation.way.map(Way),
    })
}

/// What bears on a plot and no rule speaks of is to be checked; near it, it does not concern.
fn effect(rules: &[Applied<'_>], relation: Relation) -> Effect {
    let silent = if relation == Relation::Inside { Effect::ToBeChecked } else { Effect::NotConcerned };
    rules.first().map_or(silent, |rule| rule.effect)
}

fn is_borderline(case: &Case<'_, '_>, rules: &[Applied<'_>]) -> bool {
    let by_place = match case.place {
        Place::Inside => false,
        Place::Sliver => true,
        Place::Outside(distance_m) => {
            distance_m < case.precision_m || (case.near_m > 0.0 && (distance_m - case.near_m).abs() < case.precision_m)
        }
    };
    by_place || rules.iter().any(|rule| rule.doubts.contains(&Doubt::Boundary))
}

fn shown<'v>(bearing: &Bearing<'v>, row: u32) -> BTreeMap<&'v str, Value> {
    let known = bearing.shown.iter().map(|(name, values)| (*name, values.get(row)));
    known.filter(|(_, value)| !value.is_unknown()).collect()
}

/// The code of a feature's regime and its meaning; the word itself where the rules have none for it.
fn regime<'v>(subject: &Subject<'v>, bearing: &Bearing<'v>, row: u32) -> Option<RegimeFacts<'v>> {
    let word = bearing.regime?.text(row)?;
    let meaning = subject.theme.regime.as_ref().and_then(|regime| regime.words.get(word));
    Some(match meaning {
        Some(meaning) => RegimeFacts { code: meaning.code.as_deref().unwrap_or(word), fr: &meaning.fr, en: &meaning.en },
        None => RegimeFacts { code: word, fr: word, en: word },
    })
}

/// 0 of a plot without area, which there is not.
pub fn share(part_m2: f64, whole_m2: f64) -> f64 {
    if whole_m2 > 0.0 { (part_m2 / whole_m2).min(1.0) } else { 0.0 }
}

/// Strictest first; then the largest in common, the nearest, and by layer and id.
pub fn sort(findings: &mut [Finding<'_>]) {
    findings.sort_by(|a, b| {
        let same_effect = b.overlap_m2.total_cmp(&a.overlap_m2).then(a.distance_m.total_cmp(&b.distance_m));
        let same_place = || a.layer.cmp(b.layer).then_with(|| compare_ids(a.id, b.id));
        a.effect.cmp(&b.effect).then(same_effect).then_with(same_place)
    });
}
