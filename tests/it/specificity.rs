//! What is made more here than elsewhere: against a computation cell by cell, and what must not become a number.

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::layer::value::Value;
use emprise::territory::Level;
use emprise::territory::specificity::activities::Classes;
use emprise::territory::specificity::answer::{Answer, answer};
use emprise::territory::specificity::staff::Counted;
use emprise::territory::specificity::{Fabric, Question};
use geo_types::{Geometry, Rect};

use crate::harness::{Dice, with_cells};

const COMMUNES: [(&str, &str); 5] =
    [("01001", "200000001"), ("01002", "200000001"), ("02001", "200000002"), ("02002", ""), ("75056", "200000003")];

fn square(place: usize) -> Geometry<f64> {
    let x = 600_000.0 + 10_000.0 * place as f64;
    Rect::new((x, 6_600_000.0), (x + 10_000.0, 6_610_000.0)).to_polygon().into()
}

fn text(word: &str) -> Option<Value> {
    (!word.is_empty()).then(|| Value::Text(word.to_owned()))
}

const TEXT: &str = "{ from = [\"a\"], type = \"text\" }";
const NUMBER: &str = "{ from = [\"a\"], type = \"number\" }";

/// Rows of `commune activity employees establishments`, `-` for a number that is kept back.
fn fabric(rows: &[(String, String, Option<f64>, f64)]) -> Fabric {
    let features = COMMUNES.iter().enumerate().map(|(place, commune)| (commune.0.to_owned(), Some(square(place)))).collect();
    let columns = format!("columns.name = {TEXT}\ncolumns.epci = {TEXT}\n");
    let communes = with_cells("communes", &columns, features, |id, column, _| match column {
        "epci" => text(COMMUNES.iter().find(|commune| commune.0 == id).unwrap().1),
        _ => text(&format!("Commune {id}")),
    });
    let columns = format!(
        "columns.commune = {TEXT}\ncolumns.activity = {TEXT}\ncolumns.employees = {NUMBER}\ncolumns.establishments = {NUMBER}\n"
    );
    let features = (0..rows.len()).map(|row| (row.to_string(), None)).collect();
    let table: Layer = with_cells("establishments", &columns, features, |id, column, _| {
        let (commune, activity, employees, establishments) = &rows[id.parse::<usize>().unwrap()];
        match column {
            "commune" => text(commune),
            "activity" => text(activity),
            "employees" => employees.map(Value::Number),
            _ => Some(Value::Number(*establishments)),
        }
    });
    Fabric::of(Atlas::from_layers("drawn".into(), vec![communes, table]).view(&Rights::All)).unwrap()
}

fn row(commune: &str, activity: &str, employees: f64) -> (String, String, Option<f64>, f64) {
    (commune.to_owned(), activity.to_owned(), Some(employees), 1.0)
}

fn ask(fabric: &Fabric, territory: &str, reference: &str, classes: Classes, counted: Counted) -> Answer {
    let [territory, reference] = [territory, reference].map(|written| fabric.reference(written).unwrap());
    answer(fabric, &Question { territory, reference, classes, counted, kappa: 20.0 }).unwrap()
}

fn close(found: Option<f64>, expected: Option<f64>, what: &str) {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} {expected}")
        }
        (found, expected) => assert_eq!(found, expected, "{what}"),
    }
}

