//! One rule after the other, held against sums made by hand.

use emprise::layer::indicator::Rule;
use emprise::territory::{Figure, Level, TerritoryError};
use geo_types::{Geometry, Point, Rect};

use super::{book, fault, rows, table};

const TITLE: &str = "title = { fr = \"T\", en = \"T\" }\ntheme = \"labour\"\n";

fn indicator(id: &str, rule: &str) -> String {
    format!("[indicators.{id}]\n{TITLE}rule = {rule}\n")
}

const PEOPLE: [(&str, &str); 3] = [("people", "number"), ("active", "number"), ("income", "number")];

/// Code, people, active people, income a head. 02001 keeps its people secret, 03001 its active; nobody lives in 02002.
const CELLS: [&str; 7] =
    ["01001 100 50 10", "01002 300 150 20", "02001 - 40 30", "02002 0 0 -", "03001 50 - 40", "75056 1000 500 50", "99999 7 7 7"];

fn figures(rule: &str, more: &str, cells: &[&str], level: Level) -> Vec<(String, Figure)> {
    let book = book(vec![table("people", "commune", &PEOPLE, cells, &(indicator("it", rule) + more))]);
    let (series, areas) = (book.one("it").unwrap(), book.geography.areas(level).unwrap());
    let figures = book.figures(series, level).unwrap();
    (0..areas.len() as u32).map(|area| (areas.code(area).to_owned(), figures[area as usize])).collect()
}

fn value(rule: &str, level: Level, code: &str) -> (Option<f64>, bool) {
    let (_, figure) = figures(rule, "", &CELLS, level).into_iter().find(|(own, _)| own == code).unwrap();
    (figure.value, figure.at_least)
}

#[test]
fn a_sum_lacking_a_cell_is_at_least_and_one_lacking_all_is_not_available() {
    let sum = "{ sum = [\"people\"] }";
    assert_eq!(value(sum, Level::Departement, "01"), (Some(400.0), false));
    assert_eq!(value(sum, Level::Departement, "02"), (Some(0.0), true), "02001 is secret, and nobody lives in 02002");
    assert_eq!(value(sum, Level::Commune, "02001"), (None, false));
    assert_eq!(value(sum, Level::Epci, "A"), (Some(100.0), true), "an EPCI in two départements");
    assert_eq!(value(sum, Level::Country, "FR"), (Some(1450.0), true));
    let country = figures(sum, "", &CELLS, Level::Country)[0].1;
    assert_eq!((country.known, country.of), (5, 6));
}

#[test]
fn several_columns_add_up_and_a_part_of_a_row_is_no_whole() {
    let both = "{ sum = [\"people\", \"active\"] }";
    assert_eq!(value(both, Level::Commune, "01001"), (Some(150.0), false));
    assert_eq!(value(both, Level::Commune, "02001"), (Some(40.0), true));
}

#[test]
fn a_ratio_is_of_whole_sums_and_never_infinite() {
    let ratio = "{ ratio = { of = [\"active\"], to = [\"people\"] } }";
    assert_eq!(value(ratio, Level::Departement, "01"), (Some(0.5), false), "200 of 400, no mean of two shares");
    assert_eq!(value(ratio, Level::Commune, "02002"), (None, false), "nobody by nobody");
    assert_eq!(value(ratio, Level::Departement, "02"), (None, false), "a divisor that is not known could be anything");
    assert_eq!(value(ratio, Level::Departement, "03"), (None, false), "nothing known to divide");
    let inverse = "{ ratio = { of = [\"people\"], to = [\"active\"] } }";
    assert_eq!(value(inverse, Level::Departement, "02"), (Some(0.0), true), "the divisor is known, the dividend at least 0");
    let share = figures(ratio, "unit = \"%\"\n", &CELLS, Level::Departement);
    assert_eq!(share[0].1.value, Some(50.0));
}

#[test]
fn a_mean_weighs_and_a_place_without_weight_says_nothing() {
    let mean = "{ weighted-mean = { of = \"income\", weight = \"people\" } }";
    let expected = (100.0 * 10.0 + 300.0 * 20.0) / 400.0;
    assert_eq!(value(mean, Level::Departement, "01"), (Some(expected), false));
    assert_eq!(value(mean, Level::Epci, "B"), (Some(20.0), false), "nobody lives in 02002, whose income is unknown");
    assert_eq!(value(mean, Level::Epci, "A"), (None, false), "a weight is secret");
    let other = "{ weighted-mean = { of = \"people\", weight = \"active\" } }";
    assert_eq!(value(other, Level::Departement, "02"), (Some(0.0), true), "a secret part of a known weight");
}

