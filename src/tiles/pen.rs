//! Feature after feature, from the vertices of the world to the commands of a tile.

use std::ops::Range;

use crate::layer::tiles::Below;
use crate::tiles::address::Address;
use crate::tiles::clip::{Point, Square, clip_line, clip_ring};
use crate::tiles::draw::Drawing;
use crate::tiles::drawn::Drawn;
use crate::tiles::encode::{Mark, Type};
use crate::tiles::frame::Frame;
use crate::tiles::holes::is_astray;
use crate::tiles::quantise::{Cell, quantise_line, quantise_ring, round};
use crate::tiles::simplify::level_for;
use crate::tiles::small::{Small, standing};
use crate::tiles::world::{Position, Role, Window, World};

/// A polygon being drawn.
struct Part {
    /// Twice the area drawn, holes taken away.
    twice_area: i64,
    /// How many cells its outer ring has.
    outer: usize,
    without_holes: Mark,
}

pub struct Pen<'w> {
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
    pub fn new(world: &'w World, address: Address, drawing: &Drawing) -> Pen<'w> {
        let drawing = if drawing.thin { *drawing } else { Drawing { step: 0, ..*drawing } };
        let extent = f64::from(drawing.extent);
        let square = |beyond: f64| Square { low: -beyond, high: extent + beyond };
        let margin = drawing.margin();
        let cut_margin = if drawing.clip { margin } else { FARTHEST_TILES };
        Pen {
            world,
            address,
            drawing,
            window: address.window(margin),
            square: square(f64::from(drawing.buffer)),
            cut_window: address.window(cut_margin),
            cut: square(cut_margin * extent),
            reach: square(drawing.reach_in(drawing.cells().widest())),
            level: level_for(address.zoom(), drawing.extent).saturating_add(drawing.coarser()).min(u8::MAX - 1),
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

    pub fn draw(&mut self, row: u32) {
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
            Role::Outer | Role::Hole => self.world.area(row) * scale * scale < self.drawing.smallest_of(row),
            Role::Point => self.drawing.step > 0 && !self.drawing.once,
            Role::Line if self.drawing.step == 0 => false,
            Role::Line => {
                let bounds = self.world.bounds(row);
                let side = |axis: usize| f64::from(bounds.max[axis].saturating_sub(bounds.min[axis])) * scale;
                side(0).max(side(1)).powi(2) < self.drawing.smallest_of(row)
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
            self.small.push(Small { at: at.map(|unit| unit as i32), area: self.world.area(row), row, kind });
        }
    }

    /// What was drawn, with what stands for the small.
    pub fn finish(mut self) -> Drawn {
        self.draw_small();
        self.drawn
    }

    fn draw_small(&mut self) {
        if self.small.is_empty() {
            return;
        }
        let extent = self.drawing.extent as i32;
        let is_own = |small: &&Small| small.at.iter().all(|at| (0..extent).contains(at));
        let own = self.small.iter().filter(is_own).count();
        let mut small = std::mem::take(&mut self.small);
        if self.drawing.thin {
            small = standing(small, &self.drawing.cells(), self.address, extent);
            if self.drawing.below == Below::Leave {
                small.retain(|small| small.kind == Type::Point);
            }
        }
        self.drawn.stood_for = (own - small.iter().filter(is_own).count()) as u32;
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
