//! The levels at which territories are asked about.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::TerritoryError;
use crate::layer::catalogue::nearest;
use crate::layer::definition::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    Commune,
    Epci,
    IndustryTerritory,
    /// INSEE's zones d'emploi: where most residents work in the zone they live in.
    LabourZone,
    Departement,
    Region,
    Country,
    /// Any list of communes.
    Custom,
}

impl Level {
    pub const ALL: [Level; 8] = [
        Level::Commune,
        Level::Epci,
        Level::IndustryTerritory,
        Level::LabourZone,
        Level::Departement,
        Level::Region,
        Level::Country,
        Level::Custom,
    ];

    /// Levels whose areas part the communes among them.
    pub const PARTING: [Level; 7] = [
        Level::Commune,
        Level::Epci,
        Level::IndustryTerritory,
        Level::LabourZone,
        Level::Departement,
        Level::Region,
        Level::Country,
    ];

    /// As it is written in addresses and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Level::Commune => "commune",
            Level::Epci => "epci",
            Level::IndustryTerritory => "industry-territory",
            Level::LabourZone => "labour-zone",
            Level::Departement => "departement",
            Level::Region => "region",
            Level::Country => "country",
            Level::Custom => "custom",
        }
    }

    /// The layer that tells of its areas, if it has one: a feature an area, or of labour zones a row for each commune.
    pub fn layer(self) -> Option<&'static str> {
        match self {
            Level::Commune => Some("communes"),
            Level::Epci => Some("epci"),
            Level::IndustryTerritory => Some("industry-territories"),
            Level::LabourZone => Some("labour-zones"),
            Level::Departement => Some("departements"),
            Level::Region => Some("regions"),
            Level::Country | Level::Custom => None,
        }
    }

    pub fn title(self) -> Text {
        let (fr, en) = match self {
            Level::Commune => ("commune", "commune"),
            Level::Epci => ("EPCI", "intercommunality (EPCI)"),
            Level::IndustryTerritory => ("Territoire d'industrie", "industry territory"),
            Level::LabourZone => ("zone d'emploi", "labour zone"),
            Level::Departement => ("département", "department"),
            Level::Region => ("région", "region"),
            Level::Country => ("pays", "country"),
            Level::Custom => ("liste de communes", "list of communes"),
        };
        Text { fr: fr.to_owned(), en: en.to_owned() }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl FromStr for Level {
    type Err = TerritoryError;

    fn from_str(word: &str) -> Result<Level, TerritoryError> {
        let words = || Level::ALL.iter().map(|level| level.word());
        let found = Level::ALL.into_iter().find(|level| level.word() == word || level.layer() == Some(word));
        found.ok_or_else(|| TerritoryError::UnknownLevel { word: word.to_owned(), nearest: nearest(word, words()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_written_as_themselves_or_as_their_layer() {
        for level in Level::ALL {
            assert_eq!(level.word().parse(), Ok(level));
        }
        assert_eq!("departements".parse(), Ok(Level::Departement));
        let error = "regoin".parse::<Level>().unwrap_err().to_string();
        assert_eq!(error, "`regoin` is no level of territories; did you mean `region`?");
    }
}
