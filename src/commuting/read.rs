//! From a layer's rows to the entries of a matrix; what could not be taken is counted.

use serde::Serialize;

use super::matrix::Entry;
use super::places::Places;
use super::words::Words;
use super::workers::Workers;
use crate::atlas::Layer;
use crate::layer::value::{NO_WORD, Values};
use crate::territory::Geography;
use crate::territory::codes::Way;

/// What became of a table's rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Taken {
    /// Layer of the rows, its publisher's vintage, and who publishes it.
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
    pub rows: u64,
    pub workers: Workers,
    /// Rows that an end by arrondissement, or a commune that has been merged since, was mapped in.
    pub by_arrondissement: u64,
    pub by_merged_commune: u64,
    /// Rows with an end abroad, and with one that no commune of the geography is; their workers are in every sum.
    pub abroad: u64,
    pub abroad_workers: Workers,
    pub not_mapped: u64,
    pub not_mapped_workers: Workers,
    /// Rows without a home, a workplace or a count, and with a count below zero: left out.
    pub incomplete: u64,
    pub negative: u64,
}

/// Reads a table of flows. `words` tells its classes; without, all rows are of one.
pub fn entries(layer: &Layer, geography: &Geography, places: &mut Places, words: Option<&Words>) -> (Vec<Entry>, Taken) {
    let source = &layer.definition().source;
    let mut taken = Taken {
        layer: layer.definition().id.clone(),
        vintage: source.vintage.clone(),
        publisher: source.publisher.clone(),
        ..Taken::default()
    };
    let column = |name: &str| layer.values(name);
    let (Some(homes), Some(workplaces), Some(counts)) = (column("home"), column("workplace"), column("workers")) else {
        taken.incomplete = layer.len() as u64;
        return (Vec::new(), taken);
    };
    let [homes, workplaces] = [homes, workplaces].map(|codes| Ends::new(codes, geography, places));
    let mut entries = Vec::with_capacity(layer.len());
    for row in layer.rows() {
        let ends = homes.of(row).zip(workplaces.of(row));
        let class = words.map_or(Some(0), |words| words.class(layer, row));
        let (Some((home, workplace)), Some(count), Some(class)) = (ends, counts.number(row), class) else {
            taken.incomplete += 1;
            continue;
        };
        let Some(workers) = Workers::of(count) else {
            taken.negative += 1;
            continue;
        };
        taken.count(places, [home, workplace], workers);
        entries.push(Entry { from: home.0, to: workplace.0, class, workers });
    }
    (entries, taken)
}

impl Taken {
    fn count(&mut self, places: &Places, ends: [(u32, Option<Way>); 2], workers: Workers) {
        self.rows += 1;
        self.workers += workers;
        let by = |way: Way| u64::from(ends.iter().any(|end| end.1 == Some(way)));
        self.by_arrondissement += by(Way::Arrondissement);
        self.by_merged_commune += by(Way::Merged);
        let strange = ends.iter().filter(|end| end.1.is_none());
        let (mut abroad, mut unknown) = (false, false);
        strange.for_each(|end| if places.is_abroad(end.0) { abroad = true } else { unknown = true });
        if unknown {
            self.not_mapped += 1;
            self.not_mapped_workers += workers;
        } else if abroad {
            self.abroad += 1;
            self.abroad_workers += workers;
        }
    }
}

/// A column of codes as places, each word looked up once.
struct Ends<'v> {
    codes: &'v [u32],
    by_word: Vec<(u32, Option<Way>)>,
}

impl<'v> Ends<'v> {
    fn new(values: &'v Values, geography: &Geography, places: &mut Places) -> Ends<'v> {
        let Values::Text { words, codes } = values else { return Ends { codes: &[], by_word: Vec::new() } };
        Ends { codes, by_word: words.iter().map(|word| places.of(geography, word)).collect() }
    }

    fn of(&self, row: u32) -> Option<(u32, Option<Way>)> {
        let code = self.codes.get(row as usize).copied().filter(|&code| code != NO_WORD)?;
        self.by_word.get(code as usize).copied()
    }
}
