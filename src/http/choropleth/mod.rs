//! Numbers of territories as coloured maps: `GET /choropleth`, `/choropleth/{indicator}/{level}` and its tiles, TileJSON and style.
//!
//! The areas' geometry is that of the snapshot's own tiles, made once; value, class and state are joined to it when a tile is drawn. Another
//! number, or other classes, draw the same geometry with other columns.

pub mod legend;
pub mod style;
pub mod tile;

use std::convert::Infallible;
use std::sync::Arc;

use serde::Deserialize;

use crate::choropleth::breaks::Method;
use crate::choropleth::{Choropleth, ChoroplethError, MOST_CLASSES, Question, choropleth};
use crate::http::analysis::{analyse, within};
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::made::Made;
use crate::http::state::App;
use crate::http::styles::template::{Client, Scheme};
use crate::layer::language::Language;
use crate::layer::value::Values;
use crate::territory::indicators::Indicators;
use crate::territory::{Geography, TerritoryError};

pub type Kept = Made<Indicators, TerritoryError>;

/// For each level's layer, columns as heavy as those of any map.
pub type Heaviest = Made<Vec<(&'static str, Values)>, Infallible>;

/// The indicators that the caller's layers declare.
pub fn indicators(caller: &Caller) -> Result<Arc<Indicators>, HttpError> {
    let view = caller.view();
    let seen: Vec<&str> = view.layers().map(|layer| layer.definition().id.as_str()).collect();
    let make = |view| Indicators::of(view, Arc::new(Geography::of(view)?));
    Ok(caller.opened().indicators.of(view, &seen, make).map_err(ChoroplethError::Territory)?)
}

/// How a map is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub f: Option<String>,
    /// The edition of the data that the client was told of. An address with the present one may be kept for ever.
    pub edition: Option<String>,
    method: Option<String>,
    classes: Option<usize>,
    breaks: Option<String>,
    normalise: Option<String>,
    ramp: Option<String>,
    #[serde(default, rename = "lang")]
    pub language: Language,
    #[serde(default)]
    pub scheme: Scheme,
    #[serde(default, rename = "for")]
    pub client: Client,
}

impl Asked {
    /// # Errors
    /// What cannot be read.
    pub fn question(&self, indicator: &str, level: &str) -> Result<Question, ChoroplethError> {
        let usual = if self.breaks.is_some() { "manual" } else { "quantile" };
        Ok(Question {
            indicator: indicator.to_owned(),
            level: level.parse()?,
            method: Method::read(self.method.as_deref().unwrap_or(usual), self.breaks.as_deref())?,
            classes: self.classes.unwrap_or(MOST_CLASSES),
            normalise: self.normalise.as_deref().map(str::parse).transpose()?,
            ramp: self.ramp.as_deref().map_or(Ok(Default::default()), str::parse)?,
        })
    }

    /// What is drawn, as the query of an address: each part once, in one order.
    fn query(&self) -> String {
        let classes = self.classes.map(|classes| classes.to_string());
        let parts = [
            ("method", &self.method),
            ("classes", &classes),
            ("breaks", &self.breaks),
            ("normalise", &self.normalise),
            ("ramp", &self.ramp),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte);
            let byte = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
            Some(format!("&{name}={}", value.as_ref()?.bytes().map(byte).collect::<String>()))
        });
        given.collect()
    }
}

/// The map, made by the first who asks and kept.
async fn made(app: &App, caller: &Caller, question: Question) -> Result<Arc<Choropleth>, HttpError> {
    let key = format!("{} {question:?}", caller.edition);
    let asking = caller.clone();
    let make = async {
        let make = move |_: &_| {
            let indicators = indicators(&asking)?;
            Ok(Arc::new(choropleth(asking.view(), &indicators, &question)?))
        };
        analyse(app, make).await
    };
    let bytes = |map: &Arc<Choropleth>| map.columns.iter().map(|(_, values)| 16 * values.len()).sum();
    within(app, caller.opened().choropleths.get_or_make(&key, bytes, make)).await
}
