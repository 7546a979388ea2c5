//! Sites side by side, criterion by criterion.

use serde::Serialize;

use crate::siting::Study;
use crate::siting::answer::Finding;
use crate::siting::candidates::Place;
use crate::siting::rule::Outcome;
use crate::siting::why::Explanation;
use crate::siting::work::{Stopped, Work};

/// How many sites may stand side by side.
pub const COMPARED: std::ops::RangeInclusive<usize> = 2..=5;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// In the order asked for.
    pub sites: Vec<Explanation>,
    /// One a criterion, in written order.
    pub criteria: Vec<Row>,
}

/// One criterion of all the sites.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub criterion: String,
    /// Sites, by place, that none of the others beats: that earn most, or where nothing is earned, that pass.
    pub best: Vec<usize>,
    /// What the first of them earns more than the last, for criteria with a value function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
}

impl Study<'_> {
    /// Holds sites against the specification and each other.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn compare(&mut self, places: &[Place], work: &Work) -> Result<Comparison, Stopped> {
        let sites = places.iter().map(|&place| self.hold(place, work)).collect::<Result<Vec<_>, _>>()?;
        let criteria = self.resolved.criteria.iter().enumerate();
        let row = |(place, criterion): (usize, &crate::siting::resolve::Criterion<'_>)| {
            let findings: Vec<&Finding> = sites.iter().map(|explanation| &explanation.site.findings[place]).collect();
            Row { criterion: criterion.name.clone(), best: best(&findings), spread: spread(&findings) }
        };
        let criteria = criteria.map(row).collect();
        Ok(Comparison { sites, criteria })
    }
}

fn best(findings: &[&Finding]) -> Vec<usize> {
    let merit = |finding: &Finding| match (finding.contribution, finding.outcome) {
        (Some(contribution), _) => contribution,
        (None, Some(Outcome::Pass)) => 2.0,
        (None, Some(Outcome::Unknown)) => 1.0,
        (None, _) => 0.0,
    };
    let most = findings.iter().map(|finding| merit(finding)).fold(f64::NEG_INFINITY, f64::max);
    (0..findings.len()).filter(|&place| merit(findings[place]) >= most).collect()
}

fn spread(findings: &[&Finding]) -> Option<f64> {
    let earned: Vec<f64> = findings.iter().map(|finding| finding.contribution).collect::<Option<_>>()?;
    let most = earned.iter().copied().reduce(f64::max)?;
    let least = earned.into_iter().reduce(f64::min)?;
    // Contributions are billionths: their difference is one too.
    Some(((most - least) * 1e9).round() / 1e9)
}
