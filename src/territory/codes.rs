//! What a code in somebody's table stands for: a commune of this vintage, one that has become part of another, an arrondissement
//! of a city, a place abroad, or nothing known.

use std::collections::HashMap;

use crate::atlas::Layer;

/// Where a code leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A row of the layer of communes, and by which way.
    Commune(u32, Way),
    Abroad,
    Unknown,
}

/// How a code leads to its commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is its own.
    Own,
    /// It is that of an arrondissement of Paris, Lyon or Marseille.
    Arrondissement,
    /// It is that of a commune that has since become part of it.
    Merged,
}

/// Codes of communes by their texts.
#[derive(Debug, Default)]
pub struct Codes {
    rows: HashMap<Box<str>, u32>,
    merged: HashMap<Box<str>, u32>,
}

/// Mergers follow each other: a commune of 1971 may be three away from its present one. A ring ends here.
const LONGEST_CHAIN: usize = 8;

impl Codes {
    /// `former` lists communes that are no more, with the one each became part of.
    pub fn new(communes: &Layer, former: Option<&Layer>) -> Codes {
        let rows: HashMap<Box<str>, u32> = communes.rows().rev().map(|row| (communes.id(row).into(), row)).collect();
        let successors = former.map(successors).unwrap_or_default();
        let present = |code: &str| {
            let mut code = code;
            for _ in 0..LONGEST_CHAIN {
                code = successors.get(code)?;
                if let Some(&row) = rows.get(code) {
                    return Some(row);
                }
            }
            None
        };
        let gone = successors.keys().filter(|code| !rows.contains_key(code.as_str()));
        let merged = gone.filter_map(|code| Some((Box::from(code.as_str()), present(code)?))).collect();
        Codes { rows, merged }
    }

    pub fn place(&self, code: &str) -> Place {
        if let Some(&row) = self.rows.get(code) {
            return Place::Commune(row, Way::Own);
        }
        if let Some(&row) = city(code).and_then(|city| self.rows.get(city)) {
            return Place::Commune(row, Way::Arrondissement);
        }
        match self.merged.get(code) {
            Some(&row) => Place::Commune(row, Way::Merged),
            None if is_abroad(code) => Place::Abroad,
            None => Place::Unknown,
        }
    }
}

/// The commune that each former one became part of: by a code a row, or by a list of former codes beside the present one.
fn successors(former: &Layer) -> HashMap<String, String> {
    let [codes, successors, lists] = ["code", "successor", "former"].map(|column| former.values(column));
    let mut found = HashMap::new();
    for row in former.rows() {
        let text = |values: Option<&'_ crate::layer::value::Values>| values?.text(row).map(str::to_owned);
        let Some(code) = text(codes) else { continue };
        let list = text(lists).unwrap_or_default();
        for old in list.split(|c: char| !c.is_ascii_alphanumeric()).filter(|old| old.len() == 5 && *old != code) {
            found.insert(old.to_owned(), code.clone());
        }
        if let Some(successor) = text(successors).filter(|successor| *successor != code) {
            found.insert(code, successor);
        }
    }
    found
}

/// The commune of an arrondissement of Paris, Lyon or Marseille.
fn city(code: &str) -> Option<&'static str> {
    let cities = [("75101"..="75120", "75056"), ("69381"..="69389", "69123"), ("13201"..="13216", "13055")];
    cities.into_iter().find(|(codes, _)| code.len() == 5 && codes.contains(&code)).map(|(_, city)| city)
}

/// INSEE writes a workplace abroad by the code of its country, 99 and three digits, or by two letters and a number for the communes
/// across the border. Corsica's 2A and 2B are at home, and so are the collectivities of 975 to 989.
fn is_abroad(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.starts_with(b"99") || (bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrondissements_belong_to_their_city() {
        assert_eq!(["75101", "75120", "69389", "13201"].map(city), [Some("75056"), Some("75056"), Some("69123"), Some("13055")]);
        assert_eq!(["75100", "75121", "751015", "69123", "2A004"].map(city), [None; 5]);
    }

    #[test]
    fn countries_are_told_from_corsica() {
        assert_eq!(["99132", "99999", "BE001", "LU12", "2A004", "98701", "01001", ""].map(is_abroad), {
            [true, true, true, true, false, false, false, false]
        });
    }
}
