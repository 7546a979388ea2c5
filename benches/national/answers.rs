//! An answer written beside those of the other tools, in their shape, so that their script compares it.

use emprise::geometry::units::Unit;
use emprise::siting::answer::{Answer, Finding, RankedSite};
use serde_json::{Value, json};

use crate::national::work;

/// Writes the answer to one of the common questions, such as `q1`.
pub fn write(question: &str, answer: &Answer) {
    let answers = work().join("results/answers");
    std::fs::create_dir_all(&answers).unwrap();
    std::fs::write(answers.join(format!("emprise_{question}.json")), in_their_shape(answer).to_string()).unwrap();
}

/// Criteria and the names that the other tools' answers give their measures.
const MEASURES: [(&str, &str); 8] = [
    ("area", "area"),
    ("junction", "dj"),
    ("siding", "dr"),
    ("substation", "ds"),
    ("freight", "df"),
    ("chargers", "nc"),
    ("labour", "lab"),
    ("nature", "dn"),
];

fn in_their_shape(answer: &Answer) -> Value {
    json!({ "n": answer.passing, "rows": answer.sites.iter().map(row).collect::<Vec<_>>() })
}

fn row(site: &RankedSite) -> Value {
    let mut row = json!({ "id": site.id.parse::<u64>().unwrap(), "score": site.score });
    for (criterion, key) in MEASURES {
        let finding = site.findings.iter().find(|finding| finding.criterion == criterion).unwrap();
        row[key] = base(finding).into();
        if let Some(witness) = finding.witness.as_ref().filter(|_| key.starts_with('d')) {
            row[format!("{key}_id")] = witness.id.parse::<u64>().unwrap().into();
        }
    }
    row
}

/// The value in metres, square metres or pieces.
fn base(finding: &Finding) -> f64 {
    let factor = finding.unit.map_or(1.0, |unit| unit.parse::<Unit>().unwrap().to_base(1.0));
    finding.value.as_f64().unwrap() * factor
}
