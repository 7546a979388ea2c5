//! A business zone, plot by plot: the inventory of article L318-8-2.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::commands::output::{grouped, print, tell};
use crate::zoning::inventory::{inventory, standard, table};
use crate::zoning::{Rulebook, Terms};

pub struct Job<'a> {
    pub zone: &'a str,
    pub out: Option<&'a Path>,
    /// Folder for the files in the columns of the national standard.
    pub standard: Option<&'a Path>,
}

pub fn run(job: &Job<'_>, rulebook: &Rulebook<'_>, terms: &Terms) -> anyhow::Result<ExitCode> {
    let day = terms.project.date.unwrap_or_else(|| jiff::Zoned::now().date());
    let inventory = inventory(job.zone, day.year(), rulebook, terms)?;
    let text = table::write(&inventory)?;
    match job.out {
        Some(path) => write(path, &text)?,
        None => print(&String::from_utf8_lossy(&text))?,
    }
    if let Some(folder) = job.standard {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let file = |class: &str| -> PathBuf { folder.join(format!("{class}_{}.csv", inventory.zone.id(inventory.zone_row))) };
        write(&file("site_eco"), &standard::site(&inventory)?)?;
        write(&file("terrain_eco"), &standard::plots(&inventory)?)?;
    }
    let figures = inventory.figures();
    let rate = match figures.vacancy_percent {
        Some([least, most]) if least == most => format!("{least:.1} %"),
        Some([least, most]) => format!("{least:.1} to {most:.1} %: how long empty units have been so is not said of all"),
        None => "unknown".to_owned(),
    };
    let units = grouped(figures.units as u64);
    tell(&format!("{units} land units, vacancy at 1 January {} (L318-8-2): {rate}", inventory.year));
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
