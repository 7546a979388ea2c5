//! `POST /zoning`: what bears on a plot, for callers of every right, and what a bad plot is told.

use emprise::http::state::Options;
use emprise::layer::definition::{LayerDefinition, Visibility};
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

use super::client::{Answer, ask};
use super::{Data, Server, grants_file, options, squares, table};

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
        (&geojson["type"], &geojson["features"][2]["geometry"]["type"]),
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
    let options = Options { grants: Some(grants), ..options(data.path()) };
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
    let options = || Options { rules: Some(folder.path().to_owned()), ..options(data.path()) };
    write("nome = 'Marais'");
    let app = emprise::http::state::App::new(options()).unwrap();
    let told = app.open().unwrap_err().to_string();
    assert!(told.contains("did you mean `name`"), "{told}");
    write("name = 'Marais'");
    let server = Server::with(options());
    let answer = post(&server, "/zoning", &JSON, &polygon().to_string()).json();
    assert_eq!(answer["strictest"], "forbidden", "{answer}");
}

/// The answer of the program on the command line, over the same data.
fn told(data: &Data, arguments: &[&str]) -> Value {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_emprise"))
        .args(["check", "--json", "--data"])
        .arg(data.path())
        .args(arguments)
        .output()
        .unwrap();
    assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
    serde_json::from_slice(&program.stdout).unwrap()
}

#[test]
fn every_input_opens_both_doors_and_gives_one_answer() {
    let parcels = squares(&[("p1", "", 0.0, 3.0, 46.5), ("p2", "", 0.0, 3.0013, 46.5)]).replace("\"code\"", "\"id\"");
    let sites =
        squares(&[("FR1", "Marais", 0.0, 3.0, 46.5)]).replace("\"code\"", "\"sitecode\"").replace("\"name\"", "\"sitename\"");
    let data = Data::of(
        &[("sic.geojson", sites), ("parcelles.geojson", parcels)],
        &[layer("natura2000-habitats", Visibility::Public), layer("parcels", Visibility::Public)],
    );
    let server = Server::over(data.path());
    let wkt = "POLYGON((3.0002 46.5002,3.0006 46.5002,3.0006 46.5006,3.0002 46.5006,3.0002 46.5002))";
    let file =
        json!({ "type": "FeatureCollection", "features": [{ "type": "Feature", "properties": {}, "geometry": polygon() }] })
            .to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plot.geojson");
    std::fs::write(&path, &file).unwrap();
    let sheet = folder.path().join("plot.csv");
    std::fs::write(&sheet, format!("id,wkt\n1,\"{wkt}\"\n")).unwrap();
    let text = polygon().to_string();
    let project = json!({ "activity": "25.11", "icpe": "registration", "built_m2": 900.0, "date": "2026-01-01" });
    let told_project = ["--activity", "25.11", "--icpe", "registration", "--built", "900", "--date", "2026-01-01"];
    let (path, sheet) = (path.to_str().unwrap(), sheet.to_str().unwrap());
    let inputs: [(Value, Vec<&str>); 6] = [
        (polygon(), vec![&text]),
        (json!(wkt), vec![wkt]),
        (json!("p1"), vec!["p1"]),
        (json!(["p1", "p2"]), vec!["p1", "p2"]),
        (json!({ "site": "natura2000-habitats/FR1" }), vec!["natura2000-habitats/FR1"]),
        (json!({ "point": [3.0005, 46.5005], "radius": "50 m" }), vec!["3.0005,46.5005", "--radius", "50 m"]),
    ];
    let same = |one: Value, other: Value, what: &str| {
        for part in ["findings", "themes", "buildable", "project", "strictest", "duties", "not_available", "nearby"] {
            assert_eq!(one[part], other[part], "{what}: {part}");
        }
        assert_eq!(one["findings"][0]["id"], "FR1", "{what}");
    };
    for (plot, arguments) in &inputs {
        let question = json!({ "plot": plot, "project": project }).to_string();
        let answer = post(&server, "/zoning", &JSON, &question);
        assert_eq!(answer.status, 200, "{}", answer.text());
        same(answer.json(), told(&data, &[&arguments[..], &told_project].concat()), &plot.to_string());
    }
    // A file as it is, its project in the address.
    let query = "activity=25.11&icpe=registration&built_m2=900&date=2026-01-01";
    let bytes = [("content-type", "application/octet-stream")];
    let sent = post(&server, &format!("/zoning?file=plot.geojson&{query}"), &bytes, &file);
    assert_eq!(sent.status, 200, "{}", sent.text());
    same(sent.json(), told(&data, &[&[path][..], &told_project].concat()), "a file");
    let csv = std::fs::read_to_string(sheet).unwrap();
    let sent = post(&server, &format!("/zoning?{query}"), &[("content-type", "text/csv")], &csv);
    same(sent.json(), told(&data, &[&[sheet][..], &told_project].concat()), "a table");
    // What is no such file is told in one sentence, without a path of the server.
    for (path, body) in [
        ("/zoning?file=plot.gpkg", "not a database"),
        ("/zoning?file=plot.exe", "MZ"),
        ("/zoning?file=../../etc/passwd", "x"),
        ("/zoning", "no name"),
        ("/zoning?file=plot.geojson.gz", "x"),
    ] {
        let answer = post(&server, path, &bytes, body);
        assert_eq!(answer.status, 422, "{path}: {}", answer.text());
        assert!(!answer.text().contains("/tmp"), "{}", answer.text());
    }
    let zipped = post(&server, "/zoning", &[("content-type", "application/zip")], &" ".repeat((1 << 20) + 1));
    assert_eq!(zipped.status, 413);
}