#[test]
fn what_cannot_be_placed_is_counted_and_in_no_sum() {
    let cells =
        ["01001 1 1 1", "02998 5 1 1", "75101 2 1 1", "75102 3 1 1", "99132 1 1 1", "88888 9 1 1", "- 9 1 1", "01002 -4 1 1"];
    let book = book(vec![table("people", "commune", &PEOPLE, &cells, &indicator("it", "{ sum = [\"people\"] }"))]);
    let series = book.one("it").unwrap();
    let taken = &series.taken;
    assert_eq!((taken.rows, taken.by_merged_commune, taken.by_arrondissement, taken.repeated), (8, 1, 2, 0));
    assert_eq!((taken.abroad, taken.not_mapped, taken.negative), (1, 2, 1));
    let communes = book.figures(series, Level::Commune).unwrap();
    let values: Vec<Option<f64>> = communes.iter().map(|figure| figure.value).collect();
    assert_eq!(values, [Some(1.0), None, Some(5.0), None, None, Some(5.0)], "two mergers away; two arrondissements of one city");
}

#[test]
fn arrondissements_that_repeat_their_city_are_left_out() {
    let cells = ["75056 10 1 1", "75101 4 1 1", "75102 6 1 1"];
    let book = book(vec![table("people", "commune", &PEOPLE, &cells, &indicator("it", "{ sum = [\"people\"] }"))]);
    let series = book.one("it").unwrap();
    assert_eq!(series.taken.repeated, 2);
    assert_eq!(book.figures(series, Level::Departement).unwrap()[3].value, Some(10.0));
}

#[test]
fn a_table_that_lists_all_there_is_means_none_by_silence() {
    let cells = ["01001 4 1 1", "01001 6 1 1", "01002 - 1 1"];
    let rule = "{ sum = [\"people\"] }";
    let zero = figures(rule, "absent = \"zero\"\n", &cells, Level::Departement);
    assert_eq!(zero[0].1, Figure { value: Some(10.0), at_least: true, known: 1, of: 2 });
    assert_eq!(zero[1].1, Figure { value: Some(0.0), at_least: false, known: 2, of: 2 });
    let unknown = figures(rule, "", &cells, Level::Departement);
    assert_eq!(unknown[1].1, Figure { value: None, at_least: false, known: 0, of: 2 });
}

#[test]
fn a_filter_keeps_rows_and_does_not_make_a_place_silent() {
    let cells = ["01001 4 1 1", "01001 6 2 1", "01002 5 1 1", "02001 5 - 1"];
    let kept = figures("\"count\"", "where = \"active = 2\"\n", &cells, Level::Commune);
    assert_eq!(kept[0].1, Figure { value: Some(1.0), at_least: false, known: 1, of: 1 });
    assert_eq!(kept[1].1, Figure { value: Some(0.0), at_least: false, known: 1, of: 1 }, "a row, and none that counts");
    assert_eq!(kept[2].1.value, None, "whether its row counts is unknown");
    assert_eq!(kept[3].1.value, None, "no row");
}

#[test]
fn of_several_days_the_latest_of_each_place_counts() {
    let columns = [("cars", "number"), ("day", "date")];
    let cells = ["01001 5 2023-12-31", "01001 9 2024-12-31", "01002 3 2023-12-31", "01002 - 2022-12-31"];
    let declared = indicator("cars", "{ sum = [\"cars\"] }") + "latest = \"day\"\n";
    let book = book(vec![table("cars", "commune", &columns, &cells, &declared)]);
    let series = book.one("cars").unwrap();
    assert_eq!(book.figures(series, Level::Departement).unwrap()[0].value, Some(12.0));
}

