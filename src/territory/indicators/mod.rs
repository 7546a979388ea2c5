//! Numbers of territories, as `layers/*.toml` declare them: one mechanism, and no code for any one of them.
//!
//! In: the rows of the layers that a caller sees. Out: a [`Figure`] for each area of each level, and for any list of communes.
//! Rows are placed once ([`placing`]), summed to the smallest areas that the table tells of ([`tally`]: communes, or départements
//! where a publisher has no less), and from there to every level ([`parts`]) by the same addition.
//!
//! What holds:
//! - A cell that is unknown, secret, below zero or not published is left out of the sums and never taken for zero. A sum is then *at
//!   least* its value; where nothing at all is known it is not available.
//! - A ratio is its whole sum over its whole sum. Over a divisor that is zero, or of which any part is unknown, it is not available: it
//!   could lie on either side. Where only its dividend lacks something it is at least its value. A mean is such a ratio: the weighted
//!   sum by the weights; a place of no weight says nothing of it, known or not.
//! - Figures of a table that tells of nothing smaller than, say, a département exist where whole départements make up an area. One that an
//!   area's border cuts is a part that is not known.
//! - What could not be placed is counted ([`placing::Taken`]), and belongs to no sum.
//!
//! By hand: A has 100 residents of whom 50 work, B 300 and 150, C a secret number and 40, D nobody. Residents of A and B: 400; of A and C: at
//! least 100; of C: not available. Who works, of A and B: 200 of 400, 50 %, which is no mean of two shares; of A and C: not available, since the
//! residents of C could be any number. Incomes of 10 and 20 a head in A and B: (100·10 + 300·20) / 400 = 17.5; with D, whose income nobody
//! knows, still 17.5.
//!
//! In reading order: [`figure`], [`placing`], [`tally`], [`measured`], [`parts`], [`book`].

pub mod book;
pub mod figure;
pub mod measured;
pub mod parts;
pub mod placing;
pub mod tally;

pub use book::{Indicators, Series};
pub use figure::{Figure, Ordered, Standing};
