//! The shapes of bodies and parameters, by name. What has a type in the program has its schema from that type.

use serde_json::{Map, Value, json};

use crate::http::api::territories;
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

/// The key of a parameter that stands in a path: lists of layers have an extension where nothing follows them.
pub fn path_key(name: &str, path: &str) -> String {
    let drawn = if name == "layers" && path.contains("{z}") { "-drawn" } else { "" };
    format!("path-{name}{drawn}")
}

/// In a path: name, what it is, an example.
const IN_PATH: &[(&str, &str, &str)] = &[
    ("name", "A name.", "logistics-platform"),
    ("layer", "The id of a layer.", "communes"),
    ("feature", "The id of a feature; a `/` in it is written `%2F`.", "21231"),
    ("layers", "Ids of layers, between commas, and an extension.", "communes.json"),
    ("z", "Zoom.", "10"),
    ("x", "Column of the tile.", "526"),
    ("y", "Row of the tile, with or without `.mvt`.", "357.mvt"),
    ("grid", "The id of a grid of tiles.", "WebMercatorQuad"),
    ("row", "Row of the tile.", "357"),
    ("column", "Column of the tile, with or without `.mvt`.", "526"),
    ("level", "commune, epci, industry-territory, labour-zone, departement, region, country or custom.", "commune"),
    ("indicator", "The id of an indicator, as `/choropleth` lists them.", "population"),
    ("code", "The code of a territory, or a list of communes between commas.", "21231"),
    ("file", "Name of a picture or of its index.", "emprise.json"),
    ("stack", "A font.", "Noto Sans Regular"),
    ("range", "A range of letters, by their codes.", "0-255.pbf"),
    ("style", "The id of a style, with `.json`.", "land-availability.json"),
    ("id", "The id of an answer, as POST /siting gave it, with or without an extension.", "0123456789abcdef0123456789abcdef"),
    ("site", "The id of a site; a `/` in it is written `%2F`.", "1"),
    ("process", "The id of a process.", "siting"),
    ("job", "The id of a job, as its `Location` gave it.", "0123456789abcdef0123456789abcdef"),
    ("zone", "A business zone.", "000960037_064"),
];

/// Every parameter, by key.
pub fn parameters() -> Map<String, Value> {
    let in_path = IN_PATH.iter().map(|(name, says, example)| {
        let json = json!({ "name": name, "in": "path", "required": true, "description": says, "schema": { "type": "string" }, "example": example });
        (path_key(name, ""), json)
    });
    let drawn = json!({ "name": "layers", "in": "path", "required": true, "description": "Ids of layers, between commas.", "schema": { "type": "string" }, "example": "communes" });
    let in_path = in_path.chain([(path_key("layers", "{z}"), drawn)]);
    in_path
        .chain(
            in_query()
                .into_iter()
                .chain(of_flows_and_checks())
                .chain(territories::parameters())
                .chain(territories::of_needs())
                .chain(territories::of_maps())
                .map(|(key, json)| (key.to_owned(), json)),
        )
        .collect()
}

