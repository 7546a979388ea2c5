//! Rule files: the program's own, and the operator's beside them.

use std::path::Path;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::scale::Metric;
use emprise::layer::definition::Visibility;
use emprise::zoning::rules::read::{json_schema, parse};
use emprise::zoning::{Rules, Terms, check};

use crate::harness::repository;

use super::{Sketch, lines, nature, plot};

const THEME: &str = r#"
    id = "natura2000"
    title = { fr = "Natura 2000", en = "Natura 2000" }
    layers = ["natura2000-habitats", "natura2000-birds"]
    near = "300 m"
    [local."38"]
    near = "900 m"
    [[rules]]
    id = "near"
    where = "near"
    effect = "action-required"
    sentence = { fr = "Proche.", en = "Near." }
    law = { reference = "Arrêté préfectoral" }
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn rules(folder: &Path) -> Result<Rules, String> {
    Rules::shipped().unwrap().with_folder(folder).map_err(|error| error.to_string())
}

fn found(rules: &Rules, layers: Vec<Layer>, rights: &Rights, west: f64) -> Result<Vec<String>, String> {
    let atlas = Atlas::from_layers("drawn".into(), layers);
    let rulebook = rules.resolve(atlas.view(rights)).map_err(|error| error.to_string())?;
    Ok(lines(&check(&plot(west, 0.0, 100.0, 100.0), &rulebook, &Terms { metric: Metric::Plane, ..Terms::default() })))
}

#[test]
fn every_shipped_rule_reads_and_has_its_sentences_and_its_law() {
    let rules = Rules::shipped().unwrap();
    let shipped = emprise::layer::shipped::shipped().unwrap();
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    for theme in &rules.themes {
        assert!(theme.layers.iter().all(|id| shipped.iter().any(|layer| layer.id == *id)), "{}", theme.id);
        for rule in &theme.rules {
            let words = [&rule.sentence.fr, &rule.sentence.en, &rule.law.reference];
            assert!(words.iter().all(|words| words.len() > 10), "{}/{}", theme.id, rule.id);
            assert!(!rule.sentence.en.contains("is allowed"), "nothing is ever said to be allowed");
        }
        let path = repository(&format!("rules/{}.toml", theme.id));
        let text: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let value = serde_json::to_value(text).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", theme.id);
    }
}

#[test]
fn a_departement_has_distances_of_its_own() {
    let own = folder(&[("natura2000.toml", THEME)]);
    let rules = rules(own.path()).unwrap();
    assert_eq!(rules.themes.len(), Rules::shipped().unwrap().themes.len(), "it replaces the one of its name");
    // 800 m from the habitats, 700 m from the birds.
    assert_eq!(found(&rules, nature(), &Rights::All, 1_000.0), Ok(vec![]));
    let mut layers = nature();
    layers.push(Sketch::territory("departements", "x x x x x x x x x x x x x x x x x x x x"));
    assert_eq!(found(&rules, layers, &Rights::All, 1_000.0), Ok(vec![]), "département x sets none");
    // The letter stands for the code.
    let here = folder(&[("natura2000.toml", &THEME.replace("\"38\"", "\"x\""))]);
    let rules = self::rules(here.path()).unwrap();
    let mut layers = nature();
    layers.push(Sketch::territory("departements", "x x x x x x x x x x x x x x x x x x x x"));
    let near = ["action-required natura2000-birds/b 700 m", "action-required natura2000-habitats/h 800 m"];
    assert_eq!(found(&rules, layers, &Rights::All, 1_000.0), Ok(near.map(str::to_owned).to_vec()));
}

#[test]
fn a_wrong_file_is_named_with_what_is_wrong() {
    let said = |from: &str, to: &str| {
        assert!(THEME.contains(from));
        rules(folder(&[("natura2000.toml", &THEME.replace(from, to))]).path()).unwrap_err()
    };
    for (from, to, words) in [
        ("near = \"300 m\"", "nera = \"300 m\"", "nera"),
        ("near = \"300 m\"", "near = \"300 ha\"", "2 km"),
        ("near = \"300 m\"", "near = \"300 km\"", "300000 m is more than"),
        ("where = \"near\"", "where = \"beside\"", "beside"),
        ("action-required", "allowed", "allowed"),
        ("id = \"natura2000\"", "id = \"natura\"", "`natura2000.toml`"),
        ("id = \"near\"", "id = \"Near!\"", "`Near!`"),
        ("where = \"near\"", "where = \"inside\"\n    use = [\"allowed\"]", "no [uses]"),
        ("where = \"near\"", "where = \"anywhere\"\n    when = \"zone = 'U'\"", "no feature"),
        ("where = \"near\"", "where = \"near\"\n    when = \"zone == 'U'\"", "when"),
        ("near = \"300 m\"", "territories = [\"metropol\"]", "did you mean `metropole`?"),
    ] {
        let told = said(from, to);
        assert!(told.contains("natura2000.toml") && told.contains(words), "{to}: {told}");
    }
    assert!(parse(THEME, "natura2000").is_ok());
}

#[test]
fn a_column_that_a_layer_does_not_have_is_an_error_of_the_operator() {
    let theme = THEME
        .replace("natura2000\"\n", "ponds\"\n")
        .replace("[\"natura2000-habitats\", \"natura2000-birds\"]", "[\"ponds\"]")
        .replace("where = \"near\"", "where = \"near\"\n    when = \"dept > 3\"");
    let own = folder(&[("ponds.toml", &theme)]);
    let rules = rules(own.path()).unwrap();
    let ponds = || Sketch::constraint("ponds", &["depth"], "p", "");
    let told = found(&rules, vec![ponds()], &Rights::All, 0.0).unwrap_err();
    assert!(told.contains("rule `near` of theme `ponds`") && told.contains("did you mean `depth`"), "{told}");
    assert_eq!(found(&rules, vec![], &Rights::All, 0.0), Ok(vec![]), "a layer that is not there binds nothing");
}

#[test]
fn a_theme_about_a_layer_that_the_caller_may_not_see_does_not_exist() {
    let theme = THEME
        .replace("natura2000\"\n", "prospects\"\n")
        .replace("[\"natura2000-habitats\", \"natura2000-birds\"]", "[\"prospects\"]");
    let own = folder(&[("prospects.toml", &theme)]);
    let rules = rules(own.path()).unwrap();
    let prospects = || {
        let open = Sketch::constraint("prospects", &[], "p", "");
        let mut entry = open.entry().clone();
        entry.definition.visibility = Visibility::Restricted;
        let mut shapes = emprise::geometry::shape::Shapes::default();
        shapes.push_geometry(open.shape(0).to_geo().as_ref());
        Layer::new(entry, ["p"].into_iter().collect(), Vec::new(), shapes)
    };
    assert_eq!(found(&rules, vec![prospects()], &Rights::All, 200.0).unwrap().len(), 1);
    let atlas = Atlas::from_layers("drawn".into(), vec![prospects()]);
    let public = Rights::public();
    let rulebook = rules.resolve(atlas.view(&public)).unwrap();
    let terms = Terms::default();
    let answer = check(&plot(200.0, 0.0, 100.0, 100.0), &rulebook, &terms);
    let written = serde_json::to_string(&answer).unwrap();
    assert!(!written.contains("prospects"), "{written}");
}
