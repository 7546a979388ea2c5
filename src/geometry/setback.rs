//! Ground nearer to a shape than a distance, as convex pieces that cover it.
//!
//! A point near a chain of edges is nearest to the inside of one, and lies beside it in a box, or to a vertex, and lies in the
//! sector between the normals of the vertex's two edges, or in a half disc around an end. Boxes are exact; the arcs of sectors
//! are replaced by tangents, outside of them, so that no ground that is too near is left out.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

use super::bounds::Bounds;
use super::footprint::Footprint;
use super::overlap::clip_ring;

/// How the ground around shapes is drawn, in plane metres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Margin {
    /// All ground up to this distance is covered,
    pub radius: f64,
    /// and none beyond it by more than this.
    pub sagitta: f64,
}

/// Convex pieces, closed and counter-clockwise, that cover the ground of `window` within the margin of a shape's edges. What
/// lies inside a polygon and far from its edges is not covered.
pub(super) fn pieces(of: &Footprint<'_>, margin: Margin, window: &Bounds) -> Vec<Vec<[f64; 2]>> {
    let mut found = Vec::new();
    let reach = margin.radius + margin.sagitta;
    let mut keep = |piece: Vec<[f64; 2]>| {
        let piece = if window.covers(&Bounds::of(&piece)) { piece } else { clip_ring(&piece, window) };
        // Three corners at least, and the first again.
        if piece.len() > 3 {
            found.push(piece);
        }
    };
    of.nearest_runs(window, reach * reach, |run| {
        around_run(run, margin, &mut keep);
        reach * reach
    });
    found
}

/// The ground around a chain of edges, with a half disc at both ends. Where chains follow each other their half discs cover the
/// joint as well.
fn around_run(run: &[[f64; 2]], margin: Margin, keep: &mut impl FnMut(Vec<[f64; 2]>)) {
    let mut before: Option<f64> = None;
    for edge in run.windows(2).filter(|edge| edge[0] != edge[1]) {
        let [a, b] = [edge[0], edge[1]];
        let heading = (b[1] - a[1]).atan2(b[0] - a[0]);
        keep(beside(a, b, heading, margin.radius));
        match before.replace(heading) {
            None => keep(sector(a, [heading + FRAC_PI_2, heading + 3.0 * FRAC_PI_2], margin)),
            Some(before) => {
                if let Some(span) = joint(before, heading) {
                    keep(sector(a, span, margin));
                }
            }
        }
    }
    match (before, run.last()) {
        (Some(heading), Some(&end)) => keep(sector(end, [heading - FRAC_PI_2, heading + FRAC_PI_2], margin)),
        (None, Some(&point)) => keep(sector(point, [0.0, TAU], margin)),
        (_, None) => {}
    }
}

/// The box on both sides of an edge.
fn beside(a: [f64; 2], b: [f64; 2], heading: f64, radius: f64) -> Vec<[f64; 2]> {
    let (sin, cos) = heading.sin_cos();
    let aside = |[x, y]: [f64; 2], by: f64| [x - by * sin, y + by * cos];
    vec![aside(a, -radius), aside(b, -radius), aside(b, radius), aside(a, radius), aside(a, -radius)]
}

/// The angles between the outer normals of two edges that follow each other, counter-clockwise; `None` where they are aligned.
fn joint(before: f64, after: f64) -> Option<[f64; 2]> {
    let turn = (after - before + PI).rem_euclid(TAU) - PI;
    match turn {
        t if t > 0.0 => Some([before - FRAC_PI_2, before - FRAC_PI_2 + t]),
        t if t < 0.0 => Some([before + FRAC_PI_2 + t, before + FRAC_PI_2]),
        _ => None,
    }
}

/// A sector of a disc, of up to half of it or all, its arc replaced by tangents.
fn sector([x, y]: [f64; 2], [from, to]: [f64; 2], margin: Margin) -> Vec<[f64; 2]> {
    let Margin { radius, sagitta } = margin;
    // A tangent polygon's corners are at radius / cos(half a step).
    let widest = (2.0 * (radius / (radius + sagitta)).acos()).min(FRAC_PI_4);
    let steps = ((to - from) / widest).ceil().max(1.0);
    let step = (to - from) / steps;
    let at = |angle: f64, radius: f64| [x + radius * angle.cos(), y + radius * angle.sin()];
    let whole = to - from >= TAU;
    let mut corners = Vec::with_capacity(steps as usize + 4);
    if !whole {
        corners.extend([[x, y], at(from, radius)]);
    }
    let outer = radius / (0.5 * step).cos();
    corners.extend((0..steps as u32).map(|place| at(from + (f64::from(place) + 0.5) * step, outer)));
    if !whole {
        corners.push(at(to, radius));
    }
    corners.push(corners[0]);
    corners
}
