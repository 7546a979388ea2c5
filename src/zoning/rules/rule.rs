//! One rule: where it speaks, of what, for which projects, and what it says.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::geometry::units::{Dimension, Quantity};
use crate::layer::definition::Text;
use crate::layer::filter::{self, Filter};
use crate::zoning::effect::Effect;
use crate::zoning::project::Icpe;
use crate::zoning::uses::Status;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Unique in its theme.
    pub id: String,
    #[serde(rename = "where")]
    pub place: Where,
    /// Which features: a filter over their columns (CQL2). Default: all.
    #[serde(default)]
    pub when: Option<Condition>,
    /// What the feature's lists say of the project's use. Default: whatever.
    #[serde(default, rename = "use")]
    pub uses: Vec<Status>,
    /// Its own distance, instead of the theme's.
    #[serde(default)]
    pub near: Option<Metres>,
    /// Ground around the feature that is to stay free, as the feature is: taken off the net buildable ground where the rule forbids,
    /// and off the least that there may be of it where the rule is milder.
    #[serde(default)]
    pub setback: Option<Metres>,
    #[serde(default)]
    pub project: Projects,
    /// First and last day in force.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub since: Option<Date>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    pub effect: Effect,
    pub sentence: Text,
    pub law: Law,
}

impl Rule {
    /// How far from the plot it speaks, where it says so itself.
    pub fn own_reach(&self) -> Option<Metres> {
        match self.place {
            Where::Near => self.near,
            Where::Around => self.near.or(self.setback),
            Where::Inside | Where::Anywhere => None,
        }
    }
}

/// Where a rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// The plot and the feature have area, or a point or line, in common.
    Inside,
    /// The feature is outside the plot, up to the near distance.
    Near,
    /// Inside, or outside up to the near distance.
    Around,
    /// Wherever the plot is: a duty that follows from the project alone.
    Anywhere,
}

/// Projects for which a rule speaks. Each key narrows; a project that does not say makes the rule "to be checked".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Projects {
    #[serde(default)]
    pub icpe: Vec<Icpe>,
    /// Beginnings of activity codes, without dots.
    #[serde(default)]
    pub activities: Vec<String>,
    /// From this built area on.
    #[serde(default)]
    pub built_from: Option<SquareMetres>,
}

/// The legal source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Law {
    pub reference: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A filter, parsed when the file is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition(pub Filter);

/// A length with its unit: `2 km`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Metres(pub f64);

/// An area with its unit: `1 ha`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SquareMetres(pub f64);

fn quantity(text: &str, dimension: Dimension, example: &str) -> Result<f64, String> {
    let quantity: Quantity = text.parse().map_err(|error: crate::geometry::units::UnitError| error.to_string())?;
    match quantity.unit.filter(|unit| unit.dimension() == dimension) {
        Some(unit) if quantity.value >= 0.0 => Ok(unit.to_base(quantity.value)),
        _ => Err(format!("`{text}` is not a quantity of this kind; write it as `{example}`")),
    }
}

impl Metres {
    /// # Errors
    /// The text is no length.
    pub fn parse(text: &str) -> Result<Metres, String> {
        quantity(text, Dimension::Length, "2 km").map(Metres)
    }
}

impl<'de> Deserialize<'de> for Metres {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Metres, D::Error> {
        Metres::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Metres {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{} m", self.0))
    }
}

impl<'de> Deserialize<'de> for SquareMetres {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SquareMetres, D::Error> {
        let text = String::deserialize(deserializer)?;
        quantity(&text, Dimension::Area, "10000 m2").map(SquareMetres).map_err(serde::de::Error::custom)
    }
}

impl Serialize for SquareMetres {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{} m2", self.0))
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        filter::parse(&String::deserialize(deserializer)?).map(Condition).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

/// Schemas of the values that are written as text.
macro_rules! text_schema {
    ($($name:ident: $description:literal),*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description })
            }
        }
    )*};
}

text_schema!(Metres: "A length with its unit: `2 km`.", SquareMetres: "An area with its unit: `1 ha`.", Condition: "A filter over the layer's columns (CQL2 text).");
