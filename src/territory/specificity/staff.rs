//! Employees and establishments by commune and class of activity, as a table tells them.

use serde::Serialize;

use super::activities::{Activities, Classes};
use crate::atlas::Layer;
use crate::layer::value::{NO_WORD, Values};
use crate::territory::codes::Way;
use crate::territory::{Geography, Place};

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    #[default]
    Employees,
    Establishments,
}

/// The table's rows in order of their communes.
#[derive(Debug, Default)]
pub struct Staff {
    /// Codes of the classes, in order.
    leaves: Vec<Box<str>>,
    /// Where the rows of each commune end.
    ends: Vec<u32>,
    rows: Vec<Row>,
    pub taken: Taken,
}

/// A number that the publisher keeps back is NaN.
#[derive(Debug, Clone, Copy)]
struct Row {
    commune: u32,
    leaf: u32,
    numbers: [f64; 2],
}

/// What became of the table's rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Taken {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
    pub rows: u64,
    /// Rows of an arrondissement, or of a commune that has been merged since.
    pub by_arrondissement: u64,
    pub by_merged_commune: u64,
    /// Rows that name no commune of the geography: in no sum.
    pub not_mapped: u64,
    /// Rows without a commune or a class.
    pub incomplete: u64,
    /// Numbers that are kept back.
    pub kept_back: u64,
}

/// What a territory's rows add up to, by class of a level.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    pub by_class: Vec<f64>,
    /// Of all classes, and of rows whose class is none of the nomenclature.
    pub total: f64,
    /// For each class how many numbers are kept back; and in all.
    pub kept_back: Vec<u32>,
    pub kept_back_in_all: u32,
}

/// The classes of a level, and the one of each leaf.
#[derive(Debug)]
pub struct Grouping {
    pub codes: Vec<String>,
    of_leaf: Vec<u32>,
}

const NO_CLASS: u32 = u32::MAX;

impl Staff {
    pub fn read(layer: &Layer, geography: &Geography) -> Staff {
        let source = &layer.definition().source;
        let mut taken = Taken {
            layer: layer.definition().id.clone(),
            vintage: source.vintage.clone(),
            publisher: source.publisher.clone(),
            rows: layer.len() as u64,
            ..Taken::default()
        };
        let column = |name: &str| layer.values(name);
        let (Some(Values::Text { words: communes, codes: places }), Some(Values::Text { words, codes: activities })) =
            (column("commune"), column("activity"))
        else {
            taken.incomplete = taken.rows;
            return Staff { ends: vec![0; geography.len()], taken, ..Staff::default() };
        };
        let communes: Vec<Place> = communes.iter().map(|code| geography.codes.place(code)).collect();
        let mut order: Vec<u32> = (0..words.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| words[a as usize].cmp(&words[b as usize]));
        let mut leaf_of = vec![0; words.len()];
        order.iter().zip(0..).for_each(|(&word, leaf)| leaf_of[word as usize] = leaf);
        let number = |name: &str, row: u32| column(name).and_then(|values| values.number(row)).unwrap_or(f64::NAN);
        let mut rows = Vec::with_capacity(layer.len());
        for row in layer.rows() {
            let (place, activity) = (places[row as usize], activities[row as usize]);
            if place == NO_WORD || activity == NO_WORD {
                taken.incomplete += 1;
                continue;
            }
            let Place::Commune(commune, way) = communes[place as usize] else {
                taken.not_mapped += 1;
                continue;
            };
            taken.by_arrondissement += u64::from(way == Way::Arrondissement);
            taken.by_merged_commune += u64::from(way == Way::Merged);
            let numbers = ["employees", "establishments"].map(|name| number(name, row));
            taken.kept_back += numbers.iter().filter(|number| number.is_nan()).count() as u64;
            rows.push(Row { commune, leaf: leaf_of[activity as usize], numbers });
        }
        rows.sort_by_key(|row| row.commune);
        let ends = (0..geography.len() as u32).map(|commune| rows.partition_point(|row| row.commune <= commune) as u32);
        let (ends, leaves) = (ends.collect(), order.iter().map(|&word| words[word as usize].clone()).collect());
        Staff { leaves, ends, rows, taken }
    }

    /// The classes of a level: those of the nomenclature, or at the finest those that the table names.
    pub fn grouping(&self, activities: &Activities, classes: Classes) -> Grouping {
        let codes: Vec<String> = match classes {
            Classes::A732 => {
                let named = self.leaves.iter().filter_map(|leaf| activities.code(leaf, classes));
                named.map(str::to_owned).collect()
            }
            _ => activities.of(classes).iter().map(|activity| activity.code.clone()).collect(),
        };
        let place = |leaf: &str| {
            let code = activities.code(leaf, classes)?;
            codes.iter().position(|known| known == code).map(|place| place as u32)
        };
        let of_leaf = self.leaves.iter().map(|leaf| place(leaf).unwrap_or(NO_CLASS)).collect();
        Grouping { codes, of_leaf }
    }

    /// The sums of some communes.
    pub fn sums(&self, communes: impl IntoIterator<Item = u32>, grouping: &Grouping, counted: Counted) -> Sums {
        let mut sums = Sums::empty(grouping.codes.len());
        for commune in communes {
            self.of(commune).iter().for_each(|row| sums.add(row, grouping, counted));
        }
        sums
    }

    /// The sums of each area of a level; communes outside belong to none.
    pub fn sums_by_area(&self, of_commune: &[u32], areas: usize, grouping: &Grouping, counted: Counted) -> Vec<Sums> {
        let mut sums = vec![Sums::empty(grouping.codes.len()); areas];
        for row in &self.rows {
            if let Some(sums) = sums.get_mut(of_commune[row.commune as usize] as usize) {
                sums.add(row, grouping, counted);
            }
        }
        sums
    }

    fn of(&self, commune: u32) -> &[Row] {
        let start = commune.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.rows[start as usize..self.ends[commune as usize] as usize]
    }
}

impl Sums {
    fn empty(classes: usize) -> Sums {
        Sums { by_class: vec![0.0; classes], kept_back: vec![0; classes], ..Sums::default() }
    }

    fn add(&mut self, row: &Row, grouping: &Grouping, counted: Counted) {
        let number = row.numbers[counted as usize];
        let class = grouping.of_leaf[row.leaf as usize] as usize;
        if number.is_nan() {
            self.kept_back_in_all += 1;
            if let Some(kept_back) = self.kept_back.get_mut(class) {
                *kept_back += 1;
            }
            return;
        }
        self.total += number;
        if let Some(sum) = self.by_class.get_mut(class) {
            *sum += number;
        }
    }
}
