//! From rows to the commands of a tile: what is needed at this zoom, cut at the window, rounded, nothing lost on the way.
//!
//! **A feature too small to have a shape is still drawn.** A polygon of less than one square unit (an eighth of a pixel each way,
//! where a tile fills 512 pixels), or one that rounding leaves nothing of, becomes a square of one unit at its first vertex; a line
//! that falls on one unit becomes a stroke of one unit. Of the small features in a cell of 4 by 4 units the largest stands for all
//! (among equals the first row), so that a tile's size is bounded however many there are. Small parts and holes of a feature that
//! stays visible are dropped, and holes that would take all of it.

use std::ops::Range;

use crate::tiles::address::Address;
use crate::tiles::clip::{Point, Square, clip_line, clip_ring};
use crate::tiles::encode::{Commands, Mark, Type};
use crate::tiles::quantise::{Cell, quantise_line, quantise_ring, round};
use crate::tiles::simplify::level_for;
use crate::tiles::world::{CELLS, Position, Role, Window, World};

/// How tiles are cut. The default is what map clients expect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawing {
    /// Units along a tile's side.
    pub extent: u32,
    /// Units drawn beyond each side, so that outlines of the cut lie out of sight.
    pub buffer: u32,
    /// One small feature a cell stands for all; without it each is drawn.
    pub thin: bool,
}

impl Default for Drawing {
    fn default() -> Drawing {
        Drawing { extent: 4096, buffer: 64, thin: true }
    }
}

impl Drawing {
    /// The buffer as a share of the tile.
    pub fn margin(&self) -> f64 {
        f64::from(self.buffer) / f64::from(self.extent)
    }
}

/// Side in units of the cell in which one small feature stands for all.
const SMALL_CELL: i32 = 4;

/// What a tile shows of a layer.
#[derive(Debug, Default)]
pub struct Drawn {
    /// In the order of rows.
    pub features: Vec<Feature>,
    commands: Commands,
}

#[derive(Debug)]
pub struct Feature {
    pub row: u32,
    pub kind: Type,
    commands: Range<usize>,
}

impl Drawn {
    pub fn commands(&self, feature: &Feature) -> &[u32] {
        &self.commands.as_slice()[feature.commands.clone()]
    }

    fn end(&mut self, row: u32, kind: Type, start: usize) {
        let end = self.commands.as_slice().len();
        self.features.push(Feature { row, kind, commands: start..end });
    }
}

/// Draws rows, given in ascending order, on a tile.
pub fn draw(world: &World, rows: &[u32], address: Address, drawing: &Drawing) -> Drawn {
    let mut pen = Pen::new(world, address, drawing);
    for &row in rows {
        pen.draw(row);
    }
    pen.draw_small(drawing.thin);
    pen.drawn
}

/// A feature without a shape at this zoom.
struct Small {
    cell: Cell,
    at: Cell,
    area: f64,
    row: u32,
    kind: Type,
}

/// A polygon being drawn.
struct Part {
    /// Twice the area drawn, holes taken away.
    twice_area: i64,
    /// How many cells its outer ring has.
    outer: usize,
    without_holes: Mark,
}

struct Pen<'w> {
    world: &'w World,
    window: Window,
    square: Square,
    level: u8,
    /// Units of the tile per cell of the world grid, and the tile's corner in units of the world: exact where the extent is a power
    /// of two, so that neighbouring tiles see one point at the same place.
    scale: f64,
    corner: Point,
    drawn: Drawn,
    small: Vec<Small>,
    ring: Vec<Point>,
    spare: Vec<Point>,
    cells: Vec<Cell>,
}

