//! Weights as written in one block: by a mere order, by swings, or by comparing each two.
//!
//! Without the block each criterion carries its own `weight`.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// How the weights of all criteria with a value function come about: exactly one of the three.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weights {
    /// Names of criteria from the most to the least important, those of equal importance in a list of their own:
    /// `[junction, labour, [siding, power]]`. Gives rank-order centroid weights.
    Order(Vec<Tier>),
    /// How much the step from a criterion's worst to its best value matters, in points: 100 for the step that matters most.
    #[schemars(with = "BTreeMap<String, f64>")]
    Swing(BTreeMap<String, f64>),
    /// How many times as important the first criterion is as the second, each two compared once, from 1/9 to 9:
    /// `{ junction: { labour: 3, siding: 5 }, labour: { siding: 3 } }`. Gives the weights of the analytic hierarchy process.
    Pairwise(BTreeMap<String, BTreeMap<String, Judgement>>),
}

/// One place in an order of importance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`order` holds names of criteria, or lists of names where some are of equal importance")]
pub enum Tier {
    One(String),
    Equal(Vec<String>),
}

impl Tier {
    pub fn names(&self) -> &[String] {
        match self {
            Tier::One(name) => std::slice::from_ref(name),
            Tier::Equal(names) => names,
        }
    }
}

/// How many times as important one is as another: 1 for equally, 9 for absolutely more, `1/9` for absolutely less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement(pub f64);

/// The largest judgement; the smallest is its inverse.
pub const MOST: f64 = 9.0;
/// 0.11 stands for 1/9.
const ROUNDING: f64 = 1.02;

impl Judgement {
    pub fn inverse(self) -> Judgement {
        Judgement(1.0 / self.0)
    }
}

/// `3`, `1/3`, `2.5`.
impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |number: f64| (number - number.round()).abs() < 1e-9;
        match self.0 {
            number if whole(number) => write!(f, "{}", number.round()),
            number if whole(1.0 / number) => write!(f, "1/{}", (1.0 / number).round()),
            number => write!(f, "{}", (number * 100.0).round() / 100.0),
        }
    }
}

/// A number, or `1/n` as text where it is one, so that it reads back the same.
impl Serialize for Judgement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match text.strip_prefix("1/").and_then(|n| n.parse::<f64>().ok()) {
            Some(n) if 1.0 / n == self.0 => serializer.serialize_str(&text),
            _ => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Judgement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Judgement, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let number = match &value {
            Value::String(text) => fraction(text),
            other => other.as_f64(),
        };
        let fits = |number: &f64| (1.0 / MOST / ROUNDING..=MOST).contains(number);
        number.filter(fits).map(Judgement).ok_or_else(|| {
            D::Error::custom(format!(
                "weights, pairwise: {value} is not a judgement; write a number from 1/9 to 9, such as 3 or 1/3"
            ))
        })
    }
}

fn fraction(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match text.split_once('/') {
        Some((over, under)) => Some(number(over)? / number(under)?),
        None => number(text),
    }
}

impl JsonSchema for Judgement {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Judgement".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "How many times as important: a number from 1/9 to 9, or a fraction as text.",
            "anyOf": [
                { "type": "number", "exclusiveMinimum": 0, "maximum": 9 },
                { "type": "string", "pattern": "^ *[0-9.]+ */ *[0-9.]+ *$" },
            ],
            "examples": [3, "1/3"],
        })
    }
}

/// The block before it is known that exactly one of the three is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    order: Option<Vec<Tier>>,
    swing: Option<BTreeMap<String, Value>>,
    pairwise: Option<BTreeMap<String, BTreeMap<String, Judgement>>>,
}

impl<'de> Deserialize<'de> for Weights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Weights, D::Error> {
        Written::deserialize(deserializer)?.only().map_err(D::Error::custom)
    }
}

impl Written {
    fn only(self) -> Result<Weights, String> {
        match self {
            Written { order: Some(order), swing: None, pairwise: None } => Ok(Weights::Order(order)),
            Written { order: None, swing: Some(swing), pairwise: None } => {
                swing.into_iter().map(points).collect::<Result<_, _>>().map(Weights::Swing)
            }
            Written { order: None, swing: None, pairwise: Some(pairs) } => Ok(Weights::Pairwise(pairs)),
            _ => Err("weights: write exactly one of `order`, `swing` and `pairwise`".to_owned()),
        }
    }
}

fn points((name, value): (String, Value)) -> Result<(String, f64), String> {
    match value.as_f64() {
        Some(points) if (0.0..=100.0).contains(&points) => Ok((name, points)),
        _ => Err(format!("weights, swing: `{name}` is given {value}; write points from 0 to 100")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Weights, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn each_form_reads_back() {
        let forms = [
            r#"{"order":["a",["b","c"],"d"]}"#,
            r#"{"swing":{"a":100.0,"b":60.0}}"#,
            r#"{"pairwise":{"a":{"b":"1/3","c":5.0},"b":{"c":2.5}}}"#,
        ];
        for form in forms {
            assert_eq!(serde_json::to_string(&read(form).unwrap()).unwrap(), form);
        }
        assert_eq!(read(r#"{"pairwise":{"a":{"b":"2/6"}}}"#).unwrap(), read(r#"{"pairwise":{"a":{"b":"1/3"}}}"#).unwrap());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            (r#"{}"#, "exactly one of"),
            (r#"{"order":["a"],"swing":{"a":100}}"#, "exactly one of"),
            (r#"{"ordre":["a"]}"#, "unknown field `ordre`"),
            (r#"{"order":[3]}"#, "names of criteria"),
            (r#"{"swing":{"a":"much"}}"#, "`a` is given \"much\"; write points from 0 to 100"),
            (r#"{"swing":{"a":101}}"#, "`a` is given 101"),
            (r#"{"pairwise":{"a":{"b":10}}}"#, "10 is not a judgement"),
            (r#"{"pairwise":{"a":{"b":"1/10"}}}"#, "\"1/10\" is not a judgement"),
            (r#"{"pairwise":{"a":{"b":"1/0"}}}"#, "not a judgement"),
        ];
        for (json, message) in cases {
            let said = read(json).unwrap_err();
            assert!(said.contains(message), "{json}: {said}");
        }
    }
}
