//! Where a feature is with respect to a plot: in common area, or edge to edge outside, and how sure that is.

use geo_types::{Geometry, MultiPolygon};

use crate::geometry::bounds::Bounds;
use crate::geometry::distance::{Approach, approach};
use crate::geometry::drawn::Drawn;
use crate::geometry::footprint::Footprint;
use crate::geometry::overlap::{area_m2, intersection};
use crate::geometry::scale::{LocalScale, Metric};
use crate::geometry::shape::Kind;

/// On which side of the plot's boundary a feature is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// In common area, or a point or line of the plot, by more than the sources are precise.
    Inside,
    /// In common area so thin, or so near the feature's boundary, that the boundary's own imprecision may account for it.
    Sliver,
    /// Outside, by a reported distance in metres; 0 where they only touch.
    Outside(f64),
}

/// A feature that is near enough to matter.
#[derive(Debug)]
pub struct Situation {
    pub place: Place,
    /// Empty but for polygons in common.
    pub overlap: MultiPolygon<f64>,
    pub overlap_m2: f64,
    /// 0 inside.
    pub distance_m: f64,
    /// The shortest way from the plot to a feature outside it.
    pub way: Option<[[f64; 2]; 2]>,
}

/// Where a feature is, if within `reach_m` of the plot; `scale` is that around the plot.
pub fn locate(
    plot: &Footprint<'_>,
    feature: &Footprint<'_>,
    scale: &LocalScale,
    reach_m: f64,
    precision_m: f64,
) -> Option<Situation> {
    if feature.kind() == Kind::Polygon {
        let overlap = intersection(plot, feature);
        let overlap_m2 = area_m2(&overlap, scale.metric());
        if overlap_m2 > 0.0 {
            let sure = is_sure(plot, feature, &overlap, precision_m);
            let place = if sure { Place::Inside } else { Place::Sliver };
            return Some(Situation { place, overlap, overlap_m2, distance_m: 0.0, way: None });
        }
    }
    let Approach { distance_m, from, to } = approach(plot, feature, scale, reach_m)?;
    let nothing = MultiPolygon(Vec::new());
    let met = distance_m == 0.0 && feature.kind() != Kind::Polygon;
    let place = match met {
        true if has_depth(plot, from, precision_m) => Place::Inside,
        true => Place::Sliver,
        false => Place::Outside(distance_m),
    };
    let way = (!met).then_some([from, to]);
    Some(Situation { place, overlap: nothing, overlap_m2: 0.0, distance_m, way })
}

/// Whether some point of the plot lies deeper in the feature than the precision: then no error of that size parts them.
fn is_sure(plot: &Footprint<'_>, feature: &Footprint<'_>, overlap: &MultiPolygon<f64>, precision_m: f64) -> bool {
    if precision_m <= 0.0 {
        return true;
    }
    let outer = overlap.iter().flat_map(|polygon| &polygon.exterior().0).map(|c| [c.x, c.y]);
    let middles = overlap.iter().filter_map(geo::BoundingRect::bounding_rect).map(|rect| rect.center());
    let middles = middles.map(|c| [c.x, c.y]).filter(|&middle| feature.holds(middle) && plot.holds(middle));
    middles.chain(outer.take(LOOKED_AT)).any(|point| has_depth(feature, point, precision_m))
        || survives(plot, feature, precision_m)
}

/// Corners of a common part that are tried before the exact answer.
const LOOKED_AT: usize = 64;

/// Whether no boundary of `feature` is within a box of `depth_m` around a point that it holds.
fn has_depth(feature: &Footprint<'_>, [x, y]: [f64; 2], depth_m: f64) -> bool {
    !feature.has_edge_in(&Bounds::of(&[[x, y]]).grown(depth_m))
}

/// Whether anything in common is left once the feature's boundary has moved inwards by the precision.
fn survives(plot: &Footprint<'_>, feature: &Footprint<'_>, precision_m: f64) -> bool {
    // Far enough around the plot, what the window cuts off does not reach it.
    let window = plot.bounds().grown(3.0 * precision_m);
    let around = Drawn::of(MultiPolygon(vec![rectangle(&window)]));
    let near = intersection(feature, &around.footprint());
    let [x, y] = window.centre();
    let local = geo::MapCoords::map_coords(&near, |c| geo_types::Coord { x: c.x - x, y: c.y - y });
    let shrunk = geo::Buffer::buffer(&local, -precision_m);
    let shrunk = geo::MapCoords::map_coords(&shrunk, |c| geo_types::Coord { x: c.x + x, y: c.y + y });
    !shrunk.0.is_empty() && area_m2(&intersection(plot, &Drawn::of(shrunk).footprint()), Metric::Plane) > 0.0
}

fn rectangle(of: &Bounds) -> geo_types::Polygon<f64> {
    geo_types::Rect::new((of.min[0], of.min[1]), (of.max[0], of.max[1])).to_polygon()
}

/// A polygon on the shared plane of a geometry that is one.
pub fn polygons(geometry: Option<Geometry<f64>>) -> MultiPolygon<f64> {
    match geometry {
        Some(Geometry::MultiPolygon(polygons)) => polygons,
        Some(Geometry::Polygon(polygon)) => MultiPolygon(vec![polygon]),
        _ => MultiPolygon(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, width: f64, height: f64) -> Drawn {
        let [x, y] = [700_000.0 + x, 6_600_000.0 + y];
        Drawn::of(MultiPolygon(vec![rectangle(&Bounds::new([x, y], [x + width, y + height]))]))
    }

    fn place(plot: &Drawn, feature: &Drawn, precision_m: f64) -> Place {
        let (plot, feature) = (plot.footprint(), feature.footprint());
        let scale = Metric::Plane.around(plot.bounds());
        locate(&plot, &feature, &scale, 1_000.0, precision_m).unwrap().place
    }

    #[test]
    fn a_strip_thinner_than_the_precision_is_a_sliver() {
        let plot = square(0.0, 0.0, 100.0, 100.0);
        assert_eq!(place(&plot, &square(-500.0, -500.0, 504.0, 1_000.0), 5.0), Place::Sliver, "4 m of it");
        assert_eq!(place(&plot, &square(-500.0, -500.0, 506.0, 1_000.0), 5.0), Place::Inside, "6 m of it");
        assert_eq!(place(&plot, &square(40.0, 40.0, 8.0, 8.0), 5.0), Place::Sliver, "nowhere deeper than 4 m");
        assert_eq!(place(&plot, &square(40.0, 40.0, 12.0, 60.0), 5.0), Place::Inside);
        assert_eq!(place(&plot, &square(-500.0, -500.0, 504.0, 1_000.0), 0.0), Place::Inside, "an exact source");
    }

    #[test]
    fn a_narrow_plot_deep_inside_is_no_sliver() {
        let path = square(0.0, 0.0, 3.0, 200.0);
        assert_eq!(place(&path, &square(-500.0, -500.0, 1_000.0, 1_000.0), 12.5), Place::Inside);
    }

    #[test]
    fn a_thin_plot_along_a_boundary_is_unsure_and_a_touching_one_is_outside() {
        let feature = square(0.0, 0.0, 100.0, 100.0);
        assert_eq!(place(&square(-50.0, 0.0, 52.0, 100.0), &feature, 5.0), Place::Sliver);
        assert_eq!(place(&square(-50.0, 0.0, 50.0, 100.0), &feature, 5.0), Place::Outside(0.0));
        assert_eq!(place(&square(-50.0, 0.0, 47.0, 100.0), &feature, 5.0), Place::Outside(3.0));
    }
}
