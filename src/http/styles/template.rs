//! A style in `styles/` is a template. Filling it in
//! 1. puts the parts it names (`styles/parts/`) in their places: their layers, sources and legend;
//! 2. leaves out the layers that are not there for this caller, and the sources, legend groups and signs that nothing is left of;
//! 3. chooses the language: every `{ "fr": ..., "en": ... }` becomes one text;
//! 4. for the dark scheme, replaces each colour and hatch by its partner in `styles/dark.json`;
//! 5. makes addresses absolute;
//! 6. for QGIS, says the same without what its converter refuses ([`plain`]).

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http::styles::plain;
use crate::layer::language::Language;

/// Those in `styles/parts/`: what several styles share.
const PARTS: [(&str, &str); 5] = [
    ("ground", include_str!("../../../styles/parts/ground.json")),
    ("borders", include_str!("../../../styles/parts/borders.json")),
    ("networks", include_str!("../../../styles/parts/networks.json")),
    ("places", include_str!("../../../styles/parts/places.json")),
    ("names", include_str!("../../../styles/parts/names.json")),
];

const DARK: &str = include_str!("../../../styles/dark.json");

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    #[default]
    Light,
    Dark,
}

/// The program that will draw a style.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Client {
    #[default]
    Maplibre,
    Qgis,
}

/// How a style is wanted: `?lang=&scheme=&for=`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    #[serde(default, rename = "lang")]
    pub language: Language,
    #[serde(default)]
    pub scheme: Scheme,
    #[serde(default, rename = "for")]
    pub client: Client,
}

/// The style for one caller. `seen` says whether a layer is there to be drawn; `root` is the server's address.
pub fn fill(template: &str, root: &str, seen: impl Fn(&str) -> bool, look: Look) -> Value {
    let mut style = composed(template);
    leave_out(&mut style, &seen);
    finish(&mut style, root, look);
    style
}

/// What remains to be done to a style whose layers are chosen.
fn finish(style: &mut Value, root: &str, look: Look) {
    rewrite(style, &|value| choose(value, look.language));
    if look.scheme == Scheme::Dark {
        darken(style);
    }
    for source in objects(&mut style["sources"]) {
        absolute(&mut source["url"], root);
    }
    for key in ["sprite", "glyphs"] {
        if let Some(address) = style.get_mut(key) {
            absolute(address, root);
        }
    }
    if look.client == Client::Qgis {
        plain::simplify(style);
    }
}

/// Replaces the colours and hatches of the light scheme by those of the dark one.
pub fn darken(value: &mut Value) {
    if let Value::Object(partners) = parsed(DARK) {
        rewrite(value, &|value| partner(value, &partners));
    }
}

fn absolute(address: &mut Value, root: &str) {
    if let Some(path) = address.as_str().filter(|path| path.starts_with('/')) {
        *address = format!("{root}{path}").into();
    }
}

// A test reads every shipped template and part: none is ever empty.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// A template with its parts in their places. Parts bring their sources, and their legend after that of the style.
fn composed(template: &str) -> Value {
    let mut style = parsed(template);
    let mut layers = Vec::new();
    for layer in take_list(&mut style["layers"]) {
        let Some(name) = layer["emprise:part"].as_str() else {
            layers.push(layer);
            continue;
        };
        let mut part = PARTS.iter().find(|(known, _)| *known == name).map(|(_, text)| parsed(text)).unwrap_or_default();
        layers.extend(take_list(&mut part["layers"]));
        if let (Some(own), Some(of_part)) = (style["sources"].as_object_mut(), part["sources"].as_object()) {
            own.extend(of_part.iter().map(|(name, source)| (name.clone(), source.clone())));
        }
        if let Some(legend) = style["metadata"]["emprise:legend"].as_array_mut() {
            legend.extend(take_list(&mut part["legend"]));
        }
    }
    style["layers"] = layers.into();
    style
}

fn take_list(value: &mut Value) -> Vec<Value> {
    value.as_array_mut().map(std::mem::take).unwrap_or_default()
}

