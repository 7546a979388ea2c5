//! The shipped styles: whole, in both schemes told apart by those who confuse colours, and understood by QGIS.

use std::collections::BTreeSet;

use emprise::http::styles::STYLES;
use emprise::http::styles::plain::refused;
use emprise::http::styles::template::{Client, Look, Scheme, fill};
use emprise::layer::language::Language;
use emprise::layer::shipped::shipped;
use serde_json::Value;

use crate::harness::repository;

fn every_look() -> Vec<(&'static str, Look, Value)> {
    let mut all = Vec::new();
    for (id, template) in STYLES {
        for language in [Language::Fr, Language::En] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                for client in [Client::Maplibre, Client::Qgis] {
                    let look = Look { language, scheme, client };
                    all.push((id, look, fill(template, "https://maps.example.org", |_| true, look)));
                }
            }
        }
    }
    all
}

/// Every text within a value.
fn texts<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => drop(found.insert(text)),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(members) => members.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

fn read(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(repository(path)).unwrap()).unwrap()
}

fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#')
}

#[test]
fn every_colour_and_hatch_has_a_dark_partner() {
    let dark = read("styles/dark.json");
    for (id, look, style) in every_look().iter().filter(|(_, look, _)| look.scheme == Scheme::Light) {
        let mut used = BTreeSet::new();
        texts(&style["layers"], &mut used);
        texts(&style["metadata"], &mut used);
        let hatches = read("styles/sprites/sheet.json")["hatches"].clone();
        for name in used.iter().filter(|text| is_colour(text) || hatches.get(**text).is_some()) {
            assert!(dark[*name].is_string(), "{id}, {look:?}: {name} has none");
        }
    }
}

#[test]
fn every_image_is_drawn_and_every_layer_is_one() {
    let sheet = read("styles/sprites/sheet.json");
    let (icons, hatches) = (sheet["icons"].as_object().unwrap(), sheet["hatches"].as_object().unwrap());
    for svg in icons.keys().map(String::as_str).chain(hatches.values().map(|hatch| hatch[0].as_str().unwrap())) {
        let text = std::fs::read_to_string(repository(&format!("styles/sprites/{svg}.svg"))).unwrap();
        assert!(text.contains("#000"), "{svg} is drawn in black, to be coloured");
    }
    let known: BTreeSet<String> = shipped().unwrap().into_iter().map(|layer| layer.id).collect();
    let plain = |name: &str| name.strip_suffix("-dark").unwrap_or(name).to_owned();
    for (id, look, style) in every_look() {
        for layer in style["layers"].as_array().unwrap() {
            if let Some(pattern) = layer["paint"]["fill-pattern"].as_str() {
                assert!(hatches.contains_key(&plain(pattern)), "{id}: {pattern}");
                assert_eq!(pattern.ends_with("-dark"), look.scheme == Scheme::Dark);
            }
            if let Some(icon) = layer["layout"]["icon-image"].as_str() {
                assert!(icons.contains_key(icon), "{id}: {icon}");
            }
            let source = layer["source"].as_str().unwrap_or("commuting");
            assert!(layer["source"].is_null() || style["sources"].get(source).is_some(), "{id}: {layer}");
            let name = layer["source-layer"].as_str().map(|name| name.strip_suffix("-labels").unwrap_or(name));
            assert!(source == "commuting" || name.is_none_or(|name| known.contains(name)), "{id}: no layer {name:?}");
        }
        assert!(!style.to_string().contains("emprise:part") && !style.to_string().contains(r#""fr":"#), "{id}: {look:?}");
    }
}

#[test]
fn nothing_of_the_simple_variant_is_refused_by_the_converter() {
    for (id, look, style) in every_look().iter().filter(|(_, look, _)| look.client == Client::Qgis) {
        assert_eq!(refused(style), [""; 0], "{id}, {look:?}");
        assert!(style["sprite"].as_str().unwrap().ends_with("/sprites/emprise"), "{id}: icons with colours of their own");
    }
}

/// What red, green and blue become for those without one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1).
const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protan", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("deutan", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    ("tritan", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// CIELAB under D65 of a colour as a person with this sight sees it.
fn lab(colour: &str, sight: &[[f64; 3]; 3]) -> [f64; 3] {
    let band = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
    let linear = [1, 3, 5].map(band).map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    let seen = times(sight, linear).map(|c| c.clamp(0.0, 1.0));
    let to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
    let [x, y, z] = times(&to_xyz, seen);
    let [fx, fy, fz] = [x / 0.95047, y, z / 1.08883].map(|t| if t > 0.008856 { t.cbrt() } else { (903.3 * t + 16.0) / 116.0 });
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

fn apart(a: &str, b: &str, sight: &[[f64; 3]; 3]) -> f64 {
    let squares = lab(a, sight).iter().zip(lab(b, sight)).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    squares.sqrt()
}

/// Ten units of CIELAB are a difference seen at a glance; the customary colours of zoning plans are 7 apart to a deuteranope.
#[test]
fn classes_are_told_apart_whatever_colours_one_confuses() {
    let mut compared = 0;
    for (id, look, style) in every_look() {
        for group in style["metadata"]["emprise:legend"].as_array().unwrap() {
            let classes: Vec<&Value> = group["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|item| item["icon"].is_null() || item["shape"] == "area")
                .collect();
            for (at, a) in classes.iter().enumerate() {
                for b in &classes[..at] {
                    // Two hatches of one colour, or strokes that their dashes tell apart.
                    if a["shape"] != b["shape"] || (a["shape"] == "hatch" && a["hatch"] != b["hatch"]) || a["dash"] != b["dash"] {
                        continue;
                    }
                    for (sight, matrix) in &SIGHTS {
                        let distance = apart(a["color"].as_str().unwrap(), b["color"].as_str().unwrap(), matrix);
                        assert!(
                            distance >= 10.0,
                            "{id} {look:?} {sight}: {} and {} are {distance:.1} apart",
                            a["title"],
                            b["title"]
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 500, "{compared}");
}
