//! Floor 4: what bears on a plot. The planner's check.
//!
//! In: a polygon of one territory ([`Plot`]), rules bound to the layers that the caller sees ([`Rulebook`]), a project as far as it is
//! known. Out: a [`Check`], in which every constraint inside or near stands by itself, with its area in common or its distance
//! edge to edge, its effect in a planner's words, its legal source and its data's. Once the plot is read, nothing can fail.
//!
//! - No label for a theme hides its features: all are listed, the strictest first.
//! - Nothing is ever said to be allowed; what is not known is to be checked, or not available.
//! - A boundary nearer than its source's precision decides nothing: the finding is borderline, and its rule to be checked.
//! - Areas of a theme are those of the union of its features.
//! - Rules, distances and legal references are files, not code: see [`rules`].
//!
//! In reading order: [`asked`], [`drawing`] and [`plot`] (what was asked about), [`project`], [`effect`], [`rules`], [`place`] (where a feature is),
//! [`judge`] and [`uses`] (what rules say of it), [`bearing`] (findings), [`themes`], [`coverage`], [`net`] (what is left to build on),
//! [`surroundings`], [`answer`],
//! [`geojson`], [`csv`], [`dossier`] (a page to print); [`each`] (many plots of a file); [`inventory`] (a zone, plot by plot).

pub mod answer;
pub mod asked;
pub mod bearing;
pub mod coverage;
pub mod csv;
pub mod dossier;
pub mod drawing;
pub mod each;
pub mod effect;
pub mod geojson;
pub mod inventory;
pub mod judge;
pub mod net;
pub mod place;
pub mod plot;
pub mod project;
pub mod rules;
pub mod surroundings;
pub mod themes;
pub mod uses;

pub use answer::Check;
pub use asked::Asked;
pub use plot::{Plot, PlotError};
pub use project::{Project, Terms};
pub use rules::{Rulebook, Rules};

use crate::geometry::projection::to_lon_lat;
use crate::geometry::territory::Frame;
use crate::layer::definition::Text;
use answer::{Duty, Finding, Gap, PlotFacts};
use bearing::Ground;
use effect::Effect;

/// What bears on a plot.
pub fn check<'v>(plot: &Plot<'_>, rulebook: &Rulebook<'v>, terms: &'v Terms) -> Check<'v> {
    #[expect(clippy::expect_used, reason = "only the wish to stop ends it, and here nobody has one")]
    check_while(plot, rulebook, terms, &|| true).expect("it goes on to the end")
}

/// What bears on a plot, as long as `go_on` says so; nothing once it does not.
///
/// 1. Where it is: territories, and so the distances that count there.
/// 2. Theme by theme: findings, their areas, what is missing.
/// 3. What the project owes anywhere, what is left to build on, and what is nearest.
pub fn check_while<'v>(
    plot: &Plot<'_>,
    rulebook: &Rulebook<'v>,
    terms: &'v Terms,
    go_on: &dyn Fn() -> bool,
) -> Option<Check<'v>> {
    let footprint = plot.footprint();
    let scale = terms.metric.around(footprint.bounds());
    let area_m2 = terms.metric.area_m2(footprint.shape());
    let ground = Ground { footprint, scale, area_m2, precision_m: plot.precision_m, go_on };

    let territories = surroundings::memberships(&ground, rulebook);
    let departements = surroundings::departements(rulebook, &territories);

    let (mut findings, mut themes, mut not_available) = (Vec::new(), Vec::new(), Vec::new());
    for (number, subject) in rulebook.subjects.iter().enumerate() {
        if !exists_here(subject.theme, &ground) {
            themes.push(themes::elsewhere(subject));
            continue;
        }
        let near_m = subject.near_m(&departements);
        let found = bearing::findings(&ground, subject, near_m, &terms.project);
        if !go_on() {
            return None;
        }
        let mut facts = themes::facts(&ground, subject, near_m, &found);
        let gaps = coverage::gaps(&ground, rulebook, number, &territories, area_m2 - facts.covered_m2);
        themes::weigh(&mut facts, &gaps);
        findings.extend(found);
        themes.push(facts);
        not_available.extend(gaps);
    }
    bearing::sort(&mut findings);

    let duties = duties(rulebook, &ground, &terms.project);
    let strictest = strictest(&findings, &duties, &not_available);
    Some(Check {
        snapshot: rulebook.view.snapshot_id().to_owned(),
        program: env!("CARGO_PKG_VERSION"),
        plot: plot_facts(plot, &ground),
        project: &terms.project,
        buildable: net::net(&ground, rulebook, &findings),
        strictest,
        weight: strictest.weight(),
        duties,
        sources: sources(rulebook, &findings),
        findings,
        themes,
        not_available,
        nearby: surroundings::nearby(&ground, rulebook),
        territories,
        reserve: Text { fr: RESERVE.0.to_owned(), en: RESERVE.1.to_owned() },
    })
}

const RESERVE: (&str, &str) = (
    "Information tirée de données publiées, sans valeur d'acte administratif ni de certificat d'urbanisme.",
    "Information drawn from published data: neither an administrative act nor a planning certificate.",
);

fn exists_here(theme: &rules::Theme, ground: &Ground<'_>) -> bool {
    let key = Frame::of_x(ground.footprint.bounds().centre()[0]).territory().key;
    theme.territories.is_empty() || theme.territories.iter().any(|known| known == key)
}

fn duties<'v>(rulebook: &Rulebook<'v>, ground: &Ground<'_>, project: &Project) -> Vec<Duty<'v>> {
    let here = rulebook.subjects.iter().filter(|subject| exists_here(subject.theme, ground));
    let of_theme = |subject| judge::duties(subject, project).into_iter().map(|rule| (subject.theme.id.as_str(), rule));
    let mut duties: Vec<Duty<'v>> = here.flat_map(of_theme).map(|(theme, rule)| Duty { theme, rule }).collect();
    duties.sort_by_key(|duty| duty.rule.effect);
    duties
}

fn strictest(findings: &[Finding<'_>], duties: &[Duty<'_>], gaps: &[Gap<'_>]) -> Effect {
    let found = findings.iter().map(|finding| finding.effect).chain(duties.iter().map(|duty| duty.rule.effect));
    let missing = gaps.iter().map(|_| Effect::NotAvailable);
    found.chain(missing).min().unwrap_or(Effect::NotConcerned)
}

fn plot_facts(plot: &Plot<'_>, ground: &Ground<'_>) -> PlotFacts {
    let bounds = ground.footprint.bounds();
    let corners = [bounds.min, [bounds.min[0], bounds.max[1]], bounds.max, [bounds.max[0], bounds.min[1]]].map(to_lon_lat);
    let least = |of: fn(&crate::geometry::territory::LonLat) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&crate::geometry::territory::LonLat) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    PlotFacts {
        label: plot.label.clone(),
        area_m2: ground.area_m2,
        metric: ground.scale.metric(),
        territory: Frame::of_x(bounds.centre()[0]).territory().key,
        bounds: [least(|at| at.lon), least(|at| at.lat), most(|at| at.lon), most(|at| at.lat)],
    }
}

/// Of every layer that a finding comes from.
fn sources<'v>(
    rulebook: &Rulebook<'v>,
    findings: &[Finding<'v>],
) -> std::collections::BTreeMap<&'v str, &'v crate::layer::definition::Source> {
    let layers = rulebook.subjects.iter().flat_map(|subject| &subject.layers).map(|bearing| bearing.layer.definition());
    let found = layers.filter(|definition| findings.iter().any(|finding| finding.layer == definition.id));
    found.map(|definition| (definition.id.as_str(), &definition.source)).collect()
}
