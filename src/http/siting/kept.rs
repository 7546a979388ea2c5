//! The specifications of the ids that were answered: in memory, and beside the snapshots, so that an address that was shared
//! outlives the server and the snapshot.
//!
//! Both are bounded, the oldest out. A folder that cannot be written to is no error: memory serves then.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::error::HttpError;
use crate::http::limits::Limits;
use crate::http::siting::question::id_of;
use crate::siting::spec::Spec;
use crate::siting::spec::read::read;

/// A specification, and how much of the data was seen when it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub edition: String,
    /// The restricted layers that the asker saw.
    pub seen: BTreeSet<String>,
    pub spec: Arc<Spec>,
}

/// Its writing on disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    edition: String,
    seen: BTreeSet<String>,
    specification: Value,
}

impl Asked {
    fn written(&self) -> String {
        json!(Written { edition: self.edition.clone(), seen: self.seen.clone(), specification: self.spec.normal() }).to_string()
    }

    /// What is written there, if it is what its id says.
    fn read(text: &str, id: &str) -> Option<Asked> {
        let Written { edition, seen, specification } = serde_json::from_str(text).ok()?;
        let spec = Arc::new(read(&specification.to_string()).ok()?);
        (id_of(&spec, &edition) == id).then_some(Asked { edition, seen, spec })
    }
}

#[derive(Debug)]
pub struct Specifications {
    folder: Option<PathBuf>,
    /// How many are kept in memory, and how many on disk.
    most: usize,
    /// In memory, in bytes of their writing.
    most_bytes: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: HashMap<String, (Arc<Asked>, usize)>,
    /// Ids in memory, the longest unused first.
    used: VecDeque<String>,
    bytes: usize,
    on_disk: HashSet<String>,
    /// Ids on disk, the oldest first.
    written: VecDeque<String>,
}

impl Specifications {
    /// `data` is a data folder; a snapshot's own folder stays as it is.
    pub fn new(data: &Path, limits: &Limits) -> Specifications {
        let folder = data.join("current").is_symlink().then(|| data.join("specifications"));
        let written = folder.as_deref().map(ids_in).unwrap_or_default();
        let state = State { on_disk: written.iter().cloned().collect(), written, ..State::default() };
        let (most, most_bytes) = (limits.specifications, limits.specifications_bytes);
        Specifications { folder, most, most_bytes, state: Mutex::new(state) }
    }

    pub async fn get(self: Arc<Specifications>, id: &str) -> Option<Arc<Asked>> {
        let on_disk = {
            let mut state = self.lock();
            if let Some(asked) = state.get(id) {
                return Some(asked);
            }
            state.on_disk.contains(id)
        };
        if !on_disk {
            return None;
        }
        let id = id.to_owned();
        tokio::task::spawn_blocking(move || self.read(&id)).await.ok()?
    }

    /// # Errors
    /// A fault of the program.
    pub async fn put(self: Arc<Specifications>, id: &str, asked: Asked) -> Result<(), HttpError> {
        let text = asked.written();
        let is_new = {
            let mut state = self.lock();
            state.put(id, Arc::new(asked), text.len());
            state.leave(self.most, self.most_bytes);
            !state.on_disk.contains(id)
        };
        if is_new && self.folder.is_some() {
            let id = id.to_owned();
            let write = tokio::task::spawn_blocking(move || self.write(&id, &text));
            write.await.map_err(|_| HttpError::Panicked)?;
        }
        Ok(())
    }

    /// What is on disk, if it is what its name says.
    fn read(&self, id: &str) -> Option<Arc<Asked>> {
        let path = self.folder.as_ref()?.join(format!("{id}.json"));
        let text = std::fs::read_to_string(path).ok()?;
        let asked = Arc::new(Asked::read(&text, id)?);
        let mut state = self.lock();
        state.put(id, Arc::clone(&asked), text.len());
        state.leave(self.most, self.most_bytes);
        Some(asked)
    }

