//! `GET /tileMatrixSets` and `GET /tileMatrixSets/{id}`: the grids, as OGC Two Dimensional Tile Matrix Set 2.0 (17-083r4) writes them.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::address::{Address, VARIES_WITH};
use crate::http::error::HttpError;
use crate::http::processes::link;
use crate::layer::catalogue::nearest;
use crate::tiles::grid::{Grid, PIXELS};

/// `GET /tileMatrixSets`
pub async fn list(address: Address) -> Response {
    let entry = |grid: Grid| {
        let own = link(format!("{}/tileMatrixSets/{}", address.0, grid.id()), "self", "application/json");
        json!({ "id": grid.id(), "title": grid.title(), "uri": uri(grid), "crs": crs(grid), "links": [own] })
    };
    let sets: Vec<Value> = Grid::ALL.into_iter().map(entry).collect();
    ([(VARY, VARIES_WITH)], Json(json!({ "tileMatrixSets": sets }))).into_response()
}

/// `GET /tileMatrixSets/{id}`
pub async fn one(path: Result<Path<String>, PathRejection>) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let set = described(find(&id)?);
    Ok(([(CACHE_CONTROL, "public, max-age=86400")], Json(set)).into_response())
}

/// # Errors
/// `UnknownGrid`.
pub fn find(id: &str) -> Result<Grid, HttpError> {
    let unknown = || HttpError::UnknownGrid { id: id.to_owned(), nearest: nearest(id, Grid::ALL.map(Grid::id)) };
    Grid::by_id(id).ok_or_else(unknown)
}

pub fn crs(grid: Grid) -> String {
    format!("http://www.opengis.net/def/crs/EPSG/0/{}", grid.epsg())
}

/// The name under which the OGC registers a grid, if it does.
pub fn uri(grid: Grid) -> Option<String> {
    let registered = grid == Grid::WebMercatorQuad;
    registered.then(|| format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{}", grid.id()))
}

fn described(grid: Grid) -> Value {
    let matrix = |zoom: u8| {
        let [columns, rows] = grid.size(zoom);
        json!({
            "id": zoom.to_string(),
            "scaleDenominator": grid.scale_denominator(zoom),
            "cellSize": grid.cell_size(zoom),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": grid.corner(),
            "tileWidth": PIXELS,
            "tileHeight": PIXELS,
            "matrixWidth": columns,
            "matrixHeight": rows,
        })
    };
    let matrices: Vec<Value> = (0..=grid.deepest_described()).map(matrix).collect();
    let mut set = json!({
        "id": grid.id(),
        "title": grid.title(),
        "crs": crs(grid),
        "orderedAxes": ["E", "N"],
        "tileMatrices": matrices,
    });
    if let Some(uri) = uri(grid) {
        set["uri"] = uri.into();
        set["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible".into();
    }
    set
}
