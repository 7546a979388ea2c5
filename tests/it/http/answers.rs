//! Siting answers by their ids: the same bytes to whoever may see them, in every form, for as long as the data stay.

use std::collections::BTreeMap;
use std::time::Instant;

use emprise::http::limits::Limits;
use emprise::http::state::Options;
use fast_mvt::{MvtReaderRef, MvtValue};
use serde_json::{Value, json};

use super::client::{Answer, ask, get};
use super::tiles::{counted, hasty};
use super::{Data, QUESTION, SHEDS, Server, grants_file, layer, options, public, squares, table, tile_at};
use crate::harness::eventually;

fn asked(server: &Server, question: &str) -> (String, Answer) {
    let answer = server.site("application/yaml", question);
    assert_eq!(answer.status, 200, "{}", answer.text());
    (answer.json()["id"].as_str().unwrap().to_owned(), answer)
}

/// Of the three sheds of about a hectare, a/1 alone is large enough.
fn strict() -> String {
    QUESTION.replace(">= 0.5 ha", ">= 0.9982 ha")
}

#[test]
fn an_id_answers_the_same_bytes_in_every_form() {
    let data = public();
    let server = Server::over(data.path());
    let (id, posted) = asked(&server, QUESTION);
    assert!(id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(posted.header("content-location"), format!("http://test/siting/{id}"));
    assert_eq!(posted.header("location"), posted.header("content-location"));
    assert!(posted.header("link").contains(&format!("<http://test/siting/{id}.csv>; rel=\"alternate\"; type=\"text/csv")));
    assert_eq!(posted.json()["asked"]["criteria"]["area"]["required"], ">= 0.5 ha");

    // Written otherwise, it is the same question.
    let as_json = json!({ "criteria": { "area": { "value": { "0 ha": 0, "2 ha": 1 }, "weight": 1, "kind": "area", "required": ">=0.5 ha" } },
        "candidates": { "layers": ["sheds"] }, "emprise": 1, "limit": 50 });
    let again = server.site("application/json", &as_json.to_string());
    assert_eq!((again.json()["id"].as_str(), &again.body), (Some(&*id), &posted.body));
    let other = asked(&server, &strict()).0;
    assert_ne!(other, id);

    for (extension, media_type) in [
        ("", "application/json"),
        (".json", "application/json"),
        (".geojson", "application/geo+json"),
        (".csv", "text/csv; charset=utf-8; header=present"),
    ] {
        let path = format!("/siting/{id}{extension}");
        let answer = server.get(&path);
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!((answer.header("vary"), answer.header("access-control-allow-origin")), ("Authorization", "*"));
        let tag = answer.header("etag").to_owned();
        assert!(tag.contains(&id), "{tag}");
        let known = get(server.address, &path, &[("if-none-match", &tag)]);
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, &*tag));
        let head = ask(server.address, "HEAD", &path, &[], b"");
        assert_eq!((head.status, head.body.len(), head.header("content-length")), (200, 0, &*answer.body.len().to_string()));
        assert_eq!(server.get(&path).body, answer.body);
        if media_type == "application/json" {
            assert_eq!(answer.body, posted.body, "what was posted is what is there");
        }
    }
    let features = server.get(&format!("/siting/{id}.geojson")).json();
    assert_eq!(features["features"].as_array().unwrap().len(), 3);
    assert_eq!(server.get(&format!("/siting/{id}.csv")).text().lines().count(), 4);
    assert_eq!(server.get(&format!("/siting/{id}.tif")).status, 404);
    assert_eq!(server.get(&format!("/siting/{id}.csv?lang=fr")).status, 404, "a table has no language");
    let french = server.get(&format!("/siting/{id}.html?lang=fr"));
    assert!(french.text().contains("lang=\"fr\"") && french.header("content-security-policy").starts_with("default-src 'none'"));
    assert_ne!(french.header("etag"), server.get(&format!("/siting/{id}.html")).header("etag"));
}

