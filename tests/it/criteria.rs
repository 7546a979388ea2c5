//! Each kind of criterion beyond the first seven, against a plain computation and on territories drawn in text.

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::geometry::shape::Shapes;
use emprise::layer::definition::GeometryType;
use emprise::layer::value::Value;
use emprise::siting::answer::{Answer, Finding, RankedSite};
use emprise::siting::{site, spec};
use geo::{Distance, Euclidean, Intersects};
use geo_types::{Geometry, LineString, Point, Rect};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::harness::{Dice, ORIGIN, drawn, entry, with_cells};

fn answer(atlas: &Atlas, text: &str) -> Answer {
    let spec = spec::read::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    site(&spec, atlas.view(&Rights::public())).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// One criterion `c` over the layer `plots`, in metres of the plane.
fn ask(atlas: &Atlas, criterion: &str) -> Answer {
    answer(atlas, &question(criterion))
}

fn question(criterion: &str) -> String {
    format!("emprise: 1\nmetric: plane\nlimit: 1000\ncandidates: {{ layers: [plots] }}\ncriteria:\n  c: {{ {criterion} }}\n")
}

/// What the question is told.
fn told(atlas: &Atlas, criterion: &str) -> String {
    match spec::read::read(&question(criterion)) {
        Err(error) => error.to_string(),
        Ok(spec) => site(&spec, atlas.view(&Rights::public())).map_or_else(|error| error.to_string(), |_| "nothing".into()),
    }
}

fn found<'a>(answer: &'a Answer, site: &str) -> &'a Finding {
    let site = answer.sites.iter().chain(&answer.undecided_sites).find(|found| found.id == site);
    &site.unwrap_or_else(|| panic!("the site is not listed")).findings[0]
}

/// `AB?C`: those that pass, and the undecided.
fn verdicts(answer: &Answer) -> String {
    let listed = |sites: &[RankedSite]| {
        let mut ids: Vec<&str> = sites.iter().map(|site| site.id.as_str()).collect();
        ids.sort_unstable();
        ids.concat()
    };
    format!("{}?{}", listed(&answer.sites), listed(&answer.undecided_sites))
}

fn layer(id: &str, geometry: GeometryType, features: &[Geometry<f64>]) -> Layer {
    let mut entry = entry(id, "", features.len());
    entry.definition.geometry = geometry;
    let mut shapes = Shapes::default();
    features.iter().for_each(|feature| {
        shapes.push_geometry(Some(feature));
    });
    Layer::new(entry, (0..features.len()).map(|row| row.to_string()).collect(), Vec::new(), shapes)
}

fn anywhere(dice: &mut Dice) -> [f64; 2] {
    [ORIGIN[0] + 8_000.0 * dice.roll(), ORIGIN[1] + 8_000.0 * dice.roll()]
}

fn plots(dice: &mut Dice, count: usize) -> Vec<Geometry<f64>> {
    let plot = |[x, y]: [f64; 2], dice: &mut Dice| {
        Rect::new((x, y), (x + 30.0 + 300.0 * dice.roll(), y + 30.0 + 200.0 * dice.roll())).to_polygon().into()
    };
    (0..count).map(|_| plot(anywhere(dice), dice)).collect()
}

fn apart(a: &Geometry<f64>, b: &Geometry<f64>) -> f64 {
    if a.intersects(b) { 0.0 } else { Euclidean.distance(a, b) }
}

/// In m; infinite where it is beyond.
fn metres(finding: &Finding) -> f64 {
    match finding.at_least {
        true => f64::INFINITY,
        false => finding.value.as_f64().unwrap() * if finding.unit == Some("km") { 1_000.0 } else { 1.0 },
    }
}

#[test]
fn the_kth_nearest_and_the_same_piece_are_what_a_plain_computation_says() {
    let mut dice = Dice(31);
    let sites = plots(&mut dice, 80);
    let lines: Vec<Geometry<f64>> = (0..70)
        .map(|_| {
            let [x, y] = anywhere(&mut dice);
            let bend = |dice: &mut Dice| (x + 900.0 * (dice.roll() - 0.5), y + 900.0 * (dice.roll() - 0.5));
            LineString::from(vec![(x, y), bend(&mut dice), bend(&mut dice)]).into()
        })
        .collect();
    let stops: Vec<Geometry<f64>> = (0..120)
        .map(|_| {
            let [x, y] = anywhere(&mut dice);
            Point::new(x, y).into()
        })
        .collect();
    let gap = 120.0;
    // Pieces by spreading from line to line.
    let mut piece: Vec<usize> = vec![usize::MAX; lines.len()];
    for start in 0..lines.len() {
        let mut open = vec![start];
        while let Some(line) = open.pop() {
            if piece[line] == usize::MAX {
                piece[line] = start;
                open.extend((0..lines.len()).filter(|&other| apart(&lines[line], &lines[other]) <= gap));
            }
        }
    }
    let distinct = piece.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert!(distinct > 5 && distinct < 60, "{distinct} pieces are a trial");
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![
            layer("plots", GeometryType::Polygon, &sites),
            layer("lines", GeometryType::Line, &lines),
            layer("stops", GeometryType::Point, &stops),
        ],
    );
    let under = |feature: &Geometry<f64>| -> Vec<usize> {
        (0..lines.len()).filter(|&line| apart(feature, &lines[line]) <= gap).map(|line| piece[line]).collect()
    };
    for k in [1, 3, 9] {
        let free = ask(&atlas, &format!("kind: proximity, to: stops, k: {k}, value: {{ 0 m: 1, 20 km: 0 }}"));
        let joined = ask(
            &atlas,
            &format!("kind: proximity, to: stops, k: {k}, through: lines, gap: 120 m, value: {{ 0 m: 1, 20 km: 0 }}"),
        );
        for (row, site) in sites.iter().enumerate() {
            let kth = |keep: &dyn Fn(&Geometry<f64>) -> bool| {
                let mut all: Vec<f64> = stops.iter().filter(|stop| keep(stop)).map(|stop| apart(site, stop)).collect();
                all.sort_by(f64::total_cmp);
                all.get(k - 1).copied().unwrap_or(f64::INFINITY)
            };
            let id = row.to_string();
            let same = |answer: &Answer, expected: f64| {
                let found = metres(found(answer, &id));
                assert!(found == expected || (found - expected).abs() < 1e-6, "{id}, {k}: {found} instead of {expected}");
            };
            same(&free, kth(&|_| true));
            let mut own = under(site);
            if own.is_empty() {
                let nearest = (0..lines.len()).min_by(|&a, &b| apart(site, &lines[a]).total_cmp(&apart(site, &lines[b])));
                own.push(piece[nearest.unwrap()]);
            }
            same(&joined, kth(&|stop| under(stop).iter().any(|piece| own.contains(piece))));
        }
    }
}

