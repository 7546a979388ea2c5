//! The point of a polygon that is deepest inside, in a given norm, with a proof of how much deeper another could be.
//!
//! Branch and bound over squares. In a square each edge's distance is a convex function, so the affine function through its
//! corners' heights lies above it; the highest point below several of those is a linear program in three unknowns, whose
//! dual bounds every depth in the square. Two opposite edges, or three around a corner, bound it to within the square of its
//! size: a ridge of equally deep points, as along a street, takes dozens of squares and not thousands.
//!
//! A norm may stand for a family of them, such as those of a square that turns: then it is split as well, into halves, where
//! that lowers a bound more than smaller squares do.

use std::collections::BinaryHeap;

use super::bounds::Bounds;

/// An edge of a polygon, from end to end.
pub(super) type Edge = [[f64; 2]; 2];

/// How distances are taken.
pub(super) trait Norm: Copy {
    fn length(&self, offset: [f64; 2]) -> f64;

    /// Distance from a point to an edge: convex in the point.
    fn to_edge(&self, edge: &Edge, point: [f64; 2]) -> f64;

    /// No norm of the family exceeds this one, nor this one any of the family, by more than this factor.
    fn spread(&self) -> f64 {
        1.0
    }

    /// The family in two, each with the norm in its middle; `None` where it has one member only.
    fn halves(&self) -> Option<[Self; 2]> {
        None
    }
}

/// Straight-line distance: balls are discs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Euclid;

impl Norm for Euclid {
    fn length(&self, [x, y]: [f64; 2]) -> f64 {
        (x * x + y * y).sqrt()
    }

    fn to_edge(&self, [a, b]: &Edge, point: [f64; 2]) -> f64 {
        let along = [b[0] - a[0], b[1] - a[1]];
        let from = [point[0] - a[0], point[1] - a[1]];
        let t = ((from[0] * along[0] + from[1] * along[1]) / (along[0] * along[0] + along[1] * along[1])).clamp(0.0, 1.0);
        self.length([from[0] - t * along[0], from[1] - t * along[1]])
    }
}

/// When a search may end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal {
    /// The bound may exceed the depth found by this share of it,
    pub relative: f64,
    /// or by this much.
    pub absolute: f64,
    /// Depths up to this one are of no interest: the search ends once nothing deeper can be.
    pub floor: f64,
    /// Distances to edges after which the search ends with what it has: the bound stays true and is farther away.
    pub patience: u64,
}

/// A third of a second or so. A coast of a hundred thousand vertices would otherwise keep a whole question waiting for minutes.
pub(super) const PATIENCE: u64 = 30_000_000;

impl Goal {
    pub fn closes_at(&self, depth: f64) -> f64 {
        (depth * (1.0 + self.relative)).max(depth + self.absolute).max(self.floor)
    }
}

/// The deepest point found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Deepest<N> {
    /// In which norm, and where; `None` where nothing is inside.
    pub place: Option<(N, [f64; 2])>,
    pub depth: f64,
    /// No point is deeper, in any norm of the families.
    pub upper: f64,
}

/// A square in which the deepest point may lie.
struct Square<N> {
    norm: N,
    centre: [f64; 2],
    half: f64,
    /// Distance of the centre from the boundary, negative outside.
    depth: f64,
    /// No point of the square is deeper in this norm,
    top: f64,
    /// nor in any of its family.
    upper: f64,
    /// The edges that can be nearest to a point of the square.
    edges: Vec<u32>,
}

/// Searches the polygon whose boundary is `edges`, in each family of norms; `inside` says on which side of it a point is.
pub(super) fn deepest<N: Norm>(edges: &[Edge], norms: &[N], inside: impl Fn([f64; 2]) -> bool, goal: Goal) -> Deepest<N> {
    let best = Deepest { place: None, depth: 0.0, upper: 0.0 };
    let mut search = Search { edges, inside, goal, best, closed: 0.0, looks: 0 };
    let mut open: BinaryHeap<Square<N>> = norms.iter().filter_map(|&norm| search.root(norm)).collect();
    while let Some(square) = open.pop() {
        // The heap's top has the highest bound: what is left has none above it.
        if square.upper <= search.closes_at() || search.looks > goal.patience {
            search.closed = search.closed.max(square.upper);
            break;
        }
        open.extend(search.split(&square));
    }
    Deepest { upper: search.closed.max(search.best.depth), ..search.best }
}

/// Where a square is.
struct Place {
    centre: [f64; 2],
    half: f64,
}

struct Search<'e, N, F> {
    edges: &'e [Edge],
    inside: F,
    goal: Goal,
    best: Deepest<N>,
    /// The highest bound of the squares that were given up.
    closed: f64,
    /// Distances to edges so far.
    looks: u64,
}

