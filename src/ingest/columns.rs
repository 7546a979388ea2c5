//! Where in a file each column of a layer is.

use std::collections::BTreeMap;

use crate::ingest::read::Cell;
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::{Column, LayerDefinition};

/// A layer's columns, found in one file's header.
#[derive(Debug)]
pub struct Plan<'d> {
    /// In the order of the layer's columns.
    pub columns: Vec<Planned<'d>>,
    filters: Vec<Filter<'d>>,
}

#[derive(Debug)]
pub struct Planned<'d> {
    pub name: &'d str,
    pub column: &'d Column,
    /// `None`: the file has no such column, and every value is unknown.
    pub place: Option<usize>,
}

#[derive(Debug)]
struct Filter<'d> {
    place: usize,
    values: &'d [String],
    keep: bool,
}

/// Finds the columns of a layer in a header.
///
/// # Errors
/// A required column, or one that rows are chosen by, is not there.
pub fn plan<'d>(definition: &'d LayerDefinition, header: &[String]) -> Result<Plan<'d>, ColumnError> {
    let columns = definition.columns.iter().map(|(name, column)| {
        let place = locate(&column.from, header);
        match place {
            None if column.required => Err(ColumnError::new(&column.from, header)),
            _ => Ok(Planned { name, column, place }),
        }
    });
    let columns = columns.collect::<Result<_, _>>()?;
    let mut filters = choose(&definition.read.only, true, header)?;
    filters.extend(choose(&definition.read.except, false, header)?);
    Ok(Plan { columns, filters })
}

fn choose<'d>(rules: &'d BTreeMap<String, Vec<String>>, keep: bool, header: &[String]) -> Result<Vec<Filter<'d>>, ColumnError> {
    let filter = |(name, values): (&'d String, &'d Vec<String>)| {
        let wanted = std::slice::from_ref(name);
        let place = locate(wanted, header).ok_or_else(|| ColumnError::new(wanted, header))?;
        Ok(Filter { place, values, keep })
    };
    rules.iter().map(filter).collect()
}

impl Plan<'_> {
    /// Whether the layer asks for a row with these cells.
    pub fn wants(&self, cells: &[Cell]) -> bool {
        self.filters.iter().all(|filter| {
            let written = cells.get(filter.place).map(Cell::written).unwrap_or_default();
            filter.values.iter().any(|value| value == written.trim()) == filter.keep
        })
    }
}

/// By preference of the names; each exactly, then without regard to case, then as a pattern whose last match counts.
fn locate(names: &[String], header: &[String]) -> Option<usize> {
    names.iter().find_map(|name| {
        let exact = header.iter().position(|column| column == name);
        let folded = || header.iter().position(|column| column.to_lowercase() == name.to_lowercase());
        exact.or_else(folded).or_else(|| latest(name, header))
    })
}

fn latest(pattern: &str, header: &[String]) -> Option<usize> {
    let pattern = pattern.to_lowercase();
    let fits = |column: &String| pattern.contains('*') && matches(&pattern, &column.to_lowercase());
    (0..header.len()).filter(|&place| fits(&header[place])).max_by_key(|&place| &header[place])
}

/// Whether `text` is `pattern`, where `*` stands for any run of characters.
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let tail = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = text.find(piece) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(tail)
}

#[derive(Debug, thiserror::Error)]
#[error("has no column {wanted}{}; it has {header}", suggestion(nearest))]
pub struct ColumnError {
    wanted: String,
    nearest: Option<String>,
    header: String,
}

impl ColumnError {
    fn new(names: &[String], header: &[String]) -> ColumnError {
        let quoted = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let mut shown = quoted(&header[..header.len().min(20)]).join(", ");
        if header.len() > 20 {
            shown += &format!(" and {} more", header.len() - 20);
        }
        let wanted = quoted(names).join(" or ");
        ColumnError { wanted, nearest: names.first().and_then(|name| nearest(name, header)), header: shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_preference_then_case_then_pattern() {
        let find = |names: &[&str], header: &[&str]| {
            let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            locate(&own(names), &own(header))
        };
        assert_eq!(find(&["insee", "code"], &["code", "INSEE"]), Some(1), "the first name, whatever its case");
        assert_eq!(find(&["code"], &["CODE", "code"]), Some(1), "exactly rather than by case");
        let years = ["NBFLUX_C15_ACTOCC15P", "NBFLUX_C21_ACTOCC15P", "NBFLUX_C19_ACTOCC15P"];
        assert_eq!(find(&["NBFLUX_C*_ACTOCC15P"], &years), Some(1), "the latest year");
        assert_eq!(find(&["NBFLUX_*"], &["FLUX_1"]), None);
    }

    #[test]
    fn a_star_stands_for_any_run() {
        for (pattern, text, fits) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*a", "a", false),
            ("*b*", "abc", true),
            ("*x*", "abc", false),
            ("a*b*c", "a-b-b-c", true),
            ("abc", "abc", true),
            ("ab", "abc", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
