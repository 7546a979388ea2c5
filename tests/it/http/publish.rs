//! What `emprise publish` writes is what the server sends; and what it writes can be served again, by others too.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use emprise::http::state::Options;
use emprise::tiles::address::Address;
use emprise::tiles::archive::writer::{About, Writer};
use emprise::tiles::archive::{Archive, hilbert};
use emprise::tiles::compress::{Encoding, compress, decompress};
use emprise::tiles::verify::verify;
use fast_mvt::MvtReaderRef;
use serde_json::json;

use super::client::get;
use super::{Data, SHEDS, Server, layer, public, squares, table};
use crate::harness::repository;

pub fn publish(data: &Path, out: &Path, more: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_emprise");
    Command::new(program).arg("publish").arg(data).arg(out).args(more).output().unwrap()
}

/// The tile over each shed at a zoom, and those around it.
pub fn around(zoom: u8) -> Vec<Address> {
    let mut all = Vec::new();
    for (_, _, _, lon, lat) in SHEDS {
        let centre: Address = super::tile_at(zoom, *lon, *lat).parse().unwrap();
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (-1, -1)] {
            let moved = |at: u32, by: i64| u64::try_from(i64::from(at) + by).unwrap_or(0);
            all.extend(Address::new(u64::from(zoom), moved(centre.column(), dx), moved(centre.row(), dy)));
        }
    }
    all
}

#[test]
fn each_archived_tile_is_the_body_that_the_server_sends() {
    let (data, out) = (public(), tempfile::tempdir().unwrap());
    let written = publish(data.path(), out.path(), &["--format", "both"]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let server = Server::over(data.path());
    let tiles = out.path().join("tiles");
    let archives = ["sheds.pmtiles", "sheds.mbtiles"].map(|name| Archive::open(&tiles.join(name)).unwrap());
    let mut with_bytes = 0;
    for address in (4..=14).flat_map(around) {
        let answer = get(server.address, &format!("/tiles/sheds/{address}.mvt"), &[("accept-encoding", "gzip")]);
        let expected = (answer.status == 200).then_some(answer.body);
        with_bytes += usize::from(expected.is_some());
        for archive in &archives {
            assert_eq!(archive.tile(address).unwrap(), expected, "{address}");
        }
    }
    assert!(with_bytes > 30, "{with_bytes}");
    let labels = Archive::open(&tiles.join("sheds-labels.pmtiles")).unwrap();
    for address in [6, 10].into_iter().flat_map(around) {
        let answer = get(server.address, &format!("/tiles/sheds-labels/{address}.mvt"), &[("accept-encoding", "gzip")]);
        assert_eq!(labels.tile(address).unwrap(), (answer.status == 200).then_some(answer.body), "labels of {address}");
    }
    let said = publish(data.path(), out.path(), &["--verify"]);
    assert!(said.status.success() && String::from_utf8_lossy(&said.stdout).contains("tiles compared"));
    // Again: nothing is drawn twice.
    let before = std::fs::metadata(tiles.join("sheds.pmtiles")).unwrap().modified().unwrap();
    assert!(publish(data.path(), out.path(), &[]).status.success());
    assert_eq!(std::fs::metadata(tiles.join("sheds.pmtiles")).unwrap().modified().unwrap(), before);
    // Other data under the old tiles are told.
    data.ingest(
        &[("sheds.geojson", squares(&SHEDS[1..])), ("figures.csv", "n\n1\n".to_owned())],
        &[layer("sheds", "public"), table()],
    );
    assert_eq!(publish(data.path(), out.path(), &["--verify"]).status.code(), Some(3));
}

/// Publishes, and interrupts it once it draws zoom 15.
fn interrupted(data: &Path, out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emprise"));
    let piped = command.arg("publish").args([data, out]).args(more).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = piped.spawn().unwrap();
    let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("sheds zoom 15")), "it tells how far it is");
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    lines.for_each(drop);
    running.wait_with_output().unwrap()
}

