//! What a person waits for over HTTP: a check of a plot, a search, a page of a million features, as `cargo bench --bench served`.
//!
//! One client on a connection that is kept, each answer read to its end.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

mod national;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Instant;

use emprise::http::state::Options;
use emprise::http::{bind, serve};
use emprise::ingest::read;
use emprise::layer::definition::Read as ReadAs;
use geozero::ToWkt;
use serde_json::{Value, json};

/// Times each question is asked; the first round warms.
const ROUNDS: usize = 6;

fn main() {
    let Some(folder) = national::data_folder() else { return };
    let mut client = Client::of(serving(folder.clone()));
    let plots = plots();
    report("POST /zoning, 200 plots", &client.times(plots.iter().map(|body| ("POST", "/zoning", body.as_str()))));
    let searches = searches(&mut client);
    report("GET /search", &client.times(searches.iter().map(|path| ("GET", path.as_str(), ""))));
    let Some(parcels) = national::ingested("emprise-parcels-1", |layer| (layer == "parcels").then(|| national::source(layer)))
    else {
        return;
    };
    pages(&mut Client::of(serving(parcels)));
}

/// A page of a hundred at the beginning, in the middle and at the end of all parcels.
fn pages(client: &mut Client) {
    let page = |cursor: &str| format!("/collections/parcels/items?limit=100{cursor}");
    let first: Value = serde_json::from_slice(&client.ask("GET", &page(""), "")).unwrap();
    let (all, next) = (first["numberMatched"].as_u64().unwrap(), link(&first, "next"));
    let (edition, _) = next.split_once("cursor=").unwrap().1.split_once('-').unwrap();
    for (place, from) in [("beginning", 100), ("middle", all / 2), ("end", all - 100)] {
        let path = page(&format!("&cursor={edition}-{from}"));
        let name = format!("a page at the {place} of {all}");
        report(&name, &client.times((0..40).map(|_| ("GET", path.as_str(), ""))));
    }
}

fn link(page: &Value, rel: &str) -> String {
    let links = page["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == rel).unwrap()["href"].as_str().unwrap().to_owned()
}

/// A server on a thread that ends with the process.
fn serving(data: PathBuf) -> SocketAddr {
    let rules = Path::new("benches/rules");
    let options = Options { rules: Some(national::repository(rules.to_str().unwrap())), ..Options::of(data) };
    let listener = bind(IpAddr::V4(Ipv4Addr::LOCALHOST), 0).unwrap();
    let address = listener.local_addr().unwrap();
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(serve(listener, options, || ready.send(()).unwrap(), std::future::pending())).unwrap();
    });
    is_ready.recv().unwrap();
    address
}

/// The planner's 200 plots as bodies.
fn plots() -> Vec<String> {
    let files = read::list(&[national::work().join("data/q2_polys.parquet")]).unwrap();
    let table = read::open(&files[0], &ReadAs::default()).unwrap();
    let body =
        |row: read::Row| json!({ "plot": { "wkt": row.geometry.unwrap().to_wkt().unwrap(), "crs": "EPSG:2154" } }).to_string();
    table.rows.map(|row| body(row.unwrap())).collect()
}

/// The beginnings of the names of communes and zones, of one to four letters and of all of them.
fn searches(client: &mut Client) -> Vec<String> {
    let mut names = Vec::new();
    for layer in ["communes", "zones"] {
        let page: Value =
            serde_json::from_slice(&client.ask("GET", &format!("/collections/{layer}/items?limit=60"), "")).unwrap();
        let features = page["features"].as_array().unwrap();
        names.extend(features.iter().filter_map(|feature| feature["properties"]["name"].as_str().map(str::to_owned)));
        names.extend(features.iter().filter_map(|feature| feature["id"].as_str().map(str::to_owned)));
    }
    let beginnings = names.iter().flat_map(|name| [1, 2, 3, 4, 99].map(|letters| name.chars().take(letters).collect::<String>()));
    let encoded = |text: String| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    beginnings.map(|text| format!("/search?q={}", encoded(text))).collect()
}

fn report(what: &str, milliseconds: &[f64]) {
    let at = |share: f64| milliseconds[((milliseconds.len() - 1) as f64 * share) as usize];
    println!(
        "{what}: median {:.3} ms, 99th percentile {:.3} ms, most {:.3} ms, of {}",
        at(0.5),
        at(0.99),
        at(1.0),
        milliseconds.len()
    );
}

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn of(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream) }
    }

    /// Milliseconds of each question in each round but the first, in order.
    fn times<'q>(&mut self, questions: impl Iterator<Item = (&'q str, &'q str, &'q str)> + Clone) -> Vec<f64> {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            for (method, path, body) in questions.clone() {
                let start = Instant::now();
                std::hint::black_box(self.ask(method, path, body));
                if round > 0 {
                    times.push(start.elapsed().as_secs_f64() * 1e3);
                }
            }
        }
        times.sort_by(f64::total_cmp);
        times
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.stream.get_mut().write_all((head + body).as_bytes()).unwrap();
        let (mut length, mut line) = (None, String::new());
        self.stream.read_line(&mut line).unwrap();
        assert!(line.contains(" 200 "), "{path}: {line}");
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse::<usize>().ok();
            }
        }
        match length {
            Some(length) => self.exactly(length),
            None => self.chunks(),
        }
    }

    fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        body
    }

    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            let length = usize::from_str_radix(line.trim_end(), 16).unwrap();
            body.extend(self.exactly(length));
            self.exactly(2);
            if length == 0 {
                return body;
            }
        }
    }
}