impl<N: Norm, F: Fn([f64; 2]) -> bool> Search<'_, N, F> {
    fn closes_at(&self) -> f64 {
        self.goal.closes_at(self.best.depth)
    }

    fn root(&mut self, norm: N) -> Option<Square<N>> {
        let bounds = self.edges.iter().flatten().fold(Bounds::EMPTY, |bounds, &end| bounds.with(end));
        if bounds.is_empty() {
            return None;
        }
        let all: Vec<u32> = (0..self.edges.len() as u32).collect();
        let half = 0.5 * bounds.width().max(bounds.height());
        self.square(norm, Place { centre: bounds.centre(), half }, &all, None)
    }

    /// The parts of a square, or of its family of norms, that may still matter.
    fn split(&mut self, square: &Square<N>) -> Vec<Square<N>> {
        let Square { norm, centre, depth, top, .. } = *square;
        let by_norm = top <= self.closes_at() || top - depth <= (norm.spread() - 1.0) * top;
        if let Some(halves) = norm.halves().filter(|_| by_norm) {
            let half = |norm: N| self.square(norm, Place { centre, half: square.half }, &square.edges, Some(depth > 0.0));
            return halves.into_iter().filter_map(half).collect();
        }
        let half = 0.5 * square.half;
        let quarter = |offset: [f64; 2]| {
            // Nearer to the parent's centre than the boundary is: on its side.
            let same_side = norm.length(offset) < depth.abs();
            let centre = [centre[0] + offset[0], centre[1] + offset[1]];
            self.square(norm, Place { centre, half }, &square.edges, same_side.then_some(depth > 0.0))
        };
        [[-half, -half], [half, -half], [-half, half], [half, half]].into_iter().filter_map(quarter).collect()
    }

    /// Bounds a square; `None` when nothing in it is of interest. `side` says whether its centre is inside, if that is known.
    fn square(&mut self, norm: N, place: Place, candidates: &[u32], side: Option<bool>) -> Option<Square<N>> {
        let Place { centre, half } = place;
        self.looks += candidates.len() as u64;
        let distances: Vec<f64> = candidates.iter().map(|&edge| norm.to_edge(&self.edges[edge as usize], centre)).collect();
        let nearest = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let radius = norm.length([half, half]).max(norm.length([half, -half]));
        let spread = norm.spread();
        let is_inside = side.unwrap_or_else(|| (self.inside)(centre));
        if is_inside {
            self.improve(norm, centre, nearest);
        }
        // From outside, the way to a point inside crosses the boundary after `nearest` at the earliest.
        let depth = if is_inside { nearest } else { -nearest };
        let mut square =
            Square { norm, centre, half, depth, top: depth + radius, upper: spread * (depth + radius), edges: Vec::new() };
        if !self.matters(&square) {
            return None;
        }
        let limit = spread * spread * (nearest + radius) + radius;
        square.edges = near(candidates, &distances, limit);
        if is_inside {
            self.tighten(&mut square);
        }
        self.matters(&square).then_some(square)
    }

    /// Whether a square may hold something deep enough; if not, its bound is remembered.
    fn matters(&mut self, square: &Square<N>) -> bool {
        let matters = square.upper > self.closes_at();
        if !matters {
            self.closed = self.closed.max(square.upper);
        }
        matters
    }

    fn improve(&mut self, norm: N, centre: [f64; 2], depth: f64) {
        if depth > self.best.depth {
            self.best = Deepest { place: Some((norm, centre)), depth, upper: f64::INFINITY };
        }
    }

    /// Lowers the bound of a square: asks at the point where the bounds so far are highest, and adds the bound of the edge
    /// that is nearest there (cutting planes, Kelley 1960).
    fn tighten(&mut self, square: &mut Square<N>) {
        const MOST: usize = 6;
        let mut planes: Vec<(u32, Plane)> = Vec::with_capacity(MOST);
        let mut top = Top { height: square.top, at: [0.0; 2] };
        for _ in 0..MOST {
            let point = [square.centre[0] + top.at[0], square.centre[1] + top.at[1]];
            let Some((edge, distance)) = self.nearest(square, point) else { return };
            if distance > self.best.depth && (square.norm.length(top.at) < square.depth || (self.inside)(point)) {
                self.improve(square.norm, point, distance);
            }
            if planes.iter().any(|&(known, _)| known == edge) {
                break;
            }
            planes.push((edge, Plane::above(&self.edges[edge as usize], square)));
            top = lowest_top(&planes, square.half, top);
            if square.norm.spread() * top.height <= self.closes_at() {
                break;
            }
        }
        square.top = top.height;
        square.upper = square.norm.spread() * top.height;
    }

    fn nearest(&self, square: &Square<N>, point: [f64; 2]) -> Option<(u32, f64)> {
        let each = square.edges.iter().map(|&edge| (edge, square.norm.to_edge(&self.edges[edge as usize], point)));
        each.reduce(|best, next| if next.1 < best.1 { next } else { best })
    }
}

fn near(candidates: &[u32], distances: &[f64], limit: f64) -> Vec<u32> {
    candidates.iter().zip(distances).filter(|(_, distance)| **distance <= limit).map(|(&edge, _)| edge).collect()
}

/// An affine function of the offset from a square's centre.
#[derive(Debug, Clone, Copy)]
struct Plane {
    height: f64,
    slope: [f64; 2],
}

