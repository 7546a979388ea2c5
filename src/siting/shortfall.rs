//! By how much a site misses a requirement, and the requirement that it would meet.

use crate::layer::filter::Operator;
use crate::siting::measure::Reading;
use crate::siting::resolve::Criterion;
use crate::siting::rule::{Condition, Rule};
use crate::siting::scale::{Scale, date_of};
use crate::siting::spec::required::{Comparison, Operand, Required};

/// A requirement with one of its thresholds moved so far that some measure meets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// Which comparison of the requirement.
    pub comparison: usize,
    /// The new threshold, in base units.
    pub to: f64,
    /// How much easier it became: the change as a share of the old threshold; in years for dates.
    pub effort: f64,
}

/// What it costs to give a requirement up, where no threshold can be moved: as much as doubling one.
pub const GIVING_UP: f64 = 1.0;

/// The least shift after which a reading that fails now surely passes; `None` where only giving up helps: words, truth values,
/// lists, an open end, or two comparisons missed at once.
pub fn shift(criterion: &Criterion<'_>, reading: &Reading) -> Option<Shift> {
    let (Some(Rule::Numbers(conditions)), Reading::Number { low, high }) = (&criterion.rule, *reading) else { return None };
    if criterion.scale == Scale::Truth {
        return None;
    }
    let mut missed = conditions.iter().enumerate().filter(|(_, condition)| condition.holds(low, high) != Some(true));
    let (comparison, condition) = missed.next()?;
    let Condition::Compared(operator, threshold) = *condition else { return None };
    let to = match operator {
        Operator::Greater | Operator::GreaterOrEqual => low,
        Operator::Less | Operator::LessOrEqual => high,
        Operator::Equal | Operator::Different => return None,
    };
    let alone = missed.next().is_none() && to.is_finite();
    alone.then(|| Shift { comparison, to, effort: effort(criterion, threshold, to) })
}

fn effort(criterion: &Criterion<'_>, from: f64, to: f64) -> f64 {
    let scale = match criterion.scale {
        Scale::Date => 365.2425,
        // From nothing any step is endless; one unit as written is the measure then.
        _ if from == 0.0 => criterion.unit.map_or(1.0, |unit| unit.to_base(1.0)),
        _ => from.abs(),
    };
    (to - from).abs() / scale
}

impl Shift {
    /// The same shift to a threshold that a person would write: three significant digits in the criterion's unit, rounded so
    /// that what was admitted stays admitted.
    pub fn rounded(self, criterion: &Criterion<'_>) -> Shift {
        let Scale::Number(_) = criterion.scale else { return self };
        let Some(Condition::Compared(operator, from)) = self.condition(criterion) else { return self };
        let size = criterion.unit.map_or(1.0, |unit| unit.to_base(1.0));
        let upward = matches!(operator, Operator::Less | Operator::LessOrEqual);
        let to = outward(self.to / size, size, self.to, upward);
        Shift { to, effort: effort(criterion, from, to), ..self }
    }

    /// Whether a measure that fails now passes after the shift.
    pub fn admits(&self, needed: &Shift, criterion: &Criterion<'_>) -> bool {
        let Some(Condition::Compared(operator, _)) = self.condition(criterion) else { return false };
        let enough = match operator {
            Operator::Less | Operator::LessOrEqual => needed.to <= self.to,
            _ => needed.to >= self.to,
        };
        enough && needed.comparison == self.comparison
    }

    /// The whole requirement after the shift, as it would be written.
    pub fn written(&self, criterion: &Criterion<'_>, required: &Required) -> Required {
        let mut shifted = required.clone();
        let Some(Comparison::Compared(operator, operand)) = shifted.0.get_mut(self.comparison) else { return shifted };
        *operator = match *operator {
            Operator::Less => Operator::LessOrEqual,
            Operator::Greater => Operator::GreaterOrEqual,
            other => other,
        };
        *operand = Operand(text(criterion, self.to));
        shifted
    }

    fn condition(&self, criterion: &Criterion<'_>) -> Option<Condition> {
        match &criterion.rule {
            Some(Rule::Numbers(conditions)) => conditions.get(self.comparison).cloned(),
            _ => None,
        }
    }
}

/// A threshold in base units as a specification writes it.
fn text(criterion: &Criterion<'_>, base: f64) -> String {
    if criterion.scale == Scale::Date {
        return date_of(base).map_or_else(String::new, |date| date.to_string());
    }
    match criterion.unit {
        // What is read back is the number itself or its neighbour: the digits are those of a rounded threshold.
        Some(unit) => format!("{} {unit}", decimal(base / unit.to_base(1.0))),
        None => decimal(base),
    }
}

/// Without the dust of binary fractions.
fn decimal(number: f64) -> String {
    let text = format!("{number:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A threshold of three significant digits not inside `base`, in base units.
fn outward(number: f64, size: f64, base: f64, upward: bool) -> f64 {
    if number == 0.0 {
        return base;
    }
    let step = 10_f64.powi(number.abs().log10().floor() as i32 - 2);
    let steps = number / step;
    let first = if upward { steps.ceil() } else { steps.floor() };
    let beyond = |steps: f64| {
        // Written and read again, as the person who takes it over will.
        let read = decimal(steps * step).parse::<f64>().unwrap_or(number) * size;
        let outside = if upward { read >= base } else { read <= base };
        outside.then_some(read)
    };
    let next = if upward { first + 1.0 } else { first - 1.0 };
    beyond(first).or_else(|| beyond(next)).unwrap_or(base)
}
