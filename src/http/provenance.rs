//! `GET /provenance`: what is in the snapshot, who published it, under which terms, how much of it was taken.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::atlas::Layer;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::features::dcat;
use crate::layer::definition::{Column, FieldType};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    f: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Json,
    /// DCAT-AP as JSON-LD.
    Dcat,
}

/// `GET /provenance?f=`
pub async fn provenance(
    caller: Caller,
    address: Address,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(Parameters { f }) = parameters?;
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let linked = f.map_or_else(|| accepted.contains(dcat::MEDIA_TYPE), |form| form == Form::Dcat);
    let caching = caller.caching(Kept::Document);
    Ok(caching.not_modified(&headers).unwrap_or_else(|| {
        if linked {
            let vary = [(VARY, format!("Accept, {VARIES_WITH}"))];
            let kept = [(CONTENT_TYPE, dcat::MEDIA_TYPE)];
            return caching.mark((vary, kept, dcat::catalogue(&caller, &address).to_string()).into_response());
        }
        let layers: Vec<Value> = caller.view().layers().map(layer_json).collect();
        let vary = [(VARY, "Accept")];
        caching.mark((vary, Json(json!({ "snapshot": &*caller.edition, "layers": layers }))).into_response())
    }))
}

/// One layer as the catalogue shows it.
pub fn layer_json(layer: &Layer) -> Value {
    let (definition, counts) = (layer.definition(), &layer.entry().counts);
    let source = &definition.source;
    let columns = definition.columns.iter().map(|(name, column)| {
        (name.clone(), json!({ "type": column.kind, "unit": column.unit, "title": column.title, "words": words(column) }))
    });
    json!({
        "id": definition.id,
        "title": definition.title,
        "description": definition.description,
        "role": definition.role,
        "visibility": definition.visibility,
        "geometry": definition.geometry,
        "publisher": source.publisher,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "attribution": source.attribution,
        "address": source.address,
        "schema": source.schema,
        "vintage": source.vintage,
        "refresh": source.refresh,
        "precision_m": definition.precision_m,
        "counts": {
            "read": counts.read,
            "features": counts.features(),
            "repaired": counts.repaired,
            "rejected": counts.rejected,
            "filtered": counts.filtered,
        },
        "processing": dcat::processing(layer),
        "extent_lonlat": layer.entry().extent_lonlat,
        "columns": columns.collect::<Map<String, Value>>(),
        "tiles": definition.tiles.as_ref().map(|_| format!("tiles/{}.json", definition.id)),
    })
}

/// The source's word for each of ours: what a reader of the source's language knows. Patterns are no words.
fn words(column: &Column) -> BTreeMap<&str, &str> {
    let plain = column.values.iter().filter(|(theirs, _)| column.kind == FieldType::Text && !theirs.contains('*'));
    // The first of several is kept: later ones are other spellings.
    plain.rev().map(|(theirs, ours)| (ours.as_str(), theirs.as_str())).collect()
}
