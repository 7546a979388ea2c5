//! Flows: the same workers at every level, thresholds held against what is shown, tiles that a client can draw, and the sums of an
//! independent computation on the real files.

mod carpool;
mod catchment;
mod leftovers;
mod oracle;
mod tiles;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::commuting::matrix::Matrix;
use emprise::commuting::portrait::{Partners, hidden};
use emprise::commuting::workers::Workers;
use emprise::commuting::{Commuting, CommutingError, Filter, Portrait, Question, portrait};
use emprise::layer::value::Value;
use emprise::territory::{Level, TerritoryError};
use geo_types::{Geometry, Rect};

use crate::harness::with_cells;

/// Communes on a grid of 10 km: code, département, EPCI, column, row. An EPCI straddles two départements; one commune has none.
const COMMUNES: [(&str, &str, &str, f64, f64); 6] = [
    ("01001", "01", "200000001", 0.0, 0.0),
    ("01002", "01", "200000002", 1.0, 0.0),
    ("02001", "02", "200000001", 2.0, 0.0),
    ("02002", "02", "200000002", 3.0, 0.0),
    ("03001", "03", "200000003", 4.0, 0.0),
    ("75056", "75", "", 5.0, 0.0),
];

fn text(word: &str) -> Option<Value> {
    (!word.is_empty()).then(|| Value::Text(word.to_owned()))
}

fn square(column: f64, row: f64) -> Geometry<f64> {
    let [x, y] = [600_000.0 + 10_000.0 * column, 6_600_000.0 + 10_000.0 * row];
    Rect::new((x, y), (x + 10_000.0, y + 10_000.0)).to_polygon().into()
}

const TEXT: &str = "{ from = [\"a\"], type = \"text\" }";

fn columns(texts: &[&str], numbers: &[&str]) -> String {
    let line = |(name, kind): (&str, &str)| format!("columns.{name} = {kind}\n");
    let number = "{ from = [\"a\"], type = \"number\" }";
    texts.iter().map(|name| (*name, TEXT)).chain(numbers.iter().map(|name| (*name, number))).map(line).collect()
}

fn communes() -> Layer {
    let features = COMMUNES.iter().map(|&(code, .., column, row)| (code.to_owned(), Some(square(column, row)))).collect();
    with_cells("communes", &columns(&["name", "department", "epci"], &[]), features, |id, column, _| {
        let (code, department, epci, ..) = COMMUNES.iter().find(|commune| commune.0 == id).unwrap();
        match column {
            "name" => text(&format!("Commune {code}")),
            "department" => text(department),
            _ => text(epci),
        }
    })
}

/// A table of rows of cells, `-` for an unknown one.
fn table(id: &str, texts: &[&str], numbers: &[&str], rows: &[&str]) -> Layer {
    let mut names: Vec<&str> = texts.to_vec();
    names.extend(numbers);
    let features = rows.iter().enumerate().map(|(number, _)| (number.to_string(), None)).collect();
    with_cells(id, &columns(texts, numbers), features, |id, column, _| {
        let row = rows[id.parse::<usize>().unwrap()];
        let cell = row.split(' ').nth(names.iter().position(|name| *name == column).unwrap()).unwrap();
        match cell {
            "-" => None,
            number if numbers.contains(&column) => Some(Value::Number(number.parse().unwrap())),
            word => Some(Value::Text(word.to_owned())),
        }
    })
}

fn flows(rows: &[&str]) -> Layer {
    table("commuting-flows", &["home", "workplace"], &["workers"], rows)
}

