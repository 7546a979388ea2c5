//! What a map's colours mean.

use serde::Serialize;

use super::breaks::Method;
use super::colours::Ramp;
use super::map::{Choropleth, Source};
use super::{Normalise, Question};
use crate::layer::definition::Text;
use crate::layer::language::Language;
use crate::layer::table::Table;
use crate::layer::value::Value;
use crate::paper::numbers::{plain, unit_in, with_unit};
use crate::territory::Level;

#[derive(Debug, Serialize)]
pub struct Legend {
    pub indicator: String,
    pub title: Text,
    pub level: Level,
    pub unit: Option<&'static str>,
    pub normalise: Option<Normalise>,
    /// Of the divided number.
    pub unit_text: Text,
    #[serde(flatten)]
    pub method: Method,
    pub ramp: Ramp,
    pub classes: Vec<Class>,
    /// Areas in a class by what is known of them: they have its colour, and a hatch.
    pub at_least: usize,
    /// Areas of which nothing is known: hatched.
    pub missing: usize,
    pub hatch: Hatch,
    pub source: Source,
    pub geography: String,
}

#[derive(Debug, Serialize)]
pub struct Class {
    pub class: usize,
    /// Included.
    pub from: f64,
    /// Not included, but in the last class.
    pub to: f64,
    pub areas: usize,
    pub light: &'static str,
    pub dark: &'static str,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Hatch {
    pub light: &'static str,
    pub dark: &'static str,
}

/// The shipped sprite's.
pub const HATCH: Hatch = Hatch { light: "hatch-unknown", dark: "hatch-unknown-dark" };

impl Choropleth {
    pub fn legend(&self) -> Legend {
        let Question { indicator, level, method, normalise, ramp, .. } = &self.question;
        let count = self.counts.len();
        let colours = ramp.colours(count, false).into_iter().zip(ramp.colours(count, true));
        let class = |(class, (light, dark)): (usize, (&'static str, &'static str))| Class {
            class,
            from: self.bounds[class],
            to: self.bounds[class + 1],
            areas: self.counts[class],
            light,
            dark,
        };
        Legend {
            indicator: indicator.clone(),
            title: self.title.clone(),
            level: *level,
            unit: self.unit,
            normalise: *normalise,
            unit_text: self.unit_text(),
            method: method.clone(),
            ramp: *ramp,
            classes: colours.enumerate().map(class).collect(),
            at_least: self.at_least,
            missing: self.missing,
            hatch: HATCH,
            source: self.source.clone(),
            geography: self.geography.clone(),
        }
    }

    fn unit_text(&self) -> Text {
        let (fr, en) = match self.question.normalise {
            None => ("", ""),
            Some(Normalise::Area) => ("par km²", "per km²"),
            Some(Normalise::Population) => ("pour 1 000 habitants", "per 1,000 residents"),
        };
        let text = |divided: &str, language| {
            let unit = self.unit.map_or("", |unit| unit_in(unit, language));
            [unit, divided].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        Text { fr: text(fr, Language::Fr), en: text(en, Language::En) }
    }

    /// A row an area, in the order of the layer; `layer` gives code and name of a row.
    pub fn table<'l>(&self, layer: impl Fn(u32) -> (&'l str, Option<&'l str>)) -> Table {
        let rows = self.columns.first().map_or(0, |(_, values)| values.len() as u32);
        let row = |row: u32| {
            let (code, name) = layer(row);
            let mut cells = vec![Value::Text(code.to_owned()), name.map_or(Value::Unknown, |name| Value::Text(name.to_owned()))];
            cells.extend(self.columns.iter().map(|(_, values)| values.get(row)));
            cells
        };
        let names = ["code", "name"].into_iter().chain(self.columns.iter().map(|(name, _)| *name));
        Table { names: names.map(str::to_owned).collect(), rows: (0..rows).map(row).collect() }
    }
}

impl Legend {
    /// `10 to 24 per km²`.
    pub fn words(&self, class: &Class, language: Language) -> String {
        let unit = self.unit_text.in_language(language);
        let number = |number| plain(number, language);
        let range = match class.from == class.to {
            true => number(class.from),
            false => format!("{} {} {}", number(class.from), language.of("à", "to"), number(class.to)),
        };
        with_unit(&range, Some(unit).filter(|unit| !unit.is_empty()), language)
    }
}
