//! What can be mapped, and what a map's colours mean: `GET /choropleth`, `GET /choropleth/{indicator}/{level}`.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Asked, indicators, made};
use crate::choropleth::Choropleth;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::list::Form;
use crate::http::state::App;
use crate::territory::Level;

/// `GET /choropleth`
pub async fn list(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let caching = caller.caching(Kept::Document);
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    analysis::answer(&app, (&caching, &headers), move || Ok((varies, Json(listed(&caller, &address.0)?)))).await
}

fn listed(caller: &Caller, root: &str) -> Result<Value, HttpError> {
    let (indicators, view) = (indicators(caller)?, caller.view());
    let is_drawn = |level: &Level| {
        let layer = level.layer().and_then(|id| view.layer(id));
        layer.is_some_and(|layer| layer.definition().tiles.is_some()) && indicators.geography.areas(*level).is_ok()
    };
    let levels: Vec<Level> = Level::PARTING.into_iter().filter(is_drawn).collect();
    let one = |series: &crate::territory::indicators::Series| {
        json!({
            "id": series.id,
            "title": series.indicator.title,
            "theme": series.indicator.theme.word(),
            "unit": series.unit.map(|unit| unit.symbol()),
            "adds_up": series.indicator.rule.adds_up(),
            "legend": format!("{root}/choropleth/{}/{{level}}", series.id),
        })
    };
    Ok(json!({ "levels": levels, "indicators": indicators.series().iter().map(one).collect::<Vec<_>>() }))
}

/// `GET /choropleth/{indicator}/{level}?method=&classes=&breaks=&normalise=&ramp=&f=`
pub async fn legend(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((indicator, level)), Query(asked)) = (path?, parameters?);
    let form = Form::read(asked.f.as_deref())?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let map = made(&app, &caller, asked.question(&indicator, &level)?).await?;
    let written = form.write(&map.legend(), || table(&caller, &map))?;
    Ok(caching.mark(written.into_response()))
}

fn table(caller: &Caller, map: &Choropleth) -> crate::layer::table::Table {
    let layer = caller.view().layer(&map.layer);
    map.table(|row| layer.map_or(("", None), |layer| (layer.id(row), layer.name(row))))
}
