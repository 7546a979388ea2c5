//! The shape of plots: what fits in them, what is left to build on, and plots put together; by eye on drawn territories, and
//! against GEOS.

use std::io::Write;
use std::process::{Command, Stdio};

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::buildable::{Constraint, buildable};
use emprise::geometry::footprint::{EdgeTrees, Footprint};
use emprise::geometry::inscribed::inscribed_circle;
use emprise::geometry::rectangle::largest_rectangle;
use emprise::geometry::scale::Metric;
use emprise::geometry::shape::Shapes;
use emprise::siting::answer::Answer;
use emprise::siting::assembly::{Assembly, Owners, assemble};
use emprise::siting::land::Land;
use emprise::siting::memo::Memo;
use emprise::siting::rule::Outcome;
use emprise::siting::why::{Subject, why};
use emprise::siting::work::Work;
use emprise::siting::{SitingError, site, spec, study};
use geo_types::{Geometry, Polygon};
use geozero::{CoordDimensions, ToWkb};

use crate::harness::{Dice, drawn, layer_of};
use crate::siting::{ask, find};

/// A of 200 m by 200 m, L of three hectares around a corner, R of 100 m by 400 m; a road beside R, a wood over a part of A.
fn ground() -> Vec<Layer> {
    let plots = "
        A A . L . . R R R R
        A A . L L . . . . .
    ";
    let wood = "
        . w . . . . . . . .
        . . . . . . . . . .
        . . . . . . . . . .
    ";
    vec![
        drawn("plots", false, "", plots, ""),
        drawn("woods", false, "", wood, ""),
        drawn("masts", true, "", ". . . . . . . . . m", ""),
        layer_of("nowhere", Vec::new()),
    ]
}

#[test]
fn shapes_by_eye() {
    let text = r#"
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        criteria:
          round: { kind: inscribed-circle, required: ">= 99 m" }
          wide: { kind: width, required: ">= 90 m", value: { 0 m: 0, 200 m: 1 } }
          hall: { kind: rectangle, proportion: 2, required: ">= 50 m" }
          block: { kind: rectangle, proportion: 1, required: ">= 50 m" }
          compact: { kind: compactness, required: ">= 0.1" }
    "#;
    let answer = ask(ground(), text);
    let value = |site: &str, criterion: &str| find(&answer, site, criterion).value.as_f64().unwrap();
    let near = |site: &str, criterion: &str, expected: f64, share: f64| {
        let found = value(site, criterion);
        assert!(found <= expected + 1e-6 && found >= expected * (1.0 - share), "{site} {criterion}: {found} {expected}");
    };
    near("A", "round", 200.0, 1e-3);
    near("R", "round", 100.0, 1e-3);
    // In the corner of L the circle touches both outer sides and the inner corner.
    near("L", "round", 2.0 * 100.0 * 2.0_f64.sqrt() / (1.0 + 2.0_f64.sqrt()), 1e-3);
    near("A", "wide", 200.0, 1e-9);
    near("R", "wide", 100.0, 1e-9);
    // The hull of L lacks a triangle: across it 212 m, along its walls 200 m.
    near("L", "wide", 200.0, 1e-9);
    near("A", "hall", 100.0, 5e-3);
    near("R", "hall", 100.0, 5e-3);
    near("L", "hall", 100.0, 5e-3);
    near("A", "block", 200.0, 5e-3);
    near("R", "block", 100.0, 5e-3);
    near("A", "compact", std::f64::consts::PI / 4.0, 1e-9);
    near("R", "compact", 4.0 * std::f64::consts::PI * 40_000.0 / 1e6, 1e-9);
    assert_eq!(find(&answer, "A", "round").unit, Some("m"));
    assert!(find(&answer, "R", "round").borderline, "borders a metre off make it 98 m wide");
}

