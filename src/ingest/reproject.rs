//! Coordinates from one reference system to another, by PROJ. Nothing is projected twice, nor after ingest.
//!
//! A PROJ transformation is neither `Send` nor `Sync` and takes 5 to 45 ms to make: each thread keeps its own, by pair.

use std::cell::RefCell;
use std::collections::HashMap;

use geo::{Geometry, MapCoordsInPlace};
use geo_types::Coord;
use proj::{Area, Proj};

use crate::geometry::bounds::Bounds;
use crate::geometry::projection::to_lon_lat;
use crate::geometry::territory::{Frame, LonLat};
use crate::ingest::read::SourceCrs;
use crate::layer::catalogue::{nearest, suggestion};

/// The reference system of a file's coordinates, known to PROJ. Coordinates are taken easting (longitude) first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crs {
    /// What PROJ is given: `EPSG:2154`, or WKT.
    definition: String,
    /// Of the territory whose own CRS it is.
    pub frame: Option<Frame>,
}

const LONLAT: &str = "EPSG:4326";

impl Crs {
    /// What a file states, else what its layer declares, else longitude and latitude.
    ///
    /// # Errors
    /// PROJ knows no such reference system.
    pub fn resolve(stated: &SourceCrs, declared: Option<u32>) -> Result<Crs, CrsError> {
        match stated {
            SourceCrs::Epsg(code) => Crs::epsg(*code),
            SourceCrs::Wkt(wkt) => Crs::known(wkt.clone(), None),
            SourceCrs::Unstated => Crs::epsg(declared.unwrap_or(4326)),
        }
    }

    pub fn epsg(code: u32) -> Result<Crs, CrsError> {
        Crs::known(format!("EPSG:{code}"), Frame::by_epsg(code))
    }

    fn known(definition: String, frame: Option<Frame>) -> Result<Crs, CrsError> {
        let crs = Crs { definition, frame };
        with_proj(&crs.definition, LONLAT, |_| ()).map_err(|_| CrsError::new(&crs.name()))?;
        Ok(crs)
    }

    /// Its code, or the name in its description.
    pub fn name(&self) -> String {
        let quoted = self.definition.split('"').nth(1);
        quoted.map_or_else(|| self.definition.clone(), str::to_owned)
    }

    /// A position in degrees; `None` where the projection has none.
    pub fn lonlat(&self, at: Coord<f64>) -> Option<LonLat> {
        if self.definition == LONLAT {
            return Some(LonLat { lon: at.x, lat: at.y });
        }
        let (lon, lat) = with_proj(&self.definition, LONLAT, |proj| proj.convert((at.x, at.y))).ok()?.ok()?;
        (lon.is_finite() && lat.is_finite()).then_some(LonLat { lon, lat })
    }

    /// Moves a geometry into the CRS of a territory, in metres; `None` where a vertex has no place there.
    pub fn project(&self, mut geometry: Geometry<f64>, frame: Frame) -> Option<Geometry<f64>> {
        if self.frame == Some(frame) {
            return Some(geometry);
        }
        let target = format!("EPSG:{}", frame.territory().epsg);
        let moved = with_proj(&self.definition, &target, |proj| {
            let place = |at: Coord<f64>| match proj.convert((at.x, at.y)) {
                Ok((x, y)) if x.is_finite() && y.is_finite() => Ok(Coord { x, y }),
                _ => Err(()),
            };
            match &mut geometry {
                Geometry::Point(point) => point.try_map_coords_in_place(place),
                Geometry::MultiPoint(points) => points.try_map_coords_in_place(place),
                Geometry::MultiLineString(lines) => lines.try_map_coords_in_place(place),
                Geometry::MultiPolygon(polygons) => polygons.try_map_coords_in_place(place),
                // Cleaning leaves nothing else.
                _ => Err(()),
            }
        });
        matches!(moved, Ok(Ok(()))).then_some(geometry)
    }
}

