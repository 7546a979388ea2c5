//! What a specification means in a snapshot: names found, units checked, filters bound. After this nothing can fail.
//!
//! A layer that the caller may not see is answered exactly as one that does not exist: only the view is asked.

use std::sync::Arc;

use crate::atlas::Layer;
use crate::atlas::filter::BindError;
use crate::geometry::scale::Metric;
use crate::geometry::territory::FARTHEST_M;
use crate::geometry::units::{Dimension, Quantity, Unit, UnitError};
use crate::layer::catalogue::suggestion;
use crate::layer::filter::{FilterError, Operator};
use crate::siting::context::{Context, Part};
use crate::siting::criteria::Measure;
use crate::siting::criteria::net::NetLand;
use crate::siting::land::{Choice, Land, key};
use crate::siting::memo::Memo;
use crate::siting::ranking::pairwise::Consistency;
use crate::siting::ranking::weights::{Weighed, WeightsError, weigh};
use crate::siting::ranking::{Points, shares};
use crate::siting::requirement::{Requirement, requirements};
use crate::siting::rule::{Condition, Rule, Words};
use crate::siting::scale::Scale;
use crate::siting::spec::Spec;
use crate::siting::spec::criterion::Measured as Written;
use crate::siting::spec::method::Method;
use crate::siting::spec::required::{Comparison, Operand, Required};
use crate::siting::spec::value::Breakpoints;
use crate::siting::within::PlaceError;
use crate::siting::worth::ValueFunction;

/// A specification with everything found.
#[derive(Debug)]
pub struct Resolved<'v> {
    pub choice: Choice<'v>,
    /// Says which features are candidates, for the memo.
    pub chosen: String,
    pub metric: Metric,
    pub limit: usize,
    pub method: Method,
    /// Of the comparisons that the weights come from.
    pub consistency: Option<Consistency>,
    /// All that is measured, in written order.
    pub criteria: Vec<Criterion<'v>>,
    /// What must hold, in written order.
    pub requirements: Vec<Requirement>,
}

/// One criterion with everything found.
#[derive(Debug)]
pub struct Criterion<'v> {
    /// In a group, after the group's name and a `/`.
    pub name: String,
    pub measure: Measure<'v>,
    /// Says all that the measure depends on besides the site, for the memo.
    pub definition: String,
    pub scale: Scale,
    /// In which readings are shown: as the writer wrote.
    pub unit: Option<Unit>,
    pub rule: Option<Rule>,
    /// The requirement as written, for the answer.
    pub required: Option<String>,
    pub value: Option<ValueFunction>,
    pub share: Points,
    /// Beyond this many metres a distance changes neither the rule's answer, nor whether it is borderline, nor the worth.
    pub reach_m: f64,
}

/// Finds everything that a specification names.
///
/// # Errors
/// One sentence with the criterion, the culprit, and the nearest name known to the caller where one helps.
pub fn resolve<'l>(land: &'l Land<'_>, memo: &Memo) -> Result<Resolved<'l>, ResolveError> {
    resolve_with(land, memo, None)
}

/// As [`resolve`], with one layer more after the candidate layers, none of whose features are chosen.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_with<'l>(land: &'l Land<'_>, memo: &Memo, besides: Option<&'l Layer>) -> Result<Resolved<'l>, ResolveError> {
    let (spec, view) = (land.spec, land.view());
    let context =
        Context { view, part: Part::Candidates, candidates: &[], in_m2: false, metric: spec.metric, memo, net_land: None };
    let mut choice = land.candidates(&context)?;
    choice.layers.extend(besides.map(|layer| (layer, None)));
    let layers: Vec<&Layer> = choice.layers.iter().map(|(layer, _)| *layer).collect();
    let buildable = spec.buildable.as_ref().map(|block| block.resolve(&Context { part: Part::Buildable, ..context }));
    let net_land = buildable.transpose()?.map(Arc::new);
    let (criteria, consistency) = criteria(spec, &Context { candidates: &layers, net_land: net_land.as_ref(), ..context })?;
    let requirements = requirements(&spec.criteria);
    Ok(Resolved {
        choice,
        chosen: key(spec),
        metric: spec.metric,
        limit: spec.limit as usize,
        method: spec.method,
        consistency,
        criteria,
        requirements,
    })
}

