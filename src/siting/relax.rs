//! What to relax: how many candidates each requirement removes, who nearly passes, and the smallest changes that would admit enough.
//!
//! Every candidate is put to every requirement. One of which something unknown might fail is never counted as admitted. The size
//! of a change is its effort: the share by which a threshold moves ([`crate::siting::shortfall`]); to give a requirement up
//! counts as 1, and two changes count as their sum. Groups, words and truth values are given up, not moved.

use serde::Serialize;

use crate::geometry::territory::FARTHEST_M;
use crate::siting::Study;
use crate::siting::answer::SiteName;
use crate::siting::candidates::Place;
use crate::siting::loosen::{Near, Need as Missing, Side, pair, single};
use crate::siting::measures::{Judge, Need};
use crate::siting::requirement::Node;
use crate::siting::rule::Outcome;
use crate::siting::shortfall::{Shift, shift};
use crate::siting::work::{Stopped, Work};

/// What could be relaxed, and what that would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relaxation {
    /// How many sites were wanted.
    pub wanted: usize,
    /// Candidates that pass as it is; those below come on top.
    pub passing: usize,
    /// In written order.
    pub requirements: Vec<Alone>,
    /// Candidates that fail one requirement, then those that fail two, in each the nearest first.
    pub near_misses: Vec<NearMiss>,
    /// Of each requirement that alone can admit enough, the smallest change; the smallest first.
    pub single: Vec<Loosened>,
    /// Of each two that together can admit enough with less effort than either alone, the smallest change; the smallest first.
    pub pairs: Vec<Loosened>,
}

/// One requirement put to every candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alone {
    pub criterion: String,
    pub required: String,
    /// Candidates that fail it.
    pub removes: usize,
    pub unknown: usize,
    /// Of those that fail it, how many pass all the others: they come back if it is given up.
    pub only: usize,
}

/// A candidate that fails one requirement or two and passes all others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearMiss {
    #[serde(flatten)]
    pub site: SiteName,
    pub misses: Vec<Change>,
    pub effort: f64,
}

/// Changes that admit sites.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Loosened {
    pub changes: Vec<Change>,
    pub effort: f64,
    /// How many sites they admit.
    pub admits: usize,
    /// The first of them, those that need least first.
    pub sites: Vec<SiteName>,
}

/// One requirement, and what would have to stand in its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub criterion: String,
    pub required: String,
    /// `None`: it would have to be given up.
    pub relaxed: Option<String>,
}

/// Near misses, and sites of one change, that are listed.
const LISTED: usize = 50;

