//! Numbers of workers: census weights, hence decimals.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Serialize, Serializer};

/// Workers in whole units of 2⁻³⁶ (1.5e-11): a sum is then the same in whatever order and grouping it is taken, which that of
/// floating-point numbers is not. The units of 134 million workers fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Workers(pub i64);

const UNITS: f64 = (1_u64 << 36) as f64;

/// More than the working population of the country, in one cell, is no count.
const MOST: f64 = 1e8;

impl Workers {
    /// `None` for what is no count: below zero, not finite, beyond any country.
    pub fn of(count: f64) -> Option<Workers> {
        (0.0..=MOST).contains(&count).then(|| Workers((count * UNITS).round() as i64))
    }

    pub fn whole(count: u32) -> Workers {
        Workers(i64::from(count) << 36)
    }

    pub fn count(self) -> f64 {
        self.0 as f64 / UNITS
    }

    /// Rounded down, so that a threshold on it is one on the count.
    pub fn floor(self) -> i64 {
        self.0 >> 36
    }

    pub fn rounded(self) -> i64 {
        self.count().round() as i64
    }

    /// This as a share of a total; `None` where there is nothing to be a share of.
    pub fn share_of(self, total: Workers) -> Option<f64> {
        (total.0 > 0).then(|| self.0 as f64 / total.0 as f64)
    }
}

impl Add for Workers {
    type Output = Workers;
    fn add(self, other: Workers) -> Workers {
        Workers(self.0 + other.0)
    }
}

impl Sub for Workers {
    type Output = Workers;
    fn sub(self, other: Workers) -> Workers {
        Workers(self.0 - other.0)
    }
}

impl AddAssign for Workers {
    fn add_assign(&mut self, other: Workers) {
        self.0 += other.0;
    }
}

impl Sum for Workers {
    fn sum<I: Iterator<Item = Workers>>(all: I) -> Workers {
        all.fold(Workers::default(), Add::add)
    }
}

impl Serialize for Workers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_add_up_in_any_order() {
        let parts: Vec<Workers> = (1..=1000).map(|n| Workers::of(f64::from(n) / 7.0).unwrap()).collect();
        let forward: Workers = parts.iter().copied().sum();
        assert_eq!(forward, parts.iter().rev().copied().sum());
        assert!((forward.count() - 71_500.0).abs() < 1e-7, "{}", forward.count());
        assert_eq!((Workers::of(399.999_999).unwrap().floor(), Workers::whole(400).floor()), (399, 400));
    }

    #[test]
    fn what_is_no_count() {
        for wrong in [-1e-9, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(Workers::of(wrong), None, "{wrong}");
        }
        assert_eq!(Workers::of(0.0), Some(Workers(0)));
        assert_eq!(Workers(0).share_of(Workers(0)), None);
    }
}
