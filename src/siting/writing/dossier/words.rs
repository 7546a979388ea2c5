//! The words of the dossier for what the answer says in codes.

use jiff::civil::Date;

use crate::geometry::units::Quantity;
use crate::layer::filter::Operator;
use crate::layer::language::Language;
use crate::paper::markup::{escape, name};
use crate::paper::numbers::{date, exact, quantity, with_unit};
use crate::siting::answer::Finding;
use crate::siting::measure::Reason;
use crate::siting::rule::Outcome;
use crate::siting::spec::required::{Comparison, Operand, Required};

pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    match outcome {
        Outcome::Pass => language.of("remplie", "met"),
        Outcome::Fail => language.of("non remplie", "not met"),
        Outcome::Unknown => language.of("indécidable", "undecidable"),
    }
}

/// Why nothing is known. A reason without a translation stays in English, and says so.
pub fn reason(sentence: &str, language: Language) -> String {
    const REASONS: [Reason; 13] = [
        Reason::NoGeometry,
        Reason::NoSurface,
        Reason::EmptyCell,
        Reason::NoColumn,
        Reason::NoData,
        Reason::MissingPart,
        Reason::NoArea,
        Reason::NotFound,
        Reason::Unsaid,
        Reason::NoTotal,
        Reason::UnsureStage,
        Reason::NoPiece,
        Reason::NotMeasured,
    ];
    let known = REASONS.into_iter().find(|reason| reason.sentence() == sentence);
    match (language, known) {
        (Language::En, _) => escape(sentence),
        (Language::Fr, None) => format!("<span lang=\"en\">{}</span>", escape(sentence)),
        (Language::Fr, Some(reason)) => in_french(reason).to_owned(),
    }
}

fn in_french(reason: Reason) -> &'static str {
    match reason {
        Reason::NoGeometry => "le site n’a pas de géométrie",
        Reason::NoSurface => "le site n’est pas un polygone",
        Reason::EmptyCell => "la source laisse cette case vide",
        Reason::NoColumn => "la couche du site n’a pas cette colonne",
        Reason::NoData => "les données ne contiennent rien de cette couche dans le territoire du site",
        Reason::MissingPart => "un objet dans le rayon ne connaît pas son nombre",
        Reason::NoArea => "aucun objet de la couche ne contient le site",
        Reason::NotFound => "l’objet que nomme le site n’est pas dans la couche",
        Reason::Unsaid => "aucun plan ne dit rien de cette destination sur le terrain du site",
        Reason::NoTotal => "il n’y a pas autour du site de nombres dont prendre une part",
        Reason::UnsureStage => "ce que l’inventaire en dit ne permet pas de savoir quand il sera disponible",
        Reason::NoPiece => "le site n’est sur aucun morceau de la couche qui doit le relier",
        Reason::NotMeasured => "pas mesuré",
    }
}

/// What a criterion of this kind measures. A kind without a word here is named as the specification names it.
pub fn kind(kind: &str, language: Language) -> &str {
    match kind {
        "attribute" => language.of("colonne de la source", "column of the source"),
        "area" => language.of("surface du terrain", "area of the plot"),
        "proximity" => language.of("distance au plus proche", "distance to the nearest"),
        "clearance" => language.of("éloignement du plus proche", "clearance from the nearest"),
        "overlap" => language.of("recouvrement", "overlap"),
        "count" => language.of("nombre dans les environs", "number around"),
        "sum" => language.of("somme dans les environs", "sum around"),
        "availability" => language.of("date de disponibilité", "date it can be had"),
        "layer" => language.of("couche du site", "layer of the site"),
        "zoning" => language.of("part selon le plan d’urbanisme", "share by the zoning plan"),
        "specificity" => language.of("indice de spécificité", "location quotient"),
        "catchment" => language.of("vivier de main-d’œuvre", "labour pool"),
        other => other,
    }
}

/// A key of a criterion as written in a specification.
pub fn key(key: &str, language: Language) -> &str {
    match key {
        "to" => language.of("vers", "to"),
        "from" => language.of("de", "from"),
        "of" => language.of("de", "of"),
        "where" => language.of("où", "where"),
        "radius" => language.of("rayon", "radius"),
        "column" => language.of("colonne", "column"),
        "field" => language.of("champ", "field"),
        "at" => language.of("mesuré au", "measured at"),
        "with" => language.of("avec", "with"),
        "in" => language.of("dans", "in"),
        "by" => language.of("par", "by"),
        "k" => language.of("rang du plus proche", "k-th nearest"),
        "through" => language.of("reliés par", "connected through"),
        "gap" => language.of("écart admis", "widest gap"),
        "distinct" => language.of("distincts par", "distinct by"),
        "table" => language.of("table", "table"),
        "key" => language.of("code", "code"),
        "sector" => language.of("secteur", "sector"),
        "against" => language.of("comparé à", "against"),
        "asked" => language.of("demandé le", "asked on"),
        "plan" => language.of("plan", "plan"),
        "destination" => language.of("destination", "use"),
        "state" => language.of("état", "state"),
        other => other,
    }
}

/// What a criterion or a group of criteria requires, from its writing in the specification; empty where it requires nothing.
pub fn asked(written: &serde_json::Value, language: Language) -> String {
    let Some(members) = written["criteria"].as_object() else {
        return written["required"].as_str().map(|text| requirement(text, language)).unwrap_or_default();
    };
    let how = match written["kind"].as_str() {
        Some("any") => language.of("au moins un de", "any of").to_owned(),
        Some("none") => language.of("aucun de", "none of").to_owned(),
        Some("at-least") => format!("{} {} {}", language.of("au moins", "at least"), written["n"], language.of("de", "of")),
        _ => language.of("chacun de", "all of").to_owned(),
    };
    let phrases: Vec<String> =
        members.iter().map(|(called, member)| format!("{} {}", name(called), asked(member, language))).collect();
    format!("{how} ({})", phrases.join(language.of(" ; ", "; ")))
}

