//! Writing PMTiles, tile by tile in the order of ids. What was written when a writer was killed is gone on with.
//!
//! Tiles go straight to their place in `NAME.pmtiles.part`, behind the 16 KiB that the format reserves for header and root directory;
//! the other directories and the metadata follow them (specification 3, §2: sections may lie in any order). `NAME.pmtiles.log` lists
//! what is there. The data are made durable before the log that names them, so that the log never names what is not there.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::tiles::archive::ArchiveError;
use crate::tiles::archive::directory::{self, Entry, gzip};
use crate::tiles::archive::header::{BYTES, Compression, Header, ROOT_END, Section};

/// An id, where its tile lies behind [`ROOT_END`], and its length: 0 for a place that was looked at and has no tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    pub id: u64,
    offset: u64,
    pub length: u32,
}

const RECORD_BYTES: usize = 20;
/// Entries of a directory below the root, at first; more where the root would not fit.
const LEAF_ENTRIES: usize = 4096;

pub struct Writer {
    path: PathBuf,
    data: BufWriter<File>,
    log: File,
    records: Vec<Record>,
    /// Of those, how many the log has.
    logged: usize,
    /// Different tiles by their hash.
    known: HashMap<[u8; 16], (u64, u32)>,
    end: u64,
}

/// What is said of the tiles when all are there.
#[derive(Debug, Clone)]
pub struct About {
    pub zooms: [u8; 2],
    pub bounds: [f64; 4],
    pub metadata: Value,
}

impl Writer {
    /// Begins `path`, or goes on where a writer of the same `identity` stopped. The identity is a hash of all that the tiles depend
    /// on: with another, what is there is thrown away.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn begin(path: &Path, identity: &[u8; 32]) -> Result<Writer, ArchiveError> {
        let open = |path: &Path| OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let (mut data, mut log) = (open(&part(path))?, open(&log_of(path))?);
        let records = kept(&mut log, identity, data.metadata()?.len())?;
        let end = records.iter().map(|record| record.offset + u64::from(record.length)).max().unwrap_or(0);
        let known = hashes(&data, &records)?;
        data.set_len(ROOT_END + end)?;
        data.seek(SeekFrom::End(0))?;
        log.set_len((32 + records.len() * RECORD_BYTES) as u64)?;
        log.write_all_at(identity, 0)?;
        log.seek(SeekFrom::End(0))?;
        let data = BufWriter::with_capacity(1 << 20, data);
        Ok(Writer { path: path.to_owned(), data, log, logged: records.len(), records, known, end })
    }

    /// What is written already, in the order of ids.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Bytes of different tiles so far.
    pub fn bytes(&self) -> u64 {
        self.end
    }

    /// Adds the tile of the next id; no bytes for a place that has none. The same bytes are stored once.
    ///
    /// # Errors
    /// A disk that is full.
    pub fn add(&mut self, id: u64, tile: &[u8]) -> Result<(), ArchiveError> {
        let mut record = Record { id, offset: 0, length: 0 };
        if !tile.is_empty() {
            let hash = hash(tile);
            (record.offset, record.length) = match self.known.get(&hash) {
                Some(place) => *place,
                None => {
                    let place = (self.end, u32::try_from(tile.len()).map_err(|_| ArchiveError::Tile)?);
                    self.data.write_all(tile)?;
                    self.end += tile.len() as u64;
                    self.known.insert(hash, place);
                    place
                }
            };
        }
        self.records.push(record);
        Ok(())
    }

    /// Makes what is written so far outlive this program, and the power.
    ///
    /// # Errors
    /// A disk that is full or broken.
    pub fn keep(&mut self) -> Result<(), ArchiveError> {
        self.data.flush()?;
        self.data.get_ref().sync_data()?;
        let new: Vec<u8> = self.records[self.logged..].iter().flat_map(|record| record.to_bytes()).collect();
        self.log.write_all(&new)?;
        self.log.sync_data()?;
        self.logged = self.records.len();
        Ok(())
    }

    /// Writes directories, metadata and header, and gives the file its name: it appears whole or not at all.
    ///
    /// # Errors
    /// A disk that is full or broken.
    pub fn finish(mut self, about: &About) -> Result<Header, ArchiveError> {
        let entries = entries(&self.records);
        let (root, leaves) = directories(&entries);
        let metadata = gzip(about.metadata.to_string().as_bytes());
        self.data.write_all(&leaves)?;
        self.data.write_all(&metadata)?;
        let section = |offset, bytes: usize| Section { offset, bytes: bytes as u64 };
        let tiles = Section { offset: ROOT_END, bytes: self.end };
        let after = ROOT_END + self.end;
        let header = Header {
            root: section(BYTES as u64, root.len()),
            leaves: section(after, leaves.len()),
            metadata: section(after + leaves.len() as u64, metadata.len()),
            tiles,
            counts: [entries.iter().map(|entry| u64::from(entry.run)).sum(), entries.len() as u64, self.known.len() as u64],
            clustered: true,
            compression: Compression::Gzip,
            zooms: about.zooms,
            bounds: about.bounds,
        };
        self.data.flush()?;
        let file = self.data.get_ref();
        file.write_all_at(&header.write(), 0)?;
        file.write_all_at(&root, BYTES as u64)?;
        file.sync_all()?;
        std::fs::rename(part(&self.path), &self.path)?;
        std::fs::remove_file(log_of(&self.path))?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(header)
    }
}

