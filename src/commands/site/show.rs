//! An answer as a person reads it in a terminal.

use crate::commands::output::{Paint, grouped, table};
use crate::siting::answer::{Answer, Finding, RankedSite};

pub fn show(answer: &Answer, paint: Paint) -> String {
    let mut text = answer.title.as_ref().map(|title| paint.bold(title) + "\n\n").unwrap_or_default();
    text += &funnel(answer, paint);
    text += &list("Sites that meet every requirement", answer.passing, &answer.sites, answer, paint);
    let title = "Sites of which too little is known to say";
    text += &list(title, answer.undecided, &answer.undecided_sites, answer, paint);
    text += &firmness(answer, paint);
    text + &format!("\nsnapshot {}, specification {}, emprise {}\n", answer.snapshot, answer.specification, answer.program)
}

/// How many candidates there were, and how many each requirement removed.
fn funnel(answer: &Answer, paint: Paint) -> String {
    let number = |count: usize| grouped(count as u64);
    let counts = &answer.candidates;
    let left_out =
        [(counts.elsewhere, "elsewhere"), (counts.filtered, "filtered out"), (counts.filter_unknown, "unknown to the filter")];
    let left_out: Vec<String> =
        left_out.into_iter().filter(|&(count, _)| count > 0).map(|(count, why)| format!("{} {why}", number(count))).collect();
    let left_out = if left_out.is_empty() { String::new() } else { format!(" ({})", left_out.join(", ")) };
    let mut text = match &answer.plots {
        Some(plots) => format!("{} plots of {} could be put together\n", number(plots.considered), number(plots.features)),
        None => String::new(),
    };
    text += &format!("{} candidates of {} features{left_out}\n\n", number(counts.considered), number(counts.features));
    if answer.requirements.is_empty() {
        return text;
    }
    let heading = ["requirement", "", "tested", "removed", "unknown", "borderline"].map(str::to_owned).to_vec();
    let row = |step: &crate::siting::answer::Removal| {
        let counts = [step.tested, step.removed, step.unknown, step.borderline].map(number);
        [step.criterion.clone(), step.required.clone()].into_iter().chain(counts).collect()
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(answer.requirements.iter().map(row)).collect();
    text += &table(&rows, paint);
    text + "Each requirement is put to the candidates that the ones above it left.\n"
}

fn list(title: &str, count: usize, sites: &[RankedSite], answer: &Answer, paint: Paint) -> String {
    if count == 0 {
        return format!("\n{title}: none\n");
    }
    let shown = if sites.len() < count { format!(", the best {}", sites.len()) } else { String::new() };
    let fixed = ["rank", "score", "site", "name", "commune", "area"].map(str::to_owned);
    let heading: Vec<String> = fixed.into_iter().chain(answer.criteria.iter().map(|criterion| criterion.name.clone())).collect();
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(sites.iter().map(row)).collect();
    format!("\n{}\n{}", paint.bold(&format!("{title}: {}{shown}", grouped(count as u64))), table(&rows, paint))
}

/// Between which shares of each criterion the head of the ranking stays, where the specification asks for it.
fn firmness(answer: &Answer, paint: Paint) -> String {
    let Some(robustness) = answer.ranking.robustness.as_ref() else { return String::new() };
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let between = |[low, high]: [f64; 2]| format!("{} to {}", percent(low), percent(high));
    let heading = ["criterion", "share", "the first stays first", "the first ten stay"].map(str::to_owned).to_vec();
    let rows = robustness
        .stability
        .iter()
        .map(|of| vec![of.criterion.clone(), percent(of.share), between(of.first), between(of.first_ten)]);
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    let mut text =
        format!("\n{}\n{}", paint.bold("How firm the ranking is, by the share of each criterion"), table(&rows, paint));
    let first = answer.sites.first().and_then(|site| Some((site, site.acceptability.as_ref()?.first())));
    if let Some((site, share)) = first {
        let (share, draws) = (percent(share), grouped(u64::from(robustness.draws)));
        text += &format!("{}/{} is first in {share} of {draws} draws of weights ({}).\n", site.layer, site.id, robustness.method);
    }
    text
}

fn row(site: &RankedSite) -> Vec<String> {
    let commune = site.commune.as_ref().map(|commune| commune.name.as_ref().unwrap_or(&commune.code).clone());
    let area = site.area_m2.map(|area| format!("{:.2} ha", area / 10_000.0));
    let fixed = vec![
        site.rank.to_string(),
        format!("{:.6}", site.score),
        format!("{}/{}", site.layer, site.id),
        site.name.clone().unwrap_or_default(),
        commune.unwrap_or_default(),
        area.unwrap_or_default(),
    ];
    fixed.into_iter().chain(site.findings.iter().map(cell)).collect()
}

/// `1.24 km (A 42)`, with a mark where the measure is nearer to its threshold than the sources are precise.
pub fn cell(finding: &Finding) -> String {
    let mark = if finding.borderline { "~" } else { "" };
    let witness = finding.witness.as_ref().map(|found| format!(" ({})", found.name.as_ref().unwrap_or(&found.id)));
    format!("{mark}{}{}", finding.text(), witness.unwrap_or_default())
}
