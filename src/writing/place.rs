//! The geometry of a row as files hold it: in a reference system, rounded, outer rings counter-clockwise.

use geo::MapCoords;
use geo::orient::{Direction, Orient};
use geo_types::{Coord, Geometry};

use crate::geometry::reference::Reference;
use crate::geometry::shape::Shape;

/// Easting or longitude first, as files want it; to the centimetre in degrees, to the millimetre in metres. `None` where the row
/// has no geometry. Of one part, still the multiple kind.
pub fn geometry(shape: &Shape<'_>, system: Reference) -> Option<Geometry<f64>> {
    let step = system.steps_per_unit();
    let moved = shape.to_geo()?.map_coords(|at: Coord<f64>| {
        let [x, y] = system.of_plane([at.x, at.y]);
        Coord { x: (x * step).round() / step, y: (y * step).round() / step }
    });
    Some(match moved {
        Geometry::MultiPolygon(polygons) => Geometry::MultiPolygon(polygons.orient(Direction::Default)),
        other => other,
    })
}

/// The simple kind where there is one part only.
pub fn simple(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::MultiPoint(mut points) if points.0.len() == 1 => points.0.remove(0).into(),
        Geometry::MultiLineString(mut lines) if lines.0.len() == 1 => lines.0.remove(0).into(),
        Geometry::MultiPolygon(mut polygons) if polygons.0.len() == 1 => polygons.0.remove(0).into(),
        other => other,
    }
}
