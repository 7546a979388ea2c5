//! Catchments over HTTP, of the drawn territory.

use super::fixtures::{Served, served};

fn server() -> Served {
    served(&["territories", "commuting"])
}

#[test]
fn a_catchment_is_a_number_a_list_and_a_map() {
    let (_data, server) = server();
    let answer = server.get("/catchment?lon=3.5&lat=46.58&within=15&decay=exponential:8km&jobs=200");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    let json = answer.json();
    let number = |pointer: &str| json.pointer(pointer).unwrap().as_f64().unwrap();
    assert_eq!(json["parameters"]["decay"], "exponential:8km");
    assert!(number("/pool") > 0.0 && number("/pool") < number("/residents_at_work"));
    assert!((number("/competition/share_of_the_site") - 200.0 * number("/competition/workers_per_job")).abs() < 1e-9);
    let communes = json["communes"].as_array().unwrap();
    let residents: f64 = communes.iter().map(|commune| commune["residents_at_work"].as_f64().unwrap()).sum();
    assert!((residents - number("/residents_at_work")).abs() < 1e-6);
    assert!(json["occupations"].as_array().unwrap().len() >= 6);

    let map = server.get("/catchment?lon=3.5&lat=46.58&within=15&f=geojson");
    assert_eq!((map.status, map.header("content-type")), (200, "application/geo+json"));
    let map = map.json();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), communes.len() + 1, "the site, and its communes");
    assert_eq!(features[0]["geometry"]["coordinates"], serde_json::json!([3.5, 46.58]));
    assert!(features[1]["geometry"]["type"].as_str().unwrap().contains("Polygon"));
    let listed = server.get("/catchment?lon=3.5&lat=46.58&within=15&f=csv").text();
    assert_eq!(listed.lines().count(), communes.len() + 1);
    let by_site = server.get("/catchment?site=communes/00001&within=15").json();
    assert_eq!((&by_site["site"]["site"], &by_site["communes"][0]["code"]), (&"communes/00001".into(), &"00001".into()));
    assert!(by_site["communes"][0]["distance_km"].as_f64().unwrap() < 1e-9, "measured from the commune's own point");

    let wrong = [
        ("/catchment", 400, "say where"),
        ("/catchment?lon=3.5", 400, "say where"),
        ("/catchment?lon=3.5&lat=46.5&site=communes/00001", 400, "say where"),
        ("/catchment?lon=46.5&lat=3.5", 400, "lies in no territory"),
        ("/catchment?site=commune/00001", 404, "did you mean `communes`?"),
        ("/catchment?site=communes/99999", 404, "no feature `99999`"),
        ("/catchment?lon=3.5&lat=46.5&within=500", 400, "at most 100 km"),
        ("/catchment?lon=3.5&lat=46.5&decay=gaussian", 400, "gaussian:10km"),
        ("/catchment?lon=3.5&lat=46.5&occupation=manager", 400, "did you mean `managers and professionals`?"),
    ];
    for (path, status, words) in wrong {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{path}: {}", answer.text());
    }
}

/// The criterion reads what the route answers, site by site.
#[test]
fn as_a_criterion_it_is_the_same_number() {
    let (_data, server) = served(&["territories", "commuting", "zones"]);
    let pool = "kind: catchment, of: communes, table: commuting-flows, home: home, field: workers, within: 15 km";
    let question = format!(
        "emprise: 1\ncandidates: {{ layers: [business-plots] }}\nlimit: 12\ncriteria:\n  \
         near: {{ {pool}, value: {{ 0: 0, 9000: 1 }}, weight: 1 }}\n  \
         pool: {{ {pool}, decay: {{ exponential: 8 km }}, value: {{ 0: 0, 9000: 1 }}, weight: 1 }}\n  \
         shared: {{ {pool}, workplace: workplace, decay: {{ gaussian: 6 km }}, value: {{ 0: 0, 2: 1 }}, weight: 1 }}\n"
    );
    let answer = server.site("application/yaml", &question);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let sites = answer["sites"].as_array().unwrap();
    assert!(sites.len() > 5);
    for site in sites {
        let id = site["id"].as_str().unwrap().replace('/', "%2F");
        let asked = |decay: &str| {
            let found = server.get(&format!("/catchment?site=business-plots/{id}&within=15&jobs=0&decay={decay}"));
            assert_eq!(found.status, 200, "{}", found.text());
            found.json()
        };
        let read = |criterion: &str| {
            let findings = site["findings"].as_array().unwrap();
            findings.iter().find(|finding| finding["criterion"] == criterion).unwrap()["value"].as_f64().unwrap()
        };
        let [exponential, gaussian] = [asked("exponential:8km"), asked("gaussian:6km")];
        let number = |json: &serde_json::Value, pointer: &str| json.pointer(pointer).unwrap().as_f64().unwrap();
        for (found, expected) in [
            (read("near"), number(&gaussian, "/residents_at_work")),
            (read("pool"), number(&exponential, "/pool")),
            (read("shared"), number(&gaussian, "/competition/workers_per_job")),
        ] {
            assert!((found - expected).abs() <= 1e-6 * expected.max(1.0), "{id}: {found}, not {expected}");
        }
    }
}
