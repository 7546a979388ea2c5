//! Query parameters of what is asked about territories.

use serde_json::{Value, json};

use crate::http::api::schemas::{one_of, query};

/// Of specificity.
pub fn parameters() -> Vec<(&'static str, Value)> {
    vec![
        ("f-list", query("f", "Form of the answer.", one_of(&["json", "csv"]))),
        (
            "classes",
            query(
                "classes",
                "How finely activities are told apart.",
                json!({ "type": "integer", "enum": [17, 38, 88, 732], "default": 88 }),
            ),
        ),
        (
            "reference",
            query("reference", "What it is compared with, as `level/code`, or FR.", json!({ "type": "string", "default": "FR" })),
        ),
        ("measure", query("measure", "What is counted.", one_of(&["employees", "establishments"]))),
        (
            "kappa",
            query(
                "kappa",
                "Jobs that the shrunk quotient adds to both sides.",
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000, "default": 20 }),
            ),
        ),
    ]
}
