//! Floor 4: vector tiles.
//!
//! In: layers of an atlas, the address of a tile, and columns to join to theirs. Out: the bytes of a Mapbox Vector Tile 2.1. Nothing
//! here does I/O, and nothing can fail once an address is read.
//!
//! What holds for every tile:
//! - Neighbours that share a border in the source share its vertices at every zoom: no gap, no overlap ([`simplify`]).
//! - A tile and the one beside it see a vertex at the same place ([`quantise`]).
//! - A feature in the window is drawn, however small, or stood for by a larger one within 4 units ([`draw`]).
//! - Coordinates stay within the buffer, rings enclose something, are wound as the format asks, and repeat no point.
//! - The id of a feature is its row + 1, the same in every tile of a snapshot.
//!
//! In reading order: [`grid`], [`address`], [`world`], [`arcs`], [`simplify`], [`pyramid`], [`budget`] (once a layer); [`source`], [`draw`],
//! [`pen`], [`frame`], [`clip`], [`quantise`], [`holes`], [`small`], [`cluster`], [`drawn`], [`attributes`], [`encode`], [`numbers`] (once a tile); [`compress`], [`cache`] (around it);
//! [`tilejson`]; [`verify`] (what others, or we, have written), [`mix`] (their layers beside ours).

pub mod address;
pub mod archive;
mod arcs;
pub mod attributes;
mod budget;
pub mod cache;
pub mod clip;
pub mod cluster;
pub mod compress;
pub mod draw;
pub mod drawn;
pub mod encode;
mod frame;
pub mod grid;
mod holes;
pub mod mix;
mod numbers;
mod pen;
pub mod pyramid;
pub mod quantise;
mod simplify;
mod small;
pub mod source;
pub mod tilejson;
pub mod verify;
pub mod world;

pub use source::{Part, Source};

use crate::tiles::address::Address;
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;

/// Draws a tile of one or several layers; empty when none has anything to show there. `drawing` is how a layer is drawn that does
/// not say otherwise.
pub fn tile(sources: &[Source], address: Address, drawing: &Drawing, pyramid: &Pyramid) -> Vec<u8> {
    tile_while(sources, address, drawing, pyramid, &|| true).unwrap_or_default()
}

/// The same as long as `go_on`, which is asked before each layer and while it is drawn; `None` once it says no.
pub fn tile_while(
    sources: &[Source],
    address: Address,
    drawing: &Drawing,
    pyramid: &Pyramid,
    go_on: &dyn Fn() -> bool,
) -> Option<Vec<u8>> {
    let canvas = Canvas { address, pyramid, go_on };
    let drawn: Vec<&Source> = sources.iter().filter(|source| source.is_drawn_at(address.detail())).collect();
    let steps = budget::steps(&drawn, &canvas, drawing)?;
    let mut tile = Vec::new();
    for (source, step) in drawn.into_iter().zip(steps) {
        source.draw(&canvas, &Drawing { step, ..source.drawing(drawing) }, &mut tile);
        if !go_on() {
            return None;
        }
    }
    Some(tile)
}

/// By how many steps each source that is drawn there is thinned at an address's zoom; see [`Drawing::step`].
pub fn thinning(sources: &[Source], address: Address, pyramid: &Pyramid, go_on: &dyn Fn() -> bool) -> Option<Vec<u8>> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.is_drawn_at(address.detail())).collect();
    budget::steps(&sources, &Canvas { address, pyramid, go_on }, &Drawing::default())
}

/// A tile to draw on: where it is, where geometry comes from, and whether anybody still waits for it.
struct Canvas<'a> {
    address: Address,
    pyramid: &'a Pyramid,
    go_on: &'a dyn Fn() -> bool,
}