/// Stopped in the middle as by Ctrl-C, it says so, keeps what it has, and the same command goes on from there to the same bytes.
#[test]
fn what_was_stopped_is_gone_on_with() {
    let data = public();
    let file = |folder: &Path, name: &str| folder.join("tiles").join(name);
    // The word to stop may come when all is drawn: then once more, with about four times as much to draw.
    let tries = ["4-18", "4-19", "4-20", "4-21", "4-22", "4-23", "4-24"];
    let stopped = tries.into_iter().find_map(|zooms| {
        let (out, more) = (tempfile::tempdir().unwrap(), ["--layers", "sheds", "--zooms", zooms, "--format", "both"]);
        let ended = interrupted(data.path(), out.path(), &more);
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        let is_stopped = said == "stopped; the same command goes on from here\n";
        assert_eq!(ended.status.code(), Some(if is_stopped { 130 } else { 0 }), "{said}");
        let is_drawn = file(out.path(), "sheds.pmtiles").exists();
        assert!(is_drawn || file(out.path(), "sheds.pmtiles.part").exists());
        (is_stopped && !is_drawn).then_some((out, more))
    });
    let (stopped, more) = stopped.expect("one of them is stopped while it draws");

    let resumed = publish(data.path(), stopped.path(), &more);
    let said = String::from_utf8_lossy(&resumed.stderr).into_owned();
    assert!(resumed.status.success() && !said.contains("zoom 14:"), "no zoom is drawn twice: {said}");
    let whole = tempfile::tempdir().unwrap();
    assert!(publish(data.path(), whole.path(), &more).status.success());
    let bytes = |folder: &Path| std::fs::read(file(folder, "sheds.pmtiles")).unwrap();
    assert!(bytes(stopped.path()) == bytes(whole.path()));
}

/// Where only MBTiles are wanted, those that are there are known, and those of other data are not.
#[test]
fn mbtiles_alone_are_drawn_once() {
    let (data, out) = (public(), tempfile::tempdir().unwrap());
    let more = ["--layers", "sheds,sheds-labels", "--zooms", "4-9", "--format", "mbtiles"];
    let write = || String::from_utf8_lossy(&publish(data.path(), out.path(), &more).stderr).into_owned();
    assert!(write().contains("sheds-labels zoom 9"));
    let file = out.path().join("tiles/sheds.mbtiles");
    let before = std::fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(write(), "sheds: is there\nsheds-labels: is there\n");
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), before);
    assert!(!out.path().join("tiles/sheds.pmtiles").exists());
    data.ingest(
        &[("sheds.geojson", squares(&SHEDS[1..])), ("figures.csv", "n\n1\n".to_owned())],
        &[layer("sheds", "public"), table()],
    );
    assert!(write().contains("sheds zoom 9"));
}

#[test]
fn zooms_and_a_rectangle_limit_what_is_written() {
    let (data, out) = (public(), tempfile::tempdir().unwrap());
    let more = ["--zooms", "6-9", "--bbox", "2.9,46.4,3.1,46.6", "--together", "land"];
    assert!(publish(data.path(), out.path(), &more).status.success());
    let archive = Archive::open(&out.path().join("tiles/land.pmtiles")).unwrap();
    assert_eq!(archive.description().zooms, [6, 9]);
    let has = |z, lon, lat| archive.tile(super::tile_at(z, lon, lat).parse().unwrap()).unwrap().is_some();
    assert!(has(6, 3.0, 46.5) && has(9, 3.0, 46.5) && !has(5, 3.0, 46.5) && !has(10, 3.0, 46.5));
    assert!(!has(9, 2.2, 48.8), "a shed outside the rectangle");
    let refused = publish(data.path(), out.path(), &["--layers", "shed"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`sheds`"), "the nearest name");
}

#[test]
fn a_restricted_layer_is_published_only_by_whoever_says_so() {
    let files = [("sheds.geojson", squares(SHEDS)), ("figures.csv", "n\n1\n".to_owned()), ("secrets.geojson", squares(SHEDS))];
    let data = Data::of(&files, &[layer("sheds", "public"), table(), layer("secrets", "restricted")]);
    let out = tempfile::tempdir().unwrap();
    assert!(publish(data.path(), out.path(), &["--zooms", "4-5"]).status.success());
    let mut files = vec![out.path().to_owned()];
    while let Some(path) = files.pop() {
        assert!(!path.to_string_lossy().contains("secrets"), "{}", path.display());
        match path.is_dir() {
            true => files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path())),
            false => assert!(!std::fs::read(&path).unwrap().windows(7).any(|window| window == b"secrets"), "{}", path.display()),
        }
    }
    let named = publish(data.path(), out.path(), &["--zooms", "4-5", "--layers", "secrets"]);
    assert!(!named.status.success() && String::from_utf8_lossy(&named.stderr).contains("add --restricted"));
    assert!(publish(data.path(), out.path(), &["--zooms", "4-5", "--layers", "secrets", "--restricted"]).status.success());
}

