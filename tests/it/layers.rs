//! The shipped `layers/*.toml`: whole, bilingual, licensed, and the only place where official column names live.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use emprise::layer::catalogue;
use emprise::layer::definition::{GeometryType, LayerDefinition, Role, Text, Visibility};
use globset::GlobBuilder;

use crate::harness::repository;

const IDS: [&str; 43] = [
    "action-sheets",
    "airports",
    "brownfields",
    "business-plots",
    "business-zone-outlines",
    "business-zones",
    "carpool-places",
    "cartofriches",
    "census-diplomas",
    "census-employment",
    "charging-points",
    "charging-stations",
    "classified-installations",
    "communes",
    "commuting-by-mode",
    "commuting-flows",
    "departements",
    "easements",
    "electric-vehicles",
    "epci",
    "establishments",
    "former-communes",
    "funded-projects",
    "industry-territories",
    "labour-zones",
    "motorway-junctions",
    "natura2000-birds",
    "natura2000-habitats",
    "parcels",
    "polluted-sites",
    "ports",
    "programme-contacts",
    "protected-sites",
    "rail-sidings",
    "railway-lines",
    "recruitments",
    "regions",
    "risk-plans",
    "roads",
    "stations",
    "substations",
    "training-places",
    "zoning-plans",
];

fn shipped() -> Vec<LayerDefinition> {
    catalogue::read_folder(&repository("layers")).unwrap()
}

#[test]
fn every_layer_parses_under_its_name() {
    let ids: Vec<String> = shipped().into_iter().map(|layer| layer.id).collect();
    assert_eq!(ids, IDS);
}

#[test]
fn every_file_follows_the_published_schema() {
    let schema = catalogue::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for id in IDS {
        let text = std::fs::read_to_string(repository(&format!("layers/{id}.toml"))).unwrap();
        let json = serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&json).map(|error| format!("{} at {}", error, error.instance_path)).collect();
        assert!(errors.is_empty(), "{id}: {errors:?}");
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let schema = catalogue::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = std::fs::read_to_string(repository("layers/communes.toml")).unwrap();
    let broken = [
        text.replace("visibility = \"public\"", ""),
        text.replace("precision_m", "precison_m"),
        text.replace("unit = \"persons\"", "unit = \"heads\""),
    ];
    for text in broken {
        assert!(catalogue::parse(&text, "communes").is_err(), "the program accepts it");
        let json = serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
        assert!(!validator.is_valid(&json), "the schema accepts it");
    }
}

#[test]
fn every_layer_says_where_it_comes_from_and_who_may_see_it() {
    for layer in shipped() {
        // All are open data but persons' names.
        let open = layer.id != "programme-contacts";
        assert_eq!(layer.visibility == Visibility::Public, open, "{}", layer.id);
        for publication in layer.publications() {
            let (id, source) = (&layer.id, &publication.source);
            let texts = [&source.publisher, &source.licence, &source.vintage, &source.refresh];
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{id}: {source:?}");
            assert!(source.address.starts_with("https://"), "{id}: {}", source.address);
            assert!(source.licence_url.as_ref().is_some_and(|url| url.starts_with("https://")), "{id}: licence_url");
            assert!(source.attribution.is_some(), "{id}: attribution");
            assert!(source.refresh == "never" || source.refresh.starts_with('P'), "{id}: {}", source.refresh);
            assert!(!publication.files.is_empty(), "{id}: no file pattern");
            assert!(publication.precision_m > 0.0 || layer.geometry == GeometryType::None, "{id}: precision");
        }
    }
}

#[test]
fn roles_geometry_and_drawing_agree() {
    for layer in shipped() {
        let id = &layer.id;
        assert_eq!(layer.role == Role::Table, layer.geometry == GeometryType::None, "{id}");
        assert_eq!(layer.tiles.is_none(), layer.geometry == GeometryType::None, "{id}");
        if let Some(tiles) = &layer.tiles {
            assert!(!tiles.shown.is_empty(), "{id}: nothing to read on the map");
            assert!(tiles.max_zoom <= 16, "{id}: zoom {}", tiles.max_zoom);
        }
        assert!(layer.key.iter().all(|column| layer.columns[column].required || layer.key.len() > 1), "{id}: key");
        for (name, column) in &layer.columns {
            assert!(!column.from.is_empty(), "{id}.{name}");
            let kebab = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            assert!(kebab, "{id}.{name}: kebab-case English");
        }
    }
}

#[test]
fn every_title_is_there_in_both_languages() {
    for layer in shipped() {
        assert!(layer.description.is_some(), "{}: description", layer.id);
        let own = [Some(&layer.title), layer.description.as_ref()].into_iter().flatten();
        for text in own {
            check_english(&layer.id, text);
        }
        for (name, column) in &layer.columns {
            let place = format!("{}.{name}", layer.id);
            check_english(&place, column.title.as_ref().unwrap_or_else(|| panic!("{place}: no title")));
            for word in column.values.values() {
                assert!(looks_english(word), "{place}: `{word}`");
            }
        }
    }
}

