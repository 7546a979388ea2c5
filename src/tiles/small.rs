//! Features without a shape at this zoom: which of them stand for the others.
//!
//! Of those in a cell the largest stands for all. A cell is four times as wide as what is small, which is what is wanted of cells
//! that must also fill a tile: their side is a power of two. Between two such sides some cells of the wider are left whole and the
//! others cut in four, so many that their number is as if all had the width wanted. Which ones follows from their place in the
//! world by ordered dithering (Bayer 1973): evenly spread, and whole at one width means whole at any wider.

use crate::tiles::address::Address;
use crate::tiles::encode::Type;
use crate::tiles::quantise::Cell;

/// A feature without a shape at this zoom.
pub struct Small {
    pub at: Cell,
    pub area: f64,
    pub row: u32,
    pub kind: Type,
}

/// Cells in which one small feature stands for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cells {
    /// Side of the narrower in units: a power of two.
    side: i32,
    /// How many of 64 cells twice as wide are left whole.
    whole: u8,
}

/// Side in units of the cell of small features of a square unit.
const SMALL_CELL: i32 = 4;

impl Cells {
    /// Four times as wide as a square of `smallest` units, and not wider than a tile.
    pub fn of(smallest: f64, extent: i32) -> Cells {
        let octaves = smallest.sqrt().log2().max(0.0);
        let side = SMALL_CELL << (octaves as i32).min(16);
        if side >= extent {
            return Cells { side: extent, whole: 0 };
        }
        // Of a cell twice as wide 4 are wanted at its beginning, and 1 at its end.
        let wanted = 4.0 * (-2.0 * octaves.fract()).exp2();
        Cells { side, whole: (64.0 * (4.0 - wanted) / 3.0).round() as u8 }
    }

    /// Side of the widest.
    pub fn widest(&self) -> i32 {
        if self.whole > 0 { 2 * self.side } else { self.side }
    }

    /// The cell of a place of a tile: its number among those twice as wide, and among the four in one that is cut.
    fn of_place(&self, at: Cell, corner: [i64; 2]) -> (Cell, Cell) {
        let wide = at.map(|unit| unit.div_euclid(2 * self.side));
        let in_world = [0, 1].map(|axis| (i64::from(wide[axis]) + corner[axis] / i64::from(2 * self.side)).rem_euclid(8) as u8);
        let narrow = if rank(in_world) < self.whole { [0, 0] } else { at.map(|unit| unit.div_euclid(self.side)) };
        (wide, narrow)
    }
}

/// The place of a cell among 64 in the order of ordered dithering.
fn rank([x, y]: [u8; 2]) -> u8 {
    let bits = |bit: u8| ((x >> bit ^ y >> bit) & 1) << 1 | (y >> bit & 1);
    (0..3).fold(0, |rank, bit| rank << 2 | bits(bit))
}

/// Those of a tile that stand for all, the largest of each cell, among equals the first row.
pub fn standing(small: Vec<Small>, cells: &Cells, address: Address, extent: i32) -> Vec<Small> {
    let corner = [address.column(), address.row()].map(|number| i64::from(number) * i64::from(extent));
    let mut placed: Vec<((Cell, Cell), Small)> =
        small.into_iter().map(|small| (cells.of_place(small.at, corner), small)).collect();
    placed.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then(other.area.total_cmp(&one.area)).then(one.row.cmp(&other.row)));
    placed.dedup_by_key(|(cell, _)| *cell);
    placed.into_iter().map(|(_, small)| small).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn cells_widen_evenly() {
        assert_eq!(Cells::of(1.0, 4096), Cells { side: 4, whole: 0 });
        assert_eq!(Cells::of(4.0, 4096), Cells { side: 8, whole: 0 });
        assert_eq!(Cells::of(1e9, 4096), Cells { side: 4096, whole: 0 });
        let count = |smallest: f64| {
            let cells = Cells::of(smallest, 4096);
            let places = (0..256).flat_map(|x| (0..256).map(move |y| [x, y]));
            places.map(|at| cells.of_place(at, [4096, 8192])).collect::<HashSet<_>>().len() as f64
        };
        for eighth in 0..40 {
            let smallest = (f64::from(eighth) / 8.0).exp2();
            let wanted = 256.0 * 256.0 / (16.0 * smallest);
            assert!((count(smallest) / wanted - 1.0).abs() < 0.03, "{smallest}: {} of {wanted}", count(smallest));
        }
    }

    #[test]
    fn every_rank_is_one_cells() {
        let ranks: HashSet<u8> = (0..8).flat_map(|x| (0..8).map(move |y| rank([x, y]))).collect();
        assert_eq!(ranks.len(), 64);
        assert_eq!([rank([0, 0]), rank([1, 1]), rank([0, 1]), rank([1, 0])], [0, 16, 48, 32]);
    }

    /// A cell that reaches over the side of a tile is whole or cut from either side.
    #[test]
    fn neighbours_agree() {
        let cells = Cells::of(9.0, 4096);
        for y in 0..4096 {
            let [here, there] = [cells.of_place([4100, y], [0, 0]), cells.of_place([4, y], [4096, 0])];
            assert_eq!(here.1 == [0, 0], there.1 == [0, 0] && there.0[0] == 0 && here.0[0] == 4096 / 16, "{here:?} {there:?}");
        }
    }
}
