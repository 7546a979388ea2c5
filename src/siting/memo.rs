//! What was computed from an atlas, kept for the next question: each thing once, by a key that says all it depends on.
//!
//! Bounded by bytes: what was longest unused leaves first, and whoever works with it keeps it until the end. A memo belongs to
//! one atlas, since its keys name layers by id.

use std::any::Any;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::atlas::Layer;
use crate::siting::column::Column;
use crate::siting::criteria::Measure;

#[derive(Debug)]
pub struct Memo {
    capacity: usize,
    state: Mutex<State>,
}

/// Room for eight measures of a million candidates.
const DEFAULT_BYTES: usize = 640 << 20;

#[derive(Debug, Default)]
struct State {
    entries: HashMap<String, Entry>,
    clock: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    /// A [`Cell`], where the key alone says of what.
    cell: Arc<dyn Any + Send + Sync>,
    /// 0 while it is being made.
    bytes: usize,
    used: u64,
}

/// A value, made by whoever holds the lock.
#[derive(Debug)]
struct Cell<T> {
    value: OnceLock<Arc<T>>,
    making: Mutex<()>,
}

impl<T> Default for Cell<T> {
    fn default() -> Cell<T> {
        Cell { value: OnceLock::new(), making: Mutex::new(()) }
    }
}

impl Default for Memo {
    fn default() -> Memo {
        Memo::new(DEFAULT_BYTES)
    }
}

impl Memo {
    /// A memo of about `capacity` bytes. A question always has what it works with, however large.
    pub fn new(capacity: usize) -> Memo {
        Memo { capacity, state: Mutex::default() }
    }

    /// What `make` makes, made once for a key; those who ask meanwhile wait. `bytes` is about what it holds.
    pub fn get<T: Send + Sync + 'static>(&self, key: &str, bytes: impl Fn(&T) -> usize, make: impl FnOnce() -> T) -> Arc<T> {
        let Ok(value) = self.try_get(key, bytes, || Ok::<T, Infallible>(make()));
        value
    }

    /// As [`Memo::get`]; what could not be made is not there, and the next who asks tries again.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn try_get<T: Send + Sync + 'static, E>(
        &self,
        key: &str,
        bytes: impl Fn(&T) -> usize,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let cell: Arc<Cell<T>> = self.lock().cell(key);
        if let Some(value) = cell.value.get() {
            return Ok(Arc::clone(value));
        }
        let making = cell.making.lock().unwrap_or_else(PoisonError::into_inner);
        let value = match cell.value.get() {
            Some(value) => Arc::clone(value),
            None => {
                let made = Arc::new(make()?);
                Arc::clone(cell.value.get_or_init(|| made))
            }
        };
        drop(making);
        self.lock().settle(key, bytes(&value), self.capacity);
        Ok(value)
    }

    /// The column of a measure over a layer; what is measured of it so far is inside. `definition` says all that the measure
    /// depends on besides the layer.
    pub fn column(&self, definition: &str, measure: &Measure<'_>, layer: &Layer) -> Arc<Column> {
        let key = key(definition, &layer.definition().id);
        self.get(&key, Column::bytes, || Column::new(layer.len(), measure.is_search()))
    }

    /// Puts a column that was measured before; one that is there stays.
    pub fn restore(&self, definition: &str, layer: &str, column: Column) {
        self.get(&key(definition, layer), Column::bytes, || column);
    }

    /// The columns that are there, by key.
    pub fn columns(&self) -> Vec<(String, Arc<Column>)> {
        let state = self.lock();
        let column = |(key, entry): (&String, &Entry)| {
            let cell = Arc::clone(&entry.cell).downcast::<Cell<Column>>().ok()?;
            Some((key.clone(), Arc::clone(cell.value.get()?)))
        };
        let mut columns: Vec<_> = state.entries.iter().filter_map(column).collect();
        columns.sort_by(|a, b| a.0.cmp(&b.0));
        columns
    }

    /// Bytes held now.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    // A panic while the lock is held cannot leave the counts wrong by more than one entry.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a column is kept under.
fn key(definition: &str, layer: &str) -> String {
    format!("{definition} of {layer}")
}

impl State {
    fn cell<T: Send + Sync + 'static>(&mut self, key: &str) -> Arc<Cell<T>> {
        self.clock += 1;
        if let Some(entry) = self.entries.get_mut(key) {
            entry.used = self.clock;
            // A key names one type, as it names one making; a cell of another type would be left alone.
            return Arc::clone(&entry.cell).downcast().unwrap_or_default();
        }
        let cell: Arc<Cell<T>> = Arc::default();
        self.entries.insert(key.to_owned(), Entry { cell: Arc::clone(&cell) as _, bytes: 0, used: self.clock });
        cell
    }

    /// Counts what has just been made, and makes room for it.
    fn settle(&mut self, key: &str, bytes: usize, capacity: usize) {
        let Some(entry) = self.entries.get_mut(key).filter(|entry| entry.bytes == 0) else { return };
        entry.bytes = bytes.max(1);
        self.bytes += entry.bytes;
        while self.bytes > capacity {
            let others = self.entries.iter().filter(|(other, entry)| *other != key && entry.bytes > 0);
            let Some(oldest) = others.min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone()) else { return };
            self.bytes -= self.entries.remove(&oldest).map_or(0, |entry| entry.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn each_thing_is_made_once_and_the_longest_unused_leaves_first() {
        let memo = Memo::new(300);
        let made = AtomicUsize::new(0);
        let get = |key: &str| {
            memo.get(
                key,
                |_: &String| 100,
                || {
                    made.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    key.to_owned()
                },
            )
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(|| assert_eq!(*get("a"), "a")))));
        assert_eq!(made.load(Ordering::Relaxed), 1);
        for key in ["b", "c", "a", "d"] {
            get(key);
        }
        assert_eq!((made.load(Ordering::Relaxed), memo.bytes()), (4, 300));
        get("a");
        assert_eq!(made.load(Ordering::Relaxed), 4, "used again, it stayed");
        get("b");
        assert_eq!(made.load(Ordering::Relaxed), 5, "unused, it had left");
    }
}