/// West, south, east, north in degrees of a box in a territory's metres. Its edges are curves there: points along them count.
pub fn extent_lonlat(frame: Frame, bounds: Bounds) -> [f64; 4] {
    const STEPS: u32 = 20;
    let mut extent = Bounds::EMPTY;
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        let along = |axis: usize| bounds.min[axis] + share * (bounds.max[axis] - bounds.min[axis]);
        let [x, y] = [along(0), along(1)];
        for [x, y] in [[x, bounds.min[1]], [x, bounds.max[1]], [bounds.min[0], y], [bounds.max[0], y]] {
            let position = to_lon_lat([x + frame.offset(), y]);
            extent = extent.with([position.lon, position.lat]);
        }
    }
    [extent.min[0], extent.min[1], extent.max[0], extent.max[1]]
}

thread_local! {
    static PAIRS: RefCell<HashMap<String, HashMap<String, Proj>>> = RefCell::default();
}

fn with_proj<T>(from: &str, to: &str, work: impl FnOnce(&Proj) -> T) -> Result<T, proj::ProjCreateError> {
    PAIRS.with_borrow_mut(|pairs| {
        if !pairs.get(from).is_some_and(|pairs| pairs.contains_key(to)) {
            let made = Proj::new_known_crs(from, to, area(to))?;
            pairs.entry(from.to_owned()).or_default().insert(to.to_owned(), made);
        }
        Ok(work(&pairs[from][to]))
    })
}

/// Where a territory's CRS is used, so that PROJ chooses the transformation made for it.
fn area(to: &str) -> Option<Area> {
    let frame = Frame::all().find(|frame| to == format!("EPSG:{}", frame.territory().epsg))?;
    let [west, south, east, north] = frame.territory().area_of_use;
    Some(Area::new(west, south, east, north))
}

#[derive(Debug, thiserror::Error)]
#[error("its coordinate reference system `{name}` is not known{}", suggestion(nearest))]
pub struct CrsError {
    name: String,
    nearest: Option<String>,
}

impl CrsError {
    fn new(name: &str) -> CrsError {
        let known = Frame::all().map(|frame| frame.territory().epsg).chain([4326, 3857, 4171, 4258, 27572]);
        let known: Vec<String> = known.map(|code| format!("EPSG:{code}")).collect();
        CrsError { name: name.to_owned(), nearest: name.starts_with("EPSG").then(|| nearest(name, &known)).flatten() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;

    #[test]
    fn official_coordinates_of_well_known_places() {
        // Notre-Dame de Paris in Lambert-93 and the lighthouse of Saint-Denis in UTM 40S, to the metre.
        let metropole = Frame::by_key("metropole").unwrap();
        let reunion = Frame::by_key("reunion").unwrap();
        let lonlat = Crs::epsg(4326).unwrap();
        let project = |lon, lat, frame| match lonlat.project(Geometry::Point(Point::new(lon, lat)), frame) {
            Some(Geometry::Point(point)) => (point.x().round(), point.y().round()),
            _ => panic!("no place"),
        };
        assert_eq!(project(3.0, 46.5, metropole), (700_000.0, 6_600_000.0), "the origin of Lambert-93");
        assert_eq!(project(57.0, 0.0, reunion), (500_000.0, 10_000_000.0), "the origin of UTM 40 S");
        let back = Crs::epsg(2154).unwrap().lonlat(Coord { x: 700_000.0, y: 6_600_000.0 }).unwrap();
        assert!((back.lon - 3.0).abs() < 1e-9 && (back.lat - 46.5).abs() < 1e-9, "{back:?}");
    }

    #[test]
    fn a_territorys_own_coordinates_are_not_moved() {
        let point = Geometry::Point(Point::new(652_381.123_456_789, 6_862_047.0));
        let crs = Crs::epsg(2154).unwrap();
        assert_eq!(crs.project(point.clone(), crs.frame.unwrap()), Some(point));
    }

    #[test]
    fn an_unknown_system_is_named() {
        let message = Crs::epsg(21544).unwrap_err().to_string();
        assert!(message.contains("`EPSG:21544` is not known; did you mean `EPSG:2154`?"), "{message}");
        assert!(Crs::resolve(&SourceCrs::Wkt("GEOGCS[\"Atlantis\"]".into()), None).is_err());
    }
}
