//! `/choropleth/{indicator}/{level}/style.json?lang=&scheme=&for=`: the map upon the ground of the shipped styles.
//!
//! A class is a layer with a filter and one colour, which every client understands; what is not known is hatched, in either scheme.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Asked, made};
use crate::choropleth::Choropleth;
use crate::choropleth::legend::{HATCH, Legend};
use crate::http::address::{Address, VARIES_WITH};
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::siting::style::GROUND;
use crate::http::state::App;
use crate::http::styles::plain;
use crate::http::styles::template::{Client, Look, Scheme, fill};
use crate::layer::definition::Role;
use crate::layer::language::Language;

/// `GET /choropleth/{indicator}/{level}/style.json`
pub async fn style(
    State(app): State<App>,
    (caller, address): (Caller, Address),
    path: Result<Path<(String, String)>, PathRejection>,
    parameters: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path((indicator, level)), Query(asked)) = (path?, parameters?);
    let caching = caller.caching(Kept::Document);
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let map = made(&app, &caller, asked.question(&indicator, &level)?).await?;
    let style = drawn(&caller, &map, &asked, &address.0);
    let varies = [(VARY, HeaderValue::from_static(VARIES_WITH))];
    Ok(caching.mark((varies, Json(style)).into_response()))
}

fn drawn(caller: &Caller, map: &Choropleth, asked: &Asked, root: &str) -> Value {
    let view = caller.view();
    let seen = |id: &str| {
        let layer = view.layer(id).map(|layer| layer.definition());
        layer.is_some_and(|definition| definition.tiles.is_some() && definition.role != Role::Candidate)
    };
    let look = Look { language: asked.language, scheme: asked.scheme, client: Client::Maplibre };
    let mut style = fill(GROUND, root, seen, look);
    let (legend, dark) = (map.legend(), asked.scheme == Scheme::Dark);
    style["name"] = legend.title.in_language(asked.language).into();
    style["metadata"] = json!({ "emprise:legend": signs(&legend, asked.language, dark) });
    let own = format!("{root}/choropleth/{}/{}", map.question.indicator, map.question.level);
    let query = asked.query();
    let url = format!("{own}/tiles.json{}{}", if query.is_empty() { "" } else { "?" }, query.trim_start_matches('&'));
    if let Some(sources) = style["sources"].as_object_mut() {
        sources.insert("choropleth".to_owned(), json!({ "type": "vector", "url": url }));
    }
    if let Some(layers) = style["layers"].as_array_mut() {
        // Under borders and networks, upon the land: right after the ground.
        let place = layers.iter().position(|layer| layer["type"] == "line" || layer["type"] == "symbol").unwrap_or(layers.len());
        layers.splice(place..place, layers_of(map, &legend, dark));
    }
    if asked.client == Client::Qgis {
        plain::simplify(&mut style);
    }
    style
}

fn layers_of(map: &Choropleth, legend: &Legend, dark: bool) -> Vec<Value> {
    let layer = |id: String, filter: Value, kind: &str, paint: Value| {
        json!({
            "id": format!("choropleth-{id}"), "type": kind, "source": "choropleth", "source-layer": map.layer,
            "metadata": { "emprise:group": "choropleth" }, "filter": filter, "paint": paint,
        })
    };
    let is = |key: &str, value: Value| json!(["==", ["get", key], value]);
    let classes = legend.classes.iter().map(|class| {
        let colour = if dark { class.dark } else { class.light };
        let paint = json!({ "fill-color": colour, "fill-opacity": 0.85, "fill-antialias": false });
        layer(format!("class-{}", class.class), is("class", class.class.into()), "fill", paint)
    });
    let hatch = if dark { HATCH.dark } else { HATCH.light };
    let ground = if dark { "#2a2f34" } else { "#eceae6" };
    let hatched = |word: &str| {
        let paint = json!({ "fill-pattern": hatch });
        layer(format!("{word}-hatch"), is("state", word.into()), "fill", paint)
    };
    let border = json!({ "line-color": if dark { "#8a949c" } else { "#6b7278" }, "line-width": 0.5, "line-opacity": 0.7 });
    let missing = layer("missing".to_owned(), is("state", "missing".into()), "fill", json!({ "fill-color": ground }));
    let all = json!(["has", "state"]);
    classes.chain([missing, hatched("missing"), hatched("at-least"), layer("border".to_owned(), all, "line", border)]).collect()
}

fn signs(legend: &Legend, language: Language, dark: bool) -> Value {
    let hatch = if dark { HATCH.dark } else { HATCH.light };
    let mut items: Vec<Value> = legend
        .classes
        .iter()
        .map(|class| {
            let colour = if dark { class.dark } else { class.light };
            json!({ "shape": "area", "color": colour, "title": legend.words(class, language) })
        })
        .collect();
    if legend.at_least > 0 {
        let title = language.of("au moins cette valeur : une partie est inconnue", "at least this: part is unknown");
        items.push(json!({ "shape": "area", "hatch": hatch, "title": title }));
    }
    if legend.missing > 0 {
        let ground = if dark { "#2a2f34" } else { "#eceae6" };
        items.push(
            json!({ "shape": "area", "color": ground, "hatch": hatch, "title": language.of("non disponible", "not available") }),
        );
    }
    json!([{ "id": "choropleth", "title": legend.title.in_language(language), "items": items }])
}
