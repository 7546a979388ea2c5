//! An answer as a GeoJSON FeatureCollection (RFC 7946): the listed sites with their geometry, longitude and latitude.

use geo::orient::{Direction, Orient};
use geo_types::{Coord, Geometry};
use serde_json::{Map, Value, json};

use crate::atlas::View;
use crate::geometry::projection::to_lon_lat;
use crate::siting::answer::{Answer, RankedSite};

/// The listed sites, passing ones first, each with its explanation flattened into properties; the rest of the answer is the
/// collection's member `siting`. `view` is the one that the answer was made with.
pub fn write(answer: &Answer, view: View<'_>) -> Value {
    let listed = |sites: &[RankedSite], verdict: &'static str| -> Vec<Value> {
        sites.iter().map(|site| feature(site, verdict, view)).collect()
    };
    let mut features = listed(&answer.sites, "pass");
    features.extend(listed(&answer.undecided_sites, "unknown"));
    let mut siting = serde_json::to_value(answer).unwrap_or_default();
    if let Some(members) = siting.as_object_mut() {
        members.retain(|name, _| name != "sites" && name != "undecided_sites");
    }
    json!({ "type": "FeatureCollection", "siting": siting, "features": features })
}

fn feature(site: &RankedSite, verdict: &str, view: View<'_>) -> Value {
    let geometry = view.layer(&site.layer).and_then(|layer| layer.shape(site.row).to_geo());
    json!({
        "type": "Feature",
        "id": format!("{}/{}", site.layer, site.id),
        "geometry": geometry.map(|geometry| geojson::Geometry::new((&on_globe(&geometry)).into())),
        "properties": properties(site, verdict),
    })
}

fn properties(site: &RankedSite, verdict: &str) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: String, value: Value| members.insert(name, value);
    put("verdict".into(), verdict.into());
    put("rank".into(), site.rank.into());
    put("score".into(), site.score.into());
    put("layer".into(), site.layer.clone().into());
    put("id".into(), site.id.clone().into());
    put("name".into(), site.name.clone().into());
    put("commune".into(), site.commune.as_ref().map(|commune| commune.code.clone()).into());
    put("commune_name".into(), site.commune.as_ref().and_then(|commune| commune.name.clone()).into());
    put("area_m2".into(), site.area_m2.into());
    for finding in &site.findings {
        put(format!("{}.value", finding.criterion), finding.value.clone());
        put(format!("{}.unit", finding.criterion), finding.unit.into());
        put(format!("{}.outcome", finding.criterion), json!(finding.outcome));
        put(format!("{}.contribution", finding.criterion), finding.contribution.into());
        put(format!("{}.witness", finding.criterion), finding.witness.as_ref().map(|found| found.id.clone()).into());
    }
    members
}

/// From the shared plane to degrees, to the centimetre; outer rings counter-clockwise (§3.1.6).
fn on_globe(geometry: &Geometry<f64>) -> Geometry<f64> {
    let position = |c: Coord<f64>| {
        let position = to_lon_lat([c.x, c.y]);
        Coord { x: (position.lon * 1e7).round() / 1e7, y: (position.lat * 1e7).round() / 1e7 }
    };
    match geo::MapCoords::map_coords(geometry, position) {
        Geometry::MultiPolygon(polygons) => Geometry::MultiPolygon(polygons.orient(Direction::Default)),
        other => other,
    }
}
