//! How much each vertex matters, once for all zooms.
//!
//! The importance of a vertex is the largest tolerance, a distance on the world grid, at which Douglas and Peucker's simplification
//! (1973) still keeps it, never more than that of the vertices it hangs from: dropping all vertices below a tolerance leaves each
//! dropped one within that tolerance of the line drawn, and the vertices of a zoom are a subset of those of the next. A distance is
//! preferred to Visvalingam's area because it bounds the error: half a tile unit is half a tile unit.
//!
//! It is measured once per arc and copied to all who share it, so that neighbours stay neighbours. Nodes are never dropped. Nothing
//! prevents two different arcs closer than the tolerance from crossing by less than it.

use rayon::prelude::*;

use crate::tiles::arcs::{Arcs, is_closed};
use crate::tiles::world::{CELLS, Position, Ring, Role, range, ring_area, take};

/// The level of vertices that are never dropped.
const ALWAYS: u8 = u8::MAX;

/// The level from which a tile keeps vertices: all whose absence would move a line by more than half a unit of a tile of `extent`
/// units. Levels count quarter octaves, and every power of two begins one: at an extent that is a power of two nothing is rounded.
pub fn level_for(zoom: u8, extent: u32) -> u8 {
    level_of(0.5 * CELLS / (f64::from(zoom).exp2() * f64::from(extent)))
}

/// The quarter octave of a distance, 0 below half a cell: the exponent and the two highest bits of the fraction of its f64.
fn level_of(distance: f64) -> u8 {
    const HALF: i64 = 1022 << 2;
    let quarter_octaves = (distance.to_bits() >> 50) as i64 - HALF;
    quarter_octaves.clamp(0, i64::from(ALWAYS) - 1) as u8
}

/// The level of each vertex of a layer.
pub fn levels(rings: &[Ring], positions: &[Position]) -> Vec<u8> {
    let arcs = Arcs::find(rings, positions);
    let mut levels = vec![ALWAYS; positions.len()];
    let mut rest = &mut levels[..];
    let targets: Vec<_> = (0..rings.len()).map(|ring| (ring, take(&mut rest, range(rings, ring).len()))).collect();
    targets.into_par_iter().for_each_init(Scratch::default, |scratch, (ring, target)| {
        let ring =
            RingView { role: rings[ring].role, start: range(rings, ring).start, positions: &positions[range(rings, ring)] };
        measure_ring(&ring, &arcs, scratch, target);
    });
    for ring in 0..rings.len() {
        keep_a_triangle(range(rings, ring), rings[ring].role, positions, &arcs, &mut levels);
    }
    for vertex in 0..levels.len() {
        levels[vertex] = levels[arcs.first(vertex)];
    }
    levels
}

struct RingView<'a> {
    role: Role,
    /// Number of the ring's first vertex in the layer.
    start: usize,
    positions: &'a [Position],
}

#[derive(Default)]
struct Scratch {
    line: Vec<[f64; 2]>,
    spans: Vec<Span>,
}

/// Measures the arcs of a ring that occur here first.
fn measure_ring(ring: &RingView, arcs: &Arcs, scratch: &mut Scratch, levels: &mut [u8]) {
    if ring.role == Role::Point || ring.positions.len() < 3 {
        return;
    }
    let closed = is_closed(ring.role, ring.positions);
    let count = ring.positions.len() - usize::from(closed);
    let nodes = || (0..count).filter(|&vertex| arcs.is_node(ring.start + vertex));
    let anchors: [usize; 2];
    let Some(first) = nodes().next() else {
        // A ring that shares nothing, or all: it hangs from its first vertex in the order of x and y, and the farthest from it.
        anchors = far_apart(&ring.positions[..count]);
        if arcs.is_first(ring.start) {
            measure_arc(ring, anchors[0]..anchors[1], count, scratch, levels);
            measure_arc(ring, anchors[1]..anchors[0] + count, count, scratch, levels);
        }
        return;
    };
    let mut from = first;
    let wrap = closed.then_some(first + count);
    for to in nodes().skip(1).chain(wrap) {
        if to - from > 1 && arcs.is_first(ring.start + (from + 1) % count) {
            measure_arc(ring, from..to, count, scratch, levels);
        }
        from = to;
    }
}

/// A vertex of a ring that does not depend on where the ring begins, and the vertex farthest from it.
fn far_apart(ring: &[Position]) -> [usize; 2] {
    let anchor = (0..ring.len()).min_by_key(|&vertex| ring[vertex]).unwrap_or(0);
    let farthest = (0..ring.len()).max_by_key(|&vertex| {
        let apart = |axis: usize| u64::from(ring[vertex][axis].abs_diff(ring[anchor][axis]));
        (u128::from(apart(0)).pow(2) + u128::from(apart(1)).pow(2), ring[vertex])
    });
    let farthest = farthest.unwrap_or(0);
    [anchor.min(farthest), anchor.max(farthest)]
}

