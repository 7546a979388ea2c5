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
use crate::layer::value::{Value, Values};
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::{Scale, days};

/// The column in each candidate layer that has it.
#[derive(Debug)]
pub struct Cells<'v> {
    columns: Vec<(&'v Layer, &'v Values, Scale)>,
    scale: Scale,
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
        let columns = declared()
            .filter_map(|(layer, column)| Some((layer, layer.values(&self.column)?, Scale::of_column(column))))
            .collect();
        Ok(Cells { columns, scale })
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
        let column = self.columns.iter().find(|(layer, ..)| std::ptr::eq(*layer, site.layer));
        let Some((_, values, scale)) = column else { return Measured::unknown(Reason::NoColumn) };
        let number = |number: f64| match scale {
            Scale::Number(Some(unit)) => Reading::exact(unit.to_base(number)),
            _ => Reading::exact(number),
        };
        Measured::plain(match values.get(site.row) {
            Value::Unknown => Reading::Unknown(Reason::EmptyCell),
            Value::Text(word) => Reading::Word(word.into()),
            Value::Number(value) => number(value),
            Value::Integer(integer) => number(integer as f64),
            Value::Boolean(boolean) => Reading::exact(f64::from(u8::from(boolean))),
            Value::Date(date) => Reading::exact(days(date)),
        })
    }

    pub fn scale(&self) -> Scale {
        self.scale
    }
}
