//! The table: one line a method and address. A test fails where a route has none, or a line no route.

/// What a route is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Server,
    Features,
    Tiles,
    Siting,
    Zoning,
    Territories,
    Processes,
}

impl Tag {
    pub const ALL: [Tag; 7] =
        [Tag::Server, Tag::Features, Tag::Tiles, Tag::Siting, Tag::Zoning, Tag::Territories, Tag::Processes];

    pub fn name(self) -> &'static str {
        match self {
            Tag::Server => "Server",
            Tag::Features => "Features",
            Tag::Tiles => "Tiles",
            Tag::Siting => "Siting",
            Tag::Zoning => "Zoning",
            Tag::Territories => "Territories",
            Tag::Processes => "Processes",
        }
    }

    pub fn says(self) -> &'static str {
        match self {
            Tag::Server => "The server itself.",
            Tag::Features => "The data, openly: OGC API Features, provenance, search.",
            Tag::Tiles => "The data as vector tiles, and the styles that draw them.",
            Tag::Siting => "Land that meets a specification, ranked and explained.",
            Tag::Zoning => "What bears on a plot.",
            Tag::Territories => "Who lives and works where.",
            Tag::Processes => "The analyses as OGC API Processes, now or as jobs.",
        }
    }
}

/// A media type and the name of its schema among the components; no name where the bytes are no JSON.
pub type Kind = (&'static str, &'static str);

/// One method of one route.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub tag: Tag,
    /// One sentence.
    pub says: &'static str,
    /// Query parameters, by their keys among the components.
    pub takes: &'static [&'static str],
    /// Media types of the request's body, and an example in JSON for the first of them.
    pub body: Option<(&'static [Kind], &'static str)>,
    pub status: u16,
    pub gives: &'static [Kind],
    /// Other statuses that are no problem, and what they mean.
    pub also: &'static [(u16, &'static str)],
}

impl Operation {
    /// `get-siting-id-sites-layer-site`.
    pub fn id(&self) -> String {
        let words = self.path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        std::iter::once(self.method.to_ascii_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("-")
    }

    const fn new(method: &'static str, path: &'static str, tag: Tag, says: &'static str) -> Operation {
        Operation { method, path, tag, says, takes: &[], body: None, status: 200, gives: &[], also: &[] }
    }

    const fn takes(self, takes: &'static [&'static str]) -> Operation {
        Operation { takes, ..self }
    }

    const fn body(self, kinds: &'static [Kind], example: &'static str) -> Operation {
        Operation { body: Some((kinds, example)), ..self }
    }

    const fn gives(self, gives: &'static [Kind]) -> Operation {
        Operation { gives, ..self }
    }

    const fn also(self, also: &'static [(u16, &'static str)]) -> Operation {
        Operation { also, ..self }
    }
}

const fn get(path: &'static str, tag: Tag, says: &'static str) -> Operation {
    Operation::new("GET", path, tag, says).also(KNOWN)
}

const fn post(path: &'static str, tag: Tag, says: &'static str) -> Operation {
    Operation::new("POST", path, tag, says)
}

const KNOWN: &[(u16, &str)] = &[(304, "What the client has is still so.")];
const TILE: &[(u16, &str)] = &[(204, "A tile without features."), (304, "What the client has is still so.")];
const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8; header=present";
const GEOJSON: &str = "application/geo+json";
const HTML: &str = "text/html; charset=utf-8";
const MVT: &str = "application/vnd.mapbox-vector-tile";

const OBJECT: &[Kind] = &[(JSON, "Object")];
const LIST: &[Kind] = &[(JSON, "Object"), ("text/csv; charset=utf-8; header=present", "")];
const PROFILE: &[Kind] = &[(JSON, "Object"), (HTML, "")];
const PLOT_JSON: &[Kind] = &[(JSON, "Object"), (GEOJSON, "GeoJson")];
const PLACES: &[Kind] = &[(JSON, "Object"), (GEOJSON, "FeatureCollection"), ("text/csv; charset=utf-8; header=present", "")];
const TEXT: &[Kind] = &[("application/yaml", "")];
const SPECIFICATION: &[Kind] = &[(JSON, "Specification"), ("application/yaml", "")];
const PLOT: &[Kind] = &[
    (JSON, "Question"),
    (GEOJSON, "GeoJson"),
    ("application/geopackage+sqlite3", ""),
    ("application/flatgeobuf", ""),
    ("application/vnd.apache.parquet", ""),
    ("application/zip", ""),
    ("text/csv", ""),
    ("application/geo+json-seq", ""),
];
const PLOTS: &[Kind] = &[
    (GEOJSON, "GeoJson"),
    ("application/geopackage+sqlite3", ""),
    ("application/flatgeobuf", ""),
    ("application/vnd.apache.parquet", ""),
    ("application/zip", ""),
    ("text/csv", ""),
    ("application/geo+json-seq", ""),
];
const FINDINGS: &[Kind] = &[(JSON, "Object"), (GEOJSON, "FeatureCollection"), (CSV, ""), (HTML, "")];
const CHECKED: &[Kind] = &[(JSON, "Object"), (GEOJSON, "FeatureCollection")];
const FORMS: &[Kind] = &[
    (JSON, "Object"),
    (GEOJSON, "FeatureCollection"),
    (CSV, ""),
    ("application/flatgeobuf", ""),
    ("application/geopackage+sqlite3", ""),
    (HTML, ""),
];

