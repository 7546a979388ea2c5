//! A static R-tree over boxes already in a spatially coherent order, such as features sorted along a Hilbert curve or the
//! edges of a ring in their own order.
//!
//! Sixteen consecutive boxes have one parent, sixteen parents one grandparent, and so on: no sorting, no pointers, and every
//! subtree is one contiguous range of leaves. That last property lets a count take whole subtrees at once. Boxes in another
//! order give the same answers, slower: [`order_along_hilbert`] gives a good one.

use std::ops::Range;

use super::bounds::Bounds;

/// Children of a node.
const FAN: usize = 16;

/// The tree: the boxes of every level, leaves first.
#[derive(Debug, Default)]
pub struct PackedTree {
    boxes: Vec<Bounds>,
    /// Where each level starts in `boxes`, and where the last ends.
    levels: Vec<u32>,
}

/// A box of the tree: a leaf at level 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    pub level: u32,
    pub place: u32,
}

/// What a visit of a node decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing below matters.
    Skip,
    /// Everything below is taken, without a look at it.
    TakeAll,
    Descend,
}

impl PackedTree {
    pub fn new(leaves: impl IntoIterator<Item = Bounds>) -> PackedTree {
        let mut boxes: Vec<Bounds> = leaves.into_iter().collect();
        let mut levels = vec![0];
        let mut start = 0;
        while boxes.len() - start > 1 {
            let end = boxes.len();
            levels.push(end as u32);
            for children in (start..end).step_by(FAN) {
                let parent = boxes[children..end.min(children + FAN)].iter().fold(Bounds::EMPTY, |all, child| all.union(*child));
                boxes.push(parent);
            }
            start = end;
        }
        levels.push(boxes.len() as u32);
        boxes.shrink_to_fit();
        PackedTree { boxes, levels }
    }

