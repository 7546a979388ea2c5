//! Geometry from ordinary columns: coordinates in two of them, or a notation in one.

use geo_types::{Geometry, Point};

use crate::layer::catalogue::nearest;
use crate::layer::definition::{GeometryColumns, Read};

use super::error::Cause;
use super::shape;
use super::table::{Cell, Fault, Notes, Row, RowError, Rows, SourceCrs, Table};

/// How many rows are read ahead for the first SRID.
const AHEAD: usize = 256;

/// Adds to each row without a geometry the one that `columns` hold.
///
/// A file that has geometry of its own need not have the columns; any other must.
pub(super) fn attach(table: Table, columns: &GeometryColumns, read: &Read) -> Result<Table, Cause> {
    let source = match Source::find(columns, &table.columns) {
        Ok(source) => source,
        Err(_) if table.spatial => return Ok(table),
        Err(cause) => return Err(cause),
    };
    let place = Place { source, names: table.columns.clone(), nulls: read.nulls.clone(), decimal: read.decimal };
    let rows = table.rows.map(move |row| row.and_then(|row| place.add(row).map_err(Fault::Row)));
    let (crs, rows) = srid_ahead(table.crs, Box::new(rows));
    Ok(Table { crs, rows, spatial: true, ..table })
}

/// The SRID that stands with the first geometry becomes the table's CRS; rows that differ from it are rejected.
fn srid_ahead(crs: SourceCrs, mut rows: Rows) -> (SourceCrs, Rows) {
    if crs != SourceCrs::Unstated {
        return (crs, rows);
    }
    let mut ahead = Vec::new();
    let mut stated = None;
    for row in rows.by_ref() {
        stated = row.as_ref().ok().and_then(|row| row.notes.srid);
        let settled = stated.is_some() || row.as_ref().is_ok_and(|row| row.geometry.is_some());
        ahead.push(row);
        if settled || ahead.len() >= AHEAD {
            break;
        }
    }
    let rows = ahead.into_iter().chain(rows);
    let rows = rows.map(move |row| row.and_then(|row| same_srid(row, stated).map_err(Fault::Row)));
    (stated.map_or(SourceCrs::Unstated, SourceCrs::Epsg), Box::new(rows))
}

fn same_srid(row: Row, stated: Option<u32>) -> Result<Row, RowError> {
    match row.notes.srid {
        Some(srid) if Some(srid) != stated => {
            let reason = match stated {
                Some(first) => format!("its SRID differs from {first}, that of the first geometry"),
                None => "it has an SRID, which the first geometry has not".to_owned(),
            };
            Err(RowError::new(row.number, None, &srid.to_string(), reason))
        }
        _ => Ok(row),
    }
}

/// The columns by index, by preference.
enum Source {
    Xy(Vec<(usize, usize)>),
    LonLatText(Vec<usize>),
    Wkt(Vec<usize>),
    Wkb(Vec<usize>),
    GeoJson(Vec<usize>),
}

impl Source {
    fn find(columns: &GeometryColumns, names: &[String]) -> Result<Source, Cause> {
        let find = |wanted: &[String]| all_of(wanted, names);
        Ok(match columns {
            GeometryColumns::Xy { x, y } => Source::Xy(pairs(x, y, names)?),
            GeometryColumns::LonLatText { column } => Source::LonLatText(find(column)?),
            GeometryColumns::Wkt { column } => Source::Wkt(find(column)?),
            GeometryColumns::Wkb { column } => Source::Wkb(find(column)?),
            GeometryColumns::GeoJson { column } => Source::GeoJson(find(column)?),
        })
    }
}

/// The first x with the first y, the second with the second; where no such pair is whole, the first of each that is there.
fn pairs(x: &[String], y: &[String], names: &[String]) -> Result<Vec<(usize, usize)>, Cause> {
    let found: Vec<_> = x.iter().zip(y).filter_map(|(x, y)| Some((index_of(x, names)?, index_of(y, names)?))).collect();
    if found.is_empty() { Ok(vec![(all_of(x, names)?[0], all_of(y, names)?[0])]) } else { Ok(found) }
}

/// Those of `wanted` that are there; at least one.
fn all_of(wanted: &[String], names: &[String]) -> Result<Vec<usize>, Cause> {
    let found: Vec<usize> = wanted.iter().filter_map(|name| index_of(name, names)).collect();
    let nearest = || wanted.first().and_then(|name| nearest(name, names));
    if found.is_empty() { Err(Cause::Column { wanted: wanted.to_vec(), nearest: nearest() }) } else { Ok(found) }
}

