//! Activities, from 732 classes to 17: which class belongs to which (`nomenclatures/activities.csv`).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::SpecificityError;
use crate::layer::definition::Text;

const ACTIVITIES: &str = include_str!("../../../nomenclatures/activities.csv");

/// How finely activities are told apart. They nest: a class of 732 is of the division that its first two digits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Classes {
    A17,
    A38,
    A88,
    A732,
}

impl Classes {
    pub const ALL: [Classes; 4] = [Classes::A17, Classes::A38, Classes::A88, Classes::A732];

    pub fn count(self) -> usize {
        match self {
            Classes::A17 => 17,
            Classes::A38 => 38,
            Classes::A88 => 88,
            Classes::A732 => 732,
        }
    }
}

impl Serialize for Classes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.count() as u64)
    }
}

impl FromStr for Classes {
    type Err = SpecificityError;

    fn from_str(word: &str) -> Result<Classes, SpecificityError> {
        let found = Classes::ALL.into_iter().find(|classes| classes.count().to_string() == word);
        found.ok_or_else(|| SpecificityError::Classes(word.to_owned()))
    }
}

/// The nomenclature as it is read.
#[derive(Debug)]
pub struct Activities {
    levels: BTreeMap<Classes, Vec<Activity>>,
}

#[derive(Debug, Clone)]
pub struct Activity {
    pub code: String,
    /// The group of the next coarser level; empty at the coarsest.
    part_of: String,
    pub name: Text,
}

impl Activities {
    /// Those of the program; a test holds the file to its counts and to its nesting.
    pub fn shipped() -> Activities {
        let mut levels: BTreeMap<Classes, Vec<Activity>> = BTreeMap::new();
        for line in ACTIVITIES.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split(';').map(str::to_owned);
            let mut next = || cells.next().unwrap_or_default();
            let Ok(classes) = next().parse::<Classes>() else { continue };
            let activity = Activity { code: next(), part_of: next(), name: Text { fr: next(), en: next() } };
            levels.entry(classes).or_default().push(activity);
        }
        Activities { levels }
    }

    /// The activities of a level, in the order of the nomenclature. Of the finest only codes are known, and those are in the data.
    pub fn of(&self, classes: Classes) -> &[Activity] {
        self.levels.get(&classes).map_or(&[], Vec::as_slice)
    }

    pub fn find(&self, classes: Classes, code: &str) -> Option<&Activity> {
        self.of(classes).iter().find(|activity| activity.code == code)
    }

    /// The code at a level of a class of 732, such as `1610A`; `None` for what is no class of this nomenclature.
    pub fn code<'a>(&'a self, leaf: &'a str, classes: Classes) -> Option<&'a str> {
        let division = self.find(Classes::A88, leaf.get(..2)?)?;
        match classes {
            Classes::A732 => Some(leaf),
            Classes::A88 => Some(&division.code),
            Classes::A38 => Some(&division.part_of),
            Classes::A17 => Some(&self.find(Classes::A38, &division.part_of)?.part_of),
        }
    }

    /// What a code is called; a class of 732 after its division.
    pub fn name(&self, classes: Classes, code: &str) -> Text {
        let plain = || Text { fr: code.to_owned(), en: code.to_owned() };
        match classes {
            Classes::A732 => self.find(Classes::A88, code.get(..2).unwrap_or_default()),
            _ => self.find(classes, code),
        }
        .map_or_else(plain, |activity| activity.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nomenclature_is_whole_and_nests() {
        let activities = Activities::shipped();
        for classes in [Classes::A17, Classes::A38, Classes::A88] {
            assert_eq!(activities.of(classes).len(), classes.count());
            let mut codes: Vec<&str> = activities.of(classes).iter().map(|activity| activity.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), classes.count(), "a code twice");
        }
        for (fine, coarse) in [(Classes::A88, Classes::A38), (Classes::A38, Classes::A17)] {
            for activity in activities.of(fine) {
                assert!(activities.find(coarse, &activity.part_of).is_some(), "{activity:?}");
                assert!(!activity.name.fr.is_empty() && !activity.name.en.is_empty(), "{activity:?}");
            }
            for group in activities.of(coarse) {
                assert!(activities.of(fine).iter().any(|activity| activity.part_of == group.code), "{group:?} holds nothing");
            }
        }
    }

    #[test]
    fn a_class_is_of_its_division_and_that_of_its_groups() {
        let activities = Activities::shipped();
        let all = |leaf| Classes::ALL.map(|classes| activities.code(leaf, classes));
        assert_eq!(all("1610A"), [Some("C5"), Some("CC"), Some("16"), Some("1610A")]);
        assert_eq!(all("3030Z"), [Some("C4"), Some("CL"), Some("30"), Some("3030Z")]);
        assert_eq!(all("6201Z"), [Some("JZ"), Some("JC"), Some("62"), Some("6201Z")]);
        assert_eq!(all("0000Z"), [None; 4]);
        assert_eq!(all("é"), [None; 4]);
        assert!("39".parse::<Classes>().is_err());
    }
}
