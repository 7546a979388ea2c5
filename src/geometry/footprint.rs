//! A shape made ready for questions: its bounds, and for one of many vertices a tree over runs of its edges.
//!
//! A Natura 2000 site can have 150,000 vertices. With the tree, whether it holds a point, and how far it is from a plot, take
//! microseconds: only the runs that can matter are looked at, and every answer is still exact.

use geo::kernels::{Kernel, Orientation};

use super::bounds::Bounds;
use super::packed::{PackedTree, Step};
use super::shape::{Kind, Shape, Shapes};

/// Edges in a run: a run is looked at as a whole.
const RUN: usize = 8;

/// Shapes of more vertices than this get a tree.
const LARGE: usize = 64;

/// The tree over the runs of a large shape's edges.
#[derive(Debug)]
pub struct EdgeTree {
    tree: PackedTree,
    /// First and last vertex of each run, among the shape's vertices.
    runs: Vec<[u32; 2]>,
}

impl EdgeTree {
    /// The tree of a large shape; `None` for one that needs none.
    pub fn of(shape: &Shape<'_>) -> Option<EdgeTree> {
        if shape.vertices().len() <= LARGE {
            return None;
        }
        let runs: Vec<[u32; 2]> = runs(shape).collect();
        let vertices = shape.vertices();
        let tree = PackedTree::new(runs.iter().map(|&[first, last]| Bounds::of(&vertices[first as usize..=last as usize])));
        Some(EdgeTree { tree, runs })
    }

    /// The boxes of runs, as a tree.
    pub(super) fn tree(&self) -> &PackedTree {
        &self.tree
    }

    /// A run among the shape's vertices.
    #[inline]
    pub(super) fn run<'s>(&self, vertices: &'s [[f64; 2]], leaf: u32) -> &'s [[f64; 2]] {
        let [first, last] = self.runs[leaf as usize];
        &vertices[first as usize..=last as usize]
    }
}

/// The edge trees of a layer's large features.
#[derive(Debug, Default)]
pub struct EdgeTrees(Vec<Option<Box<EdgeTree>>>);

impl EdgeTrees {
    pub fn of(shapes: &Shapes) -> EdgeTrees {
        use rayon::prelude::*;
        let trees: Vec<_> =
            (0..shapes.len() as u32).into_par_iter().map(|row| EdgeTree::of(&shapes.get(row)).map(Box::new)).collect();
        // A layer of small features keeps nothing.
        EdgeTrees(if trees.iter().all(Option::is_none) { Vec::new() } else { trees })
    }

    /// Whether no feature is large.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub fn get(&self, feature: u32) -> Option<&EdgeTree> {
        self.0.get(feature as usize)?.as_deref()
    }
}

/// Runs of at most [`RUN`] edges, none across two rings, as first and last vertex among the shape's vertices.
fn runs(shape: &Shape<'_>) -> impl Iterator<Item = [u32; 2]> {
    let mut start = 0;
    shape.rings().flat_map(move |ring| {
        let first = start;
        start += ring.len() as u32;
        let last = start.saturating_sub(1);
        // A ring of one vertex is a point: one run of no edge.
        (first..last.max(first + 1)).step_by(RUN).map(move |run| [run, last.min(run + RUN as u32)])
    })
}

/// A shape with what makes questions about it fast.
#[derive(Clone)]
pub struct Footprint<'s> {
    shape: Shape<'s>,
    vertices: &'s [[f64; 2]],
    bounds: Bounds,
    tree: Option<&'s EdgeTree>,
}

