//! An answer as CSV (RFC 4180, UTF-8): one row a listed site, one group of columns a criterion.

use crate::siting::answer::{Answer, Finding, RankedSite};

/// The listed sites, passing ones first.
///
/// A text that a spreadsheet would run as a formula (starting with `=`, `+`, `-`, `@`, a tab or a return) gets an apostrophe in
/// front, as OWASP advises against CSV injection; numbers stay numbers.
pub fn write(answer: &Answer) -> String {
    let mut rows = vec![header(answer)];
    rows.extend(answer.sites.iter().map(|site| row(site, "pass")));
    rows.extend(answer.undecided_sites.iter().map(|site| row(site, "unknown")));
    rows.iter().map(|row| row.join(",") + "\r\n").collect()
}

fn header(answer: &Answer) -> Vec<String> {
    let fixed = ["verdict", "rank", "score", "layer", "id", "name", "commune", "commune_name", "area_m2", "lon", "lat"];
    let groups = answer.criteria.iter().flat_map(|criterion| {
        let unit = criterion.unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
        let name = &criterion.name;
        [format!("{name}{unit}"), format!("{name} outcome"), format!("{name} contribution"), format!("{name} witness")]
    });
    fixed.into_iter().map(str::to_owned).chain(groups.map(|name| text(&name))).collect()
}

fn row(site: &RankedSite, verdict: &str) -> Vec<String> {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let commune = site.commune.as_ref();
    let mut cells = vec![
        verdict.to_owned(),
        site.rank.to_string(),
        site.score.to_string(),
        text(&site.layer),
        text(&site.id),
        text(site.name.as_deref().unwrap_or_default()),
        text(commune.map_or("", |commune| &commune.code)),
        text(commune.and_then(|commune| commune.name.as_deref()).unwrap_or_default()),
        number(site.area_m2),
        number(site.lon),
        number(site.lat),
    ];
    cells.extend(site.findings.iter().flat_map(group));
    cells
}

fn group(finding: &Finding) -> [String; 4] {
    let value = match &finding.value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(word) => text(word),
        other if finding.at_least => text(&format!("≥ {other}")),
        other => other.to_string(),
    };
    let outcome = finding.outcome.map(|outcome| serde_json::json!(outcome));
    let outcome = outcome.as_ref().and_then(|outcome| outcome.as_str()).unwrap_or_default();
    let outcome = if finding.borderline { format!("{outcome} (borderline)") } else { outcome.to_owned() };
    let contribution = finding.contribution.map_or_else(String::new, |points| points.to_string());
    let witness = finding.witness.as_ref().map_or_else(String::new, |found| text(&format!("{}/{}", found.layer, found.id)));
    [value, outcome, contribution, witness]
}

/// A text cell: harmless in a spreadsheet, quoted where CSV needs it.
fn text(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_name_never_runs_as_a_formula() {
        assert_eq!(text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(text("-1+2"), "'-1+2");
        assert_eq!(text("@sum"), "'@sum");
        assert_eq!(text("ZI, nord"), "\"ZI, nord\"");
        assert_eq!(text("ZI"), "ZI");
    }
}
