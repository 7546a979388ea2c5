//! The description in the words of OpenAPI 3.0, whose schemas are an older dialect.

use serde_json::{Map, Value, json};

/// The same description, as far as the older words reach: what they cannot say is left out, and nothing else is said.
pub fn older(mut described: Value) -> Value {
    described["openapi"] = "3.0.3".into();
    if let Some(info) = described["info"].as_object_mut() {
        info.remove("summary");
        info["license"] = json!({ "name": "MIT OR Apache-2.0" });
    }
    rewrite(described)
}

fn rewrite(json: Value) -> Value {
    match json {
        Value::Array(items) => items.into_iter().map(rewrite).collect(),
        Value::Object(members) => {
            // A schema with an identity of its own is in the dialect of 2020-12 throughout.
            if members.contains_key("$defs") || members.contains_key("$schema") {
                return json!({ "type": "object" });
            }
            let mut kept: Map<String, Value> = Map::new();
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("type", Value::Array(types)) => {
                        kept.extend(types.iter().find(|kind| *kind != "null").map(|kind| ("type".to_owned(), kind.clone())));
                        kept.insert("nullable".to_owned(), types.contains(&"null".into()).into());
                    }
                    ("const", value) => drop(kept.insert("enum".to_owned(), json!([value]))),
                    ("contentMediaType" | "prefixItems", _) => {}
                    (_, value) => drop(kept.insert(key, rewrite(value))),
                }
            }
            Value::Object(kept)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_words_become_older_ones() {
        let newer = json!({ "openapi": "3.1.0", "info": { "summary": "s", "license": {} },
            "x": { "type": ["string", "null"] }, "y": { "const": "a" }, "z": { "$defs": {} } });
        let expected = json!({ "openapi": "3.0.3", "info": { "license": { "name": "MIT OR Apache-2.0" } },
            "x": { "type": "string", "nullable": true }, "y": { "enum": ["a"] }, "z": { "type": "object" } });
        assert_eq!(older(newer), expected);
    }
}
