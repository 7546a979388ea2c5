//! One sheet a site: where it is, what was measured, what that adds to its score, and what is not known.

use super::local_map::{figure, letter};
use super::ranking::place;
use super::words::{measured, outcome, reason, requirement};
use super::{Dossier, anchor, bars, mark, site_name};
use crate::paper::markup;
use crate::paper::numbers::{billionths, count, decimal, plain, quantity, thousandths};
use crate::siting::answer::{Finding, RankedSite};

pub fn sections(dossier: &Dossier<'_>) -> String {
    dossier.sheets().map(|(site, passes)| sheet(dossier, site, passes)).collect()
}

fn sheet(dossier: &Dossier<'_>, site: &RankedSite, passes: bool) -> String {
    let id = anchor(site, passes);
    let verdict = match passes {
        true => dossier.of("remplit toutes les exigences", "meets every requirement"),
        false => dossier.of("indécidable : on sait trop peu", "undecidable: too little is known"),
    };
    format!(
        "<section class=\"sheet\" id=\"{id}\">\n<h2><span class=\"rank\">{}</span> {}</h2>\n<p class=\"where\">{} · {verdict}</p>\n\
         {}{}{}{}</section>\n",
        mark(site, passes),
        site_name(site),
        place(site),
        facts(dossier, site, passes),
        figure(dossier, site, &format!("plan-{id}")),
        measures(dossier, site),
        remarks(dossier, site)
    )
}

fn facts(dossier: &Dossier<'_>, site: &RankedSite, passes: bool) -> String {
    let language = dossier.language;
    let entry = |term: &str, value: String| format!("<div><dt>{term}</dt><dd>{value}</dd></div>");
    let [best, worst] = site.rank_interval.map(|rank| count(rank, language));
    let of = if passes { dossier.answer.passing } else { dossier.answer.undecided };
    let ranks = if best == worst { best } else { format!("{best} {} {worst}", dossier.of("à", "to")) };
    let mut entries = vec![
        entry(dossier.of("Score", "Score"), score(dossier, site)),
        entry(dossier.of("Rang", "Rank"), format!("{ranks} {} {}", dossier.of("sur", "of"), count(of, language))),
    ];
    if let Some(area) = site.area_m2 {
        entries.push(entry(dossier.of("Surface", "Area"), markup::data(area, &quantity(area / 10_000.0, Some("ha"), language))));
    }
    if let (Some(lat), Some(lon)) = (site.lat, site.lon) {
        let both = [position(lat, ["N", "S"], dossier), position(lon, ["E", dossier.of("O", "W")], dossier)];
        entries.push(entry(dossier.of("Position", "Position"), both.join(dossier.of(" ; ", ", "))));
    }
    entries
        .push(entry(dossier.of("Source", "Source"), format!("{}, {}", dossier.layer_title(&site.layer), markup::name(&site.id))));
    format!("<dl class=\"facts\">{}</dl>\n", entries.concat())
}

/// An angle without a sign, and to which side it lies.
fn position(angle: f64, [positive, negative]: [&str; 2], dossier: &Dossier<'_>) -> String {
    let side = if angle < 0.0 { negative } else { positive };
    format!("{}°\u{202f}{side}", markup::data(angle, &decimal(angle.abs(), 5, dossier.language)))
}

/// The score, to where it could rise.
fn score(dossier: &Dossier<'_>, site: &RankedSite) -> String {
    let points = |points: f64| markup::data(points, &decimal(points, 3, dossier.language));
    let [low, high] = site.score_interval;
    let upper = if low < high {
        format!(" <small>{} {}</small>", dossier.of("jusqu’à", "up to"), points(high))
    } else {
        String::new()
    };
    format!("<strong>{}</strong>{upper}", points(site.score))
}

fn measures(dossier: &Dossier<'_>, site: &RankedSite) -> String {
    let titles = dossier
        .of(["Critère", "Mesure", "Exigence", "Apport au score"], ["Criterion", "Measure", "Requirement", "Adds to the score"]);
    let earned: Vec<i64> = site.findings.iter().map(|finding| billionths(finding.contribution.unwrap_or_default())).collect();
    let printed = thousandths(&earned);
    let widest = dossier.answer.criteria.iter().filter_map(|head| head.share).fold(0.0, f64::max);
    let rows: String = (0..site.findings.len()).map(|at| row(dossier, site, at, printed[at], widest)).collect();
    let total = decimal(printed.iter().sum::<i64>() as f64 / 1000.0, 3, dossier.language);
    format!(
        "<table class=\"measures\">{}<tbody>{rows}</tbody><tfoot><tr><th scope=\"row\" colspan=\"3\">{}</th>\
         <td class=\"graph\">{}<span>{}</span></td></tr></tfoot></table>\n",
        markup::headings(&titles),
        dossier.of("Score : la somme des apports", "Score: the sum of what is added"),
        bars::score(site),
        markup::data(site.score, &total)
    )
}

