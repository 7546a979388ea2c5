//! What is measured of a site, and what witnesses it.

use crate::atlas::Layer;
use crate::geometry::footprint::Footprint;

/// A candidate: a feature of a layer.
#[derive(Debug, Clone, Copy)]
pub struct Site<'v> {
    pub layer: &'v Layer,
    pub row: u32,
}

impl<'v> Site<'v> {
    pub fn id(&self) -> &'v str {
        self.layer.id(self.row)
    }

    pub fn footprint(&self) -> Footprint<'v> {
        self.layer.footprint(self.row)
    }
}

/// What was read, in base units (m, m², ratio, the column's own unit, days since 1970, 0 or 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A number known to lie between two ends, both included; exact where they are equal.
    Number {
        low: f64,
        high: f64,
    },
    /// Place of the word in the measure's vocabulary.
    Word(u32),
    Unknown(Reason),
}

impl Reading {
    pub fn exact(number: f64) -> Reading {
        Reading::Number { low: number, high: number }
    }

    /// Some number above `limit`.
    pub fn beyond(limit: f64) -> Reading {
        Reading::Number { low: limit.next_up(), high: f64::INFINITY }
    }

    /// `limit` or more.
    pub fn at_least(limit: f64) -> Reading {
        Reading::Number { low: limit, high: f64::INFINITY }
    }
}

/// Why nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    NoGeometry,
    /// The candidate is a point or a line, and an area was asked for.
    NoSurface,
    EmptyCell,
    /// The candidate's layer has no such column.
    NoColumn,
    /// The layer measured against holds nothing in the candidate's territory: absence of data is not absence of things.
    NoData,
    /// A feature within reach does not know its number, and numbers below zero occur.
    MissingPart,
    /// The candidate lies in none of the areas.
    NoArea,
    /// The candidate names a feature that the layer does not hold.
    NotFound,
    /// No plan says anything of the use on the candidate's ground.
    Unsaid,
    /// There is nothing of which a share could be taken.
    NoTotal,
    /// The inventory's word says nothing of when.
    UnsureStage,
    /// The candidate stands on no piece of the layer that must connect it.
    NoPiece,
    /// Nobody asked for it yet.
    NotMeasured,
}

impl Reason {
    /// All of them, for those who store them by place.
    pub const ALL: [Reason; 7] = [
        Reason::NoGeometry,
        Reason::NoSurface,
        Reason::EmptyCell,
        Reason::NoColumn,
        Reason::NoData,
        Reason::MissingPart,
        Reason::NotMeasured,
    ];

    pub fn sentence(self) -> &'static str {
        match self {
            Reason::NoGeometry => "the candidate has no geometry",
            Reason::NoSurface => "the candidate is not a polygon",
            Reason::EmptyCell => "the source leaves this cell empty",
            Reason::NoColumn => "the candidate's layer has no such column",
            Reason::NoData => "the snapshot holds nothing of this layer in the candidate's territory",
            Reason::MissingPart => "a feature within the radius does not know its number",
            Reason::NoArea => "no feature of the layer holds the candidate",
            Reason::NotFound => "the feature that the candidate names is not in the layer",
            Reason::Unsaid => "no plan says anything of this use on the candidate's ground",
            Reason::NoTotal => "there are no numbers around the candidate of which to take a share",
            Reason::UnsureStage => "what the inventory says of it does not tell when it can be had",
            Reason::NoPiece => "the candidate stands on no piece of the layer that must connect it",
            Reason::NotMeasured => "not measured",
        }
    }
}

/// A reading with its witness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub reading: Reading,
    pub witness: Option<Witness>,
    /// By how much the sources' own precision may move the reading; 0 where that is not known.
    pub tolerance: f64,
}

/// The feature that decided a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Witness {
    /// Place of its layer among the measure's targets.
    pub target: u16,
    pub row: u32,
    /// The shortest way on the shared plane, from the candidate to the feature.
    pub way: Option<[[f64; 2]; 2]>,
}

impl Measured {
    pub fn plain(reading: Reading) -> Measured {
        Measured { reading, witness: None, tolerance: 0.0 }
    }

    pub fn unknown(reason: Reason) -> Measured {
        Measured::plain(Reading::Unknown(reason))
    }
}