    /// Number of leaves.
    #[inline]
    pub fn len(&self) -> usize {
        self.levels.get(1).map_or(0, |&end| end as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn leaf(&self, leaf: u32) -> Bounds {
        self.boxes[leaf as usize]
    }

    #[inline]
    pub fn extent(&self) -> Bounds {
        self.boxes.last().copied().unwrap_or(Bounds::EMPTY)
    }

    /// The root, for a search of one's own; `None` of an empty tree.
    pub fn root(&self) -> Option<Node> {
        (!self.is_empty()).then(|| Node { level: self.levels.len() as u32 - 2, place: 0 })
    }

    /// The children of a node that is no leaf, with their boxes.
    #[inline]
    pub fn below(&self, node: Node) -> impl Iterator<Item = (Node, &Bounds)> {
        let children = self.children(node.level as usize, node.place as usize);
        let level = node.level - 1;
        let start = self.levels[level as usize] as usize;
        let boxes = &self.boxes[start + children.start..start + children.end];
        (children.start as u32..).zip(boxes).map(move |(place, bounds)| (Node { level, place }, bounds))
    }

    /// Walks from the root. `decide` looks at a box; `take` receives ranges of leaves in increasing order, and whether the range
    /// was taken whole or is one leaf to which the descent came.
    pub fn walk(&self, decide: impl FnMut(&Bounds) -> Step, take: impl FnMut(Range<u32>, bool)) {
        self.walk_down_to(0, decide, take);
    }

    /// As [`PackedTree::walk`], but the leaves of one parent come together, none of them looked at: for leaves that are cheaper
    /// to look at side by side than through their boxes.
    pub fn walk_blocks(&self, decide: impl FnMut(&Bounds) -> Step, take: impl FnMut(Range<u32>, bool)) {
        self.walk_down_to(1, decide, take);
    }

    #[inline]
    fn walk_down_to(&self, lowest: usize, mut decide: impl FnMut(&Bounds) -> Step, mut take: impl FnMut(Range<u32>, bool)) {
        if !self.is_empty() {
            let mut walk = Walk { tree: self, lowest, decide: &mut decide, take: &mut take };
            walk.among(self.levels.len() - 2, 0..1);
        }
    }

    /// Leaves whose box meets the window, in increasing order.
    pub fn meeting(&self, window: &Bounds, mut visit: impl FnMut(u32)) {
        let decide = |bounds: &Bounds| if bounds.intersects(window) { Step::Descend } else { Step::Skip };
        self.walk(decide, |leaves, _| leaves.for_each(&mut visit));
    }

    /// Leaves whose box lies within a squared distance of `from`, nearest subtrees first; `visit` returns the squared distance
    /// still of interest.
    pub fn nearest_first(&self, from: &Bounds, limit: f64, visit: impl FnMut(u32, f64) -> f64) {
        if !self.is_empty() {
            Nearing { tree: self, from, limit, visit }.among(self.levels.len() - 2, 0..1);
        }
    }

    #[inline]
    fn children(&self, level: usize, node: usize) -> Range<usize> {
        let below = (self.levels[level] - self.levels[level - 1]) as usize;
        node * FAN..below.min((node + 1) * FAN)
    }

    #[inline]
    fn leaves_below(&self, level: usize, node: usize) -> Range<u32> {
        let width = FAN.pow(level as u32);
        (node * width) as u32..self.len().min((node + 1) * width) as u32
    }
}

/// A walk under way.
struct Walk<'t, D, T> {
    tree: &'t PackedTree,
    /// The level at which a descent ends.
    lowest: usize,
    decide: &'t mut D,
    take: &'t mut T,
}

impl<D: FnMut(&Bounds) -> Step, T: FnMut(Range<u32>, bool)> Walk<'_, D, T> {
    fn among(&mut self, level: usize, nodes: Range<usize>) {
        let start = self.tree.levels[level] as usize;
        let (mut whole, mut open) = (0_u32, 0_u32);
        // First every decision, then what follows from them: which way each goes cannot be foreseen, and need not be.
        for (place, bounds) in self.tree.boxes[start + nodes.start..start + nodes.end].iter().enumerate() {
            let step = (self.decide)(bounds);
            whole |= u32::from(step == Step::TakeAll) << place;
            open |= u32::from(step != Step::Skip) << place;
        }
        while open != 0 {
            let place = open.trailing_zeros();
            let node = nodes.start + place as usize;
            open &= open - 1;
            if whole & (1 << place) != 0 {
                (self.take)(self.tree.leaves_below(level, node), true);
            } else if level <= self.lowest {
                (self.take)(self.tree.leaves_below(level, node), false);
            } else {
                self.among(level - 1, self.tree.children(level, node));
            }
        }
    }
}

/// A search for what is near under way: depth first, on the machine's stack. With the nearest subtree first, the limit falls
/// about as fast as from a queue of all nodes, and nothing is allocated.
struct Nearing<'t, V> {
    tree: &'t PackedTree,
    from: &'t Bounds,
    limit: f64,
    visit: V,
}

impl<V: FnMut(u32, f64) -> f64> Nearing<'_, V> {
    fn among(&mut self, level: usize, nodes: Range<usize>) {
        let start = self.tree.levels[level] as usize;
        let mut near = [(0.0, 0_u32); FAN];
        let mut count = 0;
        for (node, bounds) in nodes.clone().zip(&self.tree.boxes[start + nodes.start..start + nodes.end]) {
            let distance = bounds.distance_squared(self.from);
            if distance <= self.limit {
                // Sorted as they come: few pass, and searches repeat exactly.
                let mut place = count;
                while place > 0 && near[place - 1].0 > distance {
                    near[place] = near[place - 1];
                    place -= 1;
                }
                near[place] = (distance, node as u32);
                count += 1;
            }
        }
        for &(distance, node) in &near[..count] {
            if distance > self.limit {
                return;
            }
            match level {
                0 => self.limit = (self.visit)(node, distance),
                _ => self.among(level - 1, self.tree.children(level, node as usize)),
            }
        }
    }
}

