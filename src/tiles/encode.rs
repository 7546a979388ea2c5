//! Mapbox Vector Tile 2.1, written: geometries as commands, attributes as numbered words, all as protobuf.
//!
//! Each key and each value is written once a layer and named by number (§4.4). Integers keep their sign out of the ten bytes that
//! protobuf gives a negative one (zigzag), numbers that a 32-bit float holds exactly are written as one, dates as ISO 8601 text. An
//! unknown value is no tag at all.

use crate::layer::value::Value;
use crate::tiles::numbers::Numbers;
use crate::tiles::quantise::Cell;

/// §4.3.4: geometry types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Type {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A layer being written.
pub struct LayerWriter {
    name: String,
    extent: u32,
    features: Vec<u8>,
    keys: Vec<String>,
    values: Vec<u8>,
    numbers: Numbers,
    tags: Vec<u32>,
    message: Vec<u8>,
    scratch: Vec<u8>,
    note: Option<String>,
}

/// The field of a layer that the format leaves to extensions (its numbers 16 and above): readers that do not know it pass it by.
pub const NOTE: u64 = 16;

impl LayerWriter {
    pub fn new(name: &str, extent: u32, keys: Vec<String>) -> LayerWriter {
        LayerWriter {
            name: name.to_owned(),
            extent,
            keys,
            features: Vec::new(),
            values: Vec::new(),
            numbers: Numbers::default(),
            tags: Vec::new(),
            message: Vec::new(),
            scratch: Vec::new(),
            note: None,
        }
    }

    /// A line about the layer in this tile, as text in the field [`NOTE`].
    pub fn note(&mut self, note: &str) {
        self.note = Some(note.to_owned());
    }

    /// The number of a value, `None` for one that is unknown.
    pub fn value(&mut self, value: &Value) -> Option<u32> {
        let mut bytes = std::mem::take(&mut self.scratch);
        bytes.clear();
        let known = write_value(value, &mut bytes);
        let number = known.then(|| self.number(&bytes));
        self.scratch = bytes;
        number
    }

    /// The number of a text.
    pub fn text(&mut self, text: &str) -> u32 {
        let mut bytes = std::mem::take(&mut self.scratch);
        bytes.clear();
        write_bytes(1, text.as_bytes(), &mut bytes);
        let number = self.number(&bytes);
        self.scratch = bytes;
        number
    }

    fn number(&mut self, bytes: &[u8]) -> u32 {
        self.numbers.of(bytes, || write_bytes(4, bytes, &mut self.values))
    }

    /// Gives the feature being written a tag: the number of a key and that of a value.
    pub fn tag(&mut self, key: usize, value: u32) {
        self.tags.extend([key as u32, value]);
    }

    /// Writes a feature with the tags given since the last one.
    pub fn feature(&mut self, id: u64, kind: Type, commands: &[u32]) {
        self.message.clear();
        write_number(1, id, &mut self.message);
        write_packed(2, &self.tags, &mut self.message, &mut self.scratch);
        write_number(3, kind as u64, &mut self.message);
        write_packed(4, commands, &mut self.message, &mut self.scratch);
        write_bytes(2, &self.message, &mut self.features);
        self.tags.clear();
    }

    /// Appends the layer to a tile; a layer without features is left out.
    pub fn finish(self, tile: &mut Vec<u8>) {
        if self.features.is_empty() {
            return;
        }
        let mut layer = Vec::with_capacity(self.features.len() + self.values.len() + 256);
        write_number(15, 2, &mut layer);
        write_bytes(1, self.name.as_bytes(), &mut layer);
        layer.extend(self.features);
        for key in &self.keys {
            write_bytes(3, key.as_bytes(), &mut layer);
        }
        layer.extend(self.values);
        write_number(5, u64::from(self.extent), &mut layer);
        if let Some(note) = &self.note {
            write_bytes(NOTE, note.as_bytes(), &mut layer);
        }
        write_bytes(3, &layer, tile);
    }
}

/// The commands of a geometry (§4.3.1), relative to the last point written.
#[derive(Debug, Default)]
pub struct Commands {
    commands: Vec<u32>,
    cursor: Cell,
}

/// A place in a geometry being written.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    length: usize,
    cursor: Cell,
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

impl Commands {
    pub fn as_slice(&self) -> &[u32] {
        &self.commands
    }

    /// Begins a geometry, and says where its commands begin.
    pub fn start(&mut self) -> usize {
        self.cursor = [0; 2];
        self.commands.len()
    }

