//! Holes that rounding has moved out of their ring.

use crate::tiles::quantise::Cell;

/// Could rounding and simplification have moved a hole out of its ring? Each moves a point by half a unit at most, on either side:
/// only one of two units or less can be wholly out, and it is when its first point is.
pub fn is_astray(hole: &[Cell], outer: &[Cell]) -> bool {
    let span = |axis: usize| {
        let (low, high) = hole.iter().fold((i32::MAX, i32::MIN), |(low, high), cell| (low.min(cell[axis]), high.max(cell[axis])));
        high - low
    };
    span(0).max(span(1)) <= 2 && !hole.iter().all(|&cell| encloses(outer, cell))
}

/// Even-odd, borders to the west and north included.
fn encloses(ring: &[Cell], [x, y]: Cell) -> bool {
    let Some(&last) = ring.last() else { return false };
    let mut before = last;
    let mut inside = false;
    for &cell in ring {
        if (before[1] > y) != (cell[1] > y) {
            let run = i64::from(cell[0] - before[0]) * i64::from(y - before[1]);
            let reach = i64::from(x - before[0]) * i64::from(cell[1] - before[1]);
            if (reach < run) == (cell[1] > before[1]) {
                inside = !inside;
            }
        }
        before = cell;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_and_out() {
        let ring = [[0, 0], [10, 0], [10, 10], [5, 5], [0, 10]];
        for (cell, expected) in
            [([2, 2], true), ([5, 7], false), ([9, 8], true), ([11, 5], false), ([-1, 0], false), ([5, 4], true)]
        {
            assert_eq!(encloses(&ring, cell), expected, "{cell:?}");
        }
    }
}
