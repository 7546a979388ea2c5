//! Query parameters of what is asked about territories.

use serde_json::{Value, json};

use crate::commuting::carpool::Parameters as Carpool;
use crate::commuting::charging::parameters::Parameters as Charging;
use crate::http::api::parameters::{one_of, query, required, with_example};

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
        (
            "territories",
            with_example(
                required(query(
                    "territories",
                    "Two to five, as `level/code`, with semicolons between them.",
                    json!({ "type": "string" }),
                )),
                json!("commune/21231;commune/21355"),
            ),
        ),
        (
            "projects",
            query(
                "projects",
                "Of the programmes' projects, only those that this keeps, in CQL2 text.",
                json!({ "type": "string" }),
            ),
        ),
        ("indicator", query("indicator", "A number to tell of each area, by its id.", json!({ "type": "string" }))),
        (
            "where",
            query(
                "where",
                "Of the rows that make the number, only those that this keeps, in CQL2 text.",
                json!({ "type": "string" }),
            ),
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
        ("lon", with_example(query("lon", "Longitude in degrees.", json!({ "type": "number" })), json!(5.0405))),
        ("lat", with_example(query("lat", "Latitude in degrees.", json!({ "type": "number" })), json!(47.3204))),
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

/// Of charging need and carpool need.
pub fn of_needs() -> Vec<(&'static str, Value)> {
    let number = |name, says, usual: f64| (name, query(name, says, json!({ "type": "number", "default": usual })));
    let charging = Charging::default();
    let carpool = Carpool::default();
    vec![
        (
            "level",
            with_example(query("level", "Level of the areas.", json!({ "type": "string", "default": "epci" })), json!("commune")),
        ),
        (
            "territory-in",
            query("territory", "Only what is in, or touches, this territory, as `level/code`.", json!({ "type": "string" })),
        ),
        ("road", query("road", "A road by its number, in place of areas.", json!({ "type": "string" }))),
        (
            "within-road",
            query(
                "within",
                "How far from the road, in kilometres.",
                json!({ "type": "number", "minimum": 0, "maximum": 50, "default": 5 }),
            ),
        ),
        ("by-need", query("by", "Which need ranks.", one_of(&["afir", "energy"]))),
        number("kw_per_battery_car", "Regulatory floor a battery car.", charging.kw_per_battery_car),
        number("kw_per_plug_in_car", "Regulatory floor a plug-in hybrid.", charging.kw_per_plug_in_car),
        number("kwh_per_100_km", "Consumption.", charging.kwh_per_100_km),
        number("km_per_day", "Distance of a car in a day.", charging.km_per_day),
        number("public_share", "Share that residents charge in public.", charging.public_share),
        number("work_share", "Share that commuters charge in public where they work.", charging.work_share),
        number("plug_in_weight", "A plug-in hybrid as a part of a battery car.", charging.plug_in_weight),
        number("utilisation", "Part of the day that a point is busy.", charging.utilisation),
        number("power_kw", "Power of the points in which needs are told.", charging.power_kw),
        number("pool_kw", "Power of a pool along a road.", charging.pool_kw),
        number("pool_spacing_km", "How far pools may be apart in each direction.", charging.pool_spacing_km),
        (
            "min-long",
            query("min", "The least flow, in workers.", json!({ "type": "integer", "minimum": 50, "default": carpool.min })),
        ),
        number("min_km", "A flow is long from here.", carpool.min_km),
        number("max_km", "A flow is no longer than this.", carpool.max_km),
        number("near_km", "A place is near the way up to here.", carpool.near_km),
        (
            "limit-flows",
            query(
                "limit",
                "Flows that are listed.",
                json!({ "type": "integer", "minimum": 1, "maximum": 10_000, "default": carpool.limit }),
            ),
        ),
    ]
}

/// Of maps of territories.
pub fn of_maps() -> Vec<(&'static str, Value)> {
    vec![
        ("method", query("method", "How classes are made.", one_of(&["quantile", "jenks", "equal", "manual"]))),
        (
            "classes-map",
            query("classes", "How many classes.", json!({ "type": "integer", "minimum": 2, "maximum": 5, "default": 5 })),
        ),
        (
            "breaks",
            query(
                "breaks",
                "Of manual classes: where each but the first begins, rising, between commas.",
                json!({ "type": "string" }),
            ),
        ),
        (
            "normalise",
            query(
                "normalise",
                "What the number is divided by: square kilometres, or thousands of residents.",
                one_of(&["area", "population"]),
            ),
        ),
        ("ramp", query("ramp", "Colours.", one_of(&["blue", "brown", "diverging"]))),
    ]
}
