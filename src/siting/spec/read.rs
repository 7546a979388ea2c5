//! Text, YAML or JSON, to a specification.
//!
//! Both are first read into one tree in which a key may stand only once (a criterion written twice is never dropped in
//! silence), then typed. An unknown key or kind is answered with the nearest known one.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::method::{Method, Robustness};
use super::{MAX_CRITERIA, MAX_LIMIT, Spec};
use crate::layer::catalogue::nearest;

/// Longest text, in bytes, and deepest nesting of a specification.
pub const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 16;

/// Reads a specification, YAML or JSON.
///
/// # Errors
/// One sentence that names the place (line, or criterion), what is wrong there, and the nearest known name where one helps.
pub fn read(text: &str) -> Result<Spec, ReadError> {
    let tree = tree(text)?;
    // What serde reads from a mapping it would also read from a list, by position.
    if !tree.is_object() || tree.get("candidates").is_some_and(|candidates| !candidates.is_object()) {
        return Err(ReadError::Shape);
    }
    let spec: Spec = serde_json::from_value(tree).map_err(|error| ReadError::Content(kinder(&error.to_string())))?;
    check(&spec)?;
    Ok(spec)
}

fn check(spec: &Spec) -> Result<(), ReadError> {
    if spec.limit == 0 || spec.limit > MAX_LIMIT {
        return Err(ReadError::Limit(spec.limit));
    }
    if let Some(problem) = spec.robustness.as_ref().and_then(Robustness::problem) {
        return Err(ReadError::Content(problem));
    }
    if spec.robustness.is_some() && spec.method != Method::Additive {
        return Err(ReadError::RobustMethod(spec.method.name()));
    }
    match spec.criteria.measured().len() {
        0 => Err(ReadError::NoCriterion),
        1..=MAX_CRITERIA => Ok(()),
        many => Err(ReadError::ManyCriteria(many)),
    }
}

fn tree(text: &str) -> Result<Value, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::Long(text.len()));
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return json(text).or_else(|error| {
            // A YAML flow mapping starts like JSON; where neither reads, the writer meant JSON.
            yaml(text).map_err(|_| error)
        });
    }
    yaml(text)
}

fn json(text: &str) -> Result<Value, ReadError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Branch { depth: 0 }.deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    tree.map_err(|error| ReadError::Syntax { format: "JSON", message: error.to_string() })
}

fn yaml(text: &str) -> Result<Value, ReadError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options::<Root>(text, options)
        .map(|root| root.0)
        .map_err(|error| ReadError::Syntax { format: "YAML", message: hinted(text, error.to_string()) })
}

/// The commonest slip: `required: >= 8 ha`, where YAML takes `>` for the start of a block of text.
fn hinted(text: &str, message: String) -> String {
    let unquoted = [": >=", ": > ", ": <="].iter().any(|slip| text.contains(slip));
    let hint = if unquoted { "; write requirements between quotes, such as `required: \">= 8 ha\"`" } else { "" };
    message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned() + hint
}

/// serde's "unknown field `x`, expected one of `a`, `b`" with the nearest of the expected names.
pub(super) fn kinder(message: &str) -> String {
    let Some(at) = message.find("unknown field `").or_else(|| message.find("unknown variant `")) else {
        return message.to_owned();
    };
    let what = if message[at..].starts_with("unknown field") { "key" } else { "kind" };
    let mut names = message[at..].split('`').skip(1).step_by(2);
    let wrong = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    let suggestion = nearest(wrong, &known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
    format!("{}unknown {what} `{wrong}`{suggestion} (known: {})", &message[..at], known.join(", "))
}

/// A misspelt `required`, `value` or `weight` is answered with that name, not with the nearest key of the kind.
pub(super) fn with_common_keys(message: &str) -> String {
    let Some(wrong) = message.strip_prefix("unknown key `").and_then(|rest| rest.split('`').next()) else {
        return message.to_owned();
    };
    let known = message.rsplit_once("(known: ").map_or("", |(_, known)| known.trim_end_matches(')'));
    let all: Vec<&str> = known.split(", ").filter(|name| !name.is_empty()).chain(["required", "value", "weight"]).collect();
    let suggestion = nearest(wrong, &all).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
    format!("unknown key `{wrong}`{suggestion} (known: {})", all.join(", "))
}

struct Root(Value);

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Root, D::Error> {
        Branch { depth: 0 }.deserialize(deserializer).map(Root)
    }
}

/// A value of the tree, refused below [`MAX_DEPTH`] and where a key stands twice.
struct Branch {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Branch {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth > MAX_DEPTH {
            return Err(D::Error::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branch {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom(format!("{value} is not a number that a specification may hold")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_element_seed(Branch { depth: self.depth + 1 })? {
            list.push(member);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` is written twice")));
            }
            map.insert(key, entries.next_value_seed(Branch { depth: self.depth + 1 })?);
        }
        Ok(Value::Object(map))
    }
}

/// A text that is no specification.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReadError {
    #[error("the specification has {0} bytes; the most is {MAX_BYTES}")]
    Long(usize),
    #[error("the specification is not {format}: {message}")]
    Syntax { format: &'static str, message: String },
    #[error("write `emprise: 1`, `candidates: {{ layers: [...] }}` and `criteria:`, each with its name")]
    Shape,
    #[error("{0}")]
    Content(String),
    #[error("limit is {0}; it lies between 1 and {MAX_LIMIT}")]
    Limit(u32),
    #[error("robustness puts the weights of `method: additive` to the test; leave it out, or leave `method: {0}` out")]
    RobustMethod(&'static str),
    #[error("the specification has no criterion; write at least one")]
    NoCriterion,
    #[error("the specification has {0} criteria; the most is {MAX_CRITERIA}")]
    ManyCriteria(usize),
}