impl<'w> Pen<'w> {
    fn new(world: &'w World, address: Address, drawing: &Drawing) -> Pen<'w> {
        let extent = f64::from(drawing.extent);
        let buffer = f64::from(drawing.buffer);
        Pen {
            world,
            window: address.window(drawing.margin()),
            square: Square { low: -buffer, high: extent + buffer },
            level: level_for(address.zoom(), drawing.extent),
            scale: f64::from(address.zoom()).exp2() * extent / CELLS,
            corner: [address.column(), address.row()].map(|number| f64::from(number) * extent),
            drawn: Drawn::default(),
            small: Vec::new(),
            ring: Vec::new(),
            spare: Vec::new(),
            cells: Vec::new(),
        }
    }

    fn place(&self, [x, y]: Position) -> Point {
        [f64::from(x) * self.scale - self.corner[0], f64::from(y) * self.scale - self.corner[1]]
    }

    fn draw(&mut self, row: u32) {
        if self.window.is_beside(&self.world.bounds(row)) {
            return;
        }
        let Some((_, role)) = self.world.rings_of(row).next() else { return };
        let start = self.drawn.commands.start();
        let kind = match role {
            Role::Point => self.draw_points(row),
            Role::Line => self.draw_lines(row),
            Role::Outer | Role::Hole => self.draw_polygons(row),
        };
        if self.drawn.commands.as_slice().len() > start {
            self.drawn.end(row, kind, start);
        } else if kind != Type::Point {
            self.set_aside(row, kind);
        }
    }

    fn draw_points(&mut self, row: u32) -> Type {
        self.cells.clear();
        for (range, _) in self.world.rings_of(row) {
            for &position in self.world.positions(range) {
                let point = self.place(position);
                if self.square.contains(point) {
                    self.cells.push(round(point));
                }
            }
        }
        // One place needs one point of a feature.
        self.cells.sort_unstable();
        self.cells.dedup();
        if !self.cells.is_empty() {
            self.drawn.commands.points(&self.cells);
        }
        Type::Point
    }

    fn draw_lines(&mut self, row: u32) -> Type {
        let world = self.world;
        for (range, _) in world.rings_of(row) {
            let inside = self.collect(range);
            let Pen { ring, cells, drawn, square, .. } = self;
            let mut piece = |line: &[Point]| {
                cells.clear();
                if quantise_line(line, cells) {
                    drawn.commands.line(cells);
                }
            };
            if inside { piece(ring) } else { clip_line(ring, *square, piece) }
        }
        Type::Line
    }

    fn draw_polygons(&mut self, row: u32) -> Type {
        if self.is_small(row) {
            return Type::Polygon;
        }
        let world = self.world;
        let mut part: Option<Part> = None;
        for (range, role) in world.rings_of(row) {
            if role == Role::Outer {
                self.end_part(part.take());
                part = self.draw_outer(range);
            } else if let Some(part) = &mut part {
                self.draw_hole(range, part);
            }
        }
        self.end_part(part);
        Type::Polygon
    }

    fn draw_outer(&mut self, range: Range<usize>) -> Option<Part> {
        self.collect_clipped(range);
        self.cells.clear();
        let twice_area = quantise_ring(&self.ring, true, &mut self.cells)?;
        self.drawn.commands.ring(&self.cells);
        Some(Part { twice_area, outer: self.cells.len(), without_holes: self.drawn.commands.mark() })
    }

    fn draw_hole(&mut self, range: Range<usize>, part: &mut Part) {
        self.collect_clipped(range);
        self.cells.truncate(part.outer);
        let Some(twice_area) = quantise_ring(&self.ring, false, &mut self.cells) else { return };
        let (outer, hole) = self.cells.split_at(part.outer);
        if !is_astray(hole, outer) {
            self.drawn.commands.ring(hole);
            part.twice_area -= twice_area;
        }
    }

    /// A ring so thin that its holes round to all of it is drawn without them, or it would vanish.
    fn end_part(&mut self, part: Option<Part>) {
        if let Some(Part { twice_area: ..=0, without_holes, .. }) = part {
            self.drawn.commands.return_to(without_holes);
        }
    }

    fn is_small(&self, row: u32) -> bool {
        self.world.area(row) * self.scale * self.scale < 1.0
    }

    /// Collects the vertices of a ring that this zoom needs; true when all are inside the window. Of vertices that follow each other
    /// beyond the same side only the first and the last are kept: cutting would drop the others one by one.
    fn collect(&mut self, range: Range<usize>) -> bool {
        let (world, level, window, square) = (self.world, self.level, self.window, self.square);
        let mut ring = std::mem::take(&mut self.ring);
        ring.clear();
        let (mut before, mut last, mut any) = (0, 0, 0);
        world.visit(range, level, &window, |position| {
            let point = self.place(position);
            let beyond = square.beyond(point);
            if before & last & beyond != 0 {
                ring.pop();
            } else {
                before = last;
            }
            last = beyond;
            any |= beyond;
            ring.push(point);
        });
        self.ring = ring;
        any == 0
    }

    fn collect_clipped(&mut self, range: Range<usize>) {
        if !self.collect(range) {
            clip_ring(&mut self.ring, self.square, &mut self.spare);
        }
    }

    fn set_aside(&mut self, row: u32, kind: Type) {
        let Some(anchor) = self.world.anchor(row) else { return };
        let at = self.place(anchor).map(f64::floor);
        if self.square.contains(at) && self.square.contains([at[0] + 1.0, at[1] + 1.0]) {
            let at = at.map(|unit| unit as i32);
            let cell = at.map(|unit| unit.div_euclid(SMALL_CELL));
            self.small.push(Small { cell, at, area: self.world.area(row), row, kind });
        }
    }

    fn draw_small(&mut self, thin: bool) {
        if self.small.is_empty() {
            return;
        }
        if thin {
            self.small.sort_unstable_by(|a, b| a.cell.cmp(&b.cell).then(b.area.total_cmp(&a.area)).then(a.row.cmp(&b.row)));
            self.small.dedup_by_key(|small| small.cell);
        }
        for Small { at: [x, y], row, kind, .. } in std::mem::take(&mut self.small) {
            let start = self.drawn.commands.start();
            match kind {
                Type::Polygon => self.drawn.commands.ring(&[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]),
                Type::Line | Type::Point => self.drawn.commands.line(&[[x, y], [x + 1, y]]),
            }
            self.drawn.end(row, kind, start);
        }
        self.drawn.features.sort_unstable_by_key(|feature| feature.row);
    }
}

/// Could rounding and simplification have moved a hole out of its ring? Each moves a point by half a unit at most, on either side:
/// only one of two units or less can be wholly out, and it is when its first point is.
fn is_astray(hole: &[Cell], outer: &[Cell]) -> bool {
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
