//! From the grid of the world to the units of a tile.

use crate::tiles::address::Address;
use crate::tiles::clip::Point;
use crate::tiles::world::CELLS;

/// From positions to units of a tile.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Units of the tile per cell of the world grid, and the tile's corner in units of the world: exact where the extent is a power
    /// of two, so that neighbouring tiles see one point at the same place.
    pub(super) scale: f64,
    corner: Point,
}

impl Frame {
    pub fn new(address: Address, extent: u32) -> Frame {
        let extent = f64::from(extent);
        let corner = [address.column(), address.row()].map(|number| f64::from(number) * extent);
        Frame { scale: f64::from(address.zoom()).exp2() * extent / CELLS, corner }
    }

    /// The place of a point given in cells of the world grid.
    pub fn place(self, [x, y]: [f64; 2]) -> Point {
        [x * self.scale - self.corner[0], y * self.scale - self.corner[1]]
    }
}
