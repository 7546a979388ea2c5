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
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use emprise::http::state::Options;
use emprise::http::{bind, serve};
use emprise::ingest::{self, Request, read};
use emprise::layer::catalogue;
use emprise::layer::definition::LayerDefinition;
use emprise::layer::definition::Read as ReadAs;
use geozero::ToWkt;
use serde_json::{Value, json};

/// Times each question is asked; the first round warms.
const ROUNDS: usize = 6;

/// Communes with their squares of 21 km for EPCI, a few of them to a département and a région, and the flows between them.
const TERRITORIES: &str = r#"
import sys, geopandas, pandas
work, out = sys.argv[1], sys.argv[2]
communes = geopandas.read_file(f"{work}/data/communes.fgb")
x, y = (communes["cx"] // 21000).astype(int), (communes["cy"] // 21000).astype(int)
communes["epci"] = (x * 1000 + y).map("{:09d}".format)
communes["dep"] = (x // 4 * 100 + y // 4).map("{:04d}".format)
communes["reg"] = (x // 12 * 100 + y // 12).map("{:04d}".format)
communes.to_file(f"{out}/communes.fgb", driver="FlatGeobuf")
od = pandas.read_parquet(f"{work}/data/od.parquet")
od.rename(columns={"o": "home", "d": "workplace"})[["home", "workplace", "workers"]].to_csv(f"{out}/od.csv", index=False)
"#;

fn main() {
    profiles();
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

/// Whole profiles, over the flows, 28 numbers that add up, five distances and the ground under one constraint.
fn profiles() {
    let (work, folder) = (national::work(), national::work().join("profiles"));
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let written = Command::new(work.join("venv/bin/python")).args(["-c", TERRITORIES]).arg(&work).arg(&folder).status();
    if !written.is_ok_and(|status| status.success()) {
        return eprintln!("skipped: there are no national communes in {}, or no Python with geopandas", work.display());
    }
    let layers = territories();
    let own = ["communes.fgb", "od.csv"].map(|file| folder.join(file));
    let others = layers.iter().map(|layer| layer.id.as_str()).filter(|id| !id.starts_with("commu")).map(national::source);
    let sources: Vec<PathBuf> = own.into_iter().chain(others).collect();
    let data = folder.join("data");
    ingest::run(&Request { data: &data, sources: &sources, layers: &layers, stop: &AtomicBool::new(false) }, &mut |_| {})
        .unwrap();
    let mut client = Client::of(serving(data));
    let start = Instant::now();
    client.ask("GET", "/territories/country/FR", "");
    println!("the first profile, all that profiles are made of included: {:.1} s", start.elapsed().as_secs_f64());
    for level in ["commune", "epci", "departement", "region"] {
        let list: Value = serde_json::from_slice(&client.ask("GET", &format!("/territories/{level}"), "")).unwrap();
        let areas = list["areas"].as_array().unwrap();
        let step = areas.len().div_ceil(300);
        let path = |area: &Value| format!("/territories/{level}/{}", area["code"].as_str().unwrap());
        let paths: Vec<String> = areas.iter().step_by(step).map(path).collect();
        report(&format!("GET /territories/{level}/..."), &client.times(paths.iter().map(|path| ("GET", path.as_str(), ""))));
    }
}

/// The generated layers, with the numbers that they give.
fn territories() -> Vec<LayerDefinition> {
    let indicator = |id: &str, rule: &str, more: &str| {
        format!("[indicators.{id}]\ntitle = {{ fr = \"x\", en = \"x\" }}\ntheme = \"labour\"\nrule = {rule}\n{more}")
    };
    let sums = ["population", "residents-at-work", "jobs", "unemployed", "industrial-workers"];
    let mut people: String = sums.map(|column| indicator(column, &format!("{{ sum = [\"{column}\"] }}"), "")).concat();
    for (place, (of, to)) in
        sums.iter().flat_map(|of| sums.iter().map(move |to| (of, to))).filter(|(of, to)| of != to).enumerate()
    {
        people += &indicator(
            &format!("ratio-{place}"),
            &format!("{{ ratio = {{ of = [\"{of}\"], to = [\"{to}\"] }} }}"),
            "unit = \"%\"\n",
        );
    }
    let declared = |id: &str| match id {
        "communes" => people.clone(),
        "natura" => indicator("under-natura", "\"cover\"", ""),
        "zones" | "brownfields" | "charging" => indicator(id, "\"count\"", "absent = \"zero\"\n"),
        "junctions" | "stations" | "freight" | "sidings" | "substations" => indicator(id, "\"nearest\"", ""),
        _ => String::new(),
    };
    let read = |id: &str| {
        let text = std::fs::read_to_string(national::repository(&format!("benches/layers/{id}.toml"))).unwrap();
        let text = if id == "communes" {
            let areas = ["epci", "department", "region"].iter().zip(["epci", "dep", "reg"]);
            let columns: String =
                areas.map(|(name, from)| format!("{name} = {{ from = [\"{from}\"], type = \"text\" }}\n")).collect();
            let column = "code = { from = [\"code\"], type = \"text\", pad = 5 }\n";
            text.replace("key = [\"number\"]", "key = [\"code\"]")
                .replace("code = { from = [\"code\"], type = \"text\" }\n", &(column.to_owned() + &columns))
        } else {
            text
        };
        catalogue::parse(&(text + "\n" + &declared(id)), id).unwrap()
    };
    let flows = r#"
        id = "commuting-flows"
        title = { fr = "x", en = "x" }
        role = "table"
        visibility = "public"
        geometry = "none"
        precision_m = 0.0
        files = ["od.csv"]
        source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "synthetic", refresh = "never" }
        columns.home = { from = ["home"], type = "text", pad = 5 }
        columns.workplace = { from = ["workplace"], type = "text", pad = 5 }
        columns.workers = { from = ["workers"], type = "number" }
    "#;
    let ids =
        ["communes", "natura", "zones", "brownfields", "charging", "junctions", "stations", "freight", "sidings", "substations"];
    ids.into_iter().map(read).chain([catalogue::parse(flows, "commuting-flows").unwrap()]).collect()
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
