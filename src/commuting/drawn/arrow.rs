//! The arrow of a flow: a ribbon that widens along the curve and ends in a head, filled.

use super::curve::{Measured, Point};

/// Width of the ribbon where it begins, as a share of its full one.
const TAIL: f64 = 0.35;

/// Length and width of the head in full widths of the ribbon.
const HEAD_LENGTH: f64 = 2.0;
const HEAD_WIDTH: f64 = 1.9;

/// Steps of the ribbon.
const STEPS: usize = 14;

/// What an arrow is made of, in units of its curve.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Full width of the ribbon.
    pub width: f64,
    /// How much of the curve the nodes cover at its two ends.
    pub from_radius: f64,
    pub to_radius: f64,
}

/// The outline of an arrow, not closed; `None` where the nodes leave no room for a head of any length.
///
/// A curve that has room for less than a whole head keeps one in proportion, so that the direction shows.
pub fn arrow(curve: &[Point], ends: Ends) -> Option<Vec<Point>> {
    let measured = Measured::new(curve);
    let (start, end) = (ends.from_radius, measured.length() - ends.to_radius);
    let room = end - start;
    if room < ends.width * 0.5 || room <= 0.0 {
        return None;
    }
    let head = (HEAD_LENGTH * ends.width).min(0.6 * room);
    let width = head / HEAD_LENGTH;
    let neck = end - head;
    let beside = |along: f64, width: f64| {
        let ([x, y], [dx, dy]) = measured.at(along);
        let half = width / 2.0;
        [[x + half * dy, y - half * dx], [x - half * dy, y + half * dx]]
    };
    let mut left = Vec::with_capacity(2 * STEPS + 6);
    let mut right = Vec::with_capacity(STEPS + 2);
    for step in 0..=STEPS {
        let share = step as f64 / STEPS as f64;
        let [one, other] = beside(start + share * (neck - start), width * (TAIL + share * (1.0 - TAIL)));
        left.push(one);
        right.push(other);
    }
    let [one, other] = beside(neck, HEAD_WIDTH * width);
    left.extend([one, measured.at(end).0, other]);
    left.extend(right.into_iter().rev());
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDS: Ends = Ends { width: 10.0, from_radius: 5.0, to_radius: 8.0 };

    #[test]
    fn an_arrow_along_a_straight_line() {
        let outline = arrow(&[[0.0, 0.0], [100.0, 0.0]], ENDS).unwrap();
        let tip = outline.iter().copied().max_by(|a, b| a[0].total_cmp(&b[0])).unwrap();
        assert_eq!(tip, [92.0, 0.0], "trimmed by the radius of the node it points at");
        assert_eq!(outline.iter().map(|point| point[0]).fold(f64::INFINITY, f64::min), 5.0);
        assert_eq!(outline.iter().map(|point| point[1]).fold(0.0, f64::max), 9.5, "the head is 1.9 times as wide");
        assert_eq!((outline[0], outline[outline.len() - 1]), ([5.0, -1.75], [5.0, 1.75]), "it begins at 35 %");
    }

    #[test]
    fn a_short_arrow_is_a_head_in_proportion_or_nothing() {
        let outline = arrow(&[[0.0, 0.0], [25.0, 0.0]], ENDS).unwrap();
        let highest = outline.iter().map(|point| point[1]).fold(0.0, f64::max);
        assert!(highest < 9.5 && highest > 2.0, "{highest}");
        assert!(arrow(&[[0.0, 0.0], [13.5, 0.0]], ENDS).is_none());
        assert!(arrow(&[[4.0, 4.0], [4.0, 4.0]], Ends { width: 0.0, ..ENDS }).is_none());
    }
}
