//! A restricted layer does not exist for those who may not see it: every route is crawled, and each answer is byte for byte that
//! of a server which never had the layer.

use emprise::http::limits::Limits;
use emprise::http::router::paths;
use emprise::http::state::Options;

use super::client::{Answer, ask, get};
use super::{Answers, Data, QUESTION, SHEDS, Server, grants_file, layer, options, public, squares, table, tile_at, unhurried};
use crate::harness::eventually;

const WORD: &str = "CANARY-7f3a";
const NUMBER: f64 = 123_457.89;
const SECRETS: &[(&str, &str, f64, f64, f64)] = &[("s1", WORD, NUMBER, 3.004, 46.504), ("s2", WORD, NUMBER, 3.011, 46.507)];
const TOKEN: &str = "open sesame, 128 bits of it";

fn with_secrets() -> Data {
    let files =
        [("sheds.geojson", squares(SHEDS)), ("figures.csv", "n\n1\n2\n".to_owned()), ("secrets.geojson", squares(SECRETS))];
    Data::of(&files, &[layer("sheds", "public"), table(), layer("secrets", "restricted")])
}

/// A crawl with a wrong token asks it of every route.
fn patient() -> Limits {
    Limits { wrong_tokens: u32::MAX, ..unhurried() }
}

fn guarded(data: &Data) -> Server {
    Server::with(with_guard(data))
}

fn with_guard(data: &Data) -> Options {
    let grants = grants_file(data.path(), "A", TOKEN, "\"secrets\"");
    let specifications = data.path().join("offered");
    std::fs::create_dir_all(&specifications).unwrap();
    let plan = QUESTION.replace("emprise: 1", &format!("emprise: 1\ntitle: {WORD}")).replace("sheds", "secrets");
    std::fs::write(specifications.join("secret-plan.yaml"), plan).unwrap();
    let (grants, specifications) = (Some(grants), Some(specifications));
    Options { grants, specifications, limits: patient(), ..options(data.path()) }
}

