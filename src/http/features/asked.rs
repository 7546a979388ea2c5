//! What is asked of a collection's items: parameters of the address, read strictly. An unknown one is an error (Part 1 §7.6).

use jiff::civil::Date;

use crate::atlas::Layer;
use crate::atlas::relation::Window;
use crate::geometry::reference::Reference;
use crate::http::error::HttpError;
use crate::http::features::collections::systems;
use crate::http::features::form::Form;
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::FieldType;
use crate::layer::filter::{Filter, Literal, Name, Operator, parse, parse_json};

/// Items of a page where `limit` is not said, and the most that are sent; a larger `limit` means the most (Part 1 §7.15.2).
pub const LIMIT: usize = 100;
pub const MOST: usize = 10_000;

/// Parameters that have a meaning of their own; columns of these names are asked for with `filter`.
const OWN: [&str; 13] = [
    "f",
    "limit",
    "cursor",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "lang",
];

#[derive(Debug, Clone)]
pub struct Asked {
    pub form: Option<Form>,
    pub limit: Option<usize>,
    /// Edition and position of the first row.
    pub cursor: Option<(String, usize)>,
    pub window: Option<Window>,
    pub interval: Option<[Option<Date>; 2]>,
    pub filter: Option<Filter>,
    pub filter_system: Reference,
    /// Columns, and whether the greatest come first.
    pub order: Vec<(String, bool)>,
    /// Columns to send; all where it is not said.
    pub columns: Option<Vec<String>>,
    pub system: Reference,
    pub pairs: Vec<(String, String)>,
}

pub type Pairs = Vec<(String, String)>;

fn wrong(text: String) -> HttpError {
    HttpError::Parameters(text)
}

impl Asked {
    /// # Errors
    /// `Parameters`: the first parameter that does not mean anything here, and why.
    pub fn of(pairs: Pairs, layer: &Layer) -> Result<Asked, HttpError> {
        let columns = &layer.definition().columns;
        let known = || OWN.into_iter().chain(columns.keys().map(String::as_str));
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known().any(|one| one == name) {
                return Err(wrong(format!("`{name}` is no parameter here{}", suggestion(&nearest(name, known())))));
            }
            if pairs[..place].iter().any(|(earlier, _)| earlier == name) {
                return Err(wrong(format!("`{name}` is given twice")));
            }
        }
        let text = |name: &str| pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let system = |name: &str, of_layer: bool| match text(name) {
            None => Ok(Reference::Crs84),
            Some(uri) => read_system(name, uri, layer, of_layer),
        };
        let named = |name: &str| match columns.contains_key(name) {
            true => Ok(name.to_owned()),
            false => Err(wrong(format!("`{name}` is not a column of the layer{}", suggestion(&nearest(name, columns.keys()))))),
        };
        if text("bbox-crs").is_some() && text("bbox").is_none() {
            return Err(wrong("`bbox-crs` says the system of `bbox`, which is not given".to_owned()));
        }
        let bbox_system = system("bbox-crs", true)?;
        let filters: Vec<Filter> = property_filters(&pairs, layer)?.into_iter().chain(filter(&text)?).collect();
        Ok(Asked {
            form: text("f").map(read_form).transpose()?,
            limit: text("limit").map(read_limit).transpose()?,
            cursor: text("cursor").map(read_cursor).transpose()?,
            window: text("bbox").map(|bbox| read_bbox(bbox, bbox_system)).transpose()?,
            interval: text("datetime").map(read_interval).transpose()?,
            filter: (!filters.is_empty()).then_some(Filter::And(filters)),
            filter_system: system("filter-crs", true)?,
            order: text("sortby").map(|list| read_order(list, named)).transpose()?.unwrap_or_default(),
            columns: text("properties")
                .map(|list| list.split(',').filter(|name| !name.is_empty()).map(named).collect())
                .transpose()?,
            system: system("crs", true)?,
            pairs,
        })
    }

    /// Names what is selected: two questions of the same key select the same rows, in the same order.
    pub fn key(&self, layer: &str) -> String {
        const IRRELEVANT: [&str; 6] = ["f", "limit", "cursor", "crs", "properties", "lang"];
        let mut said: Vec<_> = self.pairs.iter().filter(|(name, _)| !IRRELEVANT.contains(&name.as_str())).collect();
        said.sort();
        format!("{layer}?{said:?}")
    }

    /// The address's query with other parameters in place of those of the same names; an empty one is left out.
    pub fn query(&self, changed: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        let all: Vec<String> = kept
            .chain(changed.iter().copied().filter(|(_, value)| !value.is_empty()))
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        if all.is_empty() { String::new() } else { format!("?{}", all.join("&")) }
    }
}

/// A part of an address, in the letters that any address may hold (RFC 3986 §2.3).
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn read_form(word: &str) -> Result<Form, HttpError> {
    let words = || Form::ALL.into_iter().map(Form::word);
    let unknown = || wrong(format!("`f={word}` is no form; write one of {}", words().collect::<Vec<_>>().join(", ")));
    Form::named(word).ok_or_else(unknown)
}

fn read_limit(text: &str) -> Result<usize, HttpError> {
    let limit = text.parse::<usize>().ok().filter(|limit| *limit > 0);
    limit.ok_or_else(|| wrong(format!("`limit={text}` is not a number of items from 1; {MOST} are the most of one page")))
}

