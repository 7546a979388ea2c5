//! A layer's geometry on the world grid: projected once, simplified once, read by every tile.
//!
//! The world grid is the square of a [`Grid`], for web maps that of Web Mercator (EPSG:3857), cut 2^32 times each way, x east and y
//! south from its north-west corner: 9.3 mm at the equator, finer than any source. On it a tile is a subtraction and a multiplication away, whatever its zoom, and neighbours that
//! share a vertex share it to the bit. Only vertices are projected: an edge is drawn straight in Mercator, whose bend against the
//! metric plane is 2 m on an edge of 10 km at 47° N; simplification measures in Mercator too, so it never straightens a bend that
//! the source's vertices describe.

use std::ops::Range;

use rayon::prelude::*;

use crate::geometry::projection::bend_m;
use crate::geometry::shape::{Kind, Shape};
use crate::tiles::grid::Grid;
use crate::tiles::simplify;

/// A vertex on the world grid.
pub type Position = [u32; 2];

/// Cells of the world grid along one side.
pub const CELLS: f64 = 4_294_967_296.0;

/// Vertices per block: the grain at which a tile skips what is far beside it.
const BLOCK: usize = 64;

/// What a ring is to its feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Point,
    Line,
    Outer,
    Hole,
}

/// A ring of a layer: where its vertices end in the layer's array, and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Ring {
    pub end: u32,
    pub role: Role,
}

/// The geometries of one layer, as tiles read them. 9 bytes a vertex and 24 a feature.
#[derive(Debug)]
pub struct World {
    feature_ends: Vec<u32>,
    rings: Vec<Ring>,
    positions: Vec<Position>,
    /// The importance of each vertex; see [`simplify`].
    levels: Vec<u8>,
    boxes: Vec<Box>,
    /// Boxes of each run of [`BLOCK`] vertices, whatever rings they belong to.
    blocks: Vec<Box>,
    areas: Vec<f32>,
    bend_m: f64,
}

/// A closed box of grid positions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Box {
    pub min: Position,
    pub max: Position,
}

impl Box {
    fn of(positions: &[Position]) -> Box {
        let empty = Box { min: [u32::MAX; 2], max: [0; 2] };
        positions.iter().fold(empty, |Box { min, max }, &[x, y]| Box {
            min: [min[0].min(x), min[1].min(y)],
            max: [max[0].max(x), max[1].max(y)],
        })
    }
}

