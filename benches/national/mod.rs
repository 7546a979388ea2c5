//! The synthetic national layers, ingested once by the program itself, as any user would.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use emprise::ingest::{self, Request};
use emprise::layer::catalogue;

/// Where the generator of the national layers writes: `$BENCH_WORK`, or `emprise-bench` in the temporary folder.
pub fn work() -> PathBuf {
    let temporary = || PathBuf::from(std::env::var_os("TMPDIR").unwrap_or("/var/tmp".into())).join("emprise-bench");
    std::env::var_os("BENCH_WORK").map_or_else(temporary, PathBuf::from)
}

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(path)
}

/// The data folder of the national snapshot, ingested on the first call; `None`, said aloud, where the layers were not generated.
#[allow(dead_code, reason = "not every benchmark asks about the usual candidates")]
pub fn data_folder() -> Option<PathBuf> {
    ingested("emprise", |layer| (layer != "parcels").then(|| source(layer)))
}

/// The file of a generated layer.
pub fn source(layer: &str) -> PathBuf {
    work().join("data").join(format!("{layer}.fgb"))
}

/// A data folder of those layers that have a file to come from.
pub fn ingested(folder: &str, file: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let out = work().join(folder);
    if !source("zones").exists() {
        eprintln!("skipped: there are no national layers in {}", work().join("data").display());
        return None;
    }
    let mut layers = catalogue::read_folder(&repository("benches/layers")).unwrap();
    layers.retain(|layer| file(&layer.id).is_some());
    let files: Vec<PathBuf> = layers.iter().filter_map(|layer| file(&layer.id)).collect();
    // The same layers give the same snapshot: ingesting again costs seconds and never goes stale.
    std::fs::create_dir_all(&out).unwrap();
    // A test and a benchmark may run at one time: each waits its turn.
    let turn = std::fs::File::create(work().join("emprise.turn")).unwrap();
    turn.lock().unwrap();
    let request = Request { data: &out, sources: &files, layers: &layers, stop: &AtomicBool::new(false) };
    ingest::run(&request, &mut |_| {}).unwrap();
    Some(out)
}

/// Processor seconds of this process, to the nanosecond, over threads that are still alive: those of the pool stay.
#[allow(dead_code, reason = "the test that shares this file measures nothing")]
pub fn processor_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let spent = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("schedstat")).unwrap();
    let nanoseconds = tasks.map(|task| spent(task.unwrap()).split_whitespace().next().unwrap().parse::<f64>().unwrap());
    nanoseconds.sum::<f64>() / 1e9
}

/// Memory of this process, such as `VmRSS` or `VmHWM`.
#[allow(dead_code, reason = "the test that shares this file measures nothing")]
pub fn resident_mb(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
