//! What maps need beside the tiles: TileJSON, styles, sprites, glyphs; and how to serve it all with Martin behind nginx.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::atlas::Layer;
use crate::commands::publish::Arguments;
use crate::commands::publish::archives::Planned;
use crate::http::assets;
use crate::http::styles::STYLES;
use crate::http::styles::template::{Client, Look, Scheme, fill};
use crate::layer::language::Language;

pub fn write(arguments: &Arguments, sets: &[Planned]) -> anyhow::Result<()> {
    let address = arguments.address.trim_end_matches('/');
    let layers: Vec<&Layer> = sets.iter().flat_map(|set| set.layers.iter().copied()).collect();
    let mut sources: BTreeMap<String, Value> = BTreeMap::new();
    for set in sets {
        sources.insert(set.name.clone(), described(&set.name, &set.layers, set, address));
    }
    for (id, template) in STYLES {
        for (name, look) in looks(id) {
            let seen = |id: &str| layers.iter().any(|layer| layer.definition().id == id);
            let mut style = fill(template, address, seen, look);
            for source in style["sources"].as_object_mut().into_iter().flat_map(|sources| sources.values_mut()) {
                let list = listed(source, address, arguments.together.as_deref());
                let own: Vec<&Layer> =
                    layers.iter().copied().filter(|layer| list.split(',').any(|id| id == layer.definition().id)).collect();
                if let Some(set) = sets.iter().find(|set| list.split(',').any(|id| id == set.name)) {
                    sources.entry(list.clone()).or_insert_with(|| described(&list, &own, set, address));
                }
            }
            save(&arguments.out.join("styles").join(format!("{name}.json")), &pretty(&style)?)?;
        }
    }
    for (list, json) in &sources {
        save(&arguments.out.join("tiles").join(format!("{list}.json")), &pretty(json)?)?;
    }
    for (path, bytes) in ["sprites/", "fonts/"].into_iter().flat_map(assets::under) {
        save(&arguments.out.join(path), &bytes)?;
    }
    save(&arguments.out.join("martin.yaml"), martin(arguments, sets).as_bytes())?;
    save(&arguments.out.join("nginx.conf"), nginx(&arguments.out).as_bytes())
}

/// The layers of a style's source, as in the address of its tiles. All are in one archive where that was asked for.
fn listed(source: &mut Value, address: &str, together: Option<&str>) -> String {
    if let Some(name) = together {
        source["url"] = format!("{address}/tiles/{name}.json").into();
    }
    let url = source["url"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().trim_end_matches(".json").to_owned()
}

/// TileJSON of layers at their address.
fn described(list: &str, layers: &[&Layer], like: &Planned, address: &str) -> Value {
    let set = Planned { name: list.to_owned(), layers: layers.to_vec(), part: like.part };
    let mut json = set.tilejson(&format!("{address}/tiles/{list}/{{z}}/{{x}}/{{y}}"));
    let zooms = |pick: fn(u8, u8) -> u8, of: fn(&crate::layer::definition::Tiles) -> u8| {
        layers.iter().filter_map(|layer| layer.definition().tiles.as_ref().map(of)).reduce(pick)
    };
    let (own_least, own_most) = (zooms(u8::min, |tiles| tiles.min_zoom), zooms(u8::max, |tiles| tiles.max_zoom));
    if list != like.name {
        json["minzoom"] = own_least.unwrap_or(like.part.zooms[0]).into();
        json["maxzoom"] = own_most.unwrap_or(like.part.zooms[1]).into();
    }
    json
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
         server {{\n    listen 3000;\n    root {root};\n    add_header Access-Control-Allow-Origin *;\n    \
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