fn criteria<'v>(spec: &Spec, context: &Context<'_, 'v>) -> Result<(Vec<Criterion<'v>>, Option<Consistency>), ResolveError> {
    let written = spec.criteria.measured();
    let valued: Vec<(&str, &Written)> =
        written.iter().filter(|(_, written)| written.value.is_some()).map(|(name, written)| (name.as_str(), *written)).collect();
    let Weighed { weights, consistency } = weighed(spec, &valued)?;
    let named: Vec<(&str, f64)> = valued.iter().map(|(name, _)| *name).zip(weights).collect();
    let mut shares = shares(&named).into_iter();
    let mut found = Vec::new();
    for (name, written) in &written {
        let share = written.value.as_ref().and_then(|_| shares.next()).unwrap_or_default();
        let context = Context { part: Part::Criterion(name), in_m2: asks_for_area(written), ..*context };
        found.push(criterion(&context, name, written, share)?);
    }
    contradictions(spec, &found)?;
    Ok((found, consistency))
}

/// The weights of the criteria with a value function, as each has its own or as the block gives them.
fn weighed(spec: &Spec, valued: &[(&str, &Written)]) -> Result<Weighed, ResolveError> {
    let Some(block) = &spec.weights else {
        let weights: Vec<f64> = valued.iter().map(|(_, written)| written.weight.unwrap_or(1.0)).collect();
        return match !weights.is_empty() && weights.iter().all(|&weight| weight == 0.0) {
            true => Err(ResolveError::Weightless),
            false => Ok(Weighed { weights, consistency: None }),
        };
    };
    match valued.iter().find(|(_, written)| written.weight.is_some()) {
        Some((name, _)) => Err(ResolveError::WeighedTwice { name: (*name).to_owned() }),
        None => Ok(weigh(block, &valued.iter().map(|(name, _)| *name).collect::<Vec<_>>())?),
    }
}

fn criterion<'v>(context: &Context<'_, 'v>, name: &str, written: &Written, share: Points) -> Result<Criterion<'v>, ResolveError> {
    let measure = written.kind.resolve(context)?;
    let scale = measure.scale();
    if scale == Scale::Words {
        quantities(written).try_for_each(|word| written.kind.check_word(context, word))?;
    }
    let rule = written.required.as_ref().map(|required| rule(context, &measure, required)).transpose()?;
    let value = written.value.as_ref().map(|points| value(context, &measure, points)).transpose()?;
    let tolerance_m = match &measure {
        Measure::Nearest(search) => search.targets().greatest_tolerance(context.candidates),
        _ => 0.0,
    };
    let reach_m = reach(rule.as_ref(), value.as_ref(), tolerance_m);
    let metric = if context.metric == Metric::Plane { " in the plane" } else { "" };
    Ok(Criterion {
        name: name.to_owned(),
        definition: written.kind.definition(context.in_m2) + measure.net().map_or("", NetLand::definition) + metric,
        unit: unit(scale, written),
        required: written.required.as_ref().map(Required::to_string),
        measure,
        scale,
        rule,
        value,
        share,
        reach_m,
    })
}

/// How far the rule and the value function look.
fn reach(rule: Option<&Rule>, value: Option<&ValueFunction>, tolerance_m: f64) -> f64 {
    // Farther than a rule's upper end the candidate is out, whatever the worth.
    let by_rule = rule.and_then(Rule::upper_end);
    let both = || {
        let ends = [rule.and_then(Rule::last_threshold), value.and_then(ValueFunction::last_breakpoint)];
        ends.into_iter().flatten().reduce(f64::max)
    };
    // A little more than the tolerance: what lies beyond must not seem within it, once tolerances are rounded to be kept.
    let beyond = |end: f64| (end + tolerance_m * (1.0 + 1e-6)).clamp(0.0, FARTHEST_M);
    by_rule.or_else(both).map_or(FARTHEST_M, beyond)
}