fn read_cursor(text: &str) -> Result<(String, usize), HttpError> {
    let read = text.rsplit_once('-').and_then(|(edition, position)| Some((edition.to_owned(), position.parse().ok()?)));
    read.ok_or_else(|| wrong(format!("`cursor={text}` is not one that this server gave")))
}

/// A system by its address; `of_layer` asks for one of those that the layer is given in.
fn read_system(name: &str, uri: &str, layer: &Layer, of_layer: bool) -> Result<Reference, HttpError> {
    let offered = systems(layer);
    let list = || offered.iter().map(|system| system.uri()).collect::<Vec<_>>().join(", ");
    let found = Reference::of_uri(uri).filter(|system| !of_layer || offered.contains(system));
    found.ok_or_else(|| wrong(format!("`{name}={uri}` is not a system of this collection; it has {}", list())))
}

fn read_bbox(text: &str, system: Reference) -> Result<Window, HttpError> {
    let sides: Option<Vec<f64>> =
        text.split(',').map(|side| side.trim().parse::<f64>().ok().filter(|side| side.is_finite())).collect();
    let flat = match sides.as_deref() {
        Some(&[a, b, c, d] | &[a, b, _, c, d, _]) => [a, b, c, d],
        _ => return Err(wrong(format!("`bbox={text}` is not four numbers between commas, or six with heights"))),
    };
    let [west, south, east, north] = if system.northing_first() { [flat[1], flat[0], flat[3], flat[2]] } else { flat };
    if south > north || (west > east && !system.is_degrees()) {
        return Err(wrong(format!("`bbox={text}` has its lower corner above or beyond its upper one")));
    }
    let outside = west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0;
    if system.is_degrees() && outside {
        return Err(wrong(format!("`bbox={text}` is not in degrees, which is what `bbox-crs` says")));
    }
    Ok(Window::new([west, south, east, north], system))
}

/// An instant, or two with a `/`, of which one may be `..` or nothing (RFC 3339; Part 1 §7.15.4). Dates are days here.
fn read_interval(text: &str) -> Result<[Option<Date>; 2], HttpError> {
    let unreadable = || wrong(format!("`datetime={text}` is not a date such as 2024-01-31, nor two with a `/` between"));
    let day = |text: &str| match text {
        "" | ".." => Ok(None),
        text => {
            let date = text.get(..10).and_then(|date| date.parse::<Date>().ok()).ok_or_else(unreadable)?;
            let time = &text[10..];
            let is_time = time.is_empty() || text.parse::<jiff::Timestamp>().is_ok();
            if is_time { Ok(Some(date)) } else { Err(unreadable()) }
        }
    };
    let interval = match text.split_once('/') {
        None if text == ".." || text.is_empty() => return Err(unreadable()),
        None => [day(text)?, day(text)?],
        Some((from, to)) => [day(from)?, day(to)?],
    };
    match interval {
        [Some(from), Some(to)] if from > to => Err(wrong(format!("`datetime={text}` ends before it begins"))),
        interval => Ok(interval),
    }
}

fn read_order(list: &str, named: impl Fn(&str) -> Result<String, HttpError>) -> Result<Vec<(String, bool)>, HttpError> {
    let one = |name: &str| {
        let descending = name.starts_with('-');
        // A `+` in an address is a space.
        Ok((named(name.trim_start_matches(['-', '+', ' ']))?, descending))
    };
    list.split(',').map(one).collect()
}

fn filter<'t>(text: &impl Fn(&str) -> Option<&'t str>) -> Result<Option<Filter>, HttpError> {
    let Some(written) = text("filter") else {
        let lonely = ["filter-lang", "filter-crs"].into_iter().find(|name| text(name).is_some());
        return lonely.map_or(Ok(None), |name| Err(wrong(format!("`{name}` is about `filter`, which is not given"))));
    };
    let read = match text("filter-lang").unwrap_or("cql2-text") {
        "cql2-text" => parse(written),
        "cql2-json" => parse_json(written),
        other => return Err(wrong(format!("`filter-lang={other}` is not known; write cql2-text or cql2-json"))),
    };
    read.map(Some).map_err(|error| wrong(format!("the filter cannot be read: {error}")))
}

/// `?name=value`: the rows whose cell is the value.
fn property_filters(pairs: &Pairs, layer: &Layer) -> Result<Vec<Filter>, HttpError> {
    let mut filters = Vec::new();
    for (name, value) in pairs.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        let Some(column) = layer.definition().columns.get(name) else { continue };
        let literal = match column.kind {
            FieldType::Text => Some(Literal::Text(value.clone())),
            FieldType::Number | FieldType::Integer => value.parse().ok().filter(|n: &f64| n.is_finite()).map(Literal::Number),
            FieldType::Boolean => value.parse().ok().map(Literal::Boolean),
            FieldType::Date => value.parse().ok().map(Literal::Date),
        };
        let value = literal.ok_or_else(|| wrong(format!("`{name}={value}` is not a value that column `{name}` may hold")))?;
        filters.push(Filter::Compare { column: Name { text: name.clone(), position: 1 }, operator: Operator::Equal, value });
    }
    Ok(filters)
}
