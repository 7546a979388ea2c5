//! `GET /api`: the description of every route (OpenAPI 3.1), made of the table beside the routes. As JSON for programs, as a page
//! for people, and in the words of OpenAPI 3.0, which clients of OGC API Features expect (`f=oas30`).
//!
//! In reading order: [`operations`], the table; [`schemas`], the shapes of bodies; [`page`]; [`older`].

pub mod older;
pub mod operations;
mod page;
pub mod parameters;
pub mod schemas;
mod territories;

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::address::{Address, VARIES_WITH};
use crate::http::api::operations::{Operation, Tag, operations};
use crate::http::error::HttpError;
use crate::http::landing::wants_page;
use crate::http::page as pages;

pub const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";
pub const OLDER_MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    f: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Json,
    Oas30,
    Html,
}

/// `GET /api`
pub async fn api(
    address: Address,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(Parameters { f }) = parameters?;
    let form = f.unwrap_or(if wants_page(&headers) { Form::Html } else { Form::Json });
    let described = describe(&address.0);
    let vary = [(VARY, format!("Accept, Accept-Language, {VARIES_WITH}"))];
    Ok(match form {
        Form::Json => (vary, [(CONTENT_TYPE, MEDIA_TYPE)], described.to_string()).into_response(),
        Form::Oas30 => (vary, [(CONTENT_TYPE, OLDER_MEDIA_TYPE)], older::older(described).to_string()).into_response(),
        Form::Html => {
            let html = page::page(&described, pages::language(&headers));
            let kept = [(CONTENT_TYPE, pages::MEDIA_TYPE), (CONTENT_SECURITY_POLICY, pages::POLICY)];
            (vary, kept, html).into_response()
        }
    })
}

/// The whole description, with `server` as the address of its routes.
pub fn describe(server: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = written(&operation);
    }
    let tags: Vec<Value> = Tag::ALL.iter().map(|tag| json!({ "name": tag.name(), "description": tag.says() })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Emprise",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A spatial engine for industrial land.",
            "description": "Siting, what bears on a plot, vector tiles, and the data itself as OGC API Features. Layers that are \
                not for everyone exist for those who send a token that was granted them, and for nobody else.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": server }],
        "security": [{}, { "token": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas::schemas(),
            "parameters": parameters::parameters(),
            "responses": { "Problem": {
                "description": "What is wrong, in one sentence (RFC 9457).",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

/// One operation in the words of OpenAPI.
fn written(operation: &Operation) -> Value {
    let path: Vec<Value> =
        variables(operation.path).into_iter().map(|name| reference(&parameters::path_key(name, operation.path))).collect();
    let query = operation.takes.iter().map(|name| reference(name));
    let content = |kinds: &[(&str, &str)]| -> Map<String, Value> {
        let schema = |name: &str| match name {
            "" => json!({}),
            name => json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } }),
        };
        kinds.iter().map(|(media_type, name)| ((*media_type).to_owned(), schema(name))).collect()
    };
    let mut success = json!({ "description": operation.says });
    if !operation.gives.is_empty() {
        success["content"] = content(operation.gives).into();
    }
    let mut responses = Map::new();
    responses.insert(operation.status.to_string(), success);
    for (status, says) in operation.also {
        responses.insert(status.to_string(), json!({ "description": says }));
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut json = json!({
        "tags": [operation.tag.name()],
        "operationId": operation.id(),
        "summary": operation.says,
        "parameters": path.into_iter().chain(query).collect::<Vec<_>>(),
        "responses": responses,
    });
    if let Some((kinds, example)) = operation.body {
        let mut content = content(kinds);
        if let Some(first) = content.values_mut().next() {
            // A table of ours: a test reads every one.
            first["example"] = serde_json::from_str(example).unwrap_or_default();
        }
        json["requestBody"] = json!({ "required": true, "content": content });
    }
    json
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// The names between braces.
pub fn variables(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Names that are referred to, for the test that all of them are there.
pub fn references(json: &Value, found: &mut BTreeSet<String>) {
    match json {
        Value::Object(members) => members.iter().for_each(|(key, value)| match value {
            Value::String(target) if key == "$ref" => drop(found.insert(target.clone())),
            other => references(other, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_referred_to_is_there() {
        let described = describe("http://test");
        for described in [older::older(described.clone()), described] {
            let mut found = BTreeSet::new();
            references(&described["paths"], &mut found);
            references(&described["components"], &mut found);
            assert!(found.len() > 20);
            for target in found {
                let place = target.strip_prefix('#').unwrap();
                assert!(described.pointer(place).is_some(), "{target}");
            }
        }
    }

    #[test]
    fn every_operation_has_its_own_id_and_a_sentence() {
        let all = operations();
        let ids: BTreeSet<String> = all.iter().map(Operation::id).collect();
        assert_eq!(ids.len(), all.len());
        for operation in all {
            assert!(operation.says.ends_with(['.', '?']), "{}", operation.path);
            assert!(!operation.gives.is_empty(), "{}", operation.path);
            if let Some((_, example)) = operation.body {
                assert!(serde_json::from_str::<Value>(example).is_ok(), "{}", operation.path);
            }
        }
    }
}
