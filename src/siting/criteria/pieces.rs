//! Connected pieces of a layer: what hangs together over gaps no wider than a length, such as a railway network or an island.
//!
//! Each part of a feature is looked at alone, so that an island that belongs to a region on the mainland is a piece of its own.

use std::sync::Arc;

use rayon::prelude::*;

use super::targets::Target;
use crate::atlas::{Layer, Reach};
use crate::geometry::footprint::Footprint;
use crate::geometry::shape::Shapes;
use crate::geometry::territory::Frame;
use crate::layer::definition::GeometryType;
use crate::siting::context::Context;
use crate::siting::measure::{Reason, Site};

/// What a target must stand on together with the site.
#[derive(Debug)]
pub struct Through<'v> {
    pub layer: &'v Layer,
    pieces: Arc<Pieces>,
    reach: Reach,
    /// For each target layer, the pieces that each row stands on.
    standing: Vec<Arc<Vec<Box<[u32]>>>>,
}

/// The parts of a layer's features, and to which piece each belongs.
#[derive(Debug)]
struct Pieces {
    parts: Layer,
    of: Vec<u32>,
}

impl<'v> Through<'v> {
    /// `filter` is that of `network` as written; `targets` are the layers of which rows will be asked for.
    pub fn new(
        context: &Context<'_, 'v>,
        network: &Target<'v>,
        filter: &str,
        gap_m: f64,
        targets: impl Iterator<Item = &'v Layer>,
    ) -> Through<'v> {
        let reach = Reach { metric: context.metric, limit_m: gap_m };
        let layer = network.layer;
        let key = format!("pieces of {} where {filter} within {gap_m} m {:?}", layer.definition().id, reach.metric);
        let bytes = |pieces: &Pieces| pieces.parts.shapes().vertices() * 24 + pieces.of.len() * 96;
        let pieces = context.memo.get(&key, bytes, || Pieces::new(network, reach));
        let standing = targets.map(|target| {
            let key = format!("{key} under {}", target.definition().id);
            let bytes = |rows: &Vec<Box<[u32]>>| rows.len() * 24;
            context.memo.get(&key, bytes, || {
                let under = |row: u32| pieces.within(&target.footprint(row), reach);
                target.rows().into_par_iter().map(under).collect::<Vec<Box<[u32]>>>()
            })
        });
        let standing = standing.collect();
        Through { layer, pieces, reach, standing }
    }

    /// The pieces that a site is on: those within the gap; of a network that is farther, that of the nearest line.
    pub fn under(&self, site: &Site<'_>) -> Result<Box<[u32]>, Reason> {
        let frame = Frame::of_x(site.layer.bounds(site.row).centre()[0]);
        if !self.layer.frames().contains(&frame) {
            return Err(Reason::NoData);
        }
        let footprint = site.footprint();
        let touched = self.pieces.within(&footprint, self.reach);
        if !touched.is_empty() {
            return Ok(touched);
        }
        if self.layer.definition().geometry == GeometryType::Polygon {
            return Err(Reason::NoPiece);
        }
        let anywhere = Reach { limit_m: f64::INFINITY, ..self.reach };
        let nearest = self.pieces.parts.nearest(&footprint, anywhere, |_| true).ok_or(Reason::NoPiece)?;
        Ok(Box::new([self.pieces.of[nearest.row as usize]]))
    }

    /// Whether a row of a target layer stands on one of these pieces.
    pub fn joins(&self, pieces: &[u32], target: u16, row: u32) -> bool {
        let stands = |standing: &Arc<Vec<Box<[u32]>>>| standing[row as usize].iter().any(|piece| pieces.contains(piece));
        self.standing.get(usize::from(target)).is_some_and(stands)
    }
}

impl Pieces {
    fn new(network: &Target<'_>, reach: Reach) -> Pieces {
        let parts = parts(network);
        let near = |part: u32| {
            let mut near = Vec::new();
            parts.within(&parts.footprint(part), reach, |other| other > part, |other| near.push(other));
            near
        };
        let near: Vec<Vec<u32>> = parts.rows().into_par_iter().map(near).collect();
        let of = joined(&near);
        Pieces { parts, of }
    }

    /// Pieces no farther than the reach, each once.
    fn within(&self, footprint: &Footprint<'_>, reach: Reach) -> Box<[u32]> {
        let mut found = Vec::new();
        self.parts.within(footprint, reach, |_| true, |part| found.push(self.of[part as usize]));
        found.sort_unstable();
        found.dedup();
        found.into()
    }
}

/// A layer of one row for each part of each feature that counts.
fn parts(network: &Target<'_>) -> Layer {
    let mut shapes = Shapes::default();
    let layer = network.layer;
    for shape in layer.rows().filter(|&row| network.keeps(row)).map(|row| layer.shape(row)) {
        for part in shape.parts() {
            for ring in part.rings() {
                ring.iter().for_each(|&vertex| shapes.push_vertex(vertex));
                shapes.end_ring();
            }
            shapes.end_part();
            shapes.end_feature(shape.kind());
        }
    }
    let ids = (0..shapes.len()).map(|part| part.to_string()).collect();
    Layer::new(layer.entry().clone(), ids, Vec::new(), shapes)
}

/// The least member of each one's piece, given which others each one is near to.
fn joined(near: &[Vec<u32>]) -> Vec<u32> {
    let mut roots: Vec<u32> = (0..near.len() as u32).collect();
    for (one, others) in (0_u32..).zip(near) {
        for &other in others {
            let (a, b) = (root(&mut roots, one), root(&mut roots, other));
            roots[a.max(b) as usize] = a.min(b);
        }
    }
    (0..near.len() as u32).map(|one| root(&mut roots, one)).collect()
}

/// The root of a member, halving the way there for those who come after (Tarjan and van Leeuwen 1984).
fn root(roots: &mut [u32], mut member: u32) -> u32 {
    while roots[member as usize] != member {
        roots[member as usize] = roots[roots[member as usize] as usize];
        member = roots[member as usize];
    }
    member
}
