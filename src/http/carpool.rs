//! Where a place to meet for a shared ride is missing: `GET /needs/carpool`.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::commuting::carpool::{Question, carpool};
use crate::commuting::given::given;
use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::charging::territory;
use crate::http::commuting;
use crate::http::error::HttpError;
use crate::http::list::{Form, Written};
use crate::http::state::App;

/// `GET /needs/carpool?territory=&f=` and every assumption by its name
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
    let territory = asked.remove("territory").map(|written| territory(&book, &written)).transpose()?;
    let question = Question { territory, given: given(&asked.into_iter().collect::<Vec<_>>())? };
    let answer = carpool(&book, caller.view(), &question)?;
    form.write(&answer, || answer.table())
}
