//! Mistakes that siting tools are known for, each as a question whose right answer is plain.

use emprise::atlas::{Atlas, Layer};
use emprise::geometry::shape::Shapes;
use emprise::layer::value::Value;
use emprise::siting::spec;
use geo_types::{Geometry, Point, Rect};

use crate::harness::{Dice, drawn, entry, layer_of, with_cells};
use crate::siting::{answer, ask};

/// A field of 2 km along a road, whose junction is at its eastern end; and one of 100 m, 900 m away from the junction.
fn along_a_road() -> Vec<Layer> {
    let plots = format!("{}. j . . . . . . . . B", "A ".repeat(20));
    let junction = format!("{}. j . . . . . . . . .", ". ".repeat(20));
    vec![drawn("plots", false, "", &plots.replace('j', "."), ""), drawn("junctions", true, "", &junction, "")]
}

/// Mutafriches 1.10 read a distance in metres as kilometres.
#[test]
fn metres_are_never_taken_for_kilometres() {
    let passing = |required: &str| {
        let text = format!(
            "{{ emprise: 1, candidates: {{ layers: [plots] }}, criteria: {{ j: {{ kind: proximity, to: junctions, required: \"{required}\" }} }} }}"
        );
        let ids: Vec<String> = ask(along_a_road(), &text).sites.into_iter().map(|site| site.id).collect();
        ids.concat()
    };
    assert_eq!(passing("<= 0.2 km"), "A");
    assert_eq!(passing("<= 200 m"), "A");
    assert_eq!(passing("<= 1 km"), "AB");
    assert_eq!(passing("<= 1000 m"), "AB");
    let unitless =
        "{ emprise: 1, candidates: { layers: [plots] }, criteria: { j: { kind: proximity, to: junctions, required: '<= 5' } } }";
    let spec = spec::read::read(unitless).unwrap();
    let atlas = Atlas::from_layers("drawn".into(), along_a_road());
    let refused = emprise::siting::site(&spec, atlas.view(&emprise::atlas::Rights::public())).unwrap_err().to_string();
    assert!(refused.contains("`5` has no unit"), "{refused}");
}

/// From its centroid the long field is a kilometre from the junction at its end.
#[test]
fn a_distance_is_not_that_of_a_centroid() {
    let text = "{ emprise: 1, candidates: { layers: [plots] }, criteria: { j: { kind: proximity, to: junctions, value: { 0 m: 1, 1 km: 0 } } } }";
    let answer = ask(along_a_road(), text);
    assert_eq!(answer.sites[0].id, "A");
    let metres = answer.sites[0].findings[0].value.as_f64().unwrap();
    assert!((140.0..160.0).contains(&metres), "{metres} m from the eastern edge to the middle of the second square");
}

/// One label a plot: the zone that covers most of it is mild, and hides the strict one in its corner.
#[test]
fn a_milder_label_hides_no_stricter_one() {
    let regime = "columns.regime = { from = [\"r\"], type = \"text\" }";
    let layers = || {
        vec![
            drawn("plots", false, "", "A A A .\nA A A .", ""),
            drawn("risks", false, regime, "m m m .\nm m s .", "m: regime=conditions\ns: regime=forbidden"),
        ]
    };
    let share = |filter: &str| {
        let text = format!(
            "{{ emprise: 1, candidates: {{ layers: [plots] }}, criteria: {{ r: {{ kind: overlap, with: risks, {filter} value: {{ 0 %: 1, 100 %: 0 }} }} }} }}"
        );
        ask(layers(), &text).sites[0].findings[0].value.as_f64().unwrap()
    };
    assert!((share("") - 1.0).abs() < 1e-6 || (share("") - 100.0).abs() < 1e-4);
    let strict = share("where: \"regime = 'forbidden'\",") / share("");
    assert!((strict - 1.0 / 6.0).abs() < 1e-6, "{strict} of what is covered is forbidden");
    let text = "{ emprise: 1, candidates: { layers: [plots] }, criteria: { r: { kind: overlap, with: risks, where: \"regime = 'forbidden'\", required: '= 0 %' } } }";
    assert_eq!(ask(layers(), text).passing, 0, "however mild the rest is");
}

