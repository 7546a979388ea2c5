//! What is asked of a measure: pass, fail or unknown, and how near to the edge.
//!
//! Rules are cheap and belong to the question; measures are dear and belong to the data. Neither knows the other's making.

use serde::Serialize;

use crate::layer::filter::Operator;
use crate::siting::measure::Reading;

/// The answer of a requirement. An unknown is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Pass,
    Fail,
    Unknown,
}

/// A requirement in base units (m, m², ratio, days since 1970, 0 or 1), all of whose conditions must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    Numbers(Vec<Condition>),
    /// Words of which the cell must be one, or with `not` none; and which words of the vocabulary satisfy all lists.
    Words {
        lists: Vec<Words>,
        accepted: Vec<bool>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Compared(Operator, f64),
    In { not: bool, numbers: Vec<f64> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub not: bool,
    pub words: Vec<String>,
}

impl Rule {
    /// A rule over words, for readings of this vocabulary.
    pub fn of_words(lists: Vec<Words>, vocabulary: &[&str]) -> Rule {
        let accepted = vocabulary.iter().map(|word| lists.iter().all(|list| list.accepts(word))).collect();
        Rule::Words { lists, accepted }
    }

    #[inline]
    pub fn judge(&self, reading: &Reading) -> Outcome {
        let answer = match (self, reading) {
            (Rule::Numbers(conditions), &Reading::Number { low, high }) => {
                all(conditions.iter().map(|condition| condition.holds(low, high)))
            }
            (Rule::Words { accepted, .. }, Reading::Word(word)) => accepted.get(*word as usize).copied(),
            _ => None,
        };
        match answer {
            Some(true) => Outcome::Pass,
            Some(false) => Outcome::Fail,
            None => Outcome::Unknown,
        }
    }

    /// Whether an exact measure is nearer to a threshold than `tolerance`: on which side it lies is then within the source's
    /// own error.
    #[inline]
    pub fn is_borderline(&self, reading: &Reading, tolerance: f64) -> bool {
        match (self, reading) {
            (Rule::Numbers(conditions), &Reading::Number { low, .. }) => {
                conditions.iter().flat_map(Condition::thresholds).any(|&threshold| (low - threshold).abs() < tolerance)
            }
            _ => false,
        }
    }

    /// The measure above which the answer no longer changes; `None` without one.
    pub fn last_threshold(&self) -> Option<f64> {
        match self {
            Rule::Numbers(conditions) => conditions.iter().flat_map(Condition::thresholds).copied().reduce(f64::max),
            Rule::Words { .. } => None,
        }
    }

    /// A measure above which the answer is `Fail` whatever else; `None` without one.
    pub fn upper_end(&self) -> Option<f64> {
        let Rule::Numbers(conditions) = self else { return None };
        conditions.iter().filter_map(Condition::upper_end).reduce(f64::min)
    }

    /// Whether some measure from 0 up may satisfy this rule and the others together; `true` where that cannot be told.
    pub fn can_hold_with(&self, others: &[&Rule]) -> bool {
        let rules = || std::iter::once(self).chain(others.iter().copied());
        if rules().any(|rule| matches!(rule, Rule::Words { .. })) {
            return words_left(rules());
        }
        let conditions: Vec<&Condition> = rules().flat_map(Rule::conditions).collect();
        // A set bounded by thresholds holds something if it holds a threshold, or a number just beside one.
        let mut probes: Vec<f64> = vec![f64::MIN, f64::MAX];
        for &threshold in conditions.iter().flat_map(|condition| condition.thresholds()) {
            probes.extend([threshold, threshold.next_up(), threshold.next_down()]);
        }
        probes.iter().any(|&probe| conditions.iter().all(|condition| condition.holds(probe, probe) == Some(true)))
    }

    fn conditions(&self) -> &[Condition] {
        match self {
            Rule::Numbers(conditions) => conditions,
            Rule::Words { .. } => &[],
        }
    }
}

/// A rule that an interval of numbers says as well, for scans over many readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Numbers that satisfy the rule, both ends included.
    low: f64,
    high: f64,
    /// The two thresholds, or one twice.
    thresholds: [f64; 2],
}

