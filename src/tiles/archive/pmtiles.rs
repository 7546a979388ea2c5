//! Reading PMTiles: the root directory is kept, other directories as they are needed.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::tiles::address::Address;
use crate::tiles::archive::directory::{self, Entry, find, unpacked};
use crate::tiles::archive::header::{BYTES, Header, Section};
use crate::tiles::archive::{ArchiveError, Description, LARGEST_TILE, hilbert};

/// Directories within directories; writers make two.
pub const DEEPEST_LEAF: usize = 4;
/// Directories kept; each holds some thousands of entries.
const LEAVES_KEPT: usize = 64;
/// A directory or the metadata, compressed.
const LARGEST_PART: u64 = 16_000_000;

pub struct PmTiles {
    file: File,
    header: Header,
    root: Vec<Entry>,
    pub description: Description,
    /// What the archive was made of, where its writer says so.
    pub identity: Option<String>,
    leaves: Mutex<HashMap<u64, Arc<Vec<Entry>>>>,
}

impl PmTiles {
    /// # Errors
    /// What is no archive of vector tiles.
    pub fn open(path: &Path) -> Result<PmTiles, ArchiveError> {
        let file = File::open(path)?;
        let mut first = [0; BYTES];
        let size = file.metadata()?.len();
        if size < BYTES as u64 {
            return Err(crate::tiles::archive::header::HeaderError::Magic.into());
        }
        file.read_exact_at(&mut first, 0)?;
        let header = Header::read(&first, size)?;
        let root = directory::read(&part(&file, header.root)?)?;
        let metadata = unpacked(&part(&file, header.metadata)?, LARGEST_PART).ok_or(ArchiveError::Metadata)?;
        let metadata: Value = serde_json::from_slice(&metadata).map_err(|_| ArchiveError::Metadata)?;
        let text = |key: &str| metadata[key].as_str().map(str::to_owned);
        let description = Description {
            name: text("name"),
            attribution: text("attribution"),
            zooms: header.zooms,
            bounds: header.bounds,
            vector_layers: Some(metadata["vector_layers"].clone())
                .filter(Value::is_array)
                .unwrap_or_else(|| Value::Array(Vec::new())),
        };
        Ok(PmTiles { file, header, root, identity: text("emprise:identity"), description, leaves: Mutex::default() })
    }

    /// # Errors
    /// A damaged directory, or an entry that points out of the file.
    pub fn tile(&self, address: Address) -> Result<Option<Vec<u8>>, ArchiveError> {
        if address.zoom() > hilbert::DEEPEST {
            return Ok(None);
        }
        let id = hilbert::id(address);
        let mut found = find(&self.root, id);
        for _ in 0..DEEPEST_LEAF {
            match found {
                None => return Ok(None),
                Some(entry) if entry.run > 0 => return self.bytes(entry).map(Some),
                Some(leaf) => found = find(&self.leaf(leaf)?, id),
            }
        }
        Err(ArchiveError::Deep)
    }

    /// Every entry with tiles, in order.
    ///
    /// # Errors
    /// A damaged directory.
    pub fn entries(&self) -> Result<Vec<Entry>, ArchiveError> {
        let mut all = Vec::new();
        let mut open: Vec<(Entry, usize)> = self.root.iter().rev().map(|entry| (*entry, 1)).collect();
        while let Some((entry, depth)) = open.pop() {
            if entry.run > 0 {
                all.push(entry);
                continue;
            }
            if depth > DEEPEST_LEAF {
                return Err(ArchiveError::Deep);
            }
            let leaf = self.leaf(entry)?;
            open.extend(leaf.iter().rev().map(|entry| (*entry, depth + 1)));
            // Directories that name each other would have no end: ids only rise.
            if all.last().is_some_and(|last: &Entry| leaf.first().is_none_or(|first| first.id <= last.id)) {
                return Err(directory::DirectoryError::Order.into());
            }
        }
        Ok(all)
    }

    /// The stored bytes of an entry's tiles.
    ///
    /// # Errors
    /// An entry that points out of the file.
    pub fn bytes(&self, entry: Entry) -> Result<Vec<u8>, ArchiveError> {
        let place = self.header.tiles.place(entry.offset, entry.length).ok_or(ArchiveError::Place)?;
        if u64::from(entry.length) > LARGEST_TILE {
            return Err(ArchiveError::Tile);
        }
        let mut bytes = vec![0; entry.length as usize];
        self.file.read_exact_at(&mut bytes, place)?;
        Ok(bytes)
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    fn leaf(&self, entry: Entry) -> Result<Arc<Vec<Entry>>, ArchiveError> {
        if let Some(kept) = self.leaves.lock().unwrap_or_else(PoisonError::into_inner).get(&entry.offset) {
            return Ok(Arc::clone(kept));
        }
        let place = self.header.leaves.place(entry.offset, entry.length).ok_or(ArchiveError::Place)?;
        let leaf = Arc::new(directory::read(&part(&self.file, Section { offset: place, bytes: u64::from(entry.length) })?)?);
        let mut kept = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= LEAVES_KEPT {
            kept.clear();
        }
        kept.insert(entry.offset, Arc::clone(&leaf));
        Ok(leaf)
    }
}

/// A section, which the header has shown to lie within the file.
fn part(file: &File, section: Section) -> Result<Vec<u8>, ArchiveError> {
    if section.bytes > LARGEST_PART {
        return Err(ArchiveError::Metadata);
    }
    let mut bytes = vec![0; section.bytes as usize];
    file.read_exact_at(&mut bytes, section.offset)?;
    Ok(bytes)
}
