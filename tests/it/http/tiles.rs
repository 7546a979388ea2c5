//! Tiles over HTTP: what is chosen of them, in which encoding, once for all who ask, on which grid.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use emprise::http::limits::Limits;
use emprise::http::state::{EmptyTile, Options};
use emprise::tiles::compress::{Encoding, decompress};
use fast_mvt::{MvtReaderRef, MvtValue};
use serde_json::{Value, json};

use super::client::{Answer, get};
use super::processes::{long, many};
use super::{Data, Server, free_port, layer, options, public, squares, tile_at, unhurried};
use crate::harness::{PATIENCE, definition, eventually};

/// Text values of a key, feature by feature, of each layer.
fn texts(bytes: &[u8], key: &str) -> Vec<(String, String)> {
    let tile = MvtReaderRef::new(bytes).unwrap().to_tile().unwrap();
    let features = tile.layers.iter().flat_map(|layer| layer.features.iter().map(move |feature| (layer, feature)));
    let found = features.filter_map(|(layer, feature)| match feature.properties.iter().find(|(name, _)| name == key) {
        Some((_, MvtValue::String(text))) => Some((layer.name.clone(), text.clone())),
        _ => None,
    });
    found.collect()
}

fn names(bytes: &[u8], key: &str) -> Vec<String> {
    texts(bytes, key).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_tile_has_the_same_bytes_in_every_encoding() {
    let data = public();
    let server = Server::over(data.path());
    let path = format!("/tiles/sheds/{}.mvt", tile_at(9, 3.0, 46.5));
    let plain = server.get(&path);
    for (accept, token, encoding) in [
        ("gzip", "gzip", Encoding::Gzip),
        ("br", "br", Encoding::Brotli),
        ("zstd", "zstd", Encoding::Zstd),
        ("gzip, deflate, br, zstd", "br", Encoding::Brotli),
        ("br;q=0.1, zstd;q=0.9", "zstd", Encoding::Zstd),
    ] {
        for _ in 0..2 {
            let answer = get(server.address, &path, &[("accept-encoding", accept)]);
            assert_eq!((answer.header("content-encoding"), answer.header("vary")), (token, "Authorization, Accept-Encoding"));
            assert_eq!(decompress(&answer.body, encoding).unwrap(), plain.body, "{accept}");
            assert_eq!(answer.header("etag"), plain.header("etag"));
        }
    }
}

#[test]
fn what_is_chosen_is_drawn_and_carried_on() {
    let data = public();
    let server = Server::over(data.path());
    let tile = tile_at(7, 3.0, 46.5);
    let ask = |query: &str| server.get(&format!("/tiles/sheds/{tile}.mvt?{query}"));
    assert_eq!(names(&ask("filter=size%20%3E%3D%2011000").body, "id"), ["b"]);
    assert_eq!(names(&ask("filter=name%20LIKE%20%27B%25%27&filter-lang=cql2-text").body, "name"), ["Birch"]);
    assert!(names(&ask("properties=size").body, "name").is_empty(), "only what was asked for");
    assert_eq!(names(&ask("datetime=2020-01-01").body, "id").len(), 2, "a layer without dates is not selected by them");
    assert_eq!(ask("filter=size%20%3E%2099999").status, 204);

    let json = server.get("/tiles/sheds.json?filter=%22size%22%20%3E%3D%2011000.0&properties=name&datetime=2020-01-01/..").json();
    let template = json["tiles"][0].as_str().unwrap();
    assert_eq!(template.matches('{').count(), 3, "{template}");
    let path = template.strip_prefix("http://test").unwrap().replace("{z}/{x}/{y}", &tile);
    let answer = server.get(&path);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(names(&answer.body, "name"), ["Birch"]);
    assert_eq!(json["vector_layers"][0]["fields"], json!({ "id": "String", "name": "String" }));
}

#[test]
fn labels_are_a_layer_beside_theirs() {
    let data = public();
    let server = Server::over(data.path());
    let answer = server.get(&format!("/tiles/sheds,sheds-labels/{}.mvt", tile_at(7, 3.0, 46.5)));
    let layers: Vec<String> = texts(&answer.body, "id").into_iter().map(|(layer, _)| layer).collect();
    assert_eq!(layers, ["sheds", "sheds", "sheds-labels", "sheds-labels"]);
    let json = server.get("/tiles/sheds-labels.json").json();
    assert_eq!(json["vector_layers"][0]["id"], "sheds-labels");
}

#[test]
fn an_empty_tile_may_be_a_404() {
    let data = public();
    let server = Server::with(Options { empty_tile: EmptyTile::NotFound, ..options(data.path()) });
    let answer = server.get("/tiles/sheds/10/0/0.mvt");
    assert_eq!((answer.status, answer.header("cache-control")), (404, "public, max-age=60"));
    assert_eq!(answer.json()["detail"], "there is nothing to show in this tile");
}

#[test]
fn a_layer_says_how_long_it_is_kept() {
    let mut sheds = layer("sheds", "public");
    sheds.tiles.as_mut().unwrap().cache_s = Some(3600);
    let data = Data::of(&[("sheds.geojson", squares(super::SHEDS))], &[sheds]);
    let server = Server::over(data.path());
    let path = format!("/tiles/sheds/{}.mvt", tile_at(9, 3.0, 46.5));
    assert_eq!(server.get(&path).header("cache-control"), "public, max-age=3600");
}

/// The members that OGC 20-057 requires of each document, and that their links lead on.
#[test]
fn ogc_api_tiles() {
    let data = public();
    let server = Server::over(data.path());
    let follow = |json: &Value, rel: &str| -> String {
        let link = json["links"].as_array().unwrap().iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("no {rel}"));
        link["href"].as_str().unwrap().strip_prefix("http://test").unwrap().to_owned()
    };
    let landing = get(server.address, "/", &[("accept", "application/json")]).json();
    let sets = server.get(&follow(&landing, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector")).json();
    assert_eq!(sets["tilesets"].as_array().unwrap().len(), 4, "the layer and its labels on two grids");
    let conforms = server.get(&follow(&landing, "http://www.opengis.net/def/rel/ogc/1.0/conformance")).json();
    let classes = conforms["conformsTo"].as_array().unwrap();
    for class in ["core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"] {
        assert!(classes.contains(&json!(format!("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{class}"))), "{class}");
    }
    let grids = server.get(&follow(&landing, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes")).json();
    assert_eq!(grids["tileMatrixSets"].as_array().unwrap().len(), 2);
    for set in server.get("/collections/sheds/tiles").json()["tilesets"].as_array().unwrap() {
        assert_eq!(set["dataType"], "vector");
        assert!(set["crs"].as_str().unwrap().starts_with("http://www.opengis.net/def/crs/EPSG/0/"));
        let one = server.get(&follow(set, "self")).json();
        assert_eq!((&one["crs"], &one["layers"][0]["id"]), (&set["crs"], &json!("sheds")));
        let grid = server.get(&follow(&one, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")).json();
        // The tile over a shed, found from the grid's own numbers as a client would.
        let matrix = grid["tileMatrices"].as_array().unwrap().iter().find(|matrix| matrix["id"] == "9").unwrap();
        let is_lambert = grid["id"] == "LAMB93_10cm";
        let [east, north] = if is_lambert { [700_000.0, 6_600_000.0] } else { [333_958.5, 5_861_017.0] };
        let origin = matrix["pointOfOrigin"].as_array().unwrap();
        let side = matrix["cellSize"].as_f64().unwrap() * matrix["tileWidth"].as_f64().unwrap();
        let column = ((east - origin[0].as_f64().unwrap()) / side) as u64;
        let row = ((origin[1].as_f64().unwrap() - north) / side) as u64;
        let item = follow(&one, "item").replace("{tileMatrix}", "9").replace("{tileRow}", &row.to_string());
        let tile = server.get(&item.replace("{tileCol}", &column.to_string()));
        assert_eq!((tile.status, tile.header("cache-control")), (200, "public, max-age=31536000, immutable"), "{}", grid["id"]);
        assert!(names(&tile.body, "id").contains(&"a/1".to_owned()));
        if !is_lambert {
            assert_eq!(tile.body, server.get(&format!("/tiles/sheds/9/{column}/{row}.mvt")).body, "one tile, two addresses");
        }
    }
}

/// Enough squares that a low zoom takes a while.
fn crowd() -> Data {
    let mut features = Vec::new();
    for number in 0..20_000 {
        let (x, y) = (-1.0 + 0.03 * f64::from(number % 200), 44.0 + 0.04 * f64::from(number / 200));
        features.push((number, x, y));
    }
    let names: Vec<String> = features.iter().map(|(number, ..)| format!("shed {number}")).collect();
    let sheds: Vec<_> =
        features.iter().zip(&names).map(|(&(n, x, y), name)| (name.as_str(), name.as_str(), f64::from(n), x, y)).collect();
    Data::of(&[("sheds.geojson", squares(&sheds))], &[layer("sheds", "public")])
}

/// What the operator's side says of a number.
pub fn counted(operator: SocketAddr, name: &str) -> u64 {
    let text = get(operator, "/metrics", &[]).text();
    let line = text.lines().find(|line| line.starts_with(&format!("emprise_{name} "))).unwrap_or_else(|| panic!("no {name}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn sixty_four_clients_of_one_cold_tile_draw_it_once() {
    let data = crowd();
    let (server, operator) = Server::operated(Options { limits: hasty(), ..options(data.path()) });
    let path = format!("/tiles/sheds/{}.mvt", tile_at(5, 2.0, 46.0));
    let start = std::sync::Barrier::new(64);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..64)
            .map(|number| {
                let (start, path) = (&start, &path);
                let encoding = ["identity", "gzip", "br", "zstd"][number % 4];
                scope.spawn(move || {
                    start.wait();
                    get(server.address, path, &[("accept-encoding", encoding)])
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(counted(operator, "tiles_drawn_total"), 1);
}

/// A server in a process of its own, whose memory can be read; stopped when dropped.
struct Process {
    child: Child,
    address: SocketAddr,
    operator: SocketAddr,
}

impl Process {
    /// On as many threads, of as many arenas of memory, on every machine. Where somebody took its port meanwhile it gets another.
    fn over(data: &Path, more: &[&str]) -> Process {
        eventually("a server", || {
            let port = free_port();
            let mut child = Command::new(env!("CARGO_BIN_EXE_emprise"))
                .args(["serve", "--port", "0", "--operation-port", &port.to_string()])
                .args(more)
                .arg(data)
                .envs(["TOKIO_WORKER_THREADS", "RAYON_NUM_THREADS", "MALLOC_ARENA_MAX"].map(|name| (name, "2")))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let address = line.trim().trim_start_matches("Emprise: http://").trim_end_matches('/').parse();
            let process = Process { child, address: address.ok()?, operator: (Ipv4Addr::LOCALHOST, port).into() };
            Some(process)
        })
    }

    fn get(&self, path: &str) -> Answer {
        get(self.address, path, &[])
    }

    /// The most memory that it ever held, in bytes; `None` where the system does not tell.
    fn most_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All tiles of four zooms, each with several choices of layers and columns, many times what may be kept: what is kept never exceeds
/// what was allowed, and the process does not grow by more than that beside what the first of them needed. Were all kept, it would.
#[test]
fn memory_stays_under_the_snapshot_and_the_cache() {
    const CACHE: u64 = 2_000_000;
    // What allocators of several threads leave between their pieces.
    const SLACK: u64 = 24_000_000;
    let data = crowd();
    let server = Process::over(data.path(), &["--tile-cache", "2"]);
    let ask = |query: &str| -> u64 {
        let mut sent = 0;
        for address in (7..10).flat_map(|zoom| tiles_within(zoom, [-1.0, 44.0, 5.0, 48.0])) {
            for list in ["sheds", "sheds,sheds-labels", "sheds-labels,sheds"] {
                let answer = server.get(&format!("/tiles/{list}/{address}.mvt{query}"));
                assert!([200, 204].contains(&answer.status), "{}", answer.text());
                sent += answer.body.len() as u64;
            }
            let kept = counted(server.operator, "tile_cache_bytes");
            assert!(kept <= CACHE, "{kept}");
        }
        sent
    };
    ask("");
    let Some(before) = server.most_memory() else {
        return eprintln!("skipped: the system does not tell the memory of a process");
    };
    let queries =
        ["?properties=name", "?properties=size", "?properties=name,size,code", "?properties=code,name", "?properties=code"];
    let sent: u64 = queries.into_iter().map(ask).sum();
    let grown = server.most_memory().unwrap() - before;
    let (kept, drawn) = (counted(server.operator, "tile_cache_bytes"), counted(server.operator, "tiles_drawn_total"));
    eprintln!("{drawn} tiles drawn, {sent} bytes sent, {kept} kept; {before} bytes of memory, then {grown} more");
    assert!(kept > CACHE / 2 && drawn > 1000 && sent > 2 * (CACHE + SLACK), "{kept} {drawn} {sent}");
    assert!(grown < CACHE + SLACK, "{grown} more than {before}");
}

/// The tiles of a zoom within west, south, east and north.
fn tiles_within(zoom: u8, [west, south, east, north]: [f64; 4]) -> Vec<String> {
    let place = |lon, lat| -> Vec<u32> { tile_at(zoom, lon, lat).split('/').map(|number| number.parse().unwrap()).collect() };
    let (first, last) = (place(west, north), place(east, south));
    (first[1]..=last[1]).flat_map(|x| (first[2]..=last[2]).map(move |y| format!("{zoom}/{x}/{y}"))).collect()
}

/// A server with a port for its operator that ends as soon as it is told to.
pub fn hasty() -> Limits {
    Limits { drain: Duration::ZERO, ..unhurried() }
}

#[test]
fn a_client_that_leaves_stops_its_tile() {
    let data = crowd();
    let (server, operator) = Server::operated(Options { limits: hasty(), ..options(data.path()) });
    // Each filter chooses all, and makes the tile one that nobody has drawn yet.
    let cold = |n: u32| format!("/tiles/sheds/{}.mvt?filter=size%20%3E%20-{n}", tile_at(5, 2.0, 46.0));
    let began = Instant::now();
    assert_eq!(server.get(&cold(1)).status, 200);
    let whole = began.elapsed();
    // Sooner, later and in the middle: at one of these moments the tile is in hand.
    let mut asked = 1;
    eventually("a tile that is given up", || {
        asked += 1;
        let mut stream = TcpStream::connect(server.address).unwrap();
        write!(stream, "GET {} HTTP/1.1\r\nhost: x\r\n\r\n", cold(asked)).unwrap();
        std::thread::sleep(whole * (asked % 8) / 8);
        drop(stream);
        (counted(operator, "tiles_left_total") > 0).then_some(())
    });
    assert_eq!(server.get(&cold(asked)).status, 200, "and whoever asks next is answered");
}

/// Tiles go on while every place of the analyses is taken and more wait for one.
#[test]
fn tiles_never_stand_still_while_analyses_run() {
    let data = many();
    let limits = Limits { analyses_at_once: 2, siting: 10 * PATIENCE, queue_wait: 10 * PATIENCE, ..hasty() };
    let (server, operator) = Server::operated(Options { limits, ..options(data.path()) });
    let analysts: Vec<TcpStream> = (0..8)
        .map(|n| {
            let (question, mut stream) = (long(n), TcpStream::connect(server.address).unwrap());
            let head = "POST /siting HTTP/1.1\r\nhost: x\r\ncontent-type: application/yaml";
            write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{question}", question.len()).unwrap();
            stream
        })
        .collect();
    eventually("analyses in every place", || (counted(operator, "analyses_running") == 2).then_some(()));
    let mut slowest = Duration::ZERO;
    for tile in 0..25_u8 {
        let asked = Instant::now();
        let at = tile_at(12 + tile % 3, 2.0 + f64::from(tile) / 200.0, 46.02);
        let answer = server.get(&format!("/tiles/sheds/{at}.mvt?filter=size%20%3E%20-{tile}"));
        assert!([200, 204].contains(&answer.status), "{}", answer.status);
        slowest = slowest.max(asked.elapsed());
    }
    eprintln!("25 tiles beside 8 analyses, the slowest in {slowest:?}");
    assert_eq!(counted(operator, "tiles_drawn_total"), 25, "they were not in memory");
    assert_eq!(counted(operator, "analyses_running"), 2, "all were drawn before a single analysis had ended");
    assert!(slowest < PATIENCE / 4, "{slowest:?}");
    for analyst in &analysts {
        analyst.set_nonblocking(true).unwrap();
        assert!(
            analyst.peek(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
            "nobody was sent away"
        );
    }
}

#[test]
fn datetime_selects_by_the_layer_s_date() {
    let lines = r#"
        role = "candidate"
        visibility = "public"
        geometry = "polygon"
        files = ["sheds.geojson"]
        key = ["code"]
        columns.code = { from = ["code"], type = "text" }
        columns.built = { from = ["name"], type = "date" }
        tiles = { min_zoom = 4, max_zoom = 14, shown = ["built"] }
    "#;
    let sheds = [("a", "2020-05-01", 1.0, 3.0, 46.5), ("b", "2023-01-01", 1.0, 3.01, 46.5), ("c", "", 1.0, 3.02, 46.5)];
    let data = Data::of(&[("sheds.geojson", squares(&sheds))], &[definition("sheds", lines)]);
    let server = Server::over(data.path());
    let ask = |when: &str| {
        let mut found = names(&server.get(&format!("/tiles/sheds/{}.mvt?datetime={when}", tile_at(7, 3.0, 46.5))).body, "id");
        found.sort();
        found
    };
    assert_eq!(ask("2021-01-01/.."), ["b", "c"], "what has no date is not left out");
    assert_eq!(ask("2020-05-01"), ["a", "c"]);
    assert_eq!(ask("../2020-01-01"), ["c"]);
}

#[test]
fn what_cannot_be_chosen_is_told() {
    let data = public();
    let server = Server::over(data.path());
    let tile = tile_at(10, 3.0, 46.5);
    let cases: Vec<(u16, String)> = vec![
        (200, format!("/tiles/sheds-labels,sheds/{tile}.mvt")),
        (404, format!("/tiles/figures-labels/{tile}.mvt")),
        (200, format!("/tiles/sheds/{tile}.mvt?filter=size%3E1&properties=name&datetime=2024-01-01")),
        (400, format!("/tiles/sheds/{tile}.mvt?filter=size%3E")),
        (400, format!("/tiles/sheds/{tile}.mvt?filter=sise%3E1")),
        (400, format!("/tiles/sheds/{tile}.mvt?filter=size%3D'big'")),
        (400, format!("/tiles/sheds/{tile}.mvt?properties=nmae")),
        (400, format!("/tiles/sheds/{tile}.mvt?datetime=soon")),
        (400, format!("/tiles/sheds/{tile}.mvt?filter-lang=sql")),
        (400, "/tiles/sheds.json?filter=size%3E".into()),
        (200, "/tiles".into()),
        (200, "/collections/sheds/tiles".into()),
        (404, "/collections/figures/tiles".into()),
        (404, "/collections/shed/tiles".into()),
        (200, "/collections/sheds/tiles/LAMB93_10cm".into()),
        (404, "/collections/sheds/tiles/Lambert".into()),
        (204, "/collections/sheds/tiles/LAMB93_10cm/14/0/0".into()),
        (404, "/collections/sheds/tiles/LAMB93_10cm/13/0/197".into()),
        (404, "/collections/sheds/tiles/LAMB93_10cm/22/0/0".into()),
        (400, "/collections/sheds/tiles/WebMercatorQuad/a/0/0".into()),
        (200, "/tileMatrixSets".into()),
        (200, "/tileMatrixSets/WebMercatorQuad".into()),
        (404, "/tileMatrixSets/webmercatorquad".into()),
    ];
    for (status, path) in cases {
        let answer = server.get(&path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    let misspelt = server.get(&format!("/tiles/sheds/{tile}.mvt?filter=sise%3E1")).json();
    assert!(misspelt["detail"].as_str().unwrap().ends_with("did you mean `size`?"), "{misspelt}");
}
