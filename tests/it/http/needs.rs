//! Charging need and carpool need over HTTP, of the drawn territory: both formulas row by row, sums that are equal at every level.

use serde_json::Value;

use super::fixtures::{Served, served};

fn server() -> Served {
    served(&["territories", "commuting", "charging", "carpool", "roads"])
}

fn number(json: &Value, pointer: &str) -> f64 {
    json.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("{pointer} of {json}"))
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

#[test]
fn both_needs_of_every_area_are_their_formulas() {
    let (_data, server) = server();
    let answer = server.get("/needs/charging?level=commune&utilisation=0.2&power_kw=50&work_share=0.3");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let communes = answer.json();
    assert_eq!(number(&communes, "/parameters/utilisation"), 0.2);
    let mut before = f64::INFINITY;
    let mut known = 0;
    for row in communes["rows"].as_array().unwrap() {
        let [battery, plug_in] = ["battery_cars", "plug_in_cars"].map(|name| row[name].as_f64());
        if battery.is_none() && plug_in.is_none() {
            assert!(row["afir"].is_null() && row["energy"].is_null() && row["rank"].is_null(), "{row}");
            continue;
        }
        known += 1;
        let part = battery.is_none() || plug_in.is_none();
        assert_eq!(row.pointer("/afir/at_least"), Some(&part.into()), "{row}");
        let [battery, plug_in] = [battery, plug_in].map(|cars| cars.unwrap_or(0.0));
        let floor = 1.3 * battery + 0.8 * plug_in;
        close(number(row, "/afir/need_kw"), floor, "floor");
        close(number(row, "/afir/deficit_kw"), floor - number(row, "/kw"), "deficit");
        assert_eq!(number(row, "/afir/need_points"), (floor / 50.0).ceil());
        let daily = (battery + 0.5 * plug_in) * 18.0 * 35.0 / 100.0 * 0.15
            + number(row, "/electric_commuters") * 18.0 * 35.0 / 100.0 * 0.3;
        close(number(row, "/energy/need_kw"), daily / (24.0 * 0.2), "energy");
        assert!(number(row, "/afir/deficit_kw") <= before, "the greatest deficit first");
        before = number(row, "/afir/deficit_kw");
    }
    assert!(known > 50, "{known}");
    let sum =
        |json: &Value, name: &str| json["rows"].as_array().unwrap().iter().filter_map(|row| row[name].as_f64()).sum::<f64>();
    let country = server.get("/needs/charging?level=country").json();
    for name in ["points", "kw", "battery_cars", "plug_in_cars"] {
        close(sum(&country, name), sum(&communes, name), name);
    }
    let counted = &communes["chargers"];
    let elsewhere = number(counted, "/not_mapped") + number(counted, "/two_wheelers");
    close(sum(&communes, "points") + elsewhere, number(counted, "/points"), "every point is somewhere");
    assert!(sum(&country, "car_commuters") < sum(&communes, "car_commuters"), "who stays within a country does not come to it");
    let by_energy = server.get("/needs/charging?level=epci&by=energy&territory=departement/96").json();
    let ranks: Vec<f64> =
        by_energy["rows"].as_array().unwrap().iter().filter_map(|row| row.pointer("/energy/deficit_kw")?.as_f64()).collect();
    assert!(ranks.len() > 1 && ranks.windows(2).all(|two| two[0] >= two[1]));
    let listed = server.get("/needs/charging?level=commune&f=csv").text();
    assert_eq!(listed.lines().count(), communes["rows"].as_array().unwrap().len() + 1);
}

#[test]
fn a_road_has_its_points_its_communes_and_its_pools() {
    let (_data, server) = server();
    let unknown = server.get("/needs/charging?road=A0");
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    let suggestion = unknown.json()["detail"].as_str().unwrap().to_owned();
    let roads = server.get("/collections/roads/items?limit=10000").json();
    let motorway = |feature: &&Value| feature["properties"]["kind"] == "motorway" && feature["properties"]["name"].is_string();
    let named = roads["features"].as_array().unwrap().iter().find(motorway).unwrap_or_else(|| panic!("{suggestion}"));
    let name = named["properties"]["name"].as_str().unwrap();
    let wide = server.get(&format!("/needs/charging?road={name}&within=10"));
    assert_eq!(wide.status, 200, "{}", wide.text());
    let (wide, narrow) = (wide.json(), server.get(&format!("/needs/charging?road={name}&within=1")).json());
    for name in ["points", "kw"] {
        assert!(number(&wide["corridor"], &format!("/{name}")) >= number(&narrow["corridor"], &format!("/{name}")), "{name}");
    }
    let corridor = &wide["corridor"];
    assert!(number(corridor, "/length_km") > 1.0 && number(corridor, "/points") > 0.0);
    assert_eq!(number(corridor, "/need_pools"), (number(corridor, "/length_km") / 60.0).ceil());
    close(number(corridor, "/need_kw"), 600.0 * number(corridor, "/need_pools"), "pools");
    assert_eq!(wide["rows"].as_array().unwrap().len(), 1);
}

#[test]
fn long_flows_are_with_a_place_or_without() {
    let (_data, server) = server();
    let answer = server.get("/needs/carpool?min=50&min_km=5&near_km=2");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    for name in ["flows", "workers", "km_a_day"] {
        let of = |side: &str| number(&json, &format!("/{side}/{name}"));
        close(of("served") + of("without"), of("long"), name);
    }
    let flows = json["flows"].as_array().unwrap();
    assert!(!flows.is_empty());
    for flow in flows {
        close(number(flow, "/km_a_day"), 2.0 * number(flow, "/workers") * number(flow, "/distance_km"), "there and back");
        assert!(number(flow, "/workers") >= 50.0 && number(flow, "/distance_km") >= 5.0);
        assert!(flow["nearest"].is_null() || number(flow, "/nearest/distance_km") > 2.0, "{flow}");
    }
    assert!(flows.windows(2).all(|two| number(&two[0], "/km_a_day") >= number(&two[1], "/km_a_day")));
    let far = server.get("/needs/carpool?min=50&min_km=5&near_km=0").json();
    assert!(number(&far, "/without/flows") >= number(&json, "/without/flows"));
    assert_eq!(server.get("/needs/carpool?min=50&min_km=5&f=csv").text().lines().next().unwrap().split(',').count(), 11);
}

#[test]
fn a_wrong_question_is_told_why() {
    let (_data, server) = server();
    let cases = [
        ("/needs/charging?level=town", 404, "is no level"),
        ("/needs/charging?level=epci&road=A1", 400, "or `road`"),
        ("/needs/charging?level=epci&within=3", 400, "or `road`"),
        ("/needs/charging?by=both", 400, "write afir or energy"),
        ("/needs/charging?utilization=0.1", 400, "did you mean `utilisation`?"),
        ("/needs/charging?utilisation=0", 400, "it lies from 0.001 to 1"),
        ("/needs/charging?territory=96", 400, "level and its code"),
        ("/needs/charging?f=xml", 400, "write json or csv"),
        ("/needs/carpool?min=3", 400, "flows under 50 workers"),
        ("/needs/carpool?min_km=50&max_km=20", 400, "`max_km` is 20"),
        ("/needs/carpool?mode=cart", 400, "did you mean `car`?"),
        ("/needs/carpool?f=geojson", 400, "no geometry"),
    ];
    for (path, status, words) in cases {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{path}: {}", answer.text());
    }
}
