//! `{layers}` of a tile's address where archives may stand among them: layers of the snapshot, drawn, and the layers of archives as
//! they are stored, in one tile.
//!
//! Names inside a tile are different: a layer of an archive that has the name of a layer before it is called `archive:layer`.
//! Filters and chosen properties are those of the snapshot's layers. Beyond an archive's zooms its layers are absent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::http::archived::Archived;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::tile_address::{drawn, names};
use crate::http::tilejson::escape;
use crate::tiles::address::Address;
use crate::tiles::mix::append;

/// What a list of names asks for.
pub struct Mix {
    /// Each once, as they were listed.
    pub names: Vec<String>,
    /// Those that the snapshot draws.
    pub layers: Vec<String>,
    archives: Vec<String>,
}

impl Mix {
    /// Layers alone, which the caller sees.
    pub fn of(layers: Vec<String>) -> Mix {
        Mix { names: layers.clone(), layers, archives: Vec::new() }
    }

    /// An archive hides the layer of its name.
    ///
    /// # Errors
    /// `TooManyLayers`, `UnknownLayer`, `NotDrawn`.
    pub fn find(app: &App, caller: &Caller, list: &str) -> Result<Mix, HttpError> {
        let names = names(list, app.limits().layers_per_tile)?;
        let (archives, layers): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| app.archive(name).is_some());
        layers.iter().try_for_each(|name| drawn(caller, name))?;
        Ok(Mix { names, layers, archives })
    }

    /// The caller with the edition of all that is asked for.
    pub fn asked_by(&self, app: &App, caller: Caller) -> Caller {
        if self.archives.is_empty() {
            return caller;
        }
        let editions = self.archives.iter().filter_map(|id| app.archive(id)).map(|archived| archived.edition.as_str());
        caller.beside_archives(editions, self.layers.is_empty())
    }

    /// A tile of the layers with those of the archives after them. Reads files: keep it off the network threads.
    ///
    /// # Errors
    /// `Archive`: a file that is damaged there.
    pub fn complete(&self, app: &App, address: Address, mut tile: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        if let ([], [alone]) = (&self.layers[..], &self.archives[..]) {
            return app.archive(alone).map_or(Ok(tile), |archived| archived.tile(address));
        }
        for (archived, taken) in self.archived(app) {
            let stored = archived.tile(address)?;
            append(&mut tile, &stored, &|name| named(name, archived, &taken)).map_err(|fault| archived.damaged(fault))?;
        }
        Ok(tile)
    }

    /// TileJSON of it all; `own` is that of the layers.
    pub fn describe(&self, app: &App, mut own: Value) -> Value {
        let parts = self.archived(app);
        if parts.is_empty() {
            return own;
        }
        let mut told = if self.layers.is_empty() { Told::default() } else { Told::read(&own) };
        parts.iter().for_each(|(archived, taken)| told.add(archived, taken));
        told.write(&mut own);
        if let ([], [(alone, _)]) = (&self.layers[..], &parts[..]) {
            own["name"] = alone.description().name.as_deref().unwrap_or(&self.names[0]).into();
        }
        own
    }

    /// Each archive, with the names that those before it have taken.
    fn archived<'a>(&self, app: &'a App) -> Vec<(&'a Archived, BTreeSet<String>)> {
        let mut taken: BTreeSet<String> = self.layers.iter().cloned().collect();
        let mut parts = Vec::new();
        for archived in self.archives.iter().filter_map(|id| app.archive(id)) {
            let own = archived.vector_layers().iter().filter_map(|layer| layer["id"].as_str());
            let own: Vec<String> = own.map(|name| named(name, archived, &taken)).collect();
            parts.push((archived, taken.clone()));
            taken.extend(own);
        }
        parts
    }
}

/// The name of an archive's layer beside others.
fn named(name: &str, archived: &Archived, taken: &BTreeSet<String>) -> String {
    if taken.contains(name) { format!("{}:{name}", archived.id) } else { name.to_owned() }
}

/// What stands between the attributions of a tile set.
const BETWEEN: &str = " | ";

/// What TileJSON says of several tile sets as one.
#[derive(Default)]
struct Told {
    zooms: Option<[u64; 2]>,
    bounds: Option<[f64; 4]>,
    attributions: Vec<String>,
    layers: Vec<Value>,
}

impl Told {
    fn read(json: &Value) -> Told {
        let mut told = Told::default();
        let bounds: Vec<f64> = json["bounds"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        told.widen([&json["minzoom"], &json["maxzoom"]].map(|zoom| zoom.as_u64().unwrap_or(0)), bounds.try_into().ok());
        told.attributions.extend(json["attribution"].as_str().into_iter().flat_map(|all| all.split(BETWEEN)).map(str::to_owned));
        told.layers.extend(json["vector_layers"].as_array().into_iter().flatten().cloned());
        told
    }

    fn add(&mut self, archived: &Archived, taken: &BTreeSet<String>) {
        let about = archived.description();
        self.widen(about.zooms.map(u64::from), Some(about.bounds));
        // Map clients put it into the page as HTML, and the file may be anybody's.
        let attribution = escape(about.attribution.as_deref().unwrap_or_default());
        if !attribution.is_empty() && !self.attributions.contains(&attribution) {
            self.attributions.push(attribution);
        }
        for layer in archived.vector_layers() {
            let name = named(layer["id"].as_str().unwrap_or_default(), archived, taken);
            if self.layers.iter().all(|known| known["id"] != *name) {
                let mut layer = layer.clone();
                layer["id"] = name.into();
                self.layers.push(layer);
            }
        }
    }

    fn widen(&mut self, zooms: [u64; 2], bounds: Option<[f64; 4]>) {
        let wider = |[least, most]: [u64; 2]| [least.min(zooms[0]), most.max(zooms[1])];
        self.zooms = Some(self.zooms.map_or(zooms, wider));
        let union = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        self.bounds = match (self.bounds, bounds) {
            (Some(a), Some(b)) => Some(union(a, b)),
            (a, b) => a.or(b),
        };
    }

    fn write(self, json: &mut Value) {
        let [least, most] = self.zooms.unwrap_or([0, 0]);
        let [west, south, east, north] = self.bounds.unwrap_or([-180.0, -85.05, 180.0, 85.05]);
        json["minzoom"] = least.into();
        json["maxzoom"] = most.into();
        json["bounds"] = json!([west, south, east, north]);
        json["center"] = json!([(west + east) / 2.0, (south + north) / 2.0, least]);
        json["attribution"] = self.attributions.join(BETWEEN).into();
        json["vector_layers"] = self.layers.into();
    }
}
