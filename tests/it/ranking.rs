//! Ranking: a thousand random specifications answered by the program and by a plain computation in numpy
//! (`tests/oracle/siting.py`), written from the definitions alone.

use std::io::Write;
use std::process::{Command, Stdio};

use emprise::atlas::{Atlas, Rights};
use emprise::layer::definition::FieldType;
use emprise::layer::value::Value as Cell;
use emprise::siting::answer::{Answer, RankedSite};
use emprise::siting::land::Land;
use emprise::siting::memo::Memo;
use emprise::siting::work::Work;
use emprise::siting::{site, spec, study};
use geo_types::{Geometry, Point, Rect};
use serde_json::{Map, Value, json};

use crate::harness::{Dice, with_cells};
use crate::siting::{answer, atlas_of, valley};

const SITES: usize = 60;
const QUESTIONS: usize = 1_000;

/// Python with numpy: `EMPRISE_PYTHON`, else `python3`; `None` where there is none.
fn python() -> Option<String> {
    let python = std::env::var("EMPRISE_PYTHON").unwrap_or_else(|_| "python3".into());
    let numpy = Command::new(&python).args(["-c", "import numpy"]).stderr(Stdio::null()).status();
    numpy.is_ok_and(|status| status.success()).then_some(python)
}

/// What the oracle answers.
fn oracle(python: &str, input: &Value) -> Vec<Value> {
    let script = crate::harness::repository("tests/oracle/siting.py");
    let mut child = Command::new(python).arg("-B").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = input.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the oracle failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn pick<'a, T: ?Sized>(dice: &mut Dice, among: &[&'a T]) -> &'a T {
    among[whole(dice, among.len())]
}

fn whole(dice: &mut Dice, below: usize) -> usize {
    (dice.roll() * below as f64) as usize
}

/// One of a few numbers, so that sites are equal and thresholds are met exactly.
fn coarse(dice: &mut Dice, most: f64, step: f64) -> f64 {
    (dice.roll() * most / step).round() * step
}

const STAGES: [&str; 3] = ["on sale", "reserved", "sold"];

/// One cell of a plot; unknown one time in eight.
fn cell(dice: &mut Dice, column: &str) -> Cell {
    if dice.roll() < 0.125 {
        return Cell::Unknown;
    }
    match column {
        "depth" => Cell::Number(coarse(dice, 6_000.0, 100.0)),
        "price" => Cell::Number(dice.roll() * 80.0),
        "slots" => Cell::Integer(whole(dice, 10) as i64),
        "stage" => Cell::Text(pick(dice, &STAGES).to_owned()),
        "turnkey" => Cell::Boolean(dice.roll() < 0.5),
        _ => Cell::Date(jiff::civil::date(2024, 1, 1).saturating_add(jiff::Span::new().days(whole(dice, 1_500) as i64))),
    }
}

const COLUMNS: [(&str, &str); 6] = [
    ("depth", "type = \"number\", unit = \"m\""),
    ("free-from", "type = \"date\""),
    ("price", "type = \"number\", unit = \"EUR/m2\""),
    ("slots", "type = \"integer\""),
    ("stage", "type = \"text\", values = { a = \"on sale\", r = \"reserved\", s = \"sold\" }"),
    ("turnkey", "type = \"boolean\""),
];

/// A made-up territory, and what its plots' cells say, column by column.
struct Territory {
    atlas: Atlas,
    ids: Vec<String>,
    cells: Vec<Vec<Cell>>,
}

fn territory(dice: &mut Dice) -> Territory {
    let cells = COLUMNS.iter().map(|(column, _)| (0..SITES).map(|_| cell(dice, column)).collect()).collect();
    of_cells(dice, cells)
}

