//! What all requests share: the open snapshot, who may see what, the pools.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use axum::http::HeaderMap;

use crate::atlas::{Atlas, AtlasError, Rights, View};
use crate::http::grants::{Grants, GrantsError};
use crate::http::limits::Limits;
use crate::http::pools::Pools;
use crate::snapshot::{self, OpenError};
use crate::tiles::cache::Cache;
use crate::tiles::pyramid::Pyramid;
use crate::zoning::Rules;
use crate::zoning::rules::RulesError;

/// What `emprise serve` was asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// A data folder, or one snapshot's own folder.
    pub data: PathBuf,
    pub grants: Option<PathBuf>,
    /// Folder of rule files that replace or add to those of the program.
    pub rules: Option<PathBuf>,
    pub limits: Limits,
    /// Where sentences for the operator go.
    pub say: fn(&str),
}

/// The server's state; clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    options: Options,
    pools: Pools,
    opened: RwLock<Option<Arc<Opened>>>,
    grants: RwLock<Arc<Grants>>,
    rules: Rules,
}

impl App {
    /// The state before any snapshot is open.
    ///
    /// # Errors
    /// A grants file or a rule file that cannot be read.
    pub fn new(options: Options) -> Result<App, StateError> {
        let grants = options.grants.as_deref().map_or_else(|| Ok(Grants::default()), Grants::read)?;
        let rules = match &options.rules {
            Some(folder) => Rules::shipped()?.with_folder(folder)?,
            None => Rules::shipped()?,
        };
        let pools = Pools::new(&options.limits);
        Ok(App(Arc::new(Inner { options, pools, opened: RwLock::default(), grants: RwLock::new(Arc::new(grants)), rules })))
    }

    /// Opens the current snapshot and swaps it in; requests in hand end with the one they began with. Reads files: keep it off
    /// the network threads.
    ///
    /// # Errors
    /// A snapshot that does not open, or that the rules do not fit; what was served stays.
    pub fn open(&self) -> Result<(), StateError> {
        let atlas = Atlas::open(&snapshot::open(&self.0.options.data)?)?;
        // Rules that name what the layers do not have are told to the operator, not to whoever asks first.
        self.0.rules.resolve(atlas.view(&Rights::All))?;
        let opened = Opened::new(atlas, self.limits().tile_cache_bytes);
        *self.0.opened.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(opened));
        Ok(())
    }

    /// Reads the grants again.
    ///
    /// # Errors
    /// A file that cannot be read; the grants stay as they were.
    pub fn read_grants(&self) -> Result<(), StateError> {
        if let Some(path) = &self.0.options.grants {
            *self.0.grants.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Grants::read(path)?);
        }
        Ok(())
    }

    /// `None` while no snapshot is open.
    pub fn opened(&self) -> Option<Arc<Opened>> {
        self.0.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the sender of these headers may see.
    pub fn rights(&self, headers: &HeaderMap) -> Rights {
        Rights::Granted(self.0.grants.read().unwrap_or_else(PoisonError::into_inner).layers(headers))
    }

    pub fn limits(&self) -> &Limits {
        &self.0.options.limits
    }

    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The rules of the planner's check.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    pub fn pools(&self) -> &Pools {
        &self.0.pools
    }
}

/// One open snapshot with what was made from it. Its layers are reached through a view only.
pub struct Opened {
    atlas: Atlas,
    pub pyramid: Pyramid,
    pub bodies: Cache,
    editions: Mutex<HashMap<Rights, Arc<str>>>,
}

impl Opened {
    fn new(atlas: Atlas, cache_bytes: usize) -> Opened {
        Opened { atlas, pyramid: Pyramid::default(), bodies: Cache::new(cache_bytes), editions: Mutex::default() }
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
fn program() -> blake3::Hash {
    static PROGRAM: OnceLock<blake3::Hash> = OnceLock::new();
    let own = || std::env::current_exe().and_then(std::fs::read).map(|bytes| blake3::hash(&bytes));
    *PROGRAM.get_or_init(|| own().unwrap_or_else(|_| blake3::hash(env!("CARGO_PKG_VERSION").as_bytes())))
}

#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Snapshot(#[from] OpenError),
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    #[error(transparent)]
    Grants(#[from] GrantsError),
    #[error(transparent)]
    Rules(#[from] RulesError),
}
