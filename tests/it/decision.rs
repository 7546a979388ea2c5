//! What is asked of a siting answer afterwards: what to relax, why not this one, another threshold on the same measures, and the
//! answer as columns of its layers. Each held against asking afresh.

use std::collections::BTreeSet;

use emprise::atlas::{Atlas, Rights};
use emprise::layer::value::Value;
use emprise::siting::answer::Answer;
use emprise::siting::land::Land;
use emprise::siting::memo::Memo;
use emprise::siting::relax::{Change, Loosened, Relaxation};
use emprise::siting::rule::Outcome;
use emprise::siting::spec::{self, Spec};
use emprise::siting::why::{Subject, reverse, why};
use emprise::siting::work::Work;
use emprise::siting::{SitingError, site, study};

use crate::harness::Dice;
use crate::siting::{atlas_of, valley};

fn read(text: &str) -> Spec {
    spec::read::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A question with thresholds drawn at random, some of which nothing meets.
pub fn question(dice: &mut Dice) -> String {
    let mut number = |low: f64, high: f64| (low + (high - low) * dice.roll()).round();
    format!(
        "
emprise: 1
candidates: {{ layers: [plots], where: \"stock <> 2 OR stock IS NULL\" }}
limit: 1000
criteria:
  area: {{ kind: area, required: \">= {} m2\", value: {{ 0 m2: 0, 5 ha: 1 }}, weight: {} }}
  near: {{ kind: proximity, to: points, required: \"<= {} m\", value: {{ 0 m: 1, 900 m: 0 }}, weight: {} }}
  clear: {{ kind: clearance, from: zones, required: \"> {} m\", value: {{ 0 m: 0, 300 m: 1 }} }}
  around: {{ kind: count, of: points, radius: 2 km, required: \">= {}\" }}
  covered: {{ kind: overlap, with: zones, where: \"kind = 'good'\", value: {{ 0 %: 1, 50 %: 0 }} }}
  stock: {{ kind: attribute, column: stock, value: {{ 0: 0, 6: 1 }}, weight: 1.5 }}
",
        number(1_000.0, 90_000.0),
        number(1.0, 5.0),
        number(10.0, 900.0),
        number(1.0, 5.0),
        number(0.0, 400.0),
        number(1.0, 12.0),
    )
}

fn bytes(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap()
}

#[test]
fn a_warm_answer_is_the_cold_one_to_the_byte() {
    let atlas = atlas_of(21);
    let rights = Rights::public();
    let memo = Memo::default();
    let mut dice = Dice(7);
    let mut passing = Vec::new();
    for _ in 0..40 {
        let spec = read(&question(&mut dice));
        let cold = site(&spec, atlas.view(&rights)).unwrap();
        for round in ["filled by others", "warm"] {
            let work = Work::default();
            let warm = study(&Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap(), &memo, &work)
                .unwrap()
                .answer(&work)
                .unwrap();
            assert_eq!(bytes(&warm), bytes(&cold), "{round}");
            if round == "warm" {
                assert_eq!(work.progress(), (0, 0), "nothing is measured twice");
            }
        }
        passing.push(cold.passing);
    }
    assert!(passing.iter().any(|&n| n > 10) && passing.contains(&0), "{passing:?}");
}

#[test]
fn a_memo_without_room_answers_the_same() {
    let atlas = atlas_of(22);
    let rights = Rights::public();
    let (none, work) = (Memo::new(0), Work::default());
    let mut dice = Dice(8);
    for _ in 0..5 {
        let spec = read(&question(&mut dice));
        let answer = study(&Land::prepare(&spec, atlas.view(&rights), &none, &work).unwrap(), &none, &work)
            .unwrap()
            .answer(&work)
            .unwrap();
        assert_eq!(bytes(&answer), bytes(&site(&spec, atlas.view(&rights)).unwrap()));
    }
    assert!(none.bytes() < 200_000, "{} bytes kept", none.bytes());
}

#[test]
fn concurrent_questions_make_each_measure_once() {
    let atlas = atlas_of(23);
    let rights = Rights::public();
    let spec = read(&question(&mut Dice(9)));
    let alone = Work::default();
    study(&Land::prepare(&spec, atlas.view(&rights), &Memo::default(), &alone).unwrap(), &Memo::default(), &alone).unwrap();
    let (memo, shared) = (Memo::default(), Work::default());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let land = Land::prepare(&spec, atlas.view(&rights), &memo, &shared).unwrap();
                study(&land, &memo, &shared).map(drop).unwrap();
            });
        }
    });
    assert!(alone.progress().0 > 100);
    assert_eq!(shared.progress(), alone.progress(), "eight questions, the work of one");
}

#[test]
fn work_that_is_stopped_ends_with_a_word() {
    let atlas = atlas_of(24);
    let work = Work::default();
    work.stop();
    let spec = read(&question(&mut Dice(10)));
    let stopped =
        study(&Land::prepare(&spec, atlas.view(&Rights::public()), &Memo::default(), &work).unwrap(), &Memo::default(), &work)
            .unwrap_err();
    assert!(matches!(stopped, SitingError::Stopped(_)), "{stopped}");
}

/// The specification after the changes, asked as a person would who takes over what is shown.
fn changed(text: &str, loosened: &Loosened) -> Spec {
    let mut spec = serde_json::to_value(read(text)).unwrap();
    for change in &loosened.changes {
        let criterion = &mut spec["criteria"][&change.criterion];
        match &change.relaxed {
            Some(relaxed) => criterion["required"] = relaxed.clone().into(),
            // A group requires what its members do.
            None => drop(["required", "criteria"].map(|key| criterion.as_object_mut().unwrap().remove(key))),
        }
    }
    // What asks for nothing any more is no criterion.
    spec["criteria"].as_object_mut().unwrap().retain(|_, criterion| {
        criterion.get("required").is_some() || criterion.get("value").is_some() || criterion.get("criteria").is_some()
    });
    read(&spec.to_string())
}

#[test]
fn what_is_said_to_admit_sites_admits_them_when_asked() {
    let atlas = atlas_of(25);
    let rights = Rights::public();
    let view = atlas.view(&rights);
    let memo = Memo::default();
    let mut dice = Dice(11);
    let (mut singles, mut pairs) = (0, 0);
    for round in 0..30 {
        let text = question(&mut dice);
        let spec = read(&text);
        let wanted = 1 + round % 5;
        let work = Work::default();
        let relaxation =
            study(&Land::prepare(&spec, view, &memo, &work).unwrap(), &memo, &work).unwrap().relax(wanted, &work).unwrap();
        let before: BTreeSet<String> = ids(&site(&spec, view).unwrap());
        assert_eq!(relaxation.passing, before.len());
        for loosened in relaxation.single.iter().chain(&relaxation.pairs) {
            let after = ids(&site(&changed(&text, loosened), view).unwrap());
            let admitted: BTreeSet<String> = after.difference(&before).cloned().collect();
            assert_eq!(admitted.len(), loosened.admits, "{text}\n{loosened:?}");
            assert!(loosened.admits >= wanted);
            assert!(loosened.sites.iter().all(|site| admitted.contains(&site.id)));
        }
        singles += relaxation.single.len();
        pairs += relaxation.pairs.len();
        for alone in &relaxation.requirements {
            let given_up = Loosened {
                changes: vec![Change { criterion: alone.criterion.clone(), required: alone.required.clone(), relaxed: None }],
                effort: 1.0,
                admits: alone.only,
                sites: Vec::new(),
            };
            let after = site(&changed(&text, &given_up), view).unwrap();
            assert_eq!(after.passing, before.len() + alone.only, "{}", alone.criterion);
        }
        assert_smallest(&relaxation);
    }
    assert!(singles > 30 && pairs > 15, "{singles} {pairs}");
}

fn ids(answer: &Answer) -> BTreeSet<String> {
    assert_eq!(answer.passing, answer.sites.len());
    answer.sites.iter().map(|site| site.id.clone()).collect()
}

/// Of what the near misses need, nothing smaller would do.
fn assert_smallest(relaxation: &Relaxation) {
    let efforts: Vec<f64> = relaxation.near_misses.iter().filter(|miss| miss.misses.len() == 1).map(|miss| miss.effort).collect();
    assert!(efforts.is_sorted());
    if relaxation.wanted == 1
        && let (Some(nearest), Some(single)) = (efforts.first(), relaxation.single.first())
    {
        // Rounded to three digits, a threshold moves by at most a hundredth more.
        assert!(*nearest <= single.effort + 1e-12 && single.effort <= nearest + 0.03 * (1.0 + nearest), "{nearest} {single:?}");
    }
    for list in [&relaxation.single, &relaxation.pairs] {
        assert!(list.windows(2).all(|pair| pair[0].effort <= pair[1].effort));
    }
}

const CRITERIA: [&str; 4] = ["area", "around", "clear", "near"];

#[test]
fn pairs_are_the_smallest_by_brute_force() {
    let atlas = atlas_of(26);
    let rights = Rights::public();
    let (memo, mut dice) = (Memo::default(), Dice(12));
    let mut found = 0;
    for _ in 0..20 {
        let spec = read(&question(&mut dice));
        let work = Work::default();
        let relaxation = study(&Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap(), &memo, &work)
            .unwrap()
            .relax(1, &work)
            .unwrap();
        // With one site wanted, the best pair of two requirements is the least of those who miss both, if less than either alone.
        let alone = |criterion: &str| {
            let own = relaxation.single.iter().find(|single| single.changes[0].criterion == criterion);
            own.map_or(f64::INFINITY, |single| single.effort)
        };
        for (first, second) in CRITERIA.iter().flat_map(|a| CRITERIA.iter().map(move |b| (a, b))).filter(|(a, b)| a < b) {
            let both = |changes: &[Change]| {
                changes.len() == 2 && changes.iter().all(|change| [first, second].contains(&&change.criterion.as_str()))
            };
            let doubles = relaxation.near_misses.iter().filter(|miss| both(&miss.misses)).map(|miss| miss.effort);
            let Some(least) = doubles.reduce(f64::min) else { continue };
            match relaxation.pairs.iter().find(|pair| both(&pair.changes)) {
                Some(pair) => {
                    found += 1;
                    assert!(least <= pair.effort + 1e-12 && pair.effort <= least + 0.05 * (1.0 + least), "{least} {pair:?}");
                }
                None => assert!(least + 0.05 * (1.0 + least) >= alone(first).min(alone(second)), "{least} {first} {second}"),
            }
        }
    }
    assert!(found > 3, "{found}");
}

const VALLEY: &str = "
emprise: 1
candidates: { layers: [plots], where: \"stage <> 'sold' OR stage IS NULL\" }
criteria:
  area: { kind: area, required: \">= 2 ha\", value: { 0 ha: 0, 4 ha: 1 } }
  junction: { kind: proximity, to: junctions, required: \"<= 100 m\", value: { 0 m: 1, 500 m: 0 }, weight: 3 }
  stage: { kind: attribute, column: stage, required: \"in ['on sale']\" }
";

#[test]
fn the_valley_says_why_not_and_what_would_do() {
    let atlas = Atlas::from_layers("drawn".into(), valley());
    let rights = Rights::public();
    let (spec, memo, work) = (read(VALLEY), Memo::default(), Work::default());
    let explain = |id: &str| why(&spec, atlas.view(&rights), &memo, &Subject::Site(id.into()), &work).unwrap();

    let a = explain("plots/A");
    assert_eq!((a.verdict, a.candidate, a.rank_among_passing, a.passing), (Outcome::Pass, true, 1, 1));

    // C is on sale and large, but 3 squares from the junction of A.
    let c = explain("C");
    let needed: Vec<(&str, Outcome, Option<&str>)> = c
        .requirements
        .iter()
        .map(|judgement| (&*judgement.criterion, judgement.outcome, judgement.would_pass.as_deref()))
        .collect();
    let distance = c.site.findings[1].value.as_f64().unwrap();
    assert!((200.0..300.0).contains(&distance), "{distance}");
    let would = needed[1].2.unwrap().strip_prefix("<= ").unwrap().strip_suffix(" m").unwrap().parse::<f64>().unwrap();
    assert!(would >= distance && would < distance + 1.0, "{would} for {distance}");
    assert_eq!((needed[0].1, needed[1].1, needed[2].1), (Outcome::Pass, Outcome::Fail, Outcome::Pass));
    assert_eq!(c.verdict, Outcome::Fail);

    // D: too small, too far, and its stage unknown.
    let d = explain("D");
    assert_eq!(
        d.requirements.iter().map(|judgement| judgement.outcome).collect::<Vec<_>>(),
        [Outcome::Fail, Outcome::Fail, Outcome::Unknown]
    );
    let problem = why(&spec, atlas.view(&rights), &memo, &Subject::Site("plots/E".into()), &work).unwrap_err().to_string();
    assert!(problem.contains("no site `plots/E`"), "{problem}");
}

#[test]
fn a_drawn_polygon_is_explained_like_a_site_of_the_same_shape() {
    let atlas = Atlas::from_layers("drawn".into(), valley());
    let rights = Rights::public();
    let view = atlas.view(&rights);
    let (spec, memo, work) = (read(VALLEY), Memo::default(), Work::default());
    let listed = emprise::siting::writing::geojson::write(&site(&spec, view).unwrap(), view);
    let plot = listed["features"][0].clone();
    let geometry = plot["geometry"].as_object().unwrap().clone();
    let drawn = why(&spec, view, &memo, &Subject::Drawn(geometry), &work).unwrap();
    let own = why(&spec, view, &memo, &Subject::Site("A".into()), &work).unwrap();
    assert!(!drawn.candidate && own.candidate);
    for (drawn, own) in drawn.site.findings.iter().zip(&own.site.findings).take(2) {
        let [drawn, own] = [drawn, own].map(|finding| finding.value.as_f64().unwrap());
        // Degrees are written to the centimetre.
        assert!((drawn - own).abs() < 0.05, "{drawn} {own}");
    }
    assert_eq!(drawn.requirements[2].outcome, Outcome::Unknown, "nobody knows the stage of what is drawn");

    let kept = vec![("valley".to_owned(), spec), ("wrong".to_owned(), read(&VALLEY.replace("junctions", "junction")))];
    let standings = reverse(&kept, view, &memo, &Subject::Site("A".into()), &work).unwrap();
    assert_eq!(standings[0].explanation.as_ref().unwrap().verdict, Outcome::Pass);
    assert!(standings[1].problem.as_ref().unwrap().contains("did you mean `junctions`"));
}

#[test]
fn the_painted_layer_says_what_the_answer_says() {
    let atlas = atlas_of(27);
    let rights = Rights::public();
    let spec = read(&question(&mut Dice(13)).replace("limit: 1000", "limit: 10000"));
    let work = Work::default();
    let memo = Memo::default();
    let land = Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap();
    let mut study = study(&land, &memo, &work).unwrap();
    let painted = study.paint().remove(0);
    let answer = study.answer(&work).unwrap();
    assert_eq!(painted.layer, "plots");
    let cell = |row: u32, column: &str| {
        let (_, values) = painted.columns.iter().find(|(name, _)| *name == column).unwrap();
        values.get(row)
    };
    for (verdict, sites) in [("pass", &answer.sites), ("unknown", &answer.undecided_sites)] {
        for site in sites {
            assert_eq!(cell(site.row, "verdict"), Value::Text(verdict.into()));
            assert_eq!(cell(site.row, "rank"), Value::Integer(site.rank as i64));
            assert_eq!(cell(site.row, "score"), Value::Number(site.score));
        }
    }
    let rows = || 0..painted.is_candidate.len() as u32;
    let failing: Vec<u32> = rows().filter(|&row| cell(row, "verdict") == Value::Text("fail".into())).collect();
    assert_eq!(failing.len() + answer.passing + answer.undecided, answer.candidates.considered);
    assert_eq!(rows().filter(|&row| painted.is_candidate[row as usize]).count(), answer.candidates.considered);
    for step in &answer.requirements {
        let by = |row: &&u32| cell(**row, "reason") == Value::Text(step.criterion.clone());
        assert_eq!(failing.iter().filter(by).count(), step.removed, "{}", step.criterion);
    }
}

#[test]
fn sites_side_by_side_agree_with_each_alone() {
    let atlas = Atlas::from_layers("drawn".into(), valley());
    let rights = Rights::public();
    let (spec, memo, work) = (read(VALLEY), Memo::default(), Work::default());
    let land = Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap();
    let mut study = study(&land, &memo, &work).unwrap();
    let places: Vec<_> = ["A", "plots/C", "D"].into_iter().map(|site| study.find(site).unwrap()).collect();
    let comparison = study.compare(&places, &work).unwrap();
    for (site, id) in comparison.sites.iter().zip(["A", "C", "D"]) {
        assert_eq!(*site, why(&spec, atlas.view(&rights), &memo, &Subject::Site(id.into()), &work).unwrap());
    }
    let best: Vec<&[usize]> = comparison.criteria.iter().map(|row| &row.best[..]).collect();
    assert_eq!(best, [&[0, 1][..], &[0], &[0, 1]], "A and C are as large and both on sale; A is nearest");
    let earned = |place: usize| comparison.sites[place].site.findings[1].contribution.unwrap();
    assert_eq!(comparison.criteria[1].spread, Some(((earned(0) - earned(2).min(earned(1))) * 1e9).round() / 1e9));
    assert!(study.find("nowhere/A").unwrap_err().to_string().contains("no site `nowhere/A`"));
}

#[test]
fn a_group_is_relaxed_by_giving_it_up() {
    let atlas = Atlas::from_layers("drawn".into(), valley());
    let rights = Rights::public();
    let text = "
emprise: 1
candidates: { layers: [plots] }
criteria:
  area: { kind: area, required: \">= 2 ha\" }
  reach:
    kind: any
    criteria:
      junction: { kind: proximity, to: junctions, required: \"<= 10 m\" }
      town: { kind: proximity, to: towns, required: \"<= 10 m\" }
";
    let (spec, memo, work) = (read(text), Memo::default(), Work::default());
    let land = Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap();
    let mut study = study(&land, &memo, &work).unwrap();
    let relaxation = study.relax(1, &work).unwrap();
    let reach = relaxation.requirements.iter().find(|alone| alone.criterion == "reach").unwrap();
    assert!(reach.required.starts_with("any of (junction <= 10 m; town <= 10 m)"), "{}", reach.required);
    for loosened in &relaxation.single {
        let after = site(&changed(text, loosened), atlas.view(&rights)).unwrap();
        assert_eq!(after.passing, relaxation.passing + loosened.admits, "{loosened:?}");
    }
}
