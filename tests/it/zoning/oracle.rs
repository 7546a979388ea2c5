//! Areas and distances against plain computation over every feature, on random plots; and on the real files where they are.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::drawn::{Crs, Drawn};
use emprise::geometry::scale::Metric;
use emprise::ingest::{Request, run};
use emprise::layer::definition::Role;
use emprise::layer::shipped::shipped;
use emprise::snapshot;
use emprise::zoning::answer::Relation;
use emprise::zoning::{Check, Plot, Rules, Terms, check};
use geo::{Area, BooleanOps, Distance, Euclidean, Intersects, Translate};
use geo_types::{Geometry, LineString, MultiPolygon, Polygon};

use crate::harness::{Dice, layer_of};

/// A star of so many corners: its boundary never crosses itself.
pub(super) fn star(dice: &mut Dice, [x, y]: [f64; 2], radius: f64, corners: usize) -> Polygon<f64> {
    let corner = |step: usize, reach: f64| {
        let angle = std::f64::consts::TAU * step as f64 / corners as f64;
        (x + reach * angle.cos(), y + reach * angle.sin())
    };
    let ring: Vec<(f64, f64)> = (0..corners).map(|step| corner(step, radius * (0.4 + 0.6 * dice.roll()))).collect();
    Polygon::new(LineString::from(ring), Vec::new())
}

pub(super) fn plot_of(polygon: &Polygon<f64>) -> Plot<'static> {
    let drawn = Drawn::from_geometry(polygon.clone().into(), Crs::named("EPSG:2154").unwrap()).unwrap();
    Plot::drawn(drawn, "plot".to_owned()).unwrap()
}

pub(super) fn plane() -> Terms {
    Terms { metric: Metric::Plane, ..Terms::default() }
}

fn local(polygons: &MultiPolygon<f64>, at: [f64; 2]) -> MultiPolygon<f64> {
    polygons.translate(-at[0], -at[1])
}

#[test]
fn random_plots_among_random_constraints() {
    let mut dice = Dice(23);
    let features: Vec<Polygon<f64>> = (0..120)
        .map(|_| {
            let corners = if dice.roll() < 0.8 { 9 } else { 400 };
            let centre = [700_000.0 + 6_000.0 * dice.roll(), 6_600_000.0 + 6_000.0 * dice.roll()];
            let radius = 50.0 + 700.0 * dice.roll();
            star(&mut dice, centre, radius, corners)
        })
        .collect();
    let named = features.iter().enumerate().map(|(number, polygon)| (number.to_string(), Some(polygon.clone().into())));
    let layer: Layer = layer_of("natura2000-habitats", named.collect());
    let atlas = Atlas::from_layers("drawn".into(), vec![layer]);
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    let (mut inside, mut near) = (0, 0);
    for _ in 0..150 {
        let centre = [700_000.0 + 6_000.0 * dice.roll(), 6_600_000.0 + 6_000.0 * dice.roll()];
        let radius = 30.0 + 300.0 * dice.roll();
        let polygon = star(&mut dice, centre, radius, 12);
        let terms = plane();
        let answer = check(&plot_of(&polygon), &rulebook, &terms);
        let mine = local(&MultiPolygon(vec![polygon.clone()]), centre);
        let mut covered = MultiPolygon(Vec::new());
        for (number, feature) in features.iter().enumerate() {
            let finding = answer.findings.iter().find(|finding| finding.id == number.to_string());
            let theirs = local(&MultiPolygon(vec![feature.clone()]), centre);
            if mine.intersects(&theirs) {
                let common = mine.intersection(&theirs);
                let finding = finding.unwrap();
                assert_eq!(finding.relation, Relation::Inside);
                assert!((finding.overlap_m2 - common.unsigned_area()).abs() < 1e-3, "{}", finding.overlap_m2);
                assert!((finding.overlap.0.unsigned_area() - finding.overlap_m2).abs() < 1e-3, "the polygon is that area");
                covered = covered.union(&common);
                inside += 1;
            } else {
                let distance = Euclidean.distance(&mine, &theirs);
                // The sources are precise to a metre: within it, the limit itself is borderline.
                let borderline = (distance - 2_000.0).abs() < 1.0;
                assert!(borderline || finding.is_some() == (distance <= 2_000.0), "{distance}");
                assert!(finding.is_none_or(|finding| finding.borderline == (borderline || distance < 1.0)), "{distance}");
                assert!(finding.is_none_or(|finding| (finding.distance_m - distance).abs() < 1e-6));
                near += 1;
            }
        }
        let theme = answer.themes.iter().find(|theme| theme.theme == "natura2000").unwrap();
        assert!((theme.covered_m2 - covered.unsigned_area()).abs() < 1e-2, "{} {}", theme.covered_m2, covered.unsigned_area());
    }
    assert!(inside > 200 && near > 1_000, "the samples mean something: {inside} {near}");
}