#[test]
fn an_island_is_a_piece_of_its_own() {
    // Regions m and n touch; the island of n, west of them, belongs to n and touches nobody.
    let map = "
        n . m m n
        n . m m n";
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![
            drawn("plots", false, "", "A . . B . . C\n. . . . . . .", ""),
            drawn("regions", false, "", map, ""),
            drawn("ports", true, "", "p . . . q . .", ""),
        ],
    );
    let port = |k: u32, required: &str| {
        let text = format!("kind: proximity, to: ports, k: {k}, through: regions, gap: 10 m, required: \"{required}\"");
        ask(&atlas, &text)
    };
    let nearest = port(1, "<= 900 m");
    assert_eq!(verdicts(&nearest), "AB?C");
    assert_eq!(found(&nearest, "A").witness.as_ref().unwrap().id, "p");
    assert_eq!(found(&nearest, "B").witness.as_ref().unwrap().id, "q");
    assert_eq!(found(&nearest, "C").unknown, Some("the candidate stands on no piece of the layer that must connect it"));
    assert_eq!(verdicts(&port(2, "<= 900 m")), "?C", "each land has one port: a second is beyond");
    assert_eq!(verdicts(&port(2, "> 900 m")), "AB?C");

    assert!(
        told(&atlas, "kind: proximity, to: ports, k: 0, required: \"<= 1 km\"").contains("k is 0; it lies between 1 and 100")
    );
    for half in ["gap: 5 m", "through: regions", "through-where: \"FALSE\""] {
        assert!(told(&atlas, &format!("kind: proximity, to: ports, {half}, required: \"<= 1 km\"")).contains("write both"));
    }
    assert!(told(&atlas, "kind: proximity, to: ports, through: region, gap: 1 m, required: \"<= 1 km\"").contains("`regions`?"));
    assert!(
        told(&atlas, "kind: proximity, to: ports, through: regions, gap: 1 ha, required: \"<= 1 km\"").contains("gap: `1 ha`")
    );
}

