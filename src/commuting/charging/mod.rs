//! Where chargers are missing: by commune, by any level, along a road.
//!
//! In: public charging points, cars that are charged by commune, who come to work by car. Out: two needs side by side, each less what is
//! installed: the regulatory floor ([`afir`]) and the need by energy ([`energy`]); ranked by either. Every assumption is a
//! parameter, and the answer repeats it ([`parameters`]).
//!
//! In reading order: [`afir`], [`energy`], [`parameters`] (the formulas); [`chargers`], [`fleet`], [`sums`] (what is added up);
//! [`need`], [`corridor`], [`answer`].

pub mod afir;
pub mod answer;
pub mod chargers;
pub mod corridor;
pub mod energy;
pub mod fleet;
pub mod need;
pub mod parameters;
pub mod sums;

pub use answer::{Question, Supply, Where, charging};
