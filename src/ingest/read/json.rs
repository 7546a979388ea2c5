//! JSON, one element at a time, and arrays of plain objects as tables.
//!
//! The elements of a long array are told apart by their brackets and quotes alone, then handed whole to serde_json. A stream
//! deserialiser would stop for good at the first element that is not as expected; here one bad element costs itself only.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Map, Value};

use super::archive::Plain;
use super::error::Cause;
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{encoding, geojson, header};

/// The longest element.
const MAX_ELEMENT: usize = 256 << 20;

/// The bytes of a JSON file, in UTF-8, cut where JSON cuts them.
pub(super) struct Scanner {
    from: BufReader<encoding::Utf8<File>>,
}

impl Scanner {
    pub(super) fn open(path: &Path) -> Result<Scanner, Cause> {
        let encoding = encoding::of_file(path, None)?;
        Ok(Scanner { from: BufReader::with_capacity(256 << 10, encoding::Utf8::new(File::open(path)?, encoding)?) })
    }

    /// The next byte that is not blank, not consumed.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Cause> {
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            // 0x1E separates the records of RFC 8142.
            let blanks = buffer.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x1E).count();
            let next = buffer.get(blanks).copied();
            self.from.consume(blanks);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    pub(super) fn skip(&mut self) {
        self.from.consume(1);
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), Cause> {
        match self.peek()? {
            Some(byte) if byte == wanted => {
                self.skip();
                Ok(())
            }
            Some(byte) => Err(broken(format!("`{}` where `{}` belongs", byte.escape_ascii(), wanted as char))),
            None => Err(cut()),
        }
    }

    /// One whole value: to its closing bracket or quote, or to the delimiter after a number or a word.
    pub(super) fn value(&mut self) -> Result<Vec<u8>, Cause> {
        let mut value = Vec::new();
        let mut state = Outline::default();
        self.peek()?;
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return if state.is_bare(&value) { Ok(value) } else { Err(cut()) };
            }
            let (taken, whole) = state.advance(buffer);
            value.extend_from_slice(&buffer[..taken]);
            self.from.consume(taken);
            if whole {
                return Ok(value);
            }
            if value.len() > MAX_ELEMENT {
                return Err(broken(format!("one element is longer than {} MiB", MAX_ELEMENT >> 20)));
            }
        }
    }

    /// The name of an object's next member, its colon consumed; `None` at the end of the object.
    pub(super) fn member(&mut self, first: bool) -> Result<Option<String>, Cause> {
        if self.peek()? == Some(b'}') {
            self.skip();
            return Ok(None);
        }
        if !first {
            self.expect(b',')?;
        }
        let name = self.value()?;
        let name = serde_json::from_slice(&name).map_err(|_| broken("a member without a name".to_owned()))?;
        self.expect(b':')?;
        Ok(Some(name))
    }

    /// The next element of an array; `None` at its end.
    pub(super) fn element(&mut self, first: bool) -> Result<Option<Vec<u8>>, Cause> {
        if self.peek()? == Some(b']') {
            self.skip();
            return Ok(None);
        }
        if !first {
            self.expect(b',')?;
        }
        self.value().map(Some)
    }
}

fn broken(reason: String) -> Cause {
    Cause::Damaged(format!("its JSON has {reason}"))
}

fn cut() -> Cause {
    Cause::Damaged("its JSON ends in the middle".to_owned())
}

/// Where in a value a scan is.
#[derive(Default)]
struct Outline {
    depth: usize,
    in_text: bool,
    escaped: bool,
    started: bool,
}

impl Outline {
    /// How many bytes belong to the value, and whether it is whole.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (index, &byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
                if !self.in_text && self.depth == 0 {
                    return (index + 1, true);
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' | b',' | b':' if self.depth == 0 => return (index, true),
                b'}' | b']' => self.depth -= 1,
                byte if self.depth == 0 && self.started && byte.is_ascii_whitespace() => return (index, true),
                _ => {}
            }
            if self.depth == 0 && matches!(byte, b'}' | b']') {
                return (index + 1, true);
            }
            self.started = true;
        }
        (bytes.len(), false)
    }

    /// Whether a value that the end of the file cuts is whole all the same: a number or a word.
    fn is_bare(&self, value: &[u8]) -> bool {
        self.depth == 0 && !self.in_text && !value.is_empty()
    }
}

/// `.json`: GeoJSON when it is an object, a table when it is an array of objects.
pub(super) fn open(plain: Plain) -> Result<Table, Cause> {
    let mut scanner = Scanner::open(&plain.path)?;
    if scanner.peek()? != Some(b'[') {
        return geojson::open(plain);
    }
    let (names, total) = survey(&mut scanner)?;
    let mut scanner = Scanner::open(&plain.path)?;
    scanner.expect(b'[')?;
    let columns = header::unique(&names);
    let mut rows = Rows { scanner, names, number: 0, _plain: plain };
    let crs = SourceCrs::Unstated;
    Ok(Table { columns, crs, encoding: "UTF-8", spatial: false, rows: table::rows(move || rows.next()), total: Some(total) })
}

/// Reads the array through for its columns, in order of appearance, and its length.
fn survey(scanner: &mut Scanner) -> Result<(Vec<String>, u64), Cause> {
    scanner.expect(b'[')?;
    let mut names = Names::default();
    let mut total = 0;
    while let Some(element) = scanner.element(total == 0)? {
        total += 1;
        if let Ok(object) = serde_json::from_slice::<Map<String, Value>>(&element) {
            object.keys().for_each(|name| names.add(name));
        }
    }
    Ok((names.in_order, total))
}

/// Names in the order in which they first appear.
#[derive(Default)]
pub(super) struct Names {
    pub(super) in_order: Vec<String>,
    seen: std::collections::HashSet<String>,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        if !self.seen.contains(name) {
            self.seen.insert(name.to_owned());
            self.in_order.push(name.to_owned());
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.seen.contains(name)
    }
}

pub(super) fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(truth) => Cell::Boolean(truth),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Cell::Integer(number),
            None => number.as_f64().map_or(Cell::Null, Cell::Number),
        },
        Value::String(text) if text.is_empty() => Cell::Null,
        Value::String(text) => Cell::Text(text),
        nested => Cell::Text(nested.to_string()),
    }
}

struct Rows {
    scanner: Scanner,
    names: Vec<String>,
    number: u64,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let Some(element) = self.scanner.element(self.number == 0)? else { return Ok(None) };
        self.number += 1;
        Ok(Some(self.row(&element)))
    }

    fn row(&self, element: &[u8]) -> Result<Row, RowError> {
        let object: Result<Map<String, Value>, _> = serde_json::from_slice(element);
        let mut object = object.map_err(|error| {
            RowError::new(self.number, None, &String::from_utf8_lossy(element), format!("it is not a JSON object ({error})"))
        })?;
        let cells = self.names.iter().map(|name| object.remove(name).map_or(Cell::Null, cell)).collect();
        Ok(Row { number: self.number, cells, geometry: None, notes: Notes::default() })
    }
}
