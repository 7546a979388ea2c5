//! MBTiles 1.3: tiles in an SQLite database, rows counted from the south.
//!
//! Written from a finished PMTiles file, with the different tiles in `images` and their places in `map`; `tiles`, which readers ask,
//! is a view over both.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde_json::{Value, json};

use crate::tiles::address::Address;
use crate::tiles::archive::pmtiles::PmTiles;
use crate::tiles::archive::{ArchiveError, Description, LARGEST_TILE, hilbert};

pub struct MbTiles {
    database: Mutex<Connection>,
    pub description: Description,
    /// What made it, as `publish` marks what it has made.
    pub identity: Option<String>,
}

impl MbTiles {
    /// # Errors
    /// What is no such database, or holds no vector tiles.
    pub fn open(path: &Path) -> Result<MbTiles, ArchiveError> {
        let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        // Nothing that a file brings along is run: no function or table of its own in a view.
        database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
        let metadata = metadata(&database)?;
        if let Some(format) = metadata.get("format").filter(|format| *format != "pbf") {
            return Err(ArchiveError::Format(format.clone()));
        }
        database.query_row("SELECT count(*) FROM (SELECT tile_data FROM tiles LIMIT 1)", [], |_| Ok(()))?;
        let (description, identity) = (describe(&metadata), metadata.get(IDENTITY).cloned());
        Ok(MbTiles { database: Mutex::new(database), description, identity })
    }

    /// # Errors
    /// A damaged database, a tile larger than any.
    pub fn tile(&self, address: Address) -> Result<Option<Vec<u8>>, ArchiveError> {
        let database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let mut query = database.prepare_cached(
            "SELECT iif(length(tile_data) <= ?4, CAST(tile_data AS BLOB), NULL) FROM tiles \
             WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3",
        )?;
        let place = params![address.zoom(), address.column(), from_south(address), LARGEST_TILE as i64];
        let found: Option<Option<Vec<u8>>> = query.query_row(place, |row| row.get(0)).optional()?;
        found.map(|tile| tile.ok_or(ArchiveError::Tile)).transpose()
    }
}

const IDENTITY: &str = "emprise:identity";

fn from_south(address: Address) -> u32 {
    ((1u64 << address.zoom()) - 1 - u64::from(address.row())) as u32
}

fn metadata(database: &Connection) -> Result<HashMap<String, String>, ArchiveError> {
    let mut query = database.prepare("SELECT CAST(name AS TEXT), CAST(value AS TEXT) FROM metadata LIMIT 1000")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let mut found = HashMap::new();
    for row in rows {
        if let (Some(name), Some(value)) = row? {
            found.insert(name, value);
        }
    }
    Ok(found)
}

fn describe(metadata: &HashMap<String, String>) -> Description {
    let zoom = |key: &str| metadata.get(key).and_then(|zoom| zoom.parse().ok());
    let bounds: Vec<f64> =
        metadata.get("bounds").iter().flat_map(|text| text.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
    let layers =
        metadata.get("json").and_then(|text| serde_json::from_str::<Value>(text).ok()).map(|json| json["vector_layers"].clone());
    Description {
        name: metadata.get("name").cloned(),
        attribution: metadata.get("attribution").cloned(),
        zooms: [zoom("minzoom").unwrap_or(0), zoom("maxzoom").unwrap_or(22).min(30)],
        bounds: <[f64; 4]>::try_from(bounds)
            .ok()
            .filter(|bounds| bounds.iter().all(|side| side.is_finite()))
            .unwrap_or([-180.0, -85.05, 180.0, 85.05]),
        vector_layers: layers.filter(Value::is_array).unwrap_or_else(|| json!([])),
    }
}

const TABLES: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA application_id = 0x4d504258;
    CREATE TABLE metadata (name TEXT NOT NULL, value TEXT);
    CREATE UNIQUE INDEX name ON metadata (name);
    CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL, tile_id INTEGER NOT NULL,
        PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;
    CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB NOT NULL);
    CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images ON images.tile_id = map.tile_id;
    BEGIN;";