fn row(dossier: &Dossier<'_>, site: &RankedSite, at: usize, printed: i64, widest: f64) -> String {
    let (finding, head) = (&site.findings[at], dossier.answer.criteria.get(at));
    let letter = letter(site, at).map(|letter| format!("<span class=\"tag\">{letter}</span> ")).unwrap_or_default();
    let share = head.and_then(|head| head.share);
    let adds = finding.contribution.zip(share).map(|(earned, share)| {
        let high = finding.contribution_interval.map_or(earned, |[_, high]| high);
        let shown = decimal(printed as f64 / 1000.0, 3, dossier.language);
        format!("{}<span>{}</span>", bars::contribution(earned, high, share, widest), markup::data(earned, &shown))
    });
    format!(
        "<tr><th scope=\"row\">{letter}{}</th><td>{}{}</td><td>{}</td><td class=\"graph\">{}</td></tr>",
        markup::name(&finding.criterion),
        measured(finding, dossier.language),
        witness(dossier, finding),
        asked(dossier, finding, head.and_then(|head| head.required.as_deref())),
        adds.unwrap_or_else(|| "—".to_owned())
    )
}

fn witness(dossier: &Dossier<'_>, finding: &Finding) -> String {
    let Some(found) = &finding.witness else { return String::new() };
    let named = found.name.as_deref().unwrap_or(&found.id);
    format!("<small>{} · {}</small>", markup::name(named), dossier.layer_title(&found.layer))
}

/// The requirement and whether it is met; the mark of one that is met or missed by less than the sources are precise.
fn asked(dossier: &Dossier<'_>, finding: &Finding, required: Option<&str>) -> String {
    let Some((required, found)) = required.zip(finding.outcome) else { return "—".to_owned() };
    let edge = if finding.borderline { dossier.of(", à la limite", ", on the edge") } else { "" };
    format!("{}<small>{}{edge}</small>", requirement(required, dossier.language), outcome(found, dossier.language))
}

/// What is not known and why, and what is too near to its threshold to be sure.
fn remarks(dossier: &Dossier<'_>, site: &RankedSite) -> String {
    let unknown = site.findings.iter().filter_map(|finding| {
        let sentence = reason(finding.unknown?, dossier.language);
        let effect = match finding.contribution_interval {
            Some([_, high]) => dossier.of(
                format!(" ; compté pour rien, pourrait apporter jusqu’à {}", decimal(high, 3, dossier.language)),
                format!("; counted as nothing, might add up to {}", decimal(high, 3, dossier.language)),
            ),
            None => String::new(),
        };
        Some(format!("<li>{}{} {sentence}{effect}.</li>", markup::name(&finding.criterion), dossier.of("&nbsp;:", ":")))
    });
    let edge = site.findings.iter().filter(|finding| finding.borderline).map(|finding| {
        let told = dossier.of(
            "la mesure est plus près du seuil que la précision de ses sources ; à vérifier sur place",
            "the measure is nearer to its threshold than its sources are precise; to be checked on site",
        );
        let precision = precision(dossier, site, finding);
        format!("<li>{}{} {told}{precision}.</li>", markup::name(&finding.criterion), dossier.of("&nbsp;:", ":"))
    });
    let items: String = unknown.chain(edge).collect();
    if items.is_empty() {
        return format!(
            "<p class=\"note\">{}</p>\n",
            dossier.of("Aucun inconnu, aucune mesure à la limite.", "Nothing unknown, no measure on the edge.")
        );
    }
    format!("<h3>{}</h3>\n<ul class=\"remarks\">{items}</ul>\n", dossier.of("À savoir", "To be known"))
}

/// The precisions that a borderline measure hangs on: of the site's layer and of its witness's.
fn precision(dossier: &Dossier<'_>, site: &RankedSite, finding: &Finding) -> String {
    let mut layers = vec![&site.layer];
    layers.extend(finding.witness.as_ref().map(|found| &found.layer).filter(|layer| **layer != site.layer));
    let told = layers.into_iter().filter_map(|id| {
        let source = dossier.answer.sources.iter().find(|source| source.layer == *id)?;
        Some(format!("{} {}\u{202f}m", dossier.layer_title(id), plain(source.precision_m, dossier.language)))
    });
    format!(" ({})", told.collect::<Vec<_>>().join(", "))
}
