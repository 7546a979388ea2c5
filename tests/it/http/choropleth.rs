//! Maps of territories over HTTP, of the drawn territory: what a tile carries is what the list says, and the colours are those of the legend.

use std::collections::{BTreeMap, BTreeSet};

use fast_mvt::{MvtReaderRef, MvtValue};
use serde_json::Value;

use super::client::get;
use super::fixtures::{Served, served};
use super::{Server, tile_at};

fn server() -> Served {
    served(&["territories", "employment", "charging"])
}

/// Code, and the number, class and state of each row.
fn listed(server: &Server, path: &str) -> BTreeMap<String, [String; 3]> {
    let text = server.get(path).text();
    let row = |line: &str| {
        // No name of the drawn territory has a comma in it.
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        (cells[0].clone(), [cells[2].clone(), cells[3].clone(), cells[4].clone()])
    };
    text.lines().skip(1).map(row).collect()
}

fn drawn(tile: &[u8]) -> BTreeMap<String, BTreeMap<String, MvtValue>> {
    let tile = MvtReaderRef::new(tile).unwrap().to_tile().unwrap();
    let read = |feature: &fast_mvt::MvtFeature| {
        let cells: BTreeMap<String, MvtValue> =
            feature.properties.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let MvtValue::String(id) = cells["id"].clone() else { panic!("{cells:?}") };
        (id, cells)
    };
    tile.layers.iter().flat_map(|layer| &layer.features).map(read).collect()
}

fn classes(legend: &Value) -> Vec<(f64, f64, u64)> {
    let class =
        |class: &Value| (class["from"].as_f64().unwrap(), class["to"].as_f64().unwrap(), class["areas"].as_u64().unwrap());
    legend["classes"].as_array().unwrap().iter().map(class).collect()
}

