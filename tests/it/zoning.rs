//! The planner's check: territories drawn in text and findings checked by eye, areas and distances against plain computation,
//! the mistakes of others as tests, and what a plot that is none is told.

pub mod command;
mod net;
mod oracle;
mod postgis;
mod rules;

use std::collections::BTreeMap;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::drawn::{Crs, Drawn};
use emprise::geometry::scale::Metric;
use emprise::geometry::shape::Shapes;
use emprise::layer::definition::Role;
use emprise::layer::value::{Value, ValuesBuilder};
use emprise::zoning::answer::{Finding, Reason, Relation, Standing};
use emprise::zoning::effect::Effect;
use emprise::zoning::project::Icpe;
use emprise::zoning::{Asked, Check, Plot, Project, Rules, Terms, check};
use geo::BooleanOps;
use geo_types::{MultiPolygon, Rect};
use serde_json::json;

use crate::harness::{PATIENCE, entry, with_cells};

const ORIGIN: [f64; 2] = [700_000.0, 6_600_000.0];

/// A layer to draw: each letter of the map is a feature of squares of 100 m, whose first line is the northernmost.
struct Sketch {
    id: &'static str,
    role: Role,
    precision_m: f64,
    /// Text columns, all of them.
    columns: &'static [&'static str],
    map: &'static str,
    /// One feature a line: `A: zone=U, allowed=51`; what is not given is unknown.
    cells: &'static str,
}

impl Sketch {
    fn constraint(id: &'static str, columns: &'static [&'static str], map: &'static str, cells: &'static str) -> Layer {
        Sketch { id, role: Role::Constraint, precision_m: 5.0, columns, map, cells }.draw()
    }

    fn territory(id: &'static str, map: &'static str) -> Layer {
        Sketch { id, role: Role::Territory, precision_m: 10.0, columns: &["name"], map, cells: "" }.draw()
    }

    fn draw(&self) -> Layer {
        let columns: String =
            self.columns.iter().map(|name| format!("columns.{name} = {{ from = [\"{name}\"], type = \"text\" }}\n")).collect();
        let squares = squares(self.map);
        let mut entry = entry(self.id, &columns, squares.len());
        entry.definition.role = self.role;
        entry.definition.precision_m = self.precision_m;
        let mut shapes = Shapes::default();
        squares.values().for_each(|shape| {
            shapes.push_geometry(Some(&shape.clone().into()));
        });
        let cell = |letter: &char, column: &str| {
            let line = self.cells.lines().find_map(|line| line.trim().strip_prefix(&format!("{letter}:")))?;
            line.split(',').find_map(|cell| cell.trim().strip_prefix(&format!("{column}="))).map(str::to_owned)
        };
        let values = entry.definition.columns.iter().map(|(name, column)| {
            let mut values = ValuesBuilder::new(column.kind);
            squares.keys().for_each(|letter| values.push(cell(letter, name).map_or(Value::Unknown, Value::Text)));
            values.finish()
        });
        let values = values.collect();
        Layer::new(entry, squares.keys().map(char::to_string).collect(), values, shapes)
    }
}

fn squares(map: &str) -> BTreeMap<char, MultiPolygon<f64>> {
    let mut squares: BTreeMap<char, MultiPolygon<f64>> = BTreeMap::new();
    for (line, text) in map.lines().map(str::trim).filter(|text| !text.is_empty()).enumerate() {
        for (place, letter) in text.split_whitespace().flat_map(str::chars).enumerate().filter(|(_, letter)| *letter != '.') {
            let [west, north] = [ORIGIN[0] + 100.0 * place as f64, ORIGIN[1] - 100.0 * line as f64];
            let square = Rect::new((west, north - 100.0), (west + 100.0, north)).to_polygon();
            let joined = squares.entry(letter).or_insert_with(|| MultiPolygon(Vec::new()));
            *joined = joined.union(&square);
        }
    }
    squares
}

/// A rectangle in metres from the north-western corner of the map, east and south.
fn plot(west: f64, north: f64, width: f64, height: f64) -> Plot<'static> {
    let [x, y] = [ORIGIN[0] + west, ORIGIN[1] - north];
    let rectangle = Rect::new((x, y - height), (x + width, y)).to_polygon();
    let drawn = Drawn::from_geometry(rectangle.into(), Crs::named("EPSG:2154").unwrap()).unwrap();
    Plot::drawn(drawn, "plot".to_owned()).unwrap()
}