fn of_cells(dice: &mut Dice, cells: Vec<Vec<Cell>>) -> Territory {
    let ids: Vec<String> = (0..SITES).map(|n| if n % 4 == 0 { format!("Z{n}") } else { n.to_string() }).collect();
    let toml: String = COLUMNS.iter().map(|(name, rest)| format!("columns.{name} = {{ from = [\"x\"], {rest} }}\n")).collect();
    let spot = |dice: &mut Dice| (700_000.0 + 9_000.0 * dice.roll(), 6_600_000.0 + 9_000.0 * dice.roll());
    let plot = |dice: &mut Dice| -> Option<Geometry<f64>> {
        let (x, y) = spot(dice);
        let side = |dice: &mut Dice| 30.0 + 300.0 * dice.roll();
        (dice.roll() > 0.05).then(|| Rect::new((x, y), (x + side(dice), y + side(dice))).to_polygon().into())
    };
    let plots = ids.iter().map(|id| (id.clone(), plot(dice))).collect();
    let towns = (0..40).map(|n| (n.to_string(), Some(Geometry::Point(Point::from(spot(dice)))))).collect();
    let workers = "columns.workers = { from = [\"w\"], type = \"integer\" }";
    let layers = vec![
        with_cells("plots", &toml, plots, |id, column, _: FieldType| {
            let row = ids.iter().position(|known| known == id)?;
            let column = COLUMNS.iter().position(|(name, _)| *name == column)?;
            Some(cells[column][row].clone())
        }),
        with_cells("towns", workers, towns, |id, _, _| {
            let n: i64 = id.parse().unwrap();
            (n % 7 != 3).then_some(Cell::Integer(50 * n))
        }),
    ];
    Territory { atlas: Atlas::from_layers("made-up".into(), layers), ids, cells }
}

/// Measures of the ground, each as it is written and with the unit of what it reads.
fn of_the_ground() -> [(&'static str, Value, &'static str, f64); 4] {
    [
        ("area", json!({ "kind": "area" }), " m2", 100_000.0),
        ("near", json!({ "kind": "proximity", "to": "towns" }), " m", 3_000.0),
        ("around", json!({ "kind": "count", "of": "towns", "radius": "2 km" }), "", 8.0),
        ("workers", json!({ "kind": "sum", "of": "towns", "field": "workers", "radius": "2 km" }), "", 8_000.0),
    ]
}

fn put(atlas: &Atlas, memo: &Memo, question: &Value) -> Answer {
    let spec = spec::read::read(&question.to_string()).unwrap_or_else(|error| panic!("{error}\n{question}"));
    let (work, rights) = (Work::default(), Rights::public());
    let land = Land::prepare(&spec, atlas.view(&rights), memo, &work).unwrap();
    let mut study = study(&land, memo, &work).unwrap_or_else(|error| panic!("{error}\n{question}"));
    study.answer(&work).unwrap()
}

/// The measures for the oracle: cells as they were made, and those of the ground as the program measures them when nothing is
/// asked of them.
fn measures(territory: &Territory) -> Value {
    let mut found = Map::new();
    for ((name, rest), cells) in COLUMNS.iter().zip(&territory.cells) {
        let scale = [("date", "date"), ("boolean", "truth"), ("text", "words")];
        let scale = scale.iter().find(|(kind, _)| rest.contains(&format!("\"{kind}\""))).map_or("number", |(_, scale)| scale);
        let cells: Vec<Value> = cells.iter().map(written).collect();
        found.insert((*name).into(), json!({ "scale": scale, "cells": cells }));
    }
    let everything: Map<String, Value> = of_the_ground()
        .into_iter()
        .map(|(name, mut criterion, unit, most)| {
            criterion["value"] = json!({ format!("0{unit}"): 0, format!("{most}{unit}"): 1 });
            (name.to_owned(), criterion)
        })
        .collect();
    let question = json!({ "emprise": 1, "limit": 10_000, "candidates": { "layers": ["plots"] }, "criteria": everything });
    let answer = put(&territory.atlas, &Memo::default(), &question);
    for (name, ..) in of_the_ground() {
        let read = |id: &String| {
            let site = answer.sites.iter().find(|site| site.id == *id).unwrap();
            let finding = site.findings.iter().find(|finding| finding.criterion == name).unwrap();
            if finding.at_least { json!({ "at_least": finding.value }) } else { finding.value.clone() }
        };
        let cells: Vec<Value> = territory.ids.iter().map(read).collect();
        found.insert(name.into(), json!({ "scale": "number", "cells": cells }));
    }
    found.into()
}