#[test]
fn what_is_left_to_build_on_by_eye() {
    let text = r#"
        emprise: 1
        metric: plane
        candidates: { layers: [plots] }
        buildable: { minus: [ { layers: woods, setback: 20 m }, { layers: masts, setback: 30 m } ], edge: 10 m }
        criteria:
          all: { kind: area, of: buildable-total, required: ">= 0 m2" }
          piece: { kind: area, of: buildable, required: ">= 0 m2" }
          gross: { kind: area, required: ">= 0 m2" }
          hall: { kind: rectangle, proportion: 2, of: buildable, required: ">= 0 m" }
          round: { kind: inscribed-circle, of: buildable, required: ">= 0 m" }
          wide: { kind: width, of: buildable, required: ">= 0 m" }
          compact: { kind: compactness, of: buildable, required: ">= 0" }
    "#;
    let answer = ask(ground(), text);
    let near = |site: &str, criterion: &str, expected: f64, slack: f64| {
        let found = find(&answer, site, criterion).value.as_f64().unwrap();
        assert!((found - expected).abs() <= slack, "{site} {criterion}: {found} {expected}");
    };
    // Of A the wood takes its north-eastern quarter and 20 m around; 10 m along the edge are left free: an L of 70 and 80 m.
    let quarter = std::f64::consts::PI * 400.0 / 4.0;
    near("A", "piece", 180.0 * 180.0 - 110.0 * 110.0 + (400.0 - quarter), 1.0);
    near("A", "gross", 40_000.0, 1e-6);
    near("A", "hall", 70.0, 70.0 * 0.03);
    // Of R the mast takes a disc around the middle of its last hectare, as wide as 60 m of 80: one piece, narrowed.
    let disc = std::f64::consts::PI * 900.0;
    near("R", "piece", 380.0 * 80.0 - disc, 2.0);
    near("R", "round", 80.0, 0.1);
    near("R", "wide", 80.0, 1e-6);
    near("R", "hall", 80.0, 0.4);
    for site in ["A", "L", "R"] {
        assert_eq!(find(&answer, site, "all").value, find(&answer, site, "piece").value, "{site} is left in one");
    }

    // A mast with more room around it cuts R in two: the larger piece is the site's.
    let wider = ask(ground(), &text.replace("setback: 30 m", "setback: 50 m"));
    let area = |criterion: &str| find(&wider, "R", criterion).value.as_f64().unwrap();
    assert!(area("piece") < area("all") - 50.0 && area("piece") > 290.0 * 80.0, "{} {}", area("piece"), area("all"));
}

#[test]
fn a_constraint_of_which_nothing_is_known_leaves_the_ground_unknown() {
    let text = r#"
        emprise: 1
        candidates: { layers: [plots] }
        buildable: { minus: [ { layers: [woods, nowhere] } ] }
        criteria:
          piece: { kind: area, of: buildable, required: ">= 1 ha" }
          round: { kind: inscribed-circle, of: buildable, required: ">= 10 m" }
          gross: { kind: area, required: ">= 1 ha" }
    "#;
    let answer = ask(ground(), text);
    assert_eq!((answer.passing, answer.undecided), (0, 3));
    assert!(find(&answer, "A", "piece").unknown.is_some() && find(&answer, "A", "round").unknown.is_some());
    assert!(find(&answer, "A", "gross").unknown.is_none());
}

#[test]
fn what_is_ill_asked_is_said() {
    let atlas = Atlas::from_layers("drawn".into(), ground());
    let says = |block: &str, criterion: &str| {
        let text = format!("emprise: 1\ncandidates: {{ layers: [plots] }}\n{block}\ncriteria: {{ c: {{ {criterion} }} }}");
        match spec::read::read(&text) {
            Ok(spec) => site(&spec, atlas.view(&Rights::public())).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    };
    let round = "kind: inscribed-circle, of: buildable, required: '>= 10 m'";
    assert!(says("", round).contains("does not say what is buildable"));
    assert!(says("buildable: { edge: '5' }", round).contains("buildable, edge: `5` has no unit"));
    assert!(says("buildable: { edge: 50 km }", round).contains("lies outside 0 to 10 km"));
    assert!(says("buildable: { minus: [ { layers: wood } ] }", round).contains("did you mean `woods`"));
    assert!(says("buildable: { less: [] }", round).contains("unknown key `less`"));
    assert!(says("", "kind: rectangle, proportion: 0.5, required: '>= 10 m'").contains("length to width"));
    assert!(says("", "kind: rectangle, required: '>= 10 m'").contains("proportion"));
    assert!(says("", "kind: inscribed-circle, required: '>= 10 ha'").contains("is not a length"));
}

#[test]
fn grounds_differ_by_what_they_leave_out() {
    let of = |setback: &str| {
        let text = format!(
            "{{ emprise: 1, metric: plane, candidates: {{ layers: [plots] }}, buildable: {{ minus: [ {{ layers: woods, setback: {setback} }} ] }},
               criteria: {{ a: {{ kind: area, of: buildable, required: '>= 1 m2' }} }} }}"
        );
        let spec = spec::read::read(&text).unwrap();
        (spec.hash(), find(&ask(ground(), &text), "A", "a").value.as_f64().unwrap())
    };
    let (a, b) = (of("0 m"), of("10 m"));
    assert_ne!(a.0, b.0);
    assert!((a.1 - 30_000.0).abs() < 0.1 && b.1 < 28_100.0, "{a:?} {b:?}");
}