/// Every class of every level, of random tables, territories and references, cell by cell.
#[test]
fn every_number_is_that_of_a_plain_sum() {
    let mut dice = Dice(7);
    let leaves = ["1610A", "1610B", "2511Z", "3030Z", "6201Z", "7820Z", "0111Z"];
    for _ in 0..40 {
        let mut rows = Vec::new();
        for (commune, _) in COMMUNES {
            for leaf in leaves {
                if dice.roll() > 0.6 {
                    continue;
                }
                let employees = (dice.roll() * 400.0).floor() / 4.0;
                rows.push((commune.to_owned(), leaf.to_owned(), Some(employees), (dice.roll() * 9.0).ceil()));
            }
        }
        let fabric = fabric(&rows);
        for (territory, reference) in
            [("epci/200000001", "FR"), ("commune/02002", "FR"), ("epci/200000002", "custom/01001,02002"), ("FR", "FR")]
        {
            for (classes, counted) in
                Classes::ALL.into_iter().flat_map(|classes| [(classes, Counted::Employees), (classes, Counted::Establishments)])
            {
                let answer = ask(&fabric, territory, reference, classes, counted);
                let members = |written: &str| -> Vec<&str> {
                    let of = fabric.reference(written).unwrap();
                    of.communes.iter().map(|&commune| COMMUNES[commune as usize].0).collect()
                };
                let (own, whole) = (members(territory), members(reference));
                let number = |row: &(String, String, Option<f64>, f64)| match counted {
                    Counted::Employees => row.2.unwrap(),
                    Counted::Establishments => row.3,
                };
                let sum = |keep: &dyn Fn(&str) -> bool, class: Option<&str>| -> f64 {
                    let of_class = |leaf: &str| class.is_none_or(|class| fabric.activities.code(leaf, classes) == Some(class));
                    rows.iter().filter(|row| keep(&row.0) && of_class(&row.1)).map(number).sum()
                };
                let share = |keep: &dyn Fn(&str) -> bool, class: &str| {
                    let all = sum(keep, None);
                    (all > 0.0).then(|| sum(keep, Some(class)) / all)
                };
                for found in &answer.rows {
                    let here = share(&|commune| own.contains(&commune), &found.code);
                    let there = share(&|commune| whole.contains(&commune), &found.code);
                    let rest = share(&|commune| whole.contains(&commune) && !own.contains(&commune), &found.code);
                    let ratio = |there: Option<f64>| Some(here? / there.filter(|share| *share > 0.0)?);
                    close(found.share, here, "share");
                    close(found.reference_share, there, "reference");
                    close(found.against_whole.map(|of| of.quotient), ratio(there), "whole");
                    close(found.against_rest.map(|of| of.quotient), ratio(rest), "rest");
                }
                let counted: f64 = answer.rows.iter().map(|row| row.count).sum();
                assert!((counted - answer.total).abs() < 1e-9, "the classes of {classes:?} are the total");
            }
        }
    }
}

#[test]
fn the_most_specific_of_many_jobs_comes_before_a_freak_of_few() {
    let rows = [
        row("01001", "2511Z", 400.0),
        row("01001", "3030Z", 4.0),
        row("01001", "6201Z", 600.0),
        row("02001", "2511Z", 600.0),
        row("02001", "3030Z", 6.0),
        row("02001", "6201Z", 8_394.0),
    ];
    let answer = ask(&fabric(&rows), "commune/01001", "FR", Classes::A88, Counted::Employees);
    let [first, second] = [&answer.rows[0], &answer.rows[1]];
    assert_eq!((first.code.as_str(), first.rank, first.reliable), ("25", Some(1), true));
    assert_eq!((second.code.as_str(), second.rank, second.reliable), ("30", Some(2), false));
    let quotient = |row: &emprise::territory::specificity::answer::Row| row.against_whole.unwrap().quotient;
    assert!(quotient(second) >= quotient(first) - 0.05, "by the plain quotient they are about the same");
    let interval = second.against_whole.unwrap().interval;
    assert!((interval.high / interval.low - (2.0 * 1.96 / 2.0_f64).exp()).abs() < 1e-9);
}

#[test]
fn what_is_not_available_is_no_number() {
    let mut rows =
        vec![row("01001", "1610A", 30.0), row("02001", "2511Z", 50.0), row("75101", "6201Z", 5.0), row("99999", "1610A", 9.0)];
    rows.push(("02001".to_owned(), "1610A".to_owned(), None, 2.0));
    rows.push(row("02001", "0000Z", 3.0));
    let fabric = fabric(&rows);
    let of = |territory: &str, counted| ask(&fabric, territory, "FR", Classes::A88, counted);
    let none = of("commune/02002", Counted::Employees);
    assert_eq!(none.total, 0.0);
    assert!(
        none.rows.iter().all(|row| row.against_whole.is_none() && row.share.is_none() && row.rank.is_none()),
        "nobody works there"
    );
    let kept_back = of("commune/02001", Counted::Employees);
    assert_eq!(kept_back.kept_back, 1);
    assert!(kept_back.rows.iter().all(|row| row.against_whole.is_none() && row.share.is_none()), "a part is kept back");
    assert!(
        of("commune/02001", Counted::Establishments).rows.iter().any(|row| row.against_whole.is_some()),
        "establishments are told"
    );
    let paris = of("commune/75056", Counted::Employees);
    assert_eq!(paris.total, 5.0, "an arrondissement is of its city");
    let wood = of("commune/01001", Counted::Employees).rows.into_iter().find(|row| row.code == "16").unwrap();
    assert!(
        wood.against_whole.is_some() && wood.against_rest.is_none(),
        "nobody else works in wood: against the rest there is no quotient"
    );
    assert_eq!((fabric.staff.taken.not_mapped, fabric.staff.taken.by_arrondissement), (1, 1));
    let three = of("FR", Counted::Employees);
    let classed: f64 = three.rows.iter().map(|row| row.count).sum();
    assert_eq!((three.total, classed), (88.0, 85.0), "a code of no class is in the total");
}