fn written(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => Value::Null,
        Cell::Text(word) => word.clone().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Boolean(truth) => (*truth).into(),
        Cell::Date(date) => date.to_string().into(),
    }
}

/// A random criterion that is measured: what is written, and the measure's name.
fn criterion(dice: &mut Dice, must_require: bool) -> (Value, String) {
    let ground = of_the_ground();
    let at = whole(dice, COLUMNS.len() + ground.len());
    let (name, mut criterion, quantities) = match COLUMNS.get(at) {
        Some((column, _)) => ((*column).to_owned(), json!({ "kind": "attribute", "column": column }), quantities(dice, column)),
        None => {
            let (name, criterion, unit, most) = ground[at - COLUMNS.len()].clone();
            let mut numbers: Vec<f64> = (0..3).map(|_| coarse(dice, most, most / 16.0)).collect();
            numbers.sort_by(f64::total_cmp);
            (name.to_owned(), criterion, numbers.iter().map(|number| format!("{number}{unit}")).collect())
        }
    };
    let ordered = !matches!(name.as_str(), "stage" | "turnkey");
    let requires = must_require || dice.roll() < 0.5;
    if requires {
        criterion["required"] = required(dice, &quantities, ordered).into();
    }
    if !requires || dice.roll() < 0.7 {
        let mut points = Map::new();
        quantities.iter().for_each(|at| {
            points.insert(at.clone(), coarse(dice, 1.0, 0.125).into());
        });
        criterion["value"] = points.into();
        if dice.roll() < 0.5 {
            criterion["weight"] = json!(coarse(dice, 5.0, 0.25) + if dice.roll() < 0.9 { 0.1 } else { 0.0 });
        }
    }
    (criterion, name)
}

/// Up to three values of a column, rising.
fn quantities(dice: &mut Dice, column: &str) -> Vec<String> {
    match column {
        "stage" => STAGES[..2 + whole(dice, 2)].iter().map(|&word| word.to_owned()).collect(),
        "turnkey" => vec!["false".into(), "true".into()],
        "free-from" => ["2024-06-15", "2025-11-01", "2027-02-28"].map(str::to_owned).into(),
        "slots" => ["2", "5", "7"].map(str::to_owned).into(),
        "price" => ["12.5 EUR/m2", "40 EUR/m2", "66.6 EUR/m2"].map(str::to_owned).into(),
        _ => ["800 m", "2.3 km", "4.7 km"].map(str::to_owned).into(),
    }
}

fn required(dice: &mut Dice, quantities: &[String], ordered: bool) -> String {
    let any = |dice: &mut Dice| quantities[whole(dice, quantities.len())].clone();
    if !ordered || dice.roll() < 0.1 {
        return match whole(dice, 4) {
            0 => format!("= {}", any(dice)),
            1 => format!("<> {}", any(dice)),
            2 => format!("in [{}, {}]", quantities[0], quantities[1]),
            _ => format!("not in [{}]", any(dice)),
        };
    }
    if dice.roll() < 0.15 && quantities[0] != quantities[2] {
        return format!(">= {} and < {}", quantities[0], quantities[2]);
    }
    format!("{} {}", pick(dice, &["<", "<=", ">", ">="]), any(dice))
}

/// A random specification of up to seven criteria, some in groups, with the measure of each.
fn question(dice: &mut Dice) -> (Value, Value) {
    let (mut criteria, mut names) = (Map::new(), Map::new());
    for place in 0..1 + whole(dice, 5) {
        if dice.roll() < 0.2 {
            let group = format!("g{place}");
            let mut members = Map::new();
            for member in 0..1 + whole(dice, 3) {
                let (criterion, measure) = criterion(dice, true);
                names.insert(format!("{group}/m{member}"), measure.into());
                members.insert(format!("m{member}"), criterion);
            }
            let kind = *pick(dice, &[&"all", &"any", &"none", &"at-least"]);
            let mut written = json!({ "kind": kind, "criteria": members });
            if kind == "at-least" {
                written["n"] = (1 + whole(dice, written["criteria"].as_object().unwrap().len())).into();
            }
            criteria.insert(group, written);
        } else {
            let (criterion, measure) = criterion(dice, false);
            names.insert(format!("c{place}"), measure.into());
            criteria.insert(format!("c{place}"), criterion);
        }
    }
    let mut spec = json!({ "emprise": 1, "limit": 10_000, "candidates": { "layers": ["plots"] }, "criteria": criteria });
    if dice.roll() < 0.4 {
        weigh(dice, &mut spec);
    }
    if dice.roll() < 0.1 {
        spec["method"] = "topsis".into();
    } else if dice.roll() < 0.006 {
        spec["robustness"] = json!({ "draws": 20_000, "ranks": 4 });
    }
    (spec, names.into())
}

