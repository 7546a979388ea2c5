//! Tiles as they go out, kept by address and encoding.
//!
//! Bounded by bytes: the body that was longest unused leaves first. Concurrent requests for one tile compute it once; the others wait
//! for it. What a body depends on beside its address (layers, filter, columns, snapshot) is in its key as text: a key that leaves
//! something out would show one caller another's tile.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::tiles::address::Address;
use crate::tiles::compress::Encoding;

/// What a body is the answer to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Layers and every parameter that changes the content.
    pub content: Arc<str>,
    pub address: Address,
    pub encoding: Encoding,
}

/// An encoded tile, shared and never copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub bytes: Arc<[u8]>,
    /// The strong validator of these very bytes, quotes included (RFC 9110 §8.8.3).
    pub etag: Arc<str>,
}

impl Body {
    pub fn new(bytes: Vec<u8>) -> Body {
        let hash = blake3::hash(&bytes).to_hex();
        Body { bytes: bytes.into(), etag: format!("\"{}\"", &hash[..16]).into() }
    }
}

/// Bookkeeping of an entry, about: key, map and queue.
const ENTRY_BYTES: usize = 256;

#[derive(Debug)]
pub struct Cache {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<Key, Entry>,
    /// Keys of computed bodies by time of last use.
    uses: BTreeMap<u64, Key>,
    clock: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    body: Arc<OnceLock<Body>>,
    /// Weight and time of last use; `None` while the body is being computed.
    kept: Option<(usize, u64)>,
}

impl Cache {
    /// A cache of at most `capacity` bytes; 0 keeps nothing but still computes concurrent requests once.
    pub fn new(capacity: usize) -> Cache {
        Cache { capacity, state: Mutex::default() }
    }

    /// The body of a key, if it is there.
    pub fn get(&self, key: &Key) -> Option<Body> {
        let mut state = self.lock();
        state.touch(key);
        state.entries.get(key)?.body.get().cloned()
    }

    /// The body of a key, computed by the first who asks.
    pub fn get_or_compute(&self, key: &Key, compute: impl FnOnce() -> Vec<u8>) -> Body {
        let cell = self.lock().enter(key);
        let body = cell.get_or_init(|| Body::new(compute())).clone();
        self.lock().settle(key, &body, self.capacity);
        body
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

impl State {
    fn enter(&mut self, key: &Key) -> Arc<OnceLock<Body>> {
        self.touch(key);
        match self.entries.get(key) {
            Some(entry) => Arc::clone(&entry.body),
            None => {
                let body = Arc::new(OnceLock::new());
                self.entries.insert(key.clone(), Entry { body: Arc::clone(&body), kept: None });
                body
            }
        }
    }

    fn touch(&mut self, key: &Key) {
        let Some((_, last_use)) = self.entries.get_mut(key).and_then(|entry| entry.kept.as_mut()) else { return };
        self.clock += 1;
        if let Some(key) = self.uses.remove(last_use) {
            self.uses.insert(self.clock, key);
        }
        *last_use = self.clock;
    }

    /// Counts a body that has just been computed, and makes room for it.
    fn settle(&mut self, key: &Key, body: &Body, capacity: usize) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if entry.kept.is_some() {
            return;
        }
        let weight = body.bytes.len() + key.content.len() + ENTRY_BYTES;
        if weight > capacity {
            self.entries.remove(key);
            return;
        }
        self.clock += 1;
        entry.kept = Some((weight, self.clock));
        self.uses.insert(self.clock, key.clone());
        self.bytes += weight;
        while self.bytes > capacity {
            let Some((_, oldest)) = self.uses.pop_first() else { break };
            if let Some(Entry { kept: Some((weight, _)), .. }) = self.entries.remove(&oldest) {
                self.bytes -= weight;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn key(column: u64) -> Key {
        Key { content: "zones".into(), address: Address::new(10, column, 0).unwrap(), encoding: Encoding::Gzip }
    }

    #[test]
    fn the_longest_unused_leaves_first() {
        let cache = Cache::new(3 * (1000 + ENTRY_BYTES + 5));
        for column in 0..3 {
            cache.get_or_compute(&key(column), || vec![column as u8; 1000]);
        }
        assert!(cache.get(&key(0)).is_some(), "used again");
        cache.get_or_compute(&key(3), || vec![3; 1000]);
        assert_eq!([0, 1, 2, 3].map(|column| cache.get(&key(column)).is_some()), [true, false, true, true]);
        assert_eq!(cache.bytes(), 3 * (1000 + ENTRY_BYTES + 5));
        assert_eq!(
            cache.get_or_compute(&key(9), || vec![0; 100_000]).bytes.len(),
            100_000,
            "too large to keep, answered all the same"
        );
        assert!(cache.get(&key(9)).is_none() && cache.get(&key(3)).is_some());
    }

    #[test]
    fn a_stampede_computes_once() {
        let cache = Cache::new(1 << 20);
        let computed = AtomicUsize::new(0);
        let bodies: Vec<Body> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        cache.get_or_compute(&key(7), || {
                            computed.fetch_add(1, Ordering::Relaxed);
                            std::thread::sleep(std::time::Duration::from_millis(30));
                            vec![7; 10]
                        })
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(computed.into_inner(), 1);
        assert!(bodies.iter().all(|body| body == &bodies[0] && Arc::ptr_eq(&body.bytes, &bodies[0].bytes)));
        assert_eq!(cache.bytes(), 10 + 5 + ENTRY_BYTES, "counted once");
    }

    #[test]
    fn a_failed_computation_can_be_tried_again() {
        let cache = Cache::new(1 << 20);
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            cache.get_or_compute(&key(1), || panic!("as if"));
        }));
        assert!(failed.is_err());
        assert_eq!(&*cache.get_or_compute(&key(1), || vec![1]).bytes, [1]);
    }

    #[test]
    fn different_bodies_have_different_validators() {
        let [a, b] = [vec![1], vec![2]].map(Body::new);
        assert!(a.etag != b.etag && a.etag.len() == 18);
    }
}
