//! What is made of a snapshot's flows, once, and kept: the matrices, and on demand those of a filter and those between areas.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use super::CommutingError;
use super::aggregate::aggregate;
use super::drawn::bake::{Around, Baked, Direction};
use super::matrix::Matrix;
use super::places::{Places, Rest};
use super::read::{Taken, entries};
use super::words::{Filter, Words};
use crate::atlas::{Layer, View};
use crate::territory::{Geography, Level};

/// The layers that answers about commuting are made of.
pub const LAYERS: [&str; 9] = [
    "communes",
    "commuting-by-mode",
    "commuting-flows",
    "departements",
    "epci",
    "former-communes",
    "industry-territories",
    "labour-zones",
    "regions",
];

/// Flows over a geography.
#[derive(Debug)]
pub struct Commuting {
    pub geography: Geography,
    pub places: Places,
    /// All workers.
    pub flows: Matrix,
    pub taken: Taken,
    /// The same by mode and occupation, where a table tells.
    pub detail: Option<Detail>,
    filtered: Kept<Filter, Matrix>,
    between: Kept<(Level, Filter), Between>,
    baked: Kept<(Level, Filter), Baked>,
    stars: Kept<(Level, Filter, Level, String, Direction), Baked>,
}

#[derive(Debug)]
pub struct Detail {
    pub matrix: Matrix,
    pub words: Words,
    pub taken: Taken,
}

/// The matrix between the areas of a level, and the area of each place: areas, then what they leave over.
#[derive(Debug)]
pub struct Between {
    pub matrix: Matrix,
    pub slots: Vec<u32>,
}

impl Commuting {
    /// Reads the flows that a caller sees.
    ///
    /// # Errors
    /// `NoFlows`, or no communes to place them in.
    pub fn of(view: View<'_>) -> Result<Commuting, CommutingError> {
        let layer = view.layer("commuting-flows").ok_or(CommutingError::NoFlows)?;
        let geography = Geography::of(view)?;
        Ok(Commuting::made(geography, layer, view.layer("commuting-by-mode")))
    }

    fn made(geography: Geography, flows: &Layer, detail: Option<&Layer>) -> Commuting {
        let mut places = Places::new(&geography);
        let (rows, taken) = entries(flows, &geography, &mut places, None);
        let detailed = detail.map(|layer| {
            let words = Words::of(layer);
            let (rows, taken) = entries(layer, &geography, &mut places, Some(&words));
            (rows, words, taken)
        });
        let flows = Matrix::new(places.len(), rows);
        let detail = detailed.map(|(rows, words, taken)| Detail { matrix: Matrix::new(places.len(), rows), words, taken });
        let (filtered, between, baked, stars) = Default::default();
        Commuting { geography, places, flows, taken, detail, filtered, between, baked, stars }
    }

    /// Where the counts of a filter come from.
    ///
    /// # Errors
    /// `NoDetail`.
    pub fn source(&self, filter: &Filter) -> Result<&Taken, CommutingError> {
        if filter.is_all() { Ok(&self.taken) } else { Ok(&self.detail()?.taken) }
    }

    /// # Errors
    /// `NoDetail`.
    pub fn detail(&self) -> Result<&Detail, CommutingError> {
        self.detail.as_ref().ok_or(CommutingError::NoDetail)
    }

    /// The matrix of the workers that a filter keeps; `None` for all, who are in `flows`.
    ///
    /// # Errors
    /// `NoDetail`, `UnknownWord`.
    pub fn filtered(&self, filter: &Filter) -> Result<Option<Arc<Matrix>>, CommutingError> {
        if filter.is_all() {
            return Ok(None);
        }
        let Detail { matrix, words, .. } = self.detail()?;
        let kept = words.kept(filter)?;
        Ok(Some(self.filtered.get_or(filter, || matrix.only(kept))))
    }

    /// Flows between the areas of a level.
    ///
    /// # Errors
    /// `NoLevel`, `NoDetail`, `UnknownWord`.
    pub fn between(&self, level: Level, filter: &Filter) -> Result<Arc<Between>, CommutingError> {
        let filtered = self.filtered(filter)?;
        let slots = self.places.slots(&self.geography, level)?;
        let areas = self.geography.areas(level)?.len() + Rest::ALL.len();
        let matrix = filtered.as_deref().unwrap_or(&self.flows);
        Ok(self.between.get_or(&(level, filter.clone()), || Between { matrix: aggregate(matrix, &slots, areas), slots }))
    }

    /// A level ready to be drawn.
    ///
    /// # Errors
    /// `NoLevel`, `NoDetail`, `UnknownWord`.
    pub fn baked(&self, level: Level, filter: &Filter) -> Result<Arc<Baked>, CommutingError> {
        let between = self.between(level, filter)?;
        let areas = self.geography.areas(level)?;
        let filtered = self.filtered(filter)?;
        let flows = filtered.as_deref().unwrap_or(&self.flows);
        Ok(self.baked.get_or(&(level, filter.clone()), || Baked::of_level(self, level, areas, flows, &between)))
    }

    /// The flows of one territory ready to be drawn.
    ///
    /// # Errors
    /// `NoLevel`, `NoDetail`, `UnknownWord`.
    pub fn star(&self, level: Level, filter: &Filter, around: &Around) -> Result<Arc<Baked>, CommutingError> {
        let Around { territory, direction } = around;
        let key = (level, filter.clone(), territory.level, territory.code.clone(), *direction);
        if let Some(known) = self.stars.get(&key) {
            return Ok(known);
        }
        let made = Baked::of_star(self, level, filter, around)?;
        Ok(self.stars.get_or(&key, || made))
    }
}

/// Values made on demand; the oldest is forgotten for the newest beyond a number that suits people who try filters.
#[derive(Debug)]
struct Kept<K, V>(Mutex<Values<K, V>>);

#[derive(Debug)]
struct Values<K, V> {
    made: HashMap<K, Arc<V>>,
    /// Keys, oldest first.
    order: Vec<K>,
}

const KEPT: usize = 48;

impl<K, V> Default for Kept<K, V> {
    fn default() -> Kept<K, V> {
        Kept(Mutex::new(Values { made: HashMap::new(), order: Vec::new() }))
    }
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    fn get(&self, key: &K) -> Option<Arc<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).made.get(key).map(Arc::clone)
    }

    /// Two who ask at once for what is not there yet both make it; the first result is kept.
    fn get_or(&self, key: &K, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(known) = self.get(key) {
            return known;
        }
        let made = Arc::new(make());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = kept.made.get(key) {
            return Arc::clone(first);
        }
        if kept.order.len() >= KEPT {
            let oldest = kept.order.remove(0);
            kept.made.remove(&oldest);
        }
        kept.order.push(key.clone());
        kept.made.insert(key.clone(), Arc::clone(&made));
        made
    }
}
