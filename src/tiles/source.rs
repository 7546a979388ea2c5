//! A layer as one tile set shows it, and how it is drawn.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::atlas::Layer;
use crate::layer::definition::{FieldType, GeometryType};
use crate::layer::tiles::Tiles;
use crate::layer::value::Values;
use crate::tiles::Canvas;
use crate::tiles::address::Address;
use crate::tiles::attributes::{self, Attributes};
use crate::tiles::cluster::{Cells, cluster};
use crate::tiles::draw::{Drawing, draw_while};
use crate::tiles::drawn::Drawn;
use crate::tiles::grid::Grid;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::tilejson::TiledLayer;
use crate::tiles::world::World;

/// A layer as one tile set shows it.
#[derive(Clone)]
pub struct Source<'a> {
    pub layer: &'a Layer,
    /// Its name inside the tiles.
    pub name: &'a str,
    pub part: Part,
    /// The layer's own columns, by name; a name it does not have is left out.
    pub shown: Vec<&'a str>,
    /// Whether the columns were asked for, and so are carried at every zoom.
    pub asked: bool,
    /// Columns joined row by row, each as long as the layer; they hide those of the layer with the same name.
    pub extra: Vec<(&'a str, &'a Values)>,
    /// The rows shown; `None` for all.
    pub keep: Option<&'a (dyn Fn(u32) -> bool + Sync)>,
    /// What `keep` and `extra` are made of, as text: equal texts, equal rows and columns.
    pub key: String,
}

/// What is drawn of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Features,
    /// A point a surface, where its name is best written; each in one tile alone.
    Labels,
}

/// What follows a layer's id in the name of its labels.
const LABELS: &str = "-labels";

/// The name under which a layer's labels are asked for, of a layer of surfaces that is drawn.
pub fn labels_of(layer: &Layer) -> Option<String> {
    let definition = layer.definition();
    let has_surfaces = definition.geometry == GeometryType::Polygon && definition.tiles.is_some();
    has_surfaces.then(|| format!("{}{LABELS}", definition.id))
}

/// The layer whose labels a name asks for.
pub fn labelled(name: &str) -> Option<&str> {
    name.strip_suffix(LABELS)
}

impl<'a> Source<'a> {
    /// A layer as its definition says it is drawn.
    pub fn of(layer: &'a Layer) -> Source<'a> {
        let definition = layer.definition();
        let shown = definition.tiles.iter().flat_map(|tiles| &tiles.shown).map(String::as_str).collect();
        let (extra, keep, key) = (Vec::new(), None, String::new());
        Source { layer, name: &definition.id, part: Part::Features, shown, asked: false, extra, keep, key }
    }

    /// The labels of a layer, under their name.
    pub fn labels(layer: &'a Layer, name: &'a str) -> Source<'a> {
        Source { name, part: Part::Labels, ..Source::of(layer) }
    }

