//! `emprise check`, as it is run.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

use emprise::ingest::{Request, run};
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

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
        (geojson["features"].as_array().unwrap().len(), &geojson["features"][1]["id"]),
        (2, &json!("natura2000-habitats/FR1"))
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
