//! The number of each distinct value of a layer.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Values met so far, by the hash of their bytes. A 64-bit hash that two values of one tile share is beyond bad luck; the second
/// would then get a number for each of its uses, which the format allows, and never the other's.
#[derive(Debug, Default)]
pub struct Numbers {
    by_hash: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Numbers {
    /// The number of a value; `write` is called when it is a new one.
    pub fn of(&mut self, value: &[u8], write: impl FnOnce()) -> u32 {
        let hash = hash(value);
        match self.by_hash.get(&hash) {
            Some(&number) if self.value(number) == value => return number,
            _ => {}
        }
        let number = self.ends.len() as u32;
        self.by_hash.entry(hash).or_insert(number);
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len() as u32);
        write();
        number
    }

    fn value(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.bytes[start..self.ends[number] as usize]
    }
}

/// Eight bytes at a time: values are short, and a slower hash was a third of the time of a crowded tile.
fn hash(value: &[u8]) -> u64 {
    let mut hash = value.len() as u64;
    for chunk in value.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(26) ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
    }
    hash
}

/// The keys are hashes already.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        // The map takes its slot from the low bits and its tag from the high ones.
        self.0 = hash.wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_number() {
        let (mut numbers, mut written) = (Numbers::default(), 0);
        for round in 0..2 {
            for value in 0..50_000u32 {
                let text = format!("{value}{}", "x".repeat(value as usize % 20));
                assert_eq!(numbers.of(text.as_bytes(), || written += 1), value, "round {round}");
            }
        }
        assert_eq!(written, 50_000);
    }
}