/// The order of boxes along a Hilbert curve through their centres: 2¹⁶ cells a side of `extent`.
pub fn order_along_hilbert(boxes: &[Bounds], extent: &Bounds) -> Vec<u32> {
    let cell = |value: f64, low: f64, width: f64| ((value - low) / width.max(f64::MIN_POSITIVE) * 65_535.0) as u32;
    let key = |index: &u32| {
        let [x, y] = boxes[*index as usize].centre();
        hilbert(cell(x, extent.min[0], extent.width()), cell(y, extent.min[1], extent.height()))
    };
    let mut order: Vec<u32> = (0..boxes.len() as u32).collect();
    order.sort_by_cached_key(key);
    order
}

/// Distance along the Hilbert curve of order 16 (Wikipedia, *Hilbert curve*, `xy2d`).
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut distance = 0;
    for bit in (0..16).rev() {
        let side = 1 << bit;
        let (rx, ry) = (u32::from(x & side != 0), u32::from(y & side != 0));
        distance += side * side * ((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                (x, y) = (65_535 - x, 65_535 - y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scattered(count: u32) -> Vec<Bounds> {
        let place = |seed: u32| f64::from(seed.wrapping_mul(2_654_435_761) % 100_000) / 100.0;
        let at = |i: u32| [place(i), place(i.wrapping_mul(31) + 7)];
        (0..count).map(|i| Bounds::of(&[at(i), [at(i)[0] + place(i + 3) / 100.0, at(i)[1] + 2.0]])).collect()
    }

    #[test]
    fn windows_and_nearest_agree_with_a_scan() {
        for count in [0, 1, 15, 16, 17, 257, 3_000] {
            let boxes = scattered(count);
            let extent = boxes.iter().fold(Bounds::EMPTY, |all, b| all.union(*b));
            let sorted: Vec<Bounds> = order_along_hilbert(&boxes, &extent).into_iter().map(|i| boxes[i as usize]).collect();
            for leaves in [boxes, sorted] {
                let tree = PackedTree::new(leaves.iter().copied());
                assert_eq!((tree.len(), tree.extent()), (leaves.len(), extent));
                for probe in scattered(40) {
                    let window = probe.grown(60.0);
                    let mut found = Vec::new();
                    tree.meeting(&window, |leaf| found.push(leaf));
                    let scan: Vec<u32> = (0..count).filter(|&i| leaves[i as usize].intersects(&window)).collect();
                    assert_eq!(found, scan);

                    let mut best = f64::INFINITY;
                    tree.nearest_first(&probe, best, |_, distance| {
                        best = best.min(distance);
                        best
                    });
                    let scan = leaves.iter().map(|b| b.distance_squared(&probe)).fold(f64::INFINITY, f64::min);
                    assert_eq!(best, scan);
                }
            }
        }
    }

    #[test]
    fn a_subtree_taken_whole_gives_the_same_leaves() {
        let leaves = scattered(2_000);
        let tree = PackedTree::new(leaves.iter().copied());
        let window = Bounds::new([100.0, 100.0], [900.0, 800.0]);
        let decide = |bounds: &Bounds| match (window.covers(bounds), bounds.intersects(&window)) {
            (true, _) => Step::TakeAll,
            (_, true) => Step::Descend,
            _ => Step::Skip,
        };
        let mut found = Vec::new();
        tree.walk(decide, |range, _| found.extend(range));
        let scan: Vec<u32> = (0..2_000).filter(|&i| leaves[i as usize].intersects(&window)).collect();
        assert_eq!(found, scan);

        let mut found = Vec::new();
        tree.walk_blocks(decide, |range, whole| {
            found.extend(range.filter(|&i| whole || leaves[i as usize].intersects(&window)));
        });
        assert_eq!(found, scan);
    }

    #[test]
    fn the_curve_visits_each_cell_once_and_steps_to_neighbours() {
        let mut cells: Vec<(u32, u32, u32)> = (0..64).flat_map(|x| (0..64).map(move |y| (hilbert(x, y), x, y))).collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert_eq!(pair[0].0 + 1, pair[1].0);
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1);
        }
    }
}
