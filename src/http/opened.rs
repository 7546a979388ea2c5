//! One open snapshot, and all that is made of it while it is served.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use rayon::prelude::*;

use crate::atlas::names::Names;
use crate::atlas::{Atlas, Layer, Rights, View};
use crate::choropleth::Choropleth;
use crate::http::charging::Supplies;
use crate::http::choropleth;
use crate::http::commuting::Books;
use crate::http::features::select::Selection;
use crate::http::gates::Gates;
use crate::http::limits::Limits;
use crate::http::shelf::Shelf;
use crate::http::siting::layer::Paint;
use crate::http::specificity::Fabrics;
use crate::http::territories::Portraits;
use crate::siting::memo::Memo;
use crate::tiles::address::Address;
use crate::tiles::cache::Cache;
use crate::tiles::pyramid::Pyramid;

/// Its layers are reached through a view only.
pub struct Opened {
    atlas: Atlas,
    pub pyramid: Pyramid,
    pub bodies: Cache,
    /// One for each tile that is being drawn.
    pub drawing: Gates<(Arc<str>, Address)>,
    /// What was measured for siting.
    pub memo: Memo,
    /// Siting answers as they were sent.
    pub answers: Shelf<Bytes>,
    /// Siting answers as columns of their layers.
    pub painted: Shelf<Arc<Paint>>,
    /// Rows of collections that were asked for.
    pub selections: Shelf<Selection>,
    /// What search looks in, by layer; made before the snapshot is served.
    names: HashMap<String, Names>,
    /// Commuting flows as callers see them.
    pub books: Books,
    pub fabrics: Fabrics,
    pub supplies: Supplies,
    pub indicators: choropleth::Kept,
    pub heaviest: choropleth::Heaviest,
    /// Maps of territories as columns of their layers.
    pub choropleths: Shelf<Arc<Choropleth>>,
    pub portraits: Portraits,
    editions: Mutex<HashMap<Rights, Arc<str>>>,
    /// Cells of the memo that are stored.
    stored: AtomicUsize,
}

impl Opened {
    pub fn new(atlas: Atlas, limits: &Limits) -> Opened {
        let names = names_of(&atlas);
        Opened {
            atlas,
            names,
            pyramid: Pyramid::default(),
            bodies: Cache::new(limits.tile_cache_bytes),
            drawing: Gates::default(),
            memo: Memo::new(limits.measures_bytes),
            answers: Shelf::new(limits.answers_bytes),
            painted: Shelf::new(limits.painted_bytes),
            selections: Shelf::new(limits.selections_bytes),
            books: Books::default(),
            fabrics: Fabrics::default(),
            supplies: Supplies::default(),
            indicators: choropleth::Kept::default(),
            heaviest: choropleth::Heaviest::default(),
            choropleths: Shelf::new(limits.painted_bytes),
            portraits: Portraits::default(),
            editions: Mutex::default(),
            stored: AtomicUsize::new(0),
        }
    }

    /// The names of a layer that the caller was given; rights are asked where the layer is.
    pub fn names(&self, layer: &str) -> Option<&Names> {
        self.names.get(layer)
    }

    /// Whether more is measured than is stored.
    pub fn has_news(&self) -> bool {
        self.measured() != self.stored.load(Ordering::Relaxed)
    }

    /// Takes note that what is measured now is stored.
    pub fn remember(&self) {
        self.stored.store(self.measured(), Ordering::Relaxed);
    }

    fn measured(&self) -> usize {
        self.memo.columns().iter().map(|(_, column)| column.read().measured_rows()).sum()
    }

    pub fn view<'a>(&'a self, rights: &'a Rights) -> View<'a> {
        self.atlas.view(rights)
    }

    /// The name of what a caller sees: a hash over the visible layers alone. Two callers who see the same have the same name,
    /// and so have two snapshots that differ in what neither of them sees: a tag or a cache key made of it gives nothing away.
    pub fn edition(&self, rights: &Rights) -> Arc<str> {
        let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(edition) = editions.get(rights) {
            return Arc::clone(edition);
        }
        let edition: Arc<str> = edition_of(self.view(rights)).into();
        editions.insert(rights.clone(), Arc::clone(&edition));
        edition
    }
}

/// The names and the order of the ids of every layer.
fn names_of(atlas: &Atlas) -> HashMap<String, Names> {
    let layers: Vec<&Layer> = atlas.view(&Rights::All).layers().collect();
    let of_one = |layer: &&Layer| {
        layer.by_id();
        Some((layer.definition().id.clone(), Names::of(layer)?))
    };
    layers.par_iter().filter_map(of_one).collect()
}

/// Sixteen hexadecimal digits, of the visible layers' manifest entries and of the program that draws them.
fn edition_of(view: View<'_>) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(program().as_bytes());
    for layer in view.layers() {
        // Maps with text keys and finite numbers: always JSON.
        hash.update(&serde_json::to_vec(layer.entry()).unwrap_or_default());
    }
    hash.finalize().to_hex()[..16].to_owned()
}

/// The hash of this very executable: another build may draw another tile of the same data, and what caches kept of the old one
/// must not be taken for it. The version alone does not change with every build.
pub fn program() -> blake3::Hash {
    static PROGRAM: OnceLock<blake3::Hash> = OnceLock::new();
    // Read piece by piece: whole, it would be the most memory that a server of a small snapshot ever takes.
    let own = || -> std::io::Result<blake3::Hash> {
        let mut hash = blake3::Hasher::new();
        hash.update_reader(std::fs::File::open(std::env::current_exe()?)?)?;
        Ok(hash.finalize())
    };
    *PROGRAM.get_or_init(|| own().unwrap_or_else(|_| blake3::hash(env!("CARGO_PKG_VERSION").as_bytes())))
}
