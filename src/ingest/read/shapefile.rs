//! Shapefile: shapes from the `.shp`, attributes from the `.dbf`, in step; the `.prj` as it is.
//!
//! The `.shx` is not used: the `.shp` is walked once by its record headers, which finds a truncated file before the first row
//! and needs no second file to be right.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use ::shapefile::record::polygon::PolygonRing;
use ::shapefile::{Shape, ShapeReader};
use geo::{Area, BoundingRect, Contains};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::archive::Plain;
use super::crs;
use super::dbf::{Dbf, damaged};
use super::error::Cause;
use super::table::{self, Notes, Row, RowError, SourceCrs, Table};

const HEADER: u64 = 100;

pub(super) fn open(plain: Plain, declared: Option<&str>) -> Result<Table, Cause> {
    let dbf = plain.companion("dbf").ok_or(Cause::Sidecar("dbf"))?;
    let dbf = Dbf::open(dbf, declared, plain.cpg()?.as_deref())?;
    let crs = match plain.companion("prj") {
        Some(path) => crs::of_wkt(&String::from_utf8_lossy(&head(path)?)),
        None => SourceCrs::Unstated,
    };
    let (index, shapes) = index(&plain.path)?;
    if shapes != dbf.total {
        return Err(damaged(&format!("it has {shapes} shapes and {} rows of attributes", dbf.total)));
    }
    let shp = BufReader::new(File::open(&plain.path)?);
    let shp = ShapeReader::with_shx(shp, Cursor::new(index)).map_err(|error| damaged(&error.to_string()))?;
    let (columns, encoding, total) = (dbf.columns.clone(), dbf.encoding.name(), Some(shapes));
    let mut rows = Rows { shp, dbf, _plain: plain };
    Ok(Table { columns, crs, encoding, spatial: true, rows: table::rows(move || rows.next()), total })
}

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(64 << 10).read_to_end(&mut head)?;
    Ok(head)
}

/// What a `.shx` would hold, and the number of shapes.
fn index(path: &Path) -> Result<(Vec<u8>, u64), Cause> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut from = BufReader::new(file);
    let mut index = vec![0; HEADER as usize];
    from.read_exact(&mut index).map_err(|_| damaged("it ends within its header"))?;
    let stated = 2 * u64::from(u32::from_be_bytes([index[24], index[25], index[26], index[27]]));
    if stated > length {
        return Err(damaged(&format!("it ends after {length} of {stated} bytes")));
    }
    let mut position = HEADER;
    let mut shapes = 0;
    while position + 8 <= stated {
        let mut record = [0; 8];
        from.read_exact(&mut record)?;
        let words = u32::from_be_bytes([record[4], record[5], record[6], record[7]]);
        let after = position + 8 + 2 * u64::from(words);
        if words < 2 || after > stated {
            return Err(damaged(&format!("shape {} does not fit into the file", shapes + 1)));
        }
        index.extend(((position / 2) as u32).to_be_bytes());
        index.extend(words.to_be_bytes());
        from.seek_relative(2 * i64::from(words))?;
        (position, shapes) = (after, shapes + 1);
    }
    let words = (index.len() / 2) as u32;
    index[24..28].copy_from_slice(&words.to_be_bytes());
    Ok((index, shapes))
}

struct Rows {
    shp: ShapeReader<BufReader<File>>,
    dbf: Dbf,
    _plain: Plain,
}

impl Rows {
    fn next(&mut self) -> Result<Option<Result<Row, RowError>>, Cause> {
        let next = self.dbf.next()?;
        Ok(next.map(|(number, cells, notes)| self.row(number, cells, notes)))
    }

    fn row(&mut self, number: u64, cells: Vec<super::table::Cell>, notes: Notes) -> Result<Row, RowError> {
        let rejected = |reason: String| RowError::new(number, Some("geometry"), "", reason);
        let shape = match self.shp.read_nth_shape((number - 1) as usize) {
            Some(Ok(shape)) => shape,
            Some(Err(error)) => return Err(rejected(format!("its shape is not readable ({error})"))),
            None => return Err(rejected("it has no shape".to_owned())),
        };
        let (geometry, seen) = geometry(shape).map_err(rejected)?;
        Ok(Row { number, cells, geometry, notes: Notes { recoded: notes.recoded, ..seen } })
    }
}

fn geometry(shape: Shape) -> Result<(Option<Geometry<f64>>, Notes), String> {
    let flat = Notes::default();
    let high = Notes { z_dropped: true, ..flat };
    Ok(match shape {
        Shape::NullShape => (None, flat),
        Shape::Point(p) => (Some(Point::new(p.x, p.y).into()), flat),
        Shape::PointM(p) => (Some(Point::new(p.x, p.y).into()), high),
        Shape::PointZ(p) => (Some(Point::new(p.x, p.y).into()), high),
        Shape::Multipoint(points) => (Some(many(points.points().iter().map(|p| (p.x, p.y)))), flat),
        Shape::MultipointM(points) => (Some(many(points.points().iter().map(|p| (p.x, p.y)))), high),
        Shape::MultipointZ(points) => (Some(many(points.points().iter().map(|p| (p.x, p.y)))), high),
        Shape::Polyline(line) => (Some(lines(parts(line.parts(), |p| (p.x, p.y)))), flat),
        Shape::PolylineM(line) => (Some(lines(parts(line.parts(), |p| (p.x, p.y)))), high),
        Shape::PolylineZ(line) => (Some(lines(parts(line.parts(), |p| (p.x, p.y)))), high),
        Shape::Polygon(polygon) => polygons(rings(polygon.into_inner(), |p| (p.x, p.y)), flat),
        Shape::PolygonM(polygon) => polygons(rings(polygon.into_inner(), |p| (p.x, p.y)), high),
        Shape::PolygonZ(polygon) => polygons(rings(polygon.into_inner(), |p| (p.x, p.y)), high),
        Shape::Multipatch(_) => return Err("multipatches are not read".to_owned()),
    })
}

