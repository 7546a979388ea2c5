//! Writes a snapshot beside the published one, and publishes it with one rename.
//!
//! 1. Take the lock; remove what an interrupted run left.
//! 2. Data files go to `DIR/.staging-<pid>/`, each synced when sealed. Dropping a [`Staging`] removes the folder.
//! 3. [`Staging::publish`]: manifest, sync of the folders, rename to `snapshots/<id>`, sync, swap of `current`, sync.
//! 4. Snapshots older than the one just replaced are removed.
//!
//! Whatever stops the program before the swap in step 3, the published snapshot is the old one, untouched.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::durable::{hash_file, remove_folder_if_there, swap_link, sync_folder, write_file};
use super::manifest::Manifest;
use super::open::{OpenError, Snapshot, open};
use super::verify::verify;

const PREFIX: &str = ".staging-";

/// A snapshot being written, and the lock of its data folder.
#[derive(Debug)]
pub struct Staging {
    data: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Staging {
    /// Takes the lock of a data folder, made if it is not there.
    ///
    /// # Errors
    /// Another program holds the lock, or the disk refuses.
    pub fn begin(data: &Path) -> Result<Staging, WriteError> {
        fs::create_dir_all(data).map_err(failed("make", data))?;
        let data = data.canonicalize().map_err(failed("find", data))?;
        let lock = take_lock(&data)?;
        remove_leftovers(&data)?;
        let folder = data.join(format!("{PREFIX}{}", std::process::id()));
        let staging = Staging { data, folder, _lock: lock };
        for path in [staging.snapshot().join("layers"), staging.rejects()] {
            fs::create_dir_all(&path).map_err(failed("make", &path))?;
        }
        Ok(staging)
    }

    /// Where a data file of the snapshot is written: `path` as in its manifest.
    pub fn data_file(&self, path: &str) -> PathBuf {
        self.snapshot().join(path)
    }

    /// Where the rejects of a layer are written.
    pub fn rejects_file(&self, layer: &str) -> PathBuf {
        self.rejects().join(format!("{layer}.csv"))
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.join("snapshot")
    }

    fn rejects(&self) -> PathBuf {
        self.folder.join("rejects")
    }

    /// Publishes what was written, and returns it opened.
    ///
    /// # Errors
    /// The disk refuses; until the swap of `current`, the published snapshot is the previous one.
    pub fn publish(self, manifest: &Manifest) -> Result<Snapshot, WriteError> {
        let id = manifest.id();
        self.complete(manifest)?;
        self.move_in(&id)?;
        let replaced = fs::read_link(self.data.join("current")).ok();
        let link = self.data.join("current");
        let target = Path::new("snapshots").join(&id);
        swap_link(&link, &target, &self.folder.join("current")).map_err(failed("swap", &link))?;
        remove_older(&self.data, &id, replaced.as_deref())?;
        open(&self.data).map_err(WriteError::Reopen)
    }

    /// The manifest, and every name, on the disk.
    fn complete(&self, manifest: &Manifest) -> Result<(), WriteError> {
        let path = self.snapshot().join("manifest.json");
        write_file(&path, &manifest.to_bytes()).map_err(failed("write", &path))?;
        for folder in [self.snapshot().join("layers"), self.snapshot(), self.rejects()] {
            sync_folder(&folder).map_err(failed("sync", &folder))?;
        }
        Ok(())
    }

    fn move_in(&self, id: &str) -> Result<(), WriteError> {
        let (snapshots, rejects) = (self.data.join("snapshots"), self.data.join("rejects"));
        for folder in [&snapshots, &rejects] {
            fs::create_dir_all(folder).map_err(failed("make", folder))?;
        }
        sync_folder(&self.data).map_err(failed("sync", &self.data))?;
        let (own_rejects, own) = (rejects.join(id), snapshots.join(id));
        remove_folder_if_there(&own_rejects).map_err(failed("replace", &own_rejects))?;
        fs::rename(self.rejects(), &own_rejects).map_err(failed("move", &own_rejects))?;
        if own.exists() {
            self.mend(&own)?;
        } else {
            fs::rename(self.snapshot(), &own).map_err(failed("move", &own))?;
        }
        for folder in [&snapshots, &rejects] {
            sync_folder(folder).map_err(failed("sync", folder))?;
        }
        Ok(())
    }

    /// The same content was published before. Where that copy is damaged, its files are replaced one by one: the folder may
    /// be the current one, and must never be absent.
    fn mend(&self, own: &Path) -> Result<(), WriteError> {
        if open(own).is_ok_and(|snapshot| verify(&snapshot).is_ok()) {
            return Ok(());
        }
        fs::create_dir_all(own.join("layers")).map_err(failed("make", own))?;
        for folder in ["layers", "."] {
            let staged = self.snapshot().join(folder);
            let into = own.join(folder);
            for entry in fs::read_dir(&staged).map_err(failed("read", &staged))? {
                let path = entry.map_err(failed("read", &staged))?.path();
                let place = into.join(path.file_name().unwrap_or_default());
                if path.is_file() {
                    fs::rename(&path, &place).map_err(failed("move", &place))?;
                }
            }
            sync_folder(&into).map_err(failed("sync", &into))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the next run begins.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Hands a written file to the disk; returns its BLAKE3 in hexadecimal and its length.
pub fn seal(path: &Path) -> Result<(String, u64), WriteError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("sync", path))?;
    hash_file(path).map_err(failed("read back", path))
}

/// How long somebody else may hold the lock: a program that was killed is gone only a moment later, and a child that one of our
/// own threads starts holds every open file until it runs.
const PATIENCE: Duration = Duration::from_secs(1);

fn take_lock(data: &Path) -> Result<File, WriteError> {
    let path = data.join("lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed("open", &path))?;
    let begin = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if begin.elapsed() < PATIENCE => std::thread::sleep(PATIENCE / 20),
            Err(TryLockError::WouldBlock) => return Err(WriteError::Busy(data.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
        }
    }
}

fn remove_leftovers(data: &Path) -> Result<(), WriteError> {
    for path in subfolders(data)? {
        if name_of(&path).starts_with(PREFIX) {
            remove_folder_if_there(&path).map_err(failed("remove", &path))?;
        }
    }
    Ok(())
}

/// Keeps the snapshot just published and the one it replaced.
fn remove_older(data: &Path, id: &str, replaced: Option<&Path>) -> Result<(), WriteError> {
    let replaced = replaced.map(name_of).unwrap_or_default();
    for parent in [data.join("snapshots"), data.join("rejects")] {
        for path in subfolders(&parent)? {
            let name = name_of(&path);
            if name != id && name != replaced {
                remove_folder_if_there(&path).map_err(failed("remove", &path))?;
            }
        }
    }
    Ok(())
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>().map_err(failed("read", folder))?;
    Ok(paths.into_iter().filter(|path| path.is_dir() && !path.is_symlink()).collect())
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |error| WriteError::Disk { action, path, error }
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("another ingest is writing to {}; wait until it has ended", .0.display())]
    Busy(PathBuf),
    #[error("cannot {action} {}: {error}", path.display())]
    Disk { action: &'static str, path: PathBuf, error: io::Error },
    #[error("the snapshot that was just published does not open: {0}")]
    Reopen(OpenError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::manifest::tests::sample;

    fn publish(data: &Path, mutate: impl FnOnce(&mut Manifest)) -> Snapshot {
        let mut manifest = sample("2026-01-01T00:00:00Z");
        mutate(&mut manifest);
        let manifest = Manifest::new(manifest.created, manifest.layers);
        let staging = Staging::begin(data).unwrap();
        fs::write(staging.rejects_file("sheds"), "why").unwrap();
        staging.publish(&manifest).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| name_of(&entry.unwrap().path())).collect();
        names.sort();
        names
    }

    #[test]
    fn the_last_two_snapshots_stay() {
        let data = tempfile::tempdir().unwrap();
        let ids: Vec<String> =
            (1..4).map(|read| publish(data.path(), |manifest| manifest.layers[0].counts.read = read).id).collect();
        let mut last = ids[1..].to_vec();
        last.sort();
        assert_eq!(names(&data.path().join("snapshots")), last);
        assert_eq!(names(&data.path().join("rejects")), last);
        assert_eq!(open(data.path()).unwrap().id, ids[2]);
        assert_eq!(names(data.path()), ["current", "lock", "rejects", "snapshots"]);
    }

    #[test]
    fn the_same_content_publishes_twice() {
        let data = tempfile::tempdir().unwrap();
        let first = publish(data.path(), |_| ());
        assert_eq!(publish(data.path(), |_| ()).id, first.id);
        fs::write(first.folder.join("manifest.json"), "{}").unwrap();
        assert!(open(data.path()).is_err());
        assert_eq!(publish(data.path(), |_| ()).id, first.id, "a damaged copy is mended");
        assert!(open(data.path()).is_ok());
    }

    #[test]
    fn one_writer_at_a_time_and_nothing_left_behind() {
        let data = tempfile::tempdir().unwrap();
        let staging = Staging::begin(data.path()).unwrap();
        let error = Staging::begin(data.path()).unwrap_err().to_string();
        assert!(error.starts_with("another ingest is writing to"), "{error}");
        drop(staging);
        fs::create_dir(data.path().join(".staging-1")).unwrap();
        drop(Staging::begin(data.path()).unwrap());
        assert_eq!(names(data.path()), ["lock"]);
    }
}
