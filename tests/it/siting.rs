//! Siting: territories drawn in text and answers checked by eye, properties that any ranking must keep, every measure against
//! a plain computation, and what a bad specification is told.

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::scale::Metric;
use emprise::geometry::shape::Shapes;
use emprise::layer::catalogue;
use emprise::layer::definition::Visibility;
use emprise::layer::value::{Value, ValuesBuilder};
use emprise::siting::answer::{Answer, Finding, RankedSite};
use emprise::siting::writing::{csv, geojson};
use emprise::siting::{site, spec};
use geo::{Area, BooleanOps, Centroid, Distance, Euclidean, Intersects};
use geo_types::{Geometry, MultiPolygon, Point, Rect};

use crate::harness::{Dice, ORIGIN, drawn, entry, with_cells};

pub fn ask(layers: Vec<Layer>, text: &str) -> Answer {
    answer(&Atlas::from_layers("drawn".into(), layers), text)
}

pub fn answer(atlas: &Atlas, text: &str) -> Answer {
    let spec = spec::read::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    site(&spec, atlas.view(&Rights::public())).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// `A=0.75 B=0.5`: the listed sites with their scores.
pub fn ranking(sites: &[RankedSite]) -> String {
    let listed: Vec<String> = sites.iter().map(|site| format!("{}={}", site.id, site.score)).collect();
    listed.join(" ")
}

pub fn find<'a>(answer: &'a Answer, site: &str, criterion: &str) -> &'a Finding {
    let sites = || answer.sites.iter().chain(&answer.undecided_sites);
    let site = sites().find(|found| found.id == site).unwrap_or_else(|| panic!("{site} is not listed"));
    site.findings.iter().find(|finding| finding.criterion == criterion).unwrap()
}

const PLOTS: &str = "
    A A . . . B .
    A A . . . . .
    . . . . . . .
    . . C C . . .
    . . C C . . D
";

