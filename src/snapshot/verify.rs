//! Reads every byte of a snapshot and names what differs from its manifest.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::durable::hash_file;
use super::manifest::DataFile;
use super::open::Snapshot;

/// Compares every file with its hash, and the folder's content with the manifest.
///
/// # Errors
/// All that was found, not the first only.
pub fn verify(snapshot: &Snapshot) -> Result<Verified, VerifyError> {
    let mut damages = check_name(snapshot);
    let mut bytes = 0;
    for file in snapshot.manifest.files() {
        bytes += file.bytes;
        damages.extend(check_file(snapshot, file));
    }
    damages.extend(find_strangers(snapshot));
    let files = snapshot.manifest.files().count();
    if damages.is_empty() { Ok(Verified { files, bytes }) } else { Err(VerifyError { damages }) }
}

/// What was read and found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    pub files: usize,
    pub bytes: u64,
}

/// A snapshot lives in a folder of its own name: under another one it is the wrong snapshot, or a copy made by hand.
fn check_name(snapshot: &Snapshot) -> Vec<Damage> {
    let name = snapshot.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let published = snapshot.folder.parent().is_some_and(|parent| parent.ends_with("snapshots"));
    if !published || name == snapshot.id {
        return Vec::new();
    }
    vec![Damage { path: snapshot.folder.join("manifest.json"), fault: Fault::OtherId { found: snapshot.id.clone() } }]
}

fn check_file(snapshot: &Snapshot, file: &DataFile) -> Option<Damage> {
    let path = snapshot.path(file);
    let fault = match hash_file(&path) {
        Ok((_, bytes)) if bytes != file.bytes => Fault::Length { found: bytes, expected: file.bytes },
        Ok((hash, _)) if hash == file.blake3 => return None,
        Ok(_) => Fault::Content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fault::Missing,
        Err(error) => Fault::Unreadable(error),
    };
    Some(Damage { path, fault })
}

fn find_strangers(snapshot: &Snapshot) -> Vec<Damage> {
    let mut known: BTreeSet<PathBuf> = snapshot.manifest.files().map(|file| snapshot.path(file)).collect();
    known.insert(snapshot.folder.join("manifest.json"));
    known.insert(snapshot.folder.join("layers"));
    let mut damages = Vec::new();
    for folder in [snapshot.folder.clone(), snapshot.folder.join("layers")] {
        match list(&folder) {
            Ok(paths) => damages.extend(
                paths.into_iter().filter(|path| !known.contains(path)).map(|path| Damage { path, fault: Fault::Stranger }),
            ),
            Err(error) => damages.push(Damage { path: folder, fault: Fault::Unreadable(error) }),
        }
    }
    damages
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// One file that is not as it was written.
#[derive(Debug)]
pub struct Damage {
    pub path: PathBuf,
    pub fault: Fault,
}

#[derive(Debug)]
pub enum Fault {
    Missing,
    Unreadable(io::Error),
    Length { found: u64, expected: u64 },
    Content,
    Stranger,
    OtherId { found: String },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::Missing => write!(f, "{path} is missing"),
            Fault::Unreadable(error) => write!(f, "{path} cannot be read: {error}"),
            Fault::Length { found, expected } => write!(f, "{path} has {found} bytes instead of {expected}"),
            Fault::Content => write!(f, "{path} differs from what was written"),
            Fault::Stranger => write!(f, "{path} does not belong to the snapshot"),
            Fault::OtherId { found } => write!(f, "{path} describes snapshot {found}, not the one its folder is named after"),
        }
    }
}

/// Everything that is wrong with a snapshot.
#[derive(Debug, thiserror::Error)]
#[error("{} damaged: {}", count(.damages.len()), .damages.iter().map(Damage::to_string).collect::<Vec<_>>().join("; "))]
pub struct VerifyError {
    pub damages: Vec<Damage>,
}

fn count(files: usize) -> String {
    if files == 1 { "one file is".to_owned() } else { format!("{files} files are") }
}
