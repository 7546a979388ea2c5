//! One measure of every row of a layer: a column that fills as rows are asked for.

use crate::siting::measure::{Measured, Reading, Reason, Witness};

/// Readings column by column: a scan over thresholds touches two of them. A row that was never measured costs its zeroes.
#[derive(Debug)]
pub struct Cells {
    /// Whether an open end means that the search went no farther.
    pub(super) searched: bool,
    pub(super) states: Vec<State>,
    /// Where the reading is a word, its place in the vocabulary.
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    pub(super) tolerances: Vec<f32>,
    pub(super) witnesses: Vec<Seen>,
    /// Empty until a measure names a way.
    pub(super) ways: Vec<[[f64; 2]; 2]>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Unmeasured,
    Number,
    /// Farther than the search looked: a search that looks farther may know more.
    Beyond,
    Word,
    Unknown(Reason),
}

/// A witness in eight bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) row: u32,
    pub(super) target: u16,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    None,
    Feature,
    FeatureAndWay,
}

impl Cells {
    pub fn new(rows: usize, searched: bool) -> Cells {
        Cells {
            searched,
            states: vec![State::default(); rows],
            low: vec![0.0; rows],
            high: vec![0.0; rows],
            tolerances: vec![0.0; rows],
            witnesses: vec![Seen::default(); rows],
            ways: Vec::new(),
        }
    }

    pub fn rows(&self) -> usize {
        self.states.len()
    }

    /// Bytes of the column once each of its rows is measured.
    pub fn bytes(&self) -> usize {
        let way = if self.searched { size_of::<[[f64; 2]; 2]>() } else { 0 };
        self.states.len() * (size_of::<State>() + 2 * size_of::<f64>() + size_of::<f32>() + size_of::<Seen>() + way)
    }

    /// How many rows are measured.
    pub fn measured_rows(&self) -> usize {
        self.states.iter().filter(|state| **state != State::Unmeasured).count()
    }

    /// Whether the row was measured by a search that looked at least so far.
    #[inline]
    pub fn knows(&self, row: u32, reach_m: f64) -> bool {
        match self.states[row as usize] {
            State::Unmeasured => false,
            State::Beyond => self.low[row as usize] >= reach_m,
            _ => true,
        }
    }

    /// The reading of a measured row.
    #[inline]
    pub fn reading(&self, row: u32) -> Reading {
        let place = row as usize;
        match self.states[place] {
            State::Number | State::Beyond => Reading::Number { low: self.low[place], high: self.high[place] },
            State::Word => Reading::Word(self.low[place] as u32),
            State::Unknown(reason) => Reading::Unknown(reason),
            State::Unmeasured => Reading::Unknown(Reason::NotMeasured),
        }
    }

    /// The ends of a row's reading, where it is a number.
    #[inline]
    pub fn number(&self, row: u32) -> Option<(f64, f64)> {
        let place = row as usize;
        matches!(self.states[place], State::Number | State::Beyond).then(|| (self.low[place], self.high[place]))
    }

    #[inline]
    pub fn tolerance(&self, row: u32) -> f64 {
        f64::from(self.tolerances[row as usize])
    }

    pub fn measured(&self, row: u32) -> Measured {
        let seen = self.witnesses[row as usize];
        let witness = (seen.kind != Kind::None).then(|| Witness {
            target: seen.target,
            row: seen.row,
            way: (seen.kind == Kind::FeatureAndWay).then(|| self.ways[row as usize]),
        });
        Measured { reading: self.reading(row), witness, tolerance: self.tolerance(row) }
    }

    pub fn set(&mut self, row: u32, measured: &Measured) {
        let place = row as usize;
        let (state, low, high) = match measured.reading {
            Reading::Number { low, high } if self.searched && high == f64::INFINITY => (State::Beyond, low, high),
            Reading::Number { low, high } => (State::Number, low, high),
            Reading::Word(word) => (State::Word, f64::from(word), 0.0),
            Reading::Unknown(reason) => (State::Unknown(reason), 0.0, 0.0),
        };
        (self.states[place], self.low[place], self.high[place]) = (state, low, high);
        self.tolerances[place] = measured.tolerance as f32;
        self.witnesses[place] = self.keep(place, measured.witness);
    }

    fn keep(&mut self, place: usize, witness: Option<Witness>) -> Seen {
        let Some(Witness { target, row, way }) = witness else { return Seen::default() };
        let Some(way) = way else { return Seen { row, target, kind: Kind::Feature } };
        if self.ways.is_empty() {
            self.ways = vec![[[0.0; 2]; 2]; self.states.len()];
        }
        self.ways[place] = way;
        Seen { row, target, kind: Kind::FeatureAndWay }
    }
}