#[test]
fn figures_of_departements_exist_where_whole_ones_make_up_an_area() {
    let cells = ["01 10", "02 20", "03 -", "75 40"];
    let declared = indicator("plans", "{ sum = [\"plans\"] }");
    let book = book(vec![table("plans", "departement", &[("plans", "number")], &cells, &declared)]);
    let series = book.one("plans").unwrap();
    assert_eq!(series.base, Level::Departement);
    let of = |level| book.figures(series, level).unwrap().to_vec();
    assert_eq!(of(Level::Departement)[1].value, Some(20.0));
    assert_eq!(of(Level::Commune)[0], Figure { value: None, at_least: false, known: 0, of: 1 }, "a part of a département");
    assert_eq!(of(Level::Epci)[0].value, None, "parts of two");
    let list = |codes: &str| book.figure(series, &book.geography.territory(Level::Custom, codes).unwrap());
    assert_eq!(list("01001,01002").value, Some(10.0));
    let cut = Figure { value: Some(10.0), at_least: true, known: 1, of: 2 };
    assert_eq!(list("01001,01002,02001"), cut, "one whole, one cut");
    assert_eq!(of(Level::Country)[0], Figure { value: Some(70.0), at_least: true, known: 3, of: 4 });
}

#[test]
fn features_without_a_code_are_placed_where_they_are() {
    let at = |x: f64| Some(Geometry::from(Point::new(600_000.0 + x, 6_605_000.0)));
    let cells = [("01001 1", at(25_000.0)), ("- 2", at(25_000.0)), ("- 4", at(90_000.0)), ("- 8", None)];
    let head = format!(
        "role = \"infrastructure\"\ngeometry = \"point\"\n{}",
        indicator("poles", "{ sum = [\"points\"] }") + "absent = \"zero\"\n"
    );
    let book = book(vec![rows("poles", &head, &[("commune", "text"), ("points", "number")], &cells)]);
    let series = book.one("poles").unwrap();
    let values: Vec<f64> = book.figures(series, Level::Commune).unwrap().iter().filter_map(|one| one.value).collect();
    assert_eq!(values, [1.0, 0.0, 2.0, 0.0, 0.0, 0.0], "a code goes before a position");
    assert_eq!((series.taken.by_position, series.taken.not_mapped), (1, 2));
}

#[test]
fn sums_are_equal_at_every_level_and_in_lists() {
    let cells = ["01001 0.1 1 1", "01002 0.2 1 1", "02001 0.3 1 1", "02002 - 1 1", "03001 0.7 1 1", "75056 1e6 1 1"];
    let book = book(vec![table("people", "commune", &PEOPLE, &cells, &indicator("it", "{ sum = [\"people\"] }"))]);
    let series = book.one("it").unwrap();
    assert!(series.indicator.rule.adds_up() && !Rule::Ratio { of: vec![], to: vec![] }.adds_up());
    let total = |level| -> f64 { book.figures(series, level).unwrap().iter().filter_map(|one| one.value).sum() };
    for level in [Level::Commune, Level::Departement, Level::Country] {
        assert!((total(level) - 1_000_001.3).abs() < 1e-9 * 1e6, "{level}");
    }
    assert!((total(Level::Epci) - 1.3).abs() < 1e-9, "the city belongs to no EPCI");
    let all = book.geography.territory(Level::Custom, "01001,01002,02001,02002,03001,75056").unwrap();
    assert_eq!(book.figure(series, &all), book.figures(series, Level::Country).unwrap()[0]);
    assert_eq!(book.standing(series, &all), None, "a list has no peers");
}

#[test]
fn ranks_are_of_numbers_that_are_whole() {
    let book = book(vec![table("people", "commune", &PEOPLE, &CELLS, &indicator("it", "{ sum = [\"people\"] }"))]);
    let series = book.one("it").unwrap();
    let rank =
        |level, code| book.standing(series, &book.geography.territory(level, code).unwrap()).map(|one| (one.rank, one.among));
    assert_eq!(rank(Level::Commune, "75056"), Some((1, 5)));
    assert_eq!(rank(Level::Commune, "02002"), Some((5, 5)));
    assert_eq!(rank(Level::Commune, "02001"), None);
    assert_eq!(rank(Level::Departement, "02"), None, "at least 0 could be first");
    assert_eq!(rank(Level::Departement, "01"), Some((2, 3)));
}

