//! A layer in memory: rows with an id, typed columns, a geometry each, and indexes over them.

use std::cmp::Ordering;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::texts::Texts;
use crate::geometry::bounds::Bounds;
use crate::geometry::footprint::{EdgeTrees, Footprint};
use crate::geometry::packed::PackedTree;
use crate::geometry::shape::{Kind, Shape, Shapes};
use crate::geometry::territory::Frame;
use crate::layer::definition::LayerDefinition;
use crate::layer::value::{Value, Values};
use crate::snapshot::manifest::LayerEntry;

/// One layer. Rows are numbered from 0 in the order of the snapshot's files.
#[derive(Debug)]
pub struct Layer {
    entry: LayerEntry,
    ids: Texts,
    /// One per declared column, in the order of their names.
    columns: Vec<Values>,
    shapes: Shapes,
    pub(super) tree: PackedTree,
    pub(super) edges: EdgeTrees,
    /// Whether some row has no geometry.
    pub(super) some_unplaced: bool,
    only_points: bool,
    /// Rows in the order of their ids, made on the first look-up.
    by_id: OnceLock<Vec<u32>>,
    /// Territories with a feature, found on the first question.
    frames: OnceLock<Vec<Frame>>,
}

impl Layer {
    /// Indexes rows that are in memory: `columns` as declared, in the order of their names; coordinates on the shared plane.
    pub fn new(entry: LayerEntry, ids: Texts, columns: Vec<Values>, shapes: Shapes) -> Layer {
        let tree = PackedTree::new(shapes.iter().map(|shape| shape.bounds()));
        let edges = EdgeTrees::of(&shapes);
        let some_unplaced = shapes.iter().any(|shape| shape.kind() == Kind::Empty);
        let only_points = shapes.is_one_point_each();
        let (by_id, frames) = Default::default();
        Layer { entry, ids, columns, shapes, tree, edges, some_unplaced, only_points, by_id, frames }
    }

    /// The layer without its shapes, for whoever has made of them all that is still wanted: most of a layer's memory is free again.
    /// Rows keep their boxes, ids and columns; each has the empty shape.
    pub fn without_shapes(mut self) -> Layer {
        let mut shapes = Shapes::default();
        self.rows().for_each(|_| _ = shapes.end_feature(Kind::Empty));
        (self.shapes, self.edges, self.only_points) = (shapes, EdgeTrees::default(), false);
        self
    }

    pub fn definition(&self) -> &LayerDefinition {
        &self.entry.definition
    }

    /// Counts, problems and provenance.
    pub fn entry(&self) -> &LayerEntry {
        &self.entry
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn rows(&self) -> std::ops::Range<u32> {
        0..self.len() as u32
    }

    pub fn id(&self, row: u32) -> &str {
        self.ids.get(row)
    }

    /// The row of an id; the first of them where the layer keeps duplicates.
    pub fn row_of(&self, id: &str) -> Option<u32> {
        let order = self.by_id();
        let place = order.partition_point(|&row| self.id(row) < id);
        order.get(place).copied().filter(|&row| self.id(row) == id)
    }

    /// Rows whose id begins with a text, in the order of ids, at most `most`.
    pub fn rows_by_id(&self, prefix: &str, most: usize) -> Vec<u32> {
        let order = self.by_id();
        let from = order.partition_point(|&row| self.id(row) < prefix);
        order[from..].iter().copied().take_while(|&row| self.id(row).starts_with(prefix)).take(most).collect()
    }

    /// Rows in the order of their ids; the first call makes it.
    pub fn by_id(&self) -> &[u32] {
        self.by_id.get_or_init(|| {
            let mut rows: Vec<u32> = self.rows().collect();
            rows.par_sort_unstable_by(|&a, &b| self.id(a).cmp(self.id(b)).then(a.cmp(&b)));
            rows
        })
    }

    /// Order of two rows by id: numbers as numbers and before texts.
    pub fn compare_ids(&self, a: u32, b: u32) -> Ordering {
        compare_ids(self.id(a), self.id(b)).then(a.cmp(&b))
    }

    /// The display name, where the layer has a column `name` and the row a value.
    pub fn name(&self, row: u32) -> Option<&str> {
        self.values("name")?.text(row)
    }

    /// A declared column.
    pub fn values(&self, column: &str) -> Option<&Values> {
        let place = self.definition().columns.keys().position(|name| name == column)?;
        self.columns.get(place)
    }

    pub fn value(&self, column: &str, row: u32) -> Value {
        self.values(column).map_or(Value::Unknown, |values| values.get(row))
    }

    /// Declared columns with their names.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Values)> {
        self.definition().columns.keys().map(String::as_str).zip(&self.columns)
    }

    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    #[inline]
    pub fn shape(&self, row: u32) -> Shape<'_> {
        self.shapes.get(row)
    }

    /// The row's shape, ready for questions.
    #[inline]
    pub fn footprint(&self, row: u32) -> Footprint<'_> {
        Footprint::within_bounds(self.shape(row), self.edges.get(row), self.bounds(row))
    }

    #[inline]
    pub fn bounds(&self, row: u32) -> Bounds {
        self.tree.leaf(row)
    }

    /// The rows' points, where each row is exactly one point.
    #[inline]
    pub(super) fn points(&self) -> Option<&[[f64; 2]]> {
        self.only_points.then(|| self.shapes.xy())
    }

    /// Bounds of the whole layer on the shared plane; empty without any geometry.
    pub fn extent(&self) -> Bounds {
        self.tree.extent()
    }

    /// The territories in which the layer holds anything at all.
    pub fn frames(&self) -> &[Frame] {
        self.frames.get_or_init(|| {
            let placed = self.rows().map(|row| self.bounds(row)).filter(|bounds| !bounds.is_empty());
            let mut frames: Vec<Frame> = placed.map(|bounds| Frame::of_x(bounds.centre()[0])).collect();
            frames.sort();
            frames.dedup();
            frames
        })
    }

    /// West, south, east, north in degrees; `None` without any geometry.
    pub fn extent_lonlat(&self) -> Option<[f64; 4]> {
        self.entry.extent_lonlat
    }
}

/// Numbers as numbers and before texts, texts byte by byte.
pub fn compare_ids(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a_number), Ok(b_number)) => a_number.cmp(&b_number).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_order_as_people_read_them() {
        let mut ids = ["FR2", "10", "9", "FR10", "009"];
        ids.sort_by(|a, b| compare_ids(a, b));
        assert_eq!(ids, ["009", "9", "10", "FR10", "FR2"]);
    }
}
