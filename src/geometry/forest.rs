//! The nearest of many shapes, some of them so large that they have a tree of their own: one queue for the boxes of all.
//!
//! Many large shapes have a box that holds the place asked about, though their edges are far. Shape after shape, each would be
//! searched down to its nearest edge; with one queue only those boxes are opened, whatever their shape, that are nearer than the
//! answer.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::bounds::Bounds;
use super::distance::{Approach, Lots, Shortest, approach, vertex_inside};
use super::footprint::Footprint;
use super::packed::{Node, PackedTree};
use super::scale::LocalScale;

/// Shapes in a tree over their boxes.
pub struct Forest<'t, F> {
    pub tree: &'t PackedTree,
    /// The shape of a leaf; `None` for one that does not count.
    pub shape: F,
}

impl<'s, F: Fn(u32) -> Option<Footprint<'s>>> Forest<'_, F> {
    /// The shortest way to the nearest shape, not longer than `limit_m`; among shapes at one distance the first by `before`.
    /// `scale` is that around `from`.
    pub fn nearest(
        &self,
        from: &Footprint<'_>,
        scale: &LocalScale,
        limit_m: f64,
        before: impl Fn(u32, u32) -> bool,
    ) -> Option<(u32, Approach)> {
        let corner = *from.vertices().first()?;
        let (shortest, queue) = (Shortest::new(scale, limit_m), Queue::around(from.bounds()));
        let mut search = Search { from, corner, lots: OnceCell::new(), shortest, queue, found: None, before };
        search.queue.push(None, self.tree.root()?, &self.tree.extent(), search.shortest.reach());
        while let Some(Waiting { of, node, .. }) = search.queue.pop(search.shortest.reach()) {
            match of {
                None if node.level > 0 => {
                    for (child, bounds) in self.tree.below(node) {
                        search.queue.push(None, child, bounds, search.shortest.reach());
                    }
                }
                None => {
                    if let Some(shape) = (self.shape)(node.place) {
                        search.come_to(node.place, &shape, scale);
                    }
                }
                Some(row) => {
                    if let Some(shape) = (self.shape)(row) {
                        search.open(row, &shape, node);
                    }
                }
            }
        }
        search.found
    }
}

/// A search under way.
struct Search<'a, 's, B> {
    from: &'a Footprint<'s>,
    corner: [f64; 2],
    /// The asking shape's edges; nothing may be near enough to need them.
    lots: OnceCell<Lots>,
    shortest: Shortest<'a>,
    queue: Queue<'a>,
    found: Option<(u32, Approach)>,
    before: B,
}

impl<B: Fn(u32, u32) -> bool> Search<'_, '_, B> {
    /// Looks at a shape as a whole.
    fn come_to(&mut self, row: u32, shape: &Footprint<'_>, scale: &LocalScale) {
        let Some(root) = shape.edge_tree().and_then(|edges| edges.tree().root()) else {
            return self.offer(row, approach(self.from, shape, scale, self.shortest.limit_m()));
        };
        if let Some(common) = vertex_inside(self.from, shape) {
            return self.offer(row, Some(Approach::meeting(common)));
        }
        self.shortest.surely_within(shape.bounds().surely_within_squared(self.corner));
        self.queue.push(Some(row), root, shape.bounds(), self.shortest.reach());
    }

    /// Opens a box of a shape's edges.
    fn open(&mut self, row: u32, shape: &Footprint<'_>, node: Node) {
        let Some(edges) = shape.edge_tree() else { return };
        if node.level > 0 {
            for (child, bounds) in edges.tree().below(node) {
                self.shortest.surely_within(bounds.surely_within_squared(self.corner));
                self.queue.push(Some(row), child, bounds, self.shortest.reach());
            }
            return;
        }
        let lots = self.lots.get_or_init(|| Lots::of(self.from));
        if self.shortest.may_reach(lots, &edges.tree().leaf(node.place)) {
            let found = self.shortest.try_run(lots, edges.run(shape.vertices(), node.place));
            self.offer(row, found);
        }
    }

    fn offer(&mut self, row: u32, way: Option<Approach>) {
        let Some(way) = way else { return };
        let better = |(best_row, best): (u32, Approach)| {
            way.distance_m < best.distance_m || (way.distance_m == best.distance_m && (self.before)(row, best_row))
        };
        if self.found.is_none_or(better) {
            self.found = Some((row, way));
            self.shortest.lower(way.distance_m);
        }
    }
}

/// Boxes by their distance, the nearest first.
struct Queue<'f> {
    from: &'f Bounds,
    heap: BinaryHeap<Waiting>,
}

impl Queue<'_> {
    fn around(from: &Bounds) -> Queue<'_> {
        Queue { from, heap: BinaryHeap::with_capacity(40) }
    }

    #[inline]
    fn push(&mut self, of: Option<u32>, node: Node, bounds: &Bounds, reach: f64) {
        let distance = bounds.distance_squared(self.from);
        if distance <= reach {
            self.heap.push(Waiting { distance, of, node });
        }
    }

    fn pop(&mut self, reach: f64) -> Option<Waiting> {
        self.heap.pop().filter(|next| next.distance <= reach)
    }
}

/// A box in the queue: of a shape's edges, or of shapes.
struct Waiting {
    distance: f64,
    of: Option<u32>,
    node: Node,
}

impl Ord for Waiting {
    #[inline]
    fn cmp(&self, other: &Waiting) -> Ordering {
        // Squared distances are not negative: their bits are in the order of their values.
        other.distance.to_bits().cmp(&self.distance.to_bits())
    }
}

impl PartialOrd for Waiting {
    #[inline]
    fn partial_cmp(&self, other: &Waiting) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}
