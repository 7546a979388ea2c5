//! What must hold of a site: one criterion's rule, or a group of requirements.

use crate::siting::rule::Outcome;
use crate::siting::spec::Criteria;
use crate::siting::spec::criterion::{Criterion, Group, GroupKind};

/// A requirement of the specification's first level.
#[derive(Debug, Clone)]
pub struct Requirement {
    pub name: String,
    pub node: Node,
    /// As a person reads it.
    pub written: String,
}

/// Places of criteria, and how their outcomes decide together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Criterion(usize),
    /// At least `n` of these; `all` and `any` are the two ends of it.
    AtLeast {
        n: usize,
        of: Vec<Node>,
    },
    NoneOf(Vec<Node>),
}

/// What a specification requires, criteria numbered as [`Criteria::measured`] lists them.
pub fn requirements(criteria: &Criteria) -> Vec<Requirement> {
    numbered(criteria, &mut 0)
}

fn numbered(criteria: &Criteria, place: &mut usize) -> Vec<Requirement> {
    let mut found = Vec::new();
    for (name, criterion) in &criteria.0 {
        let (node, written) = match criterion {
            Criterion::Group(group) => grouped(group, place),
            Criterion::Measured(measured) => {
                *place += 1;
                let Some(required) = &measured.required else { continue };
                (Node::Criterion(*place - 1), required.to_string())
            }
        };
        found.push(Requirement { name: name.clone(), node, written });
    }
    found
}

fn grouped(group: &Group, place: &mut usize) -> (Node, String) {
    let members = numbered(&group.criteria, place);
    let texts: Vec<String> = members.iter().map(|member| format!("{} {}", member.name, member.written)).collect();
    let of: Vec<Node> = members.into_iter().map(|member| member.node).collect();
    let (how, node) = match group.kind {
        GroupKind::All => ("all of".to_owned(), Node::AtLeast { n: of.len(), of }),
        GroupKind::Any => ("any of".to_owned(), Node::AtLeast { n: 1, of }),
        GroupKind::None => ("none of".to_owned(), Node::NoneOf(of)),
        GroupKind::AtLeast => {
            let n = group.n.unwrap_or(1);
            (format!("at least {n} of"), Node::AtLeast { n, of })
        }
    };
    (node, format!("{how} ({})", texts.join("; ")))
}

impl Node {
    /// The outcome, given that of each criterion (Kleene's strong logic: unknown unless the known ones settle it).
    pub fn judge(&self, outcome: &impl Fn(usize) -> Outcome) -> Outcome {
        match self {
            Node::Criterion(place) => outcome(*place),
            Node::AtLeast { n, of } => at_least(*n, of, outcome),
            Node::NoneOf(of) => match at_least(1, of, outcome) {
                Outcome::Pass => Outcome::Fail,
                Outcome::Fail => Outcome::Pass,
                Outcome::Unknown => Outcome::Unknown,
            },
        }
    }

    /// The criteria that it depends on, in written order.
    pub fn criteria(&self) -> Vec<usize> {
        match self {
            Node::Criterion(place) => vec![*place],
            Node::AtLeast { of, .. } | Node::NoneOf(of) => of.iter().flat_map(Node::criteria).collect(),
        }
    }
}

fn at_least(n: usize, of: &[Node], outcome: &impl Fn(usize) -> Outcome) -> Outcome {
    let (mut passed, mut unknown) = (0, 0);
    for node in of {
        match node.judge(outcome) {
            Outcome::Pass => passed += 1,
            Outcome::Unknown => unknown += 1,
            Outcome::Fail => {}
        }
    }
    match (passed, passed + unknown) {
        (passed, _) if passed >= n => Outcome::Pass,
        (_, possible) if possible < n => Outcome::Fail,
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Fail, Pass, Unknown};

    #[test]
    fn a_group_is_settled_by_what_is_known() {
        let group = |n| Node::AtLeast { n, of: (0..3).map(Node::Criterion).collect() };
        let judge = |node: &Node, outcomes: [Outcome; 3]| node.judge(&|place| outcomes[place]);
        let (any, two, all) = (group(1), group(2), group(3));
        assert_eq!([&any, &two, &all].map(|node| judge(node, [Pass, Unknown, Fail])), [Pass, Unknown, Fail]);
        assert_eq!([&any, &two, &all].map(|node| judge(node, [Unknown, Fail, Fail])), [Unknown, Fail, Fail]);
        assert_eq!([&any, &two, &all].map(|node| judge(node, [Pass, Pass, Unknown])), [Pass, Pass, Unknown]);
        let none = Node::NoneOf(vec![two.clone(), Node::Criterion(2)]);
        assert_eq!(judge(&none, [Pass, Fail, Fail]), Pass);
        assert_eq!(judge(&none, [Pass, Pass, Fail]), Fail);
        assert_eq!(judge(&none, [Pass, Unknown, Fail]), Unknown);
        assert_eq!(none.criteria(), [0, 1, 2, 2]);
    }

    #[test]
    fn what_is_unknown_agrees_with_each_way_it_may_turn_out() {
        let nodes = [1, 2, 3].map(|n| Node::AtLeast { n, of: (0..3).map(Node::Criterion).collect() });
        let all = [Pass, Fail, Unknown];
        for node in nodes.iter().chain(&[Node::NoneOf((0..3).map(Node::Criterion).collect())]) {
            for case in 0..27_usize {
                let outcomes = [all[case % 3], all[case / 3 % 3], all[case / 9]];
                let mut found = Vec::new();
                for turn in 0..8_usize {
                    let turned = |place: usize| match outcomes[place] {
                        Unknown if turn >> place & 1 == 1 => Pass,
                        Unknown => Fail,
                        known => known,
                    };
                    found.push(node.judge(&turned));
                }
                let settled = found.iter().all(|outcome| *outcome == found[0]);
                let expected = if settled { found[0] } else { Unknown };
                assert_eq!(node.judge(&|place| outcomes[place]), expected, "{node:?} {outcomes:?}");
            }
        }
    }
}
