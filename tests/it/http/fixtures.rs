//! The drawn territory of the fixtures as a data folder, and a server over it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use emprise::ingest::{Request, run};
use emprise::layer::shipped::shipped;

use super::{Data, Server};
use crate::harness::repository;

/// Data of these folders of the fixtures, of all where none is named. Tests that read the same at the same time share a folder,
/// which nobody publishes to; it is removed after the last of them.
pub fn fixtures(folders: &[&'static str]) -> Arc<Data> {
    type Shared = Arc<Mutex<Weak<Data>>>;
    static SHARED: Mutex<BTreeMap<Vec<&str>, Shared>> = Mutex::new(BTreeMap::new());
    let place = Arc::clone(SHARED.lock().unwrap_or_else(PoisonError::into_inner).entry(folders.to_vec()).or_default());
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    place.upgrade().unwrap_or_else(|| {
        let data = Arc::new(ingested(folders));
        *place = Arc::downgrade(&data);
        data
    })
}

fn ingested(folders: &[&str]) -> Data {
    let data = Data(tempfile::tempdir().unwrap());
    let all = repository("fixtures/data");
    let sources: Vec<_> = if folders.is_empty() { vec![all] } else { folders.iter().map(|folder| all.join(folder)).collect() };
    let layers = shipped().unwrap();
    run(&Request { data: data.path(), sources: &sources, layers: &layers, stop: &AtomicBool::new(false) }, &mut |_| {}).unwrap();
    data
}

/// The data, and a server over them.
pub type Served = (Arc<Data>, Server);

pub fn served(folders: &[&'static str]) -> Served {
    let data = fixtures(folders);
    let server = Server::over(data.path());
    (data, server)
}
