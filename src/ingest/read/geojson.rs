//! GeoJSON: a collection, a lone feature, or one feature a line; read through once for columns, count and CRS, then streamed.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::archive::Plain;
use super::error::Cause;
use super::json::{Names, Scanner, cell};
use super::table::{self, Cell, Notes, Row, RowError, SourceCrs, Table};
use super::{crs, header, shape};

/// How the features stand in the file.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// In the `features` array of one object.
    Collection,
    /// One after the other, with or without line breaks between them; also a lone one.
    Sequence,
}

pub(super) fn open(plain: Plain) -> Result<Table, Cause> {
    let survey = survey(&plain)?;
    let mut scanner = Scanner::open(&plain.path)?;
    if survey.layout == Layout::Collection {
        to_features(&mut scanner)?;
    }
    let mut names = survey.names.in_order;
    // The member `id` stands for a property of that name where there is none.
    let with_id = survey.ids && !names.iter().any(|name| name == "id");
    let properties = names.len();
    if with_id {
        names.push("id".to_owned());
    }
    let columns = header::unique(&names);
    names.truncate(properties);
    let mut rows = Rows { scanner, layout: survey.layout, names, with_id, number: 0, _plain: plain };
    let (crs, total) = (survey.crs, Some(survey.total));
    Ok(Table { columns, crs, encoding: "UTF-8", spatial: true, rows: table::rows(move || rows.next()), total })
}

struct Survey {
    layout: Layout,
    names: Names,
    ids: bool,
    total: u64,
    crs: SourceCrs,
}

/// Reads the whole file, keeping names only. `crs` may stand before or after the features.
fn survey(plain: &Plain) -> Result<Survey, Cause> {
    let mut scanner = Scanner::open(&plain.path)?;
    let mut survey = Survey { layout: Layout::Sequence, names: Names::default(), ids: false, total: 0, crs: SourceCrs::Unstated };
    scanner.expect(b'{')?;
    let mut first = true;
    while let Some(member) = scanner.member(first)? {
        first = false;
        match member.as_str() {
            "features" if survey.layout == Layout::Sequence => {
                survey.layout = Layout::Collection;
                scanner.expect(b'[')?;
                while let Some(feature) = scanner.element(survey.total == 0)? {
                    survey.see(&feature);
                }
            }
            "crs" => survey.crs = crs::of_geojson(&serde_json::from_slice(&scanner.value()?).unwrap_or(Value::Null))?,
            _ => drop(scanner.value()?),
        }
    }
    match survey.layout {
        Layout::Collection => Ok(survey),
        Layout::Sequence => survey_sequence(plain, survey),
    }
}

fn survey_sequence(plain: &Plain, mut survey: Survey) -> Result<Survey, Cause> {
    let mut scanner = Scanner::open(&plain.path)?;
    let mut known = false;
    while scanner.peek()?.is_some() {
        let feature = scanner.value()?;
        known |= serde_json::from_slice::<Typed>(&feature).is_ok_and(|typed| typed.is_feature());
        survey.see(&feature);
        if !known && survey.total > 100 {
            break;
        }
    }
    let reason = "it holds no GeoJSON feature and no `features` array".to_owned();
    if known { Ok(survey) } else { Err(Cause::Damaged(reason)) }
}

impl Survey {
    fn see(&mut self, feature: &[u8]) {
        self.total += 1;
        // A feature that does not parse is reported as a row when its turn comes.
        if let Ok(seen) = serde_json::from_slice::<Seen>(feature) {
            self.ids |= seen.id.is_some();
            for name in seen.properties.map(|keys| keys.0).unwrap_or_default() {
                if !self.names.has(&name) {
                    self.names.add(&name);
                }
            }
        }
    }
}

/// Moves to the first element of `features`.
fn to_features(scanner: &mut Scanner) -> Result<(), Cause> {
    scanner.expect(b'{')?;
    let mut first = true;
    while let Some(member) = scanner.member(first)? {
        first = false;
        if member == "features" {
            return scanner.expect(b'[');
        }
        scanner.value()?;
    }
    Err(Cause::Damaged("its `features` array is gone".to_owned()))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
}

impl Typed {
    fn is_feature(&self) -> bool {
        self.kind == "Feature"
    }
}

#[derive(Deserialize)]
struct Seen {
    id: Option<IgnoredAny>,
    properties: Option<Keys>,
}

/// The keys of an object, its values skipped.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Keys, D::Error> {
        deserializer.deserialize_map(KeysOnly)
    }
}

struct KeysOnly;

impl<'de> Visitor<'de> for KeysOnly {
    type Value = Keys;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Vec::new();
        while let Some((key, IgnoredAny)) = map.next_entry()? {
            keys.push(key);
        }
        Ok(Keys(keys))
    }
}

#[derive(Deserialize)]
struct Feature<'f> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    geometry: Option<&'f RawValue>,
}

struct Rows {
    scanner: Scanner,
    layout: Layout,
    names: Vec<String>,
    with_id: bool,
    number: u64,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let Some(feature) = self.feature()? else { return Ok(None) };
        self.number += 1;
        Ok(Some(self.row(&feature)))
    }

    fn feature(&mut self) -> Result<Option<Vec<u8>>, Cause> {
        match self.layout {
            Layout::Collection => self.scanner.element(self.number == 0),
            Layout::Sequence if self.scanner.peek()?.is_none() => Ok(None),
            Layout::Sequence => self.scanner.value().map(Some),
        }
    }

    fn row(&self, bytes: &[u8]) -> Result<Row, RowError> {
        let rejected = |column: Option<&str>, value: &str, reason: String| RowError::new(self.number, column, value, reason);
        let text =
            std::str::from_utf8(bytes).map_err(|error| rejected(None, &String::from_utf8_lossy(bytes), error.to_string()))?;
        let feature: Feature =
            serde_json::from_str(text).map_err(|error| rejected(None, text, format!("it is not a GeoJSON feature ({error})")))?;
        if feature.kind != "Feature" {
            return Err(rejected(None, text, format!("its type is `{}`, not `Feature`", feature.kind)));
        }
        let (geometry, notes) = match feature.geometry.map(RawValue::get) {
            None | Some("null") => (None, Notes::default()),
            Some(written) => shape::from_geojson(written).map_err(|reason| rejected(Some("geometry"), written, reason))?,
        };
        let mut properties = feature.properties.unwrap_or_default();
        let mut cells: Vec<Cell> = self.names.iter().map(|name| properties.swap_remove(name).map_or(Cell::Null, cell)).collect();
        if self.with_id {
            cells.push(feature.id.map_or(Cell::Null, cell));
        }
        Ok(Row { number: self.number, cells, geometry, notes })
    }
}
