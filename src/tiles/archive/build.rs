//! A whole archive from layers: level by level, tiles drawn on every core, written in order.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::tiles::address::Address;
use crate::tiles::archive::header::Header;
use crate::tiles::archive::survey::{Level, Part, below, first, may_show};
use crate::tiles::archive::writer::{About, Writer};
use crate::tiles::archive::{ArchiveError, hilbert};
use crate::tiles::compress::{Encoding, compress};
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::{Source, tile};

/// What an archive is made of.
pub struct Set<'a> {
    pub sources: Vec<Source<'a>>,
    pub pyramid: &'a Pyramid,
    pub part: Part,
}

/// How far the work is: places looked at of those of this zoom.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub zoom: u8,
    pub done: usize,
    pub of: usize,
    /// Bytes of all tiles so far.
    pub bytes: u64,
}

/// Tiles drawn between two looks at the clock and at whether to stop.
const BATCH: usize = 256;
/// What a power cut may cost at most, in time.
const KEEP_EVERY: Duration = Duration::from_secs(2);

impl Set<'_> {
    /// The body that the server sends for this address, gzipped; empty where nothing is.
    pub fn body(&self, address: Address) -> Vec<u8> {
        let tile = tile(&self.sources, address, &Drawing::default(), self.pyramid);
        if tile.is_empty() { tile } else { compress(tile, Encoding::Gzip) }
    }
}

/// Writes the archive, from where it was left if it was. `None` when it was stopped: the next call goes on.
///
/// # Errors
/// A folder that cannot be written.
pub fn build(
    set: &Set,
    (path, identity, about): (&Path, &[u8; 32], &About),
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<Header>, ArchiveError> {
    let mut writer = Writer::begin(path, identity)?;
    let mut level = first(&set.part, &set.sources, set.pyramid);
    loop {
        let Some(shown) = add_level(set, &level, &mut writer, stop, progress)? else {
            writer.keep()?;
            return Ok(None);
        };
        if level.zoom >= set.part.zooms[1] || shown.is_empty() {
            return writer.finish(about).map(Some);
        }
        level = below(&shown, level.zoom, &set.part);
    }
}

/// Adds the tiles of a level that are not there yet; returns the places where something is, or `None` when stopped.
fn add_level(
    set: &Set,
    level: &Level,
    writer: &mut Writer,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<Vec<u64>>, ArchiveError> {
    let written = writer.records();
    let after = written.last().map(|last| last.id);
    let zoom = hilbert::first_of(level.zoom)..hilbert::first_of(level.zoom + 1);
    let mut shown: Vec<u64> = written.iter().map(|record| record.id).filter(|id| zoom.contains(id)).collect();
    let left = &level.ids[level.ids.partition_point(|id| after.is_some_and(|after| *id <= after))..];
    let mut done = level.ids.len() - left.len();
    let mut kept = Instant::now();
    for batch in left.chunks(BATCH) {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        progress(Progress { zoom: level.zoom, done, of: level.ids.len(), bytes: writer.bytes() });
        for (id, body) in batch.par_iter().filter_map(|id| drawn(set, *id)).collect::<Vec<_>>() {
            writer.add(id, &body)?;
            shown.push(id);
        }
        done += batch.len();
        if kept.elapsed() > KEEP_EVERY {
            writer.keep()?;
            kept = Instant::now();
        }
    }
    Ok(Some(shown))
}

fn drawn(set: &Set, id: u64) -> Option<(u64, Vec<u8>)> {
    let address = hilbert::address(id).filter(|_| may_show(id, &set.sources, set.pyramid))?;
    Some((id, set.body(address)))
}
