//! Shared borders: which vertices of a layer are one point, and where the rings that pass there part.
//!
//! Two vertices are one point when they are equal on the world grid. A point is a *node* when not every ring that passes there comes
//! from and goes to the same two neighbours, or when a line ends there. Between two nodes runs an *arc*, and every ring that takes an
//! arc takes all of it: what is decided for the arc is decided for all who share it.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use crate::tiles::world::{Position, Ring, Role, range};

/// The points of a layer.
pub struct Arcs {
    /// For each vertex, the first of the layer that is the same point.
    first: Vec<u32>,
    /// For each vertex that is the first of its point: is it a node?
    node: Vec<bool>,
}

impl Arcs {
    /// Finds the points and nodes of a layer. While it runs, a sixteenth of the vertices a thread is in a hash table.
    pub fn find(rings: &[Ring], positions: &[Position]) -> Arcs {
        let first = first_of_each_point(positions);
        let node = nodes(rings, positions, &first);
        Arcs { first, node }
    }

    pub fn first(&self, vertex: usize) -> usize {
        self.first[vertex] as usize
    }

    pub fn is_first(&self, vertex: usize) -> bool {
        self.first(vertex) == vertex
    }

    pub fn is_node(&self, vertex: usize) -> bool {
        self.node[self.first(vertex)]
    }
}

/// The vertices of a ring counted once: a closed polygon ring repeats its first vertex at its end.
pub fn is_closed(role: Role, ring: &[Position]) -> bool {
    matches!(role, Role::Outer | Role::Hole) && ring.len() > 2 && ring.first() == ring.last()
}

/// Shards of the hash table: each is filled by one thread, in the order of the vertices, so that the result is always the same.
const SHARDS: u64 = 16;

fn first_of_each_point(positions: &[Position]) -> Vec<u32> {
    let first: Vec<AtomicU32> = (0..positions.len()).map(|_| AtomicU32::new(0)).collect();
    (0..SHARDS).into_par_iter().for_each(|shard| fill_shard(shard, positions, &first));
    first.into_iter().map(AtomicU32::into_inner).collect()
}

fn fill_shard(shard: u64, positions: &[Position], first: &[AtomicU32]) {
    let in_shard = |hash: u64| hash % SHARDS == shard;
    let members: Vec<u32> = (0..positions.len() as u32).filter(|&vertex| in_shard(hash(positions[vertex as usize]))).collect();
    const FREE: u32 = u32::MAX;
    let slots = (members.len() * 2).next_power_of_two();
    let mut table = vec![FREE; slots];
    for vertex in members {
        let position = positions[vertex as usize];
        let mut slot = (hash(position) >> 20) as usize & (slots - 1);
        while table[slot] != FREE && positions[table[slot] as usize] != position {
            slot = (slot + 1) & (slots - 1);
        }
        if table[slot] == FREE {
            table[slot] = vertex;
        }
        first[vertex as usize].store(table[slot], Ordering::Relaxed);
    }
}

