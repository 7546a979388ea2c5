//! TileJSON 3.0.0: what a client must know of a tile set before it asks for the first tile.

use serde_json::{Map, Value, json};

use crate::layer::definition::{FieldType, LayerDefinition};
use crate::tiles::Part;
use crate::tiles::attributes::told;
use crate::tiles::draw::smallest;

/// A layer of a tile set.
pub struct TiledLayer<'a> {
    /// Its name inside the tiles.
    pub name: &'a str,
    pub definition: &'a LayerDefinition,
    /// West, south, east, north in degrees; `None` when the layer has no feature.
    pub extent_lonlat: Option<[f64; 4]>,
    pub shown: Vec<&'a str>,
    /// Columns joined to the layer's own.
    pub extra: Vec<(&'a str, FieldType)>,
    pub part: Part,
    /// Zooms at which not every small feature is drawn to keep tiles small, and by how many steps.
    pub thinned: Vec<(u8, u8)>,
}

/// The TileJSON of one or several layers whose tiles are at `address`, a template with `{z}`, `{x}` and `{y}`. Zooms beyond a layer's
/// own are empty (below) or the client's to enlarge (above). Layers that are never drawn are left out.
pub fn tilejson(name: &str, layers: &[TiledLayer], address: &str) -> Value {
    let zooms = || layers.iter().filter_map(|layer| layer.definition.tiles.as_ref());
    let min_zoom = zooms().map(|tiles| tiles.min_zoom).min().unwrap_or(0);
    let max_zoom = zooms().map(|tiles| tiles.max_zoom).max().unwrap_or(0);
    let bounds = layers.iter().filter_map(|layer| layer.extent_lonlat).reduce(union).unwrap_or([-180.0, -85.05, 180.0, 85.05]);
    json!({
        "tilejson": "3.0.0",
        "name": name,
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": min_zoom,
        "maxzoom": max_zoom,
        "bounds": bounds,
        "center": [(bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0, min_zoom],
        "attribution": attribution(layers),
        "vector_layers": layers.iter().filter_map(vector_layer).collect::<Vec<_>>(),
    })
}

fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Each source once, in the order of the layers.
fn attribution(layers: &[TiledLayer]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for TiledLayer { definition, .. } in layers {
        let source = &definition.source;
        let line = source.attribution.clone().unwrap_or_else(|| format!("{} ({})", source.publisher, source.licence));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join(" | ")
}

fn vector_layer(layer: &TiledLayer) -> Option<Value> {
    let tiles = layer.definition.tiles.as_ref()?;
    let own = layer.shown.iter().filter_map(|name| Some((*name, layer.definition.column(name)?.kind)));
    let mut fields = Map::new();
    fields.insert("id".to_owned(), "String".into());
    for (name, kind) in own.chain(layer.extra.iter().copied()) {
        fields.insert(name.to_owned(), json_type(kind).into());
    }
    if let Some(cluster) = tiles.cluster.as_ref().filter(|_| layer.part == Part::Features) {
        let sums: Vec<String> = cluster.sum.iter().map(|name| format!("sum-{name}")).collect();
        told(&sums).into_iter().for_each(|key| _ = fields.insert(key, "Number".into()));
    }
    let mut described = json!({
        "id": layer.name,
        "description": layer.definition.title.en,
        "minzoom": tiles.min_zoom,
        "maxzoom": tiles.max_zoom,
        "fields": fields,
    });
    if !layer.thinned.is_empty() {
        // The zooms at which a feature may be stood for by a larger one near it, and the square units below which it may.
        let area = tiles.min.map_or(1.0, |min| min.area);
        let zooms =
            layer.thinned.iter().map(|&(zoom, step)| (zoom.to_string(), json!((smallest(area, step) * 10.0).round() / 10.0)));
        described["thinned"] = Value::Object(zooms.collect());
    }
    Some(described)
}

/// The types that inspectors of tile sets know.
fn json_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text | FieldType::Date => "String",
        FieldType::Number | FieldType::Integer => "Number",
        FieldType::Boolean => "Boolean",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::catalogue::parse;

    fn definition(id: &str, zooms: &str) -> LayerDefinition {
        let text = format!(
            r#"id = "{id}"
            title = {{ fr = "Hangars", en = "Sheds" }}
            role = "infrastructure"
            visibility = "public"
            geometry = "point"
            precision_m = 10.0
            files = ["sheds*.csv"]
            source = {{ publisher = "P", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }}
            columns.area = {{ from = ["AREA"], type = "number" }}
            columns.open = {{ from = ["OPEN"], type = "date" }}
            {zooms}"#
        );
        parse(&text, id).unwrap()
    }

    #[test]
    fn several_layers_are_one_tile_set() {
        let sheds = definition("sheds", "tiles = { min_zoom = 5, max_zoom = 12, shown = [\"area\", \"open\"] }");
        let yards = definition("yards", "tiles = { min_zoom = 8, max_zoom = 14 }");
        let layer = |definition, extent_lonlat, shown| TiledLayer {
            name: "x",
            definition,
            extent_lonlat,
            shown,
            extra: vec![],
            part: Part::Features,
            thinned: vec![],
        };
        let mut layers = [
            layer(&sheds, Some([1.0, 45.0, 2.0, 46.0]), vec!["area", "open"]),
            layer(&yards, Some([0.0, 45.5, 1.5, 47.0]), vec![]),
        ];
        layers[1].extra = vec![("rank", FieldType::Integer)];
        let json = tilejson("both", &layers, "http://h/tiles/sheds,yards/{z}/{x}/{y}.mvt");
        assert_eq!((&json["minzoom"], &json["maxzoom"]), (&json!(5), &json!(14)));
        assert_eq!(json["bounds"], json!([0.0, 45.0, 2.0, 47.0]));
        assert_eq!(json["attribution"], "P (L)");
        assert_eq!(json["vector_layers"][0]["fields"], json!({ "id": "String", "area": "Number", "open": "String" }));
        assert_eq!(json["vector_layers"][1]["fields"], json!({ "id": "String", "rank": "Number" }));
        assert_eq!(json["vector_layers"][1]["minzoom"], 8);
    }
}
