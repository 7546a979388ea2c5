//! Tiles in one file: PMTiles 3 and MBTiles 1.3, written whole and read tile by tile.
//!
//! The only part of this floor that touches files, and the bytes it reads may be anybody's: whatever a file states is checked against
//! what it has before anything is allocated or believed.
//!
//! Ours rather than a library: those for PMTiles are asynchronous or hold the index of a file in memory until it ends, and none can go
//! on where a killed writer stopped; the format is two hundred lines.
//!
//! In reading order: [`hilbert`] (the order of tiles), [`header`], [`directory`], [`pmtiles`] (reading), [`writer`], [`mbtiles`],
//! [`survey`] (which tiles there are), [`build`].

pub mod build;
pub mod directory;
pub mod header;
pub mod hilbert;
pub mod mbtiles;
pub mod pmtiles;
pub mod survey;
pub mod writer;

use std::path::Path;

use serde_json::Value;

use crate::tiles::address::Address;
use crate::tiles::archive::directory::{DirectoryError, unpacked};
use crate::tiles::archive::header::HeaderError;
use crate::tiles::archive::mbtiles::MbTiles;
use crate::tiles::archive::pmtiles::PmTiles;

/// No tile that a map client could draw is larger; what claims to be is not read.
pub const LARGEST_TILE: u64 = 32_000_000;

/// A file of tiles, open for reading.
pub enum Archive {
    PmTiles(PmTiles),
    MbTiles(MbTiles),
}

/// What a file says of its tiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    pub name: Option<String>,
    pub attribution: Option<String>,
    pub zooms: [u8; 2],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// As in TileJSON; an empty list where the file says nothing.
    pub vector_layers: Value,
}

impl Archive {
    /// # Errors
    /// A file that is neither PMTiles nor MBTiles, holds no vector tiles, or is damaged where that can be seen at once.
    pub fn open(path: &Path) -> Result<Archive, ArchiveError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("pmtiles") => Ok(Archive::PmTiles(PmTiles::open(path)?)),
            Some("mbtiles") => Ok(Archive::MbTiles(MbTiles::open(path)?)),
            _ => Err(ArchiveError::Extension),
        }
    }

    /// The tile as it is stored, which may be gzipped; `None` where there is none.
    ///
    /// # Errors
    /// A file that is damaged there.
    pub fn tile(&self, address: Address) -> Result<Option<Vec<u8>>, ArchiveError> {
        match self {
            Archive::PmTiles(file) => file.tile(address),
            Archive::MbTiles(file) => file.tile(address),
        }
    }

    pub fn description(&self) -> &Description {
        match self {
            Archive::PmTiles(file) => &file.description,
            Archive::MbTiles(file) => &file.description,
        }
    }
}

/// A stored tile without its compression.
///
/// # Errors
/// What is not gzip though it begins like it, or would be larger than any tile.
pub fn plain(stored: Vec<u8>) -> Result<Vec<u8>, ArchiveError> {
    match is_gzip(&stored) {
        true => unpacked(&stored, LARGEST_TILE).ok_or(ArchiveError::Tile),
        false => Ok(stored),
    }
}

/// No vector tile begins so: its first byte is the tag of a layer.
pub fn is_gzip(stored: &[u8]) -> bool {
    stored.starts_with(&[0x1f, 0x8b])
}

#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("its name ends neither in .pmtiles nor in .mbtiles")]
    Extension,
    #[error(transparent)]
    Read(#[from] std::io::Error),
    #[error("the file is no PMTiles archive: {0}")]
    Header(#[from] HeaderError),
    #[error("a directory of the archive is damaged: {0}")]
    Directory(#[from] DirectoryError),
    #[error("the archive's metadata is damaged")]
    Metadata,
    #[error("an entry of the archive points out of it")]
    Place,
    #[error("the directories of the archive lie more than {} deep", pmtiles::DEEPEST_LEAF)]
    Deep,
    #[error("a tile of the archive is damaged, or larger than {} MB", LARGEST_TILE / 1_000_000)]
    Tile,
    #[error("the file is no MBTiles database: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("its tiles are `{0}`; only vector tiles (`pbf`) are served")]
    Format(String),
}
