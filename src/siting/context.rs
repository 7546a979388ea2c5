//! Looking up the names that a specification writes, each failure a sentence with the place and the nearest name.

use std::sync::Arc;

use crate::atlas::filter::{Absent, Bound, bind};
use crate::atlas::{Layer, View};
use crate::geometry::scale::Metric;
use crate::layer::catalogue::nearest;
use crate::layer::definition::{FieldType, GeometryType};
use crate::layer::filter::{Filter, Name, parse};
use crate::layer::value::Values;
use crate::siting::criteria::net::NetLand;
use crate::siting::memo::Memo;
use crate::siting::resolve::{ResolveError, ScaleError};

/// Where in a specification a name is looked up, and among what.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c, 'v> {
    pub view: View<'v>,
    pub part: Part<'c>,
    pub candidates: &'c [&'v Layer],
    /// Whether the criterion writes its quantities in units of area.
    pub in_m2: bool,
    pub metric: Metric,
    /// Where what is derived from a layer is kept.
    pub memo: &'c Memo,
    /// The buildable ground of sites, where the specification says what that is.
    pub net_land: Option<&'c Arc<NetLand<'v>>>,
}

/// A part of a specification.
#[derive(Debug, Clone, Copy)]
pub enum Part<'c> {
    Candidates,
    Buildable,
    Criterion(&'c str),
}

impl<'v> Context<'_, 'v> {
    /// For messages.
    pub fn place(&self) -> String {
        match self.part {
            Part::Candidates => "candidates".to_owned(),
            Part::Buildable => "buildable".to_owned(),
            Part::Criterion(name) => format!("criterion `{name}`"),
        }
    }

    /// What the criteria `of: buildable` measure.
    pub fn net_land(&self) -> Result<Arc<NetLand<'v>>, ResolveError> {
        self.net_land.cloned().ok_or_else(|| ResolveError::NoBuildable { place: self.place() })
    }

    pub fn layer(&self, id: &str) -> Result<&'v Layer, ResolveError> {
        self.view.layer(id).ok_or_else(|| ResolveError::Layer {
            place: self.place(),
            id: id.to_owned(),
            nearest: nearest(id, self.view.layers().map(|layer| &layer.definition().id)),
        })
    }

    /// Layers that have a place on the ground, in the order of their ids, each once.
    pub fn layers(&self, ids: &[String]) -> Result<Vec<&'v Layer>, ResolveError> {
        let mut layers = ids.iter().map(|id| self.layer(id)).collect::<Result<Vec<_>, _>>()?;
        if layers.is_empty() {
            return Err(ResolveError::NoLayer { place: self.place() });
        }
        if let Some(table) = layers.iter().find(|layer| layer.definition().geometry == GeometryType::None) {
            return Err(ResolveError::Table { place: self.place(), layer: table.definition().id.clone() });
        }
        layers.sort_by(|a, b| a.definition().id.cmp(&b.definition().id));
        layers.dedup_by_key(|layer| layer.definition().id.clone());
        Ok(layers)
    }

    /// A text column of a layer; `None` where the snapshot holds no cell of it.
    pub fn texts(&self, layer: &'v Layer, column: &str) -> Result<Option<&'v Values>, ResolveError> {
        let definition = layer.definition();
        match definition.column(column).map(|column| column.kind) {
            Some(FieldType::Text) => Ok(layer.values(column)),
            Some(_) => {
                Err(ResolveError::NotATextColumn { place: self.place(), column: column.to_owned(), layer: definition.id.clone() })
            }
            None => Err(self.no_column(layer, column)),
        }
    }

    /// A name that is no column of a layer.
    pub fn no_column(&self, layer: &Layer, column: &str) -> ResolveError {
        ResolveError::Column {
            place: self.place(),
            column: column.to_owned(),
            layers: ids(&[layer]),
            nearest: nearest(column, layer.definition().columns.keys()),
        }
    }

    /// For messages: the candidate layers.
    pub fn candidate_ids(&self) -> String {
        ids(self.candidates)
    }

    pub fn scale(&self, key: &'static str, problem: ScaleError) -> ResolveError {
        ResolveError::Scale { place: self.place(), key, problem }
    }

    /// A filter bound to each layer. A column must be in at least one of them; where it is not, its cells are unknown.
    pub fn filters(&self, layers: &[&'v Layer], text: Option<&str>) -> Result<Vec<Option<Bound<'v>>>, ResolveError> {
        let Some(text) = text else { return Ok(layers.iter().map(|_| None).collect()) };
        let filter = parse(text).map_err(|problem| ResolveError::Filter { place: self.place(), problem })?;
        self.columns_exist(&filter, layers)?;
        let mut words = Ok(());
        filter.words(&mut |name, word| {
            words = std::mem::replace(&mut words, Ok(())).and_then(|()| self.word(&name.text, word, layers))
        });
        words?;
        let bound = |layer: &&'v Layer| bind(&filter, &layer.definition().columns, |name| layer.values(name), Absent::Unknown);
        let bound = layers.iter().map(|layer| bound(layer).map(Some)).collect::<Result<_, _>>();
        bound.map_err(|problem| ResolveError::Bind { place: self.place(), problem })
    }

    /// A word that no layer's vocabulary declares and no cell says: a slip, which would otherwise remove sites in silence. A
    /// column without a declared vocabulary may hold anything.
    pub fn word(&self, column: &str, word: &str, layers: &[&Layer]) -> Result<(), ResolveError> {
        let mut known: Vec<&str> = Vec::new();
        for layer in layers {
            let Some(declared) = layer.definition().column(column) else { continue };
            if declared.kind != FieldType::Text || declared.values.is_empty() {
                return Ok(());
            }
            known.extend(declared.values.values().map(String::as_str));
            if let Some(Values::Text { words, .. }) = layer.values(column) {
                known.extend(words.iter().map(|word| &**word));
            }
        }
        match known.contains(&word) || known.is_empty() {
            true => Ok(()),
            false => Err(ResolveError::Word {
                place: self.place(),
                column: column.to_owned(),
                word: word.to_owned(),
                nearest: nearest(word, known),
            }),
        }
    }

    fn columns_exist(&self, filter: &Filter, layers: &[&Layer]) -> Result<(), ResolveError> {
        let mut missing: Option<Name> = None;
        filter.columns(&mut |name| {
            if missing.is_none() && layers.iter().all(|layer| layer.definition().column(&name.text).is_none()) {
                missing = Some(name.clone());
            }
        });
        missing.map_or(Ok(()), |name| {
            let known = layers.iter().flat_map(|layer| layer.definition().columns.keys());
            Err(ResolveError::FilterColumn {
                place: self.place(),
                column: name.text.clone(),
                position: name.position,
                layers: ids(layers),
                nearest: nearest(&name.text, known),
            })
        })
    }
}

/// For messages: layers by their ids.
pub fn ids(layers: &[&Layer]) -> String {
    let ids: Vec<String> = layers.iter().map(|layer| format!("`{}`", layer.definition().id)).collect();
    format!("layer{} {}", if ids.len() > 1 { "s" } else { "" }, ids.join(", "))
}
