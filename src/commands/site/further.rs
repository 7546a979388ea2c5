//! What is asked of an answer, as a person reads it: one site in full, what to relax, sites side by side.

use serde_json::Value;

use crate::commands::output::{Paint, grouped, table};
use crate::commands::site::show::cell;
use crate::siting::answer::{Answer, RankedSite, SiteName};
use crate::siting::compare::Comparison;
use crate::siting::relax::{Change, Loosened, NearMiss, Relaxation};
use crate::siting::rule::Outcome;
use crate::siting::why::{Explanation, Standing};

/// What was asked beyond the answer.
#[derive(Default)]
pub struct Further {
    pub explanation: Option<Explanation>,
    pub relaxation: Option<Relaxation>,
    pub comparison: Option<Comparison>,
}

impl Further {
    /// The answer as JSON, with what was asked beside its own members.
    pub fn beside(&self, answer: &Answer) -> anyhow::Result<Value> {
        let mut json = serde_json::to_value(answer)?;
        if let Some(explanation) = &self.explanation {
            json["explanation"] = serde_json::to_value(explanation)?;
        }
        if let Some(relaxation) = &self.relaxation {
            json["relaxation"] = serde_json::to_value(relaxation)?;
        }
        if let Some(comparison) = &self.comparison {
            json["comparison"] = serde_json::to_value(comparison)?;
        }
        Ok(json)
    }

    pub fn text(&self, paint: Paint) -> String {
        let mut text = self.explanation.as_ref().map(|explanation| explained(explanation, paint)).unwrap_or_default();
        text += &self.comparison.as_ref().map(|comparison| compared(comparison, paint)).unwrap_or_default();
        text + &self.relaxation.as_ref().map(|relaxation| relaxed(relaxation, paint)).unwrap_or_default()
    }
}

fn explained(explanation: &Explanation, paint: Paint) -> String {
    let site = &explanation.site;
    let verdict = verdict(explanation.verdict);
    let mut text = format!("\n{}: {verdict}\n", paint.bold(&named(site)));
    if !explanation.candidate {
        text += "It is not among the candidates: it lies elsewhere, is filtered out, or was drawn.\n";
    }
    text += &format!(
        "Score {:.6} (from {:.6} to {:.6}), which is or would be rank {} of {} that pass.\n",
        site.score,
        site.score_interval[0],
        site.score_interval[1],
        explanation.rank_among_passing,
        grouped(explanation.passing as u64)
    );
    text += &measures(site, paint);
    let heading = ["requirement", "", "outcome", "would pass if"].map(str::to_owned).to_vec();
    let rows = explanation.requirements.iter().map(|judgement| {
        let edge = if judgement.borderline { ", within the sources' precision" } else { "" };
        vec![
            judgement.criterion.clone(),
            judgement.required.clone(),
            format!("{}{edge}", self::verdict(judgement.outcome)),
            judgement.would_pass.clone().unwrap_or_default(),
        ]
    });
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    text + "\n" + &table(&rows, paint)
}

/// Each measure of a site with what it adds to the score.
fn measures(site: &RankedSite, paint: Paint) -> String {
    let heading = ["criterion", "measure", "adds", "because"].map(str::to_owned).to_vec();
    let rows = site.findings.iter().map(|finding| {
        let adds = finding.contribution.map(|points| format!("{points:.6}")).unwrap_or_default();
        vec![finding.criterion.clone(), cell(finding), adds, finding.unknown.unwrap_or_default().to_owned()]
    });
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    "\n".to_owned() + &table(&rows, paint)
}

fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "passes",
        Outcome::Fail => "fails",
        Outcome::Unknown => "unknown",
    }
}

fn named(site: &RankedSite) -> String {
    let name = site.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}/{}{name}", site.layer, site.id)
}

