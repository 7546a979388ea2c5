//! Net buildable ground: the plot less what forbids building on it, and less the ground that is to stay free around it.

use crate::geometry::buildable::{Buildable, Constraint, buildable};
use crate::geometry::footprint::Footprint;
use crate::zoning::answer::{Finding, Net, Surface};
use crate::zoning::bearing::{Ground, share};
use crate::zoning::effect::Effect;
use crate::zoning::judge::Applied;
use crate::zoning::place::polygons;
use crate::zoning::rules::Rulebook;

/// What is left of the plot.
pub fn net(ground: &Ground<'_>, rulebook: &Rulebook<'_>, findings: &[Finding<'_>]) -> Net {
    let sure = constraints(rulebook, findings, |rule| rule.doubts.is_empty() && rule.effect == Effect::Forbidden);
    let perhaps = constraints(rulebook, findings, |rule| {
        rule.setback_m.is_some() || [Some(rule.effect), rule.if_so].contains(&Some(Effect::Forbidden))
    });
    let left = less(ground, &sure);
    let at_least_m2 = if perhaps.len() == sure.len() { left.area_m2 } else { less(ground, &perhaps).area_m2 };
    Net {
        area_m2: left.area_m2,
        share: share(left.area_m2, ground.area_m2),
        largest_m2: left.largest_m2,
        at_least_m2,
        ground: Surface(left.ground),
    }
}

/// Features of which some rule takes ground, as far as `takes` says, and the widest setback that these rules ask for.
fn constraints<'v>(
    rulebook: &Rulebook<'v>,
    findings: &[Finding<'v>],
    takes: impl Fn(&Applied<'_>) -> bool,
) -> Vec<Constraint<'v>> {
    let taken = |finding: &Finding<'v>| {
        let setbacks = finding.rules.iter().filter(|rule| takes(rule)).map(|rule| rule.setback_m.unwrap_or(0.0));
        let setback_m = setbacks.reduce(f64::max)?;
        Some(Constraint { footprint: footprint(rulebook, finding)?, setback_m })
    };
    findings.iter().filter_map(taken).collect()
}

fn footprint<'v>(rulebook: &Rulebook<'v>, finding: &Finding<'v>) -> Option<Footprint<'v>> {
    Some(rulebook.view.layer(finding.layer)?.footprint(finding.row))
}

fn less(ground: &Ground<'_>, constraints: &[Constraint<'_>]) -> Buildable {
    if constraints.is_empty() {
        let whole = polygons(ground.footprint.shape().to_geo());
        let largest_m2 = match &whole.0[..] {
            [_] => ground.area_m2,
            parts => {
                let sized = |part: &geo_types::Polygon<f64>| {
                    crate::geometry::overlap::area_m2(&part.clone().into(), ground.scale.metric())
                };
                parts.iter().map(sized).fold(0.0, f64::max)
            }
        };
        let largest = geo_types::MultiPolygon(Vec::new());
        return Buildable { ground: whole, area_m2: ground.area_m2, largest, largest_m2 };
    }
    buildable(&ground.footprint, constraints, 0.0, ground.scale.metric())
}
