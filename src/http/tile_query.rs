//! `?filter=&filter-lang=&properties=&datetime=`: what of the layers is drawn. The same on tiles and on their TileJSON, which gives
//! addresses that carry it on.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::atlas::filter::{Absent, Bound, GEOMETRY, bind_layer};
use crate::geometry::reference::Reference;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::tile_address::find;
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::datetime::Interval;
use crate::layer::filter::{self, Filter};
use crate::tiles::Source;

/// As written in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Parameters {
    /// The edition of the data that the client was told of. An address with the present one may be kept for ever.
    pub edition: Option<String>,
    pub filter: Option<String>,
    pub filter_lang: Option<FilterLanguage>,
    pub properties: Option<String>,
    pub datetime: Option<String>,
}

/// OGC 19-079r2 §7.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum FilterLanguage {
    #[default]
    #[serde(rename = "cql2-text")]
    Text,
    #[serde(rename = "cql2-json")]
    Json,
}

/// What was chosen, in a form of its own: two ways of writing the same are one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chosen {
    filter: Option<Filter>,
    properties: Option<BTreeSet<String>>,
    datetime: Option<Interval>,
}

impl Chosen {
    /// # Errors
    /// `Parameters`: a filter or a date that cannot be read.
    pub fn read(parameters: &Parameters) -> Result<Chosen, HttpError> {
        let parse = match parameters.filter_lang.unwrap_or_default() {
            FilterLanguage::Text => filter::parse,
            FilterLanguage::Json => filter::parse_json,
        };
        let filter = parameters.filter.as_deref().map(parse).transpose();
        let datetime = parameters.datetime.as_deref().map(Interval::parse).transpose();
        let names = |list: &str| list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Chosen {
            filter: filter.map_err(|error| wrong("filter", error))?,
            properties: parameters.properties.as_deref().map(names),
            datetime: datetime.map_err(|error| wrong("datetime", error))?,
        })
    }

    /// As the query of an address, in one normal writing; empty where nothing was chosen.
    pub fn query(&self) -> String {
        let properties = self.properties.as_ref().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>().join(","));
        let members = [
            ("filter", self.filter.as_ref().map(Filter::to_string)),
            ("properties", properties),
            ("datetime", self.datetime.map(|interval| interval.to_string())),
        ];
        let written = members.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", escaped(&value?))));
        written.collect::<Vec<_>>().join("&")
    }

    /// Calls `draw` with the layers of these names, of which only what was chosen is drawn.
    ///
    /// # Errors
    /// `Parameters`: a column that none of the layers has, a constant of another type than its column.
    pub fn sources<T>(&self, caller: &Caller, names: &[String], draw: impl FnOnce(&[Source]) -> T) -> Result<T, HttpError> {
        let found = names.iter().map(|name| find(caller, name)).collect::<Result<Vec<Source>, _>>()?;
        self.check(&found)?;
        let filters: Vec<Option<Filter>> = found.iter().map(|source| self.filter_of(source)).collect();
        let absent = if found.len() > 1 { Absent::Unknown } else { Absent::Error };
        let mut keeps: Vec<Option<Keep>> = Vec::new();
        for (filter, layer) in filters.iter().zip(found.iter().map(|source| source.layer)) {
            let bind = |filter| bind_layer(filter, layer, Reference::Crs84, absent);
            let bound: Option<Bound> = filter.as_ref().map(bind).transpose().map_err(|error| wrong("filter", error))?;
            keeps.push(bound.map(|bound| Box::new(move |row| bound.keeps(row)) as Keep));
        }
        let mut sources = Vec::new();
        for (source, (keep, filter)) in found.into_iter().zip(keeps.iter().zip(&filters)) {
            let (shown, asked) = match &self.properties {
                Some(names) => (names.iter().map(String::as_str).collect(), true),
                None => (source.shown, false),
            };
            let key = filter.as_ref().map_or_else(String::new, Filter::to_string);
            sources.push(Source { shown, asked, keep: keep.as_deref(), key, ..source });
        }
        Ok(draw(&sources))
    }

    /// Columns that are named are those of one of the layers at least.
    fn check(&self, sources: &[Source]) -> Result<(), HttpError> {
        let mut named: Vec<(&str, String)> = Vec::new();
        if let Some(filter) = &self.filter {
            filter.columns(&mut |name| named.push(("filter", name.text.clone())));
        }
        named.extend(self.properties.iter().flatten().map(|name| ("properties", name.clone())));
        let known = || sources.iter().flat_map(|source| source.layer.definition().columns.keys());
        match named.into_iter().find(|(_, name)| name != GEOMETRY && !known().any(|column| column == name)) {
            None => Ok(()),
            Some((parameter, name)) => {
                let nearest = suggestion(&nearest(&name, known()));
                Err(wrong(parameter, format!("`{name}` is not a column of these layers{nearest}")))
            }
        }
    }

    fn filter_of(&self, source: &Source) -> Option<Filter> {
        let dated = self.datetime.and_then(|interval| interval.filter(source.layer.definition()));
        match (self.filter.clone(), dated) {
            (Some(filter), Some(dated)) => Some(Filter::And(vec![filter, dated])),
            (filter, dated) => filter.or(dated),
        }
    }
}

type Keep<'a> = Box<dyn Fn(u32) -> bool + Sync + 'a>;

fn wrong(parameter: &str, error: impl std::fmt::Display) -> HttpError {
    HttpError::Parameters(format!("`{parameter}`: {error}"))
}

/// Everything but letters, digits and four signs as `%XX` (RFC 3986 §2.3), so that nothing is taken for a part of the address or of
/// a template.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(filter: Option<&str>, properties: Option<&str>, datetime: Option<&str>) -> Result<String, HttpError> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let parameters =
            Parameters { filter: own(filter), properties: own(properties), datetime: own(datetime), ..Parameters::default() };
        Chosen::read(&parameters).map(|chosen| chosen.query())
    }

    #[test]
    fn two_ways_of_writing_are_one() {
        assert_eq!(query(None, None, None).unwrap(), "");
        let a = query(Some("size>=8 AND name='a b'"), Some("size,name"), Some("2024-01-01T00:00:00Z")).unwrap();
        let b =
            query(Some("\"size\" >= 8.0 and ( name = 'a b' )"), Some("name,size,name"), Some("2024-01-01/2024-01-01")).unwrap();
        assert_eq!(a, b);
        assert!(a.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%=&".contains(&b)), "{a}");
        assert!(a.ends_with("&properties=name%2Csize&datetime=2024-01-01"), "{a}");
        for wrong in [query(Some("size >"), None, None), query(None, None, Some("soon"))] {
            assert!(wrong.unwrap_err().to_string().contains("cannot be read"));
        }
    }
}
