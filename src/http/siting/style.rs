//! How the answer is drawn: passing sites by score, undecided ones apart, failing ones grey by what removed them.
//!
//! Told apart by lightness, hatch and line as much as by hue: blue for what passes, hatched orange for what is unknown, greys for
//! what fails, which those who confuse red and green, or blue and yellow, tell apart too.

use serde_json::{Map, Value, json};

use crate::http::address::Address;
use crate::http::siting::layer::Paint;
use crate::http::siting::question::Question;
use crate::http::styles::plain;
use crate::http::styles::template::{Client, Look, Scheme, fill};
use crate::layer::definition::Role;
use crate::layer::language::Language;
use crate::layer::value::{Value as Cell, Values};
use crate::paper::numbers::decimal;
use crate::siting::paint::Painted;

/// Colours of one scheme.
struct Colours {
    /// From the least score to the greatest.
    ramp: [&'static str; 5],
    unknown: &'static str,
    unknown_edge: &'static str,
    unknown_hatch: &'static str,
    /// By the order of the requirements, again from the first beyond the last.
    greys: [&'static str; 6],
    edge: &'static str,
    text: &'static str,
    halo: &'static str,
}

const LIGHT: Colours = Colours {
    ramp: ["#d6e6f4", "#a3cce6", "#5fa5d3", "#2a78b5", "#08448c"],
    unknown: "#fdae6b",
    unknown_edge: "#a63603",
    unknown_hatch: "hatch-unknown",
    greys: ["#d0ccc6", "#bdb8b1", "#aaa59d", "#989288", "#868074", "#c6c6ca"],
    edge: "#17405f",
    text: "#ffffff",
    halo: "#08306b",
};

const DARK: Colours = Colours {
    ramp: ["#1d3f5c", "#2a628f", "#3f8ac4", "#77b5e3", "#cfe8f8"],
    unknown: "#b8672a",
    unknown_edge: "#ffc58a",
    unknown_hatch: "hatch-unknown-dark",
    greys: ["#3a3f44", "#464c52", "#525960", "#5f666e", "#6c747c", "#404048"],
    edge: "#cfe8f8",
    text: "#10161a",
    halo: "#cfe8f8",
};

/// Land, borders and networks without a word: the answer's own numbers are what is read.
pub const GROUND: &str = include_str!("../../../styles/siting.json");

/// A style by itself: the ground of the shipped styles, and the answer upon it.
pub fn style(question: &Question, paint: &Paint, address: &Address, look: Look) -> Value {
    let view = paint.view(question);
    let seen = |id: &str| {
        let layer = view.layer(id).map(|layer| layer.definition());
        layer.is_some_and(|definition| definition.tiles.is_some() && definition.role != Role::Candidate)
    };
    // What is said of the answer holds a person's own words: no colour or text of it is replaced.
    let mut style = fill(GROUND, &address.0, seen, Look { client: Client::Maplibre, ..look });
    let Look { language, scheme, client } = look;
    let colours = if scheme == Scheme::Dark { &DARK } else { &LIGHT };
    let drawn: Vec<&Painted> = paint
        .layers
        .iter()
        .filter(|painted| view.layer(&painted.layer).is_some_and(|layer| layer.definition().tiles.is_some()))
        .collect();
    let reasons = reasons(question);
    let range = score_range(&drawn);
    style["name"] = question.spec.title.as_deref().unwrap_or("Emprise siting").into();
    style["metadata"] = json!({ "emprise:siting": question.id, "emprise:legend": legend(&reasons, range, colours, language) });
    if let Some(sources) = style["sources"].as_object_mut().filter(|_| !drawn.is_empty()) {
        let url = format!("{}/siting/{}/tiles.json", address.0, question.id);
        sources.insert("siting".to_owned(), json!({ "type": "vector", "url": url }));
    }
    if let Some(layers) = style["layers"].as_array_mut() {
        layers.extend(drawn.iter().flat_map(|painted| layers_of(&painted.layer, &reasons, range, colours)));
    }
    if client == Client::Qgis {
        plain::simplify(&mut style);
    }
    style
}

/// The requirements by name, in written order: what requires nothing removes nothing.
fn reasons(question: &Question) -> Vec<String> {
    let criteria = question.spec.criteria.0.iter();
    criteria.filter(|(_, criterion)| criterion.is_required()).map(|(name, _)| name.clone()).collect()
}

/// The least and the greatest score among passing sites; `None` where none passes.
fn score_range(paint: &[&Painted]) -> Option<[f64; 2]> {
    let columns = |painted: &Painted| -> Option<Vec<f64>> {
        let column = |name: &str| painted.columns.iter().find(|(known, _)| *known == name).map(|(_, values)| values);
        let (verdicts, scores) = (column("verdict")?, column("score")?);
        let passes = |row: &u32| verdicts.text(*row) == Some("pass");
        let rows = 0..painted.is_candidate.len() as u32;
        Some(rows.filter(passes).filter_map(|row| number(scores, row)).collect())
    };
    let scores: Vec<f64> = paint.iter().filter_map(|painted| columns(painted)).flatten().collect();
    let least = scores.iter().copied().reduce(f64::min)?;
    Some([least, scores.iter().copied().fold(least, f64::max)])
}

fn number(values: &Values, row: u32) -> Option<f64> {
    match values.get(row) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// Colours by score, each step as wide as the others.
fn by_score(range: Option<[f64; 2]>, colours: &Colours) -> Value {
    let [least, greatest] = range.unwrap_or_default();
    // Steps must rise.
    if greatest - least < 1e-9 {
        return colours.ramp[4].into();
    }
    let mut ramp = vec![json!("interpolate"), json!(["linear"]), json!(["get", "score"])];
    for (step, colour) in colours.ramp.iter().enumerate() {
        ramp.push((least + (greatest - least) * step as f64 / 4.0).into());
        ramp.push((*colour).into());
    }
    ramp.into()
}

fn by_reason(reasons: &[String], colours: &Colours) -> Value {
    let mut cases = vec![json!("match"), json!(["get", "reason"])];
    for (reason, grey) in reasons.iter().zip(colours.greys.iter().cycle()) {
        cases.push(reason.as_str().into());
        cases.push((*grey).into());
    }
    cases.push(colours.greys[0].into());
    if reasons.is_empty() { colours.greys[0].into() } else { cases.into() }
}

/// From below: what fails, what is unknown, what passes, and the first ranks.
fn layers_of(layer: &str, reasons: &[String], range: Option<[f64; 2]>, colours: &Colours) -> Vec<Value> {
    let verdict = |word: &str| json!(["==", ["get", "verdict"], word]);
    let fill = |word: &str, colour: Value, opacity: f64| {
        let mut layer = based(layer, word, "fill");
        layer.insert("filter".into(), verdict(word));
        layer.insert("paint".into(), json!({ "fill-color": colour, "fill-opacity": opacity, "fill-antialias": false }));
        Value::Object(layer)
    };
    let line = |word: &str, paint: Value| {
        let mut layer = based(layer, word, "line");
        layer.insert("filter".into(), verdict(word));
        layer.insert("layout".into(), json!({ "line-join": "round" }));
        layer.insert("paint".into(), paint);
        Value::Object(layer)
    };
    let width = |near: f64| json!(["interpolate", ["linear"], ["zoom"], 6, near, 14, 2.0 * near]);
    let mut ranks = based(layer, "rank", "symbol");
    ranks.insert("filter".into(), json!(["all", verdict("pass"), ["<=", ["get", "rank"], 50]]));
    ranks.insert("minzoom".into(), json!(9));
    ranks.insert("layout".into(), json!({ "text-field": ["to-string", ["get", "rank"]], "text-font": ["Noto Sans Regular"], "text-size": 12, "symbol-sort-key": ["get", "rank"] }));
    ranks.insert("paint".into(), json!({ "text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 1.6 }));
    let mut hatch = based(layer, "unknown-hatch", "fill");
    hatch.insert("filter".into(), verdict("unknown"));
    hatch.insert("paint".into(), json!({ "fill-pattern": colours.unknown_hatch }));
    vec![
        fill("fail", by_reason(reasons, colours), 0.75),
        fill("unknown", colours.unknown.into(), 0.55),
        Value::Object(hatch),
        line("unknown", json!({ "line-color": colours.unknown_edge, "line-width": width(0.8), "line-dasharray": [2, 1.5] })),
        fill("pass", by_score(range, colours), 0.9),
        line("pass", json!({ "line-color": colours.edge, "line-width": width(0.7) })),
        Value::Object(ranks),
    ]
}

fn based(layer: &str, word: &str, kind: &str) -> Map<String, Value> {
    let group = json!({ "emprise:group": "siting" });
    let members = [
        ("id", json!(format!("siting-{layer}-{word}-{kind}"))),
        ("type", json!(kind)),
        ("source", json!("siting")),
        ("source-layer", json!(layer)),
        ("metadata", group),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn legend(reasons: &[String], range: Option<[f64; 2]>, colours: &Colours, language: Language) -> Value {
    let area = |colour: &str, title: String| json!({ "shape": "area", "color": colour, "title": title });
    let mut items: Vec<Value> = Vec::new();
    if let Some([least, greatest]) = range {
        let title = |score: f64| {
            let score = decimal(score, 2, language);
            language.of(format!("retenu, note {score}"), format!("passes, score {score}"))
        };
        items.push(area(colours.ramp[4], title(greatest)));
        if greatest - least >= 1e-9 {
            items.push(area(colours.ramp[0], title(least)));
        }
    }
    let unknown = language.of("indécis : une donnée manque", "undecided: something is unknown").to_owned();
    items.push(
        json!({ "shape": "area", "color": colours.unknown, "edge": colours.unknown_edge, "hatch": colours.unknown_hatch, "dash": [2, 1.5], "title": unknown }),
    );
    let failing = |(reason, grey): (&String, &&'static str)| {
        area(grey, language.of(format!("écarté par «\u{a0}{reason}\u{a0}»"), format!("removed by “{reason}”")))
    };
    items.extend(reasons.iter().zip(colours.greys.iter().cycle()).map(failing));
    json!([{ "id": "siting", "title": language.of("Réponse", "Answer"), "items": items }])
}