    /// What a client is told of it.
    pub fn tiled(&self) -> TiledLayer<'a> {
        let is_own = |name: &str| self.layer.values(name).is_some();
        let extra = self.extra.iter().map(|&(name, values)| (name, kind_of(values)));
        TiledLayer {
            name: self.name,
            definition: self.layer.definition(),
            part: self.part,
            extent_lonlat: self.layer.extent_lonlat(),
            shown: self.shown.iter().copied().filter(|name| is_own(name)).collect(),
            extra: extra.collect(),
            thinned: Vec::new(),
        }
    }

    pub(super) fn tiles(&self) -> Option<&'a Tiles> {
        self.layer.definition().tiles.as_ref()
    }

    /// All that tiles of it depend on besides the snapshot and their address.
    pub(super) fn content(&self) -> String {
        let extra: Vec<&str> = self.extra.iter().map(|(name, _)| *name).collect();
        let id = &self.layer.definition().id;
        format!("{id}/{:?}/{}/{}/{}/{}", self.part, self.asked, self.shown.join(","), extra.join(","), self.key)
    }

    /// Below its first zoom, or without any, a layer is not drawn. Beyond its last it is: that zoom only tells clients to enlarge.
    pub(super) fn is_drawn_at(&self, zoom: u8) -> bool {
        self.tiles().is_some_and(|tiles| tiles.min_zoom <= zoom)
    }

    /// How the layer is drawn: as it says, and otherwise as `usual`.
    pub(super) fn drawing(&self, usual: &Drawing) -> Drawing {
        let Some(tiles) = self.tiles() else { return *usual };
        let min = tiles.min;
        Drawing {
            extent: tiles.extent.unwrap_or(usual.extent),
            buffer: tiles.buffer.unwrap_or(usual.buffer),
            clip: tiles.clip.unwrap_or(usual.clip),
            small_area: min.map_or(usual.small_area, |min| min.area),
            below: min.map_or(usual.below, |min| min.below),
            once: self.part == Part::Labels,
            ..*usual
        }
    }

    pub(super) fn world(&self, pyramid: &Pyramid, grid: Grid) -> Arc<World> {
        match self.part {
            Part::Features => pyramid.world_on(self.layer, grid),
            Part::Labels => pyramid.labels_on(self.layer, grid),
        }
    }

    /// The rows that a tile with such a margin may show, in ascending order, so that it is the same whatever order the index yields.
    pub(super) fn rows(&self, world: &World, address: Address, margin: f64) -> Vec<u32> {
        let mut rows = Vec::new();
        for window in address.plane_windows(margin) {
            self.layer.rows_in(&window.grown(world.bend_m()), |row| {
                if self.keep.is_none_or(|keep| keep(row)) {
                    rows.push(row);
                }
            });
        }
        rows.sort_unstable();
        rows
    }

    /// Whether any feature reaches into a tile, at whatever zoom the layer is drawn.
    pub(super) fn reaches(&self, address: Address, pyramid: &Pyramid) -> bool {
        let drawing = self.drawing(&Drawing::default());
        !self.rows(&self.world(pyramid, address.grid()), address, drawing.margin() + drawing.tolerance()).is_empty()
    }

    /// Appends the layer to a tile, unless it has nothing to show there.
    pub(super) fn draw(&self, canvas: &Canvas, drawing: &Drawing, tile: &mut Vec<u8>) {
        let Canvas { address, pyramid, go_on } = *canvas;
        let cell = self.cluster_cell(address.detail());
        let reach = cell.map_or(drawing.reach(), |cell| drawing.reach_in(cell) / f64::from(drawing.extent));
        let world = self.world(pyramid, address.grid());
        let rows = self.rows(&world, address, reach.max(drawing.margin()) + drawing.tolerance());
        if rows.is_empty() || !go_on() {
            return;
        }
        let mut drawn = match cell {
            Some(cell) => cluster(&world, &rows, address, drawing, &Cells { side: cell, sums: self.summed() }),
            None => draw_while(&world, &rows, address, drawing, go_on),
        };
        self.order(&mut drawn, &world);
        let attributes = Attributes { id: &|row| self.layer.id(row), columns: self.columns(address.detail()) };
        attributes::write(self.name, drawing.extent, &drawn, &attributes, tile);
    }

    /// The side of the cells in which points are one, at a zoom at which they are.
    fn cluster_cell(&self, zoom: u8) -> Option<i32> {
        let cluster = self.tiles()?.cluster.as_ref().filter(|cluster| zoom <= cluster.max_zoom && self.part == Part::Features)?;
        Some(cluster.cell as i32)
    }

    fn summed(&self) -> Vec<(&'a str, &'a Values)> {
        let names = self.tiles().and_then(|tiles| tiles.cluster.as_ref()).map(|cluster| &cluster.sum);
        names.into_iter().flatten().filter_map(|name| Some((name.as_str(), self.layer.values(name)?))).collect()
    }

    fn order(&self, drawn: &mut Drawn, world: &World) {
        let Some(order) = self.tiles().and_then(|tiles| tiles.order.as_ref()) else { return };
        let values = order.by.as_deref().and_then(|name| self.layer.values(name));
        let compare = |a: u32, b: u32| match values {
            Some(values) => compare(values, a, b),
            None => world.area(a).total_cmp(&world.area(b)),
        };
        drawn.features.sort_by(|a, b| {
            let ordering = compare(a.row, b.row);
            if order.descending { ordering.reverse() } else { ordering }
        });
    }

    /// Each key of a layer is unique (MVT 2.1 §4.4), and `id` is the feature's own.
    pub(super) fn columns(&self, zoom: u8) -> Vec<(&'a str, &'a Values)> {
        let is_shown =
            |name: &str| self.asked || self.tiles().is_none_or(|tiles| tiles.shown_at(zoom).any(|shown| shown == name));
        let own = self.shown.iter().filter(|name| is_shown(name)).filter_map(|&name| Some((name, self.layer.values(name)?)));
        let mut columns: Vec<(&str, &Values)> = Vec::new();
        for (name, values) in self.extra.iter().copied().chain(own) {
            if name != "id" && columns.iter().all(|(known, _)| *known != name) {
                columns.push((name, values));
            }
        }
        columns
    }
}

/// Numbers by size, anything else as text; what is unknown first.
fn compare(values: &Values, a: u32, b: u32) -> Ordering {
    match (values.number(a), values.number(b)) {
        (None, None) => values.text(a).cmp(&values.text(b)),
        (a, b) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
    }
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
