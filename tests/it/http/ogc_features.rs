//! OGC API Features over a socket. The first tests are ported from the abstract tests of Part 1 (OGC 17-069r4, annex A), under
//! their names; the others hold the answers against what is computed here.

use std::collections::BTreeSet;

use emprise::geometry::reference::Reference;
use emprise::geometry::territory::LonLat;
use serde_json::{Value, json};

use super::client::get;
use super::{Data, Server};
use crate::harness::definition;

const COUNT: usize = 250;

/// West and south of lot `n`, on a grid of 20 columns.
fn corner(n: usize) -> (f64, f64) {
    (2.0 + (n % 20) as f64 * 0.01, 46.0 + (n / 20) as f64 * 0.01)
}

fn size(n: usize) -> f64 {
    ((n * 7919) % 1000) as f64
}

fn since(n: usize) -> String {
    format!("20{:02}-0{}-15", n % 25, 1 + n % 9)
}

fn lots() -> Data {
    let feature = |n: usize| {
        let (x, y) = corner(n);
        let (e, north) = (x + 0.005, y + 0.005);
        let size = if n.is_multiple_of(50) { Value::Null } else { size(n).into() };
        json!({ "type": "Feature", "properties": { "code": format!("L{n}"), "name": format!("=Lot {n}"), "size": size, "since": since(n) },
            "geometry": { "type": "Polygon", "coordinates": [[[x, y], [e, y], [e, north], [x, north], [x, y]]] } })
    };
    let features: Vec<Value> = (0..COUNT).map(feature).collect();
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let lines = r#"
        role = "candidate"
        visibility = "public"
        geometry = "polygon"
        files = ["lots.geojson"]
        key = ["code"]
        columns.code = { from = ["code"], type = "text" }
        columns.name = { from = ["name"], type = "text" }
        columns.size = { from = ["size"], type = "number", unit = "m2" }
        columns.since = { from = ["since"], type = "date" }
    "#;
    Data::of(&[("lots.geojson", text)], &[definition("lots", lines)])
}

fn lot(feature: &Value) -> usize {
    feature["id"].as_str().unwrap()[1..].parse().unwrap()
}

fn ids(json: &Value) -> Vec<usize> {
    json["features"].as_array().unwrap().iter().map(lot).collect()
}

