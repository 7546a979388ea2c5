//! The definition of a layer, as written in `layers/*.toml`: where the data comes from, how to read it, what it means.
//!
//! Unknown keys are errors, and so is a layer that does not say who may see it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::indicator::Indicator;
use super::tiles::Tiles;
use crate::geometry::units::Unit;

/// One layer: one TOML file of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerDefinition {
    /// `[a-z0-9-]{1,64}`, equal to the file's name without `.toml`.
    pub id: String,
    pub title: Text,
    /// One or two sentences for the catalogue.
    #[serde(default)]
    pub description: Option<Text>,
    pub role: Role,
    /// There is no default: a layer that does not say is refused.
    pub visibility: Visibility,
    pub geometry: GeometryType,
    /// Positional precision of the source in metres: a measure closer to its threshold than this is borderline.
    pub precision_m: f64,
    pub source: Source,
    /// File patterns by preference: the first that matches any file wins, files of the later ones are set aside and reported.
    /// Matched without regard to case against a file's name, or a zip member's, without `.gz`.
    pub files: Vec<String>,
    /// Other publications of the same thing, by preference after `files`: see [`LayerDefinition::publications`].
    #[serde(default)]
    pub alternatives: Vec<Alternative>,
    /// `true` where a layer is published in many files (one a commune, one a plan): every file that any pattern matches is taken.
    /// Otherwise two files for one pattern are an error.
    #[serde(default)]
    pub many_files: bool,
    #[serde(default)]
    pub read: Read,
    /// Columns that identify a feature, by their names here. Empty, or one of them unknown in a row: the number of the row,
    /// counted through all files.
    #[serde(default)]
    pub key: Vec<String>,
    #[serde(default)]
    pub duplicates: Duplicates,
    #[serde(default)]
    pub invalid: Invalid,
    /// By name. `name` is the display name, `commune` the INSEE code of the commune, where a layer has them; `epci`,
    /// `industry-territory`, `labour-zone`, `departement` and `region` likewise the codes of those.
    #[serde(default)]
    pub columns: BTreeMap<String, Column>,
    /// Numbers of territories that its rows add up to, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub indicators: BTreeMap<String, Indicator>,
    /// Absent: the layer is never drawn (tables).
    #[serde(default)]
    pub tiles: Option<Tiles>,
}

/// The same words in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub fr: String,
    pub en: String,
}

/// What a layer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Land that a specification may choose among.
    Candidate,
    /// What bears on land.
    Constraint,
    Infrastructure,
    /// Places that people belong to: communes, EPCI, ...
    Territory,
    /// Rows without a geometry of their own.
    Table,
}

/// Who may see a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    Public,
    /// Only callers who were granted this layer by name.
    Restricted,
}

/// The highest dimension of a layer's features. A feature of a lower one is kept as it is (a brownfield known by a point only).
/// One of a higher one is replaced by a point on it in a point layer (an interchange drawn as a surface), and rejected elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GeometryType {
    Point,
    Line,
    Polygon,
    None,
}

/// Another publication of a layer's content: what differs from the layer's own, the rest being the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    pub files: Vec<String>,
    #[serde(default)]
    pub precision_m: Option<f64>,
    #[serde(default)]
    pub source: Option<Source>,
    /// Replaces the layer's `[read]` whole.
    #[serde(default)]
    pub read: Option<Read>,
}

impl LayerDefinition {
    /// The layer as each of its publications has it, by preference: its own `files` first, then the alternatives, each with its
    /// own files, precision, source and way of reading. The first of which any file is found is the one to ingest and to record.
    pub fn publications(&self) -> impl Iterator<Item = LayerDefinition> + '_ {
        let own = LayerDefinition { alternatives: Vec::new(), ..self.clone() };
        let others = self.alternatives.iter().map(|other| LayerDefinition {
            files: other.files.clone(),
            alternatives: Vec::new(),
            precision_m: other.precision_m.unwrap_or(self.precision_m),
            source: other.source.clone().unwrap_or_else(|| self.source.clone()),
            read: other.read.clone().unwrap_or_else(|| self.read.clone()),
            ..self.clone()
        });
        std::iter::once(own).chain(others)
    }
}

/// Provenance: who published what, when, under which terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub publisher: String,
    /// Name of the licence, such as `Licence Ouverte 2.0` or `ODbL 1.0`.
    pub licence: String,
    #[serde(default)]
    pub licence_url: Option<String>,
    /// Line to show beside the map.
    #[serde(default)]
    pub attribution: Option<String>,
    /// Page from which the publisher distributes the data.
    pub address: String,
    /// Name and version of the schema that the columns follow.
    #[serde(default)]
    pub schema: Option<String>,
    /// Year, month or day of the data: `2024`, `2024-10`, `2024-10-31`.
    pub vintage: String,
    /// ISO 8601 duration after which the publisher refreshes, such as `P1Y`; `never` for a closed dataset.
    pub refresh: String,
}

