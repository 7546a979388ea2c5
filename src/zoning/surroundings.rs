//! Where a plot is: the territories it belongs to, and the nearest of each kind of infrastructure.

use crate::atlas::{Layer, Reach};
use crate::geometry::overlap::area_m2;
use crate::geometry::territory::FARTHEST_M;
use crate::zoning::answer::{Membership, Nearby, Reference};
use crate::zoning::bearing::{Ground, share};
use crate::zoning::rules::Rulebook;

/// The layer whose ids are codes of départements, and the column of communes that holds the same.
const DEPARTEMENTS: &str = "departements";
const COMMUNES: &str = "communes";
const DEPARTEMENT_OF_COMMUNE: &str = "department";

/// The table that tells the labour zone of each commune, by the commune's id.
const LABOUR_ZONES: &str = "labour-zones";

/// Every territory that has area in common with the plot, layer by layer, the largest part first; then labour zones, by the communes
/// they are made of.
pub fn memberships<'v>(ground: &Ground<'_>, rulebook: &Rulebook<'v>) -> Vec<Membership<'v>> {
    let mut all = Vec::new();
    for &layer in &rulebook.territories {
        let first = all.len();
        layer.overlaps(
            &ground.footprint,
            |_| true,
            |row, common| {
                let area_m2 = area_m2(&common, ground.scale.metric());
                if area_m2 > 0.0 {
                    let share = share(area_m2, ground.area_m2);
                    all.push(Membership { territory: reference(layer, row), area_m2, share, row });
                }
            },
        );
        all[first..].sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2).then(a.row.cmp(&b.row)));
    }
    let zones = labour_zones(ground, rulebook, &all);
    all.extend(zones);
    all
}

/// What the plot has in common with a labour zone is what it has with the zone's communes, which do not overlap.
fn labour_zones<'v>(ground: &Ground<'_>, rulebook: &Rulebook<'v>, territories: &[Membership<'v>]) -> Vec<Membership<'v>> {
    let Some(table) = rulebook.view.layer(LABOUR_ZONES) else { return Vec::new() };
    let mut zones: Vec<Membership<'v>> = Vec::new();
    for commune in territories.iter().filter(|own| own.territory.layer == COMMUNES) {
        let Some(row) = table.row_of(commune.territory.id) else { continue };
        let text = |column: &str| table.values(column).and_then(|values| values.text(row));
        let Some(id) = text("zone") else { continue };
        match zones.iter_mut().find(|zone| zone.territory.id == id) {
            Some(zone) => zone.area_m2 += commune.area_m2,
            None => {
                let territory = Reference { layer: &table.definition().id, id, name: text("zone-name") };
                zones.push(Membership { territory, area_m2: commune.area_m2, share: 0.0, row });
            }
        }
    }
    zones.iter_mut().for_each(|zone| zone.share = share(zone.area_m2, ground.area_m2));
    zones.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2).then_with(|| a.territory.id.cmp(b.territory.id)));
    zones
}

/// Codes of the départements that the plot touches.
pub fn departements<'v>(rulebook: &Rulebook<'v>, territories: &[Membership<'v>]) -> Vec<&'v str> {
    let of_layer = |id: &'static str| territories.iter().filter(move |own| own.territory.layer == id);
    let mut codes: Vec<&str> = of_layer(DEPARTEMENTS).map(|own| own.territory.id).collect();
    if codes.is_empty()
        && let Some(column) = rulebook.view.layer(COMMUNES).and_then(|communes| communes.values(DEPARTEMENT_OF_COMMUNE))
    {
        codes.extend(of_layer(COMMUNES).filter_map(|own| column.text(own.row)));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The nearest feature of each layer of infrastructure, in the order of the layers' ids.
pub fn nearby<'v>(ground: &Ground<'_>, rulebook: &Rulebook<'v>) -> Vec<Nearby<'v>> {
    let reach = Reach { metric: ground.scale.metric(), limit_m: FARTHEST_M };
    let nearest = |layer: &&'v Layer| {
        let near = layer.nearest(&ground.footprint, reach, |_| true)?;
        let definition = layer.definition();
        Some(Nearby {
            feature: reference(layer, near.row),
            title: &definition.title,
            distance_m: near.distance_m,
            precision_m: definition.precision_m,
        })
    };
    rulebook.infrastructure.iter().filter_map(nearest).collect()
}

fn reference(layer: &Layer, row: u32) -> Reference<'_> {
    Reference { layer: &layer.definition().id, id: layer.id(row), name: layer.name(row) }
}
