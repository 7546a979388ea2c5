//! Polygons that are not valid: repaired where that changes little, rejected where it would change the place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::{Area, MakeValid};
use geo_types::MultiPolygon;

use crate::geometry::validity::{Flaw, find_flaw};
use crate::layer::definition::Invalid;
use crate::snapshot::manifest::ProblemKind;

/// A repair that changes the area by more than either is not taken.
const MOST_SHARE: f64 = 0.01;
const MOST_M2: f64 = 10.0;

/// What became of a polygon, in metres.
#[derive(Debug, PartialEq)]
pub enum Checked {
    Valid(MultiPolygon<f64>),
    Repaired { polygons: MultiPolygon<f64>, words: String },
    Rejected { kind: ProblemKind, words: String },
}

/// Checks a polygon, and repairs it if the layer lets it. Points inside an odd number of rings stay inside.
pub fn check(polygons: MultiPolygon<f64>, policy: Invalid) -> Checked {
    let Some(flaw) = find_flaw(&polygons) else { return Checked::Valid(polygons) };
    let rejected = |kind, words: String| Checked::Rejected { kind, words };
    if policy == Invalid::Reject {
        return rejected(ProblemKind::InvalidGeometry, flaw.to_string());
    }
    let Some(fixed) = make_valid(&polygons) else {
        return rejected(ProblemKind::InvalidGeometry, format!("{flaw}, and no repair was found"));
    };
    let (before, after) = (polygons.unsigned_area(), fixed.unsigned_area());
    let change = (after - before).abs();
    let words = describe(flaw, before, after);
    if after == 0.0 || change > MOST_M2 || change > MOST_SHARE * before {
        return rejected(ProblemKind::RepairTooLarge, words);
    }
    Checked::Repaired { polygons: fixed, words }
}

fn describe(flaw: Flaw, before: f64, after: f64) -> String {
    format!("{flaw}; area {before:.3} m² before the repair, {after:.3} m² after it")
}

/// The repair, if it is one. The triangulation below it asserts what rounding can break: that is no reason to stop.
fn make_valid(polygons: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let fixed = catch_unwind(AssertUnwindSafe(|| polygons.make_valid())).ok()?.ok()?;
    find_flaw(&fixed).is_none().then_some(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{LineString, Polygon};

    fn ring(points: &[(f64, f64)]) -> MultiPolygon<f64> {
        MultiPolygon(vec![Polygon::new(LineString::from(points.to_vec()), vec![])])
    }

    #[test]
    fn a_spike_goes_and_a_bow_tie_stays_out() {
        let spike = ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (120.0, 50.0), (100.0, 50.0), (100.0, 100.0), (0.0, 100.0)]);
        match check(spike.clone(), Invalid::Repair) {
            Checked::Repaired { polygons, words } => {
                assert_eq!(polygons.unsigned_area(), 10_000.0);
                assert!(words.contains("10000.000 m² before") && words.contains("10000.000 m² after"), "{words}");
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(check(spike, Invalid::Reject), Checked::Rejected { kind: ProblemKind::InvalidGeometry, .. }));
        let bow_tie = ring(&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)]);
        assert!(matches!(check(bow_tie, Invalid::Repair), Checked::Rejected { kind: ProblemKind::RepairTooLarge, .. }));
    }

    #[test]
    fn either_limit_rejects() {
        // A loop beyond the corner: its area is counted once negatively, so the repair adds twice as much.
        let looped = |side: f64, lobe: f64| {
            ring(&[(0.0, 0.0), (side, 0.0), (side, side), (-lobe, side), (-lobe, side + lobe), (0.0, side + lobe)])
        };
        let kind = |side, lobe| match check(looped(side, lobe), Invalid::Repair) {
            Checked::Rejected { kind, .. } => Some(kind),
            _ => None,
        };
        assert_eq!(kind(1000.0, 1.0), None, "2 m² of 1,000,000 m²");
        assert_eq!(kind(1000.0, 4.0), Some(ProblemKind::RepairTooLarge), "32 m²");
        assert_eq!(kind(10.0, 1.0), Some(ProblemKind::RepairTooLarge), "2 %");
    }
}
