//! Tiles as they go out, kept by address and encoding.
//!
//! Bounded by bytes: the body that was longest unused leaves first. What a body depends on beside its address (layers, filter, columns, snapshot) is in its key as text: a key that leaves
//! something out would show one caller another's tile.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Keys by time of last use.
    uses: BTreeMap<u64, Key>,
    clock: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    body: Body,
    weight: usize,
    last_use: u64,
}

impl Cache {
    /// A cache of at most `capacity` bytes; 0 keeps nothing.
    pub fn new(capacity: usize) -> Cache {
        Cache { capacity, state: Mutex::default() }
    }

    /// The body of a key, if it is there.
    pub fn get(&self, key: &Key) -> Option<Body> {
        let mut state = self.lock();
        state.touch(key);
        state.entries.get(key).map(|entry| entry.body.clone())
    }

    /// Keeps a body, unless it is larger than all there is room for.
    pub fn put(&self, key: &Key, body: &Body) {
        self.lock().put(key, body, self.capacity);
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
    fn touch(&mut self, key: &Key) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        self.clock += 1;
        if let Some(key) = self.uses.remove(&entry.last_use) {
            self.uses.insert(self.clock, key);
        }
        entry.last_use = self.clock;
    }

    fn put(&mut self, key: &Key, body: &Body, capacity: usize) {
        let weight = body.bytes.len() + key.content.len() + ENTRY_BYTES;
        if weight > capacity || self.entries.contains_key(key) {
            return;
        }
        self.clock += 1;
        self.entries.insert(key.clone(), Entry { body: body.clone(), weight, last_use: self.clock });
        self.uses.insert(self.clock, key.clone());
        self.bytes += weight;
        while self.bytes > capacity {
            let Some((_, oldest)) = self.uses.pop_first() else { break };
            self.bytes -= self.entries.remove(&oldest).map_or(0, |entry| entry.weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(column: u64) -> Key {
        Key { content: "zones".into(), address: Address::new(10, column, 0).unwrap(), encoding: Encoding::Gzip }
    }

    #[test]
    fn the_longest_unused_leaves_first() {
        let cache = Cache::new(3 * (1000 + ENTRY_BYTES + 5));
        let put = |column: u64, length: usize| cache.put(&key(column), &Body::new(vec![column as u8; length]));
        (0..3).for_each(|column| put(column, 1000));
        assert!(cache.get(&key(0)).is_some(), "used again");
        put(3, 1000);
        assert_eq!([0, 1, 2, 3].map(|column| cache.get(&key(column)).is_some()), [true, false, true, true]);
        put(3, 1000);
        assert_eq!(cache.bytes(), 3 * (1000 + ENTRY_BYTES + 5), "counted once");
        put(9, 100_000);
        assert!(cache.get(&key(9)).is_none() && cache.get(&key(3)).is_some(), "too large to keep");
    }

    #[test]
    fn different_bodies_have_different_validators() {
        let [a, b] = [vec![1], vec![2]].map(Body::new);
        assert!(a.etag != b.etag && a.etag.len() == 18);
    }
}
