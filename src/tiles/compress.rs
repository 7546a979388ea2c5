//! The encodings in which a tile is kept and served.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// How a body is encoded (RFC 9110 §8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

impl Encoding {
    /// From the least to the most preferred where a client takes several alike: the smallest body.
    pub const ALL: [Encoding; 4] = [Encoding::Identity, Encoding::Gzip, Encoding::Zstd, Encoding::Brotli];

    /// The word in `Content-Encoding`; `None` when there is nothing to say.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Zstd => Some("zstd"),
            Encoding::Brotli => Some("br"),
        }
    }
}

/// Level 6: a tenth smaller than level 1. A tile is compressed once and served many times.
const LEVEL: u32 = 6;
/// About as fast as gzip's 6, and smaller.
const ZSTD_LEVEL: i32 = 7;
const BROTLI_LEVEL: u32 = 5;
/// A window of a megabyte: no tile is larger by much.
const BROTLI_WINDOW: u32 = 20;

/// `body` in an encoding. One gzip member: some clients refuse more.
pub fn compress(body: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Identity => body,
        Encoding::Gzip => gzip(&body),
        Encoding::Zstd => zstd_of(&body),
        Encoding::Brotli => brotli_of(&body),
    }
}

/// The body that was given to [`compress`].
///
/// # Errors
/// Bytes that are not of this encoding.
pub fn decompress(body: &[u8], encoding: Encoding) -> io::Result<Vec<u8>> {
    let mut plain = Vec::with_capacity(body.len() * 3);
    match encoding {
        Encoding::Identity => plain.extend_from_slice(body),
        Encoding::Gzip => _ = flate2::read::GzDecoder::new(body).read_to_end(&mut plain)?,
        Encoding::Zstd => zstd::stream::copy_decode(body, &mut plain)?,
        Encoding::Brotli => _ = brotli::Decompressor::new(body, 1 << 14).read_to_end(&mut plain)?,
    }
    Ok(plain)
}

#[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::new(LEVEL));
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("a Vec takes every byte")
}

#[expect(clippy::expect_used, reason = "zstd fails on reading, writing and memory alone: none of them can be here")]
fn zstd_of(body: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(body, ZSTD_LEVEL).expect("a slice in memory is compressed")
}

#[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
fn brotli_of(body: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(body.len() / 2);
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 1 << 14, BROTLI_LEVEL, BROTLI_WINDOW);
    encoder.write_all(body).and_then(|()| encoder.flush()).expect("a Vec takes every byte");
    drop(encoder);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let body: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
        for encoding in Encoding::ALL {
            let packed = compress(body.clone(), encoding);
            assert!(encoding == Encoding::Identity || packed.len() < body.len() / 10, "{encoding:?}");
            assert_eq!(decompress(&packed, encoding).unwrap(), body);
        }
        assert!(decompress(&[1, 2, 3], Encoding::Gzip).is_err());
    }
}
