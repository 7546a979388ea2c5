//! What a tile shows of a layer, before it is written.

use std::ops::Range;

use crate::tiles::cluster::Groups;
use crate::tiles::encode::{Commands, Type};
use crate::tiles::quantise::Cell;

/// What a tile shows of a layer.
#[derive(Debug, Default)]
pub struct Drawn {
    /// In the order of rows.
    pub features: Vec<Feature>,
    /// How many features of the tile, its buffer not counted, are not drawn: others stand for them.
    pub stood_for: u32,
    /// What is told of features that are several points in one.
    pub groups: Groups,
    pub(super) commands: Commands,
}

#[derive(Debug)]
pub struct Feature {
    pub row: u32,
    pub kind: Type,
    /// Its number among the groups, where it is one.
    pub group: Option<usize>,
    commands: Range<usize>,
}

impl Drawn {
    pub fn commands(&self, feature: &Feature) -> &[u32] {
        &self.commands.as_slice()[feature.commands.clone()]
    }

    /// Adds a feature that is one point, for its group where it stands for one.
    pub fn point(&mut self, row: u32, at: Cell, group: Option<usize>) {
        let start = self.commands.start();
        self.commands.points(&[at]);
        self.end(row, Type::Point, start);
        if let Some(feature) = self.features.last_mut() {
            feature.group = group;
        }
    }

    /// Ends a feature whose commands began at `start`.
    pub(super) fn end(&mut self, row: u32, kind: Type, start: usize) {
        let end = self.commands.as_slice().len();
        self.features.push(Feature { row, kind, group: None, commands: start..end });
    }
}
