//! What is asked in paths and queries, by key.

use serde_json::{Map, Value, json};

use crate::http::api::territories;

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
