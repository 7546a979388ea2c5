//! What all requests share: the open snapshot, who may see what, the pools.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderMap;

use crate::atlas::{Atlas, AtlasError, Rights};
use crate::http::archived::{self, Archived, ArchivedError};
use crate::http::attempts::Attempts;
use crate::http::cors::Cors;
use crate::http::grants::{Grants, GrantsError};
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::http::opened::Opened;
use crate::http::pools::Pools;
use crate::http::processes::jobs::Jobs;
use crate::http::siting::kept::Specifications;
use crate::http::siting::templates::Templates;
use crate::http::warm;
use crate::siting::work::Work;
use crate::snapshot::{self, OpenError};
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
    /// A folder of specifications to offer beside the shipped ones.
    pub specifications: Option<PathBuf>,
    /// Files of tiles to serve beside the snapshot's layers.
    pub archives: Vec<PathBuf>,
    /// Whether to measure what the offered specifications ask before anybody does.
    pub warm: bool,
    /// What a tile without features is answered with.
    pub empty_tile: EmptyTile,
    /// The sites whose pages may read what everybody may see.
    pub cors: Cors,
    /// The loopback port of `/ready` and `/metrics`.
    pub operation_port: Option<u16>,
    pub limits: Limits,
    /// Where sentences for the operator go.
    pub say: fn(&str),
}

impl Options {
    /// Everything as it is where nothing is asked for.
    pub fn of(data: PathBuf) -> Options {
        Options {
            data,
            grants: None,
            rules: None,
            specifications: None,
            archives: Vec::new(),
            warm: false,
            empty_tile: EmptyTile::NoContent,
            cors: Cors::Any,
            operation_port: None,
            limits: Limits::default(),
            say: |_| {},
        }
    }
}

/// What a tile without features is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyTile {
    NoContent,
    NotFound,
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
    specifications: Arc<Specifications>,
    templates: RwLock<Arc<Templates>>,
    archives: BTreeMap<String, Archived>,
    jobs: Jobs,
    warming: Arc<Work>,
    metrics: Arc<Metrics>,
    attempts: Attempts,
    /// Somebody asked the server to stop.
    stopping: AtomicBool,
}

impl App {
    /// The state before any snapshot is open.
    ///
    /// # Errors
    /// A grants file, a rule file or an archive that cannot be read; a system without random numbers.
    pub fn new(options: Options) -> Result<App, StateError> {
        let grants = options.grants.as_deref().map_or_else(|| Ok(Grants::default()), Grants::read)?;
        let rules = match &options.rules {
            Some(folder) => Rules::shipped()?.with_folder(folder)?,
            None => Rules::shipped()?,
        };
        let archives = archived::open_all(&options.archives)?;
        let pools = Pools::new(&options.limits);
        let specifications = Arc::new(Specifications::new(&options.data, &options.limits));
        let templates = RwLock::new(Arc::new(Templates::read(options.specifications.as_deref(), options.say)));
        let grants = RwLock::new(Arc::new(grants));
        let jobs = Jobs::new(options.limits.jobs, options.limits.jobs_kept)?;
        let attempts = Attempts::new(options.limits.wrong_tokens);
        Ok(App(Arc::new(Inner {
            options,
            pools,
            opened: RwLock::default(),
            grants,
            rules,
            specifications,
            templates,
            archives,
            jobs,
            warming: Arc::default(),
            metrics: Arc::default(),
            attempts,
            stopping: AtomicBool::new(false),
        })))
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
        for id in self.0.archives.keys().filter(|id| atlas.view(&Rights::All).layer(id).is_some()) {
            (self.0.options.say)(&format!("the archive `{id}` hides the layer of that name"));
        }
        let opened = Opened::new(atlas, self.limits());
        warm::load(self, &opened);
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

    /// Reads the folder of specifications again.
    pub fn read_templates(&self) {
        let templates = Templates::read(self.0.options.specifications.as_deref(), self.0.options.say);
        *self.0.templates.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(templates);
    }

    /// The specifications that are offered.
    pub fn templates(&self) -> Arc<Templates> {
        Arc::clone(&self.0.templates.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// An archive that is served beside the snapshot.
    pub fn archive(&self, id: &str) -> Option<&Archived> {
        self.0.archives.get(id)
    }

    /// The specifications that were asked.
    pub fn specifications(&self) -> &Arc<Specifications> {
        &self.0.specifications
    }

    /// `None` while no snapshot is open.
    pub fn opened(&self) -> Option<Arc<Opened>> {
        self.0.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the sender of these headers may see.
    pub fn rights(&self, headers: &HeaderMap) -> Rights {
        Rights::Granted(self.0.grants.read().unwrap_or_else(PoisonError::into_inner).layers(headers))
    }

    /// Who sends these headers, if it is a holder of grants.
    pub fn holder(&self, headers: &HeaderMap) -> Option<blake3::Hash> {
        self.0.grants.read().unwrap_or_else(PoisonError::into_inner).holder(headers)
    }

    /// Executions that nobody waits for.
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The work of measuring before anybody asks.
    pub fn warming(&self) -> Arc<Work> {
        Arc::clone(&self.0.warming)
    }

    /// From now on the server says that it is not ready, and goes on answering.
    pub fn begin_to_stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// A snapshot is open, and nobody asked the server to stop.
    pub fn is_ready(&self) -> bool {
        self.opened().is_some() && !self.0.stopping.load(Ordering::Relaxed)
    }

    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }

    pub fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// Whether anybody was granted anything, so that a token may be right or wrong.
    pub fn has_grants(&self) -> bool {
        self.0.options.grants.is_some()
    }

    /// Ends what nobody will wait for any more, and stores what was measured.
    pub fn stop(&self) {
        self.jobs().stop();
        self.0.warming.stop();
        if let Some(opened) = self.opened() {
            warm::save(self, &opened);
        }
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
    #[error(transparent)]
    Archived(#[from] ArchivedError),
    #[error("the system has no random numbers: {0}")]
    Random(#[from] std::io::Error),
}