const ITEMS: &[Kind] = &[
    (GEOJSON, "Items"),
    (HTML, ""),
    (CSV, ""),
    ("application/flatgeobuf", ""),
    ("application/geopackage+sqlite3", ""),
    ("application/vnd.apache.parquet", ""),
];

const ASKED: &str = r#"{"emprise": 1, "candidates": {"layers": ["business-plots"]}, "criteria": {"area": {"kind": "area", "required": ">= 1 ha", "value": {"0 ha": 0, "5 ha": 1}, "weight": 1}}}"#;
const EXECUTED: &str = r#"{"inputs": {"specification": {"emprise": 1, "candidates": {"layers": ["business-plots"]}, "criteria": {"area": {"kind": "area", "required": ">= 1 ha", "value": {"0 ha": 0, "5 ha": 1}, "weight": 1}}}}}"#;
const PLACE: &str = r#"{"plot": {"point": [5.0455, 47.328], "radius": "200 m"}}"#;
const DRAWN_PLOTS: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "1"}, "geometry": {"type": "Polygon", "coordinates": [[[5.04, 47.32], [5.05, 47.32], [5.05, 47.33], [5.04, 47.33], [5.04, 47.32]]]}}]}"#;
const DRAWN: &str =
    r#"{"type": "Polygon", "coordinates": [[[5.04, 47.32], [5.05, 47.32], [5.05, 47.33], [5.04, 47.33], [5.04, 47.32]]]}"#;