#[test]
fn an_archive_is_served_as_a_layer() {
    let (data, out) = (public(), tempfile::tempdir().unwrap());
    assert!(publish(data.path(), out.path(), &["--layers", "sheds", "--format", "both", "--together", "plan"]).status.success());
    let tiles = out.path().join("tiles");
    std::fs::rename(tiles.join("plan.mbtiles"), tiles.join("map.mbtiles")).unwrap();
    let archives = vec![tiles.join("plan.pmtiles"), tiles.join("map.mbtiles")];
    let server = Server::with(Options { archives, ..Options::of(data.path().to_owned()) });
    for id in ["plan", "map"] {
        let json = server.get(&format!("/tiles/{id}.json")).json();
        assert_eq!(json["vector_layers"][0]["id"], "sheds");
        assert_eq!((&json["minzoom"], &json["maxzoom"]), (&4.into(), &14.into()));
        assert!(json["tiles"][0].as_str().unwrap().contains(&format!("/tiles/{id}/{{z}}/{{x}}/{{y}}.mvt?edition=")));
        for encoding in ["gzip", "identity", "br", "zstd", "gzip, br;q=0.5"] {
            let ask = |layer: &str| {
                get(
                    server.address,
                    &format!("/tiles/{layer}/{}.mvt", super::tile_at(10, 3.0, 46.5)),
                    &[("accept-encoding", encoding)],
                )
            };
            let (own, archived) = (ask("sheds"), ask(id));
            assert_eq!((archived.status, &archived.body), (200, &own.body), "{id} {encoding}");
            assert_eq!(archived.header("content-encoding"), own.header("content-encoding"));
            let path = format!("/tiles/{id}/{}.mvt", super::tile_at(10, 3.0, 46.5));
            assert_eq!(get(server.address, &path, &[("if-none-match", archived.header("etag"))]).status, 304);
        }
        assert_eq!(server.get(&format!("/tiles/{id}/10/0/0.mvt")).status, 204);
        assert_eq!(server.get(&format!("/tiles/{id}/10/0/x.mvt")).status, 400);
        assert_eq!(server.get(&format!("/tiles/{id}/15/{}/{}.mvt", 16384, 11000)).status, 204, "beyond its zooms");
        assert_eq!(server.get(&format!("/tiles/{id}.json?filter=size%3E5")).status, 400, "no column of an archive is known");
    }
}

/// Layers of a tile by name: how many features they have, and the features themselves.
pub fn layers_of(tile: &[u8]) -> BTreeMap<String, (usize, String)> {
    assert_eq!(verify(tile), Ok(()));
    let layers = MvtReaderRef::new(tile).unwrap().to_tile().unwrap().layers;
    layers.iter().map(|layer| (layer.name.clone(), (layer.features.len(), format!("{:?}", layer.features)))).collect()
}

