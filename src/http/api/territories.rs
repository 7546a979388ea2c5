//! Query parameters of what is asked about territories.

use serde_json::{Value, json};

use crate::http::api::schemas::{one_of, query};

/// Of specificity and of catchments.
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
        ("f-places", query("f", "Form of the answer.", one_of(&["json", "geojson", "csv"]))),
        ("lon", query("lon", "Longitude in degrees.", json!({ "type": "number" }))),
        ("lat", query("lat", "Latitude in degrees.", json!({ "type": "number" }))),
        ("site", query("site", "A feature as `layer/id`, in place of a position.", json!({ "type": "string" }))),
        (
            "within",
            query(
                "within",
                "How far, in kilometres.",
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 100, "default": 20 }),
            ),
        ),
        (
            "decay",
            query(
                "decay",
                "What distance does: step, exponential:10km (its scale) or gaussian:10km (its σ).",
                json!({ "type": "string", "default": "step" }),
            ),
        ),
        (
            "jobs",
            query(
                "jobs",
                "Jobs that the site offers.",
                json!({ "type": "number", "minimum": 0, "maximum": 1_000_000, "default": 100 }),
            ),
        ),
    ]
}