fn hash([x, y]: Position) -> u64 {
    let mixed = (u64::from(x) << 32 | u64::from(y)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 8
}

/// Holds each vertex against the first of its point: where all agree with that one, they agree with each other. No table of
/// neighbours is kept: those of the first are found again in its ring.
fn nodes(rings: &[Ring], positions: &[Position], first: &[u32]) -> Vec<bool> {
    let mut node = vec![false; first.len()];
    let (mut ring, mut other) = (Walk::of(0, rings, positions), Walk::of(0, rings, positions));
    for number in 0..rings.len() {
        if ring.number != number {
            ring = Walk::of(number, rings, positions);
        }
        for vertex in ring.vertices.clone() {
            let point = first[vertex] as usize;
            if ring.is_end(vertex) {
                node[point] = true;
            } else if point != vertex && !node[point] {
                if !other.vertices.contains(&point) {
                    other = Walk::of(rings.partition_point(|ring| ring.end as usize <= point), rings, positions);
                }
                node[point] = other.is_end(point) || other.neighbours(point, first) != ring.neighbours(vertex, first);
            }
        }
    }
    node
}

/// A ring whose vertices are gone along.
struct Walk {
    number: usize,
    /// Each once: without the last of a closed ring.
    vertices: std::ops::Range<usize>,
    closed: bool,
}

impl Walk {
    fn of(number: usize, rings: &[Ring], positions: &[Position]) -> Walk {
        let Some(ring) = rings.get(number) else { return Walk { number, vertices: 0..0, closed: false } };
        let vertices = range(rings, number);
        let closed = is_closed(ring.role, &positions[vertices.clone()]);
        Walk { number, vertices: vertices.start..vertices.end - usize::from(closed), closed }
    }

    fn is_end(&self, vertex: usize) -> bool {
        !self.closed && (vertex == self.vertices.start || vertex + 1 == self.vertices.end)
    }

    /// The points before and after a vertex, in no order.
    fn neighbours(&self, vertex: usize, first: &[u32]) -> [u32; 2] {
        let (start, last) = (self.vertices.start, self.vertices.end - 1);
        let before = first[if vertex == start { last } else { vertex - 1 }];
        let after = first[if vertex == last { start } else { vertex + 1 }];
        [before.min(after), before.max(after)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares side by side, with a vertex in the middle of their common side, and a line that ends there.
    #[test]
    fn rings_part_at_nodes_only() {
        let west = [[0, 0], [10, 0], [10, 5], [10, 10], [0, 10], [0, 0]];
        let east = [[10, 0], [20, 0], [20, 10], [10, 10], [10, 5], [10, 0]];
        let rings = [Ring { end: 6, role: Role::Outer }, Ring { end: 12, role: Role::Outer }];
        let positions = [west, east].concat();
        let arcs = Arcs::find(&rings, &positions);
        let nodes: Vec<Position> = (0..5).filter(|&vertex| arcs.is_node(vertex)).map(|vertex| positions[vertex]).collect();
        assert_eq!(nodes, [[10, 0], [10, 10]]);
        assert_eq!((arcs.first(10), arcs.first(5), arcs.is_first(7)), (2, 0, true));

        let line = [[10, 5], [15, 5]];
        let rings = [rings[0], rings[1], Ring { end: 14, role: Role::Line }];
        let arcs = Arcs::find(&rings, &[&positions[..], &line].concat());
        assert!(arcs.is_node(2) && arcs.is_node(10) && arcs.is_node(13));
    }

    /// By the definition, on rings over few points, so that most are shared: every pair of neighbours of every point in a set.
    #[test]
    fn nodes_are_where_neighbours_differ() {
        let mut dice = 11u64;
        let mut roll = |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        for _ in 0..500 {
            let (mut rings, mut positions) = (Vec::new(), Vec::new());
            for _ in 0..1 + roll(6) {
                let role = [Role::Outer, Role::Hole, Role::Line, Role::Point][roll(4) as usize];
                let count = if role == Role::Point { 1 } else { 2 + roll(6) };
                let ring: Vec<Position> = (0..count).map(|_| [roll(3) as u32, roll(3) as u32]).collect();
                positions.extend(&ring);
                positions.extend((role == Role::Outer || role == Role::Hole).then_some(ring[0]));
                rings.push(Ring { end: positions.len() as u32, role });
            }
            let arcs = Arcs::find(&rings, &positions);
            for vertex in 0..positions.len() {
                assert_eq!(
                    arcs.is_node(vertex),
                    is_node(positions[vertex], &rings, &positions),
                    "{rings:?} {positions:?} {vertex}"
                );
            }
        }
    }

    fn is_node(point: Position, rings: &[Ring], positions: &[Position]) -> bool {
        let mut pairs = std::collections::BTreeSet::new();
        for number in 0..rings.len() {
            let ring = &positions[range(rings, number)];
            let closed = is_closed(rings[number].role, ring);
            let ring = &ring[..ring.len() - usize::from(closed)];
            for place in (0..ring.len()).filter(|&place| ring[place] == point) {
                if !closed && (place == 0 || place + 1 == ring.len()) {
                    return true;
                }
                let mut pair = [ring[(place + ring.len() - 1) % ring.len()], ring[(place + 1) % ring.len()]];
                pair.sort_unstable();
                pairs.insert(pair);
            }
        }
        pairs.len() > 1
    }

    #[test]
    fn a_ring_alone_has_no_node() {
        let ring = [[0, 0], [10, 0], [10, 10], [0, 0]];
        let arcs = Arcs::find(&[Ring { end: 4, role: Role::Hole }], &ring);
        assert!((0..4).all(|vertex| !arcs.is_node(vertex)));
    }
}
