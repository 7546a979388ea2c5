//! Data whose titles, attributions, names and links are hostile texts: in a browser, none of them runs.

use std::fs;
use std::process::Command;

use emprise::layer::definition::{LayerDefinition, Text};
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

use super::client::get;
use super::{Data, Server};
use crate::harness::repository;

fn payloads() -> Vec<String> {
    serde_json::from_str(&fs::read_to_string(repository("web/test/payloads.json")).unwrap()).unwrap()
}

/// A shipped layer whose every text is one of the payloads, from the `nth` on.
fn layer(id: &str, nth: usize, payloads: &[String]) -> LayerDefinition {
    let mut layer = shipped().unwrap().into_iter().find(|layer| layer.id == id).unwrap();
    let mut texts = payloads.iter().cycle().skip(nth * 7).cloned();
    let mut next = || texts.next().unwrap();
    let mut both = || Text { fr: next(), en: next() };
    layer.title = both();
    layer.description = Some(both());
    layer.columns.values_mut().for_each(|column| column.title = Some(both()));
    layer.source.publisher = next();
    layer.source.attribution = Some(next());
    layer.source.licence = next();
    layer.source.licence_url = Some("javascript:window.__ran=70".to_owned());
    layer.source.address = "javascript:window.__ran=71".to_owned();
    layer
}

fn data() -> Data {
    let payloads = payloads();
    let ring = |n: usize, size: f64| {
        let (x, y) = (3.0 + 0.02 * (n % 10) as f64, 46.5 + 0.015 * (n / 10) as f64);
        json!([[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]])
    };
    let collection = |named: &dyn Fn(usize, &str) -> Value, size: f64| {
        let feature = |(n, payload): (usize, &String)| json!({ "type": "Feature", "properties": named(n, payload), "geometry": { "type": "Polygon", "coordinates": ring(n, size) } });
        let features: Vec<Value> = payloads.iter().enumerate().map(feature).collect();
        json!({ "type": "FeatureCollection", "features": features }).to_string()
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut zones =
        "site_id;site_nom;site_comm_insee;site_comm_nom;site_url;site_description;site_moa_nom;site_geomsurf\n".to_owned();
    for (n, payload) in payloads.iter().enumerate() {
        let geometry = json!({ "type": "Polygon", "coordinates": ring(n, 0.006) }).to_string();
        let cells = [&format!("Z{n}"), payload, "03001", payload, payload, payload, payload, &geometry].map(quoted);
        zones += &(cells.join(";") + "\n");
    }
    let communes = collection(&|n, name| json!({ "code": format!("03{n:03}"), "nom": name, "epci_nom": name }), 0.015);
    let nature = collection(&|n, name| json!({ "sitecode": format!("FR{n}"), "sitename": name, "url": name }), 0.003);
    let files = [("site_eco_hostile.csv", zones), ("communes.geojson", communes), ("sic.geojson", nature)];
    let ids = ["business-zones", "communes", "natura2000-habitats"];
    let layers: Vec<_> = ids.iter().enumerate().map(|(nth, id)| layer(id, nth, &payloads)).collect();
    Data::of(&files, &layers)
}

#[test]
fn hostile_texts_do_not_run() {
    let server = Server::over(data().path());
    assert!(payloads().len() >= 60);
    let zones = server.get("/collections/business-zones/items?limit=100").json();
    assert_eq!(zones["numberMatched"], payloads().len(), "all of them are in the data");
    let page = get(server.address, "/?door=know&territory=commune%2F03001", &[("accept", "text/html")]);
    assert_eq!((page.status, server.get("/?door=know").status), (200, 400), "a page's address is its own; data's are not");
    if !page.text().contains("<script") || !repository("web/node_modules/playwright-core").exists() {
        return eprintln!("skipped: run `make web` to try hostile texts in a browser");
    }
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    if Command::new(&browser).arg("--version").output().is_err() {
        return eprintln!("skipped: there is no {browser} on this machine (CHROMIUM names another)");
    }
    let address = format!("http://{}", server.address);
    let tried = Command::new("node").arg(repository("web/test/hostile.mjs")).arg(address).output().unwrap();
    let told = String::from_utf8_lossy(&tried.stdout).into_owned() + &String::from_utf8_lossy(&tried.stderr);
    assert!(tried.status.success(), "{told}");
}
