//! Who could come to work at a place: `GET /catchment?lon=&lat=` or `?site=layer/id`.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::commuting::catchment::{Question, Site, USUAL_JOBS, USUAL_KM, catchment, describe};
use crate::commuting::{CommutingError, Filter};
use crate::geometry::projection::{from_lon_lat, to_lon_lat};
use crate::geometry::territory::{Frame, LonLat};
use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::commuting;
use crate::http::error::HttpError;
use crate::http::list::{Form, Written};
use crate::http::state::App;
use crate::territory::geography::point_in;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    f: Form,
    lon: Option<f64>,
    lat: Option<f64>,
    /// A feature as `layer/id`, in place of a position.
    site: Option<String>,
    /// Kilometres.
    within: Option<f64>,
    decay: Option<String>,
    jobs: Option<f64>,
    mode: Option<String>,
    occupation: Option<String>,
}

/// `GET /catchment?lon=&lat=&site=&within=&decay=&jobs=&mode=&occupation=&f=`
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(asked) = parameters?;
    let caching = caller.caching(Kept::Document);
    analysis::answer(&app, (&caching, &headers), move || written(&caller, asked)).await
}

fn written(caller: &Caller, asked: Asked) -> Result<Written, HttpError> {
    let book = commuting::book(caller)?;
    let question = Question {
        site: site(caller, &asked)?,
        within_m: 1000.0 * asked.within.unwrap_or(USUAL_KM),
        decay: asked.decay.as_deref().map_or(Ok(Default::default()), str::parse).map_err(CommutingError::Decay)?,
        jobs: asked.jobs.unwrap_or(USUAL_JOBS),
        filter: Filter { mode: asked.mode, occupation: asked.occupation },
    };
    let found = catchment(&book, &question)?;
    match asked.f {
        Form::GeoJson => Written::geojson(&describe::geojson(&found, caller.view())),
        form => form.write(&found, || found.table()),
    }
}

/// A position, or a point inside a feature.
fn site(caller: &Caller, asked: &Asked) -> Result<Site, HttpError> {
    match (asked.lon, asked.lat, &asked.site) {
        (Some(lon), Some(lat), None) => {
            let frame = Frame::holding(LonLat { lon, lat }).ok_or(HttpError::NoPlace { lon, lat })?;
            Ok(Site { at: from_lon_lat(frame, LonLat { lon, lat }), lon, lat, site: None })
        }
        (None, None, Some(written)) => {
            let (layer, id) = written.split_once('/').ok_or(HttpError::Place)?;
            let found = caller.layer(layer)?;
            let unknown = || HttpError::UnknownFeature { layer: layer.to_owned(), id: id.to_owned() };
            let at = found.row_of(id).and_then(|row| point_in(found, row)).ok_or_else(unknown)?;
            let LonLat { lon, lat } = to_lon_lat(at);
            Ok(Site { at, lon, lat, site: Some(written.clone()) })
        }
        _ => Err(HttpError::Place),
    }
}
