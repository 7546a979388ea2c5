//! The index of a PMTiles file (specification 3, §4): entries in columns of variable-length numbers, gzipped.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Tiles `id` to `id + run - 1` have the same bytes; with a run of 0, another directory lies there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub id: u64,
    pub offset: u64,
    pub length: u32,
    pub run: u32,
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum DirectoryError {
    #[error("it is cut short")]
    Short,
    #[error("a number in it is longer than 64 bits")]
    Number,
    #[error("it states {0} entries, more than it has bytes for")]
    Count(u64),
    #[error("its tiles are not in ascending order")]
    Order,
    #[error("its first entry says that it follows one before it")]
    First,
    #[error("an entry without a length")]
    Empty,
    #[error("it is not gzip, or more than {} MB when unpacked", LARGEST / 1_000_000)]
    Compressed,
}

/// What a directory may take when unpacked: a hundred times what writers make of it.
const LARGEST: u64 = 64_000_000;

/// Entries as columns: steps of the ids, runs, lengths, and offsets, of which 0 means right behind the one before.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    number(&mut bytes, entries.len() as u64);
    let mut before = 0;
    for entry in entries {
        number(&mut bytes, entry.id - before);
        before = entry.id;
    }
    entries.iter().for_each(|entry| number(&mut bytes, u64::from(entry.run)));
    entries.iter().for_each(|entry| number(&mut bytes, u64::from(entry.length)));
    let mut next = None;
    for entry in entries {
        number(&mut bytes, if next == Some(entry.offset) { 0 } else { entry.offset + 1 });
        next = Some(entry.offset + u64::from(entry.length));
    }
    gzip(&bytes)
}

/// # Errors
/// Bytes that are no directory. Nothing is allocated on the word of a count that the bytes cannot hold.
pub fn read(gzipped: &[u8]) -> Result<Vec<Entry>, DirectoryError> {
    let bytes = unpacked(gzipped, LARGEST).ok_or(DirectoryError::Compressed)?;
    let mut rest = &bytes[..];
    let count = take(&mut rest)?;
    // Four numbers an entry, of a byte at least.
    if count > rest.len() as u64 / 4 {
        return Err(DirectoryError::Count(count));
    }
    let mut entries = vec![Entry { id: 0, offset: 0, length: 0, run: 0 }; count as usize];
    let mut last: Option<u64> = None;
    for entry in &mut entries {
        let step = take(&mut rest)?;
        entry.id =
            last.unwrap_or(0).checked_add(step).filter(|id| last.is_none_or(|last| *id > last)).ok_or(DirectoryError::Order)?;
        last = Some(entry.id);
    }
    for entry in &mut entries {
        entry.run = u32::try_from(take(&mut rest)?).map_err(|_| DirectoryError::Number)?;
    }
    for entry in &mut entries {
        entry.length = u32::try_from(take(&mut rest)?).map_err(|_| DirectoryError::Number)?;
        if entry.length == 0 {
            return Err(DirectoryError::Empty);
        }
    }
    let mut next = None;
    for entry in &mut entries {
        entry.offset = match take(&mut rest)? {
            0 => next.ok_or(DirectoryError::First)?,
            offset => offset - 1,
        };
        next = Some(entry.offset.checked_add(u64::from(entry.length)).ok_or(DirectoryError::Number)?);
    }
    Ok(entries)
}

/// The entry under which a tile is found: the last that begins at or before it.
pub fn find(entries: &[Entry], id: u64) -> Option<Entry> {
    let after = entries.partition_point(|entry| entry.id <= id);
    let entry = *entries.get(after.checked_sub(1)?)?;
    (entry.run == 0 || id - entry.id < u64::from(entry.run)).then_some(entry)
}

/// What gzip holds, unless it is damaged or larger than `most`.
pub fn unpacked(gzipped: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(gzipped).take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

#[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes every byte")
}

/// Seven bits a byte, the least first.
fn number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take(rest: &mut &[u8]) -> Result<u64, DirectoryError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or(DirectoryError::Short)?;
        *rest = after;
        if shift == 63 && byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(DirectoryError::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: [Entry; 4] = [
        Entry { id: 0, offset: 0, length: 10, run: 1 },
        Entry { id: 5, offset: 10, length: 300, run: 3 },
        Entry { id: 9, offset: 0, length: 10, run: 1 },
        Entry { id: 1 << 50, offset: 1 << 40, length: u32::MAX, run: 0 },
    ];

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&write(&ENTRIES)).unwrap(), ENTRIES);
        assert_eq!(read(&write(&[])).unwrap(), []);
    }

    #[test]
    fn a_tile_is_found_in_its_run_and_nowhere_else() {
        let found = |id| find(&ENTRIES, id).map(|entry| entry.offset);
        assert_eq!([0, 1, 5, 7, 8, 9].map(found), [Some(0), None, Some(10), Some(10), None, Some(0)]);
        assert_eq!(found((1 << 50) + 7), Some(1 << 40), "in the directory that begins there");
        assert_eq!(find(&[], 0), None);
    }

    #[test]
    fn hostile_bytes_are_refused() {
        let refused = |bytes: &[u8]| read(&gzip(bytes)).unwrap_err();
        assert_eq!(refused(&[]), DirectoryError::Short);
        assert_eq!(refused(&[0xff, 0xff, 0xff, 0xff, 0x7f]), DirectoryError::Count(0x7_ffff_ffff));
        assert_eq!(refused(&[0xff; 12]), DirectoryError::Number);
        assert_eq!(refused(&[2, 5, 0, 1, 1, 1, 1, 1, 1]), DirectoryError::Order);
        assert_eq!(refused(&[1, 0, 1, 0, 1]), DirectoryError::Empty);
        assert_eq!(refused(&[1, 0, 1, 9, 0]), DirectoryError::First);
        assert_eq!(read(b"no gzip").unwrap_err(), DirectoryError::Compressed);
        assert_eq!(refused(&vec![0; LARGEST as usize + 1]), DirectoryError::Compressed, "a bomb");
        let whole = write(&ENTRIES);
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "cut at {end}");
        }
    }
}
