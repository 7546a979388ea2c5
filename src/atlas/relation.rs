//! How a row lies to a geometry that was asked about: the relations of DE-9IM (OGC 06-103r4 §6.1.15), on the shared plane.

use geo::line_measures::{Densify, Euclidean};
use geo::{BooleanOps, BoundingRect, MapCoords, Relate};
use geo_types::{Coord, Geometry, MultiLineString, MultiPoint, MultiPolygon, Point, Rect};

use super::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::projection::from_lon_lat;
use crate::geometry::reference::Reference;
use crate::geometry::shape::Kind;
use crate::geometry::territory::{Frame, LonLat};
use crate::layer::filter::Relation;

/// A geometry on the shared plane: in each territory that it touches, its part there.
#[derive(Debug, Clone)]
pub struct Placed(Vec<Part>);

#[derive(Debug, Clone)]
struct Part {
    frame: Frame,
    bounds: Bounds,
    geometry: Geometry<f64>,
    /// More of the geometry lies outside the territory: no row there contains or equals it.
    is_cut: bool,
}

/// Edges are straight in the system that they were given in: longer ones are bent to the plane at points this far apart, in
/// degrees or metres.
const STEP: (f64, f64) = (0.02, 2_000.0);
/// Points that an asked geometry may be bent at.
const MOST_POINTS: f64 = 20_000.0;
/// Features may reach beyond a territory's area of use, in degrees.
const MARGIN: f64 = 1.0;

impl Placed {
    /// `geometry` is in `system`, easting (longitude) first, and finite. Metres of a territory's system mean that territory alone.
    pub fn of(geometry: &Geometry<f64>, system: Reference) -> Placed {
        if let Reference::Of(frame) = system {
            let moved = geometry.map_coords(|at| Coord { x: at.x + frame.offset(), y: at.y });
            return Placed(Part::new(frame, moved, false).into_iter().collect());
        }
        if system.is_degrees() {
            return Placed(Frame::all().filter_map(|frame| part(frame, geometry, true)).collect());
        }
        let degrees = bent(geometry, STEP.1).map_coords(|at| {
            let position = system.to_lon_lat([at.x, at.y]);
            Coord { x: position.lon, y: position.lat }
        });
        Placed(Frame::all().filter_map(|frame| part(frame, &degrees, false)).collect())
    }

    /// Where rows may be that are not apart from the geometry.
    pub fn windows(&self) -> impl Iterator<Item = &Bounds> {
        self.0.iter().map(|part| &part.bounds)
    }

    /// `None` for a row without geometry: it is nowhere.
    pub fn holds(&self, relation: Relation, layer: &Layer, row: u32) -> Option<bool> {
        let bounds = layer.bounds(row);
        if bounds.is_empty() {
            return None;
        }
        let frame = Frame::of_x(bounds.centre()[0]);
        let near = self.0.iter().find(|part| part.frame == frame && part.bounds.intersects(&bounds));
        let Some(part) = near else { return Some(relation == Relation::Disjoint) };
        let own = layer.shape(row).to_geo()?;
        let matrix = own.relate(&part.geometry);
        Some(match relation {
            Relation::Intersects => matrix.is_intersects(),
            Relation::Disjoint => matrix.is_disjoint(),
            Relation::Within => matrix.is_within(),
            Relation::Contains => !part.is_cut && matrix.is_contains(),
            Relation::Equals => !part.is_cut && matrix.is_equal_topo(),
            Relation::Touches => matrix.is_touches(),
            Relation::Crosses => matrix.is_crosses(),
            Relation::Overlaps => matrix.is_overlaps(),
        })
    }
}

impl Part {
    fn new(frame: Frame, geometry: Geometry<f64>, is_cut: bool) -> Option<Part> {
        let rect = geometry.bounding_rect()?;
        let bounds = Bounds::new(rect.min().into(), rect.max().into());
        // What lies far outside has no finite place in the territory's system.
        let is_finite = bounds.min.into_iter().chain(bounds.max).all(f64::is_finite);
        is_finite.then_some(Part { frame, bounds, geometry, is_cut })
    }
}

/// The part of a geometry in degrees that lies around a territory, on the plane.
fn part(frame: Frame, degrees: &Geometry<f64>, to_bend: bool) -> Option<Part> {
    let [west, south, east, north] = frame.territory().area_of_use;
    let area = Rect::new((west - MARGIN, south - MARGIN), (east + MARGIN, north + MARGIN));
    let whole = degrees.bounding_rect()?;
    let inside = |at: Coord<f64>| area.min().x <= at.x && at.x <= area.max().x && area.min().y <= at.y && at.y <= area.max().y;
    let is_cut = !inside(whole.min()) || !inside(whole.max());
    let own = if is_cut { cut(degrees, area)? } else { degrees.clone() };
    let own = if to_bend { bent(&own, STEP.0) } else { own };
    let placed = own.map_coords(|at| {
        let [x, y] = from_lon_lat(frame, LonLat { lon: at.x, lat: at.y });
        Coord { x, y }
    });
    Part::new(frame, placed, is_cut)
}