    fn write(&self, id: &str, text: &str) {
        let Some(folder) = &self.folder else { return };
        if write_whole(folder, id, text).is_err() {
            return;
        }
        let too_many: Vec<String> = {
            let mut state = self.lock();
            if state.on_disk.insert(id.to_owned()) {
                state.written.push_back(id.to_owned());
            }
            let beyond = state.written.len().saturating_sub(self.most);
            let oldest: Vec<String> = state.written.drain(..beyond).collect();
            state.on_disk.retain(|id| !oldest.contains(id));
            oldest
        };
        for id in too_many {
            // Already gone is as good.
            let _ = std::fs::remove_file(folder.join(format!("{id}.json")));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn get(&mut self, id: &str) -> Option<Arc<Asked>> {
        let asked = Arc::clone(&self.known.get(id)?.0);
        self.touch(id);
        Some(asked)
    }

    fn put(&mut self, id: &str, asked: Arc<Asked>, bytes: usize) {
        if self.known.insert(id.to_owned(), (asked, bytes)).is_none() {
            self.bytes += bytes;
        }
        self.touch(id);
    }

    fn touch(&mut self, id: &str) {
        self.used.retain(|used| used != id);
        self.used.push_back(id.to_owned());
    }

    fn leave(&mut self, most: usize, most_bytes: usize) {
        while self.known.len() > most || (self.bytes > most_bytes && self.known.len() > 1) {
            let Some(oldest) = self.used.pop_front() else { return };
            self.bytes -= self.known.remove(&oldest).map_or(0, |(_, bytes)| bytes);
        }
    }
}

/// A reader sees the whole file or none.
fn write_whole(folder: &Path, id: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(folder.join(format!("{id}.json")))?;
    Ok(())
}

/// Ids of the files of a folder, the oldest first.
fn ids_in(folder: &Path) -> VecDeque<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(SystemTime, String)> = entries
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.strip_suffix(".json")?.to_owned();
            let written = entry.metadata().ok()?.modified().ok()?;
            is_id(&id).then_some((written, id))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(limit: usize) -> (String, Asked) {
        let text = format!(
            "{{emprise: 1, candidates: {{layers: [a]}}, limit: {limit}, criteria: {{x: {{kind: area, required: '> 1 ha'}}}}}}"
        );
        let asked = Asked { edition: "e".into(), seen: BTreeSet::new(), spec: Arc::new(read(&text).unwrap()) };
        (id_of(&asked.spec, "e"), asked)
    }

    fn store(folder: &Path) -> Arc<Specifications> {
        Arc::new(Specifications::new(folder, &Limits { specifications: 3, ..Limits::default() }))
    }

    #[tokio::test]
    async fn what_was_asked_outlives_the_server_up_to_a_number() {
        let data = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", data.path().join("current")).unwrap();
        let first = store(data.path());
        let all: Vec<(String, Asked)> = (1..=5).map(asked).collect();
        let mut written = SystemTime::now();
        for (id, asked) in &all {
            first.clone().put(id, asked.clone()).await.unwrap();
            first.clone().put(id, asked.clone()).await.unwrap();
            // Written in this order, which the clock of a file system may be too coarse to tell.
            let file = std::fs::File::options().write(true).open(data.path().join(format!("specifications/{id}.json"))).unwrap();
            written += std::time::Duration::from_secs(1);
            file.set_modified(written).unwrap();
        }
        let second = store(data.path());
        for store in [first, second] {
            for (place, (id, asked)) in all.iter().enumerate() {
                let found = store.clone().get(id).await;
                assert_eq!(found.map(|found| found.spec.normal()), (place >= 2).then(|| asked.spec.normal()), "{place}");
            }
        }
        assert_eq!(std::fs::read_dir(data.path().join("specifications")).unwrap().count(), 3);
    }

    #[tokio::test]
    async fn a_file_that_is_not_what_its_name_says_is_nothing() {
        let data = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", data.path().join("current")).unwrap();
        let (id, own) = asked(1);
        store(data.path()).put(&id, own).await.unwrap();
        let path = data.path().join(format!("specifications/{id}.json"));
        let text = std::fs::read_to_string(&path).unwrap();
        for wrong in [text.replace("\"e\"", "\"f\""), text[..text.len() - 9].to_owned(), String::new(), "[".repeat(9000)] {
            std::fs::write(&path, wrong).unwrap();
            assert!(store(data.path()).get(&id).await.is_none());
        }
        for wrong in ["../../etc/passwd", "", "ABCDEF", "x"] {
            assert!(store(data.path()).get(wrong).await.is_none());
        }
    }

    #[tokio::test]
    async fn a_snapshot_s_own_folder_and_one_that_cannot_be_written_to_stay_as_they_are() {
        let data = tempfile::tempdir().unwrap();
        let (id, own) = asked(1);
        let memory = store(data.path());
        memory.clone().put(&id, own.clone()).await.unwrap();
        assert!(memory.get(&id).await.is_some());
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);

        std::os::unix::fs::symlink("nowhere", data.path().join("current")).unwrap();
        std::fs::write(data.path().join("specifications"), "a file in the way").unwrap();
        let blocked = store(data.path());
        blocked.clone().put(&id, own).await.unwrap();
        assert!(blocked.get(&id).await.is_some());
    }
}