/// `A+B C`: the assembled sites.
fn assembled(map: &str, cells: &str, assembly: &Assembly<'_>) -> String {
    let columns = "columns.owner = { from = [\"o\"], type = \"text\" }";
    let layer = drawn("plots", false, columns, map, cells);
    let owners = assembly.owners.map(|owners| Owners { values: layer.values("owner"), ..owners });
    let rows = layer.rows().filter(|&row| layer.id(row) != "X").collect();
    let sites = assemble(&layer, "sites".into(), rows, &Assembly { owners, ..*assembly }, &Work::default()).unwrap();
    for row in sites.rows() {
        assert_eq!(sites.value("members", row).to_string().replace(' ', "+"), sites.id(row));
        assert_eq!(sites.value("plots", row).to_string(), (sites.id(row).matches('+').count() + 1).to_string());
        let area = Metric::Plane.area_m2(&sites.shape(row));
        assert!(area >= assembly.area_m2 - 1e-3, "{area}");
    }
    sites.rows().map(|row| sites.id(row).to_owned()).collect::<Vec<_>>().join(" ")
}

const WISH: Assembly<'_> = Assembly { area_m2: 30_000.0, gap_m: 5.0, plots: 12, owners: None, metric: Metric::Plane };

#[test]
fn contiguous_plots_join_until_the_area_is_there() {
    // A row of hectares: each end leads to the three at that end, the middle to one of them.
    assert_eq!(assembled("A B C D", "", &WISH), "A+B+C B+C+D");
    assert_eq!(assembled("A . B . C", "", &WISH), "", "100 m between them");
    assert_eq!(assembled("A B . C D", "", &WISH), "");
    assert_eq!(assembled("A A A . B", "", &WISH), "A", "one that is large enough alone");
    assert_eq!(assembled("A B X C D", "", &WISH), "", "what may not be used is no bridge");
    // C shares 200 m with A, B 100 m.
    assert_eq!(assembled("B A A .\n. C C .", "", &Assembly { area_m2: 35_000.0, ..WISH }), "A+C");
    assert_eq!(assembled("A B C D", "", &Assembly { plots: 2, ..WISH }), "");
    // From A through B to C, after which A is not needed.
    assert_eq!(assembled("A B C C C", "", &WISH), "C", "what one plot has alone is a site of one");
    assert_eq!(assembled("A B C C", "", &WISH), "B+C");
}

#[test]
fn owners_are_counted_and_an_unknown_one_counts() {
    let owned = |most: usize, cells: &str| {
        // The layer's own column is put in by `assembled`.
        assembled("A B C D", cells, &Assembly { owners: Some(Owners { values: None, most }), ..WISH })
    };
    let cells = "A: owner=x\nB: owner=x\nC: owner=y\nD: owner=z";
    assert_eq!(owned(3, cells), "A+B+C B+C+D");
    assert_eq!(owned(2, cells), "A+B+C");
    assert_eq!(owned(1, cells), "");
    assert_eq!(owned(1, "A: owner=x\nB: owner=x\nC: owner=x"), "A+B+C", "of D nobody knows the owner");
    assert_eq!(owned(2, "A: owner=x\nD: owner=x"), "", "B and C are two owners, and a third");
}

