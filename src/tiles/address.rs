//! Where a tile is: a grid, and zoom, column and row of it, row 0 in the north.

use std::fmt;
use std::str::FromStr;

use crate::geometry::bounds::Bounds;
use crate::geometry::projection::plane_windows;
use crate::tiles::grid::Grid;
use crate::tiles::world::{CELLS, Position, Window};

/// The deepest zoom of WebMercatorQuad: a tile of it is 3.7 cm wide at the equator.
pub const DEEPEST_ZOOM: u8 = 30;

/// A tile of a grid. Always in range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    grid: Grid,
    z: u8,
    x: u32,
    y: u32,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AddressError {
    #[error("`{0}` is not a tile address; write zoom/column/row, such as 6/32/22")]
    Unreadable(String),
    #[error("a tile address out of range: zoom {zoom}, but zooms are 0 to {deepest}")]
    Zoom { zoom: u64, deepest: u8 },
    #[error("a tile address out of range: {axis} {value} at zoom {zoom}, but {axis}s of that zoom are 0 to {last}")]
    Range { axis: &'static str, value: u64, zoom: u8, last: u64 },
}

impl Address {
    /// A tile of WebMercatorQuad.
    ///
    /// # Errors
    /// What is outside the grid.
    pub fn new(z: u64, x: u64, y: u64) -> Result<Address, AddressError> {
        Address::on(Grid::WebMercatorQuad, z, x, y)
    }

    /// A tile of a grid.
    ///
    /// # Errors
    /// What is outside the grid.
    pub fn on(grid: Grid, z: u64, x: u64, y: u64) -> Result<Address, AddressError> {
        let deepest = grid.deepest();
        let zoom = u8::try_from(z).ok().filter(|&zoom| zoom <= deepest).ok_or(AddressError::Zoom { zoom: z, deepest })?;
        let [columns, rows] = grid.size(zoom);
        let within = |axis, value: u64, count: u32| match u32::try_from(value) {
            Ok(number) if number < count => Ok(number),
            _ => Err(AddressError::Range { axis, value, zoom, last: u64::from(count) - 1 }),
        };
        Ok(Address { grid, z: zoom, x: within("column", x, columns)?, y: within("row", y, rows)? })
    }

    /// Reads the three numbers of an address of WebMercatorQuad: digits only, no sign, no space.
    ///
    /// # Errors
    /// As [`Address::parse_on`].
    pub fn parse(z: &str, x: &str, y: &str) -> Result<Address, AddressError> {
        Address::parse_on(Grid::WebMercatorQuad, z, x, y)
    }

    /// Reads the three numbers of an address: digits only, no sign, no space.
    ///
    /// # Errors
    /// What is no number, and what is outside the grid.
    pub fn parse_on(grid: Grid, z: &str, x: &str, y: &str) -> Result<Address, AddressError> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // More digits than a u64 holds are digits still: out of range, not unreadable.
            digits.then(|| text.parse().unwrap_or(u64::MAX)).ok_or_else(|| AddressError::Unreadable(format!("{z}/{x}/{y}")))
        };
        Address::on(grid, number(z)?, number(x)?, number(y)?)
    }

    /// The tile of a grid that holds a position of it; `None` beside the grid's own tiles.
    pub fn holding(grid: Grid, zoom: u8, position: Position) -> Option<Address> {
        let [x, y] = position.map(|at| u64::from(at) << zoom >> 32);
        Address::on(grid, u64::from(zoom), x, y).ok()
    }

    pub fn grid(self) -> Grid {
        self.grid
    }

    /// The zoom of WebMercatorQuad whose tiles are about as wide on the ground in France: that by which layers say what they show.
    pub fn detail(self) -> u8 {
        self.grid.detail(self.z)
    }

    pub fn zoom(self) -> u8 {
        self.z
    }

    pub fn column(self) -> u32 {
        self.x
    }

    pub fn row(self) -> u32 {
        self.y
    }

    /// The tile on the world grid, with `margin` added on each side as a share of the tile.
    pub fn window(self, margin: f64) -> Window {
        let side = CELLS / f64::from(self.z).exp2();
        let at = |number: u32, offset: f64| (f64::from(number) + offset) * side;
        Window { min: [at(self.x, -margin), at(self.y, -margin)], max: [at(self.x, 1.0 + margin), at(self.y, 1.0 + margin)] }
    }

    /// Whether a position lies in this tile and no other: its buffer is not of it, nor its east and south sides.
    pub fn owns(self, position: Position) -> bool {
        Address::holding(self.grid, self.z, position) == Some(self)
    }

    /// West, south, east, north in degrees of a tile of WebMercatorQuad, with a margin as in [`Address::window`].
    pub fn lon_lat_bounds(self, margin: f64) -> [f64; 4] {
        let Window { min, max } = self.window(margin);
        let lon = |x: f64| (x / CELLS).clamp(0.0, 1.0) * 360.0 - 180.0;
        let lat = |y: f64| (std::f64::consts::PI * (1.0 - 2.0 * (y / CELLS).clamp(0.0, 1.0))).sinh().atan().to_degrees();
        [lon(min[0]), lat(max[1]), lon(max[0]), lat(min[1])]
    }

    /// What the tile covers of the shared plane: one box for each territory it touches, none far from all of them.
    pub fn plane_windows(self, margin: f64) -> Vec<Bounds> {
        match self.grid {
            Grid::WebMercatorQuad => plane_windows(self.lon_lat_bounds(margin)),
            Grid::Lambert93 => vec![self.grid.plane_window(&self.window(margin))],
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let mut numbers = text.split('/');
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(z), Some(x), Some(y), None) => Address::parse(z, x, y),
            _ => Err(AddressError::Unreadable(text.to_owned())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_out_of_range_name_the_range() {
        let message = |text: &str| text.parse::<Address>().unwrap_err().to_string();
        assert_eq!("30/1073741823/0".parse::<Address>().unwrap().to_string(), "30/1073741823/0");
        assert_eq!(message("31/0/0"), "a tile address out of range: zoom 31, but zooms are 0 to 30");
        assert_eq!(message("6/64/0"), "a tile address out of range: column 64 at zoom 6, but columns of that zoom are 0 to 63");
        assert_eq!(message("0/0/1"), "a tile address out of range: row 1 at zoom 0, but rows of that zoom are 0 to 0");
        assert!(message("64/0/0").contains("zoom 64"), "no shift overflows");
        assert!(message("99999999999999999999999/0/0").contains("out of range"));
        assert!(message("6/4294967296/0").contains("out of range"));
        for unreadable in ["", "6", "6/32", "6/32/22/1", "6/-1/0", "6/+1/0", "6/ 1/0", "a/b/c", "6/1.5/0"] {
            assert!(message(unreadable).contains("not a tile address"), "{unreadable}");
        }
    }

    #[test]
    fn a_tile_knows_its_place() {
        let world: Address = "0/0/0".parse().unwrap();
        let [west, south, east, north] = world.lon_lat_bounds(0.0);
        assert!((west, east) == (-180.0, 180.0) && (north - 85.051_128_779_8).abs() < 1e-9 && (north + south).abs() < 1e-9);
        assert_eq!(world.plane_windows(0.0).len(), 6, "every territory");
        // Paris (2.35° E, 48.86° N) at zoom 10 is in column 518, row 352.
        let [west, south, east, north] = "10/518/352".parse::<Address>().unwrap().lon_lat_bounds(0.0);
        assert!(west < 2.35 && 2.35 < east && south < 48.86 && 48.86 < north);
        assert_eq!("10/518/352".parse::<Address>().unwrap().plane_windows(0.0).len(), 1);
        assert!("10/0/0".parse::<Address>().unwrap().plane_windows(0.0).is_empty());
    }
}
