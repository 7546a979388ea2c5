//! dBASE tables: the attributes of a Shapefile, or a table alone.
//!
//! The `dbase` crate was tried and left: it skips deleted rows silently (the shapes then slip by one), gives integers as
//! floats, and refuses a whole row for the `****` that programs write where a number did not fit. The format is a header and
//! rows of fixed width.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;

use super::archive::Plain;
use super::error::Cause;
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{encoding, header};

/// A table read from its first row to its last.
pub(super) struct Dbf {
    pub(super) columns: Vec<String>,
    pub(super) encoding: &'static Encoding,
    /// Rows in the file, deleted ones included.
    pub(super) total: u64,
    fields: Vec<Field>,
    from: BufReader<File>,
    /// How many rows were read, deleted ones included, and the last of them.
    read: u64,
    row: Vec<u8>,
}

struct Field {
    kind: u8,
    width: usize,
    decimals: u8,
}

const ROW_DELETED: u8 = b'*';
const END_OF_FIELDS: u8 = 0x0D;

impl Dbf {
    /// `declared` by the layer wins over `cpg`, the content of the companion file, and that over the header's own mark.
    pub(super) fn open(path: &Path, declared: Option<&str>, cpg: Option<&str>) -> Result<Dbf, Cause> {
        let mut from = BufReader::with_capacity(128 << 10, File::open(path)?);
        let mut head = [0; 32];
        from.read_exact(&mut head).map_err(|_| damaged("its .dbf ends within its header"))?;
        let total = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let header_width = u16::from_le_bytes([head[8], head[9]]);
        let row_width = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let mut descriptors = vec![0; usize::from(header_width).saturating_sub(32)];
        from.read_exact(&mut descriptors).map_err(|_| damaged("its .dbf ends within its header"))?;
        let mut fields = Vec::new();
        let mut names = Vec::new();
        for descriptor in descriptors.chunks_exact(32).take_while(|descriptor| descriptor[0] != END_OF_FIELDS) {
            let name = descriptor[..11].split(|&byte| byte == 0).next().unwrap_or_default();
            names.push(name.to_vec());
            fields.push(Field { kind: descriptor[11], width: usize::from(descriptor[16]), decimals: descriptor[17] });
        }
        if fields.is_empty() || 1 + fields.iter().map(|field| field.width).sum::<usize>() > row_width {
            return Err(damaged("its .dbf has a header that makes no sense"));
        }
        if std::fs::metadata(path)?.len() < u64::from(header_width) + total * row_width as u64 {
            return Err(damaged("its .dbf ends before its last row"));
        }
        let encoding = match declared.or(cpg) {
            Some(name) => encoding::named(name)?,
            None => marked(head[29])?.map_or_else(|| encoding::guess(File::open(path)?), Ok)?,
        };
        let columns = header::unique(names.iter().map(|name| encoding::decode(name, encoding).0));
        Ok(Dbf { columns, encoding, total, fields, from, read: 0, row: vec![0; row_width] })
    }

    /// The number, from 1, and the cells of the next row that is not deleted.
    pub(super) fn next(&mut self) -> std::io::Result<Option<(u64, Vec<Cell>, Notes)>> {
        loop {
            if self.read == self.total {
                return Ok(None);
            }
            self.from.read_exact(&mut self.row)?;
            self.read += 1;
            if self.row[0] != ROW_DELETED {
                let (cells, notes) = self.cells();
                return Ok(Some((self.read, cells, notes)));
            }
        }
    }

    fn cells(&self) -> (Vec<Cell>, Notes) {
        let mut notes = Notes::default();
        let mut rest = &self.row[1..];
        let mut cells = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let (bytes, after) = rest.split_at(field.width);
            rest = after;
            let (cell, recoded) = field.cell(bytes, self.encoding);
            notes.recoded |= recoded;
            cells.push(cell);
        }
        (cells, notes)
    }
}

impl Field {
    fn cell(&self, bytes: &[u8], encoding: &'static Encoding) -> (Cell, bool) {
        let (text, recoded) = encoding::decode(bytes, encoding);
        let text = text.trim_end_matches(['\0', ' ', '\t', '\r', '\n']);
        let trimmed = text.trim();
        let cell = match (self.kind, bytes) {
            (b'N' | b'F', _) => self.number(trimmed),
            (b'L', _) => match trimmed {
                "T" | "t" | "Y" | "y" => Cell::Boolean(true),
                "F" | "f" | "N" | "n" => Cell::Boolean(false),
                _ => Cell::Null,
            },
            (b'D', _) => date(trimmed),
            (b'I' | b'+', &[a, b, c, d]) => Cell::Integer(i32::from_le_bytes([a, b, c, d]).into()),
            (b'O' | b'B', &[a, b, c, d, e, f, g, h]) => Cell::number(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
            // The number of a block in a memo file, which is not read.
            (b'M' | b'G' | b'P', _) => Cell::Null,
            _ => Cell::text(text),
        };
        (cell, recoded && matches!(cell_kind(self.kind), Kind::Text))
    }

    /// What is not a number stays text for the layer to judge; `****` is a number that did not fit.
    fn number(&self, text: &str) -> Cell {
        if text.is_empty() || text.bytes().all(|byte| byte == b'*') {
            return Cell::Null;
        }
        match text.parse::<i64>() {
            Ok(number) if self.decimals == 0 => Cell::Integer(number),
            _ => text.parse().map_or_else(|_| Cell::text(text), Cell::number),
        }
    }
}

enum Kind {
    Text,
    Other,
}

fn cell_kind(kind: u8) -> Kind {
    if kind == b'C' { Kind::Text } else { Kind::Other }
}

fn date(text: &str) -> Cell {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "" | "00000000" => Cell::Null,
        _ if digits => Cell::Text(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])),
        _ => Cell::text(text),
    }
}

/// The language driver of the header (byte 29): only the marks whose meaning is the same to everybody.
fn marked(driver: u8) -> Result<Option<&'static Encoding>, Cause> {
    match driver {
        0x03 | 0x57 | 0x58 | 0x59 => Ok(Some(encoding_rs::WINDOWS_1252)),
        0xC8 => Ok(Some(encoding_rs::WINDOWS_1250)),
        0xC9 => Ok(Some(encoding_rs::WINDOWS_1251)),
        0x01 => Err(Cause::Encoding("DOS code page 437".to_owned())),
        0x02 => Err(Cause::Encoding("DOS code page 850".to_owned())),
        _ => Ok(None),
    }
}

pub(super) fn damaged(reason: &str) -> Cause {
    Cause::Damaged(reason.to_owned())
}

/// A .dbf without shapes: a table.
pub(super) fn open(plain: Plain, declared: Option<&str>) -> Result<Table, Cause> {
    let dbf = Dbf::open(&plain.path, declared, plain.cpg()?.as_deref())?;
    let (columns, encoding, total) = (dbf.columns.clone(), dbf.encoding.name(), Some(dbf.total));
    let mut rows = Rows { dbf, _plain: plain };
    Ok(Table { columns, crs: SourceCrs::Unstated, encoding, spatial: false, rows: table::rows(move || rows.next()), total })
}

struct Rows {
    dbf: Dbf,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let next = self.dbf.next()?;
        Ok(next.map(|(number, cells, notes)| Ok(Row { number, cells, geometry: None, notes })))
    }
}
