//! Where chargers are missing: `GET /needs/charging?level=` or `?road=`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::commuting::charging::answer::By;
use crate::commuting::charging::chargers::Chargers;
use crate::commuting::charging::corridor::Road;
use crate::commuting::charging::fleet::Fleet;
use crate::commuting::charging::{Question, Supply, Where, charging};
use crate::commuting::given::given;
use crate::commuting::{Commuting, CommutingError};
use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::commuting;
use crate::http::error::HttpError;
use crate::http::list::{Form, Written};
use crate::http::made::Made;
use crate::http::state::App;
use crate::territory::{Level, Territory};

pub type Supplies = Made<Supply, CommutingError>;

/// `GET /needs/charging?level=&territory=&road=&within=&by=&mode=&f=` and every assumption by its name
pub async fn answer(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<BTreeMap<String, String>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(asked) = parameters?;
    let caching = caller.caching(Kept::Document);
    analysis::answer(&app, (&caching, &headers), move || written(&caller, asked)).await
}

fn written(caller: &Caller, mut asked: BTreeMap<String, String>) -> Result<Written, HttpError> {
    let book = commuting::book(caller)?;
    let form = Form::read(asked.remove("f").as_deref())?;
    let by = match asked.remove("by").as_deref() {
        None | Some("afir") => By::Afir,
        Some("energy") => By::Energy,
        Some(other) => return Err(HttpError::Parameters(format!("`by` is `{other}`; write afir or energy"))),
    };
    let place = place(&book, &mut asked)?;
    let mode = asked.remove("mode").unwrap_or_else(|| "car".to_owned());
    let given = given(&asked.into_iter().collect::<Vec<_>>())?;
    let supply = supply(caller, &book)?;
    let answer = charging(&book, &supply, caller.view(), &Question { place, by, mode, given })?;
    form.write(&answer, || answer.table())
}

fn place(book: &Commuting, asked: &mut BTreeMap<String, String>) -> Result<Where, HttpError> {
    let within = asked.remove("within").map(|km| km.parse::<f64>().ok().filter(|km| (0.0..=50.0).contains(km)).ok_or(km));
    let within_km = within.transpose().map_err(|km| HttpError::Parameters(format!("`within` is `{km}`; write 0 to 50 km")))?;
    match (asked.remove("road"), asked.remove("level"), asked.remove("territory")) {
        (Some(number), None, None) => Ok(Where::Along(Road { number, within_m: 1000.0 * within_km.unwrap_or(5.0) })),
        (None, level, territory) if within_km.is_none() => {
            let level = level.as_deref().map_or(Ok(Level::Epci), str::parse).map_err(CommutingError::Territory)?;
            Ok(Where::Areas(level, territory.map(|written| self::territory(book, &written)).transpose()?))
        }
        _ => Err(HttpError::Parameters(
            "write `level`, with a `territory` or without, or `road`, with `within` or without".to_owned(),
        )),
    }
}

/// A territory as it is written in a query: `level/code`.
pub fn territory(book: &Commuting, written: &str) -> Result<Territory, CommutingError> {
    let (level, code) = written.split_once('/').ok_or_else(|| CommutingError::Unreadable(written.to_owned()))?;
    Ok(book.geography.territory(level.parse()?, code)?)
}

/// What charges and is charged, as the caller sees it.
fn supply(caller: &Caller, book: &Commuting) -> Result<Arc<Supply>, HttpError> {
    let indicators = crate::http::choropleth::indicators(caller)?;
    let layers = ["charging-points", "communes", "electric-vehicles", "former-communes"];
    let make = |view| Ok(Supply { chargers: Chargers::of(view, &book.geography)?, fleet: Fleet::of(&indicators)? });
    Ok(caller.opened().supplies.of(caller.view(), &layers, make)?)
}
