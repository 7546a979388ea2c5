//! The server, asked over a socket: every status, what caches may keep, and that a restricted layer does not exist for those who
//! may not see it.

mod answers;
mod catchment;
mod choropleth;
mod client;
mod commuting;
mod confidential;
mod described;
mod drawn;
mod fixtures;
mod hostile;
mod live;
mod martin;
mod needs;
mod ogc_features;
mod operation;
mod processes;
mod publish;
mod specificity;
mod territories;
mod tiles;
mod zoning;

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::RecvTimeoutError;

use emprise::http::limits::Limits;
use emprise::http::state::Options;
use emprise::http::{ServeError, bind, serve};
use emprise::ingest::{Request, run};
use emprise::layer::definition::LayerDefinition;
use serde_json::{Value, json};

use client::{Answer, ask, get};

use crate::harness::{PATIENCE, definition};

/// A layer of squares, `candidate` so that a siting question may be asked of it.
fn layer(id: &str, visibility: &str) -> LayerDefinition {
    let lines = format!(
        r#"
        role = "candidate"
        visibility = "{visibility}"
        geometry = "polygon"
        files = ["{id}.geojson"]
        key = ["code"]
        columns.code = {{ from = ["code"], type = "text" }}
        columns.name = {{ from = ["name"], type = "text" }}
        columns.size = {{ from = ["size"], type = "number", unit = "m2" }}
        tiles = {{ min_zoom = 4, max_zoom = 14, shown = ["name", "size"] }}
        "#
    );
    definition(id, &lines)
}

/// A table: rows that are never drawn.
fn table() -> LayerDefinition {
    let lines = r#"
        role = "table"
        visibility = "public"
        geometry = "none"
        files = ["figures.csv"]
        columns.n = { from = ["n"], type = "integer" }
    "#;
    definition("figures", lines)
}

