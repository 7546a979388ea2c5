//! What is made in a territory more than elsewhere: `GET /territories/{level}/{code}/specificity`.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::http::analysis;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::list::{Form, Written};
use crate::http::made::Made;
use crate::http::state::App;
use crate::territory::Level;
use crate::territory::specificity::answer::answer;
use crate::territory::specificity::reliability::KAPPA;
use crate::territory::specificity::{Fabric, LAYERS, Question, SpecificityError};

pub type Fabrics = Made<Fabric, SpecificityError>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    f: Form,
    /// 17, 38, 88 or 732.
    classes: Option<String>,
    /// `level/code`, or `FR`.
    reference: Option<String>,
    measure: Option<String>,
    kappa: Option<f64>,
}

/// `GET /territories/{level}/{code}/specificity?classes=&reference=&measure=&kappa=&f=`
pub async fn specificity(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((level, code)), Query(asked)) = (path?, parameters?);
    let caching = caller.caching(Kept::Document);
    analysis::answer(&app, (&caching, &headers), move || written(&caller, (&level, &code), &asked)).await
}

fn written(caller: &Caller, (level, code): (&str, &str), asked: &Asked) -> Result<Written, HttpError> {
    let fabric = fabric(caller)?;
    let level: Level = level.parse().map_err(SpecificityError::Territory)?;
    let question = Question {
        territory: fabric.geography.territory(level, code).map_err(SpecificityError::Territory)?,
        reference: fabric.reference(asked.reference.as_deref().unwrap_or("FR"))?,
        classes: asked.classes.as_deref().unwrap_or("88").parse()?,
        counted: asked.measure.as_deref().map_or(Ok(Default::default()), str::parse)?,
        kappa: asked.kappa.unwrap_or(KAPPA),
    };
    let answer = answer(&fabric, &question)?;
    asked.f.write(&answer, || answer.table())
}

/// The table that the caller sees, over its geography.
pub fn fabric(caller: &Caller) -> Result<Arc<Fabric>, HttpError> {
    Ok(caller.opened().fabrics.of(caller.view(), &LAYERS, Fabric::of)?)
}
