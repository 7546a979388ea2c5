//! The first 127 bytes of a PMTiles file (specification 3, §3).

pub const BYTES: usize = 127;
/// Header and root directory lie within the first 16 KiB, so that one request gets both.
pub const ROOT_END: u64 = 16_384;

const MAGIC: &[u8; 7] = b"PMTiles";
const VERSION: u8 = 3;
const GZIP: u8 = 2;
const MVT: u8 = 1;

/// A part of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Section {
    pub offset: u64,
    pub bytes: u64,
}

impl Section {
    pub fn end(self) -> Option<u64> {
        self.offset.checked_add(self.bytes)
    }

    /// The place in the file of a stretch of this section; `None` for what would reach out of it.
    pub fn place(self, offset: u64, length: u32) -> Option<u64> {
        let end = offset.checked_add(u64::from(length))?;
        (end <= self.bytes).then(|| self.offset.checked_add(offset))?
    }
}

/// How the tiles of a file are encoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Compression {
    None,
    Gzip,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Header {
    pub root: Section,
    pub metadata: Section,
    pub leaves: Section,
    pub tiles: Section,
    /// Tiles with bytes; entries that address them; different bytes.
    pub counts: [u64; 3],
    pub clustered: bool,
    pub compression: Compression,
    pub zooms: [u8; 2],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum HeaderError {
    #[error("it does not begin with `PMTiles`")]
    Magic,
    #[error("it is version {0} of the format; only version {VERSION} is read")]
    Version(u8),
    #[error("its {0} lies outside the file, which has {1} bytes")]
    Outside(&'static str, u64),
    #[error("its directories are not compressed with gzip")]
    Directories,
    #[error("its tiles are neither plain nor compressed with gzip")]
    Tiles,
    #[error("it holds tiles of kind {0}; only vector tiles (kind 1, MVT) are served")]
    Kind(u8),
    #[error("its zooms are {0} to {1}")]
    Zooms(u8, u8),
}

impl Header {
    pub fn write(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..7].copy_from_slice(MAGIC);
        bytes[7] = VERSION;
        let sections = [self.root, self.metadata, self.leaves, self.tiles];
        let numbers = sections.iter().flat_map(|section| [section.offset, section.bytes]).chain(self.counts);
        for (at, number) in numbers.enumerate() {
            bytes[8 + 8 * at..16 + 8 * at].copy_from_slice(&number.to_le_bytes());
        }
        let compression = if self.compression == Compression::Gzip { GZIP } else { 1 };
        bytes[96..102].copy_from_slice(&[u8::from(self.clustered), GZIP, compression, MVT, self.zooms[0], self.zooms[1]]);
        let [west, south, east, north] = self.bounds;
        for (at, degrees) in [west, south, east, north].into_iter().enumerate() {
            bytes[102 + 4 * at..106 + 4 * at].copy_from_slice(&e7(degrees));
        }
        bytes[118] = self.zooms[0];
        bytes[119..123].copy_from_slice(&e7((west + east) / 2.0));
        bytes[123..127].copy_from_slice(&e7((south + north) / 2.0));
        bytes
    }

    /// # Errors
    /// What is no header, and one that points out of a file of `size` bytes.
    pub fn read(bytes: &[u8; BYTES], size: u64) -> Result<Header, HeaderError> {
        if &bytes[..7] != MAGIC {
            return Err(HeaderError::Magic);
        }
        if bytes[7] != VERSION {
            return Err(HeaderError::Version(bytes[7]));
        }
        let number =
            |at: usize| bytes[8 + 8 * at..16 + 8 * at].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let section = |name, at| {
            let section = Section { offset: number(at), bytes: number(at + 1) };
            section.end().filter(|end| *end <= size).map(|_| section).ok_or(HeaderError::Outside(name, size))
        };
        let degrees = |at: usize| f64::from(i32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])) / 1e7;
        let compression = match bytes[98] {
            GZIP => Compression::Gzip,
            1 => Compression::None,
            _ => return Err(HeaderError::Tiles),
        };
        match (bytes[97], bytes[99], [bytes[100], bytes[101]]) {
            (GZIP, MVT, zooms) if zooms[0] <= zooms[1] && zooms[1] <= super::hilbert::DEEPEST => Ok(Header {
                root: section("root directory", 0)?,
                metadata: section("metadata", 2)?,
                leaves: section("leaf directories", 4)?,
                tiles: section("tile data", 6)?,
                counts: [number(8), number(9), number(10)],
                clustered: bytes[96] == 1,
                compression,
                zooms,
                bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
            }),
            (GZIP, MVT, [least, most]) => Err(HeaderError::Zooms(least, most)),
            (GZIP, kind, _) => Err(HeaderError::Kind(kind)),
            _ => Err(HeaderError::Directories),
        }
    }
}

/// Ten millionths of a degree.
fn e7(degrees: f64) -> [u8; 4] {
    ((degrees * 1e7).round() as i32).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let section = |offset| Section { offset, bytes: 10 };
        let header = Header {
            root: section(127),
            metadata: section(200),
            leaves: section(300),
            tiles: section(16_384),
            counts: [3, 2, 1],
            clustered: true,
            compression: Compression::Gzip,
            zooms: [4, 14],
            bounds: [-5.25, 41.5, 9.5, 51.0],
        };
        let bytes = header.write();
        assert_eq!(Header::read(&bytes, 20_000), Ok(header));
        assert_eq!(Header::read(&bytes, 16_393), Err(HeaderError::Outside("tile data", 16_393)));
        let damaged = |at: usize, byte: u8| {
            let mut bytes = bytes;
            bytes[at] = byte;
            Header::read(&bytes, 20_000).unwrap_err()
        };
        assert_eq!(damaged(0, b'p'), HeaderError::Magic);
        assert_eq!(damaged(7, 2), HeaderError::Version(2));
        assert_eq!(damaged(15, 0xff), HeaderError::Outside("root directory", 20_000));
        assert_eq!(damaged(97, 3), HeaderError::Directories);
        assert_eq!(damaged(98, 3), HeaderError::Tiles);
        assert_eq!(damaged(99, 2), HeaderError::Kind(2));
        assert_eq!(damaged(101, 27), HeaderError::Zooms(4, 27));
        assert_eq!(damaged(101, 3), HeaderError::Zooms(4, 3));
    }
}