impl Rule {
    /// The rule as an interval: one or two comparisons, none of them `<>`.
    pub fn screen(&self) -> Option<Screen> {
        let Rule::Numbers(conditions) = self else { return None };
        let mut screen = Screen { low: f64::NEG_INFINITY, high: f64::INFINITY, thresholds: [0.0; 2] };
        for condition in conditions {
            let Condition::Compared(operator, threshold) = *condition else { return None };
            let (low, high) = match operator {
                Operator::Equal => (threshold, threshold),
                Operator::Less => (f64::NEG_INFINITY, threshold.next_down()),
                Operator::LessOrEqual => (f64::NEG_INFINITY, threshold),
                Operator::Greater => (threshold.next_up(), f64::INFINITY),
                Operator::GreaterOrEqual => (threshold, f64::INFINITY),
                Operator::Different => return None,
            };
            (screen.low, screen.high) = (screen.low.max(low), screen.high.min(high));
        }
        let thresholds = || conditions.iter().flat_map(Condition::thresholds).copied();
        screen.thresholds = match conditions.len() {
            1 | 2 => [thresholds().next()?, thresholds().last()?],
            _ => return None,
        };
        Some(screen)
    }
}

impl Screen {
    /// As [`Rule::judge`] says of a number known to lie in `low..=high`.
    #[inline]
    pub fn judge(&self, low: f64, high: f64) -> Outcome {
        if self.low <= low && high <= self.high {
            Outcome::Pass
        } else if high < self.low || self.high < low {
            Outcome::Fail
        } else {
            Outcome::Unknown
        }
    }

    /// As [`Rule::is_borderline`].
    #[inline]
    pub fn is_borderline(&self, low: f64, tolerance: f64) -> bool {
        let [a, b] = self.thresholds;
        (low - a).abs() < tolerance || (low - b).abs() < tolerance
    }
}