/// Plots A and C of 4 ha, B and D of 1 ha; a junction just east of A; nature on the south of C and up to D.
pub fn valley() -> Vec<Layer> {
    let columns = "
        columns.stage = { from = [\"s\"], type = \"text\", values = { a = \"on sale\", r = \"reserved\", v = \"sold\" } }
        columns.price = { from = [\"p\"], type = \"number\", unit = \"EUR/m2\" }
        columns.free-from = { from = [\"d\"], type = \"date\" }
        columns.turnkey = { from = [\"t\"], type = \"boolean\" }";
    let cells = "
        A: stage=on sale, price=10, free-from=2026-01-01, turnkey=true
        B: stage=reserved, price=20, free-from=2027-06-01
        C: stage=on sale, turnkey=false
        D: price=40, free-from=2030-01-01, turnkey=true";
    let workers = "columns.workers = { from = [\"w\"], type = \"integer\", unit = \"persons\" }";
    vec![
        drawn("plots", false, columns, PLOTS, cells),
        drawn("junctions", true, "", ". . j . . . k", ""),
        drawn(
            "nature",
            false,
            "",
            "
            . . . . . . .
            . . . . . . .
            . . . . . . .
            . . . . . . .
            . n n n n n .",
            "",
        ),
        drawn("flood", false, "", ". . . . . . .\n. . . . . . .\n. . . . . . .\n. . . f . . .\n. . . f f . .", ""),
        drawn("towns", false, workers, "x . . y y . z", "x: workers=100\ny: workers=50"),
    ]
}

#[test]
fn distances_are_from_edge_to_edge() {
    let text = r#"
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        criteria:
          junction: { kind: proximity, to: junctions, required: "<= 200 m", value: { 0 m: 1, 200 m: 0 }, weight: 1 }
    "#;
    let answer = ask(valley(), text);
    // From A the junction j is 50 m east; from B the junction k is 50 m east. C is 250 m from j, D 350 m from k.
    assert_eq!(ranking(&answer.sites), "A=0.75 B=0.75");
    assert_eq!(find(&answer, "A", "junction").value, 50.0);
    assert_eq!(find(&answer, "A", "junction").witness.as_ref().unwrap().id, "j");
    assert_eq!(find(&answer, "B", "junction").witness.as_ref().unwrap().id, "k");
    let removal = &answer.requirements[0];
    assert_eq!((removal.tested, removal.removed, removal.unknown), (4, 2, 0));
    assert_eq!((answer.passing, answer.undecided, answer.candidates.considered), (2, 0, 4));
}

#[test]
fn clearance_and_overlap_and_area_by_eye() {
    let text = r#"
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        criteria:
          area: { kind: area, required: ">= 1 ha", value: { 1 ha: 0, 4 ha: 1 }, weight: 1 }
          room: { kind: clearance, from: nature, required: ">= 0 m" }
          wet: { kind: overlap, with: flood, value: { 0 %: 1, 100 %: 0 }, weight: 3 }
          wet-ground: { kind: overlap, with: [flood, nature], value: { 0 m2: 1, 4 ha: 0 }, weight: 0 }
    "#;
    let answer = ask(valley(), text);
    // Half of C is in the flood plain: 0.25 × 1 + 0.75 × 0.5.
    assert_eq!(ranking(&answer.sites), "A=1 B=0.75 D=0.75 C=0.625");
    let value = |site: &str, criterion: &str| find(&answer, site, criterion).value.as_f64().unwrap();
    assert_eq!([value("A", "area"), value("B", "area")], [4.0, 1.0]);
    assert_eq!([value("A", "room"), value("B", "room"), value("C", "room"), value("D", "room")], [200.0, 300.0, 0.0, 0.0]);
    assert!((value("C", "wet") - 50.0).abs() < 1e-6, "{}", value("C", "wet"));
    // The flood plain (2 ha of C) and nature (2 ha of C) share one hectare of it, which counts once.
    assert!((value("C", "wet-ground") - 30_000.0).abs() < 1e-2, "{}", value("C", "wet-ground"));
    assert_eq!(value("D", "wet-ground"), 0.0, "a border in common is no common ground");
    assert!(find(&answer, "C", "room").borderline, "0 m from nature where 0 m are asked for");
    assert!(!find(&answer, "A", "room").borderline);
}

#[test]
fn counts_and_sums_by_eye() {
    let text = |at: &str| {
        format!(
            r#"
        emprise: 1
        metric: plane
        candidates: {{ layers: [plots] }}
        criteria:
          junctions: {{ kind: count, of: junctions, radius: 350 m, value: {{ 0: 0, 2: 1 }} }}
          workers: {{ kind: sum, of: towns, field: workers, radius: 150 m{at}, required: ">= 50" }}
    "#
        )
    };
    let edges = ask(valley(), &text(""));
    // x covers a part of A and y is 100 m east of it; B is 0 m from y; z, 0 m from B, does not know its workers.
    assert_eq!(find(&edges, "A", "workers").value, 150.0);
    assert_eq!((&find(&edges, "B", "workers").value, find(&edges, "B", "workers").at_least), (&50.0.into(), true));
    assert_eq!(edges.passing, 2, "a lower bound that reaches the threshold passes; no town within 150 m of C and D");
    assert_eq!(find(&edges, "A", "junctions").value, 1.0);
    let centres = ask(valley(), &text(", at: centre"));
    // The middle of y is 200 m east of A's edge and 100 m west of B's.
    assert_eq!(find(&centres, "A", "workers").value, 100.0);
    assert_eq!(find(&centres, "B", "workers").value, 50.0);
}

#[test]
fn missing_is_neither_pass_nor_zero() {
    let text = r#"
        emprise: 1
        candidates: { layers: [plots] }
        criteria:
          stage: { kind: attribute, column: stage, required: "in [on sale, reserved]" }
          price: { kind: attribute, column: price, value: { 10 EUR/m2: 1, 30 EUR/m2: 0 }, weight: 1 }
          ready: { kind: attribute, column: turnkey, value: { true: 1, false: 0.5 }, weight: 1 }
    "#;
    let answer = ask(valley(), text);
    assert_eq!(ranking(&answer.sites), "A=1 B=0.25 C=0.25");
    assert_eq!(ranking(&answer.undecided_sites), "D=0.5", "nobody knows the stage of D");
    let interval = |place: usize| (answer.sites[place].score_interval, answer.sites[place].rank_interval);
    assert_eq!(interval(0), ([1.0, 1.0], [1, 1]));
    assert_eq!(interval(1), ([0.25, 0.75], [2, 3]), "B does not say whether it is turnkey");
    assert_eq!(interval(2), ([0.25, 0.75], [2, 3]), "C does not say its price");
    assert_eq!(find(&answer, "C", "price").unknown, Some("the source leaves this cell empty"));
    assert!(find(&answer, "C", "price").value.is_null());
    assert_eq!((answer.passing, answer.undecided), (3, 1));
}

#[test]
fn dates_and_truths_are_typed() {
    let passing = |criterion: &str| {
        let answer = ask(
            valley(),
            &format!("emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria: {{ c: {{ kind: attribute, {criterion} }} }}"),
        );
        let listed = |sites: &[RankedSite]| sites.iter().map(|site| site.id.as_str()).collect::<String>();
        format!("{}?{}", listed(&answer.sites), listed(&answer.undecided_sites))
    };
    assert_eq!(passing(r#"column: free-from, required: "<= 2027-06-01""#), "AB?C");
    assert_eq!(passing(r#"column: free-from, required: "> 2027-06-01""#), "D?C");
    assert_eq!(passing("column: turnkey, required: true"), "AD?B");
    assert_eq!(passing(r#"column: turnkey, required: "= false""#), "C?B");
    assert_eq!(passing(r#"column: stage, required: "<> 'on sale'""#), "B?D");
    assert_eq!(passing(r#"column: price, required: ">= 15 EUR/m2 and < 40 EUR/m2""#), "B?C");
    assert_eq!(passing(r#"column: price, required: "not in [10 EUR/m2, 20 EUR/m2]""#), "D?C");
}

#[test]
fn a_layer_without_data_here_tells_nothing() {
    let mut layers = valley();
    layers.push(drawn("ports", true, "", "", ""));
    // A port on Réunion says nothing about mainland France.
    let far = Geometry::Point(Point::new(60_000_000.0 + 350_000.0, 7_650_000.0));
    layers.push(with_cells("airports", "", vec![("r".into(), Some(far))], |_, _, _| None));
    let criteria = ["kind: proximity, to: ports", "kind: clearance, from: airports", "kind: count, of: ports, radius: 5 km"];
    let atlas = Atlas::from_layers("drawn".into(), layers);
    for (criterion, required) in criteria.into_iter().zip(["<= 5 km", ">= 5 km", "= 0"]) {
        let text = format!(
            "emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria: {{ c: {{ {criterion}, required: \"{required}\" }} }}"
        );
        let answer = answer(&atlas, &text);
        assert_eq!((answer.passing, answer.undecided), (0, 4), "{criterion}");
        assert!(find(&answer, "A", "c").unknown.unwrap().contains("holds nothing of this layer"));
    }
    let none = r#"
        emprise: 1
        candidates: { layers: [plots] }
        criteria: { c: { kind: proximity, to: junctions, where: "FALSE", required: "<= 5 km" } }"#;
    assert_eq!((answer(&atlas, none).passing, answer(&atlas, none).undecided), (0, 0), "a known absence is far, not unknown");
}

#[test]
fn candidates_can_be_confined_and_filtered() {
    let confined = |candidates: &str| {
        let text = format!(
            "emprise: 1\ncandidates: {{ layers: [plots], {candidates} }}\ncriteria: {{ a: {{ kind: area, required: \"> 0 ha\" }} }}"
        );
        let answer = ask(valley(), &text);
        let ids: String = answer.sites.iter().map(|site| site.id.as_str()).collect();
        (ids, answer.candidates)
    };
    let (ids, counts) = confined("where: \"stage = 'on sale'\"");
    assert_eq!((ids.as_str(), counts.filtered, counts.filter_unknown, counts.considered), ("AC", 1, 1, 2));
    // y touches nothing; the representative point of C (its middle) is a corner of n and of no other.
    let (ids, counts) = confined("within: nature/n");
    assert_eq!((ids.as_str(), counts.elsewhere), ("C", 3));
    let [south, north] = [[6.5, 46.0], [6.6, 46.1]].map(|[lon, lat]: [f64; 2]| [lon - 3.6, lat]);
    let ring = [[south[0], south[1]], [north[0], south[1]], [north[0], north[1]], [south[0], north[1]], [south[0], south[1]]];
    let (ids, _) = confined(&format!("within: {{ type: Polygon, coordinates: [{ring:?}] }}"));
    assert_eq!(ids, "", "a square south of the valley");
    let ring = [[2.9, 46.4], [3.1, 46.4], [3.1, 46.6], [2.9, 46.6], [2.9, 46.4]];
    let (ids, _) = confined(&format!("within: {{ type: Polygon, coordinates: [{ring:?}] }}"));
    assert_eq!(ids, "ABCD", "a square around the valley");
}

/// The features of one layer; some have no place.
type Geometries = Vec<Option<Geometry<f64>>>;

/// A random country of plots, points and zones, some overlapping, some cells unknown.
pub fn country(dice: &mut Dice, plots: usize) -> (Vec<Layer>, Vec<Geometries>) {
    let star = |dice: &mut Dice, reach: f64| -> Geometry<f64> {
        let centre = [ORIGIN[0] + 8_000.0 * dice.roll(), ORIGIN[1] + 8_000.0 * dice.roll()];
        let corners = if dice.roll() < 0.2 { 150 } else { 8 };
        let corner = |i: usize, far: f64| {
            let turn = std::f64::consts::TAU * (i as f64) / (corners as f64);
            (centre[0] + reach * far * turn.cos(), centre[1] + reach * far * turn.sin())
        };
        let ring: Vec<(f64, f64)> = (0..corners).map(|i| corner(i, 0.4 + 0.6 * dice.roll())).collect();
        geo_types::Polygon::new(ring.into(), vec![]).into()
    };
    let many = |dice: &mut Dice, count: usize, shape: &mut dyn FnMut(&mut Dice) -> Geometry<f64>| -> Vec<Option<Geometry<f64>>> {
        (0..count).map(|_| if dice.roll() < 0.02 { None } else { Some(shape(dice)) }).collect()
    };
    let geometries = [
        many(dice, plots, &mut |dice| {
            let reach = 20.0 + 200.0 * dice.roll();
            star(dice, reach)
        }),
        many(dice, 60, &mut |dice| Point::new(ORIGIN[0] + 8_000.0 * dice.roll(), ORIGIN[1] + 8_000.0 * dice.roll()).into()),
        many(dice, 25, &mut |dice| {
            let reach = 100.0 + 900.0 * dice.roll();
            star(dice, reach)
        }),
    ];
    let columns = "columns.stock = { from = [\"s\"], type = \"integer\" }\ncolumns.kind = { from = [\"k\"], type = \"text\" }";
    let layers = ["plots", "points", "zones"].into_iter().zip(&geometries).map(|(id, geometries)| {
        let features = geometries.iter().enumerate().map(|(row, geometry)| (row.to_string(), geometry.clone())).collect();
        with_cells(id, columns, features, |id, column, _| {
            let row: i64 = id.parse().unwrap();
            match column {
                "stock" => (row % 11 != 3).then_some(Value::Integer(row % 7)),
                _ => (row % 13 != 5).then(|| Value::Text(if row % 3 == 0 { "good" } else { "poor" }.into())),
            }
        })
    });
    (layers.collect(), geometries.to_vec())
}

#[test]
fn every_measure_is_what_a_plain_computation_says() {
    let mut dice = Dice(2_026);
    let (layers, geometries) = country(&mut dice, 120);
    let text = r#"
        emprise: 1
        metric: plane
        limit: 1000
        candidates: { layers: [plots] }
        criteria:
          area: { kind: area, value: { 0 m2: 0, 1 ha: 1 } }
          near: { kind: proximity, to: points, where: "kind = 'good'", value: { 0 m: 1, 300 m: 0 } }
          clear: { kind: clearance, from: [zones, points], value: { 0 m: 0, 500 m: 1 } }
          inside: { kind: overlap, with: zones, value: { 0 %: 1, 100 %: 0 } }
          inside-m2: { kind: overlap, with: zones, where: "kind = 'poor'", value: { 0 m2: 1, 1 ha: 0 } }
          around: { kind: count, of: [points, zones], radius: 1 km, value: { 0: 0, 20: 1 } }
          stock: { kind: sum, of: zones, field: stock, radius: 700 m, value: { 0: 0, 20: 1 } }
          centres: { kind: count, of: zones, radius: 700 m, at: centre, value: { 0: 0, 20: 1 } }
    "#;
    let answer = ask(layers, text);
    assert_eq!(answer.sites.len(), 120, "nothing is required");
    let surface = |geometry: &Geometry<f64>| match geometry {
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
        _ => MultiPolygon(Vec::new()),
    };
    let distance = |a: &Geometry<f64>, b: &Geometry<f64>| if a.intersects(b) { 0.0 } else { Euclidean.distance(a, b) };
    let placed =
        |layer: usize| geometries[layer].iter().enumerate().filter_map(|(row, geometry)| Some((row, geometry.as_ref()?)));
    let kind = |row: usize| {
        if row % 13 == 5 {
            ""
        } else if row.is_multiple_of(3) {
            "good"
        } else {
            "poor"
        }
    };
    for site in &answer.sites {
        let finding = |criterion: &str| find(&answer, &site.id, criterion);
        let Some(plot) = &geometries[0][site.id.parse::<usize>().unwrap()] else {
            assert!(site.findings.iter().all(|finding| finding.unknown == Some("the candidate has no geometry")));
            assert_eq!(site.score_interval, [0.0, 1.0]);
            continue;
        };
        let same = |criterion: &str, expected: f64, tolerance: f64| {
            let unit =
                finding(criterion).unit.map_or(1.0, |unit| unit.parse::<emprise::geometry::units::Unit>().unwrap().to_base(1.0));
            let found = finding(criterion).value.as_f64().unwrap() * unit;
            assert!((found - expected).abs() <= tolerance, "{} {criterion}: {found} instead of {expected}", site.id);
        };
        let area = surface(plot).unsigned_area();
        same("area", area, 1e-6);
        let nearest = |layers: &[usize], keep: &dyn Fn(usize) -> bool| {
            let all = layers.iter().flat_map(|&layer| placed(layer)).filter(|(row, _)| keep(*row));
            all.map(|(_, other)| distance(plot, other)).fold(f64::INFINITY, f64::min)
        };
        same("near", nearest(&[1], &|row| kind(row) == "good"), 1e-6);
        same("clear", nearest(&[1, 2], &|_| true), 1e-6);
        let covered = |keep: &dyn Fn(usize) -> bool| {
            let none = MultiPolygon::<f64>(Vec::new());
            let all = placed(2).filter(|(row, _)| keep(*row)).fold(none, |all, (_, zone)| all.union(&surface(zone)));
            surface(plot).intersection(&all).unsigned_area()
        };
        same("inside", covered(&|_| true) / area, 1e-5);
        same("inside-m2", covered(&|row| kind(row) == "poor"), 0.05);
        let within = |layer: usize, radius: f64| {
            placed(layer).filter(|(_, other)| distance(plot, other) <= radius).map(|(row, _)| row).collect::<Vec<_>>()
        };
        same("around", (within(1, 1_000.0).len() + within(2, 1_000.0).len()) as f64, 0.0);
        let stocks = within(2, 700.0);
        same("stock", stocks.iter().filter(|row| *row % 11 != 3).map(|row| (row % 7) as f64).sum(), 0.0);
        assert_eq!(finding("stock").at_least, stocks.iter().any(|row| row % 11 == 3));
        let centre = |zone: &Geometry<f64>| Geometry::Point(zone.centroid().unwrap());
        same("centres", placed(2).filter(|(_, zone)| distance(plot, &centre(zone)) <= 700.0).count() as f64, 0.0);
    }
}

const QUESTION: &str = r#"
    emprise: 1
    limit: 1000
    candidates: { layers: [plots] }
    criteria:
      area: { kind: area, required: ">= 2000 m2", value: { 0 m2: 0, 5 ha: 1 }, weight: 2 }
      near: { kind: proximity, to: points, required: "<= 900 m", value: { 0 m: 1, 900 m: 0 }, weight: 3 }
      clear: { kind: clearance, from: zones, required: ">= 10 m", value: { 0 m: 0, 300 m: 1 }, weight: 0.5 }
      around: { kind: count, of: points, radius: 2 km, value: { 0: 0, 20: 1 } }
      stock: { kind: attribute, column: stock, value: { 0: 0, 6: 1 }, weight: 1.5 }
"#;

pub fn atlas_of(seed: u64) -> Atlas {
    Atlas::from_layers("country".into(), country(&mut Dice(seed), 300).0)
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.sites.iter().map(|site| site.id.as_str()).collect()
}

#[test]
fn a_score_is_exactly_the_sum_of_its_contributions() {
    let answer = answer(&atlas_of(1), QUESTION);
    assert!(answer.sites.len() > 20);
    let billionths = |number: f64| (number * 1e9).round() as i64;
    for site in answer.sites.iter().chain(&answer.undecided_sites) {
        let sum: i64 = site.findings.iter().filter_map(|finding| finding.contribution).map(billionths).sum();
        assert_eq!(billionths(site.score), sum);
        assert_eq!(site.score, site.score_interval[0]);
        assert!(site.score_interval[0] <= site.score_interval[1] && site.score_interval[1] <= 1.0);
        assert!(site.rank_interval[0] <= site.rank && site.rank <= site.rank_interval[1]);
    }
    assert!(answer.sites.windows(2).all(|pair| pair[0].score >= pair[1].score));
}

#[test]
fn looking_no_farther_than_needed_changes_no_outcome() {
    // Sifting searches to 900 m and 300 m; the explanation searches to the end. Both must rank alike.
    let answer = answer(&atlas_of(2), QUESTION);
    for site in &answer.sites {
        assert!(site.findings.iter().all(|finding| finding.outcome != Some(emprise::siting::rule::Outcome::Fail)));
    }
    let far =
        find(&answer, ids(&answer).iter().find(|id| find(&answer, id, "clear").value.as_f64() > Some(301.5)).unwrap(), "clear");
    assert!(far.witness.is_some(), "what is shown is measured in full");
}

#[test]
fn the_order_of_weights_criteria_and_threads_is_all_one() {
    let atlas = atlas_of(3);
    let base = answer(&atlas, QUESTION);
    let scaled = QUESTION
        .replace("weight: 2", "weight: 20")
        .replace("weight: 3", "weight: 30")
        .replace("weight: 0.5", "weight: 5")
        .replace("weight: 1.5", "weight: 15")
        .replace("20: 1 } }", "20: 1 }, weight: 10 }");
    assert_eq!(answer(&atlas, &scaled).sites, base.sites, "weights times ten");

    let mut lines: Vec<&str> = QUESTION.lines().collect();
    let first = lines.iter().position(|line| line.contains("area:")).unwrap();
    lines[first..first + 5].reverse();
    let permuted = answer(&atlas, &lines.join("\n"));
    let scores =
        |answer: &Answer| answer.sites.iter().map(|site| (site.id.clone(), site.score, site.rank_interval)).collect::<Vec<_>>();
    assert_eq!(scores(&permuted), scores(&base), "criteria in another order");
    assert_eq!(permuted.requirements, base.requirements, "the order of evaluation is not that of writing");

    let spec = spec::read::read(QUESTION).unwrap();
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&site(&spec, atlas.view(&Rights::All)).unwrap()).unwrap())
    };
    assert_eq!(bytes(1), bytes(4));
}

#[test]
fn a_tighter_requirement_leaves_a_subset_and_keeps_the_scores() {
    let atlas = atlas_of(4);
    let base = answer(&atlas, QUESTION);
    let score = |answer: &Answer, id: &str| answer.sites.iter().find(|site| site.id == id).map(|site| site.score);
    for (loose, tight) in [("<= 900 m", "<= 400 m"), (">= 2000 m2", ">= 20000 m2"), (">= 10 m", ">= 200 m")] {
        let tighter = answer(&atlas, &QUESTION.replace(loose, tight));
        assert!(tighter.passing < base.passing, "{tight}");
        for site in &tighter.sites {
            assert_eq!(score(&base, &site.id), Some(site.score), "{tight}");
        }
        let kept: Vec<&str> = ids(&base).into_iter().filter(|id| score(&tighter, id).is_some()).collect();
        assert_eq!(ids(&tighter), kept, "the order of the others stays");
    }
}

#[test]
fn a_site_more_changes_no_other_and_equals_stand_together() {
    let (layers, geometries) = country(&mut Dice(5), 80);
    let columns = "columns.stock = { from = [\"s\"], type = \"integer\" }";
    let plots = |extra: &[(&str, Option<Geometry<f64>>, i64)]| {
        let own = geometries[0].iter().enumerate().map(|(row, geometry)| (row.to_string(), geometry.clone()));
        let features = own.chain(extra.iter().map(|(id, geometry, _)| ((*id).to_owned(), geometry.clone()))).collect();
        with_cells("plots", columns, features, |id, _, _| {
            let given = extra.iter().find(|(name, ..)| *name == id).map(|(.., stock)| *stock);
            Some(Value::Integer(given.unwrap_or_else(|| id.parse::<i64>().unwrap() % 5)))
        })
    };
    let question = QUESTION.replace("limit: 1000", "limit: 2000");
    let run = |extra: &[(&str, Option<Geometry<f64>>, i64)]| {
        let others = country(&mut Dice(5), 80).0.into_iter().skip(1);
        ask(std::iter::once(plots(extra)).chain(others).collect(), &question)
    };
    drop(layers);
    let base = run(&[]);
    let middle = base.sites[base.sites.len() / 2].clone();
    let geometry = geometries[0][middle.id.parse::<usize>().unwrap()].clone();
    let stock = middle.id.parse::<i64>().unwrap() % 5;

    // The same plot again, with one better and one worse stock.
    let with = run(&[("twin", geometry.clone(), stock), ("better", geometry.clone(), 6), ("worse", geometry, 0)]);
    let others: Vec<&str> = ids(&with).into_iter().filter(|id| id.parse::<u64>().is_ok()).collect();
    assert_eq!(others, ids(&base), "the order of the others stays");
    let rank = |id: &str| with.sites.iter().find(|site| site.id == id).unwrap().rank;
    assert_eq!(rank("twin"), rank(&middle.id) + 1, "equals stand together, numbers before names");
    assert!(rank("better") < rank(&middle.id) && rank(&middle.id) <= rank("worse"));
    assert!(rank("worse") > 1, "a dominated site is never first");
}

#[test]
fn one_weight_alone_orders_by_its_value() {
    let atlas = atlas_of(6);
    let only = QUESTION
        .replace("weight: 2", "weight: 0")
        .replace("weight: 0.5", "weight: 0")
        .replace("20: 1 } }", "20: 1 }, weight: 0 }")
        .replace("weight: 1.5", "weight: 0");
    let answer = answer(&atlas, &only);
    let metres: Vec<f64> = answer.sites.iter().map(|site| find(&answer, &site.id, "near").value.as_f64().unwrap()).collect();
    assert!(metres.windows(2).all(|pair| pair[0] <= pair[1] + 1e-5), "{metres:?}");
}

#[test]
fn both_metrics_side_by_side() {
    let at = |metric: &str, x: f64, y: f64| {
        let plot = Rect::new((x, y), (x + 400.0, y + 250.0)).to_polygon();
        let layers = vec![
            with_cells("plots", "", vec![("p".into(), Some(plot.into()))], |_, _, _| None),
            with_cells("junctions", "", vec![("j".into(), Some(Point::new(x + 400.0, y + 5_250.0).into()))], |_, _, _| None),
        ];
        let text = format!(
            "emprise: 1\nmetric: {metric}\ncandidates: {{ layers: [plots] }}\ncriteria:\n  area: {{ kind: area, value: {{ 0 m2: 0, 1 m2: 1 }} }}\n  way: {{ kind: proximity, to: junctions, value: {{ 0 m: 0, 1 m: 1 }} }}"
        );
        let answer = ask(layers, &text);
        [find(&answer, "p", "area"), find(&answer, "p", "way")].map(|finding| finding.value.as_f64().unwrap())
    };
    // Lille: 10 ha of the plane are 343 m² fewer on the ground, and 5 km are 8.6 m shorter.
    let (plane, ground) = (at("plane", 704_000.0, 7_059_000.0), at("ellipsoid", 704_000.0, 7_059_000.0));
    assert_eq!(plane, [100_000.0, 5_000.0]);
    assert!((plane[0] - ground[0] - 343.0).abs() < 15.0, "{}", plane[0] - ground[0]);
    assert!((plane[1] - ground[1] - 8.6).abs() < 0.4, "{}", plane[1] - ground[1]);
    assert!(Metric::Ellipsoid.ground_per_plane([704_000.0, 7_059_000.0]) < 1.0);
}

#[test]
fn what_is_nearer_than_the_precision_is_borderline() {
    // Both layers are precise to 1 m, together to 1.41 m; j is 50 m from A.
    let at = |required: &str| {
        let answer = ask(
            valley(),
            &format!(
                "emprise: 1\nmetric: plane\ncandidates: {{ layers: [plots] }}\ncriteria: {{ j: {{ kind: proximity, to: junctions, required: \"{required}\" }} }}"
            ),
        );
        (answer.passing, answer.borderline, answer.requirements[0].borderline)
    };
    assert_eq!(at("<= 51 m"), (2, 2, 2));
    assert_eq!(at("<= 52 m"), (2, 0, 0));
    assert_eq!(at("<= 49 m"), (0, 0, 2), "missed by a metre, and said so");
    assert_eq!(at("<= 48 m"), (0, 0, 0));
}

#[test]
fn a_hidden_layer_is_an_unknown_one() {
    let mut hidden = entry("secret", "", 0);
    hidden.definition.visibility = Visibility::Restricted;
    let secret = Layer::new(hidden, Vec::<String>::new().iter().collect(), Vec::new(), Shapes::default());
    let with = Atlas::from_layers("drawn".into(), valley().into_iter().chain([secret]).collect());
    let without = Atlas::from_layers("drawn".into(), valley());
    let texts = [
        "emprise: 1\ncandidates: { layers: [secret] }\ncriteria: { a: { kind: area, required: '> 0 ha' } }",
        "emprise: 1\ncandidates: { layers: [plots], within: secret/x }\ncriteria: { a: { kind: area, required: '> 0 ha' } }",
        "emprise: 1\ncandidates: { layers: [plots] }\ncriteria: { a: { kind: overlap, with: secret, required: '= 0 %' } }",
        "emprise: 1\ncandidates: { layers: [plots] }\ncriteria: { a: { kind: overlap, with: sacret, required: '= 0 %' } }",
    ];
    for text in texts {
        let spec = spec::read::read(text).unwrap();
        let says = |atlas: &Atlas| site(&spec, atlas.view(&Rights::public())).unwrap_err().to_string();
        assert_eq!(says(&with), says(&without));
    }
    let spec = spec::read::read(texts[2]).unwrap();
    assert!(site(&spec, with.view(&Rights::All)).is_ok());
}

/// What a specification is told about one criterion `c` over the valley's plots.
fn told(text: &str) -> String {
    let atlas = Atlas::from_layers("drawn".into(), valley());
    match spec::read::read(text) {
        Err(error) => error.to_string(),
        Ok(spec) => {
            site(&spec, atlas.view(&Rights::public())).map(|_| "nothing".to_owned()).unwrap_or_else(|error| error.to_string())
        }
    }
}

#[test]
fn a_bad_criterion_is_told_what_is_wrong_and_what_is_near() {
    let cases = [
        (
            "kind: proximity, to: junction, required: '<= 5 km'",
            "criterion `c`: there is no layer `junction`; did you mean `junctions`?",
        ),
        (
            "kind: proximty, to: junctions, required: '<= 5 km'",
            "criterion `c`: unknown kind `proximty`; did you mean `proximity`?",
        ),
        ("to: junctions, required: '<= 5 km'", "criterion `c`: no `kind`; write one of attribute, area"),
        (
            "kind: count, of: junctions, radios: 5 km, required: '>= 2'",
            "criterion `c`: unknown key `radios`; did you mean `radius`?",
        ),
        ("kind: area, requierd: '>= 2 ha', value: { 1 ha: 0 }", "unknown key `requierd`; did you mean `required`?"),
        (
            "kind: count, of: junctions, required: '>= 2'",
            "criterion `c`: write how far to look, `radius: 20 km`, or in which area",
        ),
        ("kind: area, required: '>= 8'", "criterion `c`, required: `8` has no unit; write its unit, such as `8 m2`"),
        ("kind: area, required: '>= 8 km'", "`8 km` is not an area: km measures a length, and m2 is asked for"),
        ("kind: proximity, to: junctions, required: '<= 8 ha'", "`8 ha` is not a length"),
        ("kind: proximity, to: junctions, required: '<= 8 kms'", "`kms` is not a unit; did you mean `km`?"),
        ("kind: area, required: '=> 8 ha'", "`=>` is not an operator; did you mean `>=`?"),
        ("kind: area, required: '8 ha'", "does not start with an operator"),
        ("kind: area, required: 8", "`8` has no operator"),
        ("kind: area", "asks for nothing"),
        ("kind: area, weight: 2, required: '> 0 ha'", "`weight` without `value`"),
        ("kind: area, value: { 1 ha: 0 }, weight: -1", "weight: `-1` is not a weight"),
        ("kind: area, value: { 1 ha: 0 }, weight: heavy", "is not a weight"),
        ("kind: area, value: { 1 ha: 0 }, weight: .nan", "non-finite"),
        ("kind: area, value: { 1 ha: 0 }, weight: 0", "every weight is 0"),
        ("kind: area, value: { 20 ha: 1, 8 ha: 0 }", "`20 ha` stands before `8 ha`"),
        ("kind: area, value: { 8 ha: 1, 80000 m2: 0 }", "each once"),
        ("kind: area, value: { 8 ha: 1.5 }", "`8 ha` is worth 1.5; a value lies between 0 and 1"),
        ("kind: area, value: { }", "no breakpoint"),
        ("kind: area, required: '>= 8 ha and <= 3 ha'", "criterion `c`: nothing can be `>= 8 ha and <= 3 ha`"),
        (
            "kind: attribute, column: stags, required: '= x'",
            "criterion `c`: `stags` is not a column of layer `plots`; did you mean `stage`?",
        ),
        ("kind: attribute, column: stage, required: '>= sold'", "words have no order"),
        ("kind: attribute, column: stage, required: '= on sal'", "column `stage` never says `on sal`; did you mean `on sale`?"),
        ("kind: attribute, column: stage, value: { on sale: 1, reservd: 0 }", "never says `reservd`; did you mean `reserved`?"),
        (
            "kind: count, of: plots, where: \"stage in ('sold', 'onsale')\", radius: 5 km, required: '>= 1'",
            "column `stage` never says `onsale`; did you mean `on sale`?",
        ),
        ("kind: attribute, column: price, required: '>= 3'", "`3` has no unit; write its unit, such as `3 EUR/m2`"),
        ("kind: attribute, column: price, required: '= cheap'", "`cheap` is not a quantity"),
        ("kind: attribute, column: free-from, required: '>= 1/1/2026'", "`1/1/2026` is not a date"),
        ("kind: attribute, column: turnkey, required: '= yes'", "`yes` is no truth value"),
        (
            "kind: sum, of: towns, field: worker, radius: 5 km, required: '>= 2'",
            "`worker` is not a column of layer `towns`; did you mean `workers`?",
        ),
        ("kind: sum, of: towns, field: workers, radius: 5 ha, required: '>= 2'", "criterion `c`, radius: `5 ha` is not a length"),
        (
            "kind: sum, of: towns, field: workers, radius: 9000 km, required: '>= 2'",
            "the radius `9000 km` lies outside 0 to 5000 km",
        ),
        ("kind: sum, of: towns, field: workers, radius: 5 km, at: middle, required: '>= 2'", "`at` is `edge`, `centre` or"),
        (
            "kind: count, of: plots, radius: 5 km, at: { x: stage, y: price }, required: '>= 2'",
            "column `stage` of layer `plots` holds no numbers",
        ),
        ("kind: count, of: [], radius: 5 km, required: '>= 2'", "no layer is named"),
        (
            "kind: count, of: towns, radius: 5 km, required: '>= 2 ha'",
            "`2 ha` has a unit, but what is measured is a plain number",
        ),
        ("kind: overlap, with: nature, required: '<= 10 %', value: { 0 ha: 1, 1 ha: 0 }", "`10 %` is not an area"),
        (
            "kind: proximity, to: junctions, where: 'kind == 3', required: '<= 5 km'",
            "criterion `c`, where: at character 6, `==` is not an operator; did you mean `=`?",
        ),
        (
            "kind: proximity, to: towns, where: 'worker > 3', required: '<= 5 km'",
            "at character 1, `worker` is not a column of layer `towns`; did you mean `workers`?",
        ),
        ("kind: proximity, to: towns, where: \"workers = 'x'\", required: '<= 5 km'", "column `workers` holds numbers"),
        ("kind: area, required: 'in 3 ha'", "must stand between `[` and `]`"),
    ];
    for (criterion, message) in cases {
        let text = format!("emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria:\n  c: {{ {criterion} }}\n");
        let said = told(&text);
        assert!(said.contains(message), "{criterion}\n  said: {said}\n  not:  {message}");
        assert!(!said.contains('\n'), "one sentence: {said}");
    }
}

#[test]
fn a_bad_specification_is_told_what_is_wrong_and_what_is_near() {
    let good = "emprise: 1\ncandidates: { layers: [plots] }\ncriteria:\n  c: { kind: area, required: '>= 1 ha' }\n";
    assert_eq!(told(good), "nothing");
    let cases = [
        (good.replace("emprise: 1", "emprise: 2"), "`emprise: 2` is not a version of this format"),
        (good.replace("emprise: 1\n", ""), "missing field `emprise`"),
        (good.replace("candidates:", "candidate:"), "unknown key `candidate`; did you mean `candidates`?"),
        (good.replace("[plots]", "[plot]"), "candidates: there is no layer `plot`; did you mean `plots`?"),
        (good.replace("[plots]", "[]"), "candidates: no layer is named"),
        (good.replace("[plots]", "[plots], where: \"stags = 'x'\""), "did you mean `stage`?"),
        (good.replace("[plots]", "[plots], within: natura/n"), "there is no layer `natura`; did you mean `nature`?"),
        (good.replace("[plots]", "[plots], within: nature/m"), "layer `nature` has no feature `m`; did you mean `n`?"),
        (good.replace("[plots]", "[plots], within: junctions/j"), "`junctions/j` is not a polygon"),
        (good.replace("[plots]", "[plots], within: nature"), "`nature` is not a place"),
        (good.replace("[plots]", "[plots], within: { type: Point, coordinates: [3, 46] }"), "not a Polygon"),
        (
            good.replace("[plots]", "[plots], within: { type: Polygon, coordinates: [[[46, 3], [46, 4], [47, 3], [46, 3]]] }"),
            "longitude first",
        ),
        (
            good.replace(
                "[plots]",
                "[plots], within: { type: Polygon, coordinates: [[[3, 46], [4, 47], [4, 46], [3, 47], [3, 46]]] }",
            ),
            "not valid",
        ),
        (good.replace("criteria:", "limit: 0\ncriteria:"), "limit is 0"),
        (good.replace("criteria:", "limit: 1000000\ncriteria:"), "lies between 1 and 10000"),
        (good.replace("criteria:", "metric: sphere\ncriteria:"), "`sphere`"),
        ("emprise: 1\ncandidates: { layers: [plots] }\ncriteria: {}\n".into(), "has no criterion"),
        (format!("{good}  c: {{ kind: area, required: '>= 2 ha' }}\n"), "c"),
        (
            format!("{good}  d: {{ kind: area, required: '< 1 ha' }}\n"),
            "criteria `c` and `d` contradict each other: nothing can be `>= 1 ha` and `< 1 ha`",
        ),
        (good.replace("'>= 1 ha'", ">= 1 ha"), "quotes"),
        ("- a\n- b\n".into(), "each with its name"),
        (good.replace("{ layers: [plots] }", "[plots]"), "candidates: { layers: [...] }"),
        ("{ \"emprise\": 1, ".into(), "not JSON"),
        (r#"{"emprise": 1, "emprise": 1, "criteria": {}}"#.into(), "`emprise` is written twice"),
        (format!("emprise: 1\ntitle: {}\n", "x".repeat(10 << 20)), "the most is 1048576"),
        (format!("emprise: {}1{}\n", "[".repeat(1_000), "]".repeat(1_000)), "limit"),
        (format!("emprise: {}1{}\n", "[".repeat(40), "]".repeat(40)), "nested deeper"),
        (format!("{{\"emprise\": {}1{}}}", "[".repeat(1_000), "]".repeat(1_000)), "nested deeper"),
    ];
    for (text, message) in cases {
        let said = told(&text);
        assert!(said.contains(message), "{:.200}\n  said: {said}\n  not:  {message}", text);
    }
    let many: String = (0..65).map(|n| format!("  c{n}: {{ kind: area, required: '>= 1 ha' }}\n")).collect();
    assert!(
        told(&format!("emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria:\n{many}"))
            .contains("65 criteria; the most is 64")
    );
}

#[test]
fn yaml_and_json_are_one_format_with_one_schema() {
    let yaml = spec::read::read(QUESTION).unwrap();
    let json = spec::read::read(&yaml.normal().to_string()).unwrap();
    assert_eq!((&yaml, yaml.hash()), (&json, json.hash()));
    let names = |spec: &spec::Spec| spec.criteria.0.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&json), ["area", "near", "clear", "around", "stock"], "the written order is kept");

    let schema = jsonschema::validator_for(&spec::json_schema()).unwrap();
    assert!(
        schema.is_valid(&yaml.normal()),
        "{:?}",
        schema.iter_errors(&yaml.normal()).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    let broken = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = yaml.normal();
        change(&mut value);
        !schema.is_valid(&value)
    };
    assert!(broken(&|value| value["criteria"]["near"]["radius"] = "5 km".into()), "a key of another kind");
    assert!(broken(&|value| value["criteria"]["near"]["kind"] = "nearness".into()));
    assert!(broken(&|value| value["colour"] = "red".into()));
    assert!(broken(&|value| value["emprise"] = 2.into()));
}

#[test]
fn an_answer_is_written_three_ways_with_the_same_numbers() {
    let mut layers = valley();
    let columns = "columns.name = { from = [\"n\"], type = \"text\" }";
    layers.push(drawn("odd", false, columns, "E E", "E: name==cmd|' /C calc'!A0"));
    layers.push(drawn(
        "communes",
        false,
        columns,
        ". . . . . . .\n. . . . . . .\n. . . . . . .\nx x x x x x x\nx x x x x x x",
        "x: name=Xanadu",
    ));
    let atlas = Atlas::from_layers("drawn".into(), layers);
    let view = atlas.view(&Rights::All);
    let text = "emprise: 1\ncandidates: { layers: [plots, odd] }\ncriteria: { a: { kind: area, required: '>= 1 m2', value: { 0 ha: 0, 8 ha: 1 } } }";
    let answer = site(&spec::read::read(text).unwrap(), view).unwrap();
    let commune =
        |id: &str| answer.sites.iter().find(|site| site.id == id).unwrap().commune.as_ref().map(|c| c.name.clone().unwrap());
    assert_eq!((commune("C"), commune("A")), (Some("Xanadu".into()), None));

    let collection = geojson::write(&answer, view);
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), answer.sites.len());
    for (feature, site) in features.iter().zip(&answer.sites) {
        assert_eq!(feature["properties"]["score"], site.score);
        assert_eq!(feature["properties"]["a.value"], site.findings[0].value);
        let ring = feature["geometry"]["coordinates"][0][0].as_array().unwrap();
        assert!(ring.iter().all(|p| (p[0].as_f64().unwrap() - 3.0).abs() < 0.1 && (p[1].as_f64().unwrap() - 46.5).abs() < 0.1));
    }
    assert_eq!(collection["siting"]["snapshot"], "drawn");
    assert_eq!(collection["siting"]["sources"][1]["layer"], "plots");

    let table = csv::write(&answer);
    let mut reader = ::csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), answer.sites.len());
    assert!(rows.iter().zip(&answer.sites).all(|(row, site)| row[2].parse() == Ok(site.score) && row[4] == site.id));
    assert!(rows.iter().any(|row| &row[5] == "'=cmd|' /C calc'!A0"), "a name is never a formula: {table}");
}

#[test]
fn the_shipped_specifications_fit_the_shipped_layers() {
    let root = crate::harness::repository("");
    for (specs, layers) in [("specs", "layers"), ("benches/specs", "benches/layers")] {
        let definitions = catalogue::read_folder(&root.join(layers)).unwrap();
        let empty = |definition: emprise::layer::definition::LayerDefinition| {
            let columns = definition.columns.values().map(|column| ValuesBuilder::new(column.kind).finish()).collect();
            let entry = emprise::snapshot::manifest::LayerEntry { definition, ..entry("any", "", 0) };
            Layer::new(entry, Vec::<String>::new().iter().collect(), columns, Shapes::default())
        };
        let atlas = Atlas::from_layers("empty".into(), definitions.into_iter().map(empty).collect());
        let schema = jsonschema::validator_for(&spec::json_schema()).unwrap();
        for file in std::fs::read_dir(root.join(specs)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let spec = spec::read::read(&text).unwrap();
            assert!(schema.is_valid(&spec.normal()));
            let answer = site(&spec, atlas.view(&Rights::public())).unwrap();
            assert_eq!((answer.passing, answer.undecided), (0, 0), "an empty country has no site");
        }
    }
}

/// The program itself, on the fixtures: ingest, then the shipped specification in each of its forms.
#[test]
fn the_command_says_the_same_in_every_form() {
    let data = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let folder = data.path().to_str().unwrap();
    assert_eq!(run(&["ingest", "--out", folder, "fixtures/data"]).0, Some(0));
    let spec = "specs/logistics-platform.yaml";
    let ask = |form: &[&str]| run(&[&["site", spec, "--data", folder], form].concat());
    let (status, json, _) = ask(&["--json"]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    let sites = answer["sites"].as_array().unwrap();
    assert!(status == Some(0) && !sites.is_empty(), "the shipped example finds sites in the shipped territory");
    assert!(answer["requirements"].as_array().unwrap().iter().all(|step| step["removed"].as_u64() <= step["tested"].as_u64()));

    let (_, table, _) = ask(&[]);
    let (_, collection, _) = ask(&["--geojson"]);
    let collection: serde_json::Value = serde_json::from_str(&collection).unwrap();
    let (_, rows, _) = ask(&["--csv"]);
    for (place, site) in sites.iter().enumerate() {
        let line = format!(
            "{:.6}  {}/{}",
            site["score"].as_f64().unwrap(),
            site["layer"].as_str().unwrap(),
            site["id"].as_str().unwrap()
        );
        assert!(table.contains(&line), "{line} in\n{table}");
        assert_eq!(collection["features"][place]["properties"]["score"], site["score"]);
        assert!(rows.lines().nth(place + 1).unwrap().contains(&format!(",{},", site["score"])));
        assert!(site["commune"]["name"].is_string(), "a site of the territory lies in a commune");
    }

    let (status, out, error) = run(&["site", "nowhere.yaml", "--data", folder]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(error.contains("cannot read nowhere.yaml"), "{error}");
    let (status, _, error) = run(&["site", spec, "--data", "/nowhere"]);
    assert!(status == Some(1) && error.contains("/nowhere"), "{error}");
    let schema: serde_json::Value = serde_json::from_str(&run(&["schema", "spec"]).1).unwrap();
    assert_eq!(schema, spec::json_schema());
}

/// `AC?D`: of the valley's plots those that pass a group, then the undecided.
fn grouped(group: &str) -> String {
    let text = format!("emprise: 1\nmetric: plane\ncandidates: {{ layers: [plots] }}\ncriteria:\n  g: {{ {group} }}\n");
    let answer = ask(valley(), &text);
    let listed = |sites: &[RankedSite]| {
        let mut ids: Vec<&str> = sites.iter().map(|site| site.id.as_str()).collect();
        ids.sort_unstable();
        ids.concat()
    };
    format!("{}?{}", listed(&answer.sites), listed(&answer.undecided_sites))
}

#[test]
fn groups_decide_by_what_is_known() {
    let cheap = "cheap: { kind: attribute, column: price, required: '<= 15 EUR/m2' }";
    let dear = "dear: { kind: attribute, column: price, required: '> 15 EUR/m2' }";
    let fair = "fair: { kind: attribute, column: price, required: '<= 25 EUR/m2' }";
    let big = "big: { kind: area, required: '>= 4 ha' }";
    let small = "small: { kind: area, required: '< 1 ha' }";
    let ready = "ready: { kind: attribute, column: turnkey, required: true }";
    let raw = "raw: { kind: attribute, column: turnkey, required: false }";
    let offered = "offered: { kind: attribute, column: stage, required: '= on sale' }";
    let taken = "taken: { kind: attribute, column: stage, required: '= reserved' }";

    assert_eq!(grouped(&format!("kind: any, criteria: {{ {cheap}, {big} }}")), "AC?", "C is big, whatever it costs");
    assert_eq!(grouped(&format!("kind: any, criteria: {{ {cheap}, {ready} }}")), "AD?BC");
    assert_eq!(grouped(&format!("kind: all, criteria: {{ {fair}, {ready} }}")), "A?B", "C is not ready, whatever it costs");
    assert_eq!(grouped(&format!("kind: none, criteria: {{ {taken} }}")), "AC?D");
    assert_eq!(grouped(&format!("kind: none, criteria: {{ {taken}, {raw} }}")), "A?D", "either is enough to be out");
    assert_eq!(grouped(&format!("kind: at-least, n: 2, criteria: {{ {big}, {ready}, {fair} }}")), "A?BC");
    assert_eq!(grouped(&format!("kind: at-least, n: 1, criteria: {{ {big}, {small} }}")), "AC?");
    assert_eq!(grouped(&format!("kind: all, criteria: {{ {big}, {small} }}")), "?", "nothing is both, and nobody is undecided");
    assert_eq!(grouped(&format!("kind: any, criteria: {{ {cheap}, {dear} }}")), "ABD?C", "nobody knows which of the two C is");
    let nested = format!(
        "kind: all, criteria: {{ a: {{ kind: any, criteria: {{ {offered}, {fair} }} }}, b: {{ kind: none, criteria: {{ {raw} }} }} }}"
    );
    assert_eq!(grouped(&nested), "A?BD");
    let twice = format!("kind: none, criteria: {{ a: {{ kind: none, criteria: {{ {offered} }} }} }}");
    assert_eq!(grouped(&twice), grouped(&format!("kind: all, criteria: {{ {offered} }}")), "not not");
}

#[test]
fn the_members_of_a_group_are_shown_and_valued() {
    let text = "
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        criteria:
          area: { kind: area, value: { 0 ha: 0, 4 ha: 1 }, weight: 1 }
          reach:
            kind: any
            criteria:
              junction: { kind: proximity, to: junctions, required: '<= 100 m', value: { 0 m: 1, 100 m: 0 }, weight: 3 }
              price: { kind: attribute, column: price, required: '>= 40 EUR/m2' }
    ";
    let answer = ask(valley(), text);
    // A and B are 50 m from a junction; D costs 40 and is far; the price of C is unknown.
    assert_eq!((ranking(&answer.sites), ranking(&answer.undecided_sites)), ("A=0.625 B=0.4375 D=0.0625".into(), "C=0.25".into()));
    let names: Vec<&str> = answer.criteria.iter().map(|head| head.name.as_str()).collect();
    assert_eq!(names, ["area", "reach/junction", "reach/price"]);
    assert_eq!(find(&answer, "D", "reach/price").value, 40.0);
    let removal = &answer.requirements[0];
    assert_eq!(removal.criterion, "reach");
    assert_eq!(removal.required, "any of (junction <= 100 m; price >= 40 EUR/m2)");
}

/// Groups drawn at random over four criteria, judged by hand from what each criterion says alone.
#[test]
fn any_group_is_what_three_valued_logic_says() {
    use emprise::siting::rule::Outcome::{self, Fail, Pass, Unknown};
    let leaves = [
        "{ kind: area, required: '>= 2 ha' }",
        "{ kind: attribute, column: stock, required: '>= 3' }",
        "{ kind: attribute, column: kind, required: '= good' }",
        "{ kind: sum, of: zones, field: stock, radius: 500 m, required: '>= 4' }",
    ];
    let atlas = Atlas::from_layers("country".into(), country(&mut Dice(40), 80).0);
    let verdicts = |criterion: &str| -> Vec<Outcome> {
        let text = format!("emprise: 1\nlimit: 1000\ncandidates: {{ layers: [plots] }}\ncriteria: {{ c: {criterion} }}");
        let answer = answer(&atlas, &text);
        let of = |id: String| match (&answer.sites, &answer.undecided_sites) {
            (passing, _) if passing.iter().any(|site| site.id == id) => Pass,
            (_, undecided) if undecided.iter().any(|site| site.id == id) => Unknown,
            _ => Fail,
        };
        (0..80).map(|row| of(row.to_string())).collect()
    };
    let alone: Vec<Vec<Outcome>> = leaves.iter().map(|leaf| verdicts(leaf)).collect();
    assert!(alone.iter().flatten().filter(|outcome| **outcome == Unknown).count() >= 12, "unknowns are a trial");

    /// A group as written, and what it says of each site.
    fn grown(dice: &mut Dice, depth: u32, leaves: &[&str], alone: &[Vec<Outcome>]) -> (String, Vec<Outcome>) {
        if depth == 0 || dice.roll() < 0.2 {
            let leaf = (dice.roll() * leaves.len() as f64) as usize;
            return (leaves[leaf].to_owned(), alone[leaf].clone());
        }
        let members: Vec<(String, Vec<Outcome>)> =
            (0..1 + (dice.roll() * 3.0) as usize).map(|_| grown(dice, depth - 1, leaves, alone)).collect();
        let (kind, least) = match (dice.roll() * 4.0) as u32 {
            0 => ("all".to_owned(), members.len()),
            1 => ("any".to_owned(), 1),
            2 => ("none".to_owned(), 0),
            _ => {
                let n = 1 + (dice.roll() * members.len() as f64) as usize;
                (format!("at-least, n: {n}"), n)
            }
        };
        let judged = (0..alone[0].len()).map(|site| {
            let count = |outcome: Outcome| members.iter().filter(|(_, outcomes)| outcomes[site] == outcome).count();
            match (count(Pass), count(Unknown)) {
                (pass, unknown) if least == 0 => [Pass, Unknown, Fail][usize::from(pass + unknown > 0) + usize::from(pass > 0)],
                (pass, _) if pass >= least => Pass,
                (pass, unknown) if pass + unknown >= least => Unknown,
                _ => Fail,
            }
        });
        let judged = judged.collect();
        let written: Vec<String> = members.iter().enumerate().map(|(place, (text, _))| format!("m{place}: {text}")).collect();
        (format!("{{ kind: {kind}, criteria: {{ {} }} }}", written.join(", ")), judged)
    }
    let mut dice = Dice(41);
    for _ in 0..60 {
        let (text, expected) = grown(&mut dice, 3, &leaves, &alone);
        assert_eq!(verdicts(&text), expected, "{text}");
    }
}

#[test]
fn a_bad_group_is_told_what_is_wrong() {
    let member = "a: { kind: area, required: '>= 1 ha' }";
    let cases = [
        ("kind: any, criteria: {}".to_owned(), "criterion `g`: the group has no criterion; write at least one"),
        ("kind: any".to_owned(), "criterion `g`: missing field `criteria`"),
        (
            format!("kind: any, required: '>= 1 ha', criteria: {{ {member} }}"),
            "a group has no `required`; write it on its members",
        ),
        (format!("kind: any, weight: 2, criteria: {{ {member} }}"), "a group has no `weight`"),
        (format!("kind: any, n: 1, criteria: {{ {member} }}"), "`n` belongs to `at-least`, not to `any`"),
        (format!("kind: at-least, criteria: {{ {member} }}"), "write `n:`, how many of the criteria must hold"),
        (format!("kind: at-least, n: 2, criteria: {{ {member} }}"), "n is 2; it lies between 1 and 1, the group's criteria"),
        (format!("kind: at-least, n: 0, criteria: {{ {member} }}"), "n is 0"),
        (format!("kind: al, criteria: {{ {member} }}"), "unknown kind `al`; did you mean `all`?"),
        (
            "kind: any, criteria: { a: { kind: area, value: { 1 ha: 0, 2 ha: 1 } } }".to_owned(),
            "`a` requires nothing; a group is decided by what its members require",
        ),
        ("kind: any, criteria: { a: { kind: area } }".to_owned(), "criterion `g`: criterion `a`: asks for nothing"),
        ("kind: any, criteria: { a/b: { kind: area, required: '>= 1 ha' } }".to_owned(), "a name has no `/`"),
        (
            "kind: any, criteria: { a: { kind: area, required: '>= 8 ha and <= 3 ha' } }".to_owned(),
            "criterion `g/a`: nothing can be",
        ),
        (
            "kind: any, criteria: { a: { kind: proximity, to: junction, required: '<= 1 km' } }".to_owned(),
            "criterion `g/a`: there is no layer",
        ),
    ];
    for (group, message) in cases {
        let said = told(&format!("emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria:\n  g: {{ {group} }}\n"));
        assert!(said.contains(message), "{group}\n  said: {said}\n  not:  {message}");
        assert!(!said.contains('\n'), "one sentence: {said}");
    }
    let deep = format!("{}{member}{}", "g: { kind: all, criteria: { ".repeat(20), " } }".repeat(20));
    assert!(told(&format!("emprise: 1\ncandidates: {{ layers: [plots] }}\ncriteria: {{ {deep} }}\n")).contains("nested deeper"));
}