/// Checks with the rules of the program, in plane metres.
fn ask<T>(layers: Vec<Layer>, plot: &Plot<'_>, project: Project, look: impl FnOnce(&Check<'_>) -> T) -> T {
    let atlas = Atlas::from_layers("drawn".into(), layers);
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    look(&check(plot, &rulebook, &Terms { project, metric: Metric::Plane }))
}

/// `forbidden zoning-plans/A 5000`, in the answer's order.
fn lines(check: &Check<'_>) -> Vec<String> {
    let line = |finding: &Finding<'_>| {
        let mark = if finding.borderline { "~" } else { "" };
        let place = match finding.relation {
            Relation::Inside => format!("{:.0} m2", finding.overlap_m2),
            Relation::Near => format!("{:.0} m", finding.distance_m),
        };
        format!("{mark}{} {}/{} {place}", finding.effect.code(), finding.layer, finding.id)
    };
    check.findings.iter().map(line).collect()
}

fn icpe(icpe: Icpe) -> Project {
    Project { icpe: Some(icpe), ..Project::default() }
}

const HABITATS: &str = "
    h h . . . . . . . . . . . . . . . . . . . . . . . k
    h h . . . . . . . . . . . . . . . . . . . . . . . .";
const BIRDS: &str = "
    . b b . . . . . . . . . . . . . . . . . . . . . . .
    . b b . . . . . . . . . . . . . . . . . . . . . . .";

fn nature() -> Vec<Layer> {
    vec![
        Sketch::constraint("natura2000-habitats", &["name"], HABITATS, "h: name=Marais"),
        Sketch::constraint("natura2000-birds", &["name"], BIRDS, ""),
    ]
}

#[test]
fn two_directives_that_overlap_count_no_area_twice() {
    // Over the four columns of both: habitats hold half, birds hold half, and a quarter is in both.
    ask(nature(), &plot(0.0, 0.0, 400.0, 200.0), icpe(Icpe::Declaration), |check| {
        assert_eq!(
            lines(check),
            [
                "subject-to-assessment natura2000-birds/b 40000 m2",
                "subject-to-assessment natura2000-habitats/h 40000 m2",
                "to-be-checked natura2000-habitats/k 2100 m"
            ][..2]
        );
        let theme = &check.themes.iter().find(|theme| theme.theme == "natura2000").unwrap();
        assert_eq!(theme.relation, Standing::Inside);
        assert!((theme.covered_m2 - 60_000.0).abs() < 1e-6, "{}", theme.covered_m2);
        assert!((theme.covered_share - 0.75).abs() < 1e-12);
        let layers: Vec<f64> = theme.layers.iter().map(|layer| layer.covered_m2).collect();
        assert!(layers.iter().all(|area| (area - 40_000.0).abs() < 1e-6), "{layers:?}");
        assert_eq!(check.findings[1].name, Some("Marais"));
    });
}

#[test]
fn inside_near_and_far_and_the_duties_of_a_regime() {
    let effects = |west: f64, project: Project| {
        ask(nature(), &plot(west, 0.0, 100.0, 100.0), project, |check| {
            let theme = check.themes.iter().find(|theme| theme.theme == "natura2000").unwrap();
            (lines(check), theme.relation, check.duties.iter().map(|duty| duty.rule.effect).collect::<Vec<_>>())
        })
    };
    let (found, relation, duties) = effects(1_000.0, icpe(Icpe::Declaration));
    let near = [
        "to-be-checked natura2000-birds/b 700 m",
        "to-be-checked natura2000-habitats/h 800 m",
        "to-be-checked natura2000-habitats/k 1400 m",
    ];
    assert_eq!((found, relation, duties), (near.map(str::to_owned).to_vec(), Standing::Near, vec![]));
    // Far from everything, an authorisation owes its assessment all the same: distance alone frees nobody.
    let (found, relation, duties) = effects(9_000.0, icpe(Icpe::Authorisation));
    assert_eq!((found.len(), relation, duties), (0, Standing::Far, vec![Effect::SubjectToAssessment]));
    // A regime that is not known makes the duty one to check.
    let (.., duties) = effects(9_000.0, Project::default());
    assert_eq!(duties, [Effect::ToBeChecked]);
    // Inside, without a regime: case by case for sure, and more if it is classified.
    ask(nature(), &plot(0.0, 0.0, 100.0, 200.0), Project::default(), |check| {
        let rules = &check.findings[0].rules;
        assert_eq!((rules[0].effect, rules[1].effect), (Effect::CaseByCase, Effect::ToBeChecked));
        assert_eq!(rules[1].if_so, Some(Effect::SubjectToAssessment));
    });
}

