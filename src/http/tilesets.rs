//! OGC API Tiles, Part 1 (OGC 20-057): `/tiles`, `/collections/{id}/tiles`, `/collections/{id}/tiles/{grid}` and the tiles beneath, whose
//! row comes before their column.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::http::address::{Address, VARIES_WITH};
use crate::http::caching::Caching;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::mix::Mix;
use crate::http::processes::link;
use crate::http::state::App;
use crate::http::tile_matrix_sets::{self, crs, uri};
use crate::http::tile_query::{Chosen, Parameters};
use crate::http::{tile_address, tiles};
use crate::layer::definition::{FieldType, GeometryType};
use crate::tiles::Source;
use crate::tiles::grid::Grid;
use crate::tiles::source::labels_of;

const TILE: &str = "application/vnd.mapbox-vector-tile";
const JSON: &str = "application/json";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

/// `GET /tiles`: the tile sets of every layer that is drawn, and of its labels.
pub async fn all(caller: Caller, address: Address, headers: HeaderMap) -> Result<Response, HttpError> {
    answer(&caller, &headers, || {
        let drawn = caller.view().layers().filter(|layer| layer.definition().tiles.is_some());
        let names = drawn.flat_map(|layer| std::iter::once(layer.definition().id.clone()).chain(labels_of(layer)));
        let sets: Vec<Value> = names.flat_map(|name| summaries(&caller, &address, &name)).collect();
        Ok(json!({ "links": [link(format!("{}/tiles", address.0), "self", JSON)], "tilesets": sets }))
    })
}

/// `GET /collections/{id}/tiles`
pub async fn list(
    caller: Caller,
    address: Address,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path(name) = path?;
    tile_address::layers(&caller, &name, 1)?;
    answer(&caller, &headers, || {
        let own = link(format!("{}/collections/{name}/tiles", address.0), "self", JSON);
        Ok(json!({ "links": [own], "tilesets": summaries(&caller, &address, &name) }))
    })
}

/// `GET /collections/{id}/tiles/{grid}`: every parameter of its tiles is valid here, and carried on.
pub async fn one(
    (caller, address): (Caller, Address),
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((name, grid)), Query(parameters)) = (path?, parameters?);
    tile_address::layers(&caller, &name, 1)?;
    let (grid, chosen) = (tile_matrix_sets::find(&grid)?, Chosen::read(&parameters)?);
    answer(&caller, &headers, || {
        let describe = |sources: &[Source]| sources.first().map(|source| described(source, grid, &address, &caller, &chosen));
        chosen.sources(&caller, std::slice::from_ref(&name), describe).map(Option::unwrap_or_default)
    })
}

type TilePath = Result<Path<(String, String, String, String, String)>, PathRejection>;

/// `GET /collections/{id}/tiles/{grid}/{z}/{row}/{column}`
pub async fn tile(
    State(app): State<App>,
    caller: Caller,
    path: TilePath,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((name, grid, z, row, column)), Query(parameters)) = (path?, parameters?);
    let grid = tile_matrix_sets::find(&grid)?;
    let address = tile_address::tile_on(grid, &z, tile_address::without_ending(&column), &row)?;
    let layers = tile_address::layers(&caller, &name, 1)?;
    tiles::answer(&app, caller, (Mix::of(layers), address), &parameters, &headers).await
}

fn answer(caller: &Caller, headers: &HeaderMap, make: impl FnOnce() -> Result<Value, HttpError>) -> Result<Response, HttpError> {
    let caching: Caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(make()?)).into_response()))
}

/// A layer on each grid, in the few words of a list (tileSet-item).
fn summaries(caller: &Caller, address: &Address, name: &str) -> Vec<Value> {
    let Ok(source) = tile_address::find(caller, name) else { return Vec::new() };
    Grid::ALL.into_iter().map(|grid| summary(&source, grid, address, "")).collect()
}

fn summary(source: &Source, grid: Grid, address: &Address, query: &str) -> Value {
    let set = format!("{}/collections/{}/tiles/{}", address.0, source.name, grid.id());
    let question = if query.is_empty() { String::new() } else { format!("?{query}") };
    let mut item = link(format!("{set}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}.mvt{question}"), "item", TILE);
    item["templated"] = true.into();
    let mut summary = json!({
        "title": source.layer.definition().title.en,
        "dataType": "vector",
        "crs": crs(grid),
        "tileMatrixSetId": grid.id(),
        "links": [
            link(format!("{set}{question}"), "self", JSON),
            link(format!("{}/tileMatrixSets/{}", address.0, grid.id()), SCHEME, JSON),
            item,
        ],
    });
    if let Some(uri) = uri(grid) {
        summary["tileMatrixSetURI"] = uri.into();
    }
    summary
}

/// All that is to be said of a tile set.
fn described(source: &Source, grid: Grid, address: &Address, caller: &Caller, chosen: &Chosen) -> Value {
    let definition = source.layer.definition();
    // The addresses name the edition: their tiles never change.
    let query = [format!("edition={}", caller.edition), chosen.query()].join("&");
    let mut set = summary(source, grid, address, query.trim_end_matches('&'));
    let (min, max) =
        definition.tiles.as_ref().map_or((0, 0), |tiles| (grid.zoom_of(tiles.min_zoom), grid.zoom_of(tiles.max_zoom)));
    let shown = source.tiled().shown;
    let kinds =
        shown.iter().filter_map(|name| Some((name.to_string(), json!({ "type": json_type(definition.column(name)?.kind) }))));
    let properties: Map<String, Value> = std::iter::once(("id".to_owned(), json!({ "type": "string" }))).chain(kinds).collect();
    set["layers"] = json!([{
        "id": source.name,
        "title": definition.title.en,
        "dataType": "vector",
        "geometryDimension": dimension(source),
        "minTileMatrix": min.to_string(),
        "maxTileMatrix": max.to_string(),
        "propertiesSchema": { "type": "object", "properties": properties },
    }]);
    set["attribution"] = definition.source.attribution.clone().unwrap_or_else(|| definition.source.publisher.clone()).into();
    if let Some([west, south, east, north]) = source.layer.extent_lonlat() {
        set["boundingBox"] = json!({ "lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84 });
        set["centerPoint"] =
            json!({ "coordinates": [(west + east) / 2.0, (south + north) / 2.0], "crs": CRS84, "tileMatrix": min.to_string() });
    }
    set
}

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

fn dimension(source: &Source) -> u8 {
    match (source.part, source.layer.definition().geometry) {
        (crate::tiles::Part::Labels, _) | (_, GeometryType::Point | GeometryType::None) => 0,
        (_, GeometryType::Line) => 1,
        (_, GeometryType::Polygon) => 2,
    }
}

fn json_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text | FieldType::Date => "string",
        FieldType::Number => "number",
        FieldType::Integer => "integer",
        FieldType::Boolean => "boolean",
    }
}
