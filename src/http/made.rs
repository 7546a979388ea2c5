//! What is made of a snapshot once and kept as long as it is served: one for each set of layers that callers see of those it is
//! made of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::atlas::View;

type Cell<T, E> = Arc<OnceLock<Result<Arc<T>, E>>>;

#[derive(Debug)]
pub struct Made<T, E>(Mutex<HashMap<String, Cell<T, E>>>);

impl<T, E> Default for Made<T, E> {
    fn default() -> Made<T, E> {
        Made(Mutex::default())
    }
}

impl<T, E: Clone> Made<T, E> {
    /// Made by the first who asks of those who see the same of `layers`; the others wait.
    ///
    /// # Errors
    /// Those of `make`, to each who asks.
    pub fn of<'v>(&self, view: View<'v>, layers: &[&str], make: impl FnOnce(View<'v>) -> Result<T, E>) -> Result<Arc<T>, E> {
        let seen: Vec<&str> = layers.iter().copied().filter(|id| view.layer(id).is_some()).collect();
        let cell = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(seen.join(",")).or_default());
        cell.get_or_init(|| make(view).map(Arc::new)).clone()
    }
}