/// A run of an arc whose two ends are settled.
struct Span {
    from: usize,
    to: usize,
    limit: f64,
    depth: u32,
}

/// Depth from which a span is cut in the middle instead of at its farthest vertex: spirals would take quadratic time otherwise. The
/// bound on the error holds: within the span's tolerance nothing of it is kept, beyond it both halves are measured on their own.
const DEEPEST: u32 = 48;

/// Levels of the vertices strictly between the two ends of an arc; vertex numbers are taken modulo `count`.
fn measure_arc(ring: &RingView, arc: std::ops::Range<usize>, count: usize, scratch: &mut Scratch, levels: &mut [u8]) {
    let Scratch { line, spans } = scratch;
    line.clear();
    line.extend((arc.start..=arc.end).map(|vertex| ring.positions[vertex % count].map(f64::from)));
    spans.push(Span { from: 0, to: line.len() - 1, limit: f64::INFINITY, depth: 0 });
    while let Some(Span { from, to, limit, depth }) = spans.pop() {
        if to - from < 2 {
            continue;
        }
        let (farthest, distance) = farthest(line, from, to);
        let limit = distance.min(limit);
        let cut = if depth < DEEPEST { farthest } else { (from + to) / 2 };
        levels[(arc.start + cut) % count] = level_of(limit);
        spans.push(Span { from, to: cut, limit, depth: depth + 1 });
        spans.push(Span { from: cut, to, limit, depth: depth + 1 });
    }
}

/// The vertex farthest from the segment between two others, and its distance.
fn farthest(line: &[[f64; 2]], from: usize, to: usize) -> (usize, f64) {
    let (a, b) = (line[from], line[to]);
    let chord = [b[0] - a[0], b[1] - a[1]];
    let squared = chord[0] * chord[0] + chord[1] * chord[1];
    let mut best = (from + 1, -1.0);
    for (place, vertex) in line[from + 1..to].iter().enumerate() {
        let away = [vertex[0] - a[0], vertex[1] - a[1]];
        let along = away[0] * chord[0] + away[1] * chord[1];
        let distance = if along <= 0.0 {
            away[0] * away[0] + away[1] * away[1]
        } else if along >= squared {
            (vertex[0] - b[0]).powi(2) + (vertex[1] - b[1]).powi(2)
        } else {
            (away[0] * chord[1] - away[1] * chord[0]).powi(2) / squared
        };
        if distance > best.1 {
            best = (from + 1 + place, distance);
        }
    }
    (best.0, best.1.sqrt())
}