/// The quantities of a criterion as written: those of its requirement, then its breakpoints.
fn quantities(written: &Written) -> impl Iterator<Item = &str> {
    let comparisons = written.required.iter().flat_map(|required| &required.0);
    let operands = comparisons.flat_map(|comparison| match comparison {
        Comparison::Compared(_, operand) => std::slice::from_ref(operand),
        Comparison::In { operands, .. } => operands,
    });
    let breakpoints = written.value.iter().flat_map(|points| &points.0).map(|(at, _)| at.as_str());
    operands.map(|operand| operand.0.as_str()).chain(breakpoints)
}

fn asks_for_area(written: &Written) -> bool {
    let unit = |text: &str| text.parse::<Quantity>().ok().and_then(|quantity| quantity.unit);
    quantities(written).filter_map(unit).any(|unit| unit.dimension() == Dimension::Area)
}

/// The first unit written, or the measure's own.
fn unit(scale: Scale, written: &Written) -> Option<Unit> {
    let Scale::Number(own) = scale else { return None };
    quantities(written).find_map(|text| scale.read(text).ok().and_then(|(_, unit)| unit)).or(own)
}

fn rule(context: &Context<'_, '_>, measure: &Measure<'_>, required: &Required) -> Result<Rule, ResolveError> {
    let scale = measure.scale();
    if scale == Scale::Words {
        let lists = required.0.iter().map(|comparison| words(context, comparison)).collect::<Result<_, _>>()?;
        return Ok(Rule::of_words(lists, measure.words()));
    }
    let number = |operand: &Operand| {
        scale.read(&operand.0).map(|(number, _)| number).map_err(|problem| context.scale("required", problem))
    };
    let condition = |comparison: &Comparison| {
        Ok(match comparison {
            Comparison::Compared(operator, operand) => Condition::Compared(*operator, number(operand)?),
            Comparison::In { not, operands } => {
                Condition::In { not: *not, numbers: operands.iter().map(number).collect::<Result<_, ResolveError>>()? }
            }
        })
    };
    required.0.iter().map(condition).collect::<Result<_, ResolveError>>().map(Rule::Numbers)
}

fn words(context: &Context<'_, '_>, comparison: &Comparison) -> Result<Words, ResolveError> {
    let list = |not, operands: &[Operand]| Words { not, words: operands.iter().map(|operand| operand.0.clone()).collect() };
    match comparison {
        Comparison::Compared(Operator::Equal, operand) => Ok(list(false, std::slice::from_ref(operand))),
        Comparison::Compared(Operator::Different, operand) => Ok(list(true, std::slice::from_ref(operand))),
        Comparison::In { not, operands } => Ok(list(*not, operands)),
        Comparison::Compared(operator, _) => Err(ResolveError::Unordered { place: context.place(), operator: operator.symbol() }),
    }
}

fn value(context: &Context<'_, '_>, measure: &Measure<'_>, points: &Breakpoints) -> Result<ValueFunction, ResolveError> {
    let scale = measure.scale();
    if scale == Scale::Words {
        return Ok(ValueFunction::of_words(&points.0, measure.words()));
    }
    let number = |text: &str| scale.read(text).map(|(number, _)| number).map_err(|problem| context.scale("value", problem));
    let mut read = points.0.iter().map(|(at, worth)| Ok((number(at)?, *worth))).collect::<Result<Vec<_>, ResolveError>>()?;
    if scale == Scale::Truth {
        read.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    if let Some(place) = read.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
        let [before, after] = [place, place + 1].map(|place| points.0[place].0.clone());
        return Err(ResolveError::Breakpoints { place: context.place(), before, after });
    }
    Ok(ValueFunction::Numbers(read))
}

