//! From rows to the commands of a tile: what is needed at this zoom, cut at the window, rounded, nothing lost on the way.
//!
//! **A feature too small to have a shape is still drawn.** A polygon of less than one square unit (an eighth of a pixel each way,
//! where a tile fills 512 pixels), or one that rounding leaves nothing of, becomes a square of one unit at its first vertex; a line
//! that falls on one unit becomes a stroke of one unit. Of the small features in a cell of 4 by 4 units the largest stands for all
//! (among equals the first row), so that a tile's size is bounded however many there are. Small parts and holes of a feature that
//! stays visible are dropped, and holes that would take all of it. A layer may say otherwise ([`crate::layer::tiles::Minimum`]).
//!
//! **Thinning** raises what counts as small, in steps of a fifteenth of an octave of its area. With the area grows the cell, points and
//! short lines stand for each other too, and vertices are dropped by a tolerance that grows with the side of what is small. Cells
//! are those of the world ([`crate::tiles::small`]), and all that lies in one is weighed, whichever tile it is seen from: neighbours
//! agree.

use crate::layer::tiles::Below;
use crate::tiles::address::Address;
use crate::tiles::drawn::Drawn;
use crate::tiles::pen::Pen;
use crate::tiles::small::Cells;
use crate::tiles::world::World;

/// How tiles are cut. The default is what map clients expect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawing {
    /// Units along a tile's side.
    pub extent: u32,
    /// Units drawn beyond each side, so that outlines of the cut lie out of sight.
    pub buffer: u32,
    /// What reaches beyond the buffer is cut there; otherwise it is written as it is, to 4096 tiles away.
    pub clip: bool,
    /// One small feature a cell stands for all; without it each is drawn, and no step is taken.
    pub thin: bool,
    /// Square units below which a polygon is small, before any step.
    pub small_area: f64,
    pub below: Below,
    /// Steps of thinning.
    pub step: u8,
    /// Each point in one tile alone, and none in a buffer.
    pub once: bool,
}

impl Default for Drawing {
    fn default() -> Drawing {
        let (thin, clip) = (true, true);
        Drawing { extent: 4096, buffer: 64, clip, thin, small_area: 1.0, below: Below::Stand, step: 0, once: false }
    }
}

impl Drawing {
    /// Steps in which the area of what is small doubles.
    pub const OCTAVE: u8 = 15;

    /// The last step: a cell is a quarter of a tile.
    pub const LAST_STEP: u8 = 16 * Drawing::OCTAVE;

    /// The buffer as a share of the tile.
    pub fn margin(&self) -> f64 {
        f64::from(self.buffer) / f64::from(self.extent)
    }

    /// How far a line that is simplified and rounded may lie from where it was, as a share of the tile: a unit.
    pub fn tolerance(&self) -> f64 {
        1.0 / f64::from(self.extent)
    }

    /// How far beyond the tile features are weighed, as a share of the tile: to the end of the cells that its buffer touches.
    pub fn reach(&self) -> f64 {
        self.reach_in(self.cells().widest()) / f64::from(self.extent)
    }

    /// The buffer in units, widened to whole cells of a side.
    pub fn reach_in(&self, cell: i32) -> f64 {
        (f64::from(self.buffer) / f64::from(cell)).ceil() * f64::from(cell)
    }

    /// Square units below which a polygon is small.
    pub fn smallest(&self) -> f64 {
        smallest(self.small_area, self.step)
    }

    /// The same for one row of a layer: thinning reaches some three octaves later than others, or features of one size would
    /// all be shapes at a step and none at the next. Rows follow each other in space, so that multiples of the golden ratio spread the
    /// late ones evenly.
    pub fn smallest_of(&self, row: u32) -> f64 {
        const GOLDEN: u32 = 0x9e37_79b9;
        let late = f64::from(row.wrapping_mul(GOLDEN)) / f64::from(u32::MAX);
        self.small_area.max(self.smallest() * (-late * f64::from(LATE_OCTAVES)).exp2())
    }

    /// By how many quarter octaves vertices are dropped more readily: as the side of what is small grows, for the latest rows, so that
    /// no feature loses its shape before it is small.
    pub fn coarser(&self) -> u8 {
        (u16::from(self.step) * 2 / u16::from(Drawing::OCTAVE)).saturating_sub(2 * u16::from(LATE_OCTAVES)) as u8
    }

    /// The cells in which one small feature stands for all.
    pub fn cells(&self) -> Cells {
        Cells::of(self.smallest(), self.extent as i32)
    }
}

/// Octaves of area between the first and the last of equal features to become small.
const LATE_OCTAVES: u8 = 3;

/// Square units below which a polygon is small after some steps, where it was `area` before.
pub fn smallest(area: f64, step: u8) -> f64 {
    area * (f64::from(step) / f64::from(Drawing::OCTAVE)).exp2()
}

/// Draws rows, given in ascending order, on a tile.
pub fn draw(world: &World, rows: &[u32], address: Address, drawing: &Drawing) -> Drawn {
    draw_while(world, rows, address, drawing, &|| true)
}

/// How many rows are drawn between two looks at whether anybody still waits.
const PATIENCE: usize = 256;

/// The same as long as `go_on`; what is given back after that is of no use.
pub fn draw_while(world: &World, rows: &[u32], address: Address, drawing: &Drawing, go_on: &dyn Fn() -> bool) -> Drawn {
    let mut pen = Pen::new(world, address, drawing);
    for rows in rows.chunks(PATIENCE) {
        if !go_on() {
            return Drawn::default();
        }
        rows.iter().for_each(|&row| pen.draw(row));
    }
    pen.finish()
}
