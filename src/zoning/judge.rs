//! What the rules say of one feature, or of a project wherever it is.

use serde::Serialize;

use crate::layer::definition::Text;
use crate::zoning::effect::Effect;
use crate::zoning::place::Place;
use crate::zoning::project::Project;
use crate::zoning::rules::UseCode;
use crate::zoning::rules::resolve::{Bearing, Subject};
use crate::zoning::rules::rule::{Law, Rule, Where};
use crate::zoning::uses::{Status, UseStatus, status, uses_of};

/// A rule that speaks, and what it says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Applied<'v> {
    pub rule: &'v str,
    pub effect: Effect,
    /// The rule's own effect, where what is not known keeps it from being sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_so: Option<Effect>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// Ground around the feature that is to stay free, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setback_m: Option<f64>,
    pub sentence: &'v Text,
    pub law: &'v Law,
}

/// What keeps a rule from being sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// A boundary is nearer than the sources are precise.
    Boundary,
    /// The project's regime as a classified installation is not known.
    Icpe,
    Activity,
    Use,
    BuiltArea,
    /// The feature's own columns do not say.
    Data,
}

/// One condition of a rule.
enum Answer {
    Yes,
    No,
    Unsure(Doubt),
}

impl From<(Option<bool>, Doubt)> for Answer {
    fn from((answer, doubt): (Option<bool>, Doubt)) -> Answer {
        match answer {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Unsure(doubt),
        }
    }
}

/// Where a feature is, for the rules that look at it.
pub struct Case<'c, 'v> {
    pub subject: &'c Subject<'v>,
    pub bearing: &'c Bearing<'v>,
    pub row: u32,
    pub place: Place,
    pub near_m: f64,
    pub precision_m: f64,
}

/// Every rule that speaks of a feature, the strictest first.
pub fn judge<'v>(case: &Case<'_, 'v>, uses: &[UseStatus<'v>], project: &Project) -> Vec<Applied<'v>> {
    let theme = case.subject.theme;
    let speaking = theme.rules.iter().enumerate().filter_map(|(number, rule)| {
        let place = match rule.place {
            Where::Anywhere => Answer::No,
            Where::Inside => inside(case.place, case.precision_m),
            Where::Near => near(case.place, rule.own_reach().map_or(case.near_m, |near| near.0), case.precision_m),
            Where::Around => match near(case.place, rule.own_reach().map_or(case.near_m, |near| near.0), case.precision_m) {
                Answer::No if case.place == Place::Inside => Answer::Yes,
                other => other,
            },
        };
        if matches!(place, Answer::No) {
            return None;
        }
        let about = (case.bearing.is_about(number, case.row), Doubt::Data).into();
        apply(rule, [place, about, used(rule, uses)].into_iter().chain(projects(rule, project)))
    });
    let mut applied: Vec<Applied<'v>> = speaking.collect();
    applied.sort_by_key(|applied| applied.effect);
    applied
}

/// What follows from the project alone.
pub fn duties<'v>(subject: &Subject<'v>, project: &Project) -> Vec<Applied<'v>> {
    let anywhere = subject.theme.rules.iter().filter(|rule| rule.place == Where::Anywhere);
    let mut applied: Vec<Applied<'v>> = anywhere.filter_map(|rule| apply(rule, projects(rule, project))).collect();
    applied.sort_by_key(|applied| applied.effect);
    applied
}

/// The uses of the project, and what the zone's lists say of them.
pub fn uses<'v>(subject: &Subject<'v>, bearing: &Bearing<'v>, row: u32, project: &Project) -> Vec<UseStatus<'v>> {
    let (Some(uses), Some(lists)) = (&subject.theme.uses, &bearing.lists) else { return Vec::new() };
    let of_code = |code: &'v UseCode| UseStatus { code: &code.code, title: &code.title, status: status(lists, row, code) };
    uses_of(project, uses).into_iter().map(of_code).collect()
}

fn apply(rule: &Rule, conditions: impl Iterator<Item = Answer>) -> Option<Applied<'_>> {
    let mut doubts = Vec::new();
    for condition in conditions {
        match condition {
            Answer::Yes => {}
            Answer::No => return None,
            Answer::Unsure(doubt) => doubts.push(doubt),
        }
    }
    // What is unsure is to be checked, and a rule that says no more than that says it all the same.
    let hedged = !doubts.is_empty() && rule.effect < Effect::ToBeChecked;
    let effect = if hedged { Effect::ToBeChecked } else { rule.effect };
    Some(Applied {
        rule: &rule.id,
        effect,
        if_so: hedged.then_some(rule.effect),
        doubts,
        setback_m: rule.setback.map(|setback| setback.0),
        sentence: &rule.sentence,
        law: &rule.law,
    })
}

fn inside(place: Place, precision_m: f64) -> Answer {
    match place {
        Place::Inside => Answer::Yes,
        Place::Sliver => Answer::Unsure(Doubt::Boundary),
        Place::Outside(distance_m) if distance_m < precision_m => Answer::Unsure(Doubt::Boundary),
        Place::Outside(_) => Answer::No,
    }
}

fn near(place: Place, near_m: f64, precision_m: f64) -> Answer {
    match place {
        Place::Inside => Answer::No,
        Place::Sliver => Answer::Yes,
        Place::Outside(distance_m) if distance_m <= near_m => Answer::Yes,
        Place::Outside(distance_m) if distance_m < near_m + precision_m => Answer::Unsure(Doubt::Boundary),
        Place::Outside(_) => Answer::No,
    }
}

/// Whether the project's use, or each that it may have, stands in the lists as the rule wants.
fn used(rule: &Rule, uses: &[UseStatus<'_>]) -> Answer {
    if rule.uses.is_empty() {
        return Answer::Yes;
    }
    let wanted = |status: Status| rule.uses.contains(&status);
    let fitting = uses.iter().filter(|one| wanted(one.status)).count();
    match fitting {
        // A use that the rules do not know stands in no list.
        0 if uses.is_empty() && wanted(Status::Unknown) => Answer::Yes,
        0 => Answer::No,
        all if all == uses.len() => Answer::Yes,
        _ => Answer::Unsure(Doubt::Use),
    }
}

/// Whether the rule is for this project, on this day.
fn projects(rule: &Rule, project: &Project) -> impl Iterator<Item = Answer> {
    let wanted = &rule.project;
    let mut answers = Vec::new();
    if !wanted.icpe.is_empty() {
        answers.push((project.icpe.map(|icpe| wanted.icpe.contains(&icpe)), Doubt::Icpe).into());
    }
    if !wanted.activities.is_empty() {
        let claimed = project.activity_code().map(|code| wanted.activities.iter().any(|start| code.starts_with(start)));
        answers.push((claimed, Doubt::Activity).into());
    }
    if let Some(from) = wanted.built_from {
        answers.push((project.built_m2.map(|built_m2| built_m2 >= from.0), Doubt::BuiltArea).into());
    }
    let in_force = match project.date {
        Some(date) => rule.since.is_none_or(|since| since <= date) && rule.until.is_none_or(|until| date <= until),
        None => rule.until.is_none(),
    };
    answers.push(if in_force { Answer::Yes } else { Answer::No });
    answers.into_iter()
}
