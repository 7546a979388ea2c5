//! A style in `styles/` is a template, and a valid style by itself: light, with addresses from the root and both languages in
//! its metadata. Filling it in
//! 1. leaves out the layers that are not there for this caller, and the sources, legend groups and signs that nothing is left of;
//! 2. chooses the language: every `{ "fr": ..., "en": ... }` becomes one text;
//! 3. for the dark scheme, replaces each colour by its partner in the metadata's `emprise:dark`;
//! 4. makes the sources' addresses absolute.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::layer::language::Language;

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    #[default]
    Light,
    Dark,
}

/// The style for one caller. `seen` says whether a layer is there to be drawn; `root` is the server's address.
pub fn fill(template: &str, root: &str, seen: impl Fn(&str) -> bool, (language, scheme): (Language, Scheme)) -> Value {
    // A test reads every shipped template: this is never an empty style.
    let mut style: Value = serde_json::from_str(template).unwrap_or_default();
    leave_out(&mut style, &seen);
    let dark = style["metadata"].as_object_mut().and_then(|metadata| metadata.shift_remove("emprise:dark"));
    rewrite(&mut style, &|value| choose(value, language));
    if let (Scheme::Dark, Some(Value::Object(partners))) = (scheme, dark) {
        rewrite(&mut style, &|value| partner(value, &partners));
    }
    for source in objects(&mut style["sources"]) {
        if let Some(path) = source["url"].as_str() {
            source["url"] = format!("{root}{path}").into();
        }
    }
    style
}

fn leave_out(style: &mut Value, seen: &impl Fn(&str) -> bool) {
    if let Some(layers) = style["layers"].as_array_mut() {
        layers.retain(|layer| layer["source-layer"].as_str().is_none_or(seen));
    }
    keep_legend(&mut style["metadata"]["emprise:legend"], seen);
    for source in objects(&mut style["sources"]) {
        let listed = source["url"].as_str().and_then(|url| url.strip_prefix("/tiles/")?.strip_suffix(".json"));
        let left: Vec<&str> = listed.into_iter().flat_map(|list| list.split(',')).filter(|id| seen(id)).collect();
        source["url"] = if left.is_empty() { Value::Null } else { format!("/tiles/{}.json", left.join(",")).into() };
    }
    if let Some(sources) = style["sources"].as_object_mut() {
        sources.retain(|_, source| !source["url"].is_null());
    }
}

/// Keeps of a list the entries of layers that are there: those that name some in `of`, and those that name none.
fn keep_legend(entries: &mut Value, seen: &impl Fn(&str) -> bool) {
    let Some(entries) = entries.as_array_mut() else { return };
    for entry in entries.iter_mut() {
        if let Some(of) = entry.get_mut("of").and_then(Value::as_array_mut) {
            of.retain(|id| id.as_str().is_some_and(seen));
        }
        if let Some(signs) = entry.get_mut("items") {
            keep_legend(signs, seen);
        }
    }
    entries.retain(|entry| entry.get("of").and_then(Value::as_array).is_none_or(|of| !of.is_empty()));
}

fn objects(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flat_map(Map::values_mut)
}

/// Replaces, from the leaves up, every value for which `change` has another.
fn rewrite(value: &mut Value, change: &impl Fn(&Value) -> Option<Value>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| rewrite(value, change)),
        Value::Object(members) => members.values_mut().for_each(|value| rewrite(value, change)),
        _ => {}
    }
    if let Some(changed) = change(value) {
        *value = changed;
    }
}

fn choose(value: &Value, language: Language) -> Option<Value> {
    let texts = value.as_object().filter(|texts| texts.len() == 2)?;
    let (fr, en) = (texts.get("fr")?, texts.get("en")?);
    Some(language.of(fr, en).clone())
}

fn partner(value: &Value, partners: &Map<String, Value>) -> Option<Value> {
    partners.get(value.as_str()?).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEMPLATE: &str = r##"{
        "metadata": {
            "emprise:dark": { "#fff": "#111" },
            "emprise:legend": [
                { "title": { "fr": "Terrains", "en": "Plots" }, "of": ["plots", "yards"], "items": [{ "of": ["yards"] }, { "glyph": "x" }] },
                { "title": { "fr": "Secret", "en": "Secret" }, "of": ["secret"] }
            ]
        },
        "sources": { "land": { "url": "/tiles/plots,yards.json" }, "other": { "url": "/tiles/secret.json" } },
        "layers": [
            { "id": "ground", "paint": { "c": "#fff" } },
            { "id": "plots", "source-layer": "plots", "paint": { "c": ["match", "a", "#fff", "#abc"] } },
            { "id": "secret", "source-layer": "secret" }
        ]
    }"##;

    #[test]
    fn a_layer_that_is_not_there_leaves_no_trace() {
        let style = fill(TEMPLATE, "https://a.org/b", |id| id == "plots", (Language::Fr, Scheme::Light));
        assert_eq!(style["sources"], json!({ "land": { "url": "https://a.org/b/tiles/plots.json" } }));
        assert_eq!(
            style["metadata"],
            json!({ "emprise:legend": [{ "title": "Terrains", "of": ["plots"], "items": [{ "glyph": "x" }] }] })
        );
        assert_eq!(style["layers"].as_array().unwrap().len(), 2);
        assert!(!style.to_string().to_lowercase().contains("secret"));
    }

    #[test]
    fn the_dark_scheme_replaces_whole_colours() {
        let style = fill(TEMPLATE, "", |_| true, (Language::En, Scheme::Dark));
        assert_eq!(style["layers"][0]["paint"]["c"], "#111");
        assert_eq!(style["layers"][1]["paint"]["c"], json!(["match", "a", "#111", "#abc"]));
        assert_eq!(style["metadata"]["emprise:legend"][0]["title"], "Plots");
    }
}
