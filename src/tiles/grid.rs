//! The tile grids: how the world, or a country, is cut into tiles.
//!
//! Both are squares halved at each zoom, so that one way of drawing serves them: positions are cells of the square cut 2^32 times
//! each way, and a tile is a subtraction and a multiplication away.

use crate::geometry::bounds::Bounds;
use crate::geometry::projection::{mercator_to_lon_lat, to_lon_lat, to_mercator};
use crate::geometry::territory::{Frame, LonLat};
use crate::tiles::address::DEEPEST_ZOOM;
use crate::tiles::world::{CELLS, Position, Window};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grid {
    /// OGC 17-083r4, annex D.1: EPSG:3857, the grid of all web maps.
    WebMercatorQuad,
    /// EPSG:2154, as IGN publishes it for its own services under the names `LAMB93_10cm` and `2154_10cm`: from 0, 12 000 000, 256
    /// pixels of 209 715.2 m a tile at level 0, of 10 cm at level 21. Metropolitan France alone.
    Lambert93,
}

/// Half the side of Web Mercator's square, in metres.
pub const HALF_SIDE_M: f64 = 20_037_508.342_789_244;

/// Lambert-93: the side of the square in metres (256 pixels of 209 715.2 m), and its north-west corner. A cell is 12.5 mm.
const LAMBERT_SIDE_M: f64 = 53_687_091.2;
const LAMBERT_CORNER: [f64; 2] = [0.0, 12_000_000.0];

/// Columns and rows of each level, as published: those that hold anything of the country.
const LAMBERT_SIZES: [[u32; 2]; 22] = [
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 2],
    [1, 4],
    [1, 7],
    [2, 13],
    [4, 26],
    [7, 52],
    [13, 103],
    [25, 206],
    [50, 411],
    [99, 822],
    [197, 1643],
    [394, 3285],
    [788, 6569],
    [1575, 13138],
    [3150, 26276],
    [6300, 52552],
    [12600, 105_102],
    [25200, 210_205],
    [50400, 420_409],
];

/// Metres of a pixel at scale 1 (OGC 17-083r4 §6.1: 0.28 mm).
const PIXEL_M: f64 = 0.000_28;

/// Pixels along a tile's side in which grids are described; tiles of vectors have none.
pub const PIXELS: u32 = 256;

impl Grid {
    pub const ALL: [Grid; 2] = [Grid::WebMercatorQuad, Grid::Lambert93];