#[test]
fn a_tile_carries_what_the_list_and_the_legend_say() {
    let (_data, server) = server();
    for (level, method) in
        [("commune", "quantile"), ("commune", "jenks"), ("epci", "equal"), ("commune", "manual&breaks=5,20,100")]
    {
        let query = format!("method={method}");
        let base = format!("/choropleth/electric-cars/{level}");
        let answer = server.get(&format!("{base}?{query}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let legend = answer.json();
        let (classes, rows) = (classes(&legend), listed(&server, &format!("{base}?{query}&f=csv")));
        assert!((2..=5).contains(&classes.len()), "{level} {method}: {classes:?}");
        let counted: u64 = classes.iter().map(|class| class.2).sum();
        assert_eq!(counted + legend["missing"].as_u64().unwrap(), rows.len() as u64, "every area is in a class, or missing");
        for (code, [value, class, state]) in &rows {
            let Ok(value) = value.parse::<f64>() else {
                assert_eq!((class.as_str(), state.as_str()), ("", "missing"), "{code}");
                continue;
            };
            let class: usize = class.parse().unwrap();
            let (from, to, _) = classes[class];
            // A value that is not wholly known may lie under the first class.
            let low = from <= value || class == 0 && state == "at-least";
            let high = value < to || class + 1 == classes.len() && (value <= to || state == "at-least");
            assert!(low && high, "{code}: {value} in {from} to {to}");
        }
        let described = server.get(&format!("{base}/tiles.json?{query}")).json();
        let address = described["tiles"][0].as_str().unwrap();
        assert_eq!(described["legend"]["classes"], legend["classes"]);
        let path = address.trim_start_matches("http://test").replace("{z}/{x}/{y}", &tile_at(8, 3.6, 46.6));
        let tile = server.get(&path);
        assert_eq!((tile.status, tile.header("content-type")), (200, "application/vnd.mapbox-vector-tile"), "{path}");
        assert!(tile.header("cache-control").contains("immutable"));
        assert_eq!(get(server.address, &path, &[("if-none-match", tile.header("etag"))]).status, 304);
        let features = drawn(&tile.body);
        assert!(features.len() > 2, "{}", features.len());
        for (code, cells) in &features {
            let [value, class, state] = &rows[code];
            assert_eq!(cells["state"], MvtValue::String(state.clone()));
            assert_eq!(cells.contains_key("value"), !value.is_empty(), "{code}");
            assert_eq!(cells.contains_key("class"), !class.is_empty(), "{code}");
            if let Some(MvtValue::Double(carried)) = cells.get("value") {
                assert!((carried - value.parse::<f64>().unwrap()).abs() < 1e-9);
            }
        }
    }
}

/// However few its classes and however short its numbers, a map shows the areas that another shows.
#[test]
fn all_maps_of_a_level_show_the_same_areas() {
    let (_data, server) = server();
    let at = tile_at(5, 3.6, 46.6);
    let areas = |map: &str| drawn(&server.get(&format!("/choropleth/{map}/tiles/{at}.mvt")).body).into_keys().collect::<Vec<_>>();
    let first = areas("electric-cars/commune");
    assert!(!first.is_empty());
    assert_eq!(first, areas("population/commune"));
    assert_eq!(first, areas("employees/commune"));
}

#[test]
fn a_number_is_divided_by_ground_or_by_people() {
    let (_data, server) = server();
    let plain = listed(&server, "/choropleth/employees/epci?f=csv");
    let residents = listed(&server, "/choropleth/population/epci?f=csv");
    let by_people = listed(&server, "/choropleth/employees/epci?normalise=population&f=csv");
    let by_ground = listed(&server, "/choropleth/employees/epci?normalise=area&f=csv");
    let number = |rows: &BTreeMap<String, [String; 3]>, code: &str| rows[code][0].parse::<f64>().ok();
    let rows_whole = |code: &str| residents[code][2] == "known";
    let mut divided = 0;
    for code in plain.keys() {
        if let (Some(plain), Some(residents)) = (number(&plain, code), number(&residents, code)) {
            let found = number(&by_people, code);
            if rows_whole(code) {
                let found = found.unwrap();
                assert!((found - plain / residents * 1000.0).abs() < 1e-9 * found.max(1.0));
                divided += 1;
            } else {
                assert_eq!(found, None, "{code}: divided by part of its residents");
            }
        }
        if let (Some(plain), Some(found)) = (number(&plain, code), number(&by_ground, code)) {
            assert!(plain == 0.0 || (1.0..100_000.0).contains(&(plain / found)), "{code}: {} km²", plain / found);
        }
    }
    assert!(divided > 2, "{divided}");
    let legend = server.get("/choropleth/employees/epci?normalise=population").json();
    let unit = serde_json::json!({ "fr": "emplois pour 1 000 habitants", "en": "jobs per 1,000 residents" });
    assert_eq!(legend["unit_text"], unit);
}

#[test]
fn a_style_draws_every_class_and_hatches_what_is_not_known() {
    let (_data, server) = server();
    let legend = server.get("/choropleth/electric-cars/commune").json();
    let mut colours = BTreeSet::new();
    for query in ["", "?scheme=dark", "?lang=fr", "?for=qgis", "?method=jenks&ramp=brown"] {
        let style = server.get(&format!("/choropleth/electric-cars/commune/style.json{query}"));
        assert_eq!(style.status, 200, "{}", style.text());
        let style = style.json();
        let layers = style["layers"].as_array().unwrap();
        let own: Vec<&Value> = layers.iter().filter(|layer| layer["source"] == "choropleth").collect();
        let fills = own.iter().filter(|layer| layer["id"].as_str().unwrap().starts_with("choropleth-class-")).count();
        assert_eq!(fills, legend["classes"].as_array().unwrap().len());
        assert_eq!(own.iter().filter(|layer| layer["paint"]["fill-pattern"].is_string()).count(), 2);
        colours.insert(own[0]["paint"]["fill-color"].as_str().unwrap().to_owned());
        let signs = style["metadata"]["emprise:legend"][0]["items"].as_array().unwrap().len();
        assert!(signs >= fills);
        let url = style["sources"]["choropleth"]["url"].as_str().unwrap().trim_start_matches("http://test").to_owned();
        assert_eq!(server.get(&url).status, 200, "{url}");
    }
    assert!(colours.len() >= 3, "light, dark and another ramp: {colours:?}");
    let french = server.get("/choropleth/electric-cars/commune/style.json?lang=fr").json();
    assert_eq!(french["name"], legend["title"]["fr"]);
}

#[test]
fn what_can_be_mapped_is_listed_and_a_slip_is_told() {
    let (_data, server) = server();
    let list = server.get("/choropleth").json();
    let levels: Vec<&str> = list["levels"].as_array().unwrap().iter().map(|level| level.as_str().unwrap()).collect();
    assert!(levels.contains(&"commune") && levels.contains(&"epci") && !levels.contains(&"country"), "{levels:?}");
    for one in list["indicators"].as_array().unwrap() {
        for level in &levels {
            let path = format!("/choropleth/{}/{level}", one["id"].as_str().unwrap());
            assert_eq!(server.get(&path).status, 200, "{path}");
        }
    }
    let cases = [
        ("/choropleth/populaton/epci", 404, "did you mean `population`?"),
        ("/choropleth/population/town", 404, "is no level"),
        ("/choropleth/population/country", 404, "nothing here draws"),
        ("/choropleth/population/epci?classes=9", 400, "2 to 5"),
        ("/choropleth/population/epci?method=jenk", 400, "did you mean `jenks`?"),
        ("/choropleth/population/epci?method=manual", 400, "rising numbers"),
        ("/choropleth/population/epci?breaks=3,2", 400, "rising numbers"),
        ("/choropleth/population/epci?normalise=areas", 400, "did you mean `area`?"),
        ("/choropleth/electric-cars-share/epci?normalise=area", 400, "is a ratio"),
        ("/choropleth/population/epci?ramp=blues", 400, "did you mean `blue`?"),
        ("/choropleth/population/epci?colour=blue", 400, "unknown field"),
        ("/choropleth/population/epci/tiles/4/99/0.mvt", 404, "out of range"),
    ];
    for (path, status, words) in cases {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{path}: {}", answer.text());
    }
    assert_eq!(server.get("/choropleth/population/epci/tiles/8/0/0.mvt").status, 204);
}
