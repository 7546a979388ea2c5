//! Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood 2014), in whole numbers alone.

/// A sequence of 64-bit numbers.
#[derive(Debug, Clone)]
pub struct Sequence(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Sequence {
    pub fn new(seed: u64) -> Sequence {
        Sequence(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }
}

/// Scatters the bits of a number: the output function of SplitMix64, a bijection. As a function of a place, such as seed +
/// draw + cell, it gives a random number that depends on that place alone, not on what was drawn before.
pub fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// 2^53: whole numbers up to here, and their differences, are exact as `f64`.
pub const WHOLE: u64 = 1 << 53;

/// A whole number below [`WHOLE`] from random bits.
pub fn below_whole(bits: u64) -> u64 {
    bits >> 11
}

/// A number from 0 up to 1.
pub fn unit(bits: u64) -> f64 {
    below_whole(bits) as f64 / WHOLE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence() {
        let mut sequence = Sequence::new(1_234_567);
        let drawn: Vec<u64> = (0..5).map(|_| sequence.draw()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn numbers_fill_the_unit_evenly() {
        let mut cells = [0u32; 16];
        for place in 0..160_000u64 {
            cells[(unit(mix(place)) * 16.0) as usize] += 1;
        }
        // 10,000 each with a deviation of 97.
        assert!(cells.iter().all(|&count| count.abs_diff(10_000) < 500), "{cells:?}");
    }
}
