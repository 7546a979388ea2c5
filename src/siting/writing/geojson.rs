//! An answer as a GeoJSON FeatureCollection (RFC 7946): the listed sites with their geometry, longitude and latitude.

use serde_json::{Map, Value, json};

use crate::atlas::View;
use crate::siting::answer::{Answer, RankedSite};
use crate::siting::writing::columns::{Column, cells, columns, geometry, listed};

/// The listed sites, passing ones first, each with its explanation flattened into properties; the rest of the answer is the
/// collection's member `siting`. `view` is the one that the answer was made with.
pub fn write(answer: &Answer, view: View<'_>) -> Value {
    let columns = columns(answer);
    let features: Vec<Value> = listed(answer).map(|(site, verdict)| feature(&columns, site, verdict, view)).collect();
    json!({ "type": "FeatureCollection", "siting": about(answer), "features": features })
}

/// The answer without its sites.
pub fn about(answer: &Answer) -> Value {
    let mut about = serde_json::to_value(answer).unwrap_or_default();
    if let Some(members) = about.as_object_mut() {
        members.retain(|name, _| name != "sites" && name != "undecided_sites");
    }
    about
}

fn feature(columns: &[Column], site: &RankedSite, verdict: &str, view: View<'_>) -> Value {
    let named = columns.iter().map(|column| column.name.clone());
    let properties: Map<String, Value> = named.zip(cells(columns, site, verdict).iter().map(|cell| cell.to_json())).collect();
    json!({
        "type": "Feature",
        "id": format!("{}/{}", site.layer, site.id),
        "geometry": geometry(site, view).map(|geometry| geojson::Geometry::new((&geometry).into())),
        "properties": properties,
    })
}