/// Exactly that name, else without regard to case.
fn index_of(wanted: &str, names: &[String]) -> Option<usize> {
    let exact = names.iter().position(|name| name == wanted);
    exact.or_else(|| names.iter().position(|name| name.to_lowercase() == wanted.to_lowercase()))
}

struct Place {
    source: Source,
    names: Vec<String>,
    nulls: Vec<String>,
    decimal: Option<char>,
}

type Found = Result<(Option<Geometry<f64>>, Notes), RowError>;

impl Place {
    fn add(&self, mut row: Row) -> Result<Row, RowError> {
        if row.geometry.is_none() {
            let (geometry, notes) = self.geometry(&row)?;
            row.geometry = geometry;
            row.notes = Notes { recoded: row.notes.recoded, ..notes };
        }
        Ok(row)
    }

    fn geometry(&self, row: &Row) -> Found {
        match &self.source {
            Source::Xy(pairs) => self.xy(row, pairs),
            Source::LonLatText(columns) => self.parsed(row, columns, |text| self.lon_lat(text)),
            Source::Wkt(columns) => self.parsed(row, columns, shape::from_wkt),
            Source::Wkb(columns) => self.parsed(row, columns, shape::from_hex_wkb),
            Source::GeoJson(columns) => self.parsed(row, columns, shape::from_geojson),
        }
    }

    fn xy(&self, row: &Row, pairs: &[(usize, usize)]) -> Found {
        let holds = |column: usize| !self.is_null(&row.cells[column]);
        let Some(&(x, y)) = pairs.iter().find(|(x, y)| holds(*x) || holds(*y)) else {
            return Ok((None, Notes::default()));
        };
        match (self.coordinate(row, x)?, self.coordinate(row, y)?) {
            (Some(x), Some(y)) => Ok((Some(Point::new(x, y).into()), Notes::default())),
            (found, _) => {
                let missing = if found.is_none() { x } else { y };
                Err(self.rejected(row, missing, "one of the two coordinates is missing".to_owned()))
            }
        }
    }

    fn coordinate(&self, row: &Row, column: usize) -> Result<Option<f64>, RowError> {
        match &row.cells[column] {
            Cell::Number(number) => Ok(Some(*number)),
            Cell::Integer(number) => Ok(Some(*number as f64)),
            cell if self.is_null(cell) => Ok(None),
            cell => {
                let number = self.number(&cell.written());
                number.map(Some).ok_or_else(|| self.rejected(row, column, "it is not a number".to_owned()))
            }
        }
    }

    fn parsed(
        &self,
        row: &Row,
        columns: &[usize],
        parse: impl Fn(&str) -> Result<(Option<Geometry<f64>>, Notes), String>,
    ) -> Found {
        let Some(&column) = columns.iter().find(|column| !self.is_null(&row.cells[**column])) else {
            return Ok((None, Notes::default()));
        };
        match &row.cells[column] {
            Cell::Text(text) => parse(text).map_err(|reason| self.rejected(row, column, reason)),
            _ => Err(self.rejected(row, column, "it is not a geometry in text".to_owned())),
        }
    }

    /// `[2.35, 48.86]`, brackets or not; with a decimal comma the two are parted by `;` or a blank.
    fn lon_lat(&self, text: &str) -> Result<(Option<Geometry<f64>>, Notes), String> {
        let inner = text.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
        let blank = |c: char| c == ';' || c.is_whitespace() || (c == ',' && self.decimal != Some(','));
        let numbers: Vec<Option<f64>> =
            inner.split(blank).filter(|part| !part.is_empty()).map(|part| self.number(part)).collect();
        match numbers[..] {
            [Some(x), Some(y)] => Ok((Some(Point::new(x, y).into()), Notes::default())),
            [] => Ok((None, Notes::default())),
            _ => Err("it is not of the form [longitude, latitude]".to_owned()),
        }
    }

    fn number(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        match self.decimal {
            Some(decimal) if decimal != '.' => text.replace(decimal, ".").parse().ok(),
            _ => text.parse().ok(),
        }
    }

    fn is_null(&self, cell: &Cell) -> bool {
        match cell {
            Cell::Null => true,
            Cell::Text(text) => text.trim().is_empty() || self.nulls.contains(text),
            _ => false,
        }
    }

    fn rejected(&self, row: &Row, column: usize, reason: String) -> RowError {
        RowError::new(row.number, Some(&self.names[column]), &row.cells[column].written(), reason)
    }
}
