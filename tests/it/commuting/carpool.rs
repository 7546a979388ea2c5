//! Where a carpool place is missing, on the drawn grid of 10 km: what is near a way, and what is open.

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::commuting::Commuting;
use emprise::commuting::carpool::{Answer, Parameters, Question, carpool};
use emprise::layer::value::Value;
use geo_types::{Geometry, Point};

use super::{atlas, table};
use crate::harness::with_cells;

/// Places by position and whether they are open.
fn places(all: &[(&str, [f64; 2], Option<bool>)]) -> Layer {
    let features = all.iter().map(|(id, [x, y], _)| ((*id).to_owned(), Some(Geometry::from(Point::new(*x, *y))))).collect();
    let columns = "columns.name = { from = [\"a\"], type = \"text\" }\ncolumns.open = { from = [\"a\"], type = \"boolean\" }\n";
    with_cells("carpool-places", columns, features, |id, column, _| match column {
        "open" => all.iter().find(|place| place.0 == id).unwrap().2.map(Value::Boolean),
        _ => Some(Value::Text(format!("Place {id}"))),
    })
}

const CARS: [&str; 6] = [
    "01001 02001 car clerks 100",
    "01001 02001 car managers 20",
    "01001 02001 bus clerks 900",
    "03001 01002 car clerks 90",
    "01001 01002 car clerks 500",
    "02002 99999 car clerks 300",
];

fn ask(all: &[(&str, [f64; 2], Option<bool>)], given: Parameters) -> Answer {
    let detail = table("commuting-by-mode", &["home", "workplace", "mode", "occupation"], &["workers"], &CARS);
    let atlas: Atlas = atlas(&["01001 02001 1020"], vec![detail, places(all)]);
    let view = atlas.view(&Rights::All);
    let book = Commuting::of(view).unwrap();
    carpool(&book, view, &Question { territory: None, given }).unwrap()
}

/// Ways are along y = 6 605 000: from 605 000 to 625 000 for the first flow, from 645 000 to 615 000 for the second.
const Y: f64 = 6_605_000.0;

#[test]
fn a_flow_is_long_and_has_no_place_near() {
    let given = Parameters { min: 50, min_km: 15.0, near_km: 3.0, ..Parameters::default() };
    let found = ask(&[("far", [615_000.0, Y + 5_000.0], Some(true))], given.clone());
    let rows: Vec<(&str, &str, f64)> =
        found.flows.iter().map(|flow| (flow.home.as_str(), flow.workplace.as_str(), flow.workers.count())).collect();
    assert_eq!(rows, [("03001", "01002", 90.0), ("01001", "02001", 120.0)], "90 × 30 km before 120 × 20 km; 10 km is not long");
    for flow in &found.flows {
        let nearest = flow.nearest.as_ref().unwrap();
        assert!((nearest.distance_km - 5.0).abs() < 0.02, "{nearest:?}");
        assert!((flow.km_a_day - 2.0 * flow.workers.count() * flow.distance_km).abs() < 1e-9);
    }
    assert_eq!((found.long.flows, found.served.flows, found.without.flows), (2, 0, 2));
}

#[test]
fn a_place_beside_the_way_serves_it_if_it_is_open() {
    let given = Parameters { min: 50, min_km: 15.0, near_km: 3.0, ..Parameters::default() };
    // Beyond the end of the first way, beside the second.
    let near = ("near", [635_000.0, Y - 2_000.0], Some(true));
    let found = ask(&[near], given.clone());
    assert_eq!(found.flows.iter().map(|flow| flow.home.as_str()).collect::<Vec<_>>(), ["01001"]);
    assert_eq!((found.served.flows, found.served.workers.count()), (1, 90.0));
    let closed = ask(&[("near", near.1, Some(false))], given.clone());
    assert_eq!((closed.served.flows, closed.flows[0].nearest.as_ref()), (0, None), "closed is no place");
    let unknown = ask(&[("near", near.1, None)], given);
    assert_eq!(unknown.served.flows, 1, "one of which nobody says that it is closed");
}
