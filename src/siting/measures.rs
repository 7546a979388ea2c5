//! The columns that a question works with: filled for the sites that need them, then read.

use std::sync::{Arc, RwLockReadGuard};

use crate::geometry::scale::Metric;
use crate::siting::candidates::Place;
use crate::siting::cells::Cells;
use crate::siting::column::{Asked, Column};
use crate::siting::measure::{Measured, Reading};
use crate::siting::memo::Memo;
use crate::siting::ranking::{Span, contribution};
use crate::siting::requirement::Node;
use crate::siting::resolve::{Criterion, Resolved};
use crate::siting::rule::{Outcome, Rule, Screen};
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
                let layers = resolved.choice.layers.iter();
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
        places: impl Iterator<Item = Place> + Clone,
        work: &Work,
    ) -> Result<(), Stopped> {
        let asked = Asked { measure: &resolved.criteria[criterion].measure, metric: resolved.metric, reach_m };
        for (at, column) in (0_u16..).zip(&self.0[criterion]) {
            let (layer, _) = resolved.choice.layers[usize::from(at)];
            let rows = places.clone().filter(|place| place.layer == at).map(|place| place.row);
            column.fill(layer, rows, asked, work)?;
        }
        Ok(())
    }

    /// What is measured so far.
    pub fn read<'s, 'v>(&'s self, resolved: &'s Resolved<'v>, criterion: usize) -> Reader<'s, 'v> {
        let columns = self.0[criterion].iter().map(|column| column.read()).collect();
        let criterion = &resolved.criteria[criterion];
        Reader { resolved, criterion, columns, screen: criterion.rule.as_ref().and_then(Rule::screen) }
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
    screen: Option<Screen>,
}

/// What a requirement says of a site.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    pub outcome: Outcome,
    /// Met or missed by less than the sources' precision.
    pub borderline: bool,
}

impl Reader<'_, '_> {
    pub fn measured(&self, place: Place) -> Measured {
        match self.columns.get(usize::from(place.layer)) {
            Some(cells) => cells.measured(place.row),
            None => self.criterion.measure.of(&self.resolved.site(place), Metric::default(), 0.0),
        }
    }

    #[inline]
    pub fn reading(&self, place: Place) -> Reading {
        match self.columns.get(usize::from(place.layer)) {
            Some(cells) => cells.reading(place.row),
            None => self.measured(place).reading,
        }
    }

    /// The answer of the criterion's requirement; `Pass` where it has none.
    #[inline]
    pub fn judged(&self, place: Place) -> Judged {
        if let (Some(screen), Some(cells)) = (&self.screen, self.columns.get(usize::from(place.layer)))
            && let Some((low, high)) = cells.number(place.row)
        {
            let borderline = screen.is_borderline(low, cells.tolerance(place.row));
            return Judged { outcome: screen.judge(low, high), borderline };
        }
        self.judged_plainly(place)
    }

    fn judged_plainly(&self, place: Place) -> Judged {
        let Some(rule) = &self.criterion.rule else { return Judged { outcome: Outcome::Pass, borderline: false } };
        let reading = self.reading(place);
        let tolerance = self.columns.get(usize::from(place.layer)).map_or(0.0, |cells| cells.tolerance(place.row));
        let borderline = rule.is_borderline(&reading, tolerance);
        Judged { outcome: rule.judge(&reading), borderline }
    }

    /// Least and greatest worth, between 0 and 1; `None` without a value function.
    pub fn value(&self, place: Place) -> Option<[f64; 2]> {
        Some(self.criterion.value.as_ref()?.worth(&self.reading(place)))
    }

    /// What it adds to the score; `None` without a value function.
    #[inline]
    pub fn worth(&self, place: Place) -> Option<Span> {
        let value = self.criterion.value.as_ref()?;
        Some(contribution(self.criterion.share, value, &self.reading(place)))
    }
}

/// One requirement with what it reads.
pub struct Judge<'s, 'v> {
    node: &'s Node,
    /// The criteria it depends on, by place.
    of: Vec<usize>,
    readers: Vec<Reader<'s, 'v>>,
}

impl<'s, 'v> Judge<'s, 'v> {
    pub fn new(resolved: &'s Resolved<'v>, measures: &'s Measures, requirement: usize) -> Judge<'s, 'v> {
        let node = &resolved.requirements[requirement].node;
        let of = node.criteria();
        let readers = of.iter().map(|&criterion| measures.read(resolved, criterion)).collect();
        Judge { node, of, readers }
    }

    /// Judges a site that was measured.
    #[inline]
    pub fn judge(&self, place: Place) -> Judged {
        match (self.node, &self.readers[..]) {
            (Node::Criterion(_), [reader]) => reader.judged(place),
            _ => self.judge_group(place),
        }
    }

    fn judge_group(&self, place: Place) -> Judged {
        let judged: Vec<Judged> = self.readers.iter().map(|reader| reader.judged(place)).collect();
        let outcome = |criterion: usize| {
            let known = self.of.iter().position(|&of| of == criterion).map(|of| judged[of].outcome);
            known.unwrap_or(Outcome::Unknown)
        };
        Judged { outcome: self.node.judge(&outcome), borderline: judged.iter().any(|judged| judged.borderline) }
    }
}