/// A département of each region, an industry territory of one EPCI, a commune that is no more.
fn atlas(rows: &[&str], more: Vec<Layer>) -> Atlas {
    let regions = ["01 84", "02 84", "03 84", "75 11"];
    let of = |cells: &str| cells.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let departements = with_cells(
        "departements",
        &columns(&["region"], &[]),
        regions.map(|row| (of(row)[0].clone(), None)).into(),
        |id, _, _| regions.iter().map(|row| of(row)).find(|row| row[0] == id).and_then(|row| text(&row[1])),
    );
    let industry = with_cells("industry-territories", &columns(&["members"], &[]), vec![("ti-1".to_owned(), None)], |_, _, _| {
        text("CC One (200000001); CC Nowhere (299999999)")
    });
    let former = table(
        "former-communes",
        &["code", "successor", "former"],
        &[],
        &["01900 01901 -", "01901 01002 -", "02001 - [\"02900\"]"],
    );
    let zones =
        table("labour-zones", &["commune", "zone"], &[], &["01001 8401", "01002 8401", "02001 8402", "01900 8402", "75101 1101"]);
    let mut layers = vec![communes(), flows(rows), departements, industry, former, zones];
    layers.extend(more);
    Atlas::from_layers("drawn".into(), layers)
}

/// Everything that a file may hold: own, other, abroad, unknown, merged, by arrondissement, negative, without a count, fractional.
const ROWS: [&str; 17] = [
    "01001 01001 1000.25",
    "01001 01002 399.9999999",
    "01001 02002 200.5",
    "02001 01002 199.5",
    "01002 01001 60",
    "02001 02002 0.125",
    "02002 75101 450",
    "02002 75102 50",
    "75120 75056 70000",
    "01001 99132 80",
    "01001 BE001 20",
    "01001 96999 7",
    "96998 01001 3.5",
    "01900 02900 11",
    "01001 02001 -4",
    "01001 75056 -",
    "- 75056 12",
];

fn made(rows: &[&str], more: Vec<Layer>) -> Commuting {
    Commuting::of(atlas(rows, more).view(&Rights::All)).unwrap()
}

fn book() -> Commuting {
    made(&ROWS, Vec::new())
}

fn ask(book: &Commuting, level: Level, code: &str, by: Level, min: u32) -> Portrait {
    let territory = book.geography.territory(level, code).unwrap();
    portrait(book, &Question { territory, by, min, filter: Filter::default() }).unwrap()
}

fn shown(partners: &Partners) -> Vec<(&str, f64)> {
    // To 1e-9: half a unit of the sums is 7e-12.
    let row = |partner: &'_ emprise::commuting::portrait::Partner| (partner.workers.count() * 1e9).round() / 1e9;
    partners.shown.iter().map(|partner| (partner.code.as_deref().unwrap_or(&partner.name.en), row(partner))).collect()
}

fn of_matrix(matrix: &Matrix, internal: bool) -> Workers {
    matrix.pairs().filter(|pair| (pair.from == pair.to) == internal).map(|pair| pair.workers).sum()
}

#[test]
fn every_level_holds_the_same_workers() {
    let book = book();
    let taken = &book.taken;
    assert_eq!((taken.rows, taken.negative, taken.incomplete), (14, 1, 2));
    assert_eq!((taken.by_arrondissement, taken.by_merged_commune), (3, 1));
    assert_eq!((taken.abroad, taken.abroad_workers.count()), (2, 100.0));
    assert_eq!((taken.not_mapped, taken.not_mapped_workers.count()), (2, 10.5));
    assert!((taken.workers.count() - 72_481.874_999_9).abs() < 1e-6, "{}", taken.workers.count());
    assert_eq!(book.flows.total(), taken.workers);
    for level in Level::PARTING {
        let between = book.between(level, &Filter::default()).unwrap();
        assert_eq!(between.matrix.total(), taken.workers, "{level}");
        let areas = book.geography.areas(level).unwrap();
        let mut own = Workers::default();
        for code in (0..areas.len() as u32).map(|area| areas.code(area)) {
            for min in [50, 400, 100_000] {
                let answer = ask(&book, level, code, Level::Commune, min);
                for side in [&answer.outgoing, &answer.incoming] {
                    let shown: Workers = side.shown.iter().map(|partner| partner.workers).sum();
                    assert_eq!(shown + side.hidden.workers, side.total, "{level} {code} {min}");
                }
                let totals = &answer.totals;
                for (bands, total) in
                    [(&answer.distances.residents, totals.residents_at_work), (&answer.distances.jobs, totals.jobs_taken)]
                {
                    assert_eq!(bands.bands.iter().map(|band| band.workers).sum::<Workers>(), total, "{level} {code}");
                }
            }
            own += ask(&book, level, code, level, 50).totals.residents_at_work;
        }
        // Who lives in no area of the level lives outside, or where nobody knows.
        let rest: Workers = (areas.len() as u32..between.matrix.places() as u32)
            .flat_map(|slot| between.matrix.leaving(slot))
            .map(|pair| pair.workers)
            .sum();
        assert_eq!(own + rest, taken.workers, "{level}");
        for min in [50, 400] {
            let kept = between.matrix.pairs().filter(|pair| pair.from != pair.to && pair.workers >= Workers::whole(min));
            let kept: Workers = kept.map(|pair| pair.workers).sum();
            assert_eq!(kept + hidden(&between.matrix, min).workers + of_matrix(&between.matrix, true), taken.workers);
        }
    }
}