/// Requests that go through a route: every name, known and not, and every tile over the canary; of the siting answers `ids`.
fn requests(route: &str, ids: &[String]) -> Vec<String> {
    let tiles = (0..=14).map(|z| tile_at(z, 3.0045, 46.5044)).collect::<Vec<_>>();
    let names = ["sheds", "secrets", "secret", "nosuch", "figures", "Secrets"];
    let lists = ["secrets", "sheds,secrets", "sheds", "nosuch", "secrets-labels", "sheds-labels"];
    let answers = |paths: &[&str]| -> Vec<String> {
        ids.iter().flat_map(|id| paths.iter().map(move |path| format!("/siting/{id}{path}"))).collect()
    };
    match route {
        "/siting/{id}" => answers(&["", ".json", ".geojson", ".csv", ".fgb", ".gpkg", ".html?lang=fr", ".xyz"]),
        "/siting/{id}/sites/{layer}/{site}" => answers(&["/sites/sheds/b", "/sites/secrets/s1", "/sites/sheds/s1"]),
        "/siting/{id}/relax" => answers(&["/relax", "/relax?n=3"]),
        "/siting/{id}/spread" => answers(&["/spread"]),
        "/siting/{id}/compare" => answers(&["/compare?sites=b,c", "/compare?sites=s1,s2", "/compare?sites=secrets/s1,sheds/b"]),
        "/siting/{id}/tiles.json" => answers(&["/tiles.json"]),
        "/siting/{id}/style.json" => answers(&["/style.json?lang=fr", "/style.json?scheme=dark"]),
        "/siting/{id}/tiles/{z}/{x}/{y}" => tiles.iter().flat_map(|tile| answers(&[&format!("/tiles/{tile}.mvt")])).collect(),
        "/siting/{id}/why" => answers(&["/why"]),
        "/processes/{process}" => vec!["/processes/siting".into(), "/processes/secrets".into()],
        "/processes/{process}/execution" => vec!["/processes/siting/execution".into()],
        "/jobs/{job}" | "/jobs/{job}/results" => ids.iter().map(|id| route.replace("{job}", id)).collect(),
        "/siting/specifications/{name}" => {
            ["logistics-platform", "secret-plan", "secret-plans"].map(|name| format!("/siting/specifications/{name}")).into()
        }
        "/sites/{layer}/{site}/specifications" => {
            ["sheds/b", "secrets/s1", "secrets/s9", "nosuch/s1"].map(|site| format!("/sites/{site}/specifications")).into()
        }
        "/tiles/{layers}" => lists.iter().map(|list| format!("/tiles/{list}.json")).collect(),
        "/tiles/{layers}/{z}/{x}/{y}" => {
            lists.iter().flat_map(|list| tiles.iter().map(move |tile| format!("/tiles/{list}/{tile}.mvt"))).collect()
        }
        "/collections/{layer}/tiles" => names.iter().map(|name| format!("/collections/{name}/tiles")).collect(),
        "/collections/{layer}/tiles/{grid}" => {
            let grids = ["WebMercatorQuad", "LAMB93_10cm?properties=name", "Secrets"];
            names.iter().flat_map(|name| grids.map(|grid| format!("/collections/{name}/tiles/{grid}"))).collect()
        }
        "/collections/{layer}/tiles/{grid}/{z}/{row}/{column}" => {
            let tiles = ["WebMercatorQuad/9/179/260", "LAMB93_10cm/10/105/13", "WebMercatorQuad/9/179/260.mvt?filter=size%3E1"];
            let names = ["sheds", "secrets", "secrets-labels", "sheds-labels", "figures"];
            names.iter().flat_map(|name| tiles.map(|tile| format!("/collections/{name}/tiles/{tile}"))).collect()
        }
        "/tileMatrixSets/{grid}" => vec!["/tileMatrixSets/LAMB93_10cm".into(), "/tileMatrixSets/secrets".into()],
        "/zoning/zones/{zone}" => ["s1", "secrets", "Z1"].map(|zone| format!("/zoning/zones/{zone}")).into(),
        "/commuting/{level}/{code}" => {
            ["commune/01001", "commune/s1", "region/11", "secrets/s1"].map(|of| format!("/commuting/{of}")).into()
        }
        "/tiles/commuting/{z}/{x}/{y}" => tiles.iter().map(|tile| format!("/tiles/commuting/{tile}.mvt")).collect(),
        "/collections/{layer}" => names.iter().map(|name| format!("/collections/{name}")).collect(),
        "/collections/{layer}/items" => {
            let asked = [
                "",
                "?f=html",
                "?f=csv",
                "?f=fgb",
                "?f=gpkg",
                "?f=parquet",
                "?f=geojson",
                "?limit=1",
                "?bbox=3,46.5,3.02,46.51",
                "?filter=size%3E1&sortby=-size",
                "?filter=S_INTERSECTS(geometry,POINT(3.0045%2046.5044))",
                "?nam=x",
            ];
            names.iter().flat_map(|name| asked.map(|asked| format!("/collections/{name}/items{asked}"))).collect()
        }
        "/collections/{layer}/queryables" | "/collections/{layer}/schema" => {
            names.iter().map(|name| route.replace("{layer}", name)).collect()
        }
        "/search" => ["canary", "s1", "birch", "s&layers=secrets", "s&layers=secret"].map(|q| format!("/search?q={q}")).into(),
        "/collections" => vec!["/collections".into(), "/collections?f=html".into()],
        "/provenance" => vec!["/provenance".into(), "/provenance?f=dcat".into()],
        "/api" => vec!["/api".into(), "/api?f=html".into(), "/api?f=oas30".into()],
        "/collections/{layer}/items/{feature}" => {
            let ids = ["b", "s1", "s9"];
            names.iter().flat_map(|name| ids.map(|id| format!("/collections/{name}/items/{id}"))).collect()
        }
        "/styles/{style}" => {
            let known = ["land-availability", "zoning-constraints", "commuting-flows", "basemap", "secrets"];
            known.iter().flat_map(|style| ["", "?for=qgis"].map(|query| format!("/styles/{style}.json{query}"))).collect()
        }
        "/sprites/{file}" => vec!["/sprites/emprise.json".into(), "/sprites/secrets.png".into()],
        "/fonts/{stack}/{range}" => vec!["/fonts/Noto%20Sans%20Regular/0-255.pbf".into(), "/fonts/secrets/0-255.pbf".into()],
        "/assets/{name}" => vec!["/assets/secrets".into()],
        plain if !plain.contains('{') => vec![plain.to_owned()],
        other => of_territories(other, &tiles),
    }
}

