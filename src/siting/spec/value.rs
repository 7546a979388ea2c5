//! A value function as written: what each measure is worth, between 0 and 1.

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Breakpoints `{ 8 ha: 0, 20 ha: 1 }` in written order; straight between them, constant beyond the ends. For a column of
/// words or truth values: the value of each, `{ good: 1, poor: 0.3 }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakpoints(pub Vec<(String, f64)>);

/// Most breakpoints of one function.
pub const MAX_BREAKPOINTS: usize = 256;

impl Serialize for Breakpoints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(at, value)| (at, value)))
    }
}

impl<'de> Deserialize<'de> for Breakpoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Breakpoints, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Breakpoints;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("breakpoints such as `{ 8 ha: 0, 20 ha: 1 }`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Breakpoints, A::Error> {
        let mut points = Vec::new();
        while let Some((at, value)) = map.next_entry::<String, f64>()? {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::custom(format!("value: `{at}` is worth {value}; a value lies between 0 and 1")));
            }
            points.push((at, value));
        }
        match points.len() {
            0 => Err(Error::custom("value: no breakpoint; write at least one, such as `{ 8 ha: 0, 20 ha: 1 }`")),
            1..=MAX_BREAKPOINTS => Ok(Breakpoints(points)),
            many => Err(Error::custom(format!("value: {many} breakpoints; the most is {MAX_BREAKPOINTS}"))),
        }
    }
}

impl schemars::JsonSchema for Breakpoints {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Breakpoints".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Value between 0 and 1 at each quantity, date or word. Quantities rise; straight between them, constant beyond the ends.",
            "type": "object",
            "minProperties": 1,
            "maxProperties": MAX_BREAKPOINTS,
            "additionalProperties": { "type": "number", "minimum": 0, "maximum": 1 },
            "examples": [{ "8 ha": 0, "20 ha": 1 }, { "0 km": 1, "5 km": 0 }],
        })
    }
}