fn compared(comparison: &Comparison, paint: Paint) -> String {
    let sites = || comparison.sites.iter().map(|explanation| &explanation.site);
    let heading = std::iter::once("criterion".to_owned()).chain(sites().map(|site| format!("{}/{}", site.layer, site.id)));
    let mut rows: Vec<Vec<String>> = vec![heading.collect()];
    let verdicts = comparison.sites.iter().map(|explanation| verdict(explanation.verdict).to_owned());
    rows.push(std::iter::once("all requirements".to_owned()).chain(verdicts).collect());
    for (place, row) in comparison.criteria.iter().enumerate() {
        let shown = sites().enumerate().map(|(at, site)| {
            let best = if row.best.contains(&at) && row.best.len() < comparison.sites.len() { " *" } else { "" };
            cell(&site.findings[place]) + best
        });
        rows.push(std::iter::once(row.criterion.clone()).chain(shown).collect());
    }
    rows.push(std::iter::once("score".to_owned()).chain(sites().map(|site| format!("{:.6}", site.score))).collect());
    format!("\n{}\n{}* the best of these on that criterion\n", paint.bold("Side by side"), table(&rows, paint))
}

fn relaxed(relaxation: &Relaxation, paint: Paint) -> String {
    let number = |count: usize| grouped(count as u64);
    let heading = ["requirement", "", "removes", "unknown", "alone"].map(str::to_owned).to_vec();
    let rows = relaxation.requirements.iter().map(|alone| {
        let counts = [alone.removes, alone.unknown, alone.only].map(number);
        [alone.criterion.clone(), alone.required.clone()].into_iter().chain(counts).collect()
    });
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    let mut text = format!("\n{}\n{}", paint.bold("What each requirement removes of all candidates"), table(&rows, paint));
    text += "alone: pass everything else, and come back if it is given up.\n";
    let title = format!("To admit {} or more", number(relaxation.wanted));
    text += &format!("\n{}\n", paint.bold(&title));
    let options: Vec<&Loosened> = relaxation.single.iter().chain(relaxation.pairs.iter().take(10)).collect();
    if options.is_empty() {
        text += "No requirement, and no two together, would do: the candidates fail three or more.\n";
    }
    text += &options.into_iter().map(|option| loosened(option) + "\n").collect::<String>();
    text += &format!("\n{}\n", paint.bold("Near misses"));
    text + &relaxation.near_misses.iter().take(10).map(|miss| near(miss) + "\n").collect::<String>()
}

/// `junction <= 5 km to <= 6.2 km: 14 sites (plots/12, plots/31, ...)`
fn loosened(option: &Loosened) -> String {
    let changes: Vec<String> = option.changes.iter().map(change).collect();
    let named: Vec<String> = option.sites.iter().take(3).map(site_name).collect();
    let more = if option.admits > named.len() { ", ..." } else { "" };
    let count = if option.admits == 1 { "1 site".to_owned() } else { format!("{} sites", grouped(option.admits as u64)) };
    format!("{}: {count} ({}{more})", changes.join(" and "), named.join(", "))
}

fn near(miss: &NearMiss) -> String {
    let changes: Vec<String> = miss.misses.iter().map(change).collect();
    format!("{}: {}", site_name(&miss.site), changes.join(" and "))
}

fn change(change: &Change) -> String {
    let Change { criterion, required, relaxed } = change;
    match relaxed {
        Some(relaxed) => format!("{criterion} {required} to {relaxed}"),
        None => format!("{criterion} {required} given up"),
    }
}

fn site_name(site: &SiteName) -> String {
    format!("{}/{}", site.layer, site.id)
}

/// How a site stands to each specification.
pub fn standings(standings: &[Standing], paint: Paint) -> String {
    let heading = ["specification", "title", "verdict", "score", "misses"].map(str::to_owned).to_vec();
    let rows = standings.iter().map(|standing| {
        let title = standing.title.clone().unwrap_or_default();
        let (outcome, score, misses) = match (&standing.explanation, &standing.problem) {
            (Some(explanation), _) => {
                let score = format!("{:.6}", explanation.site.score);
                (verdict(explanation.verdict).to_owned(), score, missed(explanation))
            }
            (None, problem) => ("cannot be asked".to_owned(), String::new(), problem.clone().unwrap_or_default()),
        };
        vec![standing.specification.clone(), title, outcome, score, misses]
    });
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    table(&rows, paint)
}

fn missed(explanation: &Explanation) -> String {
    let failed = explanation.requirements.iter().filter(|judgement| judgement.outcome == Outcome::Fail);
    let texts: Vec<String> = failed
        .map(|judgement| match &judgement.would_pass {
            Some(would) => format!("{} {} (would need {would})", judgement.criterion, judgement.required),
            None => format!("{} {}", judgement.criterion, judgement.required),
        })
        .collect();
    texts.join("; ")
}