/// Takes the weights out of the criteria, returns the names of those with a value function.
fn valued(criteria: &mut Value, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, criterion) in criteria.as_object_mut().unwrap() {
        if let Some(members) = criterion.get_mut("criteria") {
            found.extend(valued(members, &format!("{prefix}{name}/")));
        } else if criterion.get("value").is_some() {
            criterion.as_object_mut().unwrap().remove("weight");
            found.push(format!("{prefix}{name}"));
        }
    }
    found
}

/// A random block of weights. Comparisons are those of random weights, rounded to the scale: they agree more or less.
fn weigh(dice: &mut Dice, spec: &mut Value) {
    let mut names = valued(&mut spec["criteria"], "");
    if names.is_empty() {
        return;
    }
    names.sort_by_key(|_| (dice.roll() * 1e9) as u64);
    let rough: Vec<f64> = names.iter().map(|_| 1.0 + (dice.roll() * 4.0).round()).collect();
    spec["weights"] = match whole(dice, 3) {
        0 => {
            let tied = if names.len() > 2 && dice.roll() < 0.5 { names.split_off(names.len() - 2) } else { Vec::new() };
            let tiers = names.iter().map(|name| json!(name)).chain((!tied.is_empty()).then(|| json!(tied)));
            json!({ "order": tiers.collect::<Vec<_>>() })
        }
        1 => {
            let points = names
                .iter()
                .enumerate()
                .map(|(at, name)| (name.clone(), if at == 0 { json!(100) } else { json!(coarse(dice, 100.0, 2.5)) }));
            json!({ "swing": points.collect::<Map<_, _>>() })
        }
        _ => {
            let mut rows = Map::new();
            for (at, name) in names.iter().enumerate() {
                let judged = (at + 1..names.len()).map(|other| {
                    let ratio = rough[at] / rough[other];
                    let judgement =
                        if ratio < 1.0 { json!(format!("1/{}", (1.0 / ratio).round())) } else { json!(ratio.round()) };
                    (names[other].clone(), judgement)
                });
                rows.insert(name.clone(), judged.collect::<Map<_, _>>().into());
            }
            json!({ "pairwise": rows })
        }
    };
}