/// Requirements on one measure that nothing can satisfy together, said before any work. Those of the first level must all hold;
/// inside groups each is looked at alone.
fn contradictions(spec: &Spec, found: &[Criterion<'_>]) -> Result<(), ResolveError> {
    let impossible = |criterion: &&Criterion<'_>| criterion.rule.as_ref().is_some_and(|rule| !rule.can_hold_with(&[]));
    if let Some(criterion) = found.iter().find(impossible) {
        return Err(ResolveError::Contradiction { name: criterion.name.clone(), required: criterion.required_text() });
    }
    let first_level = |criterion: &&Criterion<'_>| spec.criteria.0.iter().any(|(name, _)| *name == criterion.name);
    let firm: Vec<(&Criterion<'_>, &Rule)> =
        found.iter().filter(first_level).filter_map(|criterion| Some((criterion, criterion.rule.as_ref()?))).collect();
    for (place, (criterion, rule)) in firm.iter().enumerate() {
        let same = |other: &Criterion<'_>| other.definition == criterion.definition && other.scale == criterion.scale;
        if let Some((other, _)) = firm[..place].iter().find(|(other, others)| same(other) && !rule.can_hold_with(&[others])) {
            return Err(ResolveError::Contradictory {
                names: [other.name.clone(), criterion.name.clone()],
                required: [other.required_text(), criterion.required_text()],
            });
        }
    }
    Ok(())
}

impl Criterion<'_> {
    fn required_text(&self) -> String {
        self.required.clone().unwrap_or_default()
    }
}

/// A specification that means nothing in this snapshot.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResolveError {
    #[error("{place}: there is no layer `{id}`{}", suggestion(nearest))]
    Layer { place: String, id: String, nearest: Option<String> },
    #[error("{place}: no layer is named")]
    NoLayer { place: String },
    #[error("{place}: layer `{layer}` is a table and has no place on the ground")]
    Table { place: String, layer: String },
    #[error("{place}: `{column}` is not a column of {layers}{}", suggestion(nearest))]
    Column { place: String, column: String, layers: String, nearest: Option<String> },
    #[error("{place}: column `{column}` of layer `{layer}` holds no numbers")]
    NotANumber { place: String, column: String, layer: String },
    #[error("{place}: column `{column}` is of another type or unit in layer `{}` than in layer `{}`", layers[0], layers[1])]
    Types { place: String, column: String, layers: [String; 2] },
    #[error("{place}, where: {problem}")]
    Filter { place: String, problem: FilterError },
    #[error("{place}, where: {problem}")]
    Bind { place: String, problem: BindError },
    #[error("{place}, where: at character {position}, `{column}` is not a column of {layers}{}", suggestion(nearest))]
    FilterColumn { place: String, column: String, position: usize, layers: String, nearest: Option<String> },
    #[error("{place}: column `{column}` never says `{word}`{}", suggestion(nearest))]
    Word { place: String, column: String, word: String, nearest: Option<String> },
    #[error("{place}, {key}: {problem}")]
    Scale { place: String, key: &'static str, problem: ScaleError },
    #[error("{place}: the radius `{radius}` lies outside 0 to {} km", FARTHEST_M / 1000.0)]
    Radius { place: String, radius: String },
    #[error("buildable, {key}: `{length}` lies outside 0 to 10 km")]
    Setback { key: &'static str, length: String },
    #[error(
        "candidates, assemble: write an `area` above 0, a `gap` from 0 to 100 m, `plots` from 1 to {most_plots} and `owners: {{ by: a column, at-most: 1 or more }}`"
    )]
    Assemble { most_plots: u32 },
    #[error("{place}: the specification does not say what is buildable; write the block `buildable:` beside `criteria:`")]
    NoBuildable { place: String },
    #[error("{place}: the proportion {proportion} lies outside 1 to {most}; it is length to width")]
    Proportion { place: String, proportion: f64, most: u32 },
    #[error("{place}: k is {k}; it lies between 1 and {}", crate::siting::criteria::proximity::MAX_K)]
    K { place: String, k: u32 },
    #[error("{place}: `through` names what connects and `gap` the widest gap in it; write both, or neither")]
    Gap { place: String },
    #[error("{place}: write how far to look, `radius: 20 km`, or in which area, `in: epci`, and not both")]
    Where { place: String },
    #[error("{place}: `at` says where a radius ends; an area holds a feature or does not, so leave it out")]
    At { place: String },
    #[error("{place}: codes of a table are ids of one layer; name one")]
    OneLayer { place: String },
    #[error(
        "{place}: `table`, `key` (its column of ids), `absent` and `elsewhere` belong together; write the first two, or none of them"
    )]
    Join { place: String },
    #[error("{place}: layer `{layer}` is no table; its features have numbers of their own")]
    NotATable { place: String, layer: String },
    #[error("{place}: column `{column}` of layer `{layer}` holds no texts")]
    NotATextColumn { place: String, column: String, layer: String },
    #[error("{place}: `by` names features of another layer; write `from:`, which layer")]
    By { place: String },
    #[error("{place}: `{code}` is no code of a use; 51 is industry, 52 warehouse, 53 office, 50 all of these")]
    Destination { place: String, code: String },
    #[error("{place}: `{layer}` is not a layer of the candidates{}", suggestion(nearest))]
    NotACandidate { place: String, layer: String, nearest: Option<String> },
    #[error("{place}: {layers} says nothing of when land can be had; that needs a column `stage`, `servicing` or `status`")]
    NoStage { place: String, layers: String },
    #[error("{place}, months: no inventory says `{word}`{}", suggestion(nearest))]
    Stage { place: String, word: String, nearest: Option<String> },
    #[error("{place}, months: `{earlier}` comes before `{later}`, so it takes no less time")]
    Stages { place: String, earlier: String, later: String },
    #[error("{place}, required: words have no order, so `{operator}` says nothing; write =, <>, in [...] or not in [...]")]
    Unordered { place: String, operator: &'static str },
    #[error("{place}, value: `{before}` stands before `{after}`; write breakpoints from the smallest to the largest, each once")]
    Breakpoints { place: String, before: String, after: String },
    #[error("every weight is 0; give at least one criterion a weight above 0")]
    Weightless,
    #[error("criterion `{name}` has a `weight`, and `weights` stands beside the criteria; keep one of the two")]
    WeighedTwice { name: String },
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error("criterion `{name}`: nothing can be `{required}`")]
    Contradiction { name: String, required: String },
    #[error("criteria `{}` and `{}` contradict each other: nothing can be `{}` and `{}`", names[0], names[1], required[0], required[1])]
    Contradictory { names: [String; 2], required: [String; 2] },
    #[error("candidates, within: {0}")]
    Within(#[from] PlaceError),
}

/// A text that is no quantity of the measure's scale.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScaleError {
    #[error(transparent)]
    Quantity(UnitError),
    #[error("`{text}` is not {}: {written} measures {}, and {unit} is asked for", noun(unit.dimension()), noun(written.dimension()))]
    Dimension { text: String, written: Unit, unit: Unit },
    #[error("`{text}` has no unit; write its unit, such as `{text} {unit}`")]
    NoUnit { text: String, unit: Unit },
    #[error("`{0}` has a unit, but what is measured is a plain number; write it without a unit")]
    Unitless(String),
    #[error("`{0}` is not a date; write it as 2024-01-31")]
    Date(String),
    #[error("`{0}` is no truth value; write true or false")]
    Truth(String),
    #[error("`{0}` is a word, not a number")]
    Words(String),
}

fn noun(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Length => "a length",
        Dimension::Area => "an area",
        Dimension::Share => "a share",
        Dimension::Power => "a power",
        Dimension::Voltage => "a voltage",
        Dimension::Duration => "a duration",
        Dimension::Speed => "a speed",
        Dimension::Mass => "a mass",
        Dimension::Money => "a sum of money",
        Dimension::MoneyPerArea => "a price per area",
        Dimension::Count => "a count",
    }
}
