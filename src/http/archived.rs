//! Archives served as layers beside those of the snapshot: `emprise serve --archive FILE`. An archive's id is its file's name
//! without the extension, and its tiles and TileJSON have the addresses that any layer's have, alone or beside others ([`mix`]).
//! Everyone sees them.
//!
//! [`mix`]: crate::http::mix

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::http::error::HttpError;
use crate::tiles::address::Address;
use crate::tiles::archive::{Archive, ArchiveError, Description, plain};

/// One archive and the tag of its bytes.
pub struct Archived {
    pub id: String,
    archive: Archive,
    layers: Vec<Value>,
    pub edition: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ArchivedError {
    #[error("{path} cannot be served: {error}")]
    Open { path: PathBuf, error: ArchiveError },
    #[error(
        "{path} cannot be served: its name without the extension is the id of its layer, of letters, digits, `-` and `_`, at most 64"
    )]
    Name { path: PathBuf },
    #[error("two archives are named `{0}`")]
    Twice(String),
}

/// Opens archives by id.
///
/// # Errors
/// A file that is no archive of vector tiles, or whose name is no id or another's.
pub fn open_all(paths: &[PathBuf]) -> Result<BTreeMap<String, Archived>, ArchivedError> {
    let mut all = BTreeMap::new();
    for path in paths {
        let archived = Archived::open(path)?;
        if let Some(same) = all.insert(archived.id.clone(), archived) {
            return Err(ArchivedError::Twice(same.id));
        }
    }
    Ok(all)
}

impl Archived {
    fn open(path: &PathBuf) -> Result<Archived, ArchivedError> {
        let failed = |error: ArchiveError| ArchivedError::Open { path: path.clone(), error };
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let is_id =
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_id {
            return Err(ArchivedError::Name { path: path.clone() });
        }
        let archive = Archive::open(path).map_err(failed)?;
        // An archive is written once: its size and time tell it from the one that takes its place.
        let file = std::fs::metadata(path).map_err(|error| failed(error.into()))?;
        let tag = format!("{} {} {:?}", path.display(), file.len(), file.modified().ok());
        let layers = listed(archive.description());
        Ok(Archived { id: id.to_owned(), archive, layers, edition: blake3::hash(tag.as_bytes()).to_hex()[..16].to_owned() })
    }

    /// The tile without its compression; empty where there is none, and beyond the zooms that the file says it has. Reads a file: keep
    /// it off the network threads.
    ///
    /// # Errors
    /// A file that is damaged there.
    pub fn tile(&self, address: Address) -> Result<Vec<u8>, HttpError> {
        let [least, most] = self.archive.description().zooms;
        if !(least..=most).contains(&address.zoom()) {
            return Ok(Vec::new());
        }
        let stored = self.archive.tile(address).map_err(|error| self.damaged(error))?;
        stored.map_or(Ok(Vec::new()), |stored| plain(stored).map_err(|error| self.damaged(error)))
    }

    pub fn damaged(&self, why: impl Display) -> HttpError {
        HttpError::Archive { id: self.id.clone(), why: why.to_string() }
    }

    pub fn description(&self) -> &Description {
        self.archive.description()
    }

    /// Its layers as TileJSON lists them, each once and with its zooms.
    pub fn vector_layers(&self) -> &[Value] {
        &self.layers
    }
}

/// What a file lists without a name, or twice, is left out; zooms are within those of the file.
fn listed(about: &Description) -> Vec<Value> {
    let mut listed: Vec<Value> = Vec::new();
    for layer in about.vector_layers.as_array().into_iter().flatten() {
        if !layer["id"].is_string() || listed.iter().any(|known| known["id"] == layer["id"]) {
            continue;
        }
        let mut layer = layer.clone();
        if !layer["fields"].is_object() {
            layer["fields"] = json!({});
        }
        let [least, most] = about.zooms.map(u64::from);
        for (key, usual) in [("minzoom", least), ("maxzoom", most)] {
            layer[key] = layer[key].as_u64().map_or(usual, |zoom| zoom.max(least).min(most)).into();
        }
        listed.push(layer);
    }
    listed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tiles::archive::writer::{About, Writer};

    #[test]
    fn a_file_that_is_no_archive_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            open_all(&[path]).err().unwrap().to_string()
        };
        assert!(
            refused("a.pmtiles", b"<html>")
                .ends_with("a.pmtiles cannot be served: the file is no PMTiles archive: it does not begin with `PMTiles`")
        );
        assert!(refused("a.zip", b"PK").ends_with("its name ends neither in .pmtiles nor in .mbtiles"));
        assert!(refused("a b.mbtiles", b"").contains("its name without the extension is the id of its layer"));
        assert!(refused("a.mbtiles", &[7; 4096]).contains("no MBTiles database"));
    }

    #[test]
    fn layers_are_listed_once_with_a_name_and_zooms() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.pmtiles");
        let mut writer = Writer::begin(&path, &[1; 32]).unwrap();
        writer.add(0, b"tile").unwrap();
        let told = json!([7, { "id": 3 }, { "id": "a", "fields": 1, "maxzoom": 200 }, { "id": "b", "minzoom": 4, "fields": { "x": "y" } }, { "id": "a" }]);
        let metadata = json!({ "vector_layers": told });
        writer.finish(&About { zooms: [2, 5], bounds: [-5.0, 41.0, 9.0, 51.0], metadata }).unwrap();
        let all = open_all(std::slice::from_ref(&path)).unwrap();
        let expected = [
            json!({ "id": "a", "fields": {}, "minzoom": 2, "maxzoom": 5 }),
            json!({ "id": "b", "fields": { "x": "y" }, "minzoom": 4, "maxzoom": 5 }),
        ];
        assert_eq!(all["plan"].vector_layers(), expected);
        assert_eq!(
            all["plan"].tile("0/0/0".parse().unwrap()).unwrap(),
            b"",
            "there, but not at a zoom that the file says it has"
        );
        assert!(matches!(open_all(&[path.clone(), path]), Err(ArchivedError::Twice(id)) if id == "plan"));
    }
}
