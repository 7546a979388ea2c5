//! The national question as a user feels it: opening the snapshot, then asking cold, as `cargo bench --bench siting`.
//!
//! Processor time is that of the whole process, all threads. The answer is written beside those of the other tools, in their
//! shape, so that their script compares it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on should stop, and its output is its purpose"
)]

mod national;

use std::time::Instant;

use emprise::atlas::{Atlas, Rights};
use emprise::geometry::units::Unit;
use emprise::siting::answer::{Answer, Finding, RankedSite};
use emprise::siting::memo::Memo;
use emprise::siting::work::Work;
use emprise::siting::{site, spec, study};
use emprise::snapshot;
use serde_json::{Value, json};

const COLD_RUNS: usize = 1;

fn main() {
    let Some(folder) = national::data_folder() else { return };
    let (wall, processor) = (Instant::now(), processor_seconds());
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let (wall, processor) = (wall.elapsed().as_secs_f64(), processor_seconds() - processor);
    println!("open: {wall:.2} s, {processor:.2} s of processor, {} MB resident", resident_mb("VmRSS"));

    let text = std::fs::read_to_string(national::repository("benches/specs/national.yaml")).unwrap();
    let spec = spec::read::read(&text).unwrap();
    let mut runs: Vec<(f64, f64)> = Vec::new();
    let mut answer = None;
    for _ in 0..COLD_RUNS {
        let (wall, processor) = (Instant::now(), processor_seconds());
        answer = Some(site(&spec, atlas.view(&Rights::public())).unwrap());
        runs.push((processor_seconds() - processor, wall.elapsed().as_secs_f64()));
    }
    let answer = answer.unwrap();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (least, median, most) = (runs[0], runs[COLD_RUNS / 2], runs[COLD_RUNS - 1]);
    println!(
        "cold question: {} pass; processor {:.3} s (median of {COLD_RUNS}; {:.3} to {:.3}), {:.3} s by the clock; {} MB at most",
        answer.passing,
        median.0,
        least.0,
        most.0,
        median.1,
        resident_mb("VmHWM")
    );
    rerank(&text, &atlas);
    let answers = national::work().join("results/answers");
    std::fs::create_dir_all(&answers).unwrap();
    std::fs::write(answers.join("emprise_q1.json"), in_their_shape(&answer).to_string()).unwrap();
}

/// The same question with another threshold, over measures that are there.
fn rerank(text: &str, atlas: &Atlas) {
    let rights = Rights::public();
    let (memo, work) = (Memo::default(), Work::default());
    let ask = |metres: u32| {
        let spec = spec::read::read(&text.replace("<= 5 km", &format!("<= {metres} m"))).unwrap();
        let start = (Instant::now(), processor_seconds());
        let passing = study(&spec, atlas.view(&rights), &memo, &work).unwrap().answer(&work).unwrap().passing;
        (processor_seconds() - start.1, start.0.elapsed().as_secs_f64(), passing)
    };
    // What the widest question needs is then there for every other.
    ask(5_000);
    (4_000..5_000).step_by(20).for_each(|metres| {
        ask(metres);
    });
    (0..40).for_each(|_| {
        (4_000..5_000).step_by(20).for_each(|m| {
            ask(m);
        })
    });
    let mut runs: Vec<(f64, f64, usize)> = (4_000..5_000).step_by(20).map(ask).collect();
    runs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (processor, wall, passing) = runs[runs.len() / 2];
    println!(
        "another threshold: {passing} pass; {:.2} ms by the clock, {:.2} ms of processor (medians of {})",
        wall * 1e3,
        processor * 1e3,
        runs.len()
    );

    let spec = spec::read::read(&text.replace("<= 5 km", "<= 1 m")).unwrap();
    let mut asked = study(&spec, atlas.view(&rights), &memo, &work).unwrap();
    for round in ["cold", "warm"] {
        let start = (Instant::now(), processor_seconds());
        let relaxation = asked.relax(10, &work).unwrap();
        let (wall, processor) = (start.0.elapsed().as_secs_f64(), processor_seconds() - start.1);
        println!(
            "what to relax ({round}): {} near misses listed, {} single, {} pairs; {wall:.3} s by the clock, {processor:.3} s of processor",
            relaxation.near_misses.len(),
            relaxation.single.len(),
            relaxation.pairs.len()
        );
    }
}

/// Criteria and the names that the other tools' answers give their measures.
const MEASURES: [(&str, &str); 8] = [
    ("area", "area"),
    ("junction", "dj"),
    ("siding", "dr"),
    ("substation", "ds"),
    ("freight", "df"),
    ("chargers", "nc"),
    ("labour", "lab"),
    ("nature", "dn"),
];

fn in_their_shape(answer: &Answer) -> Value {
    json!({ "n": answer.passing, "rows": answer.sites.iter().map(row).collect::<Vec<_>>() })
}

fn row(site: &RankedSite) -> Value {
    let mut row = json!({ "id": site.id.parse::<u64>().unwrap(), "score": site.score });
    for (criterion, key) in MEASURES {
        let finding = site.findings.iter().find(|finding| finding.criterion == criterion).unwrap();
        row[key] = base(finding).into();
        if let Some(witness) = finding.witness.as_ref().filter(|_| key.starts_with('d')) {
            row[format!("{key}_id")] = witness.id.parse::<u64>().unwrap().into();
        }
    }
    row
}

/// The value in metres, square metres or pieces.
fn base(finding: &Finding) -> f64 {
    let factor = finding.unit.map_or(1.0, |unit| unit.parse::<Unit>().unwrap().to_base(1.0));
    finding.value.as_f64().unwrap() * factor
}

/// Processor seconds of this process, to the nanosecond, over threads that are still alive: those of the pool stay.
fn processor_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let spent = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("schedstat")).unwrap();
    let nanoseconds = tasks.map(|task| spent(task.unwrap()).split_whitespace().next().unwrap().parse::<f64>().unwrap());
    nanoseconds.sum::<f64>() / 1e9
}

fn resident_mb(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
