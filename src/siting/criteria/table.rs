//! A table joined to features by code: what its rows add up to for each.
//!
//! Three absences are told apart. A cell that is empty in a row that counts is a number that its publisher keeps back (statistical
//! secrecy) or does not know: the sum of that feature is a lower bound. A feature that no row names, in a territory of which the
//! table names others, has none of what is counted: 0, unless `absent: unknown` says that the publisher leaves whole rows out.
//! A feature in a territory of which the table names nobody is unknown: the table is silent there.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radius::numbers;
use crate::atlas::Layer;
use crate::atlas::filter::Bound;
use crate::geometry::territory::Frame;
use crate::layer::definition::GeometryType;
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::resolve::ResolveError;
use crate::territory::Place;
use crate::territory::codes::Codes;

/// What a feature is worth that no row of the table names, in a territory that the table covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    #[default]
    Zero,
    Unknown,
}

impl Absent {
    pub fn is_zero(&self) -> bool {
        *self == Absent::Zero
    }
}

/// What a specification says of a table.
pub struct Joining<'w> {
    pub table: &'w str,
    /// Its column of codes, which are the ids of the features.
    pub key: &'w str,
    pub field: &'w str,
    pub filter: Option<&'w str>,
    /// A second column of codes: only rows in which it names another feature than the key does.
    pub elsewhere: Option<&'w str>,
}

/// The columns of a table that are added up.
struct Rows<'t, 'v> {
    table: &'v Layer,
    codes: &'v Values,
    field: &'v Values,
    filter: Option<&'t Bound<'v>>,
    elsewhere: Option<&'v Values>,
    /// Communes that are no more, where the features are communes.
    former: Option<&'v Layer>,
}

/// Sums of a table for each feature of a layer.
#[derive(Debug, Default)]
pub struct Joined {
    sums: Vec<f64>,
    states: Vec<State>,
    /// Sum over all rows that count, mapped or not; empty cells left out.
    pub total: f64,
    /// Rows that count whose code is that of no feature.
    pub not_mapped: u64,
    /// Whether a number below zero occurs.
    pub some_negative: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// The territory is not in the table.
    #[default]
    Silent,
    Absent,
    Complete,
    /// A cell is empty.
    Part,
}

impl Joining<'_> {
    /// Added up once for an atlas.
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>, features: &'v Layer) -> Result<(&'v Layer, Arc<Joined>), ResolveError> {
        let table = context.layer(self.table)?;
        if table.definition().geometry != GeometryType::None {
            return Err(ResolveError::NotATable { place: context.place(), layer: self.table.to_owned() });
        }
        let codes = context.texts(table, self.key)?;
        let field = numbers(context, table, self.field)?;
        let filter = context.filters(&[table], self.filter)?.pop().flatten();
        let elsewhere = self.elsewhere.map(|column| context.texts(table, column)).transpose()?;
        let written = [self.key, self.field, self.filter.unwrap_or_default(), self.elsewhere.unwrap_or_default()]
            .map(|text| format!("{text:?}"))
            .join(" ");
        let id = &features.definition().id;
        let former = context.view.layer("former-communes").filter(|_| id == "communes");
        let key = format!("sums of {} {written} by {id}{}", self.table, if former.is_some() { " and former ones" } else { "" });
        let bytes = |joined: &Joined| joined.sums.len() * (size_of::<f64>() + size_of::<State>());
        let joined = context.memo.get(&key, bytes, || match (codes, field, elsewhere) {
            (Some(codes), Some(field), None | Some(Some(_))) => {
                let rows = Rows { table, codes, field, filter: filter.as_ref(), elsewhere: elsewhere.flatten(), former };
                Joined::new(&rows, features)
            }
            _ => Joined::silent(features),
        });
        Ok((table, joined))
    }
}

/// For each row the feature that its code names, `Some(None)` for one that is not in the layer; `None` for an empty cell.
fn places(codes: &Values, named: impl Fn(&str) -> Option<u32>) -> Vec<Option<Option<u32>>> {
    let Values::Text { words, codes } = codes else { return Vec::new() };
    let by_word: Vec<Option<u32>> = words.iter().map(|word| named(word)).collect();
    codes.iter().map(|&code| by_word.get(code as usize).copied()).collect()
}

impl Joined {
    fn silent(features: &Layer) -> Joined {
        Joined { sums: vec![0.0; features.len()], states: vec![State::Silent; features.len()], ..Joined::default() }
    }

    fn new(rows: &Rows<'_, '_>, features: &Layer) -> Joined {
        // Tables name arrondissements where the layer holds the city, and communes that have been merged since.
        let known = Codes::new(features, rows.former);
        let named = |code: &str| match known.place(code) {
            Place::Commune(feature, _) => Some(feature),
            Place::Abroad | Place::Unknown => None,
        };
        let [keys, others] = [Some(rows.codes), rows.elsewhere].map(|codes| codes.map(|codes| places(codes, named)));
        let keys = keys.unwrap_or_default();
        let mut joined = Joined::silent(features);
        joined.mark_covered(features, &keys);
        for row in rows.table.rows() {
            let feature = keys[row as usize].flatten();
            // A row that the filter leaves out still shows that the table knows its feature.
            if let Some(feature) = feature {
                let state = &mut joined.states[feature as usize];
                *state = if *state == State::Part { State::Part } else { State::Complete };
            }
            let here = others.as_ref().is_some_and(|others| feature.is_some() && others[row as usize] == Some(feature));
            if !here && rows.filter.is_none_or(|filter| filter.keeps(row)) {
                let known = others.as_ref().is_none_or(|others| others[row as usize].is_some());
                joined.add(feature, rows.field.number(row).filter(|_| known));
            }
        }
        joined
    }

    /// Features of the territories of which the table names any.
    fn mark_covered(&mut self, features: &Layer, named: &[Option<Option<u32>>]) {
        let frame = |row: u32| Frame::of_x(features.bounds(row).centre()[0]);
        let placed = |row: &u32| !features.bounds(*row).is_empty();
        let mut covered: Vec<Frame> = named.iter().flatten().flatten().copied().filter(placed).map(frame).collect();
        covered.sort();
        covered.dedup();
        for row in features.rows().filter(placed).filter(|&row| covered.contains(&frame(row))) {
            self.states[row as usize] = State::Absent;
        }
    }

    fn add(&mut self, feature: Option<u32>, number: Option<f64>) {
        self.total += number.unwrap_or(0.0);
        self.some_negative |= number.is_some_and(|number| number < 0.0);
        match (feature, number) {
            (None, _) => self.not_mapped += 1,
            (Some(feature), Some(number)) => self.sums[feature as usize] += number,
            (Some(feature), None) => self.states[feature as usize] = State::Part,
        }
    }

    /// The sum of a feature and whether it is the whole of it; `None` where the table is silent.
    pub fn of(&self, feature: u32, absent: Absent) -> Option<(f64, bool)> {
        let sum = self.sums[feature as usize];
        match self.states[feature as usize] {
            State::Silent => None,
            State::Absent if absent == Absent::Unknown => None,
            State::Absent | State::Complete => Some((sum, true)),
            State::Part => Some((sum, false)),
        }
    }
}
