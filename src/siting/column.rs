//! One measure over one layer: filled as rows are asked for, by whoever asks first.
//!
//! A column belongs to what is measured (layer, filter, radius, metric), never to what is asked of it, so that another
//! threshold, weight or value function reads what is there. Rows that are missing are measured in parallel; who asks for them
//! meanwhile waits instead of measuring them again. Therefore a question must not itself run as a task of the thread pool: a
//! thread that waits for a column would be one of those that fill it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use rayon::prelude::*;

use crate::atlas::Layer;
use crate::geometry::scale::Metric;
use crate::siting::cells::Cells;
use crate::siting::criteria::Measure;
use crate::siting::measure::{Measured, Site};
use crate::siting::work::{Stopped, Work};

#[derive(Debug)]
pub struct Column {
    cells: RwLock<Cells>,
    /// Held by the one who measures.
    filling: Mutex<()>,
    /// One more than the bits of the reach to which every row is known to be measured; 0 where that is not known. What is measured
    /// stays measured, and bits of what is not negative are in the order of the numbers.
    whole: AtomicU64,
}

/// What is measured, and how far a search for the nearest need look.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'m, 'v> {
    pub measure: &'m Measure<'v>,
    pub metric: Metric,
    pub reach_m: f64,
}

/// Rows measured between two looks at the wish to stop.
const BATCH: usize = 4096;

impl Column {
    /// `is_search`: an open end of a reading means that the search went no farther.
    pub fn new(rows: usize, is_search: bool) -> Column {
        Column::of(Cells::new(rows, is_search))
    }

    /// A column measured before.
    pub fn of(cells: Cells) -> Column {
        Column { cells: RwLock::new(cells), filling: Mutex::new(()), whole: AtomicU64::new(0) }
    }

    pub fn bytes(&self) -> usize {
        self.read().bytes()
    }

    /// Sees to it that rows of its layer, each once, are measured.
    ///
    /// # Errors
    /// The work was stopped; what was measured stays.
    pub fn fill<'v>(
        &self,
        layer: &'v Layer,
        rows: impl Iterator<Item = u32> + Clone,
        asked: Asked<'_, 'v>,
        work: &Work,
    ) -> Result<(), Stopped> {
        if self.missing(rows.clone(), asked.reach_m).is_empty() {
            return Ok(());
        }
        let _filling = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = self.missing(rows, asked.reach_m);
        work.plan(missing.len());
        for batch in missing.chunks(BATCH) {
            // A cell depends on its site alone: neither the number of threads nor the other sites change it.
            let of = |row: u32| asked.measure.of(&Site { layer, row }, asked.metric, asked.reach_m);
            // Asked before each site: a batch of costly ones takes seconds.
            let measure = |&row: &u32| work.go_on().map(|()| of(row));
            let measured: Vec<Measured> = batch.par_iter().with_min_len(16).map(measure).collect::<Result<_, Stopped>>()?;
            let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            batch.iter().zip(&measured).for_each(|(&row, measured)| cells.set(row, measured));
            work.did(batch.len());
        }
        Ok(())
    }

    fn missing(&self, rows: impl Iterator<Item = u32>, reach_m: f64) -> Vec<u32> {
        if self.whole.load(Ordering::Relaxed) > reach_m.to_bits() {
            return Vec::new();
        }
        let cells = self.read();
        let mut asked = 0;
        let missing: Vec<u32> = rows.inspect(|_| asked += 1).filter(|&row| !cells.knows(row, reach_m)).collect();
        if missing.is_empty() && asked == cells.rows() {
            self.whole.fetch_max(reach_m.to_bits() + 1, Ordering::Relaxed);
        }
        missing
    }

    pub fn read(&self) -> RwLockReadGuard<'_, Cells> {
        self.cells.read().unwrap_or_else(PoisonError::into_inner)
    }
}