impl Record {
    fn to_bytes(self) -> [u8; RECORD_BYTES] {
        let mut bytes = [0; RECORD_BYTES];
        bytes[..8].copy_from_slice(&self.id.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Record {
        let number =
            |range: std::ops::Range<usize>| bytes[range].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Record { id: number(0..8), offset: number(8..16), length: number(16..20) as u32 }
    }
}

/// The records of a log of this identity whose tiles are in the data, as long as ids rise.
fn kept(log: &mut File, identity: &[u8; 32], data_bytes: u64) -> Result<Vec<Record>, ArchiveError> {
    let mut bytes = Vec::new();
    log.read_to_end(&mut bytes)?;
    let Some(listed) = bytes.strip_prefix(identity) else { return Ok(Vec::new()) };
    let mut records: Vec<Record> = Vec::new();
    for record in listed.chunks_exact(RECORD_BYTES).map(Record::of_bytes) {
        let end = record.offset.checked_add(u64::from(record.length)).and_then(|end| end.checked_add(ROOT_END));
        if end.is_none_or(|end| end > data_bytes) || records.last().is_some_and(|last| last.id >= record.id) {
            break;
        }
        records.push(record);
    }
    Ok(records)
}

fn hashes(data: &File, records: &[Record]) -> Result<HashMap<[u8; 16], (u64, u32)>, ArchiveError> {
    let mut known = HashMap::new();
    let mut end = 0;
    for record in records.iter().filter(|record| record.length > 0) {
        // The first to name a place is the one that wrote it, behind all before it.
        if record.offset < end {
            continue;
        }
        end = record.offset + u64::from(record.length);
        let mut tile = vec![0; record.length as usize];
        data.read_exact_at(&mut tile, ROOT_END + record.offset)?;
        known.insert(hash(&tile), (record.offset, record.length));
    }
    Ok(known)
}

/// Of 128 bits: among a billion tiles, two that differ share one with a chance of one in 10²⁰.
fn hash(tile: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(tile).as_bytes()[..16]);
    short
}

/// Neighbours on the curve with the same bytes are one entry.
fn entries(records: &[Record]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for record in records.iter().filter(|record| record.length > 0) {
        match entries.last_mut() {
            Some(last) if last.offset == record.offset && last.id + u64::from(last.run) == record.id => last.run += 1,
            _ => entries.push(Entry { id: record.id, offset: record.offset, length: record.length, run: 1 }),
        }
    }
    entries
}

/// The root and, where it would not fit, the directories below it.
fn directories(entries: &[Entry]) -> (Vec<u8>, Vec<u8>) {
    let fits = |root: &[u8]| root.len() as u64 + BYTES as u64 <= ROOT_END;
    let root = directory::write(entries);
    if fits(&root) {
        return (root, Vec::new());
    }
    let mut size = LEAF_ENTRIES;
    loop {
        let (mut root, mut leaves) = (Vec::new(), Vec::new());
        for chunk in entries.chunks(size) {
            let leaf = directory::write(chunk);
            root.push(Entry { id: chunk[0].id, offset: leaves.len() as u64, length: leaf.len() as u32, run: 0 });
            leaves.extend(leaf);
        }
        let root = directory::write(&root);
        if fits(&root) {
            return (root, leaves);
        }
        size *= 2;
    }
}

fn part(path: &Path) -> PathBuf {
    with_ending(path, ".part")
}

fn log_of(path: &Path) -> PathBuf {
    with_ending(path, ".log")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tiles::archive::hilbert;
    use crate::tiles::archive::pmtiles::PmTiles;

    const ABOUT: fn() -> About = || About { zooms: [0, 12], bounds: [-5.0, 41.0, 9.0, 51.0], metadata: json!({ "name": "N" }) };
    const IDENTITY: [u8; 32] = [7; 32];

    fn tile(id: u64) -> Vec<u8> {
        // Every third is the sea.
        if id.is_multiple_of(3) {
            b"sea".to_vec()
        } else {
            format!("tile {id} {}", "x".repeat((id * 37 % 101) as usize)).into_bytes()
        }
    }

    fn read_all(path: &Path) -> PmTiles {
        PmTiles::open(path).unwrap()
    }

    #[test]
    fn every_tile_comes_back_and_the_same_is_stored_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pmtiles");
        let mut writer = Writer::begin(&path, &IDENTITY).unwrap();
        for id in (0..90_000u64).filter(|id| id % 7 != 0) {
            let tile = if id.is_multiple_of(11) { Vec::new() } else { tile(id) };
            writer.add(id, &tile).unwrap();
        }
        let header = writer.finish(&ABOUT()).unwrap();
        assert!(header.leaves.bytes > 0, "too many for the root");
        assert_eq!(header.counts[2], (0..90_000u64).filter(|id| id % 7 != 0 && id % 11 != 0 && id % 3 != 0).count() as u64 + 1);
        let archive = read_all(&path);
        for id in (0..90_000u64).step_by(13) {
            let expected = (id % 7 != 0 && id % 11 != 0).then(|| tile(id));
            assert_eq!(archive.tile(hilbert::address(id).unwrap()).unwrap(), expected, "{id}");
        }
        assert_eq!(archive.entries().unwrap().iter().map(|entry| u64::from(entry.run)).sum::<u64>(), header.counts[0]);
        assert!(!folder.path().join("a.pmtiles.log").exists() && !folder.path().join("a.pmtiles.part").exists());
    }

