//! A polygon that somebody drew: read, put on the shared plane, and held against the rules of size and validity.
//!
//! What comes in may be anything: not GeoJSON, a million vertices, rings that cross themselves, latitude before longitude, a
//! place in no territory or in two. What goes out is a valid polygon of one territory, or an error that says where it is wrong.

use geo::CoordsIter;
use geo_types::{Coord, Geometry, MultiPolygon};
use geozero::ToGeo;

use super::footprint::{EdgeTrees, Footprint};
use super::overlap::union;
use super::projection::{from_lon_lat, mercator_to_lon_lat, to_lon_lat};
use super::shape::Shapes;
use super::territory::{Frame, LonLat, TERRITORIES};
use super::validity::{FlawKind, find_flaw};
use super::wkt::{check_depth, split_srid};

/// More is refused, before anything is computed.
pub const MOST_VERTICES: usize = 100_000;
pub const MOST_RINGS: usize = 1_000;

/// A valid polygon of one territory on the shared plane, ready for questions.
#[derive(Debug)]
pub struct Drawn {
    shapes: Shapes,
    edges: EdgeTrees,
}

impl Drawn {
    /// A GeoJSON geometry, in longitude and latitude.
    ///
    /// # Errors
    /// It is no polygon, too large, not valid, or not in one territory.
    pub fn from_geojson(geometry: &serde_json::Map<String, serde_json::Value>, crs: Crs) -> Result<Drawn, DrawnError> {
        let not_geojson = |error: geojson::Error| DrawnError::GeoJson(error.to_string());
        let read = geojson::Geometry::from_json_object(geometry.clone()).map_err(not_geojson)?;
        Drawn::from_geometry((&read.value).try_into().map_err(not_geojson)?, crs)
    }

    /// Well-known text; an SRID that stands in it goes before `crs`.
    ///
    /// # Errors
    /// As [`Drawn::from_geojson`].
    pub fn from_wkt(text: &str, crs: Crs) -> Result<Drawn, DrawnError> {
        let (srid, text) = split_srid(text.trim()).map_err(DrawnError::Wkt)?;
        check_depth(text).map_err(DrawnError::Wkt)?;
        let crs = srid.map_or(Ok(crs), |code| Crs::epsg(code).ok_or_else(|| DrawnError::Crs(format!("EPSG:{code}"))))?;
        let read = geozero::wkt::Wkt(text).to_geo().map_err(|error| DrawnError::Wkt(error.to_string()))?;
        Drawn::from_geometry(read, crs)
    }

    /// # Errors
    /// As [`Drawn::from_geojson`].
    pub fn from_geometry(geometry: Geometry<f64>, crs: Crs) -> Result<Drawn, DrawnError> {
        let polygons = match geometry {
            Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
            Geometry::MultiPolygon(polygons) => polygons,
            _ => return Err(DrawnError::Kind),
        };
        check_size(&polygons)?;
        Drawn::placed(on_plane(&polygons, crs)?)
    }

    /// Polygons of one territory that are on the shared plane already, finite, and perhaps not valid.
    ///
    /// # Errors
    /// They are not valid, or too large.
    pub fn placed(placed: MultiPolygon<f64>) -> Result<Drawn, DrawnError> {
        check_size(&placed)?;
        match find_flaw(&placed) {
            Some(flaw) => Err(DrawnError::Invalid { what: flaw.kind, at: to_lon_lat([flaw.at.x, flaw.at.y]) }),
            None => Ok(Drawn::of(placed)),
        }
    }

    /// Polygons that are on the shared plane and valid already.
    pub fn of(polygons: MultiPolygon<f64>) -> Drawn {
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&polygons.into()));
        let edges = EdgeTrees::of(&shapes);
        Drawn { shapes, edges }
    }

    /// Polygons of one territory as one: what they have in common counts once.
    ///
    /// # Errors
    /// There is none, or they lie in several territories.
    pub fn joined(pieces: &[MultiPolygon<f64>]) -> Result<Drawn, DrawnError> {
        let mut frames: Vec<Frame> =
            pieces.iter().flat_map(|piece| piece.coords_iter().next()).map(|c| Frame::of_x(c.x)).collect();
        frames.dedup();
        match frames[..] {
            [] => Err(DrawnError::Empty),
            [_] => Ok(Drawn::of(union(pieces))),
            [first, second, ..] => Err(DrawnError::TwoTerritories(first.territory().name_en, second.territory().name_en)),
        }
    }

    /// The polygon as it is, on the shared plane.
    pub fn polygons(&self) -> MultiPolygon<f64> {
        match self.shapes.get(0).to_geo() {
            Some(Geometry::MultiPolygon(polygons)) => polygons,
            Some(Geometry::Polygon(polygon)) => MultiPolygon(vec![polygon]),
            _ => MultiPolygon(Vec::new()),
        }
    }

    /// The polygon as the only feature of its shapes.
    pub fn into_shapes(self) -> Shapes {
        self.shapes
    }

    pub fn footprint(&self) -> Footprint<'_> {
        Footprint::new(self.shapes.get(0), self.edges.get(0))
    }
}

