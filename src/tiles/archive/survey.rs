//! Which tiles of a pyramid there are: from the whole world down, leaving out what lies below a place where nothing is.

use crate::tiles::Source;
use crate::tiles::address::Address;
use crate::tiles::archive::hilbert;
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;

/// A part of a pyramid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub zooms: [u8; 2],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
}

impl Part {
    /// Whether a tile, with what it draws beyond its sides, touches the bounds.
    fn has(&self, address: Address) -> bool {
        let [west, south, east, north] = address.lon_lat_bounds(Drawing::default().margin());
        let [own_west, own_south, own_east, own_north] = self.bounds;
        west <= own_east && own_west <= east && south <= own_north && own_south <= north
    }
}

/// The tiles of a zoom that may show something, by their numbers, in order.
pub struct Level {
    pub zoom: u8,
    pub ids: Vec<u64>,
}

/// Those of the first zoom. Above it, nothing is drawn.
pub fn first(part: &Part, sources: &[Source], pyramid: &Pyramid) -> Level {
    let mut level = Level { zoom: 0, ids: vec![0] };
    while level.zoom < part.zooms[0] {
        let shown: Vec<u64> = level.ids.iter().copied().filter(|id| may_show(*id, sources, pyramid)).collect();
        level = below(&shown, level.zoom, part);
    }
    level
}

/// Those of the zoom below the tiles at which something is.
pub fn below(shown: &[u64], zoom: u8, part: &Part) -> Level {
    let within = |id: &u64| hilbert::address(*id).is_some_and(|address| part.has(address));
    Level { zoom: zoom + 1, ids: shown.iter().flat_map(|id| hilbert::children(*id, zoom)).filter(within).collect() }
}

/// Whether any feature reaches into a tile. A child's window lies within its parent's, buffers included, so that where this says no,
/// no tile below shows anything; that a tile has no bytes says less, since a layer may be drawn from a later zoom on.
pub fn may_show(id: u64, sources: &[Source], pyramid: &Pyramid) -> bool {
    hilbert::address(id).is_some_and(|address| sources.iter().any(|source| source.reaches(address, pyramid)))
}