#[test]
fn gdal_reads_the_files() {
    if std::process::Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("skipped: ogrinfo is not there");
        return;
    }
    let data = public();
    let server = Server::over(data.path());
    let id = asked(&server, QUESTION).0;
    let folder = tempfile::tempdir().unwrap();
    for extension in ["fgb", "gpkg", "geojson", "csv"] {
        let path = folder.path().join(format!("answer.{extension}"));
        std::fs::write(&path, server.get(&format!("/siting/{id}.{extension}")).body).unwrap();
        let told = std::process::Command::new("ogrinfo").args(["-al", "-so"]).arg(&path).output().unwrap();
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.success() && text.contains("Feature Count: 3"), "{extension}: {text}");
    }
}

#[test]
fn many_who_ask_at_once_get_one_answer() {
    let data = public();
    let server = Server::over(data.path());
    let bodies: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..12).map(|_| scope.spawn(|| asked(&server, QUESTION).1.body)).collect();
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    });
    assert!(bodies.iter().all(|body| body == &bodies[0]));
}

#[test]
fn why_not_and_what_to_relax() {
    let data = public();
    let server = Server::over(data.path());
    let id = asked(&server, &strict()).0;
    let why = |path: &str| server.get(&format!("/siting/{id}{path}"));
    let missed = why("/sites/sheds/c").json();
    assert_eq!((&missed["verdict"], &missed["candidate"], &missed["passing"]), (&json!("fail"), &json!(true), &json!(1)));
    let would = missed["requirements"][0]["would_pass"].as_str().unwrap();
    let passed = why("/sites/sheds/a%2F1");
    assert_eq!(passed.json()["verdict"], "pass");
    assert_eq!(passed.header("cache-control"), "public, max-age=31536000, immutable");
    let known = get(server.address, &format!("/siting/{id}/sites/sheds/a%2F1"), &[("if-none-match", passed.header("etag"))]);
    assert_eq!(known.status, 304);
    assert_eq!(passed.json()["site"]["id"], "a/1");
    let unknown = why("/sites/sheds/bb");
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["detail"].as_str().unwrap().contains("no site `sheds/bb`"), "{}", unknown.text());

    // What would pass does, when asked.
    let relaxed = asked(&server, &QUESTION.replace(">= 0.5 ha", would)).1.json();
    assert!(relaxed["sites"].as_array().unwrap().iter().any(|site| site["id"] == "c"), "{would}: {relaxed}");
    let relaxation = why("/relax?n=2").json();
    assert_eq!(
        (&relaxation["wanted"], &relaxation["passing"], &relaxation["single"][0]["admits"]),
        (&json!(2), &json!(1), &json!(2))
    );
    assert_eq!(why("/relax?n=5").json()["single"], json!([]), "there are but three");

    let compared = why("/compare?sites=sheds/a%2F1,c,b").json();
    let ids: Vec<&Value> = compared["sites"].as_array().unwrap().iter().map(|site| &site["site"]["id"]).collect();
    assert_eq!(ids, ["a/1", "c", "b"]);
    let area = &compared["criteria"][0];
    assert_eq!((&area["criterion"], &area["best"]), (&json!("area"), &json!([0])), "{area}");
    assert!(area["spread"].as_f64().unwrap() > 0.0);
    assert_eq!(why("/compare?sites=b,z").status, 404);
    assert_eq!(why("/compare?sites=a,b,c,d,e,f").status, 400);
}

