//! From exact points to whole tile units: rounded, without repeats, without rings that enclose nothing, wound as the format asks.

use crate::tiles::clip::Point;

/// A point in whole tile units.
pub type Cell = [i32; 2];

/// Halves are rounded up, also below zero: a tile and its neighbour, who see a point one tile apart, round it alike.
pub fn round([x, y]: Point) -> Cell {
    [(x + 0.5).floor() as i32, (y + 0.5).floor() as i32]
}

/// Appends the rounded points of a line to `cells`; false, and nothing appended, when all fall on one cell.
pub fn quantise_line(line: &[Point], cells: &mut Vec<Cell>) -> bool {
    let start = cells.len();
    for &point in line {
        let cell = round(point);
        if cells.len() == start || cells.last() != Some(&cell) {
            cells.push(cell);
        }
    }
    if cells.len() - start < 2 {
        cells.truncate(start);
        return false;
    }
    true
}

/// Appends a rounded ring to `cells`, not closed, clockwise on the screen where `outer` and the other way for holes, so that the
/// surveyor's formula gives the sign that the format asks (MVT 2.1 §4.3.4.4). Twice the area enclosed; `None`, and nothing appended, when
/// there is none.
pub fn quantise_ring(ring: &[Point], outer: bool, cells: &mut Vec<Cell>) -> Option<i64> {
    let start = cells.len();
    for &point in ring {
        push_without_spikes(cells, start, round(point));
    }
    trim_the_seam(cells, start);
    let twice_area = twice_area(&cells[start..]);
    if twice_area == 0 {
        cells.truncate(start);
        return None;
    }
    if (twice_area > 0) != outer {
        cells[start..].reverse();
    }
    Some(twice_area.abs())
}

/// Twice the signed area of a ring that is not closed, by the surveyor's formula; positive when clockwise on the screen.
pub fn twice_area(ring: &[Cell]) -> i64 {
    let Some(&last) = ring.last() else { return 0 };
    let mut before = last;
    let mut sum = 0;
    for &cell in ring {
        sum += i64::from(before[0]) * i64::from(cell[1]) - i64::from(cell[0]) * i64::from(before[1]);
        before = cell;
    }
    sum
}

/// Appends a cell; where the ring would run straight back over its last edge, that edge is taken back first.
fn push_without_spikes(cells: &mut Vec<Cell>, start: usize, cell: Cell) {
    while cells.len() > start {
        let tip = cells[cells.len() - 1];
        let is_spike = tip == cell || (cells.len() > start + 1 && runs_back(cells[cells.len() - 2], tip, cell));
        if !is_spike {
            break;
        }
        cells.pop();
    }
    cells.push(cell);
}

/// The same where the ring's end meets its beginning.
fn trim_the_seam(cells: &mut Vec<Cell>, start: usize) {
    let mut first = start;
    while cells.len() - first > 2 {
        let (last, before) = (cells[cells.len() - 1], cells[cells.len() - 2]);
        if last == cells[first] || runs_back(before, last, cells[first]) {
            cells.pop();
        } else if runs_back(last, cells[first], cells[first + 1]) {
            first += 1;
        } else {
            break;
        }
    }
    cells.drain(start..first);
}

/// Does the path a, b, c turn straight back at b?
fn runs_back(a: Cell, b: Cell, c: Cell) -> bool {
    let [u, v] = [a, c].map(|end| [i64::from(end[0]) - i64::from(b[0]), i64::from(end[1]) - i64::from(b[1])]);
    u[0] * v[1] == u[1] * v[0] && u[0] * v[0] + u[1] * v[1] > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[Point], outer: bool) -> Vec<Cell> {
        let mut cells = vec![[7, 7]];
        quantise_ring(points, outer, &mut cells);
        assert_eq!(cells[0], [7, 7], "what was there stays");
        cells.split_off(1)
    }

    #[test]
    fn halves_round_alike_in_neighbouring_tiles() {
        for at in [0.5, 1.5, -0.5, -64.5, 2.499] {
            assert_eq!(round([at, 0.0])[0] + 4096, round([at + 4096.0, 0.0])[0]);
        }
    }

    #[test]
    fn rings_are_wound_and_cleaned() {
        let square = [[0.0, 0.0], [0.0, 4.0], [4.0, 4.0], [4.0, 0.0]];
        assert!(twice_area(&ring(&square, true)) == 32 && twice_area(&ring(&square, false)) == -32);
        let spiked = [[0.0, 0.0], [4.0, 0.0], [9.0, 0.1], [4.0, 0.2], [4.0, 4.0], [4.1, 4.1], [0.0, 4.0], [0.0, 9.0], [0.0, 4.0]];
        assert_eq!(ring(&spiked, true), [[0, 0], [4, 0], [4, 4], [0, 4]]);
        let seam = [[2.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0], [-3.0, 0.0], [2.0, 0.0]];
        assert_eq!(ring(&seam, true).len(), 5, "the spike beside the seam is gone");
        for nothing in
            [&[[0.0, 0.0], [5.0, 0.0], [9.0, 0.2], [5.0, 0.1]][..], &[[1.0, 1.0], [1.2, 1.1], [1.1, 1.3]], &[], &[[1.0, 1.0]]]
        {
            assert!(ring(nothing, true).is_empty(), "{nothing:?}");
        }
    }

    #[test]
    fn lines_lose_repeats_only() {
        let mut cells = Vec::new();
        assert!(quantise_line(&[[0.0, 0.0], [0.1, 0.2], [5.0, 0.0], [0.0, 0.0]], &mut cells));
        assert!(!quantise_line(&[[0.0, 0.0], [0.1, 0.2]], &mut cells));
        assert_eq!(cells, [[0, 0], [5, 0], [0, 0]]);
    }
}
