//! Floor 2: the folder on disk and nothing else.
//!
//! A snapshot never changes. Its folder explains itself: one FlatGeobuf per layer and territory, and a manifest with the
//! hashes of all files, counts, provenance and the layer definitions used.
//!
//! ```text
//! DIR/current                    -> snapshots/<id>, swapped by one rename: the only step that publishes
//! DIR/snapshots/<id>/manifest.json
//! DIR/snapshots/<id>/layers/<layer>.<territory>.fgb   coordinates in the CRS of the territory; <layer>.fgb: no geometry
//! DIR/rejects/<id>/<layer>.csv   what was not taken, and why: never served
//! DIR/lock                       held while one program writes
//! ```
//!
//! [`staging::Staging`] writes and publishes, [`open`] reads the manifest, [`verify`] reads every byte.

pub mod durable;
pub mod manifest;
pub mod open;
pub mod staging;
pub mod verify;

pub use manifest::Manifest;
pub use open::{OpenError, Snapshot, open};
pub use verify::{VerifyError, verify};