impl Plane {
    /// A plane above an edge's distance all over a square: a convex function less an affine one is greatest at a corner.
    fn above<N: Norm>(edge: &Edge, square: &Square<N>) -> Plane {
        let [x, y] = square.centre;
        let half = square.half;
        let corners = [[-half, -half], [half, -half], [-half, half], [half, half]];
        let heights = corners.map(|offset| square.norm.to_edge(edge, [x + offset[0], y + offset[1]]));
        let [sw, se, nw, ne] = heights;
        let slope = [(se + ne - sw - nw) / (4.0 * half), (nw + ne - sw - se) / (4.0 * half)];
        let rests = (0..4).map(|corner| heights[corner] - slope[0] * corners[corner][0] - slope[1] * corners[corner][1]);
        Plane { height: rests.fold(f64::NEG_INFINITY, f64::max), slope }
    }
}

/// The highest point below planes over a square: an upper bound, and where to look next.
#[derive(Debug, Clone, Copy)]
struct Top {
    height: f64,
    at: [f64; 2],
}

/// The least of `top` and what the last plane makes possible, alone or with one or two of the others.
///
/// Any mean of planes bounds the lowest of them, and its top over the square is its height plus `half` times the sum of its
/// slopes' absolute values. The best mean is among those of one plane, of two with one slope gone, of three with both gone.
fn lowest_top(planes: &[(u32, Plane)], half: f64, mut top: Top) -> Top {
    let Some((&(_, new), others)) = planes.split_last() else { return top };
    let mut consider = |candidate: Option<Top>| {
        if let Some(candidate) = candidate.filter(|candidate| candidate.height < top.height) {
            top = candidate;
        }
    };
    consider(Some(alone(new, half)));
    for (place, &(_, one)) in others.iter().enumerate() {
        consider(of_two(new, one, 0, half));
        consider(of_two(new, one, 1, half));
        for &(_, two) in &others[..place] {
            consider(of_three(new, one, two, half));
        }
    }
    top
}

fn alone(plane: Plane, half: f64) -> Top {
    let at = plane.slope.map(|slope| if slope == 0.0 { 0.0 } else { half.copysign(slope) });
    Top { height: plane.height + half * (plane.slope[0].abs() + plane.slope[1].abs()), at }
}

/// Of the mean of two planes that is level along an axis, where there is one.
fn of_two(a: Plane, b: Plane, axis: usize, half: f64) -> Option<Top> {
    let apart = a.slope[axis] - b.slope[axis];
    let share = -b.slope[axis] / apart;
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let other = 1 - axis;
    let slope = share * a.slope[other] + (1.0 - share) * b.slope[other];
    let level = share * a.slope[axis] + (1.0 - share) * b.slope[axis];
    let height = share * a.height + (1.0 - share) * b.height + half * (slope.abs() + level.abs());
    let mut at = [0.0; 2];
    at[other] = if slope.abs() < 1e-9 { 0.0 } else { half.copysign(slope) };
    let across = (b.height - a.height + (b.slope[other] - a.slope[other]) * at[other]) / apart;
    at[axis] = across.clamp(-half, half);
    Some(Top { height, at })
}

/// Of the level mean of three planes, where there is one.
fn of_three(a: Plane, b: Plane, c: Plane, half: f64) -> Option<Top> {
    let cross = |p: [f64; 2], q: [f64; 2]| p[0] * q[1] - p[1] * q[0];
    let shares = [cross(b.slope, c.slope), cross(c.slope, a.slope), cross(a.slope, b.slope)];
    let sum: f64 = shares.iter().sum();
    let shares = shares.map(|share| share / sum);
    if !shares.iter().all(|share| *share >= 0.0) {
        return None;
    }
    let mean = |of: fn(Plane) -> f64| shares[0] * of(a) + shares[1] * of(b) + shares[2] * of(c);
    let rest = mean(|plane| plane.slope[0]).abs() + mean(|plane| plane.slope[1]).abs();
    let height = mean(|plane| plane.height) + half * rest;
    // Where the three are equally high.
    let [u, v] = [b, c].map(|plane| [a.slope[0] - plane.slope[0], a.slope[1] - plane.slope[1]]);
    let [p, q] = [b.height - a.height, c.height - a.height];
    let at = [(p * v[1] - q * u[1]) / sum, (u[0] * q - v[0] * p) / sum];
    at.iter().all(|x| x.is_finite()).then(|| Top { height, at: at.map(|x| x.clamp(-half, half)) })
}

impl<N: Norm> Ord for Square<N> {
    fn cmp(&self, other: &Square<N>) -> std::cmp::Ordering {
        // Of equal bounds the larger square, then by place: the order is the same everywhere.
        let by_place = || other.centre[0].total_cmp(&self.centre[0]).then(other.centre[1].total_cmp(&self.centre[1]));
        self.upper.total_cmp(&other.upper).then(self.half.total_cmp(&other.half)).then_with(by_place)
    }
}

impl<N: Norm> PartialOrd for Square<N> {
    fn partial_cmp(&self, other: &Square<N>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<N: Norm> PartialEq for Square<N> {
    fn eq(&self, other: &Square<N>) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<N: Norm> Eq for Square<N> {}
