//! From rows to the commands of a tile: what is needed at this zoom, cut at the window, rounded, nothing lost on the way.
//!
//! **A feature too small to have a shape is still drawn.** A polygon of less than one square unit (an eighth of a pixel each way,
//! where a tile fills 512 pixels), or one that rounding leaves nothing of, becomes a square of one unit at its first vertex; a line
//! that falls on one unit becomes a stroke of one unit. Of the small features in a cell of 4 by 4 units the largest stands for all
//! (among equals the first row), so that a tile's size is bounded however many there are. Small parts and holes of a feature that
//! stays visible are dropped, and holes that would take all of it. A layer may say otherwise ([`crate::layer::tiles::Minimum`]).
//!
//! **Thinning** raises what counts as small. Each step doubles the area, widens the cell as much, lets points and short lines stand
//! for each other too, and drops vertices by a tolerance √2 times larger. Cells are those of the world, and all that lies in one is
//! weighed, whichever tile it is seen from: neighbours agree.

use std::ops::Range;

use crate::layer::tiles::Below;
use crate::tiles::address::Address;
use crate::tiles::clip::{Point, Square, clip_line, clip_ring};
use crate::tiles::cluster::Groups;
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
    /// The last step: a cell is a quarter of a tile.
    pub const LAST_STEP: u8 = 16;

    /// The buffer as a share of the tile.
    pub fn margin(&self) -> f64 {
        f64::from(self.buffer) / f64::from(self.extent)
    }

    /// How far beyond the tile features are weighed, as a share of the tile: to the end of the cells that its buffer touches.
    pub fn reach(&self) -> f64 {
        self.reach_in(self.cell()) / f64::from(self.extent)
    }

    /// The buffer in units, widened to whole cells of a side.
    pub fn reach_in(&self, cell: i32) -> f64 {
        (f64::from(self.buffer) / f64::from(cell)).ceil() * f64::from(cell)
    }

    /// Square units below which a polygon is small.
    fn smallest(&self) -> f64 {
        self.small_area * f64::from(self.step).exp2()
    }

    /// Side in units of the cell in which one small feature stands for all: a power of two.
    fn cell(&self) -> i32 {
        let side = self.smallest().sqrt().log2().ceil().exp2();
        (SMALL_CELL * side.max(1.0) as i32).min(self.extent as i32)
    }
}

/// Side in units of the cell of small features of a square unit.
const SMALL_CELL: i32 = 4;

/// What a tile shows of a layer.
#[derive(Debug, Default)]
pub struct Drawn {
    /// In the order of rows.
    pub features: Vec<Feature>,
    /// How many features of the tile, its buffer not counted, are not drawn: others stand for them.
    pub stood_for: u32,
    /// What is told of features that are several points in one.
    pub groups: Groups,
    commands: Commands,
}

#[derive(Debug)]
pub struct Feature {
    pub row: u32,
    pub kind: Type,
    /// Its number among the groups, where it is one.
    pub group: Option<usize>,
    commands: Range<usize>,
}

impl Drawn {
    pub fn commands(&self, feature: &Feature) -> &[u32] {
        &self.commands.as_slice()[feature.commands.clone()]
    }

    /// Adds a feature that is one point, for its group where it stands for one.
    pub fn point(&mut self, row: u32, at: Cell, group: Option<usize>) {
        let start = self.commands.start();
        self.commands.points(&[at]);
        self.end(row, Type::Point, start);
        if let Some(feature) = self.features.last_mut() {
            feature.group = group;
        }
    }

    fn end(&mut self, row: u32, kind: Type, start: usize) {
        let end = self.commands.as_slice().len();
        self.features.push(Feature { row, kind, group: None, commands: start..end });
    }
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
    pen.draw_small();
    pen.drawn
}

/// From positions to units of a tile.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Units of the tile per cell of the world grid, and the tile's corner in units of the world: exact where the extent is a power
    /// of two, so that neighbouring tiles see one point at the same place.
    scale: f64,
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
    address: Address,
    drawing: Drawing,
    /// The tile with its buffer, on the world grid and in units.
    window: Window,
    square: Square,
    /// Where what is drawn is cut.
    cut_window: Window,
    cut: Square,
    /// Where small features are weighed.
    reach: Square,
    level: u8,
    smallest: f64,
    cell: i32,
    frame: Frame,
    drawn: Drawn,
    small: Vec<Small>,
    ring: Vec<Point>,
    spare: Vec<Point>,
    cells: Vec<Cell>,
}

/// Tiles beyond which even what is not cut is: a whole number of units of it still fits the format's 32 bits.
const FARTHEST_TILES: f64 = 4096.0;

