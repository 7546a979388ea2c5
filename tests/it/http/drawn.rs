//! The styles of a running server over the fixtures, to MapLibre's own validator; with their sprites, glyphs and sources.

use std::process::Command;

use super::fixtures::served;
use crate::harness::repository;

#[test]
fn every_style_is_valid_and_finds_all_that_it_names() {
    if !repository("web/node_modules/@maplibre/maplibre-gl-style-spec").exists() {
        return eprintln!("skipped: run `make web` to validate styles");
    }
    let (_data, server) = served(&[]);
    if server.get("/sprites/emprise.json").status == 404 {
        return eprintln!("skipped: this binary has no sprites; run `make web`, then build again");
    }
    let address = format!("http://{}", server.address);
    let checked = Command::new("node").arg(repository("web/test/style.mjs")).arg(address).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
