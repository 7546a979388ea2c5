//! `layer`: from which layer the candidate is, so that brownfields can go before fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::atlas::Layer;
use crate::layer::catalogue::nearest;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;

/// The id of the candidate's layer, as a word: `value: { brownfields: 1, business-plots: 0.5 }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {}

/// The candidate layers, whose ids are the words.
#[derive(Debug)]
pub struct Origins<'v> {
    layers: Vec<&'v Layer>,
    ids: Vec<&'v str>,
}

impl Origin {
    pub fn resolve<'v>(context: &Context<'_, 'v>) -> Origins<'v> {
        let layers = context.candidates.to_vec();
        let ids = layers.iter().map(|layer| layer.definition().id.as_str()).collect();
        Origins { layers, ids }
    }

    /// A word that is no candidate layer is a slip.
    pub fn check_word(context: &Context<'_, '_>, word: &str) -> Result<(), ResolveError> {
        let ids = || context.candidates.iter().map(|layer| &layer.definition().id);
        match ids().any(|id| id == word) {
            true => Ok(()),
            false => {
                Err(ResolveError::NotACandidate { place: context.place(), layer: word.to_owned(), nearest: nearest(word, ids()) })
            }
        }
    }
}

impl<'v> Origins<'v> {
    pub fn of(&self, site: &Site<'v>) -> Measured {
        let place = self.layers.iter().position(|layer| std::ptr::eq(*layer, site.layer));
        Measured::plain(place.map_or(Reading::Unknown(Reason::NoColumn), |place| Reading::Word(place as u32)))
    }

    pub fn words(&self) -> &[&'v str] {
        &self.ids
    }
}
