//! CSV (RFC 4180: UTF-8 without a byte-order mark, commas, CRLF).
//!
//! A text that a spreadsheet would run as a formula (starting with `=`, `+`, `-`, `@`, a tab or a return) gets an apostrophe in
//! front, as OWASP advises against CSV injection; numbers stay numbers.

use crate::layer::table::Table;
use crate::layer::value::Value;
use crate::writing::Column;

/// The first row.
pub fn header(columns: &[Column]) -> String {
    line(columns.iter().map(|column| text(&column.name)))
}

pub fn row<'v>(cells: impl IntoIterator<Item = &'v Value>) -> String {
    line(cells.into_iter().map(cell))
}

/// A whole table.
pub fn table(table: &Table) -> String {
    let header = line(table.names.iter().map(|name| text(name)));
    std::iter::once(header).chain(table.rows.iter().map(row)).collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(word) => text(word),
        other => other.to_string(),
    }
}

/// A text cell: harmless in a spreadsheet, quoted where CSV needs it.
fn text(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_name_never_runs_as_a_formula() {
        assert_eq!(text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(text("-1+2"), "'-1+2");
        assert_eq!(text("@sum"), "'@sum");
        assert_eq!(text("ZI, nord"), "\"ZI, nord\"");
        assert_eq!(text("ZI"), "ZI");
    }
}
