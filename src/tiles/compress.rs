//! The encodings in which a tile is kept and served.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How a body is encoded (RFC 9110 §8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    /// The word in `Content-Encoding`; `None` when there is nothing to say.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
        }
    }
}

/// Level 6: a tenth smaller than level 1. A tile is compressed once and served many times.
const LEVEL: u32 = 6;

/// `body` in an encoding. One gzip member: some clients refuse more.
pub fn compress(body: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Identity => body,
        Encoding::Gzip => gzip(&body),
    }
}

#[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::new(LEVEL));
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("a Vec takes every byte")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let body: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
        let small = compress(body.clone(), Encoding::Gzip);
        assert!(small.len() < body.len() / 10);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, body);
        assert_eq!(compress(body.clone(), Encoding::Identity), body);
    }
}
