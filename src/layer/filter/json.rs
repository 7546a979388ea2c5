//! CQL2 as JSON (OGC 21-065r2 §10) to the same filters as the text.

use serde_json::Value;

use super::error::FilterError;
use super::parse::{MAX_DEPTH, MAX_NODES, day};
use super::spatial::{Relation, bbox, taken};
use super::{Filter, Literal, Name, Operator};

/// Reads a filter.
///
/// # Errors
/// One sentence with what stands where it should not.
pub fn parse_json(text: &str) -> Result<Filter, FilterError> {
    let json: Value = serde_json::from_str(text).map_err(|error| FilterError::Json(error.to_string()))?;
    Reader { nodes: 0 }.filter(&json, 0).map_err(FilterError::Json)
}

struct Reader {
    nodes: usize,
}

type Read<T> = Result<T, String>;

impl Reader {
    fn filter(&mut self, json: &Value, depth: usize) -> Read<Filter> {
        self.nodes += 1;
        if self.nodes > MAX_NODES || depth > MAX_DEPTH {
            return Err(format!("the filter has more than {MAX_NODES} members, or is nested deeper than {MAX_DEPTH} levels"));
        }
        if let Some(constant) = json.as_bool() {
            return Ok(Filter::Constant(constant));
        }
        let op = json["op"].as_str().ok_or_else(|| format!("`{}` has no `op`", shortened(json)))?;
        let args = json["args"].as_array().ok_or_else(|| format!("`{op}` has no list of `args`"))?;
        let mut members = |depth: usize| args.iter().map(|arg| self.filter(arg, depth + 1)).collect::<Read<Vec<Filter>>>();
        match op.to_ascii_lowercase().as_str() {
            "and" if args.len() >= 2 => Ok(Filter::And(members(depth)?)),
            "or" if args.len() >= 2 => Ok(Filter::Or(members(depth)?)),
            "not" if args.len() == 1 => Ok(Filter::Not(Box::new(self.filter(&args[0], depth + 1)?))),
            other => self.condition(other, args),
        }
    }

    fn condition(&mut self, op: &str, args: &[Value]) -> Read<Filter> {
        if let Some(relation) = Relation::named(op) {
            return spatial(relation, args);
        }
        let operator = [
            ("=", Operator::Equal),
            ("<>", Operator::Different),
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
        ];
        if let Some((_, operator)) = operator.into_iter().find(|(symbol, _)| *symbol == op) {
            return compared(operator, args);
        }
        match (op, args) {
            ("isnull", [of]) => Ok(Filter::Null { column: column(of)? }),
            ("like", [of, Value::String(pattern)]) => Ok(Filter::Like { column: column(of)?, pattern: pattern.clone() }),
            ("between", [of, low, high]) => Ok(Filter::Between { column: column(of)?, low: literal(low)?, high: literal(high)? }),
            ("in", [of, Value::Array(values)]) => {
                self.nodes += values.len();
                if self.nodes > MAX_NODES {
                    return Err(format!("the filter has more than {MAX_NODES} members"));
                }
                Ok(Filter::In { column: column(of)?, values: values.iter().map(literal).collect::<Read<Vec<Literal>>>()? })
            }
            _ => Err(format!("`{op}` with {} arguments is not an operation that is taken", args.len())),
        }
    }
}

fn compared(operator: Operator, args: &[Value]) -> Read<Filter> {
    match args {
        [of, value] if of.get("property").is_some() => {
            Ok(Filter::Compare { column: column(of)?, operator, value: literal(value)? })
        }
        [value, of] => Ok(Filter::Compare { column: column(of)?, operator: operator.mirrored(), value: literal(value)? }),
        _ => Err(format!("`{}` takes two arguments", operator.symbol())),
    }
}

