//! CSV and TSV: any delimiter, quote and encoding; every cell is text.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::layer::definition::Read as Options;

use super::archive::Plain;
use super::error::Cause;
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{encoding, header};

/// The longest row, and so the most memory that an unclosed quote can cost.
const MAX_ROW: u64 = 64 << 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn open(plain: Plain, options: &Options) -> Result<Table, Cause> {
    let encoding = encoding::of_file(&plain.path, options.encoding.as_deref())?;
    let quote = ascii("quote", options.quote.unwrap_or('"'))?;
    let text = || -> io::Result<_> { encoding::Utf8::new(File::open(&plain.path)?, encoding) };
    let delimiter = match options.delimiter {
        Some(delimiter) => ascii("delimiter", delimiter)?,
        None => detect(text()?, quote)?,
    };
    let room = Arc::new(AtomicU64::new(MAX_ROW));
    let reader = Rationed { from: text()?, room: room.clone() };
    let mut reader = builder(delimiter, quote).from_reader(reader);
    let names = reader.byte_headers().map_err(cause)?;
    let columns = header::unique(names.iter().map(|name| encoding::decode(name, encoding_rs::UTF_8).0));
    let mut rows = Rows { reader, room, columns: columns.clone(), number: 0, _plain: plain };
    Ok(Table {
        columns,
        crs: SourceCrs::Unstated,
        encoding: encoding.name(),
        spatial: false,
        rows: table::rows(move || rows.next()),
        total: None,
    })
}

fn builder(delimiter: u8, quote: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).quote(quote).flexible(true);
    builder
}

/// The delimiter that cuts the header into the most cells; a comma when none cuts it.
fn detect(text: impl Read, quote: u8) -> Result<u8, Cause> {
    let mut sample = Vec::new();
    text.take(64 << 10).read_to_end(&mut sample)?;
    let cells = |delimiter: u8| {
        let mut reader = builder(delimiter, quote).from_reader(&sample[..]);
        reader.byte_headers().map_or(0, |names| names.len())
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|&delimiter| cells(delimiter));
    Ok(best.unwrap_or(b','))
}

fn ascii(what: &'static str, character: char) -> Result<u8, Cause> {
    let byte = u8::try_from(character).ok().filter(u8::is_ascii);
    byte.ok_or(Cause::Character { what, character })
}

fn cause(error: csv::Error) -> Cause {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => Cause::Damaged(error.to_string()),
        csv::ErrorKind::Io(error) => Cause::Io(error),
        kind => Cause::Damaged(format!("{kind:?}")),
    }
}

struct Rows {
    reader: csv::Reader<Rationed<encoding::Utf8<File>>>,
    room: Arc<AtomicU64>,
    columns: Vec<String>,
    number: u64,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let mut record = csv::ByteRecord::new();
        self.room.store(MAX_ROW, Ordering::Relaxed);
        if !self.reader.read_byte_record(&mut record).map_err(cause)? {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.row(&record)))
    }

    fn row(&self, record: &csv::ByteRecord) -> Result<Row, RowError> {
        if record.len() != self.columns.len() {
            let line = record.position().map_or(0, csv::Position::line);
            let reason = format!("{} cells where the header has {} (line {line})", record.len(), self.columns.len());
            let whole: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            return Err(RowError::new(self.number, None, &whole.join(" | "), reason));
        }
        let mut notes = Notes::default();
        let mut cells = Vec::with_capacity(record.len());
        for bytes in record {
            let (text, recoded) = encoding::decode(bytes, encoding_rs::UTF_8);
            notes.recoded |= recoded;
            cells.push(if text.is_empty() { Cell::Null } else { Cell::Text(text) });
        }
        Ok(Row { number: self.number, cells, geometry: None, notes })
    }
}

/// Fails once more than `room` bytes were read since it was last filled up.
struct Rationed<R> {
    from: R,
    room: Arc<AtomicU64>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        let room = self.room.load(Ordering::Relaxed);
        if count as u64 > room {
            let message = format!("one row is longer than {} MiB; a quote may be unclosed", MAX_ROW >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.room.store(room - count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
