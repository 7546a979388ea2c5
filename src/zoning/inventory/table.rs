//! The inventory as CSV: the zone first, then a row a plot.

use super::vacancy::Known;
use super::{Inventory, Unit};
use crate::atlas::Layer;
use crate::zoning::answer::ThemeFacts;
use crate::zoning::csv::harmless;
use crate::zoning::effect::Effect;

pub const HEADER: [&str; 23] = [
    "level",
    "id",
    "name",
    "area_m2",
    "land_units",
    "vacant",
    "perhaps_vacant",
    "vacancy_percent_least",
    "vacancy_percent_most",
    "occupation",
    "stage",
    "servicing",
    "owner_kind",
    "parcels",
    "infill",
    "infill_m2",
    "brownfield",
    "brownfield_m2",
    "brownfields",
    "net_m2",
    "net_least_m2",
    "strictest",
    "constraints",
];

/// # Errors
/// Memory ran out.
pub fn write(inventory: &Inventory<'_>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    writer.write_record(zone(inventory).iter().map(|cell| harmless(cell)))?;
    for unit in &inventory.units {
        writer.write_record(plot(inventory.plots, unit).iter().map(|cell| harmless(cell)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn zone(inventory: &Inventory<'_>) -> Vec<String> {
    let (zones, row, figures) = (inventory.zone, inventory.zone_row, inventory.figures());
    let sum = |of: fn(&Unit<'_>) -> f64| metres(0.0 + inventory.units.iter().map(of).sum::<f64>());
    let percent = |end: usize| figures.vacancy_percent.map_or(String::new(), |both| format!("{:.1}", both[end]));
    let strictest = inventory.units.iter().map(|unit| unit.check.strictest).min().unwrap_or(Effect::NotAvailable);
    vec![
        "zone".to_owned(),
        zones.id(row).to_owned(),
        zones.name(row).unwrap_or_default().to_owned(),
        sum(|unit| unit.check.plot.area_m2),
        figures.units.to_string(),
        figures.vacant.to_string(),
        figures.perhaps_vacant.to_string(),
        percent(0),
        percent(1),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        metres(figures.infill_m2),
        String::new(),
        metres(figures.brownfield_m2),
        figures.brownfields.to_string(),
        sum(|unit| unit.check.buildable.area_m2),
        sum(|unit| unit.check.buildable.at_least_m2),
        strictest.code().to_owned(),
        String::new(),
    ]
}

fn plot(plots: &Layer, unit: &Unit<'_>) -> Vec<String> {
    let text = |column: &str| plots.values(column).map_or(String::new(), |values| values.get(unit.row).to_string());
    let check = &unit.check;
    let part = |known: Known| metres(if known == Known::Yes { check.plot.area_m2 } else { 0.0 });
    vec![
        "plot".to_owned(),
        plots.id(unit.row).to_owned(),
        plots.name(unit.row).unwrap_or_default().to_owned(),
        metres(check.plot.area_m2),
        "1".to_owned(),
        unit.vacant.word().to_owned(),
        String::new(),
        String::new(),
        String::new(),
        text("occupation"),
        text("stage"),
        text("servicing"),
        text("owner"),
        text("parcels"),
        unit.infill.word().to_owned(),
        part(unit.infill),
        unit.brownfield.word().to_owned(),
        part(unit.brownfield),
        unit.brownfields.join(" "),
        metres(check.buildable.area_m2),
        metres(check.buildable.at_least_m2),
        check.strictest.code().to_owned(),
        constraints(&check.themes),
    ]
}

/// `risk-plans forbidden 12.5 %; zoning-plans not-available`
fn constraints(themes: &[ThemeFacts<'_>]) -> String {
    let told = themes.iter().filter(|theme| theme.effect != Effect::NotConcerned).map(|theme| {
        let share = if theme.covered_m2 > 0.0 { format!(" {:.1} %", 100.0 * theme.covered_share) } else { String::new() };
        format!("{} {}{share}", theme.theme, theme.effect.code())
    });
    told.collect::<Vec<_>>().join("; ")
}

fn metres(square_metres: f64) -> String {
    format!("{square_metres:.1}")
}