/// How to read the files. Everything has a default that suits a well-made file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// EPSG code of the coordinates where the file does not say. Default 4326.
    #[serde(default)]
    pub crs: Option<u32>,
    /// CSV delimiter; default: detected among `,` `;` tab and `|` on the header.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// CSV quote; default `"`.
    #[serde(default)]
    pub quote: Option<char>,
    /// `utf-8` or `windows-1252`; default: byte-order mark, `.cpg`, then UTF-8 where valid, else Windows-1252.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Cells that mean "unknown", besides the empty one. Compared exactly.
    #[serde(default)]
    pub nulls: Vec<String>,
    /// GeoPackage table; default: the only one with a geometry. `*` matches any run of characters.
    #[serde(default)]
    pub table: Option<String>,
    /// Columns of a CSV that hold the geometry; default: none.
    #[serde(default)]
    pub geometry: Option<GeometryColumns>,
    /// Date format of the source in strptime letters, besides ISO 8601 which is always read.
    #[serde(default)]
    pub date: Option<String>,
    /// Decimal separator of the source; default `.`.
    #[serde(default)]
    pub decimal: Option<char>,
    /// Rows to keep: column of the source, which must be there, to the values kept. Others are counted as `filtered`.
    #[serde(default)]
    pub only: BTreeMap<String, Vec<String>>,
    /// Rows to leave out, likewise.
    #[serde(default)]
    pub except: BTreeMap<String, Vec<String>>,
}

/// Where a CSV keeps its geometry. Names as in the source, by preference: of each row, the first that holds something is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum GeometryColumns {
    /// Easting (or longitude) and northing (or latitude) in two columns.
    Xy {
        x: Vec<String>,
        y: Vec<String>,
    },
    /// `[lon,lat]` in one text column.
    LonLatText {
        column: Vec<String>,
    },
    Wkt {
        column: Vec<String>,
    },
    /// Hexadecimal WKB or EWKB.
    Wkb {
        column: Vec<String>,
    },
    GeoJson {
        column: Vec<String>,
    },
}

/// What happens to a second row with the same key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// To the rejects, with its reason.
    #[default]
    Reject,
    /// Kept as a feature of its own, counted.
    Keep,
}

/// What happens to a geometry that is not valid (OGC 06-103r4 §6.1.11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Invalid {
    /// Repaired; to the rejects when that changes the area by more than 1 % or 10 m².
    #[default]
    Repair,
    /// To the rejects, always.
    Reject,
}

/// A column: its official names and what it means here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Names in the source, by preference. Compared exactly, then without regard to case; `*` matches any run of characters
    /// and, where several columns match, the last in alphabetical order is taken (the latest year).
    pub from: Vec<String>,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Unit of the source's numbers, kept.
    #[serde(default)]
    pub unit: Option<Unit>,
    #[serde(default)]
    pub title: Option<Text>,
    /// A file without this column is refused. Otherwise every value is unknown, and the report says so.
    #[serde(default)]
    pub required: bool,
    /// The source's words to ours, before they are read as `type`; `*` matches any run of characters where no exact word does.
    /// A word of a text column that is not listed is kept as it is and counted.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Left-padded with zeros to this length: codes that lost their leading zero.
    #[serde(default)]
    pub pad: Option<u8>,
    /// Cells by which the publisher keeps a value secret, such as `s`: unknown, and reported as secret. Compared exactly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    Text,
    Number,
    Integer,
    /// `true`, `1`, `oui`, `O`, `yes`, `t`; `false`, `0`, `non`, `N`, `no`, `f`: in any case.
    Boolean,
    Date,
}

#[cfg(test)]
mod tests {
    use crate::layer::catalogue::parse;

    #[test]
    fn an_alternative_says_only_what_differs() {
        let layer = parse(
            r#"
                id = "wells"
                title = { fr = "Puits", en = "Wells" }
                role = "infrastructure"
                visibility = "public"
                geometry = "point"
                precision_m = 10.0
                files = ["wells*.csv"]
                source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }
                read = { quote = "'" }

                [[alternatives]]
                files = ["sketch*.csv"]
                precision_m = 5000.0
            "#,
            "wells",
        )
        .unwrap();
        let all: Vec<_> = layer.publications().collect();
        assert_eq!(all.iter().map(|one| one.precision_m).collect::<Vec<_>>(), [10.0, 5000.0]);
        assert_eq!(all[1].files, ["sketch*.csv"]);
        assert_eq!((&all[1].source, &all[1].read), (&layer.source, &layer.read));
        assert!(all.iter().all(|one| one.alternatives.is_empty()), "a publication is whole by itself");
    }
}
