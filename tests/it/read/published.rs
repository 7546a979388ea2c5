//! The published files of `../shared/data`: counts as their README states them, accents as their publishers meant them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use emprise::ingest::read::{Cell, SourceCrs, SourceFile, list, open};
use emprise::layer::definition::{GeometryColumns, Read};
use geo::Area;
use geo_types::Geometry;

use super::Whole;

fn data() -> Option<PathBuf> {
    let folder = crate::harness::shared("data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

fn read_for(name: &str) -> Read {
    let xy = |x: &str, y: &str| Some(GeometryColumns::Xy { x: vec![x.to_owned()], y: vec![y.to_owned()] });
    let wkt = |column: &str| Some(GeometryColumns::Wkt { column: vec![column.to_owned()] });
    let geometry = match name {
        "airports_fr.csv" => xy("lon", "lat"),
        "cartofriches_2024.csv" => xy("lon", "lat"),
        "friches_cnig_standard_2024.csv" => wkt("geompoint"),
        "bnlc.csv" => xy("Xlong", "Ylat"),
        "irve_stations_2022.csv" => xy("Xlongitude", "Ylatitude"),
        "entsoe_buses_fr.csv" => xy("x", "y"),
        "liste-des-gares.csv" => xy("x_wgs84", "y_wgs84"),
        "AC2_ASSIETTE_SUP_S.csv" => wkt("WKT"),
        _ => None,
    };
    let table = (name == "pprm_38ddt20180002.gpkg").then(|| "*_ZoneReglementaire*".to_owned());
    Read { geometry, table, nulls: vec!["NA".to_owned()], ..Read::default() }
}

/// By name: no two of these files share one.
fn read_all(folder: &Path) -> HashMap<String, Whole> {
    let files = list(&[folder.to_owned()]).unwrap();
    let readable = files.iter().filter(|file| file.format.is_some() && file.name != "README.md");
    let whole = |file: &SourceFile| match open(file, &read_for(&file.name)) {
        Ok(table) => (file.name.clone(), Whole::of(table)),
        Err(error) => panic!("{error}"),
    };
    readable.map(whole).collect()
}

/// Name, rows, rows with a geometry, columns: the README's numbers, the rest counted by GDAL 3.6 and Python.
const COUNTS: [(&str, usize, usize, usize); 38] = [
    ("30014_INFO_PCT_20171013.shp", 6, 6, 8),
    ("30014_INFO_SURF_20171013.shp", 18, 18, 8),
    ("30014_PRESCRIPTION_LIN_20171013.shp", 15, 15, 8),
    ("30014_PRESCRIPTION_PCT_20171013.shp", 93, 93, 8),
    ("30014_PRESCRIPTION_SURF_20171013.shp", 77, 77, 8),
    ("30014_ZONE_URBA_20171013.shp", 90, 90, 7),
    ("AC2_ASSIETTE_SUP_S.csv", 6, 6, 9),
    ("N_MULTIALEA_PPRN_20170001_038.dbf", 220, 0, 5),
    ("N_PERIMETRE_PPRN_20130013_S_038.shp", 1, 1, 7),
    ("N_PERIMETRE_PPRN_20170001_S_038.shp", 1, 1, 7),
    ("N_ZONE_ALEA_PPRN_20130013_S_038.shp", 564, 564, 16),
    ("N_ZONE_ALEA_PPRN_20170001_S_038.shp", 592, 592, 16),
    ("N_ZONE_REG_PPRN_20130013_S_038.shp", 437, 437, 11),
    ("N_ZONE_REG_PPRN_20170001_S_038.shp", 670, 670, 11),
    ("ZONE_URBA.shp", 222, 222, 9),
    ("airports_fr.csv", 462, 462, 11),
    ("bnlc.csv", 2473, 2473, 19),
    ("cadastre-36174-parcelles.json", 4163, 4163, 9),
    ("cartofriches_2024.csv", 23878, 23878, 78),
    ("communes.json", 37590, 0, 15),
    ("communes_2018_detailed.geojson", 35357, 35357, 2),
    ("communes_2026.parquet", 34875, 34867, 6),
    ("departements.json", 109, 0, 6),
    ("departements_2025_lambert93.gpkg", 101, 101, 3),
    ("donnees-ademe-sites-pollues.geojson", 419, 390, 21),
    ("entsoe_buses_fr.csv", 774, 774, 9),
    ("epci.json", 1255, 0, 7),
    ("epci_2025_lambert93.gpkg", 1255, 1255, 3),
    ("friches_cnig_standard_2024.csv", 2594, 2594, 50),
    ("idf_communes.gpkg", 1297, 1297, 5),
    ("idf_routier_principal.gpkg", 619, 619, 8),
    ("irve_stations_2022.csv", 10469, 10469, 34),
    ("lignes-vitesses.geojson", 2469, 2469, 7),
    ("liste-des-gares.csv", 3819, 3819, 18),
    ("mobpro_idf_mode_csp.csv", 383932, 0, 7),
    ("mobpro_idf_od.csv", 126125, 0, 5),
    ("pprm_38ddt20180002.gpkg", 380, 380, 7),
    ("territoires_industrie_2024.geojson", 183, 183, 3),
];

#[test]
fn every_published_file_is_read_whole() {
    let Some(folder) = data() else { return };
    let tables = read_all(&folder);
    for (name, rows, placed, columns) in COUNTS {
        let table = &tables[name];
        assert!(table.ended.is_none() && table.rejected.is_empty(), "{name}: {:?} {:?}", table.ended, table.rejected.first());
        assert_eq!((table.rows.len(), table.placed(), table.columns.len()), (rows, placed, columns), "{name}");
        assert!(table.total.is_none_or(|total| total == rows as u64), "{name}");
    }
    accents(&tables);
    systems(&tables);
    oddities(&tables);
}

/// Windows-1252 by `.cpg`, UTF-8 by `.cpg`, UTF-8 by nature, in text and in binary formats.
fn accents(tables: &HashMap<String, Whole>) {
    let is = |file: &str, row: usize, column: &str, text: &str| assert_eq!(tables[file].text(row, column), text, "{file}");
    is("30014_INFO_PCT_20171013.shp", 0, "LIBELLE", "Site archéologique");
    is("30014_PRESCRIPTION_SURF_20171013.shp", 0, "LIBELLE", "Secteur de taille et de capacité d'accueil limitées");
    is("30014_ZONE_URBA_20171013.shp", 0, "LIBELONG", "Zone urbaine soumise à des prescriptions architecturales particulières");
    is("N_ZONE_REG_PPRN_20170001_S_038.shp", 7, "nom", "prescription - crues rapides des rivières");
    is("donnees-ademe-sites-pollues.geojson", 7, "Surface_site_m2", "non renseigné");
    is("communes_2026.parquet", 0, "nom", "Abergement-Clémenciat");
    is("communes_2026.parquet", 0, "epci_nom", "Communauté de communes de la Dombes");
    is("bnlc.csv", 0, "nom_lieu", "Arrêt covoit'ici Ambérieu en Bugey");
    is("communes.json", 0, "nom", "L'Abergement-Clémenciat");
    let mut encodings: Vec<&str> = tables.values().map(|table| table.encoding).collect();
    encodings.sort_unstable();
    encodings.dedup();
    assert_eq!(encodings, ["UTF-8", "windows-1252"]);
}

fn systems(tables: &HashMap<String, Whole>) {
    assert_eq!(tables["epci_2025_lambert93.gpkg"].crs, SourceCrs::Epsg(2154));
    assert_eq!(tables["communes_2026.parquet"].crs, SourceCrs::Epsg(4326));
    assert_eq!(tables["territoires_industrie_2024.geojson"].crs, SourceCrs::Epsg(4326));
    assert_eq!(tables["lignes-vitesses.geojson"].crs, SourceCrs::Unstated);
    assert!(matches!(&tables["ZONE_URBA.shp"].crs, SourceCrs::Wkt(text) if text.starts_with("PROJCS[\"RGF93_Lambert_93\"")));
}

/// The faults that the README knows, still there after reading.
fn oddities(tables: &HashMap<String, Whole>) {
    let rail = &tables["lignes-vitesses.geojson"];
    let lines_of = |points: usize| {
        let fits = |geometry: &&Geometry<f64>| matches!(geometry, Geometry::LineString(line) if line.0.len() == points);
        rail.rows.iter().filter_map(|row| row.geometry.as_ref()).filter(fits).count()
    };
    assert_eq!((lines_of(0), lines_of(1)), (14, 1), "the fifteen that are no lines");
    let communes = &tables["communes_2026.parquet"];
    let nulls = |column: &str| (0..communes.rows.len()).filter(|&row| *communes.cell(row, column) == Cell::Null).count();
    assert_eq!((nulls("population_municipale"), nulls("epci_siren")), (18, 4));
    assert!(tables["30014_ZONE_URBA_20171013.shp"].rows.iter().all(|row| row.notes.z_dropped));
    assert!(!tables["ZONE_URBA.shp"].rows.iter().any(|row| row.notes.z_dropped));
    assert_eq!(tables["30014_INFO_PCT_20171013.shp"].cell(0, "TYPEINF"), &Cell::Integer(16), "N(n,0) is an integer");
    assert_eq!(tables["zae_nantes_metropole.geojson"].columns.len(), 0, "geometry only");
    let freight = &tables["liste-des-gares.csv"];
    assert_eq!((0..freight.rows.len()).filter(|&row| freight.text(row, "fret") == "O").count(), 1569);
}

/// Holes in the right rings: the sums of areas, in square metres of the plane, that GDAL 3.6 and GEOS find.
#[test]
fn areas_are_those_of_gdal() {
    let Some(folder) = data() else { return };
    let tables = read_all(&folder);
    let sums = [
        ("ZONE_URBA.shp", 117_261_517.471817),
        ("30014_ZONE_URBA_20171013.shp", 13_692_405.184807),
        ("30014_PRESCRIPTION_SURF_20171013.shp", 2_308_182.779764),
        ("N_ZONE_REG_PPRN_20170001_S_038.shp", 31_592_907.233501),
        ("N_ZONE_REG_PPRN_20130013_S_038.shp", 6_716_697.097889),
        ("regions_2025_lambert93.gpkg", 594_965_089_373.26),
        ("epci_2025_lambert93.gpkg", 594_926_363_455.83),
        ("territoires_industrie_2024.geojson", 37.766705),
    ];
    for (name, expected) in sums {
        let sum: f64 = tables[name].rows.iter().flat_map(|row| &row.geometry).map(Area::unsigned_area).sum();
        assert!((sum / expected - 1.0).abs() < 1e-8, "{name}: {sum} for {expected}");
    }
}
