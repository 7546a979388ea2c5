//! What is asked about: the communes of one area, or of a list.

use super::geography::Areas;
use super::{Geography, Level, Place, TerritoryError};

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
        communes.sort_unstable();
        communes.dedup();
        if communes.is_empty() {
            return Err(TerritoryError::EmptyList);
        }
        let mut codes: Vec<&str> = communes.iter().map(|&commune| geography.code(commune)).collect();
        codes.sort_unstable();
        let names: Vec<&str> = communes.iter().map(|&commune| geography.name(commune)).take(3).collect();
        let more = if communes.len() > 3 { format!(" + {}", communes.len() - 3) } else { String::new() };
        Ok(Territory { level: Level::Custom, code: codes.join(","), name: names.join(", ") + &more, communes })
    }

    /// Whether a commune, by its row, is part of it.
    pub fn holds(&self, commune: u32) -> bool {
        self.communes.binary_search(&commune).is_ok()
    }
}
