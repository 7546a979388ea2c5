//! The shapes of bodies, by name. What has a type in the program has its schema from that type.

use serde_json::{Map, Value, json};

use crate::layer::definition::{FieldType, GeometryType, Role, Visibility};
use crate::siting::spec::json_schema;

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

fn list(of: &str) -> Value {
    json!({ "type": "array", "items": named(of) })
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The words of one of the program's enumerations.
fn words<T: schemars::JsonSchema>() -> Value {
    let schema = schemars::schema_for!(T).to_value();
    let variants = schema["oneOf"].as_array().into_iter().flatten().filter_map(|variant| variant.get("const"));
    let plain = schema["enum"].as_array().into_iter().flatten();
    let both: Vec<Value> = plain.chain(variants).cloned().chain(words_in_groups(&schema)).collect();
    json!({ "type": "string", "enum": both })
}

/// Variants without a comment of their own stand together.
fn words_in_groups(schema: &Value) -> Vec<Value> {
    let groups = schema["oneOf"].as_array().into_iter().flatten();
    groups.filter_map(|group| group["enum"].as_array()).flatten().cloned().collect()
}

/// A schema with definitions of its own, whose references start at the root of the document around it.
fn rehomed(json: Value, name: &str) -> Value {
    match json {
        Value::Object(members) => {
            let moved = members.into_iter().map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(target)) => {
                    let place = target.trim_start_matches('#');
                    (key, format!("#/components/schemas/{name}{place}").into())
                }
                (_, value) => (key, rehomed(value, name)),
            });
            moved.filter(|(key, _)| key != "$schema" && key != "$id").collect()
        }
        Value::Array(items) => items.into_iter().map(|item| rehomed(item, name)).collect(),
        other => other,
    }
}

