//! The integration tests, one file per stage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on should stop, and one that is skipped should say so"
)]

mod atlas;
mod commuting;
mod criteria;
mod decision;
mod floors;
mod harness;
mod http;
mod ingest;
mod layers;
mod national;
mod peers;
mod ranking;
mod read;
mod shapes;
mod siting;
mod snapshot;
mod specificity;
mod stored;
mod styles;
mod territory;
mod tiles;
mod validity;
mod writing;
mod zoning;
mod zoning_national;
