//! Which rows of a layer a tile may show.

use crate::atlas::Layer;
use crate::geometry::bounds::Bounds;

/// The rows whose boxes meet any of the windows on the shared plane, in ascending order, so that a tile is the same whatever order
/// the index yields.
pub fn rows(layer: &Layer, windows: &[Bounds], keep: Option<&(dyn Fn(u32) -> bool + Sync)>) -> Vec<u32> {
    let mut rows = Vec::new();
    for window in windows {
        layer.rows_in(window, |row| {
            if keep.is_none_or(|keep| keep(row)) {
                rows.push(row);
            }
        });
    }
    rows.sort_unstable();
    rows
}