fn shared(path: &str) -> PathBuf {
    crate::harness::shared("data").join(path)
}

/// The real zoning plans, risk plans and protected sites; `None`, said aloud, where they are not on this machine.
pub(super) fn real() -> Option<(tempfile::TempDir, Atlas)> {
    let sources = [shared("planning"), shared("risk")];
    if let Some(absent) = sources.iter().find(|path| !path.exists()) {
        eprintln!("skipped: {} is not there", absent.display());
        return None;
    }
    let data = tempfile::tempdir().unwrap();
    let constraints: Vec<_> = shipped().unwrap().into_iter().filter(|layer| layer.role == Role::Constraint).collect();
    let request = Request { data: data.path(), sources: &sources, layers: &constraints, stop: &AtomicBool::new(false) };
    run(&request, &mut |_| {}).unwrap();
    let atlas = Atlas::open(&snapshot::open(data.path()).unwrap()).unwrap();
    Some((data, atlas))
}

/// Every feature of the layer against the plot, by a whole overlay.
fn assert_areas(answer: &Check<'_>, plot: &Polygon<f64>, layer: &Layer, centre: [f64; 2]) -> usize {
    let mine = local(&MultiPolygon(vec![plot.clone()]), centre);
    let mut met = 0;
    layer.rows_in(plot_of(plot).footprint().bounds(), |row| {
        let Some(Geometry::MultiPolygon(theirs)) = layer.shape(row).to_geo() else { return };
        let area = mine.intersection(&local(&theirs, centre)).unsigned_area();
        let finding =
            answer.findings.iter().find(|finding| finding.layer == layer.definition().id && finding.id == layer.id(row));
        let found = finding.map_or(0.0, |finding| finding.overlap_m2);
        assert!(
            (found - area).abs() <= 1e-6 * area + 1e-3,
            "{}/{}: {found} instead of {area}",
            layer.definition().id,
            layer.id(row)
        );
        met += usize::from(area > 1.0);
    });
    met
}

/// Whether the layer's features cover the plot, and none of them another there.
fn is_partition(plot: &Polygon<f64>, layer: &Layer, centre: [f64; 2]) -> bool {
    let mine = local(&MultiPolygon(vec![plot.clone()]), centre);
    let (mut sum, mut union) = (0.0, MultiPolygon(Vec::new()));
    layer.rows_in(plot_of(plot).footprint().bounds(), |row| {
        let Some(Geometry::MultiPolygon(theirs)) = layer.shape(row).to_geo() else { return };
        let part = mine.intersection(&local(&theirs, centre));
        sum += part.unsigned_area();
        union = union.union(&part);
    });
    let area = mine.unsigned_area();
    (sum - area).abs() <= 5e-7 * area && (union.unsigned_area() - area).abs() <= 5e-7 * area
}

#[test]
fn real_zoning_plans_risk_plans_and_protected_sites() {
    let Some((_folder, atlas)) = real() else { return };
    let view = atlas.view(&Rights::All);
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(view).unwrap();
    let mut dice = Dice(5);
    let (mut met, mut tried, mut partitioned) = (0, 0, 0);
    for id in ["zoning-plans", "risk-plans", "protected-sites"] {
        let layer = view.layer(id).unwrap();
        for _ in 0..40 {
            // Around a corner of some feature, where boundaries are.
            let row = (dice.roll() * layer.len() as f64) as u32;
            let vertices = layer.footprint(row).vertices().to_vec();
            let centre = vertices[(dice.roll() * vertices.len() as f64) as usize];
            let radius = 20.0 + 400.0 * dice.roll();
            let polygon = star(&mut dice, centre, radius, 10);
            let terms = plane();
            let answer = check(&plot_of(&polygon), &rulebook, &terms);
            met += assert_areas(&answer, &polygon, layer, centre);
            tried += 1;
            let theme = answer.themes.iter().find(|theme| theme.theme == id).unwrap();
            let (covered, area) = (theme.covered_m2, answer.plot.area_m2);
            assert!(covered <= area * (1.0 + 1e-9) + 1e-3, "{covered}");
            // Zones are to be a partition, and where the file's own are one, their parts of the plot add up to it.
            if id == "zoning-plans" && is_partition(&polygon, layer, centre) {
                let parts = answer.findings.iter().filter(|finding| finding.layer == id).map(|finding| finding.overlap_m2);
                let parts: f64 = parts.sum();
                assert!((parts - area).abs() <= 1e-6 * area, "{parts} m² in the zones of a plot of {area} m²");
                assert!((covered - area).abs() <= 1e-6 * area, "{covered} m² covered of {area} m²");
                partitioned += 1;
            }
        }
    }
    assert!(partitioned > 20, "plots inside the plan: {partitioned}");
    assert!(met > 2 * tried, "the samples mean something: {met} of {tried}");
}
