//! `POST /zoning`: what bears on a plot, for callers of every right, and what a bad plot is told.

use emprise::http::state::Options;
use emprise::layer::definition::{LayerDefinition, Visibility};
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

use super::client::{Answer, ask};
use super::{Data, Server, grants_file, squares, table};

/// A layer of the program's, as public or restricted.
fn layer(id: &str, visibility: Visibility) -> LayerDefinition {
    let mut layer = shipped().unwrap().into_iter().find(|layer| layer.id == id).unwrap();
    layer.visibility = visibility;
    layer
}

fn site(visibility: Visibility) -> Data {
    let text =
        squares(&[("FR1", "Marais", 0.0, 3.0, 46.5)]).replace("\"code\"", "\"sitecode\"").replace("\"name\"", "\"sitename\"");
    Data::of(&[("sic.geojson", text)], &[layer("natura2000-habitats", visibility)])
}

fn polygon() -> Value {
    let ring = json!([[3.0002, 46.5002], [3.0006, 46.5002], [3.0006, 46.5006], [3.0002, 46.5006], [3.0002, 46.5002]]);
    json!({ "type": "Polygon", "coordinates": [ring] })
}

fn post(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask(server.address, "POST", path, headers, body.as_bytes())
}

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[test]
fn a_plot_is_answered_in_each_form() {
    let data = site(Visibility::Public);
    let server = Server::over(data.path());
    let bare = post(&server, "/zoning", &[("content-type", "application/geo+json")], &polygon().to_string());
    assert_eq!(bare.status, 200, "{}", bare.text());
    assert_eq!((bare.header("cache-control"), bare.header("vary")), ("private, no-store", "Authorization"));
    assert_eq!(bare.header("content-type"), "application/json");
    let answer = bare.json();
    assert_eq!(answer["snapshot"], server.get("/health").json()["snapshot"]);
    assert_eq!((&answer["findings"][0]["id"], &answer["findings"][0]["overlap_share"]), (&json!("FR1"), &json!(1.0)));
    assert_eq!(answer["findings"][0]["licence"], "Licence Ouverte 2.0");
    assert_eq!(answer["sources"]["natura2000-habitats"]["vintage"], answer["findings"][0]["vintage"]);

    let question = json!({ "plot": polygon(), "project": { "icpe": "authorisation", "activity": "25.11" }, "metric": "plane" });
    let asked = post(&server, "/zoning", &JSON, &question.to_string()).json();
    assert_eq!(
        (&asked["strictest"], &asked["weight"], &asked["plot"]["metric"]),
        (&json!("subject-to-assessment"), &json!("delay"), &json!("plane"))
    );
    let site = json!({ "plot": "natura2000-habitats/FR1" });
    let geojson = post(&server, "/zoning?f=geojson", &JSON, &site.to_string());
    assert_eq!(geojson.header("content-type"), "application/geo+json");
    let geojson = geojson.json();
    assert_eq!(
        (&geojson["type"], &geojson["features"][1]["geometry"]["type"]),
        (&json!("FeatureCollection"), &json!("MultiPolygon"))
    );
    assert_eq!(geojson["zoning"]["reserve"]["en"], answer["reserve"]["en"]);
    let read: geojson::GeoJson = geojson.to_string().parse().unwrap();
    assert!(matches!(read, geojson::GeoJson::FeatureCollection(_)));
}

