//! How a layer is drawn, as its file says under `[tiles]`. Zooms are those of WebMercatorQuad; a unit is a tile's side by its extent.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::definition::LayerDefinition;

/// How a layer is drawn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tiles {
    pub min_zoom: u8,
    /// Beyond it, clients enlarge the tiles of this zoom.
    pub max_zoom: u8,
    /// Columns carried by the tiles.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The first zoom at which a column of `shown` is carried; one that is not named here is carried at all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shown_from: BTreeMap<String, u8>,
    /// Units along a tile's side: a power of two from 256 to 8192. Default 4096.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<u32>,
    /// Units drawn beyond each side. Default 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buffer: Option<u32>,
    /// `false`: what meets a tile is written whole instead of being cut at the buffer. Default `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<bool>,
    /// What becomes of features too small to have a shape. Default: the largest of its neighbourhood stands for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Minimum>,
    /// The order of features in a tile, which is that in which they are painted. Default: that of the snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Points near each other drawn as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
    /// Largest tile in kB (1000 bytes) compressed with gzip; where one of a zoom would be larger, all of that zoom are thinned
    /// alike. 0 for no limit. Default 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_kb: Option<u32>,
    /// How long caches may keep a tile whose address names no edition, in seconds. Default 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_s: Option<u32>,
}

/// Features too small to have a shape.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Minimum {
    /// A polygon of less than this many square units is small. Default 1, an eighth of a pixel each way on a tile of 512 pixels.
    #[serde(default = "one")]
    pub area: f64,
    #[serde(default)]
    pub below: Below,
}

fn one() -> f64 {
    1.0
}

/// What becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Below {
    /// Of those in a cell four times as wide as `area` (4 by 4 units for 1), the largest is drawn as a square of one unit.
    #[default]
    Stand,
    /// The same, drawn as a point.
    Point,
    /// Left out, and counted in the tile's note.
    Leave,
}

/// The order of features in a tile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// A column; absent: the size on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default)]
    pub descending: bool,
}

/// Points near each other drawn as one, which says how many they are (`count`), the sums of columns (`sum-NAME`) and where its
/// members are (`west`, `south`, `east`, `north`, in degrees). One alone is drawn as itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// The last zoom with clusters.
    pub max_zoom: u8,
    /// Side of the cell in which points are one, in units: a power of two, not more than the extent. Default 256, 32 pixels on a
    /// tile of 512.
    #[serde(default = "cell")]
    pub cell: u32,
    /// Columns of numbers.
    #[serde(default)]
    pub sum: Vec<String>,
}

fn cell() -> u32 {
    256
}

impl Tiles {
    pub const EXTENT: u32 = 4096;
    pub const BUDGET_KB: u32 = 500;
    pub const CACHE_S: u32 = 60;

    /// The columns carried at a zoom.
    pub fn shown_at(&self, zoom: u8) -> impl Iterator<Item = &str> {
        self.shown.iter().map(String::as_str).filter(move |&name| self.shown_from.get(name).is_none_or(|&from| from <= zoom))
    }

    /// Bytes that no tile should exceed; `None` for no limit.
    pub fn budget(&self) -> Option<usize> {
        Some(self.budget_kb.unwrap_or(Tiles::BUDGET_KB) as usize * 1000).filter(|&bytes| bytes > 0)
    }

    /// One sentence on what cannot be drawn so.
    pub(super) fn fault(&self, layer: &LayerDefinition) -> Option<String> {
        let extent = self.extent.unwrap_or(Tiles::EXTENT);
        if !extent.is_power_of_two() || !(256..=8192).contains(&extent) {
            return Some(format!("an extent of {extent}: write a power of two from 256 to 8192"));
        }
        if self.buffer.is_some_and(|buffer| buffer > extent / 4) {
            return Some(format!("the buffer is more than a quarter of the extent of {extent}"));
        }
        if let Some(name) = self.shown_from.keys().find(|name| !self.shown.contains(name)) {
            return Some(format!("`shown_from` names `{name}`, which `shown` does not"));
        }
        if self.min.is_some_and(|min| !(min.area > 0.0 && min.area <= 1e6)) {
            return Some("a minimum area in square units is more than 0 and not more than 1 000 000".to_owned());
        }
        if let Some(cluster) = &self.cluster
            && (!cluster.cell.is_power_of_two() || cluster.cell > extent)
        {
            return Some(format!("clusters of {} units: write a power of two not more than the extent", cluster.cell));
        }
        let named = self.order.iter().filter_map(|order| order.by.as_ref()).chain(self.cluster.iter().flat_map(|one| &one.sum));
        named
            .into_iter()
            .find(|name| !layer.columns.contains_key(*name))
            .map(|name| format!("`{name}` is not declared in [columns]"))
    }
}
