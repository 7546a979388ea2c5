//! Findings as CSV, one a row: for many plots in one file.

use crate::zoning::answer::{Check, Finding, Relation};

pub const HEADER: [&str; 20] = [
    "plot",
    "plot_area_m2",
    "theme",
    "layer",
    "id",
    "name",
    "effect",
    "if_so",
    "relation",
    "overlap_m2",
    "overlap_share",
    "distance_m",
    "borderline",
    "regime",
    "meaning",
    "rule",
    "law",
    "sentence",
    "vintage",
    "sheet",
];

/// One check by itself, under its header.
///
/// # Errors
/// Memory ran out.
pub fn one(check: &Check<'_>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    write(&mut writer, check)?;
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Writes the rows of one plot: findings, then duties, then what is not available. A plot that nothing bears on has one row too.
///
/// # Errors
/// The writer's own.
pub fn write<W: std::io::Write>(writer: &mut csv::Writer<W>, check: &Check<'_>) -> Result<(), csv::Error> {
    let area = format!("{:.1}", check.plot.area_m2);
    let start = |rest: Vec<String>| [check.plot.label.clone(), area.clone()].into_iter().chain(rest);
    let mut rows: Vec<Vec<String>> = check.findings.iter().map(finding).collect();
    rows.extend(check.duties.iter().map(|duty| {
        let rule = &duty.rule;
        let so = rule.if_so.map_or("", |effect| effect.code());
        let words = [
            duty.theme,
            "",
            "",
            "",
            rule.effect.code(),
            so,
            "anywhere",
            "",
            "",
            "",
            "",
            "",
            "",
            rule.rule,
            &rule.law.reference,
            &rule.sentence.en,
            "",
            "",
        ];
        words.map(str::to_owned).to_vec()
    }));
    rows.extend(check.not_available.iter().map(|gap| {
        let territory = gap.territory.map_or("", |territory| territory.id);
        let layer = gap.layer.or(gap.territory.map(|territory| territory.layer)).unwrap_or_default();
        let area = gap.area_m2.map_or(String::new(), |area| format!("{area:.1}"));
        let words = [
            gap.theme,
            layer,
            territory,
            "",
            "not-available",
            "",
            "",
            &area,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            &gap.sentence.en,
            "",
            "",
        ];
        words.map(str::to_owned).to_vec()
    }));
    if rows.is_empty() {
        let words = ["", "", "", "", "not-concerned", "", "", "", "", "", "", "", "", "", "", "", "", ""];
        rows.push(words.map(str::to_owned).to_vec());
    }
    rows.into_iter().try_for_each(|row| {
        writer.write_record(start(row.iter().map(|cell| harmless(cell)).collect()).map(|cell| harmless(&cell)))
    })
}

/// The row of a plot that could not be read, with the reason.
///
/// # Errors
/// The writer's own.
pub fn write_unread<W: std::io::Write>(writer: &mut csv::Writer<W>, label: &str, reason: &str) -> Result<(), csv::Error> {
    let mut row = vec![String::new(); HEADER.len()];
    row[0] = harmless(label);
    row[6] = "not-read".to_owned();
    row[17] = harmless(reason);
    writer.write_record(row)
}

fn finding(finding: &Finding<'_>) -> Vec<String> {
    let strictest = finding.rules.first();
    let relation = match finding.relation {
        Relation::Inside => "inside",
        Relation::Near => "near",
    };
    vec![
        finding.theme.to_owned(),
        finding.layer.to_owned(),
        finding.id.to_owned(),
        finding.name.unwrap_or_default().to_owned(),
        finding.effect.code().to_owned(),
        strictest.and_then(|rule| rule.if_so).map_or(String::new(), |effect| effect.code().to_owned()),
        relation.to_owned(),
        format!("{:.1}", finding.overlap_m2),
        format!("{:.6}", finding.overlap_share),
        format!("{:.1}", finding.distance_m),
        finding.borderline.to_string(),
        finding.regime.map_or("", |regime| regime.code).to_owned(),
        finding.regime.map_or("", |regime| regime.en).to_owned(),
        strictest.map_or("", |rule| rule.rule).to_owned(),
        strictest.map_or("", |rule| &rule.law.reference).to_owned(),
        strictest.map_or("", |rule| &rule.sentence.en).to_owned(),
        finding.vintage.to_owned(),
        finding.sheet.unwrap_or_default().to_owned(),
    ]
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe. Negative numbers there are none.
pub(super) fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(["=1+1", "@x", "Pré d'en bas", "3.5"].map(harmless), ["'=1+1", "'@x", "Pré d'en bas", "3.5"]);
    }
}
