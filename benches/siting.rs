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
    rerank(&text, &atlas);
    relax(&text, &atlas);
}

/// The same question with another threshold, over measures that are there.
fn rerank(text: &str, atlas: &Atlas) {
    let rights = Rights::public();
    let (memo, work) = (Memo::default(), Work::default());
    let ask = |metres: u32| {
        let spec = spec::read::read(&text.replace("<= 5 km", &format!("<= {metres} m"))).unwrap();
        let start = (Instant::now(), national::processor_seconds());
        let passing = study(&Land::prepare(&spec, atlas.view(&rights), &memo, &work).unwrap(), &memo, &work)
            .unwrap()
            .answer(&work)
            .unwrap()
            .passing;
        (national::processor_seconds() - start.1, start.0.elapsed().as_secs_f64(), passing)
    };
    // What the widest question needs is then there for every other.
    ask(5_000);
    (4_000..5_000).step_by(20).for_each(|metres| {
        ask(metres);
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
