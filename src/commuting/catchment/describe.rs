//! A catchment as a map: the communes that make it up, as GeoJSON.

use serde_json::{Value, json};

use super::answer::Catchment;
use crate::atlas::View;
use crate::geometry::reference::Reference;
use crate::layer::definition::FieldType;
use crate::writing::Column;
use crate::writing::geojson::feature;
use crate::writing::place::{geometry, simple};

/// A FeatureCollection (RFC 7946): the site, then the communes, nearest first; the rest of the answer is its member `catchment`.
pub fn geojson(catchment: &Catchment, view: View<'_>) -> Value {
    let table = catchment.table();
    let columns: Vec<Column> =
        table.names.iter().map(|name| Column { name: name.clone(), kind: FieldType::Number, unit: None }).collect();
    let layer = view.layer("communes");
    let drawn = |row: u32| layer.and_then(|layer| geometry(&layer.shape(row), Reference::Crs84)).map(simple);
    let communes = catchment.communes.iter().zip(&table.rows);
    let communes = communes.map(|(commune, cells)| feature(&commune.code, drawn(commune.row).as_ref(), &columns, cells));
    let site = &catchment.site;
    let point = json!({
        "type": "Feature",
        "id": "site",
        "geometry": { "type": "Point", "coordinates": [site.lon, site.lat] },
        "properties": { "site": site.site, "pool": catchment.pool },
    });
    let mut about = serde_json::to_value(catchment).unwrap_or_default();
    if let Some(members) = about.as_object_mut() {
        members.retain(|name, _| name != "communes");
    }
    let features: Vec<Value> = std::iter::once(point).chain(communes).collect();
    json!({ "type": "FeatureCollection", "catchment": about, "features": features })
}
