//! The specifications that come with the program: `specs/`, in the binary.

/// One question in two languages; the criteria are the same.
#[derive(Debug)]
pub struct Shipped {
    pub name: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
}

macro_rules! shipped {
    ($en:literal, $fr:literal) => {
        Shipped {
            name: $en,
            fr: include_str!(concat!("../../../specs/", $fr, ".yaml")),
            en: include_str!(concat!("../../../specs/", $en, ".yaml")),
        }
    };
}

/// To add one: its two files, and a line here. The first is the one to begin with.
pub const SHIPPED: [Shipped; 6] = [
    shipped!("logistics-platform", "plateforme-logistique"),
    shipped!("battery-gigafactory", "gigafactory-batteries"),
    shipped!("small-workshop", "petit-atelier"),
    shipped!("food-plant", "usine-agroalimentaire"),
    shipped!("data-centre", "centre-de-donnees"),
    shipped!("chemical-plant", "usine-chimique"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::spec::read::read;

    #[test]
    fn none_is_forgotten() {
        assert_eq!(std::fs::read_dir("specs").unwrap().count(), 2 * SHIPPED.len());
    }

    #[test]
    fn each_reads_and_asks_the_same_in_both_languages() {
        for shipped in SHIPPED {
            let [fr, en] =
                [shipped.fr, shipped.en].map(|text| read(text).unwrap_or_else(|error| panic!("{}: {error}", shipped.name)));
            let asked = |spec: &crate::siting::spec::Spec| {
                spec.criteria.measured().into_iter().map(|(_, criterion)| criterion.clone()).collect::<Vec<_>>()
            };
            assert_eq!(asked(&fr), asked(&en), "{}", shipped.name);
            assert_eq!((fr.candidates, fr.limit, fr.metric), (en.candidates, en.limit, en.metric), "{}", shipped.name);
            assert!(fr.title.is_some() && en.title.is_some(), "{}", shipped.name);
        }
    }
}
