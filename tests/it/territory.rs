//! Territories: their numbers at every level, with what is unknown or secret in them.

mod command;
mod indicators;
mod oracle;

use emprise::atlas::{Atlas, Layer, Rights};
use emprise::layer::catalogue;
use emprise::layer::definition::FieldType;
use emprise::layer::value::Value;
use emprise::snapshot::manifest::{Counts, LayerEntry};
use emprise::territory::{Geography, Indicators};
use geo_types::{Geometry, Rect};
use std::sync::Arc;

use crate::harness::{definition, filled};

/// Communes on a line, 10 km each: code, EPCI, département, residents. The EPCI of two communes straddles two départements; the last has
/// none.
const COMMUNES: [&str; 6] =
    ["01001 A 01 100", "01002 B 01 300", "02001 A 02 100", "02002 B 02 0", "03001 C 03 50", "75056 - 75 -"];

fn square(column: usize) -> Geometry<f64> {
    let [x, y] = [600_000.0 + 10_000.0 * column as f64, 6_600_000.0];
    Rect::new((x, y), (x + 10_000.0, y + 10_000.0)).to_polygon().into()
}

/// A layer of rows of cells between blanks, `-` for an unknown one, each with its geometry.
fn rows(id: &str, head: &str, columns: &[(&str, &str)], rows: &[(&str, Option<Geometry<f64>>)]) -> Layer {
    let declared: String =
        columns.iter().map(|(name, kind)| format!("columns.{name} = {{ from = [\"a\"], type = \"{kind}\" }}\n")).collect();
    let definition = definition(id, &format!("visibility = \"public\"\nfiles = []\n{declared}\n{head}"));
    let entry = LayerEntry {
        definition,
        files: Vec::new(),
        counts: Counts::default(),
        problems: Vec::new(),
        sources: Vec::new(),
        extent_lonlat: None,
    };
    let key = |number: usize, cells: &str| {
        if id == "communes" { cells.split(' ').next().unwrap().to_owned() } else { number.to_string() }
    };
    let features = rows.iter().enumerate().map(|(number, (cells, shape))| (key(number, cells), shape.clone()));
    filled(entry, features.collect(), |row, name, kind| {
        let place = columns.iter().position(|column| column.0 == name).unwrap();
        let number = rows.iter().enumerate().position(|(number, (cells, _))| key(number, cells) == row).unwrap();
        match (rows[number].0.split(' ').nth(place).unwrap(), kind) {
            ("-", _) => None,
            (cell, FieldType::Text) => Some(Value::Text(cell.to_owned())),
            (cell, FieldType::Date) => Some(Value::Date(cell.parse().unwrap())),
            (cell, _) => Some(Value::Number(cell.parse().unwrap())),
        }
    })
}

fn communes() -> Layer {
    let all: Vec<(&str, Option<Geometry<f64>>)> =
        COMMUNES.iter().enumerate().map(|(place, cells)| (*cells, Some(square(place)))).collect();
    let head = "role = \"territory\"\ngeometry = \"polygon\"";
    rows("communes", head, &[("code", "text"), ("epci", "text"), ("department", "text"), ("population", "number")], &all)
}

/// A table of rows without a geometry, the first cell being the code of the place.
fn table(id: &str, place: &str, columns: &[(&str, &str)], cells: &[&str], indicators: &str) -> Layer {
    let all: Vec<(&str, &str)> = std::iter::once((place, "text")).chain(columns.iter().copied()).collect();
    let unplaced: Vec<(&str, Option<Geometry<f64>>)> = cells.iter().map(|cells| (*cells, None)).collect();
    rows(id, &format!("role = \"table\"\ngeometry = \"none\"\n{indicators}"), &all, &unplaced)
}

fn former() -> Layer {
    let cells = ["02999 02001", "02998 02999"];
    let all: Vec<(&str, Option<Geometry<f64>>)> = cells.iter().map(|cells| (*cells, None)).collect();
    rows("former-communes", "role = \"table\"\ngeometry = \"none\"", &[("code", "text"), ("successor", "text")], &all)
}

fn book(tables: Vec<Layer>) -> Indicators {
    let layers = tables.into_iter().chain([communes(), former()]).collect();
    let atlas = Atlas::from_layers("test".into(), layers);
    let rights = Rights::public();
    let view = atlas.view(&rights);
    Indicators::of(view, Arc::new(Geography::of(view).unwrap())).unwrap()
}

fn fault(indicator: &str) -> String {
    let text = format!(
        "id = \"t\"\ntitle = {{ fr = \"T\", en = \"T\" }}\nprecision_m = 0.0\nrole = \"table\"\ngeometry = \"none\"\nvisibility = \"public\"\nfiles = []\n\
         source = {{ publisher = \"P\", licence = \"L\", address = \"https://example.org\", vintage = \"2024\", refresh = \"P1Y\" }}\n\
         columns.people = {{ from = [\"p\"], type = \"number\", unit = \"persons\" }}\ncolumns.word = {{ from = [\"w\"], type = \"text\" }}\n{indicator}"
    );
    catalogue::parse(&text, "t").unwrap_err().to_string()
}
