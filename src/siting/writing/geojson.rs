//! An answer as a GeoJSON FeatureCollection (RFC 7946): the listed sites with their geometry, longitude and latitude.

use serde_json::{Value, json};

use crate::atlas::View;
use crate::siting::answer::{Answer, RankedSite};
use crate::siting::writing::columns::{cells, columns, geometry, listed};
use crate::writing::Column;
use crate::writing::geojson::feature as write_feature;

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
    let id = format!("{}/{}", site.layer, site.id);
    write_feature(&id, geometry(site, view).as_ref(), columns, &cells(columns, site, verdict))
}
