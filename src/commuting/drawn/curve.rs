//! The curve of a flow: bowed to the right of travel, so that a flow and its return part.

use crate::geometry::bounds::Bounds;

/// A point on a plane with y to the south.
pub type Point = [f64; 2];

/// Points along a curve.
pub const POINTS: usize = 20;

/// How far the middle of the curve lies beside the straight line, as a share of its length.
const BOW: f64 = 0.18;

/// From node to node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chord {
    pub from: Point,
    pub to: Point,
}

impl Chord {
    /// A parabola (a quadratic Bézier curve): its control point lies twice as far out as its middle.
    pub fn curve(&self) -> [Point; POINTS] {
        let ([x0, y0], [x1, y1]) = (self.from, self.to);
        let (dx, dy) = (x1 - x0, y1 - y0);
        // With y to the south, the right of (dx, dy) is (-dy, dx).
        let control = [(x0 + x1) / 2.0 - 2.0 * BOW * dy, (y0 + y1) / 2.0 + 2.0 * BOW * dx];
        std::array::from_fn(|place| {
            let t = place as f64 / (POINTS - 1) as f64;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            [a * x0 + b * control[0] + c * x1, a * y0 + b * control[1] + c * y1]
        })
    }

    pub fn bounds(&self) -> Bounds {
        Bounds::of(&self.curve())
    }
}

/// A line measured along itself.
pub struct Measured<'l> {
    line: &'l [Point],
    /// How far each point is from the first.
    along: Vec<f64>,
}

impl<'l> Measured<'l> {
    pub fn new(line: &'l [Point]) -> Measured<'l> {
        let mut sum = 0.0;
        let mut along = vec![0.0];
        for edge in line.windows(2) {
            sum += length(edge[0], edge[1]);
            along.push(sum);
        }
        Measured { line, along }
    }

    pub fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or(0.0)
    }

    /// The point at a distance from the first, and the direction there, of length 1.
    pub fn at(&self, distance: f64) -> (Point, Point) {
        let edge = self.along.partition_point(|&along| along <= distance).clamp(1, self.line.len() - 1);
        let (a, b) = (self.line[edge - 1], self.line[edge]);
        let whole = (self.along[edge] - self.along[edge - 1]).max(f64::MIN_POSITIVE);
        let share = ((distance - self.along[edge - 1]) / whole).clamp(0.0, 1.0);
        let point = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        (point, [(b[0] - a[0]) / whole, (b[1] - a[1]) / whole])
    }
}

fn length(a: Point, b: Point) -> f64 {
    ((b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_and_its_return_part_to_their_right() {
        let east = Chord { from: [0.0, 0.0], to: [100.0, 0.0] }.curve();
        let west = Chord { from: [100.0, 0.0], to: [0.0, 0.0] }.curve();
        assert_eq!((east[0], east[POINTS - 1], west[0]), ([0.0, 0.0], [100.0, 0.0], [100.0, 0.0]));
        // South, where y grows, is to the right of who travels east.
        assert!(east[10][1] > 17.5 && east[10][1] < 18.0, "{:?}", east[10]);
        assert!(west[10][1] < -17.5 && west[10][1] > -18.0, "{:?}", west[10]);
        let north = Chord { from: [0.0, 0.0], to: [0.0, -100.0] }.curve();
        assert!(north[10][0] > 17.5, "east is to the right of who travels north");
    }

    #[test]
    fn lengths_run_along_the_line() {
        let line = [[0.0, 0.0], [3.0, 4.0], [3.0, 14.0]];
        let measured = Measured::new(&line);
        assert_eq!(measured.length(), 15.0);
        assert_eq!(measured.at(2.5), ([1.5, 2.0], [0.6, 0.8]));
        assert_eq!(measured.at(99.0), ([3.0, 14.0], [0.0, 1.0]));
    }
}
