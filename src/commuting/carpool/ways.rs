//! The place nearest to a way.

use crate::atlas::{Layer, Reach};
use crate::geometry::footprint::Footprint;
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shapes};
use crate::layer::value::Value;

/// A place and how far from the way it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub row: u32,
    pub distance_m: f64,
}

/// The open place nearest to the straight line between two points, no farther than a limit.
pub fn nearest(places: &Layer, [from, to]: [[f64; 2]; 2], limit_m: f64) -> Option<Near> {
    let mut line = Shapes::default();
    line.push_vertex(from);
    line.push_vertex(to);
    line.end_ring();
    line.end_part();
    line.end_feature(Kind::Line);
    let is_open = |row: u32| places.value("open", row) != Value::Boolean(false);
    let reach = Reach { metric: Metric::Ellipsoid, limit_m };
    let near = places.nearest(&Footprint::new(line.get(0), None), reach, is_open)?;
    Some(Near { row: near.row, distance_m: near.distance_m })
}
