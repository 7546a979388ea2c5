//! The columns that a question works with: filled for the sites that need them, then read.

use std::sync::{Arc, RwLockReadGuard};

use crate::geometry::scale::Metric;
use crate::siting::candidates::Place;
use crate::siting::cells::Cells;
use crate::siting::column::{Asked, Column};
use crate::siting::measure::{Measured, Reading, Site};
use crate::siting::memo::Memo;
use crate::siting::ranking::{Span, contribution};
use crate::siting::resolve::{Criterion, Resolved};
use crate::siting::rule::Outcome;
use crate::siting::work::{Stopped, Work};

/// For each criterion its column over each candidate layer; none for what is read as cheaply where it stands.
#[derive(Debug)]
pub struct Measures(Vec<Vec<Arc<Column>>>);

/// A criterion, by place, and how far its search must look.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    pub criterion: usize,
    pub reach_m: f64,
}

impl Resolved<'_> {
    /// What the question itself needs of a criterion.
    pub fn need(&self, criterion: usize) -> Need {
        Need { criterion, reach_m: self.criteria[criterion].reach_m }
    }
}

impl Measures {
    pub fn new(resolved: &Resolved<'_>, memo: &Memo) -> Measures {
        let columns = |criterion: &Criterion<'_>| match criterion.measure.is_plain() {
            true => Vec::new(),
            false => {
                let layers = resolved.candidates.iter();
                layers.map(|(layer, _)| memo.column(&criterion.definition, &criterion.measure, layer)).collect()
            }
        };
        Measures(resolved.criteria.iter().map(columns).collect())
    }

    /// Sees to it that a criterion is measured of candidates.
    ///
    /// Takes `self` alone, so that nobody reads a column while waiting for another: two questions that did would wait for each
    /// other.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn fill(
        &mut self,
        resolved: &Resolved<'_>,
        Need { criterion, reach_m }: Need,
        places: &[Place],
        work: &Work,
    ) -> Result<(), Stopped> {
        let measure = &resolved.criteria[criterion].measure;
        for (layer, column) in (0_u16..).zip(&self.0[criterion]) {
            let own = places.iter().filter(|place| place.layer == layer);
            let sites: Vec<Site<'_>> = own.map(|&place| resolved.site(place)).collect();
            column.fill(&sites, Asked { measure, metric: resolved.metric, reach_m }, work)?;
        }
        Ok(())
    }

    /// What is measured so far.
    pub fn read<'s, 'v>(&'s self, resolved: &'s Resolved<'v>, criterion: usize) -> Reader<'s, 'v> {
        let columns = self.0[criterion].iter().map(|column| column.read()).collect();
        Reader { resolved, criterion: &resolved.criteria[criterion], columns }
    }

    /// A reader for each criterion.
    pub fn read_all<'s, 'v>(&'s self, resolved: &'s Resolved<'v>) -> Vec<Reader<'s, 'v>> {
        (0..resolved.criteria.len()).map(|criterion| self.read(resolved, criterion)).collect()
    }
}

/// Reads one criterion of candidates that were measured.
pub struct Reader<'s, 'v> {
    resolved: &'s Resolved<'v>,
    pub criterion: &'s Criterion<'v>,
    columns: Vec<RwLockReadGuard<'s, Cells>>,
}

impl Reader<'_, '_> {
    pub fn measured(&self, place: Place) -> Measured {
        match self.columns.get(usize::from(place.layer)) {
            Some(cells) => cells.measured(place.row),
            None => self.criterion.measure.of(&self.resolved.site(place), Metric::default(), 0.0),
        }
    }

    pub fn reading(&self, place: Place) -> Reading {
        match self.columns.get(usize::from(place.layer)) {
            Some(cells) => cells.reading(place.row),
            None => self.measured(place).reading,
        }
    }

    /// The answer of the criterion's requirement; `Pass` where it has none.
    pub fn outcome(&self, place: Place) -> Outcome {
        self.criterion.rule.as_ref().map_or(Outcome::Pass, |rule| rule.judge(&self.reading(place)))
    }

    /// Whether the requirement was met or missed by less than the sources' precision.
    pub fn is_borderline(&self, place: Place) -> bool {
        let Some(rule) = &self.criterion.rule else { return false };
        let tolerance = self.columns.get(usize::from(place.layer)).map_or(0.0, |cells| cells.tolerance(place.row));
        tolerance > 0.0 && rule.is_borderline(&self.reading(place), tolerance)
    }

    /// What it adds to the score; `None` without a value function.
    pub fn worth(&self, place: Place) -> Option<Span> {
        let value = self.criterion.value.as_ref()?;
        Some(contribution(self.criterion.share, value, &self.reading(place)))
    }
}