/// GeoJSON of squares of about a hectare: code, name, size, west and south.
fn squares(features: &[(&str, &str, f64, f64, f64)]) -> String {
    let feature = |(code, name, size, x, y): &(&str, &str, f64, f64, f64)| {
        let (e, n) = (x + 0.0013, y + 0.0009);
        json!({
            "type": "Feature",
            "properties": { "code": code, "name": name, "size": size },
            "geometry": { "type": "Polygon", "coordinates": [[[x, y], [e, y], [e, n], [*x, n], [x, y]]] },
        })
    };
    let features: Vec<Value> = features.iter().map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

const SHEDS: &[(&str, &str, f64, f64, f64)] =
    &[("a/1", "Alder <b>", 10_000.0, 3.0, 46.5), ("b", "Birch", 12_000.0, 3.02, 46.51), ("c", "Cedar", 9_000.0, 2.2, 48.8)];

/// A data folder with a snapshot of these layers; their files are `{id}.geojson` and `figures.csv`.
struct Data(tempfile::TempDir);

impl Data {
    fn of(files: &[(&str, String)], layers: &[LayerDefinition]) -> Data {
        let data = Data(tempfile::tempdir().unwrap());
        data.ingest(files, layers);
        data
    }

    /// Publishes another snapshot.
    fn ingest(&self, files: &[(&str, String)], layers: &[LayerDefinition]) {
        let sources = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(sources.path().join(name), text).unwrap();
        }
        let request =
            Request { data: self.0.path(), sources: &[sources.path().to_owned()], layers, stop: &AtomicBool::new(false) };
        run(&request, &mut |_| {}).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Sheds and a table, all public.
fn public() -> Data {
    let files = [("sheds.geojson", squares(SHEDS)), ("figures.csv", "n\n1\n2\n".to_owned())];
    Data::of(&files, &[layer("sheds", "public"), table()])
}

/// A running server; dropped, it stops.
struct Server {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), ServeError>>>,
}

/// Limits that no slow or busy machine meets: a test says those that it is about.
fn unhurried() -> Limits {
    Limits {
        header: PATIENCE,
        body: PATIENCE,
        write_idle: PATIENCE,
        connection_age: 10 * PATIENCE,
        queue_wait: PATIENCE,
        siting: PATIENCE,
        ..Limits::default()
    }
}

/// What a server of the tests is started with.
fn options(data: &Path) -> Options {
    Options { limits: unhurried(), ..Options::of(data.to_owned()) }
}

/// A port that nobody has now. The system gives its clients higher ones, so that most likely nobody has it a moment later either.
fn free_port() -> u16 {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    loop {
        let place = std::process::id().wrapping_mul(97).wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed));
        let port = 10_000 + (place % 20_000) as u16;
        if std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

impl Server {
    fn over(data: &Path) -> Server {
        Server::with(options(data))
    }

    fn with(options: Options) -> Server {
        Server::begun(options).unwrap_or_else(|error| panic!("{error}"))
    }

    /// With a port for its operator, whose address is told.
    fn operated(options: Options) -> (Server, SocketAddr) {
        loop {
            let port = free_port();
            match Server::begun(Options { operation_port: Some(port), ..options.clone() }) {
                Ok(server) => return (server, (Ipv4Addr::LOCALHOST, port).into()),
                // Somebody took it meanwhile.
                Err(ServeError::PortTaken { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Starts, and waits until everything can be answered.
    fn begun(options: Options) -> Result<Server, ServeError> {
        let listener = bind(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let stopped = async { _ = stopped.await };
            runtime.block_on(serve(listener, options, || ready.send(()).unwrap(), stopped))
        });
        match is_ready.recv_timeout(PATIENCE) {
            Ok(()) => Ok(Server { address, stop: Some(stop), thread: Some(thread) }),
            Err(RecvTimeoutError::Timeout) => panic!("the server is not ready within {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => Err(thread.join().unwrap().unwrap_err()),
        }
    }

    fn get(&self, path: &str) -> Answer {
        get(self.address, path, &[])
    }

    fn site(&self, media_type: &str, body: &str) -> Answer {
        ask(self.address, "POST", "/siting", &[("content-type", media_type)], body.as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        let ended = self.thread.take().map(std::thread::JoinHandle::join);
        assert!(std::thread::panicking() || ended.is_none_or(|ended| matches!(ended, Ok(Ok(())))), "the server ended badly");
    }
}

/// Column and row of the tile that holds a position.
fn tile_at(z: u8, lon: f64, lat: f64) -> String {
    let n = f64::from(z).exp2();
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    format!("{z}/{}/{}", ((lon + 180.0) / 360.0 * n) as u32, (y * n) as u32)
}

const QUESTION: &str = "emprise: 1\ncandidates: { layers: [sheds] }\ncriteria:\n  area: { kind: area, required: '>= 0.5 ha', \
                        value: { 0 ha: 0, 2 ha: 1 }, weight: 1 }\n";

#[test]
fn every_wrong_address_has_its_status() {
    let data = public();
    let server = Server::over(data.path());
    let tile = tile_at(10, 3.0, 46.5);
    let many = (0..17).map(|n| format!("l{n}")).collect::<Vec<_>>().join(",");
    let repeated = vec!["sheds"; 40].join(",");
    let cases: Vec<(u16, String)> = vec![
        (200, format!("/tiles/sheds/{tile}.mvt")),
        (200, format!("/tiles/sheds/{tile}")),
        (200, format!("/tiles/{repeated}/{tile}.mvt")),
        (204, "/tiles/sheds/10/0/0.mvt".into()),
        (204, "/tiles/sheds/2/2/1.mvt".into()),
        (400, format!("/tiles/{many}/{tile}.mvt")),
        (400, "/tiles/sheds/x/0/0.mvt".into()),
        (400, "/tiles/sheds/5/-1/0.mvt".into()),
        (400, "/tiles/sheds/5/01/0.mvt".into()),
        (400, "/tiles/sheds/5/1e1/0.mvt".into()),
        (400, format!("/tiles/sheds/{tile}.mvt?colour=red")),
        (404, "/tiles/sheds/5/32/0.mvt".into()),
        (404, "/tiles/sheds/31/0/0.mvt".into()),
        (404, "/tiles/sheds/99999999999999999999/0/0.mvt".into()),
        (404, format!("/tiles/shed/{tile}.mvt")),
        (404, format!("/tiles/figures/{tile}.mvt")),
        (404, format!("/tiles//{tile}.mvt")),
        (200, "/tiles/sheds.json".into()),
        (404, "/tiles/sheds".into()),
        (404, "/tiles/shed.json".into()),
        (200, "/collections/sheds".into()),
        (200, "/collections/figures".into()),
        (404, "/collections/..%2F..%2Fetc".into()),
        (200, "/collections/sheds/items/a%2F1".into()),
        (404, "/collections/sheds/items/z".into()),
        (400, "/collections/%ff%fe".into()),
        (200, "/styles".into()),
        (200, "/styles/land-availability.json".into()),
        (400, "/styles/land-availability.json?lang=de".into()),
        (404, "/styles/land.json".into()),
        (200, "/provenance".into()),
        (200, "/limits".into()),
        (200, "/health".into()),
        (200, "/siting/example?lang=fr".into()),
        (405, "/siting".into()),
        (405, "/zoning".into()),
        (405, "/siting/0123456789abcdef0123456789abcdef/why".into()),
        (200, "/siting/specifications".into()),
        (200, "/siting/specifications/logistics-platform?lang=fr".into()),
        (400, "/siting/specifications?lang=de".into()),
        (404, "/siting/specifications/logistic-platform".into()),
        (404, "/siting/0123456789abcdef0123456789abcdef".into()),
        (404, "/siting/x.csv".into()),
        (404, "/siting/..%2F..%2Fetc".into()),
        (404, "/siting/0123456789abcdef0123456789abcdef/relax".into()),
        (400, "/siting/0123456789abcdef0123456789abcdef/relax?n=0".into()),
        (400, "/siting/0123456789abcdef0123456789abcdef/relax?n=x".into()),
        (400, "/siting/0123456789abcdef0123456789abcdef/compare".into()),
        (400, "/siting/0123456789abcdef0123456789abcdef/compare?sites=a".into()),
        (404, "/siting/0123456789abcdef0123456789abcdef/compare?sites=a,b".into()),
        (404, "/siting/0123456789abcdef0123456789abcdef/sites/sheds/b".into()),
        (200, "/sites/sheds/a%2F1/specifications".into()),
        (404, "/sites/sheds/z/specifications".into()),
        (404, "/sites/shed/b/specifications".into()),
        (200, "/conformance".into()),
        (200, "/processes".into()),
        (200, "/processes/siting".into()),
        (404, "/processes/sitting".into()),
        (405, "/processes/siting/execution".into()),
        (200, "/jobs".into()),
        (404, "/jobs/0123456789abcdef0123456789abcdef".into()),
        (404, "/jobs/0123456789abcdef0123456789abcdef/results".into()),
        (404, "/nothing".into()),
        (404, "/assets/..%2F..%2Fmain.rs".into()),
    ];
    for (status, path) in cases {
        let answer = server.get(&path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        if status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            let problem = answer.json();
            assert_eq!(problem["status"], status, "{path}");
            assert!(problem["detail"].as_str().is_some_and(|sentence| sentence.len() > 10), "{path}: {problem}");
        }
    }
    let misspelt = server.get("/collections/shedz").json();
    assert_eq!(misspelt["detail"], "there is no layer `shedz`; did you mean `sheds`?");
}

#[test]
fn odd_methods_are_told_the_allowed_ones() {
    let data = public();
    let server = Server::over(data.path());
    for (method, path, allowed) in [
        ("PUT", "/tiles/sheds.json", "GET,HEAD"),
        ("DELETE", "/", "GET,HEAD"),
        ("POST", "/health", "GET,HEAD"),
        ("GET", "/siting", "POST"),
        ("PUT", "/jobs/x", "GET,HEAD,DELETE"),
        ("GET", "/processes/siting/execution", "POST"),
        ("OPTIONS", "/tiles/sheds/0/0/0.mvt", "GET,HEAD"),
    ] {
        let answer = ask(server.address, method, path, &[], b"");
        assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{method} {path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[test]
fn a_tile_in_each_encoding_and_from_the_cache() {
    let data = public();
    let server = Server::over(data.path());
    let path = format!("/tiles/sheds/{}.mvt", tile_at(12, 3.0, 46.5));
    let plain = server.get(&path);
    let packed = get(server.address, &path, &[("accept-encoding", "br;q=0.4, gzip;q=0.5")]);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert_eq!(plain.body, packed.gunzipped());
    assert!(plain.body.windows(5).any(|bytes| bytes == b"Birch" || bytes == b"Alder"));
    for answer in [&plain, &packed] {
        assert_eq!(answer.header("content-type"), "application/vnd.mapbox-vector-tile");
        assert_eq!(answer.header("vary"), "Authorization, Accept-Encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
    let tag = plain.header("etag").to_owned();
    assert_eq!(packed.header("etag"), tag, "one weak tag for all encodings");
    for known in [tag.clone(), tag.replace("W/", ""), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = get(server.address, &path, &[("if-none-match", &known)]);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, &*tag), "{known}");
    }
    let head = ask(server.address, "HEAD", &path, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), plain.body.len().to_string());
}

#[test]
fn tile_json_names_an_address_that_may_be_kept_for_ever() {
    let data = public();
    let server = Server::over(data.path());
    let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", "maps.example.org"), ("x-forwarded-prefix", "/land")];
    let answer = get(server.address, "/tiles/sheds,sheds.json", &headers);
    let json = answer.json();
    assert_eq!((&json["tilejson"], &json["minzoom"], &json["maxzoom"]), (&json!("3.0.0"), &json!(4), &json!(14)));
    assert_eq!(json["vector_layers"][0]["fields"], json!({ "id": "String", "name": "String", "size": "Number" }));
    assert_eq!(json["attribution"], "P &lt;sheds&gt; (L)", "map clients show it as HTML");
    let template = json["tiles"][0].as_str().unwrap();
    let path = template.strip_prefix("https://maps.example.org/land").unwrap();
    assert!(path.starts_with("/tiles/sheds/{z}/{x}/{y}.mvt?edition="), "{path}");
    let tile = server.get(&path.replace("{z}/{x}/{y}", &tile_at(9, 3.0, 46.5)));
    assert_eq!((tile.status, tile.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    let style = get(server.address, "/styles/land-availability.json?lang=fr", &headers).json();
    assert_eq!(style["sources"], json!({}), "none of its layers is here");
    assert_eq!(style["layers"].as_array().unwrap().len(), 1, "the background remains");
}

#[test]
fn a_specification_is_answered_or_told_what_is_wrong() {
    let data = public();
    let server = Server::over(data.path());
    let answer = server.site("application/yaml", QUESTION);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let yaml = answer.json();
    assert_eq!(yaml["passing"], 3);
    assert_eq!(yaml["sites"][0]["layer"], "sheds");
    assert_eq!(yaml["snapshot"], server.get("/health").json()["snapshot"]);
    let as_json = json!({ "emprise": 1, "candidates": { "layers": ["sheds"] },
        "criteria": { "area": { "kind": "area", "required": ">= 0.5 ha", "value": { "0 ha": 0, "2 ha": 1 }, "weight": 1 } } });
    assert_eq!(server.site("application/json; charset=utf-8", &as_json.to_string()).json()["sites"], yaml["sites"]);

    let detail = |body: &str| {
        let answer = server.site("application/yaml", body);
        assert_eq!(answer.status, 422, "{}", answer.text());
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    assert!(detail(&QUESTION.replace("sheds", "shed")).contains("`sheds`"));
    assert!(detail(&QUESTION.replace("kind: area", "kind: aera")).contains("`area`"));
    assert!(detail(&QUESTION.replace("emprise: 1\n", "emprise: 1\nlimits: 3\n")).contains("`limit`"));
    assert!(detail("[").len() > 10);
    assert_eq!(server.site("text/html", QUESTION).status, 415);
    let packed = [("content-type", "application/yaml"), ("content-encoding", "gzip")];
    assert_eq!(ask(server.address, "POST", "/siting", &packed, QUESTION.as_bytes()).status, 415);
    assert_eq!(server.site("application/yaml", &"#".repeat((1 << 20) + 1)).status, 413);
}

#[test]
fn the_example_is_one_question_in_two_languages() {
    let data = public();
    let server = Server::over(data.path());
    let read = |lang: &str| {
        let text = server.get(&format!("/siting/example?lang={lang}")).text();
        emprise::siting::spec::read::read(&text).unwrap()
    };
    let (fr, en) = (read("fr"), read("en"));
    let criteria =
        |spec: &emprise::siting::spec::Spec| spec.criteria.0.iter().map(|(_, criterion)| criterion.clone()).collect::<Vec<_>>();
    assert_eq!(criteria(&fr), criteria(&en));
    assert_eq!((fr.candidates, fr.limit), (en.candidates, en.limit));
}

#[test]
fn a_taken_port_is_one_sentence_with_the_remedy() {
    let data = public();
    let server = Server::over(data.path());
    let error = bind(server.address.ip(), server.address.port()).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "port {} is already taken; stop the program that listens there, or choose another port with --port",
            server.address.port()
        )
    );
}

#[test]
fn the_first_snapshot_must_open() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options::of(folder.path().to_owned());
    let listener = bind(IpAddr::V4(Ipv4Addr::LOCALHOST), 0).unwrap();
    let outcome =
        runtime.block_on(async { serve(listener, options, || panic!("nothing to serve"), std::future::pending()).await });
    assert!(outcome.unwrap_err().to_string().starts_with("there is no snapshot in"));
}

/// For the confidential tests: what was answered, by request.
type Answers = BTreeMap<String, Answer>;

fn grants_file(folder: &Path, holder: &str, token: &str, layers: &str) -> PathBuf {
    let path = folder.join("grants.toml");
    let hash = blake3::hash(token.as_bytes());
    fs::write(&path, format!("[[grant]]\nholder = \"{holder}\"\ntoken = \"{hash}\"\nlayers = [{layers}]\n")).unwrap();
    path
}