/// Writes the tiles of an archive as MBTiles. The file appears whole or not at all. `stopped` is asked now and then.
///
/// # Errors
/// A disk that is full, an archive that is damaged.
pub fn convert(archive: &PmTiles, path: &Path, stopped: &dyn Fn() -> bool) -> Result<bool, ArchiveError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let file = tempfile::Builder::new().prefix(".new-").suffix(".mbtiles").tempfile_in(folder)?;
    let database = Connection::open(file.path())?;
    database.execute_batch(TABLES)?;
    let mut stored = HashMap::new();
    {
        let mut image = database.prepare("INSERT INTO images VALUES (?1, ?2)")?;
        let mut place = database.prepare("INSERT INTO map VALUES (?1, ?2, ?3, ?4)")?;
        for (count, entry) in archive.entries()?.into_iter().enumerate() {
            if count % 256 == 0 && stopped() {
                return Ok(false);
            }
            let next = stored.len() as i64;
            let number = *stored.entry(entry.offset).or_insert(next);
            if number == next {
                image.execute(params![number, archive.bytes(entry)?])?;
            }
            for address in (entry.id..entry.id + u64::from(entry.run)).filter_map(hilbert::address) {
                place.execute(params![address.zoom(), address.column(), from_south(address), number])?;
            }
        }
    }
    let identity = archive.identity.iter().map(|identity| (IDENTITY, identity.clone()));
    for (name, value) in described(&archive.description).into_iter().chain(identity) {
        database.execute("INSERT INTO metadata VALUES (?1, ?2)", params![name, value])?;
    }
    database.execute_batch("COMMIT")?;
    database.close().map_err(|(_, error)| error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(true)
}

/// The rows of `metadata` (MBTiles 1.3, Content).
fn described(about: &Description) -> Vec<(&'static str, String)> {
    let [west, south, east, north] = about.bounds;
    let [least, most] = about.zooms;
    vec![
        ("name", about.name.clone().unwrap_or_default()),
        ("format", "pbf".to_owned()),
        ("type", "overlay".to_owned()),
        ("version", "1".to_owned()),
        ("minzoom", least.to_string()),
        ("maxzoom", most.to_string()),
        ("bounds", format!("{west},{south},{east},{north}")),
        ("center", format!("{},{},{least}", (west + east) / 2.0, (south + north) / 2.0)),
        ("attribution", about.attribution.clone().unwrap_or_default()),
        ("json", json!({ "vector_layers": about.vector_layers }).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiles::archive::writer::{About, Writer};

    #[test]
    fn the_same_tiles_at_the_same_places() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["a.pmtiles", "a.mbtiles"].map(|name| folder.path().join(name));
        let mut writer = Writer::begin(&from, &[1; 32]).unwrap();
        let tile = |id: u64| if id.is_multiple_of(4) { b"sea".to_vec() } else { format!("tile {id}").into_bytes() };
        (0..2000).for_each(|id| writer.add(id, &tile(id)).unwrap());
        let metadata = json!({ "name": "N", "attribution": "A", "vector_layers": [{ "id": "x", "fields": {} }] });
        writer.finish(&About { zooms: [0, 5], bounds: [-5.0, 41.0, 9.0, 51.0], metadata }).unwrap();
        let archive = PmTiles::open(&from).unwrap();
        assert!(!convert(&archive, &to, &|| true).unwrap() && !to.exists(), "stopped, it leaves nothing");
        assert!(convert(&archive, &to, &|| false).unwrap());
        let copy = MbTiles::open(&to).unwrap();
        assert_eq!(copy.description, archive.description);
        for id in 0..2100 {
            let address = hilbert::address(id).unwrap();
            assert_eq!(copy.tile(address).unwrap(), archive.tile(address).unwrap(), "{address}");
        }
        let images: i64 = copy.database.lock().unwrap().query_row("SELECT count(*) FROM images", [], |row| row.get(0)).unwrap();
        assert_eq!(images, 1501);
    }

    #[test]
    fn other_databases_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mbtiles");
        let refused = || MbTiles::open(&path).err().unwrap().to_string();
        std::fs::write(&path, b"not a database, but long enough to be taken for one by its length alone").unwrap();
        assert!(refused().contains("no MBTiles database"));
        std::fs::remove_file(&path).unwrap();
        let database = Connection::open(&path).unwrap();
        database
            .execute_batch("CREATE TABLE metadata (name TEXT, value TEXT); INSERT INTO metadata VALUES ('format', 'png');")
            .unwrap();
        assert_eq!(refused(), "its tiles are `png`; only vector tiles (`pbf`) are served");
        database.execute_batch("DELETE FROM metadata").unwrap();
        assert!(refused().contains("no such table: tiles"));
        database.execute_batch("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data); INSERT INTO tiles VALUES (0, 0, 0, zeroblob(40000000))").unwrap();
        assert!(matches!(MbTiles::open(&path).unwrap().tile("0/0/0".parse().unwrap()), Err(ArchiveError::Tile)));
    }
}
