//! One at a time for each key: those who ask for the same wait for the first, without a thread of their own.
//!
//! Who leaves while it is his turn gives it to the next.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

/// One gate for each key that somebody holds or waits for.
#[derive(Debug)]
pub struct Gates<K>(Mutex<HashMap<K, Weak<Gate<()>>>>);

impl<K> Default for Gates<K> {
    fn default() -> Self {
        Gates(Mutex::default())
    }
}

/// Gates that nobody holds are swept out when there are so many.
const SWEEP: usize = 256;

impl<K: Hash + Eq> Gates<K> {
    /// Waits for one's turn, which lasts as long as what is given back.
    pub async fn pass(&self, key: K) -> OwnedMutexGuard<()> {
        let gate = self.gate(key);
        gate.lock_owned().await
    }

    fn gate(&self, key: K) -> Arc<Gate<()>> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(&key).and_then(Weak::upgrade) {
            return gate;
        }
        if gates.len() >= SWEEP {
            gates.retain(|_, gate| gate.strong_count() > 0);
        }
        let gate = Arc::default();
        gates.insert(key, Arc::downgrade(&gate));
        gate
    }
}
