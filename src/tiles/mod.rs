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
//! In reading order: [`address`], [`world`], [`arcs`], [`simplify`], [`pyramid`] (once a layer); [`query`], [`draw`], [`clip`],
//! [`quantise`], [`attributes`], [`encode`], [`numbers`] (once a tile); [`compress`], [`cache`] (around it); [`tilejson`].

pub mod address;
pub mod archive;
mod arcs;
pub mod attributes;
pub mod cache;
mod clip;
pub mod compress;
pub mod draw;
mod encode;
mod numbers;
pub mod pyramid;
mod quantise;
mod query;
mod simplify;
pub mod tilejson;
pub mod world;

use crate::atlas::Layer;
use crate::layer::definition::FieldType;
use crate::layer::value::Values;
use crate::tiles::address::Address;
use crate::tiles::attributes::Attributes;
use crate::tiles::draw::{Drawing, draw};
use crate::tiles::pyramid::Pyramid;
use crate::tiles::tilejson::TiledLayer;

/// A layer as one tile set shows it.
#[derive(Clone)]
pub struct Source<'a> {
    pub layer: &'a Layer,
    /// Its name inside the tiles.
    pub name: &'a str,
    /// The layer's own columns, by name; a name it does not have is left out.
    pub shown: Vec<&'a str>,
    /// Columns joined row by row, each as long as the layer; they hide those of the layer with the same name.
    pub extra: Vec<(&'a str, &'a Values)>,
    /// The rows shown; `None` for all.
    pub keep: Option<&'a (dyn Fn(u32) -> bool + Sync)>,
}

impl<'a> Source<'a> {
    /// A layer as its definition says it is drawn.
    pub fn of(layer: &'a Layer) -> Source<'a> {
        let definition = layer.definition();
        let shown = definition.tiles.iter().flat_map(|tiles| &tiles.shown).map(String::as_str).collect();
        Source { layer, name: &definition.id, shown, extra: Vec::new(), keep: None }
    }

    /// What a client is told of it.
    pub fn tiled(&self) -> TiledLayer<'a> {
        let is_own = |name: &str| self.layer.values(name).is_some();
        let extra = self.extra.iter().map(|&(name, values)| (name, kind_of(values)));
        TiledLayer {
            name: self.name,
            definition: self.layer.definition(),
            extent_lonlat: self.layer.extent_lonlat(),
            shown: self.shown.iter().copied().filter(|name| is_own(name)).collect(),
            extra: extra.collect(),
        }
    }

    /// Below its first zoom, or without any, a layer is not drawn. Beyond its last it is: that zoom only tells clients to enlarge.
    fn is_drawn_at(&self, zoom: u8) -> bool {
        self.layer.definition().tiles.as_ref().is_some_and(|tiles| tiles.min_zoom <= zoom)
    }

    /// Each key of a layer is unique (MVT 2.1 §4.4), and `id` is the feature's own.
    fn columns(&self) -> Vec<(&'a str, &'a Values)> {
        let own = self.shown.iter().filter_map(|&name| Some((name, self.layer.values(name)?)));
        let mut columns: Vec<(&str, &Values)> = Vec::new();
        for (name, values) in self.extra.iter().copied().chain(own) {
            if name != "id" && columns.iter().all(|(known, _)| *known != name) {
                columns.push((name, values));
            }
        }
        columns
    }
}

/// Draws a tile of one or several layers; empty when none has anything to show there.
pub fn tile(sources: &[Source], address: Address, drawing: &Drawing, pyramid: &Pyramid) -> Vec<u8> {
    let windows = address.plane_windows(drawing.margin());
    let mut tile = Vec::new();
    for source in sources.iter().filter(|source| source.is_drawn_at(address.zoom())) {
        let rows = query::rows(source.layer, &windows, source.keep);
        if rows.is_empty() {
            continue;
        }
        let drawn = draw(&pyramid.world(source.layer), &rows, address, drawing);
        let attributes = Attributes { id: &|row| source.layer.id(row), columns: source.columns() };
        attributes::write(source.name, drawing.extent, &drawn, &attributes, &mut tile);
    }
    tile
}

fn kind_of(values: &Values) -> FieldType {
    match values {
        Values::Text { .. } => FieldType::Text,
        Values::Number(_) => FieldType::Number,
        Values::Integer(_) => FieldType::Integer,
        Values::Boolean(_) => FieldType::Boolean,
        Values::Date(_) => FieldType::Date,
    }
}