/// The words of the shipped inventories, as far as they matter here.
const STAGES: &str = "
    columns.stage = { from = [\"s\"], type = \"text\" }
    columns.servicing = { from = [\"v\"], type = \"text\" }
    columns.turnkey = { from = [\"t\"], type = \"boolean\" }";

#[test]
fn land_can_be_had_when_its_stages_say() {
    let cells = "
        A: stage=on sale, servicing=serviced and developed, turnkey=true
        B: stage=on sale, servicing=serviced, turnkey=false
        C: stage=not yet marketed, servicing=not serviced, turnkey=false
        D: stage=sold, servicing=serviced
        E: servicing=serviced, turnkey=false
        F: stage=reserved, servicing=serviced, turnkey=false
        G: stage=on sale, servicing=serviced
        H: stage=on sale, servicing=not developable, turnkey=true
        I: stage=other, servicing=serviced, turnkey=false";
    let map = "A B C D E F G H I";
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![
            drawn("plots", false, STAGES, map, cells),
            drawn("nature", false, "", ". . n .", ""),
            with_cells("far", "", vec![("r".into(), Some(Point::new(60_350_000.0, 7_650_000.0).into()))], |_, _, _| None),
        ],
    );
    let by =
        |date: &str, more: &str| ask(&atlas, &format!("kind: availability, asked: 2026-11-22, required: \"<= {date}\"{more}"));
    let shown = |answer: &Answer, id: &str| found(answer, id).value.as_str().unwrap_or("unknown").to_owned();
    let all = by("9000-01-01", "");
    assert_eq!(verdicts(&all), "ABCG?EFI", "D is sold and H not developable");
    assert_eq!(shown(&all, "A"), "2027-08-22", "turnkey: nine months");
    assert_eq!(shown(&all, "B"), "2028-04-22", "an ordinary site: seventeen");
    assert_eq!(shown(&all, "C"), "2030-05-22", "six months to market it and thirty-six to make it ready");
    assert_eq!((shown(&all, "E"), found(&all, "E").unknown), ("unknown".into(), Some("the source leaves this cell empty")));
    assert_eq!(found(&all, "I").unknown, Some("what the inventory says of it does not tell when it can be had"));
    let soon = by("2027-12-31", "");
    assert_eq!(verdicts(&soon), "A?EGI", "reserved takes seventeen months at the least; G may be turnkey");
    assert_eq!((shown(&soon, "G"), found(&soon, "G").at_least), ("2027-08-22".into(), true));
    assert_eq!(verdicts(&by("2027-12-31", ", months: { serviced: 12, reserved: never }")), "ABG?EI");
    assert_eq!(verdicts(&by("9000-01-01", ", months: { sold: 12, other: 1 }")), "ABCDGI?EF", "what the place knows better");

    // n lies on C and touches B; A is 100 m west of it.
    let near = by("9000-01-01", ", delays: [{ near: nature, within: 50 m, months: 9 }]");
    assert_eq!([shown(&near, "A"), shown(&near, "B"), shown(&near, "C")], ["2027-08-22", "2029-01-22", "2031-02-22"]);
    assert_eq!(found(&near, "B").witness.as_ref().unwrap().id, "n");
    let far = ", delays: [{ near: [far], within: 50 m, months: 9 }]";
    assert_eq!(verdicts(&by("2027-12-31", far)), "?AEGI", "nine months more or not");
    // Whether B lies within half a metre of n is within the sources' precision, and so is whether it waits nine months more.
    let edge = |date: &str| found(&by(date, ", delays: [{ near: nature, within: 0.5 m, months: 9 }]"), "B").borderline;
    assert!(edge("2029-03-01") && !edge("2040-03-01"));

    let says = |more: &str| told(&atlas, &format!("kind: availability, required: \"<= 2027-12-31\", {more}"));
    assert!(says("asked: 22/11/2026").contains("asked: `22/11/2026` is not a date"));
    assert!(says("months: {}").contains("missing field `asked`"));
    assert!(says("asked: 2026-11-22, months: { servicd: 3 }").contains("no inventory says `servicd`; did you mean `serviced`?"));
    assert!(says("asked: 2026-11-22, months: { serviced: soon }").contains("`never`, `uncertain` or `unknown`"));
    assert!(
        says("asked: 2026-11-22, months: { serviced: 48, being serviced: 24 }")
            .contains("`being serviced` comes before `serviced`")
    );
    assert!(says("asked: 2026-11-22, delays: [{ near: natur, within: 1 km, months: 3 }]").contains("`nature`?"));
    let bare = Atlas::from_layers("drawn".into(), vec![drawn("plots", false, "", "A", "")]);
    assert!(told(&bare, "kind: availability, asked: 2026-11-22, required: \"<= 2030-01-01\"").contains("says nothing of when"));
}

#[test]
fn dates_are_what_a_plain_computation_says() {
    let mut dice = Dice(77);
    let sites = plots(&mut dice, 150);
    let zones = plots(&mut dice, 25);
    let stages = [("on sale", 0), ("on sale with constraints", 3), ("not yet marketed", 6), ("sold", -1), ("", -2)];
    let servicings = [("serviced and developed", 17), ("serviced", 17), ("being serviced", 24), ("not serviced", 36), ("", -2)];
    let features = sites.iter().enumerate().map(|(row, site)| (row.to_string(), Some(site.clone()))).collect();
    let word = |word: &str| (!word.is_empty()).then(|| Value::Text(word.to_owned()));
    let of = |id: &str| id.parse::<usize>().unwrap();
    let known = with_cells("plots", STAGES, features, |id, column, _| match column {
        "stage" => word(stages[of(id) % 5].0),
        "servicing" => word(servicings[of(id) / 5 % 5].0),
        _ => Some(Value::Boolean(of(id) % 7 == 0)),
    });
    let atlas = Atlas::from_layers("drawn".into(), vec![known, layer("zones", GeometryType::Polygon, &zones)]);
    let text = "kind: availability, asked: 2024-01-31, value: { 2024-01-01: 1, 2034-01-01: 0 }, delays: [{ near: zones, within: 700 m, months: 5 }, { near: zones, within: 0 m, months: 7 }]";
    let answer = ask(&atlas, text);
    for (row, site) in sites.iter().enumerate() {
        let (stage, servicing) = (stages[row % 5].1, if row % 7 == 0 { 9 } else { servicings[row / 5 % 5].1 });
        let nearest = zones.iter().map(|zone| apart(site, zone)).fold(f64::INFINITY, f64::min);
        let delay = if nearest <= 700.0 { 5 } else { 0 } + if nearest <= 0.0 { 7 } else { 0 };
        let expected: Option<Date> =
            (stage >= 0 && servicing >= 0).then(|| date(2024, 1, 31).checked_add((stage + servicing + delay).months()).unwrap());
        let shown = found(&answer, &row.to_string()).value.as_str().map(str::to_owned);
        match expected {
            Some(date) => assert_eq!(shown, Some(date.to_string()), "{row}"),
            None if stage == -1 => assert_eq!(shown.as_deref(), Some("never"), "{row}"),
            None => assert_eq!(shown, None, "{row}"),
        }
    }
}

#[test]
fn brownfields_can_go_first() {
    let status = "columns.status = { from = [\"s\"], type = \"text\" }";
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![
            drawn("plots", false, STAGES, "A B", "A: stage=on sale, servicing=serviced, turnkey=true"),
            drawn(
                "wastes",
                false,
                status,
                ". . F G H I",
                "F: status=without project\nG: status=converted\nH: status=potential\nI: status=with project",
            ),
        ],
    );
    let of = |criterion: &str| {
        let text = format!("emprise: 1\ncandidates: {{ layers: [plots, wastes] }}\ncriteria: {{ c: {{ {criterion} }} }}");
        spec::read::read(&text)
            .map_err(|error| error.to_string())
            .and_then(|spec| site(&spec, atlas.view(&Rights::public())).map_err(|error| error.to_string()))
    };
    let first = of("kind: layer, value: { wastes: 1, plots: 0.5 }").unwrap();
    let scores: Vec<(&str, f64)> = first.sites.iter().map(|site| (site.id.as_str(), site.score)).collect();
    assert_eq!(scores, [("F", 1.0), ("G", 1.0), ("H", 1.0), ("I", 1.0), ("A", 0.5), ("B", 0.5)]);
    assert_eq!(found(&first, "F").value, "wastes");
    assert_eq!(verdicts(&of("kind: layer, required: \"= wastes\"").unwrap()), "FGHI?");
    let slip = of("kind: layer, value: { waste: 1 }").unwrap_err();
    assert!(slip.contains("`waste` is not a layer of the candidates; did you mean `wastes`?"), "{slip}");

    let by = of("kind: availability, asked: 2026-11-22, required: \"<= 2028-11-22\"").unwrap();
    assert_eq!(verdicts(&by), "AF?BHI", "G has been converted; H is not verified, I has a project");
}

const ZONES: &str = "
    columns.allowed = { from = [\"o\"], type = \"text\" }
    columns.conditional = { from = [\"c\"], type = \"text\" }
    columns.forbidden = { from = [\"n\"], type = \"text\" }
    columns.zone = { from = [\"t\"], type = \"text\" }";

/// The lists of a zone, `allowed/conditional/forbidden/kind`, and what they say of industry.
const LISTS: [(&str, Option<char>); 12] = [
    ("51-52///U", Some('a')),
    ("52/51//U", Some('c')),
    ("52//51/U", Some('f')),
    ("///U", None),
    ("52-53///U", None),
    ("50///AUc", Some('a')),
    ("51//50/U", Some('a')),
    ("51//51/U", Some('f')),
    ("///N", Some('f')),
    ("///AUs", Some('c')),
    ("12///A", None),
    ("///AUc", None),
];

fn plan(zones: &[(Rect<f64>, &str)]) -> Layer {
    let features = zones.iter().enumerate().map(|(row, (zone, _))| (row.to_string(), Some(zone.to_polygon().into()))).collect();
    with_cells("plan", ZONES, features, |id, column, _| {
        let place = ["allowed", "conditional", "forbidden", "zone"].iter().position(|name| *name == column).unwrap();
        let text = zones[id.parse::<usize>().unwrap()].1.split('/').nth(place).unwrap();
        (!text.is_empty()).then(|| Value::Text(text.to_owned()))
    })
}

fn rect(west: f64, south: f64, width: f64, height: f64) -> Rect<f64> {
    let (x, y) = (ORIGIN[0] + west, ORIGIN[1] + south);
    Rect::new((x, y), (x + width, y + height))
}

#[test]
fn zoned_shares_are_what_a_plain_computation_says() {
    let mut dice = Dice(5);
    // Zones of 400 m, one in six missing.
    let mut zones: Vec<(Rect<f64>, usize)> = Vec::new();
    for place in 0..400 {
        let kind = (dice.roll() * 14.0) as usize;
        if kind < LISTS.len() {
            zones.push((rect(400.0 * f64::from(place % 20), 400.0 * f64::from(place / 20), 400.0, 400.0), kind));
        }
    }
    // No edge within 5 m of a border: strips are another matter.
    let sites: Vec<Rect<f64>> = std::iter::repeat_with(|| {
        let mut length = |most: f64| most * dice.roll();
        rect(length(7_000.0), length(7_000.0), 20.0 + length(700.0), 20.0 + length(700.0))
    })
    .filter(|site| {
        let off = |x: f64, origin: f64| ((x - origin + 5.0) % 400.0) > 10.0;
        [site.min().x, site.max().x].iter().all(|&x| off(x, ORIGIN[0]))
            && [site.min().y, site.max().y].iter().all(|&y| off(y, ORIGIN[1]))
    })
    .take(120)
    .collect();
    let polygons: Vec<Geometry<f64>> = sites.iter().map(|site| site.to_polygon().into()).collect();
    let written: Vec<(Rect<f64>, &str)> = zones.iter().map(|&(zone, kind)| (zone, LISTS[kind].0)).collect();
    let atlas = Atlas::from_layers("drawn".into(), vec![layer("plots", GeometryType::Polygon, &polygons), plan(&written)]);
    for (state, wanted) in [("allowed", "a"), ("conditional", "c"), ("forbidden", "f"), ("allowed-or-conditional", "ac")] {
        let answer =
            ask(&atlas, &format!("kind: zoning, plan: plan, destination: \"51\", state: {state}, value: {{ 0 %: 0, 100 %: 1 }}"));
        for (row, site) in sites.iter().enumerate() {
            let common = |zone: &Rect<f64>| {
                let side = |low: f64, high: f64| (high - low).max(0.0);
                side(site.min().x.max(zone.min().x), site.max().x.min(zone.max().x))
                    * side(site.min().y.max(zone.min().y), site.max().y.min(zone.max().y))
            };
            let (mut yes, mut no) = (0.0, 0.0);
            for (zone, kind) in &zones {
                match LISTS[*kind].1 {
                    Some(says) if wanted.contains(says) => yes += common(zone),
                    Some(_) => no += common(zone),
                    None => {}
                }
            }
            let whole = site.width() * site.height();
            let finding = found(&answer, &row.to_string());
            if yes + no == 0.0 {
                assert!(finding.unknown.unwrap().contains("no plan says anything"), "{row}");
                continue;
            }
            let share = finding.value.as_f64().unwrap() / 100.0;
            assert!((share - yes / whole).abs() < 1e-6, "{row} {state}: {share} instead of {}", yes / whole);
            assert_eq!(finding.at_least, whole - yes - no > 1.0, "{row} {state}");
            let earned = finding.contribution_interval.unwrap_or([share, share]);
            assert!((earned[1] - (1.0 - no / whole)).abs() < 1e-6, "{row} {state}: {earned:?}");
        }
    }
}

#[test]
fn a_strip_along_a_border_turns_no_verdict() {
    let at = |sites: &[Rect<f64>], zones: &[(Rect<f64>, &str)], criterion: &str| {
        let polygons: Vec<Geometry<f64>> = sites.iter().map(|site| site.to_polygon().into()).collect();
        let layers = vec![layer("plots", GeometryType::Polygon, &polygons), plan(zones)];
        ask(&Atlas::from_layers("drawn".into(), layers), &format!("kind: zoning, plan: plan, destination: \"51\", {criterion}"))
    };
    let zones = [(rect(0.0, 0.0, 300.0, 300.0), "51///U"), (rect(300.0, 0.0, 300.0, 300.0), "//51/U")];
    // Plot and zone are precise to 1 m each, together to 1.41 m: 0 reaches 1 m into the next zone, 1 reaches 3 m, 2 lies 1 m
    // outside of all, 3 half outside.
    let sites = [
        rect(101.0, 100.0, 200.0, 100.0),
        rect(103.0, 100.0, 200.0, 100.0),
        rect(100.0, -1.0, 100.0, 100.0),
        rect(100.0, -50.0, 100.0, 100.0),
    ];
    let whole = at(&sites, &zones, "state: allowed, required: \"= 100 %\"");
    assert_eq!(verdicts(&whole), "02?3");
    assert!(!found(&whole, "0").borderline && !found(&whole, "2").borderline);
    assert_eq!(found(&whole, "0").witness.as_ref().unwrap().id, "0");
    let none = at(&sites, &zones, "state: forbidden, required: \"= 0 %\"");
    assert_eq!(verdicts(&none), "02?3", "nobody knows what is forbidden on half of 3");
    let mostly = at(&sites, &zones, "state: allowed, required: \">= 98.5 %\"");
    assert_eq!(verdicts(&mostly), "012?3");
    assert!(found(&mostly, "1").borderline);
    // Two plans that contradict each other say nothing.
    let twice = [zones[0], (rect(0.0, 0.0, 300.0, 150.0), "//51/U")];
    let answer = at(&[rect(100.0, 100.0, 100.0, 100.0)], &twice, "state: allowed, value: { 0 %: 0, 100 %: 1 }");
    assert_eq!((found(&answer, "0").value.as_f64().map(f64::round), found(&answer, "0").at_least), (Some(50.0), true));
    assert_eq!(answer.sites[0].score_interval.map(|score| (score * 100.0).round()), [50.0, 100.0]);

    let atlas = Atlas::from_layers("drawn".into(), vec![drawn("plots", false, "", "A", ""), plan(&zones)]);
    let says = |criterion: &str| told(&atlas, &format!("kind: zoning, {criterion}, required: \">= 90 %\""));
    assert!(says("plan: plan, destination: \"510\", state: allowed").contains("`510` is no code of a use; 51 is industry"));
    assert!(says("plan: plan, destination: \"51\", state: permitted").contains("`permitted`"));
    assert!(says("plan: plots, destination: \"51\", state: allowed").contains("`forbidden` is not a column of layer `plots`"));
    assert!(says("plan: plans, destination: \"51\", state: allowed").contains("did you mean `plan`?"));
}

/// Rows of a table; a cell that is not given is unknown.
fn table(id: &str, columns: &str, rows: &[Vec<(&str, Value)>]) -> Layer {
    let features = (0..rows.len()).map(|row| (row.to_string(), None)).collect();
    let filled = with_cells(id, columns, features, |row, column, _| {
        rows[row.parse::<usize>().unwrap()].iter().find(|(name, _)| *name == column).map(|(_, value)| value.clone())
    });
    let mut entry = filled.entry().clone();
    entry.definition.geometry = GeometryType::None;
    let columns = filled.definition().columns.iter().map(|(name, column)| {
        let mut values = emprise::layer::value::ValuesBuilder::new(column.kind);
        filled.rows().for_each(|row| values.push(filled.value(name, row)));
        values.finish()
    });
    let columns = columns.collect();
    let mut shapes = Shapes::default();
    rows.iter().for_each(|_| {
        shapes.push_geometry(None);
    });
    Layer::new(entry, (0..rows.len()).map(|row| row.to_string()).collect(), columns, shapes)
}

const JOBS: &str = "
    columns.commune = { from = [\"c\"], type = \"text\" }
    columns.sector = { from = [\"s\"], type = \"text\" }
    columns.jobs = { from = [\"j\"], type = \"number\", unit = \"jobs\" }";

struct Land {
    atlas: Atlas,
    sites: Vec<Geometry<f64>>,
    communes: Vec<Rect<f64>>,
    /// Commune, sector, jobs.
    rows: Vec<(String, &'static str, Option<f64>)>,
}

/// 64 communes of 1 km in four counties of 4 km, and jobs in most of them by sector; the last commune lies on Réunion.
fn land(dice: &mut Dice) -> Land {
    let sites = plots(dice, 90);
    let square = |place: i32| rect(1_000.0 * f64::from(place % 8), 1_000.0 * f64::from(place / 8), 1_000.0, 1_000.0);
    let mut communes: Vec<Rect<f64>> = (0..64).map(square).collect();
    communes.push(Rect::new((60_350_000.0, 7_650_000.0), (60_351_000.0, 7_651_000.0)));
    let counties: Vec<Geometry<f64>> = (0..4)
        .map(|place| rect(4_000.0 * f64::from(place % 2), 4_000.0 * f64::from(place / 2), 4_000.0, 4_000.0).to_polygon().into())
        .collect();
    let mut rows: Vec<(String, &str, Option<f64>)> = Vec::new();
    for commune in (0..64).filter(|commune| commune % 9 != 4) {
        for sector in ["food", "cars", "shops"] {
            if dice.roll() < 0.7 {
                let jobs = (dice.roll() < 0.97).then(|| (dice.roll() * 300.0).floor());
                rows.push((commune.to_string(), sector, jobs));
            }
        }
    }
    rows.push(("abroad".into(), "food", Some(500.0)));
    let cells: Vec<Vec<(&str, Value)>> = rows
        .iter()
        .map(|(commune, sector, jobs)| {
            let known = jobs.map(|jobs| ("jobs", Value::Number(jobs)));
            [("commune", Value::Text(commune.clone())), ("sector", Value::Text((*sector).into()))]
                .into_iter()
                .chain(known)
                .collect()
        })
        .collect();
    let polygons: Vec<Geometry<f64>> = communes.iter().map(|commune| commune.to_polygon().into()).collect();
    let kinds = "columns.kind = { from = [\"k\"], type = \"text\" }";
    let stops = (0..200).map(|row| {
        let [x, y] = anywhere(dice);
        (row.to_string(), Some(Point::new(x, y).into()))
    });
    let stops = with_cells("stops", kinds, stops.collect(), |id, _, _| {
        let row: usize = id.parse().unwrap();
        (!row.is_multiple_of(10)).then(|| Value::Text(format!("kind {}", row % 23)))
    });
    let layers = vec![
        layer("plots", GeometryType::Polygon, &sites),
        layer("communes", GeometryType::Polygon, &polygons),
        layer("counties", GeometryType::Polygon, &counties),
        table("jobs", JOBS, &cells),
        stops,
    ];
    Land { atlas: Atlas::from_layers("drawn".into(), layers), sites, communes, rows }
}

fn centre(geometry: &Geometry<f64>) -> Point<f64> {
    use geo::Centroid;
    geometry.centroid().unwrap()
}

/// Which of the four counties a point lies in; none where it lies outside of all.
fn county(point: Point<f64>) -> Option<usize> {
    let [column, row] = [(point.x() - ORIGIN[0]) / 4_000.0, (point.y() - ORIGIN[1]) / 4_000.0];
    ((0.0..2.0).contains(&column) && (0.0..2.0).contains(&row)).then(|| column as usize + 2 * (row as usize))
}

impl Land {
    /// Communes whose middle is within a radius of a site.
    fn within(&self, site: &Geometry<f64>, radius: f64) -> Vec<usize> {
        let near = |commune: &Rect<f64>| apart(site, &Geometry::Point(commune.center().into())) <= radius;
        (0..self.communes.len()).filter(|&commune| near(&self.communes[commune])).collect()
    }

    fn beside(&self, site: &Geometry<f64>) -> Option<Vec<usize>> {
        let own = county(centre(site))?;
        Some((0..64).filter(|&commune| county(self.communes[commune].center().into()) == Some(own)).collect())
    }

    /// Jobs of a sector (all with ""), and whether some are not said.
    fn jobs(&self, communes: &[usize], sector: &str) -> (f64, bool) {
        let own = |commune: &str| commune.parse().is_ok_and(|commune| communes.contains(&commune));
        let rows = || self.rows.iter().filter(|row| own(&row.0) && row.1.contains(sector));
        (rows().filter_map(|row| row.2).sum(), rows().any(|row| row.2.is_none()))
    }
}

#[test]
fn joined_sums_are_what_a_plain_computation_says() {
    let mut dice = Dice(12);
    let land = land(&mut dice);
    let sum = |more: &str| {
        ask(
            &land.atlas,
            &format!("kind: sum, of: communes, table: jobs, key: commune, field: jobs, {more}, value: {{ 0: 0, 9000: 1 }}"),
        )
    };
    let around = sum("where: \"sector = 'food'\", radius: 2 km, at: centre");
    let beside = sum("in: counties");
    let strict = sum("absent: unknown, in: counties");
    for (row, site) in land.sites.iter().enumerate() {
        let id = row.to_string();
        let same = |answer: &Answer, (jobs, part): (f64, bool)| {
            assert_eq!((found(answer, &id).value.as_f64(), found(answer, &id).at_least), (Some(jobs), part), "{id}");
        };
        same(&around, land.jobs(&land.within(site, 2_000.0), "food"));
        match land.beside(site) {
            None => assert_eq!(found(&beside, &id).unknown, Some("no feature of the layer holds the candidate")),
            Some(communes) => {
                same(&beside, land.jobs(&communes, ""));
                let named = |commune: &usize| land.rows.iter().any(|row| row.0 == commune.to_string());
                let (jobs, part) = land.jobs(&communes, "");
                same(&strict, (jobs, part || !communes.iter().all(named)));
            }
        }
    }
    assert_eq!(around.criteria[0].not_mapped, Some(1), "the jobs abroad");
    let sources: Vec<&str> = beside.sources.iter().map(|source| source.layer.as_str()).collect();
    assert_eq!(sources, ["communes", "counties", "jobs", "plots"]);

    // Of the flows into commune 0 and 1 (9 within 0, 5 from 1 to 0, 7 from abroad, 3 from nobody knows where), those from elsewhere.
    let flows = "columns.home = { from = [\"h\"], type = \"text\" }\ncolumns.work = { from = [\"w\"], type = \"text\" }\ncolumns.workers = { from = [\"n\"], type = \"number\" }";
    let flow = |home: Option<&str>, work: &str, workers: f64| {
        let text = |text: &str| Value::Text(text.to_owned());
        let known = home.map(|home| ("home", text(home)));
        [("work", text(work)), ("workers", Value::Number(workers))].into_iter().chain(known).collect::<Vec<_>>()
    };
    let rows = [
        flow(Some("0"), "0", 9.0),
        flow(Some("1"), "0", 5.0),
        flow(Some("x"), "0", 7.0),
        flow(None, "1", 3.0),
        flow(Some("0"), "1", 2.0),
    ];
    let corner = layer("plots", GeometryType::Polygon, &[rect(100.0, 100.0, 50.0, 50.0).to_polygon().into()]);
    let communes: Vec<Geometry<f64>> = land.communes[..3].iter().map(|commune| commune.to_polygon().into()).collect();
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![corner, layer("communes", GeometryType::Polygon, &communes), table("flows", flows, &rows)],
    );
    for (radius, expected) in [(100, (Some(12.0), false)), (1_200, (Some(14.0), true))] {
        let text = format!(
            "kind: sum, of: communes, table: flows, key: work, elsewhere: home, field: workers, radius: {radius} m, value: {{ 0: 0, 9: 1 }}"
        );
        let answer = ask(&atlas, &text);
        assert_eq!((found(&answer, "0").value.as_f64(), found(&answer, "0").at_least), expected);
    }

    // What was commune x has become part of commune 0: its 7 workers live where they work.
    let was = "columns.code = { from = [\"c\"], type = \"text\" }\ncolumns.successor = { from = [\"s\"], type = \"text\" }";
    let merged = vec![("code", Value::Text("x".to_owned())), ("successor", Value::Text("0".to_owned()))];
    let corner = layer("plots", GeometryType::Polygon, &[rect(100.0, 100.0, 50.0, 50.0).to_polygon().into()]);
    let communes = layer("communes", GeometryType::Polygon, &communes);
    let former = table("former-communes", was, &[merged]);
    let atlas = Atlas::from_layers("drawn".into(), vec![corner, communes, former, table("flows", flows, &rows)]);
    let within =
        "kind: sum, of: communes, table: flows, key: work, elsewhere: home, field: workers, radius: 100 m, value: { 0: 0, 9: 1 }";
    assert_eq!(found(&ask(&atlas, within), "0").value.as_f64(), Some(5.0));

    // Réunion is not in the table: nothing is known there.
    let far = layer(
        "far",
        GeometryType::Polygon,
        &[Rect::new((60_350_100.0, 7_650_100.0), (60_350_200.0, 7_650_200.0)).to_polygon().into()],
    );
    let communes: Vec<Geometry<f64>> = land.communes.iter().map(|commune| commune.to_polygon().into()).collect();
    let rows = table("jobs", JOBS, &[vec![("commune", Value::Text("3".into())), ("jobs", Value::Number(7.0))]]);
    let atlas = Atlas::from_layers("drawn".into(), vec![far, layer("communes", GeometryType::Polygon, &communes), rows]);
    let text = "emprise: 1\ncandidates: { layers: [far] }\ncriteria: { c: { kind: sum, of: communes, table: jobs, key: commune, field: jobs, radius: 1 km, required: \"<= 10\" } }";
    assert_eq!(verdicts(&answer(&atlas, text)), "?0");

    let says = |more: &str| told(&land.atlas, &format!("kind: sum, of: communes, required: \">= 1\", {more}"));
    assert!(says("table: jobs, field: jobs, radius: 1 km").contains("belong together"));
    assert!(says("table: jobs, key: comune, field: jobs, radius: 1 km").contains("did you mean `commune`?"));
    assert!(says("table: jobs, key: jobs, field: jobs, radius: 1 km").contains("holds no texts"));
    assert!(says("table: jobs, key: commune, field: sector, radius: 1 km").contains("holds no numbers"));
    assert!(says("table: plots, key: commune, field: jobs, radius: 1 km").contains("`plots` is no table"));
    assert!(says("table: jobs, key: commune, field: jobs").contains("write how far to look"));
    assert!(says("table: jobs, key: commune, field: jobs, radius: 1 km, in: counties").contains("not both"));
    assert!(says("table: jobs, key: commune, field: jobs, at: centre, in: counties").contains("leave it out"));
    assert!(
        says("table: jobs, key: commune, field: jobs, where: \"sectr = 'x'\", radius: 1 km").contains("did you mean `sector`?")
    );
    let two = "kind: sum, of: [communes, counties], table: jobs, key: commune, field: jobs, radius: 1 km, required: \">= 1\"";
    assert!(told(&land.atlas, two).contains("ids of one layer"));
}

#[test]
fn distinct_counts_are_what_a_plain_computation_says() {
    let mut dice = Dice(13);
    let land = land(&mut dice);
    let stops = land.atlas.view(&Rights::All).layer("stops").unwrap();
    let count = |more: &str| ask(&land.atlas, &format!("kind: count, of: stops, {more}, value: {{ 0: 0, 30: 1 }}"));
    let (near, beside, all) =
        (count("distinct: kind, radius: 700 m"), count("in: counties, distinct: kind"), count("in: counties"));
    let stop = |row: u32| Point::new(stops.bounds(row).min[0], stops.bounds(row).min[1]);
    for (row, site) in land.sites.iter().enumerate() {
        let id = row.to_string();
        let distinct = |rows: &[u32]| {
            let kinds: std::collections::BTreeSet<u32> = rows.iter().filter(|&&row| row % 10 != 0).map(|row| row % 23).collect();
            let unsaid = rows.iter().filter(|&&row| row % 10 == 0).count();
            (Some((kinds.len().max(unsaid.min(1))) as f64), if kinds.is_empty() { unsaid > 1 } else { unsaid > 0 })
        };
        let shown = |answer: &Answer| (found(answer, &id).value.as_f64(), found(answer, &id).at_least);
        let within: Vec<u32> = stops.rows().filter(|&row| apart(site, &stop(row).into()) <= 700.0).collect();
        assert_eq!(shown(&near), distinct(&within), "{id}");
        let Some(own) = county(centre(site)) else { continue };
        let within: Vec<u32> = stops.rows().filter(|&row| county(stop(row)) == Some(own)).collect();
        assert_eq!(shown(&beside), distinct(&within), "{id}");
        assert_eq!(shown(&all), (Some(within.len() as f64), false), "{id}");
    }
    assert!(told(&land.atlas, "kind: count, of: stops, distinct: kinds, radius: 1 km, required: \">= 1\"").contains("`kind`?"));
}

#[test]
fn specificities_are_what_a_plain_computation_says() {
    let mut dice = Dice(14);
    let land = land(&mut dice);
    let ask = |more: &str| {
        ask(
            &land.atlas,
            &format!(
                "kind: specificity, of: communes, table: jobs, key: commune, field: jobs, sector: \"sector = 'food'\", {more}"
            ),
        )
    };
    let whole = ask("radius: 1500 m, at: centre, required: \">= 1\"");
    let whole_all = ask("radius: 1500 m, at: centre, value: { 0: 0, 3: 1 }");
    let rest = ask("in: counties, against: rest, value: { 0: 0, 3: 1 }");
    let total = |sector: &str| land.rows.iter().filter(|row| row.1.contains(sector)).filter_map(|row| row.2).sum::<f64>();
    let mut unsure = 0;
    for (row, site) in land.sites.iter().enumerate() {
        let id = row.to_string();
        let expected = |communes: &[usize], against_rest: bool| -> Option<f64> {
            let ((own, part), (all, part_of_all)) = (land.jobs(communes, "food"), land.jobs(communes, ""));
            let (sector, everything) =
                if against_rest { (total("food") - own, total("") - all) } else { (total("food"), total("")) };
            (!part && !part_of_all && all > 0.0).then(|| (own / all) / (sector / everything))
        };
        let same = |answer: &Answer, expected: Option<f64>| {
            let shown = found(answer, &id).value.as_f64();
            assert!(
                shown.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-12) && shown.is_some() == expected.is_some(),
                "{id}: {shown:?} {expected:?}"
            );
        };
        let near = land.within(site, 1_500.0);
        same(&whole_all, expected(&near, false));
        if let Some(communes) = land.beside(site) {
            same(&rest, expected(&communes, true));
        }
        let (own, _) = land.jobs(&near, "food");
        let few = whole.sites.iter().chain(&whole.undecided_sites).find(|site| site.id == id);
        if let (Some(quotient), Some(few), true) = (expected(&near, false), few, own > 0.0 && own < 20.0) {
            let factor = (1.96 / own.sqrt()).exp();
            assert_eq!(few.findings[0].borderline, (quotient - 1.0).abs() < quotient * (factor - 1.0));
            unsure += 1;
        }
    }
    assert!(whole.requirements[0].borderline >= unsure);
    assert!(whole.sites.len() > 5 && whole.sites.len() < 85, "{}", whole.sites.len());
}

#[test]
fn what_the_zone_has_is_asked_of_its_plots() {
    let zones = "
        columns.gas = { from = [\"g\"], type = \"boolean\" }
        columns.label = { from = [\"l\"], type = \"text\", values = { g = \"green\", n = \"none\" } }";
    let names = "columns.zone = { from = [\"z\"], type = \"text\" }";
    let map = "
        m m m . n n
        m m m . n n";
    let atlas = Atlas::from_layers(
        "drawn".into(),
        vec![
            drawn("plots", false, names, ". A . B . .\nD . . . C .", "A: zone=n\nB: zone=m\nC: zone=q"),
            drawn("zones", false, zones, map, "m: gas=true, label=green\nn: gas=false"),
        ],
    );
    let of = |more: &str, required: &str| ask(&atlas, &format!("kind: attribute, from: zones, {more}, required: \"{required}\""));
    let held = of("column: gas", "= true");
    assert_eq!(verdicts(&held), "AD?B", "B lies between the zones");
    assert_eq!(found(&held, "B").unknown, Some("no feature of the layer holds the candidate"));
    assert_eq!(found(&held, "A").witness.as_ref().unwrap().id, "m");
    let named = of("column: gas, by: zone", "= true");
    assert_eq!(verdicts(&named), "B?CD");
    assert_eq!(found(&named, "C").unknown, Some("the feature that the candidate names is not in the layer"));
    assert_eq!(found(&named, "D").unknown, Some("the source leaves this cell empty"));
    assert_eq!(verdicts(&of("column: label", "= green")), "AD?BC", "nobody labelled n");

    let says = |criterion: &str| told(&atlas, &format!("kind: attribute, {criterion}"));
    assert!(
        says("from: zones, column: gaz, required: \"= true\"")
            .contains("`gaz` is not a column of layer `zones`; did you mean `gas`?")
    );
    assert!(says("from: zones, column: label, required: \"= gren\"").contains("never says `gren`; did you mean `green`?"));
    assert!(says("from: zones, by: zon, column: gas, required: true").contains("did you mean `zone`?"));
    assert!(says("by: zone, column: zone, required: \"= m\"").contains("write `from:`"));
    assert!(says("from: zone, column: gas, required: true").contains("did you mean `zones`?"));
}

/// The program on the fixtures: the answer to a specification, as JSON.
struct Fixtures(tempfile::TempDir);

impl Fixtures {
    fn ingest() -> Fixtures {
        let fixtures = Fixtures(tempfile::tempdir().unwrap());
        fixtures.run(&["ingest", "--out", fixtures.folder(), "fixtures/data"]);
        fixtures
    }

    fn folder(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let program = std::process::Command::new(env!("CARGO_BIN_EXE_emprise")).args(arguments).output().unwrap();
        assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
        String::from_utf8(program.stdout).unwrap()
    }

    fn site(&self, spec: &str) -> serde_json::Value {
        serde_json::from_str(&self.run(&["site", spec, "--data", self.folder(), "--json"])).unwrap()
    }
}

fn listed(answer: &serde_json::Value) -> Vec<serde_json::Value> {
    ["sites", "undecided_sites"].iter().flat_map(|list| answer[list].as_array().unwrap().clone()).collect()
}

/// What industrialists ask for, said with the kinds there are; each is known for some site of the drawn territory.
const WISHES: &str = r#"
emprise: 1
limit: 1000
candidates: { layers: [business-plots, brownfields] }
criteria:
  junction: { kind: proximity, to: motorway-junctions, where: "kind = 'full'", value: { 0 km: 1, 50 km: 0 } }
  siding: { kind: proximity, to: rail-sidings, where: "state = 'good'", value: { 0 km: 1, 50 km: 0 } }
  freight station: { kind: proximity, to: stations, where: "freight = TRUE", value: { 0 km: 1, 50 km: 0 } }
  TGV: { kind: proximity, to: stations, where: "tgv = TRUE", value: { 0 km: 1, 50 km: 0 } }
  airport: { kind: proximity, to: airports, where: "scheduled = TRUE AND kind IN ('large', 'medium')", value: { 0 km: 1, 50 km: 0 } }
  port: { kind: proximity, to: ports, value: { 0 km: 1, 50 km: 0 } }
  substation: { kind: proximity, to: substations, where: "voltage >= 225 AND state = 'in service'", value: { 0 km: 1, 50 km: 0 } }
  next substations: { kind: proximity, to: substations, k: 3, value: { 0 km: 1, 50 km: 0 } }
  station on the line: { kind: proximity, to: stations, through: railway-lines, gap: 50 m, value: { 0 km: 1, 50 km: 0 } }
  price: { kind: attribute, column: price, value: { 10 EUR/m2: 1, 100 EUR/m2: 0 } }
  owner: { kind: attribute, column: owner, value: { commune: 1, intercommunality: 1, private person: 0 } }
  turnkey: { kind: attribute, column: turnkey, value: { true: 1, false: 0 } }
  water: { kind: attribute, from: business-zones, by: zone, column: drinking-water, value: { true: 1, false: 0 } }
  gas: { kind: attribute, from: business-zones, by: zone, column: gas, value: { true: 1, false: 0 } }
  electricity: { kind: attribute, from: business-zones, by: zone, column: electricity, value: { true: 1, false: 0 } }
  fibre: { kind: attribute, from: business-zones, column: fibre, value: { true: 1, false: 0 } }
  sewerage: { kind: attribute, from: business-zones, column: sewerage, value: { true: 1, false: 0 } }
  date: { kind: availability, asked: 2026-11-22, value: { 2027-01-01: 1, 2031-01-01: 0 }, delays: [{ near: [natura2000-habitats, natura2000-birds], within: 500 m, months: 9 }] }
  brownfield first: { kind: layer, value: { brownfields: 1, business-plots: 0.5 } }
  charging power: { kind: sum, of: charging-points, field: power, radius: 5 km, value: { 0 kW: 0, 1 MW: 1 } }
  charging stations: { kind: count, of: charging-points, distinct: station, radius: 5 km, value: { 0: 0, 20: 1 } }
  carpool places: { kind: count, of: carpool-places, where: "open = TRUE", in: epci, value: { 0: 0, 20: 1 } }
  arriving: { kind: sum, of: communes, table: commuting-flows, key: workplace, field: workers, elsewhere: home, radius: 20 km, at: centre, value: { 0: 0, 50000: 1 } }
  residents at work: { kind: sum, of: communes, field: residents-at-work, in: epci, value: { 0: 0, 50000: 1 } }
  industry: { kind: specificity, of: communes, table: establishments, key: commune, field: employees, sector: "sector = 'industry'", in: epci, value: { 0: 0, 2: 1 } }
  strict risk: { kind: overlap, with: risk-plans, where: "rule = 'strictly forbidden'", value: { 0 %: 1, 50 %: 0 } }
  protected: { kind: clearance, from: protected-sites, value: { 0 m: 0, 500 m: 1 } }
  industry allowed: { kind: zoning, plan: zoning-plans, destination: "51", state: allowed, value: { 0 %: 0, 100 %: 1 } }
  land: { kind: area, required: "> 0 ha" }
"#;

#[test]
fn what_industrialists_ask_for_can_be_said() {
    let fixtures = Fixtures::ingest();
    let file = fixtures.0.path().join("wishes.yaml");
    std::fs::write(&file, WISHES).unwrap();
    let answer = fixtures.site(file.to_str().unwrap());
    let sites = listed(&answer);
    for (place, criterion) in answer["criteria"].as_array().unwrap().iter().enumerate() {
        let known = sites.iter().filter(|site| !site["findings"][place]["value"].is_null()).count();
        assert!(known > 0, "{criterion}: nothing is known of any site");
    }
    let arriving = answer["criteria"].as_array().unwrap().iter().find(|head| head["name"] == "arriving").unwrap();
    assert!(arriving["not_mapped"].as_u64() > Some(0), "people who work out of the territory are counted apart: {arriving}");

    // The shipped templates find sites, or sites of which too little is known; in both languages the same ones.
    for [english, french] in [
        ["battery-gigafactory", "gigafactory-batteries"],
        ["small-workshop", "petit-atelier"],
        ["food-plant", "usine-agroalimentaire"],
        ["data-centre", "centre-de-donnees"],
        ["chemical-plant", "usine-chimique"],
        ["logistics-platform", "plateforme-logistique"],
    ] {
        let [one, other] = [english, french].map(|name| fixtures.site(&format!("specs/{name}.yaml")));
        let findings = |answer: &serde_json::Value| {
            let mut rows: Vec<(String, Vec<String>)> = listed(answer)
                .iter()
                .map(|site| {
                    let values =
                        site["findings"].as_array().unwrap().iter().map(|finding| finding["value"].to_string()).collect();
                    (site["id"].to_string(), values)
                })
                .collect();
            rows.sort();
            rows
        };
        assert!(!listed(&one).is_empty(), "{english} finds nothing at all");
        assert_eq!(findings(&one), findings(&other), "{english} and {french}");
    }
}
