//! Collections and items as pages that a person can read, with a map drawn by the server.

use serde_json::Value as Json;

use crate::atlas::Layer;
use crate::geometry::bounds::Bounds;
use crate::geometry::projection::to_mercator;
use crate::geometry::shape::Kind;
use crate::http::caller::Caller;
use crate::http::features::asked::encoded;
use crate::http::features::form::Form;
use crate::http::features::items::Slice;
use crate::http::features::select::Selection;
use crate::http::page::{escape, page};
use crate::layer::language::Language;

pub fn collections(caller: &Caller, language: Language) -> String {
    let row = |layer: &Layer| {
        let definition = layer.definition();
        let description = definition.description.as_ref().map_or("", |text| text.in_language(language));
        format!(
            "<tr><th scope=\"row\"><a href=\"collections/{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            encoded(&definition.id),
            escape(definition.title.in_language(language)),
            escape(description),
            layer.len(),
            escape(&definition.source.publisher),
            escape(&definition.source.vintage),
        )
    };
    let rows: String = caller.view().layers().map(row).collect();
    let heads = language.of(
        "<th>Couche</th><th>Description</th><th>Objets</th><th>Producteur</th><th>Millésime</th>",
        "<th>Layer</th><th>Description</th><th>Features</th><th>Publisher</th><th>Vintage</th>",
    );
    let links = language.of(
        "<a href=\"collections?f=json\">JSON</a><a href=\"provenance?f=dcat\">DCAT</a><a href=\"api\">Interface de programmation</a>",
        "<a href=\"collections?f=json\">JSON</a><a href=\"provenance?f=dcat\">DCAT</a><a href=\"api\">Programming interface</a>",
    );
    let body = format!("<nav>{links}</nav>\n<div class=\"scroll\"><table>\n<tr>{heads}</tr>\n{rows}</table></div>\n");
    page(language, language.of("Les données", "The data"), &body)
}

pub fn collection(layer: &Layer, language: Language) -> String {
    let (definition, source) = (layer.definition(), &layer.definition().source);
    let id = encoded(&definition.id);
    let counts = &layer.entry().counts;
    let description = definition.description.as_ref().map_or("", |text| text.in_language(language));
    let fact = |fr: &str, en: &str, value: &str| {
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", language.of(fr, en), escape(value))
    };
    let facts = [
        fact("Producteur", "Publisher", &source.publisher),
        fact("Licence", "Licence", &source.licence),
        fact("Source", "Source", &source.address),
        fact("Millésime", "Vintage", &source.vintage),
        fact("Mise à jour", "Refreshed", &source.refresh),
        fact("Précision", "Precision", &format!("{} m", definition.precision_m)),
        fact("Lignes lues", "Rows read", &counts.read.to_string()),
        fact("Objets", "Features", &counts.features().to_string()),
        fact("Géométries réparées", "Geometries repaired", &counts.repaired.to_string()),
        fact("Lignes rejetées", "Rows rejected", &counts.rejected.to_string()),
        fact("Lignes écartées par la définition", "Rows left out by definition", &counts.filtered.to_string()),
    ];
    let columns = definition.columns.iter().map(|(name, column)| {
        let title = column.title.as_ref().map_or("", |title| title.in_language(language));
        let unit = column.unit.map_or("", |unit| unit.symbol());
        format!(
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>\n",
            escape(name),
            escape(title),
            escape(unit)
        )
    });
    let downloads = Form::ALL.into_iter().map(|form| format!("<a href=\"{id}/items?f={0}\">{0}</a>", form.word()));
    let body = format!(
        "<p>{}</p>\n<nav>{}</nav>\n{}<table>\n{}</table>\n<h2>{}</h2>\n<table>\n{}</table>\n",
        escape(description),
        downloads.collect::<String>(),
        map(layer, Selection::All(layer.len()).rows(0, SHOWN)),
        facts.concat(),
        language.of("Colonnes", "Columns"),
        columns.collect::<String>(),
    );
    page(language, definition.title.in_language(language), &body)
}

/// Features drawn on one map, and vertices of all of them: a page stays light.
const SHOWN: usize = 1_000;
const VERTICES: usize = 50_000;

