//! The written forms of an answer. All of them carry the numbers of [`Answer`](crate::siting::answer::Answer), none makes one.
//!
//! In reading order: [`columns`], the listed sites as one table; its writings [`geojson`], [`csv`], [`flatgeobuf`] and
//! [`geopackage`]; and [`dossier`], the answer as a page to print. JSON is the answer itself, serialised.

pub mod columns;
pub mod csv;
pub mod dossier;
pub mod flatgeobuf;
pub mod geojson;
pub mod geopackage;
