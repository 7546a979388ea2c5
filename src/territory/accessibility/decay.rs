//! How much what is far counts for.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::layer::catalogue::nearest;

/// The weight of a distance. By hand, 10 km away: `step` 1; `exponential:10km` e⁻¹ = 0.368; `gaussian:10km` e^(−1/2) = 0.607.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Decay {
    /// All that is within counts fully.
    #[default]
    Step,
    /// exp(−d / scale): the β of the literature is 1 / scale.
    Exponential { scale_m: f64 },
    /// exp(−d² / 2σ²).
    Gaussian { sigma_m: f64 },
}

/// A decay that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{word}` is no decay{}; write step, exponential:10km or gaussian:10km", crate::layer::catalogue::suggestion(nearest))]
pub struct DecayError {
    pub word: String,
    nearest: Option<String>,
}

impl Decay {
    pub fn weight(self, distance_m: f64) -> f64 {
        match self {
            Decay::Step => 1.0,
            Decay::Exponential { scale_m } => (-distance_m / scale_m).exp(),
            Decay::Gaussian { sigma_m } => (-distance_m.powi(2) / (2.0 * sigma_m.powi(2))).exp(),
        }
    }
}

/// As it is written in addresses and on the command line.
impl fmt::Display for Decay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decay::Step => f.write_str("step"),
            Decay::Exponential { scale_m } => write!(f, "exponential:{}km", scale_m / 1000.0),
            Decay::Gaussian { sigma_m } => write!(f, "gaussian:{}km", sigma_m / 1000.0),
        }
    }
}

impl Serialize for Decay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Decay {
    type Err = DecayError;

    fn from_str(written: &str) -> Result<Decay, DecayError> {
        let (word, length) = written.split_once(':').unwrap_or((written, ""));
        let kilometres: Option<f64> = length.trim().strip_suffix("km").and_then(|number| number.trim().parse().ok());
        let metres = kilometres.map(|km| 1000.0 * km).filter(|metres| (1.0..=1e6).contains(metres));
        match (word, metres) {
            ("step", None) if length.is_empty() => Ok(Decay::Step),
            ("exponential", Some(scale_m)) => Ok(Decay::Exponential { scale_m }),
            ("gaussian", Some(sigma_m)) => Ok(Decay::Gaussian { sigma_m }),
            _ => {
                let nearest = nearest(word, ["step", "exponential", "gaussian"]).filter(|near| near != word);
                Err(DecayError { word: written.to_owned(), nearest })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_by_hand() {
        let of = |written: &str| format!("{:.3}", written.parse::<Decay>().unwrap().weight(10_000.0));
        assert_eq!(["step", "exponential:10km", "gaussian:10km"].map(of), ["1.000", "0.368", "0.607"]);
    }

    #[test]
    fn a_decay_reads_back_and_a_slip_is_told() {
        for written in ["step", "exponential:2.5km", "gaussian:8km"] {
            assert_eq!(written.parse::<Decay>().unwrap().to_string(), written);
        }
        for wrong in ["step:3km", "gaussian", "gaussian:0km", "exponential:8", "gausian:3km"] {
            assert!(wrong.parse::<Decay>().is_err(), "{wrong}");
        }
        assert!("gausian:3km".parse::<Decay>().unwrap_err().to_string().contains("did you mean `gaussian`?"));
    }
}