/// A requirement as a phrase: `at least 8 ha`. One that is not in the grammar of leaves is shown as written.
pub fn requirement(text: &str, language: Language) -> String {
    let Ok(required) = text.parse::<Required>() else { return name(text) };
    let phrases: Vec<String> = required.0.iter().map(|comparison| phrase(comparison, language)).collect();
    phrases.join(language.of(" et ", " and "))
}

fn phrase(comparison: &Comparison, language: Language) -> String {
    let (operator, operand) = match comparison {
        Comparison::Compared(operator, operand) => (operator, operand),
        Comparison::In { not, operands } => {
            let listed: Vec<String> = operands.iter().map(|operand| written(&operand.0, language)).collect();
            let opening = if *not { language.of("ni", "none of") } else { language.of("parmi", "one of") };
            return format!("{opening} {}", listed.join(if *not { language.of(" ni ", ", ") } else { ", " }));
        }
    };
    let Operand(text) = operand;
    let dated = text.parse::<Date>().is_ok();
    let opening = match (operator, dated) {
        (Operator::Equal, _) => "",
        (Operator::Different, _) => language.of("autre que ", "other than "),
        (Operator::Less, true) => language.of("avant le ", "before "),
        (Operator::LessOrEqual, true) => language.of("au plus tard le ", "by "),
        (Operator::Greater, true) => language.of("après le ", "after "),
        (Operator::GreaterOrEqual, true) => language.of("à partir du ", "from "),
        (Operator::Less, false) => language.of("moins de ", "less than "),
        (Operator::LessOrEqual, false) => language.of("au plus ", "at most "),
        (Operator::Greater, false) => language.of("plus de ", "more than "),
        (Operator::GreaterOrEqual, false) => language.of("au moins ", "at least "),
    };
    format!("{opening}{}", written(text, language))
}

/// A quantity, a date, a truth value or a word as the specification writes it.
pub fn written(text: &str, language: Language) -> String {
    if let Ok(day) = text.parse::<Date>() {
        return date(day, language);
    }
    if let Ok(Quantity { value, unit }) = text.parse() {
        return with_unit(&exact(value, language), unit.map(|unit| unit.symbol()), language);
    }
    match text {
        "true" => truth(true, language).to_owned(),
        "false" => truth(false, language).to_owned(),
        word => language.of(format!("«\u{202f}{}\u{202f}»", name(word)), format!("“{}”", name(word))),
    }
}

fn truth(truth: bool, language: Language) -> &'static str {
    if truth { language.of("oui", "yes") } else { language.of("non", "no") }
}

/// What was measured, in words; without markup for unknown values, whose reason is told apart.
pub fn measured(finding: &Finding, language: Language) -> String {
    let bound = if finding.at_least { language.of("au moins ", "at least ") } else { "" };
    match &finding.value {
        serde_json::Value::Null => language.of("inconnu", "unknown").to_owned(),
        serde_json::Value::Bool(value) => truth(*value, language).to_owned(),
        serde_json::Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            bound.to_owned() + &crate::paper::markup::data(number, &quantity(number, finding.unit, language))
        }
        serde_json::Value::String(word) => word.parse().map_or_else(|_| name(word), |day| date(day, language)),
        other => escape(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_read_as_phrases() {
        let says = |text: &str| [requirement(text, Language::Fr), requirement(text, Language::En)];
        assert_eq!(says(">= 8 ha"), ["au moins 8\u{202f}ha", "at least 8\u{202f}ha"]);
        assert_eq!(says("<= 2027-07-01"), ["au plus tard le 1er juillet 2027", "by 1 July 2027"]);
        assert_eq!(
            says("> 8 ha and < 20000 m2"),
            ["plus de 8\u{202f}ha et moins de 20\u{202f}000\u{202f}m²", "more than 8\u{202f}ha and less than 20,000\u{202f}m²"]
        );
        assert_eq!(says("= true"), ["oui", "yes"]);
        assert_eq!(says("in ['<b>', 'on sale']")[1], "one of “<bdi>&lt;b&gt;</bdi>”, “<bdi>on sale</bdi>”");
        assert_eq!(says("2 of 3 <x>")[1], "<bdi>2 of 3 &lt;x&gt;</bdi>", "what the grammar does not know is shown as it is");
    }

    #[test]
    fn a_group_reads_as_its_members() {
        let rail = serde_json::json!({ "kind": "proximity", "required": "<= 2 km" });
        let group = serde_json::json!({ "kind": "at-least", "n": 2, "criteria": { "rail": rail, "<p>": { "kind": "none", "criteria": { "rail": rail } } } });
        let km = "2\u{202f}km";
        assert_eq!(
            asked(&group, Language::Fr),
            format!(
                "au moins 2 de (<bdi>rail</bdi> au plus {km} ; <bdi>&lt;p&gt;</bdi> aucun de (<bdi>rail</bdi> au plus {km}))"
            )
        );
        assert!(asked(&group, Language::En).starts_with("at least 2 of (<bdi>rail</bdi> at most"));
    }

    #[test]
    fn every_reason_has_its_french() {
        for reason_given in [Reason::NoGeometry, Reason::EmptyCell, Reason::NoData] {
            let french = reason(reason_given.sentence(), Language::Fr);
            assert!(!french.contains("lang=") && french != reason_given.sentence());
        }
        assert_eq!(reason("new <one>", Language::Fr), "<span lang=\"en\">new &lt;one&gt;</span>");
    }
}