/// The reference system of drawn coordinates. Those of files are PROJ's business; these need closed forms only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Crs {
    /// Degrees, longitude first.
    #[default]
    LonLat,
    /// EPSG:3857.
    Mercator,
    /// The CRS of a territory.
    Of(Frame),
}

impl Crs {
    /// WGS 84 and the systems that differ from it by less than a metre, Web Mercator, those of the territories; no other.
    pub fn epsg(code: u32) -> Option<Crs> {
        match code {
            4326 | 4258 | 4171 => Some(Crs::LonLat),
            3857 => Some(Crs::Mercator),
            _ => Frame::by_epsg(code).map(Crs::Of),
        }
    }

    /// `EPSG:2154`, `2154`, `urn:ogc:def:crs:EPSG::2154`, `http://www.opengis.net/def/crs/OGC/1.3/CRS84`.
    ///
    /// # Errors
    /// A name that is none of these, or a system that is not known here.
    pub fn named(name: &str) -> Result<Crs, DrawnError> {
        let last = name.trim().rsplit([':', '/']).next().unwrap_or_default();
        let known = if last.eq_ignore_ascii_case("CRS84") { Some(Crs::LonLat) } else { None };
        let by_code = || last.parse().ok().and_then(Crs::epsg);
        known.or_else(by_code).ok_or_else(|| DrawnError::Crs(name.to_owned()))
    }

    /// Degrees of a position, and its place on the shared plane where the system itself gives it.
    fn locate(self, c: Coord<f64>) -> (LonLat, Option<[f64; 2]>) {
        match self {
            Crs::LonLat => (LonLat { lon: c.x, lat: c.y }, None),
            Crs::Mercator => (mercator_to_lon_lat([c.x, c.y]), None),
            Crs::Of(frame) => {
                let xy = [c.x + frame.offset(), c.y];
                (to_lon_lat(xy), Some(xy))
            }
        }
    }

    /// The territory in which a position lies.
    fn frame(self, c: Coord<f64>) -> Option<Frame> {
        let found = Frame::holding(self.locate(c).0)?;
        // Metres of one territory's system are never another territory's.
        match self {
            Crs::Of(frame) if frame != found => None,
            _ => Some(found),
        }
    }
}

fn check_size(polygons: &MultiPolygon<f64>) -> Result<(), DrawnError> {
    let rings = polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum::<usize>();
    let vertices = polygons.coords_count();
    if vertices == 0 {
        return Err(DrawnError::Empty);
    }
    if rings > MOST_RINGS {
        return Err(DrawnError::TooManyRings { count: rings });
    }
    if vertices > MOST_VERTICES {
        return Err(DrawnError::TooManyVertices { count: vertices });
    }
    Ok(())
}

fn on_plane(polygons: &MultiPolygon<f64>, crs: Crs) -> Result<MultiPolygon<f64>, DrawnError> {
    if polygons.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err(DrawnError::NotFinite);
    }
    let first = polygons.coords_iter().next().ok_or(DrawnError::Empty)?;
    let frame = crs.frame(first).ok_or_else(|| outside(polygons, first, crs))?;
    geo::MapCoords::try_map_coords(polygons, |c| {
        let (position, placed) = crs.locate(c);
        match crs.frame(c) {
            Some(own) if own == frame => {
                let [x, y] = placed.unwrap_or_else(|| from_lon_lat(frame, position));
                Ok(Coord { x, y })
            }
            Some(other) => Err(DrawnError::TwoTerritories(frame.territory().name_en, other.territory().name_en)),
            None => Err(outside(polygons, c, crs)),
        }
    })
}

/// Outside every territory, or with its axes the other way round: then every vertex would lie in one.
fn outside(polygons: &MultiPolygon<f64>, c: Coord<f64>, crs: Crs) -> DrawnError {
    let swapped = |c: Coord<f64>| Coord { x: c.y, y: c.x };
    let frame = crs.frame(swapped(c));
    let all = frame.is_some() && polygons.coords_iter().all(|c| crs.frame(swapped(c)) == frame);
    match frame.filter(|_| all) {
        Some(frame) => {
            DrawnError::Swapped { x: c.x, y: c.y, would_be: crs.locate(swapped(c)).0, territory: frame.territory().name_en }
        }
        None => DrawnError::Outside { x: c.x, y: c.y },
    }
}

fn known_systems() -> String {
    let own = TERRITORIES.iter().map(|territory| format!("EPSG:{}", territory.epsg));
    ["EPSG:4326".to_owned(), "EPSG:3857".to_owned()].into_iter().chain(own).collect::<Vec<_>>().join(", ")
}

