//! Polygons out of one file, row by row, in any format and reference system that is read: what somebody drew elsewhere.

use std::path::Path;

use geo_types::{Coord, Geometry, MultiPolygon};

use super::clean::clean;
use super::place::find_territory;
use super::read::{self, Cell, Fault, ReadError, Row, SourceCrs, Table};
use super::reproject::{Crs, CrsError};
use crate::geometry::drawn::{self, Drawn, DrawnError, MOST_RINGS};
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::{GeometryColumns, GeometryType, Read};

/// Columns that name a polygon where none is asked for, by preference.
const NAMES: [&str; 5] = ["id", "code", "idu", "name", "nom"];

/// A polygon and what it is called, or why this row is none.
pub struct Polygon {
    pub label: String,
    pub drawn: Result<Drawn, String>,
}

/// A file opened for reading polygons.
pub struct Polygons {
    table: Table,
    place: Place,
    name: Option<usize>,
}

/// How the file's coordinates get to the shared plane.
enum Place {
    /// By closed forms.
    Drawn(drawn::Crs),
    /// By PROJ.
    Projected(Crs),
}

impl Polygons {
    /// `name` is the column that names them.
    ///
    /// # Errors
    /// A file that cannot be read, has no geometry, or is in an unknown reference system; a naming column that it does not have.
    pub fn open(path: &Path, name: Option<&str>) -> Result<Polygons, PolygonsError> {
        let files = read::list(&[path.to_owned()])?;
        let readable: Vec<_> = files.iter().filter(|file| file.format.is_some()).collect();
        let file = match readable[..] {
            [only] => only,
            [] => return Err(PolygonsError::Format),
            [..] => return Err(PolygonsError::Several(readable.len())),
        };
        let wkt = || Read {
            geometry: Some(GeometryColumns::Wkt { column: ["WKT", "wkt", "geom", "geometry"].map(str::to_owned).to_vec() }),
            ..Read::default()
        };
        let table = read::open(file, &if file.format == Some(read::Format::Csv) { wkt() } else { Read::default() })?;
        let place = match &table.crs {
            SourceCrs::Unstated => Place::Drawn(drawn::Crs::LonLat),
            SourceCrs::Epsg(code) if drawn::Crs::epsg(*code).is_some() => {
                Place::Drawn(drawn::Crs::epsg(*code).unwrap_or_default())
            }
            stated => Place::Projected(Crs::resolve(stated, None)?),
        };
        let known = |wanted: &str| table.columns.iter().position(|column| column == wanted);
        let unknown = |wanted: &str| PolygonsError::Column {
            wanted: wanted.to_owned(),
            suggestion: suggestion(&nearest(wanted, &table.columns)),
        };
        let name = match name {
            Some(wanted) => Some(known(wanted).ok_or_else(|| unknown(wanted))?),
            None => NAMES.iter().find_map(|wanted| known(wanted)),
        };
        Ok(Polygons { table, place, name })
    }

    /// How many rows, where the format says so.
    pub fn total(&self) -> Option<u64> {
        self.table.total
    }

    /// The next row as it is in the file; making a polygon of it is [`Maker::polygon`]'s, and may run elsewhere.
    ///
    /// # Errors
    /// The rest of the file cannot be read.
    pub fn next_row(&mut self) -> Result<Option<Result<Row, Polygon>>, PolygonsError> {
        match self.table.rows.next() {
            None => Ok(None),
            Some(Ok(row)) => Ok(Some(Ok(row))),
            Some(Err(Fault::Row(error))) => {
                Ok(Some(Err(Polygon { label: format!("#{}", error.number), drawn: Err(error.reason) })))
            }
            Some(Err(Fault::File(cause))) => Err(PolygonsError::Broken(cause.to_string())),
        }
    }

    pub fn maker(&self) -> Maker<'_> {
        Maker { place: &self.place, name: self.name }
    }
}

/// What makes polygons of rows, on any thread.
#[derive(Clone, Copy)]
pub struct Maker<'f> {
    place: &'f Place,
    name: Option<usize>,
}

impl Maker<'_> {
    pub fn polygon(&self, row: Row) -> Polygon {
        let number = || format!("#{}", row.number);
        let written = self.name.and_then(|column| row.cells.get(column)).map(Cell::written);
        let label = written.filter(|text| !text.is_empty()).unwrap_or_else(number);
        let drawn = row.geometry.ok_or_else(|| "there is no geometry".to_owned()).and_then(|geometry| self.draw(geometry));
        Polygon { label, drawn }
    }

    fn draw(&self, geometry: Geometry<f64>) -> Result<Drawn, String> {
        match self.place {
            Place::Drawn(crs) => Drawn::from_geometry(geometry, *crs).map_err(|error| error.to_string()),
            Place::Projected(crs) => project(geometry, crs),
        }
    }
}

fn project(geometry: Geometry<f64>, crs: &Crs) -> Result<Drawn, String> {
    let cleaned = clean(geometry, GeometryType::Polygon).map_err(|kind| kind.words().to_owned())?;
    let geometry = cleaned.geometry.ok_or_else(|| DrawnError::Empty.to_string())?;
    let (frame, _) = find_territory(&geometry, crs).map_err(|kind| kind.words().to_owned())?;
    let moved = crs.project(geometry, frame).ok_or_else(|| "a vertex has no place in its territory's system".to_owned())?;
    let Geometry::MultiPolygon(polygons) = moved else { return Err(DrawnError::Kind.to_string()) };
    Drawn::placed(geo::MapCoords::map_coords(&polygons, |c| Coord { x: c.x + frame.offset(), y: c.y }))
        .map_err(|error| error.to_string())
}

/// Every polygon of a file as one.
///
/// # Errors
/// A row that is no polygon, none at all, too many, or several territories.
pub fn as_one(path: &Path) -> Result<Drawn, PolygonsError> {
    let mut polygons = Polygons::open(path, None)?;
    let mut pieces: Vec<MultiPolygon<f64>> = Vec::new();
    while let Some(row) = polygons.next_row()? {
        let Polygon { label, drawn } = row.map_or_else(|unread| unread, |row| polygons.maker().polygon(row));
        let drawn = drawn.map_err(|reason| PolygonsError::Row { label, reason })?;
        if pieces.len() == MOST_RINGS {
            return Err(DrawnError::TooManyRings { count: pieces.len() + 1 }.into());
        }
        pieces.push(drawn.polygons());
    }
    Ok(Drawn::joined(&pieces)?)
}

/// Why a file gives no polygons.
#[derive(Debug, thiserror::Error)]
pub enum PolygonsError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error(transparent)]
    Drawn(#[from] DrawnError),
    #[error("it is not of a format that is read")]
    Format,
    #[error("it holds {0} files; name one")]
    Several(usize),
    #[error("there is no column `{wanted}`{suggestion}")]
    Column { wanted: String, suggestion: String },
    #[error("{0}")]
    Broken(String),
    #[error("{label}: {reason}")]
    Row { label: String, reason: String },
}
