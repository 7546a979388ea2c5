//! The description as a page.

use serde_json::Value;

use crate::http::page::{escape, page as whole};
use crate::layer::language::Language;

pub fn page(described: &Value, language: Language) -> String {
    let mut body = String::new();
    let intro = language.of(
        "Chaque adresse de ce serveur. La description pour les programmes : <a href=\"?f=json\">OpenAPI 3.1</a>, <a href=\"?f=oas30\">OpenAPI 3.0</a>.",
        "Every address of this server. The description for programs: <a href=\"?f=json\">OpenAPI 3.1</a>, <a href=\"?f=oas30\">OpenAPI 3.0</a>.",
    );
    body += &format!("<p>{intro}</p>\n");
    let paths = described["paths"].as_object();
    for tag in described["tags"].as_array().into_iter().flatten() {
        body += &format!("<h2>{}</h2>\n<p>{}</p>\n<table>\n", text(&tag["name"]), text(&tag["description"]));
        for (path, methods) in paths.into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if operation["tags"][0] == tag["name"] {
                    body += &row(path, method, operation, described);
                }
            }
        }
        body += "</table>\n";
    }
    whole(language, language.of("L'interface de programmation", "The programming interface"), &body)
}

fn row(path: &str, method: &str, operation: &Value, described: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let names: Vec<String> = parameters
        .filter_map(|parameter| parameter["$ref"].as_str()?.rsplit('/').next())
        .map(|key| {
            let parameter = &described["components"]["parameters"][key];
            format!("<dt><code>{}</code></dt><dd>{}</dd>", text(&parameter["name"]), text(&parameter["description"]))
        })
        .collect();
    let list = if names.is_empty() { String::new() } else { format!("<dl>{}</dl>", names.concat()) };
    let method = method.to_ascii_uppercase();
    let shown = escape(path);
    let address = if path.contains('{') || method != "GET" {
        shown
    } else {
        format!("<a href=\"{}\">{shown}</a>", escape(path.trim_start_matches('/')))
    };
    format!("<tr><th scope=\"row\">{method} <code>{address}</code></th><td>{}{list}</td></tr>\n", text(&operation["summary"]))
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}
