//! `GET /collections/{layer}/items` and `GET /collections/{layer}/items/{feature}`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LINK, VARY};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::{Value, json};

use crate::geometry::reference::Reference;
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::features::asked::{Asked, LIMIT, MOST, Pairs, encoded};
use crate::http::features::form::Form;
use crate::http::features::pages;
use crate::http::features::select::{Selection, select};
use crate::http::features::write::{Sheet, write};
use crate::http::page;
use crate::http::processes::link;
use crate::http::state::App;
use crate::http::stream::stream;

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// Who asks what of which layer, and in which form.
struct Question {
    caller: Caller,
    id: String,
    asked: Asked,
    form: Form,
}

/// `GET /collections/{layer}/items`
pub async fn items(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    path: Result<Path<String>, PathRejection>,
    pairs: Result<Query<Pairs>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(id), Query(pairs)) = (path?, pairs?);
    let asked = Asked::of(pairs, caller.layer(&id)?)?;
    let form = form(asked.form, asked.system, &headers)?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    if asked.cursor.as_ref().is_some_and(|(edition, _)| **edition != *caller.edition) {
        return Err(HttpError::Replaced);
    }
    let selection = selected(&app, &caller, &id, &asked).await?;
    let slice = Slice::of(&asked, form, &selection);
    let question = Question { caller, id, asked, form };
    let links = links(&address, &question, &slice);
    let Question { caller, id, asked, .. } = &question;
    let varies = AppendHeaders([
        (VARY, HeaderValue::from_static(VARIES_WITH)),
        (VARY, HeaderValue::from_static("Accept, Accept-Language")),
    ]);
    let mut kept: Vec<(HeaderName, String)> = vec![
        (CONTENT_TYPE, form.media_type().to_owned()),
        (CONTENT_CRS, format!("<{}>", asked.system.uri())),
        (LINK, header(&links)),
    ];
    if form == Form::Html {
        kept.push((CONTENT_SECURITY_POLICY, page::POLICY.to_owned()));
        let language = page::language(&headers);
        let body = pages::items(caller.layer(id)?, &selection, &slice, &links, language);
        return Ok(caching.mark((varies, with(kept), body).into_response()));
    }
    if form.is_file() {
        kept.push((CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.{}\"", form.word())));
    }
    let head = match form {
        Form::Page => json!({ "numberMatched": selection.len(), "numberReturned": slice.count, "links": links }),
        _ => json!({}),
    };
    let body = written(&app, question, (selection, slice), head).await?;
    Ok(caching.mark((varies, with(kept), body).into_response()))
}

/// What `f` says goes before what `Accept` does.
fn form(asked: Option<Form>, system: Reference, headers: &HeaderMap) -> Result<Form, HttpError> {
    let form = asked.unwrap_or_else(|| Form::accepted(headers));
    if form == Form::GeoParquet && system != Reference::Crs84 {
        let sentence = "GeoParquet is written in longitude and latitude only; leave `crs` out, or ask for another form";
        return Err(HttpError::Parameters(sentence.to_owned()));
    }
    Ok(form)
}

/// Headers, of letters that any header may hold.
fn with(headers: Vec<(HeaderName, String)>) -> HeaderMap {
    headers.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?))).collect()
}

/// What is selected, found once for all its pages.
async fn selected(app: &App, caller: &Caller, id: &str, asked: &Asked) -> Result<Selection, HttpError> {
    let find = async {
        let (caller, id, asked) = (caller.clone(), id.to_owned(), asked.clone());
        app.pools().analyses.run(move || select(&asked, caller.layer(&id)?)).await?
    };
    let opened = Arc::clone(caller.opened());
    opened.selections.get_or_make(&asked.key(id), Selection::bytes, find).await
}

/// The part of a selection that is sent.
pub struct Slice {
    pub from: usize,
    pub count: usize,
    pub limit: usize,
    /// Of how many.
    pub all: usize,
}

impl Slice {
    fn of(asked: &Asked, form: Form, selection: &Selection) -> Slice {
        let limit = match asked.limit {
            // A file is as long as it is asked to be.
            Some(limit) if form.is_file() => limit,
            Some(limit) => limit.min(MOST),
            None if form.is_file() => selection.len(),
            None => LIMIT,
        };
        let from = asked.cursor.as_ref().map_or(0, |(_, position)| *position).min(selection.len());
        Slice { from, count: limit.min(selection.len() - from), limit, all: selection.len() }
    }
}