/// Why a drawing is no polygon to work with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DrawnError {
    #[error("the geometry is not GeoJSON: {0}")]
    GeoJson(String),
    #[error("the geometry is not well-known text: {0}")]
    Wkt(String),
    #[error("`{0}` is no coordinate reference system that a drawing may be in; known are {known}", known = known_systems())]
    Crs(String),
    #[error("the geometry is not a Polygon or MultiPolygon")]
    Kind,
    #[error("the polygon is empty")]
    Empty,
    #[error("a coordinate of the polygon is not a finite number")]
    NotFinite,
    #[error("the polygon has {count} vertices; at most {MOST_VERTICES} are taken")]
    TooManyVertices { count: usize },
    #[error("the polygon has {count} rings; at most {MOST_RINGS} are taken")]
    TooManyRings { count: usize },
    #[error("the polygon is not valid: {what}, near {:.7}, {:.7} (longitude, latitude)", at.lon, at.lat)]
    Invalid { what: FlawKind, at: LonLat },
    #[error("the position {x}, {y} is outside every territory; coordinates are longitude first, or easting first")]
    Outside { x: f64, y: f64 },
    #[error(
        "the position {x}, {y} is outside every territory, but {y}, {x} is in {territory}: the axes seem to be swapped; coordinates are longitude first, or easting first"
    )]
    Swapped { x: f64, y: f64, would_be: LonLat, territory: &'static str },
    #[error("the polygon lies in two territories, {0} and {1}; ask about each by itself")]
    TwoTerritories(&'static str, &'static str),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::scale::Metric;

    fn wkt(text: &str, crs: Crs) -> Result<f64, String> {
        let drawn = Drawn::from_wkt(text, crs).map_err(|error| error.to_string())?;
        Ok(Metric::Plane.area_m2(drawn.footprint().shape()))
    }

    #[test]
    fn the_same_square_in_three_systems() {
        let lambert = Crs::named("EPSG:2154").unwrap();
        let square = "POLYGON((700000 6600000,700100 6600000,700100 6600100,700000 6600100,700000 6600000))";
        assert_eq!(wkt(square, lambert), Ok(10_000.0));
        assert_eq!(wkt(&format!("SRID=2154;{square}"), Crs::LonLat), Ok(10_000.0));
        let corners = [[0., 0.], [100., 0.], [100., 100.], [0., 100.], [0., 0.]].map(|[x, y]| [700_000. + x, 6_600_000. + y]);
        let degrees = corners.map(to_lon_lat).map(|p| format!("{} {}", p.lon, p.lat)).join(",");
        assert!((wkt(&format!("POLYGON(({degrees}))"), Crs::LonLat).unwrap() - 10_000.0).abs() < 1e-3);
        let mercator = corners.map(crate::geometry::projection::to_mercator).map(|[x, y]| format!("{x} {y}")).join(",");
        assert!((wkt(&format!("POLYGON(({mercator}))"), Crs::Mercator).unwrap() - 10_000.0).abs() < 1e-3);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let lonlat = |text: &str| wkt(text, Crs::LonLat).unwrap_err();
        let says = |text: &str, words: &str| {
            let said = lonlat(text);
            assert!(said.contains(words), "{text}: {said}");
        };
        says("POLYGON((3 46,3.01 46.01,3.01 46,3 46.01,3 46))", "crosses or covers itself, near 3.0");
        says("POLYGON((46 3,46.01 3,46.01 3.01,46 3))", "46, 3 is outside every territory, but 3, 46 is in Metropolitan France");
        says("POLYGON((0 0,0.1 0,0.1 0.1,0 0))", "outside every territory; ");
        says("POLYGON((3 46,55.5 -21,3 47,3 46))", "two territories, Metropolitan France and Réunion");
        says("POLYGON((3 46,3.1 46,3 46,3 46))", "fewer than three different points");
        says("POLYGON EMPTY", "empty");
        says("POINT(3 46)", "not a Polygon");
        says("POLYGON((3 46,nan 46,3.2 46.3,3 46))", "");
        says("SRID=27572;POLYGON((3 46,3.1 46,3.2 46.2,3 46))", "EPSG:27572` is no coordinate reference system");
        says("rubbish;POLYGON((3 46))", "not well-known text");
        says(&format!("GEOMETRYCOLLECTION{}", "(".repeat(100)), "nest deeper");
        assert!(Crs::named("EPSG:99").is_err() && Crs::named("OGC:CRS84") == Ok(Crs::LonLat));
        let ring: Vec<String> = (0..MOST_VERTICES).map(|i| format!("{} 46", f64::from(i as u32) * 1e-6)).collect();
        says(&format!("POLYGON(({},1 47,0 46))", ring.join(",")), "100002 vertices; at most 100000");
    }

    #[test]
    fn metres_of_another_territory_are_outside() {
        let reunion = Crs::named("2975").unwrap();
        assert!(wkt("POLYGON((700000 6600000,700100 6600000,700100 6600100,700000 6600000))", reunion).is_err());
        assert_eq!(wkt("POLYGON((338000 7693000,338100 7693000,338100 7693100,338000 7693000))", reunion), Ok(5_000.0));
    }
}