fn same(question: &Value, found: &[RankedSite], expected: &Value) {
    let expected = expected.as_array().unwrap();
    let ids = |sites: &[Value]| sites.iter().map(|site| site["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let own: Vec<String> = found.iter().map(|site| site.id.clone()).collect();
    assert_eq!(own, ids(expected), "{question}");
    for (site, expected) in found.iter().zip(expected) {
        let close = |found: f64, expected: &Value, what: &str| {
            let expected = expected.as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-12, "{what} of {}: {found} instead of {expected}\n{question}", site.id);
        };
        if let Some(undominated) = site.undominated {
            assert_eq!(undominated, expected["undominated"].as_bool().unwrap(), "{}\n{question}", site.id);
        }
        if let Some(acceptability) = &site.acceptability {
            // Twice 20,000 draws: five standard deviations are 0.025.
            let drawn = expected["ranks"].as_array().unwrap().iter().map(|share| share.as_f64().unwrap());
            let near = acceptability.ranks.iter().zip(drawn).all(|(own, drawn)| (own - drawn).abs() < 0.025);
            assert!(near, "{}: {acceptability:?}, {}\n{question}", site.id, expected["ranks"]);
        }
        if question["method"] == "topsis" {
            assert!((site.score - expected["score"].as_f64().unwrap()).abs() < 5e-9, "{}\n{question}", site.id);
            assert!(site.findings.iter().all(|finding| finding.contribution.is_none()));
            continue;
        }
        close(site.score, &expected["score"], "score");
        close(site.score_interval[0], &expected["score_interval"][0], "least score");
        close(site.score_interval[1], &expected["score_interval"][1], "greatest score");
        assert_eq!(json!(site.rank_interval), expected["rank_interval"], "ranks of {}\n{question}", site.id);
        for finding in site.findings.iter().filter(|finding| finding.contribution.is_some()) {
            close(finding.contribution.unwrap(), &expected["contributions"][&finding.criterion], &finding.criterion);
        }
    }
}

#[test]
fn a_thousand_random_specifications_are_answered_as_numpy_answers_them() {
    let Some(python) = python() else {
        eprintln!("skipped: no python with numpy (set EMPRISE_PYTHON)");
        return;
    };
    let mut dice = Dice(31);
    let territory = territory(&mut dice);
    let memo = Memo::default();
    let mut questions = Vec::new();
    let mut answers = Vec::new();
    while questions.len() < QUESTIONS {
        let (spec, measures) = question(&mut dice);
        // Some drawn thresholds contradict each other, some weights are all zero: told in other tests.
        let Ok(read) = spec::read::read(&spec.to_string()) else { continue };
        let (work, rights) = (Work::default(), Rights::public());
        let Ok(land) = Land::prepare(&read, territory.atlas.view(&rights), &memo, &work) else { continue };
        let Ok(mut study) = study(&land, &memo, &work) else { continue };
        answers.push(study.answer(&work).unwrap());
        questions.push(json!({ "spec": spec, "measures": measures }));
    }
    let listed: usize = answers.iter().map(|answer| answer.sites.len()).sum();
    assert!(listed > 5_000, "{listed} sites pass: enough to compare");
    let input = json!({ "sites": territory.ids, "measures": measures(&territory), "questions": questions });
    let asked = |what: &str| questions.iter().filter(|question| !question["spec"][what].is_null()).count();
    assert!(asked("weights") > 200 && asked("method") > 50 && asked("robustness") > 2, "something of everything");
    let expected = oracle(&python, &input);
    assert_eq!(expected.len(), QUESTIONS);
    for ((question, answer), expected) in questions.iter().zip(&answers).zip(&expected) {
        same(&question["spec"], &answer.sites, &expected["sites"]);
        same(&question["spec"], &answer.undecided_sites, &expected["undecided_sites"]);
    }
}

/// Four criteria over a random country, and what is written beside them.
fn country(beside: &str) -> String {
    format!(
        r#"
        emprise: 1
        limit: 1000
        candidates: {{ layers: [plots] }}
        {beside}
        criteria:
          area: {{ kind: area, required: ">= 2000 m2", value: {{ 0 m2: 0, 5 ha: 1 }} }}
          near: {{ kind: proximity, to: points, required: "<= 900 m", value: {{ 0 m: 1, 900 m: 0 }} }}
          clear: {{ kind: clearance, from: zones, required: ">= 10 m", value: {{ 0 m: 0, 300 m: 1 }} }}
          stock: {{ kind: attribute, column: stock, value: {{ 0: 0, 6: 1 }} }}
    "#
    )
}

/// What a specification over the random country is told.
fn told(text: &str) -> String {
    let atlas = atlas_of(3);
    match spec::read::read(text) {
        Err(error) => error.to_string(),
        Ok(spec) => match site(&spec, atlas.view(&Rights::public())) {
            Err(error) => error.to_string(),
            Ok(_) => "nothing".to_owned(),
        },
    }
}

#[test]
fn weights_come_from_an_order_from_swings_or_from_comparisons() {
    let atlas = atlas_of(3);
    let shares = |beside: &str| {
        let answer = answer(&atlas, &country(beside));
        (answer.criteria.iter().map(|head| head.share.unwrap()).collect::<Vec<_>>(), answer.ranking)
    };
    let (direct, ranking) = shares("");
    assert_eq!((direct, ranking.weights), (vec![0.25; 4], "direct"));
    let (order, ranking) = shares("weights: { order: [near, area, stock, clear] }");
    let centroids = [13.0 / 48.0, 25.0 / 48.0, 3.0 / 48.0, 7.0 / 48.0];
    assert!(order.iter().zip(centroids).all(|(share, exact)| (share - exact).abs() < 1.5e-9), "{order:?}");
    assert_eq!(ranking.weights, "order");
    let (swing, _) = shares("weights: { swing: { near: 100, area: 60, stock: 40, clear: 0 } }");
    assert_eq!(swing, [0.3, 0.5, 0.0, 0.2]);
    let pairs = "{ near: { area: 3, stock: 5, clear: 5 }, area: { stock: 3, clear: 3 }, stock: { clear: 1 } }";
    let (pairwise, ranking) = shares(&format!("weights: {{ pairwise: {pairs} }}"));
    assert!(pairwise[1] > 2.0 * pairwise[0] && (pairwise[2] - pairwise[3]).abs() < 1e-8, "{pairwise:?}");
    assert!(ranking.weights == "pairwise" && ranking.consistency.unwrap().ratio < 0.05);
    assert_eq!(pairwise.iter().map(|share| (share * 1e9).round() as i64).sum::<i64>(), 1_000_000_000);
}

#[test]
fn a_bad_block_of_weights_is_told_what_is_wrong() {
    assert_eq!(told(&country("")), "nothing");
    let cases = [
        ("weights: { order: [near, area, stock] }", "weights, order: criterion `clear` has a value function and is left out"),
        (
            "weights: { order: [near, area, stock, claer] }",
            "`claer` is not a criterion with a value function; did you mean `clear`?",
        ),
        ("weights: { ordre: [near] }", "unknown key `ordre`; did you mean `order`?"),
        ("weights: {}", "exactly one of"),
        ("weights: { swing: { near: 90, area: 60, stock: 40, clear: 0 } }", "the most is 90 for `near`"),
        ("weights: { swing: { near: 100, area: much, stock: 40, clear: 0 } }", "`area` is given \"much\""),
        ("weights: { pairwise: { near: { area: 3 } } }", "`area` and `clear`, `area` and `stock`"),
        ("weights: { pairwise: { near: { area: 30 } } }", "30 is not a judgement"),
        (
            "weights: { pairwise: { near: { area: 9, stock: 1/9, clear: 1 }, area: { stock: 9, clear: 1 }, stock: { clear: 1 } } }",
            "most at odds are `area` over `near` = 1/9",
        ),
        ("method: topsi", "unknown kind `topsi`; did you mean `topsis`?"),
        ("method: topsis\n        robustness: {}", "robustness puts the weights of `method: additive` to the test"),
        ("robustness: { draws: 0 }", "robustness: draws is 0; it lies between 1 and 100000"),
        ("robustness: { ranks: 51 }", "robustness: ranks is 51"),
        ("robustness: { sead: 1 }", "unknown key `sead`; did you mean `seed`?"),
    ];
    for (beside, message) in cases {
        let said = told(&country(beside));
        assert!(said.contains(message), "{beside}\n  said: {said}\n  not:  {message}");
    }
    let both =
        country("weights: { order: [near, area, stock, clear] }").replace("0 m: 0, 300 m: 1 }", "0 m: 0, 300 m: 1 }, weight: 2");
    assert!(told(&both).contains("criterion `clear` has a `weight`, and `weights` stands beside"), "{}", told(&both));
    let schema = jsonschema::validator_for(&spec::json_schema()).unwrap();
    let fits = ["weights: { order: [near, [area, stock], clear] }", "weights: { pairwise: { near: { area: 1/3 } } }"];
    for beside in fits.into_iter().chain(["method: topsis", "robustness: {}", "weights: { swing: { near: 100 } }"]) {
        let written = spec::read::read(&country(beside)).unwrap();
        assert!(schema.is_valid(&written.normal()), "{beside}");
        assert_eq!(spec::read::read(&written.normal().to_string()).unwrap(), written, "{beside} reads back");
    }
}

#[test]
fn robustness_is_asked_for_and_changes_no_score() {
    let atlas = atlas_of(3);
    let plain = answer(&atlas, &country(""));
    assert!(plain.ranking.robustness.is_none() && plain.sites.iter().all(|site| site.acceptability.is_none()));
    let text = country("robustness: { draws: 3000, seed: 7, ranks: 5 }");
    let tested = answer(&atlas, &text);
    let scores = |answer: &Answer| answer.sites.iter().map(|site| (site.id.clone(), site.score)).collect::<Vec<_>>();
    assert_eq!(scores(&plain), scores(&tested));
    let robustness = tested.ranking.robustness.as_ref().unwrap();
    assert_eq!((robustness.draws, robustness.seed, robustness.ranks, robustness.sites), (3_000, 7, 5, tested.passing));
    for rank in 0..5 {
        // Every passing site is listed, so each rank is always taken by one of them.
        let all: f64 = tested.sites.iter().map(|site| site.acceptability.as_ref().unwrap().ranks[rank]).sum();
        assert!((all - 1.0).abs() < 1e-9, "rank {}: {all}", rank + 1);
    }
    for site in &tested.sites {
        let acceptability = site.acceptability.as_ref().unwrap();
        let central =
            acceptability.central_weights.as_ref().map(|weights| weights.values().filter_map(Value::as_f64).sum::<f64>());
        assert_eq!(central.is_some(), acceptability.ranks[0] > 0.0);
        assert!(central.is_none_or(|sum| (sum - 1.0).abs() < 1e-12));
    }
    for found in &robustness.stability {
        assert!(found.first[0] <= found.share && found.share <= found.first[1], "{found:?}");
        assert!(found.first_ten[0] <= found.share && found.share <= found.first_ten[1], "{found:?}");
    }
    assert_eq!(robustness.stability.len(), 4);

    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.contains("area:")).unwrap();
    lines[first..first + 4].reverse();
    let permuted = answer(&atlas, &lines.join("\n"));
    let drawn = |answer: &Answer| answer.sites.iter().map(|site| site.acceptability.clone()).collect::<Vec<_>>();
    assert_eq!(drawn(&permuted), drawn(&tested), "criteria in another order");
    assert_eq!(permuted.ranking, tested.ranking);
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&answer(&atlas, &text)).unwrap())
    };
    assert_eq!(bytes(1), bytes(4));
}