/// What GEOS answers a line of Python for each line of hexadecimal well-known binaries; `None` where python3 has no shapely.
fn ask_shapely(expression: &str, lines: &[Vec<Geometry<f64>>]) -> Option<Vec<f64>> {
    let program = format!(
        "import sys, shapely\nfor line in sys.stdin:\n    g = [shapely.from_wkb(x) for x in line.split()]\n    print(float({expression}))"
    );
    let mut python = Command::new("python3").args(["-c", &program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let hex = |geometry: &Geometry<f64>| -> String {
        geometry.to_wkb(CoordDimensions::xy()).unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let text: String = lines.iter().map(|line| line.iter().map(hex).collect::<Vec<_>>().join(" ") + "\n").collect();
    let _ = python.stdin.take()?.write_all(text.as_bytes());
    let output = python.wait_with_output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.lines().map(|line| line.parse().unwrap()).collect())
}

/// A star with a hole now and then, around the origin moved by `off`.
fn star(dice: &mut Dice, off: [f64; 2], radius: f64, corners: usize) -> Polygon<f64> {
    let ring = |dice: &mut Dice, radius: f64, corners: usize| {
        let turn = std::f64::consts::TAU / corners as f64;
        let corner = |i: usize| {
            let reach = radius * (0.5 + 0.5 * dice.roll());
            (off[0] + reach * (turn * i as f64).cos(), off[1] + reach * (turn * i as f64).sin())
        };
        let mut corners: Vec<(f64, f64)> = (0..corners).map(corner).collect();
        corners.push(corners[0]);
        geo_types::LineString::from(corners)
    };
    let outer = ring(dice, radius, corners);
    let holes = if dice.roll() < 0.3 { vec![ring(dice, 0.3 * radius, 6)] } else { vec![] };
    Polygon::new(outer, holes)
}

#[test]
fn geos_finds_the_same_net_area_and_that_rectangles_and_circles_lie_inside() {
    let mut dice = Dice(43);
    let (mut nets, mut net_areas, mut halls, mut rounds) = (vec![], vec![], vec![], vec![]);
    for place in 0..80 {
        let origin = [700_000.0, 6_600_000.0];
        let plot: Geometry<f64> = star(&mut dice, origin, 150.0, 4 + place % 20).into();
        let aside = 250.0 * (dice.roll() - 0.5);
        let wood = star(&mut dice, [origin[0] + aside, origin[1] + 100.0], 100.0, 60);
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&plot));
        shapes.push_geometry(Some(&wood.clone().into()));
        let trees = EdgeTrees::of(&shapes);
        let [own, other] = [0, 1].map(|row| Footprint::new(shapes.get(row), trees.get(row)));
        let left = buildable(&own, &[Constraint { footprint: other, setback_m: 20.0 }], 4.0, Metric::Plane);
        net_areas.push((left.area_m2, left.ground.0.len()));
        nets.push(vec![plot.clone(), wood.into()]);
        let hall = largest_rectangle(&own, 2.0, Metric::Plane).unwrap();
        let hall = Polygon::new(hall.corners.map(|[x, y]| (x, y)).to_vec().into(), vec![]);
        halls.push(vec![plot.clone(), hall.into()]);
        let round = inscribed_circle(&own, Metric::Plane).unwrap();
        rounds.push((round.radius_m, vec![plot, geo_types::Point::from(round.centre).into()]));
    }
    let Some(covers) = ask_shapely("g[0].covers(g[1])", &halls) else {
        return eprintln!("skipped: python3 with shapely is needed to ask GEOS");
    };
    assert!(covers.iter().all(|&covered| covered == 1.0));
    let net = "g[0].buffer(-4, quad_segs=2000).difference(g[1].buffer(20, quad_segs=2000)).area";
    for ((found, _), expected) in net_areas.into_iter().zip(ask_shapely(net, &nets).unwrap()) {
        // Ours gives way at corners by up to 1 cm, along the arcs of a few turns of 20 m and 4 m.
        assert!(found <= expected + 0.02 && found > expected - 6.0 - 1e-6 * expected, "{found} {expected}");
    }
    let depths =
        ask_shapely("shapely.boundary(g[0]).distance(g[1])", &rounds.iter().map(|(_, pair)| pair.clone()).collect::<Vec<_>>());
    let largest = ask_shapely("shapely.maximum_inscribed_circle(g[0], tolerance=0.001).length", &halls).unwrap();
    for (((radius, _), depth), largest) in rounds.iter().zip(depths.unwrap()).zip(largest) {
        assert!((radius - depth).abs() < 1e-6, "{radius} {depth}");
        assert!((radius / largest - 1.0).abs() < 1e-3, "{radius} {largest}");
    }
}

