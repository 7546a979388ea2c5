//! `emprise territory`: a portrait in one command.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::repository;

/// Exit status, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_portrait_in_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let data = path("data");
    let sources = repository("fixtures/data").to_string_lossy().into_owned();
    assert_eq!(run(&["ingest", "--out", &data, &sources]).0, Some(0));
    let territory = |more: &[&str]| run(&[&["territory"], more, &["--data", &data]].concat());

    let (status, text, error) = territory(&["epci", "000960011", "--lang", "fr"]);
    assert_eq!(status, Some(0), "{error}");
    for words in ["Marché du travail", "non disponible", ">= ", "1/5", "Marches de l'Orvelle", "Au plus près de Valsauvre"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let dossier = path("portrait.html");
    assert_eq!(territory(&["epci", "000960011", "--dossier", &dossier]).0, Some(0));
    let page = std::fs::read_to_string(&dossier).unwrap();
    assert!(page.contains("Portrait of") && page.ends_with("</html>\n"));
    assert!(page.contains("exemple.invalid"), "the owner of the data folder sees contacts");

    let square = json!({ "type": "Polygon", "coordinates": [[[3.6, 46.5], [3.9, 46.5], [3.9, 46.7], [3.6, 46.7], [3.6, 46.5]]] });
    std::fs::write(path("square.geojson"), square.to_string()).unwrap();
    let drawn: Value = serde_json::from_str(&territory(&["drawn", &path("square.geojson"), "--json"]).1).unwrap();
    let cuts = drawn["drawn"].as_array().unwrap();
    assert!(cuts.iter().any(|cut| cut["taken"] == true) && drawn["territory"]["level"] == "custom");

    let (status, text, _) = territory(&["commune", "96001", "--with", "departement/96", "--with", "country/FR"]);
    assert!(status == Some(0) && text.contains("Sauvre-et-Orvelle") && text.contains("France"), "{text}");
    for (arguments, words) in [
        (&["epci", "9"][..], "there is no intercommunality (EPCI) `9`"),
        (&["epic", "000960011"][..], "did you mean `epci`"),
        (&["epci", "000960011", "--with", "96"][..], "write its level and its code"),
        (&["epci", "000960011", "--projects", "nosuch = 1"][..], "`nosuch` is not a column"),
    ] {
        let (status, _, error) = territory(arguments);
        assert!(status == Some(1) && error.contains(words), "{arguments:?}: {error}");
    }
}
