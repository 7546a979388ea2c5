//! `emprise check`, as it is run.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use emprise::ingest::{Request, run};
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

use crate::harness::{eventually, signal};

/// A data folder with one site of the Habitats Directive: a square of a hundredth of a degree.
fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ring = json!([[3.0, 46.5], [3.01, 46.5], [3.01, 46.51], [3.0, 46.51], [3.0, 46.5]]);
    let site = json!({ "type": "Feature", "properties": { "sitecode": "FR1", "sitename": "Marais" },
        "geometry": { "type": "Polygon", "coordinates": [ring] } });
    let source = folder.path().join("sic.geojson");
    std::fs::write(&source, json!({ "type": "FeatureCollection", "features": [site] }).to_string()).unwrap();
    let layers: Vec<_> = shipped().unwrap().into_iter().filter(|layer| layer.id == "natura2000-habitats").collect();
    let out = folder.path().join("data");
    std::fs::create_dir_all(&out).unwrap();
    run(&Request { data: &out, sources: &[source], layers: &layers, stop: &AtomicBool::new(false) }, &mut |_| {}).unwrap();
    folder
}

fn emprise(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emprise")).current_dir(folder).arg("check").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const INSIDE: &str = "POLYGON((3.002 46.502,3.004 46.502,3.004 46.504,3.002 46.504,3.002 46.502))";

#[test]
fn one_plot_in_each_form() {
    let folder = data();
    let told = emprise(folder.path(), &[INSIDE, "--icpe", "autorisation"]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    let told = text(&told.stdout);
    for words in ["Strictest: subject to assessment", "Marais", "L414-4", "Missing layer", "neither an administrative act"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let json: Value = serde_json::from_slice(&emprise(folder.path(), &[INSIDE, "--json"]).stdout).unwrap();
    assert_eq!((&json["findings"][0]["id"], &json["findings"][0]["overlap_share"]), (&json!("FR1"), &json!(1.0)));
    assert_eq!(json["findings"][0]["overlap"]["type"], "MultiPolygon");
    let geojson: Value = serde_json::from_slice(&emprise(folder.path(), &[INSIDE, "--geojson"]).stdout).unwrap();
    assert_eq!(
        (geojson["features"].as_array().unwrap().len(), &geojson["features"][1]["id"], &geojson["features"][2]["id"]),
        (3, &json!("buildable"), &json!("natura2000-habitats/FR1"))
    );
    let csv = text(&emprise(folder.path(), &["natura2000-habitats/FR1", "--csv"]).stdout);
    assert!(csv.starts_with("plot,plot_area_m2,theme,") && csv.contains(",case-by-case,"), "{csv}");
    let disc = text(&emprise(folder.path(), &["3.02,46.505", "--radius", "500 m"]).stdout);
    assert!(disc.contains("500 m around 3.02") && disc.contains("268 m"), "{disc}");
}

#[test]
fn what_is_wrong_is_one_sentence() {
    let folder = data();
    for (arguments, words) in [
        (&["FR1"][..], "there is no layer `parcels`; did you mean"),
        (&["POLYGON((3 46.5,3.01 46.51,3.01 46.5,3 46.51,3 46.5))"], "crosses or covers itself"),
        (&["nothing.geojson"], "there is no file nothing.geojson"),
        (&[INSIDE, "--icpe", "seveso"], "`seveso` is no regime"),
        (&[INSIDE, "--rules", "nowhere"], "cannot read nowhere"),
        (&["--file", "sic.geojson", "--name", "sitcode"], "there is no column `sitcode`; did you mean `sitecode`?"),
    ] {
        let told = emprise(folder.path(), arguments);
        assert_eq!(told.status.code(), Some(1), "{arguments:?}");
        assert!(text(&told.stderr).contains(words), "{arguments:?}: {}", text(&told.stderr));
    }
    assert_eq!(emprise(folder.path(), &[]).status.code(), Some(2), "a plot is needed");
}

#[test]
fn a_file_of_plots_gives_a_file_of_findings() {
    let folder = data();
    // Two thousand and five plots: inside, far, broken and empty ones, in order.
    let square = |x: f64| json!([[[x, 46.502], [x + 1e-4, 46.502], [x + 1e-4, 46.5021], [x, 46.502]]]);
    let bow = json!([[[3.0, 46.5], [3.01, 46.51], [3.01, 46.5], [3.0, 46.51], [3.0, 46.5]]]);
    let feature = |number: usize| {
        let geometry = match number {
            7 => json!({ "type": "Polygon", "coordinates": bow }),
            8 => Value::Null,
            even if even % 2 == 0 => json!({ "type": "Polygon", "coordinates": square(3.002) }),
            _ => json!({ "type": "Polygon", "coordinates": square(4.0) }),
        };
        json!({ "type": "Feature", "properties": { "id": format!("p{number}") }, "geometry": geometry })
    };
    let features: Vec<Value> = (0..2_005).map(feature).collect();
    let plots = json!({ "type": "FeatureCollection", "features": features });
    std::fs::write(folder.path().join("plots.geojson"), plots.to_string()).unwrap();
    let told = emprise(folder.path(), &["--file", "plots.geojson", "--out", "findings.csv"]);
    assert!(told.status.success() && told.stdout.is_empty(), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("2,005 plots checked, 2 of them not readable"), "{}", text(&told.stderr));
    let mut rows = csv::Reader::from_path(folder.path().join("findings.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.unwrap()).collect();
    let of = |label: &str| rows.iter().filter(|row| &row[0] == label).collect::<Vec<_>>();
    assert_eq!((&of("p7")[0][6], of("p7")[0][17].contains("crosses")), ("not-read", true));
    assert_eq!(&of("p8")[0][17], "there is no geometry");
    assert_eq!((&of("p4")[0][4], &of("p4")[0][6]), ("FR1", "case-by-case"));
    assert!(of("p5").iter().all(|row| &row[4] != "FR1"));
    let mut order: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    order.dedup();
    assert_eq!(order, (0..2_005).map(|number| format!("p{number}")).collect::<Vec<_>>(), "in the file's order");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "no temporary file stays: {left:?}");
}

#[test]
fn a_dossier_is_one_page_in_each_language() {
    let folder = data();
    for (lang, words) in [
        ("fr", ["Ce qu’on ne sait pas", "n’est pas un acte administratif"]),
        ("en", ["What is not known", "is not an administrative act"]),
    ] {
        let told = emprise(folder.path(), &[INSIDE, "--icpe", "A", "--dossier", "check.html", "--lang", lang]);
        assert!(told.status.success(), "{}", text(&told.stderr));
        let page = std::fs::read_to_string(folder.path().join("check.html")).unwrap();
        assert!(page.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{lang}\">")));
        for words in words.iter().chain(&["Marais", "L414-4", "<svg class=\"map\"", "default-src 'none'", "Licence Ouverte 2.0"])
        {
            assert!(page.contains(words), "{lang}: {words}");
        }
        let body = page.split_once("</style>").unwrap().1;
        for forbidden in ["<script", " style=", "src=", "@import", "<link"] {
            assert!(!body.contains(forbidden), "{forbidden}");
        }
    }
}

#[test]
fn what_is_interrupted_leaves_no_file() {
    // A machine may be done before the signal comes: then with twice as many plots.
    assert!((0..6).any(|doubled| is_interrupted_in_the_middle(50_000 << doubled)), "it was never interrupted in the middle");
}

/// Whether the signal came before the end; what is left behind is looked at in any case.
fn is_interrupted_in_the_middle(plots: usize) -> bool {
    let folder = data();
    let square = json!({ "type": "Feature", "properties": { "id": "p" }, "geometry": { "type": "Polygon",
        "coordinates": [[[3.002, 46.502], [3.003, 46.502], [3.003, 46.503], [3.002, 46.502]]] } });
    std::fs::write(folder.path().join("plots.geojsonl"), vec![square.to_string(); plots].join("\n")).unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let before = names();
    let mut child = Command::new(env!("CARGO_BIN_EXE_emprise"))
        .current_dir(folder.path())
        .args(["check", "--file", "plots.geojsonl", "--out", "findings.csv"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Once its temporary file is there the work is under way.
    let has_ended = eventually("a file", || match child.try_wait().unwrap() {
        Some(_) => Some(true),
        None => (names() != before).then_some(false),
    });
    if !has_ended {
        signal("INT", &child);
    }
    let told = child.wait_with_output().unwrap();
    let said = text(&told.stderr);
    match told.status.code() {
        Some(130) => assert_eq!((said.contains("nothing was written to a file"), names()), (true, before), "{said}"),
        Some(0) => assert_eq!(names(), ["data", "findings.csv", "plots.geojsonl", "sic.geojson"], "done before the signal came"),
        other => panic!("{other:?}: {said}"),
    }
    told.status.code() == Some(130)
}

/// A business zone of four plots: occupied, a brownfield since 2010, open ground, and empty for who knows how long.
pub(crate) fn zone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let square = |x: f64| json!({ "type": "Polygon", "coordinates": [[[x, 46.5], [x + 0.001, 46.5], [x + 0.001, 46.501], [x, 46.501], [x, 46.5]]] });
    let write = |name: &str, features: Vec<Value>| {
        let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    let feature =
        |properties: Value, geometry: Value| json!({ "type": "Feature", "properties": properties, "geometry": geometry });
    let csv = |name: &str, header: &str, rows: &[String]| {
        std::fs::write(folder.path().join(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    };
    let quoted = |geometry: Value| format!("\"{}\"", geometry.to_string().replace('"', "\"\""));
    let outline =
        json!({ "type": "Polygon", "coordinates": [[[3.0, 46.5], [3.004, 46.5], [3.004, 46.501], [3.0, 46.501], [3.0, 46.5]]] });
    csv(
        "site_eco_test.csv",
        "site_id;site_nom;site_type;site_surf_brute;site_uf_nbre;reseau_gaz;site_geomsurf",
        &[format!("Z1;Les Prés;zone d'activité économique;3.4;9;oui;{}", quoted(outline))],
    );
    let states = ["occupé", "friche", "inoccupé", "vacant"];
    let rows: Vec<String> = states
        .iter()
        .enumerate()
        .map(|(n, state)| {
            format!(
                "Z1_{n};Z1;viabilisé non aménagé;en vente;{state};commune;2024-05-01;oui;{}",
                quoted(square(3.0 + 0.001 * n as f64))
            )
        })
        .collect();
    csv(
        "terrain_eco_test.csv",
        "terr_id;site_id;terr_stade_amngt;terr_stade_comm;terr_etat_occup;terr_maitrise_fonc;terr_identif_date;terr_cle_en_main;terr_geomsurf",
        &rows,
    );
    csv("friches_cnig_test.csv", "site_id;site_nom;site_identif_date;site_actu_date;comm_nom;comm_insee;activite_fin_annee;source_nom;geompoint;geomsurf",
        &["F1;Ancienne usine;2020-01-01;2024-01-01;Lieu;03001;2010;x;POINT(3.0015 46.5005);MULTIPOLYGON(((3.001 46.5,3.002 46.5,3.002 46.501,3.001 46.501,3.001 46.5)))".to_owned()]);
    write("sic.geojson", vec![feature(json!({ "sitecode": "FR1", "sitename": "Marais" }), square(3.002))]);
    let wanted = ["natura2000-habitats", "business-zones", "business-plots", "brownfields"];
    let layers: Vec<_> = shipped().unwrap().into_iter().filter(|layer| wanted.contains(&layer.id.as_str())).collect();
    let (out, source) = (folder.path().join("data"), folder.path().to_owned());
    std::fs::create_dir_all(&out).unwrap();
    let sources: Vec<_> = ["site_eco_test.csv", "terrain_eco_test.csv", "friches_cnig_test.csv", "sic.geojson"]
        .iter()
        .map(|name| source.join(name))
        .collect();
    run(&Request { data: &out, sources: &sources, layers: &layers, stop: &AtomicBool::new(false) }, &mut |_| {}).unwrap();
    folder
}

#[test]
fn a_zone_plot_by_plot_and_back_in_the_standard() {
    let folder = zone();
    let told = emprise(folder.path(), &["--zone", "Z1", "--date", "2026-06-01", "--out", "zone.csv", "--standard", "standard"]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    // One of four is vacant since 2010; of another nobody says since when.
    assert!(
        text(&told.stderr).contains("4 land units, vacancy at 1 January 2026 (L318-8-2): 25.0 to 50.0 %"),
        "{}",
        text(&told.stderr)
    );
    let mut rows = csv::Reader::from_path(folder.path().join("zone.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.unwrap()).collect();
    let cell = |row: usize, name: &str| rows[row][header.iter().position(|column| column == name).unwrap()].to_owned();
    assert_eq!((rows.len(), cell(0, "level"), cell(0, "land_units")), (5, "zone".into(), "4".into()));
    let column = |name: &str| (1..5).map(|row| cell(row, name)).collect::<Vec<_>>();
    assert_eq!(column("vacant"), ["no", "yes", "no", "unknown"]);
    assert_eq!(column("infill"), ["no", "no", "yes", "no"]);
    assert_eq!(column("brownfield"), ["no", "yes", "no", "no"]);
    assert_eq!(cell(2, "brownfields"), "brownfields/F1");
    assert!(cell(3, "constraints").contains("natura2000 case-by-case 100.0 %"), "{}", cell(3, "constraints"));
    assert_eq!(cell(1, "owner_kind"), "commune", "a kind, never a name");
    // What is written in the standard reads back as it was.
    let again = folder.path().join("again");
    std::fs::create_dir_all(&again).unwrap();
    let layers: Vec<_> = shipped().unwrap().into_iter().filter(|layer| layer.id.starts_with("business-")).collect();
    let request =
        Request { data: &again, sources: &[folder.path().join("standard")], layers: &layers, stop: &AtomicBool::new(false) };
    run(&request, &mut |_| {}).unwrap();
    let open = |path: &Path| emprise::atlas::Atlas::open(&emprise::snapshot::open(path).unwrap()).unwrap();
    let (first, second) = (open(&folder.path().join("data")), open(&again));
    for id in ["business-zones", "business-plots"] {
        let [one, other] = [&first, &second].map(|atlas| atlas.view(&emprise::atlas::Rights::All).layer(id).unwrap());
        assert_eq!(one.len(), other.len(), "{id}");
        for name in one.definition().columns.keys() {
            for row in one.rows() {
                let there = other.row_of(one.id(row)).unwrap();
                let values =
                    [(one, row), (other, there)].map(|(layer, row)| layer.values(name).map(|values| values.get(row).to_string()));
                let counted = id == "business-zones" && name == "land-units";
                assert!(counted || values[0] == values[1], "{id}.{name}: {values:?}");
            }
        }
    }
    let zones = second.view(&emprise::atlas::Rights::All).layer("business-zones").unwrap();
    assert_eq!(zones.values("land-units").unwrap().number(0), Some(4.0), "counted, where the source declared nine");
    let missing = emprise(folder.path(), &["--zone", "Z2"]);
    assert!(text(&missing.stderr).contains("has no feature `Z2`; did you mean `Z1`?"), "{}", text(&missing.stderr));
}