#[test]
fn a_threshold_is_held_against_the_flow_that_is_shown_and_includes_itself() {
    let book = book();
    let communes = ask(&book, Level::Commune, "01001", Level::Commune, 400);
    assert_eq!(shown(&communes.outgoing), [], "399.9999999 is not 400");
    assert_eq!(communes.outgoing.hidden.flows, 4, "two communes, abroad, and who knows where");
    // 399.9999999 + 200.5 + 199.5 + 0.125 between the two EPCI, each part below 400; 11 within the pair's other direction.
    let epci = ask(&book, Level::Epci, "200000001", Level::Epci, 400);
    assert_eq!(shown(&epci.outgoing), [("200000002", 800.124_999_9)]);
    let exactly = made(&["01001 02002 150.25", "02001 01002 249.75"], Vec::new());
    assert_eq!(shown(&ask(&exactly, Level::Epci, "200000001", Level::Epci, 400).outgoing), [("200000002", 400.0)]);
    assert_eq!(shown(&ask(&exactly, Level::Epci, "200000001", Level::Epci, 401).outgoing), []);
    let low = ask(&book, Level::Commune, "02002", Level::Commune, 50);
    assert_eq!(shown(&low.outgoing), [("75056", 500.0)], "two arrondissements are one city");
    let question = Question {
        territory: book.geography.territory(Level::Country, "FR").unwrap(),
        by: Level::Region,
        min: 49,
        filter: Filter::default(),
    };
    assert_eq!(portrait(&book, &question).unwrap_err(), CommutingError::Threshold(49));
}

#[test]
fn a_worked_example() {
    let rows = ["01001 01001 60", "01001 01002 40", "01001 02001 100", "01002 01001 25", "75056 01001 15", "01001 99132 5"];
    let answer = ask(&made(&rows, Vec::new()), Level::Commune, "01001", Level::Commune, 50);
    let totals = &answer.totals;
    let counts = [totals.residents_at_work, totals.jobs_taken, totals.internal, totals.outgoing, totals.incoming, totals.net];
    assert_eq!(counts.map(Workers::count), [205.0, 100.0, 60.0, 145.0, 40.0, -105.0]);
    assert_eq!((totals.self_containment_residents, totals.self_containment_jobs), (Some(60.0 / 205.0), Some(0.6)));
    // 10 km for 40, 20 km for 100, in plane metres of the grid; the ellipsoid's are within 0.1 %.
    let residents = &answer.distances.residents;
    assert!((residents.mean_km.unwrap() / (2_400.0 / 140.0) - 1.0).abs() < 2e-3, "{residents:?}");
    assert!((residents.median_km.unwrap() / 20.0 - 1.0).abs() < 2e-3);
    let bands: Vec<(&str, f64)> =
        residents.bands.iter().map(|band| (band.kind, band.workers.count())).filter(|band| band.1 > 0.0).collect();
    assert_eq!(bands.iter().map(|band| band.1).sum::<f64>(), 205.0);
    assert_eq!((bands[0], bands[bands.len() - 1]), (("same-commune", 60.0), ("not-measured", 5.0)));
    assert_eq!(shown(&answer.outgoing), [("02001", 100.0)]);
    assert!(answer.outgoing.shown[0].caution);
}