#[test]
fn all_areas_at_once_are_each_by_itself() {
    let mut dice = Dice(3);
    let rows: Vec<_> = (0..300)
        .map(|_| {
            row(
                COMMUNES[(dice.roll() * 5.0) as usize].0,
                ["1610A", "2511Z", "6201Z"][(dice.roll() * 3.0) as usize],
                1.0 + (dice.roll() * 9.0).floor(),
            )
        })
        .collect();
    let fabric = fabric(&rows);
    let grouping = fabric.staff.grouping(&fabric.activities, Classes::A38);
    let areas = fabric.geography.areas(Level::Epci).unwrap();
    let all = fabric.staff.sums_by_area(areas.of_commune(), areas.len(), &grouping, Counted::Employees);
    for area in 0..areas.len() as u32 {
        let territory = fabric.geography.territory(Level::Epci, areas.code(area)).unwrap();
        assert_eq!(all[area as usize], fabric.staff.sums(territory.communes, &grouping, Counted::Employees));
    }
}

/// The program itself, on the fixtures: each command about territories as a table, as JSON and as CSV, which say the same.
#[test]
fn the_commands_say_the_same_in_every_form() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["ingest", "--out", folder, "fixtures/data"]).0, Some(0));
    let commands: [(&[&str], &str, &str); 5] = [
        (&["specificity", "departement", "96", "--classes", "38"], "rows", "95 %"),
        (&["catchment", "communes/00001", "--within", "15", "--decay", "gaussian:6km"], "communes", "workers a job"),
        (&["charging", "--level", "epci"], "rows", "AFIR kW"),
        (
            &["charging", "--level", "commune", "--territory", "departement/96", "--by", "energy", "--set", "utilisation=0.2"],
            "rows",
            "energy kW",
        ),
        (&["carpool", "--set", "min_km=5", "--set", "near_km=1"], "flows", "km a day"),
    ];
    for (command, list, words) in commands {
        let ask = |form: &[&str]| run(&[command, &["--data", folder], form].concat());
        let (status, table, error) = ask(&[]);
        assert!(status == Some(0) && table.contains(words), "{command:?}: {table}{error}");
        let json: serde_json::Value = serde_json::from_str(&ask(&["--json"]).1).unwrap();
        let rows = json[list].as_array().unwrap();
        let csv = ask(&["--csv"]).1;
        assert!(!rows.is_empty());
        assert_eq!(csv.lines().count(), rows.len() + 1, "{command:?}");
        let french = ask(&["--lang", "fr"]).1;
        assert_ne!(french, table, "{command:?}");
    }
    let map: serde_json::Value =
        serde_json::from_str(&run(&["catchment", "3.5,46.58", "--data", folder, "--geojson"]).1).unwrap();
    assert_eq!(map["features"][0]["geometry"]["type"], "Point");
    for (wrong, words) in [
        (&["specificity", "departement", "96", "--reference", "96"][..], "is no reference"),
        (&["catchment", "here"], "is no place"),
        (&["catchment", "communes/nosuch"], "no feature"),
        (&["charging", "--set", "utilization=1"], "did you mean `utilisation`?"),
        (&["charging", "--road", "A0"], "there is no road `A0`"),
        (&["carpool", "--set", "min=5"], "are not shown"),
    ] {
        let (status, _, error) = run(&[wrong, &["--data", folder]].concat());
        assert!(status == Some(1) && error.contains(words), "{wrong:?}: {error}");
    }
}
