//! What is made once of each layer of one snapshot, when a tile first asks for it, and kept: its geometry simplified for all zooms,
//! the points of its labels, how much it must be thinned.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::atlas::Layer;
use crate::geometry::inscribed::label_point;
use crate::geometry::shape::Kind;
use crate::tiles::budget::Curve;
use crate::tiles::grid::Grid;
use crate::tiles::world::{Position, World};

/// One for each atlas: it belongs to the snapshot that the atlas opened, and is dropped with it.
#[derive(Debug, Default)]
pub struct Pyramid {
    worlds: Once<(String, Grid), Arc<World>>,
    labels: Once<(String, Grid), Arc<World>>,
    points: Once<String, Arc<Vec<Option<[f64; 2]>>>>,
    curves: Once<String, Arc<Mutex<Curve>>>,
}

/// Values made once a key; calls that come meanwhile wait.
#[derive(Debug)]
struct Once<K, T>(Mutex<HashMap<K, Arc<OnceLock<T>>>>);

impl<K, T> Default for Once<K, T> {
    fn default() -> Self {
        Once(Mutex::default())
    }
}

/// Curves of as many filtered layers are kept; beyond it all are forgotten.
const CURVES: usize = 4096;

impl<K: Hash + Eq, T: Clone> Once<K, T> {
    fn get_or_make(&self, key: K, most: usize, make: impl FnOnce() -> T) -> T {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if cells.len() >= most && !cells.contains_key(&key) {
                cells.clear();
            }
            Arc::clone(cells.entry(key).or_default())
        };
        cell.get_or_init(make).clone()
    }
}

/// Threads of the tiles alone. Among those that all share, the first tile of a layer would stand in line behind whatever an analysis
/// has handed out, for as long as that takes; here the system divides the processor between both.
static THREADS: LazyLock<Option<rayon::ThreadPool>> =
    LazyLock::new(|| rayon::ThreadPoolBuilder::new().thread_name(|number| format!("tiles-{number}")).build().ok());

/// Makes something on them; on the common ones where the system gives no more threads.
///
/// A common thread that waited here as such threads do would take up other work meanwhile, another tile of the same layer perhaps,
/// which waits for what this one is about to make: neither would ever end. So it waits for a plain thread, and does nothing else.
fn apart<T: Send>(make: impl FnOnce() -> T + Send) -> T {
    let Some(threads) = &*THREADS else { return make() };
    if rayon::current_thread_index().is_none() {
        return threads.install(make);
    }
    let made = std::thread::scope(|scope| scope.spawn(|| threads.install(make)).join());
    made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Pyramid {
    /// The geometry of a layer for web maps. The first call takes about a third of a second of CPU per million vertices.
    pub fn world(&self, layer: &Layer) -> Arc<World> {
        self.world_on(layer, Grid::WebMercatorQuad)
    }

    /// The geometry of a layer on a grid.
    pub fn world_on(&self, layer: &Layer, grid: Grid) -> Arc<World> {
        let placed = || World::placed(layer.len() as u32, |row| layer.shape(row), |vertex| grid.place(vertex));
        let build = || Arc::new(apart(placed));
        self.worlds.get_or_make((layer.definition().id.clone(), grid), usize::MAX, build)
    }

    /// The points at which the features of a layer are labelled, on a grid.
    pub fn labels_on(&self, layer: &Layer, grid: Grid) -> Arc<World> {
        let build = || {
            let points = self.label_points(layer);
            let places: Vec<Option<Position>> = points.iter().map(|point| point.map(|point| grid.place(point))).collect();
            Arc::new(apart(|| World::of_points(&places)))
        };
        self.labels.get_or_make((layer.definition().id.clone(), grid), usize::MAX, build)
    }

    /// On the shared plane: the pole of inaccessibility of a polygon, the first vertex of one too thin to have any.
    pub fn label_points(&self, layer: &Layer) -> Arc<Vec<Option<[f64; 2]>>> {
        let point = |row: u32| match layer.shape(row).kind() {
            Kind::Polygon => label_point(&layer.footprint(row)).or_else(|| layer.shape(row).vertices().first().copied()),
            _ => None,
        };
        let make = || Arc::new(apart(|| layer.rows().into_par_iter().map(point).collect::<Vec<_>>()));
        self.points.get_or_make(layer.definition().id.clone(), usize::MAX, make)
    }

    /// What thinning makes of a layer at a zoom, as far as it is known.
    pub(super) fn curve(&self, key: String, make: impl FnOnce() -> Curve) -> Arc<Mutex<Curve>> {
        self.curves.get_or_make(key, CURVES, || Arc::new(Mutex::new(make())))
    }
}
