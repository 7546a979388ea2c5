//! Areas on the real files beside PostGIS, which reads them by another road: the same polygons, the same square metres.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use emprise::atlas::Rights;
use emprise::zoning::{Rules, check};

use super::oracle::{plane, plot_of, real, star};
use crate::harness::{Dice, shared};

/// What `psql` says, or why it does not; the database is that of `EMPRISE_POSTGIS`, or the benchmark's.
fn psql(sql: &str) -> Result<String, String> {
    let database = std::env::var("EMPRISE_POSTGIS").unwrap_or_else(|_| "postgresql://postgres@127.0.0.1:5544/bench".to_owned());
    let mut child = Command::new("psql")
        .args(["-qtAX", "-v", "ON_ERROR_STOP=1", &database])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    child.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    if told.status.success() {
        Ok(String::from_utf8(told.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&told.stderr).into_owned())
    }
}

/// A file as the SQL that loads it into a table, by GDAL.
fn dump(file: &Path, table: &str) -> String {
    let mut command = Command::new("ogr2ogr");
    command.args(["-f", "PGDump", "/vsistdout/"]).arg(file);
    command.args(["-nln", table, "-nlt", "PROMOTE_TO_MULTI", "-lco", "GEOMETRY_NAME=geom"]);
    match file.extension().is_some_and(|extension| extension == "csv") {
        true => command.args(["-s_srs", "EPSG:4326", "-t_srs", "EPSG:2154", "-oo", "GEOM_POSSIBLE_NAMES=WKT"]),
        false => command.args(["-a_srs", "EPSG:2154"]),
    };
    command.args([
        "-lco",
        "SPATIAL_INDEX=NONE",
        "-lco",
        "SCHEMA=emprise_test",
        "-lco",
        "CREATE_SCHEMA=NO",
        "-lco",
        "DROP_TABLE=NO",
    ]);
    let told = command.output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8_lossy(&told.stdout).lines().filter(|line| !line.starts_with("COMMIT") && !line.starts_with("BEGIN")).fold(
        String::new(),
        |mut sql, line| {
            sql += line;
            sql.push('\n');
            sql
        },
    )
}

#[test]
fn real_plans_cover_what_postgis_says() {
    let Some((_folder, atlas)) = real() else { return };
    if let Err(why) = psql("SELECT postgis_version();") {
        eprintln!("skipped: no PostGIS to compare with: {why}");
        return;
    }
    let rules = Rules::shipped().unwrap();
    let view = atlas.view(&Rights::All);
    let rulebook = rules.resolve(view).unwrap();
    let plan = shared("data/planning/200011781_PLUi_20180101/ZONE_URBA.shp");
    let risk = shared("data/risk/38DDT20130013.zip");
    let risk = format!("/vsizip/{}/38DDT20130013/N_ZONE_REG_PPRN_20130013_S_038.shp", risk.display());
    let protected = shared("data/planning/AC2_ASSIETTE_SUP_S.csv");
    let tables = [
        ("zoning-plans", dump(&plan, "zones")),
        ("risk-plans", dump(Path::new(&risk), "zones")),
        ("protected-sites", dump(&protected, "zones")),
    ];
    let mut dice = Dice(29);
    let mut compared = 0;
    for (id, load) in tables {
        let layer = view.layer(id).unwrap();
        let mut plots = Vec::new();
        while plots.len() < 30 {
            let row = (dice.roll() * layer.len() as f64) as u32;
            let vertices = layer.footprint(row).vertices().to_vec();
            let centre = vertices[(dice.roll() * vertices.len() as f64) as usize];
            let radius = 30.0 + 300.0 * dice.roll();
            plots.push(star(&mut dice, centre, radius, 10));
        }
        let mut sql = format!("BEGIN;\nSET client_min_messages = error;\nCREATE SCHEMA emprise_test;\n{load}\n");
        for (number, plot) in plots.iter().enumerate() {
            let ring: Vec<String> = plot.exterior().0.iter().map(|c| format!("{} {}", c.x, c.y)).collect();
            let plot = format!("ST_SetSRID('POLYGON(({}))'::geometry, 2154)", ring.join(","));
            sql += &format!(
                "SELECT {number}, ST_Area(ST_Intersection(geom, {plot})) FROM emprise_test.zones WHERE ST_IsValid(geom) AND ST_Intersects(geom, {plot});\n"
            );
        }
        let told = psql(&(sql + "ROLLBACK;\n")).unwrap();
        for line in told.lines().filter(|line| line.contains('|')) {
            let (number, area) = line.split_once('|').unwrap();
            let (plot, area): (usize, f64) = (number.parse().unwrap(), area.parse().unwrap());
            let terms = plane();
            let answer = check(&plot_of(&plots[plot]), &rulebook, &terms);
            let near =
                answer.findings.iter().filter(|finding| finding.layer == id).map(|finding| (finding.overlap_m2 - area).abs());
            let nearest = near.reduce(f64::min).unwrap_or(area);
            assert!(nearest <= 1e-6 * area + 1e-4, "{id}, plot {plot}: {area} m² in PostGIS, {nearest} away here");
            compared += usize::from(area > 1.0);
        }
    }
    assert!(compared > 40, "the samples mean something: {compared}");
}