    pub fn id(self) -> &'static str {
        match self {
            Grid::WebMercatorQuad => "WebMercatorQuad",
            Grid::Lambert93 => "LAMB93_10cm",
        }
    }

    pub fn by_id(id: &str) -> Option<Grid> {
        Grid::ALL.into_iter().find(|grid| grid.id() == id)
    }

    pub fn title(self) -> &'static str {
        match self {
            Grid::WebMercatorQuad => "Google Maps Compatible for the World",
            Grid::Lambert93 => "Lambert-93, France métropolitaine (IGN, LAMB93_10cm)",
        }
    }

    pub fn epsg(self) -> u32 {
        match self {
            Grid::WebMercatorQuad => 3857,
            Grid::Lambert93 => 2154,
        }
    }

    pub fn deepest(self) -> u8 {
        match self {
            Grid::WebMercatorQuad => DEEPEST_ZOOM,
            Grid::Lambert93 => LAMBERT_SIZES.len() as u8 - 1,
        }
    }

    /// The deepest zoom that descriptions name.
    pub fn deepest_described(self) -> u8 {
        self.deepest().min(24)
    }

    /// Columns and rows of a zoom, which is one of the grid's.
    pub fn size(self, zoom: u8) -> [u32; 2] {
        match self {
            Grid::WebMercatorQuad => [1 << zoom.min(DEEPEST_ZOOM); 2],
            Grid::Lambert93 => LAMBERT_SIZES[usize::from(zoom).min(LAMBERT_SIZES.len() - 1)],
        }
    }

    /// The zoom of WebMercatorQuad whose tiles are about as wide on the ground at 46.5° N: 27 600 km halved, against 53 700 km.
    pub fn detail(self, zoom: u8) -> u8 {
        match self {
            Grid::WebMercatorQuad => zoom,
            Grid::Lambert93 => zoom.saturating_sub(1),
        }
    }

    /// The zoom of this grid for a zoom of WebMercatorQuad.
    pub fn zoom_of(self, detail: u8) -> u8 {
        match self {
            Grid::WebMercatorQuad => detail,
            Grid::Lambert93 => (detail + 1).min(self.deepest()),
        }
    }

    /// Easting and northing of the grid's north-west corner, in metres of its CRS.
    pub fn corner(self) -> [f64; 2] {
        match self {
            Grid::WebMercatorQuad => [-HALF_SIDE_M, HALF_SIDE_M],
            Grid::Lambert93 => LAMBERT_CORNER,
        }
    }

    /// Metres of the grid's CRS along the square's side.
    fn side_m(self) -> f64 {
        match self {
            Grid::WebMercatorQuad => 2.0 * HALF_SIDE_M,
            Grid::Lambert93 => LAMBERT_SIDE_M,
        }
    }

    /// Metres of the grid's CRS along a pixel, of which a tile has 256 each way.
    pub fn cell_size(self, zoom: u8) -> f64 {
        self.side_m() / f64::from(PIXELS) / f64::from(zoom).exp2()
    }

    pub fn scale_denominator(self, zoom: u8) -> f64 {
        self.cell_size(zoom) / PIXEL_M
    }

    /// The position of a point of the shared plane. What lies beyond the square's edge is put on it.
    pub fn place(self, xy: [f64; 2]) -> Position {
        let metres = match self {
            Grid::WebMercatorQuad => to_mercator(xy),
            Grid::Lambert93 => xy,
        };
        self.position(metres)
    }

    /// The position of a point in metres of the grid's CRS.
    pub fn position(self, [x, y]: [f64; 2]) -> Position {
        let [west, north] = self.corner();
        // `as` saturates: what lies beyond the square's edge is drawn on it.
        let cell = |metres: f64| (metres / self.side_m() * CELLS).round() as u32;
        [cell(x - west), cell(north - y)]
    }

    /// Longitude and latitude of a position.
    pub fn lon_lat(self, [x, y]: [f64; 2]) -> LonLat {
        let [west, north] = self.corner();
        let metre = |cells: f64| cells / CELLS * self.side_m();
        let metres = [west + metre(x), north - metre(y)];
        match self {
            Grid::WebMercatorQuad => mercator_to_lon_lat(metres),
            Grid::Lambert93 => to_lon_lat(metres),
        }
    }

    /// A window of the Lambert-93 grid on the shared plane: of its own territory, exactly.
    pub fn plane_window(self, window: &Window) -> Bounds {
        let [west, north] = self.corner();
        let metre = |cells: f64| cells / CELLS * self.side_m();
        // Metropolitan France is the first frame; the others lie east of it on the same plane.
        let east_most = Frame::of_x(0.0).bounds().max[0];
        let [low, high] = [window.min, window.max].map(|[x, y]| [west + metre(x), north - metre(y)]);
        Bounds::new([low[0], high[1]], [high[0].min(east_most), low[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_of_lambert_93_is_the_published_one() {
        let grid = Grid::Lambert93;
        assert_eq!((grid.deepest(), grid.corner(), grid.cell_size(0)), (21, [0.0, 12_000_000.0], 209_715.2));
        assert!((grid.cell_size(21) - 0.1).abs() < 1e-12);
        for (zoom, published) in [(0, 748_982_857.142_857), (10, 731_428.571_428_571), (21, 357.142_857_142_857)] {
            assert!((grid.scale_denominator(zoom) / published - 1.0).abs() < 1e-12);
        }
        assert_eq!(grid.size(13), [197, 1643]);
        assert_eq!(grid.position([0.0, 12_000_000.0]), [0, 0]);
        // A cell of the square is 12.5 mm.
        assert_eq!(grid.position([0.0125, 12_000_000.0 - 0.025]), [1, 2]);
        let window = Window { min: [0.0; 2], max: [CELLS; 2] };
        assert_eq!(grid.plane_window(&window).max, [10_000_000.0, 12_000_000.0], "overseas is no part of it");
    }

    #[test]
    fn positions_come_back_as_degrees() {
        let paris = crate::geometry::projection::from_lon_lat(Frame::of_x(0.0), LonLat { lon: 2.35, lat: 48.86 });
        for grid in Grid::ALL {
            let back = grid.lon_lat(grid.place(paris).map(f64::from));
            assert!((back.lon - 2.35).abs() < 1e-6 && (back.lat - 48.86).abs() < 1e-6, "{grid:?} {back:?}");
        }
    }
}
