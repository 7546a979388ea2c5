//! Net buildable ground, and the mistakes that others make.

use emprise::atlas::{Atlas, Rights};
use emprise::geometry::drawn::{Crs, Drawn};
use emprise::geometry::scale::Metric;
use emprise::layer::definition::Role;
use emprise::zoning::effect::Effect;
use emprise::zoning::rules::read::parse;
use emprise::zoning::{Check, Plot, Project, Rules, Terms, check, check_while};

use super::{Sketch, ask, lines, plot, uses, zones};

/// Checks with one rule file, in plane metres.
fn with_rules<T>(text: &str, layers: Vec<emprise::atlas::Layer>, plot: &Plot<'_>, look: impl FnOnce(&Check<'_>) -> T) -> T {
    let rules = Rules { themes: vec![parse(text, "own").unwrap()] };
    let atlas = Atlas::from_layers("drawn".into(), layers);
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    let terms = Terms { metric: Metric::Plane, ..Terms::default() };
    look(&check(plot, &rulebook, &terms))
}

fn own(rule: &str) -> String {
    format!(
        "id = \"own\"\ntitle = {{ fr = \"A\", en = \"A\" }}\nlayers = [\"ponds\"]\n[[rules]]\nid = \"keep-clear\"\n{rule}\n\
         sentence = {{ fr = \"À l'écart.\", en = \"Keep clear.\" }}\nlaw = {{ reference = \"Arrêté préfectoral\" }}\n"
    )
}

fn pond() -> emprise::atlas::Layer {
    Sketch { id: "ponds", role: Role::Constraint, precision_m: 0.0, columns: &["name"], map: ". . . p", cells: "" }.draw()
}

#[test]
fn what_is_left_to_build_on() {
    // Zone A forbids; a setback of 40 m is kept around a pond on the plot and around one beside it.
    ask(vec![zones()], &plot(0.0, 0.0, 700.0, 200.0), uses("51"), |check| {
        let net = &check.buildable;
        assert!((net.area_m2 - 100_000.0).abs() < 1e-3, "{}", net.area_m2);
        assert!((net.largest_m2 - 60_000.0).abs() < 1e-3 && net.ground.0.0.len() == 2, "on both sides of it");
        assert!((net.share - 5.0 / 7.0).abs() < 1e-9);
    });
    let forbids = own("where = \"around\"\nsetback = \"40 m\"\neffect = \"forbidden\"");
    // The pond is 300 to 400 m east; the plot ends 30 m before it: a strip of 10 m is taken, 100 m high and a bit at its corners.
    with_rules(&forbids, vec![pond()], &plot(170.0, 0.0, 100.0, 100.0), |check| {
        assert_eq!(lines(check), ["forbidden ponds/p 30 m"]);
        assert!((check.buildable.area_m2 - 9_000.0).abs() < 1.0, "{}", check.buildable.area_m2);
        assert_eq!(check.buildable.area_m2, check.buildable.at_least_m2);
    });
    with_rules(&forbids, vec![pond()], &plot(100.0, 0.0, 100.0, 100.0), |check| {
        assert_eq!((lines(check).len(), check.buildable.area_m2.round()), (0, 10_000.0), "beyond the setback nothing speaks");
    });
    with_rules(&forbids, vec![pond()], &plot(250.0, 0.0, 100.0, 100.0), |check| {
        assert!((check.buildable.area_m2 - 1_000.0).abs() < 1.0, "the pond and its strip: {}", check.buildable.area_m2);
    });
    // A milder rule forbids nothing for sure: its setback counts for the least that may be left.
    let milder = own("where = \"around\"\nsetback = \"40 m\"\neffect = \"to-be-checked\"");
    with_rules(&milder, vec![pond()], &plot(170.0, 0.0, 100.0, 100.0), |check| {
        let net = &check.buildable;
        assert!((net.area_m2 - 10_000.0).abs() < 1e-6 && (net.at_least_m2 - 9_000.0).abs() < 1.0, "{net:?}");
    });
}

#[test]
fn what_may_forbid_counts_for_the_least_that_is_left() {
    // Industry is listed in zone U, warehouses are forbidden there; which of the two is not said.
    ask(vec![zones()], &plot(0.0, 0.0, 200.0, 200.0), Project::default(), |check| {
        assert_eq!((check.buildable.area_m2.round(), check.buildable.at_least_m2.round()), (40_000.0, 0.0));
    });
}

#[test]
fn a_feature_without_a_rule_is_not_skipped() {
    // A rule that speaks of another kind alone: the park on the plot is to be checked all the same.
    let rules = own("where = \"inside\"\nwhen = \"name = 'heart of the park'\"\neffect = \"forbidden\"");
    let park = Sketch::constraint("ponds", &["name"], "p", "p: name=outer park");
    with_rules(&rules, vec![park], &plot(0.0, 0.0, 100.0, 100.0), |check| {
        assert_eq!(lines(check), ["to-be-checked ponds/p 10000 m2"]);
        assert_eq!((check.strictest, check.findings[0].rules.len()), (Effect::ToBeChecked, 0));
    });
}

#[test]
fn areas_are_the_ellipsoids_own() {
    // Between two meridians and two parallels the area is known in closed form.
    let [west, south, east, north] = [3.06_f64, 50.65, 3.064, 50.653];
    let (a, e2): (f64, f64) = (6_378_137.0, 0.006_694_380_022_903_416);
    let e = e2.sqrt();
    let half = |lat: f64| {
        let s = lat.to_radians().sin();
        s / (1.0 - e2 * s * s) + ((1.0 + e * s) / (1.0 - e * s)).ln() / (2.0 * e)
    };
    let truth = (east - west).to_radians() * a * a * (1.0 - e2) / 2.0 * (half(north) - half(south));
    let text = format!("POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))");
    let drawn = Drawn::from_wkt(&text, Crs::LonLat).unwrap();
    let plot = Plot::drawn(drawn, "plot".to_owned()).unwrap();
    let rules = Rules { themes: Vec::new() };
    let atlas = Atlas::from_layers("drawn".into(), Vec::new());
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    let terms = Terms::default();
    let found = check(&plot, &rulebook, &terms).plot.area_m2;
    assert!((found / truth - 1.0).abs() < 1e-6, "{found} {truth}");
    let sphere = (east - west).to_radians() * 6_371_008.8_f64.powi(2) * (north.to_radians().sin() - south.to_radians().sin());
    let lambert = check(&plot, &rulebook, &Terms { metric: Metric::Plane, ..Terms::default() }).plot.area_m2;
    assert!((sphere / truth - 1.0).abs() > 1e-4 && (lambert / truth - 1.0).abs() > 3e-3, "both would show: {sphere} {lambert}");
}

#[test]
fn a_check_that_nobody_waits_for_ends() {
    let atlas = Atlas::from_layers("drawn".into(), vec![zones()]);
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    let terms = Terms::default();
    assert!(check_while(&plot(0.0, 0.0, 700.0, 200.0), &rulebook, &terms, &|| false).is_none());
    assert!(check_while(&plot(0.0, 0.0, 700.0, 200.0), &rulebook, &terms, &|| true).is_some());
}