#[test]
fn a_share_just_inside_its_interval_keeps_the_first_and_just_outside_does_not() {
    let ends: usize = [3, 6, 9, 12].map(ends_hold).into_iter().sum();
    assert!(ends > 2, "some weights matter");
}

/// Of one random country; how many ends of intervals were tried.
fn ends_hold(seed: u64) -> usize {
    let atlas = atlas_of(seed);
    let tested = answer(&atlas, &country("robustness: { draws: 10 }"));
    let first = tested.sites[0].id.clone();
    let leads = |criterion: &str, share: f64| {
        let weights: Map<String, Value> = tested
            .criteria
            .iter()
            .map(|head| (head.name.clone(), json!(if head.name == criterion { 300.0 * share / (1.0 - share) } else { 100.0 })))
            .collect();
        let mut text = country("");
        for (name, weight) in &weights {
            let at = text.find(&format!("{name}: {{ kind")).unwrap();
            let end = at + text[at..].find('\n').unwrap();
            let line = text[at..end].trim_end().strip_suffix('}').unwrap().to_owned() + &format!(", weight: {weight} }}");
            text.replace_range(at..end, &line);
        }
        answer(&atlas, &text).sites[0].id == first
    };
    let mut ends = 0;
    for found in tested.ranking.robustness.unwrap().stability {
        for (end, inward) in found.first.into_iter().zip([1e-5, -1e-5]) {
            if end > 1e-4 && end < 1.0 - 1e-4 {
                assert!(leads(&found.criterion, end + inward), "{found:?}");
                assert!(!leads(&found.criterion, end - inward), "{found:?}");
                ends += 1;
            }
        }
    }
    ends
}

