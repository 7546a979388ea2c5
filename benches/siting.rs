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

#[path = "national/answers.rs"]
mod answers;
mod national;
#[path = "national/rerank.rs"]
mod rerank;

use std::time::Instant;

use emprise::atlas::{Atlas, Rights};
use emprise::siting::land::Land;
use emprise::siting::memo::Memo;
use emprise::siting::work::Work;
use emprise::siting::{site, spec, study};
use emprise::snapshot;

const COLD_RUNS: usize = 15;

fn main() {
    let Some(folder) = national::data_folder() else { return };
    let (wall, processor) = (Instant::now(), national::processor_seconds());
    let atlas = Atlas::open(&snapshot::open(&folder).unwrap()).unwrap();
    let (wall, processor) = (wall.elapsed().as_secs_f64(), national::processor_seconds() - processor);
    println!("open: {wall:.2} s, {processor:.2} s of processor, {} MB resident", national::resident_mb("VmRSS"));

    let text = std::fs::read_to_string(national::repository("benches/specs/national.yaml")).unwrap();
    let spec = spec::read::read(&text).unwrap();
    let mut runs: Vec<(f64, f64)> = Vec::new();
    let mut answer = None;
    for _ in 0..COLD_RUNS {
        let (wall, processor) = (Instant::now(), national::processor_seconds());
        answer = Some(site(&spec, atlas.view(&Rights::public())).unwrap());
        runs.push((national::processor_seconds() - processor, wall.elapsed().as_secs_f64()));
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
        national::resident_mb("VmHWM")
    );
    answers::write("q1", &answer);
    rerank::rerank(&text, &atlas);
    relax(&text, &atlas);
}

/// What to relax where nothing passes, with the measures of every candidate to make and with them there.
fn relax(text: &str, atlas: &Atlas) {
    let rights = Rights::public();
    let (memo, work) = (Memo::default(), Work::default());
    let spec = spec::read::read(&text.replace("<= 5 km", "<= 1 m")).unwrap();
    let land = Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap();
    let mut asked = study(&land, &memo, &work).unwrap();
    for round in ["cold", "warm"] {
        let start = (Instant::now(), national::processor_seconds());
        let relaxation = asked.relax(10, &work).unwrap();
        let (wall, processor) = (start.0.elapsed().as_secs_f64(), national::processor_seconds() - start.1);
        println!(
            "what to relax ({round}): {} near misses listed, {} single, {} pairs; {wall:.3} s by the clock, {processor:.3} s of processor",
            relaxation.near_misses.len(),
            relaxation.single.len(),
            relaxation.pairs.len()
        );
    }
}