#[test]
fn an_assembled_site_is_a_candidate_like_any_other() {
    let columns = "columns.stage = { from = [\"s\"], type = \"text\" }\ncolumns.owner = { from = [\"o\"], type = \"text\" }";
    let cells = "A: stage=on sale, owner=x\nB: stage=on sale, owner=x\nC: stage=on sale, owner=y\nD: stage=sold, owner=y\nE: stage=on sale";
    let atlas = || vec![drawn("plots", false, columns, "A B C D . E E E", cells), drawn("masts", true, "", ". . . m", "")];
    let text = |assemble: &str| {
        format!(
            "{{ emprise: 1, candidates: {{ layers: [plots], where: \"stage = 'on sale'\", assemble: {assemble} }}, metric: plane, criteria: {{
                round: {{ kind: inscribed-circle, required: '>= 90 m' }},
                stage: {{ kind: attribute, column: stage, required: '= on sale' }},
                owner: {{ kind: attribute, column: owner, value: {{ x: 1, y: 1 }}, weight: 0 }},
                mast: {{ kind: proximity, to: masts, value: {{ 0 m: 1, 1 km: 0 }} }} }} }}"
        )
    };
    let answer = ask(atlas(), &text("{ area: 3 ha }"));
    let ids = |answer: &Answer| answer.sites.iter().map(|site| site.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&answer), ["A+B+C", "E"], "D is sold, and nothing crosses it");
    assert_eq!(answer.plots.unwrap().filtered, 1);
    assert_eq!(answer.candidates.considered, 2);
    assert!((answer.sites[0].area_m2.unwrap() - 30_000.0).abs() < 1e-3);
    assert!(answer.sites[0].layer.starts_with("plots-assembled-"));
    assert_eq!(find(&answer, "A+B+C", "stage").value, "on sale");
    assert!(find(&answer, "A+B+C", "owner").value.is_null(), "x and y");
    assert_eq!(ids(&ask(atlas(), &text("{ area: 3 ha, owners: { by: owner, at-most: 1 } }"))), ["E"]);
    assert_eq!(ids(&ask(atlas(), &text("{ area: 2 ha, plots: 2, owners: { by: owner, at-most: 1 } }"))), ["A+B", "E"]);

    // What is asked of an answer knows its sites too.
    let spec = spec::read::read(&text("{ area: 3 ha }")).unwrap();
    let (atlas, memo, work) = (Atlas::from_layers("drawn".into(), atlas()), Memo::default(), Work::default());
    let rights = Rights::public();
    let view = atlas.view(&rights);
    let held = why(&spec, view, &memo, &Subject::Site("A+B+C".into()), &work).unwrap();
    assert_eq!((held.verdict, held.rank_among_passing, held.candidate), (Outcome::Pass, 1, true));
    let made = memo.bytes();
    let land = Land::prepare(&spec, view, &memo, &work).unwrap();
    assert_eq!(memo.bytes(), made, "made once");
    let written =
        emprise::siting::writing::geojson::write(&study(&land, &memo, &work).unwrap().answer(&work).unwrap(), land.view());
    assert_eq!(written["features"][0]["geometry"]["coordinates"][0][0].as_array().unwrap().len(), 5, "common walls are gone");
    work.stop();
    let other = spec::read::read(&text("{ area: 1 ha }")).unwrap();
    assert!(matches!(Land::prepare(&other, view, &memo, &work), Err(SitingError::Stopped(_))));
    assert_eq!(Land::prepare(&other, view, &memo, &Work::default()).unwrap().assembled()[0].len(), 4, "a stop is not kept");
}

#[test]
fn what_cannot_be_put_together_is_said() {
    let says = |assemble: &str| {
        let text = format!(
            "{{ emprise: 1, candidates: {{ layers: [plots], assemble: {assemble} }}, criteria: {{ a: {{ kind: area, required: '> 1 ha' }} }} }}"
        );
        match spec::read::read(&text) {
            Err(error) => error.to_string(),
            Ok(spec) => {
                site(&spec, Atlas::from_layers("drawn".into(), ground()).view(&Rights::public())).unwrap_err().to_string()
            }
        }
    };
    assert!(says("{ area: '8' }").contains("candidates, area: `8` has no unit"), "{}", says("{ area: '8' }"));
    assert!(says("{ area: 8 km }").contains("is not an area"));
    assert!(says("{ area: 8 ha, gap: 5 km }").contains("a `gap` from 0 to 100 m"));
    assert!(says("{ area: 8 ha, plots: 1000 }").contains("`plots` from 1 to 100"));
    assert!(says("{ area: 8 ha, owners: { by: owner, at-most: 2 } }").contains("`owner` is not a column of layer `plots`"));
    assert!(says("{ area: 8 ha, owner: x }").contains("unknown key `owner`"));
}
