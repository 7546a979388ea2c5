//! A style without what QGIS's converter refuses or quietly drops: `step`, `case`, `interpolate` and arithmetic on an attribute, and
//! `match` with bare labels. What it understands is said with it:
//! - a ramp over an attribute becomes a layer for each of its steps, told apart by filters;
//! - a label of a `match` becomes a list of one;
//! - arithmetic on an attribute becomes the attribute;
//! - icons keep one size at every zoom;
//! - the sprite is the one whose icons have their own colours: the converter knows no distance fields.

use serde_json::{Map, Value, json};

/// Rewrites a finished style.
pub fn simplify(style: &mut Value) {
    if let Some(sprite) = style["sprite"].as_str().and_then(|sprite| sprite.strip_suffix("-sdf")) {
        style["sprite"] = sprite.into();
    }
    let layers = style["layers"].as_array_mut().map(std::mem::take).unwrap_or_default();
    style["layers"] = layers.into_iter().flat_map(simple_layers).collect();
}

/// One layer, or one for each step of its first ramp over an attribute.
fn simple_layers(mut layer: Value) -> Vec<Value> {
    for kind in ["paint", "layout"] {
        let Some(properties) = layer.get_mut(kind).and_then(Value::as_object_mut) else { continue };
        properties.values_mut().for_each(listed);
        if let Some(size) = properties.get_mut("icon-size") {
            *size = constant_size(size);
        }
        let ramp = properties.iter().find_map(|(name, value)| Some((name.clone(), steps(value)?)));
        if let Some((name, steps)) = ramp {
            return steps
                .into_iter()
                .enumerate()
                .flat_map(|(at, step)| simple_layers(one_step(&layer, kind, &name, at, step)))
                .collect();
        }
        *properties = std::mem::take(properties).into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
    }
    vec![layer]
}

/// Icons have one size: that of the deepest zoom.
fn constant_size(size: &Value) -> Value {
    size.as_array().and_then(|stops| stops.last()).unwrap_or(size).clone()
}

/// Turns each bare label of a `match` into a list.
fn listed(value: &mut Value) {
    let Some(items) = value.as_array_mut() else { return };
    if items.first().is_some_and(|operator| operator == "match") {
        let last = items.len().saturating_sub(1);
        for label in items[..last].iter_mut().skip(2).step_by(2) {
            if !label.is_array() {
                *label = json!([label.take()]);
            }
        }
    }
}

/// A band of an attribute's values, and what a property is within it.
struct Step {
    attribute: Value,
    from: Option<f64>,
    below: Option<f64>,
    value: Value,
}

/// The bands of a ramp over an attribute; `None` for what is none. An even ramp changes half way between two of its stops.
fn steps(value: &Value) -> Option<Vec<Step>> {
    let items = value.as_array()?;
    let (attribute, first, stops) = match items.first()?.as_str()? {
        "step" => (items.get(1)?, Some(items.get(2)?), items.get(3..)?),
        "interpolate" => (items.get(2)?, None, items.get(3..)?),
        _ => return None,
    };
    attribute.as_array().filter(|input| input.first().is_some_and(|operator| operator == "get"))?;
    let pairs: Vec<(f64, &Value)> = stops.chunks_exact(2).filter_map(|pair| Some((pair[0].as_f64()?, &pair[1]))).collect();
    let bounds: Vec<f64> = match first {
        Some(_) => pairs.iter().map(|(at, _)| *at).collect(),
        None => pairs.windows(2).map(|two| (two[0].0 + two[1].0) / 2.0).collect(),
    };
    let values = first.into_iter().chain(pairs.iter().map(|(_, value)| *value));
    let band = |(at, value): (usize, &Value)| Step {
        attribute: attribute.clone(),
        from: at.checked_sub(1).and_then(|before| bounds.get(before).copied()),
        below: bounds.get(at).copied(),
        value: value.clone(),
    };
    Some(values.enumerate().map(band).collect())
}

fn one_step(layer: &Value, kind: &str, property: &str, at: usize, step: Step) -> Value {
    let mut own = layer.clone();
    own["id"] = format!("{}-{at}", layer["id"].as_str().unwrap_or_default()).into();
    own[kind][property] = step.value;
    let mut filter = vec![json!("all")];
    filter.extend(layer.get("filter").cloned());
    filter.extend(step.from.map(|from| json!([">=", step.attribute.clone(), from])));
    filter.extend(step.below.map(|below| json!(["<", step.attribute, below])));
    own["filter"] = filter.into();
    own
}

/// The value, or the attribute it is made of; `None` for what has to be left out.
fn plain(value: Value) -> Option<Value> {
    if is_plain(&value) { Some(value) } else { attribute_in(&value).filter(is_plain) }
}

