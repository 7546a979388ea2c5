//! Flows as vector tiles: three layers, `flows` (curves), `arrows` (filled polygons) and `nodes` (points), of the level that suits
//! the zoom, or of one territory.
//!
//! Everything that depends on numbers is an attribute, so that a client draws it from the style alone: width, class, rank, count. Flows
//! are in the tiles down to the floor: a filter of the style moves the threshold, and no tile changes. Widths are pixels of a tile that
//! fills 512, at the tile's own zoom.
//!
//! In reading order: [`bake`] (once a level), [`curve`], [`arrow`], [`tile`] (once a tile), [`describe`] (TileJSON).

pub mod arrow;
pub mod bake;
pub mod curve;
pub mod describe;
pub mod tile;

use crate::commuting::book::Commuting;
use crate::territory::Level;

/// Names of the layers in the tiles.
pub const LAYERS: [&str; 3] = ["flows", "arrows", "nodes"];

/// Width in pixels of the widest arrow.
pub const WIDEST_PX: f64 = 14.0;

/// Radius in pixels of the smallest and the largest node.
pub const RADII_PX: [f64; 2] = [2.0, 11.0];

/// The last zoom at which tiles differ in more than their size.
pub const LAST_ZOOM: u8 = 12;

/// Levels with the zooms at which they are shown: the first zoom of each.
const LEVELS: [(u8, Level); 4] = [(0, Level::Region), (6, Level::Departement), (8, Level::Epci), (10, Level::Commune)];

/// The levels that these territories have, and the first zoom of each. Where one is missing the next coarser takes its zooms, or,
/// at the outset, the next finer.
pub fn levels(book: &Commuting) -> Vec<(u8, Level)> {
    let known = |level: Level| book.geography.areas(level).is_ok();
    let mut levels: Vec<(u8, Level)> = LEVELS.into_iter().filter(|(_, level)| known(*level)).collect();
    if let Some(first) = levels.first_mut() {
        first.0 = 0;
    }
    levels
}

/// The level that a zoom shows.
pub fn level_at(book: &Commuting, zoom: u8) -> Level {
    let levels = levels(book);
    levels.iter().rev().find(|(first, _)| *first <= zoom).map_or(Level::Commune, |(_, level)| *level)
}