fn spatial(relation: Relation, args: &[Value]) -> Read<Filter> {
    let name = relation.name();
    match args {
        [of, place] if of.get("property").is_some() => {
            Ok(Filter::Spatial { relation, column: column(of)?, geometry: Box::new(geometry(place)?) })
        }
        [place, of] => {
            Ok(Filter::Spatial { relation: relation.mirrored(), column: column(of)?, geometry: Box::new(geometry(place)?) })
        }
        _ => Err(format!("`{name}` takes two arguments")),
    }
}

fn geometry(json: &Value) -> Read<geo_types::Geometry<f64>> {
    if let Some(sides) = json["bbox"].as_array() {
        return bbox(&sides.iter().filter_map(Value::as_f64).collect::<Vec<_>>());
    }
    let read: geojson::Geometry = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
    taken((&read.value).try_into().map_err(|error: geojson::Error| error.to_string())?)
}

fn column(json: &Value) -> Read<Name> {
    let text = json["property"].as_str().ok_or_else(|| format!("`{}` is not a property", shortened(json)))?;
    Ok(Name { text: text.to_owned(), position: 1 })
}

fn literal(json: &Value) -> Read<Literal> {
    let unknown = || format!("`{}` is not a constant", shortened(json));
    match json {
        Value::String(text) => Ok(Literal::Text(text.clone())),
        Value::Number(number) => number.as_f64().map(Literal::Number).ok_or_else(unknown),
        Value::Bool(boolean) => Ok(Literal::Boolean(*boolean)),
        other => {
            if let Some(instant) = other["timestamp"].as_str() {
                return day(instant).map(Literal::Date).ok_or_else(|| format!("'{instant}' is not an instant in time"));
            }
            let date = other["date"].as_str().ok_or_else(unknown)?;
            date.parse().map(Literal::Date).map_err(|_| format!("'{date}' is not a date"))
        }
    }
}

fn shortened(json: &Value) -> String {
    json.to_string().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::filter::parse;

    #[test]
    fn json_and_text_say_the_same() {
        let cases = [
            (r#"{"op":"=","args":[{"property":"a"},1]}"#, "a = 1"),
            (r#"{"op":"<=","args":[8,{"property":"a"}]}"#, "a >= 8"),
            (
                r#"{"op":"and","args":[{"op":"like","args":[{"property":"n"},"Z%"]},{"op":"not","args":[{"op":"isNull","args":[{"property":"c"}]}]}]}"#,
                "n LIKE 'Z%' AND NOT c IS NULL",
            ),
            (r#"{"op":"in","args":[{"property":"a"},["x","y"]]}"#, "a IN ('x', 'y')"),
            (
                r#"{"op":"between","args":[{"property":"d"},{"date":"2024-01-01"},{"date":"2025-01-01"}]}"#,
                "d BETWEEN DATE('2024-01-01') AND DATE('2025-01-01')",
            ),
            (
                r#"{"op":">","args":[{"property":"d"},{"timestamp":"2024-01-01T08:00:00Z"}]}"#,
                "d > TIMESTAMP('2024-01-01T08:00:00Z')",
            ),
            (
                r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[2.5,48.0]}]}"#,
                "S_INTERSECTS(geometry, POINT(2.5 48))",
            ),
            (r#"{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3,4]}]}"#, "S_WITHIN(geometry, BBOX(1, 2, 3, 4))"),
            (
                r#"{"op":"s_within","args":[{"type":"Point","coordinates":[2,4]},{"property":"geometry"}]}"#,
                "S_CONTAINS(geometry, POINT(2 4))",
            ),
        ];
        for (json, text) in cases {
            assert_eq!(parse_json(json), parse(text), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for json in [
            "",
            "{}",
            "[]",
            r#"{"op":"=","args":[1,2]}"#,
            r#"{"op":"casei","args":[{"property":"a"}]}"#,
            r#"{"op":"and","args":[]}"#,
        ] {
            assert!(parse_json(json).is_err(), "{json}");
        }
        let deep = format!("{}true{}", r#"{"op":"not","args":["#.repeat(40), "]}".repeat(40));
        assert!(parse_json(&deep).unwrap_err().to_string().contains("deeper"));
    }
}
