//! The listed sites as one table of typed columns, the same in every writing that has rows.
//!
//! A criterion gives its columns by its own name and a suffix: `area.value`, `area.unit`, `area.outcome`, ... What is not known
//! is [`Value::Unknown`], never zero.

use geo_types::Geometry;
use serde_json::json;

use crate::atlas::View;
use crate::geometry::reference::Reference;
use crate::layer::definition::FieldType;
use crate::layer::value::Value;
use crate::siting::answer::{Answer, Finding, RankedSite};
use crate::writing::{Column, place};

/// The columns of an answer.
///
/// The type of a criterion's values is that of those that are known: what is measured of one site is measured of all.
pub fn columns(answer: &Answer) -> Vec<Column> {
    let mut columns: Vec<Column> = FIXED.iter().map(|&(name, kind, unit)| Column { name: name.to_owned(), kind, unit }).collect();
    for (place, head) in answer.criteria.iter().enumerate() {
        let values = listed(answer).filter_map(|(site, _)| site.findings.get(place)).map(|finding| &finding.value);
        let value = ("value", kind_of(values), head.unit);
        columns.extend(
            std::iter::once(value)
                .chain(GROUP.iter().map(|&(suffix, kind)| (suffix, kind, None)))
                .map(|(suffix, kind, unit)| Column { name: format!("{}.{suffix}", head.name), kind, unit }),
        );
    }
    columns
}

/// The listed sites with their verdict, passing ones first, best first.
pub fn listed(answer: &Answer) -> impl Iterator<Item = (&RankedSite, &'static str)> {
    let passing = answer.sites.iter().map(|site| (site, "pass"));
    passing.chain(answer.undecided_sites.iter().map(|site| (site, "unknown")))
}

const FIXED: [(&str, FieldType, Option<&str>); 16] = [
    ("verdict", FieldType::Text, None),
    ("rank", FieldType::Integer, None),
    ("score", FieldType::Number, None),
    ("layer", FieldType::Text, None),
    ("id", FieldType::Text, None),
    ("name", FieldType::Text, None),
    ("commune", FieldType::Text, None),
    ("commune_name", FieldType::Text, None),
    ("area_m2", FieldType::Number, Some("m2")),
    ("lon", FieldType::Number, None),
    ("lat", FieldType::Number, None),
    ("rank_best", FieldType::Integer, None),
    ("rank_worst", FieldType::Integer, None),
    // The least is the score itself.
    ("score_high", FieldType::Number, None),
    ("weakest", FieldType::Text, None),
    ("undominated", FieldType::Boolean, None),
];

/// After a criterion's value.
const GROUP: [(&str, FieldType); 9] = [
    ("unit", FieldType::Text),
    ("at_least", FieldType::Boolean),
    ("outcome", FieldType::Text),
    ("borderline", FieldType::Boolean),
    ("contribution", FieldType::Number),
    ("contribution_high", FieldType::Number),
    ("witness", FieldType::Text),
    ("witness_layer", FieldType::Text),
    ("unknown", FieldType::Text),
];

/// The cells of a site, in the order of [`columns`].
pub fn cells(columns: &[Column], site: &RankedSite, verdict: &str) -> Vec<Value> {
    let commune = site.commune.as_ref();
    let mut cells = vec![
        Value::Text(verdict.to_owned()),
        Value::Integer(site.rank as i64),
        Value::Number(site.score),
        Value::Text(site.layer.clone()),
        Value::Text(site.id.clone()),
        text(site.name.as_ref()),
        text(commune.map(|commune| &commune.code)),
        text(commune.and_then(|commune| commune.name.as_ref())),
        number(site.area_m2),
        number(site.lon),
        number(site.lat),
        Value::Integer(site.rank_interval[0] as i64),
        Value::Integer(site.rank_interval[1] as i64),
        Value::Number(site.score_interval[1]),
        text(site.weakest.as_ref()),
        site.undominated.map_or(Value::Unknown, Value::Boolean),
    ];
    for finding in &site.findings {
        let kind = columns.get(cells.len()).map_or(FieldType::Text, |column| column.kind);
        cells.extend(group(finding, kind));
    }
    cells
}

fn group(finding: &Finding, kind: FieldType) -> [Value; 10] {
    let outcome = finding.outcome.map(|outcome| json!(outcome));
    let known = !finding.value.is_null();
    [
        typed(&finding.value, kind),
        text(finding.unit.as_ref()),
        if known { Value::Boolean(finding.at_least) } else { Value::Unknown },
        text(outcome.as_ref().and_then(serde_json::Value::as_str).as_ref()),
        finding.outcome.map_or(Value::Unknown, |_| Value::Boolean(finding.borderline)),
        number(finding.contribution),
        number(finding.contribution_interval.map(|[_, high]| high).or(finding.contribution)),
        text(finding.witness.as_ref().map(|found| &found.id)),
        text(finding.witness.as_ref().map(|found| &found.layer)),
        text(finding.unknown.as_ref()),
    ]
}

fn text(text: Option<&(impl ToString + ?Sized)>) -> Value {
    text.map_or(Value::Unknown, |text| Value::Text(text.to_string()))
}

fn number(number: Option<f64>) -> Value {
    number.map_or(Value::Unknown, Value::Number)
}

fn typed(value: &serde_json::Value, kind: FieldType) -> Value {
    match (value, kind) {
        (serde_json::Value::Null, _) => Value::Unknown,
        (value, FieldType::Number) => number(value.as_f64()),
        (value, FieldType::Boolean) => value.as_bool().map_or(Value::Unknown, Value::Boolean),
        (serde_json::Value::String(word), FieldType::Date) => word.parse().map_or(Value::Unknown, Value::Date),
        (serde_json::Value::String(word), _) => Value::Text(word.clone()),
        (other, _) => Value::Text(other.to_string()),
    }
}

fn kind_of<'v>(values: impl Iterator<Item = &'v serde_json::Value>) -> FieldType {
    let kind = |value: &serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::Number(_) => Some(FieldType::Number),
        serde_json::Value::Bool(_) => Some(FieldType::Boolean),
        serde_json::Value::String(word) if word.parse::<jiff::civil::Date>().is_ok() => Some(FieldType::Date),
        _ => Some(FieldType::Text),
    };
    let mut kinds = values.filter_map(kind);
    let first = kinds.next().unwrap_or(FieldType::Number);
    if kinds.all(|other| other == first) { first } else { FieldType::Text }
}

/// The geometry of a site in degrees, to the centimetre, outer rings counter-clockwise; `None` where it has none.
pub fn geometry(site: &RankedSite, view: View<'_>) -> Option<Geometry<f64>> {
    place::geometry(&view.layer(&site.layer)?.shape(site.row), Reference::Crs84)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_type_of_what_is_known() {
        let kind = |values: serde_json::Value| kind_of(values.as_array().unwrap().iter());
        assert_eq!(kind(json!([null, 1.5, 2])), FieldType::Number);
        assert_eq!(kind(json!([true, null])), FieldType::Boolean);
        assert_eq!(kind(json!(["2027-06-01", null])), FieldType::Date);
        assert_eq!(kind(json!(["2027-06-01", "later"])), FieldType::Text);
        assert_eq!(kind(json!([1, "one"])), FieldType::Text);
        assert_eq!(kind(json!([null])), FieldType::Number);
    }
}
