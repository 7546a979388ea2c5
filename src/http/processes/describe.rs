//! `GET /processes` and `GET /processes/{process}`: what can be executed, with which inputs and outputs.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::VARY;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::address::{Address, VARIES_WITH};
use crate::http::error::HttpError;
use crate::http::processes::{Process, link};
use crate::siting::spec::json_schema;

/// `GET /processes`
pub async fn list(address: Address) -> Response {
    let processes: Vec<Value> = Process::ALL.iter().map(|&process| summary(process, &address)).collect();
    let links = [link(format!("{}/processes", address.0), "self", "application/json")];
    send(json!({ "processes": processes, "links": links }))
}

/// `GET /processes/{process}`
pub async fn one(address: Address, path: Result<Path<String>, PathRejection>) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let process = Process::of(&id)?;
    let mut description = summary(process, &address);
    let (inputs, outputs) = match process {
        Process::Siting => siting(),
        Process::Zoning => zoning(),
    };
    (description["inputs"], description["outputs"]) = (inputs, outputs);
    Ok(send(description))
}

fn send(json: Value) -> Response {
    ([(VARY, VARIES_WITH)], Json(json)).into_response()
}

fn summary(process: Process, address: &Address) -> Value {
    let own = format!("{}/processes/{}", address.0, process.id());
    let (title, description) = match process {
        Process::Siting => {
            ("Siting", "Ranks the sites that meet a specification, and says of each what was measured, what is unknown and why.")
        }
        Process::Zoning => (
            "Zoning check",
            "What bears on a plot, inside it or near it: effect, law, overlap and distance, source and date, and what is unknown.",
        ),
    };
    json!({
        "id": process.id(),
        "version": env!("CARGO_PKG_VERSION"),
        "title": title,
        "description": description,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            link(own.clone(), "self", "application/json"),
            link(format!("{own}/execution"), "http://www.opengis.net/def/rel/ogc/1.0/execute", "application/json"),
        ],
    })
}

fn siting() -> (Value, Value) {
    let text = json!({ "type": "string", "contentMediaType": "application/yaml" });
    // With an id of its own, what it refers to is looked up in it and not in the document around it.
    let mut object = json_schema();
    object["$id"] = "urn:emprise:specification".into();
    let inputs = json!({
        "specification": {
            "title": "Specification",
            "description": "What the land must be and do: an object, or a text in YAML or JSON.",
            "minOccurs": 1,
            "maxOccurs": 1,
            "schema": { "oneOf": [object, text] },
        },
    });
    (inputs, answer("The ranked sites, explained: as JSON, or with their geometry as GeoJSON."))
}

fn zoning() -> (Value, Value) {
    let input = |title: &str, description: &str, least: u8, schema: Value| json!({ "title": title, "description": description, "minOccurs": least, "maxOccurs": 1, "schema": schema });
    let plot = "GeoJSON, a feature as `layer/id`, or a point with a radius: what `plot` may be in POST /zoning.";
    let project = "What is planned there, such as its ICPE regime; it decides which rules apply.";
    let metric = "Metres on the ellipsoid, or on the plane of the territory's projection.";
    let inputs = json!({
        "plot": input("Plot", plot, 1, json!({ "oneOf": [{ "type": "object" }, { "type": "string" }] })),
        "project": input("Project", project, 0, json!({ "type": "object" })),
        "metric": input("Metric", metric, 0, json!({ "type": "string", "enum": ["ellipsoid", "plane"], "default": "ellipsoid" })),
    });
    (inputs, answer("What bears on the plot: as JSON, or with geometry as GeoJSON."))
}

fn answer(description: &str) -> Value {
    let of_type = |media_type: &str| json!({ "type": "object", "contentMediaType": media_type });
    let schema = json!({ "oneOf": [of_type("application/json"), of_type("application/geo+json")] });
    json!({ "answer": { "title": "Answer", "description": description, "schema": schema } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_of_the_input_takes_what_is_taken() {
        let (inputs, _) = siting();
        let schema = jsonschema::validator_for(&inputs["specification"]["schema"]).unwrap();
        let own = json!({ "emprise": 1, "candidates": { "layers": ["a"] }, "criteria": { "x": { "kind": "area", "required": "> 1 ha" } } });
        assert!(schema.is_valid(&own) && schema.is_valid(&own.to_string().into()));
        assert!(!schema.is_valid(&json!({ "emprise": 1 })) && !schema.is_valid(&json!(3)));
    }
}
