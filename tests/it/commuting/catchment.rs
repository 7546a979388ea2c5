//! Who could come to work at a place: against nested loops, and what must not be asked.

use emprise::commuting::catchment::{Catchment, Question, Site, catchment};
use emprise::commuting::{Commuting, CommutingError, Filter};
use emprise::geometry::projection::to_lon_lat;
use emprise::geometry::scale::Metric;
use emprise::territory::accessibility::decay::Decay;

use super::{COMMUNES, ROWS, book, made, table};

/// A site in the second commune of the grid.
const AT: [f64; 2] = [613_000.0, 6_604_000.0];

fn ask(book: &Commuting, within_km: f64, decay: Decay, jobs: f64, filter: Filter) -> Result<Catchment, CommutingError> {
    let position = to_lon_lat(AT);
    let site = Site { at: AT, lon: position.lon, lat: position.lat, site: None };
    catchment(book, &Question { site, within_m: 1000.0 * within_km, decay, jobs, filter })
}

/// Residents, jobs and those who come from elsewhere, of rows whose home and workplace are communes of the grid; and their points.
fn plain() -> Vec<(String, [f64; 2], f64, f64, f64)> {
    let code = |code: &str| match code {
        "75101" | "75102" | "75120" => "75056".to_owned(),
        "01900" => "01002".to_owned(),
        "02900" => "02001".to_owned(),
        other => other.to_owned(),
    };
    let rows: Vec<(String, String, f64)> = ROWS
        .iter()
        .filter_map(|row| {
            let cells: Vec<&str> = row.split(' ').collect();
            let count: f64 = cells[2].parse().ok().filter(|count| *count >= 0.0)?;
            (cells[0] != "-").then(|| (code(cells[0]), code(cells[1]), count))
        })
        .collect();
    let sum = |keep: &dyn Fn(&(String, String, f64)) -> bool| rows.iter().filter(|row| keep(row)).map(|row| row.2).sum::<f64>();
    let one = |&(code, _, _, column, row): &(&str, &str, &str, f64, f64)| {
        let at = [605_000.0 + 10_000.0 * column, 6_605_000.0 + 10_000.0 * row];
        let residents = sum(&|row| row.0 == code);
        (code.to_owned(), at, residents, sum(&|row| row.1 == code), sum(&|row| row.1 == code && row.0 != code))
    };
    COMMUNES.iter().map(one).collect()
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

#[test]
fn every_number_is_that_of_nested_loops() {
    let (book, plain) = (book(), plain());
    let metres = |a: [f64; 2], b: [f64; 2]| Metric::Ellipsoid.length_m(a, b);
    for within_km in [4.0, 12.0, 25.0, 100.0] {
        for decay in [Decay::Step, Decay::Exponential { scale_m: 10_000.0 }, Decay::Gaussian { sigma_m: 8_000.0 }] {
            let found = ask(&book, within_km, decay, 250.0, Filter::default()).unwrap();
            let weight = |distance: f64| if distance <= 1000.0 * within_km { decay.weight(distance) } else { 0.0 };
            let near: Vec<_> = plain.iter().filter(|commune| metres(AT, commune.1) <= 1000.0 * within_km).collect();
            assert_eq!(found.communes.len(), near.len());
            close(found.residents_at_work.count(), near.iter().map(|commune| commune.2).sum(), "residents");
            close(found.jobs.count(), near.iter().map(|commune| commune.3).sum(), "jobs");
            close(found.commuters_arriving.count(), near.iter().map(|commune| commune.4).sum(), "arriving");
            close(found.pool, near.iter().map(|commune| commune.2 * weight(metres(AT, commune.1))).sum(), "pool");
            let shared = |weight: &dyn Fn(f64) -> f64| -> f64 {
                let demand = |at: [f64; 2]| {
                    let others: f64 = plain.iter().map(|employer| employer.3 * weight(metres(at, employer.1))).sum();
                    others + 250.0 * weight(metres(at, AT))
                };
                near.iter().map(|commune| commune.2 * weight(metres(AT, commune.1)) / demand(commune.1)).sum()
            };
            close(found.competition.workers_per_job, shared(&weight), "Shen");
            let step = |distance: f64| f64::from(u8::from(distance <= 1000.0 * within_km));
            close(found.competition.two_step_workers_per_job, shared(&step), "two-step");
            close(found.competition.share_of_the_site, 250.0 * found.competition.workers_per_job, "share");
        }
    }
}

#[test]
fn with_a_step_the_pool_is_the_residents_and_nobody_is_shared_twice() {
    let found = ask(&book(), 100.0, Decay::Step, 1_000.0, Filter::default()).unwrap();
    close(found.pool, found.residents_at_work.count(), "pool");
    // All communes reach each other: each worker is shared among all jobs and those of the site.
    close(found.competition.workers_per_job, found.residents_at_work.count() / (found.jobs.count() + 1_000.0), "a worker once");
    assert!(found.communes.windows(2).all(|pair| pair[0].distance_km <= pair[1].distance_km));
}

#[test]
fn occupations_add_up_to_their_table() {
    let rows = [
        "01001 01002 car managers 120",
        "01001 01001 bus clerks 30",
        "01002 01001 car clerks 14.5",
        "75101 01001 car managers 9",
    ];
    let detail = table("commuting-by-mode", &["home", "workplace", "mode", "occupation"], &["workers"], &rows);
    let book = made(&ROWS, vec![detail]);
    let found = ask(&book, 12.0, Decay::Step, 0.0, Filter::default()).unwrap();
    let of = |word: &str| found.occupations.as_ref().unwrap().iter().find(|one| one.occupation == word).unwrap();
    assert_eq!([of("managers").residents_at_work.count(), of("clerks").residents_at_work.count()], [120.0, 44.5]);
    assert_eq!([of("managers").commuters_arriving.count(), of("clerks").commuters_arriving.count()], [129.0, 14.5]);
    let clerks = Filter { occupation: Some("clerks".to_owned()), mode: None };
    let only = ask(&book, 12.0, Decay::Step, 0.0, clerks).unwrap();
    assert_eq!((only.residents_at_work.count(), only.occupations.is_none()), (44.5, true));
    assert_eq!(only.source.layer, "commuting-by-mode");
    let wrong = Filter { occupation: Some("clerk".to_owned()), mode: None };
    assert!(ask(&book, 12.0, Decay::Step, 0.0, wrong).unwrap_err().to_string().contains("did you mean `clerks`?"));
}

#[test]
fn what_cannot_be_asked_is_told() {
    let book = book();
    for (within, jobs, words) in
        [(0.0, 1.0, "0 km"), (f64::NAN, 1.0, "NaN"), (101.0, 1.0, "at most 100 km"), (5.0, -1.0, "-1 jobs")]
    {
        let error = ask(&book, within, Decay::Step, jobs, Filter::default()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let nobody = ask(&book, 0.5, Decay::Step, 0.0, Filter::default()).unwrap();
    assert_eq!((nobody.communes.len(), nobody.pool, nobody.competition.workers_per_job), (0, 0.0, 0.0));
}