/// Links to this page, its other forms, and its neighbours.
fn links(address: &Address, question: &Question, slice: &Slice) -> Vec<Value> {
    let Question { caller, id, asked, form } = question;
    let form = *form;
    let own = format!("{}/collections/{}", address.0, encoded(id));
    let media_type = |form: Form| form.media_type().split(';').next().unwrap_or_default();
    let to = |changed: &[(&str, &str)], rel: &str, form: Form| {
        link(format!("{own}/items{}", asked.query(changed)), rel, media_type(form))
    };
    let mut links = vec![to(&[], "self", form)];
    let others = Form::ALL.into_iter().filter(|other| *other != form);
    links.extend(others.map(|other| to(&[("f", other.word())], "alternate", other)));
    links.push(link(own.clone(), "collection", "application/json"));
    let cursor = |position: usize| match position {
        0 => String::new(),
        position => format!("{}-{position}", caller.edition),
    };
    let matched = slice.from + slice.count;
    if matched < slice.all {
        links.push(to(&[("cursor", &cursor(matched))], "next", form));
    }
    if slice.from > 0 {
        links.push(to(&[("cursor", &cursor(slice.from.saturating_sub(slice.limit)))], "prev", form));
    }
    links
}

/// The neighbours as a header (RFC 8288), for forms without a place for links.
fn header(links: &[Value]) -> String {
    let shown = links.iter().filter(|link| ["next", "prev", "collection"].iter().any(|rel| link["rel"] == *rel));
    let one = |link: &Value| {
        let text = |name: &str| link[name].as_str().unwrap_or_default().to_owned();
        format!("<{}>; rel=\"{}\"; type=\"{}\"", text("href"), text("rel"), text("type"))
    };
    shown.map(one).collect::<Vec<_>>().join(", ")
}

/// Starts the writer, and hands over the end that is read.
async fn written(app: &App, question: Question, (selection, slice): (Selection, Slice), head: Value) -> Result<Body, HttpError> {
    let (mut output, body) = stream();
    let Question { caller, id, asked, form } = question;
    let work = move || {
        let Ok(layer) = caller.layer(&id) else { return };
        let sheet = Sheet::new(layer, asked.columns.as_deref(), asked.system);
        let outcome = write(&sheet, form, selection.rows(slice.from, slice.count), &head, &mut output);
        output.end(outcome);
    };
    app.pools().downloads.start(work).await?;
    Ok(body)
}

/// `GET /collections/{layer}/items/{feature}`; a `/` in the feature's id is written `%2F`.
pub async fn item(
    caller: Caller,
    address: Address,
    path: Result<Path<(String, String)>, PathRejection>,
    pairs: Result<Query<Pairs>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((id, feature)), Query(pairs)) = (path?, pairs?);
    let layer = caller.layer(&id)?;
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !["f", "crs", "properties"].contains(&name.as_str())) {
        return Err(HttpError::Parameters(format!("`{name}` is no parameter here; there are `f`, `crs` and `properties`")));
    }
    let asked = Asked::of(pairs, layer)?;
    let form = form(asked.form, asked.system, &headers)?;
    let row = layer.row_of(&feature).ok_or_else(|| HttpError::UnknownFeature { layer: id.clone(), id: feature.clone() })?;
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let own = format!("{}/collections/{}", address.0, encoded(&id));
    let varies = AppendHeaders([
        (VARY, HeaderValue::from_static(VARIES_WITH)),
        (VARY, HeaderValue::from_static("Accept, Accept-Language")),
    ]);
    let system = [(CONTENT_CRS, format!("<{}>", asked.system.uri()))];
    if form == Form::Html {
        let kept = [(CONTENT_TYPE, page::MEDIA_TYPE), (CONTENT_SECURITY_POLICY, page::POLICY)];
        let body = pages::item(layer, row, page::language(&headers));
        return Ok(caching.mark((varies, kept, body).into_response()));
    }
    let mut json = Sheet::new(layer, asked.columns.as_deref(), asked.system).feature(row);
    let item = format!("{own}/items/{}", encoded(&feature));
    json["links"] = json!([
        link(format!("{item}{}", asked.query(&[])), "self", "application/geo+json"),
        link(format!("{item}{}", asked.query(&[("f", "html")])), "alternate", "text/html"),
        link(own, "collection", "application/json"),
    ]);
    let kept = [(CONTENT_TYPE, "application/geo+json")];
    Ok(caching.mark((varies, system, kept, json.to_string()).into_response()))
}