/// Whether the converter understands a property's value.
fn is_plain(value: &Value) -> bool {
    let Some(items) = value.as_array() else { return true };
    let constant = |value: &Value| !value.is_array() && !value.is_object();
    match items.first().and_then(Value::as_str) {
        Some("get") => items.len() == 2,
        Some("match") => {
            let outputs = items[2..].iter().skip(1).step_by(2).chain(items.last());
            items[2..items.len() - 1].iter().step_by(2).all(Value::is_array) && outputs.into_iter().all(constant)
        }
        Some("interpolate") => items.get(2) == Some(&json!(["zoom"])) && items.iter().skip(4).step_by(2).all(constant),
        Some("literal") => true,
        // A list of fonts, dashes or offsets.
        _ => items.iter().all(|item| item.is_number()) || is_font(items),
    }
}

fn is_font(items: &[Value]) -> bool {
    items.iter().all(|item| item.as_str().is_some_and(|name| name.starts_with("Noto Sans")))
}

/// The one `["get", attribute]` in an expression.
fn attribute_in(value: &Value) -> Option<Value> {
    let items = value.as_array()?;
    if items.first().is_some_and(|operator| operator == "get") {
        return Some(value.clone());
    }
    let mut found = items.iter().filter_map(attribute_in);
    let attribute = found.next()?;
    found.next().is_none().then_some(attribute)
}

/// What of a finished style the converter would refuse: ids of layers and names of properties.
pub fn refused(style: &Value) -> Vec<String> {
    let empty = Map::new();
    let mut found = Vec::new();
    for layer in style["layers"].as_array().into_iter().flatten() {
        // A filter names its values in a `match`; the converter does not read `in`.
        if layer["filter"].to_string().contains("\"in\"") {
            found.push(format!("{}: filter", layer["id"]));
        }
        for kind in ["paint", "layout"] {
            let properties = layer[kind].as_object().unwrap_or(&empty);
            let wrong =
                properties.iter().filter(|(name, value)| !is_plain(value) || (*name == "icon-size" && !value.is_number()));
            found.extend(wrong.map(|(name, _)| format!("{}: {name}", layer["id"])));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simple(paint: Value, filter: Option<Value>) -> Vec<Value> {
        let mut layer = json!({ "id": "a", "paint": { "fill-color": paint } });
        if let Some(filter) = filter {
            layer["filter"] = filter;
        }
        let mut style = json!({ "sprite": "s-sdf", "layers": [layer] });
        simplify(&mut style);
        assert_eq!(style["sprite"], "s");
        assert_eq!(refused(&style), [""; 0]);
        style["layers"].as_array().unwrap().clone()
    }

    #[test]
    fn a_ramp_becomes_a_layer_a_step() {
        let ramp = json!(["interpolate", ["linear"], ["get", "score"], 0, "#000", 1, "#777", 3, "#fff"]);
        let layers = simple(ramp, Some(json!(["==", ["get", "verdict"], "pass"])));
        let bands: Vec<_> = layers.iter().map(|layer| (&layer["filter"], &layer["paint"]["fill-color"])).collect();
        let pass = json!(["==", ["get", "verdict"], "pass"]);
        assert_eq!(bands[0], (&json!(["all", pass, ["<", ["get", "score"], 0.5]]), &json!("#000")));
        assert_eq!(
            bands[1],
            (&json!(["all", pass, [">=", ["get", "score"], 0.5], ["<", ["get", "score"], 2.0]]), &json!("#777"))
        );
        assert_eq!(bands[2], (&json!(["all", pass, [">=", ["get", "score"], 2.0]]), &json!("#fff")));
        let steps = simple(json!(["step", ["get", "n"], "#000", 5, "#fff"]), None);
        assert_eq!(steps[1]["filter"], json!(["all", [">=", ["get", "n"], 5.0]]));
        assert_eq!((&steps[0]["id"], &steps[1]["id"]), (&json!("a-0"), &json!("a-1")));
    }

    #[test]
    fn what_is_understood_stays_and_the_rest_gives_way() {
        let zoom = json!(["interpolate", ["linear"], ["zoom"], 5, 1, 9, 2]);
        assert_eq!(simple(zoom.clone(), None)[0]["paint"]["fill-color"], zoom);
        let labelled = simple(json!(["match", ["get", "a"], "x", 1, ["y", "z"], 2, 3]), None);
        assert_eq!(labelled[0]["paint"]["fill-color"], json!(["match", ["get", "a"], ["x"], 1, ["y", "z"], 2, 3]));
        assert_eq!(simple(json!(["max", 3, ["get", "r"]]), None)[0]["paint"]["fill-color"], json!(["get", "r"]));
        assert_eq!(simple(json!(["case", ["has", "a"], 1, 2]), None)[0]["paint"], json!({}));
        assert_eq!(
            simple(json!(["*", ["get", "a"], ["get", "b"]]), None)[0]["paint"],
            json!({}),
            "of two it cannot be known which"
        );
    }
}
