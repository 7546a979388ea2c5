//! What maps need beside the tiles: TileJSON, styles, sprites, glyphs; and how to serve it all with Martin behind nginx.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::commands::publish::Arguments;
use crate::commands::publish::archives::{Planned, described};
use crate::http::assets;
use crate::http::styles::STYLES;
use crate::http::styles::template::{Client, Look, Scheme, fill};
use crate::layer::language::Language;
use crate::tiles::pyramid::Pyramid;

pub fn write(arguments: &Arguments, sets: &[Planned], pyramid: &Pyramid) -> anyhow::Result<()> {
    let address = arguments.address.trim_end_matches('/');
    let mut lists: BTreeSet<String> = sets.iter().map(|set| set.name.clone()).collect();
    for (name, mut style) in STYLES.iter().flat_map(|(id, template)| styles(id, template, address, sets)) {
        if arguments.together.is_none() {
            part(&mut style, &|id| sets.iter().find(|set| set.name == id).map(|set| set.part.zooms[1]));
        }
        for source in style["sources"].as_object_mut().into_iter().flat_map(|sources| sources.values_mut()) {
            if let Some(name) = &arguments.together {
                source["url"] = format!("{address}/tiles/{name}.json").into();
            }
            lists.insert(list_of(source).to_owned());
        }
        save(&arguments.out.join("styles").join(format!("{name}.json")), &pretty(&style)?)?;
    }
    for list in &lists {
        let listed: Vec<&Planned> = sets.iter().filter(|set| list.split(',').any(|id| id == set.name)).collect();
        let json = described((list, &listed), pyramid, &format!("{address}/tiles/{list}/{{z}}/{{x}}/{{y}}"));
        save(&arguments.out.join("tiles").join(format!("{list}.json")), &pretty(&json)?)?;
    }
    for (path, bytes) in ["sprites/", "fonts/"].into_iter().flat_map(assets::under) {
        save(&arguments.out.join(path), &bytes)?;
    }
    save(&arguments.out.join("martin.yaml"), martin(arguments, sets).as_bytes())?;
    save(&arguments.out.join("nginx.conf"), nginx(&arguments.out).as_bytes())
}

/// A style in each look, drawing what is published.
fn styles(id: &str, template: &str, address: &str, sets: &[Planned]) -> Vec<(String, Value)> {
    let layers = || sets.iter().flat_map(|set| &set.layers);
    let seen = |id: &str| layers().any(|one| one.name == id);
    looks(id).into_iter().map(|(name, look)| (name, fill(template, address, seen, look))).collect()
}

/// The layers of a style's source, as in the address of its tiles.
fn list_of(source: &Value) -> &str {
    let url = source["url"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().trim_end_matches(".json")
}

/// Gives a style one source for each last zoom of what it draws. Martin has of an archive what is in it: beside one that goes deeper
/// its layer would vanish beyond its own last zoom, where a client that knows that zoom enlarges it.
fn part(style: &mut Value, last_zoom: &dyn Fn(&str) -> Option<u8>) {
    let sources: Vec<(String, Value)> =
        style["sources"].as_object().into_iter().flatten().map(|(name, source)| (name.clone(), source.clone())).collect();
    for (name, source) in sources {
        let list = list_of(&source);
        let mut parts: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
        list.split(',')
            .filter_map(|id| Some((last_zoom(id)?, id)))
            .for_each(|(zoom, id)| parts.entry(zoom).or_default().push(id));
        let deepest = parts.keys().next_back().copied();
        for (zoom, ids) in parts {
            let own = if Some(zoom) == deepest { name.clone() } else { format!("{name}-{zoom}") };
            let mut source = source.clone();
            source["url"] = source["url"].as_str().unwrap_or_default().replace(list, &ids.join(",")).into();
            style["sources"][&own] = source;
            for layer in style["layers"].as_array_mut().into_iter().flatten() {
                if layer["source"] == *name && layer["source-layer"].as_str().is_some_and(|id| ids.contains(&id)) {
                    layer["source"] = own.clone().into();
                }
            }
        }
    }
}

/// `ID.json` is English and light, as it is where nothing is asked for; the others say what they are.
fn looks(id: &str) -> Vec<(String, Look)> {
    let mut looks = vec![(id.to_owned(), Look::default())];
    for language in [Language::Fr, Language::En] {
        for (scheme, word) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
            looks.push((format!("{id}.{}.{word}", language.tag()), Look { language, scheme, client: Client::Maplibre }));
        }
        looks.push((format!("{id}.{}.qgis", language.tag()), Look { language, client: Client::Qgis, ..Look::default() }));
    }
    looks
}

/// Martin draws several sources in one tile as `/tiles/a,b/...`, as this program does: an archive a layer serves every style.
fn martin(arguments: &Arguments, sets: &[Planned]) -> String {
    let (kind, extension) = match arguments.format {
        super::Format::Mbtiles => ("mbtiles", "mbtiles"),
        _ => ("pmtiles", "pmtiles"),
    };
    let entry = |set: &Planned| format!("    {}: tiles/{}.{extension}\n", set.name, set.name);
    let entries: String = sets.iter().map(entry).collect();
    format!(
        "# Martin 1.3 or later, started in this folder: martin --config martin.yaml\nlisten_addresses: 127.0.0.1:3001\nroute_prefix: /tiles\n{kind}:\n  sources:\n{entries}"
    )
}

/// Styles, sprites, glyphs and TileJSON are files; tiles are Martin's.
fn nginx(out: &Path) -> String {
    let root = std::fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    format!(
        "# Within http {{ ... }}: the addresses that `emprise serve` has, from files and from Martin.\n\
         server {{\n    listen 3000;\n    root \"{root}\";\n    add_header Access-Control-Allow-Origin *;\n    \
         types {{ application/json json; image/png png; application/x-protobuf pbf; }}\n    gzip on;\n    \
         gzip_types application/json application/x-protobuf;\n    \
         location ~ ^/(styles|sprites|fonts)/ {{ }}\n    location ~ ^/tiles/[^/]+\\.json$ {{ }}\n    \
         location /tiles/ {{ proxy_pass http://127.0.0.1:3001; proxy_set_header Host $http_host; }}\n    \
         location / {{ return 404; }}\n}}\n",
        root = root.display()
    )
}

fn pretty(json: &Value) -> anyhow::Result<Vec<u8>> {
    Ok(serde_json::to_vec_pretty(json)?)
}

fn save(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, bytes));
    written.with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn layers_of_one_last_zoom_are_one_source() {
        let layer = |source: &str, id: &str| json!({ "source": source, "source-layer": id });
        let source = |list: &str| json!({ "type": "vector", "url": format!("http://h/tiles/{list}.json") });
        let mut style = json!({
            "sources": { "ground": source("land,communes,names"), "roads": source("roads") },
            "layers": [{ "id": "background" }, layer("ground", "land"), layer("ground", "communes"), layer("ground", "names"), layer("roads", "roads")],
        });
        part(&mut style, &|id| if id == "communes" { Some(12) } else { Some(14) });
        let sources = json!({ "ground": source("land,names"), "ground-12": source("communes"), "roads": source("roads") });
        assert_eq!(style["sources"], sources);
        let named: Vec<&Value> = style["layers"].as_array().unwrap().iter().map(|layer| &layer["source"]).collect();
        assert_eq!(named, [&json!(null), &json!("ground"), &json!("ground-12"), &json!("ground"), &json!("roads")]);
    }
}