fn many(points: impl Iterator<Item = (f64, f64)>) -> Geometry<f64> {
    MultiPoint::from_iter(points).into()
}

fn parts<P>(parts: &[Vec<P>], xy: impl Fn(&P) -> (f64, f64)) -> Vec<LineString<f64>> {
    parts.iter().map(|part| part.iter().map(&xy).map(Coord::from).collect()).collect()
}

fn lines(mut parts: Vec<LineString<f64>>) -> Geometry<f64> {
    match parts.len() {
        1 => parts.remove(0).into(),
        _ => MultiLineString::new(parts).into(),
    }
}

/// Rings with the role that their winding gives them: outer ones turn clockwise.
fn rings<P>(rings: Vec<PolygonRing<P>>, xy: impl Fn(&P) -> (f64, f64)) -> Vec<(bool, LineString<f64>)> {
    let line = |points: Vec<P>| points.iter().map(&xy).map(Coord::from).collect();
    rings
        .into_iter()
        .map(|ring| match ring {
            PolygonRing::Outer(points) => (true, line(points)),
            PolygonRing::Inner(points) => (false, line(points)),
        })
        .collect()
}

/// Holes go into the smallest outer ring around them, wherever they stand in the file; a hole in nothing is land of its own,
/// for some programs write outer rings the wrong way round.
fn polygons(rings: Vec<(bool, LineString<f64>)>, notes: Notes) -> (Option<Geometry<f64>>, Notes) {
    let unclosed_rings = rings.iter().filter(|(_, ring)| !ring.is_closed()).count() as u32;
    let (outer, inner): (Vec<_>, Vec<_>) = rings.into_iter().partition(|(outer, _)| *outer);
    let mut polygons: Vec<Polygon<f64>> = outer.into_iter().map(|(_, ring)| Polygon::new(ring, vec![])).collect();
    let outers = polygons.len();
    let boxes: Vec<_> = polygons.iter().map(|polygon| (polygon.bounding_rect(), polygon.unsigned_area())).collect();
    for (_, ring) in inner {
        let around = |&index: &usize| {
            outers == 1 || (boxes[index].0.is_some_and(|rect| rect_holds(&rect, &ring)) && holds(&polygons[index], &ring))
        };
        match (0..outers).filter(around).min_by(|&a, &b| boxes[a].1.total_cmp(&boxes[b].1)) {
            Some(index) => polygons[index].interiors_push(ring),
            None => polygons.push(Polygon::new(ring, vec![])),
        }
    }
    let geometry = match polygons.len() {
        0 => None,
        1 => polygons.pop().map(Geometry::from),
        _ => Some(MultiPolygon::new(polygons).into()),
    };
    (geometry, Notes { unclosed_rings, ..notes })
}

fn rect_holds(rect: &geo_types::Rect<f64>, ring: &LineString<f64>) -> bool {
    let (min, max) = (rect.min(), rect.max());
    ring.0.iter().all(|c| min.x <= c.x && c.x <= max.x && min.y <= c.y && c.y <= max.y)
}

/// By the first point of the hole that is not on the outer ring itself.
fn holds(polygon: &Polygon<f64>, ring: &LineString<f64>) -> bool {
    let outer = Polygon::new(polygon.exterior().clone(), vec![]);
    ring.0.iter().any(|point| outer.contains(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(outer: bool, x: f64, y: f64, side: f64) -> (bool, LineString<f64>) {
        let corners = vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)];
        (outer, LineString::from(corners))
    }

    #[test]
    fn holes_find_their_rings() {
        let rings = vec![
            square(false, 11.0, 1.0, 2.0),
            square(true, 0.0, 0.0, 9.0),
            square(true, 10.0, 0.0, 9.0),
            square(false, 1.0, 1.0, 5.0),
            square(true, 2.0, 2.0, 3.0),
            square(false, 3.0, 3.0, 1.0),
            square(false, 50.0, 0.0, 1.0),
        ];
        let (geometry, _) = polygons(rings, Notes::default());
        let Some(Geometry::MultiPolygon(polygons)) = geometry else { panic!("{geometry:?}") };
        let holes: Vec<_> = polygons.iter().map(|polygon| polygon.interiors().len()).collect();
        assert_eq!(holes, [1, 1, 1, 0], "an island in a hole has its own hole; a lone hole is land");
    }
}