/// The same of routes about territories.
fn of_territories(route: &str, tiles: &[String]) -> Vec<String> {
    match route {
        "/choropleth/{indicator}/{level}" => ["sheds/epci", "secrets/epci", "population/commune", "population/secrets"]
            .map(|of| format!("/choropleth/{of}"))
            .into(),
        "/choropleth/{indicator}/{level}/tiles.json" => vec!["/choropleth/population/commune/tiles.json".into()],
        "/choropleth/{indicator}/{level}/style.json" => vec!["/choropleth/secrets/commune/style.json".into()],
        "/choropleth/{indicator}/{level}/tiles/{z}/{x}/{y}" => {
            tiles.iter().map(|tile| format!("/choropleth/population/commune/tiles/{tile}.mvt")).collect()
        }
        "/catchment" => ["", "?lon=3.0045&lat=46.5044", "?site=secrets/s1", "?site=secret/s1", "?site=sheds/b"]
            .map(|asked| format!("/catchment{asked}"))
            .into(),
        "/territories/compare" => ["commune/01001;commune/01002", "commune/01001;commune/s1", "secrets/s1;sheds/b"]
            .map(|asked| format!("/territories/compare?territories={asked}"))
            .into(),
        "/territories/{level}" => {
            ["commune", "commune?indicator=canary", "secrets"].map(|of| format!("/territories/{of}")).into()
        }
        "/territories/{level}/{code}" => {
            ["commune/01001", "commune/01001?f=html", "commune/s1", "secrets/s1"].map(|of| format!("/territories/{of}")).into()
        }
        "/territories/{level}/{code}/specificity" => {
            ["commune/01001", "commune/s1", "secrets/s1"].map(|of| format!("/territories/{of}/specificity?reference=FR")).into()
        }
        new => panic!("say how to crawl {new}"),
    }
}

/// Siting questions that would betray the layer, as candidates, as a neighbour, in a sum, in a place, in a suggestion.
fn questions() -> Vec<String> {
    let criterion = |text: &str| format!("emprise: 1\ncandidates: {{ layers: [sheds] }}\ncriteria:\n  x: {{ {text} }}\n");
    vec![
        QUESTION.to_owned(),
        QUESTION.replace("sheds", "secrets"),
        QUESTION.replace("sheds", "secret"),
        QUESTION.replace("layers: [sheds]", "layers: [sheds], within: secrets/s1"),
        criterion("kind: proximity, to: secrets, value: { 0 km: 1, 9 km: 0 }, weight: 1"),
        criterion("kind: clearance, from: [secrets], required: '>= 10 m'"),
        criterion("kind: sum, of: secrets, field: size, radius: 5 km, value: { 0 m2: 0, 9 m2: 1 }, weight: 1"),
    ]
}

/// Plots to check: the layer's own features, one over them, one that is misspelt.
fn plots() -> [&'static str; 4] {
    [
        r#"{"plot": "secrets/s1"}"#,
        r#"{"plot": "secret/s1"}"#,
        r#"{"plot": "sheds/b", "project": {"icpe": "authorisation"}}"#,
        r#"{"plot": {"point": [3.0045, 46.5044], "radius": "2 km"}}"#,
    ]
}

/// A drawn polygon over the canary.
const DRAWN: &str = r#"{"type":"Polygon","coordinates":[[[3,46.5],[3.02,46.5],[3.02,46.51],[3,46.51],[3,46.5]]]}"#;

