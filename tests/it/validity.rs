//! The validity check against GEOS, on small shapes where everything touches everything, and on official data.

use std::io::Write;
use std::process::{Command, Stdio};

use emprise::geometry::validity::find_flaw;
use emprise::ingest::read;
use emprise::layer::definition::Read;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use geozero::{CoordDimensions, ToWkb};

const ORACLE: &str = "
import sys, shapely
lines = sys.stdin.read().split()
print(''.join('1' if valid else '0' for valid in shapely.is_valid(shapely.from_wkb(lines))))
";

/// What GEOS says of each, or `None` where python3 has no shapely.
pub fn ask_geos(cases: &[MultiPolygon<f64>]) -> Option<Vec<bool>> {
    let mut python = Command::new("python3")
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut lines = String::new();
    for case in cases {
        let wkb = geo_types::Geometry::MultiPolygon(case.clone()).to_wkb(CoordDimensions::xy()).unwrap();
        lines.extend(wkb.iter().map(|byte| format!("{byte:02x}")));
        lines.push('\n');
    }
    // The pipe breaks where python is there and shapely is not.
    let _ = python.stdin.take()?.write_all(lines.as_bytes());
    let output = python.wait_with_output().ok().filter(|output| output.status.success())?;
    Some(output.stdout.iter().take(cases.len()).map(|&byte| byte == b'1').collect())
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn ring(&mut self, side: u64, at: [u64; 2]) -> LineString<f64> {
        let corners = 3 + self.roll(3);
        let mut vertices: Vec<Coord<f64>> = Vec::new();
        while (vertices.len() as u64) < corners {
            let vertex = Coord { x: (at[0] + self.roll(side)) as f64, y: (at[1] + self.roll(side)) as f64 };
            if vertices.last() != Some(&vertex) {
                vertices.push(vertex);
            }
        }
        LineString(vertices)
    }

    fn polygon(&mut self) -> Polygon<f64> {
        let at = [self.roll(3), self.roll(3)];
        let holes = self.roll(3);
        // A rectangle as often as not: random shells are mostly invalid before their holes are looked at.
        let shell = if self.roll(2) == 0 {
            let [x, y] = at.map(|corner| corner as f64);
            LineString::from(vec![(x, y), (x + 6.0, y), (x + 6.0, y + 6.0), (x, y + 6.0)])
        } else {
            self.ring(7, at)
        };
        Polygon::new(shell, (0..holes).map(|_| self.ring(7, at)).collect())
    }
}

#[test]
fn small_random_shapes_are_judged_as_by_geos() {
    let mut dice = Dice(42);
    let cases: Vec<MultiPolygon<f64>> =
        (0..40_000).map(|_| MultiPolygon((0..1 + dice.roll(2)).map(|_| dice.polygon()).collect())).collect();
    let Some(truth) = ask_geos(&cases) else {
        return eprintln!("skipped: python3 with shapely is needed to ask GEOS");
    };
    let valid = truth.iter().filter(|&&valid| valid).count();
    assert!(valid > 2000 && valid < 30_000, "{valid} valid cases");
    for (case, valid) in cases.iter().zip(truth) {
        assert_eq!(find_flaw(case).is_none(), valid, "{case:?}: {:?}", find_flaw(case));
    }
}

/// The polygons of an official file, as they are published.
fn read_polygons(path: &std::path::Path, wanted: &str) -> Vec<MultiPolygon<f64>> {
    let files = read::list(&[path.to_owned()]).unwrap();
    let files = files.iter().filter(|file| file.name.to_lowercase().contains(wanted));
    let rows = files.flat_map(|file| read::open(file, &Read::default()).unwrap().rows);
    let geometries = rows.filter_map(|row| row.ok().and_then(|row| row.geometry));
    let polygons = geometries.filter_map(|geometry| match geometry {
        geo_types::Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
        geo_types::Geometry::MultiPolygon(polygons) => Some(polygons),
        _ => None,
    });
    // A ring of fewer than four points is no ring to GEOS, which refuses to look at it.
    polygons.filter(|polygons| polygons.iter().all(|polygon| polygon.exterior().0.len() > 3)).collect()
}

#[test]
fn official_polygons_are_judged_as_by_geos() {
    let Some(data) = crate::ingest::shared() else { return };
    let mut flawed = 0;
    for (path, wanted) in [
        ("territories/communes_2018_detailed.geojson.gz", ""),
        ("risk/38DDT20130013.zip", "zone"),
        ("risk/38DDT20170001.zip", "zone"),
        ("planning", ".shp"),
        ("cadastre", ""),
    ] {
        let cases = read_polygons(&data.join(path), wanted);
        assert!(!cases.is_empty(), "{path}");
        let Some(truth) = ask_geos(&cases) else {
            return eprintln!("skipped: python3 with shapely is needed to ask GEOS");
        };
        for (number, (case, valid)) in cases.iter().zip(truth).enumerate() {
            let flaw = find_flaw(case);
            assert_eq!(flaw.is_none(), valid, "{path}, polygon {number}: {flaw:?}");
            flawed += u32::from(!valid);
        }
    }
    assert!(flawed > 0, "some official polygons are invalid");
    eprintln!("{flawed} official polygons are invalid");
}