/// Holds a ring open while it is larger than the tolerance: where its never-dropped vertices alone would not span half of its area,
/// the two that make the widest triangle with the first of them are kept down to the tolerance that is the side of its square.
fn keep_a_triangle(vertices: std::ops::Range<usize>, role: Role, positions: &[Position], arcs: &Arcs, levels: &mut [u8]) {
    let ring = &positions[vertices.clone()];
    if !is_closed(role, ring) {
        return;
    }
    let level = |vertex: usize| levels[arcs.first(vertices.start + vertex)];
    let mut kept: Vec<Position> = (0..ring.len()).filter(|&vertex| level(vertex) == ALWAYS).map(|vertex| ring[vertex]).collect();
    kept.extend(kept.first().copied());
    let area = ring_area(ring);
    if kept.is_empty() || ring_area(&kept) > area / 2.0 {
        return;
    }
    let line: Vec<[f64; 2]> =
        std::iter::once(&kept[0]).chain(ring).chain([&kept[0]]).map(|position| position.map(f64::from)).collect();
    let (second, _) = farthest(&line, 0, line.len() - 1);
    let mut line: Vec<[f64; 2]> = line[1..line.len() - 1].to_vec();
    let corner = line[second - 1];
    line.insert(0, kept[0].map(f64::from));
    line.push(corner);
    let (third, _) = farthest(&line, 0, line.len() - 1);
    for vertex in [second - 1, third - 1] {
        let level = &mut levels[arcs.first(vertices.start + vertex)];
        *level = (*level).max(level_of(area.sqrt()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(ring: &[Position], levels: &[u8], level: u8) -> Vec<Position> {
        ring.iter().zip(levels).filter(|(_, kept)| **kept >= level).map(|(position, _)| *position).collect()
    }

    #[test]
    fn levels_are_quarter_octaves() {
        assert_eq!([0.0, 0.4, 0.5, 0.62, 0.63, 1.0, 2.0, 4.0].map(level_of), [0, 0, 0, 0, 1, 4, 8, 12]);
        assert_eq!(level_for(19, 4096), level_of(1.0));
        assert!((0..=30).all(|zoom| level_for(zoom, 4096) >= level_for(zoom + 1, 4096)));
        assert!(level_for(0, 1) < ALWAYS);
    }

    /// A wave of amplitude 100 with ripples of 3: the ripples go first, and no dropped vertex is farther than the tolerance.
    #[test]
    fn what_is_dropped_lies_within_the_tolerance() {
        let wave: Vec<Position> = (0..2000u32)
            .map(|x| {
                let t = f64::from(x) / 50.0;
                [x * 10, (5000.0 + 100.0 * t.sin() + 3.0 * (17.0 * t).sin()) as u32]
            })
            .collect();
        let levels = levels(&[Ring { end: 2000, role: Role::Line }], &wave);
        let mut before = wave.len() + 1;
        for tolerance in [1.0, 4.0, 16.0, 64.0, 256.0] {
            let line: Vec<[f64; 2]> = kept(&wave, &levels, level_of(tolerance)).iter().map(|p| p.map(f64::from)).collect();
            assert!(line.len() < before);
            before = line.len();
            for vertex in &wave {
                let distance = line
                    .windows(2)
                    .map(|edge| farthest(&[edge[0], vertex.map(f64::from), edge[1]], 0, 2).1)
                    .fold(f64::INFINITY, f64::min);
                assert!(distance <= tolerance, "{vertex:?} is {distance} away at {tolerance}");
            }
        }
        assert_eq!(before, 2, "a straight line at last");
    }

    /// The two sides of a shared border drop the same vertices, in whichever direction they run.
    #[test]
    fn neighbours_drop_the_same_vertices() {
        let border: Vec<Position> = (0..=100u32).map(|y| [1000 + (y * y * 37) % 91, 1000 + y * 20]).collect();
        let mut west: Vec<Position> = border.clone();
        west.extend([[0, 3000], [0, 1000], border[0]]);
        let mut east: Vec<Position> = border.iter().rev().copied().collect();
        east.extend([[5000, 1000], [5000, 3000], border[100]]);
        let end = west.len() as u32;
        let rings = [Ring { end, role: Role::Outer }, Ring { end: end + east.len() as u32, role: Role::Outer }];
        let levels = levels(&rings, &[&west[..], &east].concat());
        for level in 0..=ALWAYS {
            let west = kept(&border, &levels[..101], level);
            let mut east = kept(&east[..101], &levels[end as usize..end as usize + 101], level);
            east.reverse();
            assert_eq!(west, east);
        }
    }

    /// A ring of two arcs, both nearly straight: without care both would become the same line.
    #[test]
    fn a_ring_stays_open_while_it_is_large() {
        let lens: Vec<Position> = [[0, 1000], [1000, 1040], [2000, 1000], [1000, 960], [0, 1000]].to_vec();
        let around: Vec<Position> = [[0, 1000], [1000, 1040], [2000, 1000], [2000, 9000], [0, 9000], [0, 1000]].to_vec();
        let below: Vec<Position> = [[0, 1000], [1000, 960], [2000, 1000], [2000, 0], [0, 0], [0, 1000]].to_vec();
        let rings = [5, 11, 17].map(|end| Ring { end, role: Role::Outer });
        let levels = levels(&rings, &[lens.clone(), around, below].concat());
        let side = ring_area(&lens).sqrt();
        assert!(kept(&lens, &levels[..5], level_of(side)).len() >= 4, "three corners and the closing one");
        assert_eq!(levels[1], levels[6], "and the neighbour keeps them too");
    }

    #[test]
    fn a_lone_ring_keeps_a_triangle() {
        let circle: Vec<Position> = (0..=360)
            .map(|degree| {
                let (sin, cos) = f64::from(degree % 360).to_radians().sin_cos();
                [(10_000.0 + 1000.0 * cos).round() as u32, (10_000.0 + 1000.0 * sin).round() as u32]
            })
            .collect();
        let levels = levels(&[Ring { end: 361, role: Role::Outer }], &circle);
        assert!(kept(&circle, &levels, level_of(ring_area(&circle).sqrt())).len() >= 3);
        let counts: Vec<usize> = [1.0, 10.0, 100.0].map(|d| kept(&circle, &levels, level_of(d)).len()).to_vec();
        assert!(counts[0] > counts[1] && counts[1] > counts[2], "{counts:?}");
    }
}