#[test]
fn what_is_declared_wrong_is_named() {
    let of = |rule: &str, more: &str| fault(&(indicator("it", rule) + more));
    assert!(
        of("{ sum = [\"peopel\"] }", "")
            .contains("[indicators.it]: `peopel` is not declared in [columns]; did you mean `people`?")
    );
    assert!(of("{ sum = [\"word\"] }", "").contains("`word` holds no numbers"));
    assert!(of("{ sum = [] }", "").contains("names no column"));
    assert!(of("\"count\"", "latest = \"people\"\n").contains("no column of dates"));
    assert!(of("\"count\"", "where = \"peple = 1\"\n").contains("did you mean `people`"));
    assert!(of("\"count\"", "where = \"people =\"\n").contains("`where`"));
    assert!(of("\"mean\"", "").contains("mean"));
    let twice = || table("a", "commune", &PEOPLE, &[], &indicator("it", "\"count\""));
    let other = table("b", "commune", &PEOPLE, &[], &indicator("it", "\"count\""));
    let atlas = emprise::atlas::Atlas::from_layers("t".into(), vec![super::communes(), twice(), other]);
    let rights = emprise::atlas::Rights::public();
    let view = atlas.view(&rights);
    let geography = std::sync::Arc::new(emprise::territory::Geography::of(view).unwrap());
    let error = emprise::territory::Indicators::of(view, geography).unwrap_err();
    assert!(matches!(&error, TerritoryError::Twice { layers, .. } if *layers == ["a", "b"]), "{error}");
    let unknown = book(vec![twice()]).one("ti").map(|_| ()).unwrap_err().to_string();
    assert_eq!(unknown, "there is no indicator `ti`; did you mean `it`?");
}

#[test]
fn communes_in_none_of_the_areas_that_a_table_lists_have_none() {
    let cells = ["A 3", "B 4"];
    let of = |more: &str| {
        let declared = indicator("sheets", "{ sum = [\"n\"] }") + more;
        let book = book(vec![table("sheets", "epci", &[("n", "number")], &cells, &declared)]);
        book.figures(book.one("sheets").unwrap(), Level::Country).unwrap()[0]
    };
    assert_eq!(of("absent = \"zero\"\n"), Figure { value: Some(7.0), at_least: false, known: 4, of: 4 }, "one is in no EPCI");
    assert_eq!(of(""), Figure { value: Some(7.0), at_least: true, known: 2, of: 4 });
}

#[test]
fn the_nearest_is_far_as_residents_have_it() {
    // Communes are squares of 10 km in a row: points inside at 5, 15, 25... km.
    let at = |x: f64| Some(Geometry::from(Point::new(600_000.0 + x, 6_605_000.0)));
    let poles = [("1", at(5_000.0)), ("2", at(15_000.0)), ("2", None)];
    let head = format!(
        "role = \"infrastructure\"\ngeometry = \"point\"\n{}",
        indicator("far", "\"nearest\"") + "where = \"kind = 2\"\n"
    );
    let book = book(vec![rows("poles", &head, &[("kind", "number")], &poles)]);
    let series = book.one("far").unwrap();
    let of = |level, area: usize| book.figures(series, level).unwrap()[area];
    let close = |figure: Figure, km: f64| assert!((figure.value.unwrap() / km - 1.0).abs() < 2e-3, "{figure:?} {km}");
    close(of(Level::Commune, 0), 10.0);
    close(of(Level::Departement, 0), 0.25 * 10.0);
    assert!(of(Level::Commune, 1).value.unwrap() < 1e-6);
    assert_eq!(of(Level::Commune, 3).value, None, "nobody lives there");
    assert_eq!(of(Level::Departement, 3).value, None, "how many live there is unknown");
}

#[test]
fn ground_under_two_features_is_counted_once() {
    let square = |x: f64, width: f64| {
        Some(Geometry::from(Rect::new((600_000.0 + x, 6_600_000.0), (600_000.0 + x + width, 6_610_000.0)).to_polygon()))
    };
    let zones = [("1", square(2_000.0, 4_000.0)), ("1", square(4_000.0, 8_000.0)), ("2", square(0.0, 90_000.0))];
    let head =
        format!("role = \"constraint\"\ngeometry = \"polygon\"\n{}", indicator("under", "\"cover\"") + "where = \"kind = 1\"\n");
    let book = book(vec![rows("zones", &head, &[("kind", "number")], &zones)]);
    let series = book.one("under").unwrap();
    let of = |level, area: usize| book.figures(series, level).unwrap()[area].value.unwrap();
    assert!((of(Level::Commune, 0) - 80.0).abs() < 1e-6);
    assert!((of(Level::Commune, 1) - 20.0).abs() < 1e-6);
    assert!((of(Level::Departement, 0) - 50.0).abs() < 0.1);
    assert_eq!(of(Level::Commune, 4), 0.0);
    assert!(fault(&indicator("it", "\"cover\"")).contains("polygons to cover ground"));
}