/// Every operation, in the order of the routes. To add a route: a line in `router.rs`, and a line here.
#[rustfmt::skip]
pub fn operations() -> Vec<Operation> {
    use Tag::{Features, Processes, Server, Siting, Territories, Tiles, Zoning};
    vec![
        get("/", Server, "Where things are; for browsers, the map.").takes(&["f-landing"]).gives(&[(JSON, "Landing"), (HTML, "")]),
        get("/assets/{name}", Server, "A file of the map.").gives(&[("*/*", "")]),
        get("/api", Server, "This description.").takes(&["f-api"]).gives(&[("application/vnd.oai.openapi+json;version=3.1", "Object"), ("application/vnd.oai.openapi+json;version=3.0", "Object"), (HTML, "")]),
        get("/conformance", Server, "The standards that this server keeps to.").gives(&[(JSON, "Conformance")]),
        get("/health", Server, "Whether everything can be answered.").gives(&[(JSON, "Health")]),
        get("/limits", Server, "What the server accepts, and how long it waits.").gives(&[(JSON, "Limits")]),
        get("/provenance", Features, "Who published each layer, when, under which terms, and how much of it was taken; as DCAT-AP with `f=dcat`.").takes(&["f-provenance"]).gives(&[(JSON, "Provenance"), ("application/ld+json", "Object")]),
        get("/search", Features, "Features by how a word of their name, or their id, begins; accents and case do not count.").takes(&["q", "limit-search", "layers"]).gives(&[(JSON, "Found")]),
        get("/collections", Features, "The layers that the caller sees.").takes(&["f-landing"]).gives(&[(JSON, "Collections"), (HTML, "")]),
        get("/collections/{layer}", Features, "One layer: whose, from when, under which terms, how much was taken, in which forms.").takes(&["f-landing"]).gives(&[(JSON, "Collection"), (HTML, "")]),
        get("/collections/{layer}/queryables", Features, "What items can be asked by, as JSON Schema.").gives(&[("application/schema+json", "JsonSchema")]),
        get("/collections/{layer}/schema", Features, "What an item holds, as JSON Schema.").gives(&[("application/schema+json", "JsonSchema")]),
        get("/collections/{layer}/items", Features, "Features: a page of them, or all of them as a file. A column's name with a value keeps those that have it.").takes(&["f-items", "limit", "cursor", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "sortby", "properties"]).gives(ITEMS),
        get("/collections/{layer}/items/{feature}", Features, "One feature.").takes(&["f-item", "crs", "properties"]).gives(&[(GEOJSON, "Feature"), (HTML, "")]),
        get("/tiles/{layers}", Tiles, "TileJSON 3.0.0 of one or several layers.").takes(&["edition", "filter", "filter-lang", "properties", "datetime"]).gives(&[(JSON, "TileJson")]),
        get("/tiles/{layers}/{z}/{x}/{y}", Tiles, "A vector tile of one or several layers.").takes(&["edition", "filter", "filter-lang", "properties", "datetime"]).gives(&[(MVT, "")]).also(TILE),
        get("/tiles/commuting.json", Tiles, "TileJSON of the commuting flows: curves, arrows and nodes.").takes(&["edition", "territory", "direction", "mode", "occupation"]).gives(&[(JSON, "TileJson")]),
        get("/tiles/commuting/{z}/{x}/{y}", Tiles, "Commuting flows as a vector tile, at the level of its zoom.").takes(&["edition", "territory", "direction", "mode", "occupation"]).gives(&[(MVT, "")]).also(TILE),
        get("/commuting/{level}/{code}", Territories, "Who works in a territory and where its residents work.").takes(&["min", "by", "mode", "occupation"]).gives(OBJECT),
        get("/catchment", Territories, "Who could come to work at a place: residents at work within a distance, commuters who already arrive, the labour pool and what others leave of it.").takes(&["f-places", "lon", "lat", "site", "within", "decay", "jobs", "mode", "occupation"]).gives(PLACES),
        get("/needs/charging", Territories, "Where chargers are missing: the regulatory floor and the need by energy, less what is installed, by area or along a road.").takes(&["f-list", "level", "territory-in", "road", "within-road", "by-need", "mode", "kw_per_battery_car", "kw_per_plug_in_car", "kwh_per_100_km", "km_per_day", "public_share", "work_share", "plug_in_weight", "utilisation", "power_kw", "pool_kw", "pool_spacing_km"]).gives(LIST),
        get("/needs/carpool", Territories, "Where a carpool place is missing: long flows by car with none near their way.").takes(&["f-list", "territory-in", "min-long", "min_km", "max_km", "near_km", "mode", "limit-flows"]).gives(LIST),
        get("/choropleth", Tiles, "The numbers of territories that can be mapped, and the levels.").gives(OBJECT),
        get("/choropleth/{indicator}/{level}", Tiles, "The classes and colours of a map of territories; its values with `f=csv`.").takes(&["f-list", "method", "classes-map", "breaks", "normalise", "ramp"]).gives(LIST),
        get("/choropleth/{indicator}/{level}/tiles.json", Tiles, "TileJSON of a map of territories, with its legend.").takes(&["edition", "method", "classes-map", "breaks", "normalise", "ramp"]).gives(&[(JSON, "TileJson")]),
        get("/choropleth/{indicator}/{level}/tiles/{z}/{x}/{y}", Tiles, "A map of territories as a vector tile: value, class and state of each area.").takes(&["edition", "method", "classes-map", "breaks", "normalise", "ramp"]).gives(&[(MVT, "")]).also(TILE),
        get("/choropleth/{indicator}/{level}/style.json", Tiles, "A style that draws a map of territories.").takes(&["lang", "scheme", "for", "method", "classes-map", "breaks", "normalise", "ramp"]).gives(&[(JSON, "Style")]),
        get("/territories", Territories, "The levels of territories, and the numbers that are told of them.").gives(OBJECT),
        post("/territories", Territories, "The communes that a drawn polygon holds at least half of, in numbers.").takes(&["f-landing", "lang", "projects"]).body(PLOT_JSON, DRAWN).gives(PROFILE),
        get("/territories/compare", Territories, "Two to five territories side by side, number by number.").takes(&["f-landing", "lang", "territories"]).gives(PROFILE),
        get("/territories/{level}", Territories, "The areas of a level, each with one number where one is asked for.").takes(&["f-list", "indicator", "where"]).gives(LIST),
        get("/territories/{level}/{code}", Territories, "A territory in numbers, each with its source, its rank and its surroundings.").takes(&["f-landing", "lang", "projects"]).gives(PROFILE),
        get("/territories/{level}/{code}/specificity", Territories, "What is made in a territory more than in a reference: a line a class of activities.").takes(&["f-list", "classes", "reference", "measure", "kappa"]).gives(LIST),
        get("/tiles", Tiles, "The tile sets of every layer and of its labels.").gives(OBJECT),
        get("/collections/{layer}/tiles", Tiles, "A layer's tile sets: one on each grid.").gives(OBJECT),
        get("/collections/{layer}/tiles/{grid}", Tiles, "A tile set of a layer, and the addresses of its tiles.").gives(OBJECT),
        get("/collections/{layer}/tiles/{grid}/{z}/{row}/{column}", Tiles, "A vector tile of a layer, on a grid.").takes(&["edition", "filter", "filter-lang", "properties", "datetime"]).gives(&[(MVT, "")]).also(TILE),
        get("/tileMatrixSets", Tiles, "The grids of tiles.").gives(OBJECT),
        get("/tileMatrixSets/{grid}", Tiles, "A grid of tiles, level by level.").gives(OBJECT),
        get("/styles", Tiles, "The styles that are offered.").gives(&[(JSON, "Styles")]),
        get("/styles/{style}", Tiles, "A MapLibre style, of what the caller may see.").takes(&["lang", "scheme", "for"]).gives(&[(JSON, "Style")]),
        get("/sprites/{file}", Tiles, "Icons and hatches of the styles, in one picture with its index.").gives(&[(JSON, "Object"), ("image/png", "")]),
        get("/fonts/{stack}/{range}", Tiles, "Glyphs of the styles' letters.").gives(&[("application/x-protobuf", "")]),
        post("/siting", Siting, "Ranks the sites that meet a specification.").body(SPECIFICATION, ASKED).gives(&[(JSON, "Answer")]),
        get("/siting/example", Siting, "A specification to begin with.").takes(&["lang"]).gives(TEXT),
        get("/siting/specifications", Siting, "The specifications that are offered.").takes(&["lang"]).gives(OBJECT),
        get("/siting/specifications/{name}", Siting, "One of them, as its author wrote it.").takes(&["lang"]).gives(TEXT),
        get("/siting/{id}", Siting, "An answer again, in one of its forms by its extension.").takes(&["lang"]).gives(FORMS),
        get("/siting/{id}/sites/{layer}/{site}", Siting, "Why a site passes or does not.").gives(OBJECT),
        get("/siting/{id}/relax", Siting, "The smallest changes that admit more sites.").takes(&["n"]).gives(&[(JSON, "Json")]),
        get("/siting/{id}/spread", Siting, "How each measure spreads over the candidates, whatever is required of it.").gives(OBJECT),
        get("/siting/{id}/compare", Siting, "Two to five sites, criterion by criterion.").takes(&["sites"]).gives(OBJECT),
        get("/siting/{id}/tiles.json", Siting, "TileJSON of an answer.").gives(&[(JSON, "TileJson")]),
        get("/siting/{id}/tiles/{z}/{x}/{y}", Siting, "An answer as a vector tile.").gives(&[(MVT, "")]).also(TILE),
        get("/siting/{id}/style.json", Siting, "A style that draws an answer.").takes(&["lang", "scheme", "for"]).gives(&[(JSON, "Style")]),
        post("/siting/{id}/why", Siting, "How a drawn polygon stands to an answer's specification.").body(&[(GEOJSON, "GeoJson")], DRAWN).gives(OBJECT),
        post("/zoning", Zoning, "What bears on a plot, inside it or near it.").takes(&["f-zoning", "lang", "file", "activity", "use", "icpe", "built_m2", "date", "metric"]).body(PLOT, PLACE).gives(FINDINGS),
        post("/zoning/plots", Zoning, "What bears on each polygon of a file, each a plot of its own; rows are sent as they are found.").takes(&["f-findings", "file", "name-column", "activity", "use", "icpe", "built_m2", "date", "metric"]).body(PLOTS, DRAWN_PLOTS).gives(&[(CSV, "")]),
        get("/zoning/zones/{zone}", Zoning, "A business zone, plot by plot: vacancy, infill, brownfields and what bears on each (article L318-8-2 of the planning code).").takes(&["f-zone", "activity", "use", "icpe", "built_m2", "date", "metric"]).gives(&[(CSV, ""), (JSON, "Object")]),
        get("/processes", Processes, "What can be executed.").gives(OBJECT),
        get("/processes/{process}", Processes, "One process, with its inputs and outputs.").gives(OBJECT),
        post("/processes/{process}/execution", Processes, "Executes a process; with `Prefer: respond-async`, as a job.").body(&[(JSON, "Execution")], EXECUTED).gives(CHECKED).also(&[(201, "A job was made; `Location` says where.")]),
        get("/jobs", Processes, "The jobs started with the token that is sent.").gives(OBJECT),
        get("/jobs/{job}", Processes, "How far a job is.").gives(OBJECT),
        Operation::new("DELETE", "/jobs/{job}", Processes, "Ends or forgets a job.").gives(OBJECT),
        get("/jobs/{job}/results", Processes, "What a job found.").gives(CHECKED),
        get("/sites/{layer}/{site}/specifications", Siting, "How a site stands to each specification that is offered.").takes(&["lang"]).gives(OBJECT),
    ]
}