pub fn items(layer: &Layer, selection: &Selection, slice: &Slice, links: &[Json], language: Language) -> String {
    let definition = layer.definition();
    let rows = || selection.rows(slice.from, slice.count);
    let columns: Vec<&str> = definition.columns.keys().map(String::as_str).collect();
    let heads: String = columns.iter().map(|name| format!("<th>{}</th>", escape(name))).collect();
    let line = |row: u32| {
        let cells = columns.iter().map(|name| format!("<td>{}</td>", escape(&layer.value(name, row).to_string())));
        let id = layer.id(row);
        format!(
            "<tr><th scope=\"row\"><a href=\"items/{}\">{}</a></th>{}</tr>\n",
            encoded(id),
            escape(id),
            cells.collect::<String>()
        )
    };
    let (from, to) = (slice.from + slice.count.min(1), slice.from + slice.count);
    let count = language.of(format!("{from} à {to} sur {}", slice.all), format!("{from} to {to} of {}", slice.all));
    let shown = |rel: &str| {
        let label = match rel {
            "prev" => language.of("Page précédente", "Previous page"),
            "next" => language.of("Page suivante", "Next page"),
            _ => language.of("La couche", "The layer"),
        };
        let found = links.iter().find(|link| link["rel"] == rel).and_then(|link| link["href"].as_str());
        found.map(|href| format!("<a href=\"{}\" rel=\"{rel}\">{label}</a>", escape(href))).unwrap_or_default()
    };
    let nav: String = ["collection", "prev", "next"].into_iter().map(shown).collect();
    let body = format!(
        "<nav>{nav}</nav>\n<p>{count}</p>\n{}<div class=\"scroll\"><table>\n<tr><th>id</th>{heads}</tr>\n{}</table></div>\n",
        map(layer, rows().take(SHOWN)),
        rows().map(line).collect::<String>(),
    );
    page(language, definition.title.in_language(language), &body)
}

pub fn item(layer: &Layer, row: u32, language: Language) -> String {
    let definition = layer.definition();
    let facts = definition.columns.iter().map(|(name, column)| {
        let title = column.title.as_ref().map_or(name.as_str(), |title| title.in_language(language));
        let unit = column.unit.map_or("", |unit| unit.symbol());
        let value = match layer.value(name, row) {
            value if value.is_unknown() => language.of("inconnu", "unknown").to_owned(),
            value => format!("{value} {unit}"),
        };
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape(title), escape(value.trim()))
    });
    let source = &definition.source;
    let body = format!(
        "<nav><a href=\"?f=json\">GeoJSON</a><a href=\"../items\">{}</a></nav>\n{}<table>\n{}</table>\n<p>{} · {} · {}</p>\n",
        escape(definition.title.in_language(language)),
        map(layer, std::iter::once(row)),
        facts.collect::<String>(),
        escape(&source.publisher),
        escape(&source.licence),
        escape(&source.vintage),
    );
    page(language, layer.name(row).unwrap_or_else(|| layer.id(row)), &body)
}

/// The rows as one drawing in Web Mercator, north up. Nothing where no row has a geometry.
fn map(layer: &Layer, rows: impl Iterator<Item = u32>) -> String {
    let mut extent = Bounds::EMPTY;
    let mut left = VERTICES;
    let mut shapes = Vec::new();
    for row in rows {
        let shape = layer.shape(row);
        let parts: Vec<Vec<[f64; 2]>> = shape.rings().map(|ring| ring.iter().map(|&xy| to_mercator(xy)).collect()).collect();
        let count: usize = parts.iter().map(Vec::len).sum();
        if count > left {
            break;
        }
        left -= count;
        extent = parts.iter().fold(extent, |extent, ring| extent.union(Bounds::of(ring)));
        shapes.push((shape.kind(), parts));
    }
    if extent.is_empty() {
        return String::new();
    }
    let extent = extent.grown(0.05 * extent.width().max(extent.height()).max(500.0));
    let scale = 1000.0 / extent.width().max(extent.height());
    let place = |[x, y]: [f64; 2]| ((x - extent.min[0]) * scale, (extent.max[1] - y) * scale);
    let drawn: String = shapes.iter().map(|(kind, parts)| drawn(*kind, parts, &place)).collect();
    let (width, height) = (extent.width() * scale, extent.height() * scale);
    format!("<svg class=\"map\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"map\">{drawn}</svg>\n")
}

fn drawn(kind: Kind, parts: &[Vec<[f64; 2]>], place: &impl Fn([f64; 2]) -> (f64, f64)) -> String {
    if kind == Kind::Point {
        let circle = |at: &[f64; 2]| {
            let (x, y) = place(*at);
            format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>")
        };
        return parts.iter().flatten().map(circle).collect();
    }
    let mut path = String::new();
    for ring in parts {
        for (step, &xy) in ring.iter().enumerate() {
            let (x, y) = place(xy);
            path += &format!("{}{x:.1} {y:.1}", if step == 0 { "M" } else { "L" });
        }
        if kind == Kind::Polygon {
            path.push('Z');
        }
    }
    let class = if kind == Kind::Line { " class=\"line\"" } else { "" };
    format!("<path{class} fill-rule=\"evenodd\" d=\"{path}\"/>")
}