#[test]
fn a_drawn_polygon_is_explained() {
    let data = public();
    let server = Server::over(data.path());
    let id = asked(&server, &strict()).0;
    let ask_of = |body: &str| {
        ask(server.address, "POST", &format!("/siting/{id}/why"), &[("content-type", "application/geo+json")], body.as_bytes())
    };
    let square = r#"{"type":"Polygon","coordinates":[[[3,46.5],[3.01,46.5],[3.01,46.51],[3,46.51],[3,46.5]]]}"#;
    let answer = ask_of(square);
    assert_eq!((answer.status, answer.header("cache-control")), (200, "private, no-store"), "{}", answer.text());
    assert_eq!(answer.json()["verdict"], "pass");
    assert!((answer.json()["site"]["area_m2"].as_f64().unwrap() - 853_000.0).abs() < 5_000.0, "{}", answer.text());
    assert_eq!(ask_of(&format!(r#"{{"type":"Feature","properties":{{}},"geometry":{square}}}"#)).json(), answer.json());
    for wrong in [
        "",
        "[",
        "[]",
        "{}",
        r#"{"type":"Point","coordinates":[3,46]}"#,
        r#"{"type":"Polygon","coordinates":[]}"#,
        "{\"type\":\"Polygon\",\"coordinates\":[[[3,46.5]]]}",
    ] {
        let answer = ask_of(wrong);
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.text());
    }
    assert_eq!(ask(server.address, "POST", &format!("/siting/{id}/why"), &[("content-type", "text/html")], b"x").status, 415);
    let unknown = ask(server.address, "POST", &format!("/siting/{}/why", "0".repeat(32)), &[], square.as_bytes());
    assert_eq!(unknown.status, 404);
}

#[test]
fn a_shared_address_outlives_the_server() {
    let data = public();
    let (id, posted) = {
        let server = Server::over(data.path());
        asked(&server, QUESTION)
    };
    let server = Server::over(data.path());
    assert_eq!(server.get(&format!("/siting/{id}")).body, posted.body);
    let third = Server::over(data.path());
    for extension in ["geojson", "csv", "fgb", "gpkg", "html"] {
        let path = format!("/siting/{id}.{extension}");
        assert_eq!(server.get(&path).body, third.get(&path).body, "{path}: the same bytes from another server");
    }
    let own = data.path().join("current").canonicalize().unwrap();
    let bare = Server::over(&own);
    assert_eq!(bare.get(&format!("/siting/{id}")).status, 404, "a snapshot's own folder has no memory");
    assert_eq!(asked(&bare, QUESTION).0, id);
    assert!(!own.join("specifications").exists());
}

/// Sentences that a server tells its operator.
static SAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

#[test]
fn what_was_measured_stays_with_its_snapshot() {
    let data = public();
    let folder = tempfile::tempdir().unwrap();
    let near = "emprise: 1\ntitle: Near\ncandidates: { layers: [sheds] }\ncriteria:\n  n: { kind: count, of: sheds, radius: 5 km, value: { 0: 0, 9: 1 } }\n";
    std::fs::write(folder.path().join("near.yaml"), near).unwrap();
    let say = |line: &str| SAID.lock().unwrap().push(line.to_owned());
    let options = Options { specifications: Some(folder.path().to_owned()), warm: true, say, ..options(data.path()) };
    let measures = data.path().join("measures");
    let files = || {
        std::fs::read_dir(&measures)
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let first = Server::with(options.clone());
    eventually("measures in a file", || (!files().is_empty()).then_some(()));
    let posted = asked(&first, near).1.body;
    drop(first);
    let said = || SAID.lock().unwrap().join("\n");
    assert!(said().contains("`near` has 3 measures more") && said().contains("`logistics-platform` is left out"), "{}", said());
    let [file] = &files()[..] else { panic!("{:?}", files()) };
    let stored = std::fs::read(file).unwrap();

    SAID.lock().unwrap().clear();
    let second = Server::with(options.clone());
    assert_eq!(asked(&second, near).1.body, posted);
    let told = ["`near` has 0 measures more", "no numbers of territories: there is no layer `communes`"];
    eventually("nothing more to measure", || told.iter().all(|line| said().contains(line)).then_some(()));
    drop(second);
    assert_eq!(std::fs::read(file).unwrap(), stored);

    std::fs::write(file, &stored[..stored.len() - 1]).unwrap();
    SAID.lock().unwrap().clear();
    let third = Server::with(Options { warm: false, ..options });
    assert!(said().contains("the stored measures are not used: they are cut short or damaged"), "{}", said());
    assert_eq!(asked(&third, near).1.body, posted);
    std::fs::write(measures.join("0123456789abcdef.bin"), "of a snapshot that is gone").unwrap();
    drop(third);
    assert_eq!(std::fs::read(file).unwrap(), stored, "written again at the end");
    drop(Server::over(data.path()));
    assert_eq!(files().len(), 1);
}

#[test]
fn an_old_id_says_that_the_data_are_new() {
    let data = public();
    let server = Server::over(data.path());
    let id = asked(&server, QUESTION).0;
    let elsewhere = asked(&server, &QUESTION.replace("layers: [sheds]", "layers: [sheds], where: \"name = 'Birch'\"")).0;
    let fewer = [("sheds.geojson", squares(&SHEDS[..2])), ("figures.csv", "n\n1\n".to_owned())];
    data.ingest(&fewer, &[layer("sheds", "public"), table()]);
    let gone = until(&server, &format!("/siting/{id}"), 410);
    let problem = gone.json();
    assert_eq!((&problem["type"], gone.header("cache-control")), (&json!("urn:emprise:problem:other-data"), "no-store"));
    let again = server.site("application/json", &problem["specification"].to_string());
    assert_eq!((again.status, &again.json()["passing"]), (200, &json!(2)), "as the problem says");
    assert_ne!(again.json()["id"], json!(id));
    assert_eq!(server.get(&format!("/siting/{id}/relax")).status, 410);

    // What a specification names and is no longer there is not repeated.
    let mut nameless = layer("sheds", "public");
    nameless.columns.remove("name");
    nameless.tiles.as_mut().unwrap().shown.retain(|column| column != "name");
    data.ingest(&fewer, &[nameless, table()]);
    until(&server, &format!("/siting/{elsewhere}"), 404);
    assert_eq!(server.get(&format!("/siting/{id}")).status, 410);
}

fn until(server: &Server, path: &str, status: u16) -> Answer {
    eventually(&format!("{status} of {path}"), || Some(server.get(path)).filter(|answer| answer.status == status))
}

#[test]
fn an_answer_is_there_for_those_who_may_see_all_that_its_asker_saw() {
    let secrets = [("s1", "Secret", 1.0, 3.004, 46.504)];
    let files = [("sheds.geojson", squares(SHEDS)), ("secrets.geojson", squares(&secrets))];
    let data = Data::of(&files, &[layer("sheds", "public"), layer("secrets", "restricted")]);
    let grants = grants_file(data.path(), "A", "t", "\"secrets\"");
    let server = Server::with(Options { grants: Some(grants), ..options(data.path()) });
    let bearer = [("authorization", "Bearer t"), ("content-type", "application/yaml")];
    let public = asked(&server, QUESTION);
    let holder = ask(server.address, "POST", "/siting", &bearer, QUESTION.as_bytes());
    let id = holder.json()["id"].as_str().unwrap().to_owned();
    assert_ne!(id, public.0, "another sight of the data, another answer");
    let shown = get(server.address, &format!("/siting/{id}"), &bearer);
    assert_eq!((shown.status, shown.header("cache-control"), shown.header("etag")), (200, "private, no-store", ""));
    assert_eq!(shown.body, holder.body);
    let [hidden, never] = [id, "0".repeat(32)].map(|id| server.get(&format!("/siting/{id}")));
    assert_eq!((hidden.status, never.status), (404, 404));
    assert_eq!(hidden.text().len(), never.text().len(), "as if it did not exist");
    // An address that is shared is the same to everybody who may see it.
    let shared = get(server.address, &format!("/siting/{}", public.0), &bearer);
    assert_eq!(shared.body, public.1.body);
}

#[test]
fn specifications_are_offered_and_sites_held_against_them() {
    let data = public();
    let folder = tempfile::tempdir().unwrap();
    for (name, title) in [("own.fr.yaml", "À nous"), ("own.en.yaml", "Ours"), ("logistics-platform.yaml", "No")] {
        std::fs::write(folder.path().join(name), strict().replace("emprise: 1", &format!("emprise: 1\ntitle: {title}"))).unwrap();
    }
    std::fs::write(folder.path().join("broken.yaml"), "emprise: 2").unwrap();
    let options = Options { specifications: Some(folder.path().to_owned()), ..options(data.path()) };
    let server = Server::with(options);
    let list = |lang: &str| server.get(&format!("/siting/specifications?lang={lang}")).json()["specifications"].clone();
    let titles = |list: &Value| {
        list.as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let named: Vec<Value> = list("en").as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect();
    assert!(named.contains(&json!("own")) && named.contains(&json!("logistics-platform")) && !named.contains(&json!("broken")));
    assert!(titles(&list("fr")).contains(&"À nous".to_owned()) && titles(&list("en")).contains(&"Ours".to_owned()));
    let text = server.get("/siting/specifications/own?lang=fr");
    assert_eq!((text.status, text.header("content-type")), (200, "application/yaml"));
    assert!(text.text().contains("title: À nous"));
    let unknown = server.get("/siting/specifications/owned");
    assert_eq!(unknown.json()["detail"], "there is no specification `owned`; did you mean `own`?");

    let standings = server.get("/sites/sheds/c/specifications").json()["specifications"].clone();
    let own = standings.as_array().unwrap().iter().find(|standing| standing["specification"] == "own").unwrap();
    assert_eq!(own["explanation"]["verdict"], "fail");
    let other = standings.as_array().unwrap().iter().find(|standing| standing["specification"] == "logistics-platform").unwrap();
    assert!(other["explanation"].is_null() && other["problem"].as_str().unwrap().len() > 10);

    std::fs::write(folder.path().join("new.yaml"), QUESTION.replace("emprise: 1", "emprise: 1\ntitle: New")).unwrap();
    until(&server, "/siting/specifications/new", 200);
}

/// Features of a tile by their `id`: the geometry as it is encoded, and the attributes.
type Features = BTreeMap<String, (String, BTreeMap<String, MvtValue>)>;

fn decoded(tile: &[u8]) -> Features {
    let geometries = MvtReaderRef::new(tile)
        .unwrap()
        .layers()
        .flat_map(|layer| layer.features())
        .map(|feature| format!("{:?}", feature.geometry_commands()))
        .collect::<Vec<_>>();
    let tile = MvtReaderRef::new(tile).unwrap().to_tile().unwrap();
    let features = tile.layers.iter().flat_map(|layer| &layer.features).zip(geometries);
    let read = |(feature, geometry): (&fast_mvt::MvtFeature, String)| {
        let attributes: BTreeMap<String, MvtValue> =
            feature.properties.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let MvtValue::String(id) = attributes["id"].clone() else { panic!("{attributes:?}") };
        (id, (geometry, attributes))
    };
    features.map(read).collect()
}

#[test]
fn the_answer_is_a_layer_whose_colours_follow_the_threshold() {
    let data = public();
    let server = Server::over(data.path());
    let named = |question: &str| question.replace("layers: [sheds]", "layers: [sheds], where: \"name <> 'Cedar'\"");
    let [(loose, answer), (strict, _)] = [named(QUESTION), named(&strict())].map(|question| asked(&server, &question));
    let tile = |id: &str, at: &str| server.get(&format!("/siting/{id}/tiles/{at}.mvt"));
    let over = tile_at(9, 3.0, 46.5);
    let text = |text: &str| MvtValue::String(text.to_owned());

    let drawn = tile(&loose, &over);
    assert_eq!((drawn.status, drawn.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    assert_eq!(drawn.header("vary"), "Authorization, Accept-Encoding");
    let before = decoded(&drawn.body);
    for site in answer.json()["sites"].as_array().unwrap() {
        let (_, attributes) = &before[site["id"].as_str().unwrap()];
        assert_eq!(attributes["verdict"], text("pass"));
        assert_eq!(attributes["score"], MvtValue::Double(site["score"].as_f64().unwrap()));
        assert_eq!(format!("{:?}", attributes["rank"]).replace(|c: char| !c.is_ascii_digit(), ""), site["rank"].to_string());
        assert!(attributes.contains_key("name") && !attributes.contains_key("reason"));
    }
    assert_eq!(before.keys().collect::<Vec<_>>(), ["a/1", "b"]);

    let began = Instant::now();
    let after = decoded(&tile(&strict, &over).body);
    eprintln!("a tile after a threshold moved: {:?}", began.elapsed());
    assert_eq!(after["a/1"].1["verdict"], text("pass"));
    assert_eq!((&after["b"].1["verdict"], &after["b"].1["reason"]), (&text("fail"), &text("area")));
    assert!(["a/1", "b"].iter().all(|id| before[*id].0 == after[*id].0), "the same geometry");
    let elsewhere = tile(&loose, &tile_at(9, 2.2, 48.8));
    assert_eq!((elsewhere.status, elsewhere.body.len()), (204, 0), "what is filtered out is no candidate");
    let packed = get(server.address, &format!("/siting/{loose}/tiles/{over}.mvt"), &[("accept-encoding", "gzip")]);
    assert_eq!(packed.gunzipped(), drawn.body);
    let known = get(server.address, &format!("/siting/{loose}/tiles/{over}.mvt"), &[("if-none-match", drawn.header("etag"))]);
    assert_eq!(known.status, 304);
    for (status, path) in [(404, "9/512/0.mvt"), (400, "9/01/0.mvt"), (400, "x/0/0")] {
        assert_eq!(server.get(&format!("/siting/{loose}/tiles/{path}")).status, status, "{path}");
    }
}

/// Where nothing of an answer's columns may be kept, each tile that is drawn asks for them; a tile that is in memory, or that the client
/// has, asks for nothing.
#[test]
fn a_tile_in_memory_asks_for_no_analysis() {
    let data = public();
    let limits = Limits { painted_bytes: 0, ..hasty() };
    let (server, operator) = Server::operated(Options { limits, ..options(data.path()) });
    let (id, _) = asked(&server, QUESTION);
    let path = |z| format!("/siting/{id}/tiles/{}.mvt", tile_at(z, 3.0, 46.5));
    let analyses = || counted(operator, "analyses_total");
    let before = analyses();
    let first = server.get(&path(9));
    assert_eq!((first.status, analyses()), (200, before + 1));
    let memory = counted(operator, "tiles_from_memory_total");
    assert_eq!(server.get(&path(9)).body, first.body);
    assert_eq!(get(server.address, &path(10), &[("if-none-match", first.header("etag"))]).status, 304, "one tag for the answer");
    assert_eq!((analyses(), counted(operator, "tiles_from_memory_total")), (before + 1, memory + 1));
    server.get(&path(10));
    assert_eq!(analyses(), before + 2);
}

#[test]
fn plots_put_together_are_an_answer_and_a_layer_too() {
    let data = public();
    let server = Server::over(data.path());
    let (id, answer) =
        asked(&server, &QUESTION.replace("layers: [sheds]", "layers: [sheds], assemble: { area: 0.5 ha, gap: 50 m }"));
    let json = answer.json();
    let (layer, site) = (json["sites"][0]["layer"].as_str().unwrap(), json["sites"][0]["id"].as_str().unwrap());
    assert!(layer.starts_with("sheds-assembled-") && json["plots"]["considered"].as_u64() >= json["passing"].as_u64());
    let features = server.get(&format!("/siting/{id}.geojson")).json();
    let drawn = features["features"].as_array().unwrap().iter().filter(|feature| feature["geometry"].is_object()).count();
    assert_eq!(Some(drawn as u64), json["passing"].as_u64());
    assert!(server.get(&format!("/siting/{id}.html")).text().contains("could be put together"));
    let why = server.get(&format!("/siting/{id}/sites/{layer}/{}", site.replace('/', "%2F")));
    assert_eq!((why.status, &why.json()["candidate"]), (200, &json!(true)), "{}", why.text());
    let told = server.get(&format!("/siting/{id}/tiles.json")).json();
    assert_eq!(told["vector_layers"][0]["id"], layer);
    let tile = server.get(&format!("/siting/{id}/tiles/{}.mvt", tile_at(9, 3.0, 46.5)));
    assert_eq!(decoded(&tile.body)[site].1["verdict"], MvtValue::String("pass".to_owned()));
    let style = server.get(&format!("/siting/{id}/style.json")).json();
    assert!(style["layers"].as_array().unwrap().iter().any(|drawn| drawn["source-layer"] == layer));
    assert_eq!(server.get(&format!("/collections/{layer}")).status, 404, "it is the answer's alone");
}

#[test]
fn a_map_client_finds_all_it_needs() {
    let data = public();
    let server = Server::over(data.path());
    let (id, _) = asked(&server, &strict());
    let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", "maps.example.org")];
    let answer = get(server.address, &format!("/siting/{id}/tiles.json"), &headers);
    assert!(answer.header("vary").contains("X-Forwarded-Host"));
    let json = answer.json();
    let fields = json!({ "id": "String", "name": "String", "size": "Number", "verdict": "String", "rank": "Number", "score": "Number", "reason": "String" });
    assert_eq!((&json["tilejson"], &json["vector_layers"][0]["fields"]), (&json!("3.0.0"), &fields));
    assert_eq!(json["tiles"], json!([format!("https://maps.example.org/siting/{id}/tiles/{{z}}/{{x}}/{{y}}.mvt")]));
    for (lang, scheme) in [("fr", "light"), ("en", "dark")] {
        let style = get(server.address, &format!("/siting/{id}/style.json?lang={lang}&scheme={scheme}"), &headers).json();
        assert_eq!(style["sources"]["siting"]["url"], format!("https://maps.example.org/siting/{id}/tiles.json"));
        let layers = style["layers"].as_array().unwrap();
        assert!(layers.iter().filter(|layer| layer["source"] == "siting").all(|layer| layer["source-layer"] == "sheds"));
        assert!(layers.iter().any(|layer| layer["id"] == "siting-sheds-fail-fill"), "{style}");
        let legend = style["metadata"]["emprise:legend"].to_string();
        assert!(legend.contains(if lang == "fr" { "écarté par «\u{a0}area\u{a0}»" } else { "removed by “area”" }), "{legend}");
        assert!(legend.contains(if lang == "fr" { "note 0," } else { "score 0." }), "{legend}");
    }
    // What requires nothing removes nobody.
    let (id, _) = asked(&server, &QUESTION.replace(" required: '>= 0.5 ha',", ""));
    let style = get(server.address, &format!("/siting/{id}/style.json?lang=en"), &headers).json();
    assert!(!style["metadata"]["emprise:legend"].to_string().contains("removed by"), "{style}");
    assert_eq!(server.get(&format!("/siting/{id}/style.json?lang=de")).status, 400);
    assert_eq!(server.get(&format!("/siting/{}/style.json", "0".repeat(32))).status, 404);
}

#[test]
fn gdal_reads_the_tiles() {
    let data = public();
    let server = Server::over(data.path());
    let (id, _) = asked(&server, QUESTION);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tile.mvt");
    std::fs::write(&path, server.get(&format!("/siting/{id}/tiles/{}.mvt", tile_at(9, 3.0, 46.5))).body).unwrap();
    let Ok(told) = std::process::Command::new("ogrinfo").args(["-al", "-so"]).arg(&path).output() else {
        eprintln!("skipped: ogrinfo is not there");
        return;
    };
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(text.contains("Layer name: sheds") && text.contains("verdict: String"), "{text}");
}