impl<'s> Footprint<'s> {
    pub fn new(shape: Shape<'s>, tree: Option<&'s EdgeTree>) -> Footprint<'s> {
        let bounds = tree.map_or_else(|| shape.bounds(), |edges| edges.tree.extent());
        Footprint::within_bounds(shape, tree, bounds)
    }

    /// As [`Footprint::new`], where the shape's bounds are known already.
    #[inline]
    pub fn within_bounds(shape: Shape<'s>, tree: Option<&'s EdgeTree>, bounds: Bounds) -> Footprint<'s> {
        let vertices = shape.vertices();
        Footprint { shape, vertices, bounds, tree }
    }

    #[inline]
    pub fn shape(&self) -> &Shape<'s> {
        &self.shape
    }

    #[inline]
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    #[inline]
    pub fn kind(&self) -> Kind {
        self.shape.kind()
    }

    #[inline]
    pub fn vertices(&self) -> &'s [[f64; 2]] {
        self.vertices
    }

    /// The tree over its edges, of a large shape.
    pub(super) fn edge_tree(&self) -> Option<&'s EdgeTree> {
        self.tree
    }

    /// Runs of consecutive vertices (at least one, at most nine) with their bounds.
    pub(super) fn for_each_run(&self, mut visit: impl FnMut(&'s [[f64; 2]], &Bounds)) {
        let vertices = self.vertices();
        match self.tree {
            Some(EdgeTree { tree, runs }) => {
                for (leaf, &[first, last]) in runs.iter().enumerate() {
                    visit(&vertices[first as usize..=last as usize], &tree.leaf(leaf as u32));
                }
            }
            None => runs(&self.shape).for_each(|[first, last]| {
                let run = &vertices[first as usize..=last as usize];
                visit(run, &Bounds::of(run));
            }),
        }
    }

    /// Runs nearest first, within a squared planar distance of `from`; `visit` returns the squared distance still of interest.
    pub(super) fn nearest_runs(&self, from: &Bounds, mut limit: f64, mut visit: impl FnMut(&'s [[f64; 2]]) -> f64) {
        let vertices = self.vertices();
        match self.tree {
            Some(EdgeTree { tree, runs }) => tree.nearest_first(from, limit, |leaf, _| {
                let [first, last] = runs[leaf as usize];
                visit(&vertices[first as usize..=last as usize])
            }),
            // From a point, looking at edges costs no more than at their bounds.
            None if from.min == from.max => self.shape.rings().for_each(|ring| {
                visit(ring);
            }),
            None => {
                for [first, last] in runs(&self.shape) {
                    let run = &vertices[first as usize..=last as usize];
                    if Bounds::of(run).distance_squared(from) <= limit {
                        limit = visit(run);
                    }
                }
            }
        }
    }

    /// The rings with every run that misses the window replaced by its chord.
    ///
    /// Inside the window nothing changes: a run whose box misses the window lies on one side of it, and so does its chord, so
    /// the ring winds around each point of the window as before. A ring of 150,000 vertices shrinks to those that matter.
    pub(super) fn rings_thinned_outside(&self, window: &Bounds) -> Vec<Vec<[f64; 2]>> {
        let Some(EdgeTree { tree, runs }) = self.tree else {
            return self.shape.rings().map(<[[f64; 2]]>::to_vec).collect();
        };
        let vertices = self.vertices();
        let mut rings: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut end_of_last = None;
        let mut append = |first: u32, last: u32, whole: bool| {
            // Runs of one ring share their end vertex; a run that starts anew starts a ring.
            if end_of_last.replace(last) != Some(first) {
                rings.push(vec![vertices[first as usize]]);
            }
            let kept = if whole { first + 1..last + 1 } else { last..last + 1 };
            if let Some(ring) = rings.last_mut() {
                ring.extend_from_slice(&vertices[kept.start as usize..kept.end as usize]);
            }
        };
        let decide = |bounds: &Bounds| if bounds.intersects(window) { Step::Descend } else { Step::TakeAll };
        tree.walk(decide, |leaves, _| {
            for leaf in leaves {
                let [first, last] = runs[leaf as usize];
                append(first, last, tree.leaf(leaf).intersects(window));
            }
        });
        rings
    }

    /// Whether an edge, or a point of a point shape, meets the window.
    pub fn has_edge_in(&self, window: &Bounds) -> bool {
        let mut found = false;
        let mut look = |run: &[[f64; 2]]| {
            found |= run.len() == 1 && window.contains(run[0]);
            found |= run.windows(2).any(|edge| segment_meets(window, edge[0], edge[1]));
        };
        match self.tree {
            Some(EdgeTree { tree, runs }) => tree.meeting(window, |leaf| {
                let [first, last] = runs[leaf as usize];
                look(&self.vertices()[first as usize..=last as usize]);
            }),
            None => self.for_each_run(|run, bounds| {
                if bounds.intersects(window) {
                    look(run);
                }
            }),
        }
        found
    }

    /// Whether a point lies in a polygon or on its boundary. Points and lines hold nothing.
    ///
    /// Even-odd rule over all rings along the ray to the east, with exact orientation tests (Shewchuk 1997, in `geo`).
    pub fn holds(&self, point: [f64; 2]) -> bool {
        if self.kind() != Kind::Polygon || !self.bounds.contains(point) {
            return false;
        }
        let mut inside = false;
        let mut on_boundary = false;
        let mut count = |run: &[[f64; 2]]| {
            for edge in run.windows(2) {
                match crossing(point, edge[0], edge[1]) {
                    Crossing::None => {}
                    Crossing::East => inside = !inside,
                    Crossing::Touches => on_boundary = true,
                }
            }
        };
        match self.tree {
            Some(EdgeTree { tree, runs }) => {
                let decide = |bounds: &Bounds| {
                    let on_ray = bounds.min[1] <= point[1] && point[1] <= bounds.max[1] && point[0] <= bounds.max[0];
                    if on_ray { Step::Descend } else { Step::Skip }
                };
                tree.walk(decide, |leaves, _| {
                    for leaf in leaves {
                        let [first, last] = runs[leaf as usize];
                        count(&self.vertices()[first as usize..=last as usize]);
                    }
                });
            }
            None => self.shape.rings().for_each(&mut count),
        }
        inside || on_boundary
    }
}

enum Crossing {
    None,
    /// The edge crosses the ray that leaves the point to the east.
    East,
    /// The point lies on the edge.
    Touches,
}

fn crossing(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> Crossing {
    let [x, y] = point;
    if (a[1] > y) == (b[1] > y) {
        let level = a[1] == y && b[1] == y && a[0].min(b[0]) <= x && x <= a[0].max(b[0]);
        return if level || a == point || b == point { Crossing::Touches } else { Crossing::None };
    }
    match orientation(a, b, point) {
        Orientation::Collinear => Crossing::Touches,
        turn if (turn == Orientation::CounterClockwise) == (b[1] > a[1]) => Crossing::East,
        _ => Crossing::None,
    }
}

/// On which side of the line from `a` to `b` the point lies, decided exactly.
pub(super) fn orientation(a: [f64; 2], b: [f64; 2], point: [f64; 2]) -> Orientation {
    let coord = |[x, y]: [f64; 2]| geo_types::Coord { x, y };
    <f64 as geo::GeoNum>::Ker::orient2d(coord(a), coord(b), coord(point))
}

/// Whether a segment meets a box: its own box does, and not all corners lie strictly on one side of its line.
fn segment_meets(window: &Bounds, a: [f64; 2], b: [f64; 2]) -> bool {
    if !Bounds::of(&[a, b]).intersects(window) {
        return false;
    }
    let [low, high] = [window.min, window.max];
    let sides = [low, [high[0], low[1]], high, [low[0], high[1]]].map(|corner| orientation(a, b, corner));
    !(sides.iter().all(|&side| side == Orientation::Clockwise) || sides.iter().all(|&side| side == Orientation::CounterClockwise))
}

/// Shapes on which the exact answers of this floor are tried, for its tests.
#[cfg(test)]
pub(super) mod samples {
    use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon};

    /// A reproducible sequence in [0, 1).
    pub struct Dice(pub u64);

    impl Dice {
        pub fn roll(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// A star around a centre, valid, of `vertices` corners.
    pub fn star(dice: &mut Dice, [x, y]: [f64; 2], radius: f64, vertices: usize) -> LineString<f64> {
        let turn = std::f64::consts::TAU / vertices as f64;
        let corner = |(i, far): (usize, f64)| {
            let angle = turn * (i as f64);
            (x + radius * far * angle.cos(), y + radius * far * angle.sin())
        };
        let reach: Vec<f64> = (0..vertices).map(|_| 0.5 + 0.5 * dice.roll()).collect();
        let mut corners: Vec<(f64, f64)> = reach.into_iter().enumerate().map(corner).collect();
        corners.push(corners[0]);
        corners.into()
    }

    /// A point, a line, a polygon with a hole, or two polygons; small or large.
    pub fn any(dice: &mut Dice) -> Geometry<f64> {
        let centre = [700_000.0 + 900.0 * dice.roll(), 6_600_000.0 + 900.0 * dice.roll()];
        let vertices = if dice.roll() < 0.5 { 7 } else { 300 };
        let radius = 20.0 + 200.0 * dice.roll();
        let far = [centre[0] + 2.0 * radius + 1.0, centre[1]];
        match (dice.roll() * 4.0) as u32 {
            0 => Point::new(centre[0], centre[1]).into(),
            1 => LineString(star(dice, centre, radius, vertices).0.split_off(vertices / 3)).into(),
            2 => {
                let hole = star(dice, centre, 0.45 * radius, vertices);
                Polygon::new(star(dice, centre, radius, vertices), vec![hole]).into()
            }
            _ => MultiPolygon(vec![
                Polygon::new(star(dice, centre, radius, vertices), vec![]),
                Polygon::new(star(dice, far, radius, vertices), vec![]),
            ])
            .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{Dice, any};
    use super::*;
    use geo::Intersects;

    #[test]
    fn a_point_is_held_as_geo_says() {
        let mut dice = Dice(7);
        for _ in 0..300 {
            let geometry = any(&mut dice);
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&geometry));
            let trees = EdgeTrees::of(&shapes);
            let footprint = Footprint::new(shapes.get(0), trees.get(0));
            let corners: Vec<[f64; 2]> = footprint.vertices().iter().copied().step_by(37).collect();
            let anywhere = (0..50).map(|_| [700_000.0 + 1_200.0 * dice.roll(), 6_600_000.0 + 900.0 * dice.roll()]);
            for point in corners.into_iter().chain(anywhere) {
                let polygonal = footprint.kind() == Kind::Polygon;
                let truth = polygonal && geometry.intersects(&geo_types::Point::new(point[0], point[1]));
                assert_eq!(footprint.holds(point), truth, "{point:?} in {geometry:?}");
            }
        }
    }

    #[test]
    fn an_edge_in_a_window_is_found() {
        let mut dice = Dice(11);
        for _ in 0..300 {
            let geometry = any(&mut dice);
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&geometry));
            let trees = EdgeTrees::of(&shapes);
            let footprint = Footprint::new(shapes.get(0), trees.get(0));
            let low = [700_000.0 + 1_000.0 * dice.roll(), 6_600_000.0 + 900.0 * dice.roll()];
            let window = Bounds::new(low, [low[0] + 80.0 * dice.roll(), low[1] + 80.0 * dice.roll()]);
            let rect = geo_types::Rect::new((window.min[0], window.min[1]), (window.max[0], window.max[1]));
            let line = |ring: &[[f64; 2]]| geo_types::LineString::from(ring.iter().map(|p| (p[0], p[1])).collect::<Vec<_>>());
            let truth = match footprint.kind() {
                Kind::Point => geometry.intersects(&rect),
                _ => shapes.get(0).rings().any(|ring| line(ring).intersects(&rect)),
            };
            assert_eq!(footprint.has_edge_in(&window), truth);
        }
    }
}
