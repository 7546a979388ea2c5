//! The nearest of many shapes, some of them so large that they have a tree of their own: one queue for the boxes of all.
//!
//! Many large shapes have a box that holds the place asked about, though their edges are far. Shape after shape, each would be
//! searched down to its nearest edge; with one queue only those boxes are opened, whatever their shape, that are nearer than the
//! answer.

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
        let lots = Lots::of(from);
        let corner = *from.vertices().first()?;
        let mut best = Best { shortest: Shortest::new(scale, limit_m), found: None, before };
        let mut queue = Queue::around(from.bounds());
        queue.push(None, self.tree.root()?, &self.tree.extent(), best.shortest.reach());
        while let Some(Waiting { of, node, .. }) = queue.pop(best.shortest.reach()) {
            match of {
                None if node.level > 0 => queue.push_below(None, self.tree, node, best.shortest.reach()),
                None => {
                    let Some(shape) = (self.shape)(node.place) else { continue };
                    let Some(edges) = shape.edge_tree() else {
                        best.offer(node.place, approach(from, &shape, scale, best.shortest.limit_m()));
                        continue;
                    };
                    match (vertex_inside(from, &shape), edges.tree().root()) {
                        (Some(common), _) => best.offer(node.place, Some(Approach::meeting(common))),
                        (None, Some(root)) => {
                            best.shortest.surely_within(shape.bounds().surely_within_squared(corner));
                            queue.push(Some(node.place), root, shape.bounds(), best.shortest.reach());
                        }
                        (None, None) => {}
                    }
                }
                Some(row) => {
                    let Some((shape, edges)) = (self.shape)(row).and_then(|shape| Some((shape.vertices(), shape.edge_tree()?)))
                    else {
                        continue;
                    };
                    if node.level > 0 {
                        for (child, bounds) in edges.tree().below(node) {
                            best.shortest.surely_within(bounds.surely_within_squared(corner));
                            queue.push(Some(row), child, bounds, best.shortest.reach());
                        }
                    } else if best.shortest.may_reach(&lots, &edges.tree().leaf(node.place)) {
                        let found = best.shortest.to_run(&lots, edges.run(shape, node.place));
                        best.offer(row, found);
                    }
                }
            }
        }
        best.found
    }
}

/// The best so far.
struct Best<'l, B> {
    shortest: Shortest<'l>,
    found: Option<(u32, Approach)>,
    before: B,
}

impl<B: Fn(u32, u32) -> bool> Best<'_, B> {
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
        Queue { from, heap: BinaryHeap::with_capacity(128) }
    }

    #[inline]
    fn push(&mut self, of: Option<u32>, node: Node, bounds: &Bounds, reach: f64) {
        let distance = bounds.distance_squared(self.from);
        if distance <= reach {
            self.heap.push(Waiting { distance, of, node });
        }
    }

    fn push_below(&mut self, of: Option<u32>, tree: &PackedTree, node: Node, reach: f64) {
        for (child, bounds) in tree.below(node) {
            self.push(of, child, bounds, reach);
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
