//! Floor 3: one opened snapshot in memory.
//!
//! [`Atlas::open`] reads every FlatGeobuf of a snapshot once, holding each against its hash; after that nothing here does I/O
//! and nothing can fail. A layer is typed columns, packed geometries on the shared plane, and an R-tree that answers three
//! questions exactly, edge to edge: what is within a distance, what is nearest, what overlaps. Callers reach layers through a
//! [`View`], which carries their rights: there is no other way to a layer.
//!
//! In reading order: [`view`], [`layer`], [`search`], [`filter`], [`relation`], [`names`], [`read`], [`texts`], [`derived`],
//! [`backdrop`].

pub mod backdrop;
pub mod derived;
pub mod filter;
pub mod layer;
pub mod names;
pub mod read;
pub mod relation;
pub mod search;
pub mod texts;
pub mod view;

use crate::snapshot::Snapshot;
pub use layer::Layer;
pub use read::AtlasError;
pub use search::{Near, Reach};
pub use view::{Rights, View};

/// An opened snapshot. Immutable: a new snapshot is a new atlas.
#[derive(Debug)]
pub struct Atlas {
    snapshot_id: String,
    layers: Vec<Layer>,
}

impl Atlas {
    /// Reads a snapshot into memory, its layers in parallel.
    ///
    /// # Errors
    /// A file that is missing, damaged, or not what the manifest says.
    pub fn open(snapshot: &Snapshot) -> Result<Atlas, AtlasError> {
        Ok(Atlas::from_layers(snapshot.id.clone(), read::layers(snapshot)?))
    }

    /// An atlas of layers already in memory.
    pub fn from_layers(snapshot_id: String, mut layers: Vec<Layer>) -> Atlas {
        layers.sort_by(|a, b| a.definition().id.cmp(&b.definition().id));
        Atlas { snapshot_id, layers }
    }

    /// Its layers, in the order of their ids.
    pub fn into_layers(self) -> Vec<Layer> {
        self.layers
    }

    /// What a caller with these rights can see of it.
    pub fn view<'a>(&'a self, rights: &'a Rights) -> View<'a> {
        View::new(self, rights)
    }
}