    #[test]
    fn a_writer_goes_on_wherever_one_was_killed() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole.pmtiles");
        let mut writer = Writer::begin(&whole, &IDENTITY).unwrap();
        (0..300).for_each(|id| writer.add(id, &tile(id)).unwrap());
        writer.keep().unwrap();
        let (data, log) = (std::fs::read(part(&whole)).unwrap(), std::fs::read(log_of(&whole)).unwrap());
        writer.finish(&ABOUT()).unwrap();
        let expected = std::fs::read(&whole).unwrap();
        let again = folder.path().join("again.pmtiles");
        for cut in (0..=log.len()).step_by(97) {
            std::fs::write(log_of(&again), &log[..cut]).unwrap();
            // Data are ahead of the log, and may end in the middle of a tile.
            let ahead = ROOT_END as usize + (data.len() - ROOT_END as usize) * cut / log.len();
            std::fs::write(part(&again), &data[..(ahead + 40).min(data.len())]).unwrap();
            let mut writer = Writer::begin(&again, &IDENTITY).unwrap();
            let done = writer.records().last().map_or(0, |last| last.id + 1);
            assert!(cut < 200 || done > 0, "nothing of {cut} bytes of log was kept");
            (done..300).for_each(|id| writer.add(id, &tile(id)).unwrap());
            writer.finish(&ABOUT()).unwrap();
            assert!(std::fs::read(&again).unwrap() == expected, "cut at {cut}");
        }
    }

    #[test]
    fn what_another_made_is_not_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pmtiles");
        let mut writer = Writer::begin(&path, &IDENTITY).unwrap();
        writer.add(1, b"one").unwrap();
        writer.keep().unwrap();
        drop(writer);
        assert_eq!(Writer::begin(&path, &IDENTITY).unwrap().records().len(), 1);
        assert_eq!(Writer::begin(&path, &[8; 32]).unwrap().records().len(), 0);
    }

    #[test]
    fn no_bytes_of_an_archive_can_harm_its_reader() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pmtiles");
        let mut writer = Writer::begin(&path, &IDENTITY).unwrap();
        (0..200).for_each(|id| writer.add(id, &tile(id)).unwrap());
        writer.finish(&ABOUT()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let look = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let Ok(archive) = PmTiles::open(&path) else { return };
            let _ = archive.entries();
            (0..20).for_each(|id| drop(archive.tile(hilbert::address(id).unwrap())));
        };
        // Each byte of header and root, and the ends of the file.
        for at in 0..(BYTES + 200) {
            for change in [0xff, 0x01, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                look(&damaged);
            }
        }
        (0..bytes.len()).step_by(501).for_each(|end| look(&bytes[..end]));
        std::fs::write(&path, b"PMTiles").unwrap();
        assert!(PmTiles::open(&path).is_err());
    }
}