    /// Where the geometry has come to, to return to.
    pub fn mark(&self) -> Mark {
        Mark { length: self.commands.len(), cursor: self.cursor }
    }

    /// Takes back what was written since.
    pub fn return_to(&mut self, mark: Mark) {
        self.commands.truncate(mark.length);
        self.cursor = mark.cursor;
    }

    pub fn points(&mut self, points: &[Cell]) {
        self.command(MOVE_TO, points.len());
        points.iter().for_each(|&point| self.go(point));
    }

    pub fn line(&mut self, line: &[Cell]) {
        let Some((&first, rest)) = line.split_first() else { return };
        self.command(MOVE_TO, 1);
        self.go(first);
        self.command(LINE_TO, rest.len());
        rest.iter().for_each(|&point| self.go(point));
    }

    /// A ring that is not closed: its closing edge is the command's.
    pub fn ring(&mut self, ring: &[Cell]) {
        self.line(ring);
        self.command(CLOSE_PATH, 1);
    }

    fn command(&mut self, command: u32, count: usize) {
        self.commands.push(command | (count as u32) << 3);
    }

    fn go(&mut self, to: Cell) {
        let zigzag = |step: i32| ((step << 1) ^ (step >> 31)) as u32;
        self.commands.extend([zigzag(to[0] - self.cursor[0]), zigzag(to[1] - self.cursor[1])]);
        self.cursor = to;
    }
}

/// §4.1: a value, its type told by its field. False for one that is unknown.
fn write_value(value: &Value, out: &mut Vec<u8>) -> bool {
    match value {
        Value::Unknown => return false,
        Value::Text(text) => write_bytes(1, text.as_bytes(), out),
        Value::Date(date) => write_bytes(1, date.to_string().as_bytes(), out),
        Value::Number(number) if f64::from(*number as f32) == *number => {
            write_varint(2 << 3 | 5, out);
            out.extend((*number as f32).to_le_bytes());
        }
        Value::Number(number) => {
            write_varint(3 << 3 | 1, out);
            out.extend(number.to_le_bytes());
        }
        Value::Integer(integer) => match u64::try_from(*integer) {
            Ok(positive) => write_number(5, positive, out),
            Err(_) => write_number(6, ((integer << 1) ^ (integer >> 63)) as u64, out),
        },
        Value::Boolean(boolean) => write_number(7, u64::from(*boolean), out),
    }
    true
}

fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn write_number(field: u64, value: u64, out: &mut Vec<u8>) {
    write_varint(field << 3, out);
    write_varint(value, out);
}

pub(super) fn write_bytes(field: u64, bytes: &[u8], out: &mut Vec<u8>) {
    write_varint(field << 3 | 2, out);
    write_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn write_packed(field: u64, values: &[u32], out: &mut Vec<u8>, scratch: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    scratch.clear();
    values.iter().for_each(|&value| write_varint(u64::from(value), scratch));
    write_bytes(field, scratch, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked examples of the specification, §4.3.5.
    #[test]
    fn commands_are_those_of_the_specification() {
        let commands = |draw: &dyn Fn(&mut Commands)| {
            let mut commands = Commands::default();
            draw(&mut commands);
            commands.commands
        };
        assert_eq!(commands(&|c| c.points(&[[25, 17]])), [9, 50, 34]);
        assert_eq!(commands(&|c| c.points(&[[5, 7], [3, 2]])), [17, 10, 14, 3, 9]);
        assert_eq!(commands(&|c| c.line(&[[2, 2], [2, 10], [10, 10]])), [9, 4, 4, 18, 0, 16, 16, 0]);
        assert_eq!(
            commands(&|c| {
                c.line(&[[2, 2], [2, 10], [10, 10]]);
                c.line(&[[1, 1], [3, 5]]);
            }),
            [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]
        );
        assert_eq!(commands(&|c| c.ring(&[[3, 6], [8, 12], [20, 34]])), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn each_value_is_written_once() {
        let mut layer = LayerWriter::new("l", 4096, vec!["k".into()]);
        let date = "2024-10-31".parse().unwrap();
        let values = [
            Value::Text("a".into()),
            Value::Number(0.5),
            Value::Number(0.1),
            Value::Integer(5),
            Value::Integer(-5),
            Value::Boolean(true),
            Value::Date(date),
        ];
        let numbers: Vec<_> = values.iter().map(|value| layer.value(value)).collect();
        assert_eq!(numbers, (0..7).map(Some).collect::<Vec<_>>());
        assert_eq!((layer.value(&Value::Unknown), layer.text("a"), layer.text("2024-10-31")), (None, 0, 6));
    }
}
