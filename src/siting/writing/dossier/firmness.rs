//! How firmly the ranking stands: between which weights the head of it stays, and how often each site is first whatever the weights.

use super::{Dossier, bars, site_name};
use crate::paper::markup;
use crate::paper::numbers::{count, percent};
use crate::siting::answer::RankedSite;
use crate::siting::robustness::{Acceptability, Robustness, Stability};

/// Nothing where the specification does not ask for it.
pub fn section(dossier: &Dossier<'_>) -> String {
    let Some(robustness) = &dossier.answer.ranking.robustness else { return String::new() };
    format!(
        "<section class=\"firmness\">\n<h2>{}</h2>\n{}{}<p class=\"note\">{}</p>\n</section>\n",
        dossier.of("La solidité du classement", "How firm the ranking is"),
        stability(dossier, &robustness.stability),
        acceptability(dossier, robustness),
        markup::escape(dossier.of(&robustness.note.fr, &robustness.note.en))
    )
}

/// Sites shown with their acceptability: those that have a sheet.
const SITES: usize = 10;

fn stability(dossier: &Dossier<'_>, criteria: &[Stability]) -> String {
    if criteria.is_empty() {
        return String::new();
    }
    let titles = dossier.of(
        ["Critère", "#Sa part", "Le premier le reste", "Les dix premiers le restent"],
        ["Criterion", "#Its share", "The first stays first", "The first ten stay"],
    );
    let share = |share: f64| markup::data(share, &percent(share, dossier.language));
    let between =
        |[low, high]: [f64; 2], at: f64| format!("{}<span>{}–{}</span>", bars::between(low, high, at), share(low), share(high));
    let row = |of: &Stability| {
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"graph\">{}</td><td class=\"graph\">{}</td></tr>",
            markup::name(&of.criterion),
            share(of.share),
            between(of.first, of.share),
            between(of.first_ten, of.share)
        )
    };
    let rows: String = criteria.iter().map(row).collect();
    format!(
        "<p>{}</p>\n<table class=\"stability\">{}<tbody>{rows}</tbody></table>\n",
        dossier.of(
            "Entre quelles parts du poids total chaque critère peut varier, les autres gardant leurs proportions, sans que la tête change.",
            "Between which shares of the whole weight each criterion may move, the others keeping their proportions, before the head changes."
        ),
        markup::headings(&titles)
    )
}

fn acceptability(dossier: &Dossier<'_>, robustness: &Robustness) -> String {
    let known = |site: &RankedSite| Some((site_name(site), site.rank, site.acceptability.clone()?));
    let sites: Vec<(String, usize, Acceptability)> = dossier.answer.sites.iter().take(SITES).filter_map(known).collect();
    if sites.is_empty() {
        return String::new();
    }
    let titles = dossier.of(["#Rang", "Site", "Premier"], ["#Rank", "Site", "First"]);
    let row = |(name, rank, found): &(String, usize, Acceptability)| {
        let first = found.first();
        format!(
            "<tr><td class=\"number\">{rank}</td><th scope=\"row\">{name}</th><td class=\"graph\">{}<span>{}</span></td></tr>",
            crate::paper::bars::share(first, 1.0),
            markup::data(first, &percent(first, dossier.language))
        )
    };
    let rows: String = sites.iter().map(row).collect();
    let [draws, compared] = [robustness.draws as usize, robustness.sites].map(|number| count(number, dossier.language));
    format!(
        "<p>{}</p>\n<table class=\"acceptability\">{}<tbody>{rows}</tbody></table>\n",
        dossier.of(
            format!("Part de {draws} tirages de poids où chaque site est premier de {compared} ({}).", robustness.method),
            format!("Share of {draws} draws of weights in which each site is first of {compared} ({}).", robustness.method)
        ),
        markup::headings(&titles)
    )
}
