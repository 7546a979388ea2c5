//! `attribute`: what a column of the candidate says, or of the zone that it is part of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cell of a column. A candidate whose layer has no such column is unknown.
///
/// With `from`, the cell of a feature of that layer: the one whose id the candidate's column `by` gives, or the one that holds
/// the candidate's representative point. So the networks that serve a business zone are asked of its plots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub column: String,
    /// The layer whose column it is, such as `business-zones`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The candidate's column of ids in that layer, such as `zone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

use crate::atlas::Layer;
use crate::layer::catalogue::nearest;
use crate::layer::value::{NO_WORD, Value, Values};
use crate::siting::context::{Context, ids};
use crate::siting::measure::{Measured, Reading, Reason, Site, Witness};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::{Scale, days};
use crate::siting::within::{holder, representative};

/// The column in each candidate layer that has it.
#[derive(Debug)]
pub struct Cells<'v> {
    columns: Vec<Source<'v>>,
    scale: Scale,
    /// The words of text columns, layer after layer.
    words: Vec<&'v str>,
    /// Whose cell is asked for in place of the candidate's own.
    lender: Option<Lender<'v>>,
}

/// The layer that lends its column, and the column of each candidate layer that names its features; none where they hold the
/// candidate.
#[derive(Debug)]
struct Lender<'v> {
    layer: &'v Layer,
    by: Option<Vec<(&'v Layer, &'v Values)>>,
}

#[derive(Debug)]
struct Source<'v> {
    layer: &'v Layer,
    values: &'v Values,
    scale: Scale,
    /// Place of its first word in the vocabulary.
    first_word: u32,
}

impl Attribute {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Cells<'v>, ResolveError> {
        let lender = self.lender(context)?;
        let layers = lender.as_ref().map_or(context.candidates.to_vec(), |lender| vec![lender.layer]);
        let declared = || layers.iter().filter_map(|&layer| Some((layer, layer.definition().column(&self.column)?)));
        let Some((first, column)) = declared().next() else {
            let known = layers.iter().flat_map(|layer| layer.definition().columns.keys());
            return Err(ResolveError::Column {
                place: context.place(),
                column: self.column.clone(),
                layers: ids(&layers),
                nearest: nearest(&self.column, known),
            });
        };
        let scale = Scale::of_column(column);
        if let Some((other, _)) = declared().find(|(_, other)| !same(scale, Scale::of_column(other))) {
            let layers = [first, other].map(|layer| layer.definition().id.clone());
            return Err(ResolveError::Types { place: context.place(), column: self.column.clone(), layers });
        }
        let mut cells = Cells { columns: Vec::new(), scale, words: Vec::new(), lender };
        for (layer, column) in declared() {
            let Some(values) = layer.values(&self.column) else { continue };
            let first_word = cells.words.len() as u32;
            if let Values::Text { words, .. } = values {
                cells.words.extend(words.iter().map(|word| &**word));
            }
            cells.columns.push(Source { layer, values, scale: Scale::of_column(column), first_word });
        }
        Ok(cells)
    }

    fn lender<'v>(&self, context: &Context<'_, 'v>) -> Result<Option<Lender<'v>>, ResolveError> {
        let Some(from) = &self.from else {
            return if self.by.is_none() { Ok(None) } else { Err(ResolveError::By { place: context.place() }) };
        };
        let layer = context.layer(from)?;
        let Some(by) = &self.by else { return Ok(Some(Lender { layer, by: None })) };
        let declared = context.candidates.iter().filter(|layer| layer.definition().column(by).is_some());
        let columns = declared.filter_map(|&layer| Some(context.texts(layer, by).transpose()?.map(|values| (layer, values))));
        let columns: Vec<(&Layer, &Values)> = columns.collect::<Result<_, _>>()?;
        match columns.is_empty() {
            true => Err(context.no_column(context.candidates[0], by)),
            false => Ok(Some(Lender { layer, by: Some(columns) })),
        }
    }

    /// A word that the column never says is a slip.
    pub fn check_word(&self, context: &Context<'_, '_>, word: &str) -> Result<(), ResolveError> {
        match &self.from {
            Some(from) => context.word(&self.column, word, &[context.layer(from)?]),
            None => context.word(&self.column, word, context.candidates),
        }
    }
}

impl<'v> Lender<'v> {
    /// The feature that lends its cell to a site.
    fn row(&self, site: &Site<'_>) -> Result<u32, Reason> {
        match &self.by {
            None => {
                let point = representative(site.layer, site.row).ok_or(Reason::NoGeometry)?;
                holder(self.layer, point).ok_or(Reason::NoArea)
            }
            Some(columns) => {
                let column = columns.iter().find(|(layer, _)| std::ptr::eq(*layer, site.layer));
                let (_, ids) = column.ok_or(Reason::NoColumn)?;
                self.layer.row_of(ids.text(site.row).ok_or(Reason::EmptyCell)?).ok_or(Reason::NotFound)
            }
        }
    }
}

/// Whether two columns of one name may answer one criterion.
fn same(a: Scale, b: Scale) -> bool {
    match (a, b) {
        (Scale::Number(a), Scale::Number(b)) => a.map(|unit| unit.dimension()) == b.map(|unit| unit.dimension()),
        _ => a == b,
    }
}

impl<'v> Cells<'v> {
    pub fn of(&self, site: &Site<'v>) -> Measured {
        if let Some(lender) = &self.lender {
            return match (lender.row(site), self.columns.first()) {
                (Err(reason), _) => Measured::unknown(reason),
                (Ok(_), None) => Measured::unknown(Reason::EmptyCell),
                (Ok(row), Some(source)) => {
                    let witness = Some(Witness { target: 0, row, way: None });
                    Measured { witness, ..Measured::plain(source.reading(row)) }
                }
            };
        }
        let source = self.columns.iter().find(|source| std::ptr::eq(source.layer, site.layer));
        Measured::plain(source.map_or(Reading::Unknown(Reason::NoColumn), |source| source.reading(site.row)))
    }

    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The layer that lends its column.
    pub fn layers(&self) -> Vec<&'v Layer> {
        self.lender.iter().map(|lender| lender.layer).collect()
    }

    /// What the places of words mean.
    pub fn words(&self) -> &[&'v str] {
        &self.words
    }
}

impl Source<'_> {
    fn reading(&self, row: u32) -> Reading {
        let number = |number: f64| match self.scale {
            Scale::Number(Some(unit)) => Reading::exact(unit.to_base(number)),
            _ => Reading::exact(number),
        };
        if let Values::Text { codes, .. } = self.values {
            let code = codes[row as usize];
            return if code == NO_WORD { Reading::Unknown(Reason::EmptyCell) } else { Reading::Word(self.first_word + code) };
        }
        match self.values.get(row) {
            Value::Unknown | Value::Text(_) => Reading::Unknown(Reason::EmptyCell),
            Value::Number(value) => number(value),
            Value::Integer(integer) => number(integer as f64),
            Value::Boolean(boolean) => Reading::exact(f64::from(u8::from(boolean))),
            Value::Date(date) => Reading::exact(days(date)),
        }
    }
}
