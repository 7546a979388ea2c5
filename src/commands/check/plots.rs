//! Plots out of a file, row by row, in any format and reference system that ingest reads.

use std::path::Path;

use anyhow::{Context, bail};
use geo_types::{Coord, Geometry};

use crate::geometry::drawn::{self, Drawn, DrawnError};
use crate::geometry::overlap::union;
use crate::geometry::territory::Frame;
use crate::ingest::clean::clean;
use crate::ingest::place::find_territory;
use crate::ingest::read::{self, Cell, Fault, Row, SourceCrs, Table};
use crate::ingest::reproject::Crs;
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::{GeometryColumns, GeometryType, Read};
use crate::zoning::Plot;
use crate::zoning::place::polygons;

/// Columns that name a plot where none is asked for, by preference.
const NAMES: [&str; 5] = ["id", "code", "idu", "name", "nom"];

/// A plot, or why this row is none.
pub struct Read1 {
    pub label: String,
    pub plot: Result<Plot<'static>, String>,
}

/// A file opened for reading plots.
pub struct Plots {
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

impl Plots {
    /// # Errors
    /// A file that cannot be read, has no geometry, or is in an unknown reference system; a naming column that it does not have.
    pub fn open(path: &Path, name: Option<&str>) -> anyhow::Result<Plots> {
        let files = read::list(&[path.to_owned()])?;
        let readable: Vec<_> = files.iter().filter(|file| file.format.is_some()).collect();
        let file = match readable[..] {
            [only] => only,
            [] => bail!("it is not of a format that is read"),
            [..] => bail!("it holds {} files; name one", readable.len()),
        };
        let plain = Read::default();
        let wkt = || Read {
            geometry: Some(GeometryColumns::Wkt { column: ["WKT", "wkt", "geom", "geometry"].map(str::to_owned).to_vec() }),
            ..Read::default()
        };
        let is_csv = file.format == Some(read::Format::Csv);
        let table = read::open(file, &if is_csv { wkt() } else { plain })?;
        let place = match &table.crs {
            SourceCrs::Unstated => Place::Drawn(drawn::Crs::LonLat),
            SourceCrs::Epsg(code) if drawn::Crs::epsg(*code).is_some() => {
                Place::Drawn(drawn::Crs::epsg(*code).unwrap_or_default())
            }
            stated => Place::Projected(Crs::resolve(stated, None)?),
        };
        let known = |wanted: &str| table.columns.iter().position(|column| column == wanted);
        let name = match name {
            Some(wanted) => Some(
                known(wanted)
                    .with_context(|| format!("there is no column `{wanted}`{}", suggestion(&nearest(wanted, &table.columns))))?,
            ),
            None => NAMES.iter().find_map(|wanted| known(wanted)),
        };
        Ok(Plots { table, place, name })
    }

    /// How many rows, where the format says so.
    pub fn total(&self) -> Option<u64> {
        self.table.total
    }

    /// The next row as it is in the file; making a plot of it is [`Plots::plot`]'s, and may run elsewhere.
    ///
    /// # Errors
    /// The rest of the file cannot be read.
    pub fn next_row(&mut self) -> anyhow::Result<Option<Result<Row, Read1>>> {
        match self.table.rows.next() {
            None => Ok(None),
            Some(Ok(row)) => Ok(Some(Ok(row))),
            Some(Err(Fault::Row(error))) => Ok(Some(Err(Read1 { label: format!("#{}", error.number), plot: Err(error.reason) }))),
            Some(Err(Fault::File(cause))) => bail!("{cause}"),
        }
    }

    pub fn maker(&self) -> Maker<'_> {
        Maker { place: &self.place, name: self.name }
    }
}

/// What makes plots of rows, on any thread.
#[derive(Clone, Copy)]
pub struct Maker<'f> {
    place: &'f Place,
    name: Option<usize>,
}

impl Maker<'_> {
    pub fn plot(&self, row: Row) -> Read1 {
        let number = || format!("#{}", row.number);
        let written = self.name.and_then(|column| row.cells.get(column)).map(Cell::written);
        let label = written.filter(|text| !text.is_empty()).unwrap_or_else(number);
        let drawn = row.geometry.ok_or_else(|| "there is no geometry".to_owned()).and_then(|geometry| self.draw(geometry));
        let plot = drawn.and_then(|drawn| Plot::drawn(drawn, label.clone()).map_err(|error| error.to_string()));
        Read1 { label, plot }
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

/// Every polygon of a file as one plot.
pub fn as_one(path: &Path) -> anyhow::Result<Plot<'static>> {
    let mut plots = Plots::open(path, None)?;
    let mut pieces = Vec::new();
    while let Some(row) = plots.next_row()? {
        let read = row.map(|row| plots.maker().plot(row)).unwrap_or_else(|unread| unread);
        let plot = read.plot.map_err(|reason| anyhow::anyhow!("{}: {reason}", read.label))?;
        pieces.push(polygons(plot.footprint().shape().to_geo()));
        anyhow::ensure!(pieces.len() <= drawn::MOST_RINGS, "more than {} polygons for one plot; use --file", drawn::MOST_RINGS);
    }
    let mut frames: Vec<Frame> =
        pieces.iter().flat_map(|piece| geo::CoordsIter::coords_iter(piece).next()).map(|c| Frame::of_x(c.x)).collect();
    frames.dedup();
    match frames.len() {
        0 => bail!("it holds no polygon"),
        1 => Ok(Plot::drawn(Drawn::of(union(&pieces)), path.display().to_string())?),
        _ => bail!("its polygons lie in several territories; use --file"),
    }
}
