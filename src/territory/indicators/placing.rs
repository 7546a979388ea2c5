//! Which area each row of a layer is of; what could not be placed is counted.

use serde::Serialize;

use crate::atlas::{Layer, View};
use crate::geometry::bounds::Bounds;
use crate::layer::value::Values;
use crate::territory::codes::Way;
use crate::territory::geography::{OUTSIDE, point_in};
use crate::territory::{Areas, Geography, Level, Place};

/// What became of a layer's rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Taken {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
    pub licence: String,
    pub address: String,
    pub rows: u64,
    /// Rows placed by an arrondissement's code, by that of a commune that has been merged since, and by where they are.
    pub by_arrondissement: u64,
    pub by_merged_commune: u64,
    pub by_position: u64,
    /// Rows of arrondissements that repeat what the table says of their city: left out.
    pub repeated: u64,
    /// Rows of places abroad, and rows of which no area is known: left out.
    pub abroad: u64,
    pub not_mapped: u64,
    /// Cells below zero, of this indicator: taken as unknown.
    pub negative: u64,
}

impl Taken {
    /// A layer of which nothing has been placed.
    pub fn of(layer: &Layer) -> Taken {
        let source = &layer.definition().source;
        Taken {
            layer: layer.definition().id.clone(),
            vintage: source.vintage.clone(),
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
            address: source.address.clone(),
            rows: layer.len() as u64,
            ..Taken::default()
        }
    }
}

/// The rows of a layer among the areas of a level.
#[derive(Debug)]
pub struct Placed {
    pub level: Level,
    /// By row; [`OUTSIDE`] for a row that is left out.
    pub area: Vec<u32>,
    pub taken: Taken,
}

/// Levels whose codes a table may name, the smallest first; a column that is named as the level tells.
const NAMED: [Level; 6] =
    [Level::Commune, Level::Epci, Level::IndustryTerritory, Level::LabourZone, Level::Departement, Level::Region];

/// What became of one row.
#[derive(Clone, Copy)]
enum Found {
    Area(u32, Option<Way>),
    ByPosition(u32),
    Abroad,
    Nowhere,
}

/// `None` where neither a column nor a geometry tells where the rows are, or nothing here knows the level.
pub fn placed(layer: &Layer, view: View<'_>, geography: &Geography) -> Option<Placed> {
    let own = Level::PARTING.into_iter().find(|level| is_of(layer, *level));
    let named = NAMED.into_iter().find(|level| layer.values(level.word()).is_some());
    let level = own.or(named).unwrap_or(Level::Commune);
    let areas = geography.areas(level).ok()?;
    if own.or(named).is_none() && layer.frames().is_empty() {
        return None;
    }
    let by_code = |code: &str| area_of(code, level, geography, areas);
    let positions = (level == Level::Commune).then(|| view.layer("communes")).flatten();
    let by_position = |row: u32| Some(areas.of_commune()[commune_at(layer, row, positions?)? as usize]);
    let codes = Codes::of(layer, own.is_none().then_some(level), by_code);
    let found = layer.rows().map(|row| match codes.row(layer, row) {
        Found::Nowhere => by_position(row).map_or(Found::Nowhere, Found::ByPosition),
        known => known,
    });
    let found: Vec<Found> = found.collect();
    let mut taken = Taken::of(layer);
    let area = settle(&found, areas.len(), &mut taken);
    Some(Placed { level, area, taken })
}

/// A layer of role territory whose rows are the areas of a level.
fn is_of(layer: &Layer, level: Level) -> bool {
    let definition = layer.definition();
    definition.role == crate::layer::definition::Role::Territory && level.layer() == Some(&definition.id)
}

fn area_of(code: &str, level: Level, geography: &Geography, areas: &Areas) -> Found {
    match level {
        Level::Commune => match geography.codes.place(code) {
            Place::Commune(commune, way) => Found::Area(areas.of_commune()[commune as usize], Some(way)),
            Place::Abroad => Found::Abroad,
            Place::Unknown => Found::Nowhere,
        },
        _ => areas.with_code(code).map_or(Found::Nowhere, |area| Found::Area(area, None)),
    }
}

/// The code of each row: its id, or the word of a column, each looked up once.
enum Codes<'l, F> {
    Ids(F),
    Words { codes: &'l [u32], found: Vec<Found> },
    None,
}

impl<'l, F: Fn(&str) -> Found> Codes<'l, F> {
    /// By the column named as the level, or by ids without one.
    fn of(layer: &'l Layer, column: Option<Level>, find: F) -> Codes<'l, F> {
        match column.map(|level| layer.values(level.word())) {
            None => Codes::Ids(find),
            Some(Some(Values::Text { words, codes })) => {
                Codes::Words { codes, found: words.iter().map(|word| find(word)).collect() }
            }
            Some(_) => Codes::None,
        }
    }

    fn row(&self, layer: &Layer, row: u32) -> Found {
        match self {
            Codes::Ids(find) => find(layer.id(row)),
            Codes::Words { codes, found } => found.get(codes[row as usize] as usize).copied().unwrap_or(Found::Nowhere),
            Codes::None => Found::Nowhere,
        }
    }
}

/// The commune that holds a point inside the row's shape.
fn commune_at(layer: &Layer, row: u32, communes: &Layer) -> Option<u32> {
    let at = point_in(layer, row)?;
    let mut holding = None;
    communes.rows_in(&Bounds::of(&[at]), |commune| {
        if holding.is_none() && communes.footprint(commune).holds(at) {
            holding = Some(commune);
        }
    });
    holding
}

/// The area of each row, what is left out being counted.
fn settle(found: &[Found], areas: usize, taken: &mut Taken) -> Vec<u32> {
    let mut has_own = vec![false; areas];
    for one in found {
        if let Found::Area(area, Some(Way::Own)) = one {
            has_own[*area as usize] = true;
        }
    }
    let area = found.iter().map(|one| match *one {
        Found::Area(area, Some(Way::Arrondissement)) if has_own[area as usize] => {
            taken.repeated += 1;
            OUTSIDE
        }
        Found::Area(area, way) => {
            taken.by_arrondissement += u64::from(way == Some(Way::Arrondissement));
            taken.by_merged_commune += u64::from(way == Some(Way::Merged));
            area
        }
        Found::ByPosition(area) => {
            taken.by_position += 1;
            area
        }
        Found::Abroad => {
            taken.abroad += 1;
            OUTSIDE
        }
        Found::Nowhere => {
            taken.not_mapped += 1;
            OUTSIDE
        }
    });
    area.collect()
}