/// Whether any word, listed or not, satisfies every list.
fn words_left<'r>(rules: impl Iterator<Item = &'r Rule>) -> bool {
    let lists: Vec<&Words> = rules.flat_map(|rule| if let Rule::Words { lists, .. } = rule { &lists[..] } else { &[] }).collect();
    match lists.iter().find(|list| !list.not) {
        None => true,
        Some(positive) => positive.words.iter().any(|word| lists.iter().all(|list| list.accepts(word))),
    }
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

impl Words {
    fn accepts(&self, word: &str) -> bool {
        self.words.iter().any(|listed| listed == word) != self.not
    }
}

impl Condition {
    /// The answer for a measure known to lie in `low..=high`; `None` where it depends on where.
    #[inline]
    pub fn holds(&self, low: f64, high: f64) -> Option<bool> {
        match self {
            Condition::Compared(operator, threshold) => compared(*operator, *threshold, low, high),
            Condition::In { not, numbers } => {
                let listed = match numbers.iter().any(|&number| low <= number && number <= high) {
                    true if low == high => Some(true),
                    true => None,
                    false => Some(false),
                };
                listed.map(|listed| listed != *not)
            }
        }
    }

    fn thresholds(&self) -> &[f64] {
        match self {
            Condition::Compared(_, threshold) => std::slice::from_ref(threshold),
            Condition::In { numbers, .. } => numbers,
        }
    }

    fn upper_end(&self) -> Option<f64> {
        match self {
            Condition::Compared(Operator::Less | Operator::LessOrEqual | Operator::Equal, threshold) => Some(*threshold),
            Condition::In { not: false, numbers } => numbers.iter().copied().reduce(f64::max),
            _ => None,
        }
    }
}

#[inline]
fn compared(operator: Operator, threshold: f64, low: f64, high: f64) -> Option<bool> {
    let ends = [low, high].map(|end| end.partial_cmp(&threshold).is_some_and(|ordering| operator.accepts(ordering)));
    let straddles = low < threshold && threshold < high;
    match (operator, ends) {
        (Operator::Equal | Operator::Different, _) if straddles => None,
        (_, [a, b]) if a == b => Some(a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(operator: Operator, threshold: f64) -> Rule {
        Rule::Numbers(vec![Condition::Compared(operator, threshold)])
    }

    fn between(low: f64, high: f64) -> Reading {
        Reading::Number { low, high }
    }

    #[test]
    fn an_interval_passes_only_when_all_of_it_does() {
        use Operator::*;
        let cases = [
            (GreaterOrEqual, 5.0, 5.0, Outcome::Pass),
            (Greater, 5.0, 5.0, Outcome::Fail),
            (GreaterOrEqual, 6.0, f64::INFINITY, Outcome::Pass),
            (GreaterOrEqual, 4.0, f64::INFINITY, Outcome::Unknown),
            (LessOrEqual, 4.0, f64::INFINITY, Outcome::Unknown),
            (LessOrEqual, 5.0_f64.next_up(), f64::INFINITY, Outcome::Fail),
            (Equal, 4.0, 6.0, Outcome::Unknown),
            (Equal, 5.0, 5.0, Outcome::Pass),
            (Equal, 5.0, 6.0, Outcome::Unknown),
            (Equal, 6.0, 7.0, Outcome::Fail),
            (Different, 6.0, 7.0, Outcome::Pass),
            (Different, 4.0, 6.0, Outcome::Unknown),
            (Different, 5.0, 5.0, Outcome::Fail),
        ];
        for (operator, low, high, outcome) in cases {
            assert_eq!(rule(operator, 5.0).judge(&between(low, high)), outcome, "{operator:?} {low} {high}");
        }
    }

    #[test]
    fn an_interval_agrees_with_every_number_in_it() {
        let grid: Vec<f64> = (0..=8).map(|n| f64::from(n) * 0.5).collect();
        let mut rules: Vec<Rule> = Vec::new();
        for threshold in [0.0, 1.0, 2.0, 4.0] {
            use Operator::*;
            rules
                .extend([Equal, Different, Less, LessOrEqual, Greater, GreaterOrEqual].map(|operator| rule(operator, threshold)));
            rules.push(Rule::Numbers(vec![Condition::In { not: threshold > 1.0, numbers: vec![threshold, 3.0] }]));
        }
        for rule in &rules {
            for (&low, &high) in grid.iter().flat_map(|low| grid.iter().map(move |high| (low, high))).filter(|(l, h)| l <= h) {
                let inside: Vec<Outcome> =
                    grid.iter().filter(|&&x| low <= x && x <= high).map(|&x| rule.judge(&between(x, x))).collect();
                let expected = match (inside.contains(&Outcome::Pass), inside.contains(&Outcome::Fail)) {
                    (true, true) => Outcome::Unknown,
                    (true, false) => Outcome::Pass,
                    _ => Outcome::Fail,
                };
                let judged = rule.judge(&between(low, high));
                // The grid is coarser than the line: the rule may be less sure than it, never surer.
                assert!(judged == expected || judged == Outcome::Unknown, "{rule:?} {low} {high}");
            }
        }
    }

    #[test]
    fn a_screen_says_what_its_rule_says() {
        use Operator::*;
        let grid: Vec<f64> = (0..=12).map(|n| f64::from(n) * 0.5).flat_map(|x| [x.next_down(), x, x.next_up()]).collect();
        let operators = [Equal, Less, LessOrEqual, Greater, GreaterOrEqual];
        let one = |operator, threshold| Condition::Compared(operator, threshold);
        let mut rules: Vec<Rule> = operators.iter().map(|&operator| rule(operator, 2.0)).collect();
        for (a, b) in operators.iter().flat_map(|&a| operators.iter().map(move |&b| (a, b))) {
            rules.push(Rule::Numbers(vec![one(a, 2.0), one(b, 4.0)]));
        }
        for rule in &rules {
            let screen = rule.screen().unwrap();
            for (&low, &high) in grid.iter().flat_map(|low| grid.iter().map(move |high| (low, high))).filter(|(l, h)| l <= h) {
                let reading = between(low, high);
                // Where nothing can satisfy a rule the interval sees it, and the rule may only be unsure.
                let judged = rule.judge(&reading);
                assert!(screen.judge(low, high) == judged || !rule.can_hold_with(&[]), "{rule:?} {low} {high}");
                assert_eq!(screen.is_borderline(low, 0.6), rule.is_borderline(&reading, 0.6), "{rule:?} {low}");
            }
        }
        let none = [rule(Different, 2.0), Rule::Numbers(vec![Condition::In { not: false, numbers: vec![2.0] }])];
        assert!(none.iter().all(|rule| rule.screen().is_none()));
    }

    #[test]
    fn contradictions_are_seen() {
        use Operator::*;
        let sure = |rules: &[Rule]| rules[0].can_hold_with(&rules[1..].iter().collect::<Vec<_>>());
        assert!(sure(&[rule(GreaterOrEqual, 8.0), rule(LessOrEqual, 8.0)]));
        assert!(!sure(&[rule(Greater, 8.0), rule(LessOrEqual, 8.0)]));
        assert!(!sure(&[rule(GreaterOrEqual, 8.0), rule(Less, 3.0)]));
        assert!(!sure(&[rule(Equal, 8.0), rule(Different, 8.0)]));
        assert!(sure(&[rule(Different, 8.0), rule(Different, 9.0)]));
        let words =
            |not, words: &[&str]| Rule::of_words(vec![Words { not, words: words.iter().map(|&w| w.into()).collect() }], &[]);
        assert!(!sure(&[words(false, &["a", "b"]), words(false, &["c"])]));
        assert!(!sure(&[words(false, &["a"]), words(true, &["a"])]));
        assert!(sure(&[words(false, &["a", "b"]), words(true, &["a"])]));
        assert!(sure(&[words(true, &["a"]), words(true, &["b"])]));
    }
}