/// An archive of the sheds down to zoom 9, one of land (whose layer has that name), and the layers of the snapshot, in one tile.
#[test]
fn archives_stand_beside_layers_in_one_tile() {
    let files = [("sheds.geojson", squares(SHEDS)), ("land.geojson", squares(&SHEDS[..1]))];
    let data = Data::of(&files, &[layer("sheds", "public"), layer("land", "public")]);
    let out = tempfile::tempdir().unwrap();
    assert!(publish(data.path(), out.path(), &["--layers", "sheds", "--zooms", "4-9"]).status.success());
    assert!(publish(data.path(), out.path(), &["--layers", "land", "--format", "mbtiles"]).status.success());
    let tiles = out.path().join("tiles");
    for (from, to) in [("sheds.pmtiles", "plan.pmtiles"), ("land.mbtiles", "ground.mbtiles")] {
        std::fs::rename(tiles.join(from), tiles.join(to)).unwrap();
    }
    let archives = vec![tiles.join("plan.pmtiles"), tiles.join("ground.mbtiles")];
    let server = Server::with(Options { archives, ..Options::of(data.path().to_owned()) });
    let ask = |list: &str, z: u8| server.get(&format!("/tiles/{list}/{}.mvt", super::tile_at(z, 3.0, 46.5)));
    let [sheds, land] = ["sheds", "land"].map(|name| layers_of(&ask(name, 9).body)[name].clone());
    let all = layers_of(&ask("plan,sheds,ground", 9).body);
    let expected = [("land", land.clone()), ("plan:sheds", sheds.clone()), ("sheds", sheds.clone())];
    assert_eq!(all, expected.map(|(name, layer)| (name.to_owned(), layer)).into());
    assert_eq!(layers_of(&ask("plan,ground", 9).body).into_keys().collect::<Vec<_>>(), ["land", "sheds"], "no name is taken");
    assert_eq!(
        layers_of(&ask("plan,sheds,ground", 10).body).into_keys().collect::<Vec<_>>(),
        ["land", "sheds"],
        "beyond its zooms"
    );
    assert_eq!(layers_of(&ask("plan,sheds,plan", 9).body).len(), 2, "each once");
    assert_eq!((ask("plan,shed", 9).status, server.get("/tiles/plan,sheds/9/0/0.mvt").status), (404, 204));

    let json = server.get("/tiles/plan,sheds,ground.json").json();
    let names: Vec<&str> = json["vector_layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["sheds", "plan:sheds", "land"]);
    assert_eq!((&json["minzoom"], &json["maxzoom"], &json["vector_layers"][1]["maxzoom"]), (&4.into(), &14.into(), &9.into()));
    assert_eq!(json["bounds"], server.get("/tiles/sheds.json").json()["bounds"], "those of sheds hold those of land");
    assert_eq!(json["attribution"], server.get("/tiles/sheds,land.json").json()["attribution"], "each once");

    let [address, edition] = [&json["tiles"][0], &json["tiles"][0]].map(|one| one.as_str().unwrap().to_owned());
    assert!(address.contains("/tiles/plan,sheds,ground/{z}/{x}/{y}.mvt?edition="), "{address}");
    let edition = edition.rsplit('=').next().unwrap();
    let path = format!("/tiles/plan,sheds,ground/{}.mvt?edition={edition}", super::tile_at(9, 3.0, 46.5));
    let plain = server.get(&path);
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    for (accept, encoding) in [("gzip", Encoding::Gzip), ("br", Encoding::Brotli), ("zstd", Encoding::Zstd)] {
        let answer = get(server.address, &path, &[("accept-encoding", accept)]);
        assert_eq!(answer.header("content-encoding"), encoding.token().unwrap());
        assert_eq!(decompress(&answer.body, encoding).unwrap(), plain.body);
    }
    assert_eq!(get(server.address, &path, &[("if-none-match", plain.header("etag"))]).status, 304);

    let filtered = format!("/tiles/sheds,plan/{}.mvt?filter=size%20%3E%3D%2011000", super::tile_at(9, 3.0, 46.5));
    let filtered = layers_of(&server.get(&filtered).body);
    assert_eq!((filtered["sheds"].0, filtered["plan:sheds"].0), (1, sheds.0), "a filter is of the snapshot's layers");
}

/// What stands in a file may be anybody's: a tile that is none is an error that names the archive, at that place alone; a layer that the
/// file did not list cannot take another's place.
#[test]
fn hostile_archives_beside_layers_are_harmless() {
    let data = public();
    let folder = tempfile::tempdir().unwrap();
    let address: Address = super::tile_at(9, 3.0, 46.5).parse().unwrap();
    let own = Server::over(data.path()).get(&format!("/tiles/sheds/{address}.mvt")).body;
    let bomb = compress(vec![0; 40_000_000], Encoding::Gzip);
    let cases: [(&str, Vec<u8>); 5] = [
        ("page", b"<html><script>x</script></html>".to_vec()),
        ("torn", own[..own.len() / 2].to_vec()),
        ("bomb", bomb),
        ("pack", [&[0x1f, 0x8b], &own[..]].concat()),
        ("twin", [&own[..], &own[..]].concat()),
    ];
    let mut archives = Vec::new();
    for (name, tile) in &cases {
        let path = folder.path().join(format!("{name}.pmtiles"));
        let mut writer = Writer::begin(&path, &[1; 32]).unwrap();
        writer.add(hilbert::id(address), tile).unwrap();
        let metadata = json!({ "attribution": "<script>x</script>", "vector_layers": "none" });
        writer.finish(&About { zooms: [0, 14], bounds: [-5.0, 41.0, 9.0, 51.0], metadata }).unwrap();
        archives.push(path);
    }
    let server = Server::with(Options { archives, ..Options::of(data.path().to_owned()) });
    for name in ["page", "torn", "bomb", "pack"] {
        let answer = server.get(&format!("/tiles/sheds,{name}/{address}.mvt"));
        assert_eq!((answer.status, answer.json()["type"].as_str().unwrap().ends_with("archive")), (500, true), "{name}");
        assert!(answer.text().contains(&format!("`{name}`")), "{}", answer.text());
        let beside = server.get(&format!("/tiles/sheds,{name}/{}.mvt", super::tile_at(9, 2.2, 48.8)));
        assert_eq!(layers_of(&beside.body).len(), 1, "elsewhere it is as if it were not there");
    }
    let twin = layers_of(&server.get(&format!("/tiles/sheds,twin/{address}.mvt")).body);
    assert_eq!(twin.into_keys().collect::<Vec<_>>(), ["sheds", "twin:sheds"], "of two layers of one name the first");
    let json = server.get("/tiles/sheds,page.json").json();
    let attribution = json["attribution"].as_str().unwrap();
    assert!(attribution.ends_with("&lt;script&gt;x&lt;/script&gt;") && !attribution.contains('<'), "{attribution}");
    assert_eq!(json["vector_layers"].as_array().unwrap().len(), 1);
}

/// GDAL, and the readers of PMTiles for Python and JavaScript, each where it is installed.
#[test]
fn other_programs_read_the_archives() {
    let (data, out) = (public(), tempfile::tempdir().unwrap());
    assert!(publish(data.path(), out.path(), &["--format", "both"]).status.success());
    let [pmtiles, mbtiles] = ["sheds.pmtiles", "sheds.mbtiles"].map(|name| out.path().join("tiles").join(name));
    match Command::new("ogrinfo").args(["-ro", "-al", "-so"]).arg(&mbtiles).output() {
        Ok(read) => {
            let said = String::from_utf8_lossy(&read.stdout).into_owned();
            assert!(said.contains("Layer name: sheds") && said.contains("Feature Count: 3"), "{said}");
        }
        Err(_) => eprintln!("skipped: ogrinfo is needed to read MBTiles"),
    }
    let address: Address = super::tile_at(12, 3.0, 46.5).parse().unwrap();
    let expected = Archive::open(&pmtiles).unwrap().tile(address).unwrap().unwrap();
    let place = [u32::from(address.zoom()), address.column(), address.row()].map(|number| number.to_string());
    let python = std::env::var("EMPRISE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let program = "import sys\nfrom pmtiles.reader import Reader, MmapSource\nz, x, y = map(int, sys.argv[2:])\n\
                   r = Reader(MmapSource(open(sys.argv[1], 'rb')))\nprint(r.get(z, x, y).hex())";
    match Command::new(python).args(["-c", program]).arg(&pmtiles).args(&place).output() {
        Ok(read) if read.status.success() => {
            let hex: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), hex);
        }
        _ => eprintln!("skipped: python3 with pmtiles is needed to read PMTiles"),
    }
    if !repository("web/node_modules/pmtiles").exists() {
        return eprintln!("skipped: run `make web` to read PMTiles in JavaScript");
    }
    let read = Command::new("node").arg(repository("web/test/archive.mjs")).arg(&pmtiles).args(&place).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let said: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(said["layers"], serde_json::json!(["sheds"]), "{said}");
    assert_eq!((&said["zooms"], &said["metadata"]), (&serde_json::json!([4, 14]), &serde_json::json!("sheds")));
}
