//! An answer that is a list, as rows of cells under names: what becomes CSV and the columns of a terminal.

use super::value::Value;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pub names: Vec<String>,
    /// Each as long as the names.
    pub rows: Vec<Vec<Value>>,
}
