//! Geometry in any notation to `geo_types`, keeping count of what that type cannot hold.
//!
//! Counts that a notation announces are never trusted with memory: vectors grow with the coordinates that are really there.

use geo_types::Geometry;
use geozero::error::{GeozeroError, Result};
use geozero::geo_types::GeoWriter;
use geozero::geojson::GeoJson;
use geozero::wkb::{Ewkb, GpkgWkb, Wkb};
use geozero::wkt::Wkt;
use geozero::{CoordDimensions, GeomProcessor, GeozeroGeometry};

use super::table::Notes;
use crate::geometry::wkt::{DEEPEST, check_depth, split_srid};

/// Collections in collections beyond which a geometry is refused: readers recurse.
const MAX_DEPTH: usize = DEEPEST;
/// How much a vector reserves on the word of a count.
const MAX_RESERVE: usize = 1024;

type Read = std::result::Result<(Option<Geometry<f64>>, Notes), String>;

pub(super) fn from_geojson(text: &str) -> Read {
    collect(&GeoJson(text))
}

/// WKT, with or without a leading `SRID=4326;`.
pub(super) fn from_wkt(text: &str) -> Read {
    let (srid, text) = split_srid(text.trim())?;
    check_depth(text)?;
    let (geometry, notes) = collect(&Wkt(text))?;
    Ok((geometry, Notes { srid: srid.or(notes.srid), ..notes }))
}

/// WKB of ISO (types 1001 to 3017) or of PostGIS (high bits set).
pub(super) fn from_wkb(bytes: &[u8]) -> Read {
    let kind: Option<[u8; 4]> = bytes.get(1..5).and_then(|kind| kind.try_into().ok());
    let kind = kind.ok_or("it is too short for a geometry")?;
    let kind = if bytes[0] == 0 { u32::from_be_bytes(kind) } else { u32::from_le_bytes(kind) };
    if kind >= 1 << 29 { collect(&Ewkb(bytes)) } else { collect(&Wkb(bytes)) }
}

pub(super) fn from_hex_wkb(text: &str) -> Read {
    from_wkb(&from_hex(text.trim())?)
}

pub(super) fn from_geopackage(bytes: &[u8]) -> Read {
    // The empty flag: what follows the header may then be anything.
    if bytes.starts_with(b"GP") && bytes.get(3).is_some_and(|flags| flags & 0b1_0000 != 0) {
        return Ok((None, Notes::default()));
    }
    collect(&GpkgWkb(bytes))
}

pub(super) fn collect(source: &impl GeozeroGeometry) -> Read {
    let mut collector = Collector::default();
    source.process_geom(&mut collector).map_err(|error| reason(&error))?;
    Ok((collector.writer.take_geometry(), collector.notes))
}

fn reason(error: &GeozeroError) -> String {
    match error {
        GeozeroError::IoError(_) => "it ends before its last coordinate".to_owned(),
        GeozeroError::GeometryFormat => "it is not a geometry of a known kind".to_owned(),
        GeozeroError::Geometry(reason) if reason == NO_PLACE => "curves and surfaces of that kind are not read".to_owned(),
        GeozeroError::Geometry(reason) => reason.clone(),
        other => other.to_string(),
    }
}

/// What the writer says of a curve, whose beginning it ignores.
const NO_PLACE: &str = "Not ready for coords";

fn from_hex(text: &str) -> std::result::Result<Vec<u8>, String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?);
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
    bytes.ok_or_else(|| "it is not hexadecimal WKB".to_owned())
}

/// Passes a geometry on to geozero's writer, noticing what gets lost there.
#[derive(Default)]
struct Collector {
    writer: GeoWriter,
    notes: Notes,
    depth: usize,
    in_polygon: bool,
    first: Option<[f64; 2]>,
    last: Option<[f64; 2]>,
}

impl GeomProcessor for Collector {
    fn dimensions(&self) -> CoordDimensions {
        CoordDimensions::xyzm()
    }

    fn srid(&mut self, srid: Option<i32>) -> Result<()> {
        self.notes.srid = srid.and_then(|srid| u32::try_from(srid).ok()).filter(|&srid| srid > 0);
        Ok(())
    }

    fn xy(&mut self, x: f64, y: f64, idx: usize) -> Result<()> {
        self.first = self.first.or(Some([x, y]));
        self.last = Some([x, y]);
        self.writer.xy(x, y, idx)
    }

    fn coordinate(
        &mut self,
        x: f64,
        y: f64,
        z: Option<f64>,
        m: Option<f64>,
        _t: Option<f64>,
        _tm: Option<u64>,
        idx: usize,
    ) -> Result<()> {
        self.notes.z_dropped |= z.is_some() || m.is_some();
        self.xy(x, y, idx)
    }

    fn empty_point(&mut self, _idx: usize) -> Result<()> {
        Ok(())
    }

    fn point_begin(&mut self, idx: usize) -> Result<()> {
        self.writer.point_begin(idx)
    }

    fn point_end(&mut self, idx: usize) -> Result<()> {
        self.writer.point_end(idx)
    }

    fn multipoint_begin(&mut self, size: usize, idx: usize) -> Result<()> {
        self.writer.multipoint_begin(size.min(MAX_RESERVE), idx)
    }