#[test]
fn a_box_that_holds_the_plot_is_not_a_feature_that_does() {
    let hook = Sketch::constraint("natura2000-habitats", &[], "h h h h\nh . . .\nh . . .\nh . . .", "");
    ask(vec![hook], &plot(250.0, 250.0, 100.0, 100.0), Project::default(), |check| {
        assert_eq!(lines(check), ["to-be-checked natura2000-habitats/h 150 m"], "edge to edge, not centre to centre");
        let way = check.findings[0].way.unwrap().0;
        assert_eq!((way[1][0] - way[0][0]).hypot(way[1][1] - way[0][1]), 150.0);
    });
}

const ZONES: &[&str] = &["name", "description", "zone", "allowed", "conditional", "forbidden", "url"];

fn zones() -> Layer {
    let cells = "
        A: zone=A, name=Ap
        U: zone=U, name=UX, allowed=51-53, forbidden=10-52, url=https://example.org/ux.pdf
        C: zone=AUc, name=1AU, conditional=50
        S: zone=AUs, name=2AU
        N: zone=N, name=Nx, allowed=51";
    Sketch::constraint("zoning-plans", ZONES, "U U A A C S N\nU U A A C S N", cells)
}

fn uses(use_code: &str) -> Project {
    Project { use_code: Some(use_code.into()), ..Project::default() }
}

#[test]
fn zones_by_area_and_uses_by_their_lists() {
    let whole = plot(0.0, 0.0, 700.0, 200.0);
    ask(vec![zones()], &whole, uses("51"), |check| {
        assert_eq!(
            lines(check),
            [
                "forbidden zoning-plans/A 40000 m2",
                "case-by-case zoning-plans/C 20000 m2",
                "action-required zoning-plans/S 20000 m2",
                "to-be-checked zoning-plans/U 40000 m2",
                "to-be-checked zoning-plans/N 20000 m2"
            ]
        );
        let sum: f64 = check.findings.iter().map(|finding| finding.overlap_m2).sum();
        assert!((sum - check.plot.area_m2).abs() < 1e-6 * sum, "a partition adds up to the plot");
        assert!((check.buildable.area_m2 - 100_000.0).abs() < 1e-3);
        let regimes = &check.themes.iter().find(|theme| theme.theme == "zoning-plans").unwrap().regimes;
        let areas: Vec<(&str, f64)> = regimes.iter().map(|one| (one.regime.code, one.covered_m2.round())).collect();
        assert_eq!(areas, [("A", 40_000.0), ("AUc", 20_000.0), ("AUs", 20_000.0), ("N", 20_000.0), ("U", 40_000.0)]);
        let urban = check.findings.iter().find(|finding| finding.id == "U").unwrap();
        assert_eq!(urban.sheet, Some("https://example.org/ux.pdf"));
    });
    ask(vec![zones()], &whole, uses("52"), |check| {
        let effects: BTreeMap<&str, Effect> = check.findings.iter().map(|finding| (finding.id, finding.effect)).collect();
        assert_eq!((effects["U"], effects["N"]), (Effect::Forbidden, Effect::Forbidden));
    });
    // A use that is not known: industry is listed, warehouses are not, so it is to be checked and says what if.
    ask(vec![zones()], &plot(0.0, 0.0, 200.0, 200.0), Project::default(), |check| {
        let urban = &check.findings[0];
        assert_eq!((urban.effect, urban.uses.len()), (Effect::ToBeChecked, 2));
        assert!(urban.rules.iter().any(|rule| rule.if_so == Some(Effect::Forbidden)));
    });
}