fn items(server: &Server, query: &str) -> Value {
    let answer = server.get(&format!("/collections/lots/items?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn all(server: &Server, query: &str) -> BTreeSet<usize> {
    let json = items(server, &format!("limit=1000&{query}"));
    assert_eq!(json["numberMatched"], json["numberReturned"]);
    ids(&json).into_iter().collect()
}

fn lots_that(keep: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    (0..COUNT).filter(|&n| keep(n)).collect()
}

fn href<'j>(json: &'j Value, rel: &str) -> Option<&'j str> {
    json["links"].as_array().unwrap().iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

fn path(address: &str) -> &str {
    address.strip_prefix("http://test").unwrap()
}

#[test]
fn conf_core_root_op_and_conformance_op_and_api_definition_op() {
    let data = lots();
    let server = Server::over(data.path());
    let landing = get(server.address, "/", &[("accept", "application/json")]).json();
    for rel in ["service-desc", "service-doc", "conformance", "data"] {
        let answer = server.get(path(href(&landing, rel).unwrap_or_else(|| panic!("{rel}"))));
        assert_eq!(answer.status, 200, "{rel}");
    }
    assert!(
        server
            .get(path(href(&landing, "service-desc").unwrap()))
            .header("content-type")
            .starts_with("application/vnd.oai.openapi+json")
    );
    let conforms = server.get("/conformance").json();
    let classes = conforms["conformsTo"].as_array().unwrap();
    for class in ["core", "geojson", "html", "oas30"] {
        assert!(classes.contains(&json!(format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}"))), "{class}");
    }
}

#[test]
fn conf_core_fc_md_op_and_sfc_md_op() {
    let data = lots();
    let server = Server::over(data.path());
    let collections = server.get("/collections").json();
    assert!(href(&collections, "self").is_some() && href(&collections, "alternate").is_some());
    let listed = &collections["collections"][0];
    let one = server.get(path(href(listed, "self").unwrap())).json();
    assert_eq!(listed, &one, "the list and the collection say the same");
    assert_eq!((&one["id"], &one["itemType"]), (&json!("lots"), &json!("feature")));
    assert!(one["title"].is_string() && one["extent"]["spatial"]["bbox"][0].as_array().unwrap().len() == 4);
    assert!(href(&one, "items").is_some() && one["publisher"].is_string() && one["licence"].is_string());
    assert_eq!(one["counts"]["features"], COUNT);
    let systems: Vec<&str> = one["crs"].as_array().unwrap().iter().map(|uri| uri.as_str().unwrap()).collect();
    assert!(systems.contains(&one["storageCrs"].as_str().unwrap()));
    assert_eq!(one["storageCrs"], "http://www.opengis.net/def/crs/EPSG/0/2154");
    let french = get(server.address, "/collections/lots", &[("accept", "text/html"), ("accept-language", "fr")]);
    assert!(french.text().contains("Producteur") && french.text().contains("<svg class=\"map\""));
}

#[test]
fn conf_core_fc_op_fc_limit_fc_links_and_number_matched() {
    let data = lots();
    let server = Server::over(data.path());
    let first = server.get("/collections/lots/items");
    assert_eq!(first.header("content-type"), "application/geo+json");
    assert_eq!(first.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    let page = first.json();
    assert_eq!((page["type"].as_str(), page["features"].as_array().unwrap().len()), (Some("FeatureCollection"), 100));
    assert_eq!((&page["numberMatched"], &page["numberReturned"]), (&json!(COUNT), &json!(100)));
    assert_eq!(items(&server, "limit=20000")["numberReturned"], COUNT, "a larger limit means the most");

    // Forwards to the end, and back to the beginning: every lot once, and the same pages.
    let (mut forth, mut seen) = (vec![items(&server, "limit=60&sortby=-size")], Vec::new());
    while let Some(next) = href(forth.last().unwrap(), "next").map(|next| path(next).to_owned()) {
        forth.push(server.get(&next).json());
    }
    forth.iter().for_each(|page| seen.extend(ids(page)));
    assert_eq!((forth.len(), seen.len()), (5, COUNT));
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), lots_that(|_| true));
    let known: Vec<f64> = seen.iter().filter(|n| !n.is_multiple_of(50)).map(|n| size(*n)).collect();
    assert!(known.windows(2).all(|pair| pair[0] >= pair[1]), "the greatest first");
    assert!(seen[COUNT - 5..].iter().all(|n| n.is_multiple_of(50)), "the unknown last");
    let mut back = forth.last().unwrap().clone();
    for expected in forth.iter().rev().skip(1) {
        back = server.get(path(href(&back, "prev").unwrap())).json();
        assert_eq!(back["features"], expected["features"]);
    }
    assert!(href(&back, "prev").is_none() && href(forth.last().unwrap(), "next").is_none());
}

#[test]
fn conf_core_fc_bbox_response() {
    let data = lots();
    let server = Server::over(data.path());
    let meets = |n: usize, [w, s, e, north]: [f64; 4]| {
        let (x, y) = corner(n);
        x <= e && x + 0.005 >= w && y <= north && y + 0.005 >= s
    };
    // Between lots, within one lot, over some, over all.
    for window in [
        [2.006, 46.006, 2.009, 46.009],
        [2.001, 46.001, 2.002, 46.002],
        [2.012, 46.013, 2.0731, 46.0569],
        [-5.0, 41.0, 10.0, 52.0],
    ] {
        let [w, s, e, n] = window;
        let expected = lots_that(|lot| meets(lot, window));
        assert_eq!(all(&server, &format!("bbox={w},{s},{e},{n}")), expected, "{window:?}");
        assert_eq!(all(&server, &format!("bbox={w},{s},-10,{e},{n},900")), expected, "heights are not looked at");
        let latitude_first = "http://www.opengis.net/def/crs/EPSG/0/4326";
        assert_eq!(all(&server, &format!("bbox={s},{w},{n},{e}&bbox-crs={latitude_first}")), expected);
        assert_eq!(all(&server, &format!("filter=S_INTERSECTS(geometry,BBOX({w},{s},{e},{n}))")), expected);
    }
    assert_eq!(all(&server, "bbox=10,46,-10,47"), BTreeSet::new(), "around the back of the world");
}

#[test]
fn conf_core_fc_time_response() {
    let data = lots();
    let server = Server::over(data.path());
    for (asked, from, to) in [
        ("2010-01-01/2012-12-31", "2010-01-01", "2012-12-31"),
        ("../2003-01-01", "0000-00-00", "2003-01-01"),
        ("2020-06-01T00:00:00Z/..", "2020-06-01", "9999-99-99"),
        ("2004-05-15", "2004-05-15", "2004-05-15"),
    ] {
        let expected = lots_that(|n| *from <= *since(n) && *since(n) <= *to);
        assert_eq!(all(&server, &format!("datetime={asked}")), expected, "{asked}");
    }
}

#[test]
fn conf_core_f_op_and_conf_crs() {
    let data = lots();
    let server = Server::over(data.path());
    let plain = server.get("/collections/lots/items/L21").json();
    assert_eq!((plain["type"].as_str(), plain["id"].as_str()), (Some("Feature"), Some("L21")));
    for rel in ["self", "alternate", "collection"] {
        assert_eq!(server.get(path(href(&plain, rel).unwrap())).status, 200, "{rel}");
    }
    let (x, y) = corner(21);
    for code in [4326u32, 2154, 3857, 3035] {
        let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
        let answer = server.get(&format!("/collections/lots/items/L21?crs={uri}"));
        assert_eq!(answer.header("content-crs"), format!("<{uri}>"));
        let json = answer.json();
        let ring = json["geometry"]["coordinates"][0].as_array().unwrap();
        let to = format!("EPSG:{code}");
        let expected = proj::Proj::new_known_crs("EPSG:4326", &to, None).unwrap().convert((x, y)).unwrap();
        // The registry's own order of axes: 4326 and 3035 are northing first.
        let expected = if [4326, 3035].contains(&code) { (expected.1, expected.0) } else { expected };
        let near = |at: &Value| {
            (at[0].as_f64().unwrap() - expected.0).abs() < 0.01 && (at[1].as_f64().unwrap() - expected.1).abs() < 0.01
        };
        assert!(ring.iter().any(near), "{code}: {ring:?} {expected:?}");
        // A box in that system finds the lot again.
        let system = Reference::of_uri(&uri).unwrap();
        let [a, b] = [[x + 0.001, y + 0.001], [x + 0.002, y + 0.002]].map(|[lon, lat]| system.of_lon_lat(LonLat { lon, lat }));
        let order = |[e, n]: [f64; 2]| if system.northing_first() { format!("{n},{e}") } else { format!("{e},{n}") };
        assert_eq!(all(&server, &format!("bbox={},{}&bbox-crs={uri}", order(a), order(b))), BTreeSet::from([21]), "{code}");
        let point = order(a).replace(',', "%20");
        assert_eq!(
            all(&server, &format!("filter=S_CONTAINS(geometry,POINT({point}))&filter-crs={uri}")),
            BTreeSet::from([21]),
            "{code}"
        );
    }
}

#[test]
fn filters_and_queryables() {
    let data = lots();
    let server = Server::over(data.path());
    let queryables = server.get("/collections/lots/queryables");
    assert_eq!(queryables.header("content-type"), "application/schema+json");
    let queryables = queryables.json();
    assert_eq!(queryables["properties"]["since"]["format"], "date");
    assert_eq!(queryables["properties"]["geometry"]["format"], "geometry-any");
    assert_eq!(server.get("/collections/lots/schema").json()["properties"]["id"]["x-ogc-role"], "id");
    let known = |n: usize| !n.is_multiple_of(50);
    let cases: [(&str, BTreeSet<usize>); 7] = [
        ("code=L7", lots_that(|n| n == 7)),
        ("filter=size%3E=500", lots_that(|n| known(n) && size(n) >= 500.0)),
        (
            "filter=size%20BETWEEN%20100%20AND%20200%20OR%20size%20IS%20NULL",
            lots_that(|n| !known(n) || (100.0..=200.0).contains(&size(n))),
        ),
        (
            "filter=code%20LIKE%20'L1%25'%20AND%20NOT%20code%20IN%20('L1','L10')",
            lots_that(|n| n.to_string().starts_with('1') && n != 1 && n != 10),
        ),
        ("filter=since%3CDATE('2005-01-01')", lots_that(|n| *since(n) < *"2005-01-01")),
        (
            "filter-lang=cql2-json&filter=%7B%22op%22:%22and%22,%22args%22:%5B%7B%22op%22:%22%3E%22,%22args%22:%5B%7B%22property%22:%22size%22%7D,900%5D%7D,%7B%22op%22:%22s_within%22,%22args%22:%5B%7B%22property%22:%22geometry%22%7D,%7B%22bbox%22:%5B1.9,45.9,2.0999,46.2%5D%7D%5D%7D%5D%7D",
            lots_that(|n| known(n) && size(n) > 900.0 && n % 20 < 10),
        ),
        (
            "filter=S_DISJOINT(geometry,POLYGON((1.9%2045.9,2.0999%2045.9,2.0999%2047,1.9%2047,1.9%2045.9)))",
            lots_that(|n| n % 20 >= 10),
        ),
    ];
    for (query, expected) in cases {
        assert!(!expected.is_empty() && expected.len() < COUNT);
        assert_eq!(all(&server, query), expected, "{query}");
    }
    let few = items(&server, "properties=size&limit=1");
    assert_eq!(few["features"][0]["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), ["size"]);
}

#[test]
fn every_form_holds_the_whole_layer() {
    let data = lots();
    let server = Server::over(data.path());
    let csv = server.get("/collections/lots/items?f=csv").text();
    assert_eq!(csv.lines().count(), COUNT + 1);
    assert!(
        csv.starts_with("id,code,name,since,size,geometry\r\n") || csv.starts_with("id,code,name,size,since,geometry\r\n"),
        "{}",
        &csv[..60]
    );
    assert!(csv.contains(",'=Lot 7,"), "no formula");
    let geojson = server.get("/collections/lots/items?f=geojson");
    assert!(geojson.header("content-disposition").contains("lots.geojson"));
    assert_eq!(geojson.json()["features"].as_array().unwrap().len(), COUNT);
    let by_accept = get(server.address, "/collections/lots/items", &[("accept", "text/csv")]);
    assert_eq!(by_accept.text(), csv);
    // GDAL reads the two that it knows.
    let folder = tempfile::tempdir().unwrap();
    for form in ["fgb", "gpkg"] {
        let answer = server.get(&format!("/collections/lots/items?f={form}&crs=http://www.opengis.net/def/crs/EPSG/0/2154"));
        let file = folder.path().join(format!("lots.{form}"));
        std::fs::write(&file, &answer.body).unwrap();
        let Ok(ran) = std::process::Command::new("ogrinfo").args(["-so", "-al"]).arg(&file).output() else {
            eprintln!("skipped: ogrinfo is not on this machine");
            return;
        };
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(said.contains(&format!("Feature Count: {COUNT}")), "{form}: {said} {}", String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains("Lambert-93") && said.contains("since: Date"), "{form}: {said}");
    }
    // Parquet is read back by the program's own reader.
    let parquet = server.get("/collections/lots/items?f=parquet");
    assert!(parquet.body.starts_with(b"PAR1") && parquet.body.ends_with(b"PAR1"));
    std::fs::write(folder.path().join("lots.parquet"), &parquet.body).unwrap();
    let lines = r#"
        role = "candidate"
        visibility = "public"
        geometry = "polygon"
        files = ["lots.parquet"]
        key = ["code"]
        columns.code = { from = ["code"], type = "text" }
        columns.name = { from = ["name"], type = "text" }
        columns.size = { from = ["size"], type = "number", unit = "m2" }
        columns.since = { from = ["since"], type = "date" }
    "#;
    let again = tempfile::tempdir().unwrap();
    let request = emprise::ingest::Request {
        data: again.path(),
        sources: &[folder.path().join("lots.parquet")],
        layers: &[definition("lots", lines)],
        stop: &std::sync::atomic::AtomicBool::new(false),
    };
    emprise::ingest::run(&request, &mut |_| {}).unwrap();
    let other = Server::over(again.path());
    let (one, two) = (items(&server, "limit=1000&sortby=code"), items(&other, "limit=1000&sortby=code"));
    let facts =
        |json: &Value| json["features"].as_array().unwrap().iter().map(|one| one["properties"].clone()).collect::<Vec<_>>();
    assert_eq!(facts(&one), facts(&two));
}

#[test]
fn search_finds_by_the_beginning_of_a_word_or_an_id() {
    let data = super::public();
    let server = Server::over(data.path());
    let found = |q: &str| {
        let json = server.get(&format!("/search?q={q}")).json();
        json["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("BIR"), ["b"]);
    assert_eq!(found("c%C3%A9d"), ["c"], "accents do not count");
    assert_eq!(found("a/"), ["a/1"]);
    assert_eq!(found("a"), ["a/1"], "by its name and by its id, once");
    assert_eq!(found("irch"), Vec::<String>::new());
    assert_eq!(found("%20"), Vec::<String>::new());
    let one = &server.get("/search?q=alder").json()["results"][0];
    assert_eq!(server.get(&format!("/{}", one["address"].as_str().unwrap())).json()["id"], "a/1");
}

#[test]
fn the_catalogue_is_linked_data() {
    let data = super::public();
    let server = Server::over(data.path());
    let answer = server.get("/provenance?f=dcat");
    assert_eq!(answer.header("content-type"), "application/ld+json");
    let json = answer.json();
    assert_eq!(json["@type"], "dcat:Catalog");
    let sheds = json["dcat:dataset"].as_array().unwrap().iter().find(|one| one["dct:identifier"] == "sheds").unwrap();
    assert_eq!(sheds["dct:publisher"]["foaf:name"], "P <sheds>");
    for file in sheds["dcat:distribution"].as_array().unwrap() {
        let answer = server.get(path(file["dcat:downloadURL"]["@id"].as_str().unwrap()));
        let named = file["dcat:mediaType"]["@id"].as_str().unwrap().strip_prefix("https://www.iana.org/assignments/media-types/");
        assert_eq!((answer.status, answer.header("content-type").split(';').next()), (200, named));
    }
    assert!(server.get("/provenance").json()["layers"][0]["processing"].as_str().unwrap().contains("rows were read"));
}

#[test]
fn conf_core_query_param_unknown_and_query_param_invalid() {
    let data = super::public();
    let server = Server::over(data.path());
    let cases: &[(u16, &str)] = &[
        (200, "/api"),
        (200, "/api?f=html"),
        (400, "/api?f=yaml"),
        (200, "/collections"),
        (400, "/collections?limit=3"),
        (200, "/collections/sheds/queryables"),
        (200, "/collections/figures/schema"),
        (404, "/collections/shed/schema"),
        (200, "/collections/sheds/items"),
        (404, "/collections/shed/items"),
        (400, "/collections/sheds/items?colour=red"),
        (400, "/collections/sheds/items?limit=0"),
        (400, "/collections/sheds/items?limit=x"),
        (400, "/collections/sheds/items?limit=1&limit=2"),
        (400, "/collections/sheds/items?bbox=1,2,3"),
        (400, "/collections/sheds/items?bbox=1,2,NaN,4"),
        (400, "/collections/sheds/items?bbox=1,4,3,2"),
        (400, "/collections/sheds/items?bbox=652000,6862000,653000,6863000"),
        (400, "/collections/sheds/items?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154"),
        (400, "/collections/sheds/items?crs=http://www.opengis.net/def/crs/EPSG/0/2975"),
        (400, "/collections/sheds/items?datetime=yesterday"),
        (400, "/collections/sheds/items?datetime=2024-02-01/2024-01-01"),
        (400, "/collections/sheds/items?filter=size"),
        (400, "/collections/sheds/items?filter=colour=1"),
        (400, "/collections/sheds/items?filter=S_WITHIN(geometry,POINT(1))"),
        (400, "/collections/sheds/items?filter=%7B%7D&filter-lang=cql2-json"),
        (400, "/collections/sheds/items?filter-lang=cql2-text"),
        (400, "/collections/sheds/items?sortby=colour"),
        (400, "/collections/sheds/items?properties=colour"),
        (400, "/collections/sheds/items?size=large"),
        (400, "/collections/sheds/items?cursor=x"),
        (410, "/collections/sheds/items?cursor=0123456789abcdef-2"),
        (400, "/collections/sheds/items?f=shp"),
        (400, "/collections/sheds/items?f=parquet&crs=http://www.opengis.net/def/crs/EPSG/0/2154"),
        (400, "/collections/sheds/items/b?limit=3"),
        (200, "/search?q=birch"),
        (400, "/search"),
        (400, "/search?q=a&limit=0"),
        (404, "/search?q=a&layers=shed"),
        (400, "/provenance?f=xml"),
    ];
    for (status, path) in cases {
        let answer = server.get(path);
        assert_eq!(answer.status, *status, "{path}: {}", answer.text());
        if *status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            assert!(answer.json()["detail"].as_str().is_some_and(|sentence| sentence.len() > 10), "{path}");
        }
    }
}