impl Study<'_> {
    /// What to relax so that `wanted` more sites pass.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn relax(&mut self, wanted: usize, work: &Work) -> Result<Relaxation, Stopped> {
        let wanted = wanted.max(1);
        let outcomes = self.outcomes(work)?;
        let near = self.near(&outcomes, work)?;
        let requirements = 0..self.resolved.requirements.len();
        let mut singles: Vec<(usize, Loosened)> = Vec::new();
        for requirement in requirements.clone() {
            singles.extend(single(&near, requirement, wanted).map(|sides| (requirement, self.loosened(&near, &[sides]))));
        }
        let alone = |requirement: usize| {
            singles.iter().find(|(of, _)| *of == requirement).map_or(f64::INFINITY, |(_, loosened)| loosened.effort)
        };
        let mut pairs: Vec<Loosened> = Vec::new();
        for (first, second) in requirements.clone().flat_map(|first| (0..first).map(move |second| (second, first))) {
            let found = pair(&near, [first, second], wanted).map(|sides| self.loosened(&near, &sides));
            pairs.extend(found.filter(|found| found.effort < alone(first).min(alone(second))));
        }
        let mut single: Vec<Loosened> = singles.into_iter().map(|(_, loosened)| loosened).collect();
        single.sort_by(|a, b| a.effort.total_cmp(&b.effort));
        pairs.sort_by(|a, b| a.effort.total_cmp(&b.effort));
        Ok(Relaxation {
            wanted,
            passing: self.standings.passing.len(),
            requirements: self.alone(&outcomes),
            near_misses: self.near_misses(&near),
            single,
            pairs,
        })
    }

    /// Every candidate put to every requirement.
    fn outcomes(&mut self, work: &Work) -> Result<Vec<Vec<Outcome>>, Stopped> {
        let places = &self.sifted.candidates.places;
        let mut outcomes = Vec::new();
        for (place, requirement) in self.resolved.requirements.iter().enumerate() {
            for criterion in requirement.node.criteria() {
                self.measures.fill(&self.resolved, self.resolved.need(criterion), places.iter().copied(), work)?;
            }
            let judge = Judge::new(&self.resolved, &self.measures, place);
            outcomes.push(places.iter().map(|&place| judge.judge(place).outcome).collect());
        }
        Ok(outcomes)
    }

    fn alone(&self, outcomes: &[Vec<Outcome>]) -> Vec<Alone> {
        let count = |of: &[Outcome], outcome: Outcome| of.iter().filter(|&&found| found == outcome).count();
        let mut only = vec![0; outcomes.len()];
        for candidate in 0..self.sifted.candidates.places.len() {
            let mut others = outcomes.iter().enumerate().filter(|(_, of)| of[candidate] != Outcome::Pass);
            if let (Some((first, of)), None) = (others.next(), others.next()) {
                only[first] += usize::from(of[candidate] == Outcome::Fail);
            }
        }
        let row = |((requirement, of), only): ((&crate::siting::requirement::Requirement, &Vec<Outcome>), usize)| Alone {
            criterion: requirement.name.clone(),
            required: requirement.written.clone(),
            removes: count(of, Outcome::Fail),
            unknown: count(of, Outcome::Unknown),
            only,
        };
        self.resolved.requirements.iter().zip(outcomes).zip(only).map(row).collect()
    }

    /// The candidates that fail one requirement or two and pass the rest, with what they would need.
    fn near(&mut self, outcomes: &[Vec<Outcome>], work: &Work) -> Result<Vec<Near>, Stopped> {
        let mut near: Vec<Near> = Vec::new();
        for (candidate, &place) in self.sifted.candidates.places.iter().enumerate() {
            let not_passed = || outcomes.iter().enumerate().filter(|(_, of)| of[candidate] != Outcome::Pass);
            let failed = not_passed().all(|(_, of)| of[candidate] == Outcome::Fail);
            if failed && (1..=2).contains(&not_passed().count()) {
                let missing = not_passed().map(|(requirement, _)| Missing { requirement, side: Side::GivenUp }).collect();
                near.push(Near { place, missing });
            }
        }
        for requirement in 0..outcomes.len() {
            let Node::Criterion(criterion) = self.resolved.requirements[requirement].node else { continue };
            let misses = |near: &&mut Near| near.missing.iter().any(|missing| missing.requirement == requirement);
            let mut of: Vec<&mut Near> = near.iter_mut().filter(misses).collect();
            let places: Vec<Place> = of.iter().map(|near| near.place).collect();
            let need = Need { criterion, reach_m: FARTHEST_M };
            self.measures.fill(&self.resolved, need, places.iter().copied(), work)?;
            let reader = self.measures.read(&self.resolved, criterion);
            for near in &mut of {
                let needed = shift(reader.criterion, &reader.reading(near.place));
                let missing = near.missing.iter_mut().find(|missing| missing.requirement == requirement);
                if let (Some(missing), Some(shift)) = (missing, needed) {
                    missing.side = Side::Moved(shift);
                }
            }
        }
        Ok(near)
    }

    fn near_misses(&self, near: &[Near]) -> Vec<NearMiss> {
        let mut order: Vec<&Near> = near.iter().collect();
        order.sort_by(|a, b| {
            let by_number = a.missing.len().cmp(&b.missing.len());
            by_number.then(a.effort().total_cmp(&b.effort())).then(a.place.cmp(&b.place))
        });
        let listed = order.into_iter().take(LISTED);
        let miss = |near: &Near| NearMiss {
            site: self.site_name(near.place),
            misses: near.missing.iter().map(|missing| self.change(missing)).collect(),
            effort: near.effort(),
        };
        listed.map(miss).collect()
    }

    /// What changes admit, their thresholds rounded to what a person would write.
    fn loosened(&self, near: &[Near], changes: &[Missing]) -> Loosened {
        let changes: Vec<Missing> = changes.iter().map(|change| self.rounded(change)).collect();
        let admits = |missing: &Missing| {
            changes.iter().any(|change| {
                change.requirement == missing.requirement
                    && match (change.side, missing.side) {
                        (Side::GivenUp, _) => true,
                        (Side::Moved(to), Side::Moved(needed)) => {
                            self.criterion_of(change).is_some_and(|criterion| to.admits(&needed, criterion))
                        }
                        (Side::Moved(_), Side::GivenUp) => false,
                    }
            })
        };
        let mut admitted: Vec<&Near> = near.iter().filter(|near| near.missing.iter().all(admits)).collect();
        admitted.sort_by(|a, b| a.effort().total_cmp(&b.effort()).then(a.place.cmp(&b.place)));
        Loosened {
            effort: changes.iter().map(|change| change.side.effort()).sum(),
            admits: admitted.len(),
            sites: admitted.into_iter().take(LISTED).map(|near| self.site_name(near.place)).collect(),
            changes: changes.iter().map(|change| self.change(change)).collect(),
        }
    }

    fn rounded(&self, change: &Missing) -> Missing {
        let side = match (change.side, self.criterion_of(change)) {
            (Side::Moved(shift), Some(criterion)) => Side::Moved(shift.rounded(criterion)),
            (side, _) => side,
        };
        Missing { side, ..*change }
    }

    fn criterion_of(&self, change: &Missing) -> Option<&crate::siting::resolve::Criterion<'_>> {
        match self.resolved.requirements[change.requirement].node {
            Node::Criterion(criterion) => self.resolved.criteria.get(criterion),
            _ => None,
        }
    }

    fn change(&self, change: &Missing) -> Change {
        let requirement = &self.resolved.requirements[change.requirement];
        let relaxed = match change.side {
            Side::Moved(shift) => self.shifted(change.requirement, &shift),
            Side::GivenUp => None,
        };
        Change { criterion: requirement.name.clone(), required: requirement.written.clone(), relaxed }
    }

    fn shifted(&self, requirement: usize, shift: &Shift) -> Option<String> {
        let Node::Criterion(place) = self.resolved.requirements[requirement].node else { return None };
        let written = self.land.spec.criteria.measured();
        let required = written.get(place)?.1.required.as_ref()?;
        let criterion = &self.resolved.criteria[place];
        Some(shift.rounded(criterion).written(criterion, required).to_string())
    }

    /// The requirement that a site which misses this one would meet; `None` where a threshold cannot be moved so far. The site's
    /// criteria are measured to the end.
    pub fn would_pass(&self, requirement: usize, place: Place) -> Option<String> {
        let Node::Criterion(criterion) = self.resolved.requirements[requirement].node else { return None };
        let reader = self.measures.read(&self.resolved, criterion);
        self.shifted(requirement, &shift(reader.criterion, &reader.reading(place))?)
    }

    pub fn site_name(&self, place: Place) -> SiteName {
        let site = self.resolved.site(place);
        SiteName {
            layer: site.layer.definition().id.clone(),
            id: site.id().to_owned(),
            name: site.layer.name(site.row).map(str::to_owned),
        }
    }
}