fn check_english(place: &str, text: &Text) {
    assert!(!text.fr.trim().is_empty() && !text.en.trim().is_empty(), "{place}: {text:?}");
    assert!(looks_english(&text.en), "{place}: `{}`", text.en);
}

/// No accent, none of the small words of French, none of the words that the sources use most.
fn looks_english(text: &str) -> bool {
    const FRENCH: [&str; 20] = [
        "de", "du", "des", "le", "la", "les", "et", "en", "sans", "avec", "au", "aux", "friche", "gare", "gares", "zonage",
        "inconnu", "autre", "mixte", "oui",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric());
    text.is_ascii() && words.map(str::to_lowercase).all(|word| !FRENCH.contains(&word.as_str()))
}

/// Distinctive: with an underscore and eight letters or more, from French publishers.
fn official_names() -> BTreeSet<String> {
    const ENGLISH: [&str; 9] = [
        "station_id",
        "under_construction",
        "iata_code",
        "icao_code",
        "gps_code",
        "scheduled_service",
        "region_code",
        "code_insee",
        "municipality",
    ];
    let layers = shipped();
    let columns = layers.iter().flat_map(|layer| layer.columns.values());
    let names = columns.flat_map(|column| &column.from).cloned();
    names
        .filter(|name| name.contains('_') && name.len() >= 8 && !name.contains('*') && !ENGLISH.contains(&name.as_str()))
        .collect()
}