#[test]
fn a_sliver_flips_no_verdict() {
    // Three metres of farmland, where plans are drawn to five.
    ask(vec![zones()], &plot(0.0, 0.0, 203.0, 200.0), uses("51"), |check| {
        assert_eq!(lines(check), ["to-be-checked zoning-plans/U 40000 m2", "~to-be-checked zoning-plans/A 600 m2"]);
        assert_eq!(check.strictest, Effect::ToBeChecked);
        assert_eq!(check.findings[1].rules[0].if_so, Some(Effect::Forbidden));
        assert!((check.buildable.area_m2 - check.plot.area_m2).abs() < 1e-9);
        assert!((check.buildable.at_least_m2 - 40_000.0).abs() < 1e-3, "the strip may be farmland");
    });
    ask(vec![zones()], &plot(0.0, 0.0, 206.0, 200.0), uses("51"), |check| {
        assert_eq!(lines(check), ["forbidden zoning-plans/A 1200 m2", "to-be-checked zoning-plans/U 40000 m2"]);
    });
    // Outside by less than the precision may be inside.
    ask(vec![zones()], &plot(703.0, 0.0, 100.0, 200.0), uses("52"), |check| {
        assert_eq!(lines(check), ["~to-be-checked zoning-plans/N 3 m"]);
    });
}

#[test]
fn a_milder_rule_hides_no_stricter_one() {
    let risks = Sketch::constraint(
        "risk-plans",
        &["plan", "zone", "zone-code", "rule"],
        "a b c d e\na b c d e",
        "a: rule=allowed under conditions\nb: rule=strictly forbidden\nc: rule=forbidden\nd: rule=06\ne: rule=exceptional hazard",
    );
    ask(vec![risks], &plot(0.0, 0.0, 500.0, 200.0), Project::default(), |check| {
        assert_eq!(
            lines(check),
            [
                "forbidden risk-plans/b 20000 m2",
                "forbidden risk-plans/c 20000 m2",
                "case-by-case risk-plans/e 20000 m2",
                "action-required risk-plans/a 20000 m2",
                "to-be-checked risk-plans/d 20000 m2"
            ]
        );
        // Both forbid; one admits exceptions.
        let regime = |place: usize| check.findings[place].regime.unwrap();
        assert_eq!((regime(0).code, regime(1).code, regime(4).code), ("04", "03", "06"));
        assert!(regime(1).en.contains("exceptions") && !regime(0).en.contains("exceptions"));
        assert!(check.findings[0].rules[0].law.reference.contains("L562-1"));
    });
}

#[test]
fn no_data_is_not_no_constraint() {
    let communes = || Sketch::territory("communes", "x x x x x x x y y y\nx x x x x x x y y y");
    let gaps = |layers: Vec<Layer>, plot: &Plot<'_>| {
        ask(layers, plot, Project::default(), |check| {
            let line = |gap: &emprise::zoning::answer::Gap<'_>| {
                let place = gap.territory.map_or("", |place| place.id);
                format!("{} {:?} {place} {:.0}", gap.theme, gap.reason, gap.area_m2.unwrap_or(0.0))
            };
            let of_plan = check.not_available.iter().filter(|gap| gap.theme == "zoning-plans");
            let theme = check.themes.iter().find(|theme| theme.theme == "zoning-plans").unwrap();
            (of_plan.map(line).collect::<Vec<_>>(), theme.relation, theme.effect)
        })
    };
    // Commune y has no plan: three hundred metres of the plot lie there.
    let (found, relation, _) = gaps(vec![zones(), communes()], &plot(600.0, 0.0, 400.0, 200.0));
    assert_eq!((found, relation), (vec!["zoning-plans NoData y 60000".to_owned()], Standing::Inside));
    let (found, relation, effect) = gaps(vec![zones(), communes()], &plot(800.0, 0.0, 100.0, 100.0));
    assert_eq!((found.len(), relation, effect), (1, Standing::Unknown, Effect::NotAvailable));
    // In a commune with a plan, a part that no zone covers.
    let (found, ..) =
        gaps(vec![zones(), Sketch::territory("communes", "x x x x x x x x\nx x x x x x x x")], &plot(600.0, 0.0, 200.0, 200.0));
    assert_eq!(found, ["zoning-plans Uncovered  20000"]);
    let (found, ..) = gaps(vec![zones(), communes()], &plot(0.0, 0.0, 700.0, 200.0));
    assert_eq!(found, Vec::<String>::new());
    // Without communes nothing tells; without the layer there is nothing to tell.
    let (found, ..) = gaps(vec![zones()], &plot(0.0, 0.0, 100.0, 100.0));
    assert_eq!(found, ["zoning-plans NoTerritories  0"]);
    let (found, _, effect) = gaps(vec![communes()], &plot(0.0, 0.0, 100.0, 100.0));
    assert_eq!((found, effect), (vec!["zoning-plans NoLayer  0".to_owned()], Effect::NotAvailable));
}

