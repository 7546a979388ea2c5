//! Column names that can be told apart.

use std::collections::HashSet;

/// Trimmed; an empty name becomes `column_3` (its place, from 1), a repeated one `name_2`, `name_3`, ...
pub(super) fn unique<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut unique = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let name = name.as_ref().trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        let name = if name.is_empty() { format!("column_{}", place + 1) } else { name.to_owned() };
        let free = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}_{n}"))).find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        unique.push(name);
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        assert_eq!(unique(["a", "", " b ", "a", "a_2", "a"]), ["a", "column_2", "b", "a_2", "a_2_2", "a_3"]);
    }
}
