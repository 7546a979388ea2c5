//! Territories, their metric CRS, and the one plane they share in memory.
//!
//! Each territory owns a metric CRS (décret 2019-165). In memory every territory keeps its own metres and is shifted east by
//! a whole number of [`FRAME_WIDTH`]s, so that one plane and one R-tree a layer hold them all: the CRS of a coordinate is
//! read from its x, and no two territories are ever near each other. Files hold the unshifted CRS.

use super::bounds::Bounds;

/// Spacing of the territories' frames, in metres: ten times the widest territory, and exact in an f64 to 1e-8 m.
pub const FRAME_WIDTH: f64 = 20_000_000.0;

/// Longest distance that any question may ask about: within it two frames never meet.
pub const FARTHEST_M: f64 = 5_000_000.0;

/// Geographic longitude and latitude in degrees (EPSG:4326 read east then north, as CRS84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    pub lon: f64,
    pub lat: f64,
}

/// Map projection of a territory's CRS, on the GRS80 ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Projection {
    /// Lambert conformal conic with the two standard parallels 44° and 49° (EPSG method 9802).
    Lambert93,
    /// Universal transverse Mercator, by zone.
    Utm { zone: u8, south: bool },
}

/// A territory: a metric CRS and the part of the world in which it holds.
#[derive(Debug, PartialEq)]
pub struct Territory {
    pub key: &'static str,
    pub name_fr: &'static str,
    pub name_en: &'static str,
    pub epsg: u32,
    pub projection: Projection,
    /// West, south, east, north in degrees: the area of use in the EPSG registry.
    pub area_of_use: [f64; 4],
}

/// Another country is another line here.
pub const TERRITORIES: [Territory; 6] = [
    Territory {
        key: "metropole",
        name_fr: "France métropolitaine",
        name_en: "Metropolitan France",
        epsg: 2154,
        projection: Projection::Lambert93,
        area_of_use: [-9.86, 41.15, 10.38, 51.56],
    },
    Territory {
        key: "antilles",
        name_fr: "Guadeloupe et Martinique",
        name_en: "Guadeloupe and Martinique",
        epsg: 5490,
        projection: Projection::Utm { zone: 20, south: false },
        area_of_use: [-63.66, 14.08, -57.52, 18.32],
    },
    Territory {
        key: "guyane",
        name_fr: "Guyane",
        name_en: "French Guiana",
        epsg: 2972,
        projection: Projection::Utm { zone: 22, south: false },
        area_of_use: [-54.61, 2.11, -49.41, 8.88],
    },
    Territory {
        key: "reunion",
        name_fr: "La Réunion",
        name_en: "Réunion",
        epsg: 2975,
        projection: Projection::Utm { zone: 40, south: true },
        area_of_use: [51.83, -24.72, 58.24, -18.28],
    },
    Territory {
        key: "mayotte",
        name_fr: "Mayotte",
        name_en: "Mayotte",
        epsg: 4471,
        projection: Projection::Utm { zone: 38, south: true },
        area_of_use: [43.68, -14.49, 46.7, -11.33],
    },
    Territory {
        key: "saint-pierre-et-miquelon",
        name_fr: "Saint-Pierre-et-Miquelon",
        name_en: "Saint Pierre and Miquelon",
        epsg: 4467,
        projection: Projection::Utm { zone: 21, south: false },
        area_of_use: [-57.1, 43.41, -55.9, 47.37],
    },
];

/// Place of a territory in [`TERRITORIES`], and of its coordinates on the shared plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Frame(u8);

impl Frame {
    pub fn all() -> impl Iterator<Item = Frame> {
        (0..TERRITORIES.len() as u8).map(Frame)
    }

    /// The frame in whose area of use a position lies; `None` outside every territory.
    pub fn holding(position: LonLat) -> Option<Frame> {
        Frame::all().find(|frame| {
            let [west, south, east, north] = frame.territory().area_of_use;
            (west..=east).contains(&position.lon) && (south..=north).contains(&position.lat)
        })
    }

    /// The frame of a coordinate on the shared plane.
    #[inline]
    pub fn of_x(x: f64) -> Frame {
        // The cast stops at 0 below: to the nearest, without a call to `round`, which is asked for on the hottest paths.
        let index = (x / FRAME_WIDTH + 0.5) as u8;
        Frame(index.min(TERRITORIES.len() as u8 - 1))
    }

    pub fn by_key(key: &str) -> Option<Frame> {
        Frame::all().find(|frame| frame.territory().key == key)
    }

    pub fn by_epsg(epsg: u32) -> Option<Frame> {
        Frame::all().find(|frame| frame.territory().epsg == epsg)
    }

    #[inline]
    pub fn territory(self) -> &'static Territory {
        &TERRITORIES[self.0 as usize]
    }

    /// What is added to an easting of the territory's CRS to place it on the shared plane, in metres.
    pub fn offset(self) -> f64 {
        f64::from(self.0) * FRAME_WIDTH
    }

    /// The part of the shared plane that belongs to this frame.
    pub fn bounds(self) -> Bounds {
        let half = FRAME_WIDTH / 2.0;
        Bounds::new([self.offset() - half, f64::NEG_INFINITY], [self.offset() + half, f64::INFINITY])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_capital_has_its_frame() {
        let places = [
            (2.35, 48.86, Some("metropole")),
            (-61.73, 16.0, Some("antilles")),
            (-61.07, 14.6, Some("antilles")),
            (-52.33, 4.94, Some("guyane")),
            (55.45, -20.88, Some("reunion")),
            (45.23, -12.78, Some("mayotte")),
            (-56.18, 46.78, Some("saint-pierre-et-miquelon")),
            (0.0, 0.0, None),
            (48.86, 2.35, None),
        ];
        for (lon, lat, key) in places {
            let found = Frame::holding(LonLat { lon, lat }).map(|frame| frame.territory().key);
            assert_eq!(found, key, "{lon} {lat}");
        }
    }

    #[test]
    fn a_coordinate_tells_its_frame() {
        for frame in Frame::all() {
            for easting in [-1_500_000.0, 0.0, 1_300_000.0] {
                assert_eq!(Frame::of_x(easting + frame.offset()), frame);
            }
        }
    }
}
