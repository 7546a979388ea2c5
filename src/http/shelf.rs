//! What was made for a request, kept for the next one that asks the same: by key, made once at a time, bounded by bytes.
//!
//! Unlike a lock in memory, making may fail, and the one who makes may leave: then the next who waits makes it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::http::gates::Gates;

/// What was longest unused leaves first.
#[derive(Debug)]
pub struct Shelf<T> {
    capacity: usize,
    state: Mutex<State<T>>,
    /// One for each key that is being made.
    gates: Gates<String>,
}

#[derive(Debug)]
struct State<T> {
    kept: HashMap<String, Kept<T>>,
    clock: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Kept<T> {
    value: T,
    bytes: usize,
    used: u64,
}

impl<T: Clone> Shelf<T> {
    /// A shelf of at most `capacity` bytes; what is larger is made and not kept.
    pub fn new(capacity: usize) -> Shelf<T> {
        let state = State { kept: HashMap::new(), clock: 0, bytes: 0 };
        Shelf { capacity, state: Mutex::new(state), gates: Gates::default() }
    }

    pub fn get(&self, key: &str) -> Option<T> {
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        let kept = state.kept.get_mut(key)?;
        kept.used = now;
        Some(kept.value.clone())
    }

    /// What is kept under a key, or what `make` makes; those who ask meanwhile wait.
    ///
    /// # Errors
    /// Those of `make`; nothing is kept of them.
    pub async fn get_or_make<E>(
        &self,
        key: &str,
        bytes: impl FnOnce(&T) -> usize,
        make: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        if let Some(value) = self.get(key) {
            return Ok(value);
        }
        let _alone = self.gates.pass(key.to_owned()).await;
        if let Some(value) = self.get(key) {
            return Ok(value);
        }
        let value = make.await?;
        self.put(key, value.clone(), bytes(&value));
        Ok(value)
    }

    fn put(&self, key: &str, value: T, bytes: usize) {
        let bytes = bytes + key.len() + ENTRY_BYTES;
        if bytes > self.capacity {
            return;
        }
        let mut state = self.lock();
        state.clock += 1;
        let used = state.clock;
        let replaced = state.kept.insert(key.to_owned(), Kept { value, bytes, used });
        state.bytes += bytes;
        state.bytes -= replaced.map_or(0, |kept| kept.bytes);
        while state.bytes > self.capacity {
            let Some(oldest) = state.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| key.clone()) else { break };
            state.bytes -= state.kept.remove(&oldest).map_or(0, |kept| kept.bytes);
        }
    }

    /// Bytes held now.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    // A panic while the lock is held cannot leave the counts wrong by more than one entry.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bookkeeping of an entry, about.
const ENTRY_BYTES: usize = 128;

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    async fn make(made: &AtomicUsize) -> Result<u32, ()> {
        made.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(30)).await;
        Ok(7)
    }

    #[tokio::test]
    async fn concurrent_requests_make_it_once() {
        let (shelf, made) = (Arc::new(Shelf::new(1000)), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let (shelf, made) = (Arc::clone(&shelf), Arc::clone(&made));
            tokio::spawn(async move { shelf.get_or_make("a", |_| 4, make(&made)).await })
        };
        for asked in (0..16).map(|_| ask()).collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap(), Ok(7));
        }
        assert_eq!((made.load(Ordering::Relaxed), shelf.bytes()), (1, 4 + 1 + ENTRY_BYTES));
    }

    #[tokio::test]
    async fn whoever_waits_takes_over_from_one_who_fails_or_leaves() {
        let (shelf, made) = (Arc::new(Shelf::new(1000)), Arc::new(AtomicUsize::new(0)));
        let leaving = tokio::spawn({
            let shelf = Arc::clone(&shelf);
            async move { shelf.get_or_make::<()>("a", |_| 4, std::future::pending()).await }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        let waiting = tokio::spawn({
            let (shelf, made) = (Arc::clone(&shelf), Arc::clone(&made));
            async move { shelf.get_or_make("a", |_| 4, make(&made)).await }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert_eq!(made.load(Ordering::Relaxed), 0, "it waits");
        leaving.abort();
        assert_eq!(waiting.await.unwrap(), Ok(7));
        assert_eq!(shelf.get_or_make("b", |_| 4, async { Err("no") }).await, Err("no"));
        assert_eq!(shelf.get("b"), None);
    }

    #[tokio::test]
    async fn the_longest_unused_leaves_first() {
        let shelf = Shelf::new(3 * (100 + 1 + ENTRY_BYTES));
        for key in ["a", "b", "c"] {
            shelf.put(key, key, 100);
        }
        assert!(shelf.get("a").is_some());
        shelf.put("d", "d", 100);
        shelf.put("e", "too large", 10_000);
        assert_eq!(["a", "b", "c", "d", "e"].map(|key| shelf.get(key).is_some()), [true, false, true, true, false]);
    }
}