fn leave_out(style: &mut Value, seen: &impl Fn(&str) -> bool) {
    keep_legend(&mut style["metadata"]["emprise:legend"], seen);
    for source in objects(&mut style["sources"]) {
        let left = left_of(source, seen);
        source["url"] = left.map_or(Value::Null, Value::from);
    }
    let layers = take_list(&mut style["layers"]);
    if let Some(sources) = style["sources"].as_object_mut() {
        // Tiles that are made of other layers than those they are drawn as say of which.
        let made: Vec<String> = sources
            .iter_mut()
            .filter_map(|(name, source)| source.as_object_mut()?.shift_remove("emprise:of").map(|_| name.clone()))
            .collect();
        sources.retain(|_, source| !source["url"].is_null());
        let is_there = |layer: &Value| {
            let Some(source) = layer["source"].as_str() else { return true };
            let is_seen = made.iter().any(|name| name == source) || layer["source-layer"].as_str().is_none_or(seen);
            sources.contains_key(source) && is_seen
        };
        let kept: Vec<Value> = layers.into_iter().filter(is_there).collect();
        style["layers"] = kept.into();
    }
}

/// The address of a source with the layers that are there; `None` where none is.
fn left_of(source: &Value, seen: &impl Fn(&str) -> bool) -> Option<String> {
    let url = source["url"].as_str()?;
    if let Some(of) = source["emprise:of"].as_array() {
        return of.iter().filter_map(Value::as_str).any(seen).then(|| url.to_owned());
    }
    let list = url.strip_prefix("/tiles/")?.strip_suffix(".json")?;
    let left: Vec<&str> = list.split(',').filter(|id| seen(id)).collect();
    (!left.is_empty()).then(|| format!("/tiles/{}.json", left.join(",")))
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
            "emprise:legend": [
                { "title": { "fr": "Terrains", "en": "Plots" }, "of": ["plots", "yards"], "items": [{ "of": ["yards"] }, { "icon": "x" }] },
                { "title": { "fr": "Secret", "en": "Secret" }, "of": ["secret"] }
            ]
        },
        "sprite": "/sprites/emprise",
        "sources": {
            "land": { "url": "/tiles/plots,yards.json" },
            "other": { "url": "/tiles/secret.json" },
            "made": { "url": "/tiles/made.json", "emprise:of": ["tables", "secret"] }
        },
        "layers": [
            { "emprise:part": "borders" },
            { "id": "ground", "paint": { "c": "#ffffff" } },
            { "id": "plots", "source": "land", "source-layer": "plots", "paint": { "c": ["match", "a", "#ffffff", "#abc"], "p": "hatch-risk" } },
            { "id": "made", "source": "made", "source-layer": "arrows" },
            { "id": "secret", "source": "other", "source-layer": "secret" }
        ]
    }"##;

    fn ids(style: &Value) -> Vec<&str> {
        style["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn a_layer_that_is_not_there_leaves_no_trace() {
        let style = fill(TEMPLATE, "https://a.org/b", |id| id == "plots", Look::default());
        assert_eq!(style["sources"], json!({ "land": { "url": "https://a.org/b/tiles/plots.json" } }));
        assert_eq!(
            style["metadata"],
            json!({ "emprise:legend": [{ "title": "Plots", "of": ["plots"], "items": [{ "icon": "x" }] }] })
        );
        assert_eq!(style["sprite"], "https://a.org/b/sprites/emprise");
        assert_eq!(ids(&style), ["ground", "plots"]);
        assert!(!style.to_string().to_lowercase().contains("secret"));
    }

    #[test]
    fn a_part_brings_its_layers_and_sources() {
        let style = fill(TEMPLATE, "", |id| ["communes", "tables"].contains(&id), Look::default());
        assert_eq!(style["sources"]["ground"]["url"], "/tiles/communes.json");
        assert_eq!(style["sources"]["made"], json!({ "url": "/tiles/made.json" }));
        assert_eq!(ids(&style), ["communes-border", "ground", "made"]);
    }

    #[test]
    fn the_dark_scheme_replaces_whole_colours_and_hatches() {
        let look = Look { language: Language::Fr, scheme: Scheme::Dark, ..Look::default() };
        let style = fill(TEMPLATE, "", |id| id == "plots", look);
        assert_eq!(style["layers"][0]["paint"]["c"], "#15191d");
        assert_eq!(style["layers"][1]["paint"], json!({ "c": ["match", "a", "#15191d", "#abc"], "p": "hatch-risk-dark" }));
        assert_eq!(style["metadata"]["emprise:legend"][0]["title"], "Terrains");
    }
}
