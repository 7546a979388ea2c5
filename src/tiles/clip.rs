//! Cutting rings and lines at a window.
//!
//! A ring is cut by four half-planes in turn (Sutherland and Hodgman 1974): exact in area, holes included, at the price that parts
//! which fall apart stay joined by edges along the window's side, out of sight beyond the buffer; where such an edge runs back over
//! itself [`crate::tiles::quantise`] removes it. Where an edge meets a side is computed from its ends in one fixed order, so that two
//! neighbours, who run along the same edge in opposite directions, are cut at the same point to the bit.

/// A point in units of a tile, from its north-west corner, x east and y south.
pub type Point = [f64; 2];

/// The window: the tile and its buffer, from `low` to `high` on both axes.
#[derive(Debug, Clone, Copy)]
pub struct Square {
    pub low: f64,
    pub high: f64,
}

/// One side of the window: the axis it bounds, where, and whether the inside is above.
#[derive(Clone, Copy)]
struct Side {
    axis: usize,
    at: f64,
    above: bool,
}

impl Side {
    fn admits(self, point: Point) -> bool {
        if self.above { point[self.axis] >= self.at } else { point[self.axis] <= self.at }
    }

    /// Where the edge between two points, one on each side, meets this side.
    fn crossing(self, a: Point, b: Point) -> Point {
        let (a, b) = if a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).is_le() { (a, b) } else { (b, a) };
        let share = (self.at - a[self.axis]) / (b[self.axis] - a[self.axis]);
        let other = 1 - self.axis;
        let mut point = [self.at; 2];
        point[other] = a[other] + share * (b[other] - a[other]);
        point
    }
}

impl Square {
    fn sides(self) -> [Side; 4] {
        let side = |axis, at, above| Side { axis, at, above };
        [side(0, self.low, true), side(0, self.high, false), side(1, self.low, true), side(1, self.high, false)]
    }

    /// A closed window: points on its sides are inside.
    pub fn contains(self, [x, y]: Point) -> bool {
        self.low <= x && x <= self.high && self.low <= y && y <= self.high
    }

    /// The sides that a point is beyond, a bit each.
    pub fn beyond(self, point: Point) -> u8 {
        self.sides().iter().enumerate().map(|(place, side)| u8::from(!side.admits(point)) << place).sum()
    }
}

/// Cuts a ring, closed or not, in place; `spare` is room to work. What is left is not closed, and empty when nothing is inside.
pub fn clip_ring(ring: &mut Vec<Point>, window: Square, spare: &mut Vec<Point>) {
    for side in window.sides() {
        spare.clear();
        let Some(&last) = ring.last() else { return };
        let mut before = last;
        for &point in ring.iter() {
            match (side.admits(before), side.admits(point)) {
                (true, true) => spare.push(point),
                (true, false) => spare.push(side.crossing(before, point)),
                (false, true) => spare.extend([side.crossing(before, point), point]),
                (false, false) => {}
            }
            before = point;
        }
        std::mem::swap(ring, spare);
    }
}

/// The pieces of a line that lie inside, in order, each of two points at least.
pub fn clip_line(line: &[Point], window: Square, mut piece: impl FnMut(&[Point])) {
    let mut inside: Vec<Point> = Vec::new();
    for edge in line.windows(2) {
        let Some([from, to]) = clip_edge([edge[0], edge[1]], window) else {
            flush(&mut inside, &mut piece);
            continue;
        };
        if inside.last() != Some(&from) {
            flush(&mut inside, &mut piece);
            inside.push(from);
        }
        inside.push(to);
    }
    flush(&mut inside, &mut piece);
}

fn flush(inside: &mut Vec<Point>, piece: &mut impl FnMut(&[Point])) {
    if inside.len() > 1 {
        piece(inside);
    }
    inside.clear();
}

fn clip_edge([mut from, mut to]: [Point; 2], window: Square) -> Option<[Point; 2]> {
    for side in window.sides() {
        match (side.admits(from), side.admits(to)) {
            (true, true) => {}
            (true, false) => to = side.crossing(from, to),
            (false, true) => from = side.crossing(from, to),
            (false, false) => return None,
        }
    }
    Some([from, to])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Square = Square { low: 0.0, high: 10.0 };

    fn clipped(ring: &[Point]) -> Vec<Point> {
        let mut ring = ring.to_vec();
        clip_ring(&mut ring, WINDOW, &mut Vec::new());
        ring
    }

    #[test]
    fn rings_are_cut_at_each_side() {
        assert_eq!(clipped(&[[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]]).len(), 4, "the window itself");
        assert_eq!(clipped(&[[2.0, 2.0], [4.0, 2.0], [4.0, 4.0]]), [[2.0, 2.0], [4.0, 2.0], [4.0, 4.0]]);
        assert_eq!(clipped(&[[20.0, 2.0], [24.0, 2.0], [24.0, 4.0]]), Vec::<Point>::new());
        assert_eq!(clipped(&[]), Vec::<Point>::new());
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_pieces() {
        let mut pieces = Vec::new();
        let line = [[1.0, 1.0], [5.0, 1.0], [5.0, -3.0], [7.0, -3.0], [7.0, 5.0], [12.0, 5.0]];
        clip_line(&line, WINDOW, |piece| pieces.push(piece.to_vec()));
        assert_eq!(pieces, [vec![[1.0, 1.0], [5.0, 1.0], [5.0, 0.0]], vec![[7.0, 0.0], [7.0, 5.0], [10.0, 5.0]]]);
        clip_line(&[[-5.0, 5.0], [15.0, 5.0]], WINDOW, |piece| assert_eq!(piece, [[0.0, 5.0], [10.0, 5.0]]));
        clip_line(&[[-5.0, 1.0], [1.0, -5.0]], WINDOW, |piece| panic!("passes the corner by: {piece:?}"));
    }

    #[test]
    fn both_directions_are_cut_at_the_same_point() {
        let (a, b) = ([3.3, 3.7], [17.9, 0.1]);
        let [_, there] = clip_edge([a, b], WINDOW).unwrap();
        let [back, _] = clip_edge([b, a], WINDOW).unwrap();
        assert_eq!(there, back);
    }

    fn area(ring: &[Point]) -> f64 {
        let edges = (0..ring.len()).map(|place| (ring[place], ring[(place + 1) % ring.len()]));
        edges.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
    }

    proptest::proptest! {
        /// What is left of a ring has the area of its intersection with the window, however spiky.
        #[test]
        fn the_area_inside_is_exact(
            centre in [-3.0..13.0f64, -3.0..13.0f64],
            radii in proptest::collection::vec(proptest::prop_oneof![0.01..0.5f64, 1.0..15.0], 3..50),
        ) {
            use geo::{Area, BooleanOps};
            let corner = |(place, radius): (usize, &f64)| {
                let (sin, cos) = (place as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
                [centre[0] + radius * cos, centre[1] + radius * sin]
            };
            let ring: Vec<Point> = radii.iter().enumerate().map(corner).collect();
            let polygon = |ring: &[Point]| geo_types::Polygon::new(ring.iter().copied().map(geo_types::Coord::from).collect(), vec![]);
            let window = polygon(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]);
            let expected = polygon(&ring).intersection(&window).unsigned_area();
            let left = clipped(&ring);
            proptest::prop_assert!((area(&left) - expected).abs() < 1e-6, "{} is not {}", area(&left), expected);
            proptest::prop_assert!(left.iter().all(|&point| WINDOW.contains(point)));
        }
    }
}
