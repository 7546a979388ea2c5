//! The simplified geometry of each layer of one snapshot, made when a tile first asks for it and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::atlas::Layer;
use crate::geometry::projection::to_mercator;
use crate::tiles::world::World;

/// One for each atlas: it belongs to the snapshot that the atlas opened, and is dropped with it.
#[derive(Debug, Default)]
pub struct Pyramid {
    worlds: Mutex<HashMap<String, Arc<OnceLock<Arc<World>>>>>,
}

impl Pyramid {
    /// The geometry of a layer. The first call takes about a third of a second of CPU per million vertices; calls that come meanwhile wait.
    pub fn world(&self, layer: &Layer) -> Arc<World> {
        let cell = {
            let mut worlds = self.worlds.lock().unwrap_or_else(PoisonError::into_inner);
            match worlds.get(&layer.definition().id) {
                Some(cell) => Arc::clone(cell),
                None => Arc::clone(worlds.entry(layer.definition().id.clone()).or_default()),
            }
        };
        let build = || Arc::new(World::build(layer.len() as u32, |row| layer.shape(row), to_mercator));
        Arc::clone(cell.get_or_init(build))
    }
}