#[test]
fn official_column_names_live_in_the_layer_files_only() {
    let names = official_names();
    assert!(names.contains("terr_stade_comm") && names.contains("code_uic") && names.len() > 150, "{}", names.len());
    for path in rust_files(&repository("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        // What a unit test reads is no part of the program.
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in program.lines().enumerate() {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let found = words.find(|word| names.contains(*word) || word.contains("NBFLUX"));
            assert_eq!(found, None, "{}:{}", path.display(), number + 1);
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// The layers whose patterns, or whose alternatives' patterns, match a file's name.
fn takers(layers: &[LayerDefinition], name: &str) -> Vec<String> {
    let matches =
        |pattern: &String| GlobBuilder::new(pattern).case_insensitive(true).build().unwrap().compile_matcher().is_match(name);
    let takes = |layer: &&LayerDefinition| layer.publications().any(|publication| publication.files.iter().any(matches));
    layers.iter().filter(takes).map(|layer| layer.id.clone()).collect()
}

/// Names under which publishers give their files, and the layer that takes each.
const NAMES: [(&str, &[&str]); 70] = [
    ("communes_2026.parquet", &["communes"]),
    ("communes_2018_detailed.geojson", &["communes"]),
    ("communes-50m.geojson", &["communes"]),
    ("idf_communes.gpkg", &["communes"]),
    ("COMMUNE.shp", &["communes"]),
    ("communes.json", &["former-communes"]),
    ("v_mvt_commune_2026.csv", &["former-communes"]),
    ("epci_2025_lambert93.gpkg", &["epci"]),
    ("EPCI.shp", &["epci"]),
    ("epci.json", &[]),
    ("departements_2025_lambert93.gpkg", &["departements"]),
    ("departements.json", &[]),
    ("regions_2025_lambert93.gpkg", &["regions"]),
    ("regions.json", &[]),
    ("territoires_industrie_2024.geojson", &["industry-territories"]),
    ("cartofriches_2024.csv", &["cartofriches"]),
    ("friches_cnig_standard_2024.csv", &["brownfields"]),
    ("friches-standard.csv", &["brownfields"]),
    ("zae_nantes_metropole.geojson", &["business-zone-outlines"]),
    ("200071223_site_eco_20241001.csv", &["business-zones"]),
    ("site-eco.csv", &["business-zones"]),
    ("terrain_eco.geojson", &["business-plots"]),
    ("sites_economiques.gpkg", &["business-plots", "business-zones"]),
    ("cadastre-36174-parcelles.json", &["parcels"]),
    ("sic.shp", &["natura2000-habitats"]),
    ("sic2024.shp", &["natura2000-habitats"]),
    ("zps.shp", &["natura2000-birds"]),
    ("zps_20240301.shp", &["natura2000-birds"]),
    ("N_ZONE_REG_PPRN_20130013_S_038.shp", &["risk-plans"]),
    ("N_ZONE_ALEA_PPRN_20130013_S_038.shp", &[]),
    ("N_PERIMETRE_PPRN_20130013_S_038.shp", &[]),
    ("pprm_38ddt20180002.gpkg", &["risk-plans"]),
    ("ZONE_URBA.shp", &["zoning-plans"]),
    ("30014_ZONE_URBA_20171013.shp", &["zoning-plans"]),
    ("30014_PRESCRIPTION_SURF_20171013.shp", &[]),
    ("30014_INFO_SURF_20171013.shp", &[]),
    ("AC2_ASSIETTE_SUP_S.csv", &["protected-sites"]),
    ("AC1_ASSIETTE_SUP_S_035.shp", &["protected-sites"]),
    ("irve_stations_2022.csv", &["charging-stations"]),
    ("consolidation-etalab-schema-irve-statique-v-2.3.1-20250901.csv", &["charging-points"]),
    ("bnlc.csv", &["carpool-places"]),
    ("lignes-vitesses.geojson", &["railway-lines"]),
    ("lignes-par-statut.geojson", &["railway-lines"]),
    ("liste-des-gares.csv", &["stations"]),
    ("ite_3000.geojson", &["rail-sidings"]),
    ("TRONCON_DE_ROUTE.shp", &["roads"]),
    ("idf_routier_principal.gpkg", &["roads"]),
    ("BDT_3-4_GPKG_LAMB93_D093-ED2024-12-15.gpkg", &["motorway-junctions", "ports", "roads"]),
    ("equipement_de_transport.geojson", &["motorway-junctions", "ports"]),
    ("EQUIPEMENT_DE_TRANSPORT.shp", &["motorway-junctions", "ports"]),
    ("airports.csv", &["airports"]),
    ("airports_fr.csv", &["airports"]),
    ("postes-electriques-rte.csv", &["substations"]),
    ("entsoe_buses_fr.csv", &["substations"]),
    ("donnees-ademe-sites-pollues.geojson", &["polluted-sites"]),
    ("etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last.csv", &["establishments"]),
    ("base-cc-emploi-pop-active-2022.CSV", &["census-employment"]),
    ("meta_base-cc-emploi-pop-active-2022.CSV", &[]),
    ("base-cc-diplomes-formation-2022.CSV", &["census-diplomas"]),
    ("voitures-particulieres-immatriculees-par-commune-et-par-type-de-recharge-jeu-de-donnees.csv", &["electric-vehicles"]),
    ("Base_open_BMO_2025.csv", &["recruitments"]),
    ("fr-esr-parcoursup_2025.csv", &["training-places"]),
    ("ZE2020_au_01-01-2026.csv", &["labour-zones"]),
    ("projets-finances-2026.csv", &["funded-projects", "programme-contacts"]),
    ("fiches-actions-ti-8418.csv", &["action-sheets", "programme-contacts"]),
    ("base-flux-mobilite-domicile-lieu-travail-2021.csv", &["commuting-flows"]),
    ("mobpro_idf_od.csv", &["commuting-flows"]),
    ("mobpro_idf_mode_csp.csv", &["commuting-by-mode"]),
    ("meta_base-flux-mobilite-domicile-lieu-travail-2021.csv", &[]),
    ("liechtenstein-latest.osm.pbf", &[]),
];

#[test]
fn each_published_file_has_one_taker() {
    let layers = shipped();
    for (name, expected) in NAMES {
        assert_eq!(takers(&layers, name), expected, "{name}");
    }
}

/// Read by two layers on purpose: one file holds both classes of the standard, several themes, or what not all may see.
const SHARED_FILES: [&str; 5] = ["sites_economiques", "equipement_de_transport", "bdt_", "projets-finances", "fiches-actions"];

#[test]
fn every_layer_has_a_fixture_and_no_fixture_two_layers_by_accident() {
    let folder = repository("fixtures/data");
    if !folder.is_dir() {
        eprintln!("skipped: no fixtures here");
        return;
    }
    let layers = shipped();
    let mut without: BTreeSet<&str> = IDS.into();
    for name in all_names(&folder) {
        let found = takers(&layers, &name);
        let shared = SHARED_FILES.iter().any(|part| name.to_lowercase().contains(part));
        assert!(found.len() <= 1 || shared, "{name}: {found:?}");
        without.retain(|id| !found.iter().any(|found| found == id));
    }
    assert!(without.is_empty(), "no fixture for {without:?}");
}

/// Names of the files of a folder and of those inside its zips, as patterns see them.
fn all_names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(all_names(&path));
        } else if path.extension().is_some_and(|extension| extension == "zip") {
            let archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
            let members = archive.file_names().map(|member| member.unwrap().into_owned());
            names.extend(members.filter_map(|member| member.rsplit('/').next().map(str::to_owned)));
        } else {
            names.extend(path.file_name().map(|name| name.to_string_lossy().trim_end_matches(".gz").to_owned()));
        }
    }
    names
}
