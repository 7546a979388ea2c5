//! What programmes pay for in a territory: the rows of the layers that have indicators of projects.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::atlas::filter::{Absent, bind};
use crate::atlas::{Layer, View};
use crate::layer::definition::Text;
use crate::layer::filter::Filter;
use crate::layer::indicator::Theme;
use crate::territory::geography::OUTSIDE;
use crate::territory::indicators::placing::placed;
use crate::territory::{Geography, Territory};

/// The layer of whom to write to, by the ids of projects: seen by those alone to whom it is granted.
const CONTACTS: &str = "programme-contacts";

/// More are counted, and not listed.
const LISTED: usize = 100;

#[derive(Debug, Clone, Serialize)]
pub struct Projects {
    pub layer: String,
    pub title: Text,
    /// All that the territory touches; of them, those listed are the first by their ids.
    pub count: usize,
    pub listed: Vec<Project>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Project {
    pub id: String,
    pub name: Option<String>,
    /// Every column of the layer; what is not known is `null`.
    pub columns: BTreeMap<String, Value>,
    /// Whom to write to, where the caller sees the layer that tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<BTreeMap<String, Value>>,
}

/// The projects that lie in a territory, or that are of an area of which it has a part.
pub fn projects(view: View<'_>, geography: &Geography, territory: &Territory, only: Option<&Filter>) -> Vec<Projects> {
    let of_projects = |layer: &&Layer| layer.definition().indicators.values().any(|indicator| indicator.theme == Theme::Projects);
    view.layers().filter(of_projects).filter_map(|layer| of_layer(layer, view, geography, territory, only)).collect()
}

fn of_layer(
    layer: &Layer,
    view: View<'_>,
    geography: &Geography,
    territory: &Territory,
    only: Option<&Filter>,
) -> Option<Projects> {
    let placed = placed(layer, view, geography)?;
    let areas = geography.areas(placed.level).ok()?;
    let mut touched = vec![false; areas.len()];
    let of_commune = |commune: &u32| areas.of_commune()[*commune as usize];
    for area in territory.communes.iter().map(of_commune).filter(|area| *area != OUTSIDE) {
        touched[area as usize] = true;
    }
    let definition = layer.definition();
    let only = only.and_then(|only| bind(only, &definition.columns, |name| layer.values(name), Absent::Unknown).ok());
    let here = |row: &u32| {
        let area = placed.area[*row as usize];
        area != OUTSIDE && touched[area as usize] && only.as_ref().is_none_or(|only| only.keeps(*row))
    };
    let mut rows: Vec<u32> = layer.rows().filter(here).collect();
    rows.sort_by(|&a, &b| layer.compare_ids(a, b));
    let contacts = view.layer(CONTACTS);
    let project = |&row: &u32| {
        let id = layer.id(row);
        let contact = contacts.and_then(|contacts| Some(columns(contacts, contacts.row_of(id)?)));
        Project { id: id.to_owned(), name: layer.name(row).map(str::to_owned), columns: columns(layer, row), contact }
    };
    let listed = rows.iter().take(LISTED).map(project).collect();
    Some(Projects { layer: definition.id.clone(), title: definition.title.clone(), count: rows.len(), listed })
}

fn columns(layer: &Layer, row: u32) -> BTreeMap<String, Value> {
    layer.columns().map(|(name, values)| (name.to_owned(), values.get(row).to_json())).collect()
}
