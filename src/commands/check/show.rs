//! A check as a person reads it.

use crate::commands::output::{Paint, grouped, table};
use crate::zoning::Check;
use crate::zoning::answer::{Finding, Relation};
use crate::zoning::judge::Applied;

pub fn show(check: &Check<'_>, paint: Paint) -> String {
    let mut text = head(check, paint);
    text += &findings(check, paint);
    text += &meanings(check, paint);
    text += &missing(check, paint);
    text += &nearby(check, paint);
    text + &format!("\n{}\nsnapshot {}, emprise {}\n", check.reserve.en, check.snapshot, check.program)
}

fn head(check: &Check<'_>, paint: Paint) -> String {
    let area = square_metres(check.plot.area_m2);
    let mut text = format!("{}: {area}\n", paint.bold(&check.plot.label));
    for own in &check.territories {
        let name = own.territory.name.unwrap_or(own.territory.id);
        let share = if own.share > 0.9995 { String::new() } else { format!(", {:.1} %", 100.0 * own.share) };
        text += &format!("  {}: {name} ({}){share}\n", own.territory.layer, own.territory.id);
    }
    text += &format!("\n{}: {}\n", paint.bold("Strictest"), check.strictest.words().en);
    let net = &check.buildable;
    if net.at_least_m2 < check.plot.area_m2 {
        let least = if net.at_least_m2 < net.area_m2 { format!("{} to ", square_metres(net.at_least_m2)) } else { String::new() };
        let rest = format!("{least}{}", square_metres(net.area_m2));
        text += &format!("Nothing known forbids building on {rest} of it; that is not to say that anything allows it.\n");
    }
    text
}

fn findings(check: &Check<'_>, paint: Paint) -> String {
    if check.findings.is_empty() {
        return "\nNothing in the data bears on it.\n".to_owned();
    }
    let heading = ["effect", "layer", "id", "name", "in common", "%", "distance", "regime"].map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(check.findings.iter().map(row)).collect();
    let mark = check.findings.iter().any(|finding| finding.borderline);
    let legend = if mark { "~ a boundary is nearer than its source is precise\n" } else { "" };
    format!("\n{}{legend}", table(&rows, paint))
}

fn row(finding: &Finding<'_>) -> Vec<String> {
    let inside = finding.relation == Relation::Inside;
    let or_blank = |yes: bool, text: String| if yes { text } else { String::new() };
    vec![
        format!("{}{}", if finding.borderline { "~" } else { "" }, finding.effect.words().en),
        finding.layer.to_owned(),
        finding.id.to_owned(),
        finding.name.unwrap_or_default().to_owned(),
        or_blank(finding.overlap_m2 > 0.0, square_metres(finding.overlap_m2)),
        or_blank(finding.overlap_m2 > 0.0, format!("{:.1}", 100.0 * finding.overlap_share)),
        or_blank(!inside, format!("{} m", grouped(finding.distance_m.round() as u64))),
        finding.regime.map_or(String::new(), |regime| match regime.code == regime.en {
            true => regime.code.to_owned(),
            false => format!("{} {}", regime.code, regime.en),
        }),
    ]
}

/// Each rule that spoke, once, with its legal source.
fn meanings(check: &Check<'_>, paint: Paint) -> String {
    let of_findings = check.findings.iter().flat_map(|finding| finding.rules.iter().map(|rule| (finding.theme, rule)));
    let all = check.duties.iter().map(|duty| (duty.theme, &duty.rule)).chain(of_findings);
    let mut seen: Vec<(&str, &Applied<'_>)> = Vec::new();
    for (theme, rule) in all {
        let same = |other: &(&str, &Applied<'_>)| other.0 == theme && other.1.rule == rule.rule && other.1.effect == rule.effect;
        if !seen.iter().any(same) {
            seen.push((theme, rule));
        }
    }
    seen.sort_by_key(|(_, rule)| rule.effect);
    let line = |(theme, rule): &(&str, &Applied<'_>)| {
        let doubt = rule.if_so.map_or(String::new(), |effect| format!(" (if so, {})", effect.words().en));
        let effect = rule.effect.words().en;
        format!("  {}{doubt}, {theme}: {}\n    {}\n", paint.bold(&effect), rule.sentence.en, rule.law.reference)
    };
    let lines: String = seen.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\n{}\n{lines}", paint.bold("What the rules say")) }
}

fn missing(check: &Check<'_>, paint: Paint) -> String {
    if check.not_available.is_empty() {
        return String::new();
    }
    let lines = check.not_available.iter().map(|gap| {
        let place = gap.territory.map_or(String::new(), |place| format!(", {}", place.name.unwrap_or(place.id)));
        let area = gap.area_m2.map_or(String::new(), |area| format!(", {}", square_metres(area)));
        format!("  {}{place}{area}: {}\n", gap.theme, gap.sentence.en)
    });
    format!("\n{}\n{}", paint.bold("Not available"), lines.collect::<String>())
}

fn nearby(check: &Check<'_>, paint: Paint) -> String {
    if check.nearby.is_empty() {
        return String::new();
    }
    let heading = ["nearest", "id", "name", "distance"].map(str::to_owned).to_vec();
    let row = |near: &crate::zoning::answer::Nearby<'_>| {
        let distance = match near.distance_m {
            metres if metres < 1_000.0 => format!("{metres:.0} m"),
            metres => format!("{:.2} km", metres / 1_000.0),
        };
        let feature = near.feature;
        vec![feature.layer.to_owned(), feature.id.to_owned(), feature.name.unwrap_or_default().to_owned(), distance]
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(check.nearby.iter().map(row)).collect();
    format!("\n{}", table(&rows, paint))
}

/// Hectares from one hectare on.
fn square_metres(area_m2: f64) -> String {
    match area_m2 {
        area if area < 10.0 => format!("{area:.1} m²"),
        area if area < 10_000.0 => format!("{} m²", grouped(area.round() as u64)),
        area => format!("{:.2} ha", area / 10_000.0),
    }
}