#[test]
fn a_theme_that_the_law_does_not_know_there_is_elsewhere() {
    let atlas = Atlas::from_layers("drawn".into(), nature());
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(atlas.view(&Rights::All)).unwrap();
    let asked = Asked::from_json(&json!({ "point": [55.45, -20.9], "radius": "200 m" })).unwrap();
    let terms = Terms { project: icpe(Icpe::Authorisation), ..Terms::default() };
    let answer = check(&Plot::of(&asked, atlas.view(&Rights::All)).unwrap(), &rulebook, &terms);
    let theme = answer.themes.iter().find(|theme| theme.theme == "natura2000").unwrap();
    assert_eq!((theme.relation, theme.effect, answer.duties.len()), (Standing::Elsewhere, Effect::NotConcerned, 0));
    assert_eq!(answer.plot.territory, "reunion");
    let circle = std::f64::consts::PI * 200.0 * 200.0;
    assert!((answer.plot.area_m2 / circle - 1.0).abs() < 5e-4, "{}", answer.plot.area_m2);
    assert!(answer.not_available.iter().all(|gap| gap.theme != "natura2000" && gap.reason == Reason::NoLayer));
}

#[test]
fn where_it_is_and_what_is_near() {
    let communes = Sketch::territory("communes", "x x x y y\nx x x y y");
    let road = Sketch {
        id: "roads",
        role: Role::Infrastructure,
        precision_m: 5.0,
        columns: &["name"],
        map: ". . . . . . . r",
        cells: "r: name=D 9",
    };
    let text = "{ from = [\"a\"], type = \"text\" }";
    let columns = format!("columns.zone = {text}\ncolumns.zone-name = {text}");
    let rows = ["x", "y"].map(|commune| (commune.to_owned(), None)).into();
    let zones = with_cells("labour-zones", &columns, rows, |_, column, _| {
        Some(Value::Text(if column == "zone" { "0001" } else { "Valley" }.into()))
    });
    ask(vec![communes, road.draw(), zones], &plot(100.0, 0.0, 400.0, 100.0), Project::default(), |check| {
        let shares: Vec<(&str, f64)> = check.territories.iter().map(|own| (own.territory.id, own.share)).collect();
        assert_eq!(shares, [("x", 0.5), ("y", 0.5), ("0001", 1.0)], "a labour zone of two communes");
        assert_eq!(check.territories[2].territory.name, Some("Valley"));
        let near = &check.nearby[0];
        assert_eq!((near.feature.name, near.distance_m), (Some("D 9"), 200.0));
    });
}

#[test]
fn parcels_together_are_one_plot() {
    let parcels =
        Sketch { id: "parcels", role: Role::Candidate, precision_m: 1.0, columns: &["name"], map: "a b . c", cells: "" };
    let atlas = Atlas::from_layers("drawn".into(), vec![parcels.draw(), zones()]);
    let view = atlas.view(&Rights::All);
    let rules = Rules::shipped().unwrap();
    let rulebook = rules.resolve(view).unwrap();
    let terms = Terms { metric: Metric::Plane, ..Terms::default() };
    let area = |plot: serde_json::Value| {
        let plot = Plot::of(&Asked::from_json(&plot).unwrap(), view).map_err(|error| error.to_string())?;
        Ok::<f64, String>(check(&plot, &rulebook, &terms).plot.area_m2.round())
    };
    assert_eq!(area(json!("a")), Ok(10_000.0));
    assert_eq!(area(json!({ "parcels": ["a", "b", "c", "a"] })), Ok(30_000.0), "a parcel that is named twice counts once");
    assert_eq!(area(json!({ "site": "zoning-plans/U" })), Ok(40_000.0));
    assert!(area(json!(["a", "d"])).unwrap_err().starts_with("layer `parcels` has no feature `d`; did you mean"));
    assert!(area(json!("parcel/a")).unwrap_err().contains("did you mean `parcels`"));
}

