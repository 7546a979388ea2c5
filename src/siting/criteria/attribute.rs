//! `attribute`: what a column of the candidate says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cell of a column. A candidate whose layer has no such column is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub column: String,
}

use crate::atlas::Layer;
use crate::layer::catalogue::nearest;
use crate::layer::value::{NO_WORD, Value, Values};
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::{Scale, days};

/// The column in each candidate layer that has it.
#[derive(Debug)]
pub struct Cells<'v> {
    columns: Vec<Source<'v>>,
    scale: Scale,
    /// The words of text columns, layer after layer.
    words: Vec<&'v str>,
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
        let declared = || context.candidates.iter().filter_map(|&layer| Some((layer, layer.definition().column(&self.column)?)));
        let Some((first, column)) = declared().next() else {
            let known = context.candidates.iter().flat_map(|layer| layer.definition().columns.keys());
            return Err(ResolveError::Column {
                place: context.place(),
                column: self.column.clone(),
                layers: context.candidate_ids(),
                nearest: nearest(&self.column, known),
            });
        };
        let scale = Scale::of_column(column);
        if let Some((other, _)) = declared().find(|(_, other)| !same(scale, Scale::of_column(other))) {
            let layers = [first, other].map(|layer| layer.definition().id.clone());
            return Err(ResolveError::Types { place: context.place(), column: self.column.clone(), layers });
        }
        let mut cells = Cells { columns: Vec::new(), scale, words: Vec::new() };
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
        let source = self.columns.iter().find(|source| std::ptr::eq(source.layer, site.layer));
        Measured::plain(source.map_or(Reading::Unknown(Reason::NoColumn), |source| source.reading(site.row)))
    }

    pub fn scale(&self) -> Scale {
        self.scale
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
