//! Floor 4: which places belong to which.
//!
//! In: what a caller sees of an atlas. Out: a [`Geography`]: the communes of one vintage of the official geography, and for each
//! [`Level`] the area that a commune belongs to. Levels do not nest: a Territoire d'industrie straddles départements, an EPCI too;
//! each is reached from the communes alone. A commune that no area of a level holds is counted as outside, never left out.
//!
//! In reading order: [`level`], [`codes`] (what a code of a table stands for), [`geography`], [`custom`], [`indicators`] (their
//! numbers); [`specificity`] (what is made here more than elsewhere),
//! [`accessibility`] (what can be reached).

pub mod accessibility;
pub mod codes;
pub mod custom;
pub mod geography;
pub mod indicators;
pub mod level;
pub mod specificity;

pub use codes::Place;
pub use custom::Territory;
pub use geography::{Areas, Geography};
pub use indicators::{Figure, Indicators};
pub use level::Level;

/// What can be wrong with a snapshot's territories, or with what is asked of them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TerritoryError {
    #[error("there is no layer `communes` here: territories are made of communes")]
    NoCommunes,
    #[error("`{word}` is no level of territories{}", crate::layer::catalogue::suggestion(nearest))]
    UnknownLevel { word: String, nearest: Option<String> },
    #[error("nothing here says which {} the communes belong to", level.title().en)]
    NoLevel { level: Level },
    #[error("there is no {} `{code}`{}", level.title().en, crate::layer::catalogue::suggestion(nearest))]
    UnknownCode { level: Level, code: String, nearest: Option<String> },
    #[error("a list of communes needs at least one code, such as `30007,30133`")]
    EmptyList,
    #[error("the polygon holds half of no commune{}", most.as_ref().map_or_else(String::new, |cut| format!("; of {}, {}, it holds {:.1} %", cut.name, cut.code, 100.0 * cut.share)))]
    HoldsNone { most: Option<custom::Cut> },
    #[error("there is no indicator `{id}`{}", crate::layer::catalogue::suggestion(nearest))]
    UnknownIndicator { id: String, nearest: Option<String> },
    #[error("layers `{}` and `{}` both declare an indicator `{id}`", layers[0], layers[1])]
    Twice { id: String, layers: [String; 2] },
    #[error("layer `{layer}`, indicator `{id}`: {error}")]
    Filter { layer: String, id: String, error: Box<crate::atlas::filter::BindError> },
}