fn in_query() -> Vec<(&'static str, Value)> {
    let sites = with_example(
        required(query("sites", "Sites as `layer/id`, between commas.", json!({ "type": "string" }))),
        json!("business-plots/1,business-plots/21231"),
    );
    let uri = || json!({ "type": "string", "format": "uri" });
    let mut bbox = query(
        "bbox",
        "Lower corner and upper corner, four numbers; six with heights, which are not looked at.",
        json!({ "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 6 }),
    );
    (bbox["style"], bbox["explode"]) = ("form".into(), false.into());
    let q = query("q", "The beginning of a word of a name, or of an id.", json!({ "type": "string" }));
    let q = with_example(required(q), json!("dijon"));
    vec![
        ("q", q),
        (
            "limit-search",
            query("limit", "How many results.", json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 10 })),
        ),
        ("layers", query("layers", "Ids of the layers to look in, between commas.", json!({ "type": "string" }))),
        ("lang", query("lang", "Language of the words.", one_of(&["fr", "en"]))),
        ("scheme", query("scheme", "Colours for light or dark surroundings.", one_of(&["light", "dark"]))),
        ("for", query("for", "The program that will draw.", one_of(&["maplibre", "qgis"]))),
        ("edition", query("edition", "The edition of the data that the client was told of.", json!({ "type": "string" }))),
        ("n", query("n", "How many more sites.", json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }))),
        ("sites", sites),
        (
            "limit",
            query(
                "limit",
                "How many of them; a larger number means 10000.",
                json!({ "type": "integer", "minimum": 1, "maximum": 10_000, "default": 100 }),
            ),
        ),
        ("cursor", query("cursor", "Where the page begins, as `next` and `prev` links say.", json!({ "type": "string" }))),
        ("bbox", bbox),
        ("bbox-crs", query("bbox-crs", "The system of `bbox`, by its address.", uri())),
        (
            "datetime",
            query("datetime", "A date, or two with a `/` between, of which one may be `..`.", json!({ "type": "string" })),
        ),
        ("crs", query("crs", "The system of the answer's coordinates, by its address.", uri())),
        ("filter", query("filter", "A condition in CQL2.", json!({ "type": "string" }))),
        (
            "filter-lang",
            query(
                "filter-lang",
                "How the filter is written.",
                json!({ "type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text" }),
            ),
        ),
        ("filter-crs", query("filter-crs", "The system of the filter's geometries, by its address.", uri())),
        ("sortby", query("sortby", "Columns, between commas; after a `-`, the greatest first.", json!({ "type": "string" }))),
        ("properties", query("properties", "The columns to send, between commas.", json!({ "type": "string" }))),
        (
            "f-items",
            query(
                "f",
                "Form of the answer; `json` is a page, `html` a page to read, the others are files of all that is selected.",
                one_of(&["json", "html", "geojson", "csv", "fgb", "gpkg", "parquet"]),
            ),
        ),
        ("f-provenance", query("f", "Form of the answer.", one_of(&["json", "dcat"]))),
        ("f-item", query("f", "Form of the answer.", one_of(&["json", "html"]))),
        ("f-zoning", query("f", "Form of the answer.", one_of(&["json", "geojson", "csv", "html"]))),
        ("f-findings", query("f", "Form of the answer.", one_of(&["csv"]))),
        (
            "f-zone",
            query(
                "f",
                "The table, its figures, or the zone and its plots in the columns of the national standard.",
                one_of(&["csv", "json", "site", "plots"]),
            ),
        ),
        ("f-api", query("f", "Form of the answer.", one_of(&["json", "oas30", "html"]))),
        ("f-landing", query("f", "Form of the answer.", one_of(&["json", "html"]))),
    ]
}

/// Of commuting flows, and of a check whose plot is a file.
fn of_flows_and_checks() -> Vec<(&'static str, Value)> {
    vec![
        (
            "min",
            query(
                "min",
                "The least flow that is shown, in workers.",
                json!({ "type": "integer", "minimum": 50, "default": 400 }),
            ),
        ),
        ("by", query("by", "The level of the partners.", json!({ "type": "string" }))),
        ("mode", query("mode", "Only workers who go by this mode of transport.", json!({ "type": "string" }))),
        ("occupation", query("occupation", "Only workers of this occupation.", json!({ "type": "string" }))),
        ("territory", query("territory", "Only flows of this territory, as `level/code`.", json!({ "type": "string" }))),
        (
            "direction",
            query("direction", "Only those that arrive there, or only those that leave it.", one_of(&["in", "out", "both"])),
        ),
        (
            "file",
            query("file", "The name of the file that is sent; its extension says how it is read.", json!({ "type": "string" })),
        ),
        ("name-column", query("name", "The column of the file that names the plots.", json!({ "type": "string" }))),
        (
            "activity",
            query("activity", "Of the project that goes with a file: its activity code (NAF).", json!({ "type": "string" })),
        ),
        (
            "use",
            query(
                "use",
                "Of the project that goes with a file: its use, as zoning plans number them.",
                json!({ "type": "string" }),
            ),
        ),
        (
            "icpe",
            query(
                "icpe",
                "Of the project that goes with a file: its regime as a classified installation.",
                json!({ "type": "string" }),
            ),
        ),
        (
            "built_m2",
            query("built_m2", "Of the project that goes with a file: its built area.", json!({ "type": "number", "minimum": 0 })),
        ),
        ("date", query("date", "Of the project that goes with a file: its date.", json!({ "type": "string", "format": "date" }))),
        ("metric", query("metric", "Metres of the ellipsoid, or of the map.", one_of(&["ellipsoid", "plane"]))),
    ]
}

pub(super) fn query(name: &str, says: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": says, "schema": schema })
}

pub(super) fn required(mut parameter: Value) -> Value {
    parameter["required"] = json!(true);
    parameter
}

/// With a value that may be asked with, whatever else is asked.
pub(super) fn with_example(mut parameter: Value, example: Value) -> Value {
    parameter["example"] = example;
    parameter
}

pub(super) fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}
