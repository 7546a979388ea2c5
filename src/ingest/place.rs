//! In which territory a geometry lies, and whether it can lie there.

use geo::{BoundingRect, CoordsIter, Geometry};
use geo_types::Coord;

use crate::geometry::territory::{Frame, LonLat};
use crate::ingest::reproject::Crs;
use crate::layer::definition::Role;
use crate::snapshot::manifest::ProblemKind;

/// The territory of a geometry: that of its middle, else of its first vertex that lies in one.
///
/// # Errors
/// It lies in none; [`ProblemKind::AxisSwapped`] when it would with its axes the other way round. They are never swapped here:
/// which of the two the publisher meant is not ours to guess.
pub fn find_territory(geometry: &Geometry<f64>, crs: &Crs) -> Result<(Frame, LonLat), ProblemKind> {
    let middle = middle(geometry).ok_or(ProblemKind::MissingGeometry)?;
    let holding = |at: Coord<f64>| {
        let position = crs.lonlat(at)?;
        Some((Frame::holding(position)?, position))
    };
    if let Some(found) = std::iter::once(middle).chain(geometry.coords_iter()).find_map(holding) {
        return Ok(found);
    }
    let swapped = holding(Coord { x: middle.y, y: middle.x });
    Err(if swapped.is_some() { ProblemKind::AxisSwapped } else { ProblemKind::OutsideEveryTerritory })
}

fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    geometry.bounding_rect().map(|rect| rect.center())
}

/// Whether people can live or work there. Official files that draw overseas départements beside the mainland give them
/// positions in the Atlantic; land begins at Ouessant (5.14° W) and ends in Corsica (9.56° E).
pub fn is_plausible(role: Role, frame: Frame, position: LonLat) -> bool {
    const LAND: [f64; 4] = [-5.2, 41.3, 9.6, 51.15];
    let on_land = matches!(role, Role::Territory | Role::Candidate);
    let [west, south, east, north] = LAND;
    let within = (west..=east).contains(&position.lon) && (south..=north).contains(&position.lat);
    !on_land || frame.territory().key != "metropole" || within
}

/// The territory that the INSEE code of a commune says; `None` where the code says nothing.
pub fn of_commune(code: &str) -> Option<Frame> {
    let head = code.get(..3).filter(|_| code.len() == 5)?;
    let key = match head {
        // Saint-Barthélemy and Saint-Martin have left Guadeloupe but not its CRS.
        "971" | "972" | "977" | "978" => "antilles",
        "973" => "guyane",
        "974" => "reunion",
        "975" => "saint-pierre-et-miquelon",
        "976" => "mayotte",
        _ if head.starts_with("2A") || head.starts_with("2B") => "metropole",
        _ => head[..2].parse::<u8>().ok().filter(|departement| (1..=95).contains(departement)).map(|_| "metropole")?,
    };
    Frame::by_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Point, polygon};

    fn territory(x: f64, y: f64, epsg: u32) -> Result<&'static str, ProblemKind> {
        let crs = Crs::epsg(epsg).unwrap();
        find_territory(&Geometry::Point(Point::new(x, y)), &crs).map(|(frame, _)| frame.territory().key)
    }

    #[test]
    fn swapped_axes_are_told_from_far_places() {
        assert_eq!(territory(2.35, 48.86, 4326), Ok("metropole"));
        assert_eq!(territory(48.86, 2.35, 4326), Err(ProblemKind::AxisSwapped));
        assert_eq!(territory(-20.88, 55.45, 4326), Err(ProblemKind::AxisSwapped));
        assert_eq!(territory(0.0, 0.0, 4326), Err(ProblemKind::OutsideEveryTerritory));
        assert_eq!(territory(-74.0, 40.7, 4326), Err(ProblemKind::OutsideEveryTerritory), "New York");
        assert_eq!(territory(6_862_047.0, 652_381.0, 2154), Err(ProblemKind::AxisSwapped), "northing before easting");
        assert_eq!(territory(338_000.0, 7_693_000.0, 2975), Ok("reunion"));
    }

    #[test]
    fn a_large_shape_lies_where_its_middle_is() {
        let shape = Geometry::Polygon(polygon![(x: -20.0, y: 40.0), (x: 20.0, y: 40.0), (x: 20.0, y: 52.0), (x: -20.0, y: 52.0)]);
        assert!(find_territory(&shape, &Crs::epsg(4326).unwrap()).is_ok());
    }

    #[test]
    fn communes_tell_their_territory() {
        let key = |code: &str| of_commune(code).map(|frame| frame.territory().key);
        assert_eq!((key("75056"), key("2A004"), key("01001")), (Some("metropole"), Some("metropole"), Some("metropole")));
        assert_eq!((key("97411"), key("97127"), key("98735")), (Some("reunion"), Some("antilles"), None));
        assert_eq!((key("BE001"), key("7505"), key("é1234")), (None, None, None));
    }
}
