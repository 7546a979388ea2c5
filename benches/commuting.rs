//! CPU time of flows on the national matrix, as `cargo bench --bench commuting`; DuckDB answers the same group-by in the same run, where
//! a Python with duckdb is (`$BENCH_WORK/venv`).
//!
//! The generated communes have no EPCI: squares of 21 km stand for them, about 1,250, a few of them to a département and a région.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

#[path = "national/communes.rs"]
mod communes;
mod national;

use std::path::Path;
use std::time::Instant;

use communes::{addresses, head, ingested, quantiles, text};
use emprise::atlas::Rights;
use emprise::commuting::aggregate::aggregate;
use emprise::commuting::drawn::{level_at, tile};
use emprise::commuting::places::Rest;
use emprise::commuting::{Commuting, Filter, Question, portrait};
use emprise::territory::Level;
use emprise::tiles::compress::{Encoding, compress};
use emprise::tiles::draw::Drawing;

/// Writes the matrix as the program reads it, communes with their squares, and times DuckDB on columns of codes of squares.
const PEER: &str = r#"
import sys, time, duckdb
work, out = sys.argv[1], sys.argv[2]
con = duckdb.connect(); con.execute("set threads to 2")
square = lambda x, y: f"lpad(cast(cast(floor({x}/21000) as int)*1000+cast(floor({y}/21000) as int) as varchar), 9, '0')"
con.execute(f"create table od as select o, d, workers, {square('ox','oy')} as eo, {square('dx','dy')} as ed from '{work}/data/od.parquet'")
con.execute(f"copy (select o as home, d as workplace, workers from od) to '{out}/od.csv' (header)")
import geopandas
communes = geopandas.read_file(f"{work}/data/communes.fgb")
x, y = (communes["cx"] // 21000).astype(int), (communes["cy"] // 21000).astype(int)
communes["epci"] = (x * 1000 + y).map("{:09d}".format)
communes["dep"] = (x // 4 * 100 + y // 4).map("{:04d}".format)
communes["reg"] = (x // 12 * 100 + y // 12).map("{:04d}".format)
communes[["code", "name", "epci", "dep", "reg", "geometry"]].to_file(f"{out}/communes.fgb", driver="FlatGeobuf")
con.execute("create table pairs as select cast(dense_rank() over (order by eo) as integer) as eo, cast(dense_rank() over (order by ed) as integer) as ed, workers from od")
for table, a, b in (("od", "eo", "ed"), ("pairs", "eo", "ed")):
    spent = []
    for _ in range(15):
        c = time.process_time(); rows = con.execute(f"select count(*), sum(w) from (select {a}, {b}, sum(workers) as w from {table} group by 1, 2)").fetchone(); spent.append(time.process_time() - c)
    spent.sort()
    print(f"DuckDB {duckdb.__version__}, {'text' if table == 'od' else 'integer'} codes: {rows[0]} pairs, {rows[1]} workers, CPU {1000*spent[0]:.1f} ms best, {1000*spent[7]:.1f} ms median")
"#;

fn main() {
    let work = national::work();
    let folder = work.join("commuting");
    std::fs::create_dir_all(&folder).unwrap();
    let python = work.join("venv/bin/python");
    let peer = std::process::Command::new(python).args(["-c", PEER]).arg(&work).arg(&folder).status();
    if !peer.is_ok_and(|status| status.success()) {
        return eprintln!("skipped: there is no national matrix in {}, or no Python with duckdb", work.display());
    }
    let book = opened(&folder);
    println!("{} pairs in {:.1} MB over {} places", book.flows.len(), book.flows.bytes() as f64 / 1e6, book.places.len());
    group(&book);
    profile(&book);
    tiles(&book);
}

fn group(book: &Commuting) {
    let slots = book.places.slots(&book.geography, Level::Epci).unwrap();
    let areas = book.geography.areas(Level::Epci).unwrap().len() + Rest::ALL.len();
    // The kernel counts in ticks of some milliseconds: many rounds, one sum.
    const ROUNDS: u32 = 200;
    let start = thread_milliseconds();
    for _ in 0..ROUNDS {
        assert!(!aggregate(&book.flows, &slots, areas).is_empty());
    }
    let spent = (thread_milliseconds() - start) / f64::from(ROUNDS);
    let sums = aggregate(&book.flows, &slots, areas);
    println!(
        "Emprise, all pairs of {areas} areas: {} pairs, {} workers, CPU {spent:.2} ms mean",
        sums.len(),
        sums.total().count()
    );
}

fn profile(book: &Commuting) {
    let areas = book.geography.areas(Level::Epci).unwrap();
    let mut spent: Vec<f64> = (0..areas.len() as u32)
        .map(|area| {
            let start = Instant::now();
            let territory = book.geography.territory(Level::Epci, areas.code(area)).unwrap();
            let question = Question { territory, by: Level::Epci, min: 400, filter: Filter::default() };
            let answer = serde_json::to_vec(&portrait(book, &question).unwrap()).unwrap();
            assert!(!answer.is_empty());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    println!("one area's answer as JSON, wall: {}", quantiles(&mut spent));
}

fn tiles(book: &Commuting) {
    for zoom in [5_u8, 6, 8, 10] {
        let start = Instant::now();
        book.baked(level_at(book, zoom), &Filter::default()).unwrap();
        println!("zoom {zoom}: {} made ready in {:.0} ms wall", level_at(book, zoom), start.elapsed().as_secs_f64() * 1000.0);
    }
    for zoom in 4..=12_u8 {
        let (mut spent, mut sizes) = (Vec::new(), Vec::new());
        for address in addresses(zoom) {
            let baked = book.baked(level_at(book, zoom), &Filter::default()).unwrap();
            let start = Instant::now();
            let body = compress(tile::tile(&baked, address, &Drawing::default()), Encoding::Gzip);
            spent.push(start.elapsed().as_secs_f64() * 1000.0);
            sizes.push(body.len() as f64 / 1024.0);
        }
        println!(
            "zoom {zoom}: {} tiles, drawn and compressed, wall {}; kB {}",
            spent.len(),
            quantiles(&mut spent),
            quantiles(&mut sizes)
        );
    }
}

fn opened(folder: &Path) -> Commuting {
    let flows = head("commuting-flows", "table", "none", "od.csv")
        + &text("home", "home")
        + &text("workplace", "workplace")
        + "columns.workers = { from = [\"workers\"], type = \"number\" }\n";
    let files = [folder.join("communes.fgb"), folder.join("od.csv")];
    let atlas = ingested(&folder.join("data"), ("commuting-flows", &flows), &files);
    let start = (Instant::now(), national::processor_seconds());
    let book = Commuting::of(atlas.view(&Rights::All)).unwrap();
    let (wall, cpu) = (start.0.elapsed().as_secs_f64(), national::processor_seconds() - start.1);
    println!("made of the opened snapshot in {wall:.2} s, {cpu:.2} s CPU");
    book
}

fn thread_milliseconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}
