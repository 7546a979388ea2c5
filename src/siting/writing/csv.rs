//! An answer as CSV: one row a listed site.

use crate::siting::answer::Answer;
use crate::siting::writing::columns::{cells, columns, listed};
use crate::writing::csv::{header, row};

/// The listed sites, passing ones first.
pub fn write(answer: &Answer) -> String {
    let columns = columns(answer);
    let rows = listed(answer).map(|(site, verdict)| row(&cells(&columns, site, verdict)));
    std::iter::once(header(&columns)).chain(rows).collect()
}
