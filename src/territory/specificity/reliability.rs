//! How far a quotient made of few jobs may be trusted.
//!
//! A count of n jobs is taken for a Poisson one: its logarithm varies by 1/√n, so that 19 quotients of 20 lie within a factor
//! exp(1.96/√n) of what is found. By hand: 2.40 for 5 jobs, 1.55 for 20, 1.32 for 50, 1.15 for 200. Of none at all, three expected ones
//! are excluded at 5 % (e⁻³ = 0.05): the quotient may be up to 3 / expected.

use serde::Serialize;

/// Below this many jobs of an activity a quotient is shown with care.
pub const FEW: f64 = 20.0;

/// And below this many jobs in all.
pub const FEW_IN_ALL: f64 = 200.0;

/// What `shrunk` adds to both sides where nobody says: as many jobs as a quotient needs to be shown without care.
pub const KAPPA: f64 = FEW;

/// Of the normal distribution: 95 % lie within.
const Z: f64 = 1.96;

/// Poisson: without any found, as many expected ones are excluded at 5 %.
const NONE_FOUND: f64 = 3.0;

/// The ends between which a quotient lies, at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// The factor by which a quotient of so many jobs may be off, in either direction.
pub fn factor(jobs: f64) -> f64 {
    (Z / jobs.sqrt()).exp()
}

/// Around a quotient of `jobs` found where `expected` were expected.
pub fn interval(quotient: f64, jobs: f64, expected: f64) -> Interval {
    if jobs > 0.0 {
        let factor = factor(jobs);
        return Interval { low: quotient / factor, high: quotient * factor };
    }
    Interval { low: 0.0, high: NONE_FOUND / expected }
}

/// Whether there are jobs enough, of the activity and in all.
pub fn is_reliable(jobs: f64, jobs_in_all: f64) -> bool {
    jobs >= FEW && jobs_in_all >= FEW_IN_ALL
}

/// The quotient drawn towards 1 as far as it rests on few: (jobs + κ) / (expected + κ). For ranking: by hand, 4 jobs where 1 was
/// expected are 4.0, but (4 + 20) / (1 + 20) = 1.14 once shrunk; 400 where 100 were expected stay at 420 / 120 = 3.5.
pub fn shrunk(jobs: f64, expected: f64, kappa: f64) -> f64 {
    (jobs + kappa) / (expected + kappa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_to_the_last_digit() {
        let factors = [5.0, 20.0, 50.0, 200.0].map(|jobs| format!("{:.2}", factor(jobs)));
        assert_eq!(factors, ["2.40", "1.55", "1.32", "1.15"]);
    }

    #[test]
    fn intervals_hold_the_quotient_and_none_found_has_one_too() {
        let some = interval(2.0, 50.0, 25.0);
        assert!((some.low * some.high - 4.0).abs() < 1e-12 && some.low < 2.0);
        assert_eq!(interval(0.0, 0.0, 6.0), Interval { low: 0.0, high: 0.5 });
    }

    #[test]
    fn few_jobs_weigh_little() {
        assert_eq!(format!("{:.2}", shrunk(4.0, 1.0, KAPPA)), "1.14");
        assert_eq!(shrunk(400.0, 100.0, KAPPA), 3.5);
        assert_eq!([is_reliable(19.9, 900.0), is_reliable(20.0, 199.0), is_reliable(20.0, 200.0)], [false, false, true]);
    }
}