#[test]
fn topsis_says_what_it_depends_on() {
    let atlas = atlas_of(3);
    let answered = answer(&atlas, &country("method: topsis"));
    let note = answered.ranking.note.as_ref().unwrap();
    assert!(note.en.contains("depend on the set of sites") && note.fr.contains("ensemble des sites"));
    assert!(answered.sites.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert!(answered.sites.iter().all(|site| site.findings.iter().all(|finding| finding.contribution.is_none())));
    assert!(answered.sites[0].findings.iter().all(|finding| finding.worth.is_some()));
    let additive = answer(&atlas, &country(""));
    assert_ne!(additive.specification, answered.specification);
    assert!(additive.ranking.note.is_none());

    // Explained alone, a site scores what it scores in the list.
    let (spec, work, rights) = (spec::read::read(&country("method: topsis")).unwrap(), Work::default(), Rights::public());
    let land = Land::prepare(&spec, atlas.view(&rights), &Memo::default(), &work).unwrap();
    let mut study = study(&land, &Memo::default(), &work).unwrap();
    for site in answered.sites.iter().step_by(7) {
        let place = study.find(&site.id).unwrap();
        assert_eq!(study.explain(&[place], &work).unwrap()[0].score, site.score);
    }
}

#[test]
fn the_weakest_criterion_and_the_undominated_by_eye() {
    let text = r#"
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        criteria:
          area: { kind: area, value: { 1 ha: 0.2, 4 ha: 0.8 } }
          junction: { kind: proximity, to: junctions, value: { 0 m: 1, 500 m: 0 } }
          price: { kind: attribute, column: price, value: { 10 EUR/m2: 1, 40 EUR/m2: 0 } }
    "#;
    let answer = answer(&Atlas::from_layers("drawn".into(), valley()), text);
    let by_site = |id: &str| answer.sites.iter().find(|site| site.id == id).unwrap();
    let weakest: Vec<Option<&str>> = ["A", "B", "C", "D"].map(|id| by_site(id).weakest.as_deref()).into();
    // Nobody knows the price of C, which therefore is not its weakness; at the best of prices it would not beat A on any count.
    assert_eq!(weakest, [Some("area"), Some("area"), Some("junction"), Some("price")]);
    assert_eq!(["A", "B", "C", "D"].map(|id| by_site(id).undominated), [Some(true), Some(false), Some(false), Some(false)]);
}

/// Every site of a random territory, and the same with one cell of one site better.
#[test]
fn a_site_that_improves_never_falls_back() {
    let mut dice = Dice(77);
    let text = json!({ "emprise": 1, "limit": 10_000, "candidates": { "layers": ["plots"] }, "criteria": {
        "depth": { "kind": "attribute", "column": "depth", "value": { "0 m": 0, "6 km": 1 }, "weight": 2 },
        "slots": { "kind": "attribute", "column": "slots", "value": { "0": 1, "9": 0 }, "weight": 1.5 },
        "stage": { "kind": "attribute", "column": "stage", "value": { "on sale": 1, "reserved": 0.4 } },
    } });
    for _ in 0..30 {
        let seed = Dice(dice.0);
        dice.roll();
        let site = whole(&mut dice, SITES);
        let change = [("depth", Cell::Number(6_000.0)), ("slots", Cell::Integer(0)), ("stage", Cell::Text("on sale".into()))];
        let (column, better) = change[whole(&mut dice, 3)].clone();
        let base = territory(&mut Dice(seed.0));
        let mut cells = base.cells.clone();
        cells[COLUMNS.iter().position(|(name, _)| *name == column).unwrap()][site] = better;
        let improved = of_cells(&mut Dice(seed.0), cells);
        let [before, after] = [&base.atlas, &improved.atlas].map(|atlas| put(atlas, &Memo::default(), &text));
        let stands = |answer: &Answer| answer.sites.iter().find(|found| found.id == base.ids[site]).cloned().unwrap();
        let (before, after) = (stands(&before), stands(&after));
        assert!(after.score >= before.score && after.rank <= before.rank, "{} {column}", before.id);
    }
}
