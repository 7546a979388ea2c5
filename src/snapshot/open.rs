//! Opens a snapshot: reads its manifest and sees that every file is there with its length. [`super::verify`] reads the rest.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::manifest::{FORMAT, Manifest};

/// A snapshot whose manifest is whole and whose files are there.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Sixteen hexadecimal digits, made of the content.
    pub id: String,
    /// The folder of `manifest.json`, with no symbolic link in it: it stays this snapshot when `current` moves on.
    pub folder: PathBuf,
    pub manifest: Manifest,
}

impl Snapshot {
    /// Where a file of the manifest is.
    pub fn path(&self, file: &super::manifest::DataFile) -> PathBuf {
        self.folder.join(&file.path)
    }
}

/// Opens the current snapshot of a data folder, or the snapshot whose own folder this is.
///
/// # Errors
/// No snapshot there, another format, a manifest that does not match its own hash, a file that is missing or has another
/// length.
pub fn open(folder: &Path) -> Result<Snapshot, OpenError> {
    let folder = locate(folder)?;
    let manifest = read_manifest(&folder.join("manifest.json"))?;
    let snapshot = Snapshot { id: manifest.id(), folder, manifest };
    for file in snapshot.manifest.files() {
        check_length(&snapshot.path(file), file.bytes)?;
    }
    Ok(snapshot)
}

/// The folder of the manifest, followed to where it is now.
pub(super) fn locate(folder: &Path) -> Result<PathBuf, OpenError> {
    let own = folder.join("manifest.json").exists();
    let place = if own { folder.to_owned() } else { folder.join("current") };
    place.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::Nothing(folder.to_owned()),
        _ => OpenError::Unreadable { path: place, error },
    })
}

/// Reads a manifest and holds it against its own hash.
pub(super) fn read_manifest(path: &Path) -> Result<Manifest, OpenError> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::Missing(path.to_owned()),
        _ => OpenError::Unreadable { path: path.to_owned(), error },
    })?;
    let damaged = |reason: String| OpenError::Manifest { path: path.to_owned(), reason };
    let Version { format } = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if format != FORMAT {
        return Err(OpenError::Format { path: path.to_owned(), found: format });
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if manifest.check != manifest.own_hash() || bytes != manifest.to_bytes() {
        return Err(damaged("its content does not match its own hash".to_owned()));
    }
    let stray = manifest.files().find(|file| !path_is_ours(&file.path)).map(|file| file.path.clone());
    match stray {
        Some(path) => Err(damaged(format!("`{path}` is not a place inside the snapshot"))),
        None => Ok(manifest),
    }
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// `layers/` and a plain name: a manifest names nothing outside its folder.
fn path_is_ours(path: &str) -> bool {
    let plain = |name: &str| name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
    path.strip_prefix("layers/").is_some_and(|name| plain(name) && name.ends_with(".fgb") && !name.starts_with('.'))
}

fn check_length(path: &Path, expected: u64) -> Result<(), OpenError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() == expected => Ok(()),
        Ok(metadata) => Err(OpenError::Length { path: path.to_owned(), found: metadata.len(), expected }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::Missing(path.to_owned())),
        Err(error) => Err(OpenError::Unreadable { path: path.to_owned(), error }),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no snapshot in {}; make one with `emprise ingest --out {} SOURCE...`", .0.display(), .0.display())]
    Nothing(PathBuf),
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is missing from the snapshot; ingest the sources again", .0.display())]
    Missing(PathBuf),
    #[error(
        "{} has format {found} and this program reads format {FORMAT}; ingest the sources again with this program",
        path.display()
    )]
    Format { path: PathBuf, found: u32 },
    #[error("{} is damaged: {reason}; ingest the sources again", path.display())]
    Manifest { path: PathBuf, reason: String },
    #[error("{} is damaged: {found} bytes instead of {expected}; ingest the sources again", path.display())]
    Length { path: PathBuf, found: u64, expected: u64 },
}
