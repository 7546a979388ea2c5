//! `GET /zoning/zones/{zone}`: a business zone, plot by plot.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::CSV;
use super::sent::Parameters;
use crate::http::analysis::analyse;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::zoning::inventory::{inventory, standard, table};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The zone, then a row a plot.
    #[default]
    Csv,
    /// The figures of article L318-8-2.
    Json,
    /// The zone in the columns of the national standard.
    Site,
    /// Its plots in the columns of the national standard.
    Plots,
}

/// `GET /zoning/zones/{zone}?f=`
pub async fn zone(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters<Form>>, QueryRejection>,
) -> Result<Response, HttpError> {
    let (Path(zone), Query(parameters)) = (path?, parameters?);
    parameters.without(&["lang", "file", "name"])?;
    let form = parameters.f;
    let terms = parameters.terms();
    let written = {
        let app = app.clone();
        move |_: &_| {
            let rulebook = app.rules().resolve(caller.view()).map_err(|error| HttpError::Rules(error.to_string()))?;
            let day = terms.project.date.unwrap_or_else(|| jiff::Zoned::now().date());
            let inventory =
                inventory(&zone, day.year(), &rulebook, &terms).map_err(|error| HttpError::UnknownSite(error.to_string()))?;
            let id = inventory.zone.id(inventory.zone_row).to_owned();
            let text = match form {
                Form::Csv => table::write(&inventory),
                Form::Site => standard::site(&inventory),
                Form::Plots => standard::plots(&inventory),
                Form::Json => {
                    let name = inventory.zone.name(inventory.zone_row);
                    Ok(json!({ "zone": id, "name": name, "year": inventory.year, "figures": inventory.figures() })
                        .to_string()
                        .into())
                }
            };
            Ok((id, text.map_err(|_| HttpError::Panicked)?))
        }
    };
    let (id, text) = analyse(&app, written).await?;
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let (media_type, disposition) = match form {
        Form::Json => ("application/json", "inline".to_owned()),
        Form::Csv => (CSV, format!("attachment; filename=\"zone_{name}.csv\"")),
        Form::Site => (CSV, format!("attachment; filename=\"site_eco_{name}.csv\"")),
        Form::Plots => (CSV, format!("attachment; filename=\"terrain_eco_{name}.csv\"")),
    };
    let kept = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (VARY, "Authorization".to_owned()),
    ];
    Ok((kept, text).into_response())
}
