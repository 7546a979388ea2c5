//! `rejects/<snapshot>/<layer>.csv`: each row that was left out, each cell that was not understood, each repair.
//!
//! `what` is `row` (the row is not in the layer), `cell` (the row is, this value is unknown or doubtful) or `repair` (the
//! row is, its geometry was repaired).

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use crate::ingest::row::Note;
use crate::snapshot::manifest::ProblemKind;

/// The file of one layer, made when there is something to write.
pub struct Rejects<'p> {
    path: &'p Path,
    csv: Option<csv::Writer<BufWriter<File>>>,
}

impl<'p> Rejects<'p> {
    pub fn new(path: &'p Path) -> Rejects<'p> {
        Rejects { path, csv: None }
    }

    /// Writes a note, unless it is of a kind that is only counted.
    pub fn write(&mut self, file: &str, row: u64, note: &Note) -> io::Result<()> {
        let Some(what) = what(note.kind) else { return Ok(()) };
        let reason = reason(note);
        let column = note.column.as_deref().unwrap_or_default();
        let csv = match &mut self.csv {
            Some(csv) => csv,
            none => {
                let mut csv = csv::Writer::from_writer(BufWriter::new(File::create(self.path)?));
                csv.write_record(["what", "file", "row", "column", "value", "reason"])?;
                none.insert(csv)
            }
        };
        Ok(csv.write_record([what, file, &row.to_string(), column, &note.value, &reason])?)
    }

    /// Everything on the disk.
    pub fn finish(self) -> io::Result<()> {
        let Some(csv) = self.csv else { return Ok(()) };
        let buffer = csv.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        buffer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

/// Why, in words.
pub fn reason(note: &Note) -> String {
    match note.words.as_str() {
        "" => note.kind.words().to_owned(),
        words => format!("{}: {words}", note.kind.words()),
    }
}

fn what(kind: ProblemKind) -> Option<&'static str> {
    use ProblemKind as P;
    match kind {
        kind if kind.rejects() => Some("row"),
        P::UnreadableCell | P::ImplausiblePosition | P::ContradictedPosition => Some("cell"),
        P::Repaired => Some("repair"),
        _ => None,
    }
}
