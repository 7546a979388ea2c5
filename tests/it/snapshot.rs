//! Whatever happens to a byte of a snapshot is found, and named.

use std::fs;
use std::path::{Path, PathBuf};

use emprise::layer::catalogue;
use emprise::snapshot::manifest::{Counts, DataFile, LayerEntry, Manifest};
use emprise::snapshot::staging::{Staging, seal};
use emprise::snapshot::{Snapshot, open, verify};

const SHEDS: &str = r#"
    id = "sheds"
    title = { fr = "Hangars", en = "Sheds" }
    role = "infrastructure"
    visibility = "public"
    geometry = "point"
    precision_m = 0.1
    files = ["sheds*.csv"]
    source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }
"#;

/// A snapshot with files of 0, 1 and 20,000 bytes: verify looks at bytes, whatever they mean.
fn publish(data: &Path) -> Snapshot {
    let staging = Staging::begin(data).unwrap();
    let file = |name: &str, length: usize| {
        let path = format!("layers/{name}.fgb");
        let bytes: Vec<u8> = (0..length).map(|i| (i * i % 251) as u8).collect();
        fs::write(staging.data_file(&path), bytes).unwrap();
        let (blake3, bytes) = seal(&staging.data_file(&path)).unwrap();
        DataFile { path, territory: None, bytes, blake3, features: 0, extent_lonlat: None }
    };
    let entry = LayerEntry {
        definition: catalogue::parse(SHEDS, "sheds").unwrap(),
        files: vec![file("empty", 0), file("one", 1), file("many", 20_000)],
        counts: Counts::default(),
        problems: Vec::new(),
        sources: Vec::new(),
        extent_lonlat: None,
    };
    staging.publish(&Manifest::new("2026-01-01T00:00:00Z".to_owned(), vec![entry])).unwrap()
}

/// What a person is told: the error of opening, or the damages that verify lists.
fn check(data: &Path) -> Result<(), String> {
    let snapshot = open(data).map_err(|error| error.to_string())?;
    verify(&snapshot).map(|_| ()).map_err(|error| error.to_string())
}

/// Changes a file, checks that the change is found under the file's name, and changes it back.
fn found(data: &Path, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let good = fs::read(path).unwrap();
    let mut bad = good.clone();
    change(&mut bad);
    fs::write(path, bad).unwrap();
    let message = check(data).expect_err("the change must be found");
    assert!(message.contains(&path.display().to_string()), "{message}");
    fs::write(path, good).unwrap();
}

fn files(snapshot: &Snapshot) -> Vec<PathBuf> {
    let manifest = snapshot.folder.join("manifest.json");
    snapshot.manifest.files().map(|file| snapshot.path(file)).chain([manifest]).collect()
}

#[test]
fn a_whole_snapshot_verifies() {
    let data = tempfile::tempdir().unwrap();
    let snapshot = publish(data.path());
    let verified = verify(&snapshot).unwrap();
    assert_eq!((verified.files, verified.bytes), (3, 20_001));
    assert_eq!(open(&snapshot.folder).unwrap().id, snapshot.id, "a snapshot's own folder opens too");
}

#[test]
fn one_flipped_bit_in_any_block_is_found() {
    let data = tempfile::tempdir().unwrap();
    let snapshot = publish(data.path());
    for path in files(&snapshot) {
        let length = fs::metadata(&path).unwrap().len() as usize;
        for block in (0..length).step_by(4096) {
            let place = (block + 1234).min(length - 1);
            found(data.path(), &path, |bytes| bytes[place] ^= 1 << (block / 4096 % 8));
        }
    }
    check(data.path()).unwrap();
}

#[test]
fn any_byte_of_the_manifest_counts() {
    let data = tempfile::tempdir().unwrap();
    let manifest = publish(data.path()).folder.join("manifest.json");
    for place in 0..fs::metadata(&manifest).unwrap().len() as usize {
        found(data.path(), &manifest, |bytes| bytes[place] ^= 1);
    }
    found(data.path(), &manifest, |bytes| bytes.insert(0, b' '));
}

#[test]
fn cut_grown_missing_and_foreign_files_are_found() {
    let data = tempfile::tempdir().unwrap();
    let snapshot = publish(data.path());
    for path in files(&snapshot) {
        found(data.path(), &path, |bytes| bytes.push(0));
        if fs::metadata(&path).unwrap().len() > 0 {
            found(data.path(), &path, |bytes| bytes.truncate(bytes.len() - 1));
        }
        let aside = data.path().join("aside");
        fs::rename(&path, &aside).unwrap();
        let message = check(data.path()).expect_err("a missing file must be found");
        assert!(message.contains(&data.path().display().to_string()), "{message}");
        fs::rename(&aside, &path).unwrap();
    }
    for stranger in ["layers/stranger.fgb", "stranger"] {
        let path = snapshot.folder.join(stranger);
        fs::write(&path, "").unwrap();
        assert!(check(data.path()).unwrap_err().contains("does not belong"));
        fs::remove_file(path).unwrap();
    }
    check(data.path()).unwrap();
}

#[test]
fn another_format_and_an_empty_folder_are_refused_in_one_sentence() {
    let data = tempfile::tempdir().unwrap();
    assert!(open(data.path()).unwrap_err().to_string().contains("emprise ingest --out"));
    let snapshot = publish(data.path());
    let path = snapshot.folder.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"format\": 1", "\"format\": 7", 1)).unwrap();
    let message = open(data.path()).unwrap_err().to_string();
    assert!(message.contains("format 7") && message.contains("format 1"), "{message}");
    fs::write(&path, text.replacen("layers/one.fgb", "../../one.fgb", 1)).unwrap();
    assert!(open(data.path()).is_err());
}