fn cut(geometry: &Geometry<f64>, area: Rect<f64>) -> Option<Geometry<f64>> {
    let frame = area.to_polygon();
    let points = |points: Vec<Point<f64>>| {
        let inside = |point: &Point<f64>| geo::Intersects::intersects(&area, point);
        let kept: Vec<Point<f64>> = points.into_iter().filter(inside).collect();
        (!kept.is_empty()).then(|| MultiPoint(kept).into())
    };
    let lines =
        |lines: MultiLineString<f64>| Some(frame.clip(&lines, false)).filter(|kept| !kept.0.is_empty()).map(Geometry::from);
    let surfaces = |polygons: MultiPolygon<f64>| {
        Some(polygons.intersection(&MultiPolygon(vec![frame.clone()]))).filter(|kept| !kept.0.is_empty()).map(Geometry::from)
    };
    match geometry {
        Geometry::Point(point) => points(vec![*point]),
        Geometry::MultiPoint(all) => points(all.0.clone()),
        Geometry::LineString(line) => lines(MultiLineString(vec![line.clone()])),
        Geometry::MultiLineString(all) => lines(all.clone()),
        Geometry::Polygon(polygon) => surfaces(MultiPolygon(vec![polygon.clone()])),
        Geometry::MultiPolygon(all) => surfaces(all.clone()),
        _ => None,
    }
}

/// The same geometry with more points on its long edges.
fn bent(geometry: &Geometry<f64>, step: f64) -> Geometry<f64> {
    let around = geometry.bounding_rect().map_or(0.0, |rect| 2.0 * (rect.width() + rect.height()));
    let step = step.max(around / MOST_POINTS);
    match geometry {
        Geometry::LineString(line) => Euclidean.densify(line, step).into(),
        Geometry::MultiLineString(lines) => Euclidean.densify(lines, step).into(),
        Geometry::Polygon(polygon) => Euclidean.densify(polygon, step).into(),
        Geometry::MultiPolygon(polygons) => Euclidean.densify(polygons, step).into(),
        other => other.clone(),
    }
}

/// A box in a reference system, easting first: west, south, east, north. West beyond east goes around the back of the world.
#[derive(Debug, Clone)]
pub struct Window {
    sides: [f64; 4],
    system: Reference,
    placed: Placed,
}

impl Window {
    pub fn new(sides: [f64; 4], system: Reference) -> Window {
        let [west, south, east, north] = sides;
        let boxed = |west: f64, east: f64| Rect::new((west, south), (east, north)).to_polygon();
        let geometry = match west > east {
            true => MultiPolygon(vec![boxed(west, 180.0), boxed(-180.0, east)]),
            false => MultiPolygon(vec![boxed(west, east)]),
        };
        Window { sides, system, placed: Placed::of(&geometry.into(), system) }
    }

    /// The rows that meet the box, in increasing order.
    pub fn rows(&self, layer: &Layer) -> Vec<u32> {
        let mut rows = Vec::new();
        for window in self.placed.windows() {
            // A box of no width is bent into a curve: a metre more finds what lies on it.
            layer.rows_in(&window.grown(1.0), |row| {
                if self.meets(layer, row) {
                    rows.push(row);
                }
            });
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// A corner inside, or all of them beyond one side, are seen without the bent edges of the box; only what is left is held
    /// against them.
    fn meets(&self, layer: &Layer, row: u32) -> bool {
        let shape = layer.shape(row);
        let [west, south, east, north] = self.sides;
        if let Reference::Of(frame) = self.system
            && !layer.bounds(row).intersects(&frame.bounds())
        {
            return false;
        }
        let mut own = Bounds::EMPTY;
        for xy in shape.vertices() {
            let [x, y] = self.system.of_plane(*xy);
            let across = if west > east { x >= west || x <= east } else { (west..=east).contains(&x) };
            if across && (south..=north).contains(&y) {
                return true;
            }
            own = own.with([x, y]);
        }
        // An edge that is straight on the plane bulges here, by far less than this part of its length.
        let own = own.grown(0.02 * own.width().max(own.height()));
        let is_near = west > east || own.intersects(&Bounds::new([west, south], [east, north]));
        is_near && shape.kind() != Kind::Point && self.placed.holds(Relation::Intersects, layer, row) == Some(true)
    }
}
