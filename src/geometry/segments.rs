//! The segments of many rings in one array, with boxes over runs of them.
//!
//! Neighbours on a ring are neighbours in space, so a binary tree of boxes over the array, in its own order, is an index that
//! costs one pass to build. Pairs that meet and rings around a point are then found in about n log n.

use std::ops::Range;

use geo_types::Coord;

use super::bounds::Bounds;

const LEAF: usize = 8;

/// A directed piece of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub ring: u32,
    pub start: Coord<f64>,
    pub end: Coord<f64>,
}

impl Segment {
    fn bounds(&self) -> Bounds {
        Bounds::of(&[[self.start.x, self.start.y], [self.end.x, self.end.y]])
    }
}

/// Rings, each a run of segments without zero-length ones.
#[derive(Debug, Default)]
pub struct Segments {
    all: Vec<Segment>,
    /// Where each ring ends in `all`.
    ends: Vec<usize>,
    /// Boxes over runs of `LEAF << level` segments, level by level.
    levels: Vec<Vec<Bounds>>,
}

impl Segments {
    /// Rings are closed: the last vertex repeats the first.
    pub fn of<'r>(rings: impl Iterator<Item = &'r [Coord<f64>]>) -> Segments {
        let mut segments = Segments::default();
        for (ring, vertices) in rings.enumerate() {
            let pairs = vertices.windows(2).filter(|pair| pair[0] != pair[1]);
            segments.all.extend(pairs.map(|pair| Segment { ring: ring as u32, start: pair[0], end: pair[1] }));
            segments.ends.push(segments.all.len());
        }
        segments.build();
        segments
    }

    fn build(&mut self) {
        let union = |boxes: &[Bounds]| boxes.iter().fold(Bounds::EMPTY, |sum, bounds| sum.union(*bounds));
        let leaves = self.all.chunks(LEAF).map(|run| union(&run.iter().map(Segment::bounds).collect::<Vec<_>>()));
        self.levels.push(leaves.collect());
        while let Some(below) = self.levels.last().filter(|level| level.len() > 1) {
            let above = below.chunks(2).map(union).collect();
            self.levels.push(above);
        }
    }

    pub fn rings(&self) -> usize {
        self.ends.len()
    }

    /// The places of a ring's segments.
    pub fn range(&self, ring: usize) -> Range<usize> {
        let start = if ring == 0 { 0 } else { self.ends[ring - 1] };
        start..self.ends[ring]
    }

    pub fn ring(&self, ring: usize) -> &[Segment] {
        &self.all[self.range(ring)]
    }

    pub fn get(&self, place: usize) -> Segment {
        self.all[place]
    }

    /// The segments before and after one on its ring.
    pub fn neighbours(&self, place: usize) -> [usize; 2] {
        let Range { start, end } = self.range(self.all[place].ring as usize);
        let before = if place == start { end - 1 } else { place - 1 };
        let after = if place + 1 == end { start } else { place + 1 };
        [before, after]
    }

    /// Calls `meet` with each pair of places, the smaller first, whose boxes meet, until it breaks.
    pub fn each_pair<B>(&self, mut meet: impl FnMut(usize, usize) -> std::ops::ControlFlow<B>) -> std::ops::ControlFlow<B> {
        let top = self.levels.len() - 1;
        if self.all.is_empty() {
            return std::ops::ControlFlow::Continue(());
        }
        let mut pending = vec![(top, 0, 0)];
        while let Some((level, a, b)) = pending.pop() {
            if a != b && !self.levels[level][a].intersects(&self.levels[level][b]) {
                continue;
            }
            if level == 0 {
                self.pairs_of_leaves(a, b, &mut meet)?;
                continue;
            }
            let below = self.levels[level - 1].len();
            for x in 2 * a..(2 * a + 2).min(below) {
                for y in (2 * b).max(if a == b { x } else { 0 })..(2 * b + 2).min(below) {
                    pending.push((level - 1, x, y));
                }
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    fn pairs_of_leaves<B>(
        &self,
        a: usize,
        b: usize,
        meet: &mut impl FnMut(usize, usize) -> std::ops::ControlFlow<B>,
    ) -> std::ops::ControlFlow<B> {
        let run = |leaf: usize| leaf * LEAF..((leaf + 1) * LEAF).min(self.all.len());
        for i in run(a) {
            let bounds = self.all[i].bounds();
            for j in run(b) {
                if i < j && bounds.intersects(&self.all[j].bounds()) {
                    meet(i, j)?;
                }
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    /// Calls `visit` with each segment of a ring that a ray from `point` to the east may meet.
    pub fn along_ray(&self, ring: usize, point: Coord<f64>, mut visit: impl FnMut(Segment)) {
        let range = self.range(ring);
        let mut pending = vec![(self.levels.len() - 1, 0)];
        while let Some((level, node)) = pending.pop() {
            let covered = (node * LEAF) << level..((node + 1) * LEAF) << level;
            let Some(bounds) = self.levels[level].get(node) else { continue };
            let apart = covered.end <= range.start || covered.start >= range.end;
            if apart || bounds.max[0] < point.x || point.y < bounds.min[1] || point.y > bounds.max[1] {
                continue;
            }
            if level > 0 {
                pending.extend([(level - 1, 2 * node), (level - 1, 2 * node + 1)]);
                continue;
            }
            for place in covered.start.max(range.start)..covered.end.min(range.end) {
                visit(self.all[place]);
            }
        }
    }
}
