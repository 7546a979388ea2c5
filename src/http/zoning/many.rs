//! `POST /zoning/plots`: a file of polygons in, a file of findings out, each polygon a plot of its own.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::CSV;
use super::sent::{LaidDown, Parameters, receive};
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::http::stream::stream;
use crate::ingest::polygons::Polygons;
use crate::zoning::each::{EachError, Ended, each};

/// The one form of many findings.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnlyCsv {
    #[default]
    Csv,
}

/// `POST /zoning/plots?file=&name=`
///
/// What is wrong with the file as a whole is told at once; a polygon that is no plot has a row that says why. The rows are sent as
/// they are found, and a client that leaves ends the work.
pub async fn many(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Parameters<OnlyCsv>>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let Query(parameters) = parameters?;
    parameters.without(&["lang"])?;
    let (bytes, extension) = receive(&app, parameters.file.as_deref(), &headers, body).await?;
    let (name, terms) = (parameters.name.clone(), parameters.terms());
    let open = move || {
        let file = LaidDown::of(&bytes, extension.as_deref().unwrap_or("geojson"))?;
        let plots = file.read(|path| Polygons::open(path, name.as_deref()))?;
        Ok::<_, HttpError>((file, plots))
    };
    let (file, mut plots) = app.pools().analyses.run(open).await??;
    app.rules().resolve(caller.view()).map_err(|error| HttpError::Rules(error.to_string()))?;
    let (mut output, body) = stream();
    let rules = app.clone();
    let work = move || {
        let _file = file;
        let Ok(rulebook) = rules.rules().resolve(caller.view()) else { return };
        // Whether the client is still there shows at each piece that is sent.
        let outcome = match each(&mut plots, &rulebook, &terms, &mut output, &|_| true) {
            Ok(Ended::Whole(_) | Ended::Stopped(_)) => Ok(()),
            Err(error) => Err::<(), EachError>(error),
        };
        output.end(outcome);
    };
    app.pools().downloads.start(work).await?;
    let kept = [
        (CONTENT_TYPE, CSV),
        (CONTENT_DISPOSITION, "attachment; filename=\"findings.csv\""),
        (CACHE_CONTROL, "private, no-store"),
        (VARY, "Authorization"),
    ];
    Ok((kept, body).into_response())
}