impl World {
    /// Projects and measures the first `count` shapes. `project` gives EPSG:3857 metres.
    pub fn build<'s>(count: u32, shape: impl Fn(u32) -> Shape<'s>, project: impl Fn([f64; 2]) -> [f64; 2] + Sync) -> World {
        World::placed(count, shape, |vertex| Grid::WebMercatorQuad.position(project(vertex)))
    }

    /// Places and measures the first `count` shapes; `place` gives positions on the grid.
    pub fn placed<'s>(count: u32, shape: impl Fn(u32) -> Shape<'s>, place: impl Fn([f64; 2]) -> Position + Sync) -> World {
        let mut vertices = Vec::new();
        let (mut feature_ends, mut rings, mut end, mut longest) = (Vec::with_capacity(count as usize), Vec::new(), 0, 0.0f64);
        for feature in 0..count {
            let shape = shape(feature);
            for (role, ring) in rings_of(&shape) {
                end += ring.len() as u32;
                rings.push(Ring { end, role });
                vertices.push(ring);
                if role != Role::Point {
                    longest = longest_edge_squared(ring).max(longest);
                }
            }
            feature_ends.push(rings.len() as u32);
        }
        let mut positions = vec![[0; 2]; end as usize];
        let mut rest = &mut positions[..];
        let targets: Vec<_> = vertices.into_iter().map(|ring| (ring, take(&mut rest, ring.len()))).collect();
        targets.into_par_iter().for_each(|(ring, target)| {
            for (vertex, position) in ring.iter().zip(target) {
                *position = place(*vertex);
            }
        });
        World { bend_m: bend_m(longest), ..World::of_positions(feature_ends, rings, positions) }
    }

    /// One point a feature, where there is one: what is drawn of labels.
    pub fn of_points(points: &[Option<Position>]) -> World {
        let (mut feature_ends, mut rings, mut positions) = (Vec::with_capacity(points.len()), Vec::new(), Vec::new());
        for point in points {
            if let Some(point) = point {
                positions.push(*point);
                rings.push(Ring { end: positions.len() as u32, role: Role::Point });
            }
            feature_ends.push(rings.len() as u32);
        }
        World::of_positions(feature_ends, rings, positions)
    }

    fn of_positions(feature_ends: Vec<u32>, rings: Vec<Ring>, positions: Vec<Position>) -> World {
        let levels = simplify::levels(&rings, &positions);
        let blocks = positions.par_chunks(BLOCK).map(Box::of).collect();
        let mut world =
            World { feature_ends, rings, positions, levels, boxes: Vec::new(), blocks, areas: Vec::new(), bend_m: 0.0 };
        (world.boxes, world.areas) = (0..world.len()).into_par_iter().map(|feature| world.measure(feature)).unzip();
        world
    }

    /// The number of features.
    pub fn len(&self) -> u32 {
        self.feature_ends.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.feature_ends.is_empty()
    }

    pub fn bounds(&self, feature: u32) -> Box {
        self.boxes[feature as usize]
    }

    /// How far, at most, in metres of the shared plane, an edge as it is drawn lies from the same edge there.
    pub fn bend_m(&self) -> f64 {
        self.bend_m
    }

    /// Area in square cells of the grid, holes taken away; 0 for points and lines.
    pub fn area(&self, feature: u32) -> f64 {
        f64::from(self.areas[feature as usize])
    }

    /// The feature's first vertex: the place at which it is drawn when it is too small to have a shape.
    pub fn anchor(&self, feature: u32) -> Option<Position> {
        let first = self.rings_of(feature).next()?;
        self.positions[first.0].first().copied()
    }

    /// The feature's rings: their ranges of vertices, and what they are.
    pub fn rings_of(&self, feature: u32) -> impl Iterator<Item = (Range<usize>, Role)> + '_ {
        let feature = feature as usize;
        let first = if feature == 0 { 0 } else { self.feature_ends[feature - 1] as usize };
        (first..self.feature_ends[feature] as usize).map(|ring| (range(&self.rings, ring), self.rings[ring].role))
    }

    pub fn positions(&self, range: Range<usize>) -> &[Position] {
        &self.positions[range]
    }

    /// The vertices of `range` that a drawing of `level` needs, in order. Where a whole block lies beside the window only the first
    /// and the last of them are given: between them the ring does not come back to it.
    pub fn visit(&self, range: Range<usize>, level: u8, window: &Window, mut visit: impl FnMut(Position)) {
        let mut start = range.start;
        while start < range.end {
            let end = (start - start % BLOCK + BLOCK).min(range.end);
            let mut kept = (start..end).filter(|&vertex| self.levels[vertex] >= level);
            if window.is_beside(&self.blocks[start / BLOCK]) {
                let first = kept.next();
                let last = kept.next_back();
                first.into_iter().chain(last).for_each(|vertex| visit(self.positions[vertex]));
            } else {
                kept.for_each(|vertex| visit(self.positions[vertex]));
            }
            start = end;
        }
    }

    /// Calls `visit` with runs of a feature's vertices that a drawing of `level` keeps: where a run begins, and how many it has.
    pub fn weigh(&self, feature: u32, level: u8, mut visit: impl FnMut(Position, usize)) {
        for (range, role) in self.rings_of(feature) {
            for start in range.clone().step_by(BLOCK) {
                let run = start..(start + BLOCK).min(range.end);
                let kept =
                    if role == Role::Point { run.len() } else { self.levels[run].iter().filter(|&&own| own >= level).count() };
                if kept > 0 {
                    visit(self.positions[start], kept);
                }
            }
        }
    }

    /// The vertices of a ring that a tile of `extent` units needs at a zoom; of a closed ring the repeated one only once.
    pub fn kept(&self, range: Range<usize>, zoom: u8, extent: u32) -> Vec<Position> {
        let level = simplify::level_for(zoom, extent);
        let mut kept: Vec<Position> =
            range.filter(|&vertex| self.levels[vertex] >= level).map(|vertex| self.positions[vertex]).collect();
        if kept.len() > 1 && kept.first() == kept.last() {
            kept.pop();
        }
        kept
    }

    fn measure(&self, feature: u32) -> (Box, f32) {
        let mut rings = self.rings_of(feature).peekable();
        let start = rings.peek().map_or(0, |(range, _)| range.start);
        let (mut end, mut area) = (start, 0.0);
        for (range, role) in rings {
            end = range.end;
            match role {
                Role::Outer => area += ring_area(&self.positions[range]),
                Role::Hole => area -= ring_area(&self.positions[range]),
                Role::Point | Role::Line => {}
            }
        }
        (Box::of(&self.positions[start..end]), area as f32)
    }
}

/// A window in cells of the grid; it may reach beyond the world.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub min: [f64; 2],
    pub max: [f64; 2],
}

impl Window {
    /// No common point: wholly west, east, north or south of the window.
    pub fn is_beside(&self, bounds: &Box) -> bool {
        let beside = |axis: usize| f64::from(bounds.max[axis]) < self.min[axis] || f64::from(bounds.min[axis]) > self.max[axis];
        beside(0) || beside(1)
    }

    pub fn covers(&self, bounds: &Box) -> bool {
        let covers = |axis: usize| self.min[axis] <= f64::from(bounds.min[axis]) && f64::from(bounds.max[axis]) <= self.max[axis];
        covers(0) && covers(1)
    }
}

/// Unsigned area of a ring, in square cells. Its first vertex is taken as the origin so that nothing is lost to cancellation.
pub fn ring_area(ring: &[Position]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let local = |[x, y]: Position| [f64::from(x) - f64::from(origin[0]), f64::from(y) - f64::from(origin[1])];
    let twice: f64 = ring.windows(2).map(|edge| cross(local(edge[0]), local(edge[1]))).sum();
    (twice / 2.0).abs()
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

pub fn range(rings: &[Ring], ring: usize) -> Range<usize> {
    let start = if ring == 0 { 0 } else { rings[ring - 1].end };
    start as usize..rings[ring].end as usize
}

/// Takes the first `count` elements off a slice.
pub fn take<'a, T>(rest: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (head, tail) = std::mem::take(rest).split_at_mut(count);
    *rest = tail;
    head
}

fn longest_edge_squared(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|edge| (edge[1][0] - edge[0][0]).powi(2) + (edge[1][1] - edge[0][1]).powi(2)).fold(0.0, f64::max)
}

fn rings_of<'s>(shape: &Shape<'s>) -> impl Iterator<Item = (Role, &'s [[f64; 2]])> + use<'s> {
    let kind = shape.kind();
    shape.parts().flat_map(move |part| {
        part.rings().enumerate().map(move |(place, ring)| match (kind, place) {
            (Kind::Polygon, 0) => (Role::Outer, ring),
            (Kind::Polygon, _) => (Role::Hole, ring),
            (Kind::Line, _) => (Role::Line, ring),
            (Kind::Point | Kind::Empty, _) => (Role::Point, ring),
        })
    })
}
