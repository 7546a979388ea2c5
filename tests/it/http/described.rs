//! `/api` describes what is served: frozen here, held against the answers themselves.

use std::fs;

use emprise::http::api::describe;
use emprise::http::api::operations::operations;
use emprise::http::api::parameters::path_key;
use emprise::http::api::variables;
use emprise::layer::shipped::shipped;
use serde_json::Value;

use super::client::{Answer, ask};
use super::{Data, Server};
use crate::harness::{eventually, repository};

/// The description is read by programs of others: a change of it is seen here, and made on purpose with `EMPRISE_FREEZE=1`.
#[test]
fn the_description_is_the_frozen_one() {
    let mut described = describe("http://test");
    described["info"]["version"] = "0".into();
    let text = serde_json::to_string_pretty(&described).unwrap() + "\n";
    let path = repository("tests/it/http/api.json");
    if std::env::var_os("EMPRISE_FREEZE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert!(frozen == text, "/api has changed; EMPRISE_FREEZE=1 cargo test the_description_is_the_frozen_one writes it anew");
}

/// Layers of the names that the examples use.
fn data() -> Data {
    let layer = |id: &str| super::layer(id, "public");
    let places =
        |second| super::squares(&[("21231", "Dijon", 10_000.0, 5.04, 47.32), (second, "Longvic", 12_000.0, 5.06, 47.29)]);
    let flows = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P\n21231;Dijon;21355;Longvic;900\n21355;Longvic;21231;Dijon;700\n";
    let modes = "ORI;ORILIB;DES;DESLIB;FLOW;MODE;CSP\n21231;Dijon;21355;Longvic;900;VP;6\n";
    let fixture = |path: &str| {
        let path = repository("fixtures/data").join(path);
        (path.file_name().unwrap().to_str().unwrap().to_owned(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned())
    };
    let drawn = [
        ("communes.geojson".to_owned(), places("21355").replace("\"name\"", "\"nom\"")),
        ("business-plots.geojson".to_owned(), places("1")),
        ("business-zones.geojson".to_owned(), super::squares(&[("000960037_064", "Zone", 90_000.0, 5.04, 47.32)])),
        ("base-flux-mobilite-domicile-lieu-travail-2022.csv".to_owned(), flows.to_owned()),
        ("mobpro_mode.csv".to_owned(), modes.to_owned()),
    ];
    let official = [
        "employment/etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last.csv",
        "charging/consolidation-etalab-schema-irve-statique-v-2.3.1-fictif.csv",
        "charging/voitures-particulieres-immatriculees-par-commune-et-par-type-de-recharge.csv",
        "carpool/bnlc.csv",
    ];
    let files: Vec<(String, String)> = drawn.into_iter().chain(official.map(fixture)).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let kept = [
        "communes",
        "commuting-flows",
        "commuting-by-mode",
        "establishments",
        "electric-vehicles",
        "charging-points",
        "carpool-places",
    ];
    let mut layers: Vec<_> = shipped().unwrap().into_iter().filter(|layer| kept.contains(&&*layer.id)).collect();
    layers.extend([layer("business-plots"), layer("business-zones")]);
    Data::of(&files, &layers)
}

/// What an operation's example answers.
fn run(server: &Server, described: &Value, (method, path): (&str, &str), [id, job]: [&str; 2]) -> Answer {
    let mut address = path.to_owned();
    for name in variables(path) {
        let example = described["components"]["parameters"][path_key(name, path)]["example"].as_str().unwrap();
        let value = match (name, path) {
            ("id", _) => id,
            ("job", _) => job,
            ("layer", path) if path.contains("{site}") => "business-plots",
            _ => example,
        };
        address = address.replace(&format!("{{{name}}}"), value);
    }
    let operation = &described["paths"][path][method.to_ascii_lowercase()];
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap() {
        let parameter = described.pointer(parameter["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
        if parameter["in"] == "query" && !parameter["example"].is_null() {
            let value = parameter["example"].as_str().map_or_else(|| parameter["example"].to_string(), str::to_owned);
            query.push(format!("{}={value}", parameter["name"].as_str().unwrap()));
        }
    }
    if !query.is_empty() {
        address += &format!("?{}", query.join("&"));
    }
    let content = operation["requestBody"]["content"].as_object();
    let body =
        content.and_then(|content| content.iter().next()).map(|(kind, media)| (kind.clone(), media["example"].to_string()));
    match body {
        Some((kind, text)) => ask(server.address, method, &address, &[("content-type", &kind)], text.as_bytes()),
        None => ask(server.address, method, &address, &[], b""),
    }
}

#[test]
fn every_example_runs_and_answers_what_is_described() {
    let data = data();
    let server = Server::over(data.path());
    let described = server.get("/api").json();
    assert_eq!(described["openapi"], "3.1.0");
    let asked = run(&server, &described, ("POST", "/siting"), ["", ""]);
    let id = asked.json()["id"].as_str().unwrap_or_else(|| panic!("{}", asked.text())).to_owned();
    let execution =
        described["paths"]["/processes/{process}/execution"]["post"]["requestBody"]["content"]["application/json"]["example"]
            .to_string();
    let headers = [("content-type", "application/json"), ("prefer", "respond-async")];
    let started = ask(server.address, "POST", "/processes/siting/execution", &headers, execution.as_bytes());
    let job = started.header("location").rsplit('/').next().unwrap().to_owned();
    eventually("the end of a job", || (server.get(&format!("/jobs/{job}")).json()["status"] == "successful").then_some(()));
    let mut all = operations();
    // What ends a job comes after what asks for it.
    all.sort_by_key(|operation| operation.method == "DELETE");
    // What the map application brings is in the binary only where it was built.
    let bundled = ["/assets/{name}", "/sprites/{file}", "/fonts/{stack}/{range}"];
    for operation in all.iter().filter(|operation| !bundled.contains(&operation.path)) {
        let answer = run(&server, &described, (operation.method, operation.path), [&id, &job]);
        let what = format!("{} {}", operation.method, operation.path);
        let written = &described["paths"][operation.path][operation.method.to_ascii_lowercase()]["responses"];
        assert!((200..300).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
        let response = &written[answer.status.to_string()];
        assert!(response.is_object(), "{what}: {} is not described", answer.status);
        let Some(content) = response["content"].as_object() else { continue };
        let kind = answer.header("content-type");
        let essence = |kind: &str| kind.split(';').next().unwrap().trim().to_owned();
        let media = content.iter().find(|(known, _)| essence(known) == essence(kind));
        let (_, media) = media.unwrap_or_else(|| panic!("{what}: {kind} is not described"));
        if let Some(schema) = media.get("schema") {
            let mut whole = schema.clone();
            whole["components"] = described["components"].clone();
            let validator = jsonschema::validator_for(&whole).unwrap();
            let json = answer.json();
            let breaches: Vec<String> =
                validator.iter_errors(&json).map(|error| format!("{} at {}", error, error.instance_path)).collect();
            assert!(breaches.is_empty(), "{what}: {breaches:?}");
        }
    }
}

#[test]
fn the_older_words_and_the_page_say_the_same() {
    let data = super::public();
    let server = Server::over(data.path());
    let older = server.get("/api?f=oas30");
    assert_eq!(older.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let (older, newer) = (older.json(), server.get("/api").json());
    assert_eq!(older["openapi"], "3.0.3");
    let paths = |json: &Value| json["paths"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&older), paths(&newer));
    let page = super::get(server.address, "/api", &[("accept", "text/html"), ("accept-language", "fr")]);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(page.text().contains("<html lang=\"fr\">") && page.text().contains("/collections/{layer}/items"));
}