/// Every schema, by name.
#[expect(clippy::too_many_lines, reason = "a table, an entry a shape")]
pub fn schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let maybe_text = || json!({ "type": ["string", "null"] });
    let number = || json!({ "type": "number" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let both = || object(&["fr", "en"], json!({ "fr": text(), "en": text() }));
    let all = [
        ("Json", json!({})),
        ("Object", json!({ "type": "object" })),
        (
            "Problem",
            object(
                &["type", "title", "status", "detail"],
                json!({ "type": text(), "title": text(), "status": { "type": "integer" }, "detail": text() }),
            ),
        ),
        (
            "Link",
            object(
                &["href", "rel"],
                json!({ "href": text(), "rel": text(), "type": text(), "title": text(), "hreflang": text() }),
            ),
        ),
        ("Landing", object(&["title", "links"], json!({ "title": text(), "description": text(), "links": list("Link") }))),
        ("Conformance", object(&["conformsTo"], json!({ "conformsTo": { "type": "array", "items": text() } }))),
        (
            "Health",
            object(
                &["state"],
                json!({ "state": { "type": "string", "enum": ["opening", "ready"] }, "snapshot": text(), "layers": count() }),
            ),
        ),
        ("Limits", json!({ "type": "object", "additionalProperties": { "type": "number" } })),
        ("Provenance", object(&["snapshot", "layers"], json!({ "snapshot": text(), "layers": list("Layer") }))),
        ("Text", both()),
        (
            "Layer",
            object(
                &[
                    "id",
                    "title",
                    "role",
                    "visibility",
                    "geometry",
                    "publisher",
                    "licence",
                    "vintage",
                    "refresh",
                    "counts",
                    "columns",
                ],
                json!({
                    "id": text(), "title": named("Text"), "description": { "oneOf": [named("Text"), { "type": "null" }] },
                    "role": words::<Role>(), "visibility": words::<Visibility>(), "geometry": words::<GeometryType>(),
                    "publisher": text(), "licence": text(), "licence_url": maybe_text(), "attribution": maybe_text(), "address": text(),
                    "schema": maybe_text(), "vintage": text(), "refresh": text(), "precision_m": number(), "counts": named("Counts"),
                    "extent_lonlat": { "type": ["array", "null"], "items": number(), "minItems": 4, "maxItems": 4 },
                    "columns": { "type": "object", "additionalProperties": named("Column") }, "tiles": maybe_text(),
                }),
            ),
        ),
        (
            "Counts",
            object(
                &["read", "features", "repaired", "rejected", "filtered"],
                json!({ "read": count(), "features": count(), "repaired": count(), "rejected": count(), "filtered": count() }),
            ),
        ),
        (
            "Column",
            object(
                &["type"],
                json!({ "type": words::<FieldType>(), "unit": maybe_text(), "title": { "oneOf": [named("Text"), { "type": "null" }] }, "words": { "type": "object" } }),
            ),
        ),
        (
            "Collections",
            object(
                &["links", "collections"],
                json!({ "links": list("Link"), "crs": { "type": "array", "items": text() }, "collections": list("Collection") }),
            ),
        ),
        (
            "Collection",
            object(
                &["id", "title", "links", "itemType", "publisher", "licence", "vintage", "refresh", "counts"],
                json!({
                    "id": text(), "title": text(), "description": text(), "attribution": text(), "names": named("Text"), "links": list("Link"),
                    "itemType": { "const": "feature" }, "crs": { "type": "array", "items": text() }, "storageCrs": text(),
                    "extent": object(&["spatial"], json!({ "spatial": object(&["bbox", "crs"], json!({ "bbox": { "type": "array", "items": { "type": "array", "items": number(), "minItems": 4, "maxItems": 4 } }, "crs": text() })) })),
                    "publisher": text(), "licence": text(), "vintage": text(), "refresh": text(), "counts": named("Counts"),
                }),
            ),
        ),
        (
            "Found",
            object(
                &["q", "results"],
                json!({ "q": text(), "results": { "type": "array", "items": object(&["layer", "id", "address"], json!({
            "layer": text(), "title": named("Text"), "id": text(), "name": maybe_text(), "commune": {}, "address": text(),
            "lon": { "type": ["number", "null"] }, "lat": { "type": ["number", "null"] },
        })) } }),
            ),
        ),
        (
            "JsonSchema",
            object(
                &["$schema", "$id", "type", "properties"],
                json!({ "$schema": text(), "$id": text(), "type": { "const": "object" }, "properties": { "type": "object" } }),
            ),
        ),
        (
            "Items",
            object(
                &["type", "features"],
                json!({ "type": { "const": "FeatureCollection" }, "numberMatched": count(), "numberReturned": count(), "links": list("Link"), "features": list("Feature") }),
            ),
        ),
        ("GeoJson", object(&["type"], json!({ "type": text() }))),
        (
            "Geometry",
            object(
                &["type", "coordinates"],
                json!({ "type": { "type": "string", "enum": ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"] }, "coordinates": { "type": "array" } }),
            ),
        ),
        (
            "Feature",
            object(
                &["type", "id", "geometry", "properties"],
                json!({ "type": { "const": "Feature" }, "id": text(), "geometry": { "oneOf": [named("Geometry"), { "type": "null" }] }, "properties": { "type": "object" } }),
            ),
        ),
        (
            "FeatureCollection",
            object(
                &["type", "features"],
                json!({ "type": { "const": "FeatureCollection" }, "features": { "type": "array", "items": { "type": "object" } } }),
            ),
        ),
        (
            "TileJson",
            object(
                &["tilejson", "tiles", "vector_layers"],
                json!({ "tilejson": { "const": "3.0.0" }, "tiles": { "type": "array", "items": text(), "minItems": 1 }, "vector_layers": { "type": "array", "items": { "type": "object" } } }),
            ),
        ),
        ("Styles", object(&["styles"], json!({ "styles": { "type": "array", "items": { "type": "object" } } }))),
        (
            "Style",
            object(
                &["version", "sources", "layers"],
                json!({ "version": { "const": 8 }, "sources": { "type": "object" }, "layers": { "type": "array" } }),
            ),
        ),
        ("Specification", rehomed(json_schema(), "Specification")),
        (
            "Answer",
            object(
                &["id", "sites", "passing"],
                json!({ "id": text(), "sites": { "type": "array", "items": { "type": "object" } }, "passing": count() }),
            ),
        ),
        (
            "Question",
            object(
                &["plot"],
                json!({ "plot": { "type": ["object", "string", "array"] }, "project": { "type": "object" }, "metric": { "type": "string", "enum": ["ellipsoid", "plane"] } }),
            ),
        ),
        (
            "Execution",
            object(
                &["inputs"],
                json!({ "inputs": { "type": "object" }, "outputs": { "type": "object" }, "response": { "type": "string", "enum": ["raw", "document"] } }),
            ),
        ),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
