//! Conditions about place: CQL2's spatial functions (OGC 21-065r2 §7.9) and the geometries that they name.

use geo_types::{Geometry, Rect};
use geozero::ToGeo;

use crate::geometry::wkt::check_depth;

/// What a feature's geometry is to the one that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Intersects,
    Disjoint,
    Within,
    Contains,
    Equals,
    Touches,
    Crosses,
    Overlaps,
}

impl Relation {
    pub const ALL: [Relation; 8] = [
        Relation::Intersects,
        Relation::Disjoint,
        Relation::Within,
        Relation::Contains,
        Relation::Equals,
        Relation::Touches,
        Relation::Crosses,
        Relation::Overlaps,
    ];

    /// The function's name, which may be of either case.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Intersects => "S_INTERSECTS",
            Relation::Disjoint => "S_DISJOINT",
            Relation::Within => "S_WITHIN",
            Relation::Contains => "S_CONTAINS",
            Relation::Equals => "S_EQUALS",
            Relation::Touches => "S_TOUCHES",
            Relation::Crosses => "S_CROSSES",
            Relation::Overlaps => "S_OVERLAPS",
        }
    }

    pub fn named(name: &str) -> Option<Relation> {
        Relation::ALL.into_iter().find(|relation| relation.name().eq_ignore_ascii_case(name))
    }

    /// The same said from the other side: of `S_WITHIN(POINT(..), geometry)`.
    pub fn mirrored(self) -> Relation {
        match self {
            Relation::Within => Relation::Contains,
            Relation::Contains => Relation::Within,
            same => same,
        }
    }
}

/// Vertices that an asked geometry may have.
const MOST_VERTICES: usize = 2_000;

/// Well-known text, or `BBOX(west, south, east, north)`.
///
/// # Errors
/// What is wrong, in words.
pub fn geometry(text: &str) -> Result<Geometry<f64>, String> {
    let upper = text.trim().to_ascii_uppercase();
    if let Some(sides) = upper.strip_prefix("BBOX").and_then(|rest| rest.trim().strip_prefix('(')?.strip_suffix(')')) {
        let sides: Vec<f64> = sides.split(',').map_while(|side| side.trim().parse().ok()).collect();
        return bbox(&sides);
    }
    check_depth(text)?;
    taken(geozero::wkt::Wkt(text).to_geo().map_err(|error| error.to_string())?)
}

/// # Errors
/// It is not four numbers, or six of which two are heights.
pub fn bbox(sides: &[f64]) -> Result<Geometry<f64>, String> {
    let flat = match *sides {
        [a, b, c, d] | [a, b, _, c, d, _] => [a, b, c, d],
        _ => return Err("a box is four numbers".to_owned()),
    };
    taken(Rect::new((flat[0], flat[1]), (flat[2], flat[3])).to_polygon().into())
}

/// # Errors
/// The geometry is of a kind, a size or a place that no question can be asked about.
pub fn taken(geometry: Geometry<f64>) -> Result<Geometry<f64>, String> {
    use geo::CoordsIter;
    if matches!(geometry, Geometry::GeometryCollection(_)) {
        return Err("a collection of geometries is not taken; write OR between several conditions".to_owned());
    }
    let count = geometry.coords_count();
    if count == 0 {
        return Err("the geometry is empty".to_owned());
    }
    if count > MOST_VERTICES {
        return Err(format!("the geometry has {count} vertices; the most is {MOST_VERTICES}"));
    }
    if geometry.coords_iter().any(|at| !at.x.is_finite() || !at.y.is_finite()) {
        return Err("a coordinate is not a finite number".to_owned());
    }
    Ok(geometry)
}
