//! The written forms of an answer: each read back by another reader, all with the same numbers.

use std::collections::BTreeMap;
use std::process::Command;

use emprise::atlas::{Atlas, Layer, Rights, View};
use emprise::ingest::read::{self, Cell, SourceCrs};
use emprise::layer::definition::Read;
use emprise::layer::language::Language;
use emprise::layer::value::Value;
use emprise::siting::answer::Answer;
use emprise::siting::spec::Spec;
use emprise::siting::writing::columns::{cells, columns, listed};
use emprise::siting::writing::{csv, dossier, flatgeobuf, geojson, geopackage};
use emprise::siting::{site, spec::read::read};
use geo::{Area, CoordsIter};
use geo_types::Geometry;

use crate::harness::{drawn, with_cells};

const HOSTILE: &str = "<script>alert(1)</script> \"L'Île\" & \u{202e}gnp.exe";

/// Four plots, one with a hostile name and one known by a point only, around a junction that has a name of its own.
fn layers() -> Vec<Layer> {
    let columns = "
        columns.name = { from = [\"n\"], type = \"text\" }
        columns.stage = { from = [\"s\"], type = \"text\" }
        columns.price = { from = [\"p\"], type = \"number\", unit = \"EUR/m2\" }
        columns.free-from = { from = [\"d\"], type = \"date\" }
        columns.turnkey = { from = [\"t\"], type = \"boolean\" }";
    let plots = "
        A A . . . B .
        A A . . . . .
        . . . . . . .
        . . C C . . .
        . . C C . . D";
    let text = format!(
        "A: name={HOSTILE}, stage=on sale, price=10.125, free-from=2026-01-01, turnkey=true
        B: name==1+1, stage=reserved, free-from=2027-06-01, turnkey=false
        C: stage=on sale, price=12.5, turnkey=true
        D: name=D, stage=on sale, price=40, free-from=2030-01-01"
    );
    let junctions =
        drawn("junctions", true, "columns.name = { from = [\"n\"], type = \"text\" }", ". . J . .", "J: name=A 7 <b>");
    let communes = "columns.name = { from = [\"n\"], type = \"text\" }";
    let ground = "x x x x y y y y\nx x x x y y y y\nx x x x y y y y\nx x x x y y y y\nx x x x y y y y";
    vec![
        drawn("plots", false, columns, plots, &text),
        junctions,
        drawn("communes", false, communes, ground, "x: name=Xanadu\ny: name=Ys"),
    ]
}

const SPEC: &str = "
emprise: 1
title: Plots & <b>co</b>
candidates: { layers: [plots] }
criteria:
  area: { kind: area, required: '>= 0.5 ha', value: { 0.5 ha: 0, 4 ha: 1 }, weight: 2 }
  junction: { kind: proximity, to: junctions, required: '<= 1 km', value: { 0 km: 1, 1 km: 0 } }
  price: { kind: attribute, column: price, value: { 0 EUR/m2: 1, 60 EUR/m2: 0 } }
  free: { kind: attribute, column: free-from, value: { 2026-01-01: 1, 2030-01-01: 0 } }
  turnkey: { kind: attribute, column: turnkey, required: '= true' }
  stage: { kind: attribute, column: stage, required: 'in [on sale, reserved]', value: { on sale: 1, reserved: 0.25 } }
";

fn asked(atlas: &Atlas) -> (Spec, Answer) {
    let spec = read(SPEC).unwrap();
    let answer = site(&spec, atlas.view(&Rights::All)).unwrap();
    assert_eq!((answer.passing, answer.undecided), (2, 1), "A and C pass, of D it is not known whether it is turnkey");
    (spec, answer)
}

fn atlas() -> Atlas {
    Atlas::from_layers("drawn".into(), layers())
}

/// What our own reader finds in a file of these bytes: rows by column name, and geometries.
type Rows = Vec<(BTreeMap<String, Cell>, Option<Geometry<f64>>)>;

fn reread(name: &str, bytes: &[u8]) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let files = read::list(&[folder.path().to_owned()]).unwrap();
    let table = read::open(&files[0], &Read::default()).unwrap();
    assert_eq!(table.crs, SourceCrs::Epsg(4326), "{name}");
    let columns = table.columns.clone();
    let row = |row: read::Row| (columns.iter().cloned().zip(row.cells).collect(), row.geometry);
    table.rows.map(|found| row(found.unwrap())).collect()
}

fn same(cell: &Cell, value: &Value) -> bool {
    match (cell, value) {
        (Cell::Null, Value::Unknown) => true,
        (Cell::Text(read), Value::Text(written)) => read == written,
        (Cell::Text(read), Value::Date(written)) => *read == written.to_string(),
        (Cell::Number(read), Value::Number(written)) => read == written,
        (Cell::Integer(read), Value::Integer(written)) => read == written,
        (Cell::Boolean(read), Value::Boolean(written)) => read == written,
        _ => false,
    }
}

fn check_rows(form: &str, rows: &Rows, answer: &Answer, view: View<'_>) {
    let columns = columns(answer);
    let features = geojson::write(answer, view)["features"].clone();
    assert_eq!(rows.len(), 3, "{form}");
    for (place, ((site, verdict), (row, shape))) in listed(answer).zip(rows).enumerate() {
        for (column, value) in columns.iter().zip(cells(&columns, site, verdict)) {
            assert!(same(&row[&column.name], &value), "{form}, {}: {:?} for {value:?}", column.name, row[&column.name]);
            assert_eq!(value.to_json(), features[place]["properties"][&column.name], "{form}, {}", column.name);
        }
        let shape = shape.as_ref().unwrap();
        let drawn: ::geojson::Geometry = serde_json::from_value(features[place]["geometry"].clone()).unwrap();
        assert_eq!(*shape, Geometry::<f64>::try_from(drawn).unwrap(), "{form}: the same vertices in the same order");
        assert!(shape.signed_area() > 0.0 && shape.coords_iter().all(|c| (c.x - 3.0).abs() < 0.1 && (c.y - 46.5).abs() < 0.1));
    }
}

#[test]
fn flatgeobuf_and_geopackage_are_read_back_as_they_were_written() {
    let atlas = atlas();
    let view = atlas.view(&Rights::All);
    let (spec, answer) = asked(&atlas);
    check_rows("FlatGeobuf", &reread("sites.fgb", &flatgeobuf::write(&answer, &spec, view).unwrap()), &answer, view);
    let package = geopackage::write(&answer, &spec, view).unwrap();
    check_rows("GeoPackage", &reread("sites.gpkg", &package), &answer, view);
    assert_eq!(package, geopackage::write(&answer, &spec, view).unwrap(), "an answer has one file");
}

#[test]
fn a_geopackage_explains_itself() {
    let atlas = atlas();
    let (spec, answer) = asked(&atlas);
    let file = tempfile::NamedTempFile::with_suffix(".gpkg").unwrap();
    std::fs::write(file.path(), geopackage::write(&answer, &spec, atlas.view(&Rights::All)).unwrap()).unwrap();
    let database = rusqlite::Connection::open(file.path()).unwrap();
    let text = |query: &str| database.query_row(query, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("SELECT printf('%x', application_id) FROM pragma_application_id"), "47504b47");
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(database.prepare("PRAGMA foreign_key_check").unwrap().query_map([], |_| Ok(())).unwrap().count(), 0);
    assert_eq!(text("SELECT last_change FROM gpkg_contents"), "2024-01-01T00:00:00.000Z", "the vintage of the sources");
    let kept = |standard: &str| -> serde_json::Value {
        let query = format!(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id \
             WHERE table_name = 'sites' AND md_standard_uri = '{standard}'"
        );
        serde_json::from_str(&text(&query)).unwrap()
    };
    assert_eq!(kept("urn:emprise:specification:1"), spec.normal(), "the specification travels with the sites");
    let about = kept("urn:emprise:answer:1");
    assert_eq!((&about["snapshot"], &about["sources"][0]["licence"]), (&"drawn".into(), &"L".into()));
}

/// What GDAL finds in a file of these bytes, without a complaint; an error where there is no GDAL.
fn ogrinfo(name: &str, bytes: &[u8]) -> std::io::Result<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let asked = Command::new("ogrinfo").args(["-ro", "-al"]).arg(&path).output()?;
    let complaints = String::from_utf8_lossy(&asked.stderr);
    assert!(asked.status.success() && complaints.is_empty(), "{name}: {complaints}");
    Ok(String::from_utf8(asked.stdout).unwrap())
}

/// The field's own reader, where there is one.
#[test]
fn gdal_reads_both() {
    let atlas = atlas();
    let (view, (spec, answer)) = (atlas.view(&Rights::All), asked(&atlas));
    let files = [
        ("sites.fgb", flatgeobuf::write(&answer, &spec, view).unwrap()),
        ("sites.gpkg", geopackage::write(&answer, &spec, view).unwrap()),
    ];
    for (name, bytes) in files {
        let Ok(said) = ogrinfo(name, &bytes) else { return eprintln!("skipped: there is no ogrinfo here") };
        let score = format!("score (Real) = {}", answer.sites[0].score);
        let says = [
            "Feature Count: 3",
            "ID[\"EPSG\",4326]",
            "rank_worst: Integer",
            "price.value: Real",
            "turnkey.value: Integer(Boolean)",
            "free.value: Date",
            "name (String) = <script>alert(1)</script> \"L'Île\" & \u{202e}gnp.exe",
            "price.value (Real) = 10.125",
            "MULTIPOLYGON (((",
            &score,
        ];
        for words in says {
            assert!(said.contains(words), "{name}: `{words}` is not in\n{said}");
        }
    }
}

/// What a page says between the tags of this name that hold `value="..."`: value and shown text.
fn data(page: &str) -> Vec<(f64, String)> {
    let parts = page.split("<data value=\"").skip(1);
    let read = |part: &str| {
        let (value, rest) = part.split_once("\">").unwrap();
        (value.parse().unwrap(), rest.split_once("</data>").unwrap().0.to_owned())
    };
    parts.map(read).collect()
}

/// The part of a page that is the sheet of a site.
fn sheet<'p>(page: &'p str, id: &str) -> &'p str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("there is no sheet {id}"));
    page[from..].split_once("</section>").unwrap().0
}

/// JSON, GeoJSON, CSV, FlatGeobuf, GeoPackage and both dossiers: one answer, one set of numbers.
#[test]
fn six_forms_carry_the_same_numbers() {
    let atlas = atlas();
    let (view, (spec, answer)) = (atlas.view(&Rights::All), asked(&atlas));
    let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
    let collection = geojson::write(&answer, view);
    let text = csv::write(&answer);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let titles: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let lines: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    let flat = reread("sites.fgb", &flatgeobuf::write(&answer, &spec, view).unwrap());
    let package = reread("sites.gpkg", &geopackage::write(&answer, &spec, view).unwrap());
    let pages = [Language::Fr, Language::En].map(|language| dossier::write(&answer, &spec, view, language));
    let sites = json["sites"].as_array().unwrap().iter().chain(json["undecided_sites"].as_array().unwrap());
    for (place, site) in sites.enumerate() {
        let sheets = pages.each_ref().map(|page| {
            let id = if place < 2 { format!("site-{}", place + 1) } else { "undecided-1".to_owned() };
            data(sheet(page, &id)).into_iter().map(|(exact, _)| exact).collect::<Vec<f64>>()
        });
        let mut numbers = vec![("score".to_owned(), site["score"].as_f64()), ("area_m2".to_owned(), site["area_m2"].as_f64())];
        numbers.extend([("lon".to_owned(), site["lon"].as_f64()), ("score_high".to_owned(), site["score_interval"][1].as_f64())]);
        for finding in site["findings"].as_array().unwrap() {
            let name = finding["criterion"].as_str().unwrap();
            numbers.push((format!("{name}.value"), finding["value"].as_f64()));
            numbers.push((format!("{name}.contribution"), finding["contribution"].as_f64()));
        }
        assert!(numbers.iter().filter(|(_, number)| number.is_some()).count() >= 10);
        for (name, number) in numbers {
            let Some(number) = number else { continue };
            let column = titles.iter().position(|title| *title == name).unwrap_or_else(|| panic!("no column {name}"));
            assert_eq!(collection["features"][place]["properties"][&name].as_f64(), Some(number), "GeoJSON, {name}");
            assert_eq!(lines[place][column].parse::<f64>(), Ok(number), "CSV, {name}");
            for (form, rows) in [("FlatGeobuf", &flat), ("GeoPackage", &package)] {
                assert_eq!(rows[place].0[&name], Cell::Number(number), "{form}, {name}");
            }
            assert!(
                sheets.iter().all(|sheet| sheet.contains(&number) || number == 0.0),
                "dossier, {name}: {number} in {sheets:?}"
            );
        }
    }
    let mut open = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    assert!(!text.starts_with('\u{feff}') && text.ends_with("\r\n") && open.records().count() == 4, "RFC 4180, nothing else");
    assert!(text.contains(",\"'=1+1\",") || text.contains(",'=1+1,") || !text.contains("=1+1"), "{text}");
}

#[test]
fn the_printed_contributions_add_up_to_the_printed_score() {
    let atlas = atlas();
    let (spec, answer) = asked(&atlas);
    let page = dossier::write(&answer, &spec, atlas.view(&Rights::All), Language::En);
    for (site, id) in answer.sites.iter().zip(["site-1", "site-2"]) {
        let table = sheet(&page, id).split_once("<table").unwrap().1;
        let (body, foot) = table.split_once("<tfoot>").unwrap();
        let last = |row: &str| data(row.rsplit_once("<td").unwrap().1).pop();
        let printed: Vec<(f64, String)> =
            body.split("</tr>").skip(1).filter(|row| row.contains("<td")).filter_map(last).collect();
        assert_eq!(printed.len(), 5, "five of six criteria have a value function");
        let thousandths = |shown: &str| shown.replace('.', "").parse::<i64>().unwrap();
        let total = data(foot).pop().unwrap();
        assert_eq!(printed.iter().map(|(_, shown)| thousandths(shown)).sum::<i64>(), thousandths(&total.1));
        let billionths = |points: f64| (points * 1e9).round() as i64;
        assert_eq!(printed.iter().map(|(exact, _)| billionths(*exact)).sum::<i64>(), billionths(site.score));
        // The bar is as long as its number: the widest share fills it.
        let widest = answer.criteria.iter().filter_map(|head| head.share).fold(0.0, f64::max);
        let width = format!("class=\"part\" x=\"0.00\" width=\"{:.2}\"", printed[0].0 / widest * 160.0);
        assert!(body.contains(&width), "{width}");
    }
}

#[test]
fn no_name_is_ever_markup() {
    let atlas = atlas();
    let (spec, answer) = asked(&atlas);
    for language in [Language::Fr, Language::En] {
        let page = dossier::write(&answer, &spec, atlas.view(&Rights::All), language);
        let body = page.split_once("</style>").unwrap().1;
        assert!(body.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot;L&#39;Île&quot; &amp; gnp.exe"), "shown as words");
        assert!(body.contains("A 7 &lt;b&gt;") && body.contains("Plots &amp; &lt;b&gt;co&lt;/b&gt;"));
        for forbidden in ["<script", "<b>", "\u{202e}", "javascript:", " style=", " on", "url(http", "src=", "@import", "<link"] {
            let found = body.match_indices(forbidden).find(|(at, _)| forbidden != " on" || in_a_tag(body, *at));
            assert!(found.is_none(), "`{forbidden}` in {}", &body[found.unwrap().0.saturating_sub(80)..][..160]);
        }
    }
}

/// Whether a place of a page is inside a tag: the last bracket before it opens one.
fn in_a_tag(page: &str, at: usize) -> bool {
    page[..at].rfind('<') > page[..at].rfind('>')
}

#[test]
fn how_firm_the_ranking_is_is_drawn_where_it_is_asked() {
    let atlas = atlas();
    let spec = read(&format!("{SPEC}robustness: {{ draws: 500 }}\n")).unwrap();
    let rights = Rights::All;
    let answer = site(&spec, atlas.view(&rights)).unwrap();
    let robustness = answer.ranking.robustness.as_ref().unwrap();
    let page = dossier::write(&answer, &spec, atlas.view(&rights), Language::En);
    assert!(page.contains("How firm the ranking is") && page.contains("500 draws"));
    for found in &robustness.stability {
        for number in [found.share, found.first[0], found.first[1], found.first_ten[0], found.first_ten[1]] {
            assert!(page.contains(&format!("<data value=\"{number}\">")), "{}: {number}", found.criterion);
        }
    }
    for site in &answer.sites {
        let first = site.acceptability.as_ref().unwrap().ranks[0];
        assert!(page.contains(&format!("<data value=\"{first}\">")), "{}", site.id);
    }
    let plain = read(SPEC).unwrap();
    let without = site(&plain, atlas.view(&rights)).unwrap();
    assert!(!dossier::write(&without, &plain, atlas.view(&rights), Language::En).contains("How firm"));
}

#[test]
fn the_dossier_says_what_is_asked_known_and_unknown_in_both_languages() {
    let atlas = atlas();
    let (spec, answer) = asked(&atlas);
    let page = |language| dossier::write(&answer, &spec, atlas.view(&Rights::All), language);
    let (fr, en) = (page(Language::Fr), page(Language::En));
    assert_eq!(fr, page(Language::Fr), "the same answer gives the same page");
    assert!(fr.contains("<html lang=\"fr\">") && en.contains("<html lang=\"en\">"));
    let says = |page: &str, words: &[&str]| words.iter().for_each(|words| assert!(page.contains(words), "`{words}` is missing"));
    says(
        &fr,
        &[
            "acte administratif",
            "au moins 0,5\u{202f}ha",
            "au plus 1\u{202f}km",
            "la source laisse cette case vide",
            "indécidable",
            ">oui<",
        ],
    );
    says(
        &fr,
        &[
            "«\u{202f}<bdi>on sale</bdi>\u{202f}»",
            "1er janvier 2030",
            "40\u{202f}€/m²",
            "somme des apports",
            "Millésime",
            "Xanadu",
        ],
    );
    says(
        &en,
        &[
            "administrative act",
            "at least 0.5\u{202f}ha",
            "at most 1\u{202f}km",
            "the source leaves this cell empty",
            "undecidable",
        ],
    );
    says(
        &en,
        &[
            "°\u{202f}N, ",
            "1 January 2030",
            "Licence",
            "4\u{202f}ha",
            "Additive value model",
            "Map of the sites",
            "</desc>",
            "scope=\"row\"",
        ],
    );
    for page in [&fr, &en] {
        assert_eq!(page.matches("class=\"sheet\"").count(), 3);
        assert_eq!(page.matches("<svg class=\"map\"").count(), 4, "one of all, one a site");
        assert_eq!(page.matches("class=\"plot\" d=\"M").count(), 3, "each plot is drawn");
        let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
        let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "no id twice: {ids:?}");
        for target in page.split("href=\"#").skip(1).map(|part| part.split('"').next().unwrap()) {
            assert!(ids.contains(&target), "a link to nothing: {target}");
        }
    }
}

/// A brownfield that nobody drew, and a question that nothing passes: every form still has its rows, or says that there are none.
#[test]
fn what_is_not_there_is_written_as_such() {
    let mut layers = layers();
    layers.push(with_cells("brownfields", "", vec![("lost".to_owned(), None)], |_, _, _| None));
    let atlas = Atlas::from_layers("drawn".into(), layers);
    let view = atlas.view(&Rights::All);
    let spec = read(&SPEC.replace("layers: [plots]", "layers: [plots, brownfields]")).unwrap();
    let answer = site(&spec, view).unwrap();
    let lost = answer.undecided_sites.iter().position(|site| site.id == "lost").unwrap();
    assert_eq!((answer.passing, answer.undecided), (2, 2));
    let row = answer.passing + lost;
    for (name, bytes) in [
        ("sites.fgb", flatgeobuf::write(&answer, &spec, view).unwrap()),
        ("sites.gpkg", geopackage::write(&answer, &spec, view).unwrap()),
    ] {
        if let Ok(said) = ogrinfo(name, &bytes) {
            let drawn = said.matches("MULTIPOLYGON (((").count();
            assert!(said.contains("Feature Count: 4") && drawn == 3, "{name}: {said}");
        }
        let rows = reread(name, &bytes);
        assert_eq!(rows.len(), 4, "{name}");
        let places: Vec<bool> = rows.iter().map(|(_, geometry)| geometry.is_some()).collect();
        assert!((0..4).all(|place| places[place] == (place != row)), "{name}: {places:?}");
        assert_eq!(rows[row].0["area.unknown"], Cell::Text("the candidate has no geometry".into()));
        assert_eq!((&rows[row].0["lon"], &rows[row].0["area.value"]), (&Cell::Null, &Cell::Null), "{name}: unknown, not zero");
    }
    let page = dossier::write(&answer, &spec, view, Language::Fr);
    let lost = sheet(&page, &format!("undecided-{}", lost + 1));
    assert!(lost.contains("le site n’a pas de géométrie") && !lost.contains("<svg class=\"map\""), "no map of nowhere");

    let spec = read(&SPEC.replace(">= 0.5 ha", ">= 900 ha")).unwrap();
    let answer = site(&spec, view).unwrap();
    assert_eq!((answer.passing, answer.undecided), (0, 0));
    assert!(reread("sites.fgb", &flatgeobuf::write(&answer, &spec, view).unwrap()).is_empty());
    assert!(reread("sites.gpkg", &geopackage::write(&answer, &spec, view).unwrap()).is_empty());
    assert_eq!(csv::write(&answer).lines().count(), 1);
    let page = dossier::write(&answer, &spec, view, Language::En);
    assert!(page.contains("No plot meets every requirement.") && !page.contains("class=\"map\""));
}

/// The program itself: it writes the files beside what it prints, and says where they are.
#[test]
fn the_command_writes_files_beside_what_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let root = format!("{}/", crate::harness::repository("").display());
        let arguments = arguments.iter().map(|argument| argument.replace("ROOT/", &root));
        Command::new(env!("CARGO_BIN_EXE_emprise")).current_dir(&folder).args(arguments).output().unwrap()
    };
    assert!(run(&["ingest", "--out", "data", "ROOT/fixtures/data"]).status.success());
    let site = ["site", "ROOT/specs/plateforme-logistique.yaml", "--json", "--lang", "fr"];
    let asked = run(&[&site[..], &["--dossier", "d.html", "--flatgeobuf", "s.fgb", "--geopackage", "s.gpkg"]].concat());
    let answer: serde_json::Value = serde_json::from_slice(&asked.stdout).unwrap();
    let listed = answer["sites"].as_array().unwrap().len() + answer["undecided_sites"].as_array().unwrap().len();
    let told = String::from_utf8(asked.stderr).unwrap();
    assert!(["d.html", "s.fgb", "s.gpkg"].iter().all(|name| told.contains(&format!("wrote {name} ("))), "{told}");
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!((reread("s.fgb", &bytes("s.fgb")).len(), reread("s.gpkg", &bytes("s.gpkg")).len()), (listed, listed));
    let page = String::from_utf8(bytes("d.html")).unwrap();
    assert!(page.contains("<html lang=\"fr\">") && page.matches("<section class=\"sheet\"").count() == listed);
    assert!(page.contains("Échangeurs") && page.contains("Licence Ouverte 2.0"), "titles and terms of the layers used");
    let refused = run(&["site", "ROOT/specs/plateforme-logistique.yaml", "--lang", "de"]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && told.contains("write `fr` or `en`"), "{told}");
    let nowhere = run(&["site", "ROOT/specs/plateforme-logistique.yaml", "--dossier", "no/such/d.html"]);
    assert!(
        nowhere.status.code() == Some(1) && String::from_utf8(nowhere.stderr).unwrap().contains("cannot write no/such/d.html")
    );
}