#[test]
fn a_check_is_sent_as_a_page_and_as_a_table() {
    let data = site(Visibility::Public);
    let server = Server::over(data.path());
    for (lang, words) in [("fr", "n’est pas un acte administratif"), ("en", "is not an administrative act")] {
        let page = post(&server, &format!("/zoning?f=html&lang={lang}"), &JSON, &polygon().to_string());
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(page.text().contains(words) && page.text().contains("Marais"), "{lang}");
    }
    let table = post(&server, "/zoning?f=csv", &JSON, &polygon().to_string());
    assert!(table.header("content-type").starts_with("text/csv") && table.text().starts_with("plot,plot_area_m2,"));
    let million: Vec<String> = (0..1_000_000).map(|step| format!("[3.{step:06},46.5]")).collect();
    let million = post(&server, "/zoning", &JSON, &format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, million.join(",")));
    assert_eq!(million.status, 413, "{}", million.text());
    assert!(million.text().contains("10485760 bytes"), "the limit is said: {}", million.text());
    let nan = post(&server, "/zoning", &JSON, r#"{"plot": "POLYGON((3 46.5,NaN 46.5,3.01 46.51,3 46.5))"}"#);
    assert_eq!(nan.status, 422, "{}", nan.text());
}

#[test]
fn each_plot_of_a_file_is_checked_as_on_the_command_line() {
    let data = site(Visibility::Public);
    let server = Server::over(data.path());
    let square = |x: f64| json!([[[x, 46.502], [x + 1e-4, 46.502], [x + 1e-4, 46.5021], [x, 46.502]]]);
    let feature = |n: usize| {
        let ring = if n.is_multiple_of(3) { json!([[[3.0, 46.5], [3.0, 46.5]]]) } else { square(3.0 + 0.4 * (n % 2) as f64) };
        json!({ "type": "Feature", "properties": { "code": format!("p{n}") }, "geometry": { "type": "Polygon", "coordinates": ring } })
    };
    let plots = json!({ "type": "FeatureCollection", "features": (0..3_000).map(feature).collect::<Vec<_>>() }).to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plots.geojson");
    std::fs::write(&file, &plots).unwrap();
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_emprise"))
        .args(["check", "--icpe", "declaration", "--data"])
        .arg(data.path())
        .arg("--file")
        .arg(&file)
        .output()
        .unwrap();
    assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
    let geojson = [("content-type", "application/geo+json")];
    let answer = post(&server, "/zoning/plots?icpe=declaration", &geojson, &plots);
    assert_eq!((answer.status, answer.header("cache-control")), (200, "private, no-store"), "{}", answer.text());
    assert!(answer.header("content-disposition").contains("findings.csv"));
    assert_eq!(answer.text(), String::from_utf8(program.stdout).unwrap());
    assert!(answer.text().lines().count() > 3_000);
    for (path, body, words) in [
        ("/zoning/plots?name=cod", &*plots, "did you mean `code`?"),
        ("/zoning/plots?lang=fr", &plots, "`lang` means nothing here"),
        ("/zoning/plots?file=plots.xyz", &plots, "not of a format that is read"),
        ("/zoning/plots", "{", "the file is not read"),
    ] {
        let told = post(&server, path, &geojson, body);
        assert!([400, 422].contains(&told.status) && told.text().contains(words), "{path}: {}", told.text());
        assert!(!told.text().contains("/tmp"), "{}", told.text());
    }
}

#[test]
fn a_zone_is_told_plot_by_plot_as_on_the_command_line() {
    let folder = crate::zoning::command::zone();
    let server = Server::over(&folder.path().join("data"));
    let told = |query: &str| server.get(&format!("/zoning/zones/Z1?date=2026-06-01{query}"));
    let program = |arguments: &[&str]| {
        let program = std::process::Command::new(env!("CARGO_BIN_EXE_emprise"))
            .args(["check", "--zone", "Z1", "--date", "2026-06-01", "--data", "data"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
        String::from_utf8(program.stdout).unwrap()
    };
    assert_eq!(told("").text(), program(&["--standard", "out"]));
    for (form, file) in [("site", "site_eco_Z1.csv"), ("plots", "terrain_eco_Z1.csv")] {
        let answer = told(&format!("&f={form}"));
        assert_eq!(answer.text(), std::fs::read_to_string(folder.path().join("out").join(file)).unwrap());
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{file}\""));
    }
    let figures = told("&f=json").json();
    assert_eq!((&figures["figures"]["vacancy_percent"], &figures["year"]), (&json!([25.0, 50.0]), &json!(2026)));
    assert_eq!(figures["figures"]["brownfields"], 1);
    let unknown = server.get("/zoning/zones/Z2");
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    assert!(unknown.text().contains("did you mean `Z1`?"));
    assert_eq!(told("&lang=fr").status, 400);
}
