//! How each measure spreads over the candidates: what a threshold costs is seen before it is moved.

use serde::Serialize;

use crate::geometry::territory::FARTHEST_M;
use crate::siting::Study;
use crate::siting::measure::Reading;
use crate::siting::measures::{Need, Reader};
use crate::siting::scale::Scale;
use crate::siting::work::{Stopped, Work};

/// One criterion's measures of all candidates, whatever is required of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    pub criterion: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Of so many candidates the measure is known.
    pub known: usize,
    pub unknown: usize,
    #[serde(flatten)]
    pub values: Values,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "scale", rename_all = "kebab-case")]
pub enum Values {
    /// In the criterion's unit; days since 1970-01-01 where `date`.
    Number(Bins),
    Date(Bins),
    /// How often each word is read, the most frequent first; of truth values, `true` and `false`.
    Words {
        words: Vec<Word>,
    },
}

/// Candidates by equal steps from the first to the 98th percentile, so that one far value does not press all others together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bins {
    pub from: f64,
    pub to: f64,
    pub bins: Vec<usize>,
    /// Beyond the last step.
    pub above: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Word {
    pub word: String,
    pub count: usize,
}

const BINS: usize = 40;
/// Words that are told apart.
const WORDS: usize = 40;

impl Study<'_> {
    /// How every measure spreads over all candidates, in the order of the criteria.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn spread(&mut self, work: &Work) -> Result<Vec<Spread>, Stopped> {
        let places = &self.sifted.candidates.places;
        for criterion in 0..self.resolved.criteria.len() {
            let need = Need { criterion, reach_m: FARTHEST_M };
            self.measures.fill(&self.resolved, need, places.iter().copied(), work)?;
        }
        let readers = self.measures.read_all(&self.resolved);
        Ok(readers.iter().map(|reader| spread(reader, places.iter().map(|&place| reader.reading(place)))).collect())
    }
}

fn spread(reader: &Reader<'_, '_>, readings: impl Iterator<Item = Reading>) -> Spread {
    let criterion = reader.criterion;
    let (known, unknown): (Vec<Reading>, Vec<Reading>) = readings.partition(|one| !matches!(one, Reading::Unknown(_)));
    let base = criterion.unit.map_or(1.0, |unit| unit.to_base(1.0));
    let values = match criterion.scale {
        Scale::Words | Scale::Truth => Values::Words { words: words(&known, criterion.measure.words()) },
        Scale::Date => Values::Date(bins(numbers(&known, 1.0))),
        Scale::Number(_) => Values::Number(bins(numbers(&known, base))),
    };
    let unit = criterion.unit.map(|unit| unit.symbol());
    Spread { criterion: criterion.name.clone(), unit, known: known.len(), unknown: unknown.len(), values }
}

/// The least that each reading can be, in a unit.
fn numbers(readings: &[Reading], base: f64) -> Vec<f64> {
    let number = |reading: &Reading| match *reading {
        Reading::Number { low, .. } => Some(low / base),
        _ => None,
    };
    readings.iter().filter_map(number).collect()
}

fn bins(mut values: Vec<f64>) -> Bins {
    values.sort_by(f64::total_cmp);
    let Some(&from) = values.first() else { return Bins { from: 0.0, to: 0.0, bins: Vec::new(), above: 0 } };
    let to = values[(values.len() - 1) * 98 / 100];
    let step = (to - from) / BINS as f64;
    let mut bins = vec![0; BINS];
    let mut above = 0;
    for value in values {
        match value > to {
            true => above += 1,
            // All alike: one step. The division is between 0 and BINS, for `from <= value <= to`.
            false => bins[if step > 0.0 { (((value - from) / step) as usize).min(BINS - 1) } else { 0 }] += 1,
        }
    }
    Bins { from, to, bins, above }
}

fn words(readings: &[Reading], vocabulary: &[&str]) -> Vec<Word> {
    let name = |reading: &Reading| match *reading {
        Reading::Word(word) => vocabulary.get(word as usize).copied(),
        Reading::Number { low, .. } => Some(if low == 0.0 { "false" } else { "true" }),
        Reading::Unknown(_) => None,
    };
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    readings.iter().filter_map(name).for_each(|word| *counts.entry(word).or_default() += 1);
    let mut words: Vec<Word> = counts.into_iter().map(|(word, count)| Word { word: word.to_owned(), count }).collect();
    words.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
    words.truncate(WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_counted_once_and_a_far_one_presses_nobody() {
        let mut values: Vec<f64> = (0..100).map(f64::from).collect();
        values.push(1e9);
        let Bins { from, to, bins, above } = bins(values);
        assert_eq!((from, to, above), (0.0, 98.0, 2));
        assert_eq!(bins.iter().sum::<usize>(), 99);
        assert!(bins.iter().all(|&count| (2..=3).contains(&count)), "{bins:?}");
    }

    #[test]
    fn values_that_are_all_alike_stand_in_one_step() {
        let of = bins(vec![3.0; 5]);
        assert_eq!((of.from, of.to, of.bins[0], of.above), (3.0, 3.0, 5, 0));
        assert!(bins(Vec::new()).bins.is_empty());
    }

    #[test]
    fn words_are_counted_the_most_frequent_first() {
        let readings = [Reading::Word(1), Reading::Word(0), Reading::Word(1), Reading::exact(0.0)];
        let found = words(&readings, &["free", "sold"]);
        let found: Vec<(&str, usize)> = found.iter().map(|word| (word.word.as_str(), word.count)).collect();
        assert_eq!(found, [("sold", 2), ("false", 1), ("free", 1)]);
    }
}
