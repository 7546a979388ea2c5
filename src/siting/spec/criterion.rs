//! One criterion as written: something measured and what is asked of it, or a group of criteria.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::read::{kinder, with_common_keys};
use super::required::Required;
use super::value::Breakpoints;
use super::{Criteria, MAX_CRITERIA};
use crate::layer::catalogue::{nearest, suggestion};
use crate::siting::criteria::Kind;

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "a specification holds 64 criteria at most, nearly all of them measured")]
pub enum Criterion {
    Group(Group),
    Measured(Measured),
}

/// What is measured of each candidate, and what is asked of the measure: a requirement, a value function, or both.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    #[serde(flatten)]
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Required>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Breakpoints>,
    /// Weight of the value among all values; 1 where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// Criteria judged together; each has a requirement or is a group. Their values add to the score as those of any criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub kind: GroupKind,
    /// For `at-least`: how many of the criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_CRITERIA))]
    pub n: Option<usize>,
    pub criteria: Criteria,
}

/// How the members of a group decide for it. Unknown members leave it unknown unless the others settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// Each must hold.
    All,
    /// One must hold.
    Any,
    /// None may hold: the negation of `any`, and of a single criterion.
    None,
    /// `n` must hold.
    AtLeast,
}

impl GroupKind {
    const NAMES: [&str; 4] = ["all", "any", "none", "at-least"];

    pub fn name(self) -> &'static str {
        GroupKind::NAMES[self as usize]
    }
}

impl Criterion {
    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Criterion::Group(group) => group.kind.name(),
            Criterion::Measured(measured) => measured.kind.name(),
        }
    }

    /// Whether it can remove a candidate; of a group its members require, so it always can.
    pub fn is_required(&self) -> bool {
        match self {
            Criterion::Group(_) => true,
            Criterion::Measured(measured) => measured.required.is_some(),
        }
    }
}

impl<'de> Deserialize<'de> for Criteria {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Criteria, D::Error> {
        let written = Map::<String, Value>::deserialize(deserializer)?;
        let typed = written.into_iter().map(|(name, value)| {
            let says = |message: String| serde::de::Error::custom(format!("criterion `{name}`: {message}"));
            if name.contains('/') {
                return Err(says("a name has no `/`; it separates a group's name from those of its members".to_owned()));
            }
            let criterion = criterion(value).map_err(says)?;
            Ok((name, criterion))
        });
        typed.collect::<Result<_, _>>().map(Criteria)
    }
}

impl<'de> Deserialize<'de> for Criterion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Criterion, D::Error> {
        criterion(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn criterion(value: Value) -> Result<Criterion, String> {
    let Value::Object(keys) = value else {
        return Err("write `kind:` and what that kind asks for".to_owned());
    };
    match keys.get("kind").and_then(Value::as_str) {
        Some(kind) if GroupKind::NAMES.contains(&kind) => group(keys).map(Criterion::Group),
        _ => measured(keys).map(Criterion::Measured),
    }
}

fn group(keys: Map<String, Value>) -> Result<Group, String> {
    if let Some(key) = ["required", "value", "weight"].into_iter().find(|key| keys.contains_key(*key)) {
        return Err(format!("a group has no `{key}`; write it on its members"));
    }
    let group = Group::deserialize(Value::Object(keys)).map_err(says)?;
    let members = &group.criteria.0;
    if members.is_empty() {
        return Err("the group has no criterion; write at least one".to_owned());
    }
    if let Some((name, _)) = members.iter().find(|(_, member)| !member.is_required()) {
        return Err(format!("`{name}` requires nothing; a group is decided by what its members require"));
    }
    match (group.kind, group.n) {
        (GroupKind::AtLeast, Some(n)) if (1..=members.len()).contains(&n) => Ok(group),
        (GroupKind::AtLeast, Some(n)) => Err(format!("n is {n}; it lies between 1 and {}, the group's criteria", members.len())),
        (GroupKind::AtLeast, None) => Err("write `n:`, how many of the criteria must hold".to_owned()),
        (_, Some(_)) => Err(format!("`n` belongs to `at-least`, not to `{}`", group.kind.name())),
        (_, None) => Ok(group),
    }
}

/// The keys that every criterion has are taken out; the rest belongs to its kind.
fn measured(mut keys: Map<String, Value>) -> Result<Measured, String> {
    let required = keys.remove("required").map(Required::deserialize).transpose().map_err(says)?;
    let value = keys.remove("value").map(Breakpoints::deserialize).transpose().map_err(says)?;
    let weight = keys.remove("weight").map(weight).transpose()?;
    let kinds = || Kind::NAMES.into_iter().chain(GroupKind::NAMES);
    match keys.get("kind").map(Value::as_str) {
        None => return Err(format!("no `kind`; write one of {}", kinds().collect::<Vec<_>>().join(", "))),
        Some(Some(kind)) if !Kind::NAMES.contains(&kind) => {
            let known = kinds().collect::<Vec<_>>().join(", ");
            return Err(format!("unknown kind `{kind}`{} (known: {known})", suggestion(&nearest(kind, kinds()))));
        }
        Some(_) => {}
    }
    let kind = Kind::deserialize(Value::Object(keys)).map_err(|error| with_common_keys(&says(error)))?;
    match (&required, &value, weight) {
        (None, None, _) => Err("asks for nothing; write `required`, or `value` and `weight`".to_owned()),
        (_, None, Some(_)) => {
            Err("`weight` without `value`; write what each measure is worth, or leave the weight out".to_owned())
        }
        _ => Ok(Measured { kind, required, value, weight }),
    }
}

fn says(error: serde_json::Error) -> String {
    kinder(&error.to_string())
}

fn weight(value: Value) -> Result<f64, String> {
    match value.as_f64() {
        Some(weight) if weight.is_finite() && weight >= 0.0 => Ok(weight),
        _ => Err(format!("weight: `{value}` is not a weight; write a number from 0 up")),
    }
}
