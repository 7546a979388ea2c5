//! The words of the dossier for what the check says in codes, and its ways to write areas and lengths.

use crate::layer::language::Language;
use crate::paper::markup::data;
use crate::paper::numbers::{decimal, plain, with_unit};
use crate::zoning::answer::Standing;
use crate::zoning::effect::Effect;
use crate::zoning::judge::Doubt;
use crate::zoning::project::Icpe;

pub fn effect(effect: Effect, language: Language) -> String {
    effect.words().in_language(language).to_owned()
}

pub fn standing(standing: Standing, language: Language) -> &'static str {
    match standing {
        Standing::Inside => language.of("sur le terrain", "on the plot"),
        Standing::Near => language.of("proche", "near"),
        Standing::Far => language.of("rien d’assez proche", "nothing near enough"),
        Standing::Elsewhere => language.of("n’existe pas dans ce territoire", "does not exist in this territory"),
        Standing::Unknown => language.of("inconnu", "unknown"),
    }
}

/// What keeps a rule from being sure.
pub fn doubt(doubt: Doubt, language: Language) -> &'static str {
    match doubt {
        Doubt::Boundary => language.of(
            "une limite est plus proche que ses sources ne sont précises",
            "a boundary is nearer than its sources are precise",
        ),
        Doubt::Icpe => {
            language.of("le régime ICPE du projet n’est pas dit", "the project’s regime as a classified installation is not said")
        }
        Doubt::Activity => language.of("l’activité du projet n’est pas dite", "the project’s activity is not said"),
        Doubt::Use => language.of("la destination du projet n’est pas dite", "the project’s use is not said"),
        Doubt::BuiltArea => language.of("la surface bâtie du projet n’est pas dite", "the project’s built area is not said"),
        Doubt::Data => language.of("les données ne le disent pas", "the data does not say"),
    }
}

pub fn icpe(icpe: Icpe, language: Language) -> &'static str {
    match icpe {
        Icpe::None => language.of("non classé", "not classified"),
        Icpe::Declaration => language.of("déclaration", "declaration"),
        Icpe::Registration => language.of("enregistrement", "registration"),
        Icpe::Authorisation => language.of("autorisation", "authorisation"),
    }
}

/// Hectares from one hectare on, as markup with the exact square metres.
pub fn area(area_m2: f64, language: Language) -> String {
    let shown = match area_m2 {
        area if area < 9_999.5 => with_unit(&decimal(area, 0, language), Some("m2"), language),
        area => with_unit(&decimal(area / 10_000.0, 2, language), Some("ha"), language),
    };
    data(area_m2, &shown)
}

/// Metres, or kilometres from one kilometre on, as markup with the exact metres.
pub fn length(length_m: f64, language: Language) -> String {
    let shown = match length_m {
        metres if metres < 999.5 => with_unit(&decimal(metres, 0, language), Some("m"), language),
        metres => with_unit(&plain(metres / 1_000.0, language), Some("km"), language),
    };
    data(length_m, &shown)
}
