//! The id of each feature of a layer: its key, or its number.

use std::collections::HashMap;

use crate::layer::definition::{Duplicates, LayerDefinition};
use crate::layer::value::Value;
use crate::snapshot::manifest::ProblemKind;

/// Gives ids, in the order of the rows through all files of a layer.
pub struct Ids {
    /// Places of the key's columns among the layer's.
    key: Vec<usize>,
    duplicates: Duplicates,
    /// How many features have each key so far.
    taken: HashMap<String, u32>,
}

/// An id, or why there is none.
#[derive(Debug, PartialEq)]
pub enum Id {
    Own(String),
    /// Given with something to say about it.
    Given(String, ProblemKind),
    /// The row is rejected: this key is taken.
    Taken(String),
}

impl Ids {
    pub fn new(definition: &LayerDefinition) -> Ids {
        let place = |name: &String| definition.columns.keys().position(|column| column == name);
        let key = definition.key.iter().filter_map(place).collect();
        Ids { key, duplicates: definition.duplicates, taken: HashMap::new() }
    }

    /// The id of the row of this number, counted from 1 through all files of the layer.
    ///
    /// Key columns are joined by `/`; a second feature of the same key that is kept gets `~2`, a third `~3`.
    pub fn give(&mut self, row: u64, values: &[Value]) -> Id {
        let numbered = format!("#{row}");
        if self.key.is_empty() {
            return Id::Own(numbered);
        }
        if self.key.iter().any(|&place| values[place].is_unknown()) {
            return Id::Given(numbered, ProblemKind::MissingKey);
        }
        let key = self.key.iter().map(|&place| values[place].to_string()).collect::<Vec<_>>().join("/");
        let count = self.taken.entry(key.clone()).or_insert(0);
        *count += 1;
        match (*count, self.duplicates) {
            (1, _) => Id::Own(key),
            (_, Duplicates::Reject) => Id::Taken(key),
            (count, Duplicates::Keep) => Id::Given(format!("{key}~{count}"), ProblemKind::KeptDuplicate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_numbers_and_duplicates() {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut ids = Ids { key: vec![1, 0], duplicates: Duplicates::Keep, taken: HashMap::new() };
        assert_eq!(ids.give(1, &[text("a"), text("b")]), Id::Own("b/a".into()));
        assert_eq!(ids.give(2, &[text("a"), text("b")]), Id::Given("b/a~2".into(), ProblemKind::KeptDuplicate));
        assert_eq!(ids.give(3, &[text("a"), Value::Unknown]), Id::Given("#3".into(), ProblemKind::MissingKey));
        let mut ids = Ids { duplicates: Duplicates::Reject, ..ids };
        assert_eq!(ids.give(4, &[text("a"), text("b")]), Id::Taken("b/a".into()));
        let mut ids = Ids { key: vec![], ..ids };
        assert_eq!(ids.give(5, &[]), Id::Own("#5".into()));
    }
}