#[test]
fn what_is_no_plot_is_told() {
    let data = site(Visibility::Public);
    let server = Server::over(data.path());
    let detail = |body: &str| {
        let answer = post(&server, "/zoning", &JSON, body);
        assert_eq!(answer.status, 422, "{body:.100}: {}", answer.text());
        assert_eq!(answer.json()["type"], "urn:emprise:problem:plot");
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    assert!(detail("{").contains("not read"));
    assert!(detail("{}").contains("`plot`"));
    assert!(detail(r#"{"plot": "x/y", "projet": {}}"#).contains("`projet`"));
    assert!(detail(r#"{"plot": "natura2000-habitat/FR1"}"#).contains("did you mean `natura2000-habitats`?"));
    assert!(
        detail(r#"{"plot": {"type": "Polygon", "coordinates": [[[46.5, 3], [46.6, 3], [46.6, 3.1], [46.5, 3]]]}}"#)
            .contains("swapped")
    );
    assert!(detail(&format!(r#"{{"plot": {}1{}}}"#, "[".repeat(1_000), "]".repeat(1_000))).contains("recursion"));
    let star: Vec<[f64; 2]> = (0..150_000).map(|step| [3.0 + f64::from(step) * 1e-7, 46.5]).collect();
    assert!(detail(&json!({ "type": "Polygon", "coordinates": [star] }).to_string()).contains("at most 100000"));
    let status = |headers: &[(&str, &str)], path: &str, body: &str| post(&server, path, headers, body).status;
    assert_eq!(status(&[("content-type", "text/html")], "/zoning", "{}"), 415);
    assert_eq!(status(&[("content-type", "application/json"), ("content-encoding", "gzip")], "/zoning", "{}"), 415);
    assert_eq!(status(&JSON, "/zoning?f=pdf", "{}"), 400);
    assert_eq!(status(&JSON, "/zoning?form=json", "{}"), 400);
    assert_eq!(status(&JSON, "/zoning", &" ".repeat((10 << 20) + 1)), 413);
}

#[test]
fn a_restricted_layer_bears_on_nothing_for_those_who_may_not_see_it() {
    let data = site(Visibility::Restricted);
    let folder = tempfile::tempdir().unwrap();
    let grants = grants_file(folder.path(), "agency", "secret-token", "\"natura2000-habitats\"");
    let options = Options { grants: Some(grants), ..Options::of(data.path().to_owned()) };
    let server = Server::with(options);
    let granted = [("content-type", "application/json"), ("authorization", "Bearer secret-token")];
    let body = polygon().to_string();
    let seen = post(&server, "/zoning", &granted, &body).json();
    assert_eq!(seen["findings"].as_array().unwrap().len(), 1);
    let unseen = post(&server, "/zoning", &JSON, &body);
    assert!(!unseen.text().contains("Marais") && !unseen.text().contains("FR1"), "{}", unseen.text());
    // Its answer is that of a server that never had the layer.
    let never = Data::of(&[("figures.csv", "n\n1\n".to_owned())], &[table()]);
    let other = Server::over(never.path());
    let mut without = [unseen.json(), post(&other, "/zoning", &JSON, &body).json()];
    without.iter_mut().for_each(|answer| answer["snapshot"] = Value::Null);
    assert_eq!(without[0], without[1]);
    let named = post(&server, "/zoning", &JSON, r#"{"plot": "natura2000-habitats/FR1"}"#);
    assert_eq!(named.status, 422);
    assert!(!named.text().contains("did you mean `natura"), "{}", named.text());
}

#[test]
fn rules_that_do_not_fit_stop_the_start_and_fitting_ones_are_used() {
    let data = site(Visibility::Public);
    let folder = tempfile::tempdir().unwrap();
    let write = |when: &str| {
        let text = format!(
            "id = \"marsh\"\ntitle = {{ fr = \"M\", en = \"M\" }}\nlayers = [\"natura2000-habitats\"]\n[[rules]]\nid = \"marsh\"\n\
             where = \"inside\"\nwhen = \"{when}\"\neffect = \"forbidden\"\nsentence = {{ fr = \"Non.\", en = \"No.\" }}\n\
             law = {{ reference = \"Arrêté\" }}\n"
        );
        std::fs::write(folder.path().join("marsh.toml"), text).unwrap();
    };
    let options = || Options { rules: Some(folder.path().to_owned()), ..Options::of(data.path().to_owned()) };
    write("nome = 'Marais'");
    let app = emprise::http::state::App::new(options()).unwrap();
    let told = app.open().unwrap_err().to_string();
    assert!(told.contains("did you mean `name`"), "{told}");
    write("name = 'Marais'");
    let server = Server::with(options());
    let answer = post(&server, "/zoning", &JSON, &polygon().to_string()).json();
    assert_eq!(answer["strictest"], "forbidden", "{answer}");
}
