//! The reference systems that answers are given in, by the names that OGC APIs use (OGC 18-058r1).

use super::projection::{europe_of, europe_to_lon_lat, from_lon_lat, mercator_of, mercator_to_lon_lat, to_lon_lat};
use super::territory::{Frame, LonLat};

/// Coordinates of the methods here are easting (longitude) first; [`Reference::northing_first`] says what the system itself wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Reference {
    /// WGS 84, longitude first.
    #[default]
    Crs84,
    /// EPSG:4326: WGS 84, latitude first.
    Wgs84,
    /// EPSG:3857.
    Mercator,
    /// EPSG:3035, the equal-area system of European statistics, northing first.
    Europe,
    /// The CRS of a territory.
    Of(Frame),
}

const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

impl Reference {
    /// Those that hold anywhere.
    pub const GENERAL: [Reference; 4] = [Reference::Crs84, Reference::Wgs84, Reference::Mercator, Reference::Europe];

    pub fn all() -> impl Iterator<Item = Reference> {
        Reference::GENERAL.into_iter().chain(Frame::all().map(Reference::Of))
    }

    /// EPSG code; of CRS84 that of the same datum.
    pub fn code(self) -> u32 {
        match self {
            Reference::Crs84 | Reference::Wgs84 => 4326,
            Reference::Mercator => 3857,
            Reference::Europe => 3035,
            Reference::Of(frame) => frame.territory().epsg,
        }
    }

    /// Its name in the EPSG registry.
    pub fn name(self) -> &'static str {
        match self.code() {
            3857 => "WGS 84 / Pseudo-Mercator",
            3035 => "ETRS89-extended / LAEA Europe",
            2154 => "RGF93 v1 / Lambert-93",
            5490 => "RGAF09 / UTM zone 20N",
            2972 => "RGFG95 / UTM zone 22N",
            2975 => "RGR92 / UTM zone 40S",
            4471 => "RGM04 / UTM zone 38S",
            4467 => "RGSPM06 / UTM zone 21N",
            _ => "WGS 84",
        }
    }

    /// Its address.
    pub fn uri(self) -> String {
        match self {
            Reference::Crs84 => CRS84.to_owned(),
            other => format!("{EPSG}{}", other.code()),
        }
    }

    pub fn of_uri(uri: &str) -> Option<Reference> {
        Reference::all().find(|system| system.uri() == uri)
    }

    /// Whether the system's own axes are northing (latitude) before easting (longitude), in the EPSG registry.
    pub fn northing_first(self) -> bool {
        matches!(self, Reference::Wgs84 | Reference::Europe)
    }

    pub fn is_degrees(self) -> bool {
        matches!(self, Reference::Crs84 | Reference::Wgs84)
    }

    /// Coordinates are rounded to this part of a unit: 1e-7° is a centimetre.
    pub fn steps_per_unit(self) -> f64 {
        if self.is_degrees() { 1e7 } else { 1e3 }
    }

    /// A place of the shared plane in this system.
    pub fn of_plane(self, xy: [f64; 2]) -> [f64; 2] {
        match self {
            Reference::Of(frame) if frame == Frame::of_x(xy[0]) => [xy[0] - frame.offset(), xy[1]],
            other => other.of_lon_lat(to_lon_lat(xy)),
        }
    }

    pub fn of_lon_lat(self, position: LonLat) -> [f64; 2] {
        match self {
            Reference::Crs84 | Reference::Wgs84 => [position.lon, position.lat],
            Reference::Mercator => mercator_of(position),
            Reference::Europe => europe_of(position),
            Reference::Of(frame) => {
                let [x, y] = from_lon_lat(frame, position);
                [x - frame.offset(), y]
            }
        }
    }

    pub fn to_lon_lat(self, [x, y]: [f64; 2]) -> LonLat {
        match self {
            Reference::Crs84 | Reference::Wgs84 => LonLat { lon: x, lat: y },
            Reference::Mercator => mercator_to_lon_lat([x, y]),
            Reference::Europe => europe_to_lon_lat([x, y]),
            Reference::Of(frame) => to_lon_lat([x + frame.offset(), y]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proj::Proj;

    #[test]
    fn each_system_agrees_with_proj_and_comes_back() {
        for system in Reference::all() {
            let place = match system {
                Reference::Of(frame) => frame.territory().area_of_use,
                _ => [-61.7, 2.0, 57.0, 51.0],
            };
            let proj = Proj::new_known_crs("EPSG:4326", &format!("EPSG:{}", system.code()), None).unwrap();
            for step in 0..=40 {
                let share = f64::from(step) / 40.0;
                let position =
                    LonLat { lon: place[0] + share * (place[2] - place[0]), lat: place[3] + share * (place[1] - place[3]) };
                let (x, y) = proj.convert((position.lon, position.lat)).unwrap();
                let ours = system.of_lon_lat(position);
                assert!((ours[0] - x).abs() < 1e-5 && (ours[1] - y).abs() < 1e-5, "{system:?} {position:?} {ours:?} {x} {y}");
                let back = system.to_lon_lat(ours);
                assert!((back.lon - position.lon).abs() < 1e-9 && (back.lat - position.lat).abs() < 1e-9, "{system:?} {back:?}");
            }
            assert_eq!(Reference::of_uri(&system.uri()), Some(system));
        }
    }

    #[test]
    fn a_place_of_the_plane_is_its_own_metres() {
        let frame = Frame::by_epsg(2975).unwrap();
        assert_eq!(Reference::Of(frame).of_plane([340_000.0 + frame.offset(), 7_640_000.0]), [340_000.0, 7_640_000.0]);
    }
}