/// Leaving out what is unknown and dividing by what is left ranks ignorance above bad news.
#[test]
fn ignorance_never_ranks_above_bad_news() {
    let columns = "columns.soil = { from = [\"s\"], type = \"number\" }\ncolumns.price = { from = [\"p\"], type = \"number\" }";
    let plots = drawn("plots", false, columns, "A . B . C", "A: soil=1, price=5\nB: price=5\nC: soil=0, price=5");
    let text = "
emprise: 1
candidates: { layers: [plots] }
criteria:
  soil: { kind: attribute, column: soil, value: { 0: 0, 10: 1 } }
  price: { kind: attribute, column: price, value: { 0: 1, 10: 0 } }
";
    let answer = answer(&Atlas::from_layers("drawn".into(), vec![plots]), text);
    let order: String = answer.sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(
        order, "ABC",
        "A is known to be poor, of B nothing is known, C is known to be worst and ties with B by what is sure"
    );
    let b = &answer.sites[1];
    assert_eq!((b.score, b.score_interval), (0.25, [0.25, 0.75]));
    assert_eq!(b.rank_interval, [1, 3], "it may be the best, and the last beside C");
    let soil = &b.findings[0];
    assert_eq!((soil.contribution, soil.contribution_interval), (Some(0.0), Some([0.0, 0.5])));
    assert!(soil.unknown.is_some());
}

/// Services that hand out the first thousand features of a layer name the nearest among those.
#[test]
fn the_nearest_is_the_nearest_of_all() {
    let mut dice = Dice(30_000);
    let mut point = |_| [700_000.0 + 1e5 * dice.roll(), 6_600_000.0 + 1e5 * dice.roll()];
    let points: Vec<[f64; 2]> = (0..30_000).map(&mut point).collect();
    let corners: Vec<[f64; 2]> = (0..40).map(&mut point).collect();
    let named = |id: usize, geometry: Geometry<f64>| (id.to_string(), Some(geometry));
    let plots =
        corners.iter().enumerate().map(|(id, &[x, y])| named(id, Rect::new((x, y), (x + 100.0, y + 100.0)).to_polygon().into()));
    let stations = points.iter().enumerate().map(|(id, &[x, y])| named(id, Point::new(x, y).into()));
    let layers = vec![layer_of("plots", plots.collect()), layer_of("stations", stations.collect())];
    let text = "{ emprise: 1, metric: plane, candidates: { layers: [plots] }, criteria: { s: { kind: proximity, to: stations, value: { 0 m: 1, 9 km: 0 } } } }";
    for site in ask(layers, text).sites {
        let [x, y] = corners[site.id.parse::<usize>().unwrap()];
        let away = |[a, b]: [f64; 2]| (a - a.clamp(x, x + 100.0)).hypot(b - b.clamp(y, y + 100.0));
        let nearest = points.iter().map(|&point| away(point)).fold(f64::INFINITY, f64::min);
        let finding = &site.findings[0];
        assert!((finding.value.as_f64().unwrap() - nearest).abs() < 1e-6);
        let witness: usize = finding.witness.as_ref().unwrap().id.parse().unwrap();
        assert_eq!(away(points[witness]), nearest);
    }
}

/// An inventory that is there and empty answers with no candidate, not with an error, and not with everything.
#[test]
fn an_empty_layer_is_an_answer() {
    let empty = |id: &str| Layer::new(entry(id, "", 0), Default::default(), Vec::new(), Shapes::default());
    let plots = || {
        with_cells(
            "plots",
            "",
            vec![("A".into(), Some(Rect::new((7e5, 66e5), (7e5 + 1e3, 66e5 + 1e3)).to_polygon().into()))],
            |_, _, _| None::<Value>,
        )
    };
    let text = "{ emprise: 1, candidates: { layers: [plots] }, criteria: { j: { kind: proximity, to: junctions, required: '<= 5 km' } } }";
    let nothing = ask(vec![empty("plots"), empty("junctions")], text);
    assert_eq!((nothing.passing, nothing.undecided, nothing.candidates.features), (0, 0, 0));
    let unknown = ask(vec![plots(), empty("junctions")], text);
    assert_eq!((unknown.passing, unknown.undecided), (0, 1), "no data is not no junction");
}
