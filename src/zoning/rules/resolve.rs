//! Rules bound to the layers that a caller sees: nothing left that can fail.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

use super::rule::{Condition, Rule};
use super::{Rules, RulesError, Theme};
use crate::atlas::filter::{Absent, Bound, bind};
use crate::atlas::{Layer, View};
use crate::layer::catalogue::nearest;
use crate::layer::definition::{Role, Text, Visibility};
use crate::layer::shipped::shipped;
use crate::layer::uses::Lists;
use crate::layer::value::Values;

/// All that a check needs, made once for any number of plots.
#[derive(Debug)]
pub struct Rulebook<'v> {
    pub view: View<'v>,
    pub subjects: Vec<Subject<'v>>,
    pub territories: Vec<&'v Layer>,
    pub infrastructure: Vec<&'v Layer>,
    /// Whether a layer reaches into a territory: subject, layer in it, row of the territory.
    pub reached: Mutex<HashMap<(usize, usize, u32), bool>>,
}

/// A theme and its layers.
#[derive(Debug)]
pub struct Subject<'v> {
    pub theme: &'v Theme,
    pub layers: Vec<Bearing<'v>>,
    /// Layers of the theme that there are not, with their titles.
    pub absent: Vec<(&'v str, &'static Text)>,
    /// The territory layer by which coverage is told.
    pub covered_by: Option<&'v Layer>,
}

/// A layer whose features bear on land.
#[derive(Debug)]
pub struct Bearing<'v> {
    pub layer: &'v Layer,
    /// Of the theme as a whole.
    about: Option<Bound<'v>>,
    /// One per rule of the theme.
    filters: Vec<Option<Bound<'v>>>,
    pub regime: Option<&'v Values>,
    pub sheet: Option<&'v Values>,
    pub shown: Vec<(&'v str, &'v Values)>,
    pub lists: Option<Lists<'v>>,
}

impl Bearing<'_> {
    /// Whether the theme is about a feature, as far as the feature's columns say.
    pub fn may_be_about(&self, row: u32) -> bool {
        self.about.as_ref().is_none_or(|filter| filter.answer(row) != Some(false))
    }

    /// Whether a rule is about a feature; `None` where the feature's columns do not say.
    pub fn is_about(&self, rule: usize, row: u32) -> Option<bool> {
        self.filters[rule].as_ref().map_or(Some(true), |filter| filter.answer(row))
    }
}

impl Subject<'_> {
    /// How near counts in these départements: the farthest of what they set, else the theme's own.
    pub fn near_m(&self, departements: &[&str]) -> f64 {
        let local = departements.iter().filter_map(|code| self.theme.local.get(*code)).map(|local| local.near.0);
        local.reduce(f64::max).or(self.theme.near.map(|near| near.0)).unwrap_or(0.0)
    }

    /// As far as any rule looks.
    pub fn reach_m(&self, near_m: f64) -> f64 {
        let own = self.theme.rules.iter().filter_map(Rule::own_reach);
        own.map(|near| near.0).fold(near_m, f64::max)
    }
}

impl Rules {
    /// Binds the rules to the layers of a view. A theme of which the caller may see no layer, and whose layers the program does
    /// not come with either, does not exist for that caller.
    ///
    /// # Errors
    /// A filter or a column that a layer does not have.
    pub fn resolve<'v>(&'v self, view: View<'v>) -> Result<Rulebook<'v>, RulesError> {
        let subjects: Vec<Subject<'v>> = self.themes.iter().map(|theme| subject(theme, view)).collect::<Result<_, _>>()?;
        let subjects = subjects.into_iter().filter(|subject| !subject.layers.is_empty() || !subject.absent.is_empty()).collect();
        let of_role = |role: Role| view.layers().filter(move |layer| layer.definition().role == role).collect();
        Ok(Rulebook {
            view,
            subjects,
            territories: of_role(Role::Territory),
            infrastructure: of_role(Role::Infrastructure),
            reached: Mutex::default(),
        })
    }
}

/// Layers that everyone knows of: that one of these is missing may be told.
static PUBLIC_TITLES: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    let definitions = shipped().unwrap_or_default().into_iter();
    let public = definitions.filter(|layer| layer.visibility == Visibility::Public);
    public.map(|layer| (layer.id, layer.title)).collect()
});

fn subject<'v>(theme: &'v Theme, view: View<'v>) -> Result<Subject<'v>, RulesError> {
    let seen = theme.layers.iter().filter_map(|id| view.layer(id));
    let layers = seen.map(|layer| bearing(theme, layer)).collect::<Result<_, _>>()?;
    let missing = theme.layers.iter().filter(|id| view.layer(id).is_none());
    let absent = missing.filter_map(|id| Some((id.as_str(), PUBLIC_TITLES.get(id)?))).collect();
    let covered_by = theme.coverage.as_ref().and_then(|coverage| view.layer(&coverage.by));
    Ok(Subject { theme, layers, absent, covered_by })
}

fn bearing<'v>(theme: &'v Theme, layer: &'v Layer) -> Result<Bearing<'v>, RulesError> {
    // A theme of several layers may name columns that only some of them have; and the program's own rules are no reason to
    // refuse a layer that somebody defined anew with fewer columns.
    let alone = theme.own && theme.layers.len() == 1;
    let column = |name: &str| match layer.definition().column(name) {
        None if alone => Err(RulesError::Column {
            theme: theme.id.clone(),
            column: name.to_owned(),
            layer: layer.definition().id.clone(),
            nearest: nearest(name, layer.definition().columns.keys()),
        }),
        _ => Ok(layer.values(name)),
    };
    let about = filter(theme, "about", theme.about.as_ref(), layer, alone)?;
    let filters =
        theme.rules.iter().map(|rule| filter(theme, &rule.id, rule.when.as_ref(), layer, alone)).collect::<Result<_, _>>()?;
    let regime = theme.regime.as_ref().map(|regime| column(&regime.column)).transpose()?.flatten();
    let shown = theme.shown.iter().map(|name| Ok(column(name)?.map(|values| (name.as_str(), values))));
    let shown = shown.collect::<Result<Vec<_>, RulesError>>()?.into_iter().flatten().collect();
    let lists = match &theme.uses {
        None => None,
        Some(uses) => Some(Lists {
            allowed: column(&uses.allowed)?,
            conditional: column(&uses.conditional)?,
            forbidden: column(&uses.forbidden)?,
        }),
    };
    Ok(Bearing { layer, about, filters, regime, sheet: layer.values(&theme.sheet), shown, lists })
}

fn filter<'v>(
    theme: &Theme,
    rule: &str,
    condition: Option<&Condition>,
    layer: &'v Layer,
    alone: bool,
) -> Result<Option<Bound<'v>>, RulesError> {
    let Some(condition) = condition else { return Ok(None) };
    let absent = if alone { Absent::Error } else { Absent::Unknown };
    let bound = bind(&condition.0, &layer.definition().columns, |name| layer.values(name), absent);
    bound.map(Some).map_err(|error| RulesError::Bind {
        theme: theme.id.clone(),
        rule: rule.to_owned(),
        layer: layer.definition().id.clone(),
        error: Box::new(error),
    })
}