#[test]
fn a_territory_without_jobs_has_no_quotient() {
    let answer = ask(&book(), Level::Commune, "03001", Level::Commune, 400);
    assert_eq!((answer.totals.residents_at_work, answer.totals.self_containment_residents), (Workers::default(), None));
    assert_eq!((answer.totals.self_containment_jobs, answer.distances.jobs.mean_km), (None, None));
    let json = serde_json::to_value(&answer).unwrap();
    assert!(json["totals"]["self_containment_jobs"].is_null());
}

#[test]
fn levels_do_not_nest() {
    let book = book();
    let industry = book.geography.territory(Level::IndustryTerritory, "ti-1").unwrap();
    let codes: Vec<&str> = industry.communes.iter().map(|&commune| book.geography.code(commune)).collect();
    assert_eq!(codes, ["01001", "02001"], "of two départements");
    assert_eq!(book.geography.territory(Level::Region, "84").unwrap().communes.len(), 5);
    let all = ask(&book, Level::Region, "84", Level::IndustryTerritory, 50);
    assert_eq!(shown(&all.outgoing)[0], ("in no area of this level", 500.0), "Paris is in no industry territory");
}

#[test]
fn a_list_of_communes_is_a_territory() {
    let book = book();
    let list = book.geography.territory(Level::Custom, "75107, 01900,01002,02900").unwrap();
    assert_eq!(list.code, "01002,02001,75056", "arrondissements and merged communes are part of what they belong to");
    let alone = ask(&book, Level::Custom, "01001,02001", Level::Commune, 50).totals;
    let same = ask(&book, Level::Epci, "200000001", Level::Commune, 50).totals;
    assert_eq!(alone, same);
    let unknown = book.geography.territory(Level::Custom, "01001,99132").unwrap_err();
    assert!(matches!(unknown, TerritoryError::UnknownCode { .. }), "{unknown}");
    assert_eq!(book.geography.territory(Level::Custom, " , ").unwrap_err(), TerritoryError::EmptyList);
    let error = book.geography.territory(Level::Epci, "200000004").unwrap_err().to_string();
    assert!(error.starts_with("there is no intercommunality (EPCI) `200000004`; did you mean `20000000"), "{error}");
}

#[test]
fn workers_by_mode_are_those_of_the_detailed_table() {
    let rows =
        ["01001 01002 car farmers 10.5", "01001 01002 bus farmers 4", "01001 01001 car manual 2", "01002 01001 car manual 70"];
    let detail = || table("commuting-by-mode", &["home", "workplace", "mode", "occupation"], &["workers"], &rows);
    let book = made(&ROWS, vec![detail()]);
    let answer = ask(&book, Level::Commune, "01001", Level::Commune, 50);
    let modes = answer.modes.unwrap().split;
    let split = |modes: &[emprise::commuting::portrait::Mode]| -> Vec<(String, f64)> {
        modes.iter().map(|mode| (mode.mode.clone(), mode.workers.count())).collect()
    };
    assert_eq!(split(&modes.residents), [("car".to_owned(), 12.5), ("bus".to_owned(), 4.0)]);
    assert_eq!(split(&modes.jobs), [("car".to_owned(), 72.0), ("bus".to_owned(), 0.0)]);
    let territory = book.geography.territory(Level::Commune, "01001").unwrap();
    let filter = |mode: &str, occupation: &str| Filter {
        mode: Some(mode.to_owned()),
        occupation: (!occupation.is_empty()).then(|| occupation.to_owned()),
    };
    let asked = |filter: Filter| portrait(&book, &Question { territory: territory.clone(), by: Level::Commune, min: 50, filter });
    assert_eq!(shown(&asked(filter("car", "")).unwrap().incoming), [("01002", 70.0)]);
    assert_eq!(asked(filter("car", "farmers")).unwrap().totals.incoming, Workers::default());
    let error = asked(filter("cars", "")).unwrap_err().to_string();
    assert_eq!(error, "there is no mode `cars`; did you mean `car`?");
    assert_eq!(made(&ROWS, Vec::new()).filtered(&filter("car", "")).unwrap_err(), CommutingError::NoDetail);
}