#[test]
fn a_plot_that_is_none_is_told_why() {
    // A name for the place that swapped axes would mean.
    let communes = Sketch {
        id: "communes",
        role: Role::Territory,
        precision_m: 10.0,
        columns: &["name"],
        map: "x x\nx x",
        cells: "x: name=Courjolle",
    }
    .draw();
    let atlas = Atlas::from_layers("drawn".into(), vec![communes]);
    let said =
        |plot: serde_json::Value| match Asked::from_json(&plot).and_then(|asked| Plot::of(&asked, atlas.view(&Rights::All))) {
            Ok(_) => "a plot".to_owned(),
            Err(error) => error.to_string(),
        };
    let polygon = |ring: serde_json::Value| json!({ "type": "Polygon", "coordinates": [ring] });
    let at = emprise::geometry::projection::to_lon_lat([ORIGIN[0] + 50.0, ORIGIN[1] - 50.0]);
    let corner = |dx: f64, dy: f64| [at.lon + dx, at.lat + dy];
    let good = json!([corner(0.0, 0.0), corner(1e-4, 0.0), corner(1e-4, 1e-4), corner(0.0, 0.0)]);
    let swapped = json!([0.0, 1e-4, 1e-4, 0.0].map(|d| [at.lat + d, at.lon + d * d]));
    let bow = json!([corner(0.0, 0.0), corner(1e-3, 1e-3), corner(1e-3, 0.0), corner(0.0, 1e-3), corner(0.0, 0.0)]);
    let wide = json!([[0.0, 46.0], [2.0, 46.0], [2.0, 47.0], [0.0, 46.0]]);
    assert_eq!(said(polygon(good.clone())), "a plot");
    let open = json!([corner(0.0, 0.0), corner(1e-4, 0.0), corner(1e-4, 1e-4)]);
    assert_eq!(said(polygon(open)), "a plot", "a ring that is left open is closed");
    let deep =
        json!([[at.lon, at.lat, 120.0], [at.lon + 1e-4, at.lat, 120.0], [at.lon, at.lat + 1e-4, 120.0], [at.lon, at.lat, 120.0]]);
    assert_eq!(said(polygon(deep)), "a plot", "heights are left out");
    let feature = json!({ "type": "Feature", "properties": null, "geometry": polygon(good.clone()) });
    assert_eq!(said(feature.clone()), "a plot");
    assert_eq!(said(json!({ "type": "FeatureCollection", "features": [feature, feature] })), "a plot");
    let million: Vec<String> = (0..1_000_000).map(|step| format!("{} 46.5", 3.0 + f64::from(step) * 1e-7)).collect();
    let million = json!(format!("POLYGON(({},3.05 46.6,3 46.5))", million.join(",")));
    let france = json!([[-4.7, 42.4], [8.2, 42.4], [8.2, 51.0], [-4.7, 51.0], [-4.7, 42.4]]);
    let began = std::time::Instant::now();
    for (plot, words) in [
        (million, "1000002 vertices; at most 100000"),
        (polygon(france), "km wide or high; at most 100 km"),
        (json!("POLYGON((-0.5 43.5,7 43.7,7 49,-0.5 49,-0.5 43.5))"), "km wide or high; at most 100 km"),
        (json!("POLYGON((3 46.5,nan 46.5,3.01 46.51,3 46.5))"), "well-known text"),
        (json!("POLYGON((3 46.5,3.01 46.5,55.45 -20.9,3 46.5))"), "two territories, Metropolitan France and Réunion"),
        (polygon(swapped), "is in Courjolle: the axes seem to be swapped"),
        (polygon(bow), "crosses or covers itself, near 3.00"),
        (polygon(wide), "157 km wide or high; at most 100 km"),
        (polygon(json!([])), "the polygon is empty"),
        (polygon(json!([[3.0]])), "not GeoJSON"),
        (json!({ "type": "Point", "coordinates": [3, 46] }), "not a Polygon"),
        (json!({ "type": "FeatureCollection", "features": [] }), "no geometry"),
        (json!({ "type": "FeatureCollection", "features": [{ "type": "FeatureCollection" }] }), "no geometry"),
        (json!({ "type": "Feature", "geometry": null }), "no geometry"),
        (json!({ "type": "Teapot" }), "not GeoJSON"),
        (json!("POLYGON((0 0,1 0,1 1,0 0))"), "outside every territory"),
        (json!({ "point": [46.5, 3.0], "radius": "1 km" }), "axes seem to be swapped"),
        (json!({ "point": [3.0, 46.5], "radius": "80 km" }), "between 0 and 50000 m"),
        (json!("communes/z"), "layer `communes` has no feature `z`"),
        (json!("n/x"), "there is no layer `n`"),
    ] {
        let told = said(plot.clone());
        assert!(told.contains(words), "{plot:.200}\n  said: {told}\n  not:  {words}");
    }
    assert!(began.elapsed() < PATIENCE, "nothing hangs: {:?}", began.elapsed());
}