impl<'w> Pen<'w> {
    fn new(world: &'w World, address: Address, drawing: &Drawing) -> Pen<'w> {
        let drawing = if drawing.thin { *drawing } else { Drawing { step: 0, ..*drawing } };
        let extent = f64::from(drawing.extent);
        let square = |beyond: f64| Square { low: -beyond, high: extent + beyond };
        let margin = drawing.margin();
        let cut_margin = if drawing.clip { margin } else { FARTHEST_TILES };
        let cell = drawing.cell();
        Pen {
            world,
            address,
            drawing,
            window: address.window(margin),
            square: square(f64::from(drawing.buffer)),
            cut_window: address.window(cut_margin),
            cut: square(cut_margin * extent),
            reach: square(drawing.reach_in(cell)),
            // A step is half an octave of tolerance.
            level: level_for(address.zoom(), drawing.extent).saturating_add(2 * drawing.step).min(u8::MAX - 1),
            smallest: drawing.smallest(),
            cell,
            frame: Frame::new(address, drawing.extent),
            drawn: Drawn::default(),
            small: Vec::new(),
            ring: Vec::new(),
            spare: Vec::new(),
            cells: Vec::new(),
        }
    }

    fn place(&self, position: Position) -> Point {
        self.frame.place(position.map(f64::from))
    }

    fn draw(&mut self, row: u32) {
        let Some((_, role)) = self.world.rings_of(row).next() else { return };
        if self.window.is_beside(&self.world.bounds(row)) {
            // Seen from here it may still stand for what is seen.
            if self.is_small(row, role) {
                self.set_aside(row, kind_of(role));
            }
            return;
        }
        let start = self.drawn.commands.start();
        let kind = match role {
            Role::Point => self.draw_points(row),
            Role::Line => self.draw_lines(row),
            Role::Outer | Role::Hole => self.draw_polygons(row),
        };
        if self.drawn.commands.as_slice().len() > start {
            self.drawn.end(row, kind, start);
        } else if kind != Type::Point || self.drawing.step > 0 {
            self.set_aside(row, kind);
        }
    }

    fn draw_points(&mut self, row: u32) -> Type {
        if self.is_small(row, Role::Point) {
            return Type::Point;
        }
        self.cells.clear();
        for (range, _) in self.world.rings_of(row) {
            for &position in self.world.positions(range) {
                let point = self.place(position);
                let is_shown = if self.drawing.once { self.address.owns(position) } else { self.square.contains(point) };
                if is_shown {
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
        if self.is_small(row, Role::Line) {
            return Type::Line;
        }
        let world = self.world;
        for (range, _) in world.rings_of(row) {
            let inside = self.collect(range);
            let Pen { ring, cells, drawn, cut, .. } = self;
            let mut piece = |line: &[Point]| {
                cells.clear();
                if quantise_line(line, cells) {
                    drawn.commands.line(cells);
                }
            };
            if inside { piece(ring) } else { clip_line(ring, *cut, piece) }
        }
        Type::Line
    }

    fn draw_polygons(&mut self, row: u32) -> Type {
        if self.is_small(row, Role::Outer) {
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

    /// Too small to have a shape. Points and lines are only where a layer is thinned; a line as its box is.
    fn is_small(&self, row: u32, role: Role) -> bool {
        let scale = self.frame.scale;
        match role {
            Role::Outer | Role::Hole => self.world.area(row) * scale * scale < self.smallest,
            Role::Point => self.drawing.step > 0 && !self.drawing.once,
            Role::Line if self.drawing.step == 0 => false,
            Role::Line => {
                let bounds = self.world.bounds(row);
                let side = |axis: usize| f64::from(bounds.max[axis].saturating_sub(bounds.min[axis])) * scale;
                side(0).max(side(1)).powi(2) < self.smallest
            }
        }
    }

    /// Collects the vertices of a ring that this zoom needs; true when all are inside the window. Of vertices that follow each other
    /// beyond the same side only the first and the last are kept: cutting would drop the others one by one.
    fn collect(&mut self, range: Range<usize>) -> bool {
        let (world, level, window, square) = (self.world, self.level, self.cut_window, self.cut);
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
            clip_ring(&mut self.ring, self.cut, &mut self.spare);
        }
    }

    fn set_aside(&mut self, row: u32, kind: Type) {
        let Some(anchor) = self.world.anchor(row) else { return };
        let at = self.place(anchor).map(f64::floor);
        if at.iter().all(|&at| self.reach.low <= at && at < self.reach.high) {
            let at = at.map(|unit| unit as i32);
            let cell = at.map(|unit| unit.div_euclid(self.cell));
            self.small.push(Small { cell, at, area: self.world.area(row), row, kind });
        }
    }

    fn draw_small(&mut self) {
        if self.small.is_empty() {
            return;
        }
        let extent = self.drawing.extent as i32;
        let is_own = |small: &Small| small.at.iter().all(|at| (0..extent).contains(at));
        let own = self.small.iter().filter(|small| is_own(small)).count();
        if self.drawing.thin {
            self.small.sort_unstable_by(|a, b| a.cell.cmp(&b.cell).then(b.area.total_cmp(&a.area)).then(a.row.cmp(&b.row)));
            self.small.dedup_by_key(|small| small.cell);
            if self.drawing.below == Below::Leave {
                self.small.retain(|small| small.kind == Type::Point);
            }
        }
        let small = std::mem::take(&mut self.small);
        self.drawn.stood_for = (own - small.iter().filter(|small| is_own(small)).count()) as u32;
        let fits = |[x, y]: Cell| [[x, y], [x + 1, y + 1]].iter().all(|&at| self.square.contains(at.map(f64::from)));
        for Small { at: [x, y], row, kind, .. } in small.into_iter().filter(|small| fits(small.at)) {
            let start = self.drawn.commands.start();
            let kind = if self.drawing.below == Below::Point { Type::Point } else { kind };
            match kind {
                Type::Polygon => self.drawn.commands.ring(&[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]),
                Type::Line => self.drawn.commands.line(&[[x, y], [x + 1, y]]),
                Type::Point => self.drawn.commands.points(&[[x, y]]),
            }
            self.drawn.end(row, kind, start);
        }
        self.drawn.features.sort_unstable_by_key(|feature| feature.row);
    }
}

fn kind_of(role: Role) -> Type {
    match role {
        Role::Point => Type::Point,
        Role::Line => Type::Line,
        Role::Outer | Role::Hole => Type::Polygon,
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
