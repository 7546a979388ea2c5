//! What is asked about: the communes of one area, of a list, or those that a drawn polygon holds.

use serde::Serialize;

use super::geography::Areas;
use super::{Geography, Level, Place, TerritoryError};

use crate::atlas::View;
use crate::geometry::footprint::Footprint;
use crate::geometry::overlap::area_m2;
use crate::geometry::scale::Metric;

/// A commune that a polygon touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cut {
    pub code: String,
    pub name: String,
    /// Of the commune's ground, how much lies within the polygon.
    pub share: f64,
    /// Half or more of it does: the commune is part of the territory.
    pub taken: bool,
}

/// A set of communes with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    pub level: Level,
    /// Its code; of a list, the codes in order, each once.
    pub code: String,
    pub name: String,
    /// Rows of the layer of communes, in order.
    pub communes: Vec<u32>,
}

impl Territory {
    pub(super) fn of_area(level: Level, areas: &Areas, area: u32) -> Territory {
        let own = areas.of_commune().iter().enumerate().filter(|(_, of)| **of == area);
        let communes = own.map(|(commune, _)| commune as u32).collect();
        Territory { level, code: areas.code(area).to_owned(), name: areas.name(area).to_owned(), communes }
    }

    /// Codes with commas between them: of communes, arrondissements, or communes that have been merged since.
    pub(super) fn of_list(geography: &Geography, list: &str) -> Result<Territory, TerritoryError> {
        let mut communes = Vec::new();
        for code in list.split(',').map(str::trim).filter(|code| !code.is_empty()) {
            match geography.codes.place(code) {
                Place::Commune(row, _) => communes.push(row),
                Place::Abroad | Place::Unknown => {
                    let known = (0..geography.len() as u32).map(|commune| geography.code(commune));
                    let nearest = crate::layer::catalogue::nearest(code, known);
                    return Err(TerritoryError::UnknownCode { level: Level::Commune, code: code.to_owned(), nearest });
                }
            }
        }
        Territory::custom(geography, communes).ok_or(TerritoryError::EmptyList)
    }

    fn custom(geography: &Geography, mut communes: Vec<u32>) -> Option<Territory> {
        communes.sort_unstable();
        communes.dedup();
        let mut codes: Vec<&str> = communes.iter().map(|&commune| geography.code(commune)).collect();
        codes.sort_unstable();
        let names: Vec<&str> = communes.iter().map(|&commune| geography.name(commune)).take(3).collect();
        let more = if communes.len() > 3 { format!(" + {}", communes.len() - 3) } else { String::new() };
        let (code, name) = (codes.join(","), names.join(", ") + &more);
        (!communes.is_empty()).then_some(Territory { level: Level::Custom, code, name, communes })
    }

    /// The communes that a polygon holds at least half of, and every commune that it touches with the share of its ground that lies
    /// within: a commune is in whole or not at all, so that no number of a part of one is ever told.
    ///
    /// # Errors
    /// `HoldsNone`, `NoCommunes`.
    pub fn drawn(
        geography: &Geography,
        view: View<'_>,
        polygon: &Footprint<'_>,
    ) -> Result<(Territory, Vec<Cut>), TerritoryError> {
        let layer = view.layer("communes").ok_or(TerritoryError::NoCommunes)?;
        let mut cuts = Vec::new();
        layer.overlaps(
            polygon,
            |_| true,
            |row, common| {
                let whole_m2 = Metric::Ellipsoid.area_m2(&layer.shape(row));
                let share = (area_m2(&common, Metric::Ellipsoid) / whole_m2).min(1.0);
                if share > 0.0 {
                    let (code, name) = (geography.code(row).to_owned(), geography.name(row).to_owned());
                    cuts.push((row, Cut { code, name, share, taken: share >= 0.5 }));
                }
            },
        );
        cuts.sort_by(|a, b| b.1.share.total_cmp(&a.1.share).then(a.0.cmp(&b.0)));
        let communes = cuts.iter().filter(|(_, cut)| cut.taken).map(|(row, _)| *row).collect();
        let cuts: Vec<Cut> = cuts.into_iter().map(|(_, cut)| cut).collect();
        match Territory::custom(geography, communes) {
            Some(territory) => Ok((territory, cuts)),
            None => Err(TerritoryError::HoldsNone { most: cuts.into_iter().next() }),
        }
    }

    /// Whether a commune, by its row, is part of it.
    pub fn holds(&self, commune: u32) -> bool {
        self.communes.binary_search(&commune).is_ok()
    }
}
