//! A column of a file: its name, its type, and the unit of its numbers.

use std::collections::BTreeSet;

use crate::layer::definition::FieldType;

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub kind: FieldType,
    pub unit: Option<&'static str>,
}

/// Names that differ by more than their case and hold no control character, for formats that need them so. `reserved` are names
/// that the format keeps for itself.
pub fn distinct_names(columns: &[Column], reserved: &[&str]) -> Vec<String> {
    let mut taken: BTreeSet<String> = reserved.iter().map(|name| name.to_lowercase()).collect();
    let distinct = |column: &Column| {
        let name: String = column.name.chars().filter(|letter| !letter.is_control()).collect();
        let mut candidates = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name} {number}")));
        candidates.find(|name| taken.insert(name.to_lowercase())).unwrap_or(name)
    };
    columns.iter().map(distinct).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_case_alone_are_told_apart() {
        let column = |name: &str| Column { name: name.to_owned(), kind: FieldType::Text, unit: None };
        let names = distinct_names(&["Rail.value", "rail.value", "ra\0il.value", "x", "fid"].map(column), &["fid"]);
        assert_eq!(names, ["Rail.value", "rail.value 2", "rail.value 3", "x", "fid 2"]);
    }
}