    fn multipoint_end(&mut self, idx: usize) -> Result<()> {
        self.writer.multipoint_end(idx)
    }

    fn linestring_begin(&mut self, tagged: bool, size: usize, idx: usize) -> Result<()> {
        (self.first, self.last) = (None, None);
        self.writer.linestring_begin(tagged, size.min(MAX_RESERVE), idx)
    }

    fn linestring_end(&mut self, tagged: bool, idx: usize) -> Result<()> {
        self.notes.unclosed_rings += u32::from(self.in_polygon && self.first != self.last);
        self.writer.linestring_end(tagged, idx)
    }

    fn multilinestring_begin(&mut self, size: usize, idx: usize) -> Result<()> {
        self.writer.multilinestring_begin(size.min(MAX_RESERVE), idx)
    }

    fn multilinestring_end(&mut self, idx: usize) -> Result<()> {
        self.writer.multilinestring_end(idx)
    }

    fn polygon_begin(&mut self, tagged: bool, size: usize, idx: usize) -> Result<()> {
        self.in_polygon = true;
        self.writer.polygon_begin(tagged, size.min(MAX_RESERVE), idx)
    }

    fn polygon_end(&mut self, tagged: bool, idx: usize) -> Result<()> {
        self.in_polygon = false;
        self.writer.polygon_end(tagged, idx)
    }

    fn multipolygon_begin(&mut self, size: usize, idx: usize) -> Result<()> {
        self.writer.multipolygon_begin(size.min(MAX_RESERVE), idx)
    }

    fn multipolygon_end(&mut self, idx: usize) -> Result<()> {
        self.writer.multipolygon_end(idx)
    }

    fn geometrycollection_begin(&mut self, size: usize, idx: usize) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(GeozeroError::Geometry(format!("its collections nest deeper than {MAX_DEPTH}")));
        }
        self.writer.geometrycollection_begin(size.min(MAX_RESERVE), idx)
    }

    fn geometrycollection_end(&mut self, idx: usize) -> Result<()> {
        self.depth -= 1;
        self.writer.geometrycollection_end(idx)
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, Point, Polygon};

    use super::*;

    #[test]
    fn odd_shapes_come_through() {
        let line = |text| from_geojson(text).unwrap();
        let (geometry, _) = line(r#"{"type":"LineString","coordinates":[[1,2]]}"#);
        assert_eq!(geometry, Some(LineString::from(vec![(1.0, 2.0)]).into()));
        let (geometry, notes) = line(r#"{"type":"Polygon","coordinates":[[[0,0,9],[1,0,9],[1,1,9]]]}"#);
        let square = LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]);
        assert_eq!(geometry, Some(Polygon::new(square, vec![]).into()));
        assert_eq!((notes.unclosed_rings, notes.z_dropped), (1, true));
        assert_eq!(from_wkt("POLYGON EMPTY").unwrap().0, Some(Polygon::new(LineString::new(vec![]), vec![]).into()));
        assert_eq!(from_wkt("POINT EMPTY").unwrap().0, None);
        let (geometry, notes) = from_wkt("SRID=2154;POINT Z (1 2 3)").unwrap();
        assert_eq!((geometry, notes.srid, notes.z_dropped), (Some(Point::new(1.0, 2.0).into()), Some(2154), true));
        assert!(from_wkt("POINT(NaN 2)").is_err(), "WKT has no such number");
    }

    #[test]
    fn both_dialects_of_wkb() {
        let ewkb = "0101000020E6100000000000000000F03F0000000000000040";
        let (geometry, notes) = from_hex_wkb(ewkb).unwrap();
        assert_eq!((geometry, notes.srid), (Some(Point::new(1.0, 2.0).into()), Some(4326)));
        let iso_z = "01E9030000000000000000F03F00000000000000400000000000000840";
        let (geometry, notes) = from_hex_wkb(iso_z).unwrap();
        assert_eq!((geometry, notes.z_dropped), (Some(Point::new(1.0, 2.0).into()), true));
        assert_eq!(from_hex_wkb("01zz").unwrap_err(), "it is not hexadecimal WKB");
        assert_eq!(from_hex_wkb("011").unwrap_err(), "it is not hexadecimal WKB");
    }

    #[test]
    fn announced_counts_and_depths_cost_nothing() {
        for kind in 1..=17u8 {
            let mut bytes = vec![1, kind, 0, 0, 0];
            bytes.extend([0xFF; 4]);
            bytes.extend([1, kind, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
            assert!(from_wkb(&bytes).is_err(), "kind {kind}");
        }
        let nested = [1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(1_000_000);
        assert_eq!(from_wkb(&nested).unwrap_err(), "its collections nest deeper than 32");
        let nested = "GEOMETRYCOLLECTION(".repeat(1_000_000);
        assert_eq!(from_wkt(&nested).unwrap_err(), "its brackets nest deeper than 32");
        let nested = r#"{"type":"GeometryCollection","geometries":["#.repeat(100_000);
        assert!(from_geojson(&nested).is_err());
        assert!(from_wkt("POINT(1)").is_err() && from_wkt("hello").is_err() && from_wkt("").is_err());
        assert_eq!(from_wkb(&[1, 2]).unwrap_err(), "it is too short for a geometry");
    }
}
