//! An atlas as seen by one caller. A layer that the caller may not see does not exist here, in any count, bound or message.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Atlas, Layer};
use crate::layer::definition::Visibility;

/// What a caller may see besides public layers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rights {
    /// Everything: the owner of the data folder, at the command line.
    All,
    /// Restricted layers granted by id.
    Granted(BTreeSet<String>),
}

impl Rights {
    /// Those of an anonymous caller.
    pub fn public() -> Rights {
        Rights::Granted(BTreeSet::new())
    }

    fn include(&self, layer: &Layer) -> bool {
        match (layer.definition().visibility, self) {
            (Visibility::Public, _) | (Visibility::Restricted, Rights::All) => true,
            (Visibility::Restricted, Rights::Granted(layers)) => layers.contains(&layer.definition().id),
        }
    }
}

/// The layers of an atlas that a caller may see.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    atlas: &'a Atlas,
    rights: &'a Rights,
    beside: &'a [Arc<Layer>],
}

impl<'a> View<'a> {
    pub(super) fn new(atlas: &'a Atlas, rights: &'a Rights) -> View<'a> {
        View { atlas, rights, beside: &[] }
    }

    pub fn snapshot_id(&self) -> &'a str {
        &self.atlas.snapshot_id
    }

    /// The same, and layers that were made of its own: those that a caller's rights on what they were made of let him see.
    pub fn beside(self, made: &'a [Arc<Layer>]) -> View<'a> {
        View { beside: made, ..self }
    }

    /// Visible layers in the order of their ids; after them those that were made.
    pub fn layers(&self) -> impl Iterator<Item = &'a Layer> + use<'a> {
        let rights = self.rights;
        let beside = self.beside.iter().map(|layer| &**layer);
        self.atlas.layers.iter().chain(beside).filter(move |layer| rights.include(layer))
    }

    /// The visible layer of this id.
    pub fn layer(&self, id: &str) -> Option<&'a Layer> {
        self.layers().find(|layer| layer.definition().id == id)
    }

    /// Whether the answer would be the same for everyone: no restricted layer is in it.
    pub fn is_public(&self) -> bool {
        self.layers().all(|layer| layer.definition().visibility == Visibility::Public)
    }
}