/// Asks everything, and of the answers to what it asks, and of those with `ids`, all that they can be asked.
fn crawl(server: &Server, headers: &[(&str, &str)], ids: &[String]) -> (Answers, Vec<String>) {
    let mut answers = Answers::new();
    let mut own = ids.to_vec();
    let mut keep = |name: String, answer: Answer| {
        let mut answer = answer;
        answer.headers.remove("date");
        answers.insert(name, answer);
    };
    for question in questions() {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/yaml")]).collect();
        let answer = ask(server.address, "POST", "/siting", &headers, question.as_bytes());
        if answer.status == 200 {
            own.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
        keep(question, answer);
    }
    for path in own.iter().map(|id| format!("/siting/{id}/why")) {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/geo+json")]).collect();
        keep(format!("POST {path}"), ask(server.address, "POST", &path, &headers, DRAWN.as_bytes()));
    }
    for path in paths().into_iter().flat_map(|route| requests(route, &own)) {
        for encoding in ["identity", "gzip"] {
            let headers: Vec<_> = headers.iter().copied().chain([("accept-encoding", encoding)]).collect();
            keep(format!("{encoding} {path}"), get(server.address, &path, &headers));
        }
        keep(format!("HEAD {path}"), ask(server.address, "HEAD", &path, headers, b""));
    }
    for plot in plots() {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        for form in ["json", "geojson"] {
            keep(format!("{form} {plot}"), ask(server.address, "POST", &format!("/zoning?f={form}"), &headers, plot.as_bytes()));
        }
    }
    let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/geo+json")]).collect();
    keep("each plot".to_owned(), ask(server.address, "POST", "/zoning/plots", &headers, squares(SECRETS).as_bytes()));
    (answers, own)
}

fn canaries_in(answer: &Answer) -> bool {
    let body = answer.gunzipped();
    let needles =
        [WORD.as_bytes().to_vec(), NUMBER.to_string().into_bytes(), NUMBER.to_le_bytes().to_vec(), b"Title secrets".to_vec()];
    let headers = format!("{:?}", answer.headers);
    needles.iter().any(|needle| body.windows(needle.len()).any(|window| window == &needle[..])) || headers.contains(WORD)
}

#[test]
fn an_anonymous_caller_sees_what_a_server_without_the_layer_shows() {
    let (with, without) = (with_secrets(), public());
    let (guarded, bare) = (guarded(&with), Server::with(Options { limits: patient(), ..options(without.path()) }));
    let bearer = format!("Bearer {TOKEN}");
    // First those who may, so that whatever is kept in memory was made for them.
    let (privileged, ids) = crawl(&guarded, &[("authorization", &bearer)], &[]);
    let (expected, _) = crawl(&bare, &[], &ids);
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "Basic eDp5")]] {
        let (seen, _) = crawl(&guarded, headers, &ids);
        assert_eq!(seen.len(), expected.len());
        for (request, answer) in &seen {
            assert!(!canaries_in(answer), "{request} gives it away");
            assert_eq!(answer, &expected[request], "{request} differs");
        }
    }
    let shown = privileged.values().filter(|answer| canaries_in(answer)).count();
    assert!(shown > 30, "the holder of the token sees the layer: {shown}");
    for (request, answer) in privileged.iter().filter(|(_, answer)| canaries_in(answer)) {
        assert_eq!(answer.header("cache-control"), "private, no-store", "{request}");
        assert!(answer.header("vary").contains("Authorization"), "{request}");
        assert!(answer.header("etag").is_empty() && answer.header("access-control-allow-origin").is_empty(), "{request}");
    }
    assert!(privileged["identity /health"].json()["layers"] == 3 && expected["identity /health"].json()["layers"] == 2);
}

/// Sentences that a server tells its operator.
static SAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// The file is looked at once a second; here it is waited for as long as a busy machine may take.
#[test]
fn a_grant_that_is_withdrawn_ends_while_the_server_runs() {
    let data = with_secrets();
    let say = |line: &str| SAID.lock().unwrap().push(line.to_owned());
    let server = Server::with(Options { say, ..with_guard(&data) });
    let bearer = format!("Bearer {TOKEN}");
    let status = || get(server.address, "/collections/secrets", &[("authorization", &bearer)]).status;
    assert_eq!(status(), 200);
    grants_file(data.path(), "A", TOKEN, "");
    eventually("the end of the grant", || (status() == 404).then_some(()));
    std::fs::write(data.path().join("grants.toml"), "[[grant").unwrap();
    let told = |line: &String| line.starts_with("the grants cannot be served");
    eventually("the operator to be told", || SAID.lock().unwrap().iter().any(told).then_some(()));
    assert_eq!(status(), 404, "a broken file grants nothing new");
}
