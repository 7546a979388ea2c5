//! What every format becomes.

use geo_types::Geometry;

use super::error::Cause;

/// One file, opened.
pub struct Table {
    /// In the file's order, none empty, none twice (see [`super::header::unique`]).
    pub columns: Vec<String>,
    pub crs: SourceCrs,
    /// Name of the text encoding, such as `UTF-8` or `windows-1252`.
    pub encoding: &'static str,
    /// The file has a place for geometry, even where some or all rows leave it empty.
    pub spatial: bool,
    pub rows: Rows,
    /// Number of rows, where the format says so at once.
    pub total: Option<u64>,
}

pub type Rows = Box<dyn Iterator<Item = Result<Row, Fault>> + Send>;

/// Rows as `next` gives them, until it finds no more or the file fails: nothing follows either.
pub(super) fn rows(mut next: impl FnMut() -> Result<Option<Result<Row, RowError>>, Cause> + Send + 'static) -> Rows {
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let last = match next() {
            Ok(Some(row)) => return Some(row.map_err(Fault::Row)),
            Ok(None) => None,
            Err(cause) => Some(Err(Fault::File(cause))),
        };
        ended = true;
        last
    }))
}

/// The coordinate reference system that a file states for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceCrs {
    Unstated,
    Epsg(u32),
    /// A definition without an authority's code, in WKT or PROJJSON: whatever `proj` understands.
    Wkt(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// From 1; rejected rows count too.
    pub number: u64,
    /// As many as the table has columns.
    pub cells: Vec<Cell>,
    /// As written: any axis order, any number of points, perhaps NaN; rings are closed (see [`Notes::unclosed_rings`]).
    pub geometry: Option<Geometry<f64>>,
    pub notes: Notes,
}

/// What was seen on the way to a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes {
    /// Some position had a height or a measure, which is gone.
    pub z_dropped: bool,
    /// Rings whose last point was not their first, closed on reading: `geo_types` cannot hold an open ring.
    pub unclosed_rings: u32,
    /// SRID that stood with this geometry (EWKB, EWKT).
    pub srid: Option<u32>,
    /// Some text was not in the table's encoding and was read as Windows-1252.
    pub recoded: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Absent or empty.
    Null,
    /// Also dates (ISO 8601) and nested values (JSON).
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
}

impl Cell {
    /// Text, or null when there is none.
    pub fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned()) }
    }

    /// NaN is how several programs write an absent number.
    pub fn number(number: f64) -> Cell {
        if number.is_nan() { Cell::Null } else { Cell::Number(number) }
    }

    /// A single-precision number as the decimal that it was written from: 0.1, not 0.10000000149011612.
    pub fn float(number: f32) -> Cell {
        Cell::number(number.to_string().parse().unwrap_or(f64::from(number)))
    }

    pub fn unsigned(number: u64) -> Cell {
        i64::try_from(number).map_or(Cell::Number(number as f64), Cell::Integer)
    }

    /// The cell as a person would write it; null is empty.
    pub fn written(&self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Integer(number) => number.to_string(),
            Cell::Boolean(truth) => truth.to_string(),
        }
    }
}

/// Why an item is not a row.
#[derive(Debug)]
pub enum Fault {
    /// This row is rejected; reading goes on.
    Row(RowError),
    /// The rest of the file cannot be read; no row follows.
    File(Cause),
}

/// One rejected row.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("row {number}: {reason}")]
pub struct RowError {
    pub number: u64,
    pub column: Option<String>,
    /// The culprit, cut after 200 characters.
    pub value: String,
    pub reason: String,
}

impl RowError {
    pub fn new(number: u64, column: Option<&str>, value: &str, reason: impl Into<String>) -> RowError {
        let value = match value.char_indices().nth(200) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value.to_owned(),
        };
        RowError { number, column: column.map(str::to_owned), value, reason: reason.into() }
    }
}

impl From<RowError> for Fault {
    fn from(error: RowError) -> Fault {
        Fault::Row(error)
    }
}
