//! `GET /collections` and `GET /collections/{layer}`: what there is, where it came from, and how to get it.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::{Value, json};

use crate::atlas::Layer;
use crate::geometry::reference::Reference;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::features::form::Form;
use crate::http::features::pages;
use crate::http::landing::{self, wants_page};
use crate::http::processes::link;
use crate::http::{page, provenance};
use crate::layer::definition::GeometryType;
use crate::layer::language::Language;

type Wanted = Result<Query<landing::Parameters>, QueryRejection>;

/// The systems that a layer is given in: those that hold anywhere, and those of the territories that it reaches.
pub fn systems(layer: &Layer) -> Vec<Reference> {
    let own = layer.frames().iter().copied().map(Reference::Of);
    Reference::GENERAL.into_iter().chain(own).collect()
}

/// The system in which the layer is stored: that of its territory, where it has only one.
fn stored(layer: &Layer) -> Reference {
    match layer.frames() {
        [frame] => Reference::Of(*frame),
        _ => Reference::Crs84,
    }
}

/// `GET /collections`
pub async fn list(caller: Caller, address: Address, wanted: Wanted, headers: HeaderMap) -> Result<Response, HttpError> {
    let Query(landing::Parameters { f }) = wanted?;
    send(&caller, &headers, f, |language, html| match html {
        true => pages::collections(&caller, language),
        false => {
            let own = format!("{}/collections", address.0);
            let collections: Vec<Value> = caller.view().layers().map(|layer| describe(layer, &address, language)).collect();
            json!({
                "links": [
                    link(format!("{own}?f=json"), "self", "application/json"),
                    link(format!("{own}?f=html"), "alternate", "text/html"),
                    link(format!("{}/provenance?f=dcat", address.0), "describedby", "application/ld+json"),
                ],
                "crs": Reference::all().map(Reference::uri).collect::<Vec<_>>(),
                "collections": collections,
            })
            .to_string()
        }
    })
}

/// `GET /collections/{layer}`
pub async fn one(
    caller: Caller,
    address: Address,
    path: Result<Path<String>, PathRejection>,
    wanted: Wanted,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(landing::Parameters { f })) = (path?, wanted?);
    let layer = caller.layer(&id)?;
    send(&caller, &headers, f, |language, html| match html {
        true => pages::collection(layer, language),
        false => describe(layer, &address, language).to_string(),
    })
}

/// An answer in one of two forms and two languages.
fn send(
    caller: &Caller,
    headers: &HeaderMap,
    f: Option<landing::Form>,
    write: impl FnOnce(Language, bool) -> String,
) -> Result<Response, HttpError> {
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    let html = f.map_or_else(|| wants_page(headers), |form| form == landing::Form::Html);
    let body = write(page::language(headers), html);
    let vary = AppendHeaders([
        (VARY, HeaderValue::from_static(VARIES_WITH)),
        (VARY, HeaderValue::from_static("Accept, Accept-Language")),
    ]);
    let response = match html {
        true => (vary, [(CONTENT_TYPE, page::MEDIA_TYPE), (CONTENT_SECURITY_POLICY, page::POLICY)], body).into_response(),
        false => (vary, [(CONTENT_TYPE, "application/json")], body).into_response(),
    };
    Ok(caching.mark(response))
}

/// A collection: what the catalogue says of the layer, in the words of the standard where it has them.
pub fn describe(layer: &Layer, address: &Address, language: Language) -> Value {
    let mut json = provenance::layer_json(layer);
    let definition = layer.definition();
    let own = format!("{}/collections/{}", address.0, definition.id);
    json["names"] = json["title"].take();
    json["title"] = definition.title.in_language(language).into();
    json["description"] = definition.description.as_ref().map_or("", |text| text.in_language(language)).into();
    json["attribution"] = json["attribution"].as_str().unwrap_or(&definition.source.publisher).into();
    json["itemType"] = "feature".into();
    if let Some(extent) = layer.extent_lonlat() {
        json["extent"] = json!({ "spatial": { "bbox": [extent], "crs": Reference::Crs84.uri() } });
    }
    if definition.geometry != GeometryType::None {
        json["crs"] = systems(layer).into_iter().map(Reference::uri).collect::<Vec<_>>().into();
        json["storageCrs"] = stored(layer).uri().into();
    }
    json["links"] = links(&own, layer).into();
    json
}

fn links(own: &str, layer: &Layer) -> Vec<Value> {
    let source = &layer.definition().source;
    let mut links = vec![
        link(format!("{own}?f=json"), "self", "application/json"),
        link(format!("{own}?f=html"), "alternate", "text/html"),
        link(format!("{own}/queryables"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json"),
        link(format!("{own}/schema"), "describedby", "application/schema+json"),
        link(source.address.clone(), "via", "text/html"),
    ];
    if let Some(licence) = &source.licence_url {
        links.push(link(licence.clone(), "license", "text/html"));
    }
    for form in Form::ALL {
        let rel = if form.is_file() { "enclosure" } else { "items" };
        let mut item =
            link(format!("{own}/items?f={}", form.word()), rel, form.media_type().split(';').next().unwrap_or_default());
        item["title"] = format!("{} ({})", layer.definition().title.en, form.word()).into();
        links.push(item);
    }
    links
}
