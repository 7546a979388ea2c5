//! Measures as bytes, so that a program that starts again measures nothing twice.
//!
//! Little-endian, one after the other: the magic; the format's version; the hash of the program and the id of the snapshot that
//! the measures were made with; how many columns there are; each column as its definition, its layer, its number of rows and its
//! cells, array by array; BLAKE3 of all before it. What does not check is refused whole: to measure again costs seconds, a
//! wrong measure costs a decision.

use std::sync::Arc;

use crate::atlas::View;
use crate::siting::cells::{Cells, Kind, Seen, State};
use crate::siting::column::Column;
use crate::siting::measure::Reason;
use crate::siting::memo::Memo;

const MAGIC: &[u8; 16] = b"emprise measures";
const VERSION: u32 = 1;
const HASH: usize = blake3::OUT_LEN;

/// What measures depend on besides what they measure.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The very program: another may measure otherwise.
    pub program: blake3::Hash,
    pub snapshot: &'a str,
}

/// Bytes that hold no measures of this program and snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    #[error("they are cut short or damaged")]
    Damaged,
    #[error("another version of the program wrote them")]
    Program,
    #[error("they belong to another snapshot")]
    Snapshot,
}

/// All columns of a memo over layers of the snapshot; those over what somebody drew are nobody else's.
pub fn save(memo: &Memo, view: View<'_>, origin: Origin<'_>) -> Vec<u8> {
    let columns = memo.columns();
    let stored: Vec<(&str, &str, Vec<u8>)> = columns.iter().filter_map(|(key, column)| entry(key, column, view)).collect();
    let mut bytes = head(origin);
    bytes.extend((stored.len() as u32).to_le_bytes());
    for (definition, layer, cells) in stored {
        text(definition, &mut bytes);
        text(layer, &mut bytes);
        bytes.extend(cells);
    }
    let hash = blake3::hash(&bytes);
    bytes.extend(hash.as_bytes());
    bytes
}

/// Puts stored columns into a memo; returns how many.
///
/// # Errors
/// Bytes that are not whole, or of another origin; the memo stays as it was.
pub fn load(bytes: &[u8], memo: &Memo, view: View<'_>, origin: Origin<'_>) -> Result<usize, StoredError> {
    let (content, hash) = bytes.split_last_chunk::<HASH>().ok_or(StoredError::Damaged)?;
    if blake3::hash(content) != *hash {
        return Err(StoredError::Damaged);
    }
    let mut rest = Bytes(content);
    check(&mut rest, origin)?;
    let columns = rest.columns(view).ok_or(StoredError::Damaged)?;
    let count = columns.len();
    for (definition, layer, cells) in columns {
        memo.restore(&definition, &layer, Column::of(cells));
    }
    Ok(count)
}

fn head(origin: Origin<'_>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(origin.program.as_bytes());
    text(origin.snapshot, &mut bytes);
    bytes
}

fn check(rest: &mut Bytes<'_>, origin: Origin<'_>) -> Result<(), StoredError> {
    let known = rest.take(MAGIC.len()) == Some(MAGIC) && rest.u32() == Some(VERSION);
    if !known || rest.take(HASH) != Some(origin.program.as_bytes()) {
        return Err(StoredError::Program);
    }
    if rest.text().as_deref() == Some(origin.snapshot) { Ok(()) } else { Err(StoredError::Snapshot) }
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// A column as it is stored: its definition, its layer, its cells.
fn entry<'k>(key: &'k str, column: &Arc<Column>, view: View<'_>) -> Option<(&'k str, &'k str, Vec<u8>)> {
    // Ids of layers hold no space.
    let (definition, layer) = key.rsplit_once(" of ")?;
    view.layer(layer)?;
    Some((definition, layer, write(&column.read())?))
}

/// First code of the reasons for which nothing is known.
const UNKNOWN: u8 = 16;

fn code(state: State) -> Option<u8> {
    Some(match state {
        State::Unmeasured => 0,
        State::Number => 1,
        State::Beyond => 2,
        State::Word => 3,
        State::Unknown(reason) => UNKNOWN + Reason::ALL.iter().position(|known| *known == reason)? as u8,
    })
}

fn state(code: u8) -> Option<State> {
    Some(match code {
        0 => State::Unmeasured,
        1 => State::Number,
        2 => State::Beyond,
        3 => State::Word,
        _ => State::Unknown(*Reason::ALL.get(usize::from(code.checked_sub(UNKNOWN)?))?),
    })
}

fn write(cells: &Cells) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(cells.bytes() + 6);
    bytes.extend((cells.states.len() as u32).to_le_bytes());
    bytes.extend([u8::from(cells.searched), u8::from(!cells.ways.is_empty())]);
    for state in &cells.states {
        bytes.push(code(*state)?);
    }
    cells.low.iter().chain(&cells.high).for_each(|number| bytes.extend(number.to_le_bytes()));
    cells.tolerances.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    for seen in &cells.witnesses {
        bytes.extend(seen.row.to_le_bytes());
        bytes.extend(seen.target.to_le_bytes());
        bytes.push(seen.kind as u8);
    }
    cells.ways.iter().flatten().flatten().for_each(|number| bytes.extend(number.to_le_bytes()));
    Some(bytes)
}

/// Bytes that are read from the front, or are not there.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// So many arrays of bytes, which are there before room is made for them.
    fn arrays<const N: usize>(&mut self, count: usize) -> Option<impl Iterator<Item = [u8; N]> + use<'b, N>> {
        let (arrays, _) = self.take(count.checked_mul(N)?)?.as_chunks::<N>();
        Some(arrays.iter().copied())
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.array()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    /// All columns and nothing after them.
    fn columns(mut self, view: View<'_>) -> Option<Vec<(String, String, Cells)>> {
        let mut columns = Vec::new();
        for _ in 0..self.u32()? {
            let (definition, layer) = (self.text()?, self.text()?);
            let rows = view.layer(&layer)?.len();
            columns.push((definition, layer, self.cells(rows)?));
        }
        self.0.is_empty().then_some(columns)
    }

    fn cells(&mut self, rows: usize) -> Option<Cells> {
        if self.u32()? as usize != rows {
            return None;
        }
        let (searched, has_ways) = (self.flag()?, self.flag()?);
        let states = self.take(rows)?.iter().map(|&code| state(code)).collect::<Option<_>>()?;
        let low = self.arrays(rows)?.map(f64::from_le_bytes).collect();
        let high = self.arrays(rows)?.map(f64::from_le_bytes).collect();
        let tolerances = self.arrays(rows)?.map(f32::from_le_bytes).collect();
        let witnesses = self.arrays(rows)?.map(|bytes| seen(bytes, has_ways)).collect::<Option<_>>()?;
        let ways = self.arrays(if has_ways { rows } else { 0 })?.map(way).collect();
        Some(Cells { searched, states, low, high, tolerances, witnesses, ways })
    }
}

fn seen([a, b, c, d, e, f, kind]: [u8; 7], has_ways: bool) -> Option<Seen> {
    let kind = match kind {
        0 => Kind::None,
        1 => Kind::Feature,
        2 if has_ways => Kind::FeatureAndWay,
        _ => return None,
    };
    Some(Seen { row: u32::from_le_bytes([a, b, c, d]), target: u16::from_le_bytes([e, f]), kind })
}

fn way(bytes: [u8; 32]) -> [[f64; 2]; 2] {
    let (numbers, _) = bytes.as_chunks::<8>();
    let number = |place: usize| f64::from_le_bytes(numbers[place]);
    [[number(0), number(1)], [number(2), number(3)]]
}
