//! Reading: every format there and back, every published file to hand, every hostile case.

mod binary;
mod hostile;
mod make;
mod published;
mod written;

use std::path::Path;

use emprise::ingest::read::{Cause, Cell, Fault, ReadError, Row, RowError, SourceCrs, Table, list, open};
use emprise::layer::definition::Read;

/// A table read to its end.
pub struct Whole {
    pub columns: Vec<String>,
    pub crs: SourceCrs,
    pub encoding: &'static str,
    pub total: Option<u64>,
    pub rows: Vec<Row>,
    pub rejected: Vec<RowError>,
    /// What ended the reading early.
    pub ended: Option<Cause>,
}

impl Whole {
    pub fn of(table: Table) -> Whole {
        let Table { columns, crs, encoding, total, rows, .. } = table;
        let mut whole = Whole { columns, crs, encoding, total, rows: vec![], rejected: vec![], ended: None };
        for row in rows {
            match row {
                Ok(row) => whole.rows.push(row),
                Err(Fault::Row(error)) => whole.rejected.push(error),
                Err(Fault::File(cause)) => whole.ended = Some(cause),
            }
        }
        whole
    }

    pub fn cell(&self, row: usize, column: &str) -> &Cell {
        let index = self.columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("{column}: {:?}", self.columns));
        &self.rows[row].cells[index]
    }

    pub fn text(&self, row: usize, column: &str) -> String {
        self.cell(row, column).written()
    }

    pub fn placed(&self) -> usize {
        self.rows.iter().filter(|row| row.geometry.is_some()).count()
    }
}

pub fn try_read(path: &Path, read: &Read) -> Result<Whole, ReadError> {
    let files = list(&[path.to_owned()])?;
    assert_eq!(files.len(), 1, "{files:?}");
    open(&files[0], read).map(Whole::of)
}

/// Reads `bytes` under a name of its own.
pub fn read_bytes(name: &str, bytes: &[u8], read: &Read) -> Result<Whole, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    try_read(&path, read)
}

/// The sentence that refuses these bytes under this name.
pub fn refusal(name: &str, bytes: &[u8]) -> String {
    match read_bytes(name, bytes, &Read::default()) {
        Err(error) => error.to_string(),
        Ok(whole) => match whole.ended {
            Some(cause) => format!("{name}: {cause}"),
            None => panic!("{name} was read: {} rows", whole.rows.len()),
        },
    }
}
